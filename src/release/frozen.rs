//! What is true today → the facts of a release → the text of its file; and what in such a file does not hold together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Write as _};

use crate::assess::roster::Roster;
use crate::assess::{Assessment, CriterionAssessment, DocumentAssessment, Readiness};
use crate::link::Portal;
use crate::parse::release::{
    Entry, Release, ReleaseFacts, ReleasedCriterion, ReleasedDocument, ReleasedSignatory,
};
use crate::parse::toml::{Date, quoted};
use crate::release::{self, Manifest};
use crate::source::{SourcePath, Spanned, sha256};

/// How a version is frozen, beside what is true of it.
#[derive(Clone, Copy, Debug)]
pub struct Freeze<'a> {
    pub version: &'a str,
    /// The id of the commit that all of it was read from; `None` outside git.
    pub commit: Option<&'a str>,
    pub draft: bool,
}

const REMARK: &str = "\
# Frozen by `handover release`, and never edited: signatures and published pages hang on these bytes.
# `entries` is the manifest; `digest` is what `sha256sum` says of its lines.

";

/// Returns what a release says of a portal as it is judged.
pub fn facts(
    portal: &Portal,
    assessment: &Assessment,
    manifest: &Manifest,
    freeze: &Freeze<'_>,
) -> ReleaseFacts {
    let plan = portal.plan.as_ref();
    let readiness = &assessment.readiness;
    let roster = Roster::new(plan);
    let signatories = plan.iter().flat_map(|plan| &plan.signatories);
    let signatories = signatories.map(|signatory| ReleasedSignatory {
        person: signatory.person.value.clone(),
        name: roster.name(&signatory.person).to_owned(),
        capacity: signatory.capacity.clone(),
        statement: signatory.statement.clone(),
    });
    ReleaseFacts {
        version: unplaced(freeze.version),
        handover: plan.map(|plan| plan.handover.id.value.clone()).unwrap_or_default(),
        title: plan.map_or(portal.title(), |plan| &plan.handover.title).to_owned(),
        commit: freeze.commit.map(unplaced),
        date: Date(assessment.today),
        draft: freeze.draft,
        ready: readiness.ready,
        met: readiness.met,
        waived: readiness.waived,
        total: readiness.total,
        digest: unplaced(&manifest.digest),
        entries: unplaced(&release::lines(&manifest.entries)),
        documents: assessment.documents.values().map(|it| document(portal, it)).collect(),
        criteria: assessment.criteria.iter().map(criterion).collect(),
        signatories: signatories.collect(),
    }
}

fn unplaced(text: &str) -> Spanned<String> {
    Spanned { value: text.to_owned(), ..Spanned::default() }
}

fn document(portal: &Portal, assessed: &DocumentAssessment) -> ReleasedDocument {
    let title = portal.document(&assessed.id).map(|document| document.title.as_str());
    let required = portal.plan.iter().flat_map(|plan| &plan.documents);
    let mut required = required.filter(|required| required.id.value == assessed.id);
    let title = title.or_else(|| required.next()?.title.as_deref()).unwrap_or(&assessed.id);
    ReleasedDocument {
        id: unplaced(&assessed.id),
        title: title.to_owned(),
        path: assessed.path.as_ref().map(|path| path.as_str().to_owned()),
        digest: Some(assessed.digest.clone()).filter(|digest| !digest.is_empty()),
        status: release::name(&assessed.status),
    }
}

fn criterion(criterion: &CriterionAssessment) -> ReleasedCriterion {
    ReleasedCriterion {
        id: unplaced(&criterion.id),
        statement: criterion.statement.clone(),
        verdict: release::name(&criterion.verdict),
        target: criterion.target.clone(),
        actual: criterion.actual.clone(),
        evidence: criterion.evidence.iter().map(|evidence| evidence.text.clone()).collect(),
        missing: criterion.missing.clone(),
    }
}

/// Returns the file of a release. Its first line seals the rest, so that no byte of it changes unnoticed.
pub fn text(facts: &ReleaseFacts) -> String {
    let rest = sealed(facts);
    format!("{SEAL}{}\n{rest}", sha256(rest.as_bytes()))
}

/// What the file begins with, up to the SHA-256 of all that stands below this line.
const SEAL: &str = "# SHA-256 of what is below this line: ";

