//! Documents that the navigation of a `SUMMARY.md` does not reach.

use std::collections::BTreeSet;

use crate::assess::Assessment;
use crate::check::place;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::summary::{Chapter, SummaryItem};
use crate::source::SourcePath;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unlisted-document",
        severity: Severity::Warning,
        summary: "A document is not in `SUMMARY.md`.",
        docs: include_str!("unlisted_document.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(summary) = &portal.summary else { return };
    let mut reached: BTreeSet<&SourcePath> = BTreeSet::new();
    for item in &summary.items {
        if let SummaryItem::Chapter(chapter) = item {
            list(chapter, &mut reached);
        }
    }
    // What another document includes is read there.
    let documents = portal.documents.values();
    reached.extend(documents.flat_map(|document| &document.text.included).map(|part| &part.path));
    for (path, document) in &*portal.documents {
        if reached.contains(path) {
            continue;
        }
        let (source, span) = place::title(document);
        let content = &portal.config.book.src.value;
        let link = path.below(content).unwrap_or(path.as_str());
        if summary.unlisted.hold(link) {
            continue;
        }
        let list = summary.source.path.name();
        let message = format!("`{link}` is not in `{list}`");
        let entry = match list {
            "SUMMARY.md" => format!("add `- [{}]({link})`", document.title),
            _ => format!("add `{link}` to its navigation"),
        };
        let help = format!("{entry}, or set `draft` in its front matter");
        found.push(Diagnostic::new(&RULE.code, &source, span, message).help(help));
    }
}

fn list<'a>(chapter: &'a Chapter, reached: &mut BTreeSet<&'a SourcePath>) {
    reached.extend(&chapter.path);
    for nested in &chapter.nested {
        list(nested, reached);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_document_that_is_not_listed() {
        assert_snapshot!(check("
-- content/SUMMARY.md --
- [Database](db.md)
-- content/db.md --
# Database
-- content/ops/restore.md --
# Restore
"), @"content/ops/restore.md:1:1: warning[unlisted-document]: `ops/restore.md` is not in `SUMMARY.md`");
    }

    #[test]
    fn a_document_that_is_listed_or_included() {
        assert_snapshot!(check("
-- content/SUMMARY.md --
- [Database](db.md)
  - [Restore](restore.md)
-- content/db.md --
# Database

{{#include steps.md}}
-- content/restore.md --
# Restore
-- content/steps.md --
# Steps
"), @"");
    }

    #[test]
    fn a_project_without_a_summary() {
        assert_snapshot!(check("
-- content/db.md --
# Database
-- content/restore.md --
# Restore
"), @"");
    }
}
