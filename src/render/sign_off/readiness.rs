//! Part B: every criterion with its evidence, the exceptions that are accepted, what is owed, and what was decided.

use serde::Serialize;

use crate::assess::{Counts, Evidence, EvidenceLink, Verdict};
use crate::parse::plan::Plan;
use crate::parse::records::DecisionOutcome;
use crate::render::words::{self, Day};
use crate::render::{Facts, names, status};

use super::Chip;

/// How many pieces of evidence a criterion names on paper; the portal has all.
const EVIDENCE: usize = 8;
/// How many characters of each are printed.
const LENGTH: usize = 110;

#[derive(Serialize)]
pub(super) struct ReadinessPart {
    criteria: Vec<CriterionBlock>,
    exceptions: Vec<ExceptionRow>,
    open_items: Vec<OpenItemRow>,
    decisions: Vec<DecisionRow>,
}

#[derive(Serialize)]
struct CriterionBlock {
    /// `C1`
    number: String,
    statement: String,
    chip: Chip,
    target: String,
    actual: String,
    /// `INC-4471, …; 3 more`
    evidence: Option<String>,
    /// Not part of the gate: it is shown, and nobody waits for it.
    beside_gate: bool,
}

#[derive(Serialize)]
struct ExceptionRow {
    number: String,
    covers: String,
    reason: String,
    requested_by: String,
    approved_by: String,
    expires: String,
}

#[derive(Serialize)]
struct OpenItemRow {
    criterion: String,
    /// As HTML: what stands in backticks is code.
    what: String,
    owner: String,
    due: String,
}

#[derive(Serialize)]
struct DecisionRow {
    on: String,
    outcome: &'static str,
    by: String,
    reason: String,
}

pub(super) fn readiness(facts: &Facts<'_>, plan: &Plan) -> ReadinessPart {
    ReadinessPart {
        criteria: criteria(facts),
        exceptions: exceptions(facts),
        open_items: open_items(facts, plan),
        decisions: decisions(facts),
    }
}

fn criteria(facts: &Facts<'_>) -> Vec<CriterionBlock> {
    let criteria = facts.assessment.criteria.iter().enumerate();
    criteria
        .map(|(index, criterion)| {
            let badge = status::criterion(criterion.verdict);
            let open = matches!(criterion.verdict, Verdict::Unmet | Verdict::NotAssessed);
            let mut evidence: Vec<String> =
                criterion.evidence.iter().take(EVIDENCE).map(short).collect();
            if criterion.evidence.len() > EVIDENCE {
                evidence
                    .push(format!("{} more in the portal", criterion.evidence.len() - EVIDENCE));
            }
            CriterionBlock {
                number: format!("C{}", index + 1),
                statement: criterion.statement.clone(),
                chip: if open { Chip::filled(badge) } else { badge.into() },
                target: criterion.target.clone(),
                actual: criterion.actual.clone(),
                evidence: (!evidence.is_empty()).then(|| evidence.join("; ")),
                beside_gate: !criterion.at_gate,
            }
        })
        .collect()
}

/// Returns a piece of evidence without what part D says of it.
fn short(evidence: &Evidence) -> String {
    let text = match evidence.link {
        EvidenceLink::Practice => {
            evidence.text.split_once(": ").map_or(&*evidence.text, |(text, _)| text)
        }
        _ => &evidence.text,
    };
    super::cut(text, LENGTH)
}

fn exceptions(facts: &Facts<'_>) -> Vec<ExceptionRow> {
    let portal = facts.portal;
    let exceptions = facts.assessment.exceptions.iter().filter(|one| one.counts == Counts::Yes);
    exceptions
        .filter_map(|assessed| portal.records.exceptions.get(assessed.record))
        .enumerate()
        .map(|(index, exception)| ExceptionRow {
            number: format!("E{}", index + 1),
            covers: exception.covers.value.clone(),
            reason: exception.reason.clone(),
            requested_by: names::name(portal, &exception.requested_by).to_owned(),
            approved_by: names::name(portal, &exception.approved_by).to_owned(),
            expires: exception.expires.value.to_string(),
        })
        .collect()
}

fn open_items(facts: &Facts<'_>, plan: &Plan) -> Vec<OpenItemRow> {
    let number = |id: &String| {
        let index = plan.criteria.iter().position(|criterion| criterion.id.value == *id)?;
        Some(format!("C{}", index + 1))
    };
    let items = facts.assessment.open_items.iter();
    items
        .map(|item| OpenItemRow {
            criterion: item.criterion.as_ref().and_then(number).unwrap_or_else(|| "–".to_owned()),
            what: words::phrase(&item.what, |_| None),
            owner: item
                .owner
                .as_ref()
                .map_or("–", |owner| names::name(facts.portal, owner))
                .to_owned(),
            due: item.due.map_or("–".to_owned(), |due| Day::from(due).iso),
        })
        .collect()
}

fn decisions(facts: &Facts<'_>) -> Vec<DecisionRow> {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    names::up_to_the_day(&portal.records.decisions, &standing.decisions)
        .filter(|(_, counts)| **counts == Counts::Yes)
        .map(|(decision, _)| {
            let by: Vec<String> =
                decision.by.iter().map(|id| names::name(portal, id).to_owned()).collect();
            DecisionRow {
                on: decision.on.value.to_string(),
                outcome: match decision.outcome {
                    DecisionOutcome::Go => "Go",
                    DecisionOutcome::NoGo => "No-go",
                    DecisionOutcome::Postponed => "Postponed",
                },
                by: words::list(&by),
                reason: decision.reason.clone(),
            }
        })
        .collect()
}
