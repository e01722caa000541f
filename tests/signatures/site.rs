//! What pages show of signatures, and a published site held against the release.

use std::fs;
use std::process::Command;

use handover::source::sha256;

use super::{RELEASE, SIGNATURE, Signing};
use crate::project::{Project, ran};

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

/// Writes another text into a file of a site, and its digest into the list of the site's files.
fn forge(signing: &Signing, path: &str, from: &str, to: &str) {
    let at = format!("site/{path}");
    let whole = signing.project.read(&at);
    assert!(whole.contains(from), "{from}: {whole}");
    let edited = whole.replace(from, to);
    let line = |text: &str| format!("{}  {path}\n", sha256(text.as_bytes()));
    let list = signing.project.read("site/.handover").replace(&line(&whole), &line(&edited));
    signing.project.write("site/.handover", &list);
    signing.project.write(&at, &edited);
}

#[test]
fn what_a_site_says_of_signatures_is_held_against_them() {
    let signing = Signing::released(&["ed25519"]);
    signing.sign("amara");
    // Amara's words in the name of Noor, with a key that is taken back later.
    let theirs = signing.project.read("content/releases/1.0/amara.toml");
    let noors = theirs
        .replace("\"amara\"", "\"noor\"")
        .replace("Amara Okafor", "Noor Haddad")
        .replace("Relinquishing Lead", "Receiving Lead")
        .replace("I hand the queue over.", "I accept the queue.");
    signing.project.write("content/releases/1.0/noor.toml", &noors);
    let signature = signing.project.read(SIGNATURE);
    signing.project.write("content/releases/1.0/noor.toml.sig", &signature);
    signing.ok(&["build"]);
    let key = fs::read_to_string(signing.file("amara.pub")).unwrap();
    let keys = format!("ssh-key = '{0}'\nrevoked-key = '{0}'", key.trim());
    let restored = |forged: &dyn Fn()| {
        let site = signing.project.path("site");
        let kept = signing.project.path("kept");
        let copy = |from: &std::path::Path, to: &std::path::Path| {
            assert_eq!(ran(Command::new("cp").arg("-a").arg(from).arg(to)).code, Some(0));
        };
        copy(&site, &kept);
        forged();
        let (_, said) = signing.verify(&["--site", "site"]);
        assert!(said.contains("1.0/handover.json: not what the commit gives"), "{said}");
        let built = signing.run(&["build", "--all-versions"]);
        assert_ne!(built.code, Some(0), "{built:?}");
        fs::remove_dir_all(&site).unwrap();
        fs::rename(&kept, &site).unwrap();
    };
    // A signature that holds, as one that does not.
    restored(&|| {
        forge(
            &signing,
            "1.0/handover.json",
            "\"validity\": \"valid\",\n          \"why\": null",
            "\"validity\": \"invalid\",\n          \"why\": \"withdrawn, call us\"",
        );
    });
    // One that never held, as one that does, also where its key was taken back.
    let plan = signing.project.read("content/plan.toml");
    for plan in [plan.clone(), plan.replacen(&format!("ssh-key = '{}'", key.trim()), &keys, 1)] {
        let plan = plan.replace("version = \"1.0\"", "version = \"1.1\"");
        signing.project.write("content/plan.toml", &plan);
        let json = signing.project.read("site/1.0/handover.json");
        let at = json.find("\"validity\": \"invalid\"").unwrap();
        let until = at + json[at..].find("\"person\"").unwrap();
        restored(&|| {
            let valid = "\"validity\": \"valid\",\n          \"why\": null,\n          ";
            forge(&signing, "1.0/handover.json", &json[at..until], valid);
        });
    }
    // One that the site does not show is named.
    signing.sign("noor");
    let (_, said) = signing.verify(&["--site", "site"]);
    assert!(said.contains("is not shown: it came later"), "{said}");
}
