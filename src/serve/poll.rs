//! What moves on a disk that does not tell → the same paths, found by looking at it now and then.
//!
//! Nothing is read: what a file is called, how large it is, and when it was changed says whether it may be another. A file
//! that was changed a moment ago is named once more, because a clock of whole seconds does not tell two changes apart.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the disk is looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// No clock of a disk is coarser.
const COARSE: Duration = Duration::from_secs(3);

/// Looks at folders again and again.
pub(super) struct Poll {
    folders: Arc<Mutex<BTreeMap<PathBuf, Seen>>>,
}

/// The entries of a folder; `None` where there is none.
type Seen = Option<BTreeMap<OsString, Stamp>>;

/// What is seen of a file without reading it.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    is_folder: bool,
    length: u64,
    modified: Option<SystemTime>,
    /// When the file was changed in any way, and which file it is.
    changed: Option<(i64, i64, u64)>,
}

impl Stamp {
    fn of(found: &Metadata) -> Self {
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt as _;
            Some((found.ctime(), found.ctime_nsec(), found.ino()))
        };
        #[cfg(not(unix))]
        let changed = None;
        // A folder is looked into itself.
        let is_folder = found.is_dir();
        let modified = found.modified().ok().filter(|_| !is_folder);
        Self {
            is_folder,
            length: if is_folder { 0 } else { found.len() },
            modified,
            changed: changed.filter(|_| !is_folder),
        }
    }

    /// Tells whether the file may change once more and look the same.
    fn is_fresh(&self, now: SystemTime) -> bool {
        let age = self.modified.map(|modified| now.duration_since(modified));
        age.is_some_and(|age| age.map_or(true, |age| age < COARSE))
    }
}

impl Poll {
    /// Begins to look, and tells of the paths where something may have changed, until `tell` says that nobody hears it.
    pub(super) fn begin(tell: impl Fn(BTreeSet<PathBuf>) -> bool + Send + 'static) -> Self {
        let folders: Arc<Mutex<BTreeMap<PathBuf, Seen>>> = Arc::default();
        let watched = Arc::clone(&folders);
        thread::spawn(move || {
            loop {
                thread::sleep(INTERVAL);
                let moved = look(&watched);
                if !moved.is_empty() && !tell(moved) {
                    return;
                }
            }
        });
        Self { folders }
    }

    /// Looks at a folder from now on. One that is looked at already is not forgotten: what changed since is still to be told.
    pub(super) fn watch(&self, folder: &Path) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if !folders.contains_key(folder) {
            folders.insert(folder.to_owned(), seen(folder));
        }
    }
}

/// Returns the paths below the folders where something is not as it was, or may change unseen.
fn look(folders: &Mutex<BTreeMap<PathBuf, Seen>>) -> BTreeSet<PathBuf> {
    let lock = || folders.lock().unwrap_or_else(PoisonError::into_inner);
    let paths: Vec<PathBuf> = lock().keys().cloned().collect();
    let mut moved = BTreeSet::new();
    for folder in paths {
        let now = SystemTime::now();
        let found = seen(&folder);
        let mut folders = lock();
        let Some(known) = folders.get_mut(&folder) else { continue };
        match (&*known, &found) {
            (Some(before), Some(after)) => {
                let gone = before.keys().filter(|name| !after.contains_key(*name));
                let other = after.iter().filter(|(name, stamp)| {
                    before.get(*name) != Some(*stamp) || stamp.is_fresh(now)
                });
                let names = gone.chain(other.map(|(name, _)| name));
                moved.extend(names.map(|name| folder.join(name)));
            }
            (None, None) => {}
            _ => drop(moved.insert(folder.clone())),
        }
        *known = found;
    }
    moved
}

fn seen(folder: &Path) -> Seen {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let stamps = entries.filter_map(|entry| {
        let stamp = Stamp::of(&entry.metadata().ok()?);
        Some((entry.file_name(), stamp))
    });
    Some(stamps.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets when a file was changed last, as far as it says.
    fn age(path: &Path, seconds: u64) {
        let then = SystemTime::now() - Duration::from_secs(seconds);
        fs::File::options().append(true).open(path).unwrap().set_modified(then).unwrap();
    }

    #[test]
    fn what_may_have_changed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["a.md", "b.md"] {
            fs::write(path(name), "x").unwrap();
            age(&path(name), 60);
        }
        let folders = Mutex::new(BTreeMap::new());
        let watch = |folder: &Path| {
            folders.lock().unwrap().insert(folder.to_owned(), seen(folder));
        };
        watch(folder.path());
        watch(&path("new"));
        assert_eq!(look(&folders), BTreeSet::new());

        fs::write(path("a.md"), "y").unwrap();
        assert_eq!(look(&folders), BTreeSet::from([path("a.md")]));
        assert_eq!(look(&folders), BTreeSet::from([path("a.md")]), "it was changed a moment ago");
        age(&path("a.md"), 60);
        look(&folders);
        assert_eq!(look(&folders), BTreeSet::new());

        fs::rename(path("b.md"), path("c.md")).unwrap();
        fs::create_dir(path("new")).unwrap();
        assert_eq!(look(&folders), BTreeSet::from(["b.md", "c.md", "new"].map(path)));
        fs::remove_dir(path("new")).unwrap();
        assert_eq!(look(&folders), BTreeSet::from([path("new")]));
        assert_eq!(look(&folders), BTreeSet::new());
    }
}
