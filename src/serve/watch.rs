//! What moves on the disk → where to look again.
//!
//! Each folder that the project is read from is watched, before it is read, and no other: what is not asked for may change as
//! it likes. A file that was written and closed, or put in the place of another, is looked at at once. Anything else may be a
//! step of something larger, as editors save and checkouts change many files: a hint is given when all has been quiet for a
//! moment. No library that gathers events does it: they wait in any case, and sort out what happened, which nobody asks here.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Config, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::load::Hint;
use crate::serve::poll::Poll;

/// All is quiet after so long.
const QUIET: Duration = Duration::from_millis(10);

/// Where it is never quiet, this is waited for at most.
const PATIENCE: Duration = Duration::from_millis(500);

/// Watches folders.
pub struct Watch {
    folders: Arc<Folders>,
    heard: Receiver<Heard>,
}

/// How it is found out what moves.
enum Watching {
    /// By the system, which is told of the folders.
    Told(Mutex<(RecommendedWatcher, BTreeSet<PathBuf>)>),
    Polled(Poll),
}

/// What was told.
struct Heard {
    hint: Hint,
    /// A file is as somebody wanted it to be.
    whole: bool,
}

/// The folders that are watched.
pub struct Folders {
    watcher: Watching,
    /// The project. Of what stands beside it nobody wants to hear, unless somebody looks there: the folder above is watched
    /// for the project alone.
    root: PathBuf,
    looks_beside: AtomicBool,
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
    let (tell, heard) = mpsc::channel();
    let watcher = if poll {
        let hint = |paths| Heard { hint: Hint::At(paths), whole: false };
        Watching::Polled(Poll::begin(move |paths| tell.send(hint(paths)).is_ok()))
    } else {
        let config = Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(told(tell), config);
        let watcher = watcher.map_err(|error| error.to_string())?;
        Watching::Told(Mutex::new((watcher, BTreeSet::new())))
    };
    let (ignored, trouble, looks_beside) = Default::default();
    let folders = Folders { watcher, root, looks_beside, ignored, trouble };
    if let Some(above) = folders.root.parent() {
        folders.begin(above);
    }
    Ok(Watch { folders: Arc::new(folders), heard })
}

/// Returns what hears the system, and tells where something may have changed.
fn told(tell: Sender<Heard>) -> impl Fn(notify::Result<notify::Event>) + Send + 'static {
    move |event| {
        let (hint, whole) = match event {
            Ok(event) if event.need_rescan() => (Hint::Anywhere, false),
            // What is only read does not change.
            Ok(event) if event.kind.is_access() && !is_whole(event.kind) => return,
            Ok(event) => (Hint::At(event.paths.into_iter().collect()), is_whole(event.kind)),
            Err(error) if error.paths.is_empty() => (Hint::Anywhere, false),
            Err(error) => (Hint::At(error.paths.into_iter().collect()), false),
        };
        // Who hears nothing any more is about to end.
        let _ = tell.send(Heard { hint, whole });
    }
}

impl Folders {
    /// Watches a folder, or if it was watched, the one that stands there now.
    pub fn look(&self, folder: &Path) {
        if self.root.parent() == Some(folder) {
            self.looks_beside.store(true, Ordering::Relaxed);
        }
        self.begin(folder);
    }

    fn begin(&self, folder: &Path) {
        let watching = match &self.watcher {
            Watching::Polled(poll) => return poll.watch(folder),
            Watching::Told(watching) => watching,
        };
        let mut watching = watching.lock().expect("invariant: nobody panics with the lock");
        let (watcher, folders) = &mut *watching;
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

    fn concerns(&self, heard: Heard) -> Option<Heard> {
        let Heard { hint: Hint::At(mut paths), whole } = heard else { return Some(heard) };
        let ignored = self.ignored.lock().expect("invariant: nobody panics with the lock");
        let looks_beside = self.looks_beside.load(Ordering::Relaxed);
        paths.retain(|path| {
            let beside = path.parent() == self.root.parent() && *path != self.root;
            (looks_beside || !beside) && !ignored.iter().any(|ignored| path.starts_with(ignored))
        });
        (!paths.is_empty()).then_some(Heard { hint: Hint::At(paths), whole })
    }
}

impl Watch {
    pub fn folders(&self) -> Arc<Folders> {
        Arc::clone(&self.folders)
    }

    /// Waits until something may have changed and all is quiet again; `None` when nothing did for so long.
    pub fn wait(&self, longest: Duration) -> Option<Hint> {
        let start = Instant::now();
        let mut heard = loop {
            let left = (start + longest).saturating_duration_since(Instant::now());
            match self.heard.recv_timeout(left).map(|heard| self.folders.concerns(heard)) {
                Ok(Some(heard)) => break heard,
                Ok(None) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
        };
        // What happened while nobody waited is a part of something larger.
        let among_others = start.elapsed() < QUIET;
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            let quiet = if heard.whole && !among_others { Duration::ZERO } else { QUIET };
            let Ok(more) = self.heard.recv_timeout(quiet) else { break };
            if let Some(more) = self.folders.concerns(more) {
                heard.hint.add(more.hint);
                heard.whole = more.whole;
            }
        }
        Some(heard.hint)
    }
}

/// Tells whether something is finished: a file that was written is closed, or has the place of another.
fn is_whole(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
    )
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
