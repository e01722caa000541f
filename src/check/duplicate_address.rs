//! Documents that would be written to one page.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::check::Rule;
use crate::check::place;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::{Portal, Url};
use crate::source::SourcePath;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "duplicate-address",
        severity: Severity::Error,
        summary: "Two documents would be written to one page.",
        docs: include_str!("duplicate_address.md"),
        fatal: true,
    },
    run,
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    if portal.pages.len() == portal.urls.len() {
        return;
    }
    let mut first: BTreeMap<&Url, &SourcePath> = BTreeMap::new();
    for (path, url) in &*portal.urls {
        let Some(other) = first.get(url) else {
            first.insert(url, path);
            continue;
        };
        let (Some(document), Some(earlier)) =
            (portal.documents.get(path), portal.documents.get(*other))
        else {
            continue;
        };
        let (source, span) = place::title(document);
        let (there, mark) = place::title(earlier);
        let message = format!("`{path}` has the same address as `{other}`, `{}`", url.0);
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
"), @"content/db/index.md:1:1: error[duplicate-address]: `content/db/index.md` has the same address as `content/db/README.md`, `db/index.html`");
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
