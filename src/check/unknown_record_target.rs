//! Records of people, documents, modules, levels or commitments that the project does not have.

use crate::assess::digest::is_digest;
use crate::assess::{Assessment, Counts};
use crate::check::evidence::{self, Entry, Name};
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::Plan;
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-record-target",
        severity: Severity::Error,
        summary: "A record names somebody or something that the project does not have.",
        docs: include_str!("unknown_record_target.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let entries = evidence::entries(portal, assessment);
    // Of a record that counts every name is known, and nearly every record counts.
    for entry in entries.iter().filter(|entry| *entry.counts != Counts::Yes) {
        let before = found.len();
        for name in &entry.names {
            if let Some((what, span, help)) = unknown(portal, plan, name) {
                found.push(report(entry, span, &what, Some(help)));
            }
        }
        if let (Counts::UnknownTarget(why), true) = (entry.counts, found.len() == before) {
            found.push(report(entry, entry.span, why, None));
        }
    }
}

fn report(entry: &Entry<'_>, span: Span, what: &str, help: Option<String>) -> Diagnostic {
    let message = format!("{} does not count: {what}", entry.table);
    let mut diagnostic = Diagnostic::new(&RULE.code, entry.source, span, message);
    diagnostic.help = help;
    diagnostic
}

/// Says what is wrong with a name and where, and what to do about it; `None` when it is known.
fn unknown(portal: &Portal, plan: &Plan, name: &Name<'_>) -> Option<(String, Span, String)> {
    // There may be many documents.
    if let Name::Document(id) | Name::CriterionOrDocument(id) = name
        && names::is_document(portal, plan, id)
    {
        return None;
    }
    let (text, noun, known, otherwise): (_, _, Vec<&str>, _) = match name {
        Name::Person(name) => {
            (name, "person", names::people(plan).collect(), "add a `[[person]]` to the plan")
        }
        Name::Document(name) => (
            name,
            "document",
            names::documents(portal, plan).collect(),
            "name the id of a document",
        ),
        Name::Module(name) => {
            (name, "module", names::modules(plan).collect(), "add a `[[module]]` to the plan")
        }
        Name::Commitment(name) => {
            let support = plan.support.iter().flat_map(|support| &support.commitments);
            let known = support.map(|commitment| commitment.title.as_str()).collect();
            (name, "commitment", known, "name the title of a `[[support.commitment]]`")
        }
        Name::CriterionOrDocument(name) => {
            let known = names::criteria(plan).chain(names::documents(portal, plan)).collect();
            (name, "criterion or document", known, "name the id of a criterion or a document")
        }
        Name::Digest(digest) if is_digest(digest) => return None,
        Name::Digest(digest) => {
            let help = "`handover digest` prints it: `v1:` and 64 hexadecimal digits".to_owned();
            return Some(("this is no digest".to_owned(), digest.span, help));
        }
        Name::Level(level) => return unknown_level(plan, level.value, level.span),
    };
    if text.is_empty() || known.contains(&text.as_str()) {
        return None;
    }
    let what = format!("there is no {noun} `{text}`");
    Some((what, text.span, names::way_out(text, known, otherwise)))
}

fn unknown_level(plan: &Plan, level: u32, span: Span) -> Option<(String, Span, String)> {
    if plan.escalations.iter().any(|known| known.level.value == level) {
        return None;
    }
    let what = format!("there is no escalation level `{level}`");
    Some((what, span, "name a level of an `[[escalation]]`".to_owned()))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn names_that_nobody_has() {
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
reviewer = "beatrix"
on = 2026-12-02
outcome = "approved"

[[review]]
document = "db"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"

[[review]]
document = "dbb"
digest = "v1:…"
reviewer = "beatriz"
on = 2026-12-02
outcome = "approved"

[[session]]
module = "architecture"
on = 2026-12-02
hours = 3
attendees = ["beatriz", "ghost"]

[[escalation-test]]
level = 2
on = 2026-12-03
"#), @"
        content/records/reviews.toml:4:12: error[unknown-record-target]: review does not count: there is no person `beatrix`
        content/records/reviews.toml:16:12: error[unknown-record-target]: review does not count: there is no document `dbb`
        content/records/reviews.toml:23:10: error[unknown-record-target]: session does not count: there is no module `architecture`
        content/records/reviews.toml:26:25: error[unknown-record-target]: session does not count: there is no person `ghost`
        content/records/reviews.toml:29:9: error[unknown-record-target]: escalation-test does not count: there is no escalation level `2`
        ");
    }

    #[test]
    fn names_that_are_known() {
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
"#), @"");
    }
}
