//! Records of days that have not come yet, where the clock says which day it is.

use crate::assess::{Assessment, Counts};
use crate::check::evidence;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "future-record",
        severity: Severity::Warning,
        summary: "A record is dated after today.",
        docs: include_str!("future_record.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    // On a chosen day, later records are simply not counted yet.
    if !assessment.today_from_clock {
        return;
    }
    for entry in evidence::entries(portal, assessment) {
        let (Some(on), Counts::NotYet) = (entry.on, entry.counts) else { continue };
        let message = format!("{} of {on}, and today is {}", entry.table, assessment.today);
        found.push(
            Diagnostic::new(&RULE.code, entry.source, on.span, message)
                .help("mend the date; until then the record does not count"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_record_of_tomorrow() {
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

[[review]]
document = "db"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-19
outcome = "approved"
"#), @"content/records/reviews.toml:12:6: warning[future-record]: review of 2026-12-19, and today is 2026-12-18");
    }

    #[test]
    fn on_a_chosen_day_later_records_wait() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover]
today = 2026-12-18
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

[[review]]
document = "db"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-19
outcome = "approved"
"#), @"");
    }
}
