//! The facts → `handover.json`, which `status --json` prints too.

pub mod history;
pub mod releases;
pub mod report;

use crate::assess::{Counts, DocumentAssessment, Schedule, SupportWindow};
use crate::diagnostic::Severity;
use crate::link::alerts::Alert;
use crate::parse::plan::{Escalation, Plan};
use crate::parse::toml::Date;
use crate::render::{Facts, names};
use crate::source::{SourcePath, Spanned};

use report::{
    AlertReport, AttendanceReport, CertificationReport, CommitmentReport, CriterionReport,
    DecisionReport, DiagnosticsReport, DocumentReport, EntryReport, EscalationReport,
    EscalationTestReport, EvidenceReport, ExceptionReport, HandoverReport, HolidayReport,
    ManifestReport, MilestoneReport, ModuleReport, ObjectiveReport, OpenItemReport, PersonReport,
    PhaseReport, ReadinessReport, Report, ReviewReport, ScheduleReport, StandingReport,
    SupportEventReport, SupportReport, TeamReport, WorkReport,
};

/// Returns the text of `handover.json`.
pub fn json(facts: &Facts<'_>) -> String {
    let mut text = serde_json::to_string_pretty(&report(facts))
        .expect("invariant: every key is a string and every value has a form in JSON");
    text.push('\n');
    text
}

/// Returns the JSON Schema of `handover.json`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}

/// Returns every computed fact.
pub fn report(facts: &Facts<'_>) -> Report {
    let Facts { portal, assessment, manifest, diagnostics, .. } = *facts;
    let plan = portal.plan.as_ref();
    let readiness = &assessment.readiness;
    let count = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
    let entry = |entry: &crate::parse::release::Entry| EntryReport {
        name: entry.name.clone(),
        digest: entry.digest.clone(),
    };
    Report {
        schema: "handover/1",
        handover: plan.map(handover),
        judged_for: Date(assessment.today),
        history: history::history(facts),
        readiness: ReadinessReport {
            ready: readiness.ready,
            met: readiness.met,
            waived: readiness.waived,
            total: readiness.total,
        },
        schedule: assessment.schedule.as_ref().map(|dates| schedule(plan, dates)),
        support: assessment.support.as_ref().map(|window| support(plan, window)),
        objectives: plan.map(objectives).unwrap_or_default(),
        teams: plan.map(teams).unwrap_or_default(),
        people: plan.map(people).unwrap_or_default(),
        criteria: criteria(facts),
        documents: assessment.documents.values().map(|one| document(facts, one)).collect(),
        alerts: portal.alerts.all.iter().map(|one| alert(facts, one)).collect(),
        training: training(facts),
        certifications: certifications(facts),
        work: work(facts),
        escalation: plan
            .map(|plan| plan.escalations.iter().map(|level| escalation(facts, level)).collect())
            .unwrap_or_default(),
        support_events: support_events(facts),
        exceptions: exceptions(facts),
        decisions: decisions(facts),
        open_items: open_items(facts),
        diagnostics: DiagnosticsReport {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        },
        manifest: ManifestReport {
            digest: manifest.digest.clone(),
            entries: manifest.entries.iter().map(entry).collect(),
        },
        releases: releases::releases(facts),
    }
}

fn handover(plan: &Plan) -> HandoverReport {
    let handover = &plan.handover;
    HandoverReport {
        id: handover.id.value.clone(),
        title: handover.title.clone(),
        service: handover.service.clone(),
        version: handover.version.value.clone(),
        summary: handover.summary.clone(),
    }
}

