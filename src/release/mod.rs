//! `Portal` + `Assessment` → `Manifest`: the one digest over all that a sign-off covers.
//!
//! # The recipe, `v1`
//!
//! Each entry is a name and the SHA-256 of a text, in 64 hexadecimal digits:
//!
//! | name | the text |
//! |---|---|
//! | `judged-for` | the day, `2026-12-18`, and a line feed |
//! | `plan` | `plan.toml`, every line end a line feed |
//! | `records/PATH` | that file of records, every line end a line feed |
//! | `document/ID` | three lines: the path (empty when it is missing), the digest (likewise), the status |
//! | `asset/PATH` | the bytes of an image or a download |
//! | `criterion/ID` | two lines: the statement, the verdict |
//! | `readiness` | four lines: `true` or `false`, how many criteria are met, waived, and asked for |
//!
//! Control characters and backslashes are escaped in names and statements (`\n`, `\\`, `\u{7f}`), so that one is one line.
//! No phrase of ours is in it, so that a later version of the program that says things better recomputes the same. The
//! digest of the manifest is the SHA-256 of the lines `DIGEST  NAME`, each with a line feed, in byte order of the names:
//! what `LC_ALL=C sort -k 2 | sha256sum` says of them.

pub mod changes;
pub mod compare;
pub mod frozen;
pub mod standing;
pub mod statement;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use crate::assess::{Assessment, DocumentAssessment, Readiness, Verdicts};
use crate::link::{DocumentId, Portal};
use crate::parse::release::Entry;
use crate::source::{Source, SourcePath, beside, sha256};

/// Every document, the plan, the records and the verdicts, each with its SHA-256, and one digest over all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// In byte order of the names.
    pub entries: Vec<Entry>,
    /// `v1:` and 64 hexadecimal digits: the SHA-256 of the lines `DIGEST  NAME\n` of all entries.
    pub digest: String,
}

/// The entries as they were last, and what they were of.
#[derive(Default)]
pub struct Memory {
    /// Of the plan and of the files of records.
    texts: BTreeMap<SourcePath, (Arc<Source>, Entry)>,
    verdicts: Arc<Verdicts>,
    documents: BTreeMap<DocumentId, Entry>,
}

