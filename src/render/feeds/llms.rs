//! The facts → `llms.txt`: the contents of the portal in the form that language models look for.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::link::{NavItem, NavSection};
use crate::render::markdown::plain;
use crate::render::{Facts, feeds, names, status};
use crate::source::SourcePath;

/// Returns the text of `llms.txt`: title, summary, state, and every page with a link and a line.
pub fn llms(facts: &Facts<'_>) -> String {
    let mut text = String::new();
    write(facts, &mut text).expect("invariant: writing to a string");
    text
}

fn write(facts: &Facts<'_>, text: &mut String) -> std::fmt::Result {
    let portal = facts.portal;
    let plan = portal.plan.as_ref();
    let service = plan.map(|plan| format!(": {}", plan.handover.service)).unwrap_or_default();
    writeln!(text, "# {}\n", feeds::one_line(&format!("{}{service}", feeds::title(facts))))?;
    let summary = plan.and_then(|plan| plan.handover.summary.as_deref());
    if let Some(summary) = summary.or(portal.config.book.description.as_deref()) {
        writeln!(text, "> {}\n", feeds::one_line(summary))?;
    }
    writeln!(text, "{}\n", state(facts))?;
    writeln!(text, "## Handover\n")?;
    let pages = PAGES.iter().filter(|(page, ..)| match *page {
        "sign-off.html" => plan.is_some(),
        "alerts.html" => !portal.alerts.all.is_empty(),
        _ => true,
    });
    for (page, title, line) in pages {
        writeln!(text, "- [{title}]({}): {line}", feeds::address(facts, page))?;
    }
    let mut listed = BTreeSet::new();
    for section in &portal.nav.sections {
        section_pages(facts, section, &mut listed, text)?;
    }
    let rest: Vec<&SourcePath> =
        portal.documents.keys().filter(|path| !listed.contains(path.as_str())).collect();
    if !rest.is_empty() {
        writeln!(
            text,
            "\n## {}\n",
            if listed.is_empty() { "Documents" } else { "Other documents" }
        )?;
    }
    for path in rest {
        document(facts, path, text)?;
    }
    Ok(())
}

const PAGES: [(&str, &str, &str); 8] = [
    ("index.html", "Home", "readiness, blockers, dates, who to call"),
    ("plan.html", "Plan", "phases, milestones, training, participants, support"),
    ("readiness.html", "Readiness", "the criteria with their evidence, exceptions, open items"),
    ("documents.html", "Documents", "the register: status, owner, reviews, digest"),
    ("alerts.html", "Alerts", "each alert with its severity and its runbook"),
    ("escalation.html", "Escalation", "who to call at which level, and how it was tested"),
    ("sign-off.html", "Sign-off sheet", "what the two teams sign"),
    ("handover.json", "handover.json", "every computed fact, for programs"),
];

fn state(facts: &Facts<'_>) -> String {
    let today = facts.assessment.today;
    let readiness = &facts.assessment.readiness;
    if facts.portal.plan.is_none() {
        return format!("Judged for {today}. No plan was found, so readiness is not judged.");
    }
    let word = if readiness.ready { "Ready for sign-off" } else { "Not ready for sign-off" };
    let waived = match readiness.waived {
        0 => String::new(),
        waived => format!(", {waived} waived"),
    };
    format!(
        "{word}: {} of {} criteria met{waived}, judged for {today}. Statuses are computed from review records; a document \
         that is not approved, waived or exempt is not to be trusted yet.",
        readiness.met, readiness.total,
    )
}

fn section_pages<'a>(
    facts: &Facts<'a>,
    section: &'a NavSection,
    listed: &mut BTreeSet<&'a str>,
    text: &mut String,
) -> std::fmt::Result {
    let mut paths = Vec::new();
    collect(&section.items, &mut paths);
    paths.retain(|path| listed.insert(path.as_str()));
    if paths.is_empty() {
        return Ok(());
    }
    let title = section.title.as_deref().unwrap_or("Documents");
    writeln!(text, "\n## {}\n", feeds::one_line(title))?;
    for path in paths {
        document(facts, path, text)?;
    }
    Ok(())
}

fn collect<'a>(items: &'a [NavItem], paths: &mut Vec<&'a SourcePath>) {
    for item in items {
        paths.extend(&item.document);
        collect(&item.nested, paths);
    }
}

fn document(facts: &Facts<'_>, path: &SourcePath, text: &mut String) -> std::fmt::Result {
    let portal = facts.portal;
    let (Some(document), Some(url)) = (portal.documents.get(path), portal.urls.get(path)) else {
        return Ok(());
    };
    let mut line = Vec::new();
    let description = match document.meta.other.get("description") {
        Some(description) => feeds::one_line(&description.value),
        None => feeds::one_line(&plain::excerpt(document, 160)),
    };
    line.push(description.trim_end_matches('.').to_owned());
    line.retain(|description| !description.is_empty());
    line.extend(document.meta.kind.as_ref().map(|kind| feeds::one_line(&kind.value)));
    if let Some(assessed) = facts.assessment.documents.get(&document.id) {
        line.push(status::document(assessed.status).word.to_lowercase());
    }
    if let Some(owner) = &document.meta.owner {
        line.push(format!("owner {}", feeds::one_line(names::name(portal, &owner.value))));
    }
    let title = feeds::one_line(&document.title).replace('[', "\\[").replace(']', "\\]");
    writeln!(text, "- [{title}]({}): {}", feeds::address(facts, &url.0), line.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::render::feeds::tests::PROJECT;

    #[test]
    fn it_says_the_state_and_lists_every_page_with_a_line() {
        insta::assert_snapshot!(llms(&fixture::judged(PROJECT).facts()), @r"
        # Handover, of the queue: Queue; Co

        > How to run the queue.

        Not ready for sign-off: 0 of 2 criteria met, judged for 2026-12-18. Statuses are computed from review records; a document that is not approved, waived or exempt is not to be trusted yet.

        ## Handover

        - [Home](index.html): readiness, blockers, dates, who to call
        - [Plan](plan.html): phases, milestones, training, participants, support
        - [Readiness](readiness.html): the criteria with their evidence, exceptions, open items
        - [Documents](documents.html): the register: status, owner, reviews, digest
        - [Escalation](escalation.html): who to call at which level, and how it was tested
        - [Sign-off sheet](sign-off.html): what the two teams sign
        - [handover.json](handover.json): every computed fact, for programs

        ## Documents

        - [Drain](drain.html): Open the valve; waived
        - [Restore \[it\]](restore.html): Call somebody; runbook; changed; owner Bob
        ");
    }

    #[test]
    fn without_a_plan_there_is_nothing_to_sign() {
        let text = llms(&fixture::judged("-- src/a.md --\n# A\n").facts());
        assert!(text.contains("No plan was found") && !text.contains("sign-off"), "{text}");
        assert!(text.contains("- [A](a.html): "), "{text}");
    }
}
