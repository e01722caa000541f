//! Front matter: YAML between `---` lines, or TOML between `+++` lines.

use std::collections::BTreeMap;

use crate::source::{Span, Spanned};

/// What a document says of itself. Every key is optional; keys of other tools are kept in `other`.
///
/// Spans are in the document's source.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// From the opening to the closing fence, in the source; empty when there is none.
    pub span: Span,
    pub id: Option<Spanned<String>>,
    pub title: Option<Spanned<String>>,
    /// `runbook`, `sop`, `architecture`, `reference`, or any other word.
    pub kind: Option<Spanned<String>>,
    /// The id of a person or a team of the plan; any name when there is no plan.
    pub owner: Option<Spanned<String>>,
    pub reviewers: Vec<Spanned<String>>,
    pub severity: Option<Spanned<String>>,
    pub alerts: Vec<Spanned<String>>,
    /// Globs of the code that it describes.
    pub covers: Vec<Spanned<String>>,
    pub tags: Vec<String>,
    pub aliases: Vec<Spanned<String>>,
    pub weight: Option<i64>,
    pub draft: bool,
    pub review: DocumentReview,
    /// Keys that are not ours, with the text of their value; the span is that of the key. Keys of `review` that are not ours
    /// are here as `review.KEY`.
    pub other: BTreeMap<String, Spanned<String>>,
}

/// `review = { valid-days = 30, exempt = "a list, nothing to act on" }`.
#[derive(Clone, Debug, Default)]
pub struct DocumentReview {
    /// Stands before the plan's `[review] valid-days`.
    pub valid_days: Option<u32>,
    /// Why nobody needs to review it.
    pub exempt: Option<Spanned<String>>,
}
