//! The first page: what is handed over, whether it is ready, and what the other parts are.

use serde::Serialize;

use crate::assess::{Now, Status, Verdict};
use crate::parse::plan::{DayUnit, Plan, Side};
use crate::render::past::{self, Made};
use crate::render::status::{self, STATUSES};
use crate::render::words::{self, Day};
use crate::render::{Facts, names};

#[derive(Serialize)]
pub(super) struct Summary {
    /// The title of the plan.
    title: String,
    /// One or two sentences of the plan.
    text: Option<String>,
    verdict: String,
    verdict_text: String,
    verdict_icon: String,
    /// Label and value.
    facts: Vec<(String, String)>,
}

pub(super) fn summary(facts: &Facts<'_>, plan: &Plan) -> Summary {
    let ready = facts.assessment.readiness.ready;
    let verdict = if ready { "Ready for sign-off" } else { "Not ready for sign-off" };
    let icon = if ready {
        super::drawn("tick", super::color("pass"))
    } else {
        super::drawn("cross", "#ffffff")
    };
    Summary {
        title: plan.handover.title.clone(),
        text: plan.handover.summary.clone(),
        verdict: verdict.into(),
        verdict_text: verdict_text(facts),
        verdict_icon: icon,
        facts: rows(facts, plan),
    }
}

fn verdict_text(facts: &Facts<'_>) -> String {
    let assessment = facts.assessment;
    let readiness = &assessment.readiness;
    let day = Day::from(assessment.today).long;
    if readiness.total == 0 {
        return format!(
            "The plan has no criterion for its gate, so there is nothing to be ready by. Judged for {day}."
        );
    }
    let waived = match readiness.waived {
        0 => String::new(),
        waived => format!(" and {waived} waived"),
    };
    let mut text =
        format!("{} of {} criteria met{waived}, judged for {day}.", readiness.met, readiness.total);
    let unmet = unmet(facts);
    if !unmet.is_empty() {
        text.push_str(&format!(" Not met: {}.", words::list(&unmet)));
    }
    if !readiness.ready {
        text.push_str(" Do not sign this version.");
    }
    text
}

/// Returns the numbers of the criteria that the gate still waits for: `C1`.
pub(super) fn unmet(facts: &Facts<'_>) -> Vec<String> {
    let criteria = facts.assessment.criteria.iter().enumerate();
    criteria
        .filter(|(_, one)| one.at_gate && !matches!(one.verdict, Verdict::Met | Verdict::Waived))
        .map(|(index, _)| format!("C{}", index + 1))
        .collect()
}

fn rows(facts: &Facts<'_>, plan: &Plan) -> Vec<(String, String)> {
    let assessment = facts.assessment;
    let mut rows = vec![("Handover".to_owned(), plan.handover.id.value.clone())];
    let mut row = |label: &str, value: String| rows.push((label.to_owned(), value));
    row("Version", plan.handover.version.value.clone());
    row("Relinquishing team", side(plan, Side::Relinquishing));
    row("Receiving team", side(plan, Side::Receiving));
    row("Relinquishing lead", leads(facts, Side::Relinquishing));
    row("Receiving lead", leads(facts, Side::Receiving));
    if let Some(schedule) = &assessment.schedule {
        row("Window", words::days(schedule.start, schedule.end));
    }
    let day = Day::from(assessment.today).short;
    let now = assessment.schedule.as_ref().map(|schedule| match schedule.now {
        Now::Before => ", before day 1".to_owned(),
        Now::Day(number) => format!(", day {number}"),
        Now::DayOff(number) => format!(", after day {number}"),
        Now::After => ", after the last day".to_owned(),
    });
    row("Judged for", format!("{day}{}", now.unwrap_or_default()));
    if let Some(Made { commit, uncommitted }) = past::made(facts) {
        let since = uncommitted.map(|files| format!(", {files}")).unwrap_or_default();
        row("Commit", format!("{} of {}{since}", commit.id, commit.day.short));
    }
    row("Documents", documents(facts));
    let hours: f64 = plan.modules.iter().map(|module| module.hours).sum();
    row("Training", format!("{}, {hours} hours", words::count(plan.modules.len(), "module")));
    if let Some(support) = &assessment.support {
        let unit = match support.unit {
            DayUnit::Calendar => "calendar days",
            DayUnit::Business => "business days",
        };
        row("Support", format!("{} {unit}, to {}", support.days, Day::from(support.end).short));
    }
    if let Some(classification) = &facts.portal.config.handover.classification {
        row("Classification", classification.clone());
    }
    rows
}

fn side(plan: &Plan, side: Side) -> String {
    let teams = plan.teams.iter().filter(|team| team.side == side);
    known(words::list(&teams.map(|team| team.name.clone()).collect::<Vec<_>>()))
}

fn leads(facts: &Facts<'_>, side: Side) -> String {
    known(words::list(
        &names::leads(facts.portal, side).map(|person| person.name.clone()).collect::<Vec<_>>(),
    ))
}

fn known(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

fn documents(facts: &Facts<'_>) -> String {
    let all: Vec<Status> =
        facts.assessment.documents.values().map(|document| document.status).collect();
    let counts = STATUSES.into_iter().filter_map(|status| {
        let count = all.iter().filter(|one| **one == status).count();
        (count > 0).then(|| format!("{count} {}", status::document(status).word.to_lowercase()))
    });
    format!("{}: {}", all.len(), counts.collect::<Vec<_>>().join(", "))
}
