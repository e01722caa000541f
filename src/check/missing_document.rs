//! Documents that the plan requires, and that are not there.

use crate::assess::{Assessment, Status};
use crate::check::{Rule, Run};
use crate::diagnostic::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-document",
        severity: Severity::Warning,
        summary: "A document that the plan requires has not been written.",
        docs: include_str!("missing_document.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for required in &plan.documents {
        let assessed = assessment.documents.get(required.id.as_str());
        if assessed.is_none_or(|assessed| assessed.status != Status::Missing) {
            continue;
        }
        let message = format!("document `{}` is required, and is not there", required.id);
        let near = did_you_mean(&required.id, portal.ids.keys().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write it as `{}/{}.md`", portal.config.book.src.value, required.id),
        };
        found.push(Diagnostic::new(&RULE.code, &plan.source, required.id.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_document_that_is_not_written() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[document]]
id = "runbooks/db"

[[document]]
id = "inde"
-- content/index.md --
---
owner: marta
review: { exempt: "an index" }
---
# Contents
"#), @"
        content/plan.toml:2:6: warning[missing-document]: document `runbooks/db` is required, and is not there
        content/plan.toml:5:6: warning[missing-document]: document `inde` is required, and is not there
        ");
    }

    #[test]
    fn a_document_that_is_written() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[document]]
id = "index"
-- content/index.md --
---
owner: marta
review: { exempt: "an index" }
---
# Contents
"#), @"");
    }
}
