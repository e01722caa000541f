//! The page of alerts: what each means, how bad it is, and which runbook says what to do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::link::Target;
use crate::link::alerts::{Alert, Runbook, Standing};
use crate::link::redirects::is_web;
use crate::parse::document::Document;
use crate::render::address;
use crate::render::feeds::one_line;
use crate::render::page::Html;
use crate::render::site::{Frame, Link, Site};
use crate::render::status::{self, Badge};
use crate::render::words;
use crate::source::SourcePath;

pub const ADDRESS: &str = "alerts.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    /// "12 alerts: 9 with a runbook, 3 without."
    counts: String,
    severities: Vec<String>,
    standings: Vec<Badge>,
    rows: Vec<Row>,
}

/// An alert.
#[derive(Serialize)]
struct Row {
    /// As HTML, with places where a line may break.
    name: String,
    severity: Option<String>,
    group: Option<String>,
    summary: Option<String>,
    standing: Badge,
    runbooks: Vec<Named>,
    note: Option<Note>,
}

/// A document that an alert leads to.
#[derive(Serialize)]
struct Named {
    document: Link,
    badge: Option<Badge>,
}

/// What is to be said where an alert leads to no document.
#[derive(Serialize)]
struct Note {
    badge: Option<Badge>,
    /// What the rule names.
    address: Option<Link>,
}

/// Tells whether there is anything to show.
pub fn any(site: &Site<'_>) -> bool {
    !site.facts.portal.alerts.all.is_empty()
}

pub fn html(site: &Site<'_>) -> Html {
    let portal = site.facts.portal;
    let mut rows: Vec<Row> = portal.alerts.all.iter().map(|alert| of_rule(site, alert)).collect();
    let known: BTreeSet<&str> =
        portal.alerts.all.iter().map(|alert| alert.rule().name.as_str()).collect();
    let mut by_standing: BTreeMap<Standing, usize> = BTreeMap::new();
    for alert in &portal.alerts.all {
        *by_standing.entry(alert.standing()).or_default() += 1;
    }
    for (path, document) in &*portal.documents {
        let named = document.meta.alerts.iter().map(|alert| alert.as_str());
        for name in named.filter(|name| !known.contains(name)) {
            rows.push(of_document(site, name, path, document));
            *by_standing.entry(Standing::Here).or_default() += 1;
        }
    }
    let severities: BTreeSet<&String> =
        rows.iter().filter_map(|row| row.severity.as_ref()).collect();
    let mut frame = site.frame(ADDRESS, "Alerts");
    frame.wide = true;
    let context = Context {
        frame,
        counts: in_words(&by_standing),
        severities: severities.into_iter().cloned().collect(),
        standings: by_standing.keys().map(|standing| status::runbook(*standing)).collect(),
        rows,
    };
    site.theme.render("alerts.html", &context)
}

fn in_words(by_standing: &BTreeMap<Standing, usize>) -> String {
    let parts: Vec<String> = by_standing
        .iter()
        .map(|(standing, count)| {
            let words = match standing {
                Standing::Missing => "with a runbook that does not exist",
                Standing::None => "without a runbook",
                Standing::Elsewhere => "with a runbook elsewhere",
                Standing::Here => "with a runbook here",
            };
            format!("{count} {words}")
        })
        .collect();
    let total = by_standing.values().sum();
    format!("{}: {}.", words::count(total, "alert"), parts.join(", "))
}

fn of_rule(site: &Site<'_>, alert: &Alert) -> Row {
    let rule = alert.rule();
    let runbooks: Vec<Named> =
        alert.documents().into_iter().map(|path| named(site, alert, path)).collect();
    let standing = alert.standing();
    let address = rule
        .runbook
        .as_ref()
        .map(|url| Link::new(url.as_str(), is_web(url).then(|| url.value.clone())));
    let badge = matches!(standing, Standing::Missing | Standing::None);
    let is_shown = badge || runbooks.is_empty();
    Row {
        name: breakable(&rule.name),
        severity: rule.severity.clone(),
        group: rule.group.clone(),
        summary: rule.summary.as_deref().map(one_line),
        standing: status::runbook(standing),
        note: is_shown.then(|| Note { badge: badge.then(|| status::runbook(standing)), address }),
        runbooks,
    }
}

/// Returns a row for an alert that only a document knows.
fn of_document(site: &Site<'_>, name: &str, path: &SourcePath, document: &Document) -> Row {
    Row {
        name: breakable(name),
        severity: document.meta.severity.as_ref().map(|severity| severity.value.clone()),
        group: None,
        summary: None,
        standing: status::runbook(Standing::Here),
        runbooks: vec![linked(site, path, None)],
        note: None,
    }
}

fn named(site: &Site<'_>, alert: &Alert, path: &SourcePath) -> Named {
    let anchor = match &alert.runbook {
        Runbook::Here {
            target: Target::Document { path: to, anchor, anchor_found: true }, ..
        } if to == path => anchor.as_deref(),
        _ => None,
    };
    linked(site, path, anchor)
}

fn linked(site: &Site<'_>, path: &SourcePath, anchor: Option<&str>) -> Named {
    let portal = site.facts.portal;
    let document = &portal.documents[path];
    let page = portal.urls.get(path).map(|url| address::relative(ADDRESS, &url.0, anchor));
    let assessed = site.facts.assessment.documents.get(&document.id);
    Named {
        document: Link::new(document.title.as_str(), page),
        badge: assessed.map(|assessed| status::document(assessed.status)),
    }
}

