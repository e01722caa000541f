//! What a long command is doing, drawn on a terminal that somebody watches, and nowhere else.

use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::terminal::Terminal;

/// What takes less time than this is over before anybody asks.
const PATIENCE: Duration = Duration::from_millis(400);

const FRAME: Duration = Duration::from_millis(80);

/// What is being done now.
#[derive(Default)]
pub(super) struct Progress {
    stage: Mutex<Stage>,
}

#[derive(Clone, Copy, Default)]
struct Stage {
    /// "writing"
    doing: &'static str,
    done: usize,
    /// 0 where nobody knows.
    total: usize,
}

impl Progress {
    pub(super) fn stage(&self, doing: &'static str) {
        self.set(Stage { doing, ..Stage::default() });
    }

    pub(super) fn count(&self, doing: &'static str, done: usize, total: usize) {
        self.set(Stage { doing, done, total });
    }

    fn set(&self, stage: Stage) {
        *self.stage.lock().expect("invariant: nothing panics with the lock") = stage;
    }
}

/// Does the work, and meanwhile shows its progress.
pub(super) fn during<T>(terminal: &Terminal, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !terminal.watched {
        return work(&progress);
    }
    thread::scope(|scope| {
        // Dropped when the work is done, also when it panics: that ends the drawing.
        let (_working, done) = mpsc::channel::<()>();
        scope.spawn(|| draw(&progress, done));
        work(&progress)
    })
}

fn draw(progress: &Progress, done: mpsc::Receiver<()>) {
    if done.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let style =
        |template| ProgressStyle::with_template(template).expect("invariant: it is a template");
    let open = style("{spinner} {msg} {elapsed}");
    let counted = style("{spinner} {msg} {bar:40} {human_pos}/{human_len}").progress_chars("━━ ");
    let bar = ProgressBar::new_spinner();
    loop {
        let Stage { doing, done: position, total } =
            *progress.stage.lock().expect("invariant: nothing panics with the lock");
        bar.set_style(if total > 0 { counted.clone() } else { open.clone() });
        bar.set_length(total as u64);
        bar.set_position(position as u64);
        bar.set_message(doing);
        bar.tick();
        if done.recv_timeout(FRAME) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    bar.finish_and_clear();
}
