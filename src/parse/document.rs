//! One Markdown document: what others need to know of it. Keeps no HTML and no tree; `render` reads the text again.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagram::{self, Drawing};
use crate::parse::codes::{SURPLUS_CELLS, UNDRAWN_DIAGRAM};
use crate::parse::config::Config;
use crate::parse::contents::{self, Fence};
use crate::parse::dialect::address::{self, Address};
use crate::parse::dialect::{self, BY_NAME, stem};
use crate::parse::front_matter::{self, DocumentReview, FrontMatter};
use crate::parse::include;
use crate::parse::preprocess;
use crate::source::{FileKind, Source, SourcePath, Span, Spanned, Tree, Unread};

/// A document and everything that the rest of the pipeline asks about it.
#[derive(Clone, Debug)]
pub struct Document {
    pub source: Arc<Source>,
    /// Front matter's `id`, else the path below the content folder without its extension.
    pub id: String,
    /// Front matter's `title`, else the first heading of level 1, else the file's name in words.
    pub title: String,
    pub title_from: TitleFrom,
    pub meta: FrontMatter,
    /// Where it says that its page stands, or the name of its file does.
    pub address: Option<Address>,
    /// The body: no front matter, included files in their place.
    pub text: Text,
    pub headings: Vec<Heading>,
    /// Every id that a link can point at: headings, heading attributes, raw HTML `id` and `name`, footnotes.
    pub anchors: BTreeSet<String>,
    /// Links and images, also those in raw HTML, in ascending order of where they start; no two start at one place.
    pub links: Vec<Link>,
    /// `[text][label]` and `[label][]` whose label is not defined: they are shown as text. `destination` is the label.
    pub undefined: Vec<Link>,
    /// Mermaid fences, drawn, in the order of the text.
    pub diagrams: Vec<Diagram>,
    /// Tags of a template language that nobody can know the meaning of here: they are shown as they are written.
    pub templates: Vec<Template>,
    pub problems: Vec<Diagnostic>,
    /// Where a program changed the text: the document as it is in its file.
    pub unprocessed: Option<Arc<Document>>,
    /// Where a program wrote all of it: the table that names the program, which stands for it.
    pub added_by: Option<(Arc<Source>, Span)>,
}

/// A tag of a template language: its name, in its signs, and where it stands.
#[derive(Clone, Debug)]
pub struct Template {
    pub name: String,
    pub source: Arc<Source>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleFrom {
    FrontMatter,
    Heading,
    FileName,
    /// What the navigation calls a document that has none of its own.
    Navigation,
}

/// The body of a document after includes, in the words that we print, and where each piece of it came from.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub body: String,
    /// In ascending order of `at`; the first is at 0.
    pub pieces: Vec<Piece>,
    /// The body as its author wrote it, where what another tool would make of it was put into our words.
    pub written: Option<Arc<Written>>,
    /// The files that were included, directly or not, and the text that each gave.
    pub included: Vec<Included>,
    /// The included files whose links are relative to where they lie.
    pub rebased: BTreeSet<SourcePath>,
    /// What `{{#title}}` says.
    pub title: Option<String>,
    /// What was asked of the tree to take them in, and what it said: as long as it says so, the text is this one.
    pub asked: Vec<Asked>,
}

/// What the tree said when it was asked for a file.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: SourcePath,
    pub said: Result<Option<Arc<Source>>, Unread>,
    /// Where there was no file.
    pub kind: Option<FileKind>,
}

impl Asked {
    /// Asks a tree for a file.
    pub fn of(tree: &Tree, path: &SourcePath) -> Self {
        let said = tree.source(path);
        let kind = if let Ok(None) = said { tree.kind(path) } else { None };
        Self { path: path.clone(), said, kind }
    }

    /// Tells whether a tree says the same today.
    fn holds(&self, tree: &Tree) -> bool {
        let Self { path, said, kind } = Self::of(tree, &self.path);
        let same = match (&said, &self.said) {
            (Ok(Some(now)), Ok(Some(then))) => Arc::ptr_eq(now, then),
            (now, then) => now == then,
        };
        same && path == self.path && kind == self.kind
    }
}

