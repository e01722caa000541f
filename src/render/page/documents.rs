//! The register: every document with its status, and who reviewed what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::assess::{DocumentAssessment, Status};
use crate::parse::records::Outcome;
use crate::render::chart::states;
use crate::render::page::freshness::{self, Freshness};
use crate::render::page::{Html, document};
use crate::render::past::{self, Change};
use crate::render::site::{Frame, Link, Site};
use crate::render::status::{self, Badge, STATUSES};
use crate::render::words::{self, Day};

const ADDRESS: &str = "documents.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    plan: bool,
    /// "24 documents: 20 approved, 4 unreviewed."
    counts: String,
    states: Option<String>,
    rows: Vec<Row>,
    /// The last changes of the documents are known.
    changes: bool,
    /// What is not known of the past, and why.
    missing: Option<String>,
    statuses: Vec<Badge>,
    owners: Vec<String>,
    kinds: Vec<String>,
    /// Whoever reviewed something.
    reviewers: Vec<String>,
    coverage: Vec<Coverage>,
    freshness: Option<Freshness>,
}

/// A line of the register.
#[derive(Serialize)]
struct Row {
    document: Link,
    badge: Badge,
    owner: Option<String>,
    kind: Option<String>,
    reviewers: String,
    reviewed: Option<Day>,
    due: Option<Day>,
    changed: Option<Change>,
    digest: Option<String>,
}

/// Which of the reviewers reviewed a document, and how it stands.
#[derive(Serialize)]
struct Coverage {
    document: Link,
    cells: Vec<Option<Badge>>,
}

pub fn html(site: &Site<'_>) -> Html {
    let assessment = site.facts.assessment;
    let mut by_status: BTreeMap<Status, usize> = BTreeMap::new();
    for document in assessment.documents.values() {
        *by_status.entry(document.status).or_default() += 1;
    }
    let count = |status| by_status.get(&status).copied().unwrap_or(0);
    let rows: Vec<Row> = in_order(site).into_iter().map(|document| row(site, document)).collect();
    let some = |value: fn(&Row) -> Option<&String>| -> Vec<String> {
        rows.iter().filter_map(value).collect::<BTreeSet<_>>().into_iter().cloned().collect()
    };
    let mut frame = site.frame(ADDRESS, "Documents");
    frame.wide = true;
    let (reviewers, coverage) = coverage(site);
    let context = Context {
        frame,
        plan: site.facts.portal.plan.is_some(),
        counts: in_words(rows.len(), count),
        states: states::states("states", count),
        statuses: STATUSES
            .into_iter()
            .filter(|status| count(*status) > 0)
            .map(status::document)
            .collect(),
        owners: some(|row| row.owner.as_ref()),
        kinds: some(|row| row.kind.as_ref()),
        changes: rows.iter().any(|row| row.changed.is_some()),
        missing: past::missing(&site.facts).filter(|_| !rows.is_empty()),
        rows,
        reviewers,
        coverage,
        freshness: freshness::freshness(site, ADDRESS, &in_order(site)),
    };
    site.theme.render("documents.html", &context)
}

/// Returns the documents in reading order, then those that are missing.
pub fn in_order<'a>(site: &Site<'a>) -> Vec<&'a DocumentAssessment> {
    let assessment = site.facts.assessment;
    let positions = &site.places.order.positions;
    let documents = assessment.documents.values().map(Arc::as_ref);
    let mut documents: Vec<&DocumentAssessment> = documents.collect();
    documents.sort_by_key(|document| {
        let place = document.path.as_ref().and_then(|path| positions.get(path));
        (place.copied().unwrap_or(usize::MAX), &document.id)
    });
    documents
}

fn in_words(total: usize, count: impl Fn(Status) -> usize) -> String {
    let parts: Vec<String> = STATUSES
        .into_iter()
        .filter(|status| count(*status) > 0)
        .map(|status| format!("{} {}", count(status), status::document(status).word.to_lowercase()))
        .collect();
    if parts.is_empty() {
        return "No documents.".to_owned();
    }
    format!("{}: {}.", words::count(total, "document"), parts.join(", "))
}

fn row(site: &Site<'_>, assessed: &DocumentAssessment) -> Row {
    let facts = document::facts(site, assessed);
    Row {
        document: site.document(ADDRESS, &assessed.id),
        badge: status::document(assessed.status),
        owner: facts.owner,
        kind: facts.kind,
        reviewers: facts.reviewed_by.join(", "),
        reviewed: facts.reviewed.map(Day::from),
        due: assessed.due.map(Day::from),
        changed: assessed.path.as_ref().and_then(|path| past::last_change(&site.facts, path)),
        digest: facts.digest,
    }
}

fn coverage(site: &Site<'_>) -> (Vec<String>, Vec<Coverage>) {
    let reviews = &site.facts.portal.records.reviews;
    let documents = in_order(site);
    let reviewer = |index: &usize| reviews.get(*index).map(|review| review.reviewer.as_str());
    let ids: BTreeSet<&str> =
        documents.iter().flat_map(|document| &document.reviews).filter_map(reviewer).collect();
    let coverage = documents
        .into_iter()
        .filter(|document| !document.reviews.is_empty())
        .map(|document| {
            let cell = |id: &&str| {
                let last =
                    document.reviews.iter().rev().find(|index| reviewer(index) == Some(id))?;
                Some(standing(document, *last, reviews[*last].outcome))
            };
            Coverage {
                document: site.document(ADDRESS, &document.id),
                cells: ids.iter().map(cell).collect(),
            }
        })
        .collect();
    (ids.into_iter().map(|id| site.name(id).to_owned()).collect(), coverage)
}

/// Returns how a person's last review of a document stands.
fn standing(document: &DocumentAssessment, index: usize, outcome: Outcome) -> Badge {
    match outcome {
        Outcome::ChangesRequested => status::document(Status::ChangesRequested),
        Outcome::Approved if !document.approvals.contains(&index) => {
            status::document(Status::Exempt).with_word("Reviewed, not part of the approval")
        }
        Outcome::Approved => match document.status {
            Status::Changed => {
                status::document(Status::Changed).with_word("Approved an earlier text")
            }
            Status::Expired => status::document(Status::Expired).with_word("Approval has run out"),
            _ => status::document(Status::Approved),
        },
    }
}
