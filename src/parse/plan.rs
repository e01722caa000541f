//! `plan.toml`: the types of the plan. Everything that a handover plan says has a typed home here.
//!
//! The field docs are the descriptions of the JSON Schema that `handover schema plan` prints.

use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::parse::toml::{self, Broken, Date, OneOrMany};
use crate::source::{Source, Span, Spanned};

/// A handover plan, as `plan.toml` states it.
#[derive(Clone, Debug)]
pub struct Plan {
    pub source: Arc<Source>,
    pub handover: Handover,
    pub calendar: Option<Calendar>,
    pub objectives: Vec<Objective>,
    pub teams: Vec<Team>,
    pub people: Vec<Person>,
    pub phases: Vec<Phase>,
    pub milestones: Vec<Milestone>,
    pub modules: Vec<Module>,
    pub documents: Vec<RequiredDocument>,
    pub criteria: Vec<Criterion>,
    pub review: ReviewPolicy,
    pub escalations: Vec<Escalation>,
    pub support: Option<Support>,
    pub signatories: Vec<Signatory>,
}

/// `[handover]`: what is handed over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Handover {
    /// The stable identity of the handover: lower-case words joined by hyphens.
    #[schemars(extend("format" = "folder-name"))]
    pub id: Spanned<String>,
    /// The heading of the portal and of the sheet.
    #[schemars(length(min = 1))]
    pub title: String,
    /// The system that changes hands.
    #[schemars(length(min = 1))]
    pub service: String,
    /// What the working tree builds as; a folder of this name is written.
    #[schemars(extend("format" = "folder-name"))]
    pub version: Spanned<String>,
    /// One or two sentences for the home page.
    pub summary: Option<String>,
}

/// `[calendar]`: the business days of the handover.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Calendar {
    /// Business day 1; when it is a day off, the first business day after it.
    pub start: Spanned<Date>,
    /// How many business days the handover has.
    #[schemars(range(min = 1, max = 3650))]
    pub business_days: Spanned<u32>,
    /// The days of the week that are not worked; Saturday and Sunday when it is not set. May be empty.
    #[serde(default = "saturday_and_sunday")]
    #[schemars(length(max = 6))]
    pub weekend: Vec<Weekday>,
    /// Days off beside the weekend.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// An IANA name, for the calendar file: `Europe/London`.
    pub timezone: Option<String>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

fn saturday_and_sunday() -> Vec<Weekday> {
    vec![Weekday::Saturday, Weekday::Sunday]
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Holiday {
    /// The day that is not worked.
    pub date: Spanned<Date>,
    pub name: String,
}

/// `[[objective]]`: what the handover is for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Objective {
    /// What is to be achieved, in one sentence.
    #[schemars(length(min = 1))]
    pub text: Spanned<String>,
    /// The ids of the criteria that prove it.
    #[serde(default)]
    pub criteria: Vec<Spanned<String>>,
}

/// `[[team]]`. There is exactly one of each side.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Team {
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    /// Who hands over, and who takes over.
    pub side: Side,
    #[schemars(length(min = 1))]
    pub name: String,
    /// The roles in the team, as the plan names them.
    #[serde(default)]
    pub roles: Vec<String>,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Relinquishing,
    #[default]
    Receiving,
}

/// `[[person]]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// What records and documents call the person.
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    #[schemars(length(min = 1))]
    pub name: String,
    /// What the person does in the team.
    pub role: String,
    /// The id of a team.
    pub team: Spanned<String>,
    /// Leads the team; each team has one.
    #[serde(default)]
    pub lead: bool,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub pager: Option<String>,
    /// The OpenSSH public keys that the person signs with. Before a key can stand what a line of `allowed_signers` has there:
    /// `valid-after="20261101Z",valid-before="20271101Z"`.
    #[serde(default)]
    pub ssh_key: OneOrMany<PublicKey>,
    /// Keys of the person that no longer count, whenever they signed: public keys, or fingerprints that begin with `SHA256:`.
    #[serde(default)]
    pub revoked_key: OneOrMany<RevokedKey>,
}

/// A line with a public key, which [`AllowedKey`](crate::signature::keys::AllowedKey) reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PublicKey(#[schemars(extend("format" = "ssh-key"))] pub String);

/// A public key or a fingerprint, which [`Revoked`](crate::signature::keys::Revoked) reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RevokedKey(#[schemars(extend("format" = "revoked-ssh-key"))] pub String);

/// `[[phase]]`: a run of business days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Phase {
    /// A word of its own, for links and the calendar file.
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    #[schemars(length(min = 1))]
    pub title: String,
    /// How people call it; display only.
    pub label: Option<Spanned<String>>,
    /// The first and last business day: `"5-8"`, or `"5"`. What the schedule goes by.
    #[schemars(extend("format" = "business-days"))]
    pub days: Option<Spanned<String>>,
    /// What happens in it.
    pub activities: String,
    /// Anything a reader should know, such as why the days are what they are.
    pub note: Option<String>,
}

