//! Exceptions that have run out while what they cover still needs one.

use crate::assess::{Assessment, Counts, Status, Verdict};
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "expired-exception",
        severity: Severity::Warning,
        summary: "An exception has run out, and what it covers still needs one.",
        docs: include_str!("expired_exception.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let exceptions = portal.records.exceptions.iter().zip(&assessment.standing.exceptions);
    for (exception, counts) in exceptions {
        if *counts != Counts::Expired || !is_needed(assessment, &exception.covers) {
            continue;
        }
        let message =
            format!("the exception for `{}` expired on {}", exception.covers, exception.expires);
        found.push(
            Diagnostic::new(&RULE.code, &exception.source, exception.expires.span, message)
                .help("do what it put off, or record a new exception"),
        );
    }
}

/// Tells whether what an exception covers is still not in order, and not waived by another one.
fn is_needed(assessment: &Assessment, covers: &str) -> bool {
    let criterion = assessment.criteria.iter().find(|criterion| criterion.id == covers);
    let document = assessment.documents.get(covers);
    criterion
        .is_some_and(|criterion| matches!(criterion.verdict, Verdict::Unmet | Verdict::NotAssessed))
        || document.is_some_and(|document| {
            !matches!(document.status, Status::Approved | Status::Exempt | Status::Waived)
        })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_exception_that_ran_out() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[criterion]]
id = "incidents-handled"
statement = "Three incidents were handled."
check = { type = "work-handled", count = 3 }
-- content/records/exceptions.toml --
[[exception]]
covers = "incidents-handled"
reason = "No incidents this week."
on = 2026-12-01
requested-by = "beatriz"
approved-by = "marta"
expires = 2026-12-10
"#), @"content/records/exceptions.toml:7:11: warning[expired-exception]: the exception for `incidents-handled` expired on 2026-12-10");
    }

    #[test]
    fn an_exception_that_was_renewed() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[criterion]]
id = "incidents-handled"
statement = "Three incidents were handled."
check = { type = "work-handled", count = 3 }
-- content/records/exceptions.toml --
[[exception]]
covers = "incidents-handled"
reason = "No incidents this week."
on = 2026-12-01
requested-by = "beatriz"
approved-by = "marta"
expires = 2026-12-10

[[exception]]
covers = "incidents-handled"
reason = "Nor in this one."
on = 2026-12-10
requested-by = "beatriz"
approved-by = "marta"
expires = 2026-12-24
"#), @"");
    }
}
