//! One Markdown document: what others need to know of it. Keeps no HTML and no tree; `render` reads the text again.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagram::{self, Drawing};
use crate::parse::codes::UNDRAWN_DIAGRAM;
use crate::parse::contents::{self, Fence};
use crate::parse::front_matter::{self, FrontMatter};
use crate::parse::include;
use crate::source::{Source, SourcePath, Span, Tree};

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
    pub problems: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleFrom {
    FrontMatter,
    Heading,
    FileName,
}

/// The body of a document after includes, and where each piece of it came from.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub body: String,
    /// In ascending order of `at`; the first is at 0.
    pub pieces: Vec<Piece>,
    /// The files that were included, directly or not, and the text that each gave.
    pub included: Vec<Included>,
}

/// From `at` in the body on, the text is that of `source` from `start` on.
#[derive(Clone, Debug)]
pub struct Piece {
    pub at: usize,
    pub source: Arc<Source>,
    pub start: usize,
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

/// Reads a document and what it includes. `content` is the content folder, for the default id.
pub fn document(tree: &Tree, source: &Arc<Source>, content: &str) -> Document {
    let (meta, body, mut problems) = front_matter::front_matter(source);
    let (text, broken_includes) = include::text(tree, source, body);
    problems.extend(broken_includes);
    let contents = contents::contents(&text.body);
    let below = source.path.below(content).unwrap_or(source.path.as_str());
    let first = contents.headings.iter().find(|heading| heading.level == 1);
    let (title, title_from) = match (&meta.title, first.map(|heading| &heading.text)) {
        (Some(title), _) => (title.value.clone(), TitleFrom::FrontMatter),
        (None, Some(text)) if !text.is_empty() => (text.clone(), TitleFrom::Heading),
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
        id: meta.id.as_ref().map_or_else(
            || below.strip_suffix(".md").unwrap_or(below).to_owned(),
            |id| id.value.clone(),
        ),
        title,
        title_from,
        meta,
        text,
        headings: contents.headings,
        anchors: contents.anchors,
        links: contents.links,
        undefined: contents.undefined,
        diagrams,
        problems,
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
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
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
    /// Returns the heading of level 1 that opens the body, where there is one: the page prints it above its facts.
    pub fn opening_heading(&self) -> Option<&Heading> {
        let heading = self.headings.first()?;
        let before = self.text.body.get(..heading.span.start)?;
        (heading.level == 1 && before.trim().is_empty()).then_some(heading)
    }
}

impl Text {
    /// Returns the source that a span of the body came from, and where in it.
    ///
    /// A span over several pieces ends where its first piece ends.
    pub fn locate(&self, span: Span) -> (Arc<Source>, Span) {
        let after = self.pieces.partition_point(|piece| piece.at <= span.start);
        let piece = &self.pieces[after.saturating_sub(1)];
        let piece_end = self.pieces.get(after).map_or(usize::MAX, |next| next.at);
        let start = piece.start + (span.start - piece.at);
        let end = piece.start + (span.end.min(piece_end).max(span.start) - piece.at);
        (Arc::clone(&piece.source), Span { start, end: end.min(piece.source.text.len()) })
    }
}
