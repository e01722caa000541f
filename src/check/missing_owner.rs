//! Documents that nobody owns.

use crate::check::place;
use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-owner",
        severity: Severity::Warning,
        summary: "Nobody owns a document.",
        docs: include_str!("missing_owner.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(ground: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    let Some(plan) = ground.plan else { return };
    let required = plan.documents.iter().find(|required| *required.id == document.id);
    let is_owned =
        document.meta.owner.is_some() || required.is_some_and(|known| known.owner.is_some());
    if is_owned || document.added_by.is_some() {
        return;
    }
    let (source, span) = place::title(document);
    let message = format!("document `{}` has no owner", document.id);
    found.push(
        Diagnostic::new(&RULE.code, &source, span, message)
            .help("set `owner` in its front matter to the id of a person or a team"),
    );
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_document_that_nobody_owns() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[document]]
id = "owned"
owner = "marta"
-- content/index.md --
---
review: { exempt: "an index" }
---
# Contents
-- content/owned.md --
---
review: { exempt: "an index" }
---
# Owned
"#), @"content/index.md:4:1: warning[missing-owner]: document `index` has no owner");
    }

    #[test]
    fn without_a_plan_nobody_owns_anything() {
        assert_snapshot!(check("
-- content/index.md --
# Contents
"), @"");
    }
}
