//! `handover digest`: what a reviewer writes into a record.

use std::path::Path;

use crate::Judged;
use crate::assess::DocumentAssessment;
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::project::{self, DayArguments, Project, ProjectArguments};
use crate::cli::terminal::Terminal;
use crate::diagnostic::did_you_mean;
use crate::source::SourcePath;

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
    let document = find(&arguments.document, &project, &judged)?;
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

/// Returns the document of an id, or of a path as seen from the content folder, the root or the current folder.
fn find<'a>(
    name: &str,
    project: &Project,
    judged: &'a Judged,
) -> Result<&'a DocumentAssessment, Failure> {
    let documents = &judged.assessment.documents;
    let content = &judged.portal.config.book.src.value;
    let paths =
        [Some(format!("{content}/{name}")), Some(name.to_owned()), below_root(name, project)];
    let paths: Vec<_> =
        paths.into_iter().flatten().filter_map(|path| SourcePath::new(&path)).collect();
    let by_path = || {
        documents.values().find(|one| one.path.as_ref().is_some_and(|path| paths.contains(path)))
    };
    let found = documents.get(name).or_else(by_path).filter(|found| !found.digest.is_empty());
    found.ok_or_else(|| {
        let failure = Failure::new(format!("no document `{name}`"));
        match did_you_mean(name, documents.keys().map(String::as_str)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`handover status --json` lists the ids of all documents"),
        }
    })
}

/// Returns a path as seen from the current folder as one below the project's root.
fn below_root(name: &str, project: &Project) -> Option<String> {
    let root = project.root.canonicalize().ok()?;
    let path = project::current_folder().ok()?.join(Path::new(name)).canonicalize().ok()?;
    let parts = path.strip_prefix(&root).ok()?.components();
    let parts: Option<Vec<_>> = parts.map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
