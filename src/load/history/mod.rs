//! A repository and what is wanted → `History`, in one walk.

mod bases;
mod bits;
mod changes;
mod commits;
mod cover;
mod rename;
mod text;
mod walk;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use gix::{ObjectId, Repository, ThreadSafeRepository};
use rayon::prelude::*;

use crate::history::{History, LastChange, Wanted};
use crate::load::git::GitTree;
use crate::load::history::bases::Bases;
use crate::load::history::changes::Trees;
use crate::load::history::commits::Commits;
use crate::load::history::walk::Walk;
use crate::source::SourcePath;

pub(super) use crate::load::history::commits::named;

/// Returns the day of a commit, where its author was.
pub(super) fn day(repository: &Repository, commit: ObjectId) -> Result<NaiveDate, String> {
    Ok(Commits::new(repository)?.commit(commit)?.date.date_naive())
}

/// Returns the past of a project, which lies in a folder of the repository, as seen from a commit.
pub(super) fn history(
    shared: &ThreadSafeRepository,
    folder: &str,
    head: ObjectId,
    wanted: &Wanted<'_>,
) -> Result<History, String> {
    let mut repository = shared.to_thread_local();
    let bases = Bases::new(&mut repository);
    let tree = GitTree::new(shared, head, folder)?;
    let mut commits = Commits::new(&repository)?;
    let found = History {
        head: commits.commit(head)?,
        uncommitted: uncommitted(&tree, wanted)?,
        last: Arc::default(),
        texts: Arc::default(),
        covered: Arc::default(),
        limit: None,
    };
    let trees = Trees::new(&repository, bases);
    let mut walk = Walk::new(shared, trees, folder, wanted, commits, found);
    for document in &wanted.documents {
        match tree.stands_at(document) {
            Some(at) => walk.follow(head, document, &at),
            None => {
                let last = if tree.is_of_submodule(document) {
                    LastChange::Submodule
                } else {
                    LastChange::Uncommitted
                };
                Arc::make_mut(&mut walk.found.last).insert(document.clone(), last);
            }
        }
    }
    walk.look_for_texts(head);
    walk.cover(head);
    Ok(walk.finish())
}

/// Returns the inputs that are not as they are in the commit, but for their line ends. What a submodule has is not looked
/// at: its commits are its own.
///
/// # Errors
/// A phrase that says what of the commit cannot be read.
fn uncommitted(tree: &GitTree, wanted: &Wanted<'_>) -> Result<BTreeSet<SourcePath>, String> {
    let differ = wanted.inputs.par_iter().filter_map(|(path, bytes)| match tree.has(path, bytes) {
        Ok(true) => None,
        Ok(false) => (!tree.is_of_submodule(path)).then(|| Ok(path.clone())),
        Err(reason) => Some(Err(reason)),
    });
    differ.collect()
}
