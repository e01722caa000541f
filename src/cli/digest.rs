//! `handover digest`: what a reviewer writes into a record.

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::find;
use crate::cli::project::{DayArguments, ProjectArguments};
use crate::cli::terminal::Terminal;

/// Print the digest of a document, for a review's record
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The document: its id, or the path of its file
    #[arg(value_name = "DOC")]
    document: String,
    #[command(flatten)]
    project: ProjectArguments,
    /// Print what the digest is made of too, as the lines of a record
    #[arg(long)]
    parts: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&DayArguments::default().options(false)?);
    let document = find::document(&arguments.document, &project, &judged)?;
    let digest = &document.digest;
    let text = match &document.parts {
        Some(parts) if arguments.parts => format!(
            "digest = \"{digest}\"\nparts = {{ text = \"{}\", includes = \"{}\", images = \"{}\", metadata = \"{}\" }}",
            parts.text, parts.includes, parts.images, parts.metadata
        ),
        _ => digest.clone(),
    };
    terminal.result(&text);
    Ok(Outcome::Fine)
}
