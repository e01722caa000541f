//! Whatever happens to the example's plan and records, there is a verdict or a diagnostic.

use crate::fixture::{edited, judged};

const PLAN: &str = include_str!("../../content/plan.toml");
const REVIEWS: &str = include_str!("../../content/records/reviews.toml");
const PRACTICE: &str = include_str!("../../content/records/practice.toml");
const TRAINING: &str = include_str!("../../content/records/training.toml");
const DECISIONS: &str = include_str!("../../content/records/decisions.toml");

fn project(plan: &str, records: &str) -> String {
    format!(
        "-- book.toml --\n[book]\nsrc = \"content\"\n-- content/plan.toml --\n{plan}\n-- content/records/all.toml --\n{records}\n-- content/runbooks/dead-letters.md --\n# Dead letters\n"
    )
}

#[test]
fn any_edit_of_the_example_gives_a_verdict_or_a_diagnostic() {
    let records = [REVIEWS, PRACTICE, TRAINING, DECISIONS].join("\n");
    let whole = judged(&project(PLAN, &records));
    assert!(whole.diagnostics.iter().all(|problem| !problem.code.fatal));
    assert_eq!(whole.assessment.criteria.len(), 4);
    for seed in 0..300 {
        let (plan, records) = if seed % 2 == 0 {
            (edited(PLAN, seed), records.clone())
        } else {
            (PLAN.to_owned(), edited(&records, seed))
        };
        let judged = judged(&project(&plan, &records));
        let readiness = &judged.assessment.readiness;
        assert!(readiness.met + readiness.waived <= readiness.total, "seed {seed}");
        assert!(!readiness.ready, "seed {seed}: most documents are missing");
        assert!(
            judged.diagnostics.iter().any(|problem| problem.code.fatal)
                || judged.portal.plan.is_some(),
            "seed {seed}"
        );
    }
}
