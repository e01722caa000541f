//! Labels that say other days than the plan does: "Week 4" in a plan of three weeks.

use chrono::{Days, NaiveDate};

use crate::assess::{Assessment, Schedule};
use crate::check::label::{self, Label, Unit};
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::{Calendar, Plan};
use crate::source::{Span, Spanned};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "label-mismatch",
        severity: Severity::Warning,
        summary: "A label such as `Week 4` does not agree with the business days.",
        docs: include_str!("label_mismatch.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let schedule = assessment.schedule.as_ref();
    let labels = labels(plan, schedule);
    let wrong: Vec<&Labeled<'_>> =
        labels.iter().filter(|labeled| !agrees(labeled, plan, schedule)).collect();
    let Some(last) = wrong.iter().max_by_key(|labeled| labeled.means.1) else { return };
    let calendar = plan.calendar.as_ref();
    let too_long = calendar.filter(|calendar| last.means.1 > calendar.business_days.value);
    let message = match too_long {
        Some(calendar) => overrun(&labels, last, calendar),
        None => format!("label `{}` means {}, and {}", last.text, days(last.means), last.says()),
    };
    let mut diagnostic = Diagnostic::new(&RULE.code, &plan.source, last.text.span, message);
    if let Some(calendar) = too_long {
        let note = format!("the plan has {} business days", calendar.business_days.value);
        diagnostic = diagnostic.note(&plan.source, calendar.business_days.span, note);
    }
    for labeled in &wrong {
        let note = format!("`{}` would be {}", labeled.text, days(labeled.means));
        diagnostic = diagnostic.note(&plan.source, labeled.place, note);
    }
    found.push(diagnostic.help(ways_out(plan, &wrong, last)));
}

/// A label that means days, and the days that the plan states beside it.
struct Labeled<'a> {
    text: &'a Spanned<String>,
    label: Label,
    /// The business days that the label means.
    means: (u32, u32),
    /// The business days that count, and where they stand.
    days: (u32, u32),
    place: Span,
    is_phase: bool,
}

impl Labeled<'_> {
    fn says(&self) -> String {
        let noun = if self.is_phase { "phase has" } else { "milestone is on" };
        format!("the {noun} {}", days(self.days))
    }
}

/// Returns the labels of phases and milestones that have both a label of that kind and days.
fn labels<'a>(plan: &'a Plan, schedule: Option<&Schedule>) -> Vec<Labeled<'a>> {
    let days_a_week = label::days_a_week(plan.calendar.as_ref());
    let labeled = |text: &'a Option<Spanned<String>>, days, place, is_phase| {
        let text = text.as_ref()?;
        let label = label::label(text)?;
        Some(Labeled { text, label, means: label.days(days_a_week), days, place, is_phase })
    };
    let phases = plan.phases.iter().filter_map(|phase| {
        labeled(&phase.label, phase.day_range()?, phase.days.as_ref()?.span, true)
    });
    let milestones = plan.milestones.iter().filter_map(|milestone| {
        let (day, place) = match (&milestone.day, &milestone.date) {
            (Some(day), _) => (day.value, day.span),
            (None, Some(date)) => {
                let dates = schedule?.milestones.iter();
                let known = dates.clone().find(|known| known.id == *milestone.id)?;
                (known.day?, date.span)
            }
            (None, None) => return None,
        };
        labeled(&milestone.label, (day, day), place, false)
    });
    phases.chain(milestones).collect()
}

/// Tells whether the days fit the label: exactly for days; within them for weeks, whether they are counted as full weeks of
/// business days or as weeks of the calendar.
fn agrees(labeled: &Labeled<'_>, plan: &Plan, schedule: Option<&Schedule>) -> bool {
    let (first, last) = labeled.days;
    match labeled.label.unit {
        Unit::Day => labeled.means == labeled.days,
        Unit::Week => {
            let full_weeks = labeled.means.0 <= first && last <= labeled.means.1;
            full_weeks || in_calendar_weeks(labeled, plan, schedule).unwrap_or(false)
        }
    }
}

fn in_calendar_weeks(
    labeled: &Labeled<'_>,
    plan: &Plan,
    schedule: Option<&Schedule>,
) -> Option<bool> {
    let (calendar, schedule) = (plan.calendar.as_ref()?, schedule?);
    let date = |day: u32| schedule.days.get(usize::try_from(day).ok()?.checked_sub(1)?).copied();
    let week_start = week_start(calendar, schedule.start)?;
    let week = |day: u32| -> Option<u32> {
        let since = date(day)?.signed_duration_since(week_start).num_days();
        u32::try_from(since / 7 + 1).ok()
    };
    let (first, last) = (week(labeled.days.0)?, week(labeled.days.1)?);
    Some(labeled.label.first <= first && last <= labeled.label.last)
}

