#![doc = include_str!("README.md")]

pub mod source;
pub mod error;
pub mod diagnostic;
#[expect(clippy::disallowed_methods, reason = "the project comes in by this door")]
pub mod load;
pub mod parse;
pub mod link;
pub mod assess;
pub mod check;
pub mod release;
pub mod render;
#[expect(clippy::disallowed_methods, reason = "the site goes out by this door")]
pub mod write;
#[expect(clippy::disallowed_methods, reason = "clock, environment and folders are looked at here")]
pub mod cli;
#[cfg(test)]
mod fixture;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::assess::Assessment;
use crate::diagnostic::Diagnostic;
use crate::link::{Parsed, Portal};
use crate::release::Manifest;
use crate::render::{Facts, Output};
use crate::source::{Source, SourcePath, Tree};

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
    pub assessment: Assessment,
    pub manifest: Manifest,
    pub diagnostics: Vec<Diagnostic>,
}

/// A project and, where nothing stops it, every file of its portal.
pub struct Build {
    pub judged: Judged,
    pub output: Option<Output>,
}

/// The pipeline: load → parse → link → assess → check → render. Writing is the caller's.
pub fn build(tree: &Tree, options: &Options) -> Build {
    let judged = judge(tree, options);
    let stopped = judged.diagnostics.iter().any(|problem| problem.code.fatal || options.strict);
    let output = (!stopped).then(|| render::render(&judged.facts(), tree));
    Build { judged, output }
}

/// The pipeline up to `check`.
pub fn judge(tree: &Tree, options: &Options) -> Judged {
    let portal = link::portal(parse(tree), tree);
    let chosen = options.today.or(portal.config.handover.today.map(|day| day.0));
    let today = chosen.unwrap_or(options.fallback);
    let assessment =
        assess::assess(&portal, today, chosen.is_none() && options.fallback_from_clock);
    let manifest = release::manifest(&portal, &assessment);
    let diagnostics = check::check(&portal, &assessment);
    Judged { portal, assessment, manifest, diagnostics }
}

impl Judged {
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            portal: &self.portal,
            assessment: &self.assessment,
            manifest: &self.manifest,
            diagnostics: &self.diagnostics,
        }
    }
}

/// Reads every file of the project that has a form of ours.
fn parse(tree: &Tree) -> Parsed {
    let mut parsed = Parsed::default();
    if let Some(source) = read(tree, "book.toml", &mut parsed.problems) {
        let (config, problems) = parse::config::config(&source);
        parsed.config = config;
        parsed.problems.extend(problems);
    }
    let content = parsed.config.book.src.value.clone();
    if let Some(source) = read(tree, &format!("{content}/plan.toml"), &mut parsed.problems) {
        let (plan, problems) = parse::plan::plan(&source);
        parsed.plan = plan;
        parsed.problems.extend(problems);
    }
    if let Some(source) = read(tree, &format!("{content}/SUMMARY.md"), &mut parsed.problems) {
        let (summary, problems) = parse::summary::summary(&source);
        parsed.summary = Some(summary);
        parsed.problems.extend(problems);
    }
    let records = tree.list(&format!("{content}/records")).0;
    for path in records.iter().filter(|path| path.extension() == "toml") {
        if let Some(source) = read(tree, path.as_str(), &mut parsed.problems) {
            let (records, problems) = parse::records::records(&source);
            parsed.records.append(records);
            parsed.problems.extend(problems);
        }
    }
    let (files, _unread) = tree.list(&content);
    let documents: BTreeMap<SourcePath, _> = files
        .par_iter()
        .filter(|path| path.extension() == "md" && path.name() != "SUMMARY.md")
        .filter_map(|path| {
            let source = tree.source(path).ok()??;
            Some((path.clone(), Arc::new(parse::document::document(tree, &source, &content))))
        })
        .collect();
    parsed.documents = documents;
    parsed
}

/// Returns the text of a file that verdicts hang on; that it is there and cannot be read stops the build.
fn read(tree: &Tree, path: &str, problems: &mut Vec<Diagnostic>) -> Option<Arc<Source>> {
    match tree.source(&SourcePath::new(path)?) {
        Ok(source) => source,
        Err(source::Unread { path, reason }) => {
            let message = format!("cannot read `{path}`: {reason}");
            let source = Arc::new(Source { path, text: String::new() });
            problems.push(Diagnostic::new(&parse::codes::UNREADABLE_PLAN, &source, 0..0, message));
            None
        }
    }
}
