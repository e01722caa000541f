//! The programs that a project names → what they say. Each is run in the project's folder, as who runs `handover`, and ended
//! when it takes too long.

mod pipe;
mod running;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{IoError, phrase};
use crate::source::{self, NoOutput};

use pipe::Pipe;
pub use running::Running;

/// A program that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(120);

/// Of a program that takes longer, somebody is told that it is waited for.
const LONG: Duration = Duration::from_secs(2);

/// What a program leaves behind may hold its pipes: so long they are waited for when it has ended.
const GRACE: Duration = Duration::from_secs(1);

/// A program that writes more bytes is not taken at its word.
const LARGEST: usize = 256 << 20;

/// So much of the end of what it says on its standard error is kept.
const TAIL: usize = 8 * 1024;

/// A door to the programs of a working tree.
pub struct Programs {
    root: PathBuf,
    /// The same, for programs.
    said: String,
    patience: Duration,
    largest: usize,
    running: Running,
    begun: Once,
    begin: fn(Running),
    long: fn(&str),
}

/// Returns the door to programs of the project in a folder. `begin` is called before the first is started, with what ends all
/// that run: a signal to `handover` does not reach them. `long` is told the command of one that takes long.
///
/// # Errors
/// There is no such folder.
pub fn programs(root: &Path, begin: fn(Running), long: fn(&str)) -> Result<Programs, IoError> {
    let root = root.canonicalize().map_err(|error| IoError::new("open", root, error))?;
    let said = root.to_string_lossy().into_owned();
    let (running, begun) = (Running::default(), Once::new());
    let (patience, largest) = (PATIENCE, LARGEST);
    Ok(Programs { root, said, patience, largest, running, begun, begin, long })
}

impl source::Programs for Programs {
    fn run(&self, words: &[String], input: &str) -> Result<String, NoOutput> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(NoOutput::Absent);
        };
        let begun = Instant::now();
        let mut child = self.start(program, arguments)?;
        let input = child.stdin.take().map(|pipe| (pipe, input.to_owned()));
        // A program may end, or never begin to read: what it does not take is no error.
        thread::spawn(|| input.map(|(mut pipe, input)| pipe.write_all(input.as_bytes())));
        let largest = self.largest;
        let output = Pipe::new(child.stdout.take(), move |bytes| bytes.len() <= largest);
        let said = Pipe::new(child.stderr.take(), |bytes| {
            bytes.drain(..bytes.len().saturating_sub(TAIL));
            true
        });
        let status = self.wait(&mut child, &output, begun, words);
        let grace = Instant::now() + GRACE;
        if status.is_none() {
            self.running.kill(&mut child);
        }
        let is_left = |pipe: &Pipe| !pipe.ends_within(left(grace));
        let leaves = is_left(&output) || is_left(&said);
        self.running.ended(&child, leaves);
        let output = output.take();
        if output.len() > self.largest {
            let most = self.largest >> 20;
            return Err(NoOutput::Broken(format!("it wrote more than {most} MiB")));
        }
        let Some(status) = status else {
            let seconds = self.patience.as_secs();
            let why = format!("it took longer than {seconds} seconds");
            return Err(NoOutput::Broken(with_last_line(why, &said.take())));
        };
        if !status.success() {
            let why = match status.code() {
                Some(code) => format!("it ended with exit code {code}"),
                None => "it was ended by a signal".to_owned(),
            };
            return Err(NoOutput::Refused(with_last_line(why, &said.take())));
        }
        String::from_utf8(output).map_err(|_| NoOutput::Broken("what it wrote is not UTF-8".into()))
    }

    fn root(&self) -> &str {
        &self.said
    }
}

impl Programs {
    /// Returns what ends all programs that run.
    pub fn running(&self) -> Running {
        self.running.clone()
    }

