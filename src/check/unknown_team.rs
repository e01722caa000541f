//! Names of teams that the plan does not have.

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-team",
        severity: Severity::Error,
        summary: "A name is not that of a team of the plan.",
        docs: include_str!("unknown_team.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let known = |name: &str| name.is_empty() || names::teams(plan).any(|team| team == name);
    let people = plan.people.iter().map(|person| &person.team).filter(|team| !known(team));
    let criteria = plan.criteria.iter().filter_map(|criterion| names::by(&criterion.check));
    for name in people.chain(criteria.filter(|by| !names::is_side(by) && !known(by))) {
        let message = format!("team `{name}` is not in the plan");
        let help = names::way_out(name, names::teams(plan), "add a `[[team]]` with this id");
        found.push(Diagnostic::new(&RULE.code, &plan.source, name.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn teams_that_are_not_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[person]]
id = "marta"
name = "Marta Lindqvist"
role = "Platform Architect"
team = "relinquishing"
lead = true

[[person]]
id = "beatriz"
name = "Beatriz Nogueira"
role = "DevOps Engineer"
team = "receiving"
lead = true

[[person]]
id = "viktor"
name = "Viktor Stoyanov"
role = "Support Engineer"
team = "recieving"

[[criterion]]
id = "certification"
statement = "Everybody is certified."
check = { type = "certification", by = "support" }
"#), @"
        content/plan.toml:19:8: error[unknown-team]: team `recieving` is not in the plan
        content/plan.toml:24:40: error[unknown-team]: team `support` is not in the plan
        ");
    }

    #[test]
    fn a_side_stands_for_its_team() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[criterion]]
id = "certification"
statement = "Everybody is certified."
check = { type = "certification", by = "receiving" }
"#), @"");
    }
}
