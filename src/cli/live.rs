//! The loop of `serve` and `watch`: look, show, wait until something has changed.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::Local;

use crate::cli::current::{self, Current, Look};
use crate::cli::failure::Failure;
use crate::cli::project::{
    DayArguments, ProgramArguments, Project, ProjectArguments, waits, with_programs,
};
use crate::cli::site::SiteArguments;
use crate::cli::terminal::Terminal;
use crate::cli::timings::Clock;
use crate::diagnostic::emit::{self, Format};
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::IoError;
use crate::load::program::{Programs, Running};
use crate::load::{self, WorkingTree};
use crate::serve::watch::{self, Watch};
use crate::source::Tree;
use crate::write;
use crate::{Memory, Options};

/// The day may change while nobody edits anything.
const A_WHILE: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub(super) struct LiveArguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    day: DayArguments,
    #[command(flatten)]
    programs: ProgramArguments,
    /// Look at the files now and then, where the system does not tell of changes: network drives, some containers
    #[arg(long)]
    poll: bool,
    /// Say on the standard error how long each stage took, every time
    #[arg(long)]
    timings: bool,
}

/// A project that is looked at again and again.
pub(super) struct Live {
    pub(super) project: Project,
    site: SiteArguments,
    disk: Arc<WorkingTree>,
    watch: Watch,
    day: DayArguments,
    options: Options,
    memory: Memory,
    terminal: Terminal,
    timings: bool,
    /// The errors that were shown last.
    shown: Vec<String>,
    /// Something good was made since the start.
    made: bool,
    /// The programs of the project.
    pub(super) running: Running,
}

/// What a look is for.
struct Round {
    clock: Clock,
    /// How many files changed; `None` the first time.
    changed: Option<usize>,
}

impl Live {
    pub(super) fn open(arguments: LiveArguments, terminal: Terminal) -> Result<Self, Failure> {
        let LiveArguments { project, site, day, programs, poll, timings } = arguments;
        let root = project.root()?;
        let options = day.options(false)?;
        let real = fs::canonicalize(&root).map_err(|error| IoError::new("open", &root, error))?;
        let watch = watch::watch(real, poll).map_err(|why| {
            let failure = Failure::new(format!("cannot watch the project: {why}"));
            failure.help("`--poll` looks at the files now and then instead")
        })?;
        let folders = watch.folders();
        let disk = Arc::new(load::watched_tree(&root, move |folder| folders.look(folder))?);
        let programs = programs.programs(&root, drop, waits)?;
        let running = programs.as_ref().map(Programs::running).unwrap_or_default();
        let tree = with_programs(Tree::new(Arc::clone(&disk)), programs);
        let project = Project::new(root, tree);
        let (memory, shown, made) = Default::default();
        Ok(Self {
            project,
            site,
            disk,
            watch,
            day,
            options,
            memory,
            terminal,
            timings,
            shown,
            made,
            running,
        })
    }

    /// Looks at the project, shows what came of it, waits until something has changed, and so on.
    ///
    /// `show` tells whether it could show what is current.
    pub(super) fn run(mut self, mut show: impl FnMut(&Self, &mut Look, Option<Current>) -> bool) {
        let mut round = Round { clock: Clock::start(), changed: None };
        loop {
            let known = self.project.past().state();
            let folders = self.watch.folders();
            self.project.head_folders().iter().for_each(|folder| folders.look(folder));
            let before = self.project.tree.taken();
            let observer = |stage| round.clock.stage(stage);
            let (project, site, options) = (&self.project, &self.site, &self.options);
            let mut look = current::look(project, site, options, &observer, &mut self.memory);
            round.clock.stage("showing");
            folders.ignore(write::own_folders(&self.destination(&look)));
            let taken = self.project.tree.taken() - before;
            let current = look.current.take();
            let documents = current.as_ref().map(|current| current.judged.portal.documents.len());
            let is_shown = show(&self, &mut look, current);
            round.clock.stage("saying");
            self.say(&look, &round, taken, documents.filter(|_| is_shown));
            round = self.next(known);
        }
    }

    /// Returns where the site stands.
    pub(super) fn destination(&self, look: &Look) -> PathBuf {
        self.site.destination(&self.project, &look.config)
    }

    /// Waits until something has changed that a look would see.
    fn next(&mut self, state: Option<String>) -> Round {
        loop {
            let hint = self.watch.wait(A_WHILE);
            let clock = Clock::start();
            clock.stage("looking");
            // A wrong SOURCE_DATE_EPOCH was refused at the start.
            let options = self.day.options(false).unwrap_or(self.options);
            let is_another_day = options.fallback != self.options.fallback;
            self.options = options;
            let Some(hint) = hint else {
                if is_another_day {
                    return Round { clock, changed: Some(0) };
                }
                continue;
            };
            let moved = self.disk.refresh(&hint);
            let suspects = self.disk.suspects(&hint);
            let files = self.project.tree.refresh(moved || self.disk.has_links(), &suspects);
            self.project.find_repository();
            if moved || !files.is_empty() || is_another_day || self.project.past().state() != state
            {
                return Round { clock, changed: Some(files.len()) };
            }
        }
    }

    /// Says in one line what came of a look, and in full which errors are new.
    fn say(&mut self, look: &Look, round: &Round, taken: usize, documents: Option<usize>) {
        let Look { diagnostics, refusal, .. } = look;
        if let Some(trouble) = self.watch.folders().take_trouble() {
            self.terminal.note(&format!("warning: not every folder is watched: {trouble}"));
        }
        let shown = look.problems();
        let is_other = shown != self.shown;
        if is_other {
            let errors = diagnostics.iter().filter(|problem| problem.severity == Severity::Error);
            let errors: Vec<Diagnostic> = errors.cloned().collect();
            let (color, width) = (self.terminal.note_color, self.terminal.width);
            self.terminal.note(&emit::emit(Format::Human, &errors, color, width));
            if let Some(refusal) = refusal {
                self.terminal.note(&refusal.to_string());
            }
            self.shown = shown;
        }
        let time = Local::now().format("%H:%M:%S");
        let summary = emit::summary(diagnostics);
        let before = if self.made { "what was made before stays" } else { "nothing was made yet" };
        self.made |= documents.is_some();
        let took = round.clock.elapsed().as_millis();
        let line = match (round.changed.map(|changed| changed + taken), documents) {
            // The problems of the documents are not the cause of a refusal.
            (_, None) => match refusal {
                Some(refusal) => format!("{time} {}: {before}", refusal.message()),
                None => format!("{time} {summary}: {before}"),
            },
            (None, Some(documents)) => {
                let documents = emit::counted(documents, "document");
                format!("{time} built in {took} ms: {documents}, {summary}")
            }
            // A program that edits may leave nothing behind but a trace of its own files.
            (Some(0), Some(_)) if !is_other => return,
            (Some(changed), Some(_)) => {
                let changed = emit::counted(changed, "file");
                format!("{time} rebuilt in {took} ms: {changed} changed, {summary}")
            }
        };
        self.terminal.result(&line);
        if self.timings {
            self.terminal.note(&round.clock.report());
        }
    }
}
