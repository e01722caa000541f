//! Whether every document is reviewed and up to date.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::assess::criteria::{Bench, Gap, Judgment};
use crate::assess::{DocumentAssessment, Evidence, EvidenceLink, Status};
use crate::source::Spanned;

impl<'a> Bench<'a> {
    pub(super) fn documents_reviewed(&self, kinds: &[String], ids: &[Spanned<String>]) -> Judgment {
        let all = kinds.is_empty() && ids.is_empty();
        let ids: BTreeSet<&str> = ids.iter().map(|id| id.as_str()).collect();
        let kind = |document: &DocumentAssessment| {
            let read =
                document.path.as_ref().and_then(|path| self.ledger.portal.documents.get(path));
            let own = read.and_then(|read| read.meta.kind.as_ref()).map(|kind| kind.value.as_str());
            let planned = || self.ledger.required.get(&*document.id)?.kind.as_deref();
            own.or_else(planned).unwrap_or_default()
        };
        let wanted: Vec<&DocumentAssessment> = self
            .documents
            .values()
            .map(Arc::as_ref)
            .filter(|document| {
                all || ids.contains(&*document.id) || kinds.iter().any(|it| it == kind(document))
            })
            .collect();
        let of_kind =
            if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        let unknown = ids.iter().filter(|id| !self.documents.contains_key(**id));
        let mut gaps: Vec<Gap> = unknown
            .map(|id| {
                Gap::new(format!("`{id}`: there is no such document"), format!("Write `{id}`"))
            })
            .collect();
        let total = wanted.len() + gaps.len();
        if total == 0 {
            let target = format!("every document{of_kind} reviewed");
            return Judgment::not_assessed(target, "there are no such documents");
        }
        let mut counts = [(Status::Approved, 0), (Status::Exempt, 0), (Status::Waived, 0)];
        let mut lacking: Vec<&DocumentAssessment> = Vec::new();
        for document in wanted {
            match counts.iter_mut().find(|(status, _)| *status == document.status) {
                Some((_, count)) => *count += 1,
                None => lacking.push(document),
            }
        }
        lacking.sort_by(|a, b| (a.status, &a.id).cmp(&(b.status, &b.id)));
        gaps.par_extend(lacking.into_par_iter().map(|document| self.unreviewed(document)));
        let done: usize = counts.iter().map(|(_, count)| count).sum();
        let evidence = counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(status, count)| Evidence {
                text: format!("{} {}", document_count(*count), status_name(*status)),
                subject: document_count(*count),
                link: EvidenceLink::Register,
            })
            .collect();
        Judgment::new(
            format!("{}{of_kind} reviewed and up to date", document_count(total)),
            format!("{done} of {}", document_count(total)),
        )
        .with(evidence, gaps)
    }

    fn unreviewed(&self, document: &DocumentAssessment) -> Gap {
        let id = &document.id;
        let why = document.reasons.first().map(String::as_str).unwrap_or_default();
        let read = document.path.as_ref().and_then(|path| self.ledger.portal.documents.get(path));
        let owner = read.and_then(|read| read.meta.owner.as_ref()).map(|owner| owner.as_str());
        let planned = self.ledger.required.get(&**id).and_then(|it| it.owner.as_ref());
        let planned = planned.map(|owner| owner.value.as_str());
        let asked = read.and_then(|read| read.meta.reviewers.first()).map(|name| name.as_str());
        let last = document
            .approvals
            .last()
            .map(|index| self.ledger.portal.records.reviews[*index].reviewer.value.as_str());
        let (to_do, whose) = match document.status {
            Status::Missing => (format!("Write `{id}`"), planned),
            Status::ChangesRequested => {
                (format!("Answer the request for changes to `{id}`"), owner.or(planned))
            }
            Status::Changed => (format!("Review `{id}` again: {why}"), asked.or(last)),
            Status::Expired => (format!("Review `{id}` again: {why}"), asked.or(last)),
            _ => (format!("Review `{id}`"), asked),
        };
        Gap {
            what: format!("`{id}`: {}: {why}", status_name(document.status)),
            to_do,
            document: Some(id.clone()),
            owner: whose.and_then(|name| self.ledger.roster.speaker(name)).map(str::to_owned),
        }
    }
}

fn document_count(count: usize) -> String {
    if count == 1 { "1 document".into() } else { format!("{count} documents") }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Missing => "missing",
        Status::ChangesRequested => "changes requested",
        Status::Unreviewed => "unreviewed",
        Status::Changed => "changed",
        Status::Expired => "expired",
        Status::Waived => "waived",
        Status::Exempt => "exempt",
        Status::Approved => "approved",
    }
}
