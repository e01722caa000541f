//! Alert rules and documents → which runbook each alert leads to.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::link::site::{Address, Site};
use crate::link::{Portal, Target, addresses};
use crate::parse::alerts::{AlertRule, RuleFile};
use crate::source::{SourcePath, Tree};

/// The alerts of a project.
#[derive(Default)]
pub struct Alerts {
    /// In the order of their files and of the text.
    pub all: Vec<Alert>,
    /// The names of those that lead to a document, beside the ones that its front matter names.
    of_documents: BTreeMap<SourcePath, Vec<String>>,
}

/// An alert, and what its rule says to read.
pub struct Alert {
    pub file: Arc<RuleFile>,
    /// In the file.
    index: usize,
    pub runbook: Runbook,
    /// The documents whose front matter names it, in path order.
    pub named_by: Vec<SourcePath>,
}

/// What the address leads to that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runbook {
    /// The rule names none.
    Unnamed,
    /// It stands on a site of these documents. Where nothing stands there, `near` is the address that may have been meant.
    Here { target: Target, near: Option<String> },
    /// Another site, a template, or words.
    Elsewhere,
}

/// Whether there is something to read where an alert goes off. The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Its runbook should be a page of this site, and is not there.
    Missing,
    /// No runbook is named, and no document names the alert.
    None,
    /// On another site, or where only a running system knows.
    Elsewhere,
    /// On this site.
    Here,
}

impl Runbook {
    /// Tells whether it should stand here, and does not, or not the heading that is named.
    pub fn is_missing(&self) -> bool {
        let Self::Here { target, .. } = self else { return false };
        match target {
            Target::Missing { .. } | Target::Outside | Target::Unreadable { .. } => true,
            Target::Document { anchor_found, .. } => !anchor_found,
            Target::Generated { .. }
            | Target::Asset { .. }
            | Target::External
            | Target::Unjudged { .. } => false,
        }
    }
}

impl Alert {
    pub fn rule(&self) -> &AlertRule {
        &self.file.alerts[self.index]
    }

    pub fn standing(&self) -> Standing {
        match &self.runbook {
            runbook if runbook.is_missing() => Standing::Missing,
            Runbook::Here { .. } => Standing::Here,
            _ if !self.named_by.is_empty() => Standing::Here,
            Runbook::Elsewhere => Standing::Elsewhere,
            Runbook::Unnamed => Standing::None,
        }
    }

    /// Returns the documents that it leads to: that of its address first, then those that name it.
    pub fn documents(&self) -> Vec<&SourcePath> {
        let addressed = match &self.runbook {
            Runbook::Here { target: Target::Document { path, .. }, .. } => Some(path),
            _ => None,
        };
        let named = self.named_by.iter().filter(|path| Some(*path) != addressed);
        addressed.into_iter().chain(named).collect()
    }
}

impl Alerts {
    /// Returns the names of the alerts that lead to a document: those that its front matter names first.
    pub fn of<'a>(&'a self, portal: &'a Portal, path: &SourcePath) -> Vec<&'a str> {
        let stated = portal.documents.get(path).into_iter().flat_map(|it| &it.meta.alerts);
        let found = self.of_documents.get(path).into_iter().flatten();
        stated.map(|alert| alert.as_str()).chain(found.map(String::as_str)).collect()
    }
}

