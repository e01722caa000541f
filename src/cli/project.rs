//! Which project a command is about, and for which day: the arguments that several commands share.

use std::env;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Local, NaiveDate, SubsecRound as _, Utc};

use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit;
use crate::error::IoError;
use crate::history::{NoPast, Past};
use crate::link::Portal;
use crate::load;
use crate::load::git::Repository;
use crate::load::program::{Programs, Running};
use crate::source::{SourcePath, Tree};
use crate::{Judged, Options, UNOBSERVED};

#[derive(Debug, clap::Args)]
pub(super) struct ProjectArguments {
    /// The project's folder; without it the current folder, or the nearest one above it with a `book.toml`
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// The same as a flag, where names of other things stand on the command line.
#[derive(Debug, clap::Args)]
pub(super) struct ProjectFlag {
    /// The project's folder; without it the current folder, or the nearest one above it with a `book.toml`
    #[arg(long = "project", value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Whether the programs that a project names are run: for those who make pages, or check what is on them.
#[derive(Debug, clap::Args)]
pub(super) struct ProgramArguments {
    /// Run none of the preprocessors that `book.toml` names
    #[arg(long)]
    no_preprocessors: bool,
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct DayArguments {
    /// The day to judge for, such as 2026-12-18; without it the one in `book.toml`, that of SOURCE_DATE_EPOCH, or this one
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
}

/// A project on disk.
pub(super) struct Project {
    pub(super) root: PathBuf,
    pub(super) tree: Tree,
    /// The git repository that it is in; where there is none, why.
    repository: Result<Repository, NoPast>,
}

impl Project {
    /// Says so where there is nothing that could be wrong: most likely another folder is meant.
    pub(super) fn say_if_empty(&self, portal: &Portal, terminal: &Terminal) {
        if portal.documents.is_empty() && portal.plan.is_none() {
            let root = self.root.display();
            let (has, otherwise) = match portal.alerts.all.len() {
                0 => ("no document".to_owned(), "name the folder of the project"),
                alerts => (
                    format!("{} and no document", emit::counted(alerts, "alert")),
                    "name a folder that holds the runbooks too",
                ),
            };
            terminal.note(&format!(
                "note: `{root}` has {has}: {otherwise}, or begin one with `handover init`"
            ));
        }
    }

    /// The pipeline up to `check`, with what git says of the project.
    pub(super) fn judge(&self, options: &Options) -> Judged {
        self.judge_tree(&self.tree, options)
    }

    /// The same of the project as it would be.
    pub(super) fn judge_tree(&self, tree: &Tree, options: &Options) -> Judged {
        crate::judge_with(tree, self.past(), options, UNOBSERVED)
    }

    pub(super) fn past(&self) -> &dyn Past {
        match &self.repository {
            Ok(repository) => repository,
            Err(none) => none,
        }
    }

    /// Returns where a file of the project is on disk, as short as it can be said.
    pub(super) fn file(&self, path: &SourcePath) -> PathBuf {
        match self.root.as_path() {
            root if root == Path::new(".") => PathBuf::from(path.as_str()),
            root => root.join(path.as_str()),
        }
    }

    /// Returns the git repository that the project is in.
    pub(super) fn repository(&self) -> Option<&Repository> {
        self.git().ok()
    }

    /// The same.
    ///
    /// # Errors
    /// A phrase that says why there is none: "the project is not in a git repository".
    pub(super) fn git(&self) -> Result<&Repository, &str> {
        self.repository.as_ref().map_err(|none| none.0.as_str())
    }
}

impl ProjectArguments {
    pub(super) fn open(&self) -> Result<Project, Failure> {
        Project::open(self.dir.as_deref())
    }

    /// The same, with a door to the programs that it names.
    pub(super) fn open_with(
        &self,
        arguments: &ProgramArguments,
        long: fn(&str),
    ) -> Result<Project, Failure> {
        let Project { root, tree, repository } = self.open()?;
        let programs = arguments.programs(&root, interrupt::end_with, long)?;
        Ok(Project { root, tree: with_programs(tree, programs), repository })
    }

