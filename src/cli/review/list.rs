//! `review list`: what waits for whom, the worst and the oldest first.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;

use crate::Judged;
use crate::assess::Status;
use crate::assess::waiting::{Waiting, waiting};
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectFlag};
use crate::cli::recording::is_understood;
use crate::cli::terminal::Terminal;
use crate::cli::{Outcome, find};
use crate::diagnostic::emit::visible::one_line;
use crate::render::{names, status};

/// List what waits for a review, the worst and the oldest first
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only what waits for this person
    #[arg(long, value_name = "ID")]
    mine: Option<String>,
    /// Only documents of this status
    #[arg(long, value_name = "STATUS", value_enum)]
    status: Option<Status>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    project: ProjectFlag,
    #[command(flatten)]
    day: DayArguments,
}

/// A line of the list.
#[derive(Debug, Serialize)]
struct Line<'a> {
    document: &'a str,
    path: Option<&'a str>,
    status: Status,
    severity: Option<&'a str>,
    /// When it became what it is; the last day for what is approved or waived.
    since: Option<NaiveDate>,
    waits_for: &'a [&'a str],
    reasons: &'a [String],
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&arguments.day.options(false)?);
    if !is_understood(&judged, terminal) {
        return Ok(Outcome::Problems);
    }
    if let Some(mine) = &arguments.mine {
        find::person(mine, &judged)?;
    }
    let mut waiting = waiting(&judged.portal, &judged.assessment, judged.history.as_ref().ok());
    waiting.retain(|it| match arguments.status {
        Some(status) => it.document.status == status,
        None => it.document.status < Status::Waived,
    });
    if let Some(mine) = &arguments.mine {
        waiting.retain(|it| it.people.contains(&mine.as_str()));
    }
    if arguments.json {
        let lines: Vec<Line<'_>> = waiting.iter().map(line).collect();
        let json = serde_json::to_string_pretty(&lines);
        terminal.json(&json.map_err(|error| Failure::new(error.to_string()))?);
    } else if waiting.is_empty() {
        terminal.note("nothing waits");
    } else {
        terminal.result(&table(&waiting, &judged, terminal.reader));
    }
    Ok(Outcome::Fine)
}

fn line<'a>(waiting: &'a Waiting<'a>) -> Line<'a> {
    let document = waiting.document;
    Line {
        document: &document.id,
        path: document.path.as_ref().map(|path| path.as_str()),
        status: document.status,
        severity: waiting.severity,
        since: waiting.since,
        waits_for: &waiting.people,
        reasons: &document.reasons,
    }
}

/// Returns the list in columns for people, or with tabs between them for programs.
fn table(waiting: &[Waiting<'_>], judged: &Judged, for_people: bool) -> String {
    let dash = || "-".to_owned();
    let rows = waiting.iter().map(|it| {
        let people: Vec<&str> = match for_people {
            true => it.people.iter().map(|id| names::name(&judged.portal, id)).collect(),
            false => it.people.clone(),
        };
        [
            status::document(it.document.status).key.to_owned(),
            it.severity.map_or_else(dash, str::to_owned),
            it.since.map_or_else(dash, |since| since.to_string()),
            it.document.id.clone(),
            if people.is_empty() { dash() } else { people.join(", ") },
        ]
        .map(|cell| one_line(&cell).into_owned())
    });
    let rows: Vec<[String; 5]> = rows.collect();
    if !for_people {
        return rows.iter().map(|row| row.join("\t") + "\n").collect();
    }
    let head = ["status", "severity", "since", "document", "waits for"].map(str::to_owned);
    let width = |column: usize| {
        let cells = rows.iter().chain([&head]).map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for row in [&head].into_iter().chain(&rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            write!(line, "{cell:<width$}  ").expect("invariant: writing to a string");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::judged;

    #[test]
    fn people_get_columns_and_programs_get_tabs() {
        let judged = judged(
            "-- content/plan.toml --\n[review]\n-- content/queue.md --\n---\nseverity: SEV-1\n---\n# Queue\n-- content/a.md --\n# A\n",
        );
        let waiting = waiting(&judged.portal, &judged.assessment, None);
        insta::assert_snapshot!(table(&waiting, &judged, true), @r"
        status      severity  since  document  waits for
        unreviewed  SEV-1     -      queue     Beatriz Nogueira
        unreviewed  -         -      a         Beatriz Nogueira
        ");
        assert_eq!(
            table(&waiting, &judged, false),
            "unreviewed\tSEV-1\t-\tqueue\tbeatriz\nunreviewed\t-\t-\ta\tbeatriz\n"
        );
    }
}
