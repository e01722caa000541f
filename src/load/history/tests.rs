//! History against what real git made: who changed what last, which text was reviewed, what covered code did.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;

use crate::fixture::Random;
use crate::history::{
    About, History, LastChange, Past as _, Reading, Since, Wanted, WantedCover, WantedText,
};
use crate::load::git::fixture::Repo;
use crate::load::git::repository;
use crate::source::{SourcePath, Tree, sha256};

fn path(path: &str) -> SourcePath {
    SourcePath::new(path).unwrap()
}

/// Reads a document whose digest is that of its text and of the files that its lines `include …` name.
fn read(tree: &Tree, path: &SourcePath) -> Option<Reading> {
    let source = tree.source(path).ok()??;
    let mut body = source.text.clone();
    let mut files = BTreeSet::new();
    for name in source.text.lines().filter_map(|line| line.strip_prefix("include ")) {
        let file = path.join(name)?;
        if let Ok(Some(included)) = tree.source(&file) {
            body.push_str(&included.text);
        }
        files.insert(file);
    }
    let id = id(&source.text).unwrap_or(path.as_str()).to_owned();
    Some(Reading { id, digest: digest(&body), body, about: About::default(), files })
}

fn digest(body: &str) -> String {
    format!("v1:{}", sha256(body.as_bytes()))
}

/// Documents say in their first line what they are called, `id …`.
fn id(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix("id ")
}

fn ids(tree: &Tree) -> BTreeMap<String, SourcePath> {
    let files = &tree.list("").0;
    let of = |path: &SourcePath| {
        let source = tree.source(path).ok()??;
        Some(id(&source.text)?.to_owned())
    };
    files.iter().filter_map(|path| Some((of(path)?, path.clone()))).collect()
}

fn wanted(documents: &[&str]) -> Wanted<'static> {
    Wanted {
        inputs: Vec::new(),
        documents: documents.iter().map(|document| path(document)).collect(),
        texts: Vec::new(),
        covers: Vec::new(),
        read: &read,
        ids: &ids,
    }
}

fn history(root: &Path, wanted: &Wanted<'_>) -> History {
    repository(root).unwrap().unwrap().history(wanted).unwrap()
}

/// Returns the last change of each document, a line each.
fn last(root: &Path, documents: &[&str]) -> String {
    let history = history(root, &wanted(documents));
    let mut lines = String::new();
    for (document, last) in &*history.last {
        match last {
            LastChange::In(commit) => {
                writeln!(lines, "{document}: {} on {}", commit.summary, commit.date.date_naive())
            }
            LastChange::Unknown => writeln!(lines, "{document}: unknown"),
            LastChange::Uncommitted => writeln!(lines, "{document}: uncommitted"),
            LastChange::Submodule => writeln!(lines, "{document}: in a submodule"),
        }
        .unwrap();
    }
    lines
}

/// Returns the commit, path and text at which a text was found.
fn found(root: &Path, document: &str, body: &str, commit: Option<&str>) -> Option<String> {
    let (digest, commit) = (digest(body), commit.map(str::to_owned));
    let id = "restore".to_owned();
    let text = WantedText { document: path(document), id, digest: digest.clone(), commit };
    let history = history(root, &Wanted { texts: vec![text], ..wanted(&[]) });
    let text = history.texts.get(&(path(document), digest))?;
    let exact = if text.exact { "" } else { ", another text" };
    Some(format!("{} at {}: {:?}{exact}", text.commit.summary, text.path, text.body))
}

/// Returns the commits that touched covered code.
fn covered(root: &Path, globs: &[&str], commit: Option<&str>, day: (u32, u32)) -> Vec<String> {
    let day = NaiveDate::from_ymd_opt(2026, day.0, day.1).unwrap();
    let until = NaiveDate::from_ymd_opt(2026, 12, 5).unwrap();
    let cover = WantedCover {
        document: path("a.md"),
        globs: globs.iter().map(|glob| (*glob).to_owned()).collect(),
        since: Since { commit: commit.map(str::to_owned), day, until },
    };
    let history = history(root, &Wanted { covers: vec![cover], ..wanted(&[]) });
    let commits = history.covered.values().flatten();
    commits.map(|commit| commit.summary.clone()).collect()
}

