//! `handover init`: a project out of an empty folder, or out of one with Markdown in it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, Days, Local, NaiveDate};

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::error::IoError;
use crate::load;
use crate::parse::project::{self, Parsed};
use crate::source::Tree;

/// Start a project: write what is missing, overwrite nothing
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder, empty or with Markdown in it; without it the current folder
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    dir: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let root = &arguments.dir;
    fs::create_dir_all(root).map_err(|error| IoError::new("create", root, error))?;
    let tree = Tree::new(load::working_tree(root)?);
    let start = first_weekday(Local::now().date_naive());
    let mut written = Vec::new();
    for (path, text) in files(&project::project(&tree), &title(root), start) {
        if create(&root.join(&path), &text)? {
            written.push(path);
        }
    }
    terminal.result(&summary(&written));
    Ok(Outcome::Fine)
}

/// Returns the files of a project, by their paths below its root, for what is there already.
fn files(parsed: &Parsed, title: &str, start: NaiveDate) -> Vec<(String, String)> {
    let content = match &*parsed.config.book.src.value {
        "" if parsed.documents.is_empty() && parsed.config.source.is_none() => "content",
        content => content,
    };
    let title = toml::Value::from(title).to_string();
    let set = |template: &str| {
        let template = template.replace("{title}", &title).replace("{start}", &start.to_string());
        template.replace("{content}", if content.is_empty() { "." } else { content })
    };
    let below = |name: &str| format!("{content}/{name}").trim_start_matches('/').to_owned();
    let mut files = vec![
        ("book.toml".into(), set(include_str!("init/book.toml"))),
        (below("plan.toml"), set(include_str!("init/plan.toml"))),
        (below("records/evidence.toml"), include_str!("init/evidence.toml").into()),
        (below("records/.gitattributes"), "*.toml merge=union\n".into()),
        (".gitignore".into(), "/site\n".into()),
    ];
    if parsed.documents.is_empty() {
        files.push((
            below("runbooks/restart-the-service.md"),
            include_str!("init/runbook.md").into(),
        ));
    }
    files
}

/// Writes a file and the folders that it lies in, unless there is one: tells whether it did.
fn create(path: &Path, text: &str) -> Result<bool, IoError> {
    let refused = |error| IoError::new("write", path, error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(refused).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(refused(error)),
    }
}

/// Returns the folder's name in words.
fn title(root: &Path) -> String {
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let name = root.file_name().unwrap_or_default().to_string_lossy().replace(['-', '_'], " ");
    let mut characters = name.trim().chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => "Handover".into(),
    }
}

fn first_weekday(today: NaiveDate) -> NaiveDate {
    let to_monday = match today.weekday().number_from_monday() {
        6 => 2,
        7 => 1,
        _ => 0,
    };
    today + Days::new(to_monday)
}

fn summary(written: &[String]) -> String {
    if written.is_empty() {
        return "nothing is missing: nothing was written".into();
    }
    let files: String = written.iter().map(|path| format!("wrote {path}\n")).collect();
    format!(
        "{files}\nNow say in `plan.toml` who hands over what to whom, and run `handover build`."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_starts_on_a_weekday() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        assert_eq!(first_weekday(day(27)), day(27));
        assert_eq!(first_weekday(day(28)), day(30));
        assert_eq!(first_weekday(day(29)), day(30));
    }
}
