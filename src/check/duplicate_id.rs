//! Ids that stand twice, so that a name in the plan or the records could mean either.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assess::Assessment;
use crate::check::place;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::document::Document;
use crate::parse::plan::Plan;
use crate::source::{Source, Span, Spanned};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "duplicate-id",
        severity: Severity::Error,
        summary: "Two things have one id, so that a name could mean either.",
        docs: include_str!("duplicate_id.md"),
        fatal: true,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    // People and teams are named in the same places: as owners, and as an audience.
    let people = plan.people.iter().map(|person| ("person", &person.id));
    twice(plan, people.chain(plan.teams.iter().map(|team| ("team", &team.id))), found);
    twice(plan, plan.phases.iter().map(|phase| ("phase", &phase.id)), found);
    twice(plan, plan.milestones.iter().map(|milestone| ("milestone", &milestone.id)), found);
    twice(plan, plan.modules.iter().map(|module| ("module", &module.id)), found);
    twice(plan, plan.criteria.iter().map(|criterion| ("criterion", &criterion.id)), found);
    twice(plan, plan.documents.iter().map(|document| ("document", &document.id)), found);
    let commitments = plan.support.iter().flat_map(|support| &support.commitments);
    twice(plan, commitments.map(|commitment| ("commitment", &commitment.title)), found);
    documents(portal, found);
}

fn twice<'a>(
    plan: &Plan,
    ids: impl Iterator<Item = (&'static str, &'a Spanned<String>)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for (noun, id) in ids.filter(|(_, id)| !id.is_empty()) {
        let Some((other, span)) = first.get(id.as_str()).copied() else {
            first.insert(id, (noun, id.span));
            continue;
        };
        let article = if noun == other { "another" } else { "a" };
        let message = format!("id `{id}` of a {noun} is also that of {article} {other}");
        found.push(report(&plan.source, id.span, message, &plan.source, span));
    }
}

fn documents(portal: &Portal, found: &mut Vec<Diagnostic>) {
    for (path, id) in &*portal.namesakes {
        let Some(document) = portal.documents.get(path) else { continue };
        let Some(first) = portal.ids.get(id) else { continue };
        let Some(other) = portal.documents.get(first) else { continue };
        let place = |document: &Document| match &document.meta.id {
            Some(id) => (Arc::clone(&document.source), id.span),
            None => place::title(document),
        };
        let ((source, span), (there, mark)) = (place(document), place(other));
        let message = format!("id `{id}` is also that of `{first}`");
        found.push(report(&source, span, message, &there, mark));
    }
}

fn report(
    source: &Arc<Source>,
    span: Span,
    message: String,
    there: &Arc<Source>,
    mark: Span,
) -> Diagnostic {
    Diagnostic::new(&RULE.code, source, span, message)
        .note(there, mark, "the other one")
        .help("give one of them another id, and mend the records that mean it")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn ids_that_stand_twice() {
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
id = "marta"
name = "Marta Silva"
role = "DevOps Engineer"
team = "receiving"
lead = true

[[person]]
id = "receiving"
name = "Reception"
role = "Support Engineer"
team = "receiving"
-- content/a.md --
---
id: database
owner: marta
review: { exempt: "an index" }
---
# A
-- content/b.md --
---
id: database
owner: marta
review: { exempt: "an index" }
---
# B
"#), @"
        content/b.md:2:5: error[duplicate-id]: id `database` is also that of `content/a.md`
        content/plan.toml:7:6: error[duplicate-id]: id `receiving` of a team is also that of a person
        content/plan.toml:19:6: error[duplicate-id]: id `marta` of a person is also that of another person
        ");
    }

    #[test]
    fn ids_of_different_kinds() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "certification"
title = "Certification"
hours = 1

[[criterion]]
id = "certification"
statement = "Everybody is certified."
check = { type = "certification" }
"#), @"");
    }

    #[test]
    fn without_a_plan_nothing_is_named_by_id() {
        assert_snapshot!(check("
-- content/a/index.md --
---
id: index
---
# A
-- content/b/index.md --
---
id: index
---
# B
"), @"");
    }
}
