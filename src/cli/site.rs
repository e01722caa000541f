//! Where a project's site stands, for the commands that write it or take it away.

use std::path::PathBuf;

use crate::cli::project::Project;
use crate::cli::terminal::Terminal;
use crate::parse::config::Config;
use crate::write::Sources;

#[derive(Debug, clap::Args)]
pub(super) struct SiteArguments {
    /// The folder of the site; without it `build.build-dir` of `book.toml`, or `site`
    #[arg(short, long = "dest-dir", value_name = "DEST")]
    destination: Option<PathBuf>,
}

impl SiteArguments {
    /// Returns the site's folder: one that is named here is below the current folder, one in `book.toml` below the root.
    pub(super) fn destination(&self, project: &Project, config: &Config) -> PathBuf {
        match (&self.destination, &config.build.build_dir) {
            (Some(destination), _) => destination.clone(),
            (None, Some(build_dir)) => project.root.join(build_dir),
            (None, None) => project.root.join("site"),
        }
    }
}

pub(super) fn sources<'a>(project: &'a Project, config: &'a Config) -> Sources<'a> {
    Sources { root: &project.root, content: &config.book.src.value }
}

/// Says that another build has the site.
pub(super) fn waiting(terminal: &Terminal) {
    terminal.note("waiting for another build of this site");
}
