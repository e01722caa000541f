//! `handover build`: makes the portal and publishes it.

use std::path::PathBuf;
use std::time::Instant;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectArguments};
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit::{self, Format};
use crate::{Build, write};

/// Build the portal and the sign-off sheet
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The folder to write; without it `build.build-dir` of `book.toml`, or `site`
    #[arg(short, long, value_name = "DEST")]
    dest_dir: Option<PathBuf>,
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
    let Build { judged, output } = crate::build(&project.tree, &options);
    let problems = &judged.diagnostics;
    terminal.note(&emit::emit(Format::Human, problems, terminal.note_color, terminal.width));
    let Some(output) = output else {
        terminal.note(&format!("{}; nothing was written", emit::summary(problems)));
        return Ok(Outcome::Problems);
    };
    let destination = match &arguments.dest_dir {
        Some(dest_dir) => dest_dir.clone(),
        None => {
            project.root.join(judged.portal.config.build.build_dir.as_deref().unwrap_or("site"))
        }
    };
    let version = judged.portal.version();
    write::publish(&destination, version, &output)?;
    let readiness = judged.assessment.readiness;
    let pages = output.keys().filter(|path| path.ends_with(".html")).count();
    terminal.result(&format!(
        "{}: {} documents, {pages} pages, {}, {} in {:.1} s",
        destination.join(version).display(),
        judged.portal.documents.len(),
        crate::cli::status::verdict(&readiness),
        emit::summary(problems),
        start.elapsed().as_secs_f64(),
    ));
    Ok(Outcome::Fine)
}
