//! The preprocessors of a book, run by the program, in real repositories.

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
