//! A site in memory → the site on disk. The old one is not touched until the new one is complete beside it.

use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::error::IoError;
use crate::source::SITE_MARKER;
use crate::write::error::doing;
use crate::write::marker;
use crate::write::plan::{Action, plan};
use crate::write::site::{Content, Site};

/// Returns the files that need not be written: those that the plan keeps and that are on disk as the marker says.
pub(super) fn kept(old: &Path, published: &marker::Files, site: &Site) -> BTreeSet<String> {
    let actions = plan(published, &site.digests());
    let kept = actions
        .into_par_iter()
        .filter(|(path, action)| *action == Action::Keep && is_kept(old, path, &site.files[path]));
    kept.map(|(path, _)| path).collect()
}

/// Tells whether a file holds what it should. One of another version holds what it holds.
fn is_kept(old: &Path, path: &str, content: &Content) -> bool {
    match content {
        Content::New { bytes, .. } => holds(&old.join(path), bytes).unwrap_or(false),
        Content::Published { at, .. } => at == path,
    }
}

/// Tells whether a file has these bytes.
pub(super) fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let mut read = Vec::with_capacity(bytes.len() + 1);
    file.read_to_end(&mut read)?;
    Ok(read == bytes)
}

/// Prepares the site in the folder `next`: what is kept is linked to the old file, what is not is written.
pub(super) fn prepare(
    next: &Path,
    old: &Path,
    site: &Site,
    kept: &BTreeSet<String>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), IoError> {
    fs::create_dir(next).map_err(doing("create", next))?;
    // The marker comes first, so that whatever of the site is there, it says whose it is.
    let path = next.join(SITE_MARKER);
    fs::write(&path, marker::text(&site.digests())).map_err(doing("write", &path))?;
    for folder in marker::folders(site.files.keys()) {
        let folder = next.join(folder);
        fs::create_dir(&folder).map_err(doing("create", &folder))?;
    }
    let done = AtomicUsize::new(0);
    site.files.par_iter().try_for_each(|(path, content)| {
        let new = next.join(path);
        match content {
            Content::New { bytes, .. } if !kept.contains(path) => {
                fs::write(&new, bytes).map_err(doing("write", &new))?;
            }
            Content::New { .. } => keep(&old.join(path), &new)?,
            Content::Published { at, .. } => keep(&old.join(at), &new)?,
        }
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, site.files.len());
        Ok(())
    })
}

/// Takes what file managers left in the old site's folders along, where the new site has the folders.
pub(super) fn carry(next: &Path, old: &Path, litter: &[String]) -> Result<(), IoError> {
    litter.iter().try_for_each(|path| {
        let (new, old) = (next.join(path), old.join(path));
        if new.parent().is_some_and(Path::is_dir) { keep(&old, &new) } else { Ok(()) }
    })
}

/// Gives a file a second name, or where the disk knows no second names, a copy with the time of the first.
fn keep(old: &Path, new: &Path) -> Result<(), IoError> {
    if fs::hard_link(old, new).is_ok() {
        return Ok(());
    }
    let copy = || {
        let modified = fs::metadata(old)?.modified()?;
        fs::copy(old, new)?;
        File::options().write(true).open(new)?.set_times(FileTimes::new().set_modified(modified))
    };
    copy().map_err(doing("keep", old))
}

/// Puts the prepared site in the place of the old one, where there is one. Who looks sees all of one or all of the other.
pub(super) fn swap(next: &Path, destination: &Path, aside: &Path) -> Result<(), IoError> {
    let refused = |error| IoError::new("replace", destination, error);
    let Ok(old) = fs::metadata(destination) else {
        return fs::rename(next, destination).map_err(refused);
    };
    fs::set_permissions(next, old.permissions()).map_err(refused)?;
    flush(next).map_err(refused)?;
    if exchange(next, destination).is_ok() {
        return Ok(());
    }
    // Not every file system can. There is nothing at the destination for a moment; a build that dies in it is made good by
    // the next.
    fs::rename(destination, aside).map_err(refused)?;
    fs::rename(next, destination).map_err(|error| {
        let _ = fs::rename(aside, destination);
        refused(error)
    })
}

/// Lets two folders change places in one step.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(next: &Path, destination: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, next, CWD, destination, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_next: &Path, _destination: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Brings the new site to the disk before it takes the old one's place, so that a power cut leaves one of them.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn flush(next: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(next)?)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn flush(next: &Path) -> io::Result<()> {
    walkdir::WalkDir::new(next).into_iter().par_bridge().try_for_each(|entry| {
        let entry = entry?;
        if entry.file_type().is_file() { File::open(entry.path())?.sync_all() } else { Ok(()) }
    })
}