/// Returns the first day of the calendar week of a date: the day after the weekend.
fn week_start(calendar: &Calendar, date: NaiveDate) -> Option<NaiveDate> {
    let off = |date: NaiveDate| label::is_weekend(calendar, date);
    (0..7)
        .filter_map(|back| date.checked_sub_days(Days::new(back)))
        .find(|start| start.pred_opt().is_some_and(off) && !off(*start))
        .or(Some(date))
}

/// Says that the labels need more days than the plan has: "labels `Week 1` to `Week 4` mean 20 business days, …".
fn overrun(labels: &[Labeled<'_>], last: &Labeled<'_>, calendar: &Calendar) -> String {
    let kin: Vec<_> = labels.iter().filter(|other| other.label.unit == last.label.unit).collect();
    let first = kin.iter().min_by_key(|other| other.means.0);
    let subject = match first {
        Some(first) if first.text.span != last.text.span => {
            format!("labels `{}` to `{}` mean", first.text, last.text)
        }
        _ => format!("label `{}` means", last.text),
    };
    format!(
        "{subject} {} business days, and the plan has {}",
        last.means.1, calendar.business_days.value,
    )
}

fn ways_out(plan: &Plan, wrong: &[&Labeled<'_>], last: &Labeled<'_>) -> String {
    let needed = last.means.1;
    let have = plan.calendar.as_ref().map_or(needed, |calendar| calendar.business_days.value);
    let (extend, compress) = if needed > have {
        let gate = plan.milestones.iter().find(|milestone| milestone.gate);
        let gate = gate.map_or(String::new(), |gate| {
            format!(", and move `{}` to day {needed} or later", gate.id)
        });
        (
            format!(
                "extend: set `business-days = {needed}`, give the phases the days of their labels{gate}"
            ),
            format!("compress: keep the {have} days, and label each phase by the days that it has"),
        )
    } else {
        (
            format!(
                "extend or shift: give `{}` the days of its label, {}",
                last.text,
                days(last.means)
            ),
            "compress: keep the days, and label by them".to_owned(),
        )
    };
    let example = wrong.first().map_or(String::new(), |labeled| {
        let (first, last) = labeled.days;
        let label =
            if first == last { format!("Day {first}") } else { format!("Day {first}-{last}") };
        format!(", `{label}` for `{}`", labeled.text)
    });
    format!(
        "there are three ways out\n{compress}{example}\n{extend}\nrename: use labels that say nothing of time, such as `Phase 1`",
    )
}

fn days((first, last): (u32, u32)) -> String {
    if first == last { format!("day {first}") } else { format!("days {first}-{last}") }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn the_labels_of_the_source_plan() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "documentation-review"
title = "Documentation Review"
label = "Week 1"
days = "1-4"
activities = "Read."

[[phase]]
id = "deep-dive"
title = "Deep Dive Sessions"
label = "Week 2"
days = "5-8"
activities = "Walk through."

[[phase]]
id = "shadowing"
title = "Shadowing"
label = "Week 3"
days = "9-11"
activities = "Watch."

[[phase]]
id = "reverse-shadowing"
title = "Reverse Shadowing"
label = "Week 4"
days = "12-14"
activities = "Do."
"#), @"content/plan.toml:25:9: warning[label-mismatch]: labels `Week 1` to `Week 4` mean 20 business days, and the plan has 15");
    }

    #[test]
    fn a_label_of_days_that_are_others() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
label = "Days 1-5"
days = "1-4"
activities = "Read."
"#), @"content/plan.toml:4:9: warning[label-mismatch]: label `Days 1-5` means days 1-5, and the phase has days 1-4");
    }

    #[test]
    fn labels_that_agree() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
label = "Week one"
days = "1-4"
activities = "Read."

[[phase]]
id = "watching"
title = "Watching"
label = "Days 5-10"
days = "5-10"
activities = "Watch."

[[phase]]
id = "doing"
title = "Doing"
label = "Phase 3"
days = "11-14"
activities = "Do."

[[milestone]]
id = "official-handover"
title = "Official Handover"
label = "Day 15"
day = 15
activities = "Sign."
gate = true
"#), @"");
    }

    #[test]
    fn weeks_of_a_calendar_with_a_holiday() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[calendar]
start = 2026-12-02
business-days = 15
holidays = [{ date = 2026-12-08, name = "Holiday" }]

[[phase]]
id = "reading"
title = "Reading"
label = "Week 1"
days = "1-3"
activities = "Read."

[[phase]]
id = "watching"
title = "Watching"
label = "Week 2"
days = "4-7"
activities = "Watch."
"#), @"");
    }
}
