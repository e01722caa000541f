//! `SUMMARY.md`: the order and the grouping of the documents, in mdBook's form.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, SourcePath, Span};

/// A `SUMMARY.md`, as it is written. Paths are resolved from its folder, and not checked.
#[derive(Clone, Debug)]
pub struct Summary {
    pub source: Arc<Source>,
    pub items: Vec<SummaryItem>,
}

#[derive(Clone, Debug)]
pub enum SummaryItem {
    /// `# Runbooks`
    PartTitle(String),
    /// `---`
    Separator,
    Chapter(Chapter),
}

#[derive(Clone, Debug)]
pub struct Chapter {
    pub title: String,
    /// `None` for a draft chapter, `[Title]()`.
    pub path: Option<SourcePath>,
    /// The link, in the summary's source.
    pub span: Span,
    pub nested: Vec<Chapter>,
}

/// Reads a `SUMMARY.md`.
pub fn summary(source: &Arc<Source>) -> (Summary, Vec<Diagnostic>) {
    (Summary { source: Arc::clone(source), items: Vec::new() }, Vec::new())
}
