//! The working tree → `Tree`. The only reader: lists folders and gives bytes, never parses, never writes.
//!
//! [`git`] does the same for the commits of a repository, and asks it for the project's past.
//!
//! Nothing outside the project's root is read: a symbolic link is followed where it stays inside, and refused where it does
//! not. Names are compared byte by byte also where the disk would not: a link that works here works everywhere.

pub mod git;
mod history;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use walkdir::{DirEntry, WalkDir};

use crate::error::{IoError, phrase};
use crate::source::{FileKind, Files, SITE_MARKER, SITE_MARKER_START, SourcePath, Unread};

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
    /// The folders that were asked for, by their canonical paths.
    folders: Mutex<BTreeMap<PathBuf, Arc<Folder>>>,
}

/// The entries of a folder by name, or why it cannot be read.
type Folder = Result<BTreeMap<OsString, fs::FileType>, String>;

/// Returns the files of a folder on disk.
///
/// # Errors
/// There is no such folder, or it may not be entered.
pub fn working_tree(root: &Path) -> Result<WorkingTree, IoError> {
    let refuse = |error| IoError::new("open", root, error);
    let canonical = fs::canonicalize(root).map_err(refuse)?;
    fs::read_dir(&canonical).map_err(refuse)?;
    Ok(WorkingTree { root: canonical, folders: Mutex::default() })
}

impl Files for WorkingTree {
    /// Leaves out what is hidden, `target`, `node_modules`, and the sites that `handover` wrote.
    fn list(&self, folder: &str) -> (Vec<SourcePath>, Vec<Unread>) {
        let (mut files, mut unread) = (Vec::new(), Vec::new());
        let start = match SourcePath::new(folder).map(|folder| self.place(&folder)) {
            None => self.root.clone(),
            Some(Place::Inside(start, _)) => start,
            Some(Place::Refused(_) | Place::Nothing) => return (files, unread),
        };
        let mut walk = WalkDir::new(&start).follow_links(true).into_iter();
        while let Some(entry) = walk.next() {
            let (path, depth) = match &entry {
                Ok(entry) => (entry.path(), entry.depth()),
                Err(error) => (error.path().unwrap_or(&start), error.depth()),
            };
            let below = path.strip_prefix(&start).expect("invariant: a walk stays below its start");
            let is_folder = entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir());
            if depth > 0 && left_out(path, is_folder) {
                if is_folder {
                    walk.skip_current_dir();
                }
                continue;
            }
            let Some(path) = source_path(folder, below) else { continue };
            match self.met(&entry) {
                Ok(Met::File) if below.to_str().is_some() => files.push(path),
                Ok(Met::File) => {
                    unread.push(Unread { path, reason: NOT_UTF_8.into() });
                }
                Ok(Met::Folder | Met::Loop) => {}
                Err(reason) => {
                    if is_folder {
                        walk.skip_current_dir();
                    }
                    unread.push(Unread { path, reason });
                }
            }
        }
        files.sort();
        unread.sort();
        (files, unread)
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
}

/// What stands at a path.
enum Place {
    /// A file or folder inside the root, by its canonical path.
    Inside(PathBuf, fs::FileType),
    Refused(String),
    Nothing,
}

/// What a walk came to.
enum Met {
    File,
    Folder,
    /// A link back to a folder that the walk is in: its files are listed there.
    Loop,
}

impl WorkingTree {
    /// Finds what stands at a path, part by part, so that a name counts only as it is written on the disk.
    fn place(&self, path: &SourcePath) -> Place {
        let mut at = self.root.clone();
        let mut kind = None;
        for part in path.as_str().split('/') {
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
                // One that leads to nothing, or to itself, is nothing.
                let Ok(target) = fs::canonicalize(&at) else { return Place::Nothing };
                if !target.starts_with(&self.root) {
                    return Place::Refused(OUTSIDE.into());
                }
                let Ok(metadata) = fs::metadata(&target) else { return Place::Nothing };
                (at, found) = (target, metadata.file_type());
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
        let entries = fs::read_dir(path).and_then(|entries| {
            entries
                .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))))
                .collect()
        });
        let folder = Arc::new(entries.map_err(|error| phrase(&error)));
        let mut folders = self.folders.lock().expect("invariant: no reader panics");
        Arc::clone(folders.entry(path.to_owned()).or_insert(folder))
    }

    /// Returns what an entry of a walk is, or why it is not taken in.
    fn met(&self, entry: &walkdir::Result<DirEntry>) -> Result<Met, String> {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.loop_ancestor().is_some() => return Ok(Met::Loop),
            Err(error) => {
                let broken = error.path().is_some_and(Path::is_symlink);
                let said = error.io_error().map_or_else(|| error.to_string(), phrase);
                return Err(if broken { format!("it is a symbolic link: {said}") } else { said });
            }
        };
        if entry.path_is_symlink() {
            let target = fs::canonicalize(entry.path()).map_err(|error| phrase(&error))?;
            if !target.starts_with(&self.root) {
                return Err(OUTSIDE.into());
            }
        }
        match entry.file_type() {
            kind if kind.is_dir() => Ok(Met::Folder),
            kind if kind.is_file() => Ok(Met::File),
            _ => Err(NOT_A_FILE.into()),
        }
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

/// Returns a path below `folder` as a `/`-separated one; what is not UTF-8 in it becomes `�`.
fn source_path(folder: &str, below: &Path) -> Option<SourcePath> {
    let parts = below.components().map(|part| part.as_os_str().to_string_lossy());
    let parts: Vec<_> = std::iter::once(folder.into()).chain(parts).collect();
    SourcePath::new(parts.join("/").trim_start_matches('/'))
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
