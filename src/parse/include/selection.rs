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
    without_end(text, &mut parts);
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
    marked(text, name, |line| match section_mark(line) {
        Some(("start", name)) => (Some(name.to_owned()), None),
        Some((_, name)) => (None, Some(name.to_owned())),
        None => (None, None),
    })
}

/// Returns whether a line of a snippet is the `start` or the `end` of a section, and of which: `# --8<-- [start:work]`.
fn section_mark(line: &str) -> Option<(&str, &str)> {
    let (before, rest) = line.split_once("-8<-")?;
    let before = before.trim_end_matches('-');
    let rest = rest.trim_start_matches('-').trim_start().strip_prefix('[')?;
    let (kind, name) = rest.split_once(']')?.0.split_once(':')?;
    let kind = kind.trim();
    let is_mark = ["start", "end"].contains(&kind) && !before.ends_with(';');
    is_mark.then_some((kind, name.trim()))
}

/// Returns the lines of parts of a snippet that do not mark a section.
pub(super) fn unmarked(text: &str, parts: Vec<Span>) -> Vec<Span> {
    let mut out = Vec::new();
    for part in parts {
        if !text[part.start..part.end].contains("-8<-") {
            out.push(part);
            continue;
        }
        let lines = lines(&text[part.start..part.end]).into_iter();
        let lines = lines
            .map(|line| Span { start: part.start + line.start, end: part.start + line.end })
            .filter(|line| section_mark(&text[line.start..line.end]).is_none());
        out.extend(joined(lines));
    }
    without_end(text, &mut out);
    out
}

/// Returns ranges of lines, in the order that they are asked for in. What is not there is left out.
pub(super) fn ranged(text: &str, ranges: &[(Option<isize>, Option<isize>)]) -> Vec<Span> {
    let lines = lines(text);
    // From 1; from the last one, which is -1.
    let place = |number: isize| match number {
        0.. => number.unsigned_abs(),
        _ => (lines.len() + 1).saturating_sub(number.unsigned_abs()),
    };
    let range = |(first, last): &(Option<isize>, Option<isize>)| {
        let start = first.map_or(1, place).max(1) - 1;
        let end = last.map_or(lines.len(), place).min(lines.len());
        lines.get(start..end).unwrap_or_default().iter().copied()
    };
    let mut parts = joined(ranges.iter().flat_map(range));
    without_end(text, &mut parts);
    parts
}

/// Puts lines that follow one another together.
fn joined(lines: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut parts: Vec<Span> = Vec::new();
    for line in lines {
        match parts.last_mut() {
            Some(last) if last.end == line.start => last.end = line.end,
            _ => parts.push(line),
        }
    }
    parts
}

/// Leaves the line end behind the last part out.
fn without_end(text: &str, parts: &mut [Span]) {
    if let Some(last) = parts.last_mut() {
        let part = &text[last.start..last.end];
        let part = part.strip_suffix('\n').unwrap_or(part);
        last.end = last.start + part.strip_suffix('\r').unwrap_or(part).len();
    }
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
