//! Signatures on releases, made and checked by the real `ssh-keygen` too.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::project::{Project, Ran, ran};

/// A handover that two people sign; `KEYS` stands where the plan has theirs.
const PROJECT: &str = r#"-- book.toml --
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
email = "amara@example.com"
AMARA

[[person]]
id = "noor"
name = "Noor Haddad"
role = "Engineer"
team = "new"
lead = true
NOOR

[[milestone]]
id = "handover"
title = "Official Handover"
day = 15
gate = true
activities = "Sign-off."

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
        let signing = Self { project: Project::new(PROJECT), keys: tempfile::tempdir().unwrap() };
        let amara = signing.key("amara", kind);
        let noor = signing.key("noor", &["ed25519"]);
        signing.plan("AMARA", &format!("ssh-key = '{amara}'"));
        signing.plan("NOOR", &format!("ssh-key = '{noor}'"));
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

#[test]
fn what_is_signed_is_accepted_here_and_by_openssh_for_all_kinds_of_keys() {
    for kind in [
        &["ed25519"][..],
        &["ecdsa", "-b", "256"],
        &["ecdsa", "-b", "384"],
        &["ecdsa", "-b", "521"],
        &["rsa", "-b", "2048"],
        &["rsa", "-b", "4096"],
    ] {
        let signing = Signing::released(kind);
        signing.sign("amara");
        let statement = SIGNATURE.trim_end_matches(".sig");
        assert!(signing.keygen_accepts("amara", SIGNATURE, statement), "{kind:?}");
        let (code, said) = signing.verify(&[]);
        assert_eq!(code, Some(0), "{kind:?}: {said}");
        // And the other way round.
        signing.keygen_signs("amara", "handover", RELEASE);
        assert!(signing.keygen_accepts("amara", &format!("{RELEASE}.sig"), RELEASE));
        let (code, said) = signing.verify(&[]);
        assert_eq!(code, Some(0), "{kind:?}: {said}");
        assert_eq!(said.matches(": valid").count(), 2, "{kind:?}: {said}");
    }
}

