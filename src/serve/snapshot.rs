//! One state of the project, from which files are made when they are asked for.
//!
//! Pages borrow from the facts that they are made of. Both live on the threads of the snapshot, which answer until nobody
//! asks any more.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::SystemTime;

use tokio::sync::oneshot;

use crate::render::feeds::headers;
use crate::render::theme::Theme;
use crate::render::version::Version;
use crate::render::{Facts, Files as _, Made};
use crate::serve::http::LIVE_SCRIPT;
use crate::source::sha256;
use crate::write::front::{Front, Name, Origin};
use crate::write::published::{self, Published};

/// A project that was judged, with its theme.
pub trait Shown: Send + Sync + 'static {
    fn facts(&self) -> Facts<'_>;

    fn theme(&self) -> &Theme;

    fn name(&self) -> Name<'_>;
}

/// The site on the disk: the other versions.
pub struct Shelf {
    folder: PathBuf,
    published: Published,
    stamp: Option<(SystemTime, u64)>,
}

impl Shelf {
    pub fn read(folder: PathBuf) -> Self {
        let stamp = published::stamp(&folder);
        let published = Published::at(&folder);
        Self { folder, published, stamp }
    }

    /// Tells whether the site at a folder still is this one.
    pub fn is_current(&self, folder: &Path) -> bool {
        self.folder == folder && self.stamp == published::stamp(folder)
    }
}

/// One state of the project, ready to be asked.
pub struct Snapshot {
    asks: Sender<Ask>,
    /// A digest of what a page cannot take in without being loaded again: scripts and styles.
    pub theme: String,
}

struct Ask {
    path: String,
    answer: oneshot::Sender<Answer>,
}

/// What stands at a path of the site.
#[derive(Debug)]
pub enum Answer {
    /// A file, and the policy that it is shown under.
    File { path: String, bytes: Arc<[u8]>, policy: String },
    /// Another path is meant.
    Elsewhere(String),
    /// A template of the project does not render.
    Broken(String),
    /// Nothing, and the page that says so.
    Nothing(Option<Arc<[u8]>>),
}

impl Snapshot {
    pub fn new(shown: impl Shown, shelf: Arc<Shelf>) -> Self {
        let (asks, asked) = mpsc::channel();
        let theme = theme_digest(shown.theme());
        let digest = theme.clone();
        thread::spawn(move || answer_all(&shown, &shelf, &digest, asked));
        Self { asks, theme }
    }

    /// Returns what stands at a path of the site; `None` where it could not be made.
    pub async fn ask(&self, path: String) -> Option<Answer> {
        let (answer, answered) = oneshot::channel();
        self.asks.send(Ask { path, answer }).ok()?;
        answered.await.ok()
    }
}

fn theme_digest(theme: &Theme) -> String {
    let digests: String = theme.files.values().map(|bytes| sha256(bytes)).collect();
    sha256(digests.as_bytes())[..16].to_owned()
}

/// Answers on a few threads until the last who may ask is gone.
fn answer_all(shown: &impl Shown, shelf: &Shelf, theme: &str, asked: Receiver<Ask>) {
    let version = Version::new(shown.facts(), shown.theme());
    let name = shown.name();
    let front = Front::new(&[name], &shelf.published);
    let (newer, recent) = Default::default();
    let pages = Pages { version, name, front, shelf, newer, theme, recent };
    let asked = Mutex::new(asked);
    let next = || asked.lock().ok()?.recv().ok();
    let threads = thread::available_parallelism().map_or(2, usize::from).min(8);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(Ask { path, answer }) = next() {
                    // Whoever asked may have gone away.
                    if answer.is_closed() {
                        continue;
                    }
                    // A page that cannot be made leaves the others: whoever asked is told so.
                    let made = catch_unwind(AssertUnwindSafe(|| pages.answer(&path)));
                    if let Ok(made) = made {
                        let _ = answer.send(made);
                    }
                }
            });
        }
    });
}

