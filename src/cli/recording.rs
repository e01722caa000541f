//! Records on their way into a file: judged as if they stood there, refused where they would not count, then written.

use std::collections::BTreeMap;
use std::path::Path;

use crate::assess::Counts;
use crate::check::evidence::{self, Name};
use crate::cli::failure::Failure;
use crate::cli::overlay::Overlay;
use crate::cli::project::Project;
use crate::cli::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::parse::project::is_records;
use crate::render::names::why_not;
use crate::source::{Source, SourcePath, Tree};
use crate::write::ledger;
use crate::write::ledger::text::{Event, appended};
use crate::{Judged, Options, load};

/// Where to record, and whether at all costs.
#[derive(Debug, clap::Args)]
pub(super) struct RecordingArguments {
    /// The file below `records/`; without it the last one that has such records, or the usual one
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
    /// Record it also where it would not count as evidence
    #[arg(long)]
    anyway: bool,
}

/// What was recorded, and where.
pub(super) struct Recorded {
    pub(super) path: SourcePath,
    /// The line of each record.
    pub(super) lines: Vec<usize>,
    /// Whether each record counts.
    pub(super) counts: Vec<Counts>,
    /// The project with the records.
    pub(super) judged: Judged,
}

/// Tells whether plan and records are understood whole, and says what is wrong with them: no verdict is made before that.
pub(super) fn is_understood(judged: &Judged, terminal: &Terminal) -> bool {
    let broken = judged.portal.problems.iter().filter(|problem| problem.code.fatal);
    let broken: Vec<Diagnostic> = broken.cloned().collect();
    if !broken.is_empty() {
        terminal.problems(&broken);
        terminal.note("there is no verdict before this is mended");
    }
    broken.is_empty()
}

impl RecordingArguments {
    /// Records events of one kind, all or none. `objections` are what else speaks against each of them.
    ///
    /// Where one would not count, none is written; what speaks against it is said, and `None` returned.
    pub(super) fn record(
        &self,
        project: &Project,
        judged: &Judged,
        options: &Options,
        events: &[Event],
        objections: &[Option<String>],
        terminal: &Terminal,
    ) -> Result<Option<Recorded>, Failure> {
        let table = events.first().map(|event| event.table.as_str()).unwrap_or_default();
        let path = self.path(table, judged)?;
        let old = project
            .tree
            .source(&path)
            .map_err(|unread| Failure::new(format!("cannot read `{path}`: {}", unread.reason)))?;
        let is_new = old.is_none();
        let text = old.map(|old| old.text.clone()).unwrap_or_default();
        let from = text.len();
        let source = Source::new(path.clone(), text);
        let new =
            appended(&source, events).map_err(|misfit| ledger::LedgerError::of(&path, misfit))?;
        let overlay = Overlay {
            files: load::working_tree(&project.root)?,
            texts: BTreeMap::from([(path.clone(), Some(new.text))]),
        };
        let future = project.judge_tree(&Tree::new(overlay), options);
        let found = Found::after(&future, &path, from);
        if let Some(problem) = found.fatal() {
            return Err(refused_form(problem));
        }
        let refusals = found.refusals(objections);
        if !self.anyway && !refusals.is_empty() {
            terminal.note(&refused(&refusals));
            return Ok(None);
        }
        let waiting = || terminal.note(&format!("waiting for another that writes `{path}`"));
        let lines = ledger::append(&project.root, &path, events, &waiting)?;
        if is_new && let Some(hint) = merge_hint(&project.root, &path) {
            terminal.note(&hint);
        }
        let counts = found.records.iter().map(|record| record.counts.clone()).collect();
        Ok(Some(Recorded { path, lines, counts, judged: future }))
    }

    /// Returns the file for records of a table.
    fn path(&self, table: &str, judged: &Judged) -> Result<SourcePath, Failure> {
        let content = &judged.portal.config.book.src.value;
        let below =
            |name: &str| format!("{content}/records/{name}").trim_start_matches('/').to_owned();
        let Some(file) = &self.file else {
            let entries = evidence::entries(&judged.portal, &judged.assessment);
            let known = entries.iter().filter(|entry| entry.table == table);
            let last = known.map(|entry| entry.source.path.clone()).max();
            let usual = || SourcePath::new(&below(usual(table)));
            return last.or_else(usual).ok_or_else(|| Failure::new("there is no content folder"));
        };
        // A bare name is one of the folder's.
        let bare = (!file.contains('/')).then(|| below(file));
        let choices = [SourcePath::new(file), bare.and_then(|bare| SourcePath::new(&bare))];
        choices.into_iter().flatten().find(|path| is_records(path, content)).ok_or_else(|| {
            let wanted = format!("records lie in files such as `{}`", below(usual(table)));
            Failure::new(format!("`{file}` is no file of records")).help(wanted)
        })
    }
}