/// A body after includes, before it was put into other words.
#[derive(Debug)]
pub struct Written {
    pub body: String,
    pub pieces: Vec<Piece>,
}

/// From `at` in the body on, the text is that of `source` from `start` on.
#[derive(Clone, Debug)]
pub struct Piece {
    pub at: usize,
    pub source: Arc<Source>,
    pub start: usize,
    /// How many bytes of the source all of it stands for, where it is not a copy of them.
    pub stands_for: Option<usize>,
}

/// A file that was included, and what of it the reader sees.
#[derive(Clone, Debug)]
pub struct Included {
    pub path: SourcePath,
    pub text: String,
}

/// A heading. Its `span` is in the body, over the whole heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub level: u8,
    /// Plain text, without markup.
    pub text: String,
    /// Unique in the document: GitHub's slug, or what `{#id}` says.
    pub id: String,
    /// `{#id}` says its id.
    pub is_named: bool,
    pub span: Span,
    /// Nothing but white space, comments and placeholders stands between it and the next heading of its level or above.
    pub empty: bool,
}

/// A link or an image. Its `span` is in the body, over the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: LinkKind,
    /// As it is written, with escapes and entities resolved: `../db/restore.md#before%20you-start`.
    pub destination: String,
    /// The text of a link, the alternative text of an image.
    pub text: String,
    pub span: Span,
    /// The file that the address is relative to, where that is not the document.
    pub base: Option<SourcePath>,
}

