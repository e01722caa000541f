//! Names of criteria that the plan does not have.

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-criterion",
        severity: Severity::Error,
        summary: "A name is not that of a criterion of the plan.",
        docs: include_str!("unknown_criterion.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let objectives = plan.objectives.iter().flat_map(|objective| &objective.criteria);
    let milestones = plan.milestones.iter().flat_map(|milestone| &milestone.criteria);
    for name in objectives.chain(milestones) {
        if names::criteria(plan).any(|id| id == name.as_str()) {
            continue;
        }
        let message = format!("criterion `{name}` is not in the plan");
        let help =
            names::way_out(name, names::criteria(plan), "add a `[[criterion]]` with this id");
        found.push(Diagnostic::new(&RULE.code, &plan.source, name.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn criteria_that_are_not_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[objective]]
text = "Minimize downtime."
criteria = ["incidents-handeld"]

[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 15
activities = "Sign."
gate = true
criteria = ["certification"]

[[criterion]]
id = "incidents-handled"
statement = "Three incidents were handled."
check = { type = "work-handled", count = 3 }
"#), @"
        content/plan.toml:3:13: error[unknown-criterion]: criterion `incidents-handeld` is not in the plan
        content/plan.toml:11:13: error[unknown-criterion]: criterion `certification` is not in the plan
        ");
    }

    #[test]
    fn criteria_that_are_there() {
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