#[test]
fn the_last_change_is_the_commit_that_gave_a_file_its_text() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("b.md", "b\n").write("docs/c.md", "c\n").commit("Begin");
    repo.write("b.md", "b2\n").commit("Edit b");
    repo.write("d.md", "d\n").commit("Add d\n\nWith a body.");
    repo.write("e.md", "e\n");
    assert_eq!(
        last(repo.path(), &["a.md", "b.md", "docs/c.md", "d.md", "e.md"]),
        "a.md: Begin on 2026-12-01\nb.md: Edit b on 2026-12-02\nd.md: Add d on 2026-12-03\n\
         docs/c.md: Begin on 2026-12-01\ne.md: uncommitted\n"
    );
    let history = history(repo.path(), &wanted(&["a.md"]));
    let LastChange::In(commit) = &history.last["a.md"] else { panic!() };
    assert_eq!(commit.date.to_rfc3339(), "2026-12-01T09:00:00+01:00");
    assert_eq!((commit.author.as_str(), commit.id.len()), ("Amara Okafor", 40));
    assert_eq!((history.head.summary.as_str(), history.limit), ("Add d", None));
}

#[test]
fn a_rename_alone_is_no_change() {
    let repo = Repo::new();
    repo.write("docs/a.md", "one\ntwo\nthree\nfour\n").write("empty.md", "").commit("Begin");
    repo.git(&["mv", "docs/a.md", "docs/b.md"]);
    repo.commit("Rename a");
    repo.git(&["mv", "docs", "handbook"]);
    repo.git(&["mv", "empty.md", "void.md"]);
    repo.commit("Rename docs");
    assert_eq!(
        last(repo.path(), &["handbook/b.md", "void.md"]),
        "handbook/b.md: Begin on 2026-12-01\nvoid.md: Rename docs on 2026-12-03\n"
    );
    repo.git(&["mv", "handbook/b.md", "handbook/c.md"]);
    repo.write("handbook/c.md", "one\ntwo\n3\nfour\n").commit("Rename and edit");
    assert_eq!(
        last(repo.path(), &["handbook/c.md"]),
        "handbook/c.md: Rename and edit on 2026-12-04\n"
    );
}

#[test]
fn a_document_may_come_from_outside_the_project() {
    let repo = Repo::new();
    repo.write("notes/a.md", "a\nb\n").write("docs/b.md", "b\n").commit("Begin");
    repo.write("notes/a.md", "a\nb\nc\n").commit("Edit outside");
    repo.git(&["mv", "notes/a.md", "docs/a.md"]);
    repo.commit("Move in");
    assert_eq!(last(&repo.path().join("docs"), &["a.md"]), "a.md: Edit outside on 2026-12-02\n");
}

#[test]
fn a_merge_is_a_change_only_where_it_differs_from_all_its_parents() {
    let repo = Repo::new();
    let lines = |change: &str| format!("1\n2\n3\n4\n{change}\n6\n7\n8\n9\n");
    repo.write("both.md", &lines("5")).write("main.md", "m\n").write("side.md", "s\n");
    repo.write("same.md", "x\n").commit("Begin");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("side.md", "s2\n").write("both.md", &lines("5 side")).commit("Edit aside");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("main.md", "m2\n").write("both.md", &lines("5 main")).commit("Edit on main");
    repo.git(&["merge", "-q", "--no-commit", "-s", "ours", "side"]);
    repo.write("side.md", "s2\n").write("both.md", &lines("5 both")).commit("Merge");
    assert_eq!(
        last(repo.path(), &["both.md", "main.md", "side.md", "same.md"]),
        "both.md: Merge on 2026-12-04\nmain.md: Edit on main on 2026-12-03\n\
         same.md: Begin on 2026-12-01\nside.md: Edit aside on 2026-12-02\n"
    );
}

#[test]
fn what_lies_before_a_shallow_clone_is_unknown() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("b.md", "b\n").commit("Begin");
    repo.write("a.md", "a2\n").commit("Edit a");
    repo.write("c.md", "c\n").commit("Add c");
    let (_folder, clone) = repo.cloned(&["--depth=2"]);
    assert_eq!(
        last(&clone, &["a.md", "b.md", "c.md"]),
        "a.md: unknown\nb.md: unknown\nc.md: Add c on 2026-12-03\n"
    );
    let limit = |documents| history(&clone, &wanted(documents)).limit;
    assert_eq!(limit(&["a.md"]).as_deref(), Some("the clone is shallow"));
    assert_eq!(limit(&["c.md"]), None, "nothing was missed");
    assert_eq!(found(&clone, "a.md", "a\n", None), None);
    assert_eq!(found(&clone, "a.md", "a2\n", None).unwrap(), "Add c at a.md: \"a2\\n\"");
}

