//! Teams without a lead.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-lead",
        severity: Severity::Warning,
        summary: "A team has no lead.",
        docs: include_str!("missing_lead.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for team in &plan.teams {
        let leads = plan.people.iter().any(|person| person.lead && person.team == team.id);
        if leads {
            continue;
        }
        let message = format!("team `{}` has no lead", team.id);
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, team.id.span, message)
                .help("set `lead = true` for the person who leads it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_team_without_a_lead() {
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
"#), @"content/plan.toml:7:6: warning[missing-lead]: team `receiving` has no lead");
    }

    #[test]
    fn teams_with_leads() {
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
"#), @"");
    }
}
