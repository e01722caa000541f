//! Objectives that no criterion proves.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unproven-objective",
        severity: Severity::Warning,
        summary: "No criterion proves an objective.",
        docs: include_str!("unproven_objective.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for objective in &plan.objectives {
        if objective.criteria.is_empty() {
            let message = "objective without a criterion that proves it";
            found.push(
                Diagnostic::new(&RULE.code, &plan.source, objective.text.span, message)
                    .help("name one: `criteria = [\"…\"]`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_objective_without_proof() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[objective]]
text = "Minimize downtime."
"#), @"content/plan.toml:2:8: warning[unproven-objective]: objective without a criterion that proves it");
    }

    #[test]
    fn an_objective_with_proof() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[objective]]
text = "Minimize downtime."
criteria = ["incidents-handled"]

[[criterion]]
id = "incidents-handled"
statement = "Three incidents were handled."
check = { type = "work-handled", count = 3 }
"#), @"");
    }
}
