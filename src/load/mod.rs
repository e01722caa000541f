//! The working tree → `Tree`. The only reader: lists folders and gives bytes, never parses, never writes.
//!
//! [`git`] does the same for the commits of a repository, and asks it for the project's past.
//!
//! A path or a symbolic link is followed where it stays in the project, or in the repository that the project lies in, and
//! refused where it does not; what is hidden in the repository around the project is not read. Names are compared byte by byte also where the disk would not: a link that works here works everywhere.

pub mod git;
pub mod program;
mod history;
mod refresh;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::error::{IoError, phrase};
pub use crate::load::refresh::Hint;
use crate::source::{FileKind, Files, Listing, SITE_MARKER, SITE_MARKER_START, SourcePath, Unread};

/// A larger file is not taken in: it is a disk image or a log that went astray, and would be held in memory.
const LARGEST: u64 = 256 * 1024 * 1024;

const NOT_A_FILE: &str = "it is neither a file nor a folder";

const TOO_LARGE: &str = "it is larger than 256 MiB";

const NOT_UTF_8: &str = "its name is not UTF-8";

const A_FOLDER: &str = "it is a folder";

const OUTSIDE: &str = "it is a symbolic link that leads out of the project";

/// A folder on disk. What stands in it is found out when it is first asked for, and is the same from then on.
pub struct WorkingTree {
    /// Canonical.
    root: PathBuf,
    /// The top of the repository that the root lies in, else the root.
    top: PathBuf,
    /// The folders that were asked for, by their canonical paths.
    folders: Mutex<BTreeMap<PathBuf, Arc<Folder>>>,
    /// What is listed or read through a symbolic link: it stands at another place than its path says.
    linked: Mutex<BTreeSet<SourcePath>>,
    /// Is told of a folder before anybody looks into it.
    looking: Box<dyn Fn(&Path) + Send + Sync>,
}

/// The entries of a folder by name, or why it cannot be read.
type Folder = Result<BTreeMap<OsString, fs::FileType>, String>;

/// Returns the files of a folder on disk.
///
/// # Errors
/// There is no such folder, or it may not be entered.
pub fn working_tree(root: &Path) -> Result<WorkingTree, IoError> {
    watched_tree(root, |_| {})
}

/// Returns the files of a folder on disk, and tells of each folder before it looks into it: who begins to watch a folder then
/// misses no change of what was seen.
///
/// # Errors
/// There is no such folder, or it may not be entered.
pub fn watched_tree(
    root: &Path,
    looking: impl Fn(&Path) + Send + Sync + 'static,
) -> Result<WorkingTree, IoError> {
    let refuse = |error| IoError::new("open", root, error);
    let root = fs::canonicalize(root).map_err(refuse)?;
    fs::read_dir(&root).map_err(refuse)?;
    let looking = Box::new(looking);
    let top = root.ancestors().find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok());
    let top = top.unwrap_or(&root).to_owned();
    Ok(WorkingTree { root, top, folders: Mutex::default(), linked: Mutex::default(), looking })
}

impl Files for WorkingTree {
    /// Leaves out what is hidden, `target`, `node_modules`, and the sites that `handover` wrote.
    fn list(&self, folder: &str) -> Listing {
        let mut walk =
            Walk { tree: self, above: Vec::new(), files: Vec::new(), unread: Vec::new() };
        match SourcePath::around(folder).map(|path| (self.place(&path), path)) {
            None => walk.folder(&self.root, "", true),
            Some((Place::Inside(start, kind), path)) if kind.is_dir() => {
                walk.folder(&start, path.as_str(), true);
            }
            Some((Place::Inside(..), path)) => walk.files.push(path),
            Some((Place::Refused(_) | Place::Nothing, _)) => {}
        }
        walk.files.sort();
        walk.unread.sort();
        (walk.files, walk.unread)
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        match self.place(path) {
            Place::Nothing => Ok(None),
            Place::Refused(reason) => Err(reason),
            Place::Inside(_, kind) if kind.is_dir() => Err(A_FOLDER.into()),
            Place::Inside(_, kind) if !kind.is_file() => Err(NOT_A_FILE.into()),
            Place::Inside(path, _) => read(&path).map(Some),
        }
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        match self.place(path) {
            Place::Nothing => None,
            Place::Inside(_, kind) if kind.is_dir() => Some(FileKind::Folder),
            // Of what may not be opened, `read` says why.
            Place::Inside(..) | Place::Refused(_) => Some(FileKind::File),
        }
    }

