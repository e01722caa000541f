//! Reviews that must be signed and are not, and those whose signature does not hold.

use crate::assess::{Assessment, Counts};
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unsigned-review",
        severity: Severity::Warning,
        summary: "A review does not count, because it is not signed or its signature does not hold.",
        docs: include_str!("unsigned_review.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    for (review, counts) in portal.records.reviews.iter().zip(&assessment.standing.reviews) {
        let Counts::Unsigned(why) = counts else { continue };
        let (document, reviewer) = (&review.document, &review.reviewer);
        let message = format!("the review of `{document}` by `{reviewer}` does not count: {why}");
        let span = review.signature.as_ref().map_or(reviewer.span, |signature| signature.span);
        found.push(
            Diagnostic::new(&RULE.code, &review.source, span, message)
                .help("approve it again with `handover review approve --sign`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::RULE;
    use crate::fixture::check;

    fn example(heading: &str) -> &'static str {
        let section = RULE.code.docs.split(heading).nth(1).unwrap();
        section.split("```text\n").nth(1).unwrap().split("```").next().unwrap()
    }

    #[test]
    fn a_review_that_must_be_signed() {
        assert_snapshot!(check(example("## Wrong")), @"content/records/reviews.toml:4:12: warning[unsigned-review]: the review of `db` by `beatriz` does not count: it is not signed");
    }

    #[test]
    fn a_signature_that_is_none() {
        let signed = example("## Right").replace("outcome =", "signature = \"none\"\noutcome =");
        assert_snapshot!(check(&signed), @"
        content/db.md:4:1: warning[unreviewed-document]: document `db`: nobody whose word counts has approved it yet
        content/records/reviews.toml:6:13: warning[unsigned-review]: the review of `db` by `beatriz` does not count: its signature is not valid: not an SSH signature: it is damaged
        ");
    }
}
