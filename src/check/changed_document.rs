//! Documents that are not what was approved.

use crate::assess::{DocumentAssessment, Status};
use crate::check::{Ground, Rule, Run, place, status};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "changed-document",
        severity: Severity::Warning,
        summary: "A document has changed since it was approved.",
        docs: include_str!("changed_document.md"),
        fatal: false,
    },
    run: Run::Verdict(run),
};

fn run(
    ground: &Ground<'_>,
    document: &Document,
    assessed: &DocumentAssessment,
    found: &mut Vec<Diagnostic>,
) {
    if ground.plan.is_none() || assessed.status != Status::Changed {
        return;
    }
    let (source, span) = place::title(document);
    let message = status::message(assessed, "changed since it was approved");
    let diagnostic = Diagnostic::new(&RULE.code, &source, span, message);
    found.push(
        status::noted(ground.records, diagnostic, assessed, "what was approved")
            .help(status::way_out(document, assessed)),
    );
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_document_that_was_changed() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[review]
valid-days = 90
-- content/db.md --
---
owner: marta
---
# Database

Restart it.
-- content/records/reviews.toml --
[[review]]
document = "db"
digest = "v1:0000000000000000000000000000000000000000000000000000000000000000"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"
"#), @"content/db.md:4:1: warning[changed-document]: document `db`: changed since the approval by Beatriz Nogueira on 2026-12-02");
    }

    #[test]
    fn a_document_as_it_was_approved() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[review]
valid-days = 90
-- content/db.md --
---
owner: marta
---
# Database

Restart it.
-- content/records/reviews.toml --
[[review]]
document = "db"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"
"#), @"");
    }
}
