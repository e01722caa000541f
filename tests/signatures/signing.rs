//! Making signatures: with `handover sign`, and with `ssh-keygen` alone.

use std::fs;
use std::process::{Command, Stdio};

use super::{RELEASE, SIGNATURE, Signing, masked};
use crate::project::ran;

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
