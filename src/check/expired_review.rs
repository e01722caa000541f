//! Documents whose approval has run out.

use crate::assess::{DocumentAssessment, Status};
use crate::check::{Ground, Rule, Run, place, status};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "expired-review",
        severity: Severity::Warning,
        summary: "The approval of a document is too old to count.",
        docs: include_str!("expired_review.md"),
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
    if ground.plan.is_none() || assessed.status != Status::Expired {
        return;
    }
    let (source, span) = place::title(document);
    let message = status::message(assessed, "its approval has expired");
    let diagnostic = Diagnostic::new(&RULE.code, &source, span, message);
    found.push(
        status::noted(ground.records, diagnostic, assessed, "the last approval")
            .help(status::way_out(document, assessed)),
    );
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_approval_that_ran_out() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[review]
valid-days = 10
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
"#), @"content/db.md:4:1: warning[expired-review]: document `db`: the approval by Beatriz Nogueira on 2026-12-02 ran out after 2026-12-12");
    }

    #[test]
    fn an_approval_that_holds() {
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
