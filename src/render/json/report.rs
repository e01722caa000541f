//! The types of `handover.json`. The field docs are the descriptions of the schema that `handover schema status` prints.
//!
//! An interface that other programs read: keys are added, never renamed or given another meaning under the same `schema`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::{Part, Progress, Status, Verdict};
use crate::link::alerts::Standing;
use crate::parse::plan::{Act, DayUnit, Side, Weekday};
use crate::parse::records::{DecisionOutcome, Outcome};
use crate::parse::toml::Date;
use crate::render::json::history::{CommitReport, HistoryReport, LastChangeReport};
use crate::render::json::releases::ReleaseReport;

/// Every computed fact of one version of a handover, judged for one day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The name and version of this form: `handover/1`.
    pub schema: &'static str,
    /// What is handed over; null without a plan.
    pub handover: Option<HandoverReport>,
    /// The day that everything here is judged for.
    pub judged_for: Date,
    pub history: HistoryReport,
    /// Whether the gate may be passed.
    pub readiness: ReadinessReport,
    /// The business days of the plan as dates; null without a calendar.
    pub schedule: Option<ScheduleReport>,
    /// What the relinquishing team does after the handover; null where the plan has no support or no gate.
    pub support: Option<SupportReport>,
    pub objectives: Vec<ObjectiveReport>,
    pub teams: Vec<TeamReport>,
    pub people: Vec<PersonReport>,
    /// What must be true at the gate, in the order of the plan.
    pub criteria: Vec<CriterionReport>,
    /// Every document that is not a draft, and every required document that is missing, by id.
    pub documents: Vec<DocumentReport>,
    /// The alerts of the rule files, in the order of the files; empty where there are none.
    pub alerts: Vec<AlertReport>,
    /// The training modules, in the order of the plan.
    pub training: Vec<ModuleReport>,
    pub certifications: Vec<CertificationReport>,
    /// Incidents and tasks that people handled.
    pub work: Vec<WorkReport>,
    /// The escalation matrix, with its tests.
    pub escalation: Vec<EscalationReport>,
    /// Support commitments that were kept.
    pub support_events: Vec<SupportEventReport>,
    pub exceptions: Vec<ExceptionReport>,
    pub decisions: Vec<DecisionReport>,
    /// Everything that stands between the handover and its gate.
    pub open_items: Vec<OpenItemReport>,
    /// How many problems `handover check` reports.
    pub diagnostics: DiagnosticsReport,
    pub manifest: ManifestReport,
    /// The versions that were frozen, from the oldest, with the signatures on them.
    pub releases: Vec<ReleaseReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HandoverReport {
    /// The stable identity of the handover.
    pub id: String,
    pub title: String,
    /// The system that changes hands.
    pub service: String,
    pub version: String,
    pub summary: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReadinessReport {
    /// Every criterion of the gate is met or waived.
    pub ready: bool,
    /// How many criteria of the gate are met.
    pub met: usize,
    /// How many criteria of the gate are waived by an exception that holds.
    pub waived: usize,
    /// How many criteria the gate waits for.
    pub total: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ScheduleReport {
    /// Business day 1.
    pub start: Date,
    /// The last business day.
    pub end: Date,
    /// How many business days the plan has.
    pub business_days: usize,
    /// The days of the week that are not worked.
    pub weekend: Vec<Weekday>,
    pub holidays: Vec<HolidayReport>,
    /// An IANA name.
    pub timezone: Option<String>,
    /// The day of the gate milestone.
    pub gate: Option<Date>,
    pub phases: Vec<PhaseReport>,
    pub milestones: Vec<MilestoneReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolidayReport {
    pub date: Date,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PhaseReport {
    pub id: String,
    pub title: String,
    /// How people call it; display only.
    pub label: Option<String>,
    /// The first business day, from 1.
    pub first_day: u32,
    /// The last business day, from 1.
    pub last_day: u32,
    pub start: Date,
    pub end: Date,
    pub progress: Progress,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MilestoneReport {
    pub id: String,
    pub title: String,
    /// The business day, from 1; null where the plan fixes a date that is not one.
    pub day: Option<u32>,
    pub date: Date,
    /// Readiness is judged here.
    pub gate: bool,
    pub progress: Progress,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SupportReport {
    /// The day after the gate.
    pub start: Date,
    pub end: Date,
    pub days: u32,
    /// What `days` counts.
    pub unit: DayUnit,
    pub commitments: Vec<CommitmentReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CommitmentReport {
    pub title: String,
    pub text: String,
    /// How long each date takes.
    pub minutes: Option<u32>,
    /// Its dates within the support window; empty for what does not repeat.
    pub dates: Vec<Date>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ObjectiveReport {
    pub text: String,
    /// The ids of the criteria that prove it.
    pub criteria: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamReport {
    pub id: String,
    pub side: Side,
    pub name: String,
    pub roles: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonReport {
    pub id: String,
    pub name: String,
    pub role: String,
    /// The id of a team.
    pub team: String,
    pub lead: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CriterionReport {
    pub id: String,
    pub statement: String,
    pub verdict: Verdict,
    /// What the plan asks for, in words.
    pub target: String,
    /// What the records show, in words.
    pub actual: String,
    pub evidence: Vec<EvidenceReport>,
    /// What is missing, in words.
    pub missing: Vec<String>,
    /// The id of the person who sees to it.
    pub owner: Option<String>,
    /// The gate waits for it.
    pub at_gate: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EvidenceReport {
    pub text: String,
    /// Where it is found: an address relative to this file, or an outside one.
    pub link: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentReport {
    /// Stays when the file moves.
    pub id: String,
    /// The file, relative to the project's root; null when it is missing.
    pub path: Option<String>,
    /// The page, relative to this file; null when it is missing.
    pub page: Option<String>,
    pub title: String,
    pub kind: Option<String>,
    /// The id of a person or a team.
    pub owner: Option<String>,
    pub status: Status,
    /// Why, as phrases.
    pub reasons: Vec<String>,
    /// For `changed`: which parts differ, where the review says enough to tell.
    pub changed: Vec<Part>,
    /// The commits that touched the code which it covers after the approval that they take back, the newest first.
    pub covered: Vec<CommitReport>,
    /// `v1:` and 64 hexadecimal digits; null when it is missing.
    pub digest: Option<String>,
    /// The last day on which the approval holds, where there is a limit.
    pub due: Option<Date>,
    /// Null without git, and when it is missing.
    pub last_change: Option<LastChangeReport>,
    /// The reviews up to the day, oldest first.
    pub reviews: Vec<ReviewReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AlertReport {
    /// Several rules may have one name.
    pub name: String,
    pub severity: Option<String>,
    /// The name of the group that its rule stands in.
    pub group: Option<String>,
    /// As it is written, templates included.
    pub summary: Option<String>,
    /// The file of its rule, relative to the project's root.
    pub path: String,
    /// The line of its name in that file, from 1.
    pub line: usize,
    /// What the rule names as its runbook, as it is written.
    pub runbook: Option<String>,
    pub standing: Standing,
    /// The ids of the documents that it leads to: that of its runbook first, then those that name the alert.
    pub documents: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewReport {
    /// The id of a person.
    pub reviewer: String,
    pub on: Date,
    pub act: Act,
    pub outcome: Outcome,
    /// The digest of the text that was read.
    pub digest: String,
    #[serde(flatten)]
    pub standing: StandingReport,
}

/// Whether a record is evidence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StandingReport {
    /// The record counts as evidence.
    pub counts: bool,
    /// Why it does not count, in words.
    pub why: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ModuleReport {
    pub id: String,
    pub title: String,
    pub hours: f64,
    /// The id of a person.
    pub trainer: Option<String>,
    /// Everyone of the audience has attended all of its hours.
    pub complete: bool,
    /// The days on which it was held.
    pub held: Vec<Date>,
    /// Each person of the audience.
    pub attendance: Vec<AttendanceReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AttendanceReport {
    /// The id of a person.
    pub person: String,
    /// The hours attended.
    pub hours: f64,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CertificationReport {
    /// The id of a person.
    pub person: String,
    pub on: Date,
    /// 0 to 100.
    pub score: Option<f64>,
    /// The id of a person.
    pub certified_by: String,
    pub expires: Option<Date>,
    #[serde(flatten)]
    pub standing: StandingReport,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkReport {
    pub kind: String,
    pub severity: Option<String>,
    pub ticket: String,
    pub on: Date,
    /// The ids of people.
    pub performed_by: Vec<String>,
    /// The ids of people.
    pub observed_by: Vec<String>,
    /// The id of the document that was followed.
    pub document: Option<String>,
    pub summary: String,
    #[serde(flatten)]
    pub standing: StandingReport,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EscalationReport {
    pub level: u32,
    pub title: Option<String>,
    pub severities: Vec<String>,
    /// The id of a person.
    pub contact: String,
    pub hours: String,
    pub acknowledge_minutes: u32,
    pub channel: Option<String>,
    pub tests: Vec<EscalationTestReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EscalationTestReport {
    pub on: Date,
    /// The id of a person; null when nobody answered.
    pub acknowledged_by: Option<String>,
    /// Minutes until it was acknowledged.
    pub minutes: Option<u32>,
    pub channel: Option<String>,
    #[serde(flatten)]
    pub standing: StandingReport,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SupportEventReport {
    /// The title of a commitment.
    pub commitment: String,
    pub on: Date,
    pub summary: String,
    #[serde(flatten)]
    pub standing: StandingReport,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExceptionReport {
    /// The id of a criterion or of a document.
    pub covers: String,
    pub reason: String,
    /// The day it was granted.
    pub on: Option<Date>,
    /// The id of a person.
    pub requested_by: String,
    /// The id of another person.
    pub approved_by: String,
    /// The last day it holds.
    pub expires: Date,
    #[serde(flatten)]
    pub standing: StandingReport,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DecisionReport {
    pub on: Date,
    pub outcome: DecisionOutcome,
    /// The ids of people.
    pub by: Vec<String>,
    pub reason: String,
    #[serde(flatten)]
    pub standing: StandingReport,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OpenItemReport {
    /// The id of a criterion.
    pub criterion: Option<String>,
    /// The id of a document.
    pub document: Option<String>,
    /// What is owed, in words.
    pub what: String,
    /// The id of a person.
    pub owner: Option<String>,
    pub due: Option<Date>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DiagnosticsReport {
    pub errors: usize,
    pub warnings: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ManifestReport {
    /// `v1:` and 64 hexadecimal digits: what a signature covers.
    pub digest: String,
    /// What the digest is made of, in byte order of the names.
    pub entries: Vec<EntryReport>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntryReport {
    pub name: String,
    /// 64 hexadecimal digits.
    pub digest: String,
}
