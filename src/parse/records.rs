//! `records/*.toml`: the types of the evidence, one `[[table]]` an event, append-only.

use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::parse::plan::{Act, Names};
use crate::parse::toml::{self, Broken, Date};
use crate::source::{Source, Span, Spanned};

/// The evidence of one file, or of all files, in path order and then in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub reviews: Vec<Record<Review>>,
    pub sessions: Vec<Record<Session>>,
    pub certifications: Vec<Record<Certification>>,
    pub work: Vec<Record<Work>>,
    pub escalation_tests: Vec<Record<EscalationTest>>,
    pub support_events: Vec<Record<SupportEvent>>,
    pub exceptions: Vec<Record<Exception>>,
    pub decisions: Vec<Record<Decision>>,
}

/// One event and where it is recorded. Reads as the event.
#[derive(Clone, Debug)]
pub struct Record<T> {
    pub source: Arc<Source>,
    /// The header of its table, `[[review]]`.
    pub span: Span,
    pub event: T,
}

impl<T> std::ops::Deref for Record<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.event
    }
}

/// `[[review]]`: somebody read a document at a digest, and said what they think of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Review {
    /// The id of a document.
    pub document: Spanned<String>,
    /// What `handover digest DOC` printed for the text that was read: `v1:` and 64 hexadecimal digits.
    pub digest: Spanned<String>,
    /// What `handover digest --parts DOC` printed; lets a later build say which part changed.
    pub parts: Option<DigestParts>,
    /// The id of a person.
    pub reviewer: Spanned<String>,
    /// The day of the review.
    pub on: Spanned<Date>,
    /// What the reviewer did with the text.
    #[serde(default = "read")]
    pub act: Act,
    /// What the reviewer thinks of it.
    pub outcome: Outcome,
    /// The commit whose text was read.
    pub commit: Option<String>,
    /// What else there is to say about it.
    pub note: Option<String>,
    /// What `ssh-keygen -Y sign -n handover` made of the text of the review: the lines between its marks as one.
    pub signature: Option<Spanned<String>>,
}

/// What a signature on a review is over.
#[derive(Clone, Copy, Debug)]
pub struct ReviewText<'a> {
    /// The id of the handover: an approval is none in another.
    pub handover: &'a str,
    pub document: &'a str,
    pub digest: &'a str,
    pub reviewer: &'a str,
    pub on: Date,
    pub act: &'a str,
    pub outcome: &'a str,
    pub commit: Option<&'a str>,
    pub note: Option<&'a str>,
}

impl ReviewText<'_> {
    /// Returns the text: a line that says what it is, and a line `KEY: VALUE` for each key, in this order. What is not set has
    /// no value; backslashes and line ends in a value are `\\`, `\n` and `\r`.
    pub fn text(&self) -> String {
        let on = self.on.to_string();
        let lines = [
            ("handover", self.handover),
            ("document", self.document),
            ("digest", self.digest),
            ("reviewer", self.reviewer),
            ("on", &on),
            ("act", self.act),
            ("outcome", self.outcome),
            ("commit", self.commit.unwrap_or_default()),
            ("note", self.note.unwrap_or_default()),
        ];
        let escaped =
            |value: &str| value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        let lines = lines.iter().map(|(key, value)| format!("{key}: {}\n", escaped(value)));
        format!("handover review v1\n{}", lines.collect::<String>())
    }
}

fn read() -> Act {
    Act::Read
}

/// The four parts of a digest, each the first 12 hexadecimal digits of its own SHA-256. They explain, they never decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DigestParts {
    pub text: String,
    pub includes: String,
    pub images: String,
    pub metadata: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Approved,
    ChangesRequested,
}

/// `[[session]]`: a training session took place.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Session {
    /// The id of a module.
    pub module: Spanned<String>,
    /// The day it was held.
    pub on: Spanned<Date>,
    /// How long it was.
    #[schemars(range(min = 0, max = 1000))]
    pub hours: f64,
    /// The id of the person who held it.
    pub trainer: Option<Spanned<String>>,
    /// The ids of people.
    pub attendees: Vec<Spanned<String>>,
    /// What else there is to say about it.
    pub note: Option<String>,
}

/// `[[certification]]`: a person passed the Readiness Certification.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Certification {
    /// The id of a person.
    pub person: Spanned<String>,
    /// The day it was passed.
    pub on: Spanned<Date>,
    /// 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub score: Option<f64>,
    /// The id of another person.
    pub certified_by: Spanned<String>,
    /// The last day it holds; for ever when it is not set.
    pub expires: Option<Date>,
    /// What else there is to say about it.
    pub note: Option<String>,
}

