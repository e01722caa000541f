//! A file of alert rules, as Prometheus and its operator take it → the alerts in it, each with its place.
//!
//! `groups:` at the top, or below `spec:` of a resource; several documents in a file, and lists of resources. The expressions
//! are not read.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parse::codes::UNREADABLE_RULES;
use crate::parse::node::{self, Node, Value};
use crate::source::{Source, Spanned};

/// The annotations that name a runbook, the likeliest first.
const RUNBOOK: &[&str] = &["runbook_url", "runbookURL", "runbook"];

/// The annotations that say in a line what is wrong, the shortest first.
const SUMMARY: &[&str] = &["summary", "title", "message", "description"];

/// A file that has alert rules.
#[derive(Debug)]
pub struct RuleFile {
    pub source: Arc<Source>,
    /// In the order of the text.
    pub alerts: Vec<AlertRule>,
}

/// A rule that alerts. Templates in its texts are as they are written.
#[derive(Debug)]
pub struct AlertRule {
    pub name: Spanned<String>,
    /// The name of the group that it stands in.
    pub group: Option<String>,
    pub severity: Option<String>,
    pub summary: Option<String>,
    /// The address of its runbook.
    pub runbook: Option<Spanned<String>>,
}

/// Reads the alert rules of a file; `None` where it has none.
pub fn rules(source: &Arc<Source>) -> (Option<Arc<RuleFile>>, Vec<Diagnostic>) {
    // Most of the YAML in a project is something else, and may be large.
    if !source.text.match_indices("alert").any(|(at, key)| is_key(&source.text[at + key.len()..])) {
        return (None, Vec::new());
    }
    let mut alerts = Vec::new();
    match node::yaml_documents(&source.text) {
        Ok(documents) => documents.iter().for_each(|document| resource(document, &mut alerts)),
        Err(error) => {
            let message = format!("alert rules are not valid YAML: {}", error.reason);
            let help = "where a program makes the rules of this file, name what it makes";
            let problem = Diagnostic::new(&UNREADABLE_RULES, source, error.span, message);
            return (None, vec![problem.help(help)]);
        }
    }
    let file = RuleFile { source: Arc::clone(source), alerts };
    ((!file.alerts.is_empty()).then(|| Arc::new(file)), Vec::new())
}

/// Tells whether what follows a word makes it a key.
fn is_key(rest: &str) -> bool {
    rest.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']).starts_with(':')
}

/// Tells whether a text that is no YAML is meant to become alert rules only when a program has filled it in, or is something
/// else.
pub fn is_unfinished(text: &str) -> bool {
    const TEMPLATES: &[&str] = &["{{-", "{{.", "{{ .", "{{ include", "{%", "<%"];
    let is_filled_in = |line: &str| line.trim_start().starts_with("{{");
    !text.lines().any(|line| line.trim_start().starts_with("groups:"))
        || TEMPLATES.iter().any(|sign| text.contains(sign))
        || text.lines().any(is_filled_in)
}

fn resource(node: &Node, alerts: &mut Vec<AlertRule>) {
    list(node.entry("items")).iter().for_each(|item| resource(item, alerts));
    let groups = node.entry("spec").and_then(|spec| spec.entry("groups"));
    for group in list(groups.or_else(|| node.entry("groups"))) {
        let name = group.entry("name").and_then(Node::text);
        let rules = list(group.entry("rules")).iter();
        alerts.extend(rules.filter_map(|rule| alert(rule, name.as_ref())));
    }
}

