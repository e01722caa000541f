//! Freezing a version, in real git repositories.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::project::{Project, git_on, ran, repository};

/// A handover that is ready when its one document is approved.
const MORE: &str = r#"-- book.toml --
theme = "mine"
-- themes/mine/app.css --
body { color: black }
-- content/plan.toml --

[[criterion]]
id = "reviewed"
statement = "All is reviewed."
check = { type = "documents-reviewed" }

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
"#;

fn approve(project: &Project) {
    let digest = project.run(&["digest", "restore"]).stdout;
    let review = format!(
        "[[review]]\ndocument = 'restore'\nreviewer = 'noor'\non = 2026-12-03\ndigest = '{}'\noutcome = 'approved'\n",
        digest.trim()
    );
    project.write("content/records/reviews.toml", &review);
}

fn ready() -> Project {
    let project = Project::queue(MORE);
    project.git(1, &["init", "-q", "-b", "main"]);
    approve(&project);
    project.commit(4, "All of it");
    project
}

#[test]
fn a_ready_handover_is_frozen_with_its_commit() {
    let project = ready();
    let head = project.git(4, &["rev-parse", "HEAD"]);
    let ran = project.run(&["release", "1.0"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let release = project.read("content/releases/1.0.toml");
    let release: toml::Table = release.parse().unwrap();
    assert_eq!(release["commit"].as_str(), Some(&*head));
    assert_eq!(release["ready"].as_bool(), Some(true));
    assert_eq!(release["draft"].as_bool(), Some(false));
    let document = &release["document"][0];
    assert_eq!(document["status"].as_str(), Some("approved"));
    assert_eq!(document["path"].as_str(), Some("content/restore.md"));
    assert_eq!(release["signatory"][0]["name"].as_str(), Some("Noor Haddad"));
    let status: Value = serde_json::from_str(&project.run(&["status", "--json"]).stdout).unwrap();
    assert_eq!(release["digest"].as_str(), status["manifest"]["digest"].as_str());

    let again = project.run(&["release", "1.0"]);
    assert_eq!(again.code, Some(2));
    insta::assert_snapshot!(again.stderr, @r"
    error: version `1.0` is frozen since 2026-12-18, in `content/releases/1.0.toml`
      = help: a release is never changed: choose the next version
    ");
}

#[test]
fn the_manifest_can_be_made_again_with_standard_tools() {
    let project = ready();
    assert_eq!(project.run(&["release", "1.0"]).code, Some(0));
    let page = fs::read_to_string(repository().join("docs/releases.md")).unwrap();
    let recipe = page.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let recomputed = |project: &Project| {
        let mut shell = Command::new("bash");
        ran(shell.args(["-euo", "pipefail", "-c", recipe]).current_dir(project.path("")))
    };
    let whole = recomputed(&project);
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let release: toml::Table = project.read("content/releases/1.0.toml").parse().unwrap();
    let digest = release["digest"].as_str().unwrap();
    assert_eq!(whole.stdout, format!("{digest}\n{digest}\n"));

    for (path, name) in [
        ("content/plan.toml", "plan"),
        ("content/records/reviews.toml", "records/reviews.toml"),
        ("content/map.png", "asset/content/map.png"),
    ] {
        let text = project.read(path);
        project.write(path, &text.replace('\n', "\r\n"));
        let windows = recomputed(&project).stdout;
        assert_eq!(windows.contains("changed: "), name.starts_with("asset/"), "{windows}");
        project.write(path, &format!("{text}#\n"));
        assert!(recomputed(&project).stdout.ends_with(&format!("changed: {name}\n")), "{name}");
        project.write(path, &text);
    }
    let file = "content/releases/1.0.toml";
    let edited = project.read(file).replace("status = \"approved\"", "status = \"waived\"");
    project.write(file, &edited);
    let said = recomputed(&project).stdout;
    assert!(said.starts_with("changed: the file itself\n"), "{said}");
    assert!(said.ends_with("changed: document/restore\n"), "{said}");
}

#[test]
fn the_digest_of_a_document_can_be_made_again_with_standard_tools() {
    let project = Project::queue(MORE);
    let page = fs::read_to_string(repository().join("docs/releases.md")).unwrap();
    let recipe = page.split("```bash\n").nth(1).unwrap().split("```").next().unwrap();
    let mut shell = Command::new("bash");
    let made = ran(shell.args(["-euo", "pipefail", "-c", recipe]).current_dir(project.path("")));
    assert_eq!(made.stdout, project.run(&["digest", "restore"]).stdout, "{}", made.stderr);
}

/// Makes the tree dirty.
type Edit = fn(&Project);

#[test]
fn a_dirty_tree_is_not_frozen() {
    let cases: &[(&str, Edit)] = &[
        ("`content/restore.md`", |project| {
            project.write("content/restore.md", "# Restore\n\nCall.\n");
        }),
        ("`content/new.md`", |project| project.write("content/new.md", "# New\n")),
        ("`content/staged.md`", |project| {
            project.write("content/staged.md", "# Staged\n");
            project.git(5, &["add", "content/staged.md"]);
        }),
        ("`content/moved.md`", |project| {
            drop(project.git(5, &["mv", "content/restore.md", "content/moved.md"]));
        }),
        ("`document/restore`, which the commit has", |project| {
            fs::remove_file(project.path("content/restore.md")).unwrap();
        }),
        ("`themes/mine/app.css`", |project| {
            project.write("themes/mine/app.css", "body { color: red }\n");
        }),
        ("`content/map.png`", |project| project.write("content/map.png", "jpg\n")),
        ("`content/SUMMARY.md`", |project| {
            project.write("content/SUMMARY.md", "- [Restore](restore.md)\n");
        }),
        ("`book.toml`", |project| {
            fs::remove_file(project.path("book.toml")).unwrap();
        }),
    ];
    for (named, edit) in cases {
        let project = ready();
        edit(&project);
        let ran = project.run(&["release", "1.0", "--draft", "--today", "2026-12-18"]);
        assert_eq!(ran.code, Some(2), "{named}: {}", ran.stdout);
        assert!(ran.stderr.contains("the working tree is not what is committed"), "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("- {named}\n")), "{named}: {}", ran.stderr);
        assert!(!project.path("content/releases").exists());
    }
}

#[test]
fn a_handover_that_is_not_ready_is_frozen_as_a_draft_alone() {
    let project = Project::queue(MORE);
    project.git(1, &["init", "-q", "-b", "main"]);
    project.commit(1, "All of it");
    let ran = project.run(&["release", "1.0"]);
    assert_eq!(ran.code, Some(1));
    insta::assert_snapshot!(ran.stderr, @r"
    `1.0` is not frozen: the handover is not ready (0 of 1 criterion met)
    - Review `restore` (Noor Haddad, due 2026-12-18)
      = help: `--draft` freezes it as it is, for people to look at
    ");
    assert!(!project.path("content/releases").exists());
    let ran = project.run(&["release", "1.0", "--draft"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let release: toml::Table = project.read("content/releases/1.0.toml").parse().unwrap();
    assert_eq!(release["draft"].as_bool(), Some(true));
    assert_eq!(release["ready"].as_bool(), Some(false));
}

#[test]
fn git_is_asked_for_the_commit_and_the_tag() {
    let project = ready();
    // What is staged for something else stays out of the commit.
    project.write("notes.txt", "mine\n");
    project.git(5, &["add", "notes.txt"]);
    let mut command = project.command(&["release", "1.0", "--tag"]);
    let who = ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Noor Haddad"));
    let mail = ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "noor@example.com"));
    let ran = ran(command.envs(git_on(18)).envs(who).envs(mail));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let files = project.git(18, &["show", "--name-only", "--format=%s", "handover-1.0^{commit}"]);
    assert_eq!(files, "Freeze queue 1.0\n\ncontent/releases/1.0.toml");
    assert_eq!(project.git(18, &["cat-file", "-t", "handover-1.0"]), "tag");

    project.git(18, &["tag", "handover-1.1"]);
    project.git(18, &["rm", "-q", "--cached", "notes.txt"]);
    for arguments in [&["release", "1.1", "--tag"][..], &["release", "1.1"]] {
        let taken = project.run(arguments);
        assert_eq!(taken.code, Some(2));
        assert!(taken.stderr.contains("the tag `handover-1.1` exists already"), "{}", taken.stderr);
        assert!(!project.path("content/releases/1.1.toml").exists());
    }
}

#[test]
fn the_repository_is_that_of_the_project_whatever_the_environment_says() {
    let (project, other) = (ready(), ready());
    let before = other.git(18, &["rev-parse", "HEAD"]);
    let mut command = project.command(&["release", "1.2", "--tag"]);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Noor").env(format!("GIT_{role}_EMAIL"), "n@x.org");
    }
    let ran = ran(command.envs(git_on(18)).env("GIT_DIR", other.path(".git")));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("says version `1.0`, and this is frozen as `1.2`"),
        "{}",
        ran.stderr
    );
    assert_eq!(other.git(18, &["rev-parse", "HEAD"]), before);
    assert_eq!(project.git(18, &["tag", "--list"]), "handover-1.2");
}

#[test]
fn commands_are_printed_that_can_be_pasted() {
    let project = ready();
    let ran = project.run(&["release", "1.0"]);
    let next = ran.stdout.split_once("next, ").unwrap().1;
    insta::assert_snapshot!(next, @r"
    commit it and tag the commit:
      git add -- content/releases/1.0.toml
      git commit -m 'Freeze queue 1.0' -- content/releases/1.0.toml
      git tag -a handover-1.0 -m 'Freeze queue 1.0'
    ");
    let commands = next.lines().skip(1).collect::<Vec<_>>().join(" && ");
    let mut shell = Command::new("bash");
    shell.args(["-c", &commands]).current_dir(project.path("")).envs(git_on(18));
    for role in ["AUTHOR", "COMMITTER"] {
        shell.env(format!("GIT_{role}_NAME"), "Noor").env(format!("GIT_{role}_EMAIL"), "n@x.org");
    }
    let pasted = crate::project::ran(&mut shell);
    assert_eq!(pasted.code, Some(0), "{}", pasted.stderr);
    assert_eq!(project.git(18, &["cat-file", "-t", "handover-1.0"]), "tag");
}

#[test]
fn a_statement_names_every_entry() {
    let project = ready();
    let ran = project.run(&["release", "1.0", "--in-toto"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let statement: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    let subjects = statement["subject"].as_array().unwrap();
    let names: Vec<&str> =
        subjects.iter().map(|subject| subject["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "asset/content/map.png",
            "criterion/reviewed",
            "document/restore",
            "judged-for",
            "plan",
            "readiness",
            "records/reviews.toml",
            "commit",
        ]
    );
    let plan = project.path("content/plan.toml");
    let sum = crate::project::ran(Command::new("sha256sum").arg(plan)).stdout;
    assert_eq!(subjects[4]["digest"]["sha256"].as_str(), sum.split(' ').next());
    assert_eq!(project.run(&["release", "1.0", "--in-toto"]).stdout, ran.stdout);
}

#[test]
fn what_a_release_says_of_itself_is_held_against_its_commit() {
    let project = ready();
    assert_eq!(project.run(&["release", "1.0"]).code, Some(0));
    let file = "content/releases/1.0.toml";
    let whole = project.read(file);
    for (from, to, said) in [
        ("I accept the queue.", "I accept nothing.", "who signs what"),
        ("title = \"Handover of the queue\"", "title = \"Of all\"", "the title of the handover"),
        ("title = \"Restore\"", "title = \"Delete\"", "the titles of documents"),
        ("handover = \"queue\"", "handover = \"other\"", "the id of the handover"),
    ] {
        assert!(whole.contains(from), "{from}");
        // Whoever edits it seals it anew.
        let edited = whole.replace(from, to);
        let (first, rest) = edited.split_once('\n').unwrap();
        project.write("rest", rest);
        let sum = ran(Command::new("sha256sum").arg(project.path("rest"))).stdout;
        let seal = first.rsplit_once(' ').unwrap().0;
        project.write(file, &format!("{seal} {}\n{rest}", sum.split(' ').next().unwrap()));
        let built = project.run(&["build", "--all-versions"]);
        assert_eq!(built.code, Some(1), "{from}: {}", built.stderr);
        assert!(built.stderr.contains(said), "{}", built.stderr);
        assert!(!project.path("site").exists());
    }
}

#[test]
fn without_git_a_release_names_no_commit() {
    let project = Project::queue(MORE);
    approve(&project);
    let ran = project.run(&["release", "1.0"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("without a git repository"), "{}", ran.stdout);
    let release: toml::Table = project.read("content/releases/1.0.toml").parse().unwrap();
    assert!(!release.contains_key("commit"));
}

#[test]
fn a_version_that_can_be_no_tag_or_no_file_of_its_own_is_refused() {
    let project = ready();
    let refused = |version: &str, why: &str| {
        let ran = project.run(&["release", version]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(why), "{ran:?}");
        assert!(!project.path(&format!("content/releases/{version}.toml")).exists());
    };
    refused("a..b", "git takes no tag `handover-a..b`");
    refused("x.lock", "git takes no tag `handover-x.lock`");
    assert_eq!(project.run(&["release", "RC1"]).code, Some(0));
    refused("rc1", "`rc1` and the release `RC1` differ only in case");
}

#[test]
fn a_release_without_a_plan_has_a_plain_message() {
    let project = Project::new(crate::project::SMALL);
    project.git(1, &["init", "-q", "-b", "main"]);
    project.commit(1, "All of it");
    let ran = project.run(&["release", "1.0", "--draft"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("git commit -m 'Freeze 1.0' --"), "{ran:?}");
}

#[test]
fn a_repository_that_cannot_be_read_is_no_missing_one() {
    let refused = |project: &Project, why: &str| {
        let ran = project.run(&["release", "1.0"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        let start = "error: the git repository cannot be read: ";
        assert!(ran.stderr.starts_with(start) && ran.stderr.contains(why), "{ran:?}");
        assert!(!project.path("content/releases").exists());
    };
    let project = ready();
    fs::remove_dir_all(project.path(".git")).unwrap();
    project.write(".git", "gitdir: /nowhere/worktrees/gone\n");
    refused(&project, ".git`");
    fs::remove_file(project.path(".git")).unwrap();
    project.write(".git/HEAD", "nonsense\n");
    refused(&project, ".git`");

    for object in ["HEAD^{tree}", "HEAD:content", "HEAD:content/restore.md", "HEAD:content/map.png"]
    {
        let project = ready();
        let id = project.git(5, &["rev-parse", object]);
        fs::remove_file(project.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
        refused(&project, "");
    }
}