/// Returns the file of a kind of records in a project that has none yet.
fn usual(table: &str) -> &'static str {
    match table {
        "review" => "reviews.toml",
        "session" | "certification" => "training.toml",
        "work" | "escalation-test" => "practice.toml",
        "support-event" => "support.toml",
        _ => "decisions.toml",
    }
}

/// What is said of the records behind a place in a file.
struct Found<'a> {
    /// In the order of the file.
    records: Vec<Weighed<'a>>,
    problems: Vec<&'a Diagnostic>,
}

/// A record and what speaks against it.
struct Weighed<'a> {
    /// The document that it names.
    document: Option<&'a str>,
    counts: &'a Counts,
    /// What to do about it.
    help: Option<&'a str>,
}

/// Why a record would not count, and what to do about it.
struct Refusal<'a> {
    why: String,
    help: Option<&'a str>,
}

impl<'a> Found<'a> {
    fn after(judged: &'a Judged, path: &SourcePath, from: usize) -> Self {
        let problems = judged.portal.problems.iter().chain(&judged.diagnostics);
        let problems: Vec<&Diagnostic> = problems
            .filter(|problem| problem.source.path == *path && problem.span.start >= from)
            .collect();
        let mut entries = evidence::entries(&judged.portal, &judged.assessment);
        entries.retain(|entry| entry.source.path == *path && entry.span.start >= from);
        entries.sort_by_key(|entry| entry.span);
        let ends = entries.iter().skip(1).map(|entry| entry.span.start).chain([usize::MAX]);
        let records = entries.iter().zip(ends).map(|(entry, end)| {
            let own = entry.span.start..end;
            let of_entry = problems.iter().filter(|problem| own.contains(&problem.span.start));
            let document = entry.names.iter().find_map(|name| match name {
                Name::Document(document) => Some(document.value.as_str()),
                _ => None,
            });
            let help = of_entry.filter_map(|problem| problem.help.as_deref()).next();
            Weighed { document, counts: entry.counts, help }
        });
        Self { records: records.collect(), problems }
    }

    /// Returns what makes a record unreadable.
    fn fatal(&self) -> Option<&'a Diagnostic> {
        self.problems.iter().copied().find(|problem| problem.code.fatal)
    }

    /// Returns why the records would not count.
    fn refusals(&self, objections: &[Option<String>]) -> Vec<Refusal<'a>> {
        let objections = objections.iter().map(Option::as_deref).chain(std::iter::repeat(None));
        let several = self.records.len() > 1;
        let refusal = |(record, objection): (&Weighed<'a>, Option<&str>)| {
            let not_counted = why_not(record.counts);
            let why = not_counted.or(objection)?;
            let which = record.document.filter(|_| several);
            let which = which.map(|document| format!("`{document}`: ")).unwrap_or_default();
            let help = record.help.filter(|_| not_counted.is_some());
            Some(Refusal { why: format!("{which}{why}"), help })
        };
        self.records.iter().zip(objections).filter_map(refusal).collect()
    }
}

/// Says what is wrong with a value in words of its flag.
fn refused_form(problem: &Diagnostic) -> Failure {
    let failure = Failure::new(problem.message.clone());
    match &problem.help {
        Some(help) => failure.help(help.clone()),
        None => failure,
    }
}

fn refused(refusals: &[Refusal<'_>]) -> String {
    let whys: Vec<&str> = refusals.iter().map(|refusal| refusal.why.as_str()).collect();
    let whys = match whys.as_slice() {
        [why] => format!(" {why}"),
        whys => whys.iter().map(|why| format!("\n  - {why}")).collect(),
    };
    let mut helps: Vec<&str> = refusals.iter().filter_map(|refusal| refusal.help).collect();
    helps.push("`--anyway` records it all the same");
    helps.dedup();
    let helps: String = helps.iter().map(|help| format!("\n  = help: {help}")).collect();
    format!("error: nothing was recorded:{whys}{helps}")
}

/// Says what line lets git merge the records of two branches, where the project is in a repository that has none.
fn merge_hint(root: &Path, path: &SourcePath) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let folder = root.join(path.folder());
    let folders: Vec<&Path> = folder.ancestors().collect();
    let top = folders.iter().position(|folder| folder.join(".git").exists())?;
    let merges = folders[..=top].iter().any(|folder| {
        let attributes = std::fs::read_to_string(folder.join(".gitattributes")).unwrap_or_default();
        attributes.lines().any(|line| line.contains("merge=union") && !line.starts_with('#'))
    });
    (!merges).then(|| {
        format!(
            "put this line into `{}/.gitattributes`, so that git keeps the records of both branches when it merges \
             them: *.toml merge=union",
            path.folder()
        )
    })
}
