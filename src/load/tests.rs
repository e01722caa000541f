//! The working tree against a real disk: links, names, and what may not be read.

use super::*;

/// Returns a folder with these files, each with its path as its text.
fn folder(paths: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, path).unwrap();
    }
    folder
}

fn listed(root: &Path, below: &str) -> (Vec<String>, Vec<String>) {
    let (files, unread) = working_tree(root).unwrap().list(below);
    (
        files.iter().map(ToString::to_string).collect(),
        unread.iter().map(|unread| format!("{}: {}", unread.path, unread.reason)).collect(),
    )
}

fn read(root: &Path, path: &str) -> Result<Option<String>, String> {
    let read = working_tree(root).unwrap().read(&SourcePath::new(path).unwrap());
    read.map(|bytes| bytes.map(|bytes| String::from_utf8(bytes).unwrap()))
}

#[test]
fn files_are_listed_in_path_order_without_what_is_not_the_projects() {
    let folder = folder(&[
        "b.md",
        "a/z.md",
        "a.md",
        "a-b.md",
        "größe 1.md",
        "手册/引き継ぎ.md",
        ".git/config",
        ".hidden.md",
        "target/x.md",
        "node_modules/x.md",
        "a/target",
        "site/1.0/x.md",
    ]);
    fs::write(folder.path().join("site/.handover"), "# handover site 1\n").unwrap();
    let (files, unread) = listed(folder.path(), "");
    assert_eq!(
        files,
        ["a-b.md", "a.md", "a/target", "a/z.md", "b.md", "größe 1.md", "手册/引き継ぎ.md"]
    );
    assert!(unread.is_empty());
    assert_eq!(listed(folder.path(), "a").0, ["a/target", "a/z.md"]);
    assert_eq!(listed(folder.path(), "nowhere").0, [""; 0]);
    assert_eq!(read(folder.path(), "手册/引き継ぎ.md"), Ok(Some("手册/引き継ぎ.md".into())));
}

#[test]
fn a_folder_of_the_same_name_as_a_site_is_the_projects() {
    let folder = folder(&["site/x.md"]);
    fs::write(folder.path().join("site/.handover"), "# my notes on the handover\n").unwrap();
    assert_eq!(listed(folder.path(), "").0, ["site/x.md"]);
}

#[test]
fn what_is_not_there_is_nothing() {
    let folder = folder(&["a.md"]);
    let tree = working_tree(folder.path()).unwrap();
    let kind = |path| tree.kind(&SourcePath::new(path).unwrap());
    assert_eq!((kind("b.md"), kind("a.md/b.md"), kind("a.md")), (None, None, Some(FileKind::File)));
    assert_eq!(read(folder.path(), "b.md"), Ok(None));
    assert_eq!(read(folder.path(), "A.md"), Ok(None), "a name counts as it is written");
}

#[test]
fn a_project_reaches_into_its_repository_and_no_further() {
    let folder =
        folder(&["x.md", "repo/.git/config", "repo/a.md", "repo/lib/b.rs", "repo/docs/c.md"]);
    let tree = working_tree(&folder.path().join("repo/docs")).unwrap();
    let path = |path: &str| SourcePath::around(path);
    let kind = |at: &str| tree.kind(&path(at).unwrap());
    assert_eq!(kind("../a.md"), Some(FileKind::File));
    assert_eq!(kind("../lib"), Some(FileKind::Folder));
    assert_eq!(tree.read(&path("../lib/b.rs").unwrap()), Ok(Some(b"repo/lib/b.rs".to_vec())));
    assert_eq!((kind("../gone.md"), kind("../../x.md"), kind("../../../x.md")), (None, None, None));
    assert_eq!(path("../.git/config"), None, "nothing that is hidden");
    assert_eq!(listed(&folder.path().join("repo/docs"), "").0, ["c.md"]);
    assert_eq!(listed(&folder.path().join("repo/docs"), "..").0, ["../a.md", "../lib/b.rs"]);
    assert_eq!(listed(&folder.path().join("repo/docs"), "../lib").0, ["../lib/b.rs"]);
    assert_eq!(listed(&folder.path().join("repo"), "..").0, [""; 0]);
}

#[test]
fn a_project_that_is_not_there_is_an_error() {
    let folder = folder(&["a.md"]);
    let refused = |path| working_tree(&folder.path().join(path)).err().unwrap().to_string();
    assert!(refused("b").ends_with("b`: no such file or directory"), "{}", refused("b"));
    assert!(refused("a.md").ends_with("a.md`: not a directory"), "{}", refused("a.md"));
}

