//! The verdict on every criterion, from the records: what is asked for, what there is, what proves it, what is missing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use crate::assess::ledger::{Ledger, counting};
use crate::assess::roster::side_name;
use crate::assess::training::is_enough;
use crate::assess::{
    DocumentAssessment, Evidence, EvidenceLink, ModuleAssessment, Status, Verdict,
};
use crate::link::DocumentId;
use crate::parse::plan::{Check, Criterion, Escalation, Module, Side};
use crate::parse::records::{Certification, EscalationTest, Record, Work};
use crate::source::Spanned;

/// How a criterion stands before exceptions.
#[derive(Clone, Debug)]
pub struct Judgment {
    pub verdict: Verdict,
    pub target: String,
    pub actual: String,
    pub evidence: Vec<Evidence>,
    pub gaps: Vec<Gap>,
}

/// Something that a criterion lacks.
#[derive(Clone, Debug)]
pub struct Gap {
    /// "Luke Brandt: not certified".
    pub what: String,
    /// What to do about it: "Certify Luke Brandt".
    pub to_do: String,
    pub document: Option<DocumentId>,
    /// The id of the person whose turn it is, where that is not the criterion's owner.
    pub owner: Option<String>,
}

/// What criteria are judged by.
pub struct Bench<'a> {
    pub ledger: &'a Ledger<'a>,
    pub documents: &'a BTreeMap<DocumentId, DocumentAssessment>,
    pub training: &'a [ModuleAssessment],
}

impl Judgment {
    fn new(target: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unmet,
            target: target.into(),
            actual: actual.into(),
            evidence: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// There is nothing to judge by, and this is why.
    fn not_assessed(target: impl Into<String>, why: impl Into<String>) -> Self {
        let why = why.into();
        let gap = Gap::new(why.clone(), why.clone());
        Self { verdict: Verdict::NotAssessed, gaps: vec![gap], ..Self::new(target, why) }
    }

    /// Met when nothing is missing.
    fn with(mut self, evidence: Vec<Evidence>, gaps: Vec<Gap>) -> Self {
        self.verdict = if gaps.is_empty() { Verdict::Met } else { Verdict::Unmet };
        self.evidence = evidence;
        self.gaps = gaps;
        self
    }
}

impl Gap {
    fn new(what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { what: what.into(), to_do: to_do.into(), document: None, owner: None }
    }

    fn owned_by(mut self, person: &str) -> Self {
        self.owner = Some(person.to_owned());
        self
    }
}

impl<'a> Bench<'a> {
    pub fn judge(&self, criterion: &Criterion) -> Judgment {
        match &criterion.check.value {
            Check::Certification { by, people, min_score } => {
                self.certification(by.as_ref(), people, *min_score)
            }
            Check::DocumentsReviewed { kinds, documents } => {
                self.documents_reviewed(kinds, documents)
            }
            Check::TrainingComplete { modules } => self.training_complete(modules),
            Check::WorkHandled { .. } => self.work_handled(&criterion.check.value),
            Check::EscalationTested { levels, valid_days } => {
                self.escalation_tested(levels, *valid_days)
            }
            Check::Manual { evidence, confirmed_by, on } => {
                let on = on.as_ref().map(|on| on.value.0);
                self.manual(&criterion.statement, evidence, confirmed_by.as_ref(), on)
            }
        }
    }

    fn name<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.ledger.roster.name(id)
    }

    /// Returns the people of a team or a side, the receiving side where none is named, and what they are called.
    fn members(&self, by: Option<&Spanned<String>>) -> (Vec<&'a str>, String) {
        let roster = self.ledger.roster;
        let side = |side| (roster.of_side(side), format!("the {} side", side_name(side)));
        match by {
            None => side(Side::Receiving),
            Some(by) => match (roster.name(by), &*by.value) {
                (name, id) if name != id => (roster.members(by), name.to_owned()),
                (_, "receiving") => side(Side::Receiving),
                (_, "relinquishing") => side(Side::Relinquishing),
                (name, _) => (roster.members(by), format!("`{name}`")),
            },
        }
    }

