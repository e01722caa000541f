//! Phases that share business days.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "phase-overlap",
        severity: Severity::Warning,
        summary: "Two phases share business days.",
        docs: include_str!("phase_overlap.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for (index, phase) in plan.phases.iter().enumerate() {
        let (Some(days), Some((first, last))) = (&phase.days, phase.day_range()) else { continue };
        let earlier = plan.phases[..index].iter().find_map(|other| {
            let (other_first, other_last) = other.day_range()?;
            let shared = (first.max(other_first), last.min(other_last));
            (shared.0 <= shared.1).then_some((other, other.days.as_ref()?.span, shared))
        });
        let Some((other, place, (from, to))) = earlier else { continue };
        let shared =
            if from == to { format!("day {from}") } else { format!("days {from} to {to}") };
        let message = format!("phase `{}` shares {shared} with `{}`", phase.id, other.id);
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, days.span, message)
                .note(&plan.source, place, format!("the days of `{}`", other.id))
                .help("give each phase days of its own, or allow this where both are meant to run"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn phases_on_the_same_days() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
days = "1-5"
activities = "Read."

[[phase]]
id = "watching"
title = "Watching"
days = "5-8"
activities = "Watch."

[[phase]]
id = "doing"
title = "Doing"
days = "7-9"
activities = "Do."
"#), @"
        content/plan.toml:10:8: warning[phase-overlap]: phase `watching` shares day 5 with `reading`
        content/plan.toml:16:8: warning[phase-overlap]: phase `doing` shares days 7 to 8 with `watching`
        ");
    }

    #[test]
    fn phases_one_after_the_other() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
days = "1-4"
activities = "Read."

[[phase]]
id = "watching"
title = "Watching"
days = "5"
activities = "Watch."
"#), @"");
    }
}
