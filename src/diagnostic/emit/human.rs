//! For people: the message, the place, the text with carets under it, and what to do.

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::emit::clamp;
use crate::diagnostic::emit::visible::{one_line, visible};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, Span};

/// Of a longer span, only so many bytes are marked.
const LONGEST_MARK: usize = 300;

/// Of a line, only so many bytes before and behind a mark are looked at: more than any terminal shows.
const REACH: usize = 1_000;

/// Of a span over more lines than this, only the first line is marked.
const MOST_LINES: usize = 6;

pub(super) fn emit(diagnostics: &[Diagnostic], color: bool, width: usize) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let width = if width == 0 { DEFAULT_TERM_WIDTH } else { width.max(40) };
    let renderer = renderer.term_width(width);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&one(diagnostic, &renderer));
        text.push_str("\n\n");
    }
    text
}

fn one(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(one_line(&diagnostic.message)).id(diagnostic.code.id);
    let mut group = Group::with_title(title);
    let mut moved = Vec::new();
    for place in places(diagnostic) {
        group = match snippet(&place) {
            Some((snippet, column)) => {
                moved.extend(column);
                group.element(snippet)
            }
            None => {
                let path = one_line(place.source.path.as_str());
                group.element(Origin::path(path).line(1).char_column(1))
            }
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    placed(renderer.render(&[group]), &moved)
}

/// What the renderer says of a place in a line that is cut, and what is right.
struct Moved {
    said: String,
    right: String,
}

/// Puts the right columns into what was rendered, below the message.
fn placed(mut text: String, moved: &[Moved]) -> String {
    let mut at = text.find('\n').unwrap_or_default();
    for Moved { said, right } in moved {
        if let Some(found) = text[at..].find(said.as_str()) {
            text.replace_range(at + found..at + found + said.len(), right);
            at += found + right.len();
        }
    }
    text
}

/// A source, and what is marked in it, in one snippet.
struct Place<'a> {
    source: &'a Source,
    marks: Vec<Mark>,
}

/// A span that is marked, and what stands beside it.
struct Mark {
    span: Span,
    label: Option<String>,
    kind: AnnotationKind,
}

/// Returns what to mark in each source, that of the diagnostic first.
///
/// Marks that stand far apart, also in one line, get a snippet each, or the text between them would be looked at or shown.
fn places(diagnostic: &Diagnostic) -> Vec<Place<'_>> {
    let span = shown(diagnostic.span, &diagnostic.source);
    let first = Mark { span, label: None, kind: AnnotationKind::Primary };
    let mut places = vec![Place { source: &diagnostic.source, marks: vec![first] }];
    for note in &diagnostic.notes {
        let source = &*note.source;
        let span = shown(note.span, source);
        let mark = Mark {
            span,
            label: Some(one_line(&note.message).into_owned()),
            kind: AnnotationKind::Context,
        };
        let column = source.position(span.start).1;
        let near = places.iter_mut().find(|place| {
            let place_column = place.source.position(place.marks[0].span.start).1;
            place.source.path == source.path
                && place.marks[0].span.start.abs_diff(span.start) < REACH
                && place_column.abs_diff(column) < LONGEST_MARK
        });
        match near {
            Some(place) => place.marks.push(mark),
            None => places.push(Place { source, marks: vec![mark] }),
        }
    }
    places
}

/// Returns the part of a span that is marked: no line end at its end, one line where it has many, not all of a long one.
fn shown(span: Span, source: &Source) -> Span {
    let span = clamp(span, source);
    let marked = source.text[span.start..span.end].trim_end_matches(['\n', '\r']);
    let marked = match marked.find('\n') {
        Some(newline) if marked.matches('\n').count() >= MOST_LINES => {
            marked[..newline].trim_end_matches('\r')
        }
        _ => marked,
    };
    let length = marked.floor_char_boundary(LONGEST_MARK);
    Span { start: span.start, end: span.start + length }
}

/// Returns the lines from the first mark to the last one; `None` for an empty source, in which there is nothing to show. Of long
/// lines only what is near is looked at.
fn snippet<'a>(place: &Place<'a>) -> Option<(Snippet<'a, Annotation<'a>>, Option<Moved>)> {
    let Place { source, marks } = place;
    let text = &source.text;
    let first = marks.iter().map(|mark| mark.span.start).min()?;
    let last = marks.iter().map(|mark| mark.span.end).max()?;
    let from = text.floor_char_boundary(first.saturating_sub(REACH));
    let to = text.ceil_char_boundary(last.saturating_add(REACH));
    let line_start = text[from..first].rfind('\n').map(|newline| from + newline + 1);
    let start = line_start.unwrap_or(from);
    let end = text[last..to].find('\n').map_or(to, |newline| last + newline + 1);
    if start == end {
        return None;
    }
    let path = one_line(source.path.as_str());
    let line = source.position(start).0;
    let moved = (line_start.is_none() && from > 0).then(|| {
        let at = marks[0].span.start;
        let cut = text[start..at].chars().count() + 1;
        let right = source.position(at).1;
        Moved { said: format!("{path}:{line}:{cut}"), right: format!("{path}:{line}:{right}") }
    });
    let annotations = marks.iter().map(|mark| {
        mark.kind.span(mark.span.start - start..mark.span.end - start).label(mark.label.clone())
    });
    let snippet =
        Snippet::source(&text[start..end]).path(path).line_start(line).annotations(annotations);
    Some((snippet, moved))
}
