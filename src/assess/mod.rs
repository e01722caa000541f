//! `Portal` + the day → `Assessment`: what is true. Verdicts are made here, and only here.

pub mod again;
pub mod calendar;
pub mod digest;
pub mod past;
pub mod roster;
pub mod ledger;
pub mod standing;
pub mod status;
pub mod waiting;
pub mod training;
pub mod escalation;
pub mod criteria;
pub mod readiness;
pub mod signatures;
#[cfg(test)]
mod edits_test;
#[cfg(test)]
mod example;
#[cfg(test)]
mod status_test;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::again::Memory;
use crate::assess::criteria::Bench;
use crate::assess::digest::Digests;
use crate::assess::ledger::Ledger;
use crate::assess::roster::Roster;
use crate::assess::signatures::SignatureAssessment;
use crate::history::{Commit, History};
use crate::link::{DocumentId, Portal};
use crate::parse::records::DigestParts;
use crate::source::SourcePath;

/// What is true of a portal on one day.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub today: NaiveDate,
    /// The day came from the clock: records after it are mistakes, not the future.
    pub today_from_clock: bool,
    /// `None` without a plan or a calendar.
    pub schedule: Option<Schedule>,
    pub support: Option<SupportWindow>,
    /// Every document that is not a draft, and every required document that is missing.
    pub documents: Arc<Verdicts>,
    /// Whether each record counts, by index into `Records`.
    pub standing: Arc<Standing>,
    /// In the order of the plan.
    pub criteria: Vec<CriterionAssessment>,
    pub training: Vec<ModuleAssessment>,
    /// Parallel to the levels of the plan's escalation matrix.
    pub escalations: Vec<EscalationAssessment>,
    pub exceptions: Vec<ExceptionAssessment>,
    /// Everything that stands between the handover and its gate.
    pub open_items: Vec<OpenItem>,
    pub readiness: Readiness,
    /// Parallel to `Portal::signatures`.
    pub signatures: Vec<SignatureAssessment>,
}

/// What an assessment is made from.
pub struct Known<'a> {
    pub portal: &'a Portal,
    /// Of all documents.
    pub digests: Arc<Digests>,
    /// `None` where there is none.
    pub history: Option<&'a History>,
}

impl<'a> Known<'a> {
    /// Returns what is known of a portal that has no history.
    pub fn of(portal: &'a Portal) -> Self {
        Self { portal, digests: digest::digests(portal), history: None }
    }
}

/// Documents by their ids.
pub type Verdicts = BTreeMap<DocumentId, Arc<DocumentAssessment>>;

/// Works out what is true of the portal on a day. `from_clock` says that nobody chose the day.
pub fn assess(known: &Known<'_>, today: NaiveDate, from_clock: bool) -> Assessment {
    assess_again(known, today, from_clock, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn assess_again(
    known: &Known<'_>,
    today: NaiveDate,
    from_clock: bool,
    memory: &mut Memory,
) -> Assessment {
    let portal = known.portal;
    let plan = portal.plan.as_ref();
    let schedule = plan.and_then(|plan| calendar::schedule(plan, today));
    let support = plan.and_then(|plan| calendar::support(plan, schedule.as_ref()));
    let roster = Roster::new(plan);
    let standing = memory
        .begin(known, today)
        .unwrap_or_else(|| Arc::new(standing::standing(portal, &roster, today)));
    let ledger = Ledger::new(known, &roster, &standing, today);
    let documents = status::documents(&ledger, memory);
    memory.end(known, &standing, &documents);
    let training = training::training(&ledger);
    let escalations = escalation::escalations(&ledger);
    let bench = Bench {
        ledger: &ledger,
        documents: &documents,
        training: &training,
        escalations: &escalations,
    };
    let judged = readiness::criteria(&bench);
    let due = schedule.as_ref().and_then(|schedule| schedule.gate);
    let open_items = readiness::open_items(&ledger, &judged, due);
    let criteria: Vec<CriterionAssessment> =
        judged.into_iter().map(|(criterion, _)| criterion).collect();
    let readiness = readiness::readiness(&ledger, &criteria);
    let moment = (!from_clock).then_some(today);
    let signatures = signatures::signatures(portal, &signatures::signers(plan), moment);
    let exceptions = standing.exceptions.iter().enumerate();
    let exceptions = exceptions
        .map(|(record, counts)| ExceptionAssessment { record, counts: counts.clone() })
        .collect();
    Assessment {
        today,
        today_from_clock: from_clock,
        schedule,
        support,
        documents,
        standing,
        criteria,
        training,
        escalations,
        exceptions,
        open_items,
        readiness,
        signatures,
    }
}

/// The plan's business days as dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// Business day 1.
    pub start: NaiveDate,
    /// The last business day of the plan.
    pub end: NaiveDate,
    /// Business day `n` is `days[n - 1]`.
    pub days: Vec<NaiveDate>,
    pub phases: Vec<PhaseDates>,
    pub milestones: Vec<MilestoneDate>,
    /// The gate milestone's date.
    pub gate: Option<NaiveDate>,
    pub now: Now,
}

/// Where the day lies in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "at", content = "day")]
pub enum Now {
    Before,
    /// A business day, from 1.
    Day(u32),
    /// A day off after this business day.
    DayOff(u32),
    After,
}

/// A phase with its business days, from 1, and its dates. Phases without valid days are not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhaseDates {
    pub id: String,
    pub first_day: u32,
    pub last_day: u32,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    Done,
    Current,
    ToCome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MilestoneDate {
    pub id: String,
    /// The business day; `None` where the plan fixes a date that is not one.
    pub day: Option<u32>,
    pub date: NaiveDate,
    pub progress: Progress,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupportWindow {
    /// The day after the gate.
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub days: u32,
    pub unit: crate::parse::plan::DayUnit,
    pub commitments: Vec<CommitmentDates>,
}

/// A support commitment; `dates` is empty for what does not repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommitmentDates {
    pub title: String,
    pub dates: Vec<NaiveDate>,
}

/// What is true of one document.
#[derive(Clone, Debug)]
pub struct DocumentAssessment {
    pub id: DocumentId,
    /// `None` when it is missing.
    pub path: Option<SourcePath>,
    pub status: Status,
    /// Why, as phrases that make sense alone: "text changed since the approval by Amara Okafor on 2026-12-02".
    pub reasons: Vec<String>,
    /// For `changed`: which parts differ, where the review says enough to tell.
    pub changed: Vec<Part>,
    /// The commits that touched covered code after the approval that they take back, newest first.
    pub covered: Vec<Arc<Commit>>,
    /// Index into `Records::reviews` of the review whose text the present one is compared with; `None` where nobody
    /// reviewed another text, or the present one was approved since.
    pub compared: Option<usize>,
    /// `v1:` and 64 hexadecimal digits; empty when it is missing.
    pub digest: String,
    pub parts: Option<DigestParts>,
    /// Indices into `Records::reviews` of the reviews of this document up to the day, oldest first, whether they count or not.
    pub reviews: Vec<usize>,
    /// The reviews that make up the present approval (or the last one, where it no longer holds).
    pub approvals: Vec<usize>,
    /// The last day on which the approval holds, where there is a limit.
    pub due: Option<NaiveDate>,
    /// Index into `Assessment::exceptions` of what waives it.
    pub exception: Option<usize>,
}

/// The status of a document, in the order in which it is worth looking at.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Missing,
    ChangesRequested,
    Unreviewed,
    Changed,
    Expired,
    Waived,
    Exempt,
    Approved,
}

