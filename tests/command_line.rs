//! Flags are hooked up, exit codes hold, and each stream carries what it should. The logic is tested below.

use std::fmt::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::project::{Project, SMALL, ran, repository};

#[test]
fn a_build_says_one_line_and_a_draft_is_fine() {
    let project = Project::new(SMALL);
    project.write("content/broken.md", "# Broken\n\n{{#include nothing.md}}\n");
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 1, "{ran:?}");
    assert!(ran.stdout.starts_with("./site/draft: 3 documents, "), "{ran:?}");
    assert!(ran.stderr.contains("error[broken-include]"), "{ran:?}");
    assert!(project.path("site/draft/index.html").exists());
}

#[test]
fn what_stops_a_build_writes_nothing() {
    let project = Project::new(SMALL);
    project.write("content/broken.md", "# Broken\n\n{{#include nothing.md}}\n");
    let strict = project.run(&["build", "--strict"]);
    assert_eq!((strict.code, &*strict.stdout), (Some(1), ""), "{strict:?}");
    assert!(strict.stderr.ends_with("nothing was written\n"), "{strict:?}");
    project.write("content/plan.toml", "[handover\n");
    let fatal = project.run(&["build"]);
    assert_eq!(fatal.code, Some(1), "{fatal:?}");
    assert!(!project.path("site").exists());
}

#[test]
fn a_site_goes_where_it_is_told() {
    let project = Project::new(SMALL);
    assert_eq!(project.run(&["build", "-d", "a/b"]).code, Some(0));
    assert!(project.path("a/b/draft/index.html").exists());
    project.write("book.toml", "[book]\nsrc = \"content\"\n[build]\nbuild-dir = \"book\"\n");
    assert_eq!(project.run(&["build", "--today", "2026-12-18"]).code, Some(0));
    assert!(project.path("book/draft/index.html").exists() && !project.path("site").exists());
    let removed = project.run(&["clean"]);
    assert_eq!((removed.code, &*removed.stdout), (Some(0), "removed ./book\n"));
    assert_eq!(project.run(&["clean"]).stdout, "there is no ./book\n");
    assert_eq!(project.run(&["clean", "--dest-dir", "a/b"]).code, Some(0));
    assert!(!project.path("book").exists() && project.path("content/index.md").exists());
}

#[test]
fn a_check_fails_on_errors_and_when_strict_on_warnings() {
    let project = Project::new(SMALL);
    let code = |arguments: &[&str]| project.run(arguments).code;
    assert_eq!((code(&["check"]), code(&["check", "--strict"])), (Some(0), Some(0)));
    project.write("content/new.md", "---\ntitel: New\n---\n\n# New\n");
    assert_eq!((code(&["check"]), code(&["check", "--strict"])), (Some(0), Some(1)));
    project.write("content/new.md", "# New\n\n{{#include nothing.md}}\n");
    assert_eq!(code(&["check"]), Some(1));
}

#[test]
fn a_check_speaks_many_formats() {
    let project = Project::new("-- content/a.md --\n# A\n\n{{#include nothing.md}}\n");
    let says = |format| project.run(&["check", "--format", format]).stdout;
    let json: serde_json::Value = serde_json::from_str(&says("json")).unwrap();
    let found = json.as_array().unwrap().iter().find(|found| found["id"] == "broken-include");
    assert_eq!(
        (&found.unwrap()["path"], &found.unwrap()["line"]),
        (&"content/a.md".into(), &3.into())
    );
    assert!(says("short").contains("content/a.md:3:1: error[broken-include]: "));
    assert!(says("github").contains("::error file=content/a.md,line=3"));
    assert!(says("sarif").contains("\"2.1.0\"") && says("junit").starts_with("<?xml"));
    assert!(says("human").lines().last().unwrap().starts_with("1 error"));
    assert_eq!(project.run(&["check", "--format", "xml"]).code, Some(2));
}