fn schedule(plan: Option<&Plan>, dates: &Schedule) -> ScheduleReport {
    let calendar = plan.and_then(|plan| plan.calendar.as_ref());
    let phases = dates.phases.iter().map(|phase| {
        let planned = plan.and_then(|plan| plan.phases.iter().find(|one| one.id.value == phase.id));
        PhaseReport {
            id: phase.id.clone(),
            title: planned.map_or(&phase.id, |planned| &planned.title).clone(),
            label: planned.and_then(|planned| text(planned.label.as_ref())),
            first_day: phase.first_day,
            last_day: phase.last_day,
            start: Date(phase.start),
            end: Date(phase.end),
            progress: phase.progress,
        }
    });
    let milestones = dates.milestones.iter().map(|milestone| {
        let planned =
            plan.and_then(|plan| plan.milestones.iter().find(|one| one.id.value == milestone.id));
        MilestoneReport {
            id: milestone.id.clone(),
            title: planned.map_or(&milestone.id, |planned| &planned.title).clone(),
            day: milestone.day,
            date: Date(milestone.date),
            gate: planned.is_some_and(|planned| planned.gate),
            progress: milestone.progress,
        }
    });
    ScheduleReport {
        start: Date(dates.start),
        end: Date(dates.end),
        business_days: dates.days.len(),
        weekend: calendar.map(|calendar| calendar.weekend.clone()).unwrap_or_default(),
        holidays: calendar
            .map(|calendar| {
                let holidays = calendar.holidays.iter();
                holidays
                    .map(|holiday| HolidayReport {
                        date: holiday.date.value,
                        name: holiday.name.clone(),
                    })
                    .collect()
            })
            .unwrap_or_default(),
        timezone: calendar.and_then(|calendar| calendar.timezone.clone()),
        gate: dates.gate.map(Date),
        phases: phases.collect(),
        milestones: milestones.collect(),
    }
}

fn support(plan: Option<&Plan>, window: &SupportWindow) -> SupportReport {
    let planned = plan.and_then(|plan| plan.support.as_ref());
    let commitments = window.commitments.iter().map(|dated| {
        let mut all = planned.iter().flat_map(|support| &support.commitments);
        let commitment = all.find(|commitment| commitment.title.value == dated.title);
        CommitmentReport {
            title: dated.title.clone(),
            text: commitment.map(|commitment| commitment.text.clone()).unwrap_or_default(),
            minutes: commitment.and_then(|commitment| commitment.minutes),
            dates: dated.dates.iter().copied().map(Date).collect(),
        }
    });
    SupportReport {
        start: Date(window.start),
        end: Date(window.end),
        days: window.days,
        unit: window.unit,
        commitments: commitments.collect(),
    }
}

fn objectives(plan: &Plan) -> Vec<ObjectiveReport> {
    let objectives = plan.objectives.iter();
    objectives
        .map(|objective| ObjectiveReport {
            text: objective.text.value.clone(),
            criteria: texts(&objective.criteria),
        })
        .collect()
}

fn teams(plan: &Plan) -> Vec<TeamReport> {
    let teams = plan.teams.iter();
    teams
        .map(|team| TeamReport {
            id: team.id.value.clone(),
            side: team.side,
            name: team.name.clone(),
            roles: team.roles.clone(),
        })
        .collect()
}

fn people(plan: &Plan) -> Vec<PersonReport> {
    let people = plan.people.iter();
    people
        .map(|person| PersonReport {
            id: person.id.value.clone(),
            name: person.name.clone(),
            role: person.role.clone(),
            team: person.team.value.clone(),
            lead: person.lead,
        })
        .collect()
}

fn criteria(facts: &Facts<'_>) -> Vec<CriterionReport> {
    let criteria = facts.assessment.criteria.iter();
    criteria
        .map(|criterion| CriterionReport {
            id: criterion.id.clone(),
            statement: criterion.statement.clone(),
            verdict: criterion.verdict,
            target: criterion.target.clone(),
            actual: criterion.actual.clone(),
            evidence: criterion
                .evidence
                .iter()
                .map(|evidence| EvidenceReport {
                    text: evidence.text.clone(),
                    link: names::evidence(facts, &evidence.link),
                })
                .collect(),
            missing: criterion.missing.clone(),
            owner: criterion.owner.clone(),
            at_gate: criterion.at_gate,
        })
        .collect()
}

fn alert(facts: &Facts<'_>, alert: &Alert) -> AlertReport {
    let (rule, source) = (alert.rule(), &alert.file.source);
    let id = |path: &SourcePath| Some(facts.portal.documents.get(path)?.id.clone());
    AlertReport {
        name: rule.name.value.clone(),
        severity: rule.severity.clone(),
        group: rule.group.clone(),
        summary: rule.summary.clone(),
        path: source.path.to_string(),
        line: source.position(rule.name.span.start).0,
        runbook: text(rule.runbook.as_ref()),
        standing: alert.standing(),
        documents: alert.documents().into_iter().filter_map(id).collect(),
    }
}

