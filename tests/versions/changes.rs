//! What changed from one version to another, on its page and on the terminal.

use std::collections::BTreeMap;
use std::fs;

use super::{built, project, text};

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
