//! Escalation levels that the matrix does not have.

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::Check;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-level",
        severity: Severity::Error,
        summary: "A number is not that of a level of the escalation matrix.",
        docs: include_str!("unknown_level.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let criteria = plan.criteria.iter().flat_map(|criterion| match &*criterion.check {
        Check::EscalationTested { levels, .. } => levels.as_slice(),
        _ => &[],
    });
    let commitments = plan.support.iter().flat_map(|support| &support.commitments);
    for level in criteria.chain(commitments.filter_map(|commitment| commitment.level.as_ref())) {
        if plan.escalations.iter().any(|known| known.level == *level) {
            continue;
        }
        let known: Vec<String> =
            plan.escalations.iter().map(|known| known.level.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let help = match known.as_slice() {
            [] => format!("add an `[[escalation]]` with `level = {level}`"),
            known => format!("the matrix has {}", names::listed(known)),
        };
        let message = format!("escalation level `{level}` is not in the plan");
        found.push(Diagnostic::new(&RULE.code, &plan.source, level.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_level_that_is_not_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[escalation]]
level = 1
severities = ["SEV-1"]
contact = "beatriz"
hours = "24x7"
acknowledge-minutes = 10

[[criterion]]
id = "escalation"
statement = "The escalation matrix is tested."
check = { type = "escalation-tested", levels = [1, 2] }

[support]
days = 30
unit = "calendar"

[[support.commitment]]
title = "Level 3 Support"
text = "Around the clock."
level = 3
"#), @"
        content/plan.toml:11:52: error[unknown-level]: escalation level `2` is not in the plan
        content/plan.toml:20:9: error[unknown-level]: escalation level `3` is not in the plan
        ");
    }

    #[test]
    fn a_level_that_is_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[escalation]]
level = 1
severities = ["SEV-1"]
contact = "beatriz"
hours = "24x7"
acknowledge-minutes = 10

[[criterion]]
id = "escalation"
statement = "The escalation matrix is tested."
check = { type = "escalation-tested", levels = [1] }
"#), @"");
    }
}
