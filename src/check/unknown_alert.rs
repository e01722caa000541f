//! Documents for alerts that nothing raises.

use std::collections::BTreeSet;

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-alert",
        severity: Severity::Warning,
        summary: "A document names an alert that no file of rules has.",
        docs: include_str!("unknown_alert.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let known: BTreeSet<&str> =
        portal.alerts.all.iter().map(|alert| alert.rule().name.as_str()).collect();
    // Without any rules there is nothing to hold the names against.
    if known.is_empty() {
        return;
    }
    for document in portal.documents.values() {
        for alert in &document.meta.alerts {
            if !known.contains(alert.as_str()) {
                let message = format!("no file of rules has the alert `{alert}`");
                let otherwise = "correct the name, or name the file of its rule in `alert-rules`";
                let help = names::way_out(alert, known.iter().copied(), otherwise);
                let source = &document.source;
                found.push(Diagnostic::new(&RULE.code, source, alert.span, message).help(help));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    const DOCUMENT: &str = "-- src/a.md --\n---\nalerts: [QueueBacklog, Renamed]\n---\n# A\n";

    #[test]
    fn an_alert_that_no_rule_raises() {
        let rules = "-- src/rules.yml --\ngroups: [{rules: [{alert: QueueBacklog}]}]\n";
        assert_snapshot!(check(&format!("{DOCUMENT}{rules}")), @"src/a.md:2:24: warning[unknown-alert]: no file of rules has the alert `Renamed`");
    }

    #[test]
    fn without_rules_nobody_knows() {
        assert_eq!(check(DOCUMENT), "");
        let other =
            "-- src/rules.yml --\ngroups: [{rules: [{record: 'a:b', expr: 'c # alert:'}]}]\n";
        assert_eq!(check(&format!("{DOCUMENT}{other}")), "");
    }
}
