//! `handover build`: makes the portal and publishes it.

use std::path::{Path, PathBuf};

use crate::assess::signatures::SignedRelease;
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::project::{DayArguments, Project, ProjectArguments};
use crate::cli::released::{self, Refusal, Remade};
use crate::cli::site::{self, SiteArguments};
use crate::cli::status;
use crate::cli::terminal::Terminal;
use crate::cli::timings::Clock;
use crate::diagnostic::emit;
use crate::parse::release::Release;
use crate::render::{Output, feeds};
use crate::source::Tree;
use crate::write::front::Name;
use crate::write::site::Edition;
use crate::write::{self, Watcher};
use crate::{Build, Judged, Options, UNOBSERVED};

/// Build the portal and the sign-off sheet
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    day: DayArguments,
    /// Build every release too, from the commits that they were made from
    #[arg(long)]
    all_versions: bool,
    /// Stop at any problem, also at a warning
    #[arg(long)]
    strict: bool,
    /// Say on the standard error how long each stage took
    #[arg(long)]
    timings: bool,
}

/// A version with all of its files.
struct Made {
    judged: Judged,
    output: Output,
    released: bool,
}

impl Made {
    fn edition(&self) -> Edition<'_> {
        Edition { name: name(&self.judged, self.released), output: &self.output }
    }
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let clock = Clock::start();
    let project = arguments.project.open()?;
    let options = arguments.day.options(arguments.strict)?;
    let Build { judged, output } = progress::during(terminal, |progress| {
        let observer = |stage| {
            progress.stage(stage);
            clock.stage(stage);
        };
        let judged = crate::judge_with(&project.tree, project.past(), &options, &observer);
        crate::render(judged, &project.tree, &options, &observer)
    });
    clock.stage("reporting");
    let problems = &judged.diagnostics;
    terminal.problems(problems);
    let summary = emit::summary(problems);
    let Some(output) = output else {
        terminal.note(&format!("{summary}; nothing was written"));
        return Ok(Outcome::Problems);
    };
    let version = judged.portal.version().to_owned();
    let config = judged.portal.config.clone();
    let site = arguments.site.destination(&project, &config);
    let releases = judged.portal.releases.iter();
    let releases: Vec<(Release, Option<SignedRelease>)> = releases
        .map(|release| (release.clone(), released::signed(&judged, &site, release)))
        .collect();
    let mut made = Made { judged, output, released: false };
    clock.stage("releases");
    let mut others = Vec::new();
    let (mut absent, mut wrong) = (false, false);
    let mut without = None;
    for (release, signed) in &releases {
        let rendered = |mut judged: Judged, tree: &Tree| {
            judged.release.clone_from(signed);
            rendered(judged, tree, &options)
        };
        let own = release.name() == version;
        if !own && !arguments.all_versions {
            continue;
        }
        if let Some(damage) = released::damage(release) {
            terminal.note(&damage.to_string());
            wrong = true;
            continue;
        }
        let again = progress::during(terminal, |progress| {
            progress.stage("rendering releases");
            match released::remake(&project, &config, release) {
                // The working tree is what was released: `judge` saw to it.
                Err(Refusal::Absent(_)) if own => {
                    let past = project.past();
                    let judged = crate::judge_release(&project.tree, past, release);
                    rendered(judged, &project.tree)
                }
                again => again.and_then(|Remade { commit, tree, judged }| {
                    let beside = released::beside(&project.tree, &tree, &config.book.src.value);
                    if own && !beside.is_empty() {
                        without = Some((commit, beside));
                    }
                    rendered(judged, &tree)
                }),
            }
        });
        match again {
            Ok(again) if own => made = again,
            Ok(again) => others.push(again),
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
    if wrong || absent && arguments.strict {
        terminal.note("nothing was written");
        return Ok(Outcome::Problems);
    }
    if let Some((commit, beside)) = without {
        terminal.note(&format!(
            "`{version}` is released: it is built from commit {}, without what changed since in {}",
            commit.get(..10).unwrap_or(&commit),
            listed(&beside)
        ));
    }
    clock.stage("writing");
    let site = publish(arguments, terminal, &project, &made, &others)?;
    for other in &others {
        terminal.result(&line(&site, other, "released"));
    }
    let took = format!("{summary}, {:.1} s", clock.elapsed().as_secs_f64());
    terminal.result(&line(&site, &made, &took));
    if arguments.timings {
        terminal.note(&clock.report());
    }
    Ok(Outcome::Fine)
}

/// Renders a release: what `check` says of it was known when it was released, and does not stop it.
fn rendered(judged: Judged, tree: &Tree, options: &Options) -> Result<Made, Refusal> {
    let options = Options { strict: false, ..*options };
    let version = judged.portal.version().to_owned();
    match crate::render(judged, tree, &options, UNOBSERVED) {
        Build { judged, output: Some(output) } => Ok(Made { judged, output, released: true }),
        Build { judged, output: None } => {
            let problem = judged.diagnostics.iter().find(|problem| problem.code.fatal);
            let why = problem.map_or("", |problem| &problem.message);
            Err(Refusal::Differs(Failure::new(format!("release `{version}` has no pages: {why}"))))
        }
    }
}

/// Returns the first of many, and how many more there are.
fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(5);
    let first = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

/// Says what came of a version.
fn line(site: &Path, made: &Made, rest: &str) -> String {
    let Judged { portal, assessment, .. } = &made.judged;
    let pages = made.output.keys().filter(|path| path.ends_with(".html")).count();
    format!(
        "{}: {}, {}, {}, {rest}",
        site.join(portal.version()).display(),
        emit::counted(portal.documents.len(), "document"),
        emit::counted(pages, "page"),
        status::verdict(portal, &assessment.readiness),
    )
}

/// Publishes the versions, and returns the folder of the site.
fn publish(
    arguments: &Arguments,
    terminal: &Terminal,
    project: &Project,
    made: &Made,
    others: &[Made],
) -> Result<PathBuf, Failure> {
    let config = &made.judged.portal.config;
    let destination = arguments.site.destination(project, config);
    let editions: Vec<Edition<'_>> = others.iter().chain([made]).map(Made::edition).collect();
    progress::during(terminal, |progress| {
        let watcher = Watcher {
            waiting: &|| site::waiting(terminal),
            progress: &|done, total| progress.count("writing", done, total),
        };
        write::publish(site::sources(project, config), &destination, &editions, &watcher)
    })?;
    Ok(destination)
}

/// Returns what a version is called, for the pages that lead to it.
pub(super) fn name(judged: &Judged, released: bool) -> Name<'_> {
    Name {
        version: judged.portal.version(),
        released,
        title: feeds::title(&judged.facts()),
        language: &judged.portal.config.book.language,
    }
}
