//! `handover build`: makes the portal and publishes it.

use std::path::PathBuf;
use std::time::Instant;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::project::{DayArguments, Project, ProjectArguments};
use crate::cli::site::{self, SiteArguments};
use crate::cli::status;
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit::{self, Format};
use crate::render::Output;
use crate::write::site::Edition;
use crate::write::{self, Watcher};
use crate::{Build, Judged};

/// Build the portal and the sign-off sheet
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    day: DayArguments,
    /// Stop at any problem, also at a warning
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let project = arguments.project.open()?;
    let options = arguments.day.options(arguments.strict)?;
    let Build { judged, output } = progress::during(terminal, |progress| {
        progress.stage("reading");
        let judged = project.judge(&options);
        progress.stage("rendering");
        crate::render(judged, &project.tree, &options)
    });
    let problems = &judged.diagnostics;
    terminal.note(&emit::emit(Format::Human, problems, terminal.note_color, terminal.width));
    let Some(output) = output else {
        terminal.note(&format!("{}; nothing was written", emit::summary(problems)));
        return Ok(Outcome::Problems);
    };
    let destination = publish(arguments, terminal, &project, &judged, &output)?;
    let pages = output.keys().filter(|path| path.ends_with(".html")).count();
    terminal.result(&format!(
        "{}: {}, {}, {}, {}, {:.1} s",
        destination.join(judged.portal.version()).display(),
        emit::counted(judged.portal.documents.len(), "document"),
        emit::counted(pages, "page"),
        status::verdict(&judged.portal, &judged.assessment.readiness),
        emit::summary(problems),
        start.elapsed().as_secs_f64(),
    ));
    Ok(Outcome::Fine)
}

/// Publishes the portal, and returns the folder of the site.
fn publish(
    arguments: &Arguments,
    terminal: &Terminal,
    project: &Project,
    judged: &Judged,
    output: &Output,
) -> Result<PathBuf, Failure> {
    let config = &judged.portal.config;
    let destination = arguments.site.destination(project, config);
    let edition = Edition {
        version: judged.portal.version(),
        title: title(judged),
        language: &config.book.language,
        output,
    };
    progress::during(terminal, |progress| {
        let watcher = Watcher {
            waiting: &|| site::waiting(terminal),
            progress: &|done, total| progress.count("writing", done, total),
        };
        write::publish(site::sources(project, config), &destination, &edition, &watcher)
    })?;
    Ok(destination)
}

/// Returns the name of what is handed over, for the pages that lead to the portal.
fn title(judged: &Judged) -> &str {
    let Judged { portal, .. } = judged;
    let plan = portal.plan.as_ref().map(|plan| plan.handover.title.as_str());
    plan.or(portal.config.book.title.as_deref()).unwrap_or("Handover")
}
