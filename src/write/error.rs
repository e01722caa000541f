//! Why a site cannot be published, and the way out.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::error::IoError;
use crate::write::shard::Mismatch;

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(transparent)]
    Io(#[from] IoError),
    #[error("cannot use `{}` for the site: it is a file", .0.display())]
    File(PathBuf),
    #[error("cannot use `{}` for the site: the project's own files are in it", .0.display())]
    Sources(PathBuf),
    #[error("cannot use `{}` for the site: it holds what `handover` did not write: {}", destination.display(), names(foreign, FOREIGN))]
    Foreign { destination: PathBuf, foreign: Vec<String> },
    #[error("version `{version}` was published as a release, and `{}` differs from what is made of it now: {}", folder.display(), names(files, RELEASED))]
    Released { folder: PathBuf, version: String, files: Vec<String> },
    #[error("cannot prepare the site beside `{}`: {source}", destination.display())]
    Beside { destination: PathBuf, source: IoError },
    #[error("cannot put the site in place: {0}")]
    Swap(IoError),
    #[error("cannot use `{}` for a shard: a site is there", .0.display())]
    SiteThere(PathBuf),
    #[error("cannot use `{}` for the site: a shard is there", .0.display())]
    ShardThere(PathBuf),
    #[error("cannot make a site in which `{0}` is both a file and a folder")]
    Clash(String),
    #[error("cannot use `{}` for the site: it and the shard `{}` stand in one another", destination.display(), shard.display())]
    Inside { destination: PathBuf, shard: PathBuf },
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error("version `{version}` has no pages: {}", problem.message)]
    Template { version: String, problem: Box<Diagnostic> },
}

impl WriteError {
    /// Returns what to do about it, where there is something to do.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::File(_)
            | Self::Sources(_)
            | Self::SiteThere(_)
            | Self::ShardThere(_)
            | Self::Inside { .. } => Some("name another folder with `-d`".into()),
            Self::Foreign { destination, .. } => Some(format!(
                "move these files elsewhere, or name another folder: `-d {}`",
                destination.join("site").display()
            )),
            Self::Beside { destination, .. } => Some(format!(
                "a site is prepared beside its folder and swapped in; where that may not be written, name a folder \
                 below: `-d {}`",
                destination.join("site").display()
            )),
            Self::Swap(error) => Some(format!(
                "a folder that is mounted or in use cannot be replaced; name a folder below: `-d {}`",
                error.path.join("site").display()
            )),
            Self::Released { folder, version, .. } => Some(format!(
                "a release stays as it was published; if it was damaged, or must be made anew, remove `{}` and tell those \
                 who rely on `{version}`",
                folder.display()
            )),
            Self::Clash(_) => Some("give one of the documents or folders another name".into()),
            Self::Mismatch(mismatch) => Some(mismatch.help().into()),
            Self::Io(_) | Self::Template { .. } => None,
        }
    }
}

/// How many foreign files an error names.
const FOREIGN: usize = 3;

/// How many files of a release an error names.
const RELEASED: usize = 10;

fn names(files: &[String], most: usize) -> String {
    let named: Vec<_> = files.iter().take(most).map(|name| format!("`{name}`")).collect();
    let named = named.join(", ");
    match files.len().saturating_sub(most) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// Returns a function that says what could not be done at a path.
pub(super) fn doing(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> IoError {
    move |error| IoError::new(doing, path, error)
}
