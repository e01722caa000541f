//! `{{#include path}}`: the text of other files in its place, in mdBook's form.
//!
//! Every byte of the body that comes out is known by the file and the offset that it came from. What cannot be included
//! is reported, and stays in the body as it is written.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parse::codes::BROKEN_INCLUDE;
use crate::parse::document::{Included, Piece, Text};
use crate::parse::front_matter;
use crate::source::{FileKind, Source, SourcePath, Span, Tree};

/// How deep files may include files.
const DEPTH: usize = 10;

/// How long a body may become by what it includes, and by how many includes: ten files that each include the next one
/// ten times would fill the memory.
const MOST_BYTES: usize = 16 << 20;
const MOST_INCLUDES: usize = 10_000;

/// Returns the body of a source from `start` on, with what it includes in its place.
pub fn text(tree: &Tree, source: &Arc<Source>, start: usize) -> (Text, Vec<Diagnostic>) {
    let text = Text {
        pieces: vec![Piece { at: 0, source: Arc::clone(source), start }],
        ..Text::default()
    };
    let open = vec![(source.path.clone(), String::new())];
    let mut expansion = Expansion { tree, text, open, problems: Vec::new() };
    expansion.append(source, Span { start, end: source.text.len() });
    (expansion.text, expansion.problems)
}

struct Expansion<'a> {
    tree: &'a Tree,
    text: Text,
    /// The document and the includes that this text stands in, outermost first: the file, and what of it.
    open: Vec<(SourcePath, String)>,
    problems: Vec<Diagnostic>,
}

impl Expansion<'_> {
    /// Puts a part of a source behind the body, and the files that it includes.
    fn append(&mut self, source: &Arc<Source>, part: Span) {
        let mut done = part.start;
        while let Some(found) = next(&source.text, done, part.end) {
            self.copy(source, Span { start: done, end: found.span.start });
            match found.directive {
                Directive::Escaped => {
                    self.copy(source, Span { start: found.span.start + 1, end: found.span.end });
                }
                Directive::Include(argument) => {
                    if let Err(reason) = self.include(source, argument) {
                        let problem =
                            Diagnostic::new(&BROKEN_INCLUDE, source, found.span, reason.message);
                        self.problems.push(match reason.help {
                            Some(help) => problem.help(help),
                            None => problem,
                        });
                        self.copy(source, found.span);
                    }
                }
            }
            done = found.span.end;
        }
        self.copy(source, Span { start: done, end: part.end });
    }

    fn copy(&mut self, source: &Arc<Source>, part: Span) {
        if part.start == part.end {
            return;
        }
        let at = self.text.body.len();
        let piece = Piece { at, source: Arc::clone(source), start: part.start };
        match self.text.pieces.last_mut() {
            Some(last) if last.at == at => *last = piece,
            _ => self.text.pieces.push(piece),
        }
        self.text.body.push_str(&source.text[part.start..part.end]);
    }

    fn include(&mut self, from: &Arc<Source>, argument: &str) -> Result<(), Refusal> {
        let (written, selection) = argument_parts(argument);
        let path = from.path.join(written).ok_or_else(|| {
            Refusal::new(format!("include of `{written}`, which lies outside the project"))
        })?;
        let what = (path, argument.split_once(':').map_or("", |(_, what)| what).to_owned());
        if self.open.contains(&what) {
            let message = format!("include of `{written}`, which includes this file");
            return Err(Refusal::new(message));
        }
        if self.open.len() > DEPTH {
            let message = format!("include of `{written}`, {DEPTH} files deep");
            return Err(Refusal::new(message));
        }
        let source = self.source(&what.0, written)?;
        let parts = select(&source, &selection, written)?;
        let length: usize = parts.iter().map(|part| part.end - part.start).sum();
        if self.text.body.len() + length > MOST_BYTES || self.text.included.len() >= MOST_INCLUDES {
            let message = format!("include of `{written}` makes the page too long");
            return Err(Refusal::new(message));
        }
        let text = parts.iter().map(|part| &source.text[part.start..part.end]).collect();
        self.text.included.push(Included { path: what.0.clone(), text });
        self.open.push(what);
        for part in parts {
            self.append(&source, part);
        }
        self.open.pop();
        Ok(())
    }

    fn source(&self, path: &SourcePath, written: &str) -> Result<Arc<Source>, Refusal> {
        match self.tree.source(path) {
            Ok(Some(source)) => Ok(source),
            Ok(None) if self.tree.kind(path) == Some(FileKind::Folder) => {
                Err(Refusal::new(format!("include of `{written}`, which is a folder")))
            }
            Ok(None) => Err(Refusal {
                message: format!("include of `{written}`, which does not exist"),
                help: Some(format!("looked for `{path}`")),
            }),
            Err(unread) => {
                let reason = unread.reason;
                Err(Refusal::new(format!("include of `{written}`, which cannot be read: {reason}")))
            }
        }
    }
}

