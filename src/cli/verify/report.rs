//! What `verify` found, for people and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::assess::signatures::{SignatureAssessment, Validity};
use crate::cli::verify::Held;
use crate::cli::verify::origin::Origin;
use crate::diagnostic::emit::counted;
use crate::diagnostic::emit::visible::one_line;
use crate::parse::release::Release;
use crate::release::compare::Change;
use crate::release::frozen::Damage;
use crate::release::standing;

pub(super) struct Verification<'a> {
    pub(super) release: &'a Release,
    pub(super) damage: Vec<Damage>,
    /// What the commit says that the release names; `None` where it names none.
    pub(super) origin: Option<Result<Origin, String>>,
    pub(super) held: Held,
    pub(super) signatures: Vec<SignatureAssessment>,
}

impl Verification<'_> {
    /// Everything is as it was released, and no signature is invalid.
    pub(super) fn is_valid(&self) -> bool {
        let invalid = |one: &SignatureAssessment| matches!(one.validity, Validity::Invalid(_));
        let origin = self.origin.as_ref().and_then(|origin| origin.as_ref().ok());
        let is_its = origin.is_none_or(|origin| origin.differing.is_empty());
        self.damage.is_empty() && is_its && self.is_same() && !self.signatures.iter().any(invalid)
    }

    /// Returns the commit that the release names.
    fn commit(&self) -> Option<&str> {
        self.release.commit.as_ref().map(|commit| commit.value.as_str())
    }

    fn is_same(&self) -> bool {
        self.held.mismatches.is_empty() && self.held.files.is_empty()
    }

    pub(super) fn text(&self) -> String {
        let Self { release, held, .. } = self;
        let mut text = String::new();
        let mut line = |line: &str| {
            writeln!(text, "{}", one_line(line)).expect("invariant: writing to a string");
        };
        let draft = if release.draft { ", a draft" } else { "" };
        let commit = self.commit();
        let commit =
            commit.map(|commit| format!(", commit {}", commit.get(..10).unwrap_or(commit)));
        line(&format!(
            "release {} of {}{draft}{}, manifest {}",
            release.version,
            release.date,
            commit.unwrap_or_default(),
            release.digest.value
        ));
        match self.damage.as_slice() {
            [] => line(&format!("{}: holds together", release.source.path)),
            some => some.iter().for_each(|damage| {
                line(&format!("{}: damaged: {}", release.source.path, damage));
            }),
        }
        match &self.origin {
            Some(Ok(Origin { commit, differing })) => {
                let name = format!("commit {commit}");
                if !differing.is_empty() {
                    line(&format!(
                        "{name}: differs from the release in {}",
                        standing::listed(differing)
                    ));
                } else if name != held.against {
                    line(&format!("{name}: as it was released"));
                }
            }
            Some(Err(why)) => line(&format!("  {why}")),
            None => {}
        }
        if self.is_same() {
            line(&format!("{}: as it was released", held.against));
        }
        for mismatch in &held.mismatches {
            let change = match mismatch.change {
                Change::New => "new since the release",
                Change::Missing => "no longer there",
                Change::Changed => "changed since the release",
            };
            line(&format!("{}: {}: {change}", held.against, standing::named(&mismatch.entry)));
            mismatch.what.iter().for_each(|what| line(&format!("  {what}")));
        }
        held.files.iter().for_each(|file| line(&format!("{}: {file}", held.against)));
        held.remarks.iter().for_each(|remark| line(&format!("  {remark}")));
        if self.signatures.is_empty() {
            line("no signatures");
        }
        self.signatures.iter().flat_map(|one| self.signature(one)).for_each(|one| line(&one));
        text
    }

    fn signature(&self, signature: &SignatureAssessment) -> Vec<String> {
        let (said, holds) = match &signature.validity {
            Validity::Valid | Validity::NotYet => ("valid".to_owned(), true),
            Validity::Superseded(by) => (format!("valid, superseded by {by}"), true),
            Validity::Copy(of) => (format!("a copy of {of}"), true),
            Validity::Invalid(fault) => (format!("NOT VALID: {fault}"), false),
        };
        let mut lines = vec![format!("{}: {said}", signature.path)];
        if matches!(signature.validity, Validity::Copy(_)) {
            return lines;
        }
        let at = signature.at.map(|at| at.to_rfc3339());
        let parts: Vec<&str> = [
            signature.name.as_deref(),
            signature.capacity.as_deref(),
            at.as_deref(),
            signature.fingerprint.as_deref(),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !parts.is_empty() {
            let claims = if holds { "" } else { "it claims: " };
            lines.push(format!("  {claims}{}", parts.join(", ")));
        }
        if let Some(statement) = &signature.statement {
            lines.push(format!("  “{statement}”"));
        }
        if holds {
            lines.push(format!("  {}", self.covers()));
        }
        lines
    }

    /// Says what a signature that holds is worth for what the release was held against.
    fn covers(&self) -> String {
        let Self { release, held, damage, .. } = self;
        let entries = counted(release.manifest().len(), "entry").replace("entrys", "entries");
        let version = &release.version;
        if !damage.is_empty() {
            return format!("covers the file of release {version} as it is, which is damaged");
        }
        if self.is_same() {
            return format!(
                "covers release {version} and its {entries}, as {} has them",
                held.against
            );
        }
        let documents =
            held.mismatches.iter().filter(|one| one.entry.starts_with("document/")).count();
        let others = held.mismatches.len() - documents + held.files.len();
        let mut changed = Vec::new();
        if documents > 0 {
            changed.push(counted(documents, "document"));
        }
        if others > 0 {
            changed.push(counted(others, "other part"));
        }
        format!(
            "covers release {version} and its {entries} as they were frozen, and not what is another in {}: {}",
            held.against,
            changed.join(" and ")
        )
    }

    pub(super) fn json(&self) -> String {
        let Self { release, held, .. } = self;
        let signatures = self.signatures.iter().map(|signature| {
            let (validity, why) = match &signature.validity {
                Validity::Valid | Validity::NotYet => ("valid", Value::Null),
                Validity::Superseded(by) => ("superseded", json!(by)),
                Validity::Copy(of) => ("copy", json!(of)),
                Validity::Invalid(fault) => ("invalid", json!(fault.to_string())),
            };
            json!({
                "path": signature.path,
                "validity": validity,
                "why": why,
                "person": signature.person,
                "name": signature.name,
                "capacity": signature.capacity,
                "statement": signature.statement,
                "at": signature.at.map(|at| at.to_rfc3339()),
                "fingerprint": signature.fingerprint,
            })
        });
        let report = json!({
            "version": release.version.value,
            "date": release.date.to_string(),
            "draft": release.draft,
            "commit": self.commit(),
            "digest": release.digest.value,
            "origin": self.origin.as_ref().map(|origin| match origin {
                Ok(origin) => json!({ "checked": true, "differing": origin.differing }),
                Err(why) => json!({ "checked": false, "why": why }),
            }),
            "against": held.against,
            "valid": self.is_valid(),
            "damage": self.damage.iter().map(Damage::to_string).collect::<Vec<_>>(),
            "mismatches": held.mismatches,
            "files": held.files,
            "remarks": held.remarks,
            "signatures": signatures.collect::<Vec<_>>(),
        });
        format!("{report:#}")
    }
}
