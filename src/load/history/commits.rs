//! The commits of a repository as a graph, and as people read them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use gix::{ObjectId, Repository};

use crate::history::Commit;
use crate::load::git::phrase;

/// What the walk asks of a commit.
pub(super) struct Node {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// When it was committed, in seconds since 1970.
    pub(super) time: i64,
    /// The day on which it was committed, where it was committed.
    pub(super) day: NaiveDate,
    /// Its parents are not in the repository.
    pub(super) border: bool,
}

/// The commits that were asked for.
pub(super) struct Commits<'a> {
    repository: &'a Repository,
    shallow: BTreeSet<ObjectId>,
    nodes: BTreeMap<ObjectId, Rc<Node>>,
    commits: BTreeMap<ObjectId, Arc<Commit>>,
}

impl<'a> Commits<'a> {
    pub(super) fn new(repository: &'a Repository) -> Result<Self, String> {
        let shallow = repository.shallow_commits().map_err(|error| phrase(&error))?;
        let shallow = shallow.map(|ids| ids.iter().copied().collect()).unwrap_or_default();
        Ok(Self { repository, shallow, nodes: BTreeMap::new(), commits: BTreeMap::new() })
    }

    pub(super) fn node(&mut self, id: ObjectId) -> Result<Rc<Node>, String> {
        if let Some(node) = self.nodes.get(&id) {
            return Ok(Rc::clone(node));
        }
        let commit = self.repository.find_commit(id).map_err(|error| phrase(&error))?;
        let decoded = commit.decode().map_err(|error| phrase(&error))?;
        let time = decoded.committer().ok().and_then(|committer| committer.time().ok());
        let (time, offset) = time.map_or((0, 0), |time| (time.seconds, time.offset));
        let border = self.shallow.contains(&id);
        let node = Rc::new(Node {
            tree: decoded.tree(),
            parents: if border { Vec::new() } else { decoded.parents().collect() },
            time,
            day: date(time, offset).date_naive(),
            border,
        });
        self.nodes.insert(id, Rc::clone(&node));
        Ok(node)
    }

    /// Returns a commit as people read it.
    pub(super) fn commit(&mut self, id: ObjectId) -> Result<Arc<Commit>, String> {
        if let Some(commit) = self.commits.get(&id) {
            return Ok(Arc::clone(commit));
        }
        let object = self.repository.find_commit(id).map_err(|error| phrase(&error))?;
        let decoded = object.decode().map_err(|error| phrase(&error))?;
        let author = decoded.author().map_err(|error| phrase(&error))?;
        let time = author.time().unwrap_or_default();
        let commit = Arc::new(Commit {
            id: id.to_string(),
            date: date(time.seconds, time.offset),
            author: in_one_line(author.name),
            summary: in_one_line(&decoded.message().summary()),
        });
        self.commits.insert(id, Arc::clone(&commit));
        Ok(commit)
    }
}

/// Returns the commit that a revision names.
pub(in crate::load) fn named(repository: &Repository, revision: &str) -> Option<ObjectId> {
    let id = repository.rev_parse_single(revision).ok()?;
    let commit = id.object().ok()?.peel_to_commit().ok()?;
    Some(commit.id)
}

fn date(seconds: i64, offset: i32) -> DateTime<FixedOffset> {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let zone = FixedOffset::east_opt(offset)
        .unwrap_or(FixedOffset::east_opt(0).expect("invariant: zero is a zone"));
    // At the ends of the calendar a zone leads out of it.
    if utc.naive_utc().checked_add_signed(TimeDelta::seconds(offset.into())).is_none() {
        return DateTime::<chrono::Utc>::default().fixed_offset();
    }
    utc.with_timezone(&zone)
}

/// Returns a text as one line without control characters.
fn in_one_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let words = text.split(|char: char| char.is_whitespace() || char.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
