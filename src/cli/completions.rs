//! `handover completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut super::Arguments::command(),
        "handover",
        &mut script,
    );
    terminal.result(&String::from_utf8_lossy(&script));
    Ok(Outcome::Fine)
}
