//! Random edits of the example: each gives a clear diagnostic or a correct build, and never a panic. What is remembered of
//! the last look changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use clap::ValueEnum as _;
use handover::diagnostic::Diagnostic;
use handover::diagnostic::emit::{Format, emit};
use handover::history::NoPast;
use handover::source::{self, FileKind, Listing, SourcePath, Suspects, Tree};
use handover::{Build, Judged, Memory, Options, UNOBSERVED};
use rayon::prelude::*;
use walkdir::WalkDir;

type Files = BTreeMap<SourcePath, Vec<u8>>;

#[test]
fn random_edits_of_the_example_are_reported_or_built() {
    let example = example();
    assert!(build(&example).output.is_some(), "the example builds");
    let example = shortened(example);
    let paths: Vec<&SourcePath> = example.keys().filter(|path| is_edited(path)).collect();
    (0..300_u64).into_par_iter().for_each(|seed| {
        let mut random = Random::new(seed);
        let mut files = example.clone();
        // The plan and the records are edited in two of three cases.
        let path = match random.below(3) {
            0 => paths[random.below(paths.len())].clone(),
            _ => {
                let evidence: Vec<_> =
                    paths.iter().filter(|path| path.as_str().ends_with(".toml")).collect();
                (*evidence[random.below(evidence.len())]).clone()
            }
        };
        let text = files.get_mut(&path).unwrap();
        for _ in 0..=random.below(3) {
            random.edit(text);
        }
        look_at(&build(&files), &format!("seed {seed}, {path}"));
    });
}

#[test]
fn what_is_remembered_of_the_last_look_changes_no_finding() {
    let example = shortened(example());
    let disk = Arc::new(Mutex::new(example.clone()));
    let mut tree = Tree::new(Disk(Arc::clone(&disk)));
    let mut memory = Memory::default();
    let mut random = Random::new(7);
    let paths: Vec<&SourcePath> = example.keys().collect();
    let mut most = 0;
    let documents: Vec<&SourcePath> =
        paths.iter().copied().filter(|path| path.extension() == "md").collect();
    for number in 0..100 {
        let path = match random.below(3) {
            0 => paths[random.below(paths.len())],
            _ => documents[random.below(documents.len())],
        };
        let mut files = disk.lock().unwrap().clone();
        // Whatever was done to a file, every fourth time it becomes what it was, so that not all is broken in the end.
        match random.below(8) {
            0 => drop(files.remove(path)),
            1 | 2 => drop(files.insert(path.clone(), example[path].clone())),
            _ => random.edit(files.entry(path.clone()).or_default()),
        }
        disk.lock().unwrap().clone_from(&files);
        tree.refresh(true, &Suspects::All);
        let past = NoPast::outside();
        let again = handover::judge_again(&tree, &past, &options(), UNOBSERVED, &mut memory);
        let anew = handover::judge(&Tree::new(files), &options());
        let case = format!("edit {number}, {path}");
        assert_eq!(said(&again), said(&anew), "{case}");
        assert_eq!(again.manifest, anew.manifest, "{case}");
        most = most.max(again.diagnostics.len());
    }
    assert!(most > 20, "edits break something");
}

fn said(judged: &Judged) -> String {
    emit(Format::Json, &judged.diagnostics, false, 80)
}

/// Files that are edited while a tree reads them.
struct Disk(Arc<Mutex<Files>>);

impl source::Files for Disk {
    fn list(&self, folder: &str) -> Listing {
        self.0.lock().unwrap().list(folder)
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        self.0.lock().unwrap().read(path)
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        self.0.lock().unwrap().kind(path)
    }
}

/// What is edited: the plan, the records, the order of the documents, and a few of them.
fn is_edited(path: &SourcePath) -> bool {
    matches!(path.extension(), "toml") || EDITED.contains(&path.name())
}

const EDITED: &[&str] = &["SUMMARY.md", "queue-backlog.md", "daily-checks.md", "escalation.md"];