#[test]
fn a_bare_clone_a_worktree_and_packs_say_the_same() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("b.md", "b\n").commit("Begin");
    repo.write("b.md", "b2\n").commit("Edit b");
    let said = last(repo.path(), &["a.md", "b.md"]);
    let (_folder, bare) = repo.cloned(&["--bare"]);
    assert_eq!(last(&bare, &["a.md", "b.md"]), said);
    repo.git(&["worktree", "add", "-q", "tree", "HEAD"]);
    assert_eq!(last(&repo.path().join("tree"), &["a.md", "b.md"]), said);
    repo.git(&["gc", "-q"]);
    assert_eq!(last(repo.path(), &["a.md", "b.md"]), said);
    repo.git(&["commit-graph", "write", "--reachable"]);
    assert_eq!(last(repo.path(), &["a.md", "b.md"]), said);
}

#[test]
fn a_submodule_has_a_past_of_its_own() {
    let inner = Repo::new();
    inner.write("b.md", "b\n").commit("Inside");
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("part", "a file\n").commit("Begin");
    repo.git(&["rm", "-q", "part"]);
    repo.git(&["submodule", "--quiet", "add", &inner.path().display().to_string(), "part"]);
    repo.commit("Add a part");
    inner.write("b.md", "b2\n").commit("Inside again");
    repo.git(&["-C", "part", "pull", "-q"]);
    repo.commit("Take the newest part");
    assert_eq!(
        last(repo.path(), &["a.md", "part/b.md", "part", "part.md"]),
        "a.md: Begin on 2026-12-01\npart: in a submodule\npart.md: uncommitted\n\
         part/b.md: in a submodule\n"
    );
    assert_eq!(
        found(repo.path(), "a.md", "a\n", None).unwrap(),
        "Take the newest part at a.md: \"a\\n\""
    );
    assert_eq!(found(repo.path(), "part/b.md", "b\n", None), None);
    let parts = ["Take the newest part", "Add a part"];
    assert_eq!(covered(repo.path(), &["part"], Some("HEAD~2"), (1, 1)), parts);
    let inputs = vec![(path("a.md"), &b"a\n"[..]), (path("part/b.md"), b"b3\n")];
    let history = history(repo.path(), &Wanted { inputs, ..wanted(&[]) });
    assert_eq!(history.uncommitted, BTreeSet::new());
}

#[test]
fn a_reviewed_text_is_found_by_its_digest() {
    let repo = Repo::new();
    repo.write("a.md", "one\ntwo\nthree\n").commit("First");
    repo.write("b.md", "b\n").commit("Elsewhere");
    repo.write("a.md", "one\ntwo\n3\n").commit("Second");
    repo.git(&["mv", "a.md", "new.md"]);
    repo.write("new.md", "one\n2\n3\n").commit("Renamed and edited");
    let found = |body, commit| found(repo.path(), "new.md", body, commit);
    let first = "First at a.md: \"one\\ntwo\\nthree\\n\"";
    let newest = "Elsewhere at a.md: \"one\\ntwo\\nthree\\n\"";
    assert_eq!(found("one\ntwo\nthree\n", None).as_deref(), Some(newest));
    assert_eq!(found("one\ntwo\nthree\n", Some("HEAD~3")).as_deref(), Some(first));
    assert_eq!(found("one\ntwo\nthree\n", Some("0123456")).as_deref(), Some(newest));
    assert_eq!(
        found("one\n2\n3\n", None).as_deref(),
        Some("Renamed and edited at new.md: \"one\\n2\\n3\\n\"")
    );
    assert_eq!(found("never committed", None), None);
    assert_eq!(
        found("never committed", Some("HEAD~3")),
        Some(format!("{first}, another text")),
        "the commit that the review names is the nearest to it"
    );
}

#[test]
fn an_included_file_makes_a_text_too() {
    let repo = Repo::new();
    repo.write("docs/a.md", "a\ninclude ../part.md\n").write("part.md", "p1\n").commit("First");
    repo.write("part.md", "p2\n").commit("Second");
    repo.write("docs/a.md", "a\n").commit("Third");
    repo.write("part.md", "p3\n").commit("Fourth");
    let found = |body| found(repo.path(), "docs/a.md", body, None);
    assert!(found("a\ninclude ../part.md\np1\n").unwrap().starts_with("First at "));
    assert!(found("a\ninclude ../part.md\np2\n").unwrap().starts_with("Second at "));
    assert_eq!(found("a\ninclude ../part.md\np3\n"), None);
}

#[test]
fn a_text_is_found_on_the_side_of_a_merge_that_was_given_up() {
    let repo = Repo::new();
    repo.write("a.md", "1\n").commit("Begin");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a.md", "aside\n").commit("Edit aside");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.md", "2\n").commit("Edit on main");
    repo.commit_with(&["merge", "-q", "-s", "ours", "-m", "Merge", "side"]);
    let found = found(repo.path(), "a.md", "aside\n", None);
    assert_eq!(found.as_deref(), Some("Edit aside at a.md: \"aside\\n\""));
}

