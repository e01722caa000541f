//! Plans in which several milestones are the gate.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "duplicate-gate",
        severity: Severity::Error,
        summary: "More than one milestone is the gate.",
        docs: include_str!("duplicate_gate.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let mut gates = plan.milestones.iter().filter(|milestone| milestone.gate);
    let Some(first) = gates.next() else { return };
    for gate in gates {
        let message = format!("`{}` is a gate, and so is `{}`", gate.id, first.id);
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, gate.id.span, message)
                .note(&plan.source, first.id.span, "readiness is judged here")
                .help("keep `gate = true` for one of them"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn two_gates() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "rehearsal"
title = "Rehearsal"
day = 10
activities = "Rehearse."
gate = true

[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
activities = "Sign."
gate = true
"#), @"content/plan.toml:9:6: error[duplicate-gate]: `official-handover` is a gate, and so is `rehearsal`");
    }

    #[test]
    fn one_gate() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[milestone]]
id = "rehearsal"
title = "Rehearsal"
day = 10
activities = "Rehearse."

[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
activities = "Sign."
gate = true
"#), @"");
    }
}
