//! Required sections that are blank, or hold a placeholder such as TODO.

use crate::check::sections::{has_name, required};
use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "empty-section",
        severity: Severity::Warning,
        summary: "A required section says nothing.",
        docs: include_str!("empty_section.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(ground: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    let required = required(ground.config, document);
    for heading in document.headings.iter().filter(|heading| heading.empty) {
        if !required.iter().any(|name| has_name(heading, name)) {
            continue;
        }
        let (source, span) = document.text.locate(heading.span);
        let message = format!("section `{}` is empty", heading.text);
        found.push(
            Diagnostic::new(&RULE.code, &source, span, message)
                .help("write what belongs here, or say why there is nothing to do"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_required_section_without_text() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover.sections]
runbook = ["Impact", "Diagnose"]
-- content/db.md --
---
kind: runbook
---
# Database

## Impact

TODO

## Diagnose

### Notes

## Background
"#), @"
        content/db.md:6:1: warning[empty-section]: section `Impact` is empty
        content/db.md:10:1: warning[empty-section]: section `Diagnose` is empty
        ");
    }

    #[test]
    fn a_section_with_text_in_a_section_below_it() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover.sections]
runbook = ["Impact", "Diagnose"]
-- content/db.md --
---
kind: runbook
---
# Database

## Impact

No leads are sold.

## Diagnose

### Lag

Look at the lag.

## Background
"#), @"");
    }
}
