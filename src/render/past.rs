//! Commits, last changes and what is not known of them, as pages say it.

use serde::Serialize;

use crate::history::{Commit, LastChange};
use crate::render::Facts;
use crate::render::words::{self, Day};
use crate::source::SourcePath;

/// A commit for a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommitLine {
    /// The first digits of its id.
    pub id: String,
    pub day: Day,
    pub author: String,
    pub summary: String,
}

/// Where a text comes from: a commit, or what there is to say instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub commit: Option<CommitLine>,
    /// "Not committed yet".
    pub instead: Option<String>,
}

/// The state that a version is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    pub commit: CommitLine,
    /// How many of the files that it is made of are not as they were committed: "2 files changed since".
    pub uncommitted: Option<String>,
}

impl From<&Commit> for CommitLine {
    fn from(commit: &Commit) -> Self {
        Self {
            id: commit.short().to_owned(),
            day: commit.date.date_naive().into(),
            author: commit.author.clone(),
            summary: commit.summary.clone(),
        }
    }
}

/// Where the text of a document comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    Commit(&'a Commit),
    /// It was committed, and has changed since.
    Edited,
    /// It was never committed.
    New,
    /// It lies before what can be read of history, for this reason.
    Unknown(&'a str),
}

/// Returns where the text of a document comes from; `None` where there is no history.
pub fn origin<'a>(facts: &Facts<'a>, path: &SourcePath) -> Option<Origin<'a>> {
    let history = facts.history.as_ref().ok()?;
    Some(match history.last.get(path)? {
        LastChange::Uncommitted => Origin::New,
        _ if history.uncommitted.contains(path) => Origin::Edited,
        LastChange::In(commit) => Origin::Commit(commit),
        LastChange::Unknown => {
            Origin::Unknown(history.limit.as_deref().unwrap_or("it was not found"))
        }
        LastChange::Submodule => Origin::Unknown("the text is in a submodule"),
    })
}

/// Returns where the text of a document comes from, in words; `None` where there is no history.
pub fn last_change(facts: &Facts<'_>, path: &SourcePath) -> Option<Change> {
    let instead = match origin(facts, path)? {
        Origin::Commit(commit) => {
            return Some(Change { commit: Some(commit.into()), instead: None });
        }
        Origin::Edited => "Changed, and not committed yet".to_owned(),
        Origin::New => "Not committed yet".to_owned(),
        Origin::Unknown(why) => format!("Unknown: {why}"),
    };
    Some(Change { commit: None, instead: Some(instead) })
}

/// Returns the state that the version is made from; `None` where there is no history.
pub fn made(facts: &Facts<'_>) -> Option<Made> {
    let history = facts.history.as_ref().ok()?;
    let files = history.uncommitted.len();
    let uncommitted = (files > 0).then(|| format!("{} changed since", words::count(files, "file")));
    Some(Made { commit: (&*history.head).into(), uncommitted })
}

/// Says what the portal cannot know of the past, and why; `None` where it knows all that it was asked.
pub fn missing(facts: &Facts<'_>) -> Option<String> {
    match facts.history {
        Err(why) => {
            Some(format!("Last changes, and what changed since a review, are not known: {why}."))
        }
        Ok(history) => history.limit.as_ref().map(|limit| {
            format!(
                "Some last changes, and what changed since some reviews, are not known: {limit}."
            )
        }),
    }
}
