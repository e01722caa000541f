//! What moves on the disk → where to look again.
//!
//! Each folder that the project is read from is watched, before it is read, and no other: what is not asked for may change as
//! it likes. Editors save in several steps and checkouts change many files, so a hint is given when all has been quiet for a
//! moment.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::load::Hint;

/// All is quiet after so long.
const QUIET: Duration = Duration::from_millis(10);

/// Where it is never quiet, this is waited for at most.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the disk is looked at where it does not tell.
const POLL: Duration = Duration::from_millis(500);

/// Watches folders.
pub struct Watch {
    folders: Arc<Folders>,
    hints: Receiver<Hint>,
}

/// The folders that are watched.
pub struct Folders {
    watcher: Mutex<Box<dyn Watcher + Send>>,
    watched: Mutex<BTreeSet<PathBuf>>,
    poll: bool,
    /// The project. Of what stands beside it nobody wants to hear: the folder above is watched for the project alone.
    root: PathBuf,
    /// Nor of what happens here: the site is written by us.
    ignored: Mutex<Vec<PathBuf>>,
    /// Why folders cannot be watched.
    trouble: Mutex<Option<String>>,
}

/// Begins to watch for a project: nothing at first. With `poll`, looks at the disk now and then instead of being told.
///
/// # Errors
/// A phrase that says why the system does not tell of changes.
pub fn watch(root: PathBuf, poll: bool) -> Result<Watch, String> {
    let (hints, heard) = mpsc::channel();
    let handle = move |event: notify::Result<notify::Event>| {
        // Who hears nothing any more is about to end.
        let _ = match event {
            // What is only read does not change.
            Ok(event) if event.kind.is_access() && !event.need_rescan() => Ok(()),
            Ok(event) if event.need_rescan() => hints.send(Hint::Anywhere),
            Ok(event) => hints.send(Hint::At(event.paths.into_iter().collect())),
            Err(error) if error.paths.is_empty() => hints.send(Hint::Anywhere),
            Err(error) => hints.send(Hint::At(error.paths.into_iter().collect())),
        };
    };
    // The times that are compared else are those of whole seconds, and of a file that was put back they are earlier ones.
    let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
    let config = config.with_follow_symlinks(false);
    let watcher: notify::Result<Box<dyn Watcher + Send>> = if poll {
        PollWatcher::new(handle, config).map(|watcher| Box::new(watcher) as _)
    } else {
        RecommendedWatcher::new(handle, config).map(|watcher| Box::new(watcher) as _)
    };
    let watcher = Mutex::new(watcher.map_err(|error| error.to_string())?);
    let (watched, ignored, trouble) = Default::default();
    let folders = Folders { watcher, watched, poll, root, ignored, trouble };
    if let Some(above) = folders.root.parent() {
        folders.look(above);
    }
    Ok(Watch { folders: Arc::new(folders), hints: heard })
}

impl Folders {
    /// Watches a folder, or if it was watched, the one that stands there now.
    pub fn look(&self, folder: &Path) {
        let mut watcher = self.watcher.lock().expect("invariant: nobody panics with the lock");
        let mut folders = self.watched.lock().expect("invariant: nobody panics with the lock");
        // Who polls watches a path, whatever stands there, and would forget what it saw last.
        if self.poll && folders.contains(folder) {
            return;
        }
        match watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => drop(folders.insert(folder.to_owned())),
            Err(error) => {
                if folders.remove(folder) {
                    let _ = watcher.unwatch(folder);
                }
                // Whoever looks into what is not there finds that out too.
                if !is_absence(&error) {
                    *self.trouble() = Some(error.to_string());
                }
            }
        }
    }

    /// Hears no more of what happens at these paths and below.
    pub fn ignore(&self, paths: Vec<PathBuf>) {
        *self.ignored.lock().expect("invariant: nobody panics with the lock") = paths;
    }

    /// Returns why folders could not be watched, once.
    pub fn take_trouble(&self) -> Option<String> {
        self.trouble().take()
    }

    fn trouble(&self) -> MutexGuard<'_, Option<String>> {
        self.trouble.lock().expect("invariant: nobody panics with the lock")
    }

    fn concerns(&self, hint: Hint) -> Option<Hint> {
        let Hint::At(mut paths) = hint else { return Some(hint) };
        let ignored = self.ignored.lock().expect("invariant: nobody panics with the lock");
        paths.retain(|path| {
            let beside = path.parent() == self.root.parent() && *path != self.root;
            !beside && !ignored.iter().any(|ignored| path.starts_with(ignored))
        });
        (!paths.is_empty()).then_some(Hint::At(paths))
    }
}

impl Watch {
    pub fn folders(&self) -> Arc<Folders> {
        Arc::clone(&self.folders)
    }

    /// Waits until something may have changed and all is quiet again; `None` when nothing did for so long.
    pub fn wait(&self, longest: Duration) -> Option<Hint> {
        let end = Instant::now() + longest;
        let mut hint = loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.hints.recv_timeout(left).map(|hint| self.folders.concerns(hint)) {
                Ok(Some(hint)) => break hint,
                Ok(None) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
        };
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience
            && let Ok(more) = self.hints.recv_timeout(QUIET)
        {
            if let Some(more) = self.folders.concerns(more) {
                hint.add(more);
            }
        }
        Some(hint)
    }
}

/// Tells whether a folder cannot be watched because there is none.
fn is_absence(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => {
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        }
        _ => false,
    }
}
