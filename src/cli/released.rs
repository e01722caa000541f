//! Releases, made again from the commits that they were made from.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Judged;
use crate::assess::signatures::{self, SignedRelease};
use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::diagnostic::Diagnostic;
use crate::parse::config::Config;
use crate::parse::release::{Release, ReleaseFacts};
use crate::release::frozen::{self, Damage, Freeze};
use crate::release::standing;
use crate::render::json::releases;
use crate::source::{SourcePath, Tree, sha256};
use crate::write::published;

/// A release as it was.
pub(super) struct Remade {
    pub(super) commit: String,
    pub(super) tree: Tree,
    pub(super) judged: Judged,
}

/// Why a release cannot be made again.
pub(super) enum Refusal {
    /// What it was made from is not here.
    Absent(Failure),
    /// What it was made from gives another.
    Differs(Failure),
}

/// Returns a release with the signatures on it: those that its published folder shows, because that never changes, else
/// those that are known now. Later ones stand on the pages of later versions.
pub(super) fn signed(judged: &Judged, site: &Path, release: &Release) -> Option<SignedRelease> {
    let version = release.name();
    let signatures = &judged.assessment.signatures;
    let mut signed = signatures::of_release(&judged.portal, signatures, version)?;
    let published = published::file_of_release(site, version, "handover.json");
    let shown = published.and_then(|json| releases::published(&json, version));
    let is_true = |shown: &Vec<_>| signatures::bear_out(&judged.portal, version, shown);
    if let Some(then) = shown.filter(is_true) {
        signed.signatures = then;
    }
    Some(signed)
}

/// Says what in the file of a release does not hold together; `None` for one that does.
pub(super) fn damage(release: &Release) -> Option<Failure> {
    let damage = frozen::damage(release);
    // Where it is known what was edited, that somebody edited it is not said once more.
    let told = damage.iter().any(|one| *one != Damage::Seal);
    let damage = damage.iter().filter(|one| !told || **one != Damage::Seal);
    let damage: Vec<String> = damage.map(Damage::to_string).collect();
    (!damage.is_empty()).then(|| {
        let (path, damage) = (&release.source.path, damage.join(", and "));
        Failure::new(format!("`{path}` does not hold together: {damage}"))
            .help("take the file back to what was committed: a release never changes")
    })
}

/// Returns the files beside the content that pages are made of and no manifest names, where two trees have others.
pub(super) fn beside(working: &Tree, committed: &Tree, content: &str) -> Vec<String> {
    let mut paths: BTreeSet<SourcePath> = ["book.toml".to_owned(), format!("{content}/SUMMARY.md")]
        .iter()
        .filter_map(|path| SourcePath::new(path.trim_start_matches('/')))
        .collect();
    for tree in [working, committed] {
        paths.extend(tree.list("themes").0.iter().cloned());
    }
    // A checkout may have made every line end its own.
    let digest = |tree: &Tree, path: &SourcePath| {
        let asset = tree.asset(path).ok().flatten()?;
        Some(match std::str::from_utf8(&asset.bytes) {
            Ok(text) => sha256(text.replace("\r\n", "\n").as_bytes()),
            Err(_) => asset.digest.clone(),
        })
    };
    let differs = |path: &SourcePath| digest(working, path) != digest(committed, path);
    paths.into_iter().filter(differs).map(|path| format!("`{path}`")).collect()
}

/// Judges a release from the commit that it names, or where the repository does not have that one, from its tag's.
///
/// # Errors
/// The commit is not here, not all of its history is, or what it gives is not what was released.
pub(super) fn remake(
    project: &Project,
    config: &Config,
    release: &ReleaseFacts,
) -> Result<Remade, Refusal> {
    let version = &release.version;
    let absent = |why: &str, help: &str| {
        let failure = Failure::new(format!("release `{version}` cannot be made again: {why}"));
        Refusal::Absent(failure.help(help))
    };
    let Some(repository) = project.repository() else {
        let why = "the project is not in a git repository that can be read";
        return Err(absent(why, "build in the repository that it was made in"));
    };
    let named = release.commit.as_ref().map(|commit| commit.value.as_str());
    let tag = config.handover.tag(version);
    let found = named.and_then(|commit| repository.commit(commit).ok());
    let found = found.or_else(|| repository.commit(&format!("refs/tags/{tag}")).ok());
    let shallow = "get all of the history: `git fetch --unshallow --tags`";
    let Some(commit) = found else {
        let why = match named {
            Some(named) => {
                format!("commit {} is not in the repository", named.get(..10).unwrap_or(named))
            }
            None => format!("it names no commit, and there is no tag `{tag}`"),
        };
        let fetch = "get the commit, or its tag: `git fetch --tags`";
        return Err(absent(&why, if repository.is_shallow() { shallow } else { fetch }));
    };
    let tree = repository.tree(commit).map_err(|why| absent(&why, "see `git fsck`"))?;
    let tree = Tree::new(tree);
    let judged = crate::judge_release(&tree, &repository.past(commit), release);
    match &judged.history {
        Err(why) => return Err(absent(why, "see `git fsck`")),
        // What is not known of the past would stand on its pages for ever.
        Ok(history) if history.limit.is_some() => {
            let why = history.limit.as_deref().unwrap_or_default();
            return Err(absent(why, shallow));
        }
        Ok(_) if repository.is_shallow() && untold(&judged) => {
            return Err(absent("the release before it is not in the repository", shallow));
        }
        Ok(_) => {}
    }
    let differing = differing(release, &judged);
    if differing.is_empty() {
        return Ok(Remade { commit: commit.to_string(), tree, judged });
    }
    let short = commit.to_hex_with_len(10);
    let mut message = format!("release `{version}` is not what commit {short} gives: ");
    message.push_str(&standing::listed(&differing));
    let broken: Option<&Diagnostic> = judged.diagnostics.iter().find(|found| found.code.fatal);
    let help = match broken {
        Some(problem) => format!("in that commit, {}", problem.message),
        None => "take `content/releases` back to what was committed, or use the `handover` that it was released with".into(),
    };
    Err(Refusal::Differs(Failure::new(message).help(help)))
}

/// Returns what a release says that the state it was made from does not give.
pub(super) fn differing(release: &ReleaseFacts, judged: &Judged) -> Vec<String> {
    let mut differing = standing::differing(release, &judged.manifest);
    let commit = release.commit.as_ref().map(|commit| commit.value.as_str());
    let freeze = Freeze { version: &release.version, commit, draft: release.draft };
    let made = frozen::facts(&judged.portal, &judged.assessment, &judged.manifest, &freeze);
    differing.extend(frozen::contradictions(release, &made));
    differing
}

/// Tells whether the page of changes could not tell them all.
fn untold(judged: &Judged) -> bool {
    judged.changes.as_ref().is_some_and(|changes| changes.missing.is_some())
}
