//! `releases/VERSION.toml`: a handover as it was frozen. Written by `handover release`, never edited.

use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::parse::toml::{self, Broken, Date};
use crate::source::{Source, Spanned};

/// A version of the handover that will not change any more.
#[derive(Clone, Debug)]
pub struct Release {
    pub source: Arc<Source>,
    pub facts: ReleaseFacts,
}

impl Release {
    /// Returns the version that the file has in its name: where to look is said there, and what it says itself must agree.
    pub fn name(&self) -> &str {
        let name = self.source.path.name();
        name.strip_suffix(".toml").unwrap_or(name)
    }
}

impl std::ops::Deref for Release {
    type Target = ReleaseFacts;
    fn deref(&self) -> &ReleaseFacts {
        &self.facts
    }
}

/// What the file of a release says.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "releases/VERSION.toml")]
pub struct ReleaseFacts {
    /// The version; the name of the file, too.
    #[schemars(extend("format" = "folder-name"))]
    pub version: Spanned<String>,
    /// The id of the handover.
    pub handover: String,
    /// The heading of the portal.
    pub title: String,
    /// The commit that it was made from, in hexadecimal digits; not set outside git.
    pub commit: Option<Spanned<String>>,
    /// The day that it was judged for.
    pub date: Date,
    /// It was frozen on the way, for people to look at: it hands nothing over.
    pub draft: bool,
    /// Every criterion of the gate was met or waived.
    pub ready: bool,
    /// How many criteria of the gate were met.
    pub met: usize,
    pub waived: usize,
    /// How many criteria the gate waited for.
    pub total: usize,
    /// The digest of the manifest: `v1:` and the SHA-256 of `entries` in 64 hexadecimal digits.
    pub digest: Spanned<String>,
    /// The manifest: lines `SHA-256  NAME`, in byte order of the names.
    pub entries: Spanned<String>,
    #[serde(default, rename = "document")]
    pub documents: Vec<ReleasedDocument>,
    #[serde(default, rename = "criterion")]
    pub criteria: Vec<ReleasedCriterion>,
    #[serde(default, rename = "signatory")]
    pub signatories: Vec<ReleasedSignatory>,
}

/// `[[document]]`: what was true of a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReleasedDocument {
    pub id: Spanned<String>,
    pub title: String,
    /// Below the project's root; not set when the document was missing.
    pub path: Option<String>,
    /// `v1:` and 64 hexadecimal digits; not set when the document was missing.
    pub digest: Option<String>,
    /// The status by its name: `approved`, `unreviewed`, ….
    pub status: String,
}

/// `[[criterion]]`: how a criterion was judged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReleasedCriterion {
    pub id: Spanned<String>,
    pub statement: String,
    /// `met`, `unmet`, `waived` or `not-assessed`.
    pub verdict: String,
    pub target: String,
    pub actual: String,
    #[serde(default)]
    pub evidence: Vec<String>,
    #[serde(default)]
    pub missing: Vec<String>,
}

/// `[[signatory]]`: who was to sign, and the exact sentence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReleasedSignatory {
    /// The id of a person.
    pub person: String,
    pub name: String,
    /// As what the person signs.
    pub capacity: String,
    /// The exact sentence that is signed.
    pub statement: String,
}

/// A line of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// `document/runbooks/db`, `plan`, `records/reviews.toml`, `criterion/certification`.
    pub name: String,
    /// 64 hexadecimal digits.
    pub digest: String,
}

/// The JSON Schema of the file of a release.
pub static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(toml::schema_of::<ReleaseFacts>);

/// Reads the file of a release; `None` when something is wrong with it: half a release is none.
pub fn release(source: &Arc<Source>) -> (Option<Release>, Vec<Diagnostic>) {
    let (facts, problems) = toml::read::<ReleaseFacts>(source, &SCHEMA, Broken::Mended);
    let facts = facts.filter(|_| problems.is_empty());
    (facts.map(|facts| Release { source: Arc::clone(source), facts }), problems)
}

impl ReleaseFacts {
    /// Returns the lines of the manifest; what is no line of one is left out.
    pub fn manifest(&self) -> Vec<Entry> {
        let line = |line: &str| {
            let (digest, name) = line.split_once("  ")?;
            Some(Entry { name: name.to_owned(), digest: digest.to_owned() })
        };
        self.entries.lines().filter_map(line).collect()
    }
}
