//! Whether the working tree is what is committed: only that can be frozen, since only that can be read again.

use std::collections::BTreeSet;

use crate::cli::failure::Failure;
use crate::cli::project::Project;
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
    let Some(repository) = project.repository() else {
        return match &judged.history {
            Err(reason) if *reason != crate::history::NoPast::outside().0 => {
                Err(Failure::new(reason.clone()))
            }
            _ => Ok(None),
        };
    };
    let unreadable = |reason| Failure::new(format!("cannot read the git repository: {reason}"));
    let head = repository.head().map_err(unreadable)?;
    let head = head.ok_or_else(|| {
        Failure::new("nothing is committed yet").help("a release names the commit it is made from")
    })?;
    let tree = Tree::new(repository.tree(head).map_err(unreadable)?);
    let committed = crate::judge_with(&tree, &repository.past(head), options, UNOBSERVED);
    let mut dirty: BTreeSet<String> = match &judged.history {
        Ok(history) => history.uncommitted.iter().map(|path| format!("`{path}`")).collect(),
        Err(reason) => return Err(Failure::new(reason.clone())),
    };
    dirty.extend(files(&project.tree, &tree, judged));
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
    let listed: Vec<String> = dirty.iter().take(10).map(|name| format!("\n  - {name}")).collect();
    let more = dirty.len().saturating_sub(10);
    let more = if more > 0 { format!("\n  - and {more} more") } else { String::new() };
    Err(Failure::new(format!(
        "the working tree is not what is committed:{}{more}",
        listed.concat()
    ))
    .help("commit it first, or take it back: a release names a commit that has all of it"))
}

/// Returns the files beside the content that pages are made of, where the commit has others.
fn files(working: &Tree, committed: &Tree, judged: &Judged) -> Vec<String> {
    let content = &judged.portal.config.book.src.value;
    let mut paths: BTreeSet<SourcePath> = ["book.toml".to_owned(), format!("{content}/SUMMARY.md")]
        .iter()
        .filter_map(|path| SourcePath::new(path.trim_start_matches('/')))
        .collect();
    for tree in [working, committed] {
        paths.extend(tree.list("themes").0);
    }
    let bytes = |tree: &Tree, path: &SourcePath| {
        tree.asset(path).ok().flatten().map(|asset| asset.digest.clone())
    };
    let differs = |path: &SourcePath| bytes(working, path) != bytes(committed, path);
    paths.into_iter().filter(differs).map(|path| format!("`{path}`")).collect()
}

fn names(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}
