//! What the parts of the assessment look things up in: the portal, who is who, which records count, and the day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::assess::roster::Roster;
use crate::assess::{Counts, Known, Standing};
use crate::link::Portal;
use crate::parse::plan::{RequiredDocument, ReviewPolicy};
use crate::parse::records::Record;

pub struct Ledger<'a> {
    pub portal: &'a Portal,
    pub known: &'a Known<'a>,
    pub roster: &'a Roster<'a>,
    pub standing: &'a Standing,
    pub today: NaiveDate,
    pub policy: ReviewPolicy,
    /// The documents that the plan requires, by id.
    pub required: BTreeMap<&'a str, &'a RequiredDocument>,
    /// By what it covers, the live exception that holds longest.
    exceptions: BTreeMap<&'a str, usize>,
}

impl<'a> Ledger<'a> {
    pub fn new(
        known: &'a Known<'a>,
        roster: &'a Roster<'a>,
        standing: &'a Standing,
        today: NaiveDate,
    ) -> Self {
        let portal = known.portal;
        let mut exceptions: BTreeMap<&str, usize> = BTreeMap::new();
        let records = &portal.records.exceptions;
        for (index, exception) in counting(records, &standing.exceptions) {
            let longest = exceptions.entry(&exception.covers.value).or_insert(index);
            if records[*longest].expires.value < exception.expires.value {
                *longest = index;
            }
        }
        let required = portal.plan.iter().flat_map(|plan| &plan.documents);
        let required = required.map(|document| (document.id.as_str(), document)).collect();
        let policy = portal.plan.as_ref().map(|plan| plan.review.clone()).unwrap_or_default();
        Self { portal, known, roster, standing, today, policy, required, exceptions }
    }

    /// Returns the index of the live exception over a criterion or a document.
    pub fn exception(&self, covers: &str) -> Option<usize> {
        self.exceptions.get(covers).copied()
    }

    /// Says who let something through, until when and why.
    pub fn waiver(&self, exception: usize) -> String {
        let exception = &self.portal.records.exceptions[exception];
        let approver = self.roster.name(&exception.approved_by);
        let (expires, reason) = (&exception.expires, exception.reason.trim());
        format!("waived by {approver} until {expires}: {reason}")
    }
}

/// Returns the records that count, each with its index.
pub fn counting<'a, T>(
    records: &'a [Record<T>],
    standing: &'a [Counts],
) -> impl Iterator<Item = (usize, &'a Record<T>)> {
    records.iter().enumerate().filter(|(index, _)| standing.get(*index) == Some(&Counts::Yes))
}