fn list(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn alert(rule: &Node, group: Option<&String>) -> Option<AlertRule> {
    let said = |table: &str, keys: &[&str]| {
        let table = rule.entry(table)?;
        keys.iter().find_map(|key| spanned(table.entry(key)?))
    };
    Some(AlertRule {
        name: spanned(rule.entry("alert")?)?,
        group: group.cloned(),
        severity: said("labels", &["severity"]).map(|severity| severity.value),
        summary: said("annotations", SUMMARY).map(|summary| summary.value),
        runbook: said("annotations", RUNBOOK),
    })
}

/// Returns a text and its place; `None` where there is nothing to read.
fn spanned(node: &Node) -> Option<Spanned<String>> {
    let value = match &node.value {
        Value::Text(text) | Value::Plain(text) => text.trim().to_owned(),
        Value::Null | Value::List(_) | Value::Map(_) => return None,
    };
    (!value.is_empty()).then_some(Spanned { value, span: node.span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{check, portal};
    use crate::source::SourcePath;

    /// One line an alert: where it and its runbook stand, and what is said of it.
    fn read(text: &str) -> String {
        let source = Arc::new(Source::new(SourcePath::new("rules.yml").unwrap(), text.to_owned()));
        let (file, problems) = rules(&source);
        let place = |offset| {
            let (line, column) = source.position(offset);
            format!("{line}:{column}")
        };
        let alerts = file.iter().flat_map(|file| &file.alerts).map(|alert| {
            let AlertRule { name, group, severity, summary, runbook } = alert;
            let runbook =
                runbook.as_ref().map(|it| format!("{} {}", place(it.span.start), it.value));
            format!(
                "{} {name} | {} | {} | {} | {}\n",
                place(name.span.start),
                group.as_deref().unwrap_or("-"),
                severity.as_deref().unwrap_or("-"),
                summary.as_deref().unwrap_or("-"),
                runbook.as_deref().unwrap_or("-"),
            )
        });
        let problems = problems
            .iter()
            .map(|problem| format!("{} {}\n", place(problem.span.start), problem.message));
        alerts.chain(problems).collect()
    }

    #[test]
    fn rules_stand_at_the_top_in_resources_and_in_lists() {
        insta::assert_snapshot!(read("\
groups:
  - name: queues
    rules:
      - record: a:b
        expr: vector(1)
      - alert: Backlog
        expr: up == 0
        labels: {severity: page}
        annotations: {summary: '{{ $labels.queue }} waits', runbook_url: https://a.example/backlog}
---
# Nothing.
---
kind: List
items:
  - kind: PrometheusRule
    spec:
      groups:
        - name: db
          rules:
            - alert: \"Down\"
              annotations:
                description: |
                  The database is down.
                runbook: db/restore
  - kind: ConfigMap
    data: {alert: no}
"), @"
        6:16 Backlog | queues | page | {{ $labels.queue }} waits | 9:74 https://a.example/backlog
        20:22 Down | db | - | The database is down. | 24:26 db/restore
        ");
        assert_eq!(
            read("{\"groups\": [{\"rules\": [{\"alert\": \"A\"}]}]}"),
            "1:34 A | - | - | - | -\n"
        );
    }

    #[test]
    fn other_files_have_none() {
        for text in [
            "",
            "alert: A\n",
            "groups: 3\n# alert:\n",
            "groups: [{rules: [{alert: }, {alert: [A]}, 3]}, 4]\n",
            "spec: {groups: {alert: A}}\n",
            "- alert: A\n",
        ] {
            assert_eq!(read(text), "", "{text}");
        }
        insta::assert_snapshot!(read("groups:\n  - alert: [\n"), @"2:12 alert rules are not valid YAML: unclosed bracket '['");
    }

    #[test]
    fn keys_are_found_however_they_are_written() {
        for key in ["alert:", "alert :", "'alert':", "\"alert\" :"] {
            let read = read(&format!("groups:\n- rules:\n  - {key} A\n"));
            assert!(read.ends_with(" A | - | - | - | -\n"), "{key}: {read}");
        }
    }

    #[test]
    fn a_file_holds_as_many_as_it_can() {
        let rules = |number| {
            format!(
                "  - alert: A{number}\n    labels: {{severity: page, a: b, c: d, e: f, g: h}}\n"
            )
        };
        let text: String = (0..20_000).map(rules).collect();
        assert_eq!(read(&format!("groups:\n- rules:\n{text}")).lines().count(), 20_000);
    }

    const TEMPLATE: &str = "-- content/chart/rules.yaml --\n{{- if .Values.rules }}\ngroups:\n- rules:\n  - alert: A\n{{- end }}\n";

    #[test]
    fn files_of_the_content_folder_are_found_and_others_are_none_of_ours() {
        let project = format!(
            "{TEMPLATE}-- content/a/rules.yml --\ngroups: [{{rules: [{{alert: A, annotations: {{runbook: content/x.md}}}}]}}]\n\
             -- content/x.md --\n# X\n-- rules.yml --\ngroups: [{{rules: [{{alert: B}}]}}]\n"
        );
        assert_eq!(check(&project), "");
        let portal = portal(&project);
        let names: Vec<&str> = portal.alerts.all.iter().map(|it| it.rule().name.as_str()).collect();
        assert_eq!(names, ["A"]);
    }

    #[test]
    fn a_fault_in_a_file_of_the_content_folder_hides_no_alert_in_silence() {
        let rules = |rest: &str| {
            format!("-- content/rules.yml --\ngroups:\n- rules:\n  - alert: A\n{rest}")
        };
        insta::assert_snapshot!(check(&rules("    labels: [\n")), @"content/rules.yml:4:13: error[unreadable-rules]: alert rules are not valid YAML: unclosed bracket '['");
        for other in ["{{- end }}\n", "    {{ include \"labels\" . }}\n", "{% endfor %}\n"] {
            assert_eq!(check(&rules(other)), "", "{other}");
        }
        assert_eq!(check("-- content/x.yml --\n- alert: [\n"), "");
    }

    #[test]
    fn what_is_anywhere_around_the_project_may_be_in_it() {
        let project = "-- book.toml --\n[output.handover]\nalert-rules = '../**/*.yml'\n-- ops/a.yml --\n\
                       groups: [{rules: [{alert: A, annotations: {runbook: content/x.md}}]}]\n-- content/x.md --\n# X\n";
        assert_eq!(check(project), "");
    }

    #[test]
    fn what_the_setting_names_is_read_or_reported() {
        let book = "-- book.toml --\n[output.handover]\nalert-rules = [\n'content/chart/*',\n'ops/**/*.yml',\n'gone/*.yml',\n'../x/*.yml',\n'/etc/*.yml',\n'ops/other.yml']\n";
        let project = format!(
            "{book}{TEMPLATE}-- ops/eu/a.yml --\ngroups: [{{rules: [{{alert: A, annotations: {{runbook_url: 'https://b.example/'}}}}]}}]\n\
             -- ops/other.yml --\nalert: none\n"
        );
        insta::assert_snapshot!(check(&project), @r#"
        book.toml:5:1: error[unreadable-rules]: `gone/*.yml` names no file that has alert rules
        book.toml:6:1: error[unreadable-rules]: `../x/*.yml` names no file that has alert rules
        book.toml:7:1: error[unreadable-rules]: `/etc/*.yml` names no file that has alert rules
        book.toml:8:1: error[unreadable-rules]: `ops/other.yml` names no file that has alert rules
        content/chart/rules.yaml:1:3: error[unreadable-rules]: alert rules are not valid YAML: "-" is only valid inside a block
        "#);
    }
}