#[test]
fn a_large_file_is_not_taken_in() {
    let folder = folder(&["a.md"]);
    File::create(folder.path().join("image.iso")).unwrap().set_len(LARGEST + 1).unwrap();
    assert_eq!(read(folder.path(), "image.iso"), Err("it is larger than 256 MiB".into()));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStringExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn links_are_followed_inside_the_root_and_refused_where_they_leave_it() {
        let outside = folder(&["secret.md", "more/secret.md"]);
        let folder = folder(&["docs/a.md", "x.md"]);
        let link = |target: &Path, name: &str| symlink(target, folder.path().join(name)).unwrap();
        link(Path::new("x.md"), "inside.md");
        link(Path::new("docs"), "handbook");
        link(&outside.path().join("secret.md"), "secret.md");
        link(outside.path(), "more");
        link(Path::new("nowhere.md"), "broken.md");
        link(Path::new("self.md"), "self.md");
        let (files, unread) = listed(folder.path(), "");
        assert_eq!(files, ["docs/a.md", "handbook/a.md", "inside.md", "x.md"]);
        assert_eq!(
            unread,
            [
                "broken.md: it is a symbolic link: no such file or directory",
                "more: it is a symbolic link that leads out of the project",
                "secret.md: it is a symbolic link that leads out of the project",
                "self.md: it is a symbolic link: too many levels of symbolic links",
            ]
        );
        let refused = Err("it is a symbolic link that leads out of the project".to_owned());
        assert_eq!(read(folder.path(), "handbook/a.md"), Ok(Some("docs/a.md".into())));
        assert_eq!(read(folder.path(), "secret.md"), refused);
        assert_eq!(read(folder.path(), "more/secret.md"), refused);
        assert_eq!(
            read(folder.path(), "more/nothing.md"),
            refused,
            "it does not tell what is outside"
        );
        assert_eq!(read(folder.path(), "broken.md"), Ok(None));
        assert_eq!(listed(folder.path(), "more").0, [""; 0]);
        let tree = crate::source::Tree::new(working_tree(folder.path()).unwrap());
        let behind = |path| tree.behind(&SourcePath::new(path).unwrap());
        assert_eq!(behind("handbook/a.md"), SourcePath::new("docs/a.md"));
        assert_eq!((behind("docs/a.md"), behind("secret.md")), (None, None));
    }

    #[test]
    fn a_root_that_is_a_link_is_the_folder_behind_it() {
        let folder = folder(&["project/a.md"]);
        symlink("project", folder.path().join("link")).unwrap();
        assert_eq!(listed(&folder.path().join("link"), "").0, ["a.md"]);
        assert_eq!(read(&folder.path().join("link"), "a.md"), Ok(Some("project/a.md".into())));
    }

    #[test]
    fn loops_end() {
        let folder = folder(&["a/x.md", "b/y.md"]);
        symlink("..", folder.path().join("a/up")).unwrap();
        symlink("../a", folder.path().join("b/a")).unwrap();
        let (files, unread) = listed(folder.path(), "");
        assert!(files.contains(&"b/a/x.md".to_owned()), "{files:?}");
        assert!(unread.is_empty(), "{unread:?}");
    }

    #[test]
    fn what_is_not_a_file_is_not_opened() {
        let folder = folder(&["a.md"]);
        let _socket = UnixListener::bind(folder.path().join("socket.md")).unwrap();
        let fifo = folder.path().join("fifo.md");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        fs::create_dir(folder.path().join("docs")).unwrap();
        fs::rename(&fifo, folder.path().join("docs/.handover")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let (files, unread) = listed(folder.path(), "");
        assert_eq!(files, ["a.md"]);
        assert_eq!(
            unread,
            [
                "fifo.md: it is neither a file nor a folder",
                "socket.md: it is neither a file nor a folder"
            ]
        );
        assert_eq!(read(folder.path(), "fifo.md"), Err(NOT_A_FILE.into()));
        assert_eq!(read(folder.path(), "docs"), Err("it is a folder".into()));
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_reported() {
        let folder = folder(&["a.md"]);
        let name = OsString::from_vec(b"b\xff.md".to_vec());
        fs::write(folder.path().join(name), "").unwrap();
        let (files, unread) = listed(folder.path(), "");
        assert_eq!(
            (files, unread),
            (vec!["a.md".into()], vec!["b\u{fffd}.md: its name is not UTF-8".into()])
        );
    }

    #[test]
    fn what_may_not_be_read_is_reported() {
        let folder = folder(&["a.md", "docs/b.md"]);
        let set = |path: &str, mode| {
            fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode))
                .unwrap();
        };
        set("a.md", 0);
        set("docs", 0);
        // The superuser may read everything: there is nothing to see then.
        let denied = File::open(folder.path().join("a.md")).is_err();
        let (files, unread) = listed(folder.path(), "");
        let (file, below) = (read(folder.path(), "a.md"), read(folder.path(), "docs/b.md"));
        set("docs", 0o755);
        if denied {
            assert_eq!(
                (files, unread),
                (vec!["a.md".into()], vec!["docs: permission denied".into()])
            );
            assert_eq!(file, Err("permission denied".into()));
            assert_eq!(below, Err("permission denied".into()), "not as if it were not there");
        }
    }
}
