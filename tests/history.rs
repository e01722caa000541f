//! The program in a git repository: what the past says of a document.

use std::fs;

use serde_json::Value;

use crate::project::Project;

const MORE: &str = r#"-- book.toml --

[output.handover.covers]
runbook = ["deploy/**"]
-- .gitignore --
site
-- deploy/values.yaml --
replicas: 3
-- content/restore.md --
---
id: restore
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
    let project = Project::queue(MORE);
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
    let project = Project::queue(&MORE.replace("kind: runbook", "kind: runbook\ncovers: false"));
    project.git(1, &["init", "-q", "-b", "main"]);
    project.commit(2, "Begin");
    approve(&project, "");
    project.write("deploy/values.yaml", "replicas: 5\n");
    project.commit(4, "Scale to five");
    assert!(status(&project, "restore").starts_with("approved: "));
}

#[test]
fn a_broken_repository_is_not_in_the_way() {
    let project = Project::queue(MORE);
    project.write(".git/HEAD", "nonsense");
    project.write(".git/config", "[core");
    assert_eq!(project.run(&["build"]).code, Some(0));
}

/// Builds the portal, and returns what a page says.
fn page(project: &Project, page: &str) -> String {
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let html = project.read(&format!("site/1.0/{page}.html"));
    let start = html.find("<main").unwrap();
    let mut text = String::new();
    for piece in html[start..html.find("</main>").unwrap()].split('<') {
        text += piece.split_once('>').map_or(piece, |(_, text)| text);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asserts that a text has these parts in this order.
fn has(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let (_, after) = rest.split_once(part).unwrap_or_else(|| panic!("no `{part}` in: {rest}"));
        rest = after;
    }
}

/// A project whose documents were approved on the third day, as they were committed on the second.
fn approved() -> (Project, String) {
    let project = Project::queue(MORE);
    project.git(1, &["init", "-q", "-b", "main"]);
    let reviewed = project.commit(2, "Begin");
    approve(&project, "");
    project.commit(3, "Approve");
    (project, reviewed)
}

#[test]
fn a_page_shows_what_changed_since_review() {
    let (project, reviewed) = approved();
    let approved = page(&project, "restore");
    has(&approved, &["Last change2 Dec 2026 by Amara Okafor", &reviewed[..10], "Begin", "Commit "]);
    assert!(!approved.contains("What changed") && !approved.contains("changed since"));

    project.git(4, &["mv", "content/restore.md", "content/scale.md"]);
    let text = project.read("content/scale.md").replace("three replicas.", "five <b>replicas</b>.");
    project
        .write("content/scale.md", &text.replace("owner: amara", "owner: amara\nseverity: SEV-2"));
    let edited = project.commit(4, "Scale to <five>");
    let newest = project.git(4, &["rev-parse", "--short=10", "HEAD~1"]);
    let changes = [
        "The text changed since it was approved.",
        "See what changed",
        "Last change4 Dec 2026 by Amara Okafor",
        &edited[..10],
        "Scale to &lt;five&gt;",
        "What changed since review",
        "Since Noor Haddad approved it on 3 Dec 2026, compared with commit",
        &newest,
        "Approve of 3 Dec 2026.",
        "severity: added: SEV-2",
        "Scale to removed: three",
        "added: five &lt;b&gt;",
    ];
    has(&page(&project, "scale"), &changes);

    // The commit that the review names stands before the newest with that text.
    approve(&project, &format!("commit = '{reviewed}'"));
    let records = project.read("content/records/reviews.toml");
    let reviewed_digest = project.git(4, &["show", "HEAD:content/records/reviews.toml"]);
    let digest =
        |text: &str| text.split("digest = '").nth(1).unwrap().get(..67).unwrap().to_owned();
    let (now, then) = (digest(&records), digest(&reviewed_digest));
    project.write("content/records/reviews.toml", &records.replace(&now, &then));
    let named = page(&project, "scale");
    has(&named, &["compared with commit", &reviewed[..10], "1 file changed since"]);

    // A text that nobody committed is compared with what the review names, and says so.
    let never = format!("v1:{}", "0".repeat(64));
    project.write("content/records/reviews.toml", &records.replace(&now, &never));
    has(
        &page(&project, "scale"),
        &["The text that was reviewed was never committed", "removed: three"],
    );
    let lost = records.replace(&now, &never).replace(&reviewed, "0123456789");
    project.write("content/records/reviews.toml", &lost);
    has(
        &page(&project, "scale"),
        &["cannot be shown: no commit that can be read has this text under this name."],
    );
}

/// Records one approval, which names a commit, of the document as it is.
fn approve_at(project: &Project, commit: &str) {
    let digest = project.run(&["digest", "restore"]).stdout;
    let review = format!(
        "[[review]]\ndocument = 'restore'\nreviewer = 'noor'\non = 2026-12-03\ndigest = '{}'\noutcome = 'approved'\ncommit = '{commit}'\n",
        digest.trim()
    );
    project.write("content/records/reviews.toml", &review);
}

#[test]
fn a_rename_that_git_does_not_see_loses_no_reviewed_text() {
    let begun = || {
        let project = Project::queue(MORE);
        project.git(1, &["init", "-q", "-b", "main"]);
        let reviewed = project.commit(2, "Begin");
        approve_at(&project, &reviewed);
        project.commit(3, "Approve");
        (project, reviewed)
    };
    let changed = |project: &Project, reviewed: &str| {
        let now = &["What changed since review", "compared with commit", &reviewed[..10]];
        has(&page(project, "scale"), now);
        let diff = project.run(&["review", "diff", "restore"]);
        assert_eq!(diff.code, Some(0), "{diff:?}");
        assert!(diff.stdout.contains("-Scale to three replicas.\n"), "{diff:?}");
        assert!(diff.stdout.contains("--- a/content/restore.md\n"), "{diff:?}");
        assert!(!diff.stderr.contains("not committed"), "{diff:?}");
    };

    // Edited and committed, then renamed and not committed.
    let (project, reviewed) = begun();
    let text = project.read("content/restore.md").replace("three", "five");
    project.write("content/restore.md", &text);
    project.commit(4, "Scale to five");
    project.git(5, &["mv", "content/restore.md", "content/scale.md"]);
    changed(&project, &reviewed);

    // Renamed and rewritten in one commit; another document takes the place.
    let (project, reviewed) = begun();
    fs::remove_file(project.path("content/restore.md")).unwrap();
    project.write("content/scale.md", "---\nid: restore\nkind: runbook\n---\n\n# Scaling\n\nCall the platform team, and wait for their word.\n");
    project.write("content/restore.md", "---\nid: other\n---\n\n# Other\n");
    project.commit(4, "Rewrite");
    changed(&project, &reviewed);
    project.git(5, &["mv", "content/scale.md", "content/away.md"]);
    project.git(5, &["mv", "content/restore.md", "content/scale.md"]);
    project.git(5, &["mv", "content/away.md", "content/restore.md"]);
    let diff = project.run(&["review", "diff", "restore"]);
    assert!(diff.stdout.contains("-Scale to three replicas.\n"), "{diff:?}");

    // Where the review names no commit, what cannot be known is not claimed.
    let records = project.read("content/records/reviews.toml");
    project.write("content/records/reviews.toml", records.split("commit = ").next().unwrap());
    project.git(6, &["mv", "content/restore.md", "content/away.md"]);
    let diff = project.run(&["review", "diff", "restore"]);
    assert_eq!(diff.code, Some(2), "{diff:?}");
    insta::assert_snapshot!(diff.stderr, @r"
    error: the text of the approval by Noor Haddad on 2026-12-03 cannot be found: no commit that can be read has this text under this name
      = help: read it whole, as if all of it were new
    ");
}

#[test]
fn what_is_not_committed_says_so() {
    let (project, _) = approved();
    let text = project.read("content/sops.md");
    project.write("content/sops.md", &text.replace("Be kind.", "Be  kind.\n"));
    project.write("content/new.md", "# New\n");
    has(
        &page(&project, "sops"),
        &[
            "Last changeChanged, and not committed yet",
            "Nothing that a reader sees: only how the text is written.",
            "2 files changed since",
        ],
    );
    has(&page(&project, "new"), &["Last changeNot committed yet"]);
    has(&page(&project, "sign-off"), &["Commit", " of 3 Dec 2026, 2 files changed since"]);
}

#[test]
fn a_shallow_clone_says_what_it_does_not_know() {
    let (project, _) = approved();
    let text = project.read("content/sops.md");
    project.write("content/sops.md", &text.replace("Be kind.", "Be brave."));
    project.commit(4, "Be brave");
    let clone = Project::new("");
    let address = format!("file://{}", project.path("").display());
    clone.git(5, &["clone", "-q", "--depth=1", &address, "."]);
    has(&page(&clone, "restore"), &["Last changeUnknown: the clone is shallow"]);
    has(
        &page(&clone, "sops"),
        &[
            "What changed cannot be shown: the text that was reviewed is not in the history that can be read: the clone is shallow.",
        ],
    );
    has(
        &page(&clone, "documents"),
        &["Unknown: the clone is shallow", "are not known: the clone is shallow."],
    );
    assert!(status(&clone, "restore").starts_with("approved: "));
}

#[test]
fn without_git_the_register_says_once_what_is_missing() {
    let project = Project::queue(MORE);
    approve(&project, "");
    let text = project.read("content/sops.md");
    project.write("content/sops.md", &text.replace("Be kind.", "Be brave."));
    let missing = "Last changes, and what changed since a review, are not known: the project is not in a git repository.";
    assert_eq!(page(&project, "documents").matches(missing).count(), 1);
    let sops = page(&project, "sops");
    has(&sops, &["What changed cannot be shown: the project is not in a git repository."]);
    assert!(!sops.contains("Last change") && !sops.contains("Commit "));
}

#[test]
fn the_same_commit_gives_the_same_bytes_wherever_it_is_checked_out() {
    let (project, _) = approved();
    let book = project.read("book.toml");
    let url = "[output.handover]\nsite-url = 'https://docs.example/'";
    project.write("book.toml", &book.replace("[output.handover]", url));
    project.commit(4, "Say where it will stand");
    assert_eq!(project.run(&["build"]).code, Some(0));
    let elsewhere = Project::new("");
    elsewhere.git(5, &["clone", "-q", &project.path("").display().to_string(), "."]);
    elsewhere.git(6, &["worktree", "add", "-q", "tree", "HEAD"]);
    for folder in [".", "tree"] {
        let site = project.path("").join("elsewhere");
        let ran = elsewhere.run(&["build", folder, "-d", &site.display().to_string()]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        for file in
            ["restore.html", "documents.html", "handover.json", "sign-off.html", "sitemap.xml"]
        {
            let one = project.read(&format!("site/1.0/{file}"));
            assert_eq!(one, project.read(&format!("elsewhere/1.0/{file}")), "{folder}: {file}");
        }
    }
    let sitemap = project.read("site/1.0/sitemap.xml");
    let restore = "/restore.html</loc><lastmod>2026-12-02T09:00:00+01:00</lastmod>";
    assert!(sitemap.contains(restore), "{sitemap}");
}

#[test]
fn the_commits_to_covered_code_are_told_everywhere() {
    let (project, _) = approved();
    let mut last = String::new();
    for count in 4..27 {
        project.write("deploy/values.yaml", &format!("replicas: {count}\n"));
        last = project.commit(4, &format!("Scale to {count}"));
    }
    let restore = page(&project, "restore");
    has(
        &restore,
        &[
            "The code that this text describes changed since it was approved.",
            "See the commits",
            "Changes to covered code",
            &last[..10],
            "Scale to 26, 4 Dec 2026 by Amara Okafor",
            "Scale to 7, 4 Dec 2026",
            "and 3 more commits",
        ],
    );
    assert!(!page(&project, "sops").contains("covered code"));
    let checked = project.run(&["check", "--format", "short"]);
    has(
        &checked.stdout,
        &["changed-document", "covered code changed", &last[..10], "and 18 more commits"],
    );

    let json: Value = serde_json::from_str(&project.read("site/1.0/handover.json")).unwrap();
    let documents = json["documents"].as_array().unwrap();
    let restore = documents.iter().find(|document| document["id"] == "restore").unwrap();
    assert_eq!(restore["changed"], serde_json::json!(["code"]));
    assert_eq!(restore["covered"].as_array().unwrap().len(), 23);
    assert_eq!(restore["covered"][0]["id"], last);
    assert_eq!(restore["last_change"]["state"], "committed");
    assert_eq!(restore["last_change"]["commit"]["date"], "2026-12-02T09:00:00+01:00");
    assert_eq!(json["history"]["commit"]["summary"], "Scale to 26");
    assert_eq!(json["history"]["uncommitted"], serde_json::json!([]));
    assert!(json["history"]["unknown"].is_null());
}

#[test]
fn a_document_may_cover_code_of_its_own() {
    let own = MORE.replace("kind: sop", "kind: sop\ncovers: ['deploy/*.yaml']");
    let project =
        Project::queue(&own.replace("kind: runbook", "kind: runbook\ncovers: ['src/**']"));
    project.git(1, &["init", "-q", "-b", "main"]);
    project.commit(2, "Begin");
    approve(&project, "");
    project.write("deploy/values.yaml", "replicas: 5\n");
    project.commit(4, "Scale to five");
    assert!(status(&project, "sops").starts_with("changed: covered code changed"));
    assert!(
        status(&project, "restore").starts_with("approved: "),
        "its own stand before its kind's"
    );
}