fn sealed(facts: &ReleaseFacts) -> String {
    let mut text = REMARK.to_owned();
    pair(&mut text, "version", quoted(&facts.version));
    pair(&mut text, "handover", quoted(&facts.handover));
    pair(&mut text, "title", quoted(&facts.title));
    if let Some(commit) = &facts.commit {
        pair(&mut text, "commit", quoted(commit));
    }
    pair(&mut text, "date", facts.date);
    pair(&mut text, "draft", facts.draft);
    pair(&mut text, "ready", facts.ready);
    pair(&mut text, "met", facts.met);
    pair(&mut text, "waived", facts.waived);
    pair(&mut text, "total", facts.total);
    pair(&mut text, "digest", quoted(&facts.digest));
    pair(&mut text, "entries", block(&facts.entries));
    for document in &facts.documents {
        text.push_str("\n[[document]]\n");
        pair(&mut text, "id", quoted(&document.id));
        pair(&mut text, "title", quoted(&document.title));
        if let Some(path) = &document.path {
            pair(&mut text, "path", quoted(path));
        }
        if let Some(digest) = &document.digest {
            pair(&mut text, "digest", quoted(digest));
        }
        pair(&mut text, "status", quoted(&document.status));
    }
    for criterion in &facts.criteria {
        text.push_str("\n[[criterion]]\n");
        pair(&mut text, "id", quoted(&criterion.id));
        pair(&mut text, "statement", quoted(&criterion.statement));
        pair(&mut text, "verdict", quoted(&criterion.verdict));
        pair(&mut text, "target", quoted(&criterion.target));
        pair(&mut text, "actual", quoted(&criterion.actual));
        pair(&mut text, "evidence", list(&criterion.evidence));
        pair(&mut text, "missing", list(&criterion.missing));
    }
    for signatory in &facts.signatories {
        text.push_str("\n[[signatory]]\n");
        pair(&mut text, "person", quoted(&signatory.person));
        pair(&mut text, "name", quoted(&signatory.name));
        pair(&mut text, "capacity", quoted(&signatory.capacity));
        pair(&mut text, "statement", quoted(&signatory.statement));
    }
    text
}

fn pair(text: &mut String, key: &str, value: impl Display) {
    writeln!(text, "{key} = {value}").expect("invariant: writing to a string");
}

/// Returns lines as they are, between two marks; as a string on one line where they hold the mark.
fn block(lines: &str) -> String {
    if lines.contains("'''") { quoted(lines) } else { format!("'''\n{lines}'''") }
}

fn list(texts: &[String]) -> String {
    if texts.is_empty() {
        return "[]".into();
    }
    let lines: String = texts.iter().map(|text| format!("    {},\n", quoted(text))).collect();
    format!("[\n{lines}]")
}

/// Something in the file of a release that contradicts the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The first line does not seal the rest: some byte is another.
    Seal,
    /// Every byte is the one that was written, but for the line ends.
    LineEnds,
    /// The version is not that of the file's name, but this.
    Version(String),
    /// The digest is not that of the entries, which is this.
    Digest(String),
    /// A document, criterion or other fact is not what the entry of this name was made from.
    Entry(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seal => f.write_str("its first line does not seal the rest"),
            Self::LineEnds => f.write_str(
                "its line ends are not those it was written with; \
                 `content/releases/** -text` in `.gitattributes` keeps git from changing them",
            ),
            Self::Version(version) => write!(f, "it says that it is version `{version}`"),
            Self::Digest(digest) => write!(f, "the digest of its entries is {digest}"),
            Self::Entry(name) => {
                write!(f, "what it says of `{name}` is not what that entry was made from")
            }
        }
    }
}

/// Returns what in a release does not hold together: somebody edited it.
pub fn damage(release: &Release) -> Vec<Damage> {
    let mut damage = Vec::new();
    let facts = &release.facts;
    damage.extend(seal(&release.source.text));
    if facts.version.value != release.name() {
        damage.push(Damage::Version(facts.version.value.clone()));
    }
    let digest = release::digest(&facts.entries.replace("\r\n", "\n"));
    if digest != facts.digest.value {
        damage.push(Damage::Digest(digest));
    }
    let by_name = |entries: Vec<Entry>| -> BTreeMap<String, String> {
        entries.into_iter().map(|entry| (entry.name, entry.digest)).collect()
    };
    let (written, stated) = (by_name(facts.manifest()), by_name(entries(facts)));
    let of_facts = |name: &str| {
        ["document/", "criterion/"].iter().any(|kind| name.starts_with(kind))
            || ["judged-for", "readiness"].contains(&name)
    };
    let names = stated.keys().chain(written.keys().filter(|name| of_facts(name)));
    let wrong = names.filter(|name| stated.get(*name) != written.get(*name)).cloned();
    let wrong: BTreeSet<String> = wrong.collect();
    damage.extend(wrong.into_iter().map(Damage::Entry));
    damage
}

/// Signatures are over every byte: line ends that a checkout made its own are a change too, of another cause.
fn seal(text: &str) -> Option<Damage> {
    if is_sealed(text) {
        return None;
    }
    let mended = is_sealed(&text.replace("\r\n", "\n"));
    Some(if mended { Damage::LineEnds } else { Damage::Seal })
}

fn is_sealed(text: &str) -> bool {
    let line = text.strip_prefix(SEAL).and_then(|rest| rest.split_once('\n'));
    line.is_some_and(|(seal, rest)| seal == sha256(rest.as_bytes()))
}

