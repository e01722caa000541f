//! Documents whose title is made up from the file's name.

use crate::check::place;
use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::{Document, TitleFrom};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-title",
        severity: Severity::Warning,
        summary: "A document has no title.",
        docs: include_str!("missing_title.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    if document.title_from != TitleFrom::FileName {
        return;
    }
    let span = place::first_line(document);
    let message = format!("document without a title, shown as `{}`", document.title);
    found.push(
        Diagnostic::new(&RULE.code, &document.source, span, message)
            .help("begin it with a heading of level 1, or set `title` in its front matter"),
    );
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_document_without_a_title() {
        assert_snapshot!(check("
-- content/db-restore.md --
Stop the writers.

## Steps
-- content/empty.md --
"), @"
        content/db-restore.md:1:1: warning[missing-title]: document without a title, shown as `Db restore`
        content/empty.md:1:1: warning[missing-title]: document without a title, shown as `Empty`
        ");
    }

    #[test]
    fn a_document_with_one() {
        assert_snapshot!(check("
-- content/a.md --
# A
-- content/b.md --
---
title: B
---
Text.
"), @"");
    }

    #[test]
    fn a_document_that_the_navigation_names() {
        let page = |fixture: &str, path: &str| {
            let portal = crate::fixture::portal(fixture);
            portal.documents[path].title.clone()
        };
        let book = "
-- src/SUMMARY.md --
- [GraphQL](graphql.md)
- [Elsewhere](own.md)
-- src/graphql.md --
Text.
-- src/own.md --
# Own
";
        assert_snapshot!(check(book), @"");
        assert_eq!(page(book, "src/graphql.md"), "GraphQL");
        assert_eq!(page(book, "src/own.md"), "Own");
        let manual = "\
-- docs/restore.8.md --
% restore(8)

Restores.
";
        assert_snapshot!(check(manual), @"");
        assert_eq!(page(manual, "docs/restore.8.md"), "restore(8)");
    }
}
