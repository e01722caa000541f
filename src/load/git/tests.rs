//! The trees of commits against what real git made: the same files as in the working tree.

use std::path::Path;

use crate::load::git::fixture::Repo;
use crate::load::git::{GitTree, repository};
use crate::load::working_tree;
use crate::source::{FileKind, Files, SourcePath};

fn tree(root: &Path, revision: &str) -> GitTree {
    let repository = repository(root).unwrap().unwrap();
    repository.tree(repository.commit(revision).unwrap()).unwrap()
}

fn listed(files: &impl Files, folder: &str) -> (Vec<String>, Vec<String>) {
    let (files, unread) = files.list(folder);
    (
        files.iter().map(ToString::to_string).collect(),
        unread.iter().map(|unread| format!("{}: {}", unread.path, unread.reason)).collect(),
    )
}

fn read(files: &impl Files, path: &str) -> Result<Option<String>, String> {
    let read = files.read(&SourcePath::around(path).unwrap());
    read.map(|bytes| bytes.map(|bytes| String::from_utf8(bytes).unwrap()))
}

#[test]
fn a_commit_has_the_files_of_its_time() {
    let repo = Repo::new();
    repo.write("a.md", "old\n").write("docs/größe 1.md", "g\n").commit("Begin");
    repo.git(&["tag", "-a", "-m", "First", "handover-1.0"]);
    repo.write("a.md", "new\n").write("docs/b.md", "b\n").commit("Edit");
    repo.write("a.md", "newer, not committed\n");
    let old = tree(repo.path(), "handover-1.0");
    assert_eq!(listed(&old, "").0, ["a.md", "docs/größe 1.md"]);
    assert_eq!(read(&old, "a.md"), Ok(Some("old\n".into())));
    assert_eq!(read(&old, "docs/b.md"), Ok(None));
    assert_eq!(read(&old, "docs"), Err("it is a folder".into()));
    let kind = |path| old.kind(&SourcePath::new(path).unwrap());
    assert_eq!(
        (kind("docs"), kind("a.md"), kind("a.md/b")),
        (Some(FileKind::Folder), Some(FileKind::File), None)
    );
    for revision in ["main", "HEAD", "HEAD~0"] {
        let new = tree(repo.path(), revision);
        assert_eq!(read(&new, "a.md"), Ok(Some("new\n".into())));
        assert_eq!(listed(&new, "docs").0, ["docs/b.md", "docs/größe 1.md"]);
    }
    let repository = repository(repo.path()).unwrap().unwrap();
    let unknown = repository.commit("2.0").unwrap_err();
    assert_eq!(unknown, "`2.0` is no commit, tag or branch of the repository");
}

#[test]
fn a_project_may_be_a_folder_of_the_repository() {
    let repo = Repo::new();
    repo.write("docs/a.md", "a\n").write("b.md", "b\n").commit("Begin");
    let docs = repo.path().join("docs");
    let commit = tree(&docs, "HEAD");
    assert_eq!(listed(&commit, "").0, ["a.md"]);
    repo.git(&["mv", "docs", "book"]);
    repo.commit("Rename");
    let repository = repository(&repo.path().join("book")).unwrap().unwrap();
    let old = repository.commit("HEAD~1").unwrap();
    assert_eq!(repository.tree(old).err().unwrap(), "the commit has no folder `book`");
}

#[test]
fn a_bare_clone_a_worktree_and_packs_have_the_same_files() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("docs/b.md", "b\n").commit("Begin");
    let (_folder, bare) = repo.cloned(&["--bare"]);
    repo.git(&["worktree", "add", "-q", ".worktree", "HEAD"]);
    repo.git(&["gc", "-q"]);
    for root in [&bare, &repo.path().join(".worktree"), repo.path()] {
        let commit = tree(root, "HEAD");
        assert_eq!(listed(&commit, "").0, ["a.md", "docs/b.md"]);
        assert_eq!(read(&commit, "docs/b.md"), Ok(Some("b\n".into())));
    }
}

