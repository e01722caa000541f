//! `handover pdf`: prints the sign-off sheet, or everything, with a browser or print engine that is installed.

mod engine;
mod document;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Judged;
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProgramArguments, ProjectArguments, waits};
use crate::cli::terminal::Terminal;
use crate::diagnostic::{Diagnostic, emit};
use crate::error::IoError;
use crate::render::Files as _;
use crate::render::version::Version;

use engine::{Brand, Engine};

/// Print the sign-off sheet, or the whole handover, as a PDF
///
/// Drives Chromium, Chrome, Edge or WeasyPrint, whichever is installed. The same project gives the same bytes.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to print
    #[arg(value_enum)]
    what: What,
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    day: DayArguments,
    #[command(flatten)]
    programs: ProgramArguments,
    /// The file to write; without it `ID-VERSION-sign-off.pdf` or `ID-VERSION.pdf` in the current folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The program that prints; without it the first that is found
    #[arg(long, value_enum)]
    engine: Option<Brand>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The sheet that the two teams sign
    SignOff,
    /// The whole handover, with every document
    All,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let engine = Engine::find(arguments.engine)?;
    let project = arguments.project.open_with(&arguments.programs, waits)?;
    let options = arguments.day.options(false)?;
    let mut judged = project.judge(&options);
    let theme = crate::theme(&mut judged, &project.tree, &options);
    let problems = &judged.diagnostics;
    terminal.problems(problems);
    let Some(theme) = theme else {
        terminal.note(&format!("{}; nothing was written", emit::summary(problems)));
        return Ok(Outcome::Problems);
    };
    if arguments.what == What::SignOff && judged.portal.plan.is_none() {
        return Err(Failure::new("no plan was found, so there is nothing to sign")
            .help("`handover init` writes a `plan.toml` to begin with"));
    }
    let workshop = tempfile::Builder::new()
        .prefix("handover-pdf-")
        .tempdir()
        .map_err(|error| IoError::new("make a folder in", &std::env::temp_dir(), error))?;
    let version = Version::new(judged.facts(), &theme);
    let page = match lay_out(arguments.what, &version, workshop.path())? {
        Ok(page) => page,
        Err(problem) => {
            terminal.problems(std::slice::from_ref(&*problem));
            terminal.note("nothing was written");
            return Ok(Outcome::Problems);
        }
    };
    let day = judged.assessment.today;
    let printed = engine.print(&page, workshop.path(), day)?;
    let pdf = document::counted(document::dated(printed, day));
    let target = arguments.output.clone().unwrap_or_else(|| name(arguments.what, &judged));
    write(&target, &pdf)?;
    let state = super::status::verdict(&judged.portal, &judged.assessment.readiness);
    let by = engine.brand.name();
    terminal.result(&format!("{}: {state}, printed by {by}", target.display()));
    Ok(Outcome::Fine)
}

/// Puts the pages that are printed into a folder; returns the one to open, or what is wrong with a template.
fn lay_out(
    what: What,
    version: &Version<'_>,
    folder: &Path,
) -> Result<Result<PathBuf, Box<Diagnostic>>, Failure> {
    let open = match what {
        What::SignOff => "sign-off-single.html",
        What::All => "print.html",
    };
    // The sheet is one file; the page with everything needs its style and pictures, and no other page.
    let needed = |path: &String| path == open || what == What::All && !path.ends_with(".html");
    for path in version.paths().into_iter().filter(needed) {
        let made = match what {
            What::All if path == open => Some(version.print()),
            _ => version.file(&path),
        };
        let bytes = match made {
            Some(Ok(bytes)) => bytes,
            Some(Err(problem)) => return Ok(Err(problem)),
            None => continue,
        };
        if path == open {
            let html = String::from_utf8_lossy(&bytes);
            put(&folder.join(&path), document::without_local_links(&html).as_bytes())?;
        } else {
            put(&folder.join(&path), &bytes)?;
        }
    }
    Ok(Ok(folder.join(open)))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| IoError::new("make", folder, error))?;
    }
    fs::write(path, bytes).map_err(|error| IoError::new("write", path, error))
}

fn name(what: What, judged: &Judged) -> PathBuf {
    let portal = &judged.portal;
    let id = portal.plan.as_ref().map_or("handover", |plan| plan.handover.id.as_str());
    let stem = format!("{id}-{}", portal.version());
    let safe = stem.replace(|c: char| !c.is_alphanumeric() && !"._-".contains(c), "-");
    PathBuf::from(match what {
        What::SignOff => format!("{safe}-sign-off.pdf"),
        What::All => format!("{safe}.pdf"),
    })
}

/// Writes the file in one step: a reader sees the old one or the new one.
fn write(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let failed = |error| IoError::new("write", path, error);
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
