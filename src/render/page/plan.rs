//! The plan page: the timeline, who learns what, who takes part, and what is promised afterwards.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assess::{ModuleAssessment, Verdict};
use crate::parse::plan::{Plan, Side, Team};
use crate::render::chart::timeline;
use crate::render::page::home::{self, support_days};
use crate::render::page::{Html, readiness};
use crate::render::site::{Frame, Link, Site, TocEntry};
use crate::render::status::{self, Badge};
use crate::render::words::{self, Day};

const ADDRESS: &str = "plan.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    title: String,
    plan: bool,
    today: Option<String>,
    objectives: Vec<Objective>,
    timeline: Option<String>,
    steps: Vec<Step>,
    training: Option<Training>,
    teams: Vec<TeamContext>,
    support: Option<Support>,
    /// What `check` found in the plan, as HTML.
    contradictions: Vec<Contradiction>,
}

#[derive(Serialize)]
struct Objective {
    text: String,
    criteria: Vec<Link>,
}

/// A phase or a milestone.
#[derive(Serialize)]
struct Step {
    title: String,
    label: Option<String>,
    gate: bool,
    days: Option<String>,
    dates: Option<String>,
    activities: String,
    note: Option<String>,
}

/// Modules × people.
#[derive(Serialize)]
struct Training {
    people: Vec<String>,
    modules: Vec<ModuleRow>,
}

#[derive(Serialize)]
struct ModuleRow {
    title: String,
    hours: String,
    trainer: Option<String>,
    held: Vec<Day>,
    /// `None` for who is not in the audience.
    cells: Vec<Option<Attendance>>,
}

#[derive(Serialize)]
struct Attendance {
    badge: Badge,
    /// "2 of 3 h", where it is only a part.
    part: Option<String>,
}

#[derive(Serialize)]
struct TeamContext {
    side: &'static str,
    name: String,
    roles: String,
    people: Vec<PersonContext>,
}

#[derive(Serialize)]
struct PersonContext {
    name: String,
    role: String,
    lead: bool,
}

#[derive(Serialize)]
struct Support {
    length: String,
    dates: String,
    commitments: Vec<Commitment>,
}

#[derive(Serialize)]
struct Commitment {
    title: String,
    text: String,
    dates: Vec<Day>,
}

#[derive(Serialize)]
struct Contradiction {
    badge: Badge,
    message: String,
    id: &'static str,
    help: Option<String>,
}

pub fn html(site: &Site<'_>) -> Html {
    let assessment = site.facts.assessment;
    let schedule = assessment.schedule.as_ref();
    let frame = site.frame(ADDRESS, "Plan");
    let mut context = match &site.facts.portal.plan {
        Some(plan) => Context {
            frame,
            title: plan.handover.title.clone(),
            plan: true,
            today: schedule.map(|schedule| home::today(schedule, assessment.today)),
            objectives: objectives(plan),
            timeline: schedule
                .map(|schedule| timeline::timeline("timeline", schedule, plan, assessment.today)),
            steps: steps(site, plan),
            training: training(site, plan),
            teams: [Side::Relinquishing, Side::Receiving]
                .into_iter()
                .flat_map(|side| plan.teams.iter().filter(move |team| team.side == side))
                .map(|team| team_context(plan, team))
                .collect(),
            support: support(site, plan),
            contradictions: contradictions(site, plan),
        },
        None => Context {
            frame,
            title: "Plan".to_owned(),
            plan: false,
            today: None,
            objectives: Vec::new(),
            timeline: None,
            steps: Vec::new(),
            training: None,
            teams: Vec::new(),
            support: None,
            contradictions: Vec::new(),
        },
    };
    let sections = [
        ("contradictions", "Found in the plan", !context.contradictions.is_empty()),
        ("timeline", "Timeline", context.timeline.is_some()),
        ("phases", "Phases and milestones", !context.steps.is_empty()),
        ("training", "Training", context.training.is_some()),
        ("participants", "Participants", !context.teams.is_empty()),
        ("support", "Support afterwards", context.support.is_some()),
    ];
    context.frame.toc = sections
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(id, text, _)| TocEntry::new(id, text))
        .collect();
    site.theme.render("plan.html", &context)
}

fn objectives(plan: &Plan) -> Vec<Objective> {
    let objectives = plan.objectives.iter();
    objectives
        .map(|objective| Objective {
            text: objective.text.value.clone(),
            criteria: objective
                .criteria
                .iter()
                .map(|id| readiness::link(ADDRESS, id.as_str()))
                .collect(),
        })
        .collect()
}

