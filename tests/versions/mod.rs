//! Several versions of one handover, in real git repositories: built, kept, compared.

mod changes;
mod standing;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use handover::parse::release::ReleaseFacts;
use handover::release::frozen;
use handover::source::{Source, SourcePath};
use walkdir::WalkDir;

use crate::project::{Project, Ran, files};

const MORE: &str = r#"-- content/plan.toml --

[[phase]]
id = "review"
title = "Review"
days = "1-4"
activities = "Read."

[[module]]
id = "basics"
title = "Basics"
hours = 2
audience = ["noor"]
documents = ["drain"]

[[criterion]]
id = "reviewed"
statement = "All is reviewed."
check = { type = "documents-reviewed" }
-- content/restore.md --
---
id: restore
owner: amara
---

# Restore

Stop the writers, then restore.
-- content/drain.md --
---
owner: amara
---

# Drain

Open the valve.
-- content/old.md --
---
owner: amara
---

# Old ways

Nobody does this.
-- content/records/reviews.toml --
# Who read what.
"#;

/// Approves a document as Noor Haddad.
fn approve(project: &Project, id: &str, day: u32) {
    let digest = project.run(&["digest", id]).stdout;
    let reviews = project.read("content/records/reviews.toml");
    let review = format!(
        "[[review]]\ndocument = '{id}'\nreviewer = 'noor'\non = 2026-12-{day:02}\ndigest = '{}'\noutcome = 'approved'\n",
        digest.trim()
    );
    project.write("content/records/reviews.toml", &format!("{reviews}{review}"));
}

fn edit(project: &Project, path: &str, from: &str, to: &str) {
    let text = project.read(path);
    assert!(text.contains(from), "{path}: {from}");
    project.write(path, &text.replace(from, to));
}

/// Freezes a version on a day, commits and tags it, and goes on to the next.
fn release(project: &Project, version: &str, day: u32, next: &str) {
    project.commit(day, &format!("What becomes {version}"));
    let frozen =
        project.run(&["release", version, "--draft", "--today", &format!("2026-12-{day:02}")]);
    assert_eq!(frozen.code, Some(0), "{}", frozen.stderr);
    project.commit(day, &format!("Release {version}"));
    project.git(day, &["tag", &format!("handover-{version}")]);
    if next != version {
        edit(project, "content/plan.toml", &format!("\"{version}\""), &format!("\"{next}\""));
    }
}

/// A project before its first release.
fn unreleased() -> Project {
    let project = Project::queue(MORE);
    edit(&project, "content/plan.toml", "version = \"1.0\"", "version = \"0.9\"");
    project
}

/// Two releases and a working tree after them: a document is renamed, one is removed, one is new, one is edited.
pub(crate) fn project() -> Project {
    let project = unreleased();
    project.git(1, &["init", "-q", "-b", "main"]);
    project.write(".gitignore", "site/\n");
    project.commit(1, "Begin");
    approve(&project, "restore", 3);
    release(&project, "0.9", 4, "1.0");
    project.git(5, &["mv", "content/restore.md", "content/recover.md"]);
    edit(&project, "content/recover.md", "Stop the writers", "Stop all of the writers");
    fs::remove_file(project.path("content/old.md")).unwrap();
    approve(&project, "drain", 6);
    release(&project, "1.0", 8, "1.1");
    project.write("content/new.md", "---\nowner: amara\n---\n\n# New\n\nIt is new.\n");
    edit(&project, "content/drain.md", "Open the valve.", "Open both valves.");
    edit(&project, "content/plan.toml", "\"1-4\"", "\"1-5\"");
    project
}

/// Forges the release 0.9, so that its file holds together.
fn reseal(project: &Project, edit: impl FnOnce(&mut ReleaseFacts)) {
    let path = SourcePath::new("content/releases/0.9.toml").unwrap();
    let text = project.read(path.as_str());
    let source = Source::new(path, text);
    let read = handover::parse::release::release(&Arc::new(source)).0.unwrap();
    let mut facts = read.facts;
    edit(&mut facts);
    project.write(read.source.path.as_str(), &frozen::text(&facts));
}

pub(crate) fn built(project: &Project, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let ran = project.run(&[&["build"], arguments].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    files(&project.path("site"))
}

fn folder<'a>(site: &'a BTreeMap<String, Vec<u8>>, version: &str) -> BTreeMap<&'a str, &'a [u8]> {
    let below = site.iter().filter_map(|(path, bytes)| {
        Some((path.strip_prefix(version)?.strip_prefix('/')?, bytes.as_slice()))
    });
    below.collect()
}

