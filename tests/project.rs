//! A project on disk and the program that is run in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use walkdir::WalkDir;

/// A project in a folder of its own.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    /// `None` when it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A project without a plan, with two documents that nothing is wrong with.
pub(crate) const SMALL: &str = "\
-- book.toml --
[book]
title = \"Small\"
src = \"content\"

[output.handover]
today = 2026-12-18
-- content/index.md --
---
owner: somebody
review: { exempt: nothing to act on }
---

# The queue

See how to [restore](restore.md) it.
-- content/restore.md --
---
owner: somebody
review: { exempt: nothing to act on }
---

# Restore

Call somebody.
";

/// The handover of a queue from one team to another, without a document.
const QUEUE: &str = r#"-- book.toml --
[book]
src = "content"

[output.handover]
today = 2026-12-18
-- content/plan.toml --
[handover]
id = "queue"
title = "Handover of the queue"
service = "Queue"
version = "1.0"

[calendar]
start = 2026-11-30
business-days = 15

[[team]]
id = "old"
side = "relinquishing"
name = "Old team"

[[team]]
id = "new"
side = "receiving"
name = "New team"

[[person]]
id = "amara"
name = "Amara Okafor"
role = "Architect"
team = "old"
lead = true

[[person]]
id = "noor"
name = "Noor Haddad"
role = "Engineer"
team = "new"
lead = true

[[milestone]]
id = "handover"
title = "Official Handover"
day = 15
gate = true
activities = "Sign-off."
"#;

impl Project {
    /// Returns the handover of a queue, with more files, and more text in those that it has.
    pub(crate) fn queue(more: &str) -> Self {
        Self::new(&format!("{QUEUE}{more}"))
    }

    /// Returns a project of several files, each after a `-- path --` line.
    pub(crate) fn new(fixture: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let mut path = None;
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for line in fixture.split_inclusive('\n') {
            match line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                Some(name) => path = Some(name),
                None => texts.entry(path.expect("a `-- path --` line")).or_default().push_str(line),
            }
        }
        texts.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    /// Returns a copy of the example that lies in the repository.
    pub(crate) fn example() -> Self {
        let project = Self::new("");
        let repository = repository();
        for name in ["book.toml", "content", "themes"] {
            for entry in WalkDir::new(repository.join(name)).into_iter().filter_map(Result::ok) {
                let to =
                    project.path(entry.path().strip_prefix(&repository).unwrap().to_str().unwrap());
                if entry.file_type().is_dir() {
                    fs::create_dir_all(to).unwrap();
                } else {
                    fs::copy(entry.path(), to).unwrap();
                }
            }
        }
        project
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Returns the program with arguments, to be run in the project's folder, in an environment that says nothing.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    /// Runs git in the project, on a day of December 2026, without anybody's settings, and returns what it says.
    pub(crate) fn git(&self, day: u32, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Amara Okafor", "-c", "user.email=amara@example.com"]);
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(git_on(day));
        let ran = ran(&mut command);
        assert_eq!(ran.code, Some(0), "git {arguments:?}: {}", ran.stderr);
        ran.stdout.trim().to_owned()
    }

    /// Commits everything that is in the project, and returns the id of the commit.
    pub(crate) fn commit(&self, day: u32, message: &str) -> String {
        self.git(day, &["add", "--all"]);
        self.git(day, &["commit", "-q", "-m", message]);
        self.git(day, &["rev-parse", "HEAD"])
    }
}

/// Returns the environment in which git knows nobody's settings, and the clock stands on a day of December 2026.
pub(crate) fn git_on(day: u32) -> Vec<(&'static str, OsString)> {
    let time = format!("2026-12-{day:02}T09:00:00+01:00");
    vec![
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
        ("GIT_AUTHOR_DATE", time.clone().into()),
        ("GIT_COMMITTER_DATE", time.into()),
    ]
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the bytes of all files below a folder, by path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// Returns the names of what stands in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