fn document(facts: &Facts<'_>, assessed: &DocumentAssessment) -> DocumentReport {
    let name = names::document(facts.portal, assessed);
    let reviews = assessed.reviews.iter().filter_map(|&index| {
        let review = facts.portal.records.reviews.get(index)?;
        Some(ReviewReport {
            reviewer: review.reviewer.value.clone(),
            on: review.on.value,
            act: review.act,
            outcome: review.outcome,
            digest: review.digest.value.clone(),
            standing: standing(facts.assessment.standing.reviews.get(index)?),
        })
    });
    DocumentReport {
        id: assessed.id.clone(),
        path: assessed.path.as_ref().map(ToString::to_string),
        page: name.page.map(str::to_owned),
        title: name.title.to_owned(),
        kind: name.kind.map(str::to_owned),
        owner: name.owner.map(str::to_owned),
        status: assessed.status,
        reasons: assessed.reasons.clone(),
        changed: assessed.changed.clone(),
        covered: assessed.covered.iter().map(|commit| history::commit(commit)).collect(),
        digest: Some(&assessed.digest).filter(|digest| !digest.is_empty()).cloned(),
        due: assessed.due.map(Date),
        last_change: assessed.path.as_ref().and_then(|path| history::last_change(facts, path)),
        reviews: reviews.collect(),
    }
}

fn training(facts: &Facts<'_>) -> Vec<ModuleReport> {
    let modules = facts.assessment.training.iter();
    modules
        .filter_map(|assessed| {
            let mut planned = facts.portal.plan.iter().flat_map(|plan| &plan.modules);
            let module = planned.find(|module| module.id.value == assessed.id)?;
            let attendance = assessed.attendance.iter();
            Some(ModuleReport {
                id: assessed.id.clone(),
                title: module.title.clone(),
                hours: module.hours,
                trainer: text(module.trainer.as_ref()),
                complete: assessed.complete,
                held: assessed.held.iter().copied().map(Date).collect(),
                attendance: attendance
                    .map(|(person, hours)| AttendanceReport {
                        person: person.clone(),
                        hours: *hours,
                    })
                    .collect(),
            })
        })
        .collect()
}

fn certifications(facts: &Facts<'_>) -> Vec<CertificationReport> {
    let (records, known) = (&facts.portal.records, &facts.assessment.standing);
    names::up_to_the_day(&records.certifications, &known.certifications)
        .map(|(event, counts)| CertificationReport {
            person: event.person.value.clone(),
            on: event.on.value,
            score: event.score,
            certified_by: event.certified_by.value.clone(),
            expires: event.expires,
            standing: standing(counts),
        })
        .collect()
}

fn work(facts: &Facts<'_>) -> Vec<WorkReport> {
    let (records, known) = (&facts.portal.records, &facts.assessment.standing);
    names::up_to_the_day(&records.work, &known.work)
        .map(|(event, counts)| WorkReport {
            kind: event.kind.clone(),
            severity: event.severity.clone(),
            ticket: event.ticket.clone(),
            on: event.on.value,
            performed_by: texts(&event.performed_by),
            observed_by: event.observed_by.as_deref().map(texts).unwrap_or_default(),
            document: text(event.document.as_ref()),
            summary: event.summary.clone(),
            standing: standing(counts),
        })
        .collect()
}

fn escalation(facts: &Facts<'_>, planned: &Escalation) -> EscalationReport {
    let (records, known) = (&facts.portal.records, &facts.assessment.standing);
    let tests = names::up_to_the_day(&records.escalation_tests, &known.escalation_tests);
    EscalationReport {
        level: planned.level.value,
        title: planned.title.clone(),
        severities: planned.severities.clone(),
        contact: planned.contact.value.clone(),
        hours: planned.hours.clone(),
        acknowledge_minutes: planned.acknowledge_minutes,
        channel: planned.channel.clone(),
        tests: tests
            .filter(|(event, _)| event.level == planned.level)
            .map(|(event, counts)| EscalationTestReport {
                on: event.on.value,
                acknowledged_by: text(event.acknowledged_by.as_ref()),
                minutes: event.minutes,
                channel: event.channel.clone(),
                standing: standing(counts),
            })
            .collect(),
    }
}

