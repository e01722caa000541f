//! Plans without a relinquishing or a receiving team.

use crate::assess::Assessment;
use crate::assess::roster::side_name;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::Side;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-team",
        severity: Severity::Error,
        summary: "The plan has no team of one of the two sides.",
        docs: include_str!("missing_team.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    // A plan that names nobody at all has only just been begun.
    if plan.teams.is_empty() && plan.people.is_empty() && plan.criteria.is_empty() {
        return;
    }
    for side in [Side::Relinquishing, Side::Receiving] {
        if plan.teams.iter().any(|team| team.side == side) {
            continue;
        }
        let side = side_name(side);
        let span = plan.teams.first().map_or(plan.handover.id.span, |team| team.id.span);
        let message = format!("no team of the {side} side");
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, span, message)
                .help(format!("add a `[[team]]` with `side = \"{side}\"`")),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn one_team() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[team]]
id = "relinquishing"
side = "relinquishing"
name = "Platform team"

[[person]]
id = "marta"
name = "Marta Lindqvist"
role = "Platform Architect"
team = "relinquishing"
lead = true
"#), @"content/plan.toml:2:6: error[missing-team]: no team of the receiving side");
    }

    #[test]
    fn both_teams() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[team]]
id = "relinquishing"
side = "relinquishing"
name = "Platform team"

[[team]]
id = "receiving"
side = "receiving"
name = "Operations team"
"#), @"");
    }
}
