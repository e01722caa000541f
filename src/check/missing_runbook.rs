//! Alerts whose runbook is not there.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::alerts::{Alert, Runbook};
use crate::link::{Portal, Target};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-runbook",
        severity: Severity::Warning,
        summary: "The runbook that an alert names does not exist.",
        docs: include_str!("missing_runbook.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    // One alert may have a rule for each severity.
    let mut reported: BTreeMap<(&str, &str), Diagnostic> = BTreeMap::new();
    for alert in &portal.alerts.all {
        let (rule, source) = (alert.rule(), &alert.file.source);
        let (Some(runbook), Some(why)) = (&rule.runbook, why(portal, &alert.runbook)) else {
            continue;
        };
        let (name, url) = (rule.name.as_str(), runbook.as_str());
        let known = reported.remove(&(name, url));
        let diagnostic = match known {
            Some(known) => known.note(source, runbook.span, "and here"),
            None => {
                let message = format!("alert `{name}` has the runbook `{url}`, {why}");
                let problem = Diagnostic::new(&RULE.code, source, runbook.span, message);
                problem.help(help(portal, alert))
            }
        };
        reported.insert((name, url), diagnostic);
    }
    found.extend(reported.into_values());
}

/// Says why a runbook is of no use, as a clause.
fn why(portal: &Portal, runbook: &Runbook) -> Option<String> {
    let Runbook::Here { target, .. } = runbook else { return None };
    match target {
        Target::Missing { path: Some(path) } if portal.drafts.contains(path) => {
            Some("which is a draft and has no page".into())
        }
        Target::Missing { .. } | Target::Outside => Some("which does not exist".into()),
        Target::Document { path, anchor: Some(anchor), anchor_found: false } => {
            Some(format!("and `{path}` has no heading `#{anchor}`"))
        }
        Target::Unreadable { reason, .. } => Some(format!("which cannot be read: {reason}")),
        Target::Document { .. }
        | Target::Generated { .. }
        | Target::Asset { .. }
        | Target::External
        | Target::Unjudged { .. } => None,
    }
}

fn help(portal: &Portal, alert: &Alert) -> String {
    match (&alert.runbook, alert.named_by.first()) {
        (_, Some(path)) => format!("`{path}` names the alert: write the address of its page"),
        (Runbook::Here { near: Some(near), .. }, _) => format!("did you mean `{near}`?"),
        (Runbook::Here { target: Target::Document { path, .. }, .. }, _) => {
            format!("name one of the headings of `{path}`")
        }
        _ if portal.documents.is_empty() => "write it, or correct the address".to_owned(),
        _ => "write it, or name a page that is there".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::{check, diagnostics};

    const HUGO: &str = "\
-- hugo.toml --
baseURL = \"https://runbooks.example\"
-- content/db/JobFailed.md --
# Job failed

## Steps
-- content/db/Named.md --
---
alerts: [Named]
---
# Named
";

    #[test]
    fn a_runbook_that_is_not_there() {
        let project = format!(
            "{HUGO}-- content/rules.yaml --
groups:
  - name: db
    rules:
      - alert: JobStuck
        labels: {{severity: warning}}
        annotations: {{runbook_url: https://runbooks.example/db/jobfailled/}}
      - alert: JobStuck
        labels: {{severity: critical}}
        annotations: {{runbook_url: https://runbooks.example/db/jobfailled/}}
      - alert: Steps
        annotations: {{runbook_url: 'https://runbooks.example/db/jobfailed#setps'}}
      - alert: Named
        annotations: {{runbook_url: https://runbooks.example/db/gone}}
      - alert: Else
        annotations: {{runbook_url: https://runbooks.example/what/is/this}}
"
        );
        let found: Vec<String> = diagnostics(&project)
            .iter()
            .map(|found| {
                let (line, column) = found.source.position(found.span.start);
                let (message, help) = (&found.message, found.help.as_deref().unwrap_or_default());
                format!("{line}:{column} {message}; {help}; {} notes\n", found.notes.len())
            })
            .collect();
        assert_snapshot!(found.concat(), @"
        6:36 alert `JobStuck` has the runbook `https://runbooks.example/db/jobfailled/`, which does not exist; did you mean `https://runbooks.example/db/jobfailed/`?; 1 notes
        11:36 alert `Steps` has the runbook `https://runbooks.example/db/jobfailed#setps`, and `content/db/JobFailed.md` has no heading `#setps`; name one of the headings of `content/db/JobFailed.md`; 0 notes
        13:36 alert `Named` has the runbook `https://runbooks.example/db/gone`, which does not exist; `content/db/Named.md` names the alert: write the address of its page; 0 notes
        15:36 alert `Else` has the runbook `https://runbooks.example/what/is/this`, which does not exist; write it, or name a page that is there; 0 notes
        ");
    }

    #[test]
    fn runbooks_that_are_there_or_cannot_be_judged() {
        assert_snapshot!(check(&format!("{HUGO}-- content/rules.yaml --
groups:
  - rules:
      - {{alert: A, annotations: {{runbook_url: 'https://runbooks.example/db/JOBFAILED/#steps'}}}}
      - {{alert: B, annotations: {{runbook_url: 'https://elsewhere.example/db/gone'}}}}
      - {{alert: C, annotations: {{runbook_url: 'https://runbooks.example/{{{{ $labels.job }}}}'}}}}
      - {{alert: Named}}
")), @"");
    }
}
