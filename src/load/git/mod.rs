//! A git repository: the tree of any of its commits, and the past of the project in it.
//!
//! Reads objects and references alone: no checkout, no other program, no environment, none of the user's settings.

mod tree;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use gix::discover::upwards;
use gix::{ObjectId, ThreadSafeRepository, open};

use crate::history::{History, Past, Wanted};
use crate::load::history;
use crate::source::Tree;

pub use crate::load::git::tree::GitTree;

/// A repository, and the project in it.
pub struct Repository {
    shared: ThreadSafeRepository,
    /// The project's folder, as seen from the root of a commit's tree; `""` is the root.
    folder: String,
}

/// Finds the repository that a folder is in; `None` where there is none. A bare one is found at its own folder.
///
/// # Errors
/// A phrase for "cannot read the git repository: …".
pub fn repository(root: &Path) -> Result<Option<Repository>, String> {
    let Ok(root) = root.canonicalize() else { return Ok(None) };
    let options = upwards::Options { cross_fs: true, ..upwards::Options::default() };
    let place = match gix::discover::upwards_opts(&root, options) {
        Ok((place, _)) => Some(place.into_repository_and_work_tree_directories()),
        Err(error) if error.is_not_found() => None,
        Err(error) => return Err(phrase(&error)),
    };
    let top =
        place.as_ref().map(|(git_folder, work_tree)| work_tree.as_ref().unwrap_or(git_folder));
    if let Some(broken) = broken(&root, top.map(PathBuf::as_path)) {
        return Err(format!("`{}` leads to no repository", broken.display()));
    }
    let Some((git_folder, work_tree)) = place else { return Ok(None) };
    // Whoever owns it: nothing is run and nothing is written, so that there is nothing to be afraid of.
    let options = open::Options::isolated().with(gix::sec::Trust::Full).open_path_as_is(true);
    let shared =
        ThreadSafeRepository::open_opts(&git_folder, options).map_err(|error| phrase(&error))?;
    let top = work_tree.unwrap_or(git_folder);
    let folder = below(&top, &root).filter(|folder| folder.is_empty() || top != shared.git_dir());
    Ok(folder.map(|folder| Repository { shared, folder }))
}

/// Returns the nearest `.git` that should be a repository, below the one that was found: a file that leads nowhere, or a
/// folder that has something of one. Git looks no further at the former, either.
fn broken(root: &Path, found: Option<&Path>) -> Option<PathBuf> {
    let found = found.and_then(|found| found.canonicalize().ok());
    let folders = root.ancestors().take_while(|folder| Some(*folder) != found.as_deref());
    let is_some = |path: &PathBuf| {
        path.is_file() || ["HEAD", "objects", "refs"].iter().any(|name| path.join(name).exists())
    };
    folders.map(|folder| folder.join(".git")).find(is_some)
}

/// Returns a folder as seen from one above it, with `/`.
fn below(top: &Path, folder: &Path) -> Option<String> {
    let top: PathBuf = top.canonicalize().ok()?;
    let parts = folder.strip_prefix(top).ok()?.components();
    let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

impl Repository {
    /// Returns the commit that is checked out; `None` before the first one.
    ///
    /// # Errors
    /// A phrase for "cannot read the git repository: …".
    pub fn head(&self) -> Result<Option<ObjectId>, String> {
        let repository = self.shared.to_thread_local();
        let head = repository.head().map_err(|error| phrase(&error))?;
        if head.is_unborn() {
            return Ok(None);
        }
        let id = head.into_peeled_id().map_err(|error| phrase(&error))?;
        Ok(Some(id.detach()))
    }

    /// Returns the folders whose files say which commit is checked out.
    pub fn head_folders(&self) -> Vec<PathBuf> {
        let repository = self.shared.to_thread_local();
        let mut folders = vec![repository.git_dir().to_owned(), repository.common_dir().to_owned()];
        let name = repository.head_name().ok().flatten();
        if let Some(Ok(name)) = name.map(|name| gix::path::from_bstr(name.as_bstr().to_owned())) {
            folders.extend(repository.common_dir().join(name).parent().map(Path::to_owned));
        }
        // A change is told of with the path that is really there.
        let mut folders: Vec<PathBuf> =
            folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// Tells whether the beginning of history is not here.
    pub fn is_shallow(&self) -> bool {
        self.shared.to_thread_local().is_shallow().unwrap_or(false)
    }

    /// Returns the commit that a revision names: an id or the beginning of one, a tag, a branch, `HEAD~2`.
    ///
    /// # Errors
    /// A phrase that says why there is none.
    pub fn commit(&self, revision: &str) -> Result<ObjectId, String> {
        let repository = self.shared.to_thread_local();
        history::named(&repository, revision)
            .ok_or_else(|| format!("`{revision}` is no commit, tag or branch of the repository"))
    }

    /// Returns the day of a commit, where its author was.
    ///
    /// # Errors
    /// A phrase that says why it cannot be read.
    pub fn day(&self, commit: ObjectId) -> Result<NaiveDate, String> {
        history::day(&self.shared.to_thread_local(), commit)
    }

    /// Returns the project's files at a commit.
    ///
    /// # Errors
    /// A phrase that says why there are none.
    pub fn tree(&self, commit: ObjectId) -> Result<GitTree, String> {
        GitTree::new(&self.shared, commit, &self.folder)
    }

    /// Returns the project's past as seen from a commit.
    pub fn past(&self, commit: ObjectId) -> CommitPast<'_> {
        CommitPast { repository: self, commit }
    }
}

/// The past of what is checked out.
impl Past for Repository {
    fn history(&self, wanted: &Wanted<'_>) -> Result<History, String> {
        match self.head()? {
            Some(head) => self.past(head).history(wanted),
            None => Err("the git repository has no commit yet".into()),
        }
    }

    /// The commit that is checked out, and what a fetch changes: it may bring commits that reviews name.
    fn state(&self) -> Option<String> {
        let head = self.head().ok()??;
        let repository = self.shared.to_thread_local();
        let common = repository.common_dir();
        let changed = ["FETCH_HEAD", "shallow", "packed-refs"]
            .map(|name| fs::metadata(common.join(name)).and_then(|found| found.modified()).ok());
        Some(format!("{head} {changed:?}"))
    }

    fn tree(&self, revision: &str) -> Result<Tree, String> {
        Ok(Tree::new(self.tree(self.commit(revision)?)?))
    }
}

/// The past as seen from a commit.
pub struct CommitPast<'a> {
    repository: &'a Repository,
    commit: ObjectId,
}

impl Past for CommitPast<'_> {
    fn history(&self, wanted: &Wanted<'_>) -> Result<History, String> {
        history::history(&self.repository.shared, &self.repository.folder, self.commit, wanted)
    }

    fn tree(&self, revision: &str) -> Result<Tree, String> {
        Past::tree(self.repository, revision)
    }
}

/// Returns what an error of git says as one lower-case phrase.
pub(super) fn phrase(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default().trim_end_matches('.');
    crate::error::phrase(&std::io::Error::other(line.to_owned()))
}
