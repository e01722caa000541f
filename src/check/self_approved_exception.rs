//! Exceptions that were approved by the person who asked for them.

use crate::assess::{Assessment, Counts};
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "self-approved-exception",
        severity: Severity::Warning,
        summary: "An exception was approved by the person who asked for it.",
        docs: include_str!("self_approved_exception.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let exceptions = portal.records.exceptions.iter().zip(&assessment.standing.exceptions);
    for (exception, counts) in exceptions {
        if *counts != Counts::SelfApproved {
            continue;
        }
        let message = format!(
            "the exception for `{}` does not count: `{}` asked for it and approved it",
            exception.covers, exception.approved_by,
        );
        found.push(
            Diagnostic::new(&RULE.code, &exception.source, exception.approved_by.span, message)
                .note(&exception.source, exception.requested_by.span, "asked for it")
                .help("have another person approve it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_exception_that_somebody_gave_themselves() {
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
requested-by = "beatriz"
approved-by = "beatriz"
expires = 2026-12-24
"#), @"content/records/exceptions.toml:5:15: warning[self-approved-exception]: the exception for `incidents-handled` does not count: `beatriz` asked for it and approved it");
    }

    #[test]
    fn an_exception_that_another_person_approved() {
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
requested-by = "beatriz"
approved-by = "marta"
expires = 2026-12-24
"#), @"");
    }
}