    fn stands_at(&self, path: &SourcePath) -> Option<SourcePath> {
        let Place::Inside(at, _) = self.place(path) else { return None };
        let parts = at.strip_prefix(&self.root).ok()?.iter().map(OsStr::to_str);
        SourcePath::new(&parts.collect::<Option<Vec<_>>>()?.join("/"))
    }

    fn look_again(&self) -> bool {
        let mut changed = false;
        for (path, known) in &mut *self.folders.lock().expect("invariant: no reader panics") {
            let now = self.look_into(path);
            if now != **known {
                *known = Arc::new(now);
                changed = true;
            }
        }
        changed
    }
}

/// What stands at a path.
enum Place {
    /// A file or folder inside the root, by its canonical path.
    Inside(PathBuf, fs::FileType),
    Refused(String),
    Nothing,
}

/// A listing that is being made.
struct Walk<'a> {
    tree: &'a WorkingTree,
    /// The folders that it is in, by their canonical paths: a link back to one of them is not followed.
    above: Vec<PathBuf>,
    files: Vec<SourcePath>,
    unread: Vec<Unread>,
}

impl Walk<'_> {
    /// Lists a folder that stands at a path of the project. `named` tells whether all of the path is UTF-8.
    fn folder(&mut self, at: &Path, path: &str, named: bool) {
        let entries = self.tree.folder(at);
        let entries = match &*entries {
            Ok(entries) => entries,
            Err(reason) => return self.refuse(path, reason.clone()),
        };
        self.above.push(at.to_owned());
        for (name, kind) in entries {
            let path = format!("{path}/{}", name.to_string_lossy());
            let named = named && name.to_str().is_some();
            self.entry(at.join(name), *kind, path.trim_start_matches('/'), named);
        }
        self.above.pop();
    }

    fn entry(&mut self, at: PathBuf, kind: fs::FileType, path: &str, named: bool) {
        let is_link = kind.is_symlink();
        let is_folder = if is_link { at.is_dir() } else { kind.is_dir() };
        // What stands in the project goes by its own path, not by one that leads out of it and back.
        if left_out(&at, is_folder) || !is_link && at == self.tree.root {
            return;
        }
        if is_link {
            let mut linked = self.tree.linked.lock().expect("invariant: no reader panics");
            linked.extend(SourcePath::around(path));
        }
        match if is_link { self.tree.behind(&at) } else { Ok((at, kind)) } {
            Err(reason) => self.refuse(path, reason),
            Ok((at, kind)) if kind.is_dir() => {
                // What a link leads back to is listed already.
                if !is_link || !self.above.contains(&at) {
                    self.folder(&at, path, named);
                }
            }
            Ok((_, kind)) if !kind.is_file() => self.refuse(path, NOT_A_FILE.into()),
            Ok(_) if !named => self.refuse(path, NOT_UTF_8.into()),
            Ok(_) => self.files.extend(SourcePath::around(path)),
        }
    }

    fn refuse(&mut self, path: &str, reason: String) {
        self.unread.extend(SourcePath::around(path).map(|path| Unread { path, reason }));
    }
}

