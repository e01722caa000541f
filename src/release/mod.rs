//! `Portal` + `Assessment` → `Manifest`: the one digest over all that a sign-off covers.

use crate::assess::Assessment;
use crate::link::Portal;

/// Every document, the plan, the records and the verdicts, each with its SHA-256, and one digest over all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// In byte order of the names.
    pub entries: Vec<Entry>,
    /// `v1:` and 64 hexadecimal digits: the SHA-256 of the lines `DIGEST  NAME\n` of all entries.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// `document/runbooks/db`, `plan`, `records/reviews.toml`, `criterion/certification`.
    pub name: String,
    /// 64 hexadecimal digits.
    pub digest: String,
}

/// Returns the manifest of what the portal says on the day of the assessment.
pub fn manifest(_portal: &Portal, _assessment: &Assessment) -> Manifest {
    Manifest { entries: Vec::new(), digest: String::new() }
}
