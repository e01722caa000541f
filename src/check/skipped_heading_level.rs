//! Headings that skip a level.

use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "skipped-heading-level",
        severity: Severity::Warning,
        summary: "A heading is more than one level below the one before it.",
        docs: include_str!("skipped_heading_level.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    // The title counts as the heading of level 1, wherever it comes from.
    let above = [1].into_iter().chain(document.headings.iter().map(|heading| heading.level));
    let mut skipping =
        above.zip(&document.headings).filter(|(last, heading)| heading.level > last + 1);
    let Some((last, heading)) = skipping.next() else { return };
    let (source, span) = document.text.locate(heading.span);
    let others = match skipping.count() {
        0 => String::new(),
        1 => ", and 1 more heading is like it".to_owned(),
        others => format!(", and {others} more headings are like it"),
    };
    let message = format!("heading of level {} below one of level {last}{others}", heading.level);
    found.push(
        Diagnostic::new(&RULE.code, &source, span, message)
            .help(format!("make it `{}`", "#".repeat(usize::from(last) + 1))),
    );
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_level_that_is_skipped() {
        assert_snapshot!(check("
-- content/db.md --
# Database

### Steps

##### Details
"), @"content/db.md:3:1: warning[skipped-heading-level]: heading of level 3 below one of level 1, and 1 more heading is like it");
    }

    #[test]
    fn levels_in_order() {
        assert_snapshot!(check("
-- content/db.md --
---
title: Database
---
## Steps

### Details

## Notes
"), @"");
    }
}
