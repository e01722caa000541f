//! The files of a project as they are in a commit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use gix::objs::tree::EntryKind;
use gix::{ObjectId, ThreadSafeRepository};

use crate::load::git::phrase;
use crate::load::{A_FOLDER, LARGEST, NOT_UTF_8, OUTSIDE, TOO_LARGE, is_left_out};
use crate::source::{FileKind, Files, SITE_MARKER, SITE_MARKER_START, SourcePath, Unread};

/// So many links in one path are a loop.
const MOST_LINKS: u32 = 40;

const LOOP: &str = "it is a symbolic link: too many levels of symbolic links";

const BROKEN: &str = "it is a symbolic link: no such file or directory";

/// The files below a folder of a commit. Symbolic links are followed as in a working tree; a submodule is nothing.
#[derive(Clone)]
pub struct GitTree {
    shared: ThreadSafeRepository,
    /// The tree of the commit.
    top: ObjectId,
    /// From there to the folder of the project.
    root: Way,
    /// The folders that were asked for, by their trees.
    folders: Arc<Mutex<BTreeMap<ObjectId, Arc<Folder>>>>,
}

/// The entries of a folder by name, or why it cannot be read.
type Folder = Result<BTreeMap<Vec<u8>, Entry>, String>;

#[derive(Clone, Copy)]
struct Entry {
    kind: EntryKind,
    id: ObjectId,
}

/// The folders from the top of a commit to a place, by their names and trees.
type Way = Vec<(String, ObjectId)>;

/// What stands at a path.
enum Place {
    /// A file or folder of the project, and where it stands when no link is followed.
    Inside(Entry, String),
    Refused(String),
    /// It is in another repository, or is one.
    Submodule,
    Nothing,
    Loop,
}

impl GitTree {
    /// Returns the files below a folder of a commit.
    ///
    /// # Errors
    /// A phrase that says what cannot be read, or that the commit does not have the folder.
    pub(in crate::load) fn new(
        shared: &ThreadSafeRepository,
        commit: ObjectId,
        folder: &str,
    ) -> Result<Self, String> {
        let repository = shared.to_thread_local();
        let commit = repository.find_commit(commit).map_err(|error| phrase(&error))?;
        let top = commit.tree_id().map_err(|error| phrase(&error))?.detach();
        let mut tree =
            Self { shared: shared.clone(), top, root: Vec::new(), folders: Arc::default() };
        match tree.walk(folder) {
            Ok((folders, None)) => tree.root = folders,
            Ok((_, Some(_))) | Err(_) => {
                return Err(format!("the commit has no folder `{folder}`"));
            }
        }
        Ok(tree)
    }

    /// Returns where a file stands when no link is followed; `None` when it is not there.
    pub(in crate::load) fn stands_at(&self, path: &SourcePath) -> Option<SourcePath> {
        match self.place(path.as_str()) {
            Place::Inside(entry, at) if entry.kind != EntryKind::Tree => SourcePath::around(&at),
            Place::Inside(..)
            | Place::Refused(_)
            | Place::Submodule
            | Place::Nothing
            | Place::Loop => None,
        }
    }

    /// Tells whether a path leads into a submodule.
    pub(in crate::load) fn is_of_submodule(&self, path: &SourcePath) -> bool {
        matches!(self.place(path.as_str()), Place::Submodule)
    }

    /// Tells whether a file has these bytes, but for its line ends and a byte order mark.
    ///
    /// # Errors
    /// A phrase that says what of the repository cannot be read.
    pub(in crate::load) fn has(&self, path: &SourcePath, bytes: &[u8]) -> Result<bool, String> {
        let entry = match self.place(path.as_str()) {
            Place::Inside(entry, _) if entry.kind != EntryKind::Tree => entry,
            Place::Refused(reason) if reason != OUTSIDE => return Err(reason),
            Place::Inside(..)
            | Place::Refused(_)
            | Place::Submodule
            | Place::Nothing
            | Place::Loop => return Ok(false),
        };
        let id = gix::objs::compute_hash(entry.id.kind(), gix::objs::Kind::Blob, bytes);
        if id.is_ok_and(|id| id == entry.id) {
            return Ok(true);
        }
        match self.blob(entry.id) {
            Ok(blob) => Ok(plain(&blob) == plain(bytes)),
            Err(reason) if reason == TOO_LARGE => Ok(false),
            Err(reason) => Err(reason),
        }
    }

    fn folder(&self, id: ObjectId) -> Arc<Folder> {
        let known = self.folders.lock().expect("invariant: no reader panics").get(&id).cloned();
        if let Some(known) = known {
            return known;
        }
        let folder = Arc::new(self.read_folder(id));
        let mut folders = self.folders.lock().expect("invariant: no reader panics");
        Arc::clone(folders.entry(id).or_insert(folder))
    }