fn text(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(site[path].clone()).unwrap()
}

/// Returns when each file of the site was written.
fn times(project: &Project, version: &str) -> BTreeMap<PathBuf, SystemTime> {
    let walk = WalkDir::new(project.path("site").join(version)).into_iter().map(Result::unwrap);
    let walk = walk.filter(|entry| entry.file_type().is_file());
    walk.map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap()))
        .collect()
}

fn clone(project: &Project, arguments: &[&str]) -> Project {
    let clone = Project::new("");
    let address = format!("file://{}", project.path("").display());
    let arguments = [&["clone", "-q"], arguments, &[&address, "."]].concat();
    clone.git(20, &arguments);
    clone
}

#[test]
fn every_release_is_built_from_its_commit() {
    let project = project();
    let run = project.run(&["build", "--all-versions"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let said: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(said.len(), 3, "{run:?}");
    assert!(said[0].starts_with("./site/0.9: 3 documents, "), "{run:?}");
    assert!(said[0].ends_with(", not ready (0 of 1 criterion met), released"), "{run:?}");
    assert!(said[2].starts_with("./site/1.1: 3 documents, "), "{run:?}");
    let site = files(&project.path("site"));
    assert!(text(&site, "0.9/restore.html").contains("Stop the writers"));
    assert!(text(&site, "0.9/index.html").contains("Queue 0.9"));
    assert!(text(&site, "1.0/recover.html").contains("Stop all of the writers"));
    assert!(text(&site, "1.1/drain.html").contains("Open both valves"));
    assert!(!site.contains_key("1.0/old.html") && site.contains_key("0.9/old.html"));
    assert_eq!(
        text(&site, "versions.js"),
        "handoverVersions({\"latest\":\"1.0\",\"released\":[\"0.9\",\"1.0\"],\"versions\":[\"0.9\",\"1.0\",\"1.1\"]});\n"
    );
    // What comes next is not what the world is led to.
    assert!(text(&site, "index.html").contains("1.0/index.html"));
    assert!(text(&site, "latest/recover.html").contains("../1.0/recover.html"));
    assert!(!site.contains_key("latest/new.html"));
    assert_eq!(site["latest/handover.json"], site["1.0/handover.json"]);
    let headers = text(&site, "_headers");
    for rule in ["/0.9/*\n", "/1.0/*\n", "/1.1/*\n", "/latest/*\n"] {
        assert!(headers.contains(rule), "{headers}");
    }
}

#[test]
fn a_build_leaves_published_releases_alone() {
    let project = project();
    let first = built(&project, &["--all-versions"]);
    let written = times(&project, "1.0");
    edit(&project, "content/drain.md", "both valves", "no valve");
    let second = built(&project, &[]);
    assert_ne!(folder(&second, "1.1"), folder(&first, "1.1"));
    for version in ["0.9", "1.0"] {
        assert_eq!(folder(&second, version), folder(&first, version));
    }
    let third = built(&project, &["--all-versions", "--today", "2026-12-28"]);
    assert_eq!(folder(&third, "1.0"), folder(&first, "1.0"));
    assert_eq!(times(&project, "1.0"), written, "nothing was written again");
    for at in ["index.html", "latest/index.html"] {
        assert!(text(&third, at).contains("1.0/index.html"));
    }

    // A folder that somebody took away is made again, byte by byte.
    fs::remove_dir_all(project.path("site/0.9")).unwrap();
    assert_eq!(folder(&built(&project, &["--all-versions"]), "0.9"), folder(&first, "0.9"));
    assert_eq!(
        folder(&built(&clone(&project, &[]), &["--all-versions"]), "0.9"),
        folder(&first, "0.9")
    );
}

#[test]
fn a_published_release_that_somebody_changed_is_named() {
    let project = project();
    let before = built(&project, &["--all-versions"]);
    let page = project.path("site/0.9/restore.html");
    fs::remove_file(&page).unwrap();
    fs::write(&page, "!").unwrap();
    let ran = project.run(&["build", "--all-versions"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let at = ran.stderr.find("error: ").unwrap();
    insta::assert_snapshot!(&ran.stderr[at..], @r"
    error: version `0.9` was published as a release, and `./site/0.9` differs from what is made of it now: `restore.html`
      = help: a release stays as it was published; if it was damaged, or must be made anew, remove `./site/0.9` and tell those who rely on `0.9`
    ");
    let after = files(&project.path("site"));
    assert_eq!(folder(&after, "1.1"), folder(&before, "1.1"), "nothing was written");
    assert_eq!(after["0.9/restore.html"], b"!");
}

#[test]
fn the_commit_of_a_release_gives_the_same_bytes_as_its_tag_tells() {
    let project = project();
    let by_commit = built(&project, &["--all-versions"]);
    // The tag is gone, and then the commit: each alone is enough.
    project.git(9, &["tag", "-d", "handover-0.9"]);
    fs::remove_dir_all(project.path("site")).unwrap();
    assert_eq!(built(&project, &["--all-versions"]), by_commit);
    // The same release as the checkout of its tag.
    project.git(9, &["stash", "-q", "-u"]);
    project.git(9, &["checkout", "-q", "handover-1.0"]);
    fs::remove_dir_all(project.path("site")).unwrap();
    let checkout = built(&project, &[]);
    assert_eq!(folder(&checkout, "1.0"), folder(&by_commit, "1.0"));
    assert!(text(&checkout, "versions.js").contains(r#""released":["1.0"]"#));
}

#[test]
fn a_release_whose_commit_is_gone_is_built_from_its_tag() {
    let project = unreleased();
    project.git(1, &["init", "-q", "-b", "main"]);
    project.write(".gitignore", "site/\n");
    release(&project, "0.9", 4, "0.9");
    reseal(&project, |facts| facts.commit.as_mut().unwrap().value = "0".repeat(40));
    edit(&project, "content/plan.toml", "\"0.9\"", "\"1.0\"");
    let site = built(&project, &["--all-versions"]);
    assert!(text(&site, "0.9/old.html").contains("Nobody does this"));
    project.git(5, &["tag", "-d", "handover-0.9"]);
    fs::remove_dir_all(project.path("site")).unwrap();
    let ran = project.run(&["build", "--all-versions"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    insta::assert_snapshot!(remarks(&ran), @r"
    warning: release `0.9` cannot be made again: commit 0000000000 is not in the repository
      = help: get the commit, or its tag: `git fetch --tags`
    ");
}

/// What was said beside the problems of the text.
fn remarks(ran: &Ran) -> String {
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let at = lines.iter().position(|line| line.contains("cannot be made again"));
    lines[at.unwrap_or(lines.len())..].join("\n")
}

#[test]
fn a_shallow_clone_says_what_it_cannot_build() {
    let project = project();
    project.commit(12, "Go on");
    let whole = built(&project, &["--all-versions"]);
    let shallow = clone(&project, &["--depth", "1"]);
    let ran = shallow.run(&["build", "--all-versions"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let warnings = remarks(&ran);
    assert_eq!(warnings.matches("cannot be made again: commit ").count(), 2, "{warnings}");
    assert_eq!(warnings.matches("`git fetch --unshallow --tags`").count(), 2, "{warnings}");
    assert!(!shallow.path("site/0.9").exists() && shallow.path("site/1.1").exists());
    let strict = shallow.run(&["build", "--all-versions", "--strict", "-d", "other"]);
    assert_eq!(strict.code, Some(1));
    assert!(!shallow.path("other").exists());
    shallow.git(20, &["fetch", "-q", "--unshallow", "--tags"]);
    let all = built(&shallow, &["--all-versions"]);
    for version in ["0.9", "1.0"] {
        assert_eq!(folder(&all, version), folder(&whole, version));
    }
}

#[test]
fn without_git_releases_are_not_made_again() {
    let project = project();
    fs::remove_dir_all(project.path(".git")).unwrap();
    let diff = project.run(&["diff", "1.0", "HEAD"]);
    assert_eq!(diff.code, Some(2), "{diff:?}");
    insta::assert_snapshot!(diff.stderr, @r"
    error: no release `HEAD`, and the project is not in a git repository
      = help: releases are the files in `releases/`; `git tag` lists the tags
    ");
    let nobody = project.run(&["diff", "1.0", "--as", "amara"]);
    assert!(
        nobody.stdout.ends_with("New for Amara Okafor\n  all of it: they have reviewed no document, and were taught none\n"),
        "{nobody:?}"
    );
    let ran = project.run(&["build", "--all-versions"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    insta::assert_snapshot!(remarks(&ran), @r"
    warning: release `0.9` cannot be made again: the project is not in a git repository that can be read
      = help: build in the repository that it was made in
    warning: release `1.0` cannot be made again: the project is not in a git repository that can be read
      = help: build in the repository that it was made in
    ");
}