#[test]
fn the_day_comes_from_the_flag_then_the_project_then_the_environment() {
    let project = Project::new(SMALL);
    let judged_for = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        let ran = ran(command.env("SOURCE_DATE_EPOCH", "1766000000"));
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        json["judged_for"].as_str().unwrap().to_owned()
    };
    assert_eq!(judged_for(&["status", "--json", "--today", "2027-01-02"]), "2027-01-02");
    assert_eq!(judged_for(&["status", "--json"]), "2026-12-18");
    project.write("book.toml", "[book]\nsrc = \"content\"\n");
    assert_eq!(judged_for(&["status", "--json"]), "2025-12-17");
    let mut command = project.command(&["status"]);
    let odd = ran(command.env("SOURCE_DATE_EPOCH", "yesterday"));
    assert_eq!(odd.code, Some(2));
    assert_snapshot!(odd.stderr, @"error: SOURCE_DATE_EPOCH is `yesterday`, not a number of seconds");
}

#[test]
fn the_example_is_ready_on_the_handover_day() {
    let project = Project::example();
    let draft = project.run(&["status", "--require", "ready"]);
    assert_eq!(draft.code, Some(1), "{draft:?}");
    assert!(
        draft.stdout.contains(" on 2026-12-18: not ready (2 of 4 criteria met)\n"),
        "{draft:?}"
    );
    let ready = project.run(&["status", "--require", "ready", "--today", "2026-12-21"]);
    assert_eq!(ready.code, Some(0), "{ready:?}");
}

#[test]
fn there_is_no_verdict_on_a_plan_that_is_not_understood() {
    let project = Project::new(&format!("{SMALL}-- content/plan.toml --\n[handovr]\nid = 5\n"));
    for arguments in [&["status"][..], &["status", "--json"]] {
        let status = project.run(arguments);
        assert_eq!((status.code, status.stdout.as_str()), (Some(1), ""), "{status:?}");
        assert!(status.stderr.contains("error[unknown-key]"), "{status:?}");
    }
    let build = project.run(&["build", "-d", "out"]);
    assert_eq!(build.code, Some(1), "{build:?}");
    assert!(!project.path("out").exists());
}

