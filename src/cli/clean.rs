//! `handover clean`: removes the site.

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectArguments};
use crate::cli::site::{self, SiteArguments};
use crate::cli::terminal::Terminal;
use crate::write::{self, Watcher};

/// Remove the site that `build` wrote, and nothing else
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    site: SiteArguments,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let config = project.judge(&DayArguments::default().options(false)?).portal.config;
    let destination = arguments.site.destination(&project, &config);
    let watcher = Watcher { waiting: &|| site::waiting(terminal), progress: &|_, _| {} };
    let removed = write::clean(site::sources(&project, &config), &destination, &watcher)?;
    let said = if removed { "removed" } else { "there is no" };
    terminal.result(&format!("{said} {}", destination.display()));
    Ok(Outcome::Fine)
}
