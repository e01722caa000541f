//! The records of two states → how many of each kind are new, and how many are gone.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::diagnostic::emit::counted;
use crate::parse::records::{Record, Records};

/// Returns what was added and what is gone, in words: "2 reviews", "1 training session".
pub(super) fn records(old: &Records, new: &Records) -> (Vec<String>, Vec<String>) {
    let mut words = (Vec::new(), Vec::new());
    let mut tell = |noun: &str, (added, gone): (usize, usize)| {
        for (words, count) in [(&mut words.0, added), (&mut words.1, gone)] {
            if count > 0 {
                words.push(counted(count, noun));
            }
        }
    };
    let reviews = compared(&old.reviews, &new.reviews, |it| {
        key(&[&it.document, &it.reviewer, &it.on, &it.digest, &(it.outcome as u8)])
    });
    tell("review", reviews);
    let sessions = compared(&old.sessions, &new.sessions, |it| {
        key(&[&it.module, &it.on, &it.hours, &names(it.attendees.iter())])
    });
    tell("training session", sessions);
    let certifications = compared(&old.certifications, &new.certifications, |it| {
        key(&[&it.person, &it.on, &it.certified_by])
    });
    tell("certification", certifications);
    let work = compared(&old.work, &new.work, |it| {
        key(&[&it.ticket, &it.on, &it.kind, &names(it.performed_by.iter())])
    });
    tell("handled ticket", work);
    let tests = compared(&old.escalation_tests, &new.escalation_tests, |it| {
        key(&[&it.level, &it.on, &it.minutes.unwrap_or(u32::MAX)])
    });
    tell("escalation test", tests);
    let events = compared(&old.support_events, &new.support_events, |it| {
        key(&[&it.commitment, &it.on, &it.summary])
    });
    tell("support event", events);
    let exceptions = compared(&old.exceptions, &new.exceptions, |it| {
        key(&[&it.covers, &it.reason, &it.approved_by, &it.expires])
    });
    tell("exception", exceptions);
    let decisions = compared(&old.decisions, &new.decisions, |it| {
        key(&[&it.on, &(it.outcome as u8), &it.reason])
    });
    tell("decision", decisions);
    words
}

/// Returns how many events are in the new alone, and how many in the old alone. Where they stand is no matter.
fn compared<T>(old: &[Record<T>], new: &[Record<T>], key: impl Fn(&T) -> String) -> (usize, usize) {
    let mut counts: BTreeMap<String, isize> = BTreeMap::new();
    for record in new {
        *counts.entry(key(&record.event)).or_default() += 1;
    }
    for record in old {
        *counts.entry(key(&record.event)).or_default() -= 1;
    }
    let added = counts.values().filter(|count| **count > 0).sum::<isize>();
    let gone = counts.values().filter(|count| **count < 0).sum::<isize>();
    (added.unsigned_abs(), gone.unsigned_abs())
}

fn key(parts: &[&dyn Display]) -> String {
    parts.iter().map(|part| format!("{part}\0")).collect()
}

fn names<'a, T: Display + 'a>(names: impl Iterator<Item = &'a T>) -> String {
    names.map(|name| format!("{name}\u{1}")).collect()
}
