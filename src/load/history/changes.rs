//! Two trees → the files that differ between them. What is the same on both sides is not looked into.

use std::cmp::Ordering;

use gix::objs::TreeRefIter;
use gix::objs::tree::{EntryKind, EntryRef};
use gix::{ObjectId, Repository};

use crate::load::git::phrase;

/// A file that is not the same in two trees. A submodule is a file here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// As seen from the root of the repository.
    pub(super) path: String,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Option<ObjectId>,
}

/// The folders that are looked into.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// What is below one of these counts; `""` is everything.
    pub(super) folders: Vec<String>,
}

impl Scope {
    pub(super) fn everything() -> Self {
        Self { folders: vec![String::new()] }
    }

    pub(super) fn is_everything(&self) -> bool {
        self.folders.iter().any(String::is_empty)
    }

    /// Makes sure that a file is in it.
    pub(super) fn take_in(&mut self, path: &str) {
        if !self.folders.iter().any(|folder| is_below(path, folder)) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            self.folders.push(folder.to_owned());
        }
    }

    /// Tells whether there may be something of interest at or below a path.
    fn enters(&self, path: &str) -> bool {
        self.folders.iter().any(|folder| is_below(path, folder) || is_below(folder, path))
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the files that differ between two trees, in path order. `None` is the empty tree.
pub(super) fn changes(
    repository: &Repository,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
    scope: &Scope,
) -> Result<Vec<Change>, String> {
    let mut changes = Vec::new();
    if old != new {
        Difference { repository, scope, changes: &mut changes }.folder("", old, new)?;
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    // A file where a folder of its name was, or the other way round, came up on both sides.
    changes.dedup_by(|next, first| {
        let same = next.path == first.path;
        if same {
            first.old = first.old.or(next.old);
            first.new = first.new.or(next.new);
        }
        same
    });
    Ok(changes)
}

/// Returns the file at a path of a tree.
pub(super) fn file_at(
    repository: &Repository,
    tree: ObjectId,
    path: &str,
) -> Result<Option<ObjectId>, String> {
    let tree = repository.find_tree(tree).map_err(|error| phrase(&error))?;
    let entry =
        tree.lookup_entry(path.split('/').map(str::as_bytes)).map_err(|error| phrase(&error))?;
    Ok(entry.filter(|entry| !entry.mode().is_tree()).map(|entry| entry.object_id()))
}

struct Difference<'a> {
    repository: &'a Repository,
    scope: &'a Scope,
    changes: &'a mut Vec<Change>,
}

impl Difference<'_> {
    fn folder(
        &mut self,
        folder: &str,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
    ) -> Result<(), String> {
        let (old, new) = (self.bytes(old)?, self.bytes(new)?);
        let kind = self.repository.object_hash();
        let mut old = TreeRefIter::from_bytes(&old, kind).peekable();
        let mut new = TreeRefIter::from_bytes(&new, kind).peekable();
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(Ok(old)), Some(Ok(new))) => order(old, new),
                // Whichever cannot be read is taken next and reported.
                (Some(Err(_)), Some(_)) => Ordering::Less,
                (Some(_), Some(Err(_))) => Ordering::Greater,
            };
            let old = if order.is_le() { old.next().transpose() } else { Ok(None) };
            let new = if order.is_ge() { new.next().transpose() } else { Ok(None) };
            self.entry(
                folder,
                old.map_err(|error| phrase(&error))?,
                new.map_err(|error| phrase(&error))?,
            )?;
        }
    }

    /// Takes in an entry of one or both sides. On both it has the same name, and is a folder on both or on neither.
    fn entry(
        &mut self,
        folder: &str,
        old: Option<EntryRef<'_>>,
        new: Option<EntryRef<'_>>,
    ) -> Result<(), String> {
        let Some(any) = new.or(old) else { return Ok(()) };
        let (old, new) = (old.map(|entry| entry.oid), new.map(|entry| entry.oid));
        if old == new {
            return Ok(());
        }
        let name = String::from_utf8_lossy(any.filename);
        let path = if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
        let (old, new) = (old.map(gix::oid::to_owned), new.map(gix::oid::to_owned));
        if !self.scope.enters(&path) {
            return Ok(());
        }
        if any.mode.kind() == EntryKind::Tree {
            self.folder(&path, old, new)
        } else {
            self.changes.push(Change { path, old, new });
            Ok(())
        }
    }

    fn bytes(&self, tree: Option<ObjectId>) -> Result<Vec<u8>, String> {
        let Some(id) = tree else { return Ok(Vec::new()) };
        let mut tree = self.repository.find_tree(id).map_err(|error| phrase(&error))?;
        Ok(tree.take_data())
    }
}

/// Returns the order in which two entries stand in a tree: that of their names, where a folder's name ends with `/`.
fn order(a: &EntryRef<'_>, b: &EntryRef<'_>) -> Ordering {
    let kind = |entry: &EntryRef<'_>| entry.mode.kind() == EntryKind::Tree;
    gix::objs::tree::name_order(a.filename, kind(a), b.filename, kind(b))
}
