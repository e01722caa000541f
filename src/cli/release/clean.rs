//! Whether the working tree is what is committed: only that can be frozen, since only that can be read again.

use std::collections::BTreeSet;

use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::cli::released;
use crate::parse::release::Entry;
use crate::source::{SourcePath, Tree};
use crate::{Judged, Options, UNOBSERVED};

/// Returns the id of the commit that everything is in; `None` outside git.
///
/// # Errors
/// Something is not committed, or the repository cannot be read.
pub(super) fn commit(
    project: &Project,
    judged: &Judged,
    options: &Options,
) -> Result<Option<String>, Failure> {
    let repository = match project.git() {
        Ok(repository) => repository,
        Err(reason) if *reason == crate::history::NoPast::outside().0 => return Ok(None),
        Err(reason) => return Err(Failure::new(reason)),
    };
    let lost = |reason: String| {
        Failure::new(format!("the git repository cannot be read: {reason}"))
            .help("see `git fsck`: a release names a commit that has all of it")
    };
    let head = repository.head().map_err(lost)?;
    let head = head.ok_or_else(|| {
        Failure::new("nothing is committed yet").help("a release names the commit it is made from")
    })?;
    let tree = Tree::new(repository.tree(head).map_err(lost)?);
    let committed = crate::judge_with(&tree, &repository.past(head), options, UNOBSERVED);
    let mut dirty: BTreeSet<String> = match &judged.history {
        Ok(history) => history.uncommitted.iter().map(|path| format!("`{path}`")).collect(),
        Err(reason) => return Err(lost(reason.clone())),
    };
    let content = &judged.portal.config.book.src.value;
    dirty.extend(released::beside(&project.tree, &tree, content));
    // What is not in the working tree any more has no file to name.
    let (now, then) = (names(&judged.manifest.entries), names(&committed.manifest.entries));
    dirty.extend(then.difference(&now).map(|name| format!("`{name}`, which the commit has")));
    if dirty.is_empty() && committed.manifest != judged.manifest {
        let (now, then) = (&judged.manifest.entries, &committed.manifest.entries);
        dirty.extend(now.iter().filter(|entry| !then.contains(entry)).map(|it| it.name.clone()));
    }
    if dirty.is_empty() {
        return Ok(Some(head.to_string()));
    }
    if let Some(reason) = unreadable(&project.tree, &tree, content) {
        return Err(lost(reason));
    }
    let listed: Vec<String> = dirty.iter().take(10).map(|name| format!("\n  - {name}")).collect();
    let more = dirty.len().saturating_sub(10);
    let more = if more > 0 { format!("\n  - and {more} more") } else { String::new() };
    Err(Failure::new(format!(
        "the working tree is not what is committed:{}{more}",
        listed.concat()
    ))
    .help("commit it first, or take it back: a release names a commit that has all of it"))
}

/// Says why a file of the commit cannot be read, which can be read here; `None` when all can.
fn unreadable(working: &Tree, committed: &Tree, content: &str) -> Option<String> {
    let mut paths = Vec::new();
    for folder in [content, "themes"] {
        let listing = committed.list(folder);
        let (files, unread) = &*listing;
        paths.extend(files.iter().cloned());
        paths.extend(unread.iter().map(|unread| unread.path.clone()));
    }
    paths.extend(SourcePath::new("book.toml"));
    paths.extend(SourcePath::new(content));
    let why = |path: &SourcePath| {
        let unread = committed.asset(path).err().filter(|_| working.asset(path).is_ok())?;
        Some(format!("`{path}`: {}", unread.reason))
    };
    paths.iter().find_map(why)
}

fn names(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}
