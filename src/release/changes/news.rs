//! What is new for a person: the documents that changed since they last reviewed them, or were taught them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::assess::{Assessment, Counts};
use crate::history::{History, LastChange};
use crate::link::Portal;

/// A document that a person knew, and that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct News {
    /// The id of the document.
    pub document: String,
    /// When they last reviewed it, or were taught it.
    pub on: NaiveDate,
    pub knew: Knew,
    /// Whether it has changed is not known: history is not here.
    pub unknown: bool,
}

/// How a person knew a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Knew {
    /// Index into `Records::reviews`.
    Review { record: usize },
    /// Index into `Records::sessions`.
    Training { record: usize },
}

/// Returns what is new for a person, in the order of the documents' ids. The later of a review and a session counts.
pub fn news(
    portal: &Portal,
    assessment: &Assessment,
    history: Option<&History>,
    person: &str,
) -> Vec<News> {
    let known = known(portal, assessment, person);
    let records = &portal.records;
    let news = known.into_iter().filter_map(|(id, (on, knew))| {
        let assessed = assessment.documents.get(id)?;
        let path = assessed.path.as_ref()?;
        let unknown = match knew {
            Knew::Review { record } => {
                let reviewed = &records.reviews[record].digest;
                if reviewed.eq_ignore_ascii_case(&assessed.digest) {
                    return None;
                }
                false
            }
            Knew::Training { .. } => match history.and_then(|history| {
                let edited = history.uncommitted.contains(path);
                history.last.get(path).filter(|_| !edited)
            }) {
                Some(LastChange::In(commit)) if commit.date.date_naive() <= on => return None,
                Some(LastChange::In(_) | LastChange::Uncommitted) => false,
                Some(LastChange::Unknown | LastChange::Submodule) => true,
                None => history.is_none(),
            },
        };
        Some(News { document: id.to_owned(), on, knew, unknown })
    });
    news.collect()
}

/// Tells whether a person has reviewed or was taught any document.
pub fn knows(portal: &Portal, assessment: &Assessment, person: &str) -> bool {
    !known(portal, assessment, person).is_empty()
}

/// Returns the documents that a person knows, by their ids.
fn known<'a>(
    portal: &'a Portal,
    assessment: &Assessment,
    person: &str,
) -> BTreeMap<&'a str, (NaiveDate, Knew)> {
    let mut known = BTreeMap::new();
    let records = &portal.records;
    let mut learn = |document, on: NaiveDate, knew| {
        let newest = known.entry(document).or_insert((on, knew));
        if newest.0 <= on {
            *newest = (on, knew);
        }
    };
    let modules = portal.plan.iter().flat_map(|plan| &plan.modules);
    let modules: BTreeMap<&str, _> = modules.map(|module| (module.id.as_str(), module)).collect();
    for (record, session) in records.sessions.iter().enumerate() {
        let attended = session.attendees.iter().any(|attendee| attendee.value == person);
        let counts = assessment.standing.sessions.get(record) == Some(&Counts::Yes);
        let Some(module) = modules.get(session.module.as_str()) else { continue };
        for document in module.documents.iter().filter(|_| attended && counts) {
            learn(document.as_str(), session.on.value.0, Knew::Training { record });
        }
    }
    for (record, review) in records.reviews.iter().enumerate() {
        if review.reviewer.value == person && review.on.value.0 <= assessment.today {
            learn(review.document.as_str(), review.on.value.0, Knew::Review { record });
        }
    }
    known
}
