//! Documents for which a reviewer asked for changes.

use crate::assess::{DocumentAssessment, Status};
use crate::check::{Ground, Rule, Run, place};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;
use crate::parse::records::{Outcome, Record, Records, Review};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "changes-requested",
        severity: Severity::Warning,
        summary: "A reviewer asked for changes to a document.",
        docs: include_str!("changes_requested.md"),
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
    if ground.plan.is_none() || assessed.status != Status::ChangesRequested {
        return;
    }
    let Some(review) = last_request(ground.records, assessed) else { return };
    let (source, span) = place::title(document);
    let message = format!(
        "document `{}`: changes requested by `{}` on {}",
        assessed.id, review.reviewer, review.on,
    );
    let words = review.note.as_deref().unwrap_or("requested here");
    found.push(
        Diagnostic::new(&RULE.code, &source, span, message)
            .note(&review.source, review.span, words)
            .help("make the changes, then have it reviewed again by the same person"),
    );
}

/// Returns the last review of a document that asks for changes.
fn last_request<'a>(
    records: &'a Records,
    assessed: &DocumentAssessment,
) -> Option<&'a Record<Review>> {
    let reviews = assessed.reviews.iter().rev().filter_map(|index| records.reviews.get(*index));
    reviews.into_iter().find(|review| review.outcome == Outcome::ChangesRequested)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_reviewer_who_wants_changes() {
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
outcome = "changes-requested"
"#), @"content/db.md:4:1: warning[changes-requested]: document `db`: changes requested by `beatriz` on 2026-12-02");
    }

    #[test]
    fn a_reviewer_who_wants_none() {
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