    fn certification(
        &self,
        by: Option<&Spanned<String>>,
        people: &[Spanned<String>],
        min_score: Option<f64>,
    ) -> Judgment {
        let (mut wanted, whose) = self.members(by);
        if !people.is_empty() {
            wanted = Vec::new();
            for person in people {
                if !wanted.contains(&person.value.as_str()) {
                    wanted.push(&person.value);
                }
            }
        }
        let with_score = min_score.map(|score| format!(" with a score of at least {score}"));
        let with_score = with_score.unwrap_or_default();
        if wanted.is_empty() {
            let target = format!("everybody of {whose} certified{with_score}");
            return Judgment::not_assessed(target, format!("the plan names nobody of {whose}"));
        }
        let best = self.best_certifications();
        let passes = |record: &Certification| {
            min_score.is_none_or(|least| record.score.is_some_and(|score| score >= least))
        };
        let (mut evidence, mut gaps) = (Vec::new(), Vec::new());
        for person in &wanted {
            let name = self.name(person);
            let what = match best.get(person) {
                Some(record) if passes(record) => {
                    evidence.push(self.certified(record));
                    continue;
                }
                Some(record) => match record.score {
                    Some(score) => {
                        format!("{name}: scored {score} on {}{}", record.on, least(min_score))
                    }
                    None => format!(
                        "{name}: certified on {} without a score{}",
                        record.on,
                        least(min_score)
                    ),
                },
                None => format!("{name}: not certified"),
            };
            gaps.push(Gap::new(what, format!("Certify {name}")).owned_by(person));
        }
        let actual = format!("{} of {} certified", evidence.len(), wanted.len());
        Judgment::new(format!("{} certified{with_score}", people_count(wanted.len())), actual)
            .with(evidence, gaps)
    }

    /// Returns the live certification of each person with the highest score, the latest of equals.
    fn best_certifications(&self) -> BTreeMap<&'a str, &'a Record<Certification>> {
        let mut best: BTreeMap<&str, &Record<Certification>> = BTreeMap::new();
        let records = &self.ledger.portal.records.certifications;
        let rank = |record: &Certification| (record.score.unwrap_or(-1.0), record.on.value);
        for (_, record) in counting(records, &self.ledger.standing.certifications) {
            let known = best.entry(&record.person.value).or_insert(record);
            if rank(known) < rank(record) {
                *known = record;
            }
        }
        best
    }

    fn certified(&self, record: &Certification) -> Evidence {
        let name = self.name(&record.person);
        let score = record.score.map(|score| format!(", score {score}")).unwrap_or_default();
        let by = self.name(&record.certified_by);
        let text = format!("{name} certified on {} by {by}{score}", record.on);
        Evidence { text, link: EvidenceLink::Training }
    }

