//! Milestones without `day` and `date`.

use crate::assess::Assessment;
use crate::check::Rule;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unscheduled-milestone",
        severity: Severity::Error,
        summary: "A milestone says neither a business day nor a date.",
        docs: include_str!("unscheduled_milestone.md"),
        fatal: false,
    },
    run,
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for milestone in &plan.milestones {
        if milestone.day.is_none() && milestone.date.is_none() {
            let message = format!("milestone `{}` has neither `day` nor `date`", milestone.id);
            found.push(
                Diagnostic::new(&RULE.code, &plan.source, milestone.id.span, message)
                    .help("state the business day, such as `day = 15`, or the date"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_milestone_without_a_day() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
activities = "Sign."
gate = true
"#), @"content/plan.toml:2:6: error[unscheduled-milestone]: milestone `official-handover` has neither `day` nor `date`");
    }

    #[test]
    fn a_milestone_with_one() {
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