impl Link {
    /// Returns the address as the author wrote it.
    pub fn address(&self) -> &str {
        self.destination.strip_prefix(BY_NAME).unwrap_or(&self.destination)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Link,
    Image,
}

/// A Mermaid fence. Its `span` is in the body, over the whole fence.
#[derive(Clone, Debug)]
pub struct Diagram {
    pub span: Span,
    pub source: String,
    /// The picture, or why it cannot be drawn.
    pub drawing: Result<Drawing, String>,
}

/// Returns the title that the source of a manual page begins with: `% restore(8)`.
fn pandoc_title(body: &str) -> Option<String> {
    let title = body.trim_start().strip_prefix("% ")?.lines().next()?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

/// Reads a document and what it includes, by the rules of its project.
pub fn document(tree: &Tree, source: &Arc<Source>, config: &Config) -> Document {
    let (meta, body, mut problems) = front_matter::front_matter(source);
    let (text, broken_includes) = include::text(tree, source, body, config);
    problems.extend(broken_includes);
    of_text(source, meta, text, problems, config)
}

/// Reads a document whose text a program changed.
pub fn processed(tree: &Tree, read: &Arc<Document>, body: &str, config: &Config) -> Document {
    let source = &read.source;
    let (meta, start, mut problems) = front_matter::front_matter(source);
    let (mut text, broken_includes) = include::text(tree, source, start, config);
    problems.extend(broken_includes);
    let rewriting = preprocess::lines::rewriting(&text.body, body);
    problems.extend(text.rewritten(rewriting));
    let document = of_text(source, meta, text, problems, config);
    Document { unprocessed: Some(Arc::clone(read)), ..document }
}

/// Reads a document that a program wrote. Nobody can review what has no file.
pub fn added(path: &SourcePath, name: &str, body: &str, by: Span, config: &Config) -> Document {
    let source = Arc::new(Source::new(path.clone(), body.to_owned()));
    let table = config.source.clone().unwrap_or_else(|| Arc::clone(&source));
    // Its author wrote nothing of it.
    let start = Piece { at: 0, source: Arc::clone(&source), start: 0, stands_for: None };
    let written = Written { body: String::new(), pieces: vec![start.clone()] };
    let meta = FrontMatter {
        title: Some(Spanned { value: name.to_owned(), span: Span::default() }),
        review: DocumentReview {
            exempt: Some(Spanned {
                value: "a preprocessor writes it".into(),
                span: Span::default(),
            }),
            ..DocumentReview::default()
        },
        ..FrontMatter::default()
    };
    let text = Text {
        body: body.to_owned(),
        pieces: vec![start],
        written: Some(Arc::new(written)),
        ..Text::default()
    };
    let document = of_text(&source, meta, text, Vec::new(), config);
    Document { added_by: Some((table, by)), ..document }
}

fn of_text(
    source: &Arc<Source>,
    mut meta: FrontMatter,
    mut text: Text,
    mut problems: Vec<Diagnostic>,
    config: &Config,
) -> Document {
    let translated = dialect::translate(&mut text, &meta, config);
    problems.extend(translated.problems);
    let mut contents = contents::contents(&text.body);
    problems.extend(contents.surplus.iter().map(|span| surplus(&text, *span)));
    rebase(&text, &mut contents.links);
    let below = source.path.below(&config.book.src).unwrap_or(source.path.as_str());
    meta.draft |= address::is_hidden(config.dialect, &meta);
    let address = address::address(config.dialect, below, &meta, &config.settings);
    let first = contents.headings.iter().find(|heading| heading.level == 1);
    let (title, title_from) = match (&meta.title, first.map(|heading| &heading.text)) {
        (Some(title), _) => (title.value.clone(), TitleFrom::FrontMatter),
        (None, Some(text)) if !text.is_empty() => (text.clone(), TitleFrom::Heading),
        (None, _) if let Some(title) = &text.title => (title.clone(), TitleFrom::FrontMatter),
        (None, _) if let Some(title) = pandoc_title(&text.body) => (title, TitleFrom::Heading),
        (None, _) => (name_in_words(below), TitleFrom::FileName),
    };
    let diagrams: Vec<Diagram> = contents
        .diagrams
        .into_iter()
        .map(|fence| {
            let drawing = diagram::draw(&fence.text).map_err(|undrawn| {
                let (source, span) = text.locate(line_of(&text.body, &fence, undrawn.line_index));
                let message = format!("diagram cannot be drawn: {}", undrawn.reason);
                problems.push(Diagnostic::new(&UNDRAWN_DIAGRAM, &source, span, message));
                undrawn.reason
            });
            Diagram { span: fence.span, source: fence.text, drawing }
        })
        .collect();
    Document {
        source: Arc::clone(source),
        id: meta.id.as_ref().map_or_else(|| stem(below).to_owned(), |id| id.value.clone()),
        title,
        title_from,
        meta,
        address,
        text,
        headings: contents.headings,
        anchors: contents.anchors,
        links: contents.links,
        undefined: contents.undefined,
        diagrams,
        templates: translated.unknown,
        problems,
        unprocessed: None,
        added_by: None,
    }
}

/// Reports cells of a table that no page shows.
fn surplus(text: &Text, span: Span) -> Diagnostic {
    let (source, place) = text.locate(span);
    let words = &text.body[span.start..span.end];
    let message =
        format!("cells behind the last column of their table, which are not shown: {words}");
    Diagnostic::new(&SURPLUS_CELLS, &source, place, message)
        .help("write `\\|` for a `|` that parts no cells, or give the table another column")
}

/// Notes where the links of included files start from, for files that keep theirs.
fn rebase(text: &Text, links: &mut [Link]) {
    if text.rebased.is_empty() {
        return;
    }
    for link in links {
        let (source, _) = text.locate(link.span);
        link.base = text.rebased.contains(&source.path).then(|| source.path.clone());
    }
}

/// Returns where a line of a fence stands in the body, or, where none is known, its opening line.
fn line_of(body: &str, fence: &Fence, line_index: Option<usize>) -> Span {
    let lines = body[fence.span.start..fence.span.end].split_inclusive('\n');
    let mut start = fence.span.start;
    for (index, line) in lines.enumerate() {
        if index == line_index.map_or(0, |line_index| line_index + 1) {
            let indent = line.len() - line.trim_start().len();
            return Span { start: start + indent, end: start + indent + line.trim().len() };
        }
        start += line.len();
    }
    fence.span
}

/// Returns the name of a file, or of the folder whose index it is, as words: `db/daily-checks.md` is "Daily checks".
pub fn name_in_words(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = match stem(name) {
        whole if whole == name => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
        stem => stem,
    };
    let stem = match stem.to_ascii_lowercase().as_str() {
        "readme" | "index" | "_index" => folder.rsplit('/').next().unwrap_or_default(),
        _ => stem,
    };
    let words = stem.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Overview".to_owned(),
    }
}

impl Document {
    /// Tells whether reading this source of a tree would give this document.
    pub fn is_of(&self, tree: &Tree, source: &Arc<Source>) -> bool {
        Arc::ptr_eq(&self.source, source) && self.text.asked.iter().all(|asked| asked.holds(tree))
    }

