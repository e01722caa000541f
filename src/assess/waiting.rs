//! What waits for whom: each document, the people whose turn it is, and since when, in the order in which it is worth doing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::assess::roster::Roster;
use crate::assess::standing::Judge;
use crate::assess::{Assessment, Counts, DocumentAssessment, Status};
use crate::history::{History, LastChange};
use crate::link::Portal;
use crate::parse::records::{Outcome, Review};

/// A document and whose turn it is.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    pub document: &'a DocumentAssessment,
    pub severity: Option<&'a str>,
    /// When it became what it is, where that is known.
    pub since: Option<NaiveDate>,
    /// The ids of people, in the order in which they are to be asked. Nobody's turn it is where nothing is to be done.
    pub people: Vec<&'a str>,
}

/// Returns every document: the worst status first, then the gravest, then what waits longest. What nobody knows the day of
/// counts as the oldest.
pub fn waiting<'a>(
    portal: &'a Portal,
    assessment: &'a Assessment,
    history: Option<&History>,
) -> Vec<Waiting<'a>> {
    let roster = Roster::new(portal.plan.as_ref());
    let judge = Judge::new(portal, &roster, assessment.today);
    let queue = Queue { portal, assessment, history, roster: &roster, judge: &judge };
    let mut waiting: Vec<Waiting<'a>> =
        assessment.documents.values().map(|document| queue.waiting(document)).collect();
    waiting.sort_by_cached_key(|it| {
        let severity = (it.severity.is_none(), it.severity.map(str::to_owned));
        (it.document.status, severity, it.since, it.document.id.clone())
    });
    waiting
}

struct Queue<'a, 'b> {
    portal: &'a Portal,
    assessment: &'a Assessment,
    history: Option<&'b History>,
    roster: &'b Roster<'a>,
    judge: &'b Judge<'b>,
}

