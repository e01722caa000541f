//! Small projects for tests: several files in one string, each after a `-- path --` line.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::emit::{Format, emit};
use crate::link::{NavItem, Portal};
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

/// Returns the project of a fixture. A plan without `[handover]` is an extract: the rest of a small plan is put after it.
pub(crate) fn tree(fixture: &str) -> Tree {
    Tree::new(completed(fixture))
}

/// Returns the project of a fixture with random edits in one of its files.
pub(crate) fn edited_tree(fixture: &str, random: &mut Random) -> Tree {
    let mut files = completed(fixture);
    let at = random.below(files.len());
    if let Some(bytes) = files.values_mut().nth(at) {
        *bytes = random.edited(&String::from_utf8_lossy(bytes)).into_bytes();
    }
    Tree::new(files)
}

fn completed(fixture: &str) -> BTreeMap<SourcePath, Vec<u8>> {
    let mut files = files(fixture);
    if let Some(plan) = files.get_mut("content/plan.toml") {
        complete(plan);
    }
    files
}

/// The rest of a small plan: a table is left out where the extract has one of that name.
const PLAN: &[&str] = &[
    "[handover]\nid = \"lead-gen\"\ntitle = \"Handover of Lead Gen\"\nservice = \"Lead Gen\"\nversion = \"1.0\"\n",
    "[calendar]\nstart = 2026-11-30\nbusiness-days = 15\n",
    "[[team]]\nid = \"relinquishing\"\nside = \"relinquishing\"\nname = \"Platform team\"\n
     [[team]]\nid = \"receiving\"\nside = \"receiving\"\nname = \"Operations team\"\n",
    "[[person]]\nid = \"marta\"\nname = \"Marta Lindqvist\"\nrole = \"Platform Architect\"\nteam = \"relinquishing\"\nlead = true\n
     [[person]]\nid = \"beatriz\"\nname = \"Beatriz Nogueira\"\nrole = \"DevOps Engineer\"\nteam = \"receiving\"\nlead = true\n",
    "[[milestone]]\nid = \"official-handover\"\ntitle = \"Official Handover\"\nday = 15\nactivities = \"Sign-off.\"\ngate = true\n",
];

fn complete(plan: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(plan).into_owned();
    let has = |header: &str| text.lines().any(|line| line.trim() == header);
    if has("[handover]") {
        return;
    }
    for table in PLAN {
        let header = table.lines().next().unwrap_or_default();
        if !has(header) {
            plan.push(b'\n');
            plan.extend_from_slice(table.as_bytes());
        }
    }
}

pub(crate) fn judged(fixture: &str) -> Judged {
    crate::judge(&tree(fixture), &options())
}

pub(crate) fn portal(fixture: &str) -> Portal {
    judged(fixture).portal
}

/// Returns the navigation of a fixture, a line each, with the documents.
pub(crate) fn nav(fixture: &str) -> String {
    fn show(items: &[NavItem], depth: usize, out: &mut String) {
        for item in items {
            let path = item.document.as_ref().map_or("-", |path| path.as_str());
            *out += &format!("{}{} {path}\n", "  ".repeat(depth), item.title);
            show(&item.nested, depth + 1, out);
        }
    }
    let mut out = String::new();
    for section in &portal(fixture).nav.sections {
        out += &format!("[{}]\n", section.title.as_deref().unwrap_or_default());
        show(&section.items, 1, &mut out);
    }
    out
}

/// Returns what `check` reports of a fixture, in the short format. See [`diagnostics`].
pub(crate) fn check(fixture: &str) -> String {
    emit(Format::Short, &diagnostics(fixture), false, 100)
}

/// Returns what `check` reports of a fixture on [`today`], as the clock says it.
///
/// A review with `digest = "v1:…"` is one of the document as it is.
pub(crate) fn diagnostics(fixture: &str) -> Vec<Diagnostic> {
    let options = Options { fallback_from_clock: true, ..options() };
    let judged = crate::judge(&tree(fixture), &options);
    let mut signed = String::new();
    let mut digest = "";
    for line in fixture.split_inclusive('\n') {
        let document =
            line.trim().strip_prefix("document = \"").and_then(|id| id.strip_suffix('"'));
        let assessed = document.and_then(|id| judged.assessment.documents.get(id));
        digest = assessed.map_or(digest, |assessed| &assessed.digest);
        signed.push_str(&line.replace("v1:…", digest));
    }
    crate::judge(&tree(&signed), &options).diagnostics
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

/// Returns the text after one to four edits: a byte flipped, a line cut, two lines or two values swapped.
pub(crate) fn edited(text: &str, seed: u64) -> String {
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % limit.max(1) as u64) as usize
    };
    let mut text = text.to_owned();
    for _ in 0..=below(4) {
        let mut lines: Vec<&str> = text.split('\n').collect();
        let (one, two) = (below(lines.len()), below(lines.len()));
        match below(5) {
            0 => {
                let mut bytes = text.clone().into_bytes();
                let at = below(bytes.len());
                bytes[at] ^= 1 << below(8);
                text = String::from_utf8_lossy(&bytes).into_owned();
                continue;
            }
            1 => {
                lines.remove(one);
            }
            2 => lines.swap(one, two),
            3 => lines[one] = lines[two],
            _ => {
                let value = |line: &str| line.split_once('=').map(|(_, value)| value.to_owned());
                if let (Some((key, _)), Some(value)) =
                    (lines[one].split_once('='), value(lines[two]))
                {
                    let line = format!("{key}={value}");
                    lines[one] = &line;
                    text = lines.join("\n");
                    continue;
                }
            }
        }
        text = lines.join("\n");
    }
    text
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