/// Returns the manifest of what the portal says on the day of the assessment.
pub fn manifest(portal: &Portal, assessment: &Assessment) -> Manifest {
    manifest_again(portal, assessment, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn manifest_again(portal: &Portal, assessment: &Assessment, memory: &mut Memory) -> Manifest {
    let mut entries = verdict_entries(assessment.today, &assessment.readiness);
    let folder = format!("{}/records", portal.config.book.src.value);
    let plan = portal.plan.iter().map(|plan| ("plan".to_owned(), &plan.source));
    let records: BTreeMap<&SourcePath, &Arc<Source>> =
        portal.records.sources().map(|source| (&source.path, source)).collect();
    let records = records.into_iter().map(|(path, source)| {
        let path = path.below(&folder).unwrap_or(path.as_str());
        (format!("records/{path}"), source)
    });
    for (name, source) in plan.chain(records) {
        let known = memory.texts.get(&source.path);
        let known = known.filter(|(known, entry)| Arc::ptr_eq(known, source) && entry.name == name);
        let entry = match known {
            Some((_, entry)) => entry.clone(),
            None => entry(&name, line_feeds(source).as_bytes()),
        };
        memory.texts.insert(source.path.clone(), (Arc::clone(source), entry.clone()));
        entries.push(entry);
    }
    let is_known = |verdict: &Arc<_>, known: Option<&Arc<_>>| {
        known.is_some_and(|known| Arc::ptr_eq(known, verdict))
    };
    let unknown: Vec<&Arc<DocumentAssessment>> = beside(&assessment.documents, &memory.verdicts)
        .filter(|(_, verdict, known)| !is_known(verdict, *known))
        .map(|(_, verdict, _)| verdict)
        .collect();
    let found: Vec<_> =
        unknown.par_iter().map(|it| (it.id.clone(), document_entry_of(it))).collect();
    memory.documents.extend(found);
    if memory.documents.len() != assessment.documents.len() {
        memory.documents.retain(|id, _| assessment.documents.contains_key(id));
    }
    memory.verdicts = Arc::clone(&assessment.documents);
    entries.extend(memory.documents.values().cloned());
    entries.extend(portal.assets.values().map(|asset| Entry {
        name: escaped(&format!("asset/{}", asset.path)),
        digest: asset.digest.clone(),
    }));
    entries.extend(
        assessment
            .criteria
            .iter()
            .map(|it| criterion_entry(&it.id, &it.statement, &name(&it.verdict))),
    );
    entries.sort();
    let digest = digest(&lines(&entries));
    Manifest { entries, digest }
}

fn document_entry_of(document: &DocumentAssessment) -> Entry {
    let path = document.path.as_ref().map(SourcePath::as_str).unwrap_or_default();
    document_entry(&document.id, path, &document.digest, &name(&document.status))
}

/// Returns the manifest as `sha256sum` would write it: a line `DIGEST  NAME` each.
pub fn lines(entries: &[Entry]) -> String {
    let mut lines = String::new();
    for Entry { name, digest } in entries {
        lines.extend([digest, "  ", name, "\n"]);
    }
    lines
}

/// Returns the digest of the lines of a manifest.
pub fn digest(lines: &str) -> String {
    format!("v1:{}", sha256(lines.as_bytes()))
}

fn entry(name: &str, text: &[u8]) -> Entry {
    Entry { name: escaped(name), digest: sha256(text) }
}

/// Returns the entries of the day and of the verdict over all criteria.
fn verdict_entries(today: NaiveDate, readiness: &Readiness) -> Vec<Entry> {
    let Readiness { ready, met, waived, total } = readiness;
    vec![
        entry("judged-for", format!("{today}\n").as_bytes()),
        entry("readiness", format!("{ready}\n{met}\n{waived}\n{total}\n").as_bytes()),
    ]
}

fn document_entry(id: &str, path: &str, digest: &str, status: &str) -> Entry {
    entry(&format!("document/{id}"), format!("{path}\n{digest}\n{status}\n").as_bytes())
}

fn criterion_entry(id: &str, statement: &str, verdict: &str) -> Entry {
    let lines = format!("{}\n{verdict}\n", escaped(statement));
    entry(&format!("criterion/{id}"), lines.as_bytes())
}

fn line_feeds(source: &Source) -> String {
    source.text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Returns the name of a status or a verdict, as files have it.
fn name<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).expect("invariant: a name serializes");
    json.trim_matches('"').to_owned()
}

fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_control() || c == '\\' {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    const PROJECT: &str = r#"-- book.toml --
[book]
src = "content"
-- content/plan.toml --
[handover]
id = "lead-gen"
title = "Handover of Lead Gen"
service = "Lead Gen"
version = "1.0"
[[document]]
id = "failover"
[[criterion]]
id = "reviewed"
statement = "All is reviewed."
check = { type = "documents-reviewed" }
-- content/restore.md --
# Restore

![A diagram](map.png) and [a form](form.pdf).
-- content/records/decisions.toml --
[[decision]]
on = 2026-12-18
outcome = "postponed"
by = "ana"
reason = "Not yet."
-- content/map.png --
png
-- content/form.pdf --
pdf
"#;

    fn manifest_of(fixture: &str) -> Manifest {
        fixture::judged(fixture).manifest
    }

    #[test]
    fn everything_that_is_signed_has_a_line() {
        let manifest = manifest_of(PROJECT);
        let names: Vec<&str> = manifest.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "asset/content/form.pdf",
                "asset/content/map.png",
                "criterion/reviewed",
                "document/failover",
                "document/restore",
                "judged-for",
                "plan",
                "readiness",
                "records/decisions.toml",
            ]
        );
        let day = &manifest.entries[5];
        // echo 2026-12-18 | sha256sum
        assert_eq!(day.digest, sha256(b"2026-12-18\n"));
        assert!(crate::assess::digest::is_digest(&manifest.digest));
    }

    #[test]
    fn line_ends_are_no_change_and_everything_else_is() {
        let before = manifest_of(PROJECT).digest;
        let (texts, assets) = PROJECT.split_once("-- content/map.png").unwrap();
        let other_ends = format!("{}-- content/map.png{assets}", texts.replace('\n', "\r\n"));
        assert_eq!(manifest_of(&other_ends).digest, before);
        for (from, to) in [
            ("All is reviewed.", "All is reviewed!"),
            ("\npng\n", "\ngnp\n"),
            ("\npdf\n", "\nfdp\n"),
            ("# Restore", "# Restoring"),
            ("postponed", "no-go"),
            ("id = \"failover\"", "id = \"fail\""),
            ("content/restore.md", "content/moved.md"),
            ("src = \"content\"\n", "src = \"content\"\n[output.handover]\ntoday = 2026-12-19\n"),
        ] {
            assert!(PROJECT.contains(from));
            assert_ne!(manifest_of(&PROJECT.replace(from, to)).digest, before, "{from}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(escaped("document/a\nb\\c"), "document/a\\nb\\\\c");
        assert_eq!(escaped("document/größe ✓"), "document/größe ✓");
    }
}
