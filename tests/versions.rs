//! Several versions of one handover, in real git repositories: built, kept, compared.

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
version = "0.9"

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

[[phase]]
id = "review"
title = "Review"
days = "1-4"
activities = "Read."

[[milestone]]
id = "handover"
title = "Official Handover"
day = 15
gate = true
activities = "Sign-off."

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

/// Two releases and a working tree after them: a document is renamed, one is removed, one is new, one is edited.
pub(crate) fn project() -> Project {
    let project = Project::new(PROJECT);
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

fn built(project: &Project, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
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
    let project = Project::new(PROJECT);
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

#[test]
fn a_version_that_is_released_does_not_change() {
    let project = Project::new(PROJECT);
    project.git(1, &["init", "-q", "-b", "main"]);
    project.write(".gitignore", "site/\n");
    release(&project, "0.9", 4, "0.9");
    let released = built(&project, &["--today", "2026-12-24"]);
    assert!(text(&released, "0.9/index.html").contains("4 December 2026"), "judged for its day");
    edit(&project, "content/drain.md", "the valve", "both valves");
    approve(&project, "restore", 3);
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let at = ran.stderr.find("error[released-version]").unwrap();
    insta::assert_snapshot!(&ran.stderr[at..], @r#"
    error[released-version]: version `0.9` was released on 2026-12-04, and document `drain`, document `restore` and the records in `reviews.toml` changed since
     --> content/plan.toml:5:11
      |
    5 | version = "0.9"
      |           ^^^^^
      |
      = help: set `version` to the next one, or take the changes back

    1 error, 2 warnings in 3 files; nothing was written
    "#);
    assert_eq!(files(&project.path("site")), released);
    assert!(project.run(&["check"]).stdout.contains("released-version"));
    edit(&project, "content/plan.toml", "\"0.9\"", "\"1.0\"");
    let site = built(&project, &[]);
    assert_eq!(folder(&site, "0.9"), folder(&released, "0.9"));
    assert!(text(&site, "index.html").contains("0.9/index.html"), "1.0 is no release yet");
}

#[test]
fn what_its_commit_does_not_give_is_no_release() {
    let project = project();
    reseal(&project, |facts| {
        let entries = &mut facts.entries.value;
        let line = entries.lines().find(|line| line.ends_with("  plan")).unwrap().to_owned();
        *entries = entries.replace(&line, &format!("{}  plan", "0".repeat(64)));
        facts.digest.value = handover::release::digest(entries);
    });
    let ran = project.run(&["build", "--all-versions"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("release `0.9` is not what commit "), "{ran:?}");
    assert!(ran.stderr.contains(" gives: the plan\n"), "{ran:?}");
    assert!(!project.path("site").exists());
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

#[test]
fn a_damaged_release_is_built_by_nobody() {
    let project = project();
    let file = "content/releases/0.9.toml";
    let whole = project.read(file);
    let builds = |arguments: &[&str]| {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.ends_with("nothing was written\n"), "{ran:?}");
        assert!(!project.path("site").exists());
        ran.stderr
    };
    project.write(file, &whole.replace("Handover of the queue", "Handover of a queue"));
    let said = builds(&["build", "--all-versions"]);
    let at = said.find("error: ").unwrap();
    insta::assert_snapshot!(&said[at..], @r"
    error: `content/releases/0.9.toml` does not hold together: its first line does not seal the rest
      = help: take the file back to what was committed: a release never changes
    nothing was written
    ");
    project.commit(9, "Go on");
    let next = project.run(&["release", "1.1", "--draft", "--today", "2026-12-18"]);
    assert_eq!(next.code, Some(0), "{next:?}");
    assert!(
        next.stderr.starts_with("warning: `content/releases/0.9.toml` does not hold together: "),
        "{next:?}"
    );
    fs::remove_file(project.path("content/releases/1.1.toml")).unwrap();

    // A file under the name of another version is that of neither.
    project.write(file, &whole);
    fs::rename(project.path(file), project.path("content/releases/0.8.toml")).unwrap();
    let said = builds(&["build", "--all-versions"]);
    assert!(
        said.contains(
            "`content/releases/0.8.toml` does not hold together: it says that it is version `0.9`"
        ),
        "{said}"
    );
    let named = project.run(&["verify", "0.8"]);
    assert_eq!(named.code, Some(1), "{named:?}");
    assert!(named.stdout.contains("damaged: it says that it is version `0.9`"), "{named:?}");
    for arguments in [["verify", "0.9"], ["diff", "0.9"]] {
        let gone = project.run(&arguments);
        assert_eq!(gone.code, Some(2), "{gone:?}");
    }
    // Beside the true one, it takes nobody's place.
    project.write(file, &whole);
    let verified = project.run(&["verify", "0.9", "--rev", "handover-0.9"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[test]
fn what_stands_beside_a_release_does_not_go_into_it() {
    let project = Project::new(PROJECT);
    project.git(1, &["init", "-q", "-b", "main"]);
    project.write(".gitignore", "site/\n");
    project.write("themes/mine/app.css", "body {}\n");
    release(&project, "0.9", 4, "0.9");
    let released = project.git(4, &["rev-parse", "HEAD~1"]);
    let before = project.run(&["build"]);
    assert!(!before.stderr.contains("is released"), "{before:?}");
    project.write("themes/mine/app.css", "body { color: red }\n");
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let remark = format!(
        "`0.9` is released: it is built from commit {}, without what changed since in `themes/mine/app.css`\n",
        &released[..10]
    );
    assert!(ran.stderr.contains(&remark), "{ran:?}");
}

/// Returns the article of a page as text, with the words of its marks.
fn article(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let html = text(site, path);
    let article = html.split("<article>").nth(1).unwrap().split("</article>").next().unwrap();
    let mut words = String::new();
    for part in article.split('<') {
        words.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_of_changes_tells_what_changed_since_the_release_before() {
    let project = project();
    let sessions =
        "[[session]]\nmodule = \"basics\"\non = 2026-12-07\nhours = 2\nattendees = [\"noor\"]\n";
    project.write("content/records/training.toml", sessions);
    project.commit(12, "Go on");
    let site = built(&project, &["--all-versions"]);
    let first = article(&site, "0.9/changes.html");
    assert!(first.contains("No earlier version was released"), "{first}");
    insta::assert_snapshot!(article(&site, "1.0/changes.html"), @"Changes From 0.9 , released on 4 Dec 2026 (not ready, 0 of 1 criterion met or waived), to 1.0 , judged for 8 Dec 2026 (not ready, 0 of 1 criterion met or waived): 1 document removed, 1 renamed and 1 with another status alone. Removed Old ways Was Unreviewed Renamed Restore Approved → Changed content/restore.md is now content/recover.md 1 change of the text Restore Stop added: all of end. the writers, then restore. Same text, another status Documents that stand otherwise Document Status Drain Unreviewed → Approved Criteria Criteria that are judged otherwise Criterion Verdict What changed reviewed All is reviewed. Unmet Target: 3 documents reviewed and up to date → 2 documents reviewed and up to date Actual: 1 of 3 documents → 1 of 2 documents Records Recorded since: 1 review. What is new for you Documents that changed since a person last reviewed them or was taught them. Noor Haddad Restore Changed reviewed on 3 Dec 2026 Nothing is new for Amara Okafor.");
    insta::assert_snapshot!(article(&site, "1.1/changes.html"), @"Changes From 1.0 , released on 8 Dec 2026 (not ready, 0 of 1 criterion met or waived), to 1.1 , judged for 18 Dec 2026 (not ready, 0 of 1 criterion met or waived): 1 document added and 1 changed. Added New New Unreviewed Changed Drain Approved → Changed 1 change of the text Drain Open removed: the valve end. added: both valves end. . Criteria Criteria that are judged otherwise Criterion Verdict What changed reviewed All is reviewed. Unmet Target: 2 documents reviewed and up to date → 3 documents reviewed and up to date Actual: 1 of 2 documents → 0 of 3 documents Plan Phases and milestones Phase “Review”: days 1-4 (30 Nov 2026 to 3 Dec 2026) → days 1-5 (30 Nov 2026 to 4 Dec 2026) Records Recorded since: 1 training session. What is new for you Documents that changed since a person last reviewed them or was taught them. Noor Haddad Drain Changed was taught in “Basics” on 7 Dec 2026 Restore Changed reviewed on 3 Dec 2026 Nothing is new for Amara Okafor.");
}

#[test]
fn two_states_are_compared_on_the_terminal() {
    let project = project();
    let diff = |arguments: &[&str]| {
        let ran = project.run(&[&["diff"], arguments].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.stdout
    };
    insta::assert_snapshot!(diff(&["0.9", "1.0"]), @"
    0.9, judged for 2026-12-04: not ready, 0 of 1 criterion met or waived
    → 1.0, judged for 2026-12-08: not ready, 0 of 1 criterion met or waived

    Documents
      removed  old: gone, was unreviewed
      renamed  restore: approved → changed; content/restore.md → content/recover.md
          # Restore
        ~ Stop {+all of +}the writers, then restore.
      status   drain: unreviewed → approved

    Criteria
      reviewed: unmet
        target: 3 documents reviewed and up to date → 2 documents reviewed and up to date
        actual: 1 of 3 documents → 1 of 2 documents

    Records
      recorded since: 1 review
    ");
    insta::assert_snapshot!(diff(&["--as", "noor"]), @"
    1.0, judged for 2026-12-08: not ready, 0 of 1 criterion met or waived
    → the working tree (1.1), judged for 2026-12-18: not ready, 0 of 1 criterion met or waived

    Documents
      added    new: new, unreviewed
      changed  drain: approved → changed
          # Drain
        ~ Open [-the valve-]{+both valves+}.

    Criteria
      reviewed: unmet
        target: 2 documents reviewed and up to date → 3 documents reviewed and up to date
        actual: 1 of 2 documents → 0 of 3 documents

    Plan
      Phases and milestones
        phase “Review”: days 1-4 (30 Nov 2026 to 3 Dec 2026) → days 1-5 (30 Nov 2026 to 4 Dec 2026)

    New for Noor Haddad
      drain: reviewed on 2026-12-06
      restore: reviewed on 2026-12-03
    ");
    assert!(diff(&["handover-1.0", "HEAD"]).ends_with("\nNothing changed\n"));
    // Backwards, what was removed is added.
    assert!(diff(&["working-tree", "0.9"]).contains("  added    old: new, unreviewed\n"));
    let json: serde_json::Value = serde_json::from_str(&diff(&["0.9", "1.0", "--json"])).unwrap();
    assert_eq!(json["documents"][0]["fate"], "removed");
    assert_eq!(json["documents"][1]["new"]["path"], "content/recover.md");
    assert_eq!(project.run(&["diff", "--exit-code"]).code, Some(1));
    assert_eq!(project.run(&["diff", "1.0", "1.0", "--exit-code"]).code, Some(0));
    let unknown = project.run(&["diff", "0.8"]);
    assert_eq!(unknown.code, Some(2));
    insta::assert_snapshot!(unknown.stderr, @"
    error: no release, commit, tag or branch `0.8`
      = help: did you mean `0.9`?
    ");
}

#[test]
fn without_the_commit_a_release_file_tells_what_it_can() {
    let project = project();
    fs::remove_dir_all(project.path(".git")).unwrap();
    let ran = project.run(&["diff", "1.0"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    insta::assert_snapshot!(ran.stdout, @"
    1.0, judged for 2026-12-08: not ready, 0 of 1 criterion met or waived
    → the working tree (1.1), judged for 2026-12-18: not ready, 0 of 1 criterion met or waived

    Not everything can be told: the files of 1.0 are not here, so changes of texts, of the plan and of records are not told: the project is not in a git repository

    Documents
      added    new: new, unreviewed
      changed  drain: approved → changed

    Criteria
      reviewed: unmet
        target: 2 documents reviewed and up to date → 3 documents reviewed and up to date
        actual: 1 of 2 documents → 0 of 3 documents
    ");
    let site = built(&project, &[]);
    let page = article(&site, "1.1/changes.html");
    assert!(page.contains("Not everything can be told. The files of 1.0 are not here"), "{page}");
}
