//! The program in a git repository: what the past says of a document.

use serde_json::Value;

use crate::project::Project;

const PROJECT: &str = r#"-- book.toml --
[book]
src = "content"

[output.handover]
today = 2026-12-18

[output.handover.covers]
runbook = ["deploy/**"]
-- content/plan.toml --
[handover]
id = "queue"
title = "Handover of the queue"
service = "Queue"
version = "1.0"

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

[[milestone]]
id = "handover"
title = "Official Handover"
day = 15
gate = true
activities = "Sign-off."
-- deploy/values.yaml --
replicas: 3
-- content/restore.md --
---
kind: runbook
owner: amara
---

# Restore

Scale to three replicas.
-- content/sops.md --
---
kind: sop
owner: amara
---

# SOPs

Be kind.
"#;

/// The status of a document and why, as `handover status --json` says it.
fn status(project: &Project, id: &str) -> String {
    let ran = project.run(&["status", "--json"]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let documents = json["documents"].as_array().unwrap();
    let document = documents.iter().find(|document| document["id"] == id).unwrap();
    let reasons = document["reasons"].as_array().unwrap().iter();
    let reasons: Vec<&str> = reasons.map(|reason| reason.as_str().unwrap()).collect();
    format!("{}: {}", document["status"].as_str().unwrap(), reasons.join("; "))
}

fn approve(project: &Project, commit: &str) {
    let mut records = String::new();
    for id in ["restore", "sops"] {
        let digest = project.run(&["digest", id]).stdout;
        records += &format!(
            "[[review]]\ndocument = '{id}'\nreviewer = 'noor'\non = 2026-12-03\ndigest = '{}'\noutcome = 'approved'\n{commit}\n",
            digest.trim()
        );
    }
    project.write("content/records/reviews.toml", &records);
}

#[test]
fn code_that_a_document_covers_makes_it_changed() {
    let project = Project::new(PROJECT);
    project.git(1, &["init", "-q", "-b", "main"]);
    let reviewed = project.commit(2, "Begin");
    approve(&project, &format!("commit = '{reviewed}'"));
    project.commit(3, "Approve");
    let approved = "approved: read and approved by Noor Haddad on 2026-12-03";
    assert_eq!(status(&project, "restore"), approved);
    project.write("deploy/values.yaml", "replicas: 5\n");
    let touched = project.commit(4, "Scale to five");
    let changed = format!(
        "changed: covered code changed since the approval by Noor Haddad on 2026-12-03; commit {} by Amara Okafor on 2026-12-04 touched it: Scale to five",
        &touched[..10]
    );
    assert_eq!(status(&project, "restore"), changed);
    assert_eq!(status(&project, "sops"), approved, "the code is not covered by it");

    // Without a commit in the review, its day says what was known.
    approve(&project, "");
    assert_eq!(status(&project, "restore"), changed);

    let book = project.read("book.toml");
    project.write(
        "book.toml",
        &book
            .replace("today = 2026-12-18", "today = 2026-12-18\ncovers = false")
            .replace("[output.handover.covers]\nrunbook = [\"deploy/**\"]\n", ""),
    );
    assert_eq!(status(&project, "restore"), approved);
}

#[test]
fn a_document_may_opt_out() {
    let project = Project::new(&PROJECT.replace("kind: runbook", "kind: runbook\ncovers: false"));
    project.git(1, &["init", "-q", "-b", "main"]);
    project.commit(2, "Begin");
    approve(&project, "");
    project.write("deploy/values.yaml", "replicas: 5\n");
    project.commit(4, "Scale to five");
    assert!(status(&project, "restore").starts_with("approved: "));
}

#[test]
fn a_broken_repository_is_not_in_the_way() {
    let project = Project::new(PROJECT);
    project.write(".git/HEAD", "nonsense");
    project.write(".git/config", "[core");
    assert_eq!(project.run(&["build"]).code, Some(0));
}
