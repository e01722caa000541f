//! Many approvals by one person on one day: they count, and are named.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::assess::{Assessment, Counts};
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::records::{Outcome, Record, Review};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "bulk-review",
        severity: Severity::Warning,
        summary: "One person approved very many documents on one day.",
        docs: include_str!("bulk_review.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let mut days: BTreeMap<(&str, NaiveDate), Vec<&Record<Review>>> = BTreeMap::new();
    for (review, counts) in portal.records.reviews.iter().zip(&assessment.standing.reviews) {
        if review.outcome == Outcome::Approved && *counts == Counts::Yes {
            days.entry((review.reviewer.as_str(), review.on.0)).or_default().push(review);
        }
    }
    for ((reviewer, on), reviews) in days {
        let most = usize::try_from(plan.review.bulk).unwrap_or(usize::MAX);
        if reviews.len() < most.max(2) {
            continue;
        }
        let documents: BTreeSet<&str> =
            reviews.iter().map(|review| review.document.as_str()).collect();
        if documents.len() < most.max(2) {
            continue;
        }
        let message = format!("`{reviewer}` approved {} documents on {on}", documents.len());
        let first = reviews[0];
        found.push(Diagnostic::new(&RULE.code, &first.source, first.reviewer.span, message).help(
            format!(
                "ask whether each was read; from {most} on, as `[review] bulk` says, this is named",
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn many_approvals_on_one_day() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[review]
valid-days = 90
bulk = 3
-- content/a.md --
---
owner: marta
---
# A

Restart it.
-- content/b.md --
---
owner: marta
---
# B

Restart it.
-- content/c.md --
---
owner: marta
---
# C

Restart it.
-- content/records/reviews.toml --
[[review]]
document = "a"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"

[[review]]
document = "b"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"

[[review]]
document = "c"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"
"#), @"content/records/reviews.toml:4:12: warning[bulk-review]: `beatriz` approved 3 documents on 2026-12-02");
    }

    #[test]
    fn approvals_on_several_days() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[review]
valid-days = 90
bulk = 3
-- content/a.md --
---
owner: marta
---
# A

Restart it.
-- content/b.md --
---
owner: marta
---
# B

Restart it.
-- content/c.md --
---
owner: marta
---
# C

Restart it.
-- content/records/reviews.toml --
[[review]]
document = "a"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"

[[review]]
document = "b"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"

[[review]]
document = "c"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-03
outcome = "approved"
"#), @"");
    }
}
