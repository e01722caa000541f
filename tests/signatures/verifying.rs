//! What `handover verify` says of signatures, good and bad.

use std::fs;
use std::process::Command;

use super::{RELEASE, SIGNATURE, Signing, masked};
use crate::project::{Ran, ran};

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
