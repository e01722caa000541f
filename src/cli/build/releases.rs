//! The releases that a build publishes beside the working tree, or in its place where its version is released.

use std::path::Path;
use std::sync::Arc;

use crate::assess::signatures::SignedRelease;
use crate::cli::current::Current;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::project::Project;
use crate::cli::released::{self, Refusal, Remade};
use crate::cli::terminal::Terminal;
use crate::parse::release::Release;
use crate::source::Tree;
use crate::{Judged, Options};

/// What a build publishes.
pub(super) struct Editions {
    /// The version of the working tree.
    pub(super) current: Current,
    pub(super) others: Vec<Current>,
}

/// Which releases are built, and beside what.
pub(super) struct Request<'a> {
    pub(super) project: &'a Project,
    /// The folder of the site.
    pub(super) site: &'a Path,
    pub(super) options: &'a Options,
    /// Every release, not only the one that the working tree is.
    pub(super) all: bool,
}

/// Makes the releases ready that are asked for, and says why one cannot be. `None` where that stops the build.
pub(super) fn editions(
    current: Current,
    request: &Request<'_>,
    terminal: &Terminal,
) -> Option<Editions> {
    let Request { project, site, options, all } = *request;
    let judged = &current.judged;
    let version = judged.portal.version().to_owned();
    let config = judged.portal.config.clone();
    let releases = judged.portal.releases.iter();
    let releases: Vec<(Arc<Release>, Option<SignedRelease>)> = releases
        .filter(|release| all || release.name() == version)
        .map(|release| (release.clone(), released::signed(judged, site, release)))
        .collect();
    let mut editions = Editions { current, others: Vec::new() };
    let (mut absent, mut wrong) = (false, false);
    let mut without = None;
    for (release, signed) in &releases {
        let own = release.name() == version;
        if let Some(damage) = released::damage(release) {
            terminal.note(&damage.to_string());
            wrong = true;
            continue;
        }
        let again = progress::during(terminal, |progress| {
            progress.stage("reading releases");
            match released::remake(project, &config, release) {
                // The working tree is what was released: `judge` saw to it.
                Err(Refusal::Absent(_)) if own => {
                    let judged = crate::judge_release(&project.tree, project.past(), release);
                    ready(judged, signed.as_ref(), &project.tree, options)
                }
                again => again.and_then(|Remade { commit, tree, judged }| {
                    let beside = released::beside(&project.tree, &tree, &config.book.src.value);
                    if own && !beside.is_empty() {
                        without = Some((commit, beside));
                    }
                    ready(judged, signed.as_ref(), &tree, options)
                }),
            }
        });
        match again {
            Ok(again) if own => editions.current = again,
            Ok(again) => editions.others.push(again),
            Err(Refusal::Absent(why)) => {
                terminal.note(&why.warning());
                absent = true;
            }
            Err(Refusal::Differs(why)) => {
                terminal.note(&why.to_string());
                wrong = true;
            }
        }
    }
    if wrong || absent && options.strict {
        return None;
    }
    if let Some((commit, beside)) = without {
        terminal.note(&format!(
            "`{version}` is released: it is built from commit {}, without what changed since in {}",
            commit.get(..10).unwrap_or(&commit),
            listed(&beside)
        ));
    }
    Some(editions)
}

/// Makes a release ready to be rendered: what `check` says of it was known when it was released, and does not stop it.
fn ready(
    mut judged: Judged,
    signed: Option<&SignedRelease>,
    tree: &Tree,
    options: &Options,
) -> Result<Current, Refusal> {
    judged.release = signed.cloned();
    let options = Options { strict: false, ..*options };
    if let Some(theme) = crate::theme(&mut judged, tree, &options) {
        return Ok(Current { judged, theme: Arc::new(theme), released: true });
    }
    let version = judged.portal.version();
    let problem = judged.diagnostics.iter().find(|problem| problem.code.fatal);
    let why = problem.map_or("", |problem| &problem.message);
    Err(Refusal::Differs(Failure::new(format!("release `{version}` has no pages: {why}"))))
}

/// Returns the first of many, and how many more there are.
fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(5);
    let first = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}
