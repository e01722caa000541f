//! Whether the gate may be passed, and what still stands before it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::assess::criteria::{Bench, Gap, Judgment};
use crate::assess::ledger::Ledger;
use crate::assess::{CriterionAssessment, OpenItem, Readiness, Verdict};
use crate::parse::plan::{Criterion, Milestone, Side};

/// Judges every criterion, in the order of the plan.
pub fn criteria(bench: &Bench<'_>) -> Vec<(CriterionAssessment, Vec<Gap>)> {
    let ledger = bench.ledger;
    let gate = gate(ledger);
    let plan = ledger.portal.plan.iter();
    plan.flat_map(|plan| &plan.criteria)
        .map(|criterion| {
            let listed = gate.map(|gate| gate.criteria.as_slice()).unwrap_or_default();
            let at_gate =
                listed.is_empty() || listed.iter().any(|id| id.value == criterion.id.value);
            assessed(ledger, criterion, bench.judge(criterion), at_gate)
        })
        .collect()
}

fn assessed(
    ledger: &Ledger<'_>,
    criterion: &Criterion,
    judgment: Judgment,
    at_gate: bool,
) -> (CriterionAssessment, Vec<Gap>) {
    let exception =
        ledger.exception(&criterion.id.value).filter(|_| judgment.verdict != Verdict::Met);
    let owner = criterion.owner.as_ref().map(|owner| owner.as_str());
    let owner = owner.map(|owner| ledger.roster.speaker(owner).unwrap_or(owner));
    let owner = owner.or_else(|| ledger.roster.lead(Side::Receiving));
    let assessment = CriterionAssessment {
        id: criterion.id.value.clone(),
        statement: criterion.statement.clone(),
        verdict: if exception.is_some() { Verdict::Waived } else { judgment.verdict },
        target: judgment.target,
        actual: judgment.actual,
        evidence: judgment.evidence,
        missing: judgment.gaps.iter().map(|gap| gap.what.clone()).collect(),
        owner: owner.map(str::to_owned),
        at_gate,
        exception,
    };
    (assessment, judgment.gaps)
}

/// Returns the milestone at which readiness is judged: the first that says so.
fn gate<'a>(ledger: &Ledger<'a>) -> Option<&'a Milestone> {
    ledger.portal.plan.as_ref()?.milestones.iter().find(|milestone| milestone.gate)
}

/// Returns the criteria that the gate waits for and the plan does not have.
fn unknown_criteria<'a>(ledger: &Ledger<'a>) -> Vec<&'a str> {
    let known: BTreeSet<&str> = ledger
        .portal
        .plan
        .iter()
        .flat_map(|plan| &plan.criteria)
        .map(|criterion| criterion.id.as_str())
        .collect();
    let waited = gate(ledger).into_iter().flat_map(|gate| &gate.criteria);
    let mut unknown: Vec<&str> =
        waited.map(|id| id.as_str()).filter(|id| !known.contains(id)).collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown
}

/// Judges the gate. Never ready without a gate, without criteria, with a criterion that the plan does not have, or with a
/// plan or records that are not understood whole.
pub fn readiness(ledger: &Ledger<'_>, criteria: &[CriterionAssessment]) -> Readiness {
    let at_gate: Vec<Verdict> =
        criteria.iter().filter(|it| it.at_gate).map(|it| it.verdict).collect();
    let count = |verdict| at_gate.iter().filter(|it| **it == verdict).count();
    let (met, waived) = (count(Verdict::Met), count(Verdict::Waived));
    let total = at_gate.len() + unknown_criteria(ledger).len();
    let understood = !ledger.portal.problems.iter().any(|problem| problem.code.fatal);
    Readiness {
        ready: gate(ledger).is_some() && total > 0 && met + waived == total && understood,
        met,
        waived,
        total,
    }
}

/// Lists what stands before the gate, in the order of the plan's criteria, a document once.
pub fn open_items(
    ledger: &Ledger<'_>,
    criteria: &[(CriterionAssessment, Vec<Gap>)],
    due: Option<NaiveDate>,
) -> Vec<OpenItem> {
    let mut items = plan_items(ledger, due);
    let mut documents = BTreeSet::new();
    let open = criteria.iter().filter(|(criterion, _)| {
        criterion.at_gate && !matches!(criterion.verdict, Verdict::Met | Verdict::Waived)
    });
    for (criterion, gaps) in open {
        for gap in gaps {
            if gap.document.as_ref().is_some_and(|document| !documents.insert(document)) {
                continue;
            }
            items.push(OpenItem {
                criterion: Some(criterion.id.clone()),
                document: gap.document.clone(),
                what: gap.to_do.clone(),
                owner: gap.owner.clone().or_else(|| criterion.owner.clone()),
                due,
            });
        }
    }
    items
}

/// Lists what the plan itself lacks for a verdict.
fn plan_items(ledger: &Ledger<'_>, due: Option<NaiveDate>) -> Vec<OpenItem> {
    let Some(plan) = &ledger.portal.plan else { return Vec::new() };
    let lead = ledger.roster.lead(Side::Relinquishing).map(str::to_owned);
    let item = |criterion: Option<&str>, what: String| OpenItem {
        criterion: criterion.map(str::to_owned),
        document: None,
        what,
        owner: lead.clone(),
        due,
    };
    let mut items = Vec::new();
    if gate(ledger).is_none() {
        items.push(item(None, "Name the milestone at which readiness is judged".into()));
    }
    if plan.criteria.is_empty() {
        items.push(item(None, "State the criteria that the handover is judged by".into()));
    }
    for id in unknown_criteria(ledger) {
        let what = format!("State the criterion `{id}`, which the gate waits for");
        items.push(item(Some(id), what));
    }
    items
}
