//! Reviews and certifications by people who may not give them.

use crate::assess::{Assessment, Counts};
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::source::Spanned;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "ineligible-reviewer",
        severity: Severity::Warning,
        summary: "A review or a certification does not count, because of who gave it.",
        docs: include_str!("ineligible_reviewer.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let records = &portal.records;
    let mut report =
        |source, person: &Spanned<String>, what: &dyn Fn() -> String, counts: &Counts| {
            if let Counts::Ineligible(why) = counts {
                let message = format!("{} does not count: {why}", what());
                found.push(
                    Diagnostic::new(&RULE.code, source, person.span, message)
                        .help("have it done by somebody who may, and record that"),
                );
            }
        };
    for (review, counts) in records.reviews.iter().zip(&assessment.standing.reviews) {
        let what = || format!("the review of `{}` by `{}`", review.document, review.reviewer);
        report(&review.source, &review.reviewer, &what, counts);
    }
    let certifications = records.certifications.iter().zip(&assessment.standing.certifications);
    for (certification, counts) in certifications {
        let what = || format!("the certification of `{}`", certification.person);
        report(&certification.source, &certification.certified_by, &what, counts);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_review_by_the_owner_or_the_wrong_side() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[review]
valid-days = 90
-- content/db.md --
---
owner: beatriz
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

[[review]]
document = "db"
digest = "v1:…"
reviewer = "marta"
on = 2026-12-03
outcome = "approved"
"#), @"
        content/db.md:4:1: warning[unreviewed-document]: document `db`: nobody whose word counts has approved it yet
        content/records/reviews.toml:4:12: warning[ineligible-reviewer]: the review of `db` by `beatriz` does not count: Beatriz Nogueira owns the document
        content/records/reviews.toml:11:12: warning[ineligible-reviewer]: the review of `db` by `marta` does not count: Marta Lindqvist is on the relinquishing side, and the receiving side approves
        ");
    }

    #[test]
    fn a_certification_of_oneself() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
-- content/records/certification.toml --
[[certification]]
person = "beatriz"
on = 2026-12-02
certified-by = "beatriz"
"#), @"content/records/certification.toml:4:16: warning[ineligible-reviewer]: the certification of `beatriz` does not count: Beatriz Nogueira cannot certify their own readiness");
    }

    #[test]
    fn a_review_by_somebody_who_may() {
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