    fn read_folder(&self, id: ObjectId) -> Folder {
        let repository = self.shared.to_thread_local();
        let tree = repository.find_tree(id).map_err(|error| phrase(&error))?;
        let entries = tree.iter().map(|entry| {
            let entry = entry.map_err(|error| phrase(&error))?;
            let (kind, id) = (entry.mode().kind(), entry.object_id());
            Ok((entry.filename().to_vec(), Entry { kind, id }))
        });
        entries.collect()
    }

    fn blob(&self, id: ObjectId) -> Result<Vec<u8>, String> {
        let repository = self.shared.to_thread_local();
        let header = repository.find_header(id).map_err(|error| phrase(&error))?;
        if header.size() > LARGEST {
            return Err(TOO_LARGE.into());
        }
        let mut blob = repository.find_blob(id).map_err(|error| phrase(&error))?;
        Ok(blob.take_data())
    }

    /// Finds what stands at a path.
    fn place(&self, path: &str) -> Place {
        match self.walk(path) {
            Err(place) => place,
            Ok((folders, Some((name, entry)))) => Place::Inside(entry, self.seen(&folders, &name)),
            Ok((folders, None)) => {
                let id = folders.last().map_or(self.top, |(_, id)| *id);
                Place::Inside(Entry { kind: EntryKind::Tree, id }, self.seen(&folders, ""))
            }
        }
    }

    /// Returns a path of the repository as seen from the project: it begins with `..` where it lies beside it.
    fn seen(&self, folders: &[(String, ObjectId)], name: &str) -> String {
        let pairs = self.root.iter().zip(folders);
        let shared = pairs.take_while(|((ours, _), (theirs, _))| ours == theirs).count();
        let up = self.root[shared..].iter().map(|_| "..");
        let down = folders[shared..].iter().map(|(name, _)| name.as_str());
        let parts = up.chain(down).chain([name]).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("/")
    }

    /// Tells whether a path that leads out of the project leads back to its root.
    fn is_project(&self, at: &str) -> bool {
        let up = at.split('/').take_while(|part| *part == "..").count();
        let Some(above) = self.root.len().checked_sub(up).filter(|_| up > 0) else { return false };
        self.root[above..].iter().map(|(name, _)| name.as_str()).eq(at.split('/').skip(up))
    }

    /// Goes along a path, part by part, and returns the folders from the top of the commit on, and the file; a link puts its
    /// target before the parts that are left.
    fn walk(&self, path: &str) -> Result<(Way, Option<(String, Entry)>), Place> {
        let mut left: Vec<String> = parts(path);
        let mut folders = self.root.clone();
        let mut links = 0;
        while let Some(part) = left.pop() {
            if part == ".." {
                if folders.pop().is_none() {
                    let is_link = links > 0;
                    return Err(if is_link {
                        Place::Refused(OUTSIDE.into())
                    } else {
                        Place::Nothing
                    });
                }
                continue;
            }
            let is_beside = folders.len() < self.root.len()
                || folders.iter().zip(&self.root).any(|(theirs, ours)| theirs.0 != ours.0);
            if is_beside && part.starts_with('.') && links > 0 {
                return Err(Place::Refused(OUTSIDE.into()));
            }
            let entry = match &*self.folder(folders.last().map_or(self.top, |(_, id)| *id)) {
                Err(reason) => return Err(Place::Refused(reason.clone())),
                Ok(entries) => match entries.get(part.as_bytes()) {
                    None => return Err(Place::Nothing),
                    Some(entry) => *entry,
                },
            };
            match entry.kind {
                EntryKind::Tree => folders.push((part, entry.id)),
                EntryKind::Commit => return Err(Place::Submodule),
                EntryKind::Blob | EntryKind::BlobExecutable if left.is_empty() => {
                    return Ok((folders, Some((part, entry))));
                }
                EntryKind::Blob | EntryKind::BlobExecutable => return Err(Place::Nothing),
                EntryKind::Link => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Place::Loop);
                    }
                    match self.blob(entry.id).map(String::from_utf8) {
                        Err(reason) => return Err(Place::Refused(reason)),
                        Ok(Err(_)) => return Err(Place::Nothing),
                        // Where the project lies on a disk is not known here.
                        Ok(Ok(target)) if target.starts_with('/') => {
                            return Err(Place::Refused(OUTSIDE.into()));
                        }
                        Ok(Ok(target)) => left.extend(parts(&target)),
                    }
                }
            }
        }
        Ok((folders, None))
    }

    /// Tells whether a folder is a site that `handover` wrote.
    fn is_site(&self, folder: ObjectId) -> bool {
        let folder = self.folder(folder);
        let Ok(entries) = &*folder else { return false };
        entries.get(SITE_MARKER.as_bytes()).is_some_and(|marker| {
            let marks = matches!(marker.kind, EntryKind::Blob | EntryKind::BlobExecutable);
            marks
                && self
                    .blob(marker.id)
                    .is_ok_and(|text| text.starts_with(SITE_MARKER_START.as_bytes()))
        })
    }
}

