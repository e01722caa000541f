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

/// Random edits that are the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// Returns a number below `end`, 0 where that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// Returns the text with one to four edits: bytes flipped, lines cut, doubled or swapped, signs put in.
    pub(crate) fn edited(&mut self, text: &str) -> String {
        let mut lines: Vec<Vec<u8>> =
            text.split_inclusive('\n').map(|line| line.as_bytes().to_vec()).collect();
        for _ in 0..=self.below(4) {
            if lines.is_empty() {
                lines.push(Vec::new());
            }
            let (at, other) = (self.below(lines.len()), self.below(lines.len()));
            match self.below(6) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(other, lines[at].clone()),
                2 => lines.swap(at, other),
                3 => {
                    let cut = self.below(lines[at].len());
                    lines[at].truncate(cut);
                }
                4 if !lines[at].is_empty() => {
                    let byte = self.below(lines[at].len());
                    lines[at][byte] ^= 1 << self.below(8);
                }
                _ => {
                    let byte = self.below(lines[at].len());
                    let signs = SIGNS[self.below(SIGNS.len())];
                    lines[at].splice(byte..byte, signs.bytes());
                }
            }
        }
        String::from_utf8_lossy(&lines.concat()).into_owned()
    }
}

const SIGNS: &[&str] = &[
    "[",
    "](",
    "<a href='",
    "{{#include ",
    "}}",
    "`",
    "```\n",
    "---\n",
    "+++\n",
    "\"",
    ": ",
    "&#",
    "é",
    "日",
    "\u{301}",
    "\0",
    "\r\n",
    "\t",
    "    ",
    "> ",
    "- ",
    "# ",
    "{#",
    "|",
    "$$",
    "<!--",
    "%zz",
    "\\",
];

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
