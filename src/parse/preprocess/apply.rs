//! What programs made of a book → the documents and the summary that are read from then on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::parse::config::Config;
use crate::parse::dialect::is_markdown;
use crate::parse::document::{self, Document};
use crate::parse::preprocess::book::{Book, Chapter, Item};
use crate::parse::project::{Documents, Parsed};
use crate::parse::summary::{self, Summary, SummaryItem};
use crate::source::{Source, SourcePath, Span, Tree};

/// What was made last, and of what.
#[derive(Default)]
pub(super) struct Memory {
    /// The document that was read, what it was to say, and what came of it.
    processed: BTreeMap<SourcePath, (Arc<Document>, String, Arc<Document>)>,
    /// The chapter, without those below it, and the document.
    added: BTreeMap<SourcePath, (Chapter, Arc<Document>)>,
    documents: Arc<Documents>,
    /// The summary that was read, what it was to list, and what came of it.
    summary: Option<(Arc<Source>, Vec<Frame>, Summary)>,
}

/// What the navigation shows of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Frame {
    Separator,
    PartTitle(String),
    Chapter { name: String, path: Option<SourcePath>, is_numbered: bool, nested: Vec<Frame> },
}

/// Puts what became of a book into the place of what was read. `added_by` knows which table of `book.toml` stands for a
/// chapter that was not sent, by its path.
pub(super) fn apply(
    parsed: &mut Parsed,
    tree: &Tree,
    sent: &Book,
    now: &[Item],
    added_by: &BTreeMap<String, Span>,
    memory: &mut Memory,
) {
    let before = Found::new(sent, parsed).frames(&sent.items);
    let mut found = Found::new(sent, parsed);
    let after = found.frames(now);
    let documents = memory.documents(parsed, tree, &found, added_by);
    parsed.documents = documents;
    if before != after
        && let Some(summary) = parsed.summary.take()
    {
        parsed.summary = Some(memory.summary(summary, after));
    }
}

/// What stands in a book that came back.
struct Found<'a> {
    sent: &'a Book,
    content: String,
    documents: Arc<Documents>,
    texts: BTreeMap<&'a SourcePath, &'a str>,
    added: BTreeMap<SourcePath, &'a Chapter>,
}

impl<'a> Found<'a> {
    fn new(sent: &'a Book, parsed: &Parsed) -> Self {
        Self {
            sent,
            content: parsed.config.book.src.value.clone(),
            documents: Arc::clone(&parsed.documents),
            texts: BTreeMap::new(),
            added: BTreeMap::new(),
        }
    }

    fn frames(&mut self, items: &'a [Item]) -> Vec<Frame> {
        let mut frames = Vec::with_capacity(items.len());
        for item in items {
            frames.push(match item {
                Item::Separator => Frame::Separator,
                Item::PartTitle(title) => Frame::PartTitle(title.clone()),
                Item::Chapter(chapter) => Frame::Chapter {
                    name: chapter.name.clone(),
                    path: self.path(chapter),
                    is_numbered: chapter.number.is_some(),
                    nested: self.frames(&chapter.sub_items),
                },
            });
        }
        frames
    }

    /// Returns the file of a chapter, also of one that no file is of.
    fn path(&mut self, chapter: &'a Chapter) -> Option<SourcePath> {
        if let Some(path) = self.sent.document(chapter) {
            self.texts.entry(path).or_insert(&chapter.content);
            return Some(path.clone());
        }
        let path = chapter.path.as_deref()?;
        let path = SourcePath::new(&format!("./{}/{path}", self.content))
            .filter(|it| it.below(&self.content).is_some() && is_markdown(it.name()))?;
        if !self.documents.contains_key(&path) {
            self.added.entry(path.clone()).or_insert(chapter);
        }
        Some(path)
    }
}