/// `[[milestone]]`: something that happens on one business day.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Milestone {
    /// A word of its own, for links and the calendar file.
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    #[schemars(length(min = 1))]
    pub title: String,
    /// How people call it; display only.
    pub label: Option<Spanned<String>>,
    /// The business day. Either this or `date`.
    #[schemars(range(min = 1, max = 3650))]
    pub day: Option<Spanned<u32>>,
    /// A calendar date, for a milestone that is fixed by the outside world.
    pub date: Option<Spanned<Date>>,
    /// What happens on it.
    pub activities: String,
    /// Readiness is judged here; exactly one milestone is the gate.
    #[serde(default)]
    pub gate: bool,
    /// The criteria that the gate waits for; all when it is empty.
    #[serde(default)]
    pub criteria: Vec<Spanned<String>>,
}

/// `[[module]]`: a training session.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Module {
    /// What records of sessions call it.
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    #[schemars(length(min = 1))]
    pub title: String,
    /// How long it takes; a person who attended as much has completed it.
    #[schemars(range(min = 0, max = 1000))]
    pub hours: f64,
    /// The id of a person.
    pub trainer: Option<Spanned<String>>,
    /// The ids of people or of teams; the receiving side when it is empty.
    #[serde(default)]
    pub audience: Vec<Spanned<String>>,
    /// The ids of the documents that it teaches.
    #[serde(default)]
    pub documents: Vec<Spanned<String>>,
}

/// `[[document]]`: a document that must exist, whether or not somebody has written it yet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequiredDocument {
    /// The id of the document: its path without extension, or what its front matter says.
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    pub title: Option<String>,
    /// `runbook`, `sop`, `architecture`, `reference`, or any other word.
    pub kind: Option<String>,
    /// The id of a person or of a team.
    pub owner: Option<Spanned<String>>,
}

/// `[[criterion]]`: what must be true at the gate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Criterion {
    /// What the gate, the objectives and exceptions call it.
    #[schemars(length(min = 1))]
    pub id: Spanned<String>,
    /// What must be true, in one sentence.
    #[schemars(length(min = 1))]
    pub statement: String,
    /// How it is judged.
    pub check: Spanned<Check>,
    /// Who sees to it: the id of a person; the receiving lead when it is not set.
    pub owner: Option<Spanned<String>>,
}

/// How a criterion is judged, from the records.
///
/// `by` names a team or a side; where it is not set it is the receiving side.
///
/// In TOML it is `{ type = "certification", … }`; `shape::fit` hands it to serde as `{ certification = { … } }`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
#[schemars(tag = "type")]
pub enum Check {
    /// Every named person (or member of `by`) has a live certification.
    Certification {
        by: Option<Spanned<String>>,
        #[serde(default)]
        people: Vec<Spanned<String>>,
        /// The least score that passes, 0 to 100.
        #[schemars(range(min = 0, max = 100))]
        min_score: Option<f64>,
    },
    /// Every document (of these kinds, or these ids) is approved, waived or exempt.
    DocumentsReviewed {
        #[serde(default)]
        kinds: Vec<String>,
        #[serde(default)]
        documents: Vec<Spanned<String>>,
    },
    /// Everyone in the audience of every module (or of these) has attended its hours.
    TrainingComplete {
        #[serde(default)]
        modules: Vec<Spanned<String>>,
    },
    /// At least `count` pieces of work of these kinds were done by the team.
    WorkHandled {
        #[schemars(range(min = 1))]
        count: u32,
        #[serde(default)]
        kinds: Vec<String>,
        #[serde(default)]
        severities: Vec<String>,
        by: Option<Spanned<String>>,
        /// Only work that somebody of the other side observed counts.
        #[serde(default)]
        observed: bool,
    },
    /// Every level of the escalation matrix (or these) was tested and acknowledged in time.
    EscalationTested {
        #[serde(default)]
        levels: Vec<Spanned<u32>>,
        /// Only tests at most this many days old count.
        valid_days: Option<u32>,
    },
    /// Somebody confirmed it on a day, and names the evidence.
    Manual {
        /// Documents or addresses; without one the criterion is not assessed.
        #[serde(default)]
        evidence: Vec<Spanned<String>>,
        confirmed_by: Option<Spanned<String>>,
        on: Option<Spanned<Date>>,
    },
}

/// `[review]`: whose approval counts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ReviewPolicy {
    /// The side whose people may approve.
    pub side: Side,
    /// How many people must approve a document.
    #[schemars(range(min = 1))]
    pub approvals: u32,
    /// An owner cannot approve their own document.
    pub independent: bool,
    /// For how many days an approval holds; for ever when it is not set.
    pub valid_days: Option<u32>,
    /// The acts that count as an approval; all when it is empty.
    pub acts: Vec<Act>,
    /// Only approvals that the reviewer has signed with a key of theirs count.
    pub signed: bool,
    /// From how many approvals by one person on one day `bulk-review` speaks.
    pub bulk: u32,
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self {
            side: Side::Receiving,
            approvals: 1,
            independent: true,
            valid_days: None,
            acts: Vec::new(),
            signed: false,
            bulk: 10,
        }
    }
}