/// `[[work]]`: somebody handled an incident or a task.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Work {
    /// `incident`, `maintenance`, or what the plan's criterion counts.
    pub kind: String,
    /// The severity of an incident.
    pub severity: Option<String>,
    /// Where it is recorded; a ticket counts once.
    #[schemars(length(min = 1))]
    pub ticket: String,
    /// The day it was handled.
    pub on: Spanned<Date>,
    /// The ids of people.
    pub performed_by: Names,
    /// The ids of people who looked on.
    pub observed_by: Option<Names>,
    /// The id of the document that was followed.
    pub document: Option<Spanned<String>>,
    /// What happened and what was done.
    pub summary: String,
}

/// `[[escalation-test]]`: a level of the matrix was called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EscalationTest {
    /// The level of the escalation matrix.
    pub level: Spanned<u32>,
    /// The day of the test.
    pub on: Spanned<Date>,
    /// The id of a person; not set when nobody answered.
    pub acknowledged_by: Option<Spanned<String>>,
    /// Minutes until it was acknowledged.
    pub minutes: Option<u32>,
    /// How they were called: phone, chat, pager.
    pub channel: Option<String>,
    /// What else there is to say about it.
    pub note: Option<String>,
}

/// `[[support-event]]`: a support commitment was kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SupportEvent {
    /// The title of a commitment.
    pub commitment: Spanned<String>,
    /// The day it was kept.
    pub on: Spanned<Date>,
    /// What was done.
    pub summary: String,
}

/// `[[exception]]`: a criterion or a document is let through, for a while, by somebody who may.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exception {
    /// The id of a criterion or of a document.
    pub covers: Spanned<String>,
    /// Why it is let through.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The day it was granted; it counts from then on, or always when it is not set.
    pub on: Option<Spanned<Date>>,
    /// The id of a person.
    pub requested_by: Spanned<String>,
    /// Another person.
    pub approved_by: Spanned<String>,
    /// The last day it holds.
    pub expires: Spanned<Date>,
}

/// `[[decision]]`: a decision about the handover was made.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Decision {
    /// The day of the decision.
    pub on: Spanned<Date>,
    /// What was decided.
    pub outcome: DecisionOutcome,
    /// The ids of people.
    pub by: Names,
    /// Why it was decided so.
    #[schemars(length(min = 1))]
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionOutcome {
    Go,
    NoGo,
    Postponed,
}

/// The file as it is written: one field a kind of event.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "records/*.toml")]
struct RecordsFile {
    review: Vec<Spanned<Review>>,
    session: Vec<Spanned<Session>>,
    certification: Vec<Spanned<Certification>>,
    work: Vec<Spanned<Work>>,
    escalation_test: Vec<Spanned<EscalationTest>>,
    support_event: Vec<Spanned<SupportEvent>>,
    exception: Vec<Spanned<Exception>>,
    decision: Vec<Spanned<Decision>>,
}

/// The JSON Schema of a file of records.
pub static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(toml::schema_of::<RecordsFile>);

/// Reads one file of records. An event that is not understood is left out and reported.
pub fn records(source: &Arc<Source>) -> (Records, Vec<Diagnostic>) {
    let (file, problems) = toml::read::<RecordsFile>(source, &SCHEMA, Broken::LeftOut);
    let file = file.unwrap_or_default();
    let records = Records {
        reviews: recorded(source, file.review),
        sessions: recorded(source, file.session),
        certifications: recorded(source, file.certification),
        work: recorded(source, file.work),
        escalation_tests: recorded(source, file.escalation_test),
        support_events: recorded(source, file.support_event),
        exceptions: recorded(source, file.exception),
        decisions: recorded(source, file.decision),
    };
    (records, problems)
}

fn recorded<T>(source: &Arc<Source>, events: Vec<Spanned<T>>) -> Vec<Record<T>> {
    let record = |event: Spanned<T>| Record {
        source: Arc::clone(source),
        span: event.span,
        event: event.value,
    };
    events.into_iter().map(record).collect()
}

impl Records {
    /// Puts the events of another file after these.
    pub fn append(&mut self, mut other: Self) {
        self.reviews.append(&mut other.reviews);
        self.sessions.append(&mut other.sessions);
        self.certifications.append(&mut other.certifications);
        self.work.append(&mut other.work);
        self.escalation_tests.append(&mut other.escalation_tests);
        self.support_events.append(&mut other.support_events);
        self.exceptions.append(&mut other.exceptions);
        self.decisions.append(&mut other.decisions);
    }

    /// Returns the file of every event.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        fn of<T>(records: &[Record<T>]) -> impl Iterator<Item = &Arc<Source>> {
            records.iter().map(|record| &record.source)
        }
        of(&self.reviews)
            .chain(of(&self.sessions))
            .chain(of(&self.certifications))
            .chain(of(&self.work))
            .chain(of(&self.escalation_tests))
            .chain(of(&self.support_events))
            .chain(of(&self.exceptions))
            .chain(of(&self.decisions))
    }
}
