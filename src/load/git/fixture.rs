//! Repositories for tests, made by the real git: nothing of the user's settings gets in.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The first commit is made at this time: 2026-12-01 at nine o'clock, an hour east of Greenwich.
const START: i64 = 1_796_112_000;

const DAY: i64 = 24 * 60 * 60;

/// A repository in a temporary folder. Every commit is made a day after the one before.
pub(crate) struct Repo {
    folder: tempfile::TempDir,
    clock: Cell<i64>,
}

impl Repo {
    pub(crate) fn new() -> Self {
        let repo = Self { folder: tempfile::tempdir().unwrap(), clock: Cell::new(START) };
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), self.clock.get(), arguments, "")
    }

    /// Runs git with a text as its input.
    pub(crate) fn git_with(&self, arguments: &[&str], input: &str) -> String {
        git(self.path(), self.clock.get(), arguments, input)
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    /// Commits everything, and returns the id of the commit.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.commit_with(&["commit", "-q", "--allow-empty", "-m", message])
    }

    /// Runs a command of git that makes a commit, a day later.
    pub(crate) fn commit_with(&self, arguments: &[&str]) -> String {
        self.git(arguments);
        self.clock.set(self.clock.get() + DAY);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Clones it into another folder.
    pub(crate) fn cloned(&self, arguments: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        // Only what comes by a protocol is made shallow.
        let address = format!("file://{}", self.path().display());
        let arguments = [&["clone", "-q"], arguments, &[&address, "clone"]].concat();
        git(folder.path(), START, &arguments, "");
        let path = folder.path().join("clone");
        (folder, path)
    }
}

fn git(folder: &Path, time: i64, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "protocol.file.allow=always"]).args(arguments);
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_"))
    {
        command.env_remove(name);
    }
    let time = format!("{time} +0100");
    command
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("LC_ALL", "C")
        .env("GIT_AUTHOR_NAME", "Amara Okafor")
        .env("GIT_AUTHOR_EMAIL", "amara@example.com")
        .env("GIT_AUTHOR_DATE", &time)
        .env("GIT_COMMITTER_NAME", "Luke Brandt")
        .env("GIT_COMMITTER_EMAIL", "luke@example.com")
        .env("GIT_COMMITTER_DATE", &time)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tests need git");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // Git may answer before it has read everything.
    let writer = std::thread::spawn(move || {
        use std::io::Write as _;
        drop(stdin.write_all(input.as_bytes()));
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
