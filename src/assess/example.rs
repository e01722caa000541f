//! A small handover for the tests of the assessment: two people on each side, one document, everything recorded by hand.

use chrono::NaiveDate;

use crate::assess::{Assessment, Known, assess};
use crate::fixture;
use crate::link::Portal;

/// Ana and Ben receive, Rita and Sam relinquish; the gate is 2026-12-21.
pub(super) const PLAN: &str = r#"
[handover]
id = "lead-gen"
title = "Handover of Lead Gen"
service = "Lead Gen"
version = "1.0"

[calendar]
start = 2026-11-30
business-days = 15
holidays = [{ date = 2026-12-08, name = "Immaculate Conception" }]

[[team]]
id = "ops"
side = "receiving"
name = "New team"

[[team]]
id = "dev"
side = "relinquishing"
name = "Current team"

[[person]]
id = "ana"
name = "Ana Alves"
role = "DevOps Engineer"
team = "ops"
lead = true

[[person]]
id = "ben"
name = "Ben Bosch"
role = "Support Engineer"
team = "ops"

[[person]]
id = "rita"
name = "Rita Roth"
role = "Platform Architect"
team = "dev"
lead = true

[[person]]
id = "sam"
name = "Sam Stone"
role = "SRE"
team = "dev"

[[milestone]]
id = "handover"
title = "Official Handover"
day = 15
gate = true
activities = "Sign-off."
"#;

/// The portal of the plan with `more` in it, the document `restore` with this front matter, and these records. `NOW` in
/// the records is the digest of the document, `OLD` that of an earlier text.
pub(super) fn portal(more: &str, front_matter: &str, records: &str) -> Portal {
    let document =
        format!("---\ntitle: Restore\n{front_matter}\n---\n# Restore\n\nStop the writers.\n");
    let project = |records: &str| {
        fixture::portal(&format!(
            "-- book.toml --\n[book]\nsrc = \"content\"\n-- content/plan.toml --\n{PLAN}{more}\n-- content/restore.md --\n{document}-- content/records/all.toml --\n{records}\n"
        ))
    };
    let bare = project("");
    let now =
        assess(&Known::of(&bare), day("2026-12-18"), false).documents["restore"].digest.clone();
    let old = format!("v1:{}", "0".repeat(64));
    let portal = project(&records.replace("NOW", &now).replace("OLD", &old));
    let problems: Vec<&str> = portal.problems.iter().map(|it| it.message.as_str()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    portal
}

/// What is true of it on a day.
pub(super) fn assessed(more: &str, front_matter: &str, records: &str, today: &str) -> Assessment {
    assess(&Known::of(&portal(more, front_matter, records)), day(today), false)
}

/// The records of reviews: one a line, `reviewer day digest outcome`, and more keys after them.
pub(super) fn reviews(lines: &[&str]) -> String {
    let review = |line: &&str| {
        let mut words = line.splitn(5, ' ');
        let [reviewer, on, digest, outcome] = std::array::from_fn(|_| words.next().unwrap());
        let more = words.next().unwrap_or_default();
        format!(
            "[[review]]\ndocument = 'restore'\nreviewer = '{reviewer}'\non = {on}\ndigest = '{digest}'\noutcome = '{outcome}'\n{more}\n"
        )
    };
    lines.iter().map(review).collect()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
