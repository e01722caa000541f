//! The table of rules, and their pages.

use std::fmt::Write as _;

use super::*;
use crate::diagnostic::emit::{Format, emit};
use crate::fixture;

#[test]
fn rules_are_sorted_and_named() {
    assert!(RULES.is_sorted_by(|a, b| a.code.id < b.code.id));
    let codes = codes();
    assert!(codes.is_sorted_by(|a, b| a.id < b.id), "an id stands for one problem");
    for code in codes {
        let words = code.id.split('-');
        let kebab = words
            .clone()
            .all(|word| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase()));
        assert!(kebab && words.count() >= 2, "{}", code.id);
        assert!(code.summary.ends_with('.') && !code.summary.contains(". "), "{}", code.id);
        assert!(!code.fatal || code.severity == Severity::Error, "{}", code.id);
    }
}

#[test]
fn renamed_ids_lead_to_those_of_today() {
    for (old, new) in RENAMED {
        assert!(codes().iter().all(|code| code.id != *old), "{old} is used again");
        assert!(codes().iter().any(|code| code.id == *new), "{new}");
        assert_eq!(current(old), *new);
    }
    assert_eq!(current("broken-link"), "broken-link");
}

#[test]
fn every_rule_has_a_page() {
    for rule in RULES {
        let Code { id, docs, .. } = &rule.code;
        assert!(docs.starts_with(&format!("# {id}\n\n")), "{id}");
        for heading in ["\n## Wrong\n", "\n## Right\n", "\n## What to do\n", "\n## Level\n"] {
            assert!(docs.contains(heading), "{id}: {heading}");
        }
        let level = docs.split("\n## Level\n").nth(1).unwrap_or_default();
        assert_eq!(
            level.contains("cannot"),
            rule.code.fatal,
            "{id}: its level can be set unless it is fatal"
        );
        assert_eq!(level.contains(&format!("{id} = ")), !rule.code.fatal, "{id}");
        assert!(docs.lines().all(|line| line.chars().count() <= 125), "{id}");
    }
}

#[test]
fn the_examples_of_the_pages_are_true() {
    let mut untrue = String::new();
    // What cannot be read cannot stand in a page.
    for Code { id, docs, .. } in codes().into_iter().filter(|code| code.docs.contains("## Wrong")) {
        let mut expect = |heading: &str, expected: &[&str]| {
            let found = fixture::diagnostics(example(docs, heading));
            let mut ids: Vec<&str> = found.iter().map(|found| found.code.id).collect();
            ids.dedup();
            if ids != expected {
                let text = emit(Format::Human, &found, false, 100);
                write!(untrue, "{id}: {heading}\n{text}\n").unwrap();
            }
        };
        expect("Wrong", &[id]);
        expect("Right", &[]);
    }
    assert!(untrue.is_empty(), "{untrue}");
}

/// Returns the fixture under a heading of a page.
fn example<'a>(docs: &'a str, heading: &str) -> &'a str {
    let section = docs.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let fence_start = section.find("```").unwrap();
    let fence = section[fence_start..].split("text\n").next().unwrap();
    let body = &section[fence_start + fence.len() + "text\n".len()..];
    &body[..body.find(&format!("\n{fence}\n")).unwrap() + 1]
}

#[test]
fn levels_are_those_of_the_book() {
    let project = |level: &str| {
        fixture::check(&format!(
            "-- book.toml --\n[output.handover.rules]\nbroken-link = \"{level}\"\n\
             -- content/a.md --\n# A\n\n[b](b.md)\n"
        ))
    };
    assert_eq!(project("allow"), "");
    insta::assert_snapshot!(project("warning"), @"content/a.md:3:1: warning[broken-link]: link to `b.md`, which does not exist");
    insta::assert_snapshot!(project("error"), @"content/a.md:3:1: error[broken-link]: link to `b.md`, which does not exist");
}

