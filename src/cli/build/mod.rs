//! `handover build`: makes the portal and publishes it.

mod releases;

use std::path::Path;
use std::sync::Arc;

use crate::Judged;
use crate::cli::Outcome;
use crate::cli::current::Current;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::project::{self, DayArguments, ProgramArguments, Project, ProjectArguments};
use crate::cli::site::{self, SiteArguments};
use crate::cli::status;
use crate::cli::terminal::Terminal;
use crate::cli::timings::Clock;
use crate::diagnostic::emit;
use crate::render::shard::{Shard, Share};
use crate::render::version::Version;
use crate::render::{Files as _, feeds};
use crate::serve::snapshot::Shown as _;
use crate::source::sha256;
use crate::write::error::WriteError;
use crate::write::front::Name;
use crate::write::shard::Label;
use crate::write::site::Edition;
use crate::write::{self, Kind, Watcher};

use releases::{Editions, Request};

/// Build the portal and the sign-off sheet
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    day: DayArguments,
    #[command(flatten)]
    programs: ProgramArguments,
    /// Build every release too, from the commits that they were made from
    #[arg(long)]
    all_versions: bool,
    /// Make only this share of the files, the second of four as `2/4`, for `handover merge`
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Stop at any problem, also at a warning
    #[arg(long)]
    strict: bool,
    /// Say on the standard error how long each stage took
    #[arg(long)]
    timings: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let clock = Clock::start();
    // Who watches sees the progress, which a remark would break.
    let long = if terminal.watched { |_: &str| {} } else { project::waits };
    let project = arguments.project.open_with(&arguments.programs, long)?;
    let options = arguments.day.options(arguments.strict)?;
    let (judged, theme) = progress::during(terminal, |progress| {
        let observer = |stage| {
            progress.stage(stage);
            clock.stage(stage);
        };
        let mut judged = crate::judge_with(&project.tree, project.past(), &options, &observer);
        let theme = crate::theme(&mut judged, &project.tree, &options);
        (judged, theme)
    });
    clock.stage("reporting");
    project.say_if_empty(&judged.portal, terminal);
    let mut problems = judged.diagnostics.clone();
    terminal.problems(&problems);
    let summary = emit::summary(&problems);
    let Some(theme) = theme else {
        terminal.note(&format!("{summary}; nothing was written"));
        return Ok(Outcome::Problems);
    };
    clock.stage("releases");
    let site = arguments.site.destination(&project, &judged.portal.config);
    let all = arguments.all_versions;
    let request = Request { project: &project, site: &site, options: &options, all };
    let current = Current { judged, theme: Arc::new(theme), released: false };
    let Some(editions) = releases::editions(current, &request, terminal) else {
        terminal.note("nothing was written");
        return Ok(Outcome::Problems);
    };
    let Editions { current, others } = &editions;
    let versions: Vec<(&Current, Version<'_>)> = others
        .iter()
        .chain([current])
        .map(|current| (current, Version::new(current.facts(), &current.theme)))
        .collect();
    let shares: Vec<(&Current, Share<'_>)> = versions
        .iter()
        .map(|(current, version)| (*current, Share::new(version, arguments.shard)))
        .collect();
    let Arguments { shard, strict, .. } = *arguments;
    let request = Publication { project: &project, site: &site, shard, strict };
    match publish(terminal, &clock, &request, &shares) {
        Err(WriteError::Template { version, problem })
            if version == current.judged.portal.version() =>
        {
            terminal.problems(std::slice::from_ref(&*problem));
            problems.push(*problem);
            terminal.note(&format!("{}; nothing was written", emit::summary(&problems)));
            return Ok(Outcome::Problems);
        }
        published => published?,
    }
    for (number, (current, share)) in shares.iter().enumerate() {
        let rest = if number < others.len() {
            "released".to_owned()
        } else {
            format!("{summary}, {:.1} s", clock.elapsed().as_secs_f64())
        };
        terminal.result(&line(&site, &current.judged, share, arguments.shard, &rest));
    }
    if arguments.timings {
        terminal.note(&clock.report());
    }
    Ok(Outcome::Fine)
}

/// Says what came of a version.
fn line(
    site: &Path,
    judged: &Judged,
    share: &Share<'_>,
    shard: Option<Shard>,
    rest: &str,
) -> String {
    let Judged { portal, assessment, .. } = judged;
    let pages = emit::counted(share.version().html().count(), "page");
    format!(
        "{}: {}{}, {}, {}, {rest}",
        site.join(portal.version()).display(),
        shard.map_or_else(String::new, |shard| {
            format!("shard {shard}, {} of ", emit::counted(share.paths().len(), "file"))
        }),
        emit::counted(portal.documents.len(), "document"),
        pages,
        status::verdict(portal, &assessment.readiness),
    )
}

/// What is put where.
struct Publication<'a> {
    project: &'a Project,
    site: &'a Path,
    /// Only this share of the files.
    shard: Option<Shard>,
    strict: bool,
}

/// Makes the versions and publishes them.
fn publish(
    terminal: &Terminal,
    clock: &Clock,
    request: &Publication<'_>,
    shares: &[(&Current, Share<'_>)],
) -> Result<(), WriteError> {
    let Publication { project, site, shard, strict } = request;
    let editions: Vec<Edition<'_>> = shares
        .iter()
        .map(|(current, share)| Edition { name: current.name(), files: share })
        .collect();
    let config = shares.last().map(|(current, _)| &current.judged.portal.config);
    let config = config.expect("invariant: a build has a version");
    let label = shard.map(|shard| {
        let names = editions.iter().map(|edition| edition.name);
        Label::new(shard, &sources(project, shares, *strict), names)
    });
    progress::during(terminal, |progress| {
        for (_, share) in shares {
            share.prepare(&|stage| {
                progress.stage(stage);
                clock.stage(stage);
            });
        }
        clock.stage("pages");
        let watcher = Watcher {
            waiting: &|| site::waiting(terminal),
            progress: &|done, total| progress.count("pages", done, total),
        };
        let kind = label.as_ref().map_or(Kind::Site, Kind::Shard);
        write::publish(site::sources(project, config), site, &editions, kind, &watcher)
    })?;
    Ok(())
}

/// Says what versions are made from, by which the shards of one build know each other: all that was read, and what the
/// versions say of themselves, the day and the history among it.
fn sources(project: &Project, shares: &[(&Current, Share<'_>)], strict: bool) -> String {
    let reports = shares.iter().map(|(_, share)| {
        let report = share.version().file("handover.json").and_then(Result::ok);
        sha256(&report.unwrap_or_default())
    });
    let reports: Vec<String> = reports.collect();
    format!("{} {} {strict}", project.tree.digest(), reports.join(" "))
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