#[test]
fn a_digest_is_printed_by_id_and_by_path() {
    let project = Project::new(SMALL);
    let digest = project.run(&["digest", "restore"]);
    assert_eq!((digest.code, digest.stdout.len()), (Some(0), "v1:".len() + 64 + 1), "{digest:?}");
    for path in ["content/restore.md", "restore.md", "./content/restore.md"] {
        assert_eq!(project.run(&["digest", path]).stdout, digest.stdout, "{path}");
    }
    let parts = project.run(&["digest", "restore", "--parts"]).stdout;
    assert!(
        parts.starts_with(&format!("digest = \"{}\"\nparts = {{ text = ", digest.stdout.trim())),
        "{parts}"
    );
    let unknown = project.run(&["digest", "restor"]);
    assert_eq!(unknown.code, Some(2));
    assert_snapshot!(unknown.stderr, @r"
    error: no document `restor`
      = help: did you mean `restore`?
    ");
}

#[test]
fn a_project_is_found_from_the_folders_in_it() {
    let project = Project::new(SMALL);
    let mut command = project.command(&["status", "--json"]);
    let inside = ran(command.current_dir(project.path("content")));
    assert_eq!(inside.stdout, project.run(&["status", "--json"]).stdout);
    let named = project.run(&["status", "--json", "content"]);
    assert_ne!(named.stdout, inside.stdout, "a folder that is named is the one that is meant");
}

#[test]
fn a_project_begins_in_an_empty_folder() {
    let project = Project::new("");
    let init = project.run(&["init", "new"]);
    assert_eq!(init.code, Some(0), "{init:?}");
    assert_snapshot!(init.stdout);
    let check = project.run(&["check", "new", "--strict"]);
    assert_eq!((check.code, &*check.stdout), (Some(0), "no problems\n"));
    assert_eq!(project.run(&["build", "new", "--strict"]).code, Some(0));
    assert_eq!(project.run(&["init", "new"]).stdout, "nothing is missing: nothing was written\n");
}

#[test]
fn a_project_begins_where_there_is_markdown_and_nothing_is_overwritten() {
    let mine = "-- README.md --\n# Mine\n-- notes/a b.md --\n# A b\n-- .gitignore --\nmine\n";
    let project = Project::new(mine);
    let init = project.run(&["init"]);
    assert_eq!(init.code, Some(0));
    assert_snapshot!(init.stdout, @"
    found plain Markdown: 2 documents
    wrote book.toml
    wrote plan.toml

    `missing-owner` is not reported yet, for 2 documents: remove its line in `book.toml` once every document is to have an owner.
    `unreviewed-document` is not reported yet, for 2 documents: remove its line in `book.toml` once reviews are to be recorded.

    Now say in `plan.toml` who hands over what to whom, and run `handover build`.
    ");
    let check = project.run(&["check", "--strict"]);
    assert_eq!((check.code, &*check.stdout), (Some(0), "no problems\n"));
    assert!(!project.path("records").exists() && !project.path(".gitattributes").exists());
    let status = project.run(&["status"]);
    assert!(status.stdout.contains("not ready"), "{status:?}");
    assert!(status.stdout.contains("Documents: 2 unreviewed"), "{status:?}");
    assert_eq!((&*project.read("README.md"), &*project.read(".gitignore")), ("# Mine\n", "mine\n"));
    assert!(project.path("plan.toml").exists() && !project.path("runbooks").exists());
    let build = project.run(&["build"]);
    assert!(build.stdout.contains(": 2 documents"), "{build:?}");
    assert!(project.run(&["build"]).stdout.contains(": 2 documents"), "the site is not read");
}

#[test]
fn a_project_with_a_book_is_told_what_its_book_leaves_open() {
    let project = Project::new(
        "-- book.toml --\n[book]\ntitle = \"Mine\"\n[output.handover.rules]\nunreviewed-document = \"warning\"\n\
         -- src/SUMMARY.md --\n- [A](a.md)\n-- src/a.md --\n# A\n",
    );
    let before = project.read("book.toml");
    assert_snapshot!(project.run(&["init"]).stdout, @r#"
    found mdBook: 1 document in `src/`, 1 of them listed in `src/SUMMARY.md`
    wrote src/plan.toml

    `missing-owner` is reported from now on, for 1 document: write `missing-owner = "allow"` below `[output.handover.rules]` in `book.toml`, and remove it once every document is to have an owner.

    Now say in `plan.toml` who hands over what to whom, and run `handover build`.
    "#);
    assert_eq!(project.read("book.toml"), before);
    let check = project.run(&["check", "--format", "short"]).stdout;
    assert_eq!(check.matches("missing-owner").count(), 1, "{check}");
}

#[test]
fn the_owner_of_all_documents_is_one() {
    let project = Project::new(
        "-- config/tech-docs.yml --\nservice_name: X\ndefault_owner_slack: '#all'\n\
         -- source/index.html.md.erb --\n---\ntitle: Start\n---\nText.\n\
         -- source/queue.html.md.erb --\n---\ntitle: Queue\nowner_slack: '#queues'\n---\nText.\n",
    );
    let init = project.run(&["init"]).stdout;
    assert!(
        init.starts_with("found GOV.UK Tech Docs: 2 documents in `source/`, 2 owners\n"),
        "{init}"
    );
    assert!(project.read("source/plan.toml").contains("id = \"#all\""));
}

#[test]
fn a_project_begins_in_the_documents_of_another_tool() {
    let project = Project::new(
        "-- config/tech-docs.yml --\nservice_name: The platform\n\
         -- source/index.html.md.erb --\n---\ntitle: Start\nowner_slack: '#platform'\n---\n[x](restore.html)\n\
         -- source/restore.html.md.erb --\n---\ntitle: Restore\nowner_slack: '#platform'\n---\nText.\n\
         -- source/queue.html.md.erb --\n---\ntitle: Queue\nowner_slack: '#queues'\n---\nText.\n",
    );
    let before = project.read("source/queue.html.md.erb");
    let init = project.run(&["init"]);
    assert_eq!(init.code, Some(0), "{init:?}");
    assert_snapshot!(init.stdout, @"
    found GOV.UK Tech Docs: 3 documents in `source/`, 2 owners
    wrote book.toml
    wrote source/plan.toml

    `missing-owner` is not reported yet, for 3 documents: remove its line in `book.toml` once every document is to have an owner.
    `unreviewed-document` is not reported yet, for 3 documents: remove its line in `book.toml` once reviews are to be recorded.

    Now say in `plan.toml` who hands over what to whom, and run `handover build`.
    ");
    let plan = project.read("source/plan.toml");
    let documents = plan.find("[[document]]").unwrap()..plan.find("# What must be so").unwrap();
    assert_snapshot!(&plan[documents], @r#"
    [[document]]
    id = "index"
    title = "Start"

    [[document]]
    id = "queue"
    title = "Queue"

    [[document]]
    id = "restore"
    title = "Restore"
    "#);
    assert!(plan.contains("service = \"The platform\""), "{plan}");
    assert!(
        plan.contains(
            "[[team]]\nid = \"#platform\"\nside = \"relinquishing\"\nname = \"#platform\""
        ),
        "{plan}"
    );
    let check = project.run(&["check", "--strict"]);
    assert_eq!((check.code, &*check.stdout), (Some(0), "no problems\n"));
    assert_eq!(project.read("source/queue.html.md.erb"), before);
    assert_eq!(project.run(&["build"]).code, Some(0));
}

#[test]
fn a_folder_without_a_document_is_named() {
    let project = Project::new("-- notes.txt --\nx\n");
    for command in ["check", "build"] {
        let ran = project.run(&[command]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stderr.starts_with("note: `.` has no document: "), "{}", ran.stderr);
        let named = Project::new(SMALL).run(&[command]).stderr;
        assert!(!named.contains("has no document"), "{named}");
    }
}

#[test]
fn a_project_begins_in_a_folder_of_alert_rules() {
    let rules =
        "groups: [{rules: [{alert: A, annotations: {runbook_url: 'https://a.example/a'}}]}]\n";
    let project = Project::new(&format!("-- rules/a.yaml --\n{rules}-- b.yml --\n{rules}"));
    let check = project.run(&["check"]);
    assert_eq!((check.code, &*check.stdout), (Some(0), "no problems\n"));
    assert_snapshot!(check.stderr, @"note: `.` has 2 alerts and no document: name a folder that holds the runbooks too, or begin one with `handover init`");
    let init = project.run(&["init"]);
    assert!(init.stdout.starts_with("found plain Markdown: 0 documents, 2 alerts\n"), "{init:?}");
    let book = project.read("book.toml");
    assert!(
        book.contains("\n[output.handover]\nalert-rules = [\"*.yml\", \"rules/*.yaml\"]\n"),
        "{book}"
    );
    let check = project.run(&["check", "--strict"]);
    assert_eq!((check.code, &*check.stdout), (Some(0), "no problems\n"));
    assert_eq!(project.run(&["build"]).code, Some(0));
    let facts = project.run(&["status", "--json"]).stdout;
    assert_eq!(facts.matches("\"standing\": \"elsewhere\"").count(), 2, "{facts}");
}

#[test]
fn what_cannot_be_done_is_said_in_a_line() {
    let project = Project::new(SMALL);
    let says = |arguments: &[&str]| {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        ran.stderr
    };
    assert_snapshot!(says(&["check", "nowhere"]), @"error: cannot open `nowhere`: no such file or directory");
    assert_snapshot!(says(&["build", "-d", "content"]), @r"
    error: cannot use `content` for the site: the project's own files are in it
      = help: name another folder with `-d`
    ");
    assert_snapshot!(says(&["build", "-d", "book.toml"]), @r"
    error: cannot use `book.toml` for the site: it is a file
      = help: name another folder with `-d`
    ");
    assert_snapshot!(says(&["explain", "broken-inclde"]), @r"
    error: no problem has the id `broken-inclde`
      = help: did you mean `broken-include`?
    ");
}

#[test]
fn color_is_for_who_asks_for_it() {
    let project = Project::new("-- content/a.md --\n# A\n\n{{#include nothing.md}}\n");
    let colored = |set: &[(&str, &str)]| {
        let mut command = project.command(&["check"]);
        ran(command.envs(set.iter().copied())).stdout.contains('\x1b')
    };
    assert!(!colored(&[]), "a pipe has no colors");
    assert!(colored(&[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[("CLICOLOR_FORCE", "0")]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = Project::new(SMALL);
    let mut child = project.command(&["schema", "plan"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_content_folder_that_leads_out_of_the_project_is_one_error() {
    let outside = Project::new("-- a.md --\n# A\n-- plan.toml --\n");
    let project = Project::new("-- book.toml --\n[book]\nsrc = \"content\"\n");
    std::os::unix::fs::symlink(outside.path(""), project.path("content")).unwrap();
    let ran = project.run(&["check", "--format", "short"]);
    assert_eq!(
        ran.stdout,
        "book.toml:2:7: error[missing-content]: cannot read content folder `content`: it is a symbolic link that leads out of \
         the project\n"
    );
}

/// The reference of the command line is what the program says of itself.
#[test]
fn the_reference_of_the_command_line_is_current() {
    let project = Project::new("");
    let help = |arguments: &[&str]| project.run(&[arguments, &["--help"]].concat()).stdout;
    let overview = help(&[]);
    let mut text = format!(
        "# The command line\n\nWritten by a test out of `--help`.\n\nExit codes: 0 fine, 1 problems found, 2 could not \
         run. `build` ends with 1 where problems stop it: those that are marked *stops* among [the rules](rules.md), or with \
         `--strict` any; what it wrote in spite of others is 0.\n\n```text\n{overview}```\n"
    );
    for command in commands(&overview) {
        let said = help(&[command]);
        write!(text, "\n## handover {command}\n\n```text\n{said}```\n").unwrap();
        for nested in commands(&said) {
            let said = help(&[command, nested]);
            write!(text, "\n### handover {command} {nested}\n\n```text\n{said}```\n").unwrap();
        }
    }
    let path = repository().join("docs/cli.md");
    if std::fs::read_to_string(&path).unwrap_or_default() != text {
        std::fs::write(&path, text).unwrap();
        panic!("docs/cli.md was out of date and is written anew: look at it");
    }
}

/// Returns the commands that a help lists.
fn commands(help: &str) -> Vec<&str> {
    let list = help.split("Commands:\n").nth(1).unwrap_or_default();
    let list = list.split("\n\n").next().unwrap_or_default();
    // What a long description goes on with is set in further.
    let lines = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

#[cfg(unix)]
#[test]
fn a_page_that_is_there_twice_by_a_link_is_judged_once() {
    let project = Project::new(
        "-- README.md --\n# Home\n-- p.md --\n# P\n\n[r](./README.md) [n](n/a.md)\n-- n/a.md --\n# A\n",
    );
    std::os::unix::fs::symlink("../p.md", project.path("n/link.md")).unwrap();
    let ran = project.run(&["check", "--format", "short"]);
    assert_eq!((ran.code, &*ran.stdout), (Some(0), ""), "{ran:?}");
    project.write("p.md", "# P\n\n[gone](gone.md)\n");
    let ran = project.run(&["check", "--format", "short"]);
    assert_eq!(ran.stdout.lines().count(), 1, "{ran:?}");
}
