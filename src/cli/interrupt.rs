//! What becomes of programs that a project names when somebody ends `handover`: a signal to it does not reach them.

use std::io;
use std::process;
use std::thread;

use crate::load::program::Running;

/// Waits until somebody asks that `handover` ends: by Ctrl-C, or as `kill` does. Returns the exit code of a command that ends
/// of it before its time.
pub(super) async fn asked() -> io::Result<i32> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked.map(|()| 130),
            _ = terminate.recv() => Ok(143),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map(|()| 130)
}

/// Sees to it that programs end with a command that does one thing and ends.
#[expect(clippy::exit, reason = "it stands for a signal that ends the program wherever it is")]
pub(super) fn end_with(running: Running) {
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        // Where no signal can be waited for, one ends `handover` alone.
        if let Ok(code) = runtime.and_then(|runtime| runtime.block_on(asked())) {
            running.end();
            process::exit(code);
        }
    });
}
