//! The files of a site → the site on disk. The old one is not touched until the new one is complete beside it.

use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::error::IoError;
use crate::source::{SITE_MARKER, sha256};
use crate::write::error::{WriteError, doing};
use crate::write::marker;
use crate::write::shard;
use crate::write::site::{Content, Site};

/// What came of making the files of a site.
#[derive(Default)]
pub(super) struct Outcome {
    /// All of them, for the marker.
    pub(super) digests: marker::Files,
    /// Those that are as they were; the others stand in the next site.
    pub(super) kept: BTreeSet<String>,
    /// Those of releases that were published with other bytes.
    pub(super) differing: BTreeSet<String>,
}

/// A file of a site that was made.
struct Done<'a> {
    path: &'a str,
    digest: String,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Written,
    /// It is of a release that was published with other bytes.
    Differs,
}

/// The folders between which a site is made.
#[derive(Clone, Copy)]
pub(super) struct Folders<'a> {
    pub(super) next: &'a Path,
    pub(super) old: &'a Path,
    /// What the marker of the old site lists.
    pub(super) listed: &'a marker::Files,
}

/// Makes every new file of a site, and writes those that are not there yet into the folder `next`. No more of them are in
/// memory than are being made.
pub(super) fn make(
    folders: &Folders<'_>,
    site: &Site<'_>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Outcome, WriteError> {
    let Folders { next, .. } = *folders;
    let folders_of_site = marker::folders(site.files.keys());
    if let Some(clash) = folders_of_site.iter().find(|folder| site.files.contains_key(**folder)) {
        return Err(WriteError::Clash((*clash).to_owned()));
    }
    fs::create_dir(next).map_err(doing("create", next))?;
    // The marker comes first, so that whatever of the site is there, it says whose it is.
    let unknown = site.files.keys().map(|path| (path.clone(), UNKNOWN.to_owned()));
    let path = next.join(SITE_MARKER);
    fs::write(&path, marker::text(&unknown.collect())).map_err(doing("write", &path))?;
    for folder in folders_of_site {
        let folder = next.join(folder);
        fs::create_dir(&folder).map_err(doing("create", &folder))?;
    }
    let copies = site.copies();
    let count = AtomicUsize::new(0);
    let done = site.order.par_iter().map(|path| {
        let done = place(folders, site, path, copies.get(path.as_str()));
        progress(count.fetch_add(1, Ordering::Relaxed) + 1, site.order.len());
        done
    });
    let done: Vec<Vec<Done<'_>>> = done.collect::<Result<_, _>>()?;
    let mut outcome = Outcome::default();
    for (path, content) in &site.files {
        if let Content::Published { at, digest } = content {
            outcome.digests.insert(path.clone(), digest.clone());
            outcome.kept.extend((at == path).then(|| path.clone()));
        }
    }
    for Done { path, digest, fate } in done.into_iter().flatten() {
        outcome.digests.insert(path.to_owned(), digest);
        match fate {
            Fate::Kept => drop(outcome.kept.insert(path.to_owned())),
            Fate::Differs => drop(outcome.differing.insert(path.to_owned())),
            Fate::Written => {}
        }
    }
    Ok(outcome)
}

/// Makes a file, and puts it wherever it stands.
fn place<'a>(
    folders: &Folders<'_>,
    site: &Site<'_>,
    path: &'a str,
    copies: Option<&Vec<&'a str>>,
) -> Result<Vec<Done<'a>>, WriteError> {
    let bytes = match site.files.get(path) {
        Some(Content::Carried(at, digest)) => shard::read(at, digest)?.into(),
        _ => {
            let Some(made) = site.file(path) else { return Ok(Vec::new()) };
            made.map_err(|problem| {
                let version = path.split_once('/').map_or("", |(version, _)| version).to_owned();
                WriteError::Template { version, problem }
            })?
        }
    };
    let digest = sha256(&bytes);
    let places = [path].into_iter().chain(copies.into_iter().flatten().copied());
    let done = places.map(|path| {
        let is_released = site.is_released(path);
        let may_be_there = is_released || folders.listed.get(path) == Some(&digest);
        let fate = if may_be_there && holds(&folders.old.join(path), &bytes).unwrap_or(false) {
            Fate::Kept
        } else if is_released {
            Fate::Differs
        } else {
            let new = folders.next.join(path);
            fs::write(&new, &bytes).map_err(doing("write", &new))?;
            Fate::Written
        };
        Ok(Done { path, digest: digest.clone(), fate })
    });
    done.collect()
}

/// Stands in a marker for the digest of a file that is not made yet.
const UNKNOWN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Completes the site in the folder `next` with what is in the old one, and says in its marker what all of it is.
pub(super) fn complete(
    folders: &Folders<'_>,
    site: &Site<'_>,
    outcome: &Outcome,
    marker: &Path,
) -> Result<(), IoError> {
    let Folders { next, old, .. } = *folders;
    outcome.kept.par_iter().try_for_each(|path| keep(&old.join(path), &next.join(path)))?;
    site.files.par_iter().try_for_each(|(path, content)| match content {
        Content::Published { at, .. } if at != path => keep(&old.join(at), &next.join(path)),
        _ => Ok(()),
    })?;
    fs::write(marker, marker::text(&outcome.digests)).map_err(doing("write", marker))?;
    let path = next.join(SITE_MARKER);
    fs::rename(marker, &path).map_err(doing("write", &path))
}

/// Tells whether a file has these bytes.
fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let mut read = Vec::with_capacity(bytes.len() + 1);
    file.read_to_end(&mut read)?;
    Ok(read == bytes)
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
