//! Problems as data: every stage returns them, `cli` prints them with `emit`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span};

pub mod emit;
pub mod shell;

/// How bad a problem is. `Warning` sorts after `Error`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A kind of problem. Ids are kebab-case, name the bad thing, and are never used again for another.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    pub id: &'static str,
    /// The severity unless `book.toml` sets another.
    pub severity: Severity,
    /// One sentence, for lists.
    pub summary: &'static str,
    /// The page that `handover explain` prints: Markdown.
    pub docs: &'static str,
    /// The output would be wrong: a build stops, and writes nothing, whatever `book.toml` says.
    pub fatal: bool,
}

/// One problem, at one place.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub code: &'static Code,
    /// The severity after `book.toml` had its say; set by `check`, else that of the code.
    pub severity: Severity,
    /// A lower-case phrase without a full stop, names in backticks, that makes sense alone.
    pub message: String,
    pub source: Arc<Source>,
    pub span: Span,
    pub notes: Vec<Note>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A second place that belongs to the problem, in the same source or another.
#[derive(Clone, Debug)]
pub struct Note {
    pub message: String,
    pub source: Arc<Source>,
    pub span: Span,
}

impl Diagnostic {
    /// Returns a problem of this kind, without notes or help.
    pub fn new(
        code: &'static Code,
        source: &Arc<Source>,
        span: impl Into<Span>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            source: Arc::clone(source),
            span: span.into(),
            notes: Vec::new(),
            help: None,
        }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn note(
        mut self,
        source: &Arc<Source>,
        span: impl Into<Span>,
        message: impl Into<String>,
    ) -> Self {
        self.notes.push(Note {
            message: message.into(),
            source: Arc::clone(source),
            span: span.into(),
        });
        self
    }
}

/// Sorts by path, offset and id, the order in which problems are shown.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.source.path, a.span, a.code.id, &a.message).cmp(&(
            &b.source.path,
            b.span,
            b.code.id,
            &b.message,
        ))
    });
}

/// Returns the candidate nearest to `name`, when one is near enough to be what was meant.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}
