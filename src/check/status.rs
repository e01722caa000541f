//! What is said of a document whose status is not the one that the gate waits for.

use crate::assess::DocumentAssessment;
use crate::diagnostic::{Diagnostic, shell};
use crate::parse::document::Document;
use crate::parse::records::Records;

/// Returns "document `db`: " and the reasons, or `otherwise` where there are none.
pub(super) fn message(assessed: &DocumentAssessment, otherwise: &str) -> String {
    if assessed.reasons.is_empty() {
        format!("document `{}`: {otherwise}", assessed.id)
    } else {
        format!("document `{}`: {}", assessed.id, assessed.reasons.join("; "))
    }
}

/// Says whose review is waited for.
pub(super) fn way_out(document: &Document, assessed: &DocumentAssessment) -> String {
    let reviewers: Vec<&str> =
        document.meta.reviewers.iter().map(|reviewer| reviewer.as_str()).collect();
    let who = if reviewers.is_empty() {
        "have it reviewed".to_owned()
    } else {
        format!("have it reviewed by {}", super::names::listed(&reviewers))
    };
    let id = shell::quoted(&assessed.id);
    format!("{who}: `handover review approve {id} --as …` records it")
}

/// Adds the records of the approvals that no longer hold.
pub(super) fn noted(
    records: &Records,
    diagnostic: Diagnostic,
    assessed: &DocumentAssessment,
    what: &str,
) -> Diagnostic {
    assessed
        .approvals
        .iter()
        .filter_map(|index| records.reviews.get(*index))
        .fold(diagnostic, |diagnostic, review| {
            diagnostic.note(&review.source, review.digest.span, what)
        })
}
