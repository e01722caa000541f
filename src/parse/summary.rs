//! `SUMMARY.md`: the order and the grouping of the documents, in mdBook's form.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::diagnostic::Diagnostic;
use crate::parse::codes::INVALID_SUMMARY;
use crate::parse::dialect::patterns::Patterns;
use crate::parse::markdown;
use crate::source::{Source, SourcePath, Span};

/// A `SUMMARY.md`, as it is written. Paths are resolved from its folder, and not checked.
#[derive(Clone, Debug)]
pub struct Summary {
    pub source: Arc<Source>,
    pub items: Vec<SummaryItem>,
    /// The documents that are not in it on purpose.
    pub unlisted: Patterns,
}

#[derive(Clone, Debug)]
pub enum SummaryItem {
    /// `# Runbooks`
    PartTitle(String),
    /// `---`
    Separator,
    Chapter(Chapter),
}

#[derive(Clone, Debug)]
pub struct Chapter {
    pub title: String,
    /// `None` for a draft chapter, `[Title]()`.
    pub path: Option<SourcePath>,
    /// The link, in the summary's source.
    pub span: Span,
    pub nested: Vec<Chapter>,
    /// It stands in a list, and not before or behind the lists.
    pub is_numbered: bool,
}

impl Summary {
    /// Returns the document of the first chapter that has one.
    pub fn first(&self) -> Option<&SourcePath> {
        self.chapters().first().map(|(path, _)| *path)
    }

    /// Returns the documents of the chapters, in order, and what they are called there.
    pub fn chapters(&self) -> Vec<(&SourcePath, &str)> {
        fn add<'a>(chapter: &'a Chapter, chapters: &mut Vec<(&'a SourcePath, &'a str)>) {
            chapters.extend(chapter.path.as_ref().map(|path| (path, &*chapter.title)));
            chapter.nested.iter().for_each(|nested| add(nested, chapters));
        }
        let mut chapters = Vec::new();
        for item in &self.items {
            if let SummaryItem::Chapter(chapter) = item {
                add(chapter, &mut chapters);
            }
        }
        chapters
    }
}

/// Reads a `SUMMARY.md`.
///
/// Links before the first list are chapters before the numbered ones, those after the last are chapters behind; a heading
/// opens a part, but the first of level 1 is the title of the file. Comments count for nothing; what else there is, is
/// reported.
pub fn summary(source: &Arc<Source>) -> (Summary, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    for (event, range) in markdown::events(&source.text) {
        reader.event(event, range);
    }
    let Reader { items, mut problems, .. } = reader;
    crate::diagnostic::sort(&mut problems);
    (Summary { source: Arc::clone(source), items, unlisted: Patterns::default() }, problems)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    items: Vec<SummaryItem>,
    problems: Vec<Diagnostic>,
    /// The lists that are open, outermost first: the chapters that each has so far.
    lists: Vec<Vec<Chapter>>,
    /// The list items that are open, outermost first.
    open: Vec<Item>,
    heading: Option<String>,
    link: Option<(String, String, Span)>,
    titled: bool,
    seen: BTreeMap<SourcePath, Span>,
}