    /// Returns the text of a heading with the names of emoji as they are written.
    pub fn as_written<'a>(&self, heading: &'a Heading) -> Cow<'a, str> {
        let (source, span) = self.text.locate(heading.span);
        let rest = source.text.get(span.start..).unwrap_or_default();
        let end = rest.match_indices('\n').nth(1).map_or(rest.len(), |(at, _)| at);
        // Most hold no name, and reading them once more would say the same.
        if rest[..end].matches(':').nth(1).is_none() {
            return Cow::Borrowed(&heading.text);
        }
        let read = contents::contents(&rest[..end]).headings.into_iter().next();
        read.map_or(Cow::Borrowed(&heading.text), |heading| Cow::Owned(heading.text))
    }

    /// Returns the document as it is in its file, without what a program made of it.
    pub fn in_file(&self) -> &Self {
        self.unprocessed.as_deref().unwrap_or(self)
    }

    /// Returns the links of the document, and behind them those of the document as it is in its file, where that is another.
    pub fn all_links(&self) -> impl Iterator<Item = &Link> {
        let own = self.unprocessed.iter().flat_map(|document| &document.links);
        self.links.iter().chain(own)
    }

    /// Returns the links of the document as it is in its file, each with its part of what is known of [`Self::all_links`].
    pub fn own_links<'a, T>(&'a self, all: &'a [T]) -> impl Iterator<Item = (&'a Link, &'a T)> {
        let skipped = if self.unprocessed.is_some() { self.links.len() } else { 0 };
        self.in_file().links.iter().zip(all.iter().skip(skipped))
    }

    /// Returns the heading of level 1 that opens the body, where it is the title: the page prints it above its facts. A logo or a
    /// note may stand before one that has words.
    pub fn opening_heading(&self) -> Option<&Heading> {
        let heading = self.headings.first()?;
        let before = self.text.body.get(..heading.span.start)?;
        let is_within = |element: &str| {
            let count = |start: &str| before.matches(&format!("{start}{element}")).count();
            count("<") != count("</")
        };
        let is_first = before.trim().is_empty()
            || !heading.text.is_empty()
                && before.ends_with('\n')
                && !["aside", "details", "section", "table"].into_iter().any(is_within);
        let is_title = heading.level == 1
            && is_first
            && (heading.text == self.title || heading.text.is_empty());
        is_title.then_some(heading)
    }
}

impl Text {
    /// Returns the body as its author wrote it, and its pieces.
    pub fn as_written(&self) -> (&str, &[Piece]) {
        match &self.written {
            Some(written) => (&written.body, &written.pieces),
            None => (&self.body, &self.pieces),
        }
    }

