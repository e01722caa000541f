//! The status of every document, from its digest, the reviews, the policy and the day.
//!
//! What counts is what each reviewer says last. A reviewer's request for changes stands until the same reviewer approves:
//! nobody's objection is overruled by a colleague, only by an exception, which names who did. The policy decides who may
//! approve; the `reviewers` in front matter are who is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use crate::assess::again::Memory;
use crate::assess::digest::{self, Digest};
use crate::assess::ledger::Ledger;
use crate::assess::past;
use crate::assess::standing::act_name;
use crate::assess::{Counts, DocumentAssessment, Known, Part, Status, Verdicts};
use crate::history::Commit;
use crate::link::{DocumentId, Portal};
use crate::parse::dialect::{is_markdown, stem};
use crate::parse::document::Document;
use crate::parse::plan::ReviewPolicy;
use crate::parse::records::{Outcome, Review};
use crate::parse::summary::{Chapter, SummaryItem};
use crate::source::{SourcePath, beside};

/// So many commits are named that touched covered code.
const MOST_COMMITS: usize = 5;

/// Judges every document of the portal, and names those that are missing.
pub fn documents(ledger: &Ledger<'_>, memory: &Memory) -> Arc<Verdicts> {
    let Known { portal, digests, .. } = ledger.known;
    let known: Vec<bool> = beside(digests, &memory.digests)
        .map(|(_, digest, known)| known.is_some_and(|known| Arc::ptr_eq(known, digest)))
        .collect();
    let read = beside(&portal.documents, &memory.documents);
    let unknown: Vec<(&SourcePath, &Arc<Document>)> = read
        .zip(known)
        .filter(|((_, document, read), known)| {
            !known || read.is_none_or(|read| !Arc::ptr_eq(read, document))
        })
        .map(|((path, document, _), _)| (path, document))
        .collect();
    if let Some(verdicts) = memory.verdicts.as_ref().filter(|_| unknown.is_empty()) {
        return Arc::clone(verdicts);
    }
    let missing = missing(portal);
    let asked = unknown.iter().map(|(_, document)| document.id.as_str());
    let asked = asked.chain(missing.iter().map(|(id, _)| id.as_str())).collect();
    let reviews = reviews_by_document(ledger, &asked);
    let none = Vec::new();
    let judged: Vec<DocumentAssessment> = unknown
        .par_iter()
        .map(|(path, document)| {
            let reviews = reviews.get(document.id.as_str()).unwrap_or(&none);
            judge(ledger, &document.id, path, document, reviews)
        })
        .collect();
    let known = memory.verdicts.as_deref();
    let mut documents = known.cloned().unwrap_or_default();
    documents.extend(judged.into_iter().map(|judged| (judged.id.clone(), Arc::new(judged))));
    for (id, why) in &missing {
        let reviews = reviews.get(id.as_str()).unwrap_or(&none);
        let absent = || Arc::new(absent(ledger, id.clone(), why, reviews));
        documents.entry(id.clone()).or_insert_with(absent);
    }
    Arc::new(documents)
}

/// Returns the reviews of some documents up to the day, by document, oldest first.
fn reviews_by_document<'a>(
    ledger: &Ledger<'a>,
    asked: &BTreeSet<&str>,
) -> BTreeMap<&'a str, Vec<usize>> {
    let mut by_document: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let reviews = &ledger.portal.records.reviews;
    for (index, review) in reviews.iter().enumerate() {
        if *review.on.value <= ledger.today && asked.contains(review.document.as_str()) {
            by_document.entry(&review.document.value).or_default().push(index);
        }
    }
    for indices in by_document.values_mut() {
        indices.sort_by_key(|index| (reviews[*index].on.value, *index));
    }
    by_document
}

