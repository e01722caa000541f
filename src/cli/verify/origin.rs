//! The commit that a release names → whether it gives what was released.

use crate::cli::project::Project;
use crate::cli::released;
use crate::parse::release::ReleaseFacts;
use crate::source::Tree;

/// What a release was made from, and what of the release that does not give.
pub(super) struct Origin {
    /// The first digits of the commit.
    pub(super) commit: String,
    pub(super) differing: Vec<String>,
}

/// Holds a release against the commit that it names; `None` where it names none.
///
/// # Errors
/// Why that cannot be done here, which says nothing against the release.
pub(super) fn origin(project: &Project, release: &ReleaseFacts) -> Option<Result<Origin, String>> {
    let named = &release.commit.as_ref()?.value;
    let commit = named.get(..10).unwrap_or(named).to_owned();
    let judged = judged(project, release, named);
    Some(match judged {
        Ok(differing) => Ok(Origin { commit, differing }),
        Err(why) => Err(format!("commit {commit} was not looked at: {why}")),
    })
}

fn judged(project: &Project, release: &ReleaseFacts, named: &str) -> Result<Vec<String>, String> {
    let repository = project.repository().ok_or("the project is in no git repository")?;
    let commit = repository.commit(named).map_err(|_| match repository.is_shallow() {
        true => "the repository is a shallow clone, without it",
        false => "it is not in the repository",
    })?;
    let tree = Tree::new(repository.tree(commit)?);
    let judged = crate::judge_release(&tree, &repository.past(commit), release);
    match &judged.history {
        Ok(history) => match &history.limit {
            Some(why) => Err(why.clone()),
            None => Ok(released::differing(release, &judged)),
        },
        Err(why) => Err(why.clone()),
    }
}
