#![doc = include_str!("README.md")]

pub mod source;
pub mod error;
pub mod diagnostic;
pub mod history;
#[expect(clippy::disallowed_methods, reason = "the project comes in by this door")]
pub mod load;
pub mod signature;
pub mod diagram;
pub mod parse;
pub mod difference;
pub mod link;
pub mod assess;
pub mod release;
pub mod check;
pub mod render;
#[expect(clippy::disallowed_methods, reason = "the site goes out by this door")]
pub mod write;
pub mod serve;
#[expect(clippy::disallowed_methods, reason = "clock, environment and folders are looked at here")]
pub mod cli;
#[cfg(test)]
mod fixture;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::assess::signatures::SignedRelease;
use crate::assess::{Assessment, Known};
use crate::diagnostic::{Code, Diagnostic};
use crate::history::{History, NoPast, Past};
use crate::link::Portal;
use crate::parse::preprocess;
use crate::parse::release::ReleaseFacts;
use crate::release::Manifest;
use crate::release::changes::{self, Changes};
use crate::render::theme::Theme;
use crate::render::version::Version;
use crate::render::{Facts, Output};
use crate::source::{Programs, Tree};

/// Who is told which stage begins, for progress and timings.
pub type Observer<'a> = &'a dyn Fn(&'static str);

/// Nobody is told.
pub const UNOBSERVED: Observer<'static> = &|_| {};

/// What is remembered of the last look at a project, so that the next one does what has changed. It changes no result.
#[derive(Default)]
pub struct Memory {
    documents: parse::project::Memory,
    preprocessed: parse::preprocess::Memory,
    names: link::again::Memory,
    digests: assess::digest::Memory,
    past: assess::past::Memory,
    verdicts: assess::again::Memory,
    manifest: release::Memory,
    findings: check::again::Memory,
    pub(crate) theme: render::theme::Memory,
    /// The theme whose templates rendered last.
    pub(crate) tried: Option<Arc<Theme>>,
}

/// What a build is asked for, beside the project itself.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day to judge for, from `--today`; it stands before the one in `book.toml`.
    pub today: Option<NaiveDate>,
    /// The day where neither says one: `SOURCE_DATE_EPOCH` or the clock.
    pub fallback: NaiveDate,
    pub fallback_from_clock: bool,
    /// Warnings stop the build too.
    pub strict: bool,
}

/// A project that was read, judged and checked.
pub struct Judged {
    pub portal: Portal,
    /// Where there is none, why.
    pub history: Result<History, String>,
    pub assessment: Assessment,
    pub manifest: Manifest,
    /// What changed since the release before this version; `None` where there is none.
    pub changes: Option<Changes>,
    /// What this is the portal of, where that is a release: the signatures on it are not in its own tree.
    pub release: Option<SignedRelease>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A project and, where nothing stops it, every file of its portal.
pub struct Build {
    pub judged: Judged,
    pub output: Option<Output>,
}

/// Returns every kind of problem that there is, sorted by id.
pub fn codes() -> Vec<&'static Code> {
    let mut codes = check::codes();
    codes.extend([&render::theme::BROKEN_TEMPLATE, &release::standing::RELEASED_VERSION]);
    codes.sort_by_key(|code| code.id);
    codes
}

/// The pipeline: load → parse → link → assess → check → render. Writing is the caller's.
pub fn build(tree: &Tree, options: &Options) -> Build {
    let mut judged = judge(tree, options);
    let theme = theme(&mut judged, tree, options);
    let output = theme.map(|theme| Version::new(judged.facts(), &theme).all());
    let output = match output {
        Some(Ok(output)) => Some(output),
        Some(Err(problem)) => {
            judged.diagnostics.push(*problem);
            None
        }
        None => None,
    };
    Build { judged, output }
}

/// Returns the theme that shows what is judged, unless something stops a build: what is wrong with the theme is noted too.
pub fn theme(judged: &mut Judged, tree: &Tree, options: &Options) -> Option<Theme> {
    if judged.diagnostics.iter().any(|problem| problem.code.fatal || options.strict) {
        return None;
    }
    let name = judged.portal.config.handover.theme.as_ref().map(|name| name.as_str());
    let (theme, problems) = Theme::load(tree, name);
    let is_whole = problems.is_empty();
    judged.diagnostics.extend(problems);
    is_whole.then_some(theme)
}