/// Returns phases, then milestones, in the order of the plan.
fn steps(site: &Site<'_>, plan: &Plan) -> Vec<Step> {
    let schedule = site.facts.assessment.schedule.as_ref();
    let phases = plan.phases.iter().map(|phase| {
        let dates = schedule.and_then(|schedule| {
            schedule.phases.iter().find(|dates| dates.id == phase.id.as_str())
        });
        Step {
            title: phase.title.clone(),
            label: phase.label.as_ref().map(|label| label.value.clone()),
            gate: false,
            days: phase.days.as_ref().map(|days| days.value.replace('-', "–")),
            dates: dates.map(|dates| words::days(dates.start, dates.end)),
            activities: phase.activities.clone(),
            note: phase.note.clone(),
        }
    });
    let milestones = plan.milestones.iter().map(|milestone| {
        let date = schedule.and_then(|schedule| {
            schedule.milestones.iter().find(|date| date.id == milestone.id.as_str())
        });
        Step {
            title: milestone.title.clone(),
            label: milestone.label.as_ref().map(|label| label.value.clone()),
            gate: milestone.gate,
            days: milestone.day.as_ref().map(|day| day.to_string()),
            dates: date.map(|date| words::days(date.date, date.date)),
            activities: milestone.activities.clone(),
            note: None,
        }
    });
    phases.chain(milestones).collect()
}

fn training(site: &Site<'_>, plan: &Plan) -> Option<Training> {
    if plan.modules.is_empty() {
        return None;
    }
    let assessed: BTreeMap<&str, &ModuleAssessment> =
        site.facts.assessment.training.iter().map(|module| (module.id.as_str(), module)).collect();
    let people: Vec<_> = plan
        .people
        .iter()
        .filter(|person| {
            let mut audience = assessed.values().flat_map(|module| &module.attendance);
            audience.any(|(id, _)| id == person.id.as_str())
        })
        .collect();
    let modules = plan.modules.iter().map(|module| {
        let assessed = assessed.get(module.id.as_str());
        let cell = |person: &str| {
            let attendance = &assessed?.attendance;
            let hours = attendance.iter().find(|(id, _)| id == person)?.1;
            Some(attended(hours, module.hours))
        };
        ModuleRow {
            title: module.title.clone(),
            hours: format!("{} h", module.hours),
            trainer: module.trainer.as_ref().map(|id| site.name(&id.value).to_owned()),
            held: assessed
                .map_or(Vec::new(), |module| module.held.iter().copied().map(Day::from).collect()),
            cells: people.iter().map(|person| cell(person.id.as_str())).collect(),
        }
    });
    Some(Training {
        modules: modules.collect(),
        people: people.iter().map(|person| person.name.clone()).collect(),
    })
}

fn attended(hours: f64, of: f64) -> Attendance {
    let (badge, part) = if hours >= of {
        (status::criterion(Verdict::Met).with_word("Attended"), None)
    } else if hours > 0.0 {
        let badge = status::document(crate::assess::Status::Changed).with_word("In part");
        (badge, Some(format!("{hours} of {of} h")))
    } else {
        (status::criterion(Verdict::NotAssessed).with_word("Not yet"), None)
    };
    Attendance { badge, part }
}

fn team_context(plan: &Plan, team: &Team) -> TeamContext {
    let people = plan.people.iter().filter(|person| person.team == team.id);
    TeamContext {
        side: match team.side {
            Side::Relinquishing => "Relinquishing",
            Side::Receiving => "Receiving",
        },
        name: team.name.clone(),
        roles: team.roles.join(", "),
        people: people
            .map(|person| PersonContext {
                name: person.name.clone(),
                role: person.role.clone(),
                lead: person.lead,
            })
            .collect(),
    }
}

fn support(site: &Site<'_>, plan: &Plan) -> Option<Support> {
    let planned = plan.support.as_ref()?;
    let window = site.facts.assessment.support.as_ref();
    let commitments = planned.commitments.iter().map(|commitment| {
        let dates = window.and_then(|window| {
            window.commitments.iter().find(|dates| dates.title == commitment.title.as_str())
        });
        Commitment {
            title: commitment.title.value.clone(),
            text: commitment.text.clone(),
            dates: dates
                .map_or(Vec::new(), |found| found.dates.iter().copied().map(Day::from).collect()),
        }
    });
    Some(Support {
        length: window
            .map_or_else(|| words::count(planned.days.value as usize, "day"), support_days),
        dates: window.map_or_else(String::new, |window| words::days(window.start, window.end)),
        commitments: commitments.collect(),
    })
}

fn contradictions(site: &Site<'_>, plan: &Plan) -> Vec<Contradiction> {
    let problems = site.problems(&plan.source.path).iter();
    problems
        .map(|problem| Contradiction {
            badge: match problem.severity {
                crate::diagnostic::Severity::Error => status::criterion(Verdict::Unmet),
                crate::diagnostic::Severity::Warning => {
                    status::document(crate::assess::Status::Changed)
                }
            },
            message: site.phrase(ADDRESS, &words::sentence(&problem.message)),
            id: problem.code.id,
            help: problem.help.as_ref().map(|help| site.phrase(ADDRESS, &words::sentence(help))),
        })
        .collect()
}