fn support_events(facts: &Facts<'_>) -> Vec<SupportEventReport> {
    let (records, known) = (&facts.portal.records, &facts.assessment.standing);
    names::up_to_the_day(&records.support_events, &known.support_events)
        .map(|(event, counts)| SupportEventReport {
            commitment: event.commitment.value.clone(),
            on: event.on.value,
            summary: event.summary.clone(),
            standing: standing(counts),
        })
        .collect()
}

fn exceptions(facts: &Facts<'_>) -> Vec<ExceptionReport> {
    let (records, known) = (&facts.portal.records, &facts.assessment.standing);
    names::up_to_the_day(&records.exceptions, &known.exceptions)
        .map(|(event, counts)| ExceptionReport {
            covers: event.covers.value.clone(),
            reason: event.reason.clone(),
            on: event.on.as_ref().map(|on| on.value),
            requested_by: event.requested_by.value.clone(),
            approved_by: event.approved_by.value.clone(),
            expires: event.expires.value,
            standing: standing(counts),
        })
        .collect()
}

fn decisions(facts: &Facts<'_>) -> Vec<DecisionReport> {
    let (records, known) = (&facts.portal.records, &facts.assessment.standing);
    names::up_to_the_day(&records.decisions, &known.decisions)
        .map(|(event, counts)| DecisionReport {
            on: event.on.value,
            outcome: event.outcome,
            by: texts(&event.by),
            reason: event.reason.clone(),
            standing: standing(counts),
        })
        .collect()
}

fn open_items(facts: &Facts<'_>) -> Vec<OpenItemReport> {
    let items = facts.assessment.open_items.iter();
    items
        .map(|item| OpenItemReport {
            criterion: item.criterion.clone(),
            document: item.document.clone(),
            what: item.what.clone(),
            owner: item.owner.clone(),
            due: item.due.map(Date),
        })
        .collect()
}

fn standing(counts: &Counts) -> StandingReport {
    StandingReport {
        counts: *counts == Counts::Yes,
        why: names::why_not(counts).map(str::to_owned),
    }
}

fn text(value: Option<&Spanned<String>>) -> Option<String> {
    value.map(|value| value.value.clone())
}

