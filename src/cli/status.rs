//! `handover status`: how ready the handover is, for people, for scripts, and as the gate of a pipeline.

use std::fmt::Write as _;

use crate::Judged;
use crate::assess::{Assessment, OpenItem, Readiness, Status, Verdict};
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectArguments};
use crate::cli::recording::is_understood;
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit::visible::one_line;
use crate::link::Portal;

/// Print how ready the handover is
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Print every computed fact as JSON, as in `handover.json`
    #[arg(long)]
    json: bool,
    /// Fail unless the handover is this
    #[arg(long, value_name = "STATE", value_enum)]
    require: Option<Required>,
    #[command(flatten)]
    day: DayArguments,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Required {
    /// Every criterion of the gate is met or waived
    Ready,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&arguments.day.options(false)?);
    // Verdicts on a plan or records that are not understood whole would be wrong.
    if !is_understood(&judged, terminal) {
        return Ok(Outcome::Problems);
    }
    if arguments.json {
        terminal.json(&crate::render::json::json(&judged.facts()));
    } else {
        terminal.result(&text(&judged));
    }
    let ready = judged.assessment.readiness.ready;
    Ok(match arguments.require {
        Some(Required::Ready) if !ready => Outcome::Problems,
        _ => Outcome::Fine,
    })
}

/// Returns "not ready (2 of 4 criteria met)" or the like.
pub(super) fn verdict(portal: &Portal, readiness: &Readiness) -> String {
    let Readiness { ready, met, waived, total } = *readiness;
    if portal.plan.is_none() {
        return "no plan".into();
    }
    let ready = if ready { "ready" } else { "not ready" };
    let criteria = if total == 1 { "criterion" } else { "criteria" };
    let met = match total {
        0 => "the gate has no criteria".into(),
        _ => format!("{met} of {total} {criteria} met"),
    };
    let waived = if waived > 0 { format!(", {waived} waived") } else { String::new() };
    format!("{ready} ({met}{waived})")
}

fn text(judged: &Judged) -> String {
    let Judged { portal, assessment, .. } = judged;
    let mut text = String::new();
    let name = match &portal.plan {
        Some(plan) => format!("{} {}", plan.handover.service, plan.handover.version),
        None => portal.title().to_owned(),
    };
    let mut line = |line: &str| {
        writeln!(text, "{}", one_line(line)).expect("invariant: writing to a string");
    };
    let verdict = match portal.plan {
        Some(_) => verdict(portal, &assessment.readiness),
        None => "no plan was found, so there is no readiness to judge".into(),
    };
    line(&format!("{name} on {}: {verdict}", assessment.today));
    let words = assessment.criteria.iter().map(|criterion| verdict_word(criterion.verdict));
    let width = words.map(str::len).max().unwrap_or_default();
    for (index, criterion) in assessment.criteria.iter().enumerate() {
        if index == 0 {
            line("");
        }
        let verdict = verdict_word(criterion.verdict);
        line(&format!("{verdict:<width$}  {}", criterion.statement));
        line(&format!("{:width$}  {} (asked for: {})", "", criterion.actual, criterion.target));
    }
    line("");
    line(&format!("Documents: {}", documents(assessment)));
    if !assessment.open_items.is_empty() {
        line("");
        line("Still owed:");
        for item in &assessment.open_items {
            line(&format!("- {}", open_item(item, portal)));
        }
    }
    text
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Unmet => "unmet",
        Verdict::Waived => "waived",
        Verdict::NotAssessed => "not assessed",
    }
}

/// Returns "20 approved, 1 changed", the worst first.
fn documents(assessment: &Assessment) -> String {
    let statuses = [
        (Status::Missing, "missing"),
        (Status::ChangesRequested, "with changes requested"),
        (Status::Unreviewed, "unreviewed"),
        (Status::Changed, "changed"),
        (Status::Expired, "expired"),
        (Status::Waived, "waived"),
        (Status::Exempt, "exempt"),
        (Status::Approved, "approved"),
    ];
    let count = |status| assessment.documents.values().filter(|one| one.status == status).count();
    let counts: Vec<_> = statuses
        .into_iter()
        .map(|(status, word)| (count(status), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if counts.is_empty() { "none".into() } else { counts.join(", ") }
}

pub(super) fn open_item(item: &OpenItem, portal: &Portal) -> String {
    let people = portal.plan.as_ref().map_or(&[][..], |plan| &plan.people);
    let owner = item.owner.as_ref().map(|id| {
        let person = people.iter().find(|person| *person.id == *id);
        person.map_or(id.clone(), |person| person.name.clone())
    });
    let due = item.due.map(|due| format!("due {due}"));
    let who: Vec<_> = owner.into_iter().chain(due).collect();
    if who.is_empty() { item.what.clone() } else { format!("{} ({})", item.what, who.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::judged;

    #[test]
    fn a_status_says_what_is_owed_and_by_whom() {
        let judged = judged(
            r#"
-- plan.toml --
[handover]
id = "queue"
title = "Handover"
service = "Queue"
version = "1.0"
[calendar]
start = 2026-12-14
business-days = 10
[[team]]
id = "old"
side = "relinquishing"
name = "Old"
[[team]]
id = "new"
side = "receiving"
name = "New"
[[person]]
id = "ada"
name = "Ada"
role = "SRE"
team = "old"
lead = true
[[person]]
id = "ben"
name = "Ben"
role = "SRE"
team = "new"
lead = true
[[milestone]]
id = "gate"
title = "Handover"
day = 10
activities = "Sign."
gate = true
[[criterion]]
id = "documents"
statement = "Every document is reviewed."
check = { type = "documents-reviewed" }
-- a.md --
---
owner: ada
---

# A
"#,
        );
        insta::assert_snapshot!(text(&judged), @r"
        Queue 1.0 on 2026-12-18: not ready (0 of 1 criterion met)

        unmet  Every document is reviewed.
               0 of 1 document (asked for: 1 document reviewed and up to date)

        Documents: 1 unreviewed

        Still owed:
        - Review `a` (Ben, due 2026-12-25)
        ");
    }

    #[test]
    fn without_a_plan_there_is_nothing_to_judge() {
        let judged = judged("-- a.md --\n# A\n");
        insta::assert_snapshot!(text(&judged), @r"
        Documentation on 2026-12-18: no plan was found, so there is no readiness to judge

        Documents: 1 unreviewed
        ");
    }
}
