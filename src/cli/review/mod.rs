//! `handover review`: what waits for whose review, what changed since, and the verdict on it.

mod list;
mod show;
mod diff;
mod patch;
mod verdict;

use clap::Subcommand;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;

/// Review documents: see what waits, read what changed, record a verdict
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    Diff(diff::Arguments),
    Approve(verdict::Approve),
    RequestChanges(verdict::RequestChanges),
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    match &arguments.command {
        Command::List(arguments) => list::run(arguments, terminal),
        Command::Show(arguments) => show::run(arguments, terminal),
        Command::Diff(arguments) => diff::run(arguments, terminal),
        Command::Approve(arguments) => verdict::approve(arguments, terminal),
        Command::RequestChanges(arguments) => verdict::request_changes(arguments, terminal),
    }
}
