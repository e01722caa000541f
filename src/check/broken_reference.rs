//! `[text][label]` whose label is not defined: readers see the brackets.

use std::cell::LazyCell;

use crate::assess::Assessment;
use crate::check::{Rule, Run, place};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::dialect::GENERATED;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "broken-reference",
        severity: Severity::Warning,
        summary: "A reference link names a label that is not defined.",
        docs: include_str!("broken_reference.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let has_generated = LazyCell::new(|| {
        let mut templates = portal.documents.values().flat_map(|document| &document.templates);
        templates.any(|template| template.name == GENERATED)
    });
    for document in portal.documents.values() {
        for link in &document.undefined {
            // The name of something in a program, which a plugin would describe on a page that it fills in.
            if link.destination.contains('.') && *has_generated {
                continue;
            }
            let (source, span) = place::link(document, link);
            let label = &link.destination;
            let message = format!("reference to `[{label}]`, which is not defined");
            let help = format!(
                "define it on a line of its own, `[{label}]: address`; to show the brackets, write `\\[`"
            );
            found.push(Diagnostic::new(&RULE.code, &source, span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_label_that_is_not_defined() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [restore][steps], and [this][].
"), @"
        content/db.md:3:5: warning[broken-reference]: reference to `[steps]`, which is not defined
        content/db.md:3:27: warning[broken-reference]: reference to `[this]`, which is not defined
        ");
    }

    #[test]
    fn a_label_that_is_defined() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [restore][steps], and [this]. An array `a[i][j]`, a [ ] box.

[steps]: https://example.com/
"), @"");
    }
}
