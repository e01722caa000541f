//! Signatures on releases, made and checked by the real `ssh-keygen` too.

mod signing;
mod site;
mod verifying;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::project::{Project, Ran, ran};

/// What two people sign.
const MORE: &str = r#"-- content/plan.toml --

[[criterion]]
id = "decided"
statement = "It is decided."
check = { type = "manual" }

[[signatory]]
person = "amara"
capacity = "Relinquishing Lead"
statement = "I hand the queue over."

[[signatory]]
person = "noor"
capacity = "Receiving Lead"
statement = "I accept the queue."
-- content/restore.md --
---
owner: amara
---

# Restore

![Map](map.png)
-- content/map.png --
png
-- content/records/decisions.toml --
[[decision]]
on = 2026-12-17
outcome = "postponed"
by = "noor"
reason = "Not yet."
"#;

const RELEASE: &str = "content/releases/1.0.toml";

const SIGNATURE: &str = "content/releases/1.0/amara.toml.sig";

/// A project and, in a folder of their own, the keys of its people.
struct Signing {
    project: Project,
    keys: TempDir,
}

impl Signing {
    /// Returns a released project, in which Amara has a key of a kind and Noor an Ed25519 one.
    fn released(kind: &[&str]) -> Self {
        let signing = Self { project: Project::queue(MORE), keys: tempfile::tempdir().unwrap() };
        let amara = signing.key("amara", kind);
        let noor = signing.key("noor", &["ed25519"]);
        let is_amara = "team = \"old\"\n";
        let email = "email = 'amara@example.com'";
        signing.plan(is_amara, &format!("{is_amara}{email}\nssh-key = '{amara}'\n"));
        let is_noor = "team = \"new\"\n";
        signing.plan(is_noor, &format!("{is_noor}ssh-key = '{noor}'\n"));
        signing.project.git(1, &["init", "-q", "-b", "main"]);
        signing.project.commit(4, "All of it");
        signing.ok(&["release", "1.0", "--draft"]);
        signing.project.commit(18, "Freeze queue 1.0");
        signing
    }

    /// Makes a key and returns the public one.
    fn key(&self, name: &str, kind: &[&str]) -> String {
        let file = self.file(name);
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-N", "", "-C", "", "-f"]).arg(&file).arg("-t").args(kind);
        assert_eq!(ran(&mut keygen).code, Some(0));
        fs::read_to_string(file.with_extension("pub")).unwrap().trim().to_owned()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.keys.path().join(name)
    }

    fn plan(&self, from: &str, to: &str) {
        let plan = self.project.read("content/plan.toml");
        assert!(plan.contains(from), "{from}");
        self.project.write("content/plan.toml", &plan.replacen(from, to, 1));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command(arguments);
        command.env("HOME", self.keys.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    fn ok(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {} {}", ran.stdout, ran.stderr);
        ran
    }

    /// Signs at a moment, given in seconds.
    fn sign_at(&self, person: &str, epoch: &str) -> Ran {
        let key = self.file(person);
        let arguments = ["sign", "1.0", "--draft", "--as", person, "--key", key.to_str().unwrap()];
        ran(self.command(&arguments).env("SOURCE_DATE_EPOCH", epoch))
    }

    /// Signs on 18 December 2026, and returns what was printed.
    fn sign(&self, person: &str) -> String {
        let ran = self.sign_at(person, "1797606000");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    }

    /// Returns what `verify` says, without the fingerprints, which are others each time.
    fn verify(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let ran = self.run(&[&["verify", "1.0"], arguments].concat());
        (ran.code, masked(&format!("{}{}", ran.stdout, ran.stderr)))
    }

    /// Tells whether `ssh-keygen` takes a signature for somebody's over a file.
    fn keygen_accepts(&self, person: &str, signature: &str, file: &str) -> bool {
        let key = fs::read_to_string(self.file(person).with_extension("pub")).unwrap();
        fs::write(self.file("allowed_signers"), format!("{person} {key}")).unwrap();
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-Y", "verify", "-n", "handover", "-I", person, "-f"]);
        keygen.arg(self.file("allowed_signers")).arg("-s").arg(self.project.path(signature));
        keygen.stdin(Stdio::from(fs::File::open(self.project.path(file)).unwrap()));
        ran(&mut keygen).code == Some(0)
    }

    /// Signs a file as people do it without us.
    fn keygen_signs(&self, person: &str, namespace: &str, file: &str) {
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-Y", "sign", "-n", namespace, "-f"]).arg(self.file(person));
        assert_eq!(ran(keygen.arg(self.project.path(file))).code, Some(0));
    }
}

/// Hides what is another in each run: fingerprints, digests, commits.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    for word in text.split_inclusive([' ', '\n', ',']) {
        let end = word.trim_end_matches([' ', '\n', ',']);
        let rest = &word[end.len()..];
        let digits = end.trim_end_matches(':');
        let is_hex = digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let shown = match end {
            _ if end.starts_with("SHA256:") => "SHA256:…",
            _ if end.starts_with("v1:") => "v1:…",
            _ if is_hex && digits != end => "COMMIT:",
            _ if is_hex => "COMMIT",
            other => other,
        };
        masked.push_str(&format!("{shown}{rest}"));
    }
    masked
}
