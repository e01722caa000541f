//! Diagnostics → text: for people, and for the machines that read them. Prints nothing itself.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::diagnostic::emit::visible::{one_line, visible};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, Span};

mod github;
mod human;
mod json;
mod junit;
mod sarif;
pub mod visible;

/// How problems are written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(clap::ValueEnum)]
pub enum Format {
    /// With the text and carets under it
    #[default]
    Human,
    /// A line each: `path:line:column: error[id]: message`
    Short,
    /// One array of objects
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// JUnit XML, a test case a file
    Junit,
}

/// Returns the diagnostics in a format, in the order that they are given in, and nothing in them acts on a terminal but
/// our own colors. `color` and `width` are for people alone.
pub fn emit(format: Format, diagnostics: &[Diagnostic], color: bool, width: usize) -> String {
    match format {
        Format::Human => visible::painted(&human::emit(diagnostics, color, width)).into_owned(),
        Format::Short => short(diagnostics),
        Format::Json => visible::json(&json::emit(diagnostics)).into_owned(),
        Format::Sarif => visible::json(&sarif::emit(diagnostics)).into_owned(),
        Format::Github => visible(&github::emit(diagnostics)).into_owned(),
        Format::Junit => visible(&junit::emit(diagnostics)).into_owned(),
    }
}

/// Returns "2 errors, 3 warnings in 4 files", or "no problems".
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let of = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let mut paths: Vec<_> = diagnostics.iter().map(|found| &found.source.path).collect();
    paths.sort();
    paths.dedup();
    let counts: Vec<String> = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| counted(number, noun))
        .collect();
    if counts.is_empty() {
        "no problems".into()
    } else {
        format!("{} in {}", counts.join(", "), counted(paths.len(), "file"))
    }
}

/// Returns "1 file" or "3 files".
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn short(diagnostics: &[Diagnostic]) -> String {
    let mut lines = String::new();
    for found in diagnostics {
        let (line, column) = found.source.position(found.span.start);
        let path = one_line(found.source.path.as_str());
        let (severity, id) = (found.severity.name(), found.code.id);
        let message = one_line(&found.message);
        writeln!(lines, "{path}:{line}:{column}: {severity}[{id}]: {message}")
            .expect("invariant: writing to a string");
    }
    lines
}

/// Line and column of both ends of a span, from 1, columns in characters; the end is the place after the last character.
struct Region {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl Region {
    fn of(source: &Source, span: Span) -> Self {
        let span = clamp(span, source);
        let (line, column) = source.position(span.start);
        let (end_line, end_column) = source.position(span.end);
        Self { line, column, end_line, end_column }
    }
}

/// Returns the span cut to the source, its ends moved down to character boundaries, never backwards.
fn clamp(span: Span, source: &Source) -> Span {
    let start = source.text.floor_char_boundary(span.start);
    let end = source.text.floor_char_boundary(span.end).max(start);
    Span { start, end }
}

#[cfg(test)]
mod tests;
