//! A release → an in-toto Statement: what programs that check supply chains read.

use serde_json::{Value, json};

use crate::parse::release::ReleaseFacts;

/// Says how the predicate is to be read.
pub const PREDICATE_TYPE: &str = "urn:handover:release:v1";

/// Returns the Statement, version 1 of <https://in-toto.io/Statement/v1>: a subject for each entry of the manifest and for the
/// commit, the rest of the facts as its predicate.
pub fn statement(facts: &ReleaseFacts) -> Value {
    let mut subjects: Vec<Value> = facts
        .manifest()
        .into_iter()
        .map(|entry| json!({ "name": entry.name, "digest": { "sha256": entry.digest } }))
        .collect();
    subjects.extend(
        facts
            .commit
            .iter()
            .map(|commit| json!({ "name": "commit", "digest": { "gitCommit": commit.value } })),
    );
    let documents = facts.documents.iter().map(|document| {
        json!({
            "id": document.id.value,
            "title": document.title,
            "path": document.path,
            "digest": document.digest,
            "status": document.status,
        })
    });
    let criteria = facts.criteria.iter().map(|criterion| {
        json!({
            "id": criterion.id.value,
            "statement": criterion.statement,
            "verdict": criterion.verdict,
            "target": criterion.target,
            "actual": criterion.actual,
            "evidence": criterion.evidence,
            "missing": criterion.missing,
        })
    });
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "handover": facts.handover,
            "title": facts.title,
            "version": facts.version.value,
            "date": facts.date.to_string(),
            "draft": facts.draft,
            "ready": facts.ready,
            "criteriaMet": facts.met,
            "criteriaWaived": facts.waived,
            "criteriaTotal": facts.total,
            "manifest": facts.digest.value,
            "documents": documents.collect::<Vec<_>>(),
            "criteria": criteria.collect::<Vec<_>>(),
        },
    })
}
