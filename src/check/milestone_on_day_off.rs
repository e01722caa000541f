//! Milestones whose date is a weekend day or a holiday.

use crate::assess::Assessment;
use crate::assess::calendar::Workdays;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "milestone-on-day-off",
        severity: Severity::Warning,
        summary: "A milestone is fixed on a weekend or a holiday.",
        docs: include_str!("milestone_on_day_off.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let Some(calendar) = &plan.calendar else { return };
    let workdays = Workdays::new(calendar);
    for milestone in &plan.milestones {
        let Some(date) = &milestone.date else { continue };
        if !workdays.is_day_off(date.value.0) {
            continue;
        }
        let holiday = calendar.holidays.iter().find(|holiday| *holiday.date == date.value);
        let what = match holiday {
            Some(holiday) => format!("a holiday, {}", holiday.name),
            None => date.format("a %A").to_string(),
        };
        let message = format!("milestone `{}` is on {date}, {what}", milestone.id);
        let mut diagnostic = Diagnostic::new(&RULE.code, &plan.source, date.span, message)
            .help("move it to a business day");
        if let Some(holiday) = holiday {
            diagnostic = diagnostic.note(&plan.source, holiday.date.span, "the holiday");
        }
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_milestone_on_a_day_off() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[calendar]
start = 2026-11-30
business-days = 15
holidays = [{ date = 2026-12-08, name = "Immaculate Conception" }]

[[milestone]]
id = "halfway"
title = "Halfway"
date = 2026-12-08
activities = "Look back."

[[milestone]]
id = "official-handover"
title = "Official Handover"
date = 2026-12-19
activities = "Sign."
gate = true
"#), @"
        content/plan.toml:9:8: warning[milestone-on-day-off]: milestone `halfway` is on 2026-12-08, a holiday, Immaculate Conception
        content/plan.toml:15:8: warning[milestone-on-day-off]: milestone `official-handover` is on 2026-12-19, a Saturday
        ");
    }

    #[test]
    fn a_milestone_on_a_business_day() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
date = 2026-12-18
activities = "Sign."
gate = true
"#), @"");
    }
}