impl Memory {
    /// Returns the documents as programs made them; the same ones as the last time where they are.
    fn documents(
        &mut self,
        parsed: &Parsed,
        tree: &Tree,
        found: &Found<'_>,
        added_by: &BTreeMap<String, Span>,
    ) -> Arc<Documents> {
        let mut documents = Documents::clone(&parsed.documents);
        let mut processed = BTreeMap::new();
        for path in found.sent.documents() {
            let Some(read) = parsed.documents.get(path) else { continue };
            let text = found.texts.get(path).copied();
            if text == Some(read.text.as_written().0) {
                continue;
            }
            let says = text.unwrap_or_default();
            let known = self.processed.remove(path);
            let known = known.filter(|(of, said, made)| {
                Arc::ptr_eq(of, read) && said == says && (made.meta.draft == text.is_none())
            });
            let made = known.map_or_else(
                || Arc::new(made(tree, read, text, &parsed.config)),
                |(.., made)| made,
            );
            documents.insert(path.clone(), Arc::clone(&made));
            processed.insert(path.clone(), (Arc::clone(read), says.to_owned(), made));
        }
        self.processed = processed;
        let mut added = BTreeMap::new();
        for (path, chapter) in &found.added {
            let chapter = Chapter { sub_items: Vec::new(), ..Chapter::clone(chapter) };
            let known = self.added.remove(path).filter(|(of, _)| *of == chapter);
            let made = known.map_or_else(
                || {
                    let place = chapter.path.as_ref().and_then(|path| added_by.get(path));
                    let place = place.copied().unwrap_or_default();
                    let (name, text) = (&chapter.name, &chapter.content);
                    Arc::new(document::added(path, name, text, place, &parsed.config))
                },
                |(_, made)| made,
            );
            documents.insert(path.clone(), Arc::clone(&made));
            added.insert(path.clone(), (chapter, made));
        }
        self.added = added;
        let is_same = documents.len() == self.documents.len()
            && documents
                .iter()
                .zip(&*self.documents)
                .all(|((path, it), (other, known))| path == other && Arc::ptr_eq(it, known));
        if !is_same {
            self.documents = Arc::new(documents);
        }
        Arc::clone(&self.documents)
    }

    /// Returns a summary that lists a book. Its source is another one for each list, since what hangs on a summary is remembered
    /// by that.
    fn summary(&mut self, read: Summary, frames: Vec<Frame>) -> Summary {
        if let Some((of, known, made)) = &self.summary
            && Arc::ptr_eq(of, &read.source)
            && *known == frames
        {
            return made.clone();
        }
        let mut spans = BTreeMap::new();
        for item in &read.items {
            if let SummaryItem::Chapter(chapter) = item {
                note(chapter, &mut spans);
            }
        }
        let items = frames.iter().map(|frame| match frame {
            Frame::Separator => SummaryItem::Separator,
            Frame::PartTitle(title) => SummaryItem::PartTitle(title.clone()),
            Frame::Chapter { .. } => {
                listed(frame, &spans).map_or(SummaryItem::Separator, SummaryItem::Chapter)
            }
        });
        let text = read.source.text.clone();
        let made = Summary {
            source: Arc::new(Source::new(read.source.path.clone(), text)),
            items: items.collect(),
            unlisted: read.unlisted,
        };
        self.summary = Some((read.source, frames, made.clone()));
        made
    }
}

/// Returns what a document is with another text, or, without one, as a draft: it has no page.
fn made(tree: &Tree, read: &Arc<Document>, text: Option<&str>, config: &Config) -> Document {
    match text {
        Some(text) => document::processed(tree, read, text, config),
        None => {
            let mut document = Document::clone(read);
            document.meta.draft = true;
            document
        }
    }
}

fn note(chapter: &summary::Chapter, spans: &mut BTreeMap<SourcePath, Span>) {
    if let Some(path) = &chapter.path {
        spans.entry(path.clone()).or_insert(chapter.span);
    }
    chapter.nested.iter().for_each(|nested| note(nested, spans));
}

fn listed(frame: &Frame, spans: &BTreeMap<SourcePath, Span>) -> Option<summary::Chapter> {
    let Frame::Chapter { name, path, is_numbered, nested } = frame else { return None };
    Some(summary::Chapter {
        title: name.clone(),
        path: path.clone(),
        span: path.as_ref().and_then(|path| spans.get(path)).copied().unwrap_or_default(),
        nested: nested.iter().filter_map(|frame| listed(frame, spans)).collect(),
        is_numbered: *is_numbered,
    })
}
