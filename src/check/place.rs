//! Where in a document a problem is shown.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parse::document::{Document, Link, TitleFrom};
use crate::source::{Source, Span};

/// Returns the place of a link, in the file that it was included from.
pub(super) fn link(document: &Document, link: &Link) -> (Arc<Source>, Span) {
    document.text.locate(link.span)
}

/// Returns the title of a document: what a problem of the whole document is shown at. Where there is none, its first line.
pub(super) fn title(document: &Document) -> (Arc<Source>, Span) {
    if let (TitleFrom::FrontMatter, Some(title)) = (document.title_from, &document.meta.title) {
        return (Arc::clone(&document.source), title.span);
    }
    let heading = document.headings.iter().find(|heading| heading.level == 1);
    match heading {
        Some(heading) => {
            let (source, span) = document.text.locate(heading.span);
            let shown = source.text.get(span.start..span.end).unwrap_or_default().trim_end();
            let end = span.start + shown.len();
            (source, Span { start: span.start, end })
        }
        None => (Arc::clone(&document.source), first_line(document)),
    }
}

/// Returns the first line of a document that is not empty, without the line end.
pub(super) fn first_line(document: &Document) -> Span {
    let text = &document.source.text;
    let start = text.len() - text.trim_start().len();
    let line = text[start..].lines().next().unwrap_or_default().trim_end();
    if line.is_empty() {
        return Span::default();
    }
    Span { start, end: start + line.len() }
}

/// Returns the table of a TOML file that a problem stands in, from its header up to the next one.
pub(super) fn table_around(problem: &Diagnostic) -> Span {
    let (text, at) = (&problem.source.text, problem.span.start);
    let is_header = text[at..].starts_with('[') && (at == 0 || text[..at].ends_with('\n'));
    let above = || text[..at].rfind("\n[").map_or(0, |newline| newline + 1);
    let start = if is_header { at } else { above() };
    let end = text[at..].find("\n[").map_or(text.len(), |newline| at + newline);
    Span { start, end }
}
