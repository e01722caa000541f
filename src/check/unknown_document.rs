//! Documents that the plan teaches or judges, and that are neither there nor required.

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::Check;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-document",
        severity: Severity::Error,
        summary: "The plan names a document that is neither there nor required.",
        docs: include_str!("unknown_document.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let modules = plan.modules.iter().flat_map(|module| &module.documents);
    let criteria = plan.criteria.iter().flat_map(|criterion| match &*criterion.check {
        Check::DocumentsReviewed { documents, .. } => documents.as_slice(),
        _ => &[],
    });
    for name in modules.chain(criteria) {
        if names::is_document(portal, plan, name) {
            continue;
        }
        let message = format!("document `{name}` is not in the project");
        let otherwise = "write it, or require it with a `[[document]]`";
        let help = names::way_out(name, names::documents(portal, plan), otherwise);
        found.push(Diagnostic::new(&RULE.code, &plan.source, name.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn documents_that_are_not_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "architecture"
title = "System Architecture"
hours = 3
documents = ["architecture/overveiw", "runbooks/queue"]

[[criterion]]
id = "reviewed"
statement = "All documents are reviewed."
check = { type = "documents-reviewed", documents = ["runbooks/db"] }
-- content/architecture/overview.md --
---
owner: marta
review: { exempt: "an index" }
---
# Overview
"#), @"
        content/plan.toml:5:14: error[unknown-document]: document `architecture/overveiw` is not in the project
        content/plan.toml:5:39: error[unknown-document]: document `runbooks/queue` is not in the project
        content/plan.toml:10:53: error[unknown-document]: document `runbooks/db` is not in the project
        ");
    }

    #[test]
    fn documents_that_are_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "architecture"
title = "System Architecture"
hours = 3
documents = ["architecture/overview"]
-- content/architecture/overview.md --
---
owner: marta
review: { exempt: "an index" }
---
# Overview
"#), @"");
    }
}
