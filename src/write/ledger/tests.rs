//! Records on a real disk: what is kept, what is refused, and who waits.

use std::sync::Mutex;

use super::*;

fn event(note: &str) -> Event {
    let keys = vec![("note".into(), toml::Value::from(note))];
    Event { table: "work".into(), keys }
}

fn path(path: &str) -> SourcePath {
    SourcePath::new(path).unwrap()
}

fn add(root: &Path, name: &str) -> Result<Vec<usize>, LedgerError> {
    append(root, &path(name), &[event("a")], &|| {})
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_file_and_its_folders_come_into_being() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(add(root.path(), "content/records/work.toml").unwrap(), [1]);
    assert_eq!(add(root.path(), "content/records/work.toml").unwrap(), [4]);
    assert_eq!(names(&root.path().join("content/records")), ["work.toml"]);
}

#[test]
fn a_file_that_cannot_take_a_record_is_as_it_was() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("r.toml");
    for (bytes, said) in [
        (&b"# a\n[[work]]\nx = = 1\n"[..], "cannot add to `r.toml:3:5`: not valid TOML: "),
        (b"work = []\n", "cannot add to `r.toml`: its `work` is not written as `[[work]]`"),
        (b"\xff", "cannot add to `r.toml`: it is not UTF-8"),
    ] {
        fs::write(&file, bytes).unwrap();
        let error = add(root.path(), "r.toml").unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
        assert_eq!(fs::read(&file).unwrap(), bytes);
        assert_eq!(names(root.path()), ["r.toml"]);
    }
    fs::create_dir(root.path().join("folder.toml")).unwrap();
    assert!(matches!(add(root.path(), "folder.toml"), Err(LedgerError::NotAFile(_))));
}

#[test]
#[cfg(unix)]
fn permissions_stay_and_are_kept_to() {
    use std::os::unix::fs::PermissionsExt as _;

    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("r.toml");
    fs::write(&file, "# a\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    add(root.path(), "r.toml").unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    fs::set_permissions(&file, Permissions::from_mode(0o440)).unwrap();
    assert!(matches!(add(root.path(), "r.toml"), Err(LedgerError::ReadOnly(_))));
}

#[test]
#[cfg(unix)]
fn a_link_is_followed_inside_the_project_alone() {
    use std::os::unix::fs::symlink;

    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = |name: &str| root.path().join(name);
    fs::create_dir(at("records")).unwrap();
    fs::write(at("work.toml"), "# work\n").unwrap();
    symlink("../work.toml", at("records/in.toml")).unwrap();
    add(root.path(), "records/in.toml").unwrap();
    assert!(at("records/in.toml").is_symlink());
    assert_eq!(fs::read_to_string(at("work.toml")).unwrap().lines().count(), 4);
    fs::write(outside.path().join("work.toml"), "").unwrap();
    symlink(outside.path().join("work.toml"), at("records/out.toml")).unwrap();
    symlink(outside.path(), at("out")).unwrap();
    symlink("nowhere", at("records/nowhere.toml")).unwrap();
    symlink("nowhere", at("records/.draft.toml.handover")).unwrap();
    for name in ["records/out.toml", "out/new.toml"] {
        assert!(matches!(add(root.path(), name), Err(LedgerError::Outside(_))), "{name}");
    }
    assert!(matches!(add(root.path(), "records/nowhere.toml"), Err(LedgerError::NotAFile(_))));
    assert!(matches!(add(root.path(), "records/draft.toml"), Err(LedgerError::Io(_))));
    assert_eq!(names(outside.path()), ["work.toml"]);
    assert_eq!(fs::read_to_string(outside.path().join("work.toml")).unwrap(), "");
}

#[test]
fn what_a_dead_write_left_is_taken_over() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("r.toml"), "# a\n").unwrap();
    fs::write(root.path().join(".r.toml.handover"), "half of something that was very long")
        .unwrap();
    add(root.path(), "r.toml").unwrap();
    let text = fs::read_to_string(root.path().join("r.toml")).unwrap();
    assert!(text.starts_with("# a\n\n[[work]]") && !text.contains("half"), "{text}");
    assert_eq!(names(root.path()), ["r.toml"]);
}

#[test]
fn who_adds_at_once_waits() {
    let root = tempfile::tempdir().unwrap();
    let waited = Mutex::new(0);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (root, waited) = (root.path(), &waited);
            scope.spawn(move || {
                for number in 0..10 {
                    let event = event(&format!("{thread}-{number}"));
                    let waiting = || *waited.lock().unwrap() += 1;
                    append(root, &path("r.toml"), &[event], &waiting).unwrap();
                }
            });
        }
    });
    let text = fs::read_to_string(root.path().join("r.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let mut notes: Vec<&str> = table["work"]
        .as_array()
        .unwrap()
        .iter()
        .map(|work| work["note"].as_str().unwrap())
        .collect();
    notes.sort_unstable();
    notes.dedup();
    assert_eq!(notes.len(), 80);
    assert_eq!(names(root.path()), ["r.toml"]);
}
