//! `handover verify`: whether a release is what was frozen, whether the project still is, and which signatures hold.

mod origin;
mod report;
mod site;

use std::path::PathBuf;

use crate::assess::signatures;
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::keys::KeyArguments;
use crate::cli::project::{DayArguments, Project, ProjectArguments};
use crate::cli::sign;
use crate::cli::terminal::Terminal;
use crate::cli::verify::origin::Origin;
use crate::cli::verify::report::Verification;
use crate::diagnostic::Diagnostic;
use crate::load::git::CommitPast;
use crate::parse::release::Release;
use crate::release::compare::{self, Mismatch, Now};
use crate::release::frozen;
use crate::source::Tree;
use crate::{Judged, UNOBSERVED};

/// Verify a release: its file, every signature, and what has changed since
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The version; `handover release` froze it
    #[arg(value_name = "VERSION")]
    version: String,
    #[command(flatten)]
    project: ProjectArguments,
    /// Hold it against a commit or a tag, not against the working tree
    #[arg(long, value_name = "REV", conflicts_with = "site")]
    rev: Option<String>,
    /// Hold it against a published site, or the folder of a version in it
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    #[command(flatten)]
    keys: KeyArguments,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// What a release was held against, and what came of it.
struct Held {
    /// "the working tree", "commit 1f2e3d4c5b"
    against: String,
    mismatches: Vec<Mismatch>,
    /// What of a published site is not as it was published.
    files: Vec<String>,
    /// What could not be looked at, and why.
    remarks: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = judged(arguments, &project)?;
    let broken = broken(&judged, &arguments.version);
    if !broken.is_empty() {
        terminal.problems(&broken);
        return Ok(Outcome::Problems);
    }
    let release = sign::release(&judged, &arguments.version)?;
    let origin = origin::origin(&project, release);
    let held = match (&arguments.site, &arguments.rev) {
        (Some(folder), _) => site::held(&project, &judged, release, folder)?,
        (None, Some(revision)) => at_revision(&project, release, revision)?,
        (None, None) => {
            let now = crate::judge_release(&project.tree, project.past(), release);
            held("the working tree".into(), &project, release, &project.tree, &now)
        }
    };
    let signers = arguments.keys.signers(&judged)?;
    let signatures = signatures::signatures(&judged.portal, &signers, None);
    let signatures =
        signatures.into_iter().filter(|signature| signature.version == arguments.version);
    let verification = Verification {
        release,
        damage: frozen::damage(release),
        origin,
        held,
        signatures: signatures.collect(),
    };
    if arguments.json {
        terminal.json(&verification.json());
    } else {
        terminal.result(&verification.text());
    }
    let stated = judged.portal.version();
    let moved_on =
        arguments.site.is_none() && arguments.rev.is_none() && stated != arguments.version;
    if let (true, Some(Ok(Origin { commit, .. }))) = (moved_on, &verification.origin) {
        terminal.note(&format!(
            "  = help: the working tree is version `{stated}` now: `--rev {commit}` holds the release against what it was made from"
        ));
    }
    Ok(if verification.is_valid() { Outcome::Fine } else { Outcome::Problems })
}

/// Judges the working tree. Where that has no such release, what is named with `--rev` may have it: also in a repository
/// that has no working tree.
fn judged(arguments: &Arguments, project: &Project) -> Result<Judged, Failure> {
    let options = DayArguments::default().options(false)?;
    let judged = project.judge(&options);
    let releases = &judged.portal.releases;
    let has_it = releases.iter().any(|release| release.name() == arguments.version);
    match &arguments.rev {
        Some(revision) if !has_it && broken(&judged, &arguments.version).is_empty() => {
            let (tree, past, _) = revision_of(project, revision)?;
            Ok(crate::judge_with(&tree, &past, &options, UNOBSERVED))
        }
        _ => Ok(judged),
    }
}

/// Returns the problems of a release's file that cannot be read at all.
fn broken(judged: &Judged, version: &str) -> Vec<Diagnostic> {
    let content = &judged.portal.config.book.src.value;
    let path = frozen::path(content, version);
    let problems = judged.portal.problems.iter();
    problems.filter(|problem| Some(&problem.source.path) == path.as_ref()).cloned().collect()
}

fn at_revision(project: &Project, release: &Release, revision: &str) -> Result<Held, Failure> {
    let (tree, past, against) = revision_of(project, revision)?;
    let now = crate::judge_release(&tree, &past, release);
    Ok(held(against, project, release, &tree, &now))
}

/// Returns the project's files at a commit that somebody named, their past, and what the commit is called.
fn revision_of<'a>(
    project: &'a Project,
    revision: &str,
) -> Result<(Tree, CommitPast<'a>, String), Failure> {
    let Some(repository) = project.repository() else {
        return Err(Failure::new("`--rev` needs a git repository"));
    };
    let commit = repository.commit(revision).map_err(Failure::new)?;
    let tree = Tree::new(repository.tree(commit).map_err(Failure::new)?);
    let name = format!("commit {}", commit.to_hex_with_len(10));
    Ok((tree, repository.past(commit), name))
}

/// Holds a release against a tree that was judged for its day.
fn held(against: String, project: &Project, release: &Release, tree: &Tree, now: &Judged) -> Held {
    let then = tree_of(project, release);
    let mut remarks = Vec::new();
    if let Err(why) = &then {
        remarks.push(format!("which lines changed is not known: {why}"));
    }
    let Judged { portal, assessment, manifest, .. } = now;
    let now = Now { tree, portal, assessment, manifest };
    let mismatches = compare::compare(release, now, then.as_ref().ok());
    if mismatches.is_empty() {
        remarks.clear();
    }
    Held { against, mismatches, files: Vec::new(), remarks }
}

/// Returns the tree that a release was made from, or why it is not at hand.
fn tree_of(project: &Project, release: &Release) -> Result<Tree, String> {
    let commit = release.commit.as_ref().ok_or("the release names no commit")?;
    let repository = project.repository().ok_or("the project is in no git repository")?;
    let id = repository.commit(commit).map_err(|_| {
        format!("commit {} is not in the repository", commit.get(..10).unwrap_or(commit))
    })?;
    Ok(Tree::new(repository.tree(id)?))
}
