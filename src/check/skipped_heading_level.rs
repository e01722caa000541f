//! Headings that skip a level.

use crate::assess::Assessment;
use crate::check::Rule;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "skipped-heading-level",
        severity: Severity::Warning,
        summary: "A heading is more than one level below the one before it.",
        docs: include_str!("skipped_heading_level.md"),
        fatal: false,
    },
    run,
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for document in portal.documents.values() {
        // The title counts as the heading of level 1, wherever it comes from.
        let mut last = 1;
        for heading in &document.headings {
            if heading.level > last + 1 {
                let (source, span) = document.text.locate(heading.span);
                let message =
                    format!("heading of level {} below one of level {last}", heading.level,);
                found.push(
                    Diagnostic::new(&RULE.code, &source, span, message)
                        .help(format!("make it `{}`", "#".repeat(usize::from(last) + 1))),
                );
            }
            last = heading.level;
        }
    }
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
"), @"
        content/db.md:3:1: warning[skipped-heading-level]: heading of level 3 below one of level 1
        content/db.md:5:1: warning[skipped-heading-level]: heading of level 5 below one of level 3
        ");
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