#[test]
fn what_stops_a_build_cannot_be_allowed() {
    let found = fixture::check(
        "-- book.toml --\n[output.handover.rules]\nunscheduled-phase = \"allow\"\n\
         -- content/plan.toml --\n[[phase]]\nid = \"shadowing\"\ntitle = \"Shadowing\"\nlabel = \"Week 3\"\n\
         activities = \"Shadowing.\"\n",
    );
    assert!(found.contains("error[unscheduled-phase]"), "{found}");
}

#[test]
fn what_a_broken_table_lacks_is_reported_once() {
    let found = fixture::check(
        "-- content/plan.toml --\n\
         [[phase]]\nid = \"a\"\ntitle = \"A\"\ndays = \"8-5\"\nactivities = \"A.\"\n\n\
         [[phase]]\nid = \"b\"\ntitle = \"B\"\nactivities = \"B.\"\n\n\
         [[objective]]\ntext = \"C\"\ncriteria = 3\n",
    );
    insta::assert_snapshot!(found, @"
    content/plan.toml:4:8: error[invalid-value]: `days` cannot be `8-5`
    content/plan.toml:8:6: error[unscheduled-phase]: phase `b` has no `days`
    content/plan.toml:14:12: error[invalid-value]: `criteria` must be an array
    ");
}

/// No text makes a rule or a format panic, and every place is on character boundaries.
#[test]
fn any_edit_of_a_project_is_checked_and_emitted() {
    let projects: Vec<&str> = RULES.iter().map(|rule| example(rule.code.docs, "Wrong")).collect();
    let mut random = fixture::Random::new(11);
    for _ in 0..400 {
        let tree = fixture::edited_tree(projects[random.below(projects.len())], &mut random);
        for found in crate::judge(&tree, &fixture::options()).diagnostics {
            let text = &found.source.text;
            assert!(
                found.span.start <= found.span.end && found.span.end <= text.len(),
                "{found:?}"
            );
            assert!(text.is_char_boundary(found.span.start), "{found:?}");
            assert!(text.is_char_boundary(found.span.end), "{found:?}");
            for format in <Format as clap::ValueEnum>::value_variants() {
                assert!(!emit(*format, std::slice::from_ref(&found), false, 80).is_empty());
            }
        }
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a stale reference is written anew, and the test fails once"
)]
fn the_reference_lists_every_rule() {
    let mut reference = String::from(
        "# Rules\n\n\
         What `handover check` and `handover build` report. `handover explain ID` prints the page of a rule. \
         Errors make `check` exit with 1, and with `--strict` warnings do so too. \
         What is marked *stops* means that a build writes nothing, whatever `book.toml` says.\n\n\
         | id | severity | what it reports |\n|---|---|---|\n",
    );
    for code in crate::codes() {
        let stops = if code.fatal { ", *stops*" } else { "" };
        let (id, severity, summary) = (code.id, code.severity.name(), code.summary);
        writeln!(reference, "| `{id}` | {severity}{stops} | {summary} |").unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    if std::fs::read_to_string(path).unwrap_or_default() != reference {
        std::fs::write(path, reference).unwrap();
        panic!("docs/rules.md was stale, and is written anew: look at it and run the tests again");
    }
}

#[test]
fn what_is_not_understood_is_one_problem() {
    let plan = r#"-- content/plan.toml --
[[persn]]
id = "ana"
name = "Ana"
role = "SRE"
team = "receiving"
lead = true
[[milestone]]
id = "handover"
title = "Handover"
day = "fifteen"
activities = "Sign."
gate = true
[[module]]
id = "db"
title = "Database"
hours = 2
trainer = "ana"
[[phase]]
id = "review"
title = "Review"
activities = "Read."
days = "4-1"
"#;
    insta::assert_snapshot!(fixture::check(plan), @"
    content/plan.toml:1:3: error[unknown-key]: unknown table `persn`
    content/plan.toml:10:7: error[invalid-value]: `day` must be a whole number, not a string
    content/plan.toml:22:8: error[invalid-value]: `days` cannot be `4-1`
    ");
}