    fn start(&self, program: &str, arguments: &[String]) -> Result<Child, NoOutput> {
        self.begun.call_once(|| (self.begin)(self.running()));
        // As mdBook has it: a name is looked for on `PATH`, a path begins at the book.
        let is_name = Path::new(program).components().count() == 1;
        let path = if is_name { PathBuf::from(program) } else { self.root.join(program) };
        let started = self.running.start(
            Command::new(&path)
                .args(arguments)
                .current_dir(&self.root)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped()),
        );
        started.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if is_name || !path.is_file() => NoOutput::Absent,
            _ => NoOutput::Broken(format!("`{program}` cannot be run: {}", phrase(&error))),
        })
    }

    /// Waits until a program has ended; `None` where it is to be ended.
    fn wait(
        &self,
        child: &mut Child,
        output: &Pipe,
        begun: Instant,
        words: &[String],
    ) -> Option<ExitStatus> {
        let first = Duration::from_millis(1);
        let (mut pause, mut is_open, mut is_long) = (first, true, false);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begun.elapsed() < self.patience => {}
                Ok(None) | Err(_) => return None,
            }
            if !is_long && begun.elapsed() > LONG {
                (self.long)(&words.join(" "));
                is_long = true;
            }
            if !is_open {
                thread::sleep(pause);
            } else if output.ends_within(pause) {
                if output.len() > self.largest {
                    return None;
                }
                // It is about to end.
                (is_open, pause) = (false, first);
                continue;
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// Adds what a program said last.
fn with_last_line(why: String, said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    match said.lines().rfind(|line| !line.trim().is_empty()) {
        Some(line) => format!("{why}: {}", line.trim()),
        None => why,
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Programs as _;

    fn run(script: &str, input: &str, patience: Duration) -> Result<String, NoOutput> {
        let folder = tempfile::tempdir().unwrap();
        let largest = 4 << 20;
        let programs =
            Programs { patience, largest, ..programs(folder.path(), drop, |_| {}).unwrap() };
        programs.run(&["sh".into(), "-c".into(), script.into()], input)
    }

    #[test]
    fn a_program_is_given_a_text_and_gives_one() {
        let long = "x".repeat(1 << 20);
        assert_eq!(run("cat", &long, PATIENCE).unwrap(), long);
        // One that reads nothing is no error.
        assert_eq!(run("echo y", &long, PATIENCE).unwrap(), "y\n");
        assert_eq!(run("yes noise | head -c 1000000 >&2; echo z", "", PATIENCE).unwrap(), "z\n");
    }

    #[test]
    fn why_there_is_no_output() {
        let refused = |why: &str| Err(NoOutput::Refused(why.into()));
        let broken = |why: &str| Err(NoOutput::Broken(why.into()));
        let failed = "echo one >&2; echo ' two ' >&2; echo >&2; exit 3";
        assert_eq!(run(failed, "", PATIENCE), refused("it ended with exit code 3: two"));
        assert_eq!(run("kill -9 $$", "", PATIENCE), refused("it was ended by a signal"));
        assert_eq!(run("printf '\\377'", "", PATIENCE), broken("what it wrote is not UTF-8"));
        let endless = run("echo begun >&2; exec sleep 600", "", Duration::from_millis(500));
        assert_eq!(endless, broken("it took longer than 0 seconds: begun"));
        let silent = run("exec >&- 2>&-; exec sleep 600", "", Duration::from_millis(50));
        assert_eq!(silent, broken("it took longer than 0 seconds"));
        let folder = tempfile::tempdir().unwrap();
        let programs = programs(folder.path(), drop, |_| {}).unwrap();
        for absent in ["mdbook-that-nobody-has", "./tools/absent"] {
            assert_eq!(programs.run(&[absent.into()], ""), Err(NoOutput::Absent));
        }
    }

    #[test]
    fn what_a_program_leaves_behind_takes_nothing_from_what_it_said() {
        let begun = Instant::now();
        assert_eq!(run("sleep 300 & echo all", "", PATIENCE).unwrap(), "all\n");
        assert_eq!(run("sleep 300 >&2 & exec >&-; exit 0", "", PATIENCE).unwrap(), "");
        let failed = run("sleep 300 & echo why >&2; exit 1", "", PATIENCE);
        assert_eq!(failed, Err(NoOutput::Refused("it ended with exit code 1: why".into())));
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn a_program_that_writes_too_much_is_said_to() {
        let begun = Instant::now();
        let broken = Err(NoOutput::Broken("it wrote more than 4 MiB".into()));
        assert_eq!(run("exec yes", "", PATIENCE), broken);
        assert_eq!(run("trap '' PIPE; yes; exec sleep 300", "", PATIENCE), broken);
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn a_program_is_ended_with_all_that_it_started() {
        // Whoever has the other end of the pipe is still there.
        let script = "exec 3>fifo; sleep 300 >&3 & echo begun >&3; exec sleep 300";
        let begun = Instant::now();
        for is_left in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let fifo = folder.path().join("fifo");
            assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
            let patience = if is_left { Duration::from_millis(500) } else { PATIENCE };
            let programs = Programs { patience, ..programs(folder.path(), drop, |_| {}).unwrap() };
            let running = programs.running();
            let words = ["sh".into(), "-c".into(), script.into()];
            thread::spawn(move || programs.run(&words, ""));
            let mut held = io::BufReader::new(std::fs::File::open(&fifo).unwrap());
            let mut said = String::new();
            io::BufRead::read_line(&mut held, &mut said).unwrap();
            assert_eq!(said, "begun\n");
            if !is_left {
                running.end();
            }
            assert_eq!(io::Read::read_to_string(&mut held, &mut said).unwrap(), 0);
        }
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn a_path_begins_at_the_project() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tool");
        std::fs::write(&file, "no script").unwrap();
        let programs = programs(folder.path(), drop, |_| {}).unwrap();
        let unrun = programs.run(&["./tool".into()], "");
        assert_eq!(
            unrun,
            Err(NoOutput::Broken("`./tool` cannot be run: permission denied".into()))
        );
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("/bin/pwd", folder.path().join("where")).unwrap();
        let said = programs.run(&["./where".into()], "").unwrap();
        assert_eq!(said.trim_end(), programs.root());
    }
}
