//! Commands and flags: the outside of the program. They call `lib`, `load` and `write`, and print.
//!
//! Each command returns whether all is well; here alone that becomes an exit code: 0 fine, 1 problems found, 2 could not run.

mod failure;
mod terminal;
mod timings;
mod progress;
mod interrupt;
mod project;
mod reader;
mod released;
mod diff;
mod find;
mod overlay;
mod recording;
mod site;
mod build;
mod merge;
mod current;
mod live;
mod serve;
mod watch;
mod check;
#[cfg(feature = "external")]
mod external;
#[cfg(not(feature = "external"))]
#[path = "external/without.rs"]
mod external;
mod status;
mod digest;
mod review;
mod record;
mod rename;
mod keys;
mod release;
mod sign;
mod verify;
mod clean;
mod explain;
mod page;
mod schema;
mod completions;
mod init;
mod pdf;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;

/// Turns runbooks, a plan and records into a handover portal and a sign-off sheet.
#[derive(Debug, Parser)]
#[command(name = "handover", version, max_term_width = 100, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    Build(build::Arguments),
    Merge(merge::Arguments),
    Serve(serve::Arguments),
    Watch(watch::Arguments),
    Check(check::Arguments),
    Status(status::Arguments),
    Digest(digest::Arguments),
    #[command(disable_help_subcommand = true)]
    Review(review::Arguments),
    Record(record::Arguments),
    Rename(rename::Arguments),
    Release(release::Arguments),
    Sign(sign::Arguments),
    Verify(verify::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    Pdf(pdf::Arguments),
    Clean(clean::Arguments),
    Completions(completions::Arguments),
}

/// Whether a command found all well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Fine,
    Problems,
}

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let terminal = Terminal::detect();
    let outcome = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => command(arguments.command, &terminal),
        // What clap says goes where it says: help and version are results.
        Err(said) => {
            let text = said.render();
            if said.use_stderr() {
                terminal.styled_note(&text);
                return ExitCode::from(2);
            }
            terminal.styled_result(&text);
            return ExitCode::SUCCESS;
        }
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(failure) => {
            terminal.note(&failure.to_string());
            ExitCode::from(2)
        }
    }
}

fn command(command: Command, terminal: &Terminal) -> Result<Outcome, Failure> {
    match command {
        Command::Init(arguments) => init::run(&arguments, terminal),
        Command::Build(arguments) => build::run(&arguments, terminal),
        Command::Merge(arguments) => merge::run(&arguments, terminal),
        Command::Serve(arguments) => serve::run(arguments, terminal),
        Command::Watch(arguments) => watch::run(arguments, terminal),
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Status(arguments) => status::run(&arguments, terminal),
        Command::Digest(arguments) => digest::run(&arguments, terminal),
        Command::Review(arguments) => review::run(&arguments, terminal),
        Command::Record(arguments) => record::run(&arguments, terminal),
        Command::Rename(arguments) => rename::run(&arguments, terminal),
        Command::Release(arguments) => release::run(&arguments, terminal),
        Command::Sign(arguments) => sign::run(&arguments, terminal),
        Command::Verify(arguments) => verify::run(&arguments, terminal),
        Command::Diff(arguments) => diff::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Schema(arguments) => schema::run(&arguments, terminal),
        Command::Pdf(arguments) => pdf::run(&arguments, terminal),
        Command::Clean(arguments) => clean::run(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, terminal),
    }
}
