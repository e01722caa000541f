//! Milestones that say a business day and the date of another one.

use crate::assess::Assessment;
use crate::check::Rule;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "contradicting-date",
        severity: Severity::Error,
        summary: "A milestone's business day and its date are not the same day.",
        docs: include_str!("contradicting_date.md"),
        fatal: false,
    },
    run,
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let (Some(plan), Some(schedule)) = (&portal.plan, &assessment.schedule) else { return };
    for milestone in &plan.milestones {
        let (Some(day), Some(date)) = (&milestone.day, &milestone.date) else { continue };
        let index = usize::try_from(day.value).unwrap_or(usize::MAX).wrapping_sub(1);
        let Some(really) = schedule.days.get(index) else { continue };
        if *really == date.value.0 {
            continue;
        }
        let message = format!(
            "milestone `{}` is on {date} and on business day {day}, which is {really}",
            milestone.id,
        );
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, date.span, message)
                .note(&plan.source, day.span, format!("this is {really}"))
                .help("keep the one that is meant"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_day_and_a_date_that_differ() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
date = 2026-12-21
activities = "Sign."
gate = true
"#), @"content/plan.toml:5:8: error[contradicting-date]: milestone `official-handover` is on 2026-12-21 and on business day 15, which is 2026-12-18");
    }

    #[test]
    fn a_day_and_its_date() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
date = 2026-12-18
activities = "Sign."
gate = true
"#), @"");
    }
}