struct Pages<'a> {
    version: Version<'a>,
    name: Name<'a>,
    front: Front<'a>,
    shelf: &'a Shelf,
    /// The site on the disk, where another build wrote it since.
    newer: Mutex<Option<Arc<Shelf>>>,
    theme: &'a str,
    /// What was made last, the newest at the end: who waits for a change asks for the same page again and again.
    recent: Mutex<Vec<(String, Arc<[u8]>)>>,
}

/// So many files are kept that were made.
const RECENT: usize = 32;

impl Pages<'_> {
    fn answer(&self, path: &str) -> Answer {
        if path.is_empty() {
            return Answer::Elsewhere(format!(
                "{}/index.html",
                self.version.facts().portal.version()
            ));
        }
        let index = format!("{}/index.html", path.strip_suffix('/').unwrap_or(path));
        let path = if path.ends_with('/') { &index } else { path };
        match self.origin(path) {
            Some(Origin::Front(text)) => file(path, text.into_bytes().into(), &[]),
            Some(Origin::Version(below)) => self.made(path, &below),
            Some(Origin::Published(at)) => self.published(path, &at),
            None if self.origin(&index).is_some() => {
                Answer::Elsewhere(index[..index.len() - "index.html".len()].to_owned())
            }
            None => Answer::Nothing(self.version.file("404.html").and_then(Result::ok)),
        }
    }

    fn origin(&self, path: &str) -> Option<Origin> {
        let text = |made: Made| made.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let headers = || self.version.file("_headers").and_then(text);
        let has = |path: &str| self.version.has(path);
        match self.newer() {
            None => self.front.origin(path, has, headers),
            Some(shelf) => Front::new(&[self.name], &shelf.published).origin(path, has, headers),
        }
    }

    /// Returns the site on the disk where it is no longer the one that was there when the project was looked at: nobody edits
    /// anything when another terminal builds a version, or removes the site.
    fn newer(&self) -> Option<Arc<Shelf>> {
        let folder = &self.shelf.folder;
        if self.shelf.is_current(folder) {
            return None;
        }
        let mut newer = self.newer.lock().unwrap_or_else(PoisonError::into_inner);
        let known = newer.take().filter(|shelf| shelf.is_current(folder));
        let there = known.unwrap_or_else(|| Arc::new(Shelf::read(folder.clone())));
        *newer = Some(Arc::clone(&there));
        Some(there)
    }

    /// Makes a file of the version. The one script of every page brings the one that keeps the page up to date.
    fn made(&self, path: &str, below: &str) -> Answer {
        match self.file(below) {
            None => Answer::Nothing(None),
            Some(Err(problem)) => {
                Answer::Broken(format!("{}: {}", problem.source.path, problem.message))
            }
            Some(Ok(bytes)) if below == "app.js" => {
                let script = LIVE_SCRIPT.replace("\"THEME\"", &format!("\"{}\"", self.theme));
                let both = [&*bytes, b"\n", script.as_bytes()].concat();
                file(path, both.into(), &[])
            }
            Some(Ok(bytes)) => file(path, bytes, &self.version.styles(below)),
        }
    }

    fn file(&self, below: &str) -> Option<Made> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = recent().iter().find(|(path, _)| path == below) {
            return Some(Ok(Arc::clone(bytes)));
        }
        let made = self.version.file(below);
        if let Some(Ok(bytes)) = &made {
            let mut recent = recent();
            if recent.len() >= RECENT {
                recent.remove(0);
            }
            recent.push((below.to_owned(), Arc::clone(bytes)));
        }
        made
    }

    /// Reads a file of the site on the disk, which may have been taken away.
    fn published(&self, path: &str, at: &str) -> Answer {
        let newer = self.newer();
        let shelf = newer.as_deref().unwrap_or(self.shelf);
        let Some(bytes) = shelf.published.read_file(&shelf.folder, at) else {
            return Answer::Nothing(None);
        };
        let mut answer = file(path, bytes.into(), &[]);
        if let Answer::File { policy, .. } = &mut answer
            && let Some(own) = shelf.published.policy(at)
        {
            *policy = own;
        }
        answer
    }
}

fn file(path: &str, bytes: Arc<[u8]>, styles: &[String]) -> Answer {
    Answer::File { path: path.to_owned(), bytes, policy: headers::policy(styles) }
}
