//! Two trees → the files that differ between them. What is the same on both sides, or of no interest, is not looked into.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use gix::objs::tree::name_order;
use gix::{ObjectId, Repository};

use crate::load::git::phrase;
use crate::load::history::bases::Bases;

/// So many trees are kept for when they are asked for again: those of a commit are, as those of a parent were.
const KEPT: usize = 512;

/// A file that is not the same in two trees. A submodule is a file here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// As seen from the root of the repository.
    pub(super) path: String,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Option<ObjectId>,
}

/// The files and folders that are of interest.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// How many reasons there are to look into a folder.
    folders: BTreeMap<String, usize>,
    /// Folders of which everything is of interest; `""` is the whole repository.
    whole: Vec<String>,
}

impl Scope {
    pub(super) fn everything() -> Self {
        Self { folders: BTreeMap::new(), whole: vec![String::new()] }
    }

    pub(super) fn is_everything(&self) -> bool {
        self.whole.iter().any(String::is_empty)
    }

    /// Makes everything in a folder, or a file of this name, of interest.
    pub(super) fn add_whole(&mut self, folder: &str) {
        if !self.whole.iter().any(|whole| is_below(folder, whole)) {
            self.whole.push(folder.to_owned());
            self.add(folder);
        }
    }

    pub(super) fn add(&mut self, path: &str) {
        for folder in folders(path) {
            match self.folders.get_mut(folder) {
                Some(reasons) => *reasons += 1,
                None => drop(self.folders.insert(folder.to_owned(), 1)),
            }
        }
    }

    pub(super) fn remove(&mut self, path: &str) {
        for folder in folders(path) {
            match self.folders.get_mut(folder) {
                Some(1) => drop(self.folders.remove(folder)),
                Some(reasons) => *reasons -= 1,
                None => {}
            }
        }
    }

    /// Tells whether a folder may have something of interest in it.
    fn enters(&self, folder: &str) -> bool {
        self.folders.contains_key(folder) || self.whole.iter().any(|whole| is_below(folder, whole))
    }
}

/// Returns the folders that a file is in, without the root.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The trees of a repository.
pub(super) struct Trees<'a> {
    repository: &'a Repository,
    young: BTreeMap<ObjectId, Rc<[u8]>>,
    old: BTreeMap<ObjectId, Rc<[u8]>>,
    bases: Bases,
}

impl<'a> Trees<'a> {
    pub(super) fn new(repository: &'a Repository, bases: Bases) -> Self {
        Self { repository, young: BTreeMap::new(), old: BTreeMap::new(), bases }
    }

    pub(super) fn repository(&self) -> &'a Repository {
        self.repository
    }

    /// Returns the files that differ between two trees, in path order. `None` is the empty tree.
    pub(super) fn changes(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        scope: &Scope,
    ) -> Result<Vec<Change>, String> {
        let mut changes = Vec::new();
        if old != new {
            self.folder("", old, new, scope, &mut changes)?;
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    /// Returns the file at a path of a tree.
    pub(super) fn file_at(
        &mut self,
        mut tree: ObjectId,
        path: &str,
    ) -> Result<Option<ObjectId>, String> {
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let bytes = self.bytes(Some(tree))?;
            let mut rest = Entries { bytes: &bytes, hash_length: tree.as_bytes().len() };
            let found = loop {
                match rest.next()? {
                    Some(entry) if entry.name == part.as_bytes() => break entry,
                    Some(_) => {}
                    None => return Ok(None),
                }
            };
            match (found.is_folder, parts.peek().is_some()) {
                (true, true) => tree = found.object()?,
                (false, false) => return found.object().map(Some),
                (true, false) | (false, true) => return Ok(None),
            }
        }
        Ok(None)
    }

    fn bytes(&mut self, tree: Option<ObjectId>) -> Result<Rc<[u8]>, String> {
        let Some(id) = tree else { return Ok(Rc::default()) };
        if let Some(bytes) = self.young.get(&id) {
            return Ok(Rc::clone(bytes));
        }
        let bytes = match self.old.remove(&id) {
            Some(bytes) => bytes,
            None => {
                let tree = self.repository.find_tree(id).map_err(|error| phrase(&error))?;
                self.bases.keep(self.repository);
                Rc::from(tree.data.as_slice())
            }
        };
        if self.young.len() >= KEPT {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, Rc::clone(&bytes));
        Ok(bytes)
    }

    fn folder(
        &mut self,
        folder: &str,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        scope: &Scope,
        changes: &mut Vec<Change>,
    ) -> Result<(), String> {
        let hash_length = self.repository.object_hash().len_in_bytes();
        let (old, new) = (self.bytes(old)?, self.bytes(new)?);
        let mut old = Entries { bytes: &old, hash_length };
        let mut new = Entries { bytes: &new, hash_length };
        while old.bytes != new.bytes {
            let (ahead_old, ahead_new) = (old.peek()?, new.peek()?);
            let order = match (&ahead_old, &ahead_new) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => name_order(a.name, a.is_folder, b.name, b.is_folder),
            };
            // An entry of both sides has the same name, and is a folder on both or on neither.
            let ahead_old = ahead_old.filter(|_| order.is_le());
            let ahead_new = ahead_new.filter(|_| order.is_ge());
            old.skip(ahead_old.as_ref());
            new.skip(ahead_new.as_ref());
            let Some(any) = ahead_new.as_ref().or(ahead_old.as_ref()) else { break };
            let (old, new) = (ahead_old.as_ref(), ahead_new.as_ref());
            if old.map(|entry| entry.id) == new.map(|entry| entry.id) {
                continue;
            }
            let name = String::from_utf8_lossy(any.name);
            let path =
                if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
            let (old, new) =
                (old.map(Entry::object).transpose()?, new.map(Entry::object).transpose()?);
            match any.is_folder {
                true if scope.enters(&path) => self.folder(&path, old, new, scope, changes)?,
                true => {}
                false => changes.push(Change { path, old, new }),
            }
        }
        Ok(())
    }
}

/// What is left of a tree: entries of a mode, a name and an id each.
struct Entries<'a> {
    bytes: &'a [u8],
    hash_length: usize,
}

struct Entry<'a> {
    is_folder: bool,
    name: &'a [u8],
    id: &'a [u8],
    length: usize,
}

impl<'a> Entries<'a> {
    fn peek(&self) -> Result<Option<Entry<'a>>, String> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let entry = || {
            let space = self.bytes.iter().take(8).position(|byte| *byte == b' ')?;
            let (mode, rest) = (&self.bytes[..space], &self.bytes[space + 1..]);
            let end = rest.iter().position(|byte| *byte == 0)?;
            let id = rest.get(end + 1..end + 1 + self.hash_length)?;
            let length = space + 1 + end + 1 + self.hash_length;
            Some(Entry { is_folder: mode == b"40000", name: &rest[..end], id, length })
        };
        entry().map(Some).ok_or_else(|| "a tree of the git repository is damaged".into())
    }

    fn skip(&mut self, entry: Option<&Entry<'_>>) {
        self.bytes = &self.bytes[entry.map_or(0, |entry| entry.length)..];
    }

    fn next(&mut self) -> Result<Option<Entry<'a>>, String> {
        let entry = self.peek()?;
        self.skip(entry.as_ref());
        Ok(entry)
    }
}

impl Entry<'_> {
    fn object(&self) -> Result<ObjectId, String> {
        ObjectId::try_from(self.id).map_err(|error| phrase(&error))
    }
}
