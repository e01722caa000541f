//! Part A: scope, days, people and support, as the two teams agreed on them.

use serde::Serialize;

use crate::assess::Schedule;
use crate::parse::plan::{DayUnit, Plan, Side};
use crate::render::Facts;
use crate::render::chart::timeline;
use crate::render::words::{self, Day};

/// How many people a team may have to stand beside the other.
const BESIDE: usize = 16;

#[derive(Serialize)]
pub(super) struct PlanPart {
    /// A drawing.
    timeline: Option<String>,
    objectives: Vec<Objective>,
    rows: Vec<Row>,
    /// `15 business days, day off 8 Dec 2026 (Immaculate Conception)`
    window: Option<String>,
    teams: Vec<Team>,
    /// The teams stand below each other: there are other than two, or one is long.
    stacked: bool,
    support: Option<SupportTerms>,
}

#[derive(Serialize)]
struct Objective {
    text: String,
    /// `C1, C3`
    criteria: String,
}

/// A phase or a milestone.
#[derive(Serialize)]
struct Row {
    title: String,
    label: Option<String>,
    days: String,
    dates: String,
    activities: String,
}

#[derive(Serialize)]
struct Team {
    side: &'static str,
    /// Name and role.
    people: Vec<(String, String)>,
}

#[derive(Serialize)]
struct SupportTerms {
    /// `30 calendar days, 22 Dec 2026 – 20 Jan 2027`
    window: String,
    /// Title and terms.
    commitments: Vec<(String, String)>,
}

pub(super) fn plan(facts: &Facts<'_>, plan: &Plan) -> PlanPart {
    let assessment = facts.assessment;
    let schedule = assessment.schedule.as_ref();
    let teams = teams(plan);
    PlanPart {
        timeline: schedule
            .map(|schedule| timeline::timeline("timeline", schedule, plan, assessment.today)),
        objectives: objectives(plan),
        rows: rows(facts, plan),
        window: schedule.map(|schedule| window(plan, schedule)),
        stacked: teams.len() != 2 || teams.iter().any(|team| team.people.len() > BESIDE),
        teams,
        support: support(facts, plan),
    }
}

fn window(plan: &Plan, schedule: &Schedule) -> String {
    let holidays = plan.calendar.iter().flat_map(|calendar| &calendar.holidays);
    let holidays: Vec<String> = holidays
        .filter(|holiday| (schedule.start..=schedule.end).contains(&holiday.date.value.0))
        .map(|holiday| format!("{} ({})", Day::from(holiday.date.value.0).short, holiday.name))
        .collect();
    let days = words::count(schedule.days.len(), "business day");
    match holidays.len() {
        0 => days,
        1 => format!("{days}, day off {}", holidays[0]),
        _ => format!("{days}, days off {}", words::list(&holidays)),
    }
}

fn objectives(plan: &Plan) -> Vec<Objective> {
    let number = |id: &str| {
        let index = plan.criteria.iter().position(|criterion| criterion.id.value == id)?;
        Some(format!("C{}", index + 1))
    };
    let objectives = plan.objectives.iter();
    objectives
        .map(|objective| {
            let criteria = objective.criteria.iter().filter_map(|id| number(&id.value));
            Objective {
                text: objective.text.value.clone(),
                criteria: criteria.collect::<Vec<_>>().join(", "),
            }
        })
        .collect()
}

fn rows(facts: &Facts<'_>, plan: &Plan) -> Vec<Row> {
    let schedule = facts.assessment.schedule.as_ref();
    let unscheduled = || ("–".to_owned(), "not scheduled".to_owned());
    let phases = plan.phases.iter().map(|phase| {
        let mut all = schedule.iter().flat_map(|schedule| &schedule.phases);
        let dates = all.find(|dates| dates.id == phase.id.value).map(|dates| {
            let days = match (dates.first_day, dates.last_day) {
                (first, last) if first == last => first.to_string(),
                (first, last) => format!("{first} – {last}"),
            };
            (days, words::days(dates.start, dates.end))
        });
        let (days, dates) = dates.unwrap_or_else(unscheduled);
        let label = phase.label.as_ref().map(|label| label.value.clone());
        Row { title: phase.title.clone(), label, days, dates, activities: phase.activities.clone() }
    });
    let milestones = plan.milestones.iter().map(|milestone| {
        let mut all = schedule.iter().flat_map(|schedule| &schedule.milestones);
        let dates = all.find(|dates| dates.id == milestone.id.value).map(|dates| {
            let day = dates.day.map_or("–".to_owned(), |day| day.to_string());
            (day, Day::from(dates.date).short)
        });
        let (days, dates) = dates.unwrap_or_else(unscheduled);
        let label = milestone.gate.then(|| "Gate".to_owned());
        Row {
            title: milestone.title.clone(),
            label,
            days,
            dates,
            activities: milestone.activities.clone(),
        }
    });
    phases.chain(milestones).collect()
}

fn teams(plan: &Plan) -> Vec<Team> {
    let teams = plan.teams.iter();
    teams
        .map(|team| {
            let people = plan.people.iter().filter(|person| person.team.value == team.id.value);
            Team {
                side: match team.side {
                    Side::Relinquishing => "Relinquishing team",
                    Side::Receiving => "Receiving team",
                },
                people: people
                    .map(|person| {
                        let lead = if person.lead { " (lead)" } else { "" };
                        (format!("{}{lead}", person.name), person.role.clone())
                    })
                    .collect(),
            }
        })
        .collect()
}

fn support(facts: &Facts<'_>, plan: &Plan) -> Option<SupportTerms> {
    let terms = plan.support.as_ref()?;
    let unit = match terms.unit {
        DayUnit::Calendar => "calendar",
        DayUnit::Business => "business",
    };
    let days = words::count(terms.days.value as usize, &format!("{unit} day"));
    let window = facts.assessment.support.as_ref();
    let dated = window.map(|window| format!(", {}", words::days(window.start, window.end)));
    let commitments = terms.commitments.iter().map(|commitment| {
        let mut all = window.iter().flat_map(|window| &window.commitments);
        let dates = all.find(|dated| dated.title == commitment.title.value);
        let dates: Vec<String> = dates
            .iter()
            .flat_map(|dated| &dated.dates)
            .map(|&date| Day::from(date).short)
            .collect();
        let mut text = commitment.text.clone();
        if let Some(minutes) = commitment.minutes.filter(|_| !dates.is_empty()) {
            text.push_str(&format!(" {minutes} minutes each:"));
        }
        if !dates.is_empty() {
            text.push_str(&format!(" {}.", words::list(&dates)));
        }
        (commitment.title.value.clone(), text)
    });
    Some(SupportTerms {
        window: format!("{days}{}", dated.unwrap_or_default()),
        commitments: commitments.collect(),
    })
}
