//! Front matter keys that are nearly one of ours.

use crate::check::{Ground, Rule, Run};
use crate::diagnostic::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::Document;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "likely-typo",
        severity: Severity::Warning,
        summary: "A front matter key looks like a misspelled one.",
        docs: include_str!("likely_typo.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    for (key, value) in &document.meta.other {
        let near = match key.strip_prefix("review.") {
            Some(nested) => did_you_mean(nested, REVIEW_KEYS.iter().copied()),
            None if OTHERS.contains(&key.as_str()) => None,
            None => did_you_mean(key, KEYS.iter().copied()),
        };
        let Some(near) = near else { continue };
        let message = format!("front matter key `{key}` is not read");
        found.push(
            Diagnostic::new(&RULE.code, &document.source, value.span, message)
                .help(format!("did you mean `{near}`?")),
        );
    }
}

/// The keys that are read.
const KEYS: &[&str] = &[
    "id",
    "title",
    "kind",
    "owner",
    "reviewers",
    "severity",
    "alerts",
    "covers",
    "tags",
    "aliases",
    "weight",
    "draft",
    "review",
];

const REVIEW_KEYS: &[&str] = &["valid-days", "exempt"];

/// Keys of other tools that are near to one of ours, and meant.
const OTHERS: &[&str] =
    &["cover", "tag", "alias", "reviewed", "subtitle", "links", "find", "review_in"];

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_key_with_a_slip() {
        assert_snapshot!(check("
-- content/db.md --
---
title: Database
onwer: ann
review:
  valid_days: 3
---
Text.
"), @"
        content/db.md:3:1: warning[likely-typo]: front matter key `onwer` is not read
        content/db.md:5:3: warning[likely-typo]: front matter key `review.valid_days` is not read
        ");
    }

    #[test]
    fn keys_of_other_tools() {
        assert_snapshot!(check("
-- content/db.md --
---
title: Database
layout: default
tag: x
sidebar_position: 3
---
Text.
"), @"");
    }
}