    /// Returns the project's folder.
    pub(super) fn root(&self) -> Result<PathBuf, Failure> {
        root(self.dir.as_deref())
    }
}

impl ProgramArguments {
    /// Returns the door to the programs of a project, where they are run.
    pub(super) fn programs(
        &self,
        root: &Path,
        begin: fn(Running),
        long: fn(&str),
    ) -> Result<Option<Programs>, Failure> {
        match self.no_preprocessors {
            true => Ok(None),
            false => Ok(Some(load::program::programs(root, begin, long)?)),
        }
    }
}

/// Says which program a command waits for.
pub(super) fn waits(program: &str) {
    Terminal::detect().note(&format!("waits for preprocessor `{program}`"));
}

pub(super) fn with_programs(tree: Tree, programs: Option<Programs>) -> Tree {
    match programs {
        Some(programs) => tree.with_programs(programs),
        None => tree,
    }
}

impl ProjectFlag {
    pub(super) fn open(&self) -> Result<Project, Failure> {
        Project::open(self.dir.as_deref())
    }
}

impl Project {
    fn open(dir: Option<&Path>) -> Result<Self, Failure> {
        let root = root(dir)?;
        let tree = Tree::new(load::working_tree(&root)?);
        Ok(Self::new(root, tree))
    }

    /// Returns the project that a tree was read from.
    pub(super) fn new(root: PathBuf, tree: Tree) -> Self {
        let repository = repository(&root);
        Self { root, tree, repository }
    }

    /// Looks for the repository again: it may have been made, or taken away.
    pub(super) fn find_repository(&mut self) {
        self.repository = repository(&self.root);
    }

    /// Returns the folders whose files say which commit that is.
    pub(super) fn head_folders(&self) -> Vec<PathBuf> {
        self.repository().map(Repository::head_folders).unwrap_or_default()
    }
}

fn repository(root: &Path) -> Result<Repository, NoPast> {
    match load::git::repository(root) {
        Ok(Some(repository)) => Ok(repository),
        Ok(None) => Err(NoPast::outside()),
        Err(reason) => Err(NoPast(format!("the git repository cannot be read: {reason}"))),
    }
}

fn root(dir: Option<&Path>) -> Result<PathBuf, Failure> {
    match dir {
        Some(dir) => Ok(dir.to_owned()),
        None => Ok(nearest_project(&current_folder()?)),
    }
}

impl DayArguments {
    /// Returns the options of a build, with the day where neither the command nor the project says one.
    pub(super) fn options(&self, strict: bool) -> Result<Options, Failure> {
        let (fallback, fallback_from_clock) = match epoch()? {
            Some(epoch) => (epoch.date_naive(), false),
            None => (Local::now().date_naive(), true),
        };
        Ok(Options { today: self.today, fallback, fallback_from_clock, strict })
    }
}

/// Returns the moment that SOURCE_DATE_EPOCH says; `None` when it says none.
fn epoch() -> Result<Option<DateTime<Utc>>, Failure> {
    let Some(epoch) = env::var("SOURCE_DATE_EPOCH").ok().filter(|epoch| !epoch.is_empty()) else {
        return Ok(None);
    };
    let time = epoch.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map(Some).ok_or_else(|| {
        Failure::new(format!("SOURCE_DATE_EPOCH is `{epoch}`, not a number of seconds"))
    })
}

/// Returns the moment that it is, to the second, with the zone of the machine.
pub(super) fn now() -> Result<DateTime<FixedOffset>, Failure> {
    let now = match epoch()? {
        Some(epoch) => epoch.fixed_offset(),
        None => Local::now().fixed_offset(),
    };
    Ok(now.trunc_subsecs(0))
}

pub(super) fn current_folder() -> Result<PathBuf, Failure> {
    Ok(env::current_dir().map_err(|error| IoError::new("find", Path::new("."), error))?)
}

/// Returns the folder, or the nearest above it, that has a `book.toml`; the folder itself where none has.
fn nearest_project(folder: &Path) -> PathBuf {
    let found = folder.ancestors().find(|folder| folder.join("book.toml").is_file());
    match found {
        // Paths that are printed stay short where nothing had to be looked for.
        Some(found) if found != folder => found.to_owned(),
        _ => PathBuf::from("."),
    }
}