/// Returns the name of an alert, which is one long word, as HTML that can break where a part of it begins.
fn breakable(name: &str) -> String {
    let mut html = String::new();
    let mut before = ' ';
    for char in name.chars() {
        let begins = char.is_uppercase() && (before.is_lowercase() || before.is_numeric());
        if begins || matches!(before, '_' | ':' | '.' | '-' | '/') {
            html.push_str("<wbr>");
        }
        words::push_escaped(&mut html, char.encode_utf8(&mut [0; 4]));
        before = char;
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::render::Files as _;
    use crate::render::theme::Theme;
    use crate::render::version::Version;

    const PROJECT: &str = "\
-- book.toml --
[output.handover]
runbook-base = \"https://r.example\"
-- src/rules.yml --
groups:
  - name: queues
    rules:
      - alert: QueueBacklog
        labels: {severity: page}
        annotations: {summary: '{{ $labels.queue }} <waits>', runbook_url: 'https://r.example/queue#drain'}
      - alert: QueueGone
        annotations: {runbook_url: https://r.example/gone}
      - alert: Bare
      - {alert: Far, annotations: {runbook_url: https://far.example/x}}
      - {alert: Asked, annotations: {runbook: ask the team}}
-- src/queue.md --
---
alerts: [Bare, OnlyHere]
severity: SEV-2
---
# Queue

## Drain
";

    fn made(fixture: &str, path: &str) -> Option<String> {
        let judged = fixture::judged(fixture);
        let (theme, _) = Theme::load(&fixture::tree(fixture), None);
        let file = Version::new(judged.facts(), &theme).file(path)?;
        Some(String::from_utf8(file.unwrap().to_vec()).unwrap())
    }

    #[test]
    fn every_alert_is_listed_with_what_to_read() {
        let html = made(PROJECT, ADDRESS).unwrap();
        let icons = html.split("<svg").enumerate().map(|(at, part)| match at {
            0 => part,
            _ => part.split_once("</svg>").unwrap().1,
        });
        let plain: String = icons.collect();
        let article =
            &plain[plain.find("<p class=\"lead\">").unwrap()..plain.find("</table>").unwrap()];
        let rows = article.lines().filter(|line| line.starts_with("<tr") || line.contains("lead"));
        insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"), @r#"
        <p class="lead">6 alerts: 1 with a runbook that does not exist, 2 with a runbook elsewhere, 3 with a runbook here.</p>
        <tr data-severity="page" data-runbook="here"><th scope="row">Queue<wbr>Backlog</th><td>page</td><td class="text"><a href="queue.html#drain">Queue</a></td><td><span class="chip c-fail">Unreviewed</span></td><td class="text">{{ $labels.queue }} &lt;waits&gt;</td><td>queues</td></tr>
        <tr data-severity="" data-runbook="missing"><th scope="row">Queue<wbr>Gone</th><td>–</td><td class="text"><span class="chip c-fail">Missing</span> <span class="quiet small"><a href="https://r.example/gone">https://r.example/gone</a></span></td><td>–</td><td class="text">–</td><td>queues</td></tr>
        <tr data-severity="" data-runbook="here"><th scope="row">Bare</th><td>–</td><td class="text"><a href="queue.html">Queue</a></td><td><span class="chip c-fail">Unreviewed</span></td><td class="text">–</td><td>queues</td></tr>
        <tr data-severity="" data-runbook="elsewhere"><th scope="row">Far</th><td>–</td><td class="text"><span class="quiet small"><a href="https://far.example/x">https://far.example/x</a></span></td><td>–</td><td class="text">–</td><td>queues</td></tr>
        <tr data-severity="" data-runbook="elsewhere"><th scope="row">Asked</th><td>–</td><td class="text"><span class="quiet small">ask the team</span></td><td>–</td><td class="text">–</td><td>queues</td></tr>
        <tr data-severity="SEV-2" data-runbook="here"><th scope="row">Only<wbr>Here</th><td>SEV-2</td><td class="text"><a href="queue.html">Queue</a></td><td><span class="chip c-fail">Unreviewed</span></td><td class="text">–</td><td>–</td></tr>
        "#);
        assert!(
            html.contains("<a href=\"alerts.html\" aria-current=\"page\">Alerts</a>"),
            "{html}"
        );
    }

    #[test]
    fn a_document_names_the_alerts_that_lead_to_it_and_is_found_by_them() {
        let page = made(PROJECT, "queue.html").unwrap();
        let alerts = "<dt>Alerts</dt><dd><code>Bare</code>, <code>OnlyHere</code>, <code>QueueBacklog</code></dd>";
        assert!(page.contains(alerts), "{page}");
        let words = made(PROJECT, "search/t0.js").unwrap();
        assert!(words.contains("=queuebacklog") && !words.contains("queuegone"), "{words}");
        assert!(made(PROJECT, "llms.txt").unwrap().contains("(alerts.html)"));
        let facts = made(PROJECT, "handover.json").unwrap();
        let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
        insta::assert_snapshot!(facts["alerts"][0], @r#"{"name":"QueueBacklog","severity":"page","group":"queues","summary":"{{ $labels.queue }} <waits>","path":"src/rules.yml","line":4,"runbook":"https://r.example/queue#drain","standing":"here","documents":["queue"]}"#);
    }

    #[test]
    fn without_rules_there_is_no_page() {
        let without = "-- src/a.md --\n---\nalerts: [A]\n---\n# A\n";
        assert_eq!(made(without, ADDRESS), None);
        assert!(!made(without, "a.html").unwrap().contains("alerts.html"));
        assert!(!made(without, "llms.txt").unwrap().contains("alerts.html"));
    }
}
