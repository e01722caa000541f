//! `review approve` and `review request-changes`: a reviewer's verdict on the text as it is, recorded.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use toml::{Table, Value};

use crate::Judged;
use crate::assess::standing::{act_name, outcome_name};
use crate::assess::status::{last_day, valid_days};
use crate::assess::{Counts, DocumentAssessment};
use crate::assess::{past, signatures};
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectFlag};
use crate::cli::recording::{Recorded, RecordingArguments, is_understood};
use crate::cli::sign::{key, keygen};
use crate::cli::terminal::Terminal;
use crate::cli::{Outcome, find};
use crate::parse::plan::Act;
use crate::parse::records::{Outcome as Said, Review, ReviewText};
use crate::parse::toml::Date;
use crate::render::{names, status};
use crate::signature::{Principal, Signature};
use crate::write::ledger::text::{Event, date};

/// Record that a person approves documents as they are
#[derive(Debug, clap::Args)]
pub(super) struct Approve {
    /// The documents: their ids, or the paths of their files
    #[arg(value_name = "DOC", required = true)]
    documents: Vec<String>,
    /// The reviewer: the id of a person
    #[arg(long = "as", value_name = "ID")]
    reviewer: String,
    /// What the reviewer did with the text
    #[arg(long, value_name = "ACT", value_enum, default_value = "read")]
    act: Act,
    /// What there is to say about it
    #[arg(long, value_name = "TEXT", value_parser = said_something)]
    note: Option<String>,
    #[command(flatten)]
    how: How,
}

/// Record that a person wants a document changed
#[derive(Debug, clap::Args)]
pub(super) struct RequestChanges {
    /// The document: its id, or the path of its file
    #[arg(value_name = "DOC")]
    document: String,
    /// The reviewer: the id of a person
    #[arg(long = "as", value_name = "ID")]
    reviewer: String,
    /// What is to be changed
    #[arg(long, value_name = "TEXT", value_parser = said_something)]
    note: String,
    /// What the reviewer did with the text
    #[arg(long, value_name = "ACT", value_enum, default_value = "read")]
    act: Act,
    #[command(flatten)]
    how: How,
}

fn said_something(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("it must not be empty") } else { Ok(text.to_owned()) }
}

/// What both verdicts are told beside themselves.
#[derive(Debug, clap::Args)]
struct How {
    /// The day of the review; without it the day that is judged for
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Sign it with the reviewer's SSH key: that of `--key`, or the one in the agent or in ~/.ssh
    #[arg(long)]
    sign: bool,
    /// The private key to sign with, or a public key that is in the agent
    #[arg(long, value_name = "FILE", requires = "sign")]
    key: Option<PathBuf>,
    #[command(flatten)]
    recording: RecordingArguments,
    #[command(flatten)]
    project: ProjectFlag,
    #[command(flatten)]
    day: DayArguments,
}

/// What a reviewer says.
struct Verdict<'a> {
    reviewer: &'a str,
    act: Act,
    outcome: Said,
    note: Option<&'a str>,
}

pub(super) fn approve(arguments: &Approve, terminal: &Terminal) -> Result<Outcome, Failure> {
    let verdict = Verdict {
        reviewer: &arguments.reviewer,
        act: arguments.act,
        outcome: Said::Approved,
        note: arguments.note.as_deref(),
    };
    record(&arguments.documents, &verdict, &arguments.how, terminal)
}

pub(super) fn request_changes(
    arguments: &RequestChanges,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let verdict = Verdict {
        reviewer: &arguments.reviewer,
        act: arguments.act,
        outcome: Said::ChangesRequested,
        note: Some(&arguments.note),
    };
    record(std::slice::from_ref(&arguments.document), &verdict, &arguments.how, terminal)
}