impl<'a> Queue<'a, '_> {
    fn waiting(&self, document: &'a DocumentAssessment) -> Waiting<'a> {
        let meta = self.portal.document(&document.id).map(|read| &read.meta);
        let severity = meta.and_then(|meta| meta.severity.as_ref());
        let words = self.last_words(document);
        let requests: Vec<&Review> =
            words.iter().copied().filter(|it| it.outcome == Outcome::ChangesRequested).collect();
        Waiting {
            document,
            severity: severity.map(|severity| severity.value.as_str()),
            since: self.since(document, &requests),
            people: self.people(document, &words, &requests),
        }
    }

    /// Returns the last review that counts of everybody who reviewed the document.
    fn last_words(&self, document: &DocumentAssessment) -> Vec<&'a Review> {
        let mut words: BTreeMap<&str, &'a Review> = BTreeMap::new();
        for index in &document.reviews {
            if self.assessment.standing.reviews.get(*index) == Some(&Counts::Yes) {
                let review = &self.portal.records.reviews[*index].event;
                words.insert(&review.reviewer.value, review);
            }
        }
        words.into_values().collect()
    }

    fn since(&self, document: &DocumentAssessment, requests: &[&Review]) -> Option<NaiveDate> {
        let changed = || match self.history?.last.get(document.path.as_ref()?)? {
            LastChange::In(commit) => Some(commit.date.date_naive()),
            LastChange::Unknown | LastChange::Uncommitted | LastChange::Submodule => None,
        };
        match document.status {
            Status::Missing => None,
            Status::ChangesRequested => requests.iter().map(|request| request.on.value.0).min(),
            Status::Unreviewed | Status::Changed => changed(),
            Status::Expired | Status::Approved => document.due,
            Status::Waived => {
                let exception = document.exception?;
                let record = self.assessment.exceptions.get(exception)?.record;
                Some(self.portal.records.exceptions[record].expires.value.0)
            }
            Status::Exempt => None,
        }
    }

    fn people(
        &self,
        document: &'a DocumentAssessment,
        words: &[&'a Review],
        requests: &[&'a Review],
    ) -> Vec<&'a str> {
        let is_current = |review: &Review| review.digest.eq_ignore_ascii_case(&document.digest);
        match document.status {
            Status::Waived | Status::Exempt | Status::Approved => Vec::new(),
            Status::Missing => self.owner(document),
            Status::ChangesRequested => {
                let (open, answered): (Vec<&Review>, Vec<&Review>) =
                    requests.iter().copied().partition(|request| is_current(request));
                let owner = if open.is_empty() { Vec::new() } else { self.owner(document) };
                let askers = answered.into_iter().map(|request| request.reviewer.value.as_str());
                owner.into_iter().chain(askers).collect()
            }
            Status::Unreviewed => {
                let done = words.iter().filter(|word| is_current(word));
                let done: Vec<&str> = done.map(|word| word.reviewer.value.as_str()).collect();
                let mut people = self.asked(document, Vec::new());
                people.retain(|person| !done.contains(person));
                people
            }
            Status::Changed | Status::Expired => {
                let approvals = document.approvals.iter();
                let last = approvals.map(|index| &self.portal.records.reviews[*index].reviewer);
                self.asked(document, last.map(|reviewer| reviewer.value.as_str()).collect())
            }
        }
    }

    /// Returns the owner of a document, or the person who speaks for a team that owns it.
    fn owner(&self, document: &DocumentAssessment) -> Vec<&'a str> {
        let owner = self.judge.owner(&document.id);
        owner.and_then(|owner| self.roster.speaker(owner)).into_iter().collect()
    }

    /// Returns who is asked for a review: those of the front matter, else those who reviewed it before, else everybody who
    /// may. Who may not is not asked.
    fn asked(&self, document: &'a DocumentAssessment, before: Vec<&'a str>) -> Vec<&'a str> {
        let meta = self.portal.document(&document.id).map(|read| &read.meta);
        let named = meta.into_iter().flat_map(|meta| &meta.reviewers);
        let named = named.flat_map(|name| self.roster.members(name)).collect();
        let everybody = self.roster.everybody();
        let may = |person: &&str| self.judge.may_speak(person, &document.id).is_ok();
        let choices: [Vec<&str>; 3] = [named, before, everybody];
        let asked = choices.into_iter().map(|people| {
            let mut asked: Vec<&str> = Vec::new();
            for person in people.into_iter().filter(may) {
                if !asked.contains(&person) {
                    asked.push(person);
                }
            }
            asked
        });
        asked.into_iter().find(|people| !people.is_empty()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::example::{day, portal, reviews};
    use crate::assess::{Known, assess};

    /// The people whose turn it is, and since when.
    fn turn(plan: &str, front_matter: &str, lines: &[&str]) -> String {
        let portal = portal(plan, front_matter, &reviews(lines));
        let assessment = assess(&Known::of(&portal), day("2026-12-18"), false);
        let waiting = waiting(&portal, &assessment, None);
        let [Waiting { document, since, people, .. }] = waiting.as_slice() else {
            panic!("one document")
        };
        let since = since.map(|since| format!(" since {since}")).unwrap_or_default();
        format!("{:?}{since}: {}", document.status, people.join(" "))
    }

    #[test]
    fn who_may_is_asked_and_of_them_first_who_is_named() {
        assert_eq!(turn("", "", &[]), "Unreviewed: ana ben");
        assert_eq!(turn("", "owner: ana", &[]), "Unreviewed: ben");
        assert_eq!(turn("", "reviewers: [ben]", &[]), "Unreviewed: ben");
        assert_eq!(turn("", "reviewers: [ops]", &[]), "Unreviewed: ana ben");
        assert_eq!(turn("", "reviewers: [rita]", &[]), "Unreviewed: ana ben", "she may not");
        assert_eq!(turn("[review]\nside = 'relinquishing'", "", &[]), "Unreviewed: rita sam");
    }

    #[test]
    fn who_has_approved_has_done_it() {
        let two = "[review]\napprovals = 2";
        let approved = "ana 2026-12-01 NOW approved";
        assert_eq!(turn(two, "", &[approved]), "Unreviewed: ben");
        assert_eq!(turn("", "", &[approved]), "Approved: ");
        assert_eq!(turn("", "", &["ben 2026-12-01 OLD approved"]), "Changed: ben");
        assert_eq!(
            turn("[review]\nvalid-days = 5", "", &[approved]),
            "Expired since 2026-12-06: ana"
        );
    }

    #[test]
    fn a_request_waits_for_the_owner_and_its_answer_for_who_asked() {
        let asked = |digest| format!("ben 2026-12-01 {digest} changes-requested");
        assert_eq!(
            turn("", "owner: rita", &[&asked("NOW")]),
            "ChangesRequested since 2026-12-01: rita"
        );
        assert_eq!(
            turn("", "owner: dev", &[&asked("OLD")]),
            "ChangesRequested since 2026-12-01: ben"
        );
    }

    #[test]
    fn the_worst_the_gravest_and_the_oldest_come_first() {
        let portal = crate::fixture::portal(
            "-- content/plan.toml --\n[[document]]\nid = 'lost'\ntitle = 'Lost'\n-- content/a.md --\n---\nseverity: SEV-3\n---\n# A\n-- content/b.md --\n# B\n-- content/c.md --\n---\nseverity: SEV-1\n---\n# C\n",
        );
        let assessment = assess(&Known::of(&portal), day("2026-12-18"), false);
        let ids: Vec<&str> = waiting(&portal, &assessment, None)
            .iter()
            .map(|waiting| waiting.document.id.as_str())
            .collect();
        assert_eq!(ids, ["lost", "c", "a", "b"]);
    }
}
