//! What is said of a document whose status is not the one that the gate waits for.

use std::sync::Arc;

use crate::assess::{Assessment, DocumentAssessment, Status};
use crate::diagnostic::{Diagnostic, shell};
use crate::link::Portal;
use crate::parse::document::Document;

/// Returns the documents of a status, in the order of their ids.
pub(super) fn with<'a>(
    portal: &'a Portal,
    assessment: &'a Assessment,
    status: Status,
) -> impl Iterator<Item = (&'a Arc<Document>, &'a DocumentAssessment)> {
    assessment
        .documents
        .values()
        .filter(move |assessed| assessed.status == status)
        .filter_map(|assessed| Some((portal.documents.get(assessed.path.as_ref()?)?, &**assessed)))
}

/// Returns "document `db`: " and the reasons, or `otherwise` where there are none.
pub(super) fn message(assessed: &DocumentAssessment, otherwise: &str) -> String {
    if assessed.reasons.is_empty() {
        format!("document `{}`: {otherwise}", assessed.id)
    } else {
        format!("document `{}`: {}", assessed.id, assessed.reasons.join("; "))
    }
}

/// Says whose review is waited for.
pub(super) fn way_out(portal: &Portal, assessed: &DocumentAssessment) -> String {
    let document = portal.document(&assessed.id);
    let reviewers: Vec<&str> = document
        .iter()
        .flat_map(|document| &document.meta.reviewers)
        .map(|reviewer| reviewer.as_str())
        .collect();
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
    portal: &Portal,
    diagnostic: Diagnostic,
    assessed: &DocumentAssessment,
    what: &str,
) -> Diagnostic {
    assessed
        .approvals
        .iter()
        .filter_map(|index| portal.records.reviews.get(*index))
        .fold(diagnostic, |diagnostic, review| {
            diagnostic.note(&review.source, review.digest.span, what)
        })
}