/// The pipeline up to `check`, for a project without a past.
pub fn judge(tree: &Tree, options: &Options) -> Judged {
    judge_with(tree, &NoPast::outside(), options, UNOBSERVED)
}

/// The pipeline up to `check`. A version that is released already must still be what was released.
pub fn judge_with(
    tree: &Tree,
    past: &dyn Past,
    options: &Options,
    observer: Observer<'_>,
) -> Judged {
    judge_again(tree, past, options, observer, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn judge_again(
    tree: &Tree,
    past: &dyn Past,
    options: &Options,
    observer: Observer<'_>,
    memory: &mut Memory,
) -> Judged {
    let portal = portal(tree, tree.programs().ok_or(""), observer, memory);
    let chosen = options.today.or(portal.config.handover.today.map(|day| day.0));
    let today = chosen.unwrap_or(options.fallback);
    let from_clock = chosen.is_none() && options.fallback_from_clock;
    let mut judged = judge_portal(portal, tree, past, (today, from_clock), observer, memory);
    if let Some(release) = judged.portal.released() {
        observer("releases");
        let frozen = judge_release(tree, past, release);
        let problem = release::standing::problem(&judged.portal, release, &frozen.manifest);
        judged.diagnostics.extend(problem);
        if tree.programs().is_some() {
            let unused = check::unused_in_release(&judged.diagnostics, frozen.diagnostics);
            judged.diagnostics.extend(unused);
        }
    }
    judged
}

/// The pipeline up to `check`, for the tree that a release was made from, as it was judged then. Nothing that came after the
/// release has a say: the same tree and past give the same, whichever later releases the tree knows, and whichever programs are
/// installed today.
pub fn judge_release(tree: &Tree, past: &dyn Past, release: &ReleaseFacts) -> Judged {
    let memory = &mut Memory::default();
    let programs = Err(", as a release is of the text in the repository");
    let mut portal = portal(tree, programs, UNOBSERVED, memory);
    portal.freeze(&release.version);
    judge_portal(portal, tree, past, (release.date.0, false), UNOBSERVED, memory)
}

/// Reads a project, and what programs make of it.
fn portal(
    tree: &Tree,
    programs: Result<&dyn Programs, &str>,
    observer: Observer<'_>,
    memory: &mut Memory,
) -> Portal {
    observer("reading");
    let mut parsed = parse::project::project_again(tree, &mut memory.documents);
    if !parsed.config.preprocessors.is_empty() {
        observer("preprocessing");
        preprocess::preprocess(&mut parsed, tree, programs, &mut memory.preprocessed);
    }
    observer("linking");
    link::portal_again(parsed, tree, &mut memory.names)
}

/// Judges a portal for a day, which the clock may have said.
fn judge_portal(
    portal: Portal,
    tree: &Tree,
    past: &dyn Past,
    (today, from_clock): (NaiveDate, bool),
    observer: Observer<'_>,
    memory: &mut Memory,
) -> Judged {
    observer("assessing");
    let digests = assess::digest::digests_again(&portal, &mut memory.digests);
    observer("history");
    let history = assess::past::history_again(&portal, &digests, past, today, &mut memory.past);
    observer("assessing");
    let known = Known { portal: &portal, digests, history: history.as_ref().ok() };
    let assessment = assess::assess_again(&known, today, from_clock, &mut memory.verdicts);
    let manifest = release::manifest_again(&portal, &assessment, &mut memory.manifest);
    observer("changes");
    let changes = changes::since_previous(&portal, &assessment, &manifest, tree, past);
    observer("checking");
    let diagnostics = check::check_again(&portal, &assessment, &mut memory.findings);
    Judged { portal, history, assessment, manifest, changes, release: None, diagnostics }
}

impl Judged {
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            portal: &self.portal,
            history: &self.history,
            assessment: &self.assessment,
            manifest: &self.manifest,
            changes: self.changes.as_ref(),
            release: self.release.as_ref(),
            diagnostics: &self.diagnostics,
        }
    }
}
