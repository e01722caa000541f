//! `path:5:10`, `path:anchor`, the sections of snippets: which part of a file is included.

use std::sync::Arc;

use crate::parse::dialect::is_markdown;
use crate::parse::front_matter;
use crate::parse::include::Refusal;
use crate::source::{Source, Span};

/// What of a file is included. Lines count from 1, both ends are included.
pub(super) enum Selection {
    All,
    Lines { first: usize, last: Option<usize> },
    Anchor(String),
}

/// Splits `path:5:10` and its kin.
pub(super) fn argument_parts(argument: &str) -> (&str, Selection) {
    let mut parts = argument.splitn(4, ':');
    let path = parts.next().unwrap_or_default();
    let selection = match (parts.next().map(str::trim), parts.next().map(str::trim)) {
        (None, _) => Selection::All,
        (Some(""), last) => match last.and_then(|last| last.parse().ok()) {
            Some(last) => Selection::Lines { first: 1, last: Some(last) },
            None => Selection::All,
        },
        (Some(first), last) => match (first.parse::<usize>(), last) {
            (Err(_), _) => Selection::Anchor(first.to_owned()),
            (Ok(first), None) => Selection::Lines { first: first.max(1), last: Some(first.max(1)) },
            (Ok(first), Some(last)) => {
                Selection::Lines { first: first.max(1), last: last.parse().ok() }
            }
        },
    };
    (path, selection)
}

/// Returns the parts of a source that are selected, in the order of the text, without the line end behind the last.
pub(super) fn select(
    source: &Arc<Source>,
    selection: &Selection,
    written: &str,
) -> Result<Vec<Span>, Refusal> {
    let text = &source.text;
    let mut parts = match selection {
        Selection::All => vec![Span { start: body_start(source), end: text.len() }],
        Selection::Lines { first, last } => {
            let lines = lines(text);
            if *first > lines.len() {
                let message =
                    format!("include of line {first} of `{written}`, which has {}", lines.len());
                return Err(Refusal::new(message));
            }
            let last = last.unwrap_or(lines.len()).clamp(*first, lines.len());
            vec![Span { start: lines[first - 1].start, end: lines[last - 1].end }]
        }
        Selection::Anchor(name) => anchored(text, name).ok_or_else(|| Refusal {
            message: format!("include of `{name}` of `{written}`, which has no such anchor"),
            help: Some(format!(
                "put lines with `ANCHOR: {name}` and `ANCHOR_END: {name}` around it"
            )),
        })?,
    };
    if let Some(last) = parts.last_mut() {
        let part = &text[last.start..last.end];
        let part = part.strip_suffix('\n').unwrap_or(part);
        last.end = last.start + part.strip_suffix('\r').unwrap_or(part).len();
    }
    Ok(parts)
}

/// Returns where a file begins that is included whole: a document without its front matter.
pub(super) fn body_start(source: &Arc<Source>) -> usize {
    if is_markdown(source.path.name()) { front_matter::front_matter(source).1 } else { 0 }
}

pub(super) fn lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            at += line.len();
            Span { start: at - line.len(), end: at }
        })
        .collect()
}

/// Returns what stands between the lines of an anchor, without the lines of this and of other anchors.
fn anchored(text: &str, name: &str) -> Option<Vec<Span>> {
    let mark = |line: &str, mark: &str| anchor_name(line, mark).map(str::to_owned);
    marked(text, name, |line| (mark(line, "ANCHOR:"), mark(line, "ANCHOR_END:")))
}

/// Returns what stands between the lines of a section of a snippet, without the marks of this and of other sections.
pub(super) fn section(text: &str, name: &str) -> Option<Vec<Span>> {
    let mark = |line: &str, kind: &str| {
        let (_, rest) = line.split_once("--8<--")?;
        let rest = rest.trim_start_matches('-').trim_start().strip_prefix('[')?;
        Some(rest.strip_prefix(kind)?.trim_start().split_once(']')?.0.trim().to_owned())
    };
    marked(text, name, |line| (mark(line, "start:"), mark(line, "end:")))
}

/// Returns the lines between two marks of a name. `marks` says of which name a line is the first and of which the last mark.
fn marked(
    text: &str,
    name: &str,
    marks: impl Fn(&str) -> (Option<String>, Option<String>),
) -> Option<Vec<Span>> {
    let mut parts: Vec<Span> = Vec::new();
    let mut inside = false;
    for line in lines(text) {
        let (start, end) = marks(&text[line.start..line.end]);
        if inside && end.as_deref() == Some(name) {
            return Some(parts);
        }
        if start.is_some() || end.is_some() {
            inside |= start.as_deref() == Some(name);
        } else if inside {
            match parts.last_mut() {
                Some(last) if last.end == line.start => last.end = line.end,
                _ => parts.push(line),
            }
        }
    }
    inside.then_some(parts)
}

/// Returns what stands behind the first text and before the second one.
pub(super) fn between(
    source: &Arc<Source>,
    start: Option<&str>,
    end: Option<&str>,
    written: &str,
) -> Result<Vec<Span>, Refusal> {
    let lacks = |what: &str| Refusal::new(format!("include of `{written}`, which has no `{what}`"));
    let mut part = Span { start: body_start(source), end: source.text.len() };
    if let Some(start) = start {
        let at = source.text[part.start..].find(start).ok_or_else(|| lacks(start))?;
        part.start += at + start.len();
    }
    if let Some(end) = end {
        let at = source.text[part.start..].find(end).ok_or_else(|| lacks(end))?;
        part.end = part.start + at;
    }
    Ok(vec![part])
}

fn anchor_name<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(mark)?;
    let rest = rest.trim_start();
    let end = rest
        .find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '-'))
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}
