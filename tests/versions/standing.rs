//! What was released stays what it was.

use std::fs;

use super::{approve, built, edit, folder, project, release, reseal, text, unreleased};
use crate::project::files;

#[test]
fn a_version_that_is_released_does_not_change() {
    let project = unreleased();
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
    let project = unreleased();
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