impl WorkingTree {
    /// Finds what stands at a path, part by part, so that a name counts only as it is written on the disk.
    fn place(&self, path: &SourcePath) -> Place {
        let mut at = self.root.clone();
        let mut kind = None;
        for part in path.as_str().split('/') {
            if part == ".." {
                if at == self.top || !at.pop() {
                    return Place::Nothing;
                }
                kind = fs::metadata(&at).ok().map(|metadata| metadata.file_type());
                continue;
            }
            if kind.is_some_and(|kind: fs::FileType| !kind.is_dir()) {
                return Place::Nothing;
            }
            let mut found = match &*self.folder(&at) {
                Err(reason) => return Place::Refused(reason.clone()),
                Ok(entries) => match entries.get(OsStr::new(part)) {
                    None => return Place::Nothing,
                    Some(found) => *found,
                },
            };
            at.push(part);
            if found.is_symlink() {
                self.linked.lock().expect("invariant: no reader panics").insert(path.clone());
                // One that leads to nothing, or to itself, is nothing.
                let Ok(target) = fs::canonicalize(&at) else { return Place::Nothing };
                if !self.may_enter(&target) {
                    return Place::Refused(OUTSIDE.into());
                }
                let Ok(metadata) = fs::metadata(&target) else { return Place::Nothing };
                (at, found) = (target, metadata.file_type());
                if let Some(folder) = at.parent().filter(|_| !found.is_dir()) {
                    (self.looking)(folder);
                }
            }
            kind = Some(found);
        }
        kind.map_or(Place::Nothing, |kind| Place::Inside(at, kind))
    }

    /// Returns the entries of a folder, by its canonical path.
    fn folder(&self, path: &Path) -> Arc<Folder> {
        let known = self.folders.lock().expect("invariant: no reader panics").get(path).cloned();
        if let Some(known) = known {
            return known;
        }
        let folder = Arc::new(self.look_into(path));
        let mut folders = self.folders.lock().expect("invariant: no reader panics");
        Arc::clone(folders.entry(path.to_owned()).or_insert(folder))
    }

    fn look_into(&self, folder: &Path) -> Folder {
        (self.looking)(folder);
        let entries = fs::read_dir(folder).and_then(|entries| {
            entries
                .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))))
                .collect()
        });
        entries.map_err(|error| phrase(&error))
    }

    /// Returns what a link leads to, or why it is not followed.
    fn behind(&self, link: &Path) -> Result<(PathBuf, fs::FileType), String> {
        let broken = |error| format!("it is a symbolic link: {}", phrase(&error));
        let target = fs::canonicalize(link).map_err(broken)?;
        if !self.may_enter(&target) {
            return Err(OUTSIDE.into());
        }
        let metadata = fs::metadata(&target).map_err(broken)?;
        Ok((target, metadata.file_type()))
    }

    /// Tells whether a link may lead to a canonical path: in the project, or beside it in its repository.
    fn may_enter(&self, target: &Path) -> bool {
        let is_hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".");
        target.starts_with(&self.root)
            || !self.root.starts_with(target)
                && target.strip_prefix(&self.top).is_ok_and(|below| !below.iter().any(is_hidden))
    }
}

/// Tells whether a walk passes by: what is hidden, what tools put into a project, and what `handover` itself wrote.
fn left_out(path: &Path, is_folder: bool) -> bool {
    let name = path.file_name().unwrap_or_default();
    is_left_out(name.as_encoded_bytes(), is_folder) || is_folder && is_site(path)
}

fn is_left_out(name: &[u8], is_folder: bool) -> bool {
    name.starts_with(b".") || is_folder && matches!(name, b"target" | b"node_modules")
}

/// Tells whether a folder is a site that `handover` wrote.
fn is_site(folder: &Path) -> bool {
    let path = folder.join(SITE_MARKER);
    if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let Ok(mut marker) = File::open(path) else { return false };
    let mut start = [0; SITE_MARKER_START.len()];
    marker.read_exact(&mut start).is_ok() && start == *SITE_MARKER_START.as_bytes()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        bytes.reserve_exact(file.metadata()?.len().min(LARGEST) as usize + 1);
        file.take(LARGEST + 1).read_to_end(&mut bytes)
    });
    match read {
        Err(error) => Err(phrase(&error)),
        Ok(_) if bytes.len() as u64 > LARGEST => Err(TOO_LARGE.into()),
        Ok(_) => Ok(bytes),
    }
}

#[cfg(test)]
mod tests;
