//! The records as one list: where each stands, what it names, and whether it counts.

use std::sync::Arc;

use crate::assess::{Assessment, Counts};
use crate::link::Portal;
use crate::parse::records::Record;
use crate::parse::toml::Date;
use crate::source::{Source, Span, Spanned};

/// A record of any kind.
pub struct Entry<'a> {
    /// The name of its table: `review`.
    pub table: &'static str,
    pub source: &'a Arc<Source>,
    /// The header of its table.
    pub span: Span,
    pub on: Option<&'a Spanned<Date>>,
    pub names: Vec<Name<'a>>,
    pub counts: &'a Counts,
}

/// A name in a record, and what it should be the name of.
pub enum Name<'a> {
    Person(&'a Spanned<String>),
    Document(&'a Spanned<String>),
    Module(&'a Spanned<String>),
    Commitment(&'a Spanned<String>),
    CriterionOrDocument(&'a Spanned<String>),
    Level(&'a Spanned<u32>),
    Digest(&'a Spanned<String>),
}

/// Returns every record, a kind after the other, each in the order of the files.
pub fn entries<'a>(portal: &'a Portal, assessment: &'a Assessment) -> Vec<Entry<'a>> {
    use Name::{Commitment, CriterionOrDocument, Digest, Document, Level, Module, Person};
    let records = &portal.records;
    let standing = &assessment.standing;
    let mut entries = Vec::new();
    take(&mut entries, "review", &records.reviews, &standing.reviews, |review| {
        (
            Some(&review.on),
            vec![Document(&review.document), Person(&review.reviewer), Digest(&review.digest)],
        )
    });
    take(&mut entries, "session", &records.sessions, &standing.sessions, |session| {
        let people = session.trainer.iter().chain(&session.attendees).map(Person);
        (Some(&session.on), std::iter::once(Module(&session.module)).chain(people).collect())
    });
    take(
        &mut entries,
        "certification",
        &records.certifications,
        &standing.certifications,
        |passed| (Some(&passed.on), vec![Person(&passed.person), Person(&passed.certified_by)]),
    );
    take(&mut entries, "work", &records.work, &standing.work, |work| {
        let people =
            work.performed_by.iter().chain(work.observed_by.iter().flat_map(|by| by.iter()));
        (Some(&work.on), people.map(Person).chain(work.document.iter().map(Document)).collect())
    });
    take(
        &mut entries,
        "escalation-test",
        &records.escalation_tests,
        &standing.escalation_tests,
        |test| {
            let person = test.acknowledged_by.iter().map(Person);
            (Some(&test.on), std::iter::once(Level(&test.level)).chain(person).collect())
        },
    );
    take(
        &mut entries,
        "support-event",
        &records.support_events,
        &standing.support_events,
        |event| (Some(&event.on), vec![Commitment(&event.commitment)]),
    );
    take(&mut entries, "exception", &records.exceptions, &standing.exceptions, |exception| {
        let names = vec![
            CriterionOrDocument(&exception.covers),
            Person(&exception.requested_by),
            Person(&exception.approved_by),
        ];
        (exception.on.as_ref(), names)
    });
    take(&mut entries, "decision", &records.decisions, &standing.decisions, |decision| {
        (Some(&decision.on), decision.by.iter().map(Person).collect())
    });
    entries
}

fn take<'a, T>(
    entries: &mut Vec<Entry<'a>>,
    table: &'static str,
    records: &'a [Record<T>],
    standing: &'a [Counts],
    parts: impl Fn(&'a T) -> (Option<&'a Spanned<Date>>, Vec<Name<'a>>),
) {
    for (record, counts) in records.iter().zip(standing) {
        let (on, names) = parts(&record.event);
        entries.push(Entry { table, source: &record.source, span: record.span, on, names, counts });
    }
}