/// What a reviewer did with the text.
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
#[serde(rename_all = "lowercase")]
pub enum Act {
    Read,
    Verified,
    Executed,
}

/// `[[escalation]]`: a level of the escalation matrix.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Escalation {
    /// 1 is called first.
    pub level: Spanned<u32>,
    pub title: Option<String>,
    /// The severities that it answers to.
    pub severities: Vec<String>,
    /// The id of a person.
    pub contact: Spanned<String>,
    /// When it can be reached: "24x7".
    pub hours: String,
    /// Within how many minutes a call is acknowledged.
    pub acknowledge_minutes: u32,
    /// How to reach the contact: "PagerDuty, schedule platform-l3".
    pub channel: Option<String>,
}

/// `[support]`: what the relinquishing team does after the handover.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Support {
    /// How many days after the gate; the first is the day after it.
    #[schemars(range(min = 1, max = 3650))]
    pub days: Spanned<u32>,
    /// What a day is: the plan must say, since 30 business days are six weeks.
    pub unit: DayUnit,
    /// What is promised.
    #[serde(default, rename = "commitment")]
    pub commitments: Vec<Commitment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DayUnit {
    Calendar,
    Business,
}

/// `[[support.commitment]]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Commitment {
    /// What records of support events call it.
    #[schemars(length(min = 1))]
    pub title: Spanned<String>,
    /// What is promised, in one sentence.
    pub text: String,
    /// Set for what repeats: the first date is one interval after the support window opens; a day off moves it to the
    /// next business day.
    pub every: Option<Interval>,
    /// The day of the week of what repeats every week or fortnight.
    pub weekday: Option<Weekday>,
    /// How long it takes each time.
    pub minutes: Option<u32>,
    /// The escalation level that it promises.
    pub level: Option<Spanned<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    Day,
    Week,
    Fortnight,
    Month,
}

/// `[[signatory]]`: who signs the sheet, and the exact sentence.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signatory {
    /// The id of a person.
    pub person: Spanned<String>,
    /// As what the person signs: "Receiving Lead".
    pub capacity: String,
    /// The exact sentence that is signed.
    #[schemars(length(min = 1))]
    pub statement: String,
}

/// Names accepted where one or several are meant.
pub type Names = OneOrMany<Spanned<String>>;

/// The file as it is written: one field a table.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "plan.toml")]
struct PlanFile {
    handover: Handover,
    calendar: Option<Calendar>,
    #[serde(default, rename = "objective")]
    objectives: Vec<Objective>,
    #[serde(default, rename = "team")]
    teams: Vec<Team>,
    #[serde(default, rename = "person")]
    people: Vec<Person>,
    #[serde(default, rename = "phase")]
    phases: Vec<Phase>,
    #[serde(default, rename = "milestone")]
    milestones: Vec<Milestone>,
    #[serde(default, rename = "module")]
    modules: Vec<Module>,
    #[serde(default, rename = "document")]
    documents: Vec<RequiredDocument>,
    #[serde(default, rename = "criterion")]
    criteria: Vec<Criterion>,
    #[serde(default)]
    review: ReviewPolicy,
    #[serde(default, rename = "escalation")]
    escalations: Vec<Escalation>,
    support: Option<Support>,
    #[serde(default, rename = "signatory")]
    signatories: Vec<Signatory>,
}

/// The JSON Schema of `plan.toml`.
pub static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(toml::schema_of::<PlanFile>);

/// Reads a `plan.toml`. What is missing or wrong is reported and mended with placeholders; such a plan is never built.
pub fn plan(source: &Arc<Source>) -> (Option<Plan>, Vec<Diagnostic>) {
    let (file, problems) = toml::read::<PlanFile>(source, &SCHEMA, Broken::Mended);
    let is_placeholder = |span: Span| problems.iter().any(|problem| problem.span == span);
    let plan = file.map(|file| Plan {
        source: Arc::clone(source),
        handover: file.handover,
        // By days that nobody stated, every phase would become a second problem.
        calendar: file.calendar.filter(|calendar| {
            !is_placeholder(calendar.start.span) && !is_placeholder(calendar.business_days.span)
        }),
        objectives: file.objectives,
        teams: file.teams,
        people: file.people,
        phases: file.phases,
        milestones: file.milestones,
        modules: file.modules,
        documents: file.documents,
        criteria: file.criteria,
        review: file.review,
        escalations: file.escalations,
        support: file.support,
        signatories: file.signatories,
    });
    (plan, problems)
}

impl Phase {
    /// Returns the first and the last business day, from 1; `None` when the plan does not say.
    pub fn day_range(&self) -> Option<(u32, u32)> {
        day_range(self.days.as_deref()?)
    }
}

/// Reads `"5-8"` or `"5"`: business days from 1, the first not after the last.
pub fn day_range(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once(['-', '–']).unwrap_or((text, text));
    let day = |text: &str| text.trim().parse::<u32>().ok().filter(|day| (1..=3650).contains(day));
    let (first, last) = (day(first)?, day(last)?);
    (first <= last).then_some((first, last))
}
