//! Diagrams that say nothing to readers who cannot see them.

use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "diagram-without-description",
        severity: Severity::Warning,
        summary: "A diagram has no description in words.",
        docs: include_str!("diagram_without_description.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    for diagram in &document.diagrams {
        let Ok(drawing) = &diagram.drawing else { continue };
        if drawing.alt.as_deref().is_some_and(|alt| !alt.trim().is_empty()) {
            continue;
        }
        let (source, span) = document.text.locate(diagram.span);
        found.push(
            Diagnostic::new(&RULE.code, &source, span, "diagram without a description")
                .help("say what it shows after its first line: `accTitle: …` or `accDescr: …`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_diagram_without_words() {
        assert_snapshot!(check("
-- content/flow.md --
# Flow

```mermaid
flowchart LR
  form --> queue
```
"), @"content/flow.md:3:1: warning[diagram-without-description]: diagram without a description");
    }

    #[test]
    fn a_diagram_with_words() {
        assert_snapshot!(check("
-- content/flow.md --
# Flow

```mermaid
flowchart LR
  accTitle: A lead goes from the form to the queue
  form --> queue
```
"), @"");
    }
}
