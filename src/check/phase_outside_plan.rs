//! Phases that end after the plan does.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "phase-outside-plan",
        severity: Severity::Error,
        summary: "A phase ends after the last business day of the plan.",
        docs: include_str!("phase_outside_plan.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let Some(calendar) = &plan.calendar else { return };
    let have = calendar.business_days.value;
    for phase in &plan.phases {
        let (Some(days), Some((_, last))) = (&phase.days, phase.day_range()) else { continue };
        if last <= have {
            continue;
        }
        let message = format!("phase `{}` ends on day {last}, and the plan has {have}", phase.id);
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, days.span, message)
                .note(&plan.source, calendar.business_days.span, "the last day of the plan")
                .help(format!("end it by day {have}, or set `business-days = {last}`")),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_phase_after_the_end() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[calendar]
start = 2026-11-30
business-days = 15

[[phase]]
id = "reading"
title = "Reading"
days = "12-16"
activities = "Read."
"#), @"content/plan.toml:8:8: error[phase-outside-plan]: phase `reading` ends on day 16, and the plan has 15");
    }

    #[test]
    fn a_phase_up_to_the_end() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
days = "1-15"
activities = "Read."
"#), @"");
    }

    #[test]
    fn days_that_nobody_stated_have_no_end() {
        let problems = |calendar| {
            check(&format!(
                r#"
-- content/plan.toml --
[calendar]
{calendar}

[[phase]]
id = "reading"
title = "Reading"
days = "1-16"
label = "Weeks 1-4"
activities = "Read."

[[milestone]]
id = "review"
title = "Review"
day = 17
gate = true
activities = "Talk."
"#
            ))
        };
        let each = [
            "start = 2026-11-30\nbusiness-days = 0",
            "start = 2026-11-30\nbusiness-days = \"20\"",
            "start = 2026-11-30",
            "business-days = 20",
        ];
        assert_snapshot!(each.map(problems).concat(), @"
        content/plan.toml:3:17: error[invalid-value]: `business-days` must be at least 1
        content/plan.toml:3:17: error[invalid-value]: `business-days` must be a whole number, not a string
        content/plan.toml:1:1: error[missing-key]: missing key `business-days` in `[calendar]`
        content/plan.toml:1:1: error[missing-key]: missing key `start` in `[calendar]`
        ");
    }
}