#[test]
fn covered_code_that_changed_after_a_review_is_named() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("deploy/api/values.yaml", "1\n").commit("Begin");
    repo.write("deploy/api/values.yaml", "2\n").commit("Known");
    repo.write("src/main.rs", "\n").commit("Elsewhere");
    repo.write("deploy/api/values.yaml", "3\n").commit("New");
    repo.write("deploy/readme.md", "r\n").commit("Newer");
    repo.write("deploy/readme.md", "later\n").commit("After the day");
    let covered = |globs: &[&str], commit, day| covered(repo.path(), globs, commit, day);
    let all = ["After the day", "Newer", "New"];
    assert_eq!(covered(&["deploy/**"], Some("HEAD~4"), (1, 1)), all);
    assert_eq!(covered(&["deploy/**/*.yaml"], Some("HEAD~4"), (1, 1)), ["New"]);
    assert_eq!(covered(&["deploy"], Some("HEAD~4"), (1, 1)), all);
    assert_eq!(covered(&["deploy/*"], Some("HEAD~4"), (1, 1)), all);
    assert_eq!(covered(&["*.md"], Some("HEAD~4"), (1, 1)), [""; 0]);
    assert_eq!(covered(&["deploy/**"], Some("HEAD"), (1, 1)), [""; 0]);
    assert_eq!(covered(&["deploy/**"], None, (12, 3)), ["Newer", "New"]);
    assert_eq!(covered(&["deploy/**"], None, (12, 4)), ["Newer"]);
    assert_eq!(covered(&["deploy/**"], Some("0123456"), (12, 4)), ["Newer"]);
}

#[test]
fn covered_code_is_followed_on_both_sides_of_a_merge() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("src/x.rs", "x\n").write("src/y.rs", "y\n").commit("Begin");
    repo.git(&["checkout", "-q", "-b", "side"]);
    let side = repo.write("src/x.rs", "x2\n").commit("Edit aside");
    repo.git(&["checkout", "-q", "main"]);
    let main = repo.write("src/y.rs", "y2\n").commit("Edit on main");
    repo.commit_with(&["merge", "-q", "-m", "Merge", "side"]);
    let covered = |commit| covered(repo.path(), &["src/**"], Some(commit), (1, 1));
    assert_eq!(covered(&main), ["Edit aside"], "the merge itself changed nothing");
    assert_eq!(covered(&side), ["Edit on main"]);
    assert_eq!(covered("HEAD"), [""; 0]);
    assert_eq!(covered("HEAD~2"), ["Edit on main", "Edit aside"]);
}

#[test]
fn a_project_in_a_folder_of_the_repository_covers_code_beside_it() {
    let repo = Repo::new();
    repo.write("docs/a.md", "a\n").write("deploy/x.yaml", "1\n").commit("Begin");
    repo.write("deploy/x.yaml", "2\n").commit("Edit");
    let docs = repo.path().join("docs");
    assert_eq!(covered(&docs, &["deploy/**"], Some("HEAD~1"), (1, 1)), ["Edit"]);
    assert_eq!(covered(&docs, &["../deploy/**"], Some("HEAD~1"), (1, 1)), ["Edit"]);
    assert_eq!(covered(&docs, &["../../deploy/**"], Some("HEAD~1"), (1, 1)), [""; 0]);
}

#[test]
fn what_is_not_as_it_was_committed_is_named() {
    let repo = Repo::new();
    repo.write("a.md", "a\nb\n").write("b.md", "b\n").commit("Begin");
    let inputs: [(&str, &[u8]); 4] =
        [("a.md", b"a\r\nb\r\n"), ("b.md", b"b"), ("c.md", b"c"), ("a.md/x", b"")];
    let inputs = inputs.map(|(name, bytes)| (path(name), bytes)).to_vec();
    let history = history(repo.path(), &Wanted { inputs, ..wanted(&[]) });
    let uncommitted: Vec<&str> = history.uncommitted.iter().map(SourcePath::as_str).collect();
    assert_eq!(uncommitted, ["a.md/x", "b.md", "c.md"], "line ends do not matter");
}

