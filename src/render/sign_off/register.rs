//! Part C: every document with its digest, who approved it, and whether the approval holds.

use serde::Serialize;

use crate::assess::{DocumentAssessment, Status};
use crate::render::{Facts, names, status};

use super::Chip;

/// How many digits of a digest are printed; the manifest has all.
const DIGITS: usize = 10;
/// How many characters of a reason are printed; the document's page has all.
const REASON: usize = 110;

#[derive(Serialize)]
pub(super) struct Register {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    number: usize,
    title: String,
    id: String,
    /// Why it is not approved.
    reason: Option<String>,
    owner: String,
    digest: String,
    reviewed_by: Vec<String>,
    reviewed_on: String,
    chip: Chip,
}

pub(super) fn register(facts: &Facts<'_>) -> Register {
    let documents = facts.assessment.documents.values().enumerate();
    Register { rows: documents.map(|(index, document)| row(facts, index + 1, document)).collect() }
}

fn row(facts: &Facts<'_>, number: usize, document: &DocumentAssessment) -> Row {
    let portal = facts.portal;
    let name = names::document(portal, document);
    let reviews: Vec<_> =
        document.approvals.iter().filter_map(|&index| portal.records.reviews.get(index)).collect();
    let reason = document.reasons.first().filter(|_| document.status != Status::Approved);
    let digits = document.digest.split_once(':').map_or("", |(_, digits)| digits);
    Row {
        number,
        title: name.title.to_owned(),
        id: document.id.clone(),
        reason: reason.map(|reason| super::cut(reason, REASON)),
        owner: name.owner.map_or("–", |owner| names::name(portal, owner)).to_owned(),
        digest: if digits.is_empty() {
            "–".to_owned()
        } else {
            digits.chars().take(DIGITS).collect()
        },
        reviewed_by: reviews
            .iter()
            .map(|review| names::name(portal, &review.reviewer.value).to_owned())
            .collect(),
        reviewed_on: reviews
            .iter()
            .map(|review| review.on.value)
            .max()
            .map_or("–".to_owned(), |on| on.to_string()),
        chip: status::document(document.status).into(),
    }
}