fn record(
    named: &[String],
    verdict: &Verdict<'_>,
    how: &How,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let project = how.project.open()?;
    let options = how.day.options(false)?;
    let judged = project.judge(&options);
    if !is_understood(&judged, terminal) {
        return Ok(Outcome::Problems);
    }
    let mut documents: Vec<&DocumentAssessment> = Vec::new();
    for name in named {
        let document = find::document(name, &project, &judged)?;
        if documents.iter().all(|known| known.id != document.id) {
            documents.push(document);
        }
    }
    let on = how.on.unwrap_or(judged.assessment.today);
    let (mut events, mut objections, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    for document in &documents {
        let commit = commit(&judged, document).map_err(|why| remarks.push((&document.id, why)));
        events.push(event(document, verdict, on, commit.ok()));
        objections.push(objection(&judged, document, verdict));
    }
    if how.sign {
        sign(&mut events, &judged, verdict, on, how.key.as_deref())?;
    }
    let recorded =
        how.recording.record(&project, &judged, &options, &events, &objections, terminal)?;
    let Some(recorded) = recorded else { return Ok(Outcome::Problems) };
    for (index, document) in documents.iter().enumerate() {
        terminal.result(&said(&recorded, index, document, verdict));
    }
    // Outside a repository there is one reason for all of them.
    if judged.history.is_ok() {
        for (id, why) in remarks {
            terminal.note(&format!("the review of `{id}` names no commit: {why}"));
        }
    } else if let Some((_, why)) = remarks.first() {
        terminal.note(&format!("no commit is named: {why}"));
    }
    Ok(Outcome::Fine)
}

/// Puts the reviewer's signature into each record.
fn sign(
    events: &mut [Event],
    judged: &Judged,
    verdict: &Verdict<'_>,
    on: NaiveDate,
    named: Option<&Path>,
) -> Result<(), Failure> {
    let plan = judged.portal.plan.as_ref();
    let signers = signatures::signers(plan);
    let reviewer = Principal { id: verdict.reviewer, email: None };
    let name = names::name(&judged.portal, verdict.reviewer);
    let key = key::find(named, &signers, reviewer, name)?;
    for event in events {
        let said = |name: &str| {
            let value = event.keys.iter().find(|(key, _)| key == name);
            value.and_then(|(_, value)| value.as_str())
        };
        let text = ReviewText {
            handover: plan.map_or("", |plan| &plan.handover.id),
            document: said("document").unwrap_or_default(),
            digest: said("digest").unwrap_or_default(),
            reviewer: verdict.reviewer,
            on: Date(on),
            act: act_name(verdict.act),
            outcome: outcome_name(verdict.outcome),
            commit: said("commit"),
            note: verdict.note,
        };
        let line = Signature::line(&keygen::sign(key.path(), &text.text())?);
        event.keys.push(("signature".into(), line.into()));
    }
    Ok(())
}

/// Returns the record of a review.
fn event(
    document: &DocumentAssessment,
    verdict: &Verdict<'_>,
    on: NaiveDate,
    commit: Option<&str>,
) -> Event {
    let outcome = outcome_name(verdict.outcome);
    let parts = document.parts.as_ref().map(|parts| {
        let parts = [
            ("text", &parts.text),
            ("includes", &parts.includes),
            ("images", &parts.images),
            ("metadata", &parts.metadata),
        ];
        let parts = parts.map(|(name, digest)| (name.to_owned(), Value::from(digest.as_str())));
        Value::Table(Table::from_iter(parts))
    });
    let keys = [
        ("document", Some(document.id.as_str().into())),
        ("digest", Some(document.digest.as_str().into())),
        ("parts", parts),
        ("reviewer", Some(verdict.reviewer.into())),
        ("on", Some(date(on))),
        ("act", Some(act_name(verdict.act).into())),
        ("outcome", Some(outcome.into())),
        ("commit", commit.map(Value::from)),
        ("note", verdict.note.map(Value::from)),
    ];
    let keys = keys.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Event { table: "review".into(), keys: keys.collect() }
}

/// Returns the commit that has the text of a document as it is.
///
/// # Errors
/// A phrase that says why none has.
fn commit<'a>(judged: &'a Judged, document: &DocumentAssessment) -> Result<&'a str, String> {
    let history = judged.history.as_ref().map_err(Clone::clone)?;
    let path = document.path.as_ref().ok_or("it is missing")?;
    let read = judged.portal.documents.get(path).ok_or("it is missing")?;
    let mut files = past::files(&judged.portal, path, read);
    files.insert(path.clone());
    match files.iter().find(|file| history.uncommitted.contains(*file)) {
        Some(file) => Err(format!("`{file}` is not committed as it is")),
        None => Ok(&history.head.id),
    }
}

/// Says why an approval would add nothing.
fn objection(
    judged: &Judged,
    document: &DocumentAssessment,
    verdict: &Verdict<'_>,
) -> Option<String> {
    // Where code has changed, the approval is given anew.
    if verdict.outcome != Said::Approved || !document.changed.is_empty() {
        return None;
    }
    let reviews = &judged.portal.records.reviews;
    let theirs = |index: &&usize| {
        reviews[**index].reviewer.value == verdict.reviewer
            && judged.assessment.standing.reviews.get(**index) == Some(&Counts::Yes)
    };
    let last: &Review = &reviews[*document.reviews.iter().rev().find(theirs)?];
    let same = last.outcome == verdict.outcome
        && last.act == verdict.act
        && last.digest.eq_ignore_ascii_case(&document.digest);
    let policy = judged.portal.plan.as_ref().map(|plan| plan.review.clone()).unwrap_or_default();
    let valid_days = valid_days(judged.portal.document(&document.id)?, &policy);
    let holds = last_day(last, valid_days).is_none_or(|last| last >= judged.assessment.today);
    (same && holds).then(|| {
        let name = names::name(&judged.portal, verdict.reviewer);
        format!("{name} has approved `{}` as it is on {}", document.id, last.on)
    })
}

/// Says what was recorded, where, and what the document is now.
fn said(
    recorded: &Recorded,
    index: usize,
    document: &DocumentAssessment,
    verdict: &Verdict<'_>,
) -> String {
    let Recorded { path, lines, counts, judged } = recorded;
    let name = names::name(&judged.portal, verdict.reviewer);
    let did = match verdict.outcome {
        Said::Approved => "approved",
        Said::ChangesRequested => "requested changes to",
    };
    let why_not = counts.get(index).and_then(names::why_not);
    let why_not = why_not.map(|why| format!(" (does not count: {why})")).unwrap_or_default();
    let now = judged.assessment.documents.get(&document.id).map(|now| {
        let reasons = now.reasons.join("; ");
        format!("; it is now {}: {reasons}", status::document(now.status).word.to_lowercase())
    });
    format!(
        "{path}:{}: {name} {did} `{}`{why_not}{}",
        lines.get(index).copied().unwrap_or_default(),
        document.id,
        now.unwrap_or_default()
    )
}