#[test]
fn where_there_is_no_history_it_is_said() {
    let outside = tempfile::tempdir().unwrap();
    assert!(repository(outside.path()).unwrap().is_none());
    let repo = Repo::new();
    let refused =
        |root: &Path| repository(root).unwrap().unwrap().history(&wanted(&["a.md"])).unwrap_err();
    assert_eq!(refused(repo.path()), "the git repository has no commit yet");
    repo.write("a.md", "a\n").commit("Begin");
    repo.write("new/a.md", "a\n");
    assert_eq!(refused(&repo.path().join("new")), "the commit has no folder `new`");
}

/// Writes history for `git fast-import`.
#[derive(Default)]
struct Import {
    stream: String,
    commits: usize,
}

impl Import {
    /// Adds a commit with these texts of files, and returns its mark.
    fn commit(&mut self, branch: &str, parents: &[usize], files: &[(String, String)]) -> usize {
        self.commits += 1;
        let (mark, time) = (self.commits, 1_700_000_000 + self.commits * 60);
        let message = format!("Commit {mark}");
        writeln!(self.stream, "commit refs/heads/{branch}\nmark :{mark}").unwrap();
        writeln!(self.stream, "author A <a@example.com> {time} +0000").unwrap();
        writeln!(self.stream, "committer A <a@example.com> {time} +0000").unwrap();
        writeln!(self.stream, "data {}\n{message}", message.len()).unwrap();
        for (index, parent) in parents.iter().enumerate() {
            let word = if index == 0 { "from" } else { "merge" };
            writeln!(self.stream, "{word} :{parent}").unwrap();
        }
        for (path, text) in files {
            write!(self.stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
        mark
    }

    fn into_repo(self) -> Repo {
        let repo = Repo::new();
        repo.git_with(&["fast-import", "--quiet"], &self.stream);
        repo.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
        repo
    }
}

#[test]
fn any_history_is_told_as_git_tells_it() {
    for seed in 0..4 {
        let mut random = Random::new(seed);
        let mut import = Import::default();
        let path = |file: usize| format!("docs/{}/{file}.md", file % 3);
        // What each commit has of each file; every text is written once.
        let mut texts: Vec<Vec<usize>> = vec![vec![0; 12]];
        let all: Vec<_> = (0..12).map(|file| (path(file), format!("{file} 0"))).collect();
        let mut tips = [import.commit("main", &[], &all); 3];
        for commit in 1..120 {
            let branch = random.below(3);
            let mut parents = vec![tips[branch]];
            let other = tips[random.below(3)];
            if random.below(4) == 0 && other != parents[0] {
                parents.push(other);
            }
            let mut here = texts[parents[0] - 1].clone();
            for (file, text) in here.iter_mut().enumerate() {
                match random.below(12) {
                    0 => *text = commit,
                    1..6 if parents.len() == 2 => *text = texts[other - 1][file],
                    _ => {}
                }
            }
            let files: Vec<_> = here
                .iter()
                .enumerate()
                .map(|(file, text)| (path(file), format!("{file} {text}")))
                .collect();
            tips[branch] = import.commit("main", &parents, &files);
            texts.push(here);
        }
        let repo = import.into_repo();
        let paths: Vec<String> = (0..12).map(path).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let history = history(repo.path(), &wanted(&paths));
        for path in paths {
            let told = repo.git(&["log", "-1", "--format=%H", "--", path]);
            let LastChange::In(commit) = &history.last[path] else { panic!("{path}") };
            assert_eq!(commit.id, told, "seed {seed}: {path}");
        }
    }
}

#[test]
fn a_long_history_of_many_documents_is_one_walk() {
    let mut random = Random::new(7);
    let mut import = Import::default();
    let path = |file: usize| format!("content/{}/{file}.md", file / 40);
    let all: Vec<_> = (0..1000).map(|file| (path(file), format!("# {file}\n\nBegin\n"))).collect();
    let mut tip = import.commit("main", &[], &all);
    let mut last = vec![1; 1000];
    for _ in 1..5000 {
        // Most changes are of few documents, and half of the commits are of something else.
        let file = random.below(2000) % (1 + random.below(1000));
        let changed = match last.get_mut(file) {
            Some(last) if random.below(2) == 0 => {
                *last = import.commits + 1;
                (path(file), format!("# {file}\n\n{}\n", import.commits))
            }
            _ => ("src/main.rs".to_owned(), import.commits.to_string()),
        };
        tip = import.commit("main", &[tip], &[changed]);
    }
    let repo = import.into_repo();
    let paths: Vec<String> = (0..1000).map(path).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let history = history(repo.path(), &wanted(&paths));
    for (path, last) in paths.iter().zip(last) {
        let LastChange::In(commit) = &history.last[*path] else { panic!("{path}") };
        assert_eq!(commit.summary, format!("Commit {last}"), "{path}");
    }
}