/// What was met in a list item so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Nothing,
    Chapter,
    /// A link that is no chapter, and was reported.
    Refused,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            items: Vec::new(),
            problems: Vec::new(),
            lists: Vec::new(),
            open: Vec::new(),
            heading: None,
            link: None,
            titled: false,
            seen: BTreeMap::new(),
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(level)) => self.end_heading(level),
            Event::Start(Tag::List(_)) => self.lists.push(Vec::new()),
            Event::End(TagEnd::List(_)) => self.end_list(),
            Event::Start(Tag::Item) => self.open.push(Item::Nothing),
            Event::End(TagEnd::Item) => self.end_item(range.into()),
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = Some((dest_url.into_string(), String::new(), range.into()));
            }
            Event::End(TagEnd::Link) => {
                if let Some((destination, title, span)) = self.link.take() {
                    self.chapter(&destination, title, span);
                }
            }
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::SoftBreak | Event::HardBreak => self.text(" ", range),
            Event::Rule if self.lists.is_empty() => self.items.push(SummaryItem::Separator),
            _ => {}
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let title = self.heading.take().unwrap_or_default().trim().to_owned();
        if level == HeadingLevel::H1 && !self.titled && self.items.is_empty() {
            self.titled = true;
        } else if !title.is_empty() {
            self.items.push(SummaryItem::PartTitle(title));
        }
    }

    fn end_item(&mut self, span: Span) {
        if self.open.pop() == Some(Item::Nothing) {
            self.report(span, "list item without a link to a document");
        }
    }

    fn end_list(&mut self) {
        let chapters = self.lists.pop().unwrap_or_default();
        let in_chapter = self.open.last() == Some(&Item::Chapter);
        match self.lists.last_mut() {
            None => self.items.extend(chapters.into_iter().map(SummaryItem::Chapter)),
            Some(outer) => match outer.last_mut().filter(|_| in_chapter) {
                Some(parent) => parent.nested.extend(chapters),
                // What stands below an item without a chapter moves up to where that would be.
                None => outer.extend(chapters),
            },
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some((_, title, _)) = &mut self.link {
            title.push_str(text);
        } else if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        } else if self.lists.is_empty() && !text.trim().is_empty() {
            self.report(range.into(), "text that is no chapter");
        }
    }

    fn chapter(&mut self, destination: &str, title: String, span: Span) {
        let path = match destination.trim() {
            "" => None,
            destination => match self.path(destination) {
                Ok(path) => Some(path),
                Err(reason) => return self.refuse(span, &reason),
            },
        };
        if let Some(path) = &path {
            if let Some(first) = self.seen.get(path) {
                let message = format!("`{path}` is a chapter twice");
                let problem = Diagnostic::new(&INVALID_SUMMARY, self.source, span, message)
                    .note(self.source, *first, "the first time")
                    .help("leave one of the two");
                self.problems.push(problem);
            } else {
                self.seen.insert(path.clone(), span);
            }
        }
        let is_numbered = !self.lists.is_empty();
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let chapter = Chapter { title, path, span, nested: Vec::new(), is_numbered };
        if let Some(item) = self.open.last_mut() {
            *item = Item::Chapter;
        }
        match self.lists.last_mut() {
            Some(list) => list.push(chapter),
            None => self.items.push(SummaryItem::Chapter(chapter)),
        }
    }

    /// Resolves the address of a chapter from the folder of the summary.
    fn path(&self, destination: &str) -> Result<SourcePath, String> {
        if destination.contains("://") || destination.starts_with("mailto:") {
            return Err(format!("chapter `{destination}` is not a file of the project"));
        }
        let file = destination.split(['#', '?']).next().unwrap_or_default();
        let decoded = percent_decode_str(file).decode_utf8_lossy();
        self.source
            .path
            .join(&decoded)
            .ok_or_else(|| format!("chapter `{destination}` lies outside the project"))
    }

    fn refuse(&mut self, span: Span, reason: &str) {
        if let Some(item) = self.open.last_mut() {
            *item = Item::Refused;
        }
        self.report(span, reason);
    }

    fn report(&mut self, span: Span, message: &str) {
        let text = self.source.text[span.start..span.end].trim_end();
        let line = text.lines().next().unwrap_or_default().trim_end();
        let span = Span { start: span.start, end: span.start + line.len() };
        self.problems.push(
            Diagnostic::new(&INVALID_SUMMARY, self.source, span, message)
                .help("make it a link to a document, or take it out"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Random;

    fn source(text: &str) -> Arc<Source> {
        let path = SourcePath::new("src/SUMMARY.md").unwrap();
        Arc::new(Source::new(path, text.to_owned()))
    }

    fn shown(text: &str) -> String {
        fn show(chapter: &Chapter, depth: usize, text: &str, out: &mut String) {
            let path = chapter.path.as_ref().map_or("-", |path| path.as_str());
            let at = &text[chapter.span.start..chapter.span.end];
            *out += &format!("{}{:?} {path} at {at:?}\n", "  ".repeat(depth), chapter.title);
            for nested in &chapter.nested {
                show(nested, depth + 1, text, out);
            }
        }
        let source = source(text);
        let (summary, problems) = summary(&source);
        let mut out = String::new();
        for item in &summary.items {
            match item {
                SummaryItem::PartTitle(title) => out += &format!("# {title}\n"),
                SummaryItem::Separator => out += "---\n",
                SummaryItem::Chapter(chapter) => show(chapter, 0, text, &mut out),
            }
        }
        for problem in problems {
            let (line, column) = source.position(problem.span.start);
            let at = &text[problem.span.start..problem.span.end];
            out += &format!("{line}:{column} {at:?}: {}\n", problem.message);
        }
        out
    }

    #[test]
    fn a_summary_is_read_as_mdbook_reads_it() {
        insta::assert_snapshot!(shown("\
# Summary

<!-- a comment -->
[Start](README.md)
[Foreword](./fore%20word.md)

# Runbooks

- [Database `pg`](db/README.md)
    - [Restore](db/restore.md#steps)

      - [Deep](db/deep/er.md)
- [Later]()

* [Queue](queue.md)

---

# Reference

1. [One](one.md)

[Back](../outside-src.md)
"), @r#"
        "Start" src/README.md at "[Start](README.md)"
        "Foreword" src/fore word.md at "[Foreword](./fore%20word.md)"
        # Runbooks
        "Database pg" src/db/README.md at "[Database `pg`](db/README.md)"
          "Restore" src/db/restore.md at "[Restore](db/restore.md#steps)"
            "Deep" src/db/deep/er.md at "[Deep](db/deep/er.md)"
        "Later" - at "[Later]()"
        "Queue" src/queue.md at "[Queue](queue.md)"
        ---
        # Reference
        "One" src/one.md at "[One](one.md)"
        "Back" outside-src.md at "[Back](../outside-src.md)"
        "#);
    }

    #[test]
    fn what_is_no_chapter_is_named() {
        insta::assert_snapshot!(shown("\
Some words.

- [One](one.md)
- Two
  - [Nested](nested.md)
- [Web](https://example.com)
- [Out](../../x.md)
- [Again](one.md)
"), @r#"
        "One" src/one.md at "[One](one.md)"
        "Nested" src/nested.md at "[Nested](nested.md)"
        "Again" src/one.md at "[Again](one.md)"
        1:1 "Some words.": text that is no chapter
        4:1 "- Two": list item without a link to a document
        6:3 "[Web](https://example.com)": chapter `https://example.com` is not a file of the project
        7:3 "[Out](../../x.md)": chapter `../../x.md` lies outside the project
        8:3 "[Again](one.md)": `src/one.md` is a chapter twice
        "#);
    }

    #[test]
    fn no_summary_makes_reading_panic() {
        let text =
            "# Summary\n[a](a.md)\n- [b](b.md)\n  - [é]()\n    - c\n---\n# T\n1. [d](../../d)\n";
        let mut random = Random::new(13);
        for _ in 0..2_000 {
            let text = random.edited(text);
            let (_, problems) = summary(&source(&text));
            for problem in problems {
                assert!(text.get(problem.span.start..problem.span.end).is_some(), "{text:?}");
            }
        }
    }
}
