//! Links that lead to nothing, in documents and in `SUMMARY.md`.

use std::sync::Arc;

use crate::assess::Assessment;
use crate::check::place;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::nearest::{Nearest, relative};
use crate::link::targets::is_external;
use crate::link::{Portal, Target};
use crate::parse::document::LinkKind;
use crate::parse::summary::{Chapter, SummaryItem};
use crate::source::{Source, SourcePath, Span};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "broken-link",
        severity: Severity::Error,
        summary: "A link leads to nothing.",
        docs: include_str!("broken_link.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let nearest = Nearest::new(portal);
    for (document, link, target) in portal.astray() {
        if link.kind == LinkKind::Link
            && !link.destination.trim().is_empty()
            && let Some(why) = why(portal, target)
        {
            let (source, span) = place::link(document, link);
            if is_external(&link.destination) {
                let message = format!("link to `{}`, {ELSEWHERE}", link.address());
                let help =
                    "write a path within the project, or an address that begins with `https:`";
                found.push(Diagnostic::new(&RULE.code, &source, span, message).help(help));
                continue;
            }
            // An included link is seen from the document, where its file does not say otherwise.
            let from = link.base.as_ref().unwrap_or(&document.source.path);
            let why = match *from == source.path {
                true => why,
                false => format!("{why} where `{from}` takes it in"),
            };
            let from = (&source, span, from);
            report(&nearest, target, from, link.address(), &why, found);
        }
    }
    if let Some(summary) = &portal.summary {
        for item in &summary.items {
            if let SummaryItem::Chapter(chapter) = item {
                self::chapter(portal, &nearest, &summary.source, chapter, found);
            }
        }
    }
}

/// Why pages show no link to addresses of other programs and of one disk.
const ELSEWHERE: &str = "which is no kind of address that pages link to";

/// Says why a link leads to nothing, as a clause after "link to `x`, which".
fn why(portal: &Portal, target: &Target) -> Option<String> {
    match target {
        Target::Missing { path: Some(path) } if portal.drafts.contains(path) => {
            let below = path.below(portal.config.book.src.as_str()).unwrap_or(path.as_str());
            Some(match portal.config.settings.leaves_out(below) {
                true => "is left out of the site and has no page".into(),
                false => "is a draft and has no page".into(),
            })
        }
        Target::Missing { .. } => Some("does not exist".into()),
        Target::Outside => Some("lies outside the project".into()),
        Target::Unreadable { reason, .. } => Some(format!("cannot be read: {reason}")),
        Target::Document { .. }
        | Target::Generated { .. }
        | Target::Asset { .. }
        | Target::External
        | Target::Unjudged { .. } => None,
    }
}

fn report(
    nearest: &Nearest<'_>,
    target: &Target,
    (source, span, from): (&Arc<Source>, Span, &SourcePath),
    destination: &str,
    why: &str,
    found: &mut Vec<Diagnostic>,
) {
    let message = format!("link to `{destination}`, which {why}");
    let mut diagnostic = Diagnostic::new(&RULE.code, source, span, message);
    if let Target::Missing { path: Some(path) } = target {
        diagnostic.help = nearest.help(path, from);
    }
    found.push(diagnostic);
}

