//! The hidden folder beside a site in which the next one is prepared, and the lock that keeps two builds apart.
//!
//! ```text
//! .site.handover/     beside `site`, on the same file system, while a build publishes
//!   lock              held by that build; a build that died holds nothing
//!   next/             the site that is being prepared; after the swap, what it replaced
//!   old/              what was replaced, where the two cannot be exchanged in one step
//!   marker            the list of `next`, while it is written
//! ```
//!
//! Whoever holds the lock may clean up what a dead build left.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use same_file::Handle;

use crate::error::IoError;
use crate::source::SITE_MARKER;
use crate::write::error::doing;
use crate::write::inventory::LITTER;
use crate::write::marker;

/// The workshop of one destination, held by this build alone.
pub(super) struct Workshop {
    folder: PathBuf,
    _lock: File,
}

const LOCK: &str = "lock";

impl Workshop {
    /// Opens the workshop, when no other build is in it; else calls `waiting` and waits.
    pub(super) fn open(destination: &Path, waiting: &dyn Fn()) -> Result<Self, IoError> {
        let folder = workshop_of(destination);
        let path = folder.join(LOCK);
        loop {
            match fs::create_dir(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(IoError::new("create", &folder, error));
                }
                _ => {}
            }
            // A link would lead the build to where nobody sent it.
            if !is_folder(&folder) {
                return Err(IoError::new("use", &folder, io::ErrorKind::NotADirectory.into()));
            }
            let file = match File::options().create(true).truncate(false).write(true).open(&path) {
                Ok(file) => file,
                // The build before took the folder away in between.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(IoError::new("open", &path, error)),
            };
            if file.try_lock().is_err() {
                waiting();
                file.lock().map_err(doing("lock", &path))?;
            }
            // A lock on a file that the build before took away is a lock on nothing.
            let held =
                file.try_clone().and_then(Handle::from_file).map_err(doing("lock", &path))?;
            if Handle::from_path(&path).is_ok_and(|there| there == held) {
                return Ok(Self { folder, _lock: file });
            }
        }
    }

    pub(super) fn next(&self) -> PathBuf {
        self.folder.join("next")
    }

    pub(super) fn old(&self) -> PathBuf {
        self.folder.join("old")
    }

    pub(super) fn marker(&self) -> PathBuf {
        self.folder.join("marker")
    }

    /// Brings back a site that was taken away and not yet replaced, and removes what else a dead build left.
    pub(super) fn recover(&self, destination: &Path) -> Result<(), IoError> {
        let old = self.old();
        let gone = fs::symlink_metadata(destination).is_err();
        if gone && is_folder(&old) && old.join(SITE_MARKER).is_file() {
            fs::rename(&old, destination).map_err(doing("bring back", destination))?;
        }
        self.clear()
    }

    /// Removes the sites in the workshop: the files that their markers list, and no others.
    pub(super) fn clear(&self) -> Result<(), IoError> {
        remove_file(&self.marker())?;
        [self.next(), self.old()].iter().try_for_each(|site| remove_site(site))
    }
}

impl Drop for Workshop {
    /// Takes the workshop away, but for what is not ours in it. The next build can do that too, so nothing is said of errors.
    fn drop(&mut self) {
        let _ = self.clear();
        let _ = fs::remove_file(self.folder.join(LOCK));
        let _ = fs::remove_dir(&self.folder);
    }
}

/// Returns the workshop's folder: `.site.handover` for `site`.
pub(super) fn workshop_of(destination: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(destination.file_name().unwrap_or_default());
    name.push(".handover");
    destination.with_file_name(name)
}

/// Removes the files of a site that its marker lists, then the marker, then the folders that are empty now. Follows no link.
fn remove_site(site: &Path) -> Result<(), IoError> {
    if !is_folder(site) {
        return Ok(());
    }
    let path = site.join(SITE_MARKER);
    let listed = match fs::read_to_string(&path) {
        Ok(text) => marker::files(&text).unwrap_or_default(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => marker::Files::new(),
        Err(error) => return Err(IoError::new("read", &path, error)),
    };
    let mut folders = BTreeSet::from([""]);
    for folder in marker::folders(listed.keys()) {
        if folders.contains(parent(folder)) && is_folder(&site.join(folder)) {
            folders.insert(folder);
        }
    }
    // The marker goes last of the files: while it is there, a build that comes after a crash can go on here.
    let files = listed.keys().filter(|path| folders.contains(parent(path)));
    files.map(|path| site.join(path)).try_for_each(|path| remove_file(&path))?;
    folders.remove("");
    folders.iter().rev().try_for_each(|folder| remove_folder(&site.join(folder)))?;
    remove_file(&path)?;
    remove_folder(site)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Tells whether a folder stands at a path: not a link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// Removes a file; a folder that stands in its place is not the file that is meant.
fn remove_file(path: &Path) -> Result<(), IoError> {
    if is_folder(path) {
        return Ok(());
    }
    gone(fs::remove_file(path)).map_err(doing("remove", path))
}

/// Removes a folder, unless somebody else's file came into it meanwhile: that one stays.
fn remove_folder(path: &Path) -> Result<(), IoError> {
    // What file managers left there was taken along.
    LITTER.iter().try_for_each(|name| remove_file(&path.join(name)))?;
    match gone(fs::remove_dir(path)) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => removed.map_err(doing("remove", path)),
    }
}

/// Takes "it is not there" for success, also of what no file system can hold.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    match removed {
        Err(error)
            if matches!(
                error.kind(),
                NotFound | NotADirectory | InvalidFilename | InvalidInput
            ) =>
        {
            Ok(())
        }
        removed => removed,
    }
}