    fn documents_reviewed(&self, kinds: &[String], ids: &[Spanned<String>]) -> Judgment {
        let all = kinds.is_empty() && ids.is_empty();
        let ids: BTreeSet<&str> = ids.iter().map(|id| id.as_str()).collect();
        let required = self.ledger.portal.plan.iter().flat_map(|plan| &plan.documents);
        let planned: BTreeMap<&str, &str> =
            required.filter_map(|it| Some((it.id.as_str(), it.kind.as_deref()?))).collect();
        let kind = |document: &DocumentAssessment| {
            let read =
                document.path.as_ref().and_then(|path| self.ledger.portal.documents.get(path));
            let own = read.and_then(|read| read.meta.kind.as_ref()).map(|kind| kind.value.as_str());
            own.or_else(|| planned.get(document.id.as_str()).copied()).unwrap_or_default()
        };
        let wanted: Vec<&DocumentAssessment> = self
            .documents
            .values()
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
        gaps.extend(lacking.into_iter().map(|document| self.unreviewed(document)));
        let done: usize = counts.iter().map(|(_, count)| count).sum();
        let evidence = counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(status, count)| Evidence {
                text: format!("{} {}", document_count(*count), status_name(*status)),
                link: EvidenceLink::Register,
            })
            .collect();
        Judgment::new(
            format!("{}{of_kind} reviewed and up to date", document_count(total)),
            format!("{done} of {total}"),
        )
        .with(evidence, gaps)
    }

    fn unreviewed(&self, document: &DocumentAssessment) -> Gap {
        let id = &document.id;
        let why = document.reasons.first().map(String::as_str).unwrap_or_default();
        let read = document.path.as_ref().and_then(|path| self.ledger.portal.documents.get(path));
        let owner = read.and_then(|read| read.meta.owner.as_ref()).map(|owner| owner.as_str());
        let asked = read.and_then(|read| read.meta.reviewers.first()).map(|name| name.as_str());
        let last = document
            .approvals
            .last()
            .map(|index| self.ledger.portal.records.reviews[*index].reviewer.value.as_str());
        let (to_do, whose) = match document.status {
            Status::Missing => (format!("Write `{id}`"), self.planned_owner(id)),
            Status::ChangesRequested => {
                (format!("Answer the request for changes to `{id}`"), owner)
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

    fn planned_owner(&self, id: &str) -> Option<&'a str> {
        let mut required = self.ledger.portal.plan.iter().flat_map(|plan| &plan.documents);
        Some(&required.find(|it| it.id.value == id)?.owner.as_ref()?.value)
    }

    fn training_complete(&self, only: &[Spanned<String>]) -> Judgment {
        let modules = self.ledger.portal.plan.iter().flat_map(|plan| &plan.modules);
        let wanted: Vec<(&Module, &ModuleAssessment)> = modules
            .zip(self.training)
            .filter(|(module, _)| {
                only.is_empty() || only.iter().any(|id| id.value == module.id.value)
            })
            .collect();
        let mut gaps: Vec<Gap> = only
            .iter()
            .filter(|id| !wanted.iter().any(|(module, _)| module.id.value == id.value))
            .map(|id| {
                Gap::new(
                    format!("`{id}`: there is no such module"),
                    format!("Plan the module `{id}`"),
                )
            })
            .collect();
        let total = wanted.len() + gaps.len();
        if total == 0 {
            return Judgment::not_assessed(
                "every training module attended",
                "the plan has no modules",
            );
        }
        let mut evidence = Vec::new();
        for (module, assessed) in &wanted {
            if assessed.complete {
                let days: Vec<String> = assessed.held.iter().map(ToString::to_string).collect();
                let people = people_count(assessed.attendance.len());
                evidence.push(Evidence {
                    text: format!("{}: {people}, held on {}", module.title, days.join(" and ")),
                    link: EvidenceLink::Training,
                });
            } else if assessed.attendance.is_empty() {
                let what = format!("{}: the plan names nobody whom it is for", module.title);
                gaps.push(Gap::new(what, format!("Name the audience of {}", module.title)));
            }
            for (person, hours) in &assessed.attendance {
                if !is_enough(*hours, module.hours) {
                    let name = self.name(person);
                    let what =
                        format!("{}: {name}, {hours} of {} hours", module.title, module.hours);
                    let to_do =
                        format!("Attend {}: {hours} of {} hours", module.title, module.hours);
                    gaps.push(Gap::new(what, to_do).owned_by(person));
                }
            }
        }
        let modules = if total == 1 { "1 module".into() } else { format!("{total} modules") };
        let actual = format!("{} of {total} attended by all", evidence.len());
        Judgment::new(format!("{modules} attended by everybody they are for"), actual)
            .with(evidence, gaps)
    }

    /// Counts what the team did alone: all who performed it are of the team. One ticket counts once.
    fn work_handled(&self, check: &Check) -> Judgment {
        let Check::WorkHandled { count, kinds, severities, by, observed } = check else {
            return Judgment::not_assessed("", "");
        };
        let (members, whose) = self.members(by.as_ref());
        let pieces = |count: usize| {
            let pieces = if count == 1 { "piece" } else { "pieces" };
            match kinds.as_slice() {
                [] => format!("{count} {pieces} of work"),
                kinds => format!("{count} {pieces} of work ({})", kinds.join(" or ")),
            }
        };
        let needed = pieces(*count as usize);
        let severity = if severities.is_empty() {
            String::new()
        } else {
            format!(" of {}", severities.join(", "))
        };
        let watched = if *observed { ", observed by the other side" } else { "" };
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
        let short = (*count as usize).saturating_sub(evidence.len());
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
        Evidence { text, link: EvidenceLink::Practice }
    }

    /// The last test of a level is what counts: a matrix that failed since it worked is not active.
    fn escalation_tested(&self, only: &[Spanned<u32>], valid_days: Option<u32>) -> Judgment {
        let matrix = self.ledger.portal.plan.iter().flat_map(|plan| &plan.escalations);
        let is_wanted = |level: u32| only.is_empty() || only.iter().any(|it| it.value == level);
        let wanted: Vec<&Escalation> = matrix.filter(|it| is_wanted(it.level.value)).collect();
        let mut gaps: Vec<Gap> = only
            .iter()
            .filter(|level| !wanted.iter().any(|it| it.level.value == level.value))
            .map(|level| {
                let what = format!("level {level}: the escalation matrix has no such level");
                Gap::new(what, format!("Add level {level} to the escalation matrix"))
            })
            .collect();
        let total = wanted.len() + gaps.len();
        if total == 0 {
            let target = "every escalation level tested and acknowledged in time";
            return Judgment::not_assessed(target, "the plan has no escalation matrix");
        }
        let mut last: BTreeMap<u32, &EscalationTest> = BTreeMap::new();
        let records = &self.ledger.portal.records.escalation_tests;
        for (_, test) in counting(records, &self.ledger.standing.escalation_tests) {
            let known = last.entry(test.level.value).or_insert(&test.event);
            if known.on.value <= test.on.value {
                *known = &test.event;
            }
        }
        let mut evidence = Vec::new();
        for level in wanted {
            match self.tested(level, last.get(&level.level.value).copied(), valid_days) {
                Ok(proof) => evidence.push(proof),
                Err(what) => {
                    gaps.push(Gap::new(what, format!("Test escalation level {}", level.level)))
                }
            }
        }
        let fresh =
            valid_days.map(|days| format!(" within the last {days} days")).unwrap_or_default();
        let levels = if total == 1 { "1 level".into() } else { format!("{total} levels") };
        let target = format!("{levels} tested{fresh} and acknowledged in time");
        Judgment::new(target, format!("{} of {total}", evidence.len())).with(evidence, gaps)
    }

    /// Returns the proof that a level answers, or what is wrong with its last test.
    fn tested(
        &self,
        level: &Escalation,
        test: Option<&EscalationTest>,
        valid_days: Option<u32>,
    ) -> Result<Evidence, String> {
        let number = level.level.value;
        let Some(test) = test else { return Err(format!("level {number}: not tested")) };
        let on = test.on.value;
        let Some(by) = &test.acknowledged_by else {
            return Err(format!("level {number}: nobody answered on {on}"));
        };
        let by = self.name(by);
        let limit = level.acknowledge_minutes;
        let Some(minutes) = test.minutes else {
            return Err(format!(
                "level {number}: acknowledged by {by} on {on}, the minutes are not recorded"
            ));
        };
        let proof = format!("acknowledged by {by} in {minutes} of {limit} minutes on {on}");
        if minutes > limit {
            return Err(format!("level {number}: {proof}, too late"));
        }
        let last_day = valid_days.and_then(|days| on.checked_add_days(Days::new(days.into())));
        match last_day {
            Some(last_day) if last_day < self.ledger.today => {
                Err(format!("level {number}: {proof}, which counted until {last_day}"))
            }
            _ => Ok(Evidence {
                text: format!("level {number} {proof}"),
                link: EvidenceLink::Escalation,
            }),
        }
    }

    fn manual(
        &self,
        statement: &str,
        evidence: &[Spanned<String>],
        confirmed_by: Option<&Spanned<String>>,
        on: Option<chrono::NaiveDate>,
    ) -> Judgment {
        let target = "confirmed by a person, with evidence";
        if evidence.is_empty() {
            return Judgment::not_assessed(target, "no evidence is named");
        }
        let proofs: Vec<Evidence> = evidence.iter().map(|it| self.proof(it)).collect();
        let known = confirmed_by.filter(|id| self.ledger.roster.knows(id));
        let (actual, confirmed) = match (known, on) {
            (Some(id), Some(on)) if on <= self.ledger.today => {
                (format!("confirmed by {} on {on}", self.name(id)), true)
            }
            (Some(_), Some(on)) => (format!("to be confirmed on {on}"), false),
            (Some(_), None) => ("confirmed without a day".to_owned(), false),
            (None, _) => ("not confirmed".to_owned(), false),
        };
        let gap = Gap::new(actual.clone(), format!("Confirm: {}", statement.trim()));
        let gaps = if confirmed { Vec::new() } else { vec![gap] };
        Judgment::new(target, actual).with(proofs, gaps)
    }

    fn proof(&self, evidence: &str) -> Evidence {
        let link = if self.ledger.portal.ids.contains_key(evidence) {
            EvidenceLink::Document(evidence.to_owned())
        } else if evidence.starts_with("https://") || evidence.starts_with("http://") {
            EvidenceLink::Address(evidence.to_owned())
        } else {
            EvidenceLink::None
        };
        let document = self.ledger.portal.document(evidence);
        let text = document.map_or(evidence, |document| &document.title).to_owned();
        Evidence { text, link }
    }
}

fn least(min_score: Option<f64>) -> String {
    min_score.map(|score| format!(", at least {score} is needed")).unwrap_or_default()
}

fn people_count(count: usize) -> String {
    if count == 1 { "1 person".into() } else { format!("{count} people") }
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