fn chapter(
    portal: &Portal,
    nearest: &Nearest<'_>,
    source: &Arc<Source>,
    chapter: &Chapter,
    found: &mut Vec<Diagnostic>,
) {
    if let Some(path) = &chapter.path
        && !portal.documents.contains_key(path)
    {
        let content = portal.config.book.src.as_str();
        if path.below(content).is_none() {
            let written = relative(&source.path, path);
            let message = format!(
                "link to `{written}`, which lies outside the content folder and is no page"
            );
            let help = format!(
                "move it below `{content}/`, or take it in there: a file with `{{{{#include {written}}}}}` in it"
            );
            found.push(Diagnostic::new(&RULE.code, source, chapter.span, message).help(help));
        }
        let target = Target::Missing { path: Some(path.clone()) };
        if path.below(content).is_some()
            && let Some(why) = why(portal, &target)
        {
            let destination = path.below(source.path.folder()).unwrap_or(path.as_str());
            let from = (source, chapter.span, &source.path);
            report(nearest, &target, from, destination, &why, found);
        }
    }
    for nested in &chapter.nested {
        self::chapter(portal, nearest, source, nested, found);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_link_to_a_file_that_is_not_there() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [restore](restroe.md), [it](../db/restore.md) and
[outside](../../etc/passwd).
-- content/restore.md --
# Restore
"), @"
        content/db.md:3:5: error[broken-link]: link to `restroe.md`, which does not exist
        content/db.md:3:28: error[broken-link]: link to `../db/restore.md`, which does not exist
        content/db.md:4:1: error[broken-link]: link to `../../etc/passwd`, which lies outside the project
        ");
    }

    #[test]
    fn a_chapter_that_is_not_there() {
        assert_snapshot!(check("
-- content/SUMMARY.md --
- [Restore](restore.md)
  - [Failover](failover.md)
- [Later]()
-- content/restore.md --
# Restore
"), @"content/SUMMARY.md:2:5: error[broken-link]: link to `failover.md`, which does not exist");
    }

    #[test]
    fn a_link_of_an_included_file() {
        let problems = crate::fixture::judged(
            "
-- src/SUMMARY.md --
- [A](a.md)
- [Deep](parts/deep.md)
-- src/a.md --
# A
{{#include parts/part.md}}
-- src/parts/part.md --
[deep](deep.md)
-- src/parts/deep.md --
# Deep
",
        )
        .diagnostics;
        let said = problems.iter().find(|problem| problem.code.id == "broken-link").unwrap();
        assert_snapshot!(said.message, @"link to `deep.md`, which does not exist where `src/a.md` takes it in");
        assert_snapshot!(said.help.as_deref().unwrap_or_default(), @"did you mean `parts/deep.md`?");
    }

    #[test]
    fn a_chapter_outside_the_content_folder() {
        assert_snapshot!(check("
-- src/SUMMARY.md --
- [Restore](restore.md)
- [Shared](../common/far.md)
-- src/restore.md --
# Restore
-- common/far.md --
# Far
"), @"src/SUMMARY.md:2:3: error[broken-link]: link to `../common/far.md`, which lies outside the content folder and is no page");
    }

    #[test]
    fn an_address_that_pages_do_not_show() {
        assert_snapshot!(check("
-- docs/a.md --
# A

[j](javascript:x) [f](file:///srv/x) [w](C:\\x.md) [p](page:sub/x.md) [m](mailto:a@example.com)
"), @r"
        docs/a.md:3:1: error[broken-link]: link to `javascript:x`, which is no kind of address that pages link to
        docs/a.md:3:19: error[broken-link]: link to `file:///srv/x`, which is no kind of address that pages link to
        docs/a.md:3:38: error[broken-link]: link to `C:\x.md`, which is no kind of address that pages link to
        docs/a.md:3:51: error[broken-link]: link to `page:sub/x.md`, which is no kind of address that pages link to
        ");
    }

    #[test]
    fn brackets_that_are_escaped_are_no_link() {
        assert_snapshot!(check("
-- docs/a.md --
# A

\\[[esc]] and [[gone]].
"), @"docs/a.md:3:14: error[broken-link]: link to `gone`, which does not exist");
    }

    #[test]
    fn an_alias_of_zola_begins_at_the_root() {
        assert_snapshot!(check("
-- config.toml --
base_url = \"/\"
-- content/a.md --
# A

[a](/old/) [b](/new/)
-- content/deep/b.md --
+++
title = \"B\"
aliases = [\"old\"]
+++
"), @"content/a.md:3:12: error[broken-link]: link to `/new/`, which does not exist");
    }

    #[test]
    fn links_that_lead_somewhere() {
        assert_snapshot!(check("
-- content/db.md --
# Database

[a](restore.md), [b](./restore.html#steps), [c](https://example.com/x.md), [d](mailto:x@example.com), [e](log.txt), [f](#database)
-- content/restore.md --
# Restore

## Steps
-- content/log.txt --
x
"), @"");
    }
}