/// Returns the example with nothing but the beginning of the documents that are not edited: so many builds take their time.
fn shortened(mut example: Files) -> Files {
    for (path, bytes) in &mut example {
        if path.extension() == "md" && !is_edited(path) {
            let text = std::str::from_utf8(bytes).unwrap();
            let end = text.find("\n## ").unwrap_or(text.len());
            bytes.truncate(end);
        }
    }
    example
}

/// Asserts what holds of every build, whatever the project says.
fn look_at(build: &Build, case: &str) {
    let diagnostics = &build.judged.diagnostics;
    for found in diagnostics {
        place(found, case);
        for format in Format::value_variants() {
            let text = emit(*format, std::slice::from_ref(found), false, 80);
            assert!(text.contains(found.code.id), "{case}: {text}");
        }
    }
    let stopped = diagnostics.iter().any(|found| found.code.fatal);
    assert_eq!(build.output.is_none(), stopped, "{case}: a build is stopped by what it reports");
    if let Some(output) = &build.output {
        let page = output.get("index.html").unwrap_or_else(|| panic!("{case}: no home page"));
        assert!(page.ends_with(b"</html>\n") || page.ends_with(b"</html>"), "{case}");
    }
}

fn place(found: &Diagnostic, case: &str) {
    let text = &found.source.text;
    let (start, end) = (found.span.start, found.span.end);
    assert!(start <= end && end <= text.len(), "{case}: {found:?}");
    assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{case}: {found:?}");
    let (line, column) = found.source.position(start);
    assert!(line >= 1 && column >= 1, "{case}");
    assert!(
        !found.message.is_empty() && !found.message.ends_with('.'),
        "{case}: {}",
        found.message
    );
}

fn build(files: &Files) -> Build {
    handover::build(&Tree::new(files.clone()), &options())
}

fn options() -> Options {
    let day = NaiveDate::from_ymd_opt(2026, 12, 18).unwrap();
    Options { today: None, fallback: day, fallback_from_clock: false, strict: false }
}

/// Returns the example of this repository: its `book.toml` and its content.
fn example() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let content = WalkDir::new(root.join("content")).sort_by_file_name();
    let paths = content.into_iter().map(Result::unwrap).map(|entry| entry.into_path());
    let mut files = Files::new();
    for path in paths.filter(|path| path.is_file()).chain([root.join("book.toml")]) {
        let below = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        files.insert(SourcePath::new(&below).unwrap(), fs::read(&path).unwrap());
    }
    files
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Returns a number below `end`, 0 where that is 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end.max(1)
    }

    /// Flips a bit, cuts a line or the end of one, swaps two lines, or swaps what stands after `=` in two lines.
    fn edit(&mut self, text: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> =
            text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        if lines.is_empty() {
            return;
        }
        let (at, other) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(6) {
            0 => drop(lines.remove(at)),
            1 => lines.swap(at, other),
            2 => {
                let end = self.below(lines[at].len());
                lines[at].truncate(end);
            }
            3 => swap_values(&mut lines, at, other),
            4 => {
                let line = lines[at].clone();
                lines.insert(other, line);
            }
            _ => {
                let byte = self.below(lines[at].len());
                let bit = self.below(8);
                if let Some(byte) = lines[at].get_mut(byte) {
                    *byte ^= 1 << bit;
                }
            }
        }
        *text = lines.concat();
    }
}

fn swap_values(lines: &mut [Vec<u8>], at: usize, other: usize) {
    let value = |line: &[u8]| line.iter().position(|byte| matches!(byte, b'=' | b':'));
    let (Some(from), Some(to)) = (value(&lines[at]), value(&lines[other])) else { return };
    let (one, two) = (lines[at].split_off(from), lines[other].split_off(to));
    if at == other {
        lines[at].extend(one);
        return;
    }
    lines[at].extend(two);
    lines[other].extend(one);
}
