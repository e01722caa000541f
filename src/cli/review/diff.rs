//! `review diff`: what changed in a document since somebody's last review, or since it was last approved.

use crate::Judged;
use crate::assess::digest::changed;
use crate::assess::status::part_name;
use crate::assess::{DocumentAssessment, Part};
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectFlag};
use crate::cli::reader;
use crate::cli::review::patch::{Side, patch};
use crate::cli::terminal::Terminal;
use crate::cli::{Outcome, find};
use crate::diagnostic::emit::visible::visible;
use crate::difference::difference;
use crate::history::PastText;
use crate::parse::records::{Outcome as Said, Review};
use crate::render::names;
use crate::source::SourcePath;

/// Show what changed in a document since a person's last review, else since it was last approved
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The document: its id, or the path of its file
    #[arg(value_name = "DOC")]
    document: String,
    /// The reviewer: the id of a person
    #[arg(long = "as", value_name = "ID")]
    reviewer: Option<String>,
    #[command(flatten)]
    project: ProjectFlag,
    #[command(flatten)]
    day: DayArguments,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&arguments.day.options(false)?);
    let assessed = find::document(&arguments.document, &project, &judged)?;
    if let Some(reviewer) = &arguments.reviewer {
        find::person(reviewer, &judged)?;
    }
    let base = base(&judged, assessed, arguments.reviewer.as_deref())?;
    let (path, id) = (assessed.path.as_ref(), &assessed.id);
    let document = path.and_then(|path| Some((path, judged.portal.documents.get(path)?)));
    let Some((path, document)) = document else {
        return Err(Failure::new(format!("`{id}` is missing")));
    };
    let since = since(&judged, base);
    if base.digest.eq_ignore_ascii_case(&assessed.digest) {
        terminal.note(&format!("nothing changed in `{id}` since {since}"));
        return Ok(Outcome::Fine);
    }
    let parts = base.parts.as_ref().zip(assessed.parts.as_ref());
    let parts = parts.map(|(before, now)| changed(before, now)).unwrap_or_default();
    let old = past(&judged, path, base, &since)?;
    terminal.note(&remark(id, &since, old, &parts));
    let body = &document.in_file().text.body;
    let text = if terminal.reader {
        reader::text(&difference(&old.body, body), terminal.result_color)
    } else {
        let before = Side { name: format!("a/{}", old.path), text: &old.body };
        visible(&patch(&before, &Side { name: format!("b/{path}"), text: body })).into_owned()
    };
    if text.is_empty() {
        terminal.note("what its text says did not change");
    }
    terminal.painted_result(&text);
    Ok(Outcome::Fine)
}

/// Returns the review that the text is compared with: the person's last one, else the last approval.
fn base<'a>(
    judged: &'a Judged,
    assessed: &DocumentAssessment,
    reviewer: Option<&str>,
) -> Result<&'a Review, Failure> {
    let reviews = || {
        let reviews = assessed.reviews.iter().rev();
        reviews.map(|index| &judged.portal.records.reviews[*index].event)
    };
    let theirs = reviewer.and_then(|id| reviews().find(|review| review.reviewer.value == id));
    let approval = || reviews().find(|review| review.outcome == Said::Approved);
    theirs.or_else(approval).ok_or_else(|| {
        Failure::new(format!("nobody has approved `{}` yet", assessed.id))
            .help("read it whole: all of it is new")
    })
}

/// Returns "the review by Amara Okafor on 2026-12-01".
fn since(judged: &Judged, review: &Review) -> String {
    let what = match review.outcome {
        Said::Approved => "approval",
        Said::ChangesRequested => "request for changes",
    };
    format!("the {what} by {} on {}", names::name(&judged.portal, &review.reviewer), review.on)
}

/// Returns the text that was reviewed, out of history.
fn past<'a>(
    judged: &'a Judged,
    path: &SourcePath,
    review: &Review,
    since: &str,
) -> Result<&'a PastText, Failure> {
    let lost = |why: &str| Failure::new(format!("the text of {since} cannot be found: {why}"));
    let history = judged.history.as_ref().map_err(|why| lost(why))?;
    let key = (path.clone(), review.digest.to_ascii_lowercase());
    history.texts.get(&key).ok_or_else(|| match &history.limit {
        Some(limit) => lost(limit).help("fetch the rest of the history: `git fetch --unshallow`"),
        None => lost("no commit that can be read has this text under this name")
            .help("read it whole, as if all of it were new"),
    })
}

fn remark(id: &str, since: &str, old: &PastText, parts: &[Part]) -> String {
    let commit = &old.commit;
    let (short, day) = (commit.short(), commit.date.date_naive());
    let mut text = format!("`{id}` since {since}, commit {short} of {day}");
    let others: Vec<&str> =
        parts.iter().filter(|part| **part != Part::Text).map(|part| part_name(*part)).collect();
    if !others.is_empty() {
        text.push_str(&format!("; not its text alone changed: {}", others.join(", ")));
    }
    if !old.exact {
        text.push_str("; what was reviewed is not committed, this is what that commit has");
    }
    text
}
