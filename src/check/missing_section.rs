//! Sections that a kind of document must have, and this one has not.

use crate::check::names;
use crate::check::sections::{has_name, required};
use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-section",
        severity: Severity::Warning,
        summary: "A document lacks a section that its kind must have.",
        docs: include_str!("missing_section.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(ground: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    let Some(kind) = &document.meta.kind else { return };
    let missing: Vec<&str> = required(ground.config, document)
        .iter()
        .filter(|name| !document.headings.iter().any(|heading| has_name(heading, name)))
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return;
    }
    let (noun, them) =
        if missing.len() == 1 { ("section", "a heading") } else { ("sections", "headings") };
    let message = format!("{kind} without the {noun} {}", names::listed(&missing));
    found.push(Diagnostic::new(&RULE.code, &document.source, kind.span, message).help(format!(
        "add {them} with that name, or change `[output.handover.sections]` in `book.toml`"
    )));
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_runbook_without_its_sections() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover.sections]
runbook = ["Impact", "Diagnose", "Verify"]
-- content/db.md --
---
kind: runbook
---
# Database

## diagnose

Look.
-- content/glossary.md --
# Glossary
"#), @"content/db.md:2:7: warning[missing-section]: runbook without the sections `Impact` and `Verify`");
    }

    #[test]
    fn a_runbook_with_all_of_them() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover.sections]
runbook = ["Impact"]
-- content/db.md --
---
kind: runbook
---
# Database

## Impact:

None.
"#), @"");
    }
}
