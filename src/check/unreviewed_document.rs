//! Documents that nobody has approved.

use crate::assess::{DocumentAssessment, Status};
use crate::check::{Ground, Rule, Run, place, status};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unreviewed-document",
        severity: Severity::Warning,
        summary: "No approval of a document counts.",
        docs: include_str!("unreviewed_document.md"),
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
    if ground.plan.is_none() || assessed.status != Status::Unreviewed {
        return;
    }
    let (source, span) = place::title(document);
    let message = status::message(assessed, "nobody has approved it");
    let diagnostic = Diagnostic::new(&RULE.code, &source, span, message);
    found.push(diagnostic.help(status::way_out(document, assessed)));
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_document_without_an_approval() {
        assert_snapshot!(check("
-- content/plan.toml --
[review]
valid-days = 90

-- content/db.md --
---
owner: marta
---
# Database

Restart it.
"), @"content/db.md:4:1: warning[unreviewed-document]: document `db`: nobody whose word counts has approved it yet");
    }

    #[test]
    fn a_document_with_one() {
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

    #[test]
    fn without_a_plan_nobody_reviews() {
        assert_snapshot!(check("
-- content/db.md --
# Database
"), @"");
    }
}