#[test]
fn a_submodule_is_nothing_and_a_project_of_its_own() {
    let (inner, outer) = (Repo::new(), Repo::new());
    inner.write("inside.md", "i\n").commit("Begin");
    outer.write("a.md", "a\n");
    outer.git(&["submodule", "--quiet", "add", &inner.path().display().to_string(), "part"]);
    outer.commit("Begin");
    let commit = tree(outer.path(), "HEAD");
    assert_eq!(listed(&commit, ""), (vec!["a.md".into()], vec![]));
    assert_eq!(read(&commit, "part/inside.md"), Ok(None));
    assert_eq!(commit.kind(&SourcePath::new("part").unwrap()), None);
    let part = outer.path().join("part");
    assert_eq!(listed(&tree(&part, "HEAD"), "").0, ["inside.md"]);
}

#[test]
fn the_repository_may_name_its_objects_by_sha_256() {
    let repo = Repo::new();
    std::fs::remove_dir_all(repo.path().join(".git")).unwrap();
    repo.git(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    let id = repo.write("a.md", "a\n").commit("Begin");
    assert_eq!(id.len(), 64);
    assert_eq!(read(&tree(repo.path(), &id), "a.md"), Ok(Some("a\n".into())));
}

#[test]
fn what_is_left_out_of_a_working_tree_is_left_out_of_a_commit() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write(".hidden.md", "").write("node_modules/x.md", "");
    repo.write("site/.handover", "# handover site 1\n").write("site/1.0/x.md", "");
    repo.write("notes/.handover", "# mine\n").write("notes/x.md", "").write("docs/target", "");
    repo.commit("Begin");
    let files = listed(&tree(repo.path(), "HEAD"), "");
    assert_eq!(files.0, ["a.md", "docs/target", "notes/x.md"]);
    assert_eq!(files, listed(&working_tree(repo.path()).unwrap(), ""));
}

#[cfg(unix)]
#[test]
fn links_are_followed_as_in_a_working_tree() {
    use std::os::unix::fs::symlink;

    let repo = Repo::new();
    repo.write("project/docs/a.md", "a\n").write("project/x.md", "x\n").write("secret.md", "s\n");
    let link = |target: &str, name: &str| {
        symlink(target, repo.path().join("project").join(name)).unwrap();
    };
    link("x.md", "inside.md");
    link("docs", "handbook");
    link("handbook/a.md", "twice.md");
    link("handbook/../x.md", "up.md");
    link("..", "docs/loop");
    link("../secret.md", "secret.md");
    link("nowhere.md", "broken.md");
    link("self.md", "self.md");
    link("../.hidden.md", "hidden.md");
    link("../beside", "beside");
    link("../../project", "docs/same");
    link("..", "above");
    repo.write(".hidden.md", "h\n").write("beside/b.md", "b\n").commit("Begin");
    let root = repo.path().join("project");
    let (commit, disk) = (tree(&root, "HEAD"), working_tree(&root).unwrap());
    assert_eq!(listed(&commit, ""), listed(&disk, ""));
    for folder in ["../beside", "..", "../project", "../../x"] {
        assert_eq!(listed(&commit, folder), listed(&disk, folder), "{folder}");
    }
    assert_eq!(listed(&commit, "handbook"), listed(&disk, "handbook"));
    for path in [
        "inside.md",
        "handbook/a.md",
        "twice.md",
        "up.md",
        "secret.md",
        "broken.md",
        "self.md",
        "docs/loop/x.md",
        "x.md/y.md",
        "hidden.md",
        "beside/b.md",
        "../secret.md",
        "../beside",
        "../beside/b.md",
        "../gone.md",
        "../../x",
    ] {
        assert_eq!(read(&commit, path), read(&disk, path), "{path}");
        let path = SourcePath::around(path).unwrap();
        assert_eq!(commit.kind(&path), disk.kind(&path), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf_8_is_reported() {
    use std::os::unix::ffi::OsStringExt as _;

    let repo = Repo::new();
    let name = std::ffi::OsString::from_vec(b"b\xff.md".to_vec());
    std::fs::write(repo.path().join(name), "").unwrap();
    repo.write("a.md", "a\n").commit("Begin");
    let (files, unread) = listed(&tree(repo.path(), "HEAD"), "");
    assert_eq!(
        (files, unread),
        (vec!["a.md".into()], vec!["b\u{fffd}.md: its name is not UTF-8".into()])
    );
}
