//! Plans in which no milestone is the gate.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-gate",
        severity: Severity::Error,
        summary: "No milestone is the one at which readiness is judged.",
        docs: include_str!("missing_gate.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    // A plan that has only just been begun has nothing to judge.
    let begun = !plan.milestones.is_empty() || !plan.phases.is_empty() || !plan.criteria.is_empty();
    if !begun || plan.milestones.iter().any(|milestone| milestone.gate) {
        return;
    }
    let (span, help) = match plan.milestones.last() {
        Some(last) => (last.id.span, "set `gate = true` for the milestone of the handover"),
        None => (plan.handover.id.span, "add the handover as a `[[milestone]]` with `gate = true`"),
    };
    let message = "no milestone is the gate, so readiness is never judged";
    found.push(Diagnostic::new(&RULE.code, &plan.source, span, message).help(help));
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn milestones_without_a_gate() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
activities = "Sign."
"#), @"content/plan.toml:2:6: error[missing-gate]: no milestone is the gate, so readiness is never judged");
    }

    #[test]
    fn a_plan_without_milestones() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[handover]
id = "lead-gen"
title = "Handover of Lead Gen"
service = "Lead Gen"
version = "1.0"

[[phase]]
id = "reading"
title = "Reading"
days = "1-4"
activities = "Read."
"#), @"content/plan.toml:2:6: error[missing-gate]: no milestone is the gate, so readiness is never judged");
    }

    #[test]
    fn a_plan_that_was_just_begun() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[handover]
id = "lead-gen"
title = "Handover of Lead Gen"
service = "Lead Gen"
version = "1.0"
"#), @"");
    }
}