/// Returns the ids that the plan requires or the summary lists and no document has, each with who asks for it.
fn missing(portal: &Portal) -> Vec<(DocumentId, &'static str)> {
    let mut missing = Vec::new();
    for required in portal.plan.iter().flat_map(|plan| &plan.documents) {
        if !portal.ids.contains_key(&required.id.value) {
            missing.push((
                required.id.value.clone(),
                "the plan requires it, and there is no such document",
            ));
        }
    }
    let mut chapters: Vec<&Chapter> = Vec::new();
    for item in portal.summary.iter().flat_map(|summary| &summary.items).rev() {
        if let SummaryItem::Chapter(chapter) = item {
            chapters.push(chapter);
        }
    }
    while let Some(chapter) = chapters.pop() {
        chapters.extend(chapter.nested.iter().rev());
        let Some(path) = &chapter.path else { continue };
        let there = portal.documents.contains_key(path) || portal.drafts.contains(path);
        if is_markdown(path.name()) && !there {
            let content = &portal.config.book.src.value;
            let below = path.below(content).unwrap_or(path.as_str());
            let id = stem(below).to_owned();
            missing.push((id, "`SUMMARY.md` lists it, and there is no such file"));
        }
    }
    missing
}

fn absent(ledger: &Ledger<'_>, id: DocumentId, why: &str, reviews: &[usize]) -> DocumentAssessment {
    let mut document = DocumentAssessment {
        path: None,
        status: Status::Missing,
        reasons: vec![why.to_owned()],
        changed: Vec::new(),
        covered: Vec::new(),
        compared: None,
        digest: String::new(),
        parts: None,
        reviews: reviews.to_vec(),
        approvals: Vec::new(),
        due: None,
        exception: None,
        id,
    };
    waive(ledger, &mut document);
    document
}

fn judge(
    ledger: &Ledger<'_>,
    id: &str,
    path: &SourcePath,
    document: &Document,
    reviews: &[usize],
) -> DocumentAssessment {
    let known = ledger.known.digests.get(path);
    let anew = || Arc::new(digest::digest(ledger.portal, path, document));
    let digest = known.cloned().unwrap_or_else(anew);
    let valid_days = valid_days(document, &ledger.policy);
    let case = Case { ledger, path, digest: &digest, policy: &ledger.policy, valid_days };
    let words = case.last_words(reviews);
    let mut judged = DocumentAssessment {
        id: id.to_owned(),
        path: Some(path.clone()),
        reviews: reviews.to_vec(),
        ..case.status(&words, document)
    };
    judged.digest.clone_from(&digest.whole);
    judged.parts = Some(digest.parts.clone());
    judged.compared = past::compared(ledger, &judged);
    waive(ledger, &mut judged);
    judged
}

/// Returns for how many days an approval of a document holds.
pub fn valid_days(document: &Document, policy: &ReviewPolicy) -> Option<u32> {
    document.meta.review.valid_days.or(policy.valid_days)
}

/// Returns the last day on which an approval holds.
pub fn last_day(approval: &Review, valid_days: Option<u32>) -> Option<NaiveDate> {
    approval.on.value.checked_add_days(Days::new(u64::from(valid_days?)))
}

/// Lets a document through that a live exception covers, and keeps in the reasons why it needs one.
fn waive(ledger: &Ledger<'_>, document: &mut DocumentAssessment) {
    if matches!(document.status, Status::Approved | Status::Exempt) {
        return;
    }
    let Some(index) = ledger.exception(&document.id) else { return };
    document.status = Status::Waived;
    document.exception = Some(index);
    document.reasons.insert(0, ledger.waiver(index));
}

/// What one document is judged by.
struct Case<'a> {
    ledger: &'a Ledger<'a>,
    path: &'a SourcePath,
    digest: &'a Digest,
    policy: &'a ReviewPolicy,
    valid_days: Option<u32>,
}

/// What each reviewer says last, as indices into the reviews, oldest first.
#[derive(Default)]
struct LastWords {
    /// Requests for changes that their reviewer has not taken back.
    requests: Vec<usize>,
    /// Approvals of the present text, also those that have run out.
    current: Vec<usize>,
    /// Approvals of an earlier text, by reviewers who have not approved the present one.
    earlier: Vec<usize>,
}

