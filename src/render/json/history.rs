//! What git says, in `handover.json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::history::Commit;
use crate::render::Facts;
use crate::render::past::{self, Origin};
use crate::source::SourcePath;

/// What the repository says of the project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HistoryReport {
    /// The commit that the project is at; null without git.
    pub commit: Option<CommitReport>,
    /// The files that the portal is made of and that are not as they are in that commit.
    pub uncommitted: Vec<String>,
    /// Why something is not known of the past: there is no git repository, or the clone is shallow; null where nothing
    /// is missing.
    pub unknown: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CommitReport {
    /// In hexadecimal digits, all of them.
    pub id: String,
    /// When its author made it, as RFC 3339 writes it.
    pub date: String,
    pub author: String,
    /// The first line of its message.
    pub summary: String,
}

/// Where the text of a document comes from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LastChangeReport {
    pub state: StateReport,
    /// The commit that gave the document its text; null where the state is another than `committed`.
    pub commit: Option<CommitReport>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateReport {
    Committed,
    /// It was committed, and has changed since.
    Edited,
    /// It was never committed.
    New,
    /// The commit lies before what can be read of history.
    Unknown,
}

pub(super) fn history(facts: &Facts<'_>) -> HistoryReport {
    match facts.history {
        Ok(history) => HistoryReport {
            commit: Some(commit(&history.head)),
            uncommitted: history.uncommitted.iter().map(ToString::to_string).collect(),
            unknown: history.limit.clone(),
        },
        Err(why) => {
            HistoryReport { commit: None, uncommitted: Vec::new(), unknown: Some(why.clone()) }
        }
    }
}

pub(super) fn commit(commit: &Commit) -> CommitReport {
    CommitReport {
        id: commit.id.clone(),
        date: commit.date.to_rfc3339(),
        author: commit.author.clone(),
        summary: commit.summary.clone(),
    }
}

pub(super) fn last_change(facts: &Facts<'_>, path: &SourcePath) -> Option<LastChangeReport> {
    let (state, commit) = match past::origin(facts, path)? {
        Origin::Commit(known) => (StateReport::Committed, Some(commit(known))),
        Origin::Edited => (StateReport::Edited, None),
        Origin::New => (StateReport::New, None),
        Origin::Unknown(_) => (StateReport::Unknown, None),
    };
    Some(LastChangeReport { state, commit })
}
