//! Alerts that lead to no runbook at all.

use std::collections::BTreeSet;

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::link::alerts::Runbook;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "alert-without-runbook",
        severity: Severity::Warning,
        summary: "An alert names no runbook, and no document names it.",
        docs: include_str!("alert_without_runbook.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

/// The severities of alerts that wake nobody.
const QUIET: &[&str] = &["none", "info"];

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let mut reported = BTreeSet::new();
    for alert in &portal.alerts.all {
        let rule = alert.rule();
        let quiet = rule
            .severity
            .as_ref()
            .is_some_and(|severity| QUIET.iter().any(|quiet| severity.eq_ignore_ascii_case(quiet)));
        let has_none = alert.runbook == Runbook::Unnamed && alert.named_by.is_empty();
        if has_none && !quiet && reported.insert(rule.name.as_str()) {
            let name = &rule.name;
            let message = format!("alert `{name}` has no runbook");
            let help = format!(
                "add the annotation `runbook_url`, or `alerts: [{name}]` to the front matter of its runbook"
            );
            let source = &alert.file.source;
            found.push(Diagnostic::new(&RULE.code, source, rule.name.span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn alerts_that_lead_nowhere() {
        assert_snapshot!(check("
-- src/a.md --
---
alerts: [Named]
---
# A
-- src/rules.yml --
groups:
  - rules:
      - {alert: Bare, labels: {severity: critical}}
      - {alert: Bare, labels: {severity: warning}}
      - {alert: Blank, annotations: {runbook_url: ''}}
      - {alert: Named}
      - {alert: Watchdog, labels: {severity: none}}
      - {alert: News, labels: {severity: Info}}
      - {alert: Elsewhere, annotations: {runbook: ask in the channel}}
"), @"
        src/rules.yml:3:17: warning[alert-without-runbook]: alert `Bare` has no runbook
        src/rules.yml:5:17: warning[alert-without-runbook]: alert `Blank` has no runbook
        ");
    }
}
