//! `handover check`: reports what is wrong. Writes nothing but what other sites answered.

use crate::cli::Outcome;
use crate::cli::external::dead_links;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProgramArguments, ProjectArguments, waits};
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit::{self, Format};
use crate::diagnostic::{self, Diagnostic, Severity};

/// Report what is wrong, and write nothing
///
/// The preprocessors of an mdBook book are run, as for `build`. They are programs of others, and do what they like.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    programs: ProgramArguments,
    /// How to write the problems down
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// Ask other sites too whether links to them are good, and report those that failed three days in a row
    #[arg(long)]
    external: bool,
    #[command(flatten)]
    day: DayArguments,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open_with(&arguments.programs, waits)?;
    let options = arguments.day.options(arguments.strict)?;
    let mut judged = project.judge(&options);
    if arguments.external {
        let day = options.today.unwrap_or(options.fallback);
        judged.diagnostics.extend(dead_links(&project, &judged.portal, day, terminal)?);
        diagnostic::sort(&mut judged.diagnostics);
    }
    project.say_if_empty(&judged.portal, terminal);
    let diagnostics = &judged.diagnostics;
    terminal.painted_result(&emit::emit(
        arguments.format,
        diagnostics,
        terminal.result_color,
        terminal.width,
    ));
    if arguments.format == Format::Human {
        terminal.result(&emit::summary(diagnostics));
    }
    Ok(if fails(diagnostics, arguments.strict) { Outcome::Problems } else { Outcome::Fine })
}

fn fails(diagnostics: &[Diagnostic], strict: bool) -> bool {
    diagnostics.iter().any(|problem| strict || problem.severity == Severity::Error)
}
