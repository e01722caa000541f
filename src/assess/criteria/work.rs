//! Whether the team has done enough by itself.

use std::collections::BTreeSet;

use crate::assess::criteria::{Bench, Gap, Judgment};
use crate::assess::ledger::counting;
use crate::assess::{Evidence, EvidenceLink};
use crate::parse::records::Work;
use crate::source::Spanned;

/// The work that a criterion asks for.
pub(super) struct Wanted<'a> {
    pub(super) count: u32,
    pub(super) kinds: &'a [String],
    pub(super) severities: &'a [String],
    pub(super) by: Option<&'a Spanned<String>>,
    pub(super) observed: bool,
}

impl<'a> Bench<'a> {
    /// Counts what the team did alone: all who performed it are of the team. One ticket counts once.
    pub(super) fn work_handled(&self, wanted: &Wanted<'_>) -> Judgment {
        let Wanted { count, kinds, severities, by, observed } = *wanted;
        let (members, whose) = self.members(by);
        let pieces = |count: usize| {
            let pieces = if count == 1 { "piece" } else { "pieces" };
            match kinds {
                [] => format!("{count} {pieces} of work"),
                kinds => format!("{count} {pieces} of work ({})", kinds.join(" or ")),
            }
        };
        let needed = pieces(count as usize);
        let severity = if severities.is_empty() {
            String::new()
        } else {
            format!(" of {}", severities.join(", "))
        };
        let watched = if observed { ", observed by the other side" } else { "" };
        let target = format!("at least {needed}{severity} handled by {whose}{watched}");
        if members.is_empty() {
            return Judgment::not_assessed(target, format!("the plan names nobody of {whose}"));
        }
        let (mut tickets, mut evidence) = (BTreeSet::new(), Vec::new());
        let records = &self.ledger.portal.records.work;
        for (_, work) in counting(records, &self.ledger.standing.work) {
            let of_kind = kinds.is_empty() || kinds.contains(&work.kind);
            let of_severity = severities.is_empty()
                || work.severity.as_ref().is_some_and(|severity| severities.contains(severity));
            let by_them = !work.performed_by.is_empty()
                && work.performed_by.iter().all(|id| members.contains(&id.as_str()));
            if of_kind
                && of_severity
                && by_them
                && (!observed || self.is_observed(work))
                && tickets.insert(work.ticket.trim())
            {
                evidence.push(self.handled(work));
            }
        }
        let short = (count as usize).saturating_sub(evidence.len());
        let gaps = if short == 0 {
            Vec::new()
        } else {
            let more = format!("{}{severity}{watched}", pieces(short));
            vec![Gap::new(
                format!("still to be handled by {whose}: {more}"),
                format!("Handle {more}"),
            )]
        };
        Judgment::new(target, format!("{} handled", evidence.len())).with(evidence, gaps)
    }

    /// Tells whether somebody of another side than the performers' looked on.
    fn is_observed(&self, work: &Work) -> bool {
        let side = |id: &Spanned<String>| self.ledger.roster.side(id);
        let own = work.performed_by.first().and_then(side);
        let mut observers = work.observed_by.iter().flat_map(|names| names.iter());
        observers.any(|id| side(id).is_some() && side(id) != own)
    }

    fn handled(&self, work: &Work) -> Evidence {
        let names: Vec<&str> = work.performed_by.iter().map(|id| self.name(id)).collect();
        let observers: Vec<&str> =
            work.observed_by.iter().flat_map(|it| it.iter()).map(|id| self.name(id)).collect();
        let observed = match observers.as_slice() {
            [] => String::new(),
            names => format!(", observed by {}", names.join(" and ")),
        };
        let text = format!(
            "{}, {}, handled by {}{observed}: {}",
            work.ticket,
            work.on,
            names.join(" and "),
            work.summary.trim()
        );
        Evidence { text, subject: work.ticket.clone(), link: EvidenceLink::Practice }
    }
}
