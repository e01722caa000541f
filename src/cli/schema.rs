//! `handover schema`: the JSON Schemas of the files that people and programs read and write.

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::parse::{config, plan, records, release};
use crate::render::json;

/// Print the JSON Schema of a file, for editors
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which file
    #[arg(value_name = "FILE", value_enum)]
    file: File,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum File {
    /// `plan.toml`
    Plan,
    /// `records/*.toml`
    Records,
    /// `releases/VERSION.toml`
    Release,
    /// `book.toml`
    Book,
    /// `handover.json`, which `status --json` prints too
    Status,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let schema = match arguments.file {
        File::Plan => plan::SCHEMA.clone(),
        File::Records => records::SCHEMA.clone(),
        File::Release => release::SCHEMA.clone(),
        File::Book => config::SCHEMA.clone(),
        File::Status => json::schema().to_value(),
    };
    terminal.json(&format!("{schema:#}"));
    Ok(Outcome::Fine)
}
