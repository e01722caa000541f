//! A signature on a release as pages and the sheet show it. One that does not hold is never shown as valid.

use serde::Serialize;

use crate::assess::signatures::{SignatureAssessment, Validity};
use crate::render::status::Badge;

/// What is shown of a signature.
#[derive(Clone, Debug, Serialize)]
pub struct Signed {
    pub badge: Badge,
    /// Why it is not valid, or what superseded it.
    pub why: Option<String>,
    /// Who signed, or who is said to have.
    pub name: String,
    pub person: Option<String>,
    pub capacity: Option<String>,
    pub statement: Option<String>,
    /// `2026-12-18 15:02:11 +01:00`
    pub at: Option<String>,
    pub fingerprint: Option<String>,
    pub path: String,
}

const VALID: Badge = Badge { tone: "pass", shape: "tick", word: "Verified", key: "valid" };
const SUPERSEDED: Badge =
    Badge { tone: "none", shape: "bar", word: "Superseded", key: "superseded" };
const INVALID: Badge = Badge { tone: "fail", shape: "cross", word: "Not valid", key: "invalid" };

/// Returns how a signature is shown; `None` for one that was not made yet on the day, and for a copy of another.
pub fn signed(signature: &SignatureAssessment) -> Option<Signed> {
    let (badge, why) = match &signature.validity {
        Validity::NotYet | Validity::Copy(_) => return None,
        Validity::Valid => (VALID, None),
        Validity::Superseded(by) => (SUPERSEDED, Some(format!("by `{by}`"))),
        Validity::Invalid(fault) => (INVALID, Some(fault.to_string())),
    };
    let at = signature.at.map(|at| at.format("%Y-%m-%d %H:%M:%S %:z").to_string());
    Some(Signed {
        badge,
        why,
        name: signature.name.clone().unwrap_or_else(|| "Unknown".to_owned()),
        person: signature.person.clone(),
        capacity: signature.capacity.clone(),
        statement: signature.statement.clone(),
        at,
        fingerprint: signature.fingerprint.clone(),
        path: signature.path.as_str().to_owned(),
    })
}
