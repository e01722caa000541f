//! Part D: who was trained and certified, what the receiving team handled, and how the escalation was tested.

use serde::Serialize;

use crate::assess::{Counts, ModuleAssessment};
use crate::parse::plan::{Plan, Side};
use crate::parse::records::Certification;
use crate::render::words::{self, Day};
use crate::render::{Facts, names};

use super::Chip;

/// How many people stand beside each other in one table.
const COLUMNS: usize = 6;

#[derive(Serialize)]
pub(super) struct Training {
    tables: Vec<Matrix>,
    work: Vec<WorkRow>,
    tests: Vec<TestRow>,
}

/// Modules × people.
#[derive(Serialize)]
struct Matrix {
    people: Vec<String>,
    rows: Vec<ModuleRow>,
    certification: Vec<Chip>,
    /// Hours attended, of hours to attend.
    totals: Vec<String>,
    hours: String,
}

#[derive(Serialize)]
struct ModuleRow {
    title: String,
    /// The days on which it was held.
    held: String,
    hours: String,
    trainer: Option<String>,
    /// `None` for a person who is not in the audience.
    cells: Vec<Option<Chip>>,
}

#[derive(Serialize)]
struct WorkRow {
    ticket: String,
    on: String,
    text: String,
    document: Option<String>,
    performed_by: String,
    observed_by: String,
}

#[derive(Serialize)]
struct TestRow {
    level: u32,
    contact: String,
    on: String,
    channel: String,
    acknowledged_by: String,
    minutes: String,
}

pub(super) fn training(facts: &Facts<'_>, plan: &Plan) -> Training {
    let people = people(facts, plan);
    Training {
        tables: people.chunks(COLUMNS).map(|people| matrix(facts, plan, people)).collect(),
        work: work(facts),
        tests: tests(facts, plan),
    }
}

/// Returns everybody who is to be trained or certified, in the order of the plan.
fn people<'a>(facts: &Facts<'a>, plan: &'a Plan) -> Vec<&'a str> {
    let receiving = |team: &str| {
        plan.teams.iter().any(|one| one.id.value == team && one.side == Side::Receiving)
    };
    let listed = |id: &str| {
        let mut modules = facts.assessment.training.iter();
        modules.any(|module| module.attendance.iter().any(|(person, _)| person == id))
    };
    let people = plan.people.iter().filter(|person| receiving(&person.team) || listed(&person.id));
    people.map(|person| person.id.value.as_str()).collect()
}

fn matrix(facts: &Facts<'_>, plan: &Plan, people: &[&str]) -> Matrix {
    let mut rows = Vec::new();
    let mut totals = vec![(0.0, 0.0); people.len()];
    let mut hours = 0.0;
    for assessed in &facts.assessment.training {
        let Some(module) = plan.modules.iter().find(|module| module.id.value == assessed.id) else {
            continue;
        };
        hours += module.hours;
        let mut cells = Vec::new();
        for (person, total) in people.iter().zip(&mut totals) {
            let attended = attended(assessed, person);
            if let Some(attended) = attended {
                total.0 += attended.min(module.hours);
                total.1 += module.hours;
            }
            cells.push(attended.map(|attended| attendance(attended, module.hours)));
        }
        let held: Vec<String> = assessed.held.iter().map(|&day| Day::from(day).iso).collect();
        rows.push(ModuleRow {
            title: module.title.clone(),
            held: if held.is_empty() { "not held yet".to_owned() } else { held.join(", ") },
            hours: module.hours.to_string(),
            trainer: module.trainer.as_ref().map(|id| names::name(facts.portal, id).to_owned()),
            cells,
        });
    }
    Matrix {
        people: people.iter().map(|id| names::name(facts.portal, id).to_owned()).collect(),
        rows,
        certification: people.iter().map(|id| certification(facts, id)).collect(),
        totals: totals.iter().map(|(attended, all)| format!("{attended} of {all}")).collect(),
        hours: hours.to_string(),
    }
}

fn attended(assessed: &ModuleAssessment, person: &str) -> Option<f64> {
    let mut attendance = assessed.attendance.iter();
    attendance.find(|(id, _)| id == person).map(|(_, hours)| *hours)
}

fn attendance(attended: f64, hours: f64) -> Chip {
    if attended >= hours {
        Chip::new("pass", "tick", "Attended")
    } else if attended > 0.0 {
        Chip::new("warn", "clock", format!("{attended} of {hours} h"))
    } else {
        Chip::new("fail", "dashed-circle", "Open")
    }
}

fn certification(facts: &Facts<'_>, person: &str) -> Chip {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    let last: Option<(&Certification, &Counts)> =
        names::up_to_the_day(&portal.records.certifications, &standing.certifications)
            .filter(|(passed, _)| passed.person.value == person)
            .max_by_key(|(passed, counts)| (**counts == Counts::Yes, passed.on.value));
    match last {
        Some((passed, Counts::Yes)) => {
            let score = passed.score.map(|score| format!(" ({score})")).unwrap_or_default();
            Chip::new("pass", "tick", format!("Certified{score}"))
        }
        Some((_, Counts::Expired)) => Chip::new("warn", "clock", "Expired"),
        Some(_) | None => Chip::new("fail", "dashed-circle", "Open"),
    }
}

fn work(facts: &Facts<'_>) -> Vec<WorkRow> {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    let people = |ids: &[crate::source::Spanned<String>]| {
        words::list(&ids.iter().map(|id| names::name(portal, id).to_owned()).collect::<Vec<_>>())
    };
    names::up_to_the_day(&portal.records.work, &standing.work)
        .filter(|(_, counts)| **counts == Counts::Yes)
        .map(|(work, _)| {
            let kind = work.severity.as_ref().unwrap_or(&work.kind);
            WorkRow {
                ticket: work.ticket.clone(),
                on: work.on.value.to_string(),
                text: format!("{kind}: {}", work.summary),
                document: work.document.as_ref().map(|id| id.value.clone()),
                performed_by: people(&work.performed_by),
                observed_by: work.observed_by.as_ref().map_or("–".to_owned(), |ids| people(ids)),
            }
        })
        .collect()
}

fn tests(facts: &Facts<'_>, plan: &Plan) -> Vec<TestRow> {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    let mut rows = Vec::new();
    for level in &plan.escalations {
        let contact = names::name(portal, &level.contact).to_owned();
        let tests =
            names::up_to_the_day(&portal.records.escalation_tests, &standing.escalation_tests)
                .filter(|(test, counts)| test.level == level.level && **counts == Counts::Yes);
        let before = rows.len();
        for (test, _) in tests {
            let channel = test.channel.as_ref().or(level.channel.as_ref());
            let by = test.acknowledged_by.as_ref();
            rows.push(TestRow {
                level: level.level.value,
                contact: contact.clone(),
                on: test.on.value.to_string(),
                channel: channel.map_or("–", String::as_str).to_owned(),
                acknowledged_by: by.map_or("nobody", |id| names::name(portal, id)).to_owned(),
                minutes: test.minutes.map_or("–".to_owned(), |minutes| {
                    format!("{minutes} of {}", level.acknowledge_minutes)
                }),
            });
        }
        if rows.len() == before {
            rows.push(TestRow {
                level: level.level.value,
                contact,
                on: "not tested".to_owned(),
                channel: level.channel.as_ref().map_or("–", String::as_str).to_owned(),
                acknowledged_by: "–".to_owned(),
                minutes: format!("– of {}", level.acknowledge_minutes),
            });
        }
    }
    rows
}