/// Returns the entries of the manifest that the facts alone give.
fn entries(facts: &ReleaseFacts) -> Vec<Entry> {
    let readiness =
        Readiness { ready: facts.ready, met: facts.met, waived: facts.waived, total: facts.total };
    let mut entries = release::verdict_entries(facts.date.0, &readiness);
    entries.extend(facts.documents.iter().map(|document| {
        let path = document.path.as_deref().unwrap_or_default();
        let digest = document.digest.as_deref().unwrap_or_default();
        release::document_entry(&document.id, path, digest, &document.status)
    }));
    entries.extend(facts.criteria.iter().map(|criterion| {
        release::criterion_entry(&criterion.id, &criterion.statement, &criterion.verdict)
    }));
    entries
}

/// Returns what a release says of itself that what it was made from does not: nobody summed it, so only that can tell.
pub fn contradictions(stated: &ReleaseFacts, made: &ReleaseFacts) -> Vec<String> {
    let titles = |facts: &ReleaseFacts| -> BTreeMap<String, String> {
        let documents = facts.documents.iter();
        documents.map(|document| (document.id.value.clone(), document.title.clone())).collect()
    };
    let checks = [
        ("the id of the handover", stated.handover == made.handover),
        ("the title of the handover", stated.title == made.title),
        ("the titles of documents", titles(stated) == titles(made)),
        ("who signs what", stated.signatories == made.signatories),
        ("whether it is a draft", stated.draft || made.ready),
    ];
    checks.iter().filter(|(_, agree)| !agree).map(|(what, _)| (*what).to_owned()).collect()
}

/// Returns the path of a release's file, below the project's root.
pub fn path(content: &str, version: &str) -> Option<SourcePath> {
    SourcePath::new(format!("{content}/releases/{version}.toml").trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fixture;
    use crate::parse;
    use crate::source::Source;

    const PROJECT: &str = r#"-- content/plan.toml --
[[document]]
id = "failover"
title = "Failover \"now\""
[[criterion]]
id = "reviewed"
statement = "All is reviewed."
check = { type = "documents-reviewed" }
[[signatory]]
person = "marta"
capacity = "Lead"
statement = "I hand over."
-- content/restore.md --
# Restore
-- content/records/reviews.toml --
"#;

    fn frozen(fixture: &str) -> ReleaseFacts {
        let judged = fixture::judged(fixture);
        let freeze = Freeze { version: "1.0", commit: Some("abc"), draft: true };
        facts(&judged.portal, &judged.assessment, &judged.manifest, &freeze)
    }

    fn read(text: &str) -> Release {
        let path = path("content", "1.0").unwrap();
        let source = Arc::new(Source::new(path, text.to_owned()));
        parse::release::release(&source).0.unwrap()
    }

    #[test]
    fn what_is_written_is_read_and_holds_together() {
        let facts = frozen(PROJECT);
        assert_eq!(facts.documents[0].title, "Failover \"now\"");
        assert_eq!(facts.signatories[0].name, "Marta Lindqvist");
        let text = text(&facts);
        let release = read(&text);
        assert_eq!(release.facts, facts);
        assert_eq!(damage(&release), []);
        assert_eq!(damage(&read(&text.replace('\n', "\r\n"))), [Damage::LineEnds]);
        assert_eq!(damage(&read(&text.replacen('\n', "\r\n", 1))), [Damage::LineEnds]);
    }

    #[test]
    fn every_edit_of_a_fact_is_damage() {
        let whole = text(&frozen(PROJECT));
        for (from, to, found) in [
            ("All is reviewed.", "All is read.", "criterion/reviewed"),
            ("status = \"unreviewed\"", "status = \"approved\"", "document/restore"),
            ("content/restore.md", "content/other.md", "document/restore"),
            ("ready = false", "ready = true", "readiness"),
            ("date = 2026-12-18", "date = 2026-12-17", "judged-for"),
        ] {
            assert!(whole.contains(from), "{from}");
            let damage = damage(&read(&whole.replacen(from, to, 1)));
            assert_eq!(damage, [Damage::Seal, Damage::Entry(found.into())], "{from}");
        }
        let entry = whole.lines().find(|line| line.ends_with("  plan")).unwrap();
        let without = whole.replace(&format!("{entry}\n"), "");
        assert!(matches!(damage(&read(&without))[..], [Damage::Seal, Damage::Digest(_)]));
        for (from, to) in [("I hand over.", "I hand it over."), ("# Frozen", "# frozen")] {
            assert!(whole.contains(from), "{from}");
            assert_eq!(damage(&read(&whole.replace(from, to))), [Damage::Seal], "{from}");
        }
    }

    #[test]
    fn any_text_can_be_quoted() {
        let text = "a\"b\\c\nd\te\u{1}\u{7f}ü'''";
        let value: toml::Table = toml::from_str(&format!("x = {}", quoted(text))).unwrap();
        assert_eq!(value["x"].as_str(), Some(text));
        let value: toml::Table = toml::from_str(&format!("x = {}", block("a\nb\n"))).unwrap();
        assert_eq!(value["x"].as_str(), Some("a\nb\n"));
    }
}