/// Returns a text without what a checkout may change.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let pairs = bytes.iter().zip(bytes.iter().skip(1).map(Some).chain([None]));
    pairs
        .filter(|(byte, next)| **byte != b'\r' || *next != Some(&b'\n'))
        .map(|(byte, _)| *byte)
        .collect()
}

/// Returns the parts of a path, the last one first.
fn parts(path: &str) -> Vec<String> {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    parts.rev().map(str::to_owned).collect()
}

/// A walk over the folders of a tree.
struct Listing<'a> {
    tree: &'a GitTree,
    files: Vec<SourcePath>,
    unread: Vec<Unread>,
    /// The folders that the walk is in, where they stand when no link is followed.
    within: Vec<String>,
}

impl Listing<'_> {
    /// Lists a folder that is called `path` and stands at `at`.
    fn folder(&mut self, path: &str, at: &str, id: ObjectId) {
        let folder = self.tree.folder(id);
        let entries = match &*folder {
            Ok(entries) => entries,
            Err(reason) => return self.leave(path, reason.clone()),
        };
        self.within.push(at.to_owned());
        for (name, entry) in entries {
            let name = String::from_utf8_lossy(name);
            self.entry(&joined(path, &name), &joined(at, &name), *entry, name.contains('\u{fffd}'));
        }
        self.within.pop();
    }

    fn entry(&mut self, path: &str, at: &str, entry: Entry, misnamed: bool) {
        let (entry, at) = match entry.kind {
            EntryKind::Link => match self.tree.place(at) {
                // A link back to a folder that the walk is in: its files are listed there.
                Place::Inside(_, at) if self.within.contains(&at) => return,
                Place::Inside(_, at) if at.split('/').all(|part| part == "..") => {
                    return self.leave(path, OUTSIDE.into());
                }
                Place::Inside(entry, at) => (entry, at),
                Place::Refused(reason) => return self.leave(path, reason),
                Place::Submodule | Place::Nothing => return self.leave(path, BROKEN.into()),
                Place::Loop => return self.leave(path, LOOP.into()),
            },
            _ => (entry, at.to_owned()),
        };
        let is_folder = entry.kind == EntryKind::Tree;
        let name = path.rsplit('/').next().unwrap_or(path);
        if is_left_out(name.as_bytes(), is_folder)
            || is_folder && (self.tree.is_site(entry.id) || self.tree.is_project(&at))
        {
            return;
        }
        match entry.kind {
            EntryKind::Tree | EntryKind::Blob | EntryKind::BlobExecutable if misnamed => {
                self.leave(path, NOT_UTF_8.into());
            }
            EntryKind::Tree => self.folder(path, &at, entry.id),
            EntryKind::Blob | EntryKind::BlobExecutable => {
                self.files.extend(SourcePath::around(path));
            }
            EntryKind::Link | EntryKind::Commit => {}
        }
    }

    fn leave(&mut self, path: &str, reason: String) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if !is_left_out(name.as_bytes(), false) {
            self.unread.extend(SourcePath::around(path).map(|path| Unread { path, reason }));
        }
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Files for GitTree {
    fn list(&self, folder: &str) -> (Vec<SourcePath>, Vec<Unread>) {
        let mut listing =
            Listing { tree: self, files: Vec::new(), unread: Vec::new(), within: Vec::new() };
        match self.place(folder) {
            Place::Inside(Entry { kind: EntryKind::Tree, id }, at) => {
                listing.folder(folder, &at, id);
            }
            Place::Inside(..) => listing.files.extend(SourcePath::around(folder)),
            Place::Refused(_) | Place::Submodule | Place::Nothing | Place::Loop => {}
        }
        listing.files.sort();
        listing.unread.sort();
        (listing.files, listing.unread)
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        match self.place(path.as_str()) {
            Place::Submodule | Place::Nothing | Place::Loop => Ok(None),
            Place::Refused(reason) => Err(reason),
            Place::Inside(Entry { kind: EntryKind::Tree, .. }, _) => Err(A_FOLDER.into()),
            Place::Inside(entry, _) => self.blob(entry.id).map(Some),
        }
    }

    fn stands_at(&self, path: &SourcePath) -> Option<SourcePath> {
        Self::stands_at(self, path)
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        match self.place(path.as_str()) {
            Place::Submodule | Place::Nothing | Place::Loop => None,
            Place::Inside(Entry { kind: EntryKind::Tree, .. }, _) => Some(FileKind::Folder),
            // Of what may not be opened, `read` says why.
            Place::Inside(..) | Place::Refused(_) => Some(FileKind::File),
        }
    }
}
