//! `handover watch`: builds the portal again whenever its files change.

use std::sync::{Arc, Mutex};
use std::thread;

use crate::cli::Outcome;
use crate::cli::current::{Current, Look};
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::live::{Live, LiveArguments};
use crate::cli::site;
use crate::cli::terminal::Terminal;
use crate::error::phrase;
use crate::render::version::Version;
use crate::serve::snapshot::Shown as _;
use crate::write::Kind;
use crate::write::error::WriteError;
use crate::write::site::Edition;
use crate::write::{self, Watcher};

/// Build the portal again whenever its files change
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    live: LiveArguments,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let live = Live::open(arguments.live, *terminal)?;
    terminal.result(&format!("`{}` is built until Ctrl-C", live.project.root.display()));
    let broken = |error: std::io::Error| Failure::new(format!("cannot watch: {}", phrase(&error)));
    let runtime = tokio::runtime::Runtime::new().map_err(broken)?;
    let (terminal, publishing) = (*terminal, Arc::new(Mutex::new(())));
    let held = Arc::clone(&publishing);
    let running = live.running.clone();
    let (alive, ended) = tokio::sync::oneshot::channel::<()>();
    thread::spawn(move || {
        // Dropped with the thread, however that ends.
        let _alive = alive;
        live.run(|live, look, current| publish(live, look, current, &terminal, &held));
    });
    let stopped = runtime.block_on(async {
        tokio::select! {
            asked = interrupt::asked() => asked.map(drop),
            _ = ended => Err(std::io::Error::other("the project is no longer looked at")),
        }?;
        running.end();
        // What is being published is finished, so that nothing is left beside the site; who waits for another build of it and
        // presses Ctrl-C again waits no longer.
        let published = tokio::task::spawn_blocking(move || drop(publishing.lock()));
        tokio::select! {
            _ = published => Ok(()),
            asked = interrupt::asked() => asked.map(drop),
        }
    });
    runtime.shutdown_background();
    stopped.map_err(broken)?;
    Ok(Outcome::Fine)
}

/// Publishes what is current, and tells whether it could.
fn publish(
    live: &Live,
    look: &mut Look,
    current: Option<Current>,
    terminal: &Terminal,
    publishing: &Mutex<()>,
) -> bool {
    let Some(current) = current else { return false };
    let version = Version::new(current.facts(), current.theme());
    let edition = Edition { name: current.name(), files: &version };
    let watcher = Watcher { waiting: &|| site::waiting(terminal), progress: &|_, _| {} };
    let sources = site::sources(&live.project, &look.config);
    let _publishing = publishing.lock();
    match write::publish(sources, &live.destination(look), &[edition], Kind::Site, &watcher) {
        Ok(_) => true,
        Err(WriteError::Template { problem, .. }) => {
            look.diagnostics.push(*problem);
            false
        }
        Err(error) => {
            look.refusal = Some(Failure::from(error));
            false
        }
    }
}