#[test]
fn a_signature_says_who_as_what_when_and_what_it_covers() {
    let signing = Signing::released(&["ed25519"]);
    insta::assert_snapshot!(masked(&signing.sign("amara")), @"
    content/releases/1.0/amara.toml.sig: signed by Amara Okafor on 2026-12-18T15:00:00+00:00, with the key SHA256:…
    commit it with `content/releases/1.0/amara.toml`; anybody can check it:
      handover verify 1.0
      ssh-keygen -Y verify -f ALLOWED_SIGNERS -I amara -n handover -s content/releases/1.0/amara.toml.sig < content/releases/1.0/amara.toml
    ");
    let statement = signing.project.read("content/releases/1.0/amara.toml");
    let fixed = |line: &&str| !["release =", "digest ="].iter().any(|key| line.starts_with(key));
    let statement: Vec<&str> = statement.lines().filter(fixed).collect();
    insta::assert_snapshot!(statement.join("\n"), @r#"
    # Signed, and never edited: the signature beside it is over these bytes.

    handover = "queue"
    version = "1.0"
    draft = true
    person = "amara"
    name = "Amara Okafor"
    capacity = "Relinquishing Lead"
    statement = "I hand the queue over."
    at = "2026-12-18T15:00:00+00:00"
    "#);
    insta::assert_snapshot!(signing.verify(&[]).1, @"
    release 1.0 of 2026-12-18, a draft, commit COMMIT, manifest v1:…
    content/releases/1.0.toml: holds together
    commit COMMIT: as it was released
    the working tree: as it was released
    content/releases/1.0/amara.toml.sig: valid
      Amara Okafor, Relinquishing Lead, 2026-12-18T15:00:00+00:00, SHA256:…
      “I hand the queue over.”
      covers release 1.0 and its 7 entries, as the working tree has them
    ");
    signing.plan("service = \"Queue\"", "service = \"Queues\"");
    let text = signing.project.read("content/restore.md");
    signing.project.write("content/restore.md", &format!("{text}\nCall.\n"));
    let (code, said) = signing.verify(&[]);
    insta::assert_snapshot!(said, @r#"
    release 1.0 of 2026-12-18, a draft, commit COMMIT, manifest v1:…
    content/releases/1.0.toml: holds together
    commit COMMIT: as it was released
    the working tree: document `restore`: changed since the release
      its text is another, or an include, an image or the metadata
      content/restore.md:8:1: is: ``
      content/restore.md:9:1: is: `Call.`
    the working tree: the plan: changed since the release
      content/plan.toml:4:1: was: `service = "Queue"`
      content/plan.toml:4:1: is: `service = "Queues"`
    content/releases/1.0/amara.toml.sig: valid
      Amara Okafor, Relinquishing Lead, 2026-12-18T15:00:00+00:00, SHA256:…
      “I hand the queue over.”
      covers release 1.0 and its 7 entries as they were frozen, and not what is another in the working tree: 1 document and 1 other part
    "#);
    assert_eq!(code, Some(1));
    let (code, said) = signing.verify(&["--rev", "HEAD"]);
    insta::assert_snapshot!(said.lines().last().unwrap(), @"  covers release 1.0 and its 7 entries, as commit COMMIT has them");
    assert_eq!(code, Some(0));
}

#[test]
fn one_changed_byte_anywhere_is_named() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let statement = SIGNATURE.trim_end_matches(".sig");
    for (path, named) in [
        (RELEASE, RELEASE),
        (SIGNATURE, SIGNATURE),
        (statement, SIGNATURE),
        ("content/plan.toml", "the plan: changed"),
        ("content/restore.md", "document `restore`: changed"),
        ("content/map.png", "the file `content/map.png`: changed"),
        ("content/records/decisions.toml", "the records in `decisions.toml`: "),
    ] {
        let whole = fs::read(signing.project.path(path)).unwrap();
        for at in [0, whole.len() / 3, whole.len() / 2, whole.len() - 2] {
            // A letter for a letter, so that the file is not merely unreadable.
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(signing.project.path(path), &bytes).unwrap();
            let (code, said) = signing.verify(&[]);
            assert_eq!(code, Some(1), "{path} at {at}: {said}");
            assert!(said.contains(named), "{path} at {at}: {said}");
        }
        fs::write(signing.project.path(path), &whole).unwrap();
    }
    assert_eq!(signing.verify(&[]).0, Some(0));
}

#[test]
fn a_signature_of_another_version_is_none() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    signing.project.commit(19, "Sign");
    signing.ok(&["release", "1.1", "--draft"]);
    for name in ["amara.toml", "amara.toml.sig"] {
        let text = signing.project.read(&format!("content/releases/1.0/{name}"));
        signing.project.write(&format!("content/releases/1.1/{name}"), &text);
    }
    signing.keygen_signs("amara", "handover", RELEASE);
    let plain = signing.project.read(&format!("{RELEASE}.sig"));
    signing.project.write("content/releases/1.1.toml.sig", &plain);
    let ran = signing.run(&["verify", "1.1"]);
    assert_eq!(ran.code, Some(1));
    insta::assert_snapshot!(masked(&ran.stdout), @"
    release 1.1 of 2026-12-18, a draft, commit COMMIT, manifest v1:…
    content/releases/1.1.toml: holds together
    commit COMMIT: as it was released
    the working tree: as it was released
    content/releases/1.1.toml.sig: NOT VALID: it does not belong to the text: one of the two was changed
      it claims: Amara Okafor, Relinquishing Lead, SHA256:…
      “I hand the queue over.”
    content/releases/1.1/amara.toml.sig: NOT VALID: made for version `1.0`
      it claims: Amara Okafor, Relinquishing Lead, 2026-12-18T15:00:00+00:00, SHA256:…
      “I hand the queue over.”
    ");
}

#[test]
fn keys_are_told_apart() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let key = fs::read_to_string(signing.file("amara.pub")).unwrap();
    let key = key.trim();
    let plan = signing.project.read("content/plan.toml");
    let why = |from: &str, to: &str| {
        assert!(plan.contains(from));
        signing.project.write("content/plan.toml", &plan.replacen(from, to, 1));
        let (code, said) = signing.verify(&[]);
        signing.project.write("content/plan.toml", &plan);
        let line = said.lines().find(|line| line.starts_with(SIGNATURE)).unwrap().to_owned();
        assert_eq!(code, Some(1));
        line.trim_start_matches(SIGNATURE).trim_start_matches(": ").to_owned()
    };
    let line = format!("ssh-key = '{key}'");
    let said = [
        why(&line, ""),
        why(&line, &format!("revoked-key = '{key}'")),
        why(&line, &format!("{line}\nrevoked-key = ['{key}']")),
        why(&line, &format!("ssh-key = 'valid-before=\"20261201Z\" {key}'")),
        why(&line, &format!("ssh-key = 'valid-after=\"20261224Z\" {key}'")),
        why(&line, &format!("ssh-key = 'namespaces=\"git\" {key}'")),
        why(
            &line,
            &format!("ssh-key = 'valid-after=\"20261201Z\",valid-before=\"20261231Z\" {key}'"),
        ),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    NOT VALID: nobody is known to have the key SHA256:…
    NOT VALID: the key SHA256:… is revoked
    NOT VALID: the key SHA256:… is revoked
    NOT VALID: the key SHA256:… had expired: it counts up to 2026-12-01T00:00:00Z
    NOT VALID: the key SHA256:… counts only from 2026-12-24T00:00:00Z
    NOT VALID: the key SHA256:… does not count for `handover`
    valid
    ");
    // A key of somebody else.
    let noor = fs::read_to_string(signing.file("noor.pub")).unwrap();
    let swapped = plan.replace(key, "KEY").replace(noor.trim(), key).replace("KEY", noor.trim());
    signing.project.write("content/plan.toml", &swapped);
    let (_, said) = signing.verify(&[]);
    assert!(said.contains("is that of Noor Haddad"), "{said}");
    signing.project.write("content/plan.toml", &plan);
    // Signatures for other purposes, and those that are none.
    signing.keygen_signs("amara", "git", RELEASE);
    let (_, said) = signing.verify(&[]);
    assert!(said.contains("NOT VALID: made for `git`, not for `handover`"), "{said}");
    signing.project.write(&format!("{RELEASE}.sig"), "hello");
    let (_, said) = signing.verify(&[]);
    assert!(said.contains("NOT VALID: not an SSH signature"), "{said}");
}

#[test]
fn keys_can_come_from_a_list_of_allowed_signers() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let key = fs::read_to_string(signing.file("amara.pub")).unwrap();
    let list = signing.file("allowed");
    let revoked = signing.file("revoked");
    let verify = |line: &str, more: &[&str]| {
        fs::write(&list, line).unwrap();
        signing.verify(&[&["--allowed-signers", list.to_str().unwrap()], more].concat())
    };
    assert_eq!(
        verify(&format!("# all\n*@example.com namespaces=\"handover\" {key}"), &[]).0,
        Some(0)
    );
    assert_eq!(verify(&format!("amara {key}"), &[]).0, Some(0));
    let (code, said) = verify(&format!("noor {key}"), &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("is that of noor"), "{said}");
    fs::write(&revoked, &key).unwrap();
    let (_, said) = verify(&format!("amara {key}"), &["--revoked", revoked.to_str().unwrap()]);
    assert!(said.contains("is revoked"), "{said}");
    let (code, said) = verify("\namara cert-authority ssh-ed25519 x\n", &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains(", line 2: no OpenSSH public key"), "{said}");
}

#[test]
fn a_later_signature_supersedes_and_deletes_none() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let first = signing.project.read(SIGNATURE);
    assert_eq!(signing.sign_at("amara", "1797692400").code, Some(0));
    assert_eq!(signing.project.read(SIGNATURE), first);
    let (code, said) = signing.verify(&[]);
    assert_eq!(code, Some(0));
    let states: Vec<&str> = said.lines().filter(|line| line.contains(".sig: ")).collect();
    insta::assert_snapshot!(states.join("\n"), @"
    content/releases/1.0/amara-2.toml.sig: valid
    content/releases/1.0/amara.toml.sig: valid, superseded by content/releases/1.0/amara-2.toml.sig
    ");
}

#[test]
fn what_must_not_be_signed_is_not() {
    let signing = Signing::released(&["ed25519"]);
    let key = signing.file("amara");
    let key = key.to_str().unwrap();
    let refused = |arguments: &[&str]| {
        let ran = signing.run(&[&["sign"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stdout);
        assert!(!signing.project.path("content/releases/1.0").exists());
        masked(&ran.stderr)
    };
    let said = [
        refused(&["2.0", "--as", "amara"]),
        refused(&["1.0", "--as", "amara"]),
        refused(&["1.0", "--draft", "--as", "nobody"]),
        refused(&["1.0", "--draft", "--as", "amara"]),
        refused(&["1.0", "--draft", "--as", "noor", "--key", key]),
        refused(&["1.0", "--draft", "--as", "amara", "--capacity", "Owner"]),
    ];
    insta::assert_snapshot!(said.concat(), @"
    error: there is no release `2.0`
      = help: there are: `1.0`
    error: the release `1.0` is a draft
      = help: `--draft` signs it all the same; it hands nothing over
    error: `nobody` is nobody in the plan, and not in the release `1.0`
      = help: its signatories are `amara`, `noor`
    error: no key of Amara Okafor is in the agent or in ~/.ssh
      = help: `--key FILE` names it; `ssh-add FILE` puts it into the agent
    Noor Haddad signs version 1.0 as Receiving Lead: “I accept the queue.”
    error: nothing is signed: the key SHA256:… is that of Amara Okafor
      = help: sign with a key of Noor Haddad: in the plan, `ssh-key` of their `[[person]]`
    error: `amara` does not sign as `Owner`
      = help: one of: `Relinquishing Lead`
    ");
    let missing = signing.file("gone");
    let said = refused(&["1.0", "--draft", "--as", "amara", "--key", missing.to_str().unwrap()]);
    assert!(said.contains("`ssh-keygen` did not sign with"), "{said}");
    let release = signing.project.read(RELEASE);
    signing.project.write(RELEASE, &release.replace("I hand the queue over", "I keep the queue"));
    let said = refused(&["1.0", "--draft", "--as", "amara", "--key", key]);
    assert!(said.contains("does not hold together"), "{said}");
}

#[test]
fn a_key_at_hand_is_found() {
    let signing = Signing::released(&["ed25519"]);
    fs::create_dir(signing.file(".ssh")).unwrap();
    for end in ["", ".pub"] {
        fs::copy(
            signing.file(&format!("amara{end}")),
            signing.file(&format!(".ssh/id_ed25519{end}")),
        )
        .unwrap();
    }
    signing.ok(&["sign", "1.0", "--draft", "--as", "amara"]);
}

#[test]
fn an_agent_signs() {
    let signing = Signing::released(&["ed25519"]);
    let socket = signing.file("agent");
    let mut agent = Command::new("ssh-agent")
        .arg("-D")
        .arg("-a")
        .arg(&socket)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Tells when the agent listens: adding fails before that.
    let added = (0..2000).any(|_| {
        let mut add = Command::new("ssh-add");
        add.arg("-q").arg(signing.file("amara")).env("SSH_AUTH_SOCK", &socket);
        ran(&mut add).code == Some(0)
    });
    let mut sign = signing.command(&["sign", "1.0", "--draft", "--as", "amara"]);
    let signed = ran(sign.env("SSH_AUTH_SOCK", &socket));
    agent.kill().unwrap();
    agent.wait().unwrap();
    assert!(added);
    assert_eq!(signed.code, Some(0), "{}", signed.stderr);
    assert_eq!(signing.verify(&[]).0, Some(0));
}

#[test]
fn the_sheet_and_the_portal_show_what_is_verified_and_nothing_else_as_valid() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let signatures = |page: &str| {
        let html = signing.project.read(page);
        let html = html.split("id=\"electronic\"").last().unwrap();
        ["Verified", "Not valid", "Not signed", "Superseded"]
            .map(|word| html.matches(&format!("{word}</span>")).count())
    };
    signing.ok(&["build"]);
    assert_eq!(signatures("site/1.0/sign-off.html"), [1, 0, 1, 0]);
    assert_eq!(signatures("site/1.0/releases.html"), [1, 0, 0, 0]);
    let sheet = signing.project.read("site/1.0/sign-off.html");
    for said in ["I hand the queue over.", "2026-12-18 15:00:00 +00:00", "SHA256:"] {
        let electronic = sheet.split("id=\"electronic\"").last().unwrap();
        assert!(electronic.contains(said), "{said}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&signing.project.read("site/1.0/handover.json")).unwrap();
    assert_eq!(json["releases"][0]["signatures"][0]["validity"], "valid");
    assert_eq!(json["releases"][0]["signatures"][0]["person"], "amara");

    // What is published does not change when somebody signs later; the next version shows it.
    signing.sign("noor");
    signing.ok(&["build"]);
    assert_eq!(signing.project.read("site/1.0/sign-off.html"), sheet);
    signing.plan("version = \"1.0\"", "version = \"1.1\"");
    signing.ok(&["build"]);
    assert_eq!(signatures("site/1.1/releases.html"), [2, 0, 0, 0]);
    assert_eq!(signatures("site/1.1/sign-off.html"), [0, 0, 2, 0], "1.1 is no release");

    // Nor when a key is revoked.
    let key = fs::read_to_string(signing.file("amara.pub")).unwrap();
    signing.plan("ssh-key", &format!("revoked-key = '{}'\nssh-key", key.trim()));
    signing.sign_at("noor", "1797609600");
    signing.ok(&["build", "--all-versions"]);
    assert_eq!(signing.project.read("site/1.0/sign-off.html"), sheet);
    assert_eq!(signatures("site/1.1/releases.html"), [1, 1, 0, 1]);
    fs::remove_dir_all(signing.project.path("site")).unwrap();
    signing.ok(&["build", "--all-versions"]);
    assert_eq!(signatures("site/1.0/sign-off.html"), [1, 1, 0, 1]);
}

#[test]
fn a_published_site_is_held_against_the_release() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    signing.ok(&["build"]);
    for folder in ["site", "site/1.0"] {
        let (code, said) = signing.verify(&["--site", folder]);
        assert_eq!(code, Some(0), "{said}");
    }
    let restored = |edit: &dyn Fn(), named: &str| {
        let page = signing.project.read("site/1.0/restore.html");
        let list = signing.project.read("site/.handover");
        edit();
        let (code, said) = signing.verify(&["--site", "site"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(named), "{said}");
        signing.project.write("site/1.0/restore.html", &page);
        signing.project.write("site/.handover", &list);
    };
    let edited = signing.project.read("site/1.0/restore.html").replace("Restore", "Discard");
    restored(
        &|| signing.project.write("site/1.0/restore.html", &edited),
        "1.0/restore.html: changed since it was published",
    );
    restored(
        &|| fs::remove_file(signing.project.path("site/1.0/restore.html")).unwrap(),
        "1.0/restore.html: missing",
    );
    // Not even with a list of the site that goes along.
    let digest = |text: &str| {
        signing.project.write("x", text);
        let mut sum = Command::new("sha256sum");
        ran(sum.arg(signing.project.path("x"))).stdout[..64].to_owned()
    };
    let page = signing.project.read("site/1.0/restore.html");
    let list = signing.project.read("site/.handover").replace(&digest(&page), &digest(&edited));
    restored(
        &|| {
            signing.project.write("site/1.0/restore.html", &edited);
            signing.project.write("site/.handover", &list);
        },
        "1.0/restore.html: not what the commit gives",
    );
    signing.project.write("site/1.0/new.html", "x");
    let (code, said) = signing.verify(&["--site", "site"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1.0/new.html: not published by `handover`"), "{said}");
    let (code, said) = signing.verify(&["--site", "content"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("is no site that `handover` published"), "{said}");
}

#[test]
fn a_signed_review_counts_where_an_unsigned_one_does_not() {
    let signing = Signing::released(&["ed25519"]);
    signing.plan("[[milestone]]", "[review]\nsigned = true\n\n[[milestone]]");
    signing.plan("version = \"1.0\"", "version = \"1.1\"");
    let approve = ["review", "approve", "restore", "--as", "noor", "--note", "read \\ twice"];
    let refused = signing.run(&approve);
    assert_eq!(refused.code, Some(1));
    insta::assert_snapshot!(refused.stderr, @"
    error: nothing was recorded: it is not signed
      = help: approve it again with `handover review approve --sign`
      = help: `--anyway` records it all the same
    ");
    let with = |key: &str| {
        let key = signing.file(key);
        signing.run(&[&approve[..], &["--sign", "--key", key.to_str().unwrap()]].concat())
    };
    let refused = with("amara");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("is that of Amara Okafor"), "{}", refused.stderr);
    assert!(!signing.project.path("content/records/reviews.toml").exists());
    let signed = with("noor");
    assert_eq!(signed.code, Some(0), "{}", signed.stderr);
    assert!(signed.stdout.contains("it is now approved"), "{}", signed.stdout);

    // What is signed can be put together by hand, and checked without us.
    let file = "content/records/reviews.toml";
    let text = signing.project.read(file);
    let records: toml::Table = text.parse().unwrap();
    let review = &records["review"][0];
    let value = |key: &str| review[key].to_string().trim_matches('"').to_owned();
    let said = format!(
        "handover review v1\nhandover: queue\ndocument: restore\ndigest: {}\nreviewer: noor\non: {}\n\
         act: read\noutcome: approved\ncommit: {}\nnote: read \\\\ twice\n",
        value("digest"),
        value("on"),
        review.get("commit").map_or("", |commit| commit.as_str().unwrap()),
    );
    signing.project.write("said", &said);
    signing.project.write(
        "said.sig",
        &format!(
            "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
            value("signature")
        ),
    );
    assert!(signing.keygen_accepts("noor", "said.sig", "said"));

    // Every change of the record takes the approval back.
    for (from, to) in [
        ("twice", "once"),
        ("act = \"read\"", "act = \"executed\""),
        ("on = 2026-12-18", "on = 2026-12-17"),
    ] {
        assert!(text.contains(from), "{text}");
        signing.project.write(file, &text.replace(from, to));
        let check = signing.run(&["check", "--format", "short"]).stdout;
        assert!(check.contains("its signature is not valid: it does not belong"), "{check}");
    }
}

#[test]
fn nothing_that_a_file_says_acts_on_a_terminal() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let statement = SIGNATURE.trim_end_matches(".sig");
    let forged = signing.project.read(statement).replace(
        "name = \"Amara Okafor\"",
        r#"name = "A\u001b[1A\u001b[2K\r\u202e\ncontent/releases/1.0/amara.toml.sig: valid""#,
    );
    signing.project.write(statement, &forged);
    let (code, said) = signing.verify(&[]);
    assert_eq!(code, Some(1));
    assert!(said.contains(r"it claims: A\u{1b}[1A\u{1b}[2K\r\u{202e}\ncontent/"), "{said}");
    assert!(!said.contains(['\u{1b}', '\r', '\u{202e}']), "{said}");
    let json = signing.run(&["verify", "1.0", "--json"]).stdout;
    assert!(!json.contains(['\u{1b}', '\u{202e}']), "{json}");
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(report["signatures"][0]["name"].as_str().unwrap().contains('\u{202e}'));

    let plan = signing.project.read("content/plan.toml");
    let plan = plan.replace("It is decided.", r"It is\u001b[8m decided.\u2066");
    signing
        .project
        .write("content/plan.toml", &plan.replace("Noor Haddad", r"Noor\r\u009b Haddad"));
    let document =
        signing.project.read("content/restore.md").replace("![Map]", "\u{1b}[2J\u{202d}![Map]");
    signing.project.write("content/restore.md", &document);
    let arguments: [&[&str]; 7] = [
        &["status"],
        &["status", "--json"],
        &["diff", "1.0"],
        &["review", "show", "restore"],
        &["review", "list"],
        &["review", "list", "--json"],
        &["check"],
    ];
    for arguments in arguments {
        let mut command = signing.command(arguments);
        for color in ["0", "1"] {
            let Ran { stdout, stderr, .. } = ran(command.env("CLICOLOR_FORCE", color));
            let said = format!("{stdout}{stderr}");
            let acts = ["\u{1b}[2", "\u{1b}[8", "\r", "\u{9b}", "\u{202d}", "\u{2066}"];
            let acting = acts.iter().find(|acts| said.replace("\u{1b}[2m", "").contains(*acts));
            assert_eq!(acting, None, "{arguments:?}: {said:?}");
        }
    }
}

#[test]
fn a_copy_of_a_signature_supersedes_nothing() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let statement = SIGNATURE.trim_end_matches(".sig");
    for (from, to) in [(statement, "amara-9.toml"), (SIGNATURE, "amara-9.toml.sig")] {
        let copy = format!("content/releases/1.0/{to}");
        fs::copy(signing.project.path(from), signing.project.path(&copy)).unwrap();
    }
    let (code, said) = signing.verify(&[]);
    assert_eq!(code, Some(0));
    let said = said.split_once("amara-9").unwrap().1;
    insta::assert_snapshot!(said, @"
    .toml.sig: a copy of content/releases/1.0/amara.toml.sig
    content/releases/1.0/amara.toml.sig: valid
      Amara Okafor, Relinquishing Lead, 2026-12-18T15:00:00+00:00, SHA256:…
      “I hand the queue over.”
      covers release 1.0 and its 7 entries, as the working tree has them
    ");
}

#[test]
fn a_statement_without_a_signature_is_never_passed_over() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    let unsigned = "content/releases/1.0/amara.toml: NOT VALID: the statement was never signed";
    fs::remove_file(signing.project.path(SIGNATURE)).unwrap();
    let (code, said) = signing.verify(&[]);
    assert!(code == Some(1) && said.contains(unsigned), "{said}");
    fs::create_dir(signing.project.path(SIGNATURE)).unwrap();
    let (code, said) = signing.verify(&[]);
    assert!(code == Some(1) && said.contains(unsigned), "{said}");
    signing.project.write(&format!("{SIGNATURE}/x"), "");
    let (code, said) = signing.verify(&[]);
    assert!(code == Some(1) && said.contains(unsigned), "{said}");
}

#[test]
fn line_ends_that_a_checkout_changed_are_named() {
    let signing = Signing::released(&["ed25519"]);
    let whole = signing.project.read(RELEASE);
    signing.project.write(RELEASE, &whole.replace('\n', "\r\n"));
    let named = "its line ends are not those it was written with; `content/releases/** -text` in `.gitattributes`";
    let (code, said) = signing.verify(&[]);
    assert!(code == Some(1) && said.contains(named), "{said}");
    let check = signing.run(&["check"]);
    assert!(check.stdout.contains(named), "{}", check.stdout);
    let refused = signing.sign_at("amara", "1797606000");
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
}

#[test]
fn a_day_that_cannot_be_is_told() {
    let signing = Signing::released(&["ed25519"]);
    let early = signing.sign_at("amara", "1797433200");
    assert_eq!(early.code, Some(0), "{}", early.stderr);
    insta::assert_snapshot!(early.stderr, @"
    Amara Okafor signs version 1.0 as Relinquishing Lead: “I hand the queue over.”
    the signature says that it was made on 2026-12-16, before the day of the release, 2026-12-18
    ");

    // Another day, and a seal that goes with it.
    let release = signing.project.read(RELEASE).replace("date = 2026-12-18", "date = 2026-12-19");
    let rest = release.split_once('\n').unwrap().1;
    signing.project.write("x", rest);
    let digest = ran(Command::new("sha256sum").arg(signing.project.path("x"))).stdout;
    let seal = format!("# SHA-256 of what is below this line: {}\n", &digest[..64]);
    signing.project.write(RELEASE, &format!("{seal}{rest}"));
    let (code, said) = signing.verify(&[]);
    assert_eq!(code, Some(1));
    let said: Vec<&str> =
        said.lines().skip_while(|line| !line.contains("damaged")).take(4).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    content/releases/1.0.toml: damaged: what it says of `judged-for` is not what that entry was made from
    commit COMMIT: differs from the release in the day
    the working tree: the day: changed since the release
      the release says `2026-12-19`, and its entry was made from something else
    ");
}

#[test]
fn the_commit_that_a_release_names_is_looked_at() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    signing.project.commit(19, "Sign");
    signing.plan("version = \"1.0\"", "version = \"1.1\"");
    let (code, said) = signing.verify(&[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("\ncommit COMMIT: as it was released\n"), "{said}");
    assert!(said.contains("  = help: the working tree is version `1.1` now: `--rev "), "{said}");

    // What is said and sealed anew is not what the commit gives.
    let release = signing.project.read(RELEASE);
    let commit = release.split("commit = \"").nth(1).unwrap()[..40].to_owned();
    signing.plan("version = \"1.1\"", "version = \"1.0\"");
    let named = |commit: &str| {
        let rest = release.split_once('\n').unwrap().1.to_owned();
        let rest = rest.replacen(release_commit(&release), commit, 1);
        signing.project.write("x", &rest);
        let digest = ran(Command::new("sha256sum").arg(signing.project.path("x"))).stdout;
        let seal = format!("# SHA-256 of what is below this line: {}\n", &digest[..64]);
        signing.project.write(RELEASE, &format!("{seal}{rest}"));
    };
    signing.plan("It is decided.", "It is said.");
    signing.project.commit(20, "Say it");
    let other = ran(Command::new("git")
        .arg("-C")
        .arg(signing.project.path("."))
        .args(["rev-parse", "HEAD"]));
    signing.plan("It is said.", "It is decided.");
    named(other.stdout.trim());
    let (code, said) = signing.verify(&[]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(said.lines().find(|line| line.starts_with("commit")).unwrap_or(&said), @"commit COMMIT: differs from the release in criterion `decided` and the plan");

    // One that nobody has here is no fault of the release.
    named(&"0".repeat(40));
    let (_, said) = signing.verify(&[]);
    assert!(
        said.contains("  commit COMMIT was not looked at: it is not in the repository"),
        "{said}"
    );
    named(&commit);
    assert_eq!(signing.verify(&[]).0, Some(0));
}

fn release_commit(release: &str) -> &str {
    &release.split("commit = \"").nth(1).unwrap()[..40]
}

#[test]
fn a_revision_has_the_release_that_the_working_tree_has_not() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    signing.project.commit(19, "Sign");
    let bare = signing.file("bare");
    let mut clone = Command::new("git");
    clone.args(["clone", "-q", "--bare"]).arg(signing.project.path(".")).arg(&bare);
    assert_eq!(ran(&mut clone).code, Some(0));
    fs::remove_dir_all(signing.project.path("content/releases")).unwrap();
    let bare = bare.to_str().unwrap();
    for arguments in [&["--rev", "main"][..], &["--rev", "main", bare]] {
        let (code, said) = signing.verify(arguments);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("amara.toml.sig: valid"), "{said}");
    }
    assert!(signing.verify(&[]).1.contains("there is no release `1.0`"));
}

#[test]
fn what_leads_to_a_release_is_held_against_a_build() {
    let signing = Signing::released(&["ed25519"]);
    signing.ok(&["build"]);
    let list = signing.project.read("site/.handover");
    let digest = |text: &str| {
        signing.project.write("x", text);
        ran(Command::new("sha256sum").arg(signing.project.path("x"))).stdout[..64].to_owned()
    };
    for path in ["index.html", "versions.js", "redirect.js", "latest/restore.html"] {
        let at = format!("site/{path}");
        let whole = signing.project.read(&at);
        let edited = format!("{whole} ");
        signing.project.write(&at, &edited);
        let (code, said) = signing.verify(&["--site", "site"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!(": {path}: changed since it was published")), "{said}");
        let along = list.replace(
            &format!("{}  {path}\n", digest(&whole)),
            &format!("{}  {path}\n", digest(&edited)),
        );
        signing.project.write("site/.handover", &along);
        let (code, said) = signing.verify(&["--site", "site"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!(": {path}: not what a build gives")), "{said}");
        signing.project.write(&at, &whole);
        signing.project.write("site/.handover", &list);
    }
    signing.project.write("site/.handover", &list.replacen("site 1", "site", 1));
    let (code, said) = signing.verify(&["--site", "site"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains(".handover: its first line is not the one that a build writes"),
        "{said}"
    );
    signing.project.write("site/.handover", &list);
    assert_eq!(signing.verify(&["--site", "site"]).0, Some(0));
}

#[test]
fn a_site_that_shows_what_nobody_signed_is_not_believed() {
    let honest = Signing::released(&["ed25519"]);
    honest.sign("amara");
    honest.project.commit(19, "Sign");
    let forger = Signing { project: Project::new(""), keys: tempfile::tempdir().unwrap() };
    let origin = honest.project.path("").into_os_string().into_string().unwrap();
    forger.project.git(19, &["clone", "-q", &origin, "."]);
    let theirs = fs::read_to_string(honest.file("noor.pub")).unwrap();
    forger.plan(theirs.trim(), &forger.key("mallory", &["ed25519"]));
    forger.plan("version = \"1.0\"", "version = \"1.1\"");
    forger.keygen_signs("mallory", "handover", RELEASE);
    forger.ok(&["build", "--all-versions"]);
    let shown = forger.project.read("site/1.0/handover.json");
    assert!(shown.contains("1.0.toml.sig\",\n") && !shown.contains("\"invalid\""), "{shown}");

    let mut copy = Command::new("cp");
    copy.arg("-r").arg(forger.project.path("site")).arg(honest.project.path("site"));
    assert_eq!(ran(&mut copy).code, Some(0));
    let (code, said) = honest.verify(&["--site", "site"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1.0/handover.json: not what the commit gives"), "{said}");
    let built = honest.run(&["build"]);
    assert_ne!(built.code, Some(0));
    assert!(built.stderr.contains("handover.json"), "{}", built.stderr);

    // What was shown when it was published stays shown, after the key was taken back.
    fs::remove_dir_all(honest.project.path("site")).unwrap();
    honest.ok(&["build"]);
    let key = fs::read_to_string(honest.file("amara.pub")).unwrap();
    honest.plan("version = \"1.0\"", "version = \"1.1\"");
    let keys = format!("ssh-key = '{0}'\nrevoked-key = '{0}'", key.trim());
    honest.plan(&format!("ssh-key = '{}'", key.trim()), &keys);
    honest.ok(&["build", "--all-versions"]);
}
