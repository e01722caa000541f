//! Names of people that the plan does not have.

use std::sync::Arc;

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::{Check, Plan};
use crate::source::{Source, Spanned};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-person",
        severity: Severity::Error,
        summary: "A name is not that of a person of the plan.",
        docs: include_str!("unknown_person.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let is_person = |name: &str| name.is_empty() || names::people(plan).any(|id| id == name);
    let is_team = |name: &str| names::teams(plan).any(|id| id == name);
    for name in people(plan).into_iter().filter(|name| !is_person(name)) {
        found.push(unknown(plan, &plan.source, name, false));
    }
    let groups = plan.modules.iter().flat_map(|module| &module.audience);
    let groups = groups.chain(plan.documents.iter().filter_map(|document| document.owner.as_ref()));
    for name in groups.filter(|name| !is_person(name) && !is_team(name)) {
        found.push(unknown(plan, &plan.source, name, true));
    }
    for document in portal.documents.values() {
        for name in document.meta.owner.iter().chain(&document.meta.reviewers) {
            if !is_person(name) && !is_team(name) {
                found.push(unknown(plan, &document.source, name, true));
            }
        }
    }
}

/// Returns every name in the plan that must be that of a person.
fn people(plan: &Plan) -> Vec<&Spanned<String>> {
    let mut names: Vec<&Spanned<String>> = Vec::new();
    names.extend(plan.modules.iter().filter_map(|module| module.trainer.as_ref()));
    names.extend(plan.escalations.iter().map(|level| &level.contact));
    names.extend(plan.signatories.iter().map(|signatory| &signatory.person));
    for criterion in &plan.criteria {
        names.extend(&criterion.owner);
        match &*criterion.check {
            Check::Certification { people, .. } => names.extend(people),
            Check::Manual { confirmed_by, .. } => names.extend(confirmed_by),
            Check::DocumentsReviewed { .. }
            | Check::TrainingComplete { .. }
            | Check::WorkHandled { .. }
            | Check::EscalationTested { .. } => {}
        }
    }
    names
}

fn unknown(plan: &Plan, source: &Arc<Source>, name: &Spanned<String>, or_team: bool) -> Diagnostic {
    let people = names::people(plan);
    let (what, help) = if or_team {
        let known = people.chain(names::teams(plan));
        let otherwise = "add a `[[person]]` or a `[[team]]` with this id to the plan";
        ("person or team", names::way_out(name, known, otherwise))
    } else {
        let otherwise = "add a `[[person]]` with this id to the plan";
        ("person", names::way_out(name, people, otherwise))
    };
    let message = format!("{what} `{name}` is not in the plan");
    Diagnostic::new(&RULE.code, source, name.span, message).help(help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn people_who_are_not_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "architecture"
title = "System Architecture"
hours = 3
trainer = "mart"
audience = ["receiving", "beatrice"]

[[signatory]]
person = "nobody"
capacity = "Receiving Lead"
statement = "I accept."

[[criterion]]
id = "certification"
statement = "Everybody is certified."
check = { type = "certification", people = ["beatriz", "viktor"] }
-- content/db.md --
---
owner: marata
reviewers: [beatriz, ghost]
review: { exempt: "an index" }
---
# Database
"#), @"
        content/db.md:2:8: error[unknown-person]: person or team `marata` is not in the plan
        content/db.md:3:22: error[unknown-person]: person or team `ghost` is not in the plan
        content/plan.toml:5:11: error[unknown-person]: person `mart` is not in the plan
        content/plan.toml:6:26: error[unknown-person]: person or team `beatrice` is not in the plan
        content/plan.toml:9:10: error[unknown-person]: person `nobody` is not in the plan
        content/plan.toml:16:56: error[unknown-person]: person `viktor` is not in the plan
        ");
    }

    #[test]
    fn people_who_are_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "architecture"
title = "System Architecture"
hours = 3
trainer = "marta"
audience = ["receiving", "beatriz"]
-- content/db.md --
---
owner: relinquishing
review: { exempt: "an index" }
---
# Database
"#), @"");
    }

    #[test]
    fn without_a_plan_any_name_will_do() {
        assert_snapshot!(check("
-- content/db.md --
---
owner: The platform team
---
# Database
"), @"");
    }
}
