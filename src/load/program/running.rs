//! The programs that run now. Each is ended with all that it has started: on Unix it is the first of a process group.

use std::collections::BTreeSet;
use std::io;
use std::mem;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

/// The programs that run now, by their process ids.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<BTreeSet<u32>>>);

impl Running {
    /// Ends all of them, before `handover` itself ends. From then on none is started, and whoever waits for one waits on:
    /// nothing is to come of a program that was ended so.
    pub fn end(self) {
        let programs = self.lock();
        programs.iter().copied().for_each(end);
        mem::forget(programs);
    }

    pub(super) fn start(&self, command: &mut Command) -> io::Result<Child> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut programs = self.lock();
        let child = command.spawn()?;
        programs.insert(child.id());
        Ok(child)
    }

    /// Ends a program that runs.
    pub(super) fn kill(&self, child: &mut Child) {
        end(child.id());
        // It may have ended just now.
        drop(child.kill());
        drop(child.wait());
    }

    /// Notes that a program has ended. What it left behind is ended too where `leaves` says that something holds its pipes.
    pub(super) fn ended(&self, child: &Child, leaves: bool) {
        let mut programs = self.lock();
        programs.remove(&child.id());
        if leaves {
            end(child.id());
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.0.lock().expect("invariant: nothing panics with the lock")
    }
}

/// Ends a program and what it started. There is no call for that in the standard library, but a command in each system.
fn end(program: u32) {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &program.to_string()]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", r#"kill -s KILL -- "-$1""#, "sh", &program.to_string()]);
        command
    };
    // There may be nothing left.
    drop(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status());
}
