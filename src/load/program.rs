//! The programs that a project names → what they say. Each is run in the project's folder, as who runs `handover`, and ended
//! when it takes too long.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{IoError, phrase};
use crate::source::{self, NoOutput};

/// A program that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that writes more is not taken at its word.
const LARGEST: u64 = 256 * 1024 * 1024;

/// So much of the end of what it says on its standard error is kept.
const TAIL: usize = 8 * 1024;

/// A door to the programs of a working tree.
pub struct Programs {
    root: PathBuf,
    /// The same, for programs.
    said: String,
    patience: Duration,
}

/// Returns the door to programs of the project in a folder.
///
/// # Errors
/// There is no such folder.
pub fn programs(root: &Path) -> Result<Programs, IoError> {
    let root = root.canonicalize().map_err(|error| IoError::new("open", root, error))?;
    let said = root.to_string_lossy().into_owned();
    Ok(Programs { root, said, patience: PATIENCE })
}

impl source::Programs for Programs {
    fn run(&self, words: &[String], input: &str) -> Result<String, NoOutput> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(NoOutput::Absent);
        };
        let end = Instant::now() + self.patience;
        let mut child = self.start(program, arguments)?;
        let input = child.stdin.take().map(|pipe| (pipe, input.to_owned()));
        // A program may end, or never begin to read: what it does not take is no error.
        thread::spawn(|| input.map(|(mut pipe, input)| pipe.write_all(input.as_bytes())));
        let output = reading(child.stdout.take(), whole);
        let said = reading(child.stderr.take(), tail);
        let output = output.recv_timeout(left(end));
        let status = match &output {
            Ok(_) => wait(&mut child, end),
            Err(_) => None,
        };
        let Some(status) = status else {
            // It may have ended just now.
            drop(child.kill());
            drop(child.wait());
            let seconds = self.patience.as_secs();
            let why = format!("it took longer than {seconds} seconds");
            return Err(NoOutput::Broken(with_last_line(why, &said)));
        };
        if !status.success() {
            let why = match status.code() {
                Some(code) => format!("it ended with exit code {code}"),
                None => "it was ended by a signal".to_owned(),
            };
            return Err(NoOutput::Refused(with_last_line(why, &said)));
        }
        match output.unwrap_or_else(|_| Ok(Vec::new())) {
            Err(error) => Err(NoOutput::Broken(format!("its output: {}", phrase(&error)))),
            Ok(bytes) if bytes.len() as u64 > LARGEST => {
                Err(NoOutput::Broken("it wrote more than 256 MiB".into()))
            }
            Ok(bytes) => String::from_utf8(bytes)
                .map_err(|_| NoOutput::Broken("what it wrote is not UTF-8".into())),
        }
    }

    fn root(&self) -> &str {
        &self.said
    }
}

impl Programs {
    fn start(&self, program: &str, arguments: &[String]) -> Result<Child, NoOutput> {
        // As mdBook has it: a name is looked for on `PATH`, a path begins at the book.
        let is_name = Path::new(program).components().count() == 1;
        let path = if is_name { PathBuf::from(program) } else { self.root.join(program) };
        let started = Command::new(&path)
            .args(arguments)
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        started.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if is_name || !path.is_file() => NoOutput::Absent,
            _ => NoOutput::Broken(format!("`{program}` cannot be run: {}", phrase(&error))),
        })
    }
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// Reads a pipe beside everything else: who waits for it can stop waiting.
fn reading<P: Read + Send + 'static, T: Send + 'static>(
    pipe: Option<P>,
    read: impl FnOnce(&mut dyn Read) -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut pipe) = pipe {
        // Nobody may wait for it any more.
        thread::spawn(move || drop(sender.send(read(&mut pipe))));
    }
    receiver
}

fn whole(pipe: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads to the end, and keeps the end.
fn tail(pipe: &mut dyn Read) -> Vec<u8> {
    let (mut kept, mut part) = (Vec::new(), [0; TAIL]);
    while let Ok(length @ 1..) = pipe.read(&mut part) {
        kept.extend_from_slice(&part[..length]);
        kept.drain(..kept.len().saturating_sub(TAIL));
    }
    kept
}

/// Waits for a program that has closed its output.
fn wait(child: &mut Child, end: Instant) -> Option<std::process::ExitStatus> {
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if left(end) > Duration::ZERO => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(50));
            }
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Adds what a program said last, where it says it soon: what it has started itself may still hold the pipe.
fn with_last_line(why: String, said: &Receiver<Vec<u8>>) -> String {
    let said = said.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
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
        let programs = Programs { patience, ..programs(folder.path()).unwrap() };
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
        let programs = programs(folder.path()).unwrap();
        for absent in ["mdbook-that-nobody-has", "./tools/absent"] {
            assert_eq!(programs.run(&[absent.into()], ""), Err(NoOutput::Absent));
        }
    }

    #[test]
    fn a_path_begins_at_the_project() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tool");
        std::fs::write(&file, "no script").unwrap();
        let programs = programs(folder.path()).unwrap();
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
