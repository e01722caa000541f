//! `handover init`: a project out of an empty folder, or out of one with documents in it.

mod found;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, Days, Local, NaiveDate};

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit::counted;
use crate::error::IoError;
use crate::link::{self, Portal};
use crate::load;
use crate::parse::front_matter::FrontMatter;
use crate::parse::project;
use crate::source::Tree;

/// Start a project: write what is missing, overwrite nothing
///
/// Where there are documents already, it says what they were written for, and fills teams and documents into the plan.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder, empty or with documents in it; without it the current folder
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    dir: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let root = &arguments.dir;
    fs::create_dir_all(root).map_err(|error| IoError::new("create", root, error))?;
    let tree = Tree::new(load::working_tree(root)?);
    let start = first_weekday(Local::now().date_naive());
    let portal = link::portal(project::project(&tree), &tree);
    let allowed = allowed(&portal);
    let title = portal.config.book.title.clone().unwrap_or_else(|| title(root));
    let mut written = Vec::new();
    for (path, text) in files(&portal, &allowed, &title, start) {
        if create(&root.join(&path), &text)? {
            written.push(path);
        }
    }
    let is_new = portal.documents.is_empty() && portal.alerts.all.is_empty();
    if !is_new && !written.is_empty() {
        terminal.result(&found::said(&portal));
    }
    terminal.result(&summary(&written, &allowed, portal.config.source.is_some()));
    Ok(Outcome::Fine)
}

/// A rule that documents break which were there before the plan.
struct Allowed {
    rule: &'static str,
    until: &'static str,
    /// How many documents break it.
    documents: usize,
}

/// Returns the rules that a first `book.toml` does not report yet, so that what is reported is news. Where there is a
/// plan already, or `book.toml` names the rule, somebody has chosen what to see.
fn allowed(portal: &Portal) -> Vec<Allowed> {
    if portal.plan.is_some() {
        return Vec::new();
    }
    let count = |breaks: fn(&FrontMatter) -> bool| {
        portal.documents.values().filter(|document| breaks(&document.meta)).count()
    };
    let rules = [
        Allowed {
            rule: "missing-owner",
            until: "every document is to have an owner",
            documents: count(|meta| !meta.draft && meta.owner.is_none()),
        },
        Allowed {
            rule: "unreviewed-document",
            until: "reviews are to be recorded",
            documents: count(|meta| !meta.draft && meta.review.exempt.is_none()),
        },
    ];
    let chosen = &portal.config.handover.rules;
    let is_open = |allowed: &Allowed| allowed.documents > 0 && !chosen.contains_key(allowed.rule);
    rules.into_iter().filter(is_open).collect()
}

/// Returns the files of a project, by their paths below its root, for what is there already.
fn files(
    portal: &Portal,
    allowed: &[Allowed],
    title: &str,
    start: NaiveDate,
) -> Vec<(String, String)> {
    let content = match &*portal.config.book.src.value {
        "" if portal.documents.is_empty() && portal.config.source.is_none() => "content",
        content => content,
    };
    let title = toml::Value::from(title).to_string();
    let set = |template: &str| {
        let template = template.replace("{title}", &title).replace("{start}", &start.to_string());
        template.replace("{content}", if content.is_empty() { "." } else { content })
    };
    let below = |name: &str| format!("{content}/{name}").trim_start_matches('/').to_owned();
    let mut book = set(include_str!("book.toml")) + rules(allowed).as_str();
    if let Some(line) = found::alert_rules(portal, content) {
        book = book.replacen("[output.handover]\n", &format!("[output.handover]\n{line}"), 1);
    }
    let book = ("book.toml".to_owned(), book);
    let plan = set(include_str!("plan.toml"));
    if !portal.documents.is_empty() {
        return vec![book, (below("plan.toml"), found::filled_in(&plan, portal))];
    }
    vec![
        book,
        (below("plan.toml"), plan),
        (below("records/reviews.toml"), include_str!("reviews.toml").into()),
        (below("records/.gitattributes"), "*.toml merge=union\n".into()),
        (".gitattributes".into(), format!("{} -text\n", below("releases/**"))),
        (".gitignore".into(), "/site\n".into()),
        (below("runbooks/restart-the-service.md"), include_str!("runbook.md").into()),
    ]
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

/// Returns the table of `book.toml` for what is not reported yet.
fn rules(allowed: &[Allowed]) -> String {
    if allowed.is_empty() {
        return String::new();
    }
    let lines = allowed.iter().map(|Allowed { rule, until, .. }| {
        format!("# Remove this line once {until}.\n{rule} = \"allow\"\n")
    });
    let lines: String = lines.collect();
    format!(
        "\n# What the documents lacked before there was a plan. What is not reviewed counts as unreviewed all the same.\n[output.handover.rules]\n{lines}"
    )
}

fn summary(written: &[String], allowed: &[Allowed], has_book: bool) -> String {
    if written.is_empty() {
        return "nothing is missing: nothing was written".into();
    }
    let files: String = written.iter().map(|path| format!("wrote {path}\n")).collect();
    let rules: String = allowed
        .iter()
        .map(|Allowed { rule, until, documents }| {
            let documents = counted(*documents, "document");
            // What somebody else wrote stays as it is.
            match has_book {
                true => format!(
                    "`{rule}` is reported from now on, for {documents}: write `{rule} = \"allow\"` below `[output.handover.rules]` in `book.toml`, and remove it once {until}.\n"
                ),
                false => format!(
                    "`{rule}` is not reported yet, for {documents}: remove its line in `book.toml` once {until}.\n"
                ),
            }
        })
        .collect();
    let rules = if rules.is_empty() { rules } else { format!("\n{rules}") };
    format!(
        "{files}{rules}\nNow say in `plan.toml` who hands over what to whom, and run `handover build`."
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
