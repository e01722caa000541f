//! The same build, again: watches the project, and shows what is made of it over HTTP.
//!
//! Never decides what a change means, and has no second way to build: after a change, the project is looked at where it was
//! seen to change, and goes through the pipeline. A page is rendered when it is asked for, by the function that `build` maps
//! over all pages.

pub mod http;
pub mod snapshot;
pub mod watch;
mod content_type;
#[expect(clippy::disallowed_methods, reason = "where the disk does not tell, it is looked at here")]
mod poll;
pub mod host;
mod range;

use std::sync::Arc;

use tokio::sync::watch::{Receiver, Sender};

use crate::serve::snapshot::Snapshot;

/// What is shown now.
#[derive(Clone, Default)]
pub struct Now {
    /// How many times it has changed.
    pub number: u64,
    /// The last good portal; `None` before there was one.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The errors that the project has now, each with its place and text: over the last good pages.
    pub problems: Arc<[String]>,
}

/// Where what is shown is changed.
pub struct Stage {
    now: Sender<Now>,
}

impl Stage {
    pub fn new() -> (Self, Receiver<Now>) {
        let (now, shown) = tokio::sync::watch::channel(Now::default());
        (Self { now }, shown)
    }

    /// Shows another portal, where there is a good one, and the errors of the project. Tells the browsers.
    pub fn show(&self, snapshot: Option<Snapshot>, problems: Vec<String>) {
        self.now.send_modify(|now| {
            now.number += 1;
            if let Some(snapshot) = snapshot {
                now.snapshot = Some(Arc::new(snapshot));
            }
            now.problems = problems.into();
        });
    }
}
