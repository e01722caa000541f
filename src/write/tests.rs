//! Publishing on a real disk.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::*;
use crate::render::Output;
use crate::source::SITE_MARKER;
use crate::write::front::Name;

const QUIET: Watcher<'static> = Watcher { waiting: &|| {}, progress: &|_, _| {} };

/// A folder with a project in it.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("project/content")).unwrap();
    fs::write(folder.path().join("project/content/a.md"), "# A\n").unwrap();
    folder
}

fn output(files: &[(&str, &str)]) -> Output {
    files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes()))).collect()
}

fn publish_to(
    folder: &TempDir,
    destination: &str,
    version: &str,
    files: &[(&str, &str)],
) -> Result<Published, WriteError> {
    let root = folder.path().join("project");
    let output = output(files);
    let name = Name { version, released: false, title: "T", language: "en" };
    let edition = Edition { name, files: &output };
    let sources = Sources { root: &root, content: "content" };
    publish(sources, &root.join(destination), &[edition], Kind::Site, &QUIET)
}

/// Publishes a release and a version that comes after it.
fn release_to(folder: &TempDir, files: &[(&str, &str)]) -> Result<Published, WriteError> {
    let root = folder.path().join("project");
    let outputs = [output(files), output(&[("index.html", "next")])];
    let edition = |at: usize| Edition {
        name: Name { version: ["1.0", "1.1"][at], released: at == 0, title: "T", language: "en" },
        files: &outputs[at],
    };
    let sources = Sources { root: &root, content: "content" };
    publish(sources, &root.join("site"), &[edition(0), edition(1)], Kind::Site, &QUIET)
}

/// Returns the texts of all files below a folder, by path.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| !entry.file_type().is_dir());
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files.map(|entry| (name(entry.path()), text(entry.path()))).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_site_is_published_and_replaced() {
    let folder = project();
    let site = folder.path().join("project/site");
    let first =
        publish_to(&folder, "site", "1.0", &[("index.html", "one"), ("a/gone.html", "x")]).unwrap();
    assert_eq!((first.written, first.kept), (7, 0));
    let second =
        publish_to(&folder, "site", "1.0", &[("index.html", "two"), ("b.html", "y")]).unwrap();
    assert_eq!(
        second.written, 3,
        "the page that changed, the new one and the one that leads to it"
    );
    let files = files(&site);
    assert_eq!((&*files["1.0/index.html"], &*files["1.0/b.html"]), ("two", "y"));
    assert!(!site.join("1.0/a").exists(), "what is no longer made goes, and its folder");
    assert_eq!(
        names(&folder.path().join("project")),
        ["content", "site"],
        "nothing is left beside it"
    );
}