    /// Returns the source that a span of the body came from, and where in it.
    ///
    /// A span over several pieces ends where its first piece ends.
    pub fn locate(&self, span: Span) -> (Arc<Source>, Span) {
        let after = self.pieces.partition_point(|piece| piece.at <= span.start);
        let piece = &self.pieces[after.saturating_sub(1)];
        let piece_end = self.pieces.get(after).map_or(usize::MAX, |next| next.at);
        if let Some(length) = piece.stands_for {
            let span = Span { start: piece.start, end: piece.start + length };
            return (Arc::clone(&piece.source), span);
        }
        let start = piece.start + (span.start - piece.at);
        let end = piece.start + (span.end.min(piece_end).max(span.start) - piece.at);
        (Arc::clone(&piece.source), Span { start, end: end.min(piece.source.text.len()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{self, Random};

    fn read(files: &str, path: &str) -> Document {
        let tree = fixture::tree(files);
        let source = tree.source(&SourcePath::new(path).unwrap()).unwrap().unwrap();
        document(&tree, &source, &Config::default())
    }

    #[test]
    fn a_document_has_a_title_and_an_id() {
        let named = |path: &str, text: &str| {
            let document = read(&format!("-- {path} --\n{text}"), path);
            format!("{} | {} | {:?}", document.id, document.title, document.title_from)
        };
        insta::assert_snapshot!(named("src/db/restore.md", "---\nid: r\ntitle: T\n---\n# H\n"), @"r | T | FrontMatter");
        insta::assert_snapshot!(named("src/db/restore.md", "## Not this\n# The `pg` base\n# Nor this\n"), @"db/restore | The pg base | Heading");
        insta::assert_snapshot!(named("src/db/daily-checks_2.md", "Text\n"), @"db/daily-checks_2 | Daily checks 2 | FileName");
        insta::assert_snapshot!(named("src/on-call/README.md", "# \n"), @"on-call/README | On call | FileName");
        insta::assert_snapshot!(named("src/index.md", ""), @"index | Overview | FileName");
        insta::assert_snapshot!(named("notes.md", ""), @"notes | Notes | FileName");
    }

    #[test]
    fn a_place_in_the_body_is_one_in_a_file() {
        let document = read(
            "-- src/a.md --\n---\ntitle: é\n---\n[one](1.md) {{#include b.md:2}} [three](3.md)\n\n```mermaid\nx\n```\n\
             -- src/b.md --\nunseen\n[two](2.md)\n",
            "src/a.md",
        );
        let shown: Vec<String> = document
            .links
            .iter()
            .map(|link| {
                let (source, span) = document.text.locate(link.span);
                let (line, column) = source.position(span.start);
                format!("{}:{line}:{column} {}", source.path, &source.text[span.start..span.end])
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @"
        src/a.md:4:1 [one](1.md)
        src/b.md:2:1 [two](2.md)
        src/a.md:4:33 [three](3.md)
        ");
        let problem = &document.problems[0];
        let (line, column) = problem.source.position(problem.span.start);
        insta::assert_snapshot!(format!("{line}:{column} {}", problem.message), @"6:1 diagram cannot be drawn: its first line names no kind of diagram");
    }

    #[test]
    fn the_line_of_a_diagram_is_marked() {
        let document =
            read("-- src/a.md --\n> ```mermaid\n> flowchart LR\n>   a --> [b\n> ```\n", "src/a.md");
        let problem = &document.problems[0];
        assert_eq!(&problem.source.text[problem.span.start..problem.span.end], ">   a --> [b");
    }

    #[test]
    fn no_project_makes_reading_panic() {
        let text = "-- src/a.md --\n---\ntitle: é\n---\n# H {#x}\n{{#include b.md}} [é](b.md#ü) <img src='é'>\n\
                    -- src/b.md --\n+++\nid = \"b\"\n+++\nTODO {{#include c.txt:1:2}}\n-- src/c.txt --\nü\n[x][y]\n";
        let mut random = Random::new(17);
        for _ in 0..500 {
            let edited = random.edited(text);
            let portal = fixture::portal(&format!("-- book.toml --\n{edited}"));
            for document in portal.documents.values() {
                for link in &document.links {
                    let (source, span) = document.text.locate(link.span);
                    assert!(source.text.get(span.start..span.end).is_some(), "{edited}");
                }
            }
        }
    }
}
