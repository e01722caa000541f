//! Records that the program writes: nobody's is lost, whatever happens meanwhile, and git merges them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::project::Project;

pub(crate) const MORE: &str = r#"-- content/plan.toml --

[[person]]
id = "luke"
name = "Luke Brandt"
role = "Engineer"
team = "new"

[[module]]
id = "basics"
title = "Basics"
hours = 2

[[criterion]]
id = "practiced"
statement = "Work was handled."
check = { type = "work-handled", count = 1 }
-- content/drain.md --
---
owner: amara
severity: SEV-1
---

# Drain

Stop the writers, then wait.
-- content/luke.md --
---
owner: luke
---

# What Luke wrote

Call him.
"#;

const REVIEWS: &str = "content/records/reviews.toml";

/// Runs git, which must be fine with it, and returns what it says.
fn git(project: &Project, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(project.path("")).args(["-c", "user.name=N", "-c", "user.email=n@x"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    // A commit has the same id in every run.
    for date in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        command.env(date, "2026-12-01T12:00:00Z");
    }
    let output = command.args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {said}{output:?}");
    said.trim().to_owned()
}

fn commit(project: &Project, message: &str) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "-qm", message]);
}

/// Returns the reviews of the project's file, as pairs of reviewer and note.
fn reviews(text: &str) -> Vec<(String, String)> {
    let table: toml::Table = text.parse().unwrap();
    let word = |review: &toml::Value, key| {
        review.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let reviews = table.get("review").and_then(toml::Value::as_array);
    let reviews = reviews.map(Vec::as_slice).unwrap_or_default();
    reviews.iter().map(|review| (word(review, "reviewer"), word(review, "note"))).collect()
}

#[test]
fn an_approval_is_recorded_and_counts() {
    let project = Project::queue(MORE);
    git(&project, &["init", "-q"]);
    commit(&project, "All of it");
    let approve = project.run(&[
        "review",
        "approve",
        "drain.md",
        "--as",
        "noor",
        "--act",
        "executed",
        "--note",
        "In staging.",
    ]);
    assert_eq!(approve.code, Some(0), "{approve:?}");
    assert_snapshot!(approve.stdout, @"content/records/reviews.toml:1: Noor Haddad approved `drain`; it is now approved: executed and approved by Noor Haddad on 2026-12-18");
    assert_snapshot!(approve.stderr, @"put this line into `content/records/.gitattributes`, so that git keeps the records of both branches when it merges them: *.toml merge=union");
    let head = git(&project, &["rev-parse", "HEAD"]);
    let text = project.read(REVIEWS).replace(&head, "HEAD");
    assert_snapshot!(text, @r#"
    [[review]] # 5e4ca185
    document = "drain"
    digest = "v1:54857389df3e2b138c1a2346034638b75cc4900e1c177135aeaa326a4fcd649d"
    parts = { text = "df69baeee5a7", includes = "e3b0c44298fc", images = "e3b0c44298fc", metadata = "0702927d4982" }
    reviewer = "noor" # 5e4ca185
    on = 2026-12-18
    act = "executed"
    outcome = "approved"
    commit = "HEAD" # 5e4ca185
    note = "In staging." # 5e4ca185
    "#);
    let status = project.run(&["review", "list", "--status", "approved"]);
    assert_eq!(status.stdout, "approved\tSEV-1\t-\tdrain\t-\n");
    project.write("content/drain.md", "---\nowner: amara\n---\n\n# Drain\n\nDo not wait.\n");
    let changes =
        project.run(&["review", "request-changes", "drain", "--as", "luke", "--note", "Why not?"]);
    assert_snapshot!(changes.stdout, @"content/records/reviews.toml:12: Luke Brandt requested changes to `drain`; it is now changes requested: changes requested by Luke Brandt on 2026-12-18: Why not?");
    assert_snapshot!(changes.stderr, @"the review of `drain` names no commit: `content/drain.md` is not committed as it is");
    assert!(project.run(&["check", "--format", "short"]).stdout.contains("requested by `luke`"));
}

#[test]
fn what_policy_would_not_count_is_refused_and_recorded_anyway() {
    let project = Project::queue(MORE);
    let says = |arguments: &[&str]| {
        let ran = project.run(&[&["review", "approve"], arguments].concat());
        assert_ne!(ran.code, Some(0), "{ran:?}");
        assert!(!project.path("content/records").exists());
        ran.stderr
    };
    assert_snapshot!(says(&["drain", "--as", "amara"]), @"
    error: nothing was recorded: Amara Okafor is on the relinquishing side, and the receiving side approves
      = help: have it done by somebody who may, and record that
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says(&["drain", "luke", "--as", "luke"]), @"
    error: nothing was recorded: `luke`: Luke Brandt owns the document
      = help: have it done by somebody who may, and record that
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says(&["drain", "--as", "nor"]), @"
    error: nothing was recorded: there is no person `nor`
      = help: did you mean `noor`?
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says(&["drian", "--as", "noor"]), @"
    error: no document `drian`
      = help: did you mean `drain`?
    ");
    assert_snapshot!(says(&["drain", "--as", "noor", "--on", "2026-12-19"]), @"
    error: nothing was recorded: dated after the day that this is judged for
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says(&["drain", "luke", "--as", "amara", "--on", "2026-12-19"]), @"
    error: nothing was recorded:
      - `drain`: dated after the day that this is judged for
      - `luke`: dated after the day that this is judged for
      = help: `--anyway` records it all the same
    ");
    for note in ["", " \t"] {
        let arguments = ["review", "request-changes", "drain", "--as", "noor", "--note", note];
        let blank = project.run(&arguments);
        assert_eq!(blank.code, Some(2), "{blank:?}");
        assert!(blank.stderr.contains("it must not be empty"), "{blank:?}");
    }
    let anyway = project.run(&["review", "approve", "luke", "--as", "luke", "--anyway"]);
    assert_eq!(anyway.code, Some(0), "{anyway:?}");
    assert_snapshot!(anyway.stdout, @"content/records/reviews.toml:1: Luke Brandt approved `luke` (does not count: Luke Brandt owns the document); it is now unreviewed: nobody whose word counts has approved it yet");
    let approve = ["review", "approve", "drain", "--as", "noor"];
    assert_eq!(project.run(&approve).code, Some(0));
    let again = project.run(&approve);
    assert_eq!(again.code, Some(1));
    assert_snapshot!(again.stderr, @"
    error: nothing was recorded: Noor Haddad has approved `drain` as it is on 2026-12-18
      = help: `--anyway` records it all the same
    ");
    let plan = project.read("content/plan.toml");
    project.write("content/plan.toml", &format!("{plan}\n[review]\nvalid-days = 5\n"));
    let renewed = project.run(&[&approve[..], &["--today", "2026-12-24"]].concat());
    assert_eq!(renewed.code, Some(0), "what has run out is given anew: {renewed:?}");
    project.write("content/plan.toml", &plan);
    let verified = project.run(&[&approve[..], &["--act", "verified"]].concat());
    assert_eq!(verified.code, Some(0), "that is more than reading: {verified:?}");
}

#[test]
fn several_documents_are_approved_in_one_write() {
    let project = Project::queue(MORE);
    project.write("content/wait.md", "# Wait\n\nWait.\n");
    let ran = project.run(&["review", "approve", "drain", "luke", "wait", "drain", "--as", "noor"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(0), 3), "{ran:?}");
    let refused = project.run(&["review", "approve", "drain", "wait", "--as", "amara"]);
    assert_eq!(refused.code, Some(1));
    assert_eq!(reviews(&project.read(REVIEWS)).len(), 3);
}

#[test]
fn comments_line_ends_and_what_is_broken_stay_as_they_are() {
    let project = Project::queue(MORE);
    let old = "\u{feff}# Ours.\r\n\r\n# [[review]]  \r\n# the end";
    project.write(REVIEWS, old);
    assert_eq!(project.run(&["review", "approve", "drain", "--as", "noor"]).code, Some(0));
    let text = project.read(REVIEWS);
    assert!(text.starts_with(&format!("{old}\r\n\r\n[[review]] # ")), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    for broken in ["# ours\n[[review]\n", "[[review]]\ndocument = 5\n"] {
        project.write(REVIEWS, broken);
        let ran = project.run(&["review", "approve", "luke", "--as", "noor", "--anyway"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("content/records/reviews.toml:"), "{ran:?}");
        assert_eq!(project.read(REVIEWS), broken);
    }
}

#[test]
fn a_project_that_begins_tells_how_its_first_review_is_recorded() {
    let project = Project::new("");
    git(&project, &["init", "-q"]);
    assert_eq!(project.run(&["init"]).code, Some(0));
    let file = project.read(REVIEWS);
    let told =
        file.lines().find_map(|line| line.trim_start_matches('#').trim().strip_prefix("handover "));
    let approve: Vec<&str> = told.unwrap().split(' ').collect();
    let ran = project.run(&approve);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!ran.stderr.contains("merge=union"), "git was told already: {ran:?}");
    assert!(project.read(REVIEWS).starts_with(&file));
}

/// 200 reviews by 8 processes at once.
#[test]
fn who_records_at_once_loses_nothing() {
    let project = Project::queue(MORE);
    let head = "# Reviews of ours.\n# The order is that of time.\n";
    project.write(REVIEWS, head);
    std::thread::scope(|scope| {
        for process in 0..8 {
            let project = &project;
            scope.spawn(move || {
                for number in 0..25 {
                    let note = format!("{process}-{number}");
                    let ran = project.run(&[
                        "review", "approve", "drain", "--as", "noor", "--note", &note, "--anyway",
                    ]);
                    assert_eq!(ran.code, Some(0), "{ran:?}");
                }
            });
        }
    });
    let text = project.read(REVIEWS);
    assert!(text.starts_with(head), "{text}");
    let notes: BTreeSet<String> = reviews(&text).into_iter().map(|(_, note)| note).collect();
    assert_eq!((notes.len(), reviews(&text).len()), (200, 200));
    assert_eq!(crate::project::names(&project.path("content/records")), ["reviews.toml"]);
}

/// A write that is killed at any moment leaves the file as it was, or with all that it was to hold.
#[test]
fn a_write_that_is_killed_is_all_or_nothing() {
    let project = Project::queue(MORE);
    let mut old = String::from("# head\n");
    for number in 0..3000 {
        writeln!(old, "# comment {number}").unwrap();
    }
    project.write(REVIEWS, &old);
    let approve = ["review", "approve", "drain", "luke", "--as", "noor", "--anyway"];
    let begun = Instant::now();
    assert_eq!(project.run(&approve).code, Some(0));
    let whole = begun.elapsed();
    let mut before = project.read(REVIEWS);
    let (mut lived, mut died) = (0, 0);
    let draft = project.path("content/records/.reviews.toml.handover");
    for moment in 0..60_u32 {
        let mut command = project.command(&approve);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut wait = |until: &dyn Fn() -> bool| {
            while !until() && child.try_wait().unwrap().is_none() {
                std::thread::yield_now();
            }
        };
        if moment % 3 == 0 {
            // Anywhere in the run.
            let end = Instant::now() + whole * moment / 54;
            wait(&|| Instant::now() >= end);
        } else {
            // While it writes: a dead write before this one may have left the file, whose text is cut then.
            let left = fs::metadata(&draft).map(|left| left.len()).ok();
            wait(&|| fs::metadata(&draft).map(|there| there.len()).ok() != left);
            let end = Instant::now() + Duration::from_micros(u64::from(moment) * 40);
            wait(&|| Instant::now() >= end);
        }
        let _ = child.kill();
        child.wait().unwrap();
        let after = project.read(REVIEWS);
        assert!(after.starts_with(&before), "moment {moment}");
        match reviews(&after).len() - reviews(&before).len() {
            0 => {
                assert_eq!(after, before, "moment {moment}");
                died += 1;
            }
            2 => lived += 1,
            some => panic!("moment {moment}: {some} of 2 reviews"),
        }
        before = after;
    }
    assert!(died > 0, "{died} writes died and {lived} lived");
    // What a dead write left is taken over.
    assert_eq!(project.run(&approve).code, Some(0));
    assert_eq!(crate::project::names(&project.path("content/records")), ["reviews.toml"]);
}

/// Two branches each add reviews that are as alike as they can be.
#[test]
fn git_merges_what_two_branches_recorded() {
    let project = Project::queue(MORE);
    project.write("content/wait.md", "# Wait\n\nWait.\n");
    git(&project, &["init", "-qb", "main"]);
    commit(&project, "All of it");
    let first = project.run(&["review", "approve", "drain", "--as", "noor", "--on", "2026-12-01"]);
    assert!(first.stderr.contains("*.toml merge=union"), "{first:?}");
    project.write("content/records/.gitattributes", "*.toml merge=union\n");
    commit(&project, "First review");
    let mut expected = 1;
    for round in 0..6_usize {
        let documents = ["drain", "wait"];
        for (branch, reviewer) in [("left", "noor"), ("right", "luke")] {
            git(&project, &["switch", "-qc", &format!("{branch}{round}"), "main"]);
            for number in 0..=(round % 3) {
                let document = documents[(round + number) % 2];
                let ran =
                    project.run(&["review", "approve", document, "--as", reviewer, "--anyway"]);
                assert_eq!(ran.code, Some(0), "{ran:?}");
                assert!(!ran.stderr.contains("merge=union"), "{ran:?}");
                expected += 1;
            }
            commit(&project, "Reviews");
        }
        git(&project, &["switch", "-q", "main"]);
        git(&project, &["merge", "-q", "--no-edit", &format!("left{round}")]);
        git(&project, &["merge", "-q", "--no-edit", &format!("right{round}")]);
        let text = project.read(REVIEWS);
        let all = reviews(&text);
        assert_eq!(all.len(), expected, "round {round}: {text}");
        let check = project.run(&["check"]);
        assert!(!check.stdout.contains("reviews.toml"), "{check:?}");
    }
}

/// Many pairs of branches, merged as git merges files; and what comes of records without marks, which is why they have them.
#[test]
fn marks_keep_a_union_merge_from_mixing_records() {
    use handover::write::ledger::text::{Event, appended};

    let folder = Project::new("");
    let source = |text: &str| {
        let path = handover::source::SourcePath::new("r.toml").unwrap();
        handover::source::Source::new(path, text.into())
    };
    let mut random = 1_u64;
    let mut below = |end: u64| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % end
    };
    let mut mixed = 0;
    for round in 0..150 {
        let mut event = || {
            let document = below(2);
            let mut keys: Vec<(String, toml::Value)> = vec![
                ("document".into(), format!("runbooks/{document}").into()),
                ("digest".into(), format!("v1:{document}").into()),
                ("parts".into(), "none".into()),
                ("reviewer".into(), ["noor", "luke"][below(2) as usize].into()),
                ("on".into(), i64::try_from(below(2)).unwrap().into()),
                ("act".into(), "read".into()),
                ("outcome".into(), "approved".into()),
            ];
            if below(2) == 0 {
                keys.push(("note".into(), ["fine", "good"][below(2) as usize].into()));
            }
            Event { table: ["review", "work"][usize::from(below(4) == 0)].into(), keys }
        };
        let mut add = |text: &str| {
            let events = [event(), event(), event()];
            appended(&source(text), &events[..1 + round % 3]).unwrap().text
        };
        let base = if round % 4 == 0 { String::new() } else { add("# head\n") };
        let (ours, theirs) = (add(&base), add(&base));
        let merge = |texts: [&str; 3]| {
            for (name, text) in ["ours", "base", "theirs"].into_iter().zip(texts) {
                folder.write(name, text);
            }
            let merged = git(&folder, &["merge-file", "--union", "-p", "ours", "base", "theirs"]);
            merged.parse::<toml::Table>().ok()
        };
        let records = |text: &str| -> BTreeSet<String> {
            let table: toml::Table = text.parse().unwrap();
            let lists = table.iter().flat_map(|(name, list)| {
                list.as_array().unwrap().iter().map(move |record| format!("{name} {record}"))
            });
            lists.collect()
        };
        let merged = merge([&ours, &base, &theirs]).expect("TOML");
        let merged = records(&merged.to_string());
        let both: BTreeSet<String> = records(&ours).union(&records(&theirs)).cloned().collect();
        assert_eq!(merged, both, "round {round}:\n{ours}\n----\n{theirs}");
        let bare = |text: &str| -> String {
            text.lines().map(|line| format!("{}\n", line.split(" # ").next().unwrap())).collect()
        };
        let [ours, base, theirs] = [&ours, &base, &theirs].map(|text| bare(text));
        let merged = merge([&ours, &base, &theirs]);
        mixed += usize::from(merged.is_none_or(|merged| records(&merged.to_string()) != both));
    }
    assert!(mixed > 75, "without marks {mixed} of 150 merges mix records");
}

#[test]
fn what_changed_since_a_review_is_shown() {
    let project = Project::queue(MORE);
    let diff =
        |arguments: &[&str]| project.run(&[&["review", "diff", "drain"], arguments].concat());
    assert_snapshot!(diff(&[]).stderr, @"
    error: nobody has approved `drain` yet
      = help: read it whole: all of it is new
    ");
    assert_eq!(project.run(&["review", "approve", "drain", "--as", "noor"]).code, Some(0));
    assert_snapshot!(diff(&[]).stderr, @"nothing changed in `drain` since the approval by Noor Haddad on 2026-12-18");
    let text = project.read("content/drain.md");
    project.write("content/drain.md", &text.replace("wait", "wait for five minutes"));
    let nowhere = diff(&[]);
    assert_eq!(nowhere.code, Some(2));
    assert_snapshot!(nowhere.stderr, @"error: the text of the approval by Noor Haddad on 2026-12-18 cannot be found: the project is not in a git repository");
    project.write("content/drain.md", &text);
    git(&project, &["init", "-q"]);
    commit(&project, "All of it");
    project.write("content/drain.md", &text.replace("wait", "wait for five minutes"));
    let luke =
        project.run(&["review", "request-changes", "drain", "--as", "luke", "--note", "Too long."]);
    assert_eq!(luke.code, Some(0), "{luke:?}");
    assert_snapshot!(diff(&["--as", "luke"]).stderr, @"nothing changed in `drain` since the request for changes by Luke Brandt on 2026-12-18");
    let shown = diff(&["--as", "noor"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert_snapshot!(shown.stdout, @"
    --- a/content/drain.md
    +++ b/content/drain.md
    @@ -1,3 +1,3 @@
     # Drain
     
    -Stop the writers, then wait.
    +Stop the writers, then wait for five minutes.
    ");
    assert_eq!(diff(&[]).stdout, shown.stdout, "hers was the last approval");
}