/// A part of a document's digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Text,
    Include,
    Image,
    Metadata,
    /// The code that it describes.
    Code,
}

/// Why each record counts or not, parallel to the lists of `Records`.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub reviews: Vec<Counts>,
    pub sessions: Vec<Counts>,
    pub certifications: Vec<Counts>,
    pub work: Vec<Counts>,
    pub escalation_tests: Vec<Counts>,
    pub support_events: Vec<Counts>,
    pub exceptions: Vec<Counts>,
    pub decisions: Vec<Counts>,
}

/// Whether a record is evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "counts", content = "why")]
pub enum Counts {
    Yes,
    /// It is dated after the day that the portal is judged for.
    NotYet,
    /// It names somebody or something that the project does not have: the phrase says what.
    UnknownTarget(String),
    /// The reviewer may not approve this document: the phrase says why.
    Ineligible(String),
    /// It is not signed and must be, or its signature does not hold: the phrase says which.
    Unsigned(String),
    /// An exception whose requester approved it.
    SelfApproved,
    /// It ran out before the day.
    Expired,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Met,
    Unmet,
    Waived,
    NotAssessed,
}

/// What is true of one criterion.
#[derive(Clone, Debug)]
pub struct CriterionAssessment {
    pub id: String,
    pub statement: String,
    pub verdict: Verdict,
    /// What the plan asks for: "4 people certified".
    pub target: String,
    /// What the records show: "3 of 4 certified".
    pub actual: String,
    pub evidence: Vec<Evidence>,
    /// What is missing, in words, one item each.
    pub missing: Vec<String>,
    /// The id of the person who sees to it.
    pub owner: Option<String>,
    /// The gate waits for it.
    pub at_gate: bool,
    /// Index into `Assessment::exceptions` of what waives it.
    pub exception: Option<usize>,
}

/// A record, document or address that proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// "INC-4471, 2026-12-16, handled by Luke Brandt".
    pub text: String,
    /// What `text` begins with: the ticket, the name, the count that the link is on.
    pub subject: String,
    pub link: EvidenceLink,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceLink {
    Document(DocumentId),
    /// The register of documents.
    Register,
    /// The training table of the plan page.
    Training,
    /// The table of practice on the readiness page.
    Practice,
    /// The escalation page.
    Escalation,
    Address(String),
    None,
}

/// Who of a module's audience has attended how many of its hours.
#[derive(Clone, Debug)]
pub struct ModuleAssessment {
    pub id: String,
    /// Each person of the audience, in the order of the plan, with the hours attended.
    pub attendance: Vec<(String, f64)>,
    /// The days on which it was held, up to the day.
    pub held: Vec<NaiveDate>,
    pub complete: bool,
}

/// How a level of the escalation matrix did in its last test that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscalationAssessment {
    /// Index into `Records::escalation_tests`.
    pub test: Option<usize>,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    NotTested,
    /// Nobody acknowledged.
    Nobody,
    /// Somebody did, and how long it took is not recorded.
    Untimed,
    Late,
    InTime,
}

/// An exception and whether it holds.
#[derive(Clone, Debug)]
pub struct ExceptionAssessment {
    /// Index into `Records::exceptions`.
    pub record: usize,
    pub counts: Counts,
}

/// Something that is still owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    pub criterion: Option<String>,
    pub document: Option<DocumentId>,
    /// "Review `runbooks/queue` again: text changed".
    pub what: String,
    /// The id of a person.
    pub owner: Option<String>,
    pub due: Option<NaiveDate>,
}

/// Whether the gate may be passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Every criterion of the gate is met or waived. Never true without a criterion or without a gate.
    pub ready: bool,
    pub met: usize,
    pub waived: usize,
    pub total: usize,
}
