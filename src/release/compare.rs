//! A release and the project as it is → what is no longer as it was released: which document, which line.

use std::collections::BTreeMap;

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::assess::{Assessment, Status};
use crate::link::Portal;
use crate::parse::release::{Entry, ReleaseFacts};
use crate::release::{self, Manifest};
use crate::source::{SourcePath, Tree};

/// An entry of the manifest that is not as it was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    pub entry: String,
    pub change: Change,
    /// What of it, as phrases: lines as `content/plan.toml:14:1: …`, verdicts then and now.
    pub what: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    New,
    Missing,
    Changed,
}

/// A project to be held against a release, judged for the day of the release.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    pub tree: &'a Tree,
    pub portal: &'a Portal,
    pub assessment: &'a Assessment,
    pub manifest: &'a Manifest,
}

/// So many lines of a file are named.
const LINES: usize = 10;

/// Returns what differs, in byte order of the entries. `then` is the tree of the release's commit, where it is at hand: it
/// tells which lines changed.
pub fn compare(release: &ReleaseFacts, now: Now<'_>, then: Option<&Tree>) -> Vec<Mismatch> {
    let mismatches = entries(&release.manifest(), &now.manifest.entries);
    let told = mismatches.into_iter().map(|mut mismatch| {
        mismatch.what = what(release, now, then, &mismatch.entry);
        mismatch
    });
    told.collect()
}

/// Returns the entries that two manifests do not have in common, in byte order.
pub fn entries(then: &[Entry], now: &[Entry]) -> Vec<Mismatch> {
    let mut digests: BTreeMap<&str, (Option<&str>, Option<&str>)> = BTreeMap::new();
    for entry in then {
        digests.entry(&entry.name).or_default().0 = Some(&entry.digest);
    }
    for entry in now {
        digests.entry(&entry.name).or_default().1 = Some(&entry.digest);
    }
    let differing = digests.into_iter().filter(|(_, (then, now))| then != now);
    let mismatch = |(entry, digests): (&str, _)| Mismatch {
        entry: entry.to_owned(),
        change: match digests {
            (None, _) => Change::New,
            (_, None) => Change::Missing,
            (Some(_), Some(_)) => Change::Changed,
        },
        what: Vec::new(),
    };
    differing.map(mismatch).collect()
}

fn what(release: &ReleaseFacts, now: Now<'_>, then: Option<&Tree>, entry: &str) -> Vec<String> {
    let content = &now.portal.config.book.src.value;
    let lines = |path: &str| {
        let path = SourcePath::new(path.trim_start_matches('/'));
        path.map(|path| lines(then, now.tree, &path)).unwrap_or_default()
    };
    if let Some(id) = entry.strip_prefix("document/") {
        let mut what = document(release, now.assessment, id);
        let path = now.assessment.documents.get(id).and_then(|now| now.path.as_ref());
        what.extend(path.map(|path| lines(path.as_str())).unwrap_or_default());
        return what;
    }
    if let Some(id) = entry.strip_prefix("criterion/") {
        return criterion(release, now.assessment, id);
    }
    match (entry, entry.strip_prefix("records/")) {
        ("plan", _) => lines(&format!("{content}/plan.toml")),
        ("readiness", _) => {
            let met = |ready, met, total| {
                format!("{}ready, {met} of {total} met", if ready { "" } else { "not " })
            };
            let is = &now.assessment.readiness;
            vec![changed(
                &met(release.ready, release.met, release.total),
                &met(is.ready, is.met, is.total),
            )]
        }
        ("judged-for", _) => {
            vec![changed(&release.date.to_string(), &now.assessment.today.to_string())]
        }
        (_, Some(file)) => lines(&format!("{content}/records/{file}")),
        _ => Vec::new(),
    }
}

/// Says what was and what is. Where the release says what is true and its entry another thing, the release was edited.
fn changed(then: &str, now: &str) -> String {
    if then == now {
        return format!("the release says `{then}`, and its entry was made from something else");
    }
    format!("was `{then}`, is `{now}`")
}

/// Says what is true of a document now, and was not.
fn document(release: &ReleaseFacts, assessment: &Assessment, id: &str) -> Vec<String> {
    let then = release.documents.iter().find(|document| document.id.value == id);
    let (Some(then), Some(now)) = (then, assessment.documents.get(id)) else { return Vec::new() };
    let mut what = Vec::new();
    let path = now.path.as_ref().map(SourcePath::as_str);
    match (then.path.as_deref(), path) {
        (Some(then), Some(now)) if then != now => {
            what.push(format!("moved from `{then}` to `{now}`"));
        }
        (Some(then), None) => what.push(format!("`{then}` is missing")),
        (None, Some(now)) => what.push(format!("`{now}` was missing")),
        _ => {}
    }
    if then.digest.is_some() && path.is_some() && then.digest.as_deref() != Some(&*now.digest) {
        what.push("its text is another, or an include, an image or the metadata".into());
    }
    let status = release::name(&now.status);
    if then.status != status {
        let reasons = now.reasons.join("; ");
        let why = if reasons.is_empty() || now.status == Status::Approved {
            String::new()
        } else {
            format!(": {reasons}")
        };
        what.push(format!("{}{why}", changed(&then.status, &status)));
    }
    what
}

fn criterion(release: &ReleaseFacts, assessment: &Assessment, id: &str) -> Vec<String> {
    let then = release.criteria.iter().find(|criterion| criterion.id.value == id);
    let now = assessment.criteria.iter().find(|criterion| criterion.id == id);
    let (Some(then), Some(now)) = (then, now) else { return Vec::new() };
    let mut what = Vec::new();
    if then.statement != now.statement {
        what.push(changed(&then.statement, &now.statement));
    }
    let verdict = release::name(&now.verdict);
    if then.verdict != verdict {
        what.push(format!("{}: {}", changed(&then.verdict, &verdict), now.actual));
    }
    what
}

/// Names the lines of a file that differ, by their numbers now.
fn lines(then: Option<&Tree>, now: &Tree, path: &SourcePath) -> Vec<String> {
    let text = |tree: &Tree| {
        let source = tree.source(path).ok().flatten();
        source.map(|source| source.text.replace("\r\n", "\n").replace('\r', "\n"))
    };
    let Some((then, now)) = then.and_then(text).zip(text(now)) else { return Vec::new() };
    let [then, now]: [Vec<&str>; 2] = [then.lines().collect(), now.lines().collect()];
    let mut found = Vec::new();
    for change in capture_diff_slices(Algorithm::Myers, &then, &now) {
        let (tag, old, new) = change.as_tag_tuple();
        if tag == DiffTag::Equal {
            continue;
        }
        let number = new.start + 1;
        found.extend(
            then[old].iter().map(|line| format!("{path}:{number}:1: was: `{}`", line.trim())),
        );
        let lines = now[new].iter().zip(number..);
        found.extend(
            lines.map(|(line, number)| format!("{path}:{number}:1: is: `{}`", line.trim())),
        );
    }
    let more = found.len().saturating_sub(LINES);
    if more > 0 {
        found.truncate(LINES);
        found.push(format!("{path}: and {more} more"));
    }
    found
}
