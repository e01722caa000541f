//! The preprocessors of a book, run by the program, in real repositories.

#[cfg(unix)]
use std::fs::File;
#[cfg(unix)]
use std::io::{BufRead as _, BufReader, Read as _};
#[cfg(unix)]
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::project::Project;

/// A handover whose one document says `{{who}}` where a preprocessor says who.
const MORE: &str = r#"-- book.toml --

[preprocessor.who]
command = "python3 tools/who.py"
-- tools/who.py --
import json, sys
if sys.argv[1:] == ["supports", "html"]:
    sys.exit(0)
context, book = json.load(sys.stdin)
def fill(items):
    for item in items:
        chapter = item["Chapter"]
        chapter["content"] = chapter["content"].replace("{{who}}", "Amara Okafor")
        fill(chapter["sub_items"])
fill(book["items"])
book["items"].append({"Chapter": {"name": "Thanks", "content": "Thank you.", "path": "thanks.md"}})
json.dump({"items": book["items"]}, sys.stdout)
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

Call {{who}}.
"#;

fn project() -> Project {
    let project = Project::queue(MORE);
    project.git(1, &["init", "-q", "-b", "main"]);
    let digest = project.run(&["digest", "restore"]).stdout;
    let review = format!(
        "[[review]]\ndocument = 'restore'\nreviewer = 'noor'\non = 2026-12-03\ndigest = '{}'\noutcome = 'approved'\n",
        digest.trim()
    );
    project.write("content/records/reviews.toml", &review);
    project.commit(4, "All of it");
    project
}

#[test]
fn pages_are_of_what_a_program_made_and_releases_of_what_was_reviewed() {
    let project = project();
    let checked = project.run(&["check", "--format", "short"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (Some(0), ""), "{checked:?}");
    let released = project.run(&["release", "1.0"]);
    assert_eq!(released.code, Some(0), "{released:?}");
    project.commit(5, "Release 1.0");
    let built = project.run(&["build"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    assert!(project.read("site/1.0/restore.html").contains("Call {{who}}."));
    assert!(!project.path("site/1.0/thanks.html").exists());
    let why = "preprocessor `who` is not run, as a release is of the text in the repository";
    assert!(built.stderr.contains(why), "{built:?}");
    let verified = project.run(&["verify", "1.0"]);
    assert!(verified.stdout.contains("1.0"), "{verified:?}");

    let plan = project.read("content/plan.toml").replace("\"1.0\"", "\"1.1\"");
    project.write("content/plan.toml", &plan);
    let built = project.run(&["build"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    assert!(project.read("site/1.1/restore.html").contains("Call Amara Okafor."));
    assert!(project.read("site/1.1/thanks.html").contains("Thank you."));
    let once = project.read("site/1.1/handover.json");
    project.run(&["build"]);
    assert_eq!(project.read("site/1.1/handover.json"), once);
}

#[test]
fn a_program_that_fails_is_named_and_stops_no_page() {
    let project = project();
    project.write("tools/who.py", "raise SystemExit('who is that?')\n");
    let book = project
        .read("book.toml")
        .replace("[preprocessor.who]", "[preprocessor.who]\nrenderers = ['html']");
    project.write("book.toml", &book);
    let checked = project.run(&["check", "--format", "short"]);
    assert_eq!(checked.code, Some(1));
    assert_snapshot!(checked.stdout, @"book.toml:7:15: error[failed-preprocessor]: preprocessor `who` failed: it ended with exit code 1: who is that?");
    let built = project.run(&["build"]);
    assert!(built.stderr.contains("failed-preprocessor"), "{built:?}");
    assert!(project.read("site/1.0/restore.html").contains("Call {{who}}."));

    project.write(
        "book.toml",
        &format!("{book}\n[output.handover.rules]\nunused-setting = 'allow'\n"),
    );
    let off = project.read("book.toml").replace("today =", "preprocessors = false\ntoday =");
    project.write("book.toml", &off);
    let checked = project.run(&["check", "--format", "short"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (Some(0), ""), "{checked:?}");
}

#[test]
fn who_waits_for_a_program_is_told() {
    let project = project();
    project.write("tools/who.py", "import sys, time\nlen(sys.argv) > 1 or time.sleep(3)\n");
    let checked = project.run(&["check"]);
    assert_eq!(checked.stderr.trim_end(), "waits for preprocessor `python3 tools/who.py`");
}

#[test]
fn no_program_is_run_where_none_is_to_be() {
    let project = project();
    let off = project.run(&["check", "--format", "short", "--no-preprocessors"]);
    assert_snapshot!(off.stdout, @"book.toml:7:15: warning[unused-setting]: preprocessor `who` is not run: what it would make of the text is not in the pages");
    assert_eq!(project.run(&["build", "--no-preprocessors"]).code, Some(0));
    assert!(project.read("site/1.0/restore.html").contains("Call {{who}}."));
}

/// Programs have process groups of their own, so that what ends `handover` has to end them.
#[cfg(unix)]
#[test]
fn programs_end_with_the_command_that_runs_them() {
    let project = project();
    // Whoever has the other end of the pipe is still there.
    project.write("tools/long.sh", "exec 3>fifo; sleep 300 >&3 & echo begun >&3; exec sleep 300");
    let book = project.read("book.toml").replace("python3 tools/who.py", "sh tools/long.sh");
    project.write("book.toml", &book);
    assert!(Command::new("mkfifo").arg(project.path("fifo")).status().unwrap().success());
    let begun = Instant::now();
    let commands: [(&[&str], &str, i32); 4] = [
        (&["build"], "INT", 130),
        (&["check"], "TERM", 143),
        (&["serve", "--port", "0"], "INT", 0),
        (&["watch"], "TERM", 0),
    ];
    for (arguments, signal, code) in commands {
        let mut command = project.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut held = BufReader::new(File::open(project.path("fifo")).unwrap());
        let mut said = String::new();
        held.read_line(&mut said).unwrap();
        assert_eq!(said, "begun\n");
        let kill = ["-s", signal, &child.id().to_string()];
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        assert_eq!(held.read_to_string(&mut said).unwrap(), 0, "{arguments:?}");
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(120));
}