#[test]
fn equal_bytes_are_not_written_again() {
    let folder = project();
    let site = folder.path().join("project/site");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    publish_to(&folder, "site", "1.0", &[("a.html", "a"), ("b.html", "b")]).unwrap();
    for path in ["1.0/a.html", "1.0/b.html"] {
        let file = fs::File::options().write(true).open(site.join(path)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let time = |path| fs::metadata(site.join(path)).unwrap().modified().unwrap();
    let same = publish_to(&folder, "site", "1.0", &[("a.html", "a"), ("b.html", "b")]).unwrap();
    assert_eq!(same.written, 0);
    publish_to(&folder, "site", "1.0", &[("a.html", "a"), ("b.html", "B")]).unwrap();
    assert_eq!(time("1.0/a.html"), long_ago);
    assert_ne!(time("1.0/b.html"), long_ago);
}

#[test]
fn a_file_that_somebody_changed_is_made_good() {
    let folder = project();
    let site = folder.path().join("project/site");
    let page = [("a.html", "a")];
    publish_to(&folder, "site", "1.0", &page).unwrap();
    fs::write(site.join("1.0/a.html"), "!").unwrap();
    fs::remove_file(site.join("index.html")).unwrap();
    assert_eq!(publish_to(&folder, "site", "1.0", &page).unwrap().written, 2);
    assert_eq!(files(&site)["1.0/a.html"], "a");
}

#[test]
fn other_versions_are_kept_and_may_be_taken_away() {
    let folder = project();
    let site = folder.path().join("project/site");
    publish_to(&folder, "site", "1.0", &[("index.html", "one")]).unwrap();
    publish_to(&folder, "site", "1.1", &[("index.html", "two")]).unwrap();
    let files_of_both = files(&site);
    assert_eq!(
        (&*files_of_both["1.0/index.html"], &*files_of_both["1.1/index.html"]),
        ("one", "two")
    );
    assert!(files_of_both["versions.js"].contains(r#"["1.0","1.1"]"#));
    fs::remove_dir_all(site.join("1.0")).unwrap();
    publish_to(&folder, "site", "1.1", &[("index.html", "two")]).unwrap();
    assert!(files(&site)["versions.js"].contains(r#"["1.1"]"#));
}

#[test]
fn what_is_not_ours_is_not_touched() {
    let folder = project();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    for name in ["a", "b", "c", "d", "e"] {
        fs::write(mine.join(name), "mine").unwrap();
    }
    let before = files(folder.path());
    let error = publish_to(&folder, "../mine", "1.0", &[("index.html", "")]).unwrap_err();
    assert!(error.to_string().ends_with("did not write: `a`, `b`, `c` and 2 more"), "{error}");
    assert!(error.help().unwrap().contains("mine/site"));
    assert_eq!(files(folder.path()), before);

    publish_to(&folder, "site", "1.0", &[("index.html", "")]).unwrap();
    let site = folder.path().join("project/site");
    fs::write(site.join("1.0/CNAME"), "mine").unwrap();
    fs::create_dir(site.join("empty")).unwrap();
    let before = files(folder.path());
    let error = publish_to(&folder, "site", "1.0", &[("index.html", "new")]).unwrap_err();
    assert!(error.to_string().ends_with("did not write: `1.0/CNAME`, `empty`"), "{error}");
    let error = clean(Sources { root: &site, content: "" }, &site, &QUIET).unwrap_err();
    assert!(matches!(error, WriteError::Sources(_)));
    let root = folder.path().join("project");
    let error = clean(Sources { root: &root, content: "content" }, &site, &QUIET).unwrap_err();
    assert!(matches!(error, WriteError::Foreign { .. }));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn what_file_managers_leave_is_taken_along() {
    let folder = project();
    let site = folder.path().join("project/site");
    publish_to(&folder, "site", "1.0", &[("index.html", "1"), ("a/x.html", "")]).unwrap();
    fs::write(site.join(".DS_Store"), "mac").unwrap();
    fs::write(site.join("1.0/a/Thumbs.db"), "windows").unwrap();
    publish_to(&folder, "site", "1.0", &[("index.html", "2")]).unwrap();
    assert_eq!(files(&site)[".DS_Store"], "mac");
    assert!(!site.join("1.0/a").exists());
    assert_eq!(names(&folder.path().join("project")), ["content", "site"]);
}

#[test]
fn the_projects_own_files_are_not_written_over() {
    let folder = project();
    fs::create_dir(folder.path().join("project/empty")).unwrap();
    for destination in ["", "..", ".", "content", "../project", "content/..", "../.."] {
        let error = publish_to(&folder, destination, "1.0", &[("index.html", "")]).unwrap_err();
        assert!(matches!(error, WriteError::Sources(_)), "{destination}: {error}");
    }
    let error = publish_to(&folder, "content/a.md", "1.0", &[]).unwrap_err();
    assert!(matches!(error, WriteError::File(_)), "{error}");
    let error = publish_to(&folder, "content/a.md/site", "1.0", &[]).unwrap_err();
    assert!(error.to_string().ends_with("not a directory"), "{error}");
    publish_to(&folder, "empty", "1.0", &[("index.html", "")]).unwrap();
    assert_eq!(names(folder.path()), ["project"]);
}

#[cfg(unix)]
#[test]
fn a_link_leads_to_the_folder_that_is_replaced() {
    let folder = project();
    let root = folder.path().join("project");
    fs::create_dir(folder.path().join("www")).unwrap();
    std::os::unix::fs::symlink("../www", root.join("site")).unwrap();
    std::os::unix::fs::symlink("content", root.join("public")).unwrap();
    publish_to(&folder, "site", "1.0", &[("index.html", "")]).unwrap();
    assert!(folder.path().join("www/1.0/index.html").exists() && root.join("site").is_symlink());
    let error = publish_to(&folder, "public", "1.0", &[]).unwrap_err();
    assert!(matches!(error, WriteError::Sources(_)), "{error}");
    let inside = folder.path().join("www/1.0/index.html");
    fs::remove_file(&inside).unwrap();
    std::os::unix::fs::symlink(root.join("content/a.md"), inside).unwrap();
    let error = publish_to(&folder, "site", "1.0", &[("index.html", "")]).unwrap_err();
    assert!(error.to_string().ends_with("did not write: `1.0/index.html`"), "{error}");
}

#[test]
fn what_a_dead_build_left_is_cleaned_up() {
    let folder = project();
    let root = folder.path().join("project");
    let page = [("index.html", "1")];
    publish_to(&folder, "site", "1.0", &page).unwrap();
    // It died while it prepared: a marker, and some of the files.
    let next = root.join(".site.handover/next");
    fs::create_dir_all(next.join("1.0/a")).unwrap();
    fs::copy(root.join("site").join(SITE_MARKER), next.join(SITE_MARKER)).unwrap();
    fs::write(next.join("1.0/index.html"), "hal").unwrap();
    fs::remove_dir(next.join("1.0/a")).unwrap();
    publish_to(&folder, "site", "1.0", &page).unwrap();
    assert_eq!(names(&root), ["content", "site"]);
    // It died between taking the old site away and putting the new one there.
    fs::create_dir(root.join(".site.handover")).unwrap();
    fs::rename(root.join("site"), root.join(".site.handover/old")).unwrap();
    assert_eq!(publish_to(&folder, "site", "1.0", &page).unwrap().written, 0);
    assert_eq!(names(&root), ["content", "site"]);
}

#[test]
fn a_second_build_waits_for_the_first() {
    let folder = project();
    let site = folder.path().join("project/site");
    let waited = Cell::new(false);
    std::thread::scope(|scope| {
        let first = Workshop::open(&site, &|| {}).unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        let release = scope.spawn(move || {
            told.recv().unwrap();
            drop(first);
        });
        let waiting = || {
            waited.set(true);
            tell.send(()).unwrap();
        };
        let second = Workshop::open(&site, &waiting).unwrap();
        release.join().unwrap();
        assert!(
            second.next().parent().unwrap().join("lock").exists(),
            "its own lock, not the first one's"
        );
    });
    assert!(waited.get());
    assert_eq!(names(&folder.path().join("project")), ["content"]);
}

#[test]
fn a_site_is_cleaned_away() {
    let folder = project();
    let root = folder.path().join("project");
    let sources = Sources { root: &root, content: "content" };
    assert!(!clean(sources, &root.join("site"), &QUIET).unwrap());
    publish_to(&folder, "site", "1.0", &[("index.html", "")]).unwrap();
    assert!(clean(sources, &root.join("site"), &QUIET).unwrap());
    assert_eq!(names(&root), ["content"]);
    fs::create_dir(root.join("empty")).unwrap();
    assert!(!clean(sources, &root.join("empty"), &QUIET).unwrap(), "an empty folder is somebody's");
    assert_eq!(names(&root), ["content", "empty"]);
}

#[cfg(unix)]
#[test]
fn a_workshop_that_somebody_made_leads_nowhere() {
    use std::os::unix::fs::symlink;
    let folder = project();
    let root = folder.path().join("project");
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/thesis"), "mine").unwrap();
    let next = root.join(".site.handover/next");
    fs::create_dir_all(&next).unwrap();
    symlink(folder.path().join("mine"), next.join("1.0")).unwrap();
    let claim = [("1.0/thesis".to_owned(), crate::source::sha256(b"mine"))];
    fs::write(next.join(SITE_MARKER), marker::text(&claim.into())).unwrap();
    let error = publish_to(&folder, "site", "1.0", &[("index.html", "")]).unwrap_err();
    assert!(error.to_string().ends_with("file exists"), "{error}");
    assert_eq!(names(&folder.path().join("mine")), ["thesis"]);

    fs::remove_dir_all(root.join(".site.handover")).unwrap();
    symlink(folder.path().join("mine"), root.join(".site.handover")).unwrap();
    let error = publish_to(&folder, "site", "1.0", &[("index.html", "")]).unwrap_err();
    assert!(error.to_string().ends_with("not a directory"), "{error}");
    assert_eq!(names(&folder.path().join("mine")), ["thesis"]);
}

#[test]
fn a_published_release_does_not_change() {
    let folder = project();
    let site = folder.path().join("project/site");
    publish_to(&folder, "site", "1.0", &[("index.html", "not yet")]).unwrap();
    let pages = [("index.html", "1"), ("a/b.html", "b")];
    release_to(&folder, &pages).unwrap();
    assert_eq!(release_to(&folder, &pages).unwrap().written, 0);
    let before = files(&site);
    let error = release_to(&folder, &[("index.html", "2"), ("c.html", "c")]).unwrap_err();
    assert!(error.to_string().ends_with("`a/b.html`, `c.html`, `index.html`"), "{error}");
    assert!(error.help().unwrap().contains("1.0"));
    // Nor does it by a build that takes the version for its own.
    assert!(publish_to(&folder, "site", "1.0", &[("index.html", "2")]).is_err());
    assert_eq!(files(&site), before);

    fs::write(site.join("1.0/index.html"), "!").unwrap();
    fs::remove_file(site.join("1.0/a/b.html")).unwrap();
    let error = release_to(&folder, &pages).unwrap_err();
    assert!(error.to_string().ends_with("`a/b.html`, `index.html`"), "{error}");
    fs::remove_dir_all(site.join("1.0")).unwrap();
    release_to(&folder, &pages).unwrap();
    assert_eq!(files(&site), before);
}
