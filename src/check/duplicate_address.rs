//! Documents that have a claim to one page.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::check::place;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::link::urls::page_of;
use crate::source::SourcePath;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "duplicate-address",
        severity: Severity::Error,
        summary: "Two documents have a claim to one page.",
        docs: include_str!("duplicate_address.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    // Where two have a claim to a page, one got `-2`.
    if !portal.urls.values().any(|url| url.0.ends_with("-2.html")) {
        return;
    }
    let content = &portal.config.book.src.value;
    let mut first: BTreeMap<String, &SourcePath> = BTreeMap::new();
    for (path, url) in &*portal.urls {
        let Some(document) = portal.documents.get(path) else { continue };
        let page = page_of(path, document, content).to_lowercase();
        let Some(other) = first.get(&page) else {
            first.insert(page, path);
            continue;
        };
        let Some(earlier) = portal.documents.get(*other) else { continue };
        let (source, span) = place::title(document);
        let (there, mark) = place::title(earlier);
        let message = format!("`{path}` has the same address as `{other}`, and became `{}`", url.0);
        found.push(
            Diagnostic::new(&RULE.code, &source, span, message)
                .note(&there, mark, "the other document")
                .help("rename one of the two files"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn two_documents_at_one_address() {
        assert_snapshot!(check("
-- content/db/README.md --
# Database
-- content/db/index.md --
# The database
"), @"content/db/index.md:1:1: error[duplicate-address]: `content/db/index.md` has the same address as `content/db/README.md`, and became `db/index-2.html`");
    }

    #[test]
    fn names_that_differ_in_their_case() {
        assert_snapshot!(check("
-- content/Restore.md --
# Restore
-- content/restore.md --
# Restore it
"), @"content/restore.md:1:1: error[duplicate-address]: `content/restore.md` has the same address as `content/Restore.md`, and became `restore-2.html`");
    }

    #[test]
    fn every_document_at_its_own() {
        assert_snapshot!(check("
-- content/db/README.md --
# Database
-- content/queue/README.md --
# Queue
"), @"");
    }
}