/// Finds the runbook of each alert.
pub(super) fn alerts(portal: &Portal, files: &[Arc<RuleFile>], tree: &Tree) -> Alerts {
    if files.is_empty() {
        return Alerts::default();
    }
    let targets = portal.targets(tree);
    let mut site = Site::new(portal, &targets);
    let rules = || files.iter().flat_map(|file| &file.alerts);
    let written = rules().filter_map(|rule| rule.runbook.as_ref());
    let written = written.filter(|url| !addresses::is_template(url));
    site.learn(&written.filter_map(|url| Address::new(url)).collect::<Vec<_>>());
    let mut naming: BTreeMap<&str, Vec<SourcePath>> = BTreeMap::new();
    for (path, document) in &*portal.documents {
        for alert in &document.meta.alerts {
            let paths = naming.entry(alert.as_str()).or_default();
            if paths.last() != Some(path) {
                paths.push(path.clone());
            }
        }
    }
    let alert = |file: &Arc<RuleFile>, index: usize| Alert {
        runbook: runbook(portal, &site, &file.alerts[index]),
        named_by: naming.get(file.alerts[index].name.as_str()).cloned().unwrap_or_default(),
        file: Arc::clone(file),
        index,
    };
    let all = files.iter().flat_map(|file| {
        let indices = 0..file.alerts.len();
        indices.map(|index| alert(file, index)).collect::<Vec<_>>()
    });
    let all: Vec<Alert> = all.collect();
    let mut of_documents: BTreeMap<SourcePath, Vec<String>> = BTreeMap::new();
    for alert in &all {
        let name = &alert.rule().name.value;
        for path in alert.documents().into_iter().filter(|path| !alert.named_by.contains(path)) {
            let names = of_documents.entry(path.clone()).or_default();
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    Alerts { all, of_documents }
}

fn runbook(portal: &Portal, site: &Site<'_>, rule: &AlertRule) -> Runbook {
    let Some(written) = &rule.runbook else { return Runbook::Unnamed };
    if addresses::is_template(written) {
        return Runbook::Elsewhere;
    }
    match Address::new(written) {
        Some(address) => match site.target(&address) {
            Some((target, near)) => Runbook::Here { target, near },
            None => Runbook::Elsewhere,
        },
        None => named(portal, site, written),
    }
}

/// Returns what is named without a host: a document by its id or its path, or an address below the root of the site.
fn named(portal: &Portal, site: &Site<'_>, written: &str) -> Runbook {
    let (path, anchor) = match written.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (written, None),
    };
    let by_id = portal.ids.get(path).map(|path| site.document(path, anchor));
    let target = match by_id.or_else(|| site.by_path(path, anchor)) {
        Some(target) => target,
        // Anything else is words, or the name of something.
        None if !path.contains('/') || path.contains([' ', ':']) => return Runbook::Elsewhere,
        None => site.below(path, anchor),
    };
    Runbook::Here { target, near: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::portal;

    /// Returns what the runbooks of alerts lead to, in a project with these files.
    fn leads(files: &str, urls: &[&str]) -> String {
        let rules: String = urls
            .iter()
            .enumerate()
            .map(|(at, url)| format!("- {{alert: A{at}, annotations: {{runbook_url: '{url}'}}}}\n"))
            .collect();
        let rules =
            format!("-- rules.yml --\ngroups:\n- rules:\n{rules}").replace("\n- {", "\n  - {");
        let book = "-- book.toml --\n[output.handover]\nalert-rules = ['rules.yml']\n";
        let files =
            if files.contains("book.toml") { files.to_owned() } else { book.to_owned() + files };
        let portal = portal(&format!("{files}{rules}"));
        let line = |alert: &Alert| {
            let url = alert.rule().runbook.as_ref().map_or("", |url| url.as_str());
            let to = match &alert.runbook {
                Runbook::Unnamed => "unnamed".to_owned(),
                Runbook::Elsewhere => "elsewhere".to_owned(),
                Runbook::Here {
                    target: Target::Document { path, anchor, anchor_found }, ..
                } => {
                    let found = if *anchor_found { "" } else { " lacks" };
                    format!("{path}{found} {}", anchor.as_deref().unwrap_or_default())
                }
                Runbook::Here { target: Target::Missing { path }, near } => {
                    let path = path.as_ref().map_or("", |path| path.as_str());
                    format!("missing {path}, near {}", near.as_deref().unwrap_or("-"))
                }
                Runbook::Here { target, .. } => format!("{target:?}"),
            };
            format!("{url} → {}\n", to.trim_end())
        };
        portal.alerts.all.iter().map(line).collect()
    }

    const HUGO: &str = "-- hugo.toml --\nbaseURL = \"https://Runbooks.example/ops\"\n-- content/db/FailOver.md --\n---\naliases: [/old/failover/]\n---\n## First check\n-- content/db/_index.md --\n-- static/x.pdf --\nx\n";

    #[test]
    fn the_address_of_a_page_is_that_of_its_tool_on_a_known_site() {
        insta::assert_snapshot!(leads(HUGO, &[
            "https://runbooks.example/ops/db/failover",
            "http://runbooks.example/ops/DB/FailOver/#first-check",
            "https://runbooks.example/ops/db/failover/index.html?x=1#gone",
            "https://runbooks.example/ops/db/",
            "https://runbooks.example/ops/old/failover",
            "https://runbooks.example/ops/x.pdf",
            "https://runbooks.example/ops/db/failovr/",
            "https://runbooks.example/ops/queue/failover",
            "https://runbooks.example/elsewhere",
            "https://other.example/ops/db/gone",
            "https://runbooks.example/ops/{{ $labels.job }}",
        ]), @r#"
        https://runbooks.example/ops/db/failover → content/db/FailOver.md
        http://runbooks.example/ops/DB/FailOver/#first-check → content/db/FailOver.md first-check
        https://runbooks.example/ops/db/failover/index.html?x=1#gone → content/db/FailOver.md lacks gone
        https://runbooks.example/ops/db/ → content/db/_index.md
        https://runbooks.example/ops/old/failover → content/db/FailOver.md
        https://runbooks.example/ops/x.pdf → Asset { path: SourcePath("static/x.pdf") }
        https://runbooks.example/ops/db/failovr/ → missing content/db/failovr, near https://runbooks.example/ops/db/failover/
        https://runbooks.example/ops/queue/failover → missing content/queue/failover, near https://runbooks.example/ops/db/failover
        https://runbooks.example/elsewhere → elsewhere
        https://other.example/ops/db/gone → elsewhere
        https://runbooks.example/ops/{{ $labels.job }} → elsewhere
        "#);
    }

    #[test]
    fn settings_of_tools_say_where_their_site_stands() {
        for (files, url) in [
            (
                "-- mkdocs.yml --\nsite_url: https://a.example/docs/\n-- docs/db/x.md --\n",
                "https://a.example/docs/db/x/",
            ),
            (
                "-- config/tech-docs.yml --\nhost: https://a.example\n-- source/db/x.html.md.erb --\n",
                "https://a.example/db/x.html",
            ),
            (
                "-- _config.yml --\nurl: https://a.example\nbaseurl: /b\n-- db/x.md --\n",
                "https://a.example/b/db/x.html",
            ),
            (
                "-- config.toml --\nbase_url = 'https://a.example'\n-- content/db/x.md --\n",
                "https://a.example/db/x",
            ),
            (
                "-- book.toml --\n[output.html]\nsite-url = 'https://a.example/b/'\n[output.handover]\nalert-rules = 'rules.yml'\n-- src/SUMMARY.md --\n- [X](db/x.md)\n-- src/db/x.md --\n",
                "https://a.example/b/db/x.html",
            ),
            (
                "-- book.toml --\n[output.handover]\nsite-url = 'https://a.example'\nalert-rules = 'rules.yml'\n-- src/db/x.md --\n",
                "https://a.example/latest/db/x.html",
            ),
            (
                "-- book.toml --\n[output.handover]\nrunbook-base = 'https://a.example/r'\nalert-rules = 'rules.yml'\n-- src/db/x.md --\n",
                "https://a.example/r/db/x",
            ),
        ] {
            let gone = url.replace("/x", "/quite-gone");
            let found = leads(files, &[url, &gone]);
            let lines: Vec<&str> = found.lines().collect();
            assert!(lines[0].contains("db/x."), "{found}");
            assert!(lines[1].contains("missing "), "{found}");
        }
    }

    #[test]
    fn a_host_is_a_site_of_ours_where_it_has_a_page_of_ours() {
        let files = "-- src/db/restore.md --\n-- src/queue.md --\n";
        insta::assert_snapshot!(leads(files, &[
            "https://a.example/db/restore",
            "https://a.example/db/gone",
            "https://git.example/ops/docs/blob/main/src/db/restore.md",
            "https://git.example/ops/docs/blob/main/src/db/gone.md",
            "https://git.example/other/thing/README.md",
            "https://wiki.example/display/queue",
            "https://wiki.example/display/one",
            "https://wiki.example/display/two",
            "https://only.example/x/queue.html",
            "https://b.example/db/gone",
        ]), @"
        https://a.example/db/restore → src/db/restore.md
        https://a.example/db/gone → missing src/db/gone, near -
        https://git.example/ops/docs/blob/main/src/db/restore.md → src/db/restore.md
        https://git.example/ops/docs/blob/main/src/db/gone.md → missing src/db/gone.md, near -
        https://git.example/other/thing/README.md → elsewhere
        https://wiki.example/display/queue → elsewhere
        https://wiki.example/display/one → elsewhere
        https://wiki.example/display/two → elsewhere
        https://only.example/x/queue.html → src/queue.md
        https://b.example/db/gone → elsewhere
        ");
    }

    #[test]
    fn a_document_is_named_by_its_id_or_its_path() {
        let files = "-- src/db/restore.md --\n---\nid: restore\n---\n## Steps\n";
        insta::assert_snapshot!(leads(files, &[
            "restore",
            "db/restore",
            "src/db/restore.md#steps",
            "/db/restore.html",
            "db/gone",
            "ask the team: ops/db",
            "gone",
        ]), @"
        restore → src/db/restore.md
        db/restore → src/db/restore.md
        src/db/restore.md#steps → src/db/restore.md steps
        /db/restore.html → src/db/restore.md
        db/gone → missing src/db/gone, near -
        ask the team: ops/db → elsewhere
        gone → elsewhere
        ");
    }

    #[test]
    fn a_document_says_which_alerts_lead_to_it() {
        let portal = portal(
            "-- src/rules.yml --\ngroups: [{rules: [{alert: A}, {alert: B, annotations: {runbook: a}}, {alert: B, annotations: {runbook: a}}]}]\n\
             -- src/a.md --\n---\nalerts: [A]\n---\n-- src/b.md --\n---\nalerts: [A]\n---\n",
        );
        let path = SourcePath::new("src/a.md").unwrap();
        assert_eq!(portal.alerts.of(&portal, &path), ["A", "B"]);
        let documents: Vec<String> = portal
            .alerts
            .all
            .iter()
            .map(|alert| {
                alert.documents().iter().map(|path| path.name()).collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(documents, ["a.md b.md", "a.md", "a.md"]);
    }
}