fn texts(values: &[Spanned<String>]) -> Vec<String> {
    values.iter().map(|value| value.value.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::fixture;
    use crate::render::feeds::tests::PROJECT;

    /// Returns every path of keys in a value, with what kind of value stands there.
    fn shape(value: &Value, path: &str, lines: &mut std::collections::BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                shape(value, &format!("{path}.{key}"), lines);
            }),
            Value::Array(list) => {
                list.iter().for_each(|value| shape(value, &format!("{path}[]"), lines));
            }
            Value::Null => {}
            Value::Bool(_) => drop(lines.insert(format!("{path}: boolean"))),
            Value::Number(_) => drop(lines.insert(format!("{path}: number"))),
            Value::String(_) => drop(lines.insert(format!("{path}: string"))),
        }
    }

    #[test]
    fn the_shape_that_others_read() {
        let value: Value = serde_json::from_str(&json(&fixture::judged(PROJECT).facts())).unwrap();
        let mut lines = std::collections::BTreeSet::new();
        shape(&value, "", &mut lines);
        insta::assert_snapshot!(lines.into_iter().collect::<Vec<_>>().join("\n"), @r"
        .certifications[].certified_by: string
        .certifications[].counts: boolean
        .certifications[].on: string
        .certifications[].person: string
        .criteria[].actual: string
        .criteria[].at_gate: boolean
        .criteria[].evidence[].link: string
        .criteria[].evidence[].text: string
        .criteria[].id: string
        .criteria[].missing[]: string
        .criteria[].owner: string
        .criteria[].statement: string
        .criteria[].target: string
        .criteria[].verdict: string
        .decisions[].by[]: string
        .decisions[].counts: boolean
        .decisions[].on: string
        .decisions[].outcome: string
        .decisions[].reason: string
        .diagnostics.errors: number
        .diagnostics.warnings: number
        .documents[].digest: string
        .documents[].id: string
        .documents[].kind: string
        .documents[].owner: string
        .documents[].page: string
        .documents[].path: string
        .documents[].reasons[]: string
        .documents[].reviews[].act: string
        .documents[].reviews[].counts: boolean
        .documents[].reviews[].digest: string
        .documents[].reviews[].on: string
        .documents[].reviews[].outcome: string
        .documents[].reviews[].reviewer: string
        .documents[].status: string
        .documents[].title: string
        .escalation[].acknowledge_minutes: number
        .escalation[].contact: string
        .escalation[].hours: string
        .escalation[].level: number
        .escalation[].severities[]: string
        .escalation[].tests[].acknowledged_by: string
        .escalation[].tests[].counts: boolean
        .escalation[].tests[].minutes: number
        .escalation[].tests[].on: string
        .exceptions[].approved_by: string
        .exceptions[].counts: boolean
        .exceptions[].covers: string
        .exceptions[].expires: string
        .exceptions[].on: string
        .exceptions[].reason: string
        .exceptions[].requested_by: string
        .handover.id: string
        .handover.service: string
        .handover.title: string
        .handover.version: string
        .history.unknown: string
        .judged_for: string
        .manifest.digest: string
        .manifest.entries[].digest: string
        .manifest.entries[].name: string
        .open_items[].criterion: string
        .open_items[].document: string
        .open_items[].due: string
        .open_items[].owner: string
        .open_items[].what: string
        .people[].id: string
        .people[].lead: boolean
        .people[].name: string
        .people[].role: string
        .people[].team: string
        .readiness.met: number
        .readiness.ready: boolean
        .readiness.total: number
        .readiness.waived: number
        .schedule.business_days: number
        .schedule.end: string
        .schedule.gate: string
        .schedule.holidays[].date: string
        .schedule.holidays[].name: string
        .schedule.milestones[].date: string
        .schedule.milestones[].day: number
        .schedule.milestones[].gate: boolean
        .schedule.milestones[].id: string
        .schedule.milestones[].progress: string
        .schedule.milestones[].title: string
        .schedule.phases[].end: string
        .schedule.phases[].first_day: number
        .schedule.phases[].id: string
        .schedule.phases[].last_day: number
        .schedule.phases[].progress: string
        .schedule.phases[].start: string
        .schedule.phases[].title: string
        .schedule.start: string
        .schedule.timezone: string
        .schedule.weekend[]: string
        .schema: string
        .support.commitments[].dates[]: string
        .support.commitments[].minutes: number
        .support.commitments[].text: string
        .support.commitments[].title: string
        .support.days: number
        .support.end: string
        .support.start: string
        .support.unit: string
        .teams[].id: string
        .teams[].name: string
        .teams[].side: string
        .training[].attendance[].hours: number
        .training[].attendance[].person: string
        .training[].complete: boolean
        .training[].held[]: string
        .training[].hours: number
        .training[].id: string
        .training[].title: string
        .training[].trainer: string
        .work[].counts: boolean
        .work[].document: string
        .work[].kind: string
        .work[].observed_by[]: string
        .work[].on: string
        .work[].performed_by[]: string
        .work[].severity: string
        .work[].summary: string
        .work[].ticket: string
        ");
    }

    #[test]
    fn facts_are_those_of_the_judged_day() {
        let report = report(&fixture::judged(PROJECT).facts());
        assert_eq!(report.judged_for.to_string(), "2026-12-18");
        let tickets: Vec<&str> = report.work.iter().map(|work| work.ticket.as_str()).collect();
        assert_eq!(tickets, ["INC-1"], "what lies ahead is not told");
        let restore = report.documents.iter().find(|one| one.id == "restore").unwrap();
        assert_eq!(restore.path.as_deref(), Some("content/restore.md"));
        assert_eq!(restore.page.as_deref(), Some("restore.html"));
        assert_eq!(
            (restore.kind.as_deref(), restore.owner.as_deref()),
            (Some("runbook"), Some("bob"))
        );
    }

    #[test]
    fn the_schema_names_every_key_that_is_written() {
        let judged = fixture::judged(PROJECT);
        let value: Value = serde_json::to_value(report(&judged.facts())).unwrap();
        let schema = serde_json::to_value(schema()).unwrap();
        let properties = schema["properties"].as_object().unwrap();
        for (key, _) in value.as_object().unwrap() {
            assert!(
                properties[key]["description"].is_string() || properties[key].is_object(),
                "{key}"
            );
        }
    }

    #[test]
    fn a_project_without_a_plan_has_no_handover() {
        let report = report(&fixture::judged("-- src/a.md --\n# A\n").facts());
        assert!(report.handover.is_none() && report.schedule.is_none() && report.support.is_none());
        assert_eq!(report.documents.len(), 1);
    }
}