/// Why something cannot be included.
struct Refusal {
    message: String,
    help: Option<String>,
}

impl Refusal {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }
}

/// `{{#include …}}`, or what a backslash keeps from being one.
struct Found<'a> {
    span: Span,
    directive: Directive<'a>,
}

enum Directive<'a> {
    Include(&'a str),
    Escaped,
}

/// Returns the first include, or escaped directive, between two offsets.
fn next(text: &str, start: usize, end: usize) -> Option<Found<'_>> {
    let mut from = start;
    let mut close = start;
    while let Some(at) = text[from..end].find("{{") {
        let open = from + at;
        from = open + 2;
        let Some(inner) = text[from..end].trim_start_matches([' ', '\t']).strip_prefix('#') else {
            continue;
        };
        // Braces that close are looked for once for all that open before them, so a line of braces takes linear time.
        let inner = end - inner.len();
        if close < inner {
            close = inner + text[inner..end].find(['}', '\n'])?;
        }
        if !text[close..end].starts_with("}}") {
            continue;
        }
        let span = Span { start: open, end: close + 2 };
        if open > start && text.as_bytes()[open - 1] == b'\\' {
            let span = Span { start: open - 1, end: span.end };
            return Some(Found { span, directive: Directive::Escaped });
        }
        if let Some(argument) = text[inner..close].strip_prefix("include")
            && argument.starts_with([' ', '\t'])
            && !argument.trim().is_empty()
        {
            return Some(Found { span, directive: Directive::Include(argument.trim()) });
        }
    }
    None
}

/// What of a file is included. Lines count from 1, both ends are included.
enum Selection {
    All,
    Lines { first: usize, last: Option<usize> },
    Anchor(String),
}

/// Splits `path:5:10` and its kin.
fn argument_parts(argument: &str) -> (&str, Selection) {
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
fn select(
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
fn body_start(source: &Arc<Source>) -> usize {
    match source.path.extension() {
        "md" => front_matter::front_matter(source).1,
        _ => 0,
    }
}

fn lines(text: &str) -> Vec<Span> {
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
    let mut parts: Vec<Span> = Vec::new();
    let mut inside = false;
    for line in lines(text) {
        let written = &text[line.start..line.end];
        if inside && anchor_name(written, "ANCHOR_END:") == Some(name) {
            return Some(parts);
        }
        if anchor_name(written, "ANCHOR:").is_some()
            || anchor_name(written, "ANCHOR_END:").is_some()
        {
            inside |= anchor_name(written, "ANCHOR:") == Some(name);
        } else if inside {
            match parts.last_mut() {
                Some(last) if last.end == line.start => last.end = line.end,
                _ => parts.push(line),
            }
        }
    }
    inside.then_some(parts)
}

fn anchor_name<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(mark)?;
    let rest = rest.trim_start();
    let end = rest
        .find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '-'))
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}
