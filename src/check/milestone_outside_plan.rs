//! Milestones on a business day after the last one.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "milestone-outside-plan",
        severity: Severity::Error,
        summary: "A milestone is on a business day that the plan does not have.",
        docs: include_str!("milestone_outside_plan.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let Some(calendar) = &plan.calendar else { return };
    let have = calendar.business_days.value;
    for milestone in &plan.milestones {
        let Some(day) = &milestone.day else { continue };
        if day.value <= have {
            continue;
        }
        let message =
            format!("milestone `{}` is on day {day}, and the plan has {have}", milestone.id);
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, day.span, message)
                .note(&plan.source, calendar.business_days.span, "the last day of the plan")
                .help(format!("move it to day {have} or before, or set `business-days = {day}`")),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_milestone_after_the_end() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 20
activities = "Sign."
gate = true
"#), @"content/plan.toml:4:7: error[milestone-outside-plan]: milestone `official-handover` is on day 20, and the plan has 15");
    }

    #[test]
    fn a_milestone_at_the_end() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
activities = "Sign."
gate = true
"#), @"");
    }
}