impl Case<'_> {
    fn review(&self, index: usize) -> &Review {
        &self.ledger.portal.records.reviews[index]
    }

    fn last_words(&self, reviews: &[usize]) -> LastWords {
        let mut by_reviewer: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for index in reviews {
            if self.ledger.standing.reviews[*index] == Counts::Yes {
                by_reviewer.entry(&self.review(*index).reviewer.value).or_default().push(*index);
            }
        }
        let mut words = LastWords::default();
        for said in by_reviewer.values() {
            let approves = |index: &&usize| self.review(**index).outcome == Outcome::Approved;
            let since_request: Vec<usize> =
                said.iter().rev().take_while(approves).copied().collect();
            // A text that comes back is approved by whoever approved it, whatever they approved in between.
            let current = since_request.iter().find(|index| self.is_current(**index));
            match (current, since_request.first(), said.last()) {
                (Some(current), ..) => words.current.push(*current),
                (None, Some(earlier), _) => words.earlier.push(*earlier),
                (None, None, Some(request)) => words.requests.push(*request),
                (None, None, None) => {}
            }
        }
        for indices in [&mut words.requests, &mut words.current, &mut words.earlier] {
            indices.sort_by_key(|index| (self.review(*index).on.value, *index));
        }
        words
    }

    fn is_current(&self, index: usize) -> bool {
        self.review(index).digest.eq_ignore_ascii_case(&self.digest.whole)
    }

    /// Returns the last day on which an approval holds.
    fn last_day(&self, index: usize) -> Option<NaiveDate> {
        last_day(self.review(index), self.valid_days)
    }

    fn holds(&self, index: usize) -> bool {
        self.last_day(index).is_none_or(|last| last >= self.ledger.today)
    }

    fn status(&self, words: &LastWords, document: &Document) -> DocumentAssessment {
        let needed = self.policy.approvals.max(1) as usize;
        let holding: Vec<usize> =
            words.current.iter().copied().filter(|index| self.holds(*index)).collect();
        // What an approver knew of the code is no more, where it has changed since.
        let apt: Vec<usize> =
            holding.iter().copied().filter(|index| self.covered(*index).is_empty()).collect();
        let ever: Vec<usize> = words.current.iter().chain(&words.earlier).copied().collect();
        let (status, reasons) = if !words.requests.is_empty() {
            (Status::ChangesRequested, self.requests(&words.requests))
        } else if let Some(why) = &document.meta.review.exempt {
            (Status::Exempt, vec![format!("needs no review: {}", why.value.trim())])
        } else if apt.len() >= needed {
            (Status::Approved, self.approved(&apt, needed))
        } else if holding.len() >= needed {
            (Status::Changed, self.covered_code(&holding))
        } else if words.current.len() >= needed {
            (Status::Expired, self.ran_out(&words.current))
        } else if ever.len() >= needed {
            (Status::Changed, vec![self.changed(&words.earlier)])
        } else {
            (Status::Unreviewed, self.too_few(holding.len(), needed, &words.earlier))
        };
        let approvals = match status {
            Status::Approved => apt,
            Status::Expired => words.current.clone(),
            Status::Exempt => Vec::new(),
            _ => ever,
        };
        let changed = match status {
            Status::Changed if holding.len() >= needed => vec![Part::Code],
            Status::Changed => self.changed_parts(&words.earlier),
            _ => Vec::new(),
        };
        let covered = match status {
            Status::Changed if holding.len() >= needed => self.newest_covered(&holding),
            _ => None,
        };
        let due = matches!(status, Status::Approved | Status::Expired)
            .then(|| self.due(&approvals, needed))
            .flatten();
        DocumentAssessment {
            id: String::new(),
            path: None,
            status,
            reasons,
            changed,
            covered: covered.map(|(_, commits)| commits.to_vec()).unwrap_or_default(),
            compared: None,
            digest: String::new(),
            parts: None,
            reviews: Vec::new(),
            approvals,
            due,
            exception: None,
        }
    }

    /// Returns the last day on which enough approvals hold.
    fn due(&self, approvals: &[usize], needed: usize) -> Option<NaiveDate> {
        let mut last_days: Vec<NaiveDate> =
            approvals.iter().filter_map(|index| self.last_day(*index)).collect();
        last_days.sort_unstable();
        last_days.iter().rev().nth(needed - 1).copied()
    }

    fn who_and_when(&self, index: usize) -> String {
        let review = self.review(index);
        format!("{} on {}", self.ledger.roster.name(&review.reviewer), review.on)
    }

    fn requests(&self, requests: &[usize]) -> Vec<String> {
        let reason = |index: &usize| {
            let note = self.review(*index).note.as_deref().map(str::trim).unwrap_or_default();
            let note = if note.is_empty() { String::new() } else { format!(": {note}") };
            let since = if self.is_current(*index) {
                ""
            } else {
                " (the document has changed since, and waits for their review)"
            };
            format!("changes requested by {}{since}{note}", self.who_and_when(*index))
        };
        requests.iter().map(reason).collect()
    }

    fn approved(&self, holding: &[usize], needed: usize) -> Vec<String> {
        let mut reasons: Vec<String> = holding
            .iter()
            .map(|index| {
                let act = act_name(self.review(*index).act);
                format!("{act} and approved by {}", self.who_and_when(*index))
            })
            .collect();
        reasons.extend(self.due(holding, needed).map(|due| format!("holds until {due}")));
        reasons
    }

    /// Returns the commits that touched covered code after a review.
    fn covered(&self, index: usize) -> &[Arc<Commit>] {
        let since = past::since(self.review(index), self.ledger.today);
        let covered = self.ledger.known.history.map(|history| &history.covered);
        let commits = covered.and_then(|covered| covered.get(&(self.path.clone(), since)));
        commits.map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the last of these approvals that covered code has changed since, with the commits.
    fn newest_covered(&self, holding: &[usize]) -> Option<(usize, &[Arc<Commit>])> {
        let newest = holding.iter().rev().map(|index| (*index, self.covered(*index)));
        newest.into_iter().find(|(_, commits)| !commits.is_empty())
    }

    /// Says since which approval covered code has changed, and names the commits, the newest first.
    fn covered_code(&self, holding: &[usize]) -> Vec<String> {
        let Some((index, commits)) = self.newest_covered(holding) else { return Vec::new() };
        let who = self.who_and_when(index);
        let mut reasons = vec![format!("covered code changed since the approval by {who}")];
        reasons.extend(commits.iter().take(MOST_COMMITS).map(|commit| {
            let (id, day) = (commit.short(), commit.date.date_naive());
            format!("commit {id} by {} on {day} touched it: {}", commit.author, commit.summary)
        }));
        if let Some(more) = commits.len().checked_sub(MOST_COMMITS).filter(|more| *more > 0) {
            let commits = if more == 1 { "commit" } else { "commits" };
            reasons.push(format!("and {more} more {commits}"));
        }
        reasons
    }

    fn ran_out(&self, current: &[usize]) -> Vec<String> {
        let reason = |index: &usize| {
            let last_day = self.last_day(*index)?;
            let who = self.who_and_when(*index);
            Some(format!("the approval by {who} ran out after {last_day}"))
        };
        current.iter().filter(|index| !self.holds(**index)).filter_map(reason).collect()
    }

    fn changed(&self, earlier: &[usize]) -> String {
        let parts = match self.changed_parts(earlier).as_slice() {
            [] => "changed".to_owned(),
            parts => {
                let names: Vec<&str> = parts.iter().map(|part| part_name(*part)).collect();
                match names.as_slice() {
                    [start @ .., last] if !start.is_empty() => {
                        format!("{} and {last} changed", start.join(", "))
                    }
                    names => format!("{} changed", names.concat()),
                }
            }
        };
        match earlier.last() {
            Some(last) => format!("{parts} since the approval by {}", self.who_and_when(*last)),
            None => parts,
        }
    }

    /// Returns what differs from the text that was approved last, where that review says enough to tell.
    fn changed_parts(&self, earlier: &[usize]) -> Vec<Part> {
        let last = earlier.last().and_then(|index| self.review(*index).parts.as_ref());
        last.map(|parts| digest::changed(parts, &self.digest.parts)).unwrap_or_default()
    }

    fn too_few(&self, holding: usize, needed: usize, earlier: &[usize]) -> Vec<String> {
        let mut reasons = vec![match (holding, needed) {
            (0, 1) => "nobody whose word counts has approved it yet".to_owned(),
            _ => format!("{holding} of {needed} approvals"),
        }];
        if !earlier.is_empty() {
            reasons.push(self.changed(earlier));
        }
        reasons
    }
}

/// Returns what a part is called at the head of "… changed since".
pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Text => "text",
        Part::Include => "an included file",
        Part::Image => "an image",
        Part::Metadata => "metadata",
        Part::Code => "covered code",
    }
}
