//! Small projects for tests: several files in one string, each after a `-- path --` line.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::diagnostic::emit::{Format, emit};
use crate::link::Portal;
use crate::source::{SourcePath, Tree};
use crate::{Judged, Options};

/// The day that fixtures are judged for where they do not say one: a Friday.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 18).unwrap()
}

/// Returns the options of a plain build on [`today`].
pub(crate) fn options() -> Options {
    Options { today: None, fallback: today(), fallback_from_clock: false, strict: false }
}

/// Returns the files of a fixture. A file ends where the next `-- path --` line begins.
pub(crate) fn files(fixture: &str) -> BTreeMap<SourcePath, Vec<u8>> {
    let mut files: BTreeMap<SourcePath, Vec<u8>> = BTreeMap::new();
    let mut current = None;
    for line in fixture.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        if let Some(name) = name {
            let path = SourcePath::new(name).expect("a path inside the project");
            files.insert(path.clone(), Vec::new());
            current = Some(path);
        } else if let Some(path) = &current {
            files.entry(path.clone()).or_default().extend_from_slice(line.as_bytes());
        } else {
            assert!(line.trim().is_empty(), "a fixture begins with a `-- path --` line: {line:?}");
        }
    }
    files
}

pub(crate) fn tree(fixture: &str) -> Tree {
    Tree::new(files(fixture))
}

pub(crate) fn judged(fixture: &str) -> Judged {
    crate::judge(&tree(fixture), &options())
}

pub(crate) fn portal(fixture: &str) -> Portal {
    judged(fixture).portal
}

/// Returns what `check` reports of a fixture, in the short format.
pub(crate) fn check(fixture: &str) -> String {
    emit(Format::Short, &judged(fixture).diagnostics, false, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_is_several_files() {
        let files = files("-- a.md --\none\n\n-- b/c.md --\ntwo");
        let texts: Vec<_> = files
            .iter()
            .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
            .collect();
        assert_eq!(texts, [("a.md", "one\n\n"), ("b/c.md", "two")]);
    }

    #[test]
    fn a_fixture_is_a_project() {
        let fixture = "-- src/a.md --\n# A\n";
        assert_eq!(check(fixture), "");
        assert_eq!(portal(fixture).documents.len(), 1);
    }
}
