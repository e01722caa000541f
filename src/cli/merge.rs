//! `handover merge`: makes one site of the shards that several builds made.

use std::path::PathBuf;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::site;
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit;
use crate::write::{self, Sources, Watcher};

/// Make one site of the shards that `handover build --shard` made
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folders of all shards of one build
    #[arg(required = true, value_name = "SHARD")]
    shards: Vec<PathBuf>,
    /// The folder of the site
    #[arg(short, long = "dest-dir", value_name = "DEST", default_value = "site")]
    destination: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let Arguments { shards, destination } = arguments;
    // No project is needed where shards are merged; the folder that we are in is not written over.
    let here = std::env::current_dir().map_err(|_| Failure::new("there is no current folder"))?;
    let sources = Sources { root: &here, content: "" };
    let (merged, published) = progress::during(terminal, |progress| {
        let watcher = Watcher {
            waiting: &|| site::waiting(terminal),
            progress: &|done, total| progress.count("merging", done, total),
        };
        write::merge(sources, destination, shards, &watcher)
    })?;
    let editions = merged.editions();
    let versions: Vec<&str> = editions.iter().map(|edition| edition.name.version).collect();
    terminal.result(&format!(
        "{}: {} of {}, {} written, {} as they were",
        destination.display(),
        versions.join(", "),
        emit::counted(shards.len(), "shard"),
        emit::counted(published.written, "file"),
        published.kept,
    ));
    Ok(Outcome::Fine)
}
