//! The releases that a version knows of, with the signatures on them.

use chrono::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::signatures::{Fault, SignatureAssessment, Validity};
use crate::parse::release::Release;
use crate::parse::toml::Date;
use crate::render::Facts;
use crate::source::SourcePath;

/// A version that was frozen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReleaseReport {
    pub version: String,
    /// The day that it was judged for.
    pub date: Date,
    /// It was frozen on the way, and hands nothing over.
    pub draft: bool,
    pub ready: bool,
    /// The commit that it was made from.
    pub commit: Option<String>,
    /// The digest of its manifest: what a signature covers.
    pub digest: String,
    pub signatures: Vec<SignatureReport>,
}

/// A signature on a release. What an invalid one says is what it claims.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SignatureReport {
    /// The file of the signature.
    pub path: String,
    pub validity: ValidityReport,
    /// Why it is not valid, or the path of the signature that superseded it or that it is a copy of.
    pub why: Option<String>,
    /// The id of the person.
    pub person: Option<String>,
    pub name: Option<String>,
    pub capacity: Option<String>,
    /// The exact sentence.
    pub statement: Option<String>,
    /// When it was made, with the zone; null for one over the file of the release itself.
    pub at: Option<String>,
    /// Of the key: `SHA256:` and 43 characters.
    pub fingerprint: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValidityReport {
    Valid,
    Superseded,
    Copy,
    Invalid,
}

/// Returns the releases, from the oldest; the one that this is comes last.
pub fn releases(facts: &Facts<'_>) -> Vec<ReleaseReport> {
    let signatures = &facts.assessment.signatures;
    let known = facts.portal.releases.iter().map(|release| {
        let on_it = signatures.iter().filter(|one| one.version == release.version.value);
        report(release, on_it)
    });
    let own = facts.release.map(|own| report(&own.release, own.signatures.iter()));
    known.chain(own).collect()
}

fn report<'a>(
    release: &Release,
    signatures: impl Iterator<Item = &'a SignatureAssessment>,
) -> ReleaseReport {
    ReleaseReport {
        version: release.version.value.clone(),
        date: release.date,
        draft: release.draft,
        ready: release.ready,
        commit: release.commit.as_ref().map(|commit| commit.value.clone()),
        digest: release.digest.value.clone(),
        signatures: signatures.filter_map(signature).collect(),
    }
}

/// Returns the signatures that the `handover.json` of a release shows; `None` when it is not the one of a release.
pub fn published(json: &[u8], version: &str) -> Option<Vec<SignatureAssessment>> {
    let mut report: serde_json::Value = serde_json::from_slice(json).ok()?;
    let releases = report["releases"].as_array_mut()?;
    let own = releases.iter_mut().find(|release| release["version"] == version)?;
    let signatures: Vec<SignatureReport> = serde_json::from_value(own["signatures"].take()).ok()?;
    signatures.into_iter().map(|report| as_it_was(report, version)).collect()
}

fn as_it_was(report: SignatureReport, version: &str) -> Option<SignatureAssessment> {
    let why = report.why.unwrap_or_default();
    let validity = match report.validity {
        ValidityReport::Valid => Validity::Valid,
        ValidityReport::Superseded => Validity::Superseded(SourcePath::new(&why)?),
        ValidityReport::Copy => Validity::Copy(SourcePath::new(&why)?),
        ValidityReport::Invalid => Validity::Invalid(Fault::Published(why)),
    };
    let at = report.at.map(|at| DateTime::parse_from_rfc3339(&at)).transpose().ok()?;
    Some(SignatureAssessment {
        version: version.to_owned(),
        path: SourcePath::new(&report.path)?,
        person: report.person,
        name: report.name,
        capacity: report.capacity,
        statement: report.statement,
        at,
        fingerprint: report.fingerprint,
        validity,
    })
}

/// Returns what is said of a signature; `None` for one that was not made yet on the day.
fn signature(signature: &SignatureAssessment) -> Option<SignatureReport> {
    let (validity, why) = match &signature.validity {
        Validity::NotYet => return None,
        Validity::Valid => (ValidityReport::Valid, None),
        Validity::Superseded(by) => (ValidityReport::Superseded, Some(by.to_string())),
        Validity::Copy(of) => (ValidityReport::Copy, Some(of.to_string())),
        Validity::Invalid(fault) => (ValidityReport::Invalid, Some(fault.to_string())),
    };
    Some(SignatureReport {
        path: signature.path.to_string(),
        validity,
        why,
        person: signature.person.clone(),
        name: signature.name.clone(),
        capacity: signature.capacity.clone(),
        statement: signature.statement.clone(),
        at: signature.at.map(|at| at.to_rfc3339()),
        fingerprint: signature.fingerprint.clone(),
    })
}
