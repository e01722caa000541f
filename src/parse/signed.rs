//! The signatures beside a release: `releases/VERSION/ID.toml` says who signed what, `ID.toml.sig` is the signature over it.
//!
//! `ssh-keygen -Y sign -n handover -f KEY releases/VERSION.toml` makes one without such a statement, over the file of the
//! release itself. It stands in `releases/VERSION.toml.sig`, or by any name that ends with `.sig` in the release's folder.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::parse::toml::{self, Broken};
use crate::source::{Asset, Source, SourcePath, Tree, Unread};

/// A signature as it was found, with what it is over. Whether it holds is another question.
#[derive(Clone, Debug)]
pub struct Signed {
    /// By the name of the file or of the folder.
    pub version: String,
    /// The file of the signature; the statement where there is no signature beside it.
    pub source: Arc<Source>,
    /// `None` when a statement was never signed.
    pub signature: Option<Arc<Source>>,
    pub over: Over,
    /// The file of the release; `None` when there is none.
    pub release: Option<Arc<Asset>>,
}

/// What a signature is over.
#[derive(Clone, Debug)]
pub enum Over {
    /// The file of the release.
    Release,
    /// The file that says who signed what; `statement` is `None` when it is not understood.
    Statement { statement: Option<Box<Statement>>, text: Arc<Asset> },
}

/// Who signed what, as what and when, by their own words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "releases/VERSION/ID.toml")]
pub struct Statement {
    /// The id of the handover.
    pub handover: String,
    pub version: String,
    /// The SHA-256 of the file of the release, 64 hexadecimal digits.
    pub release: String,
    /// The digest of the manifest of the release.
    pub digest: String,
    /// The release is a draft.
    pub draft: bool,
    /// The id of the person.
    pub person: String,
    pub name: String,
    /// As what the person signs.
    pub capacity: String,
    /// The exact sentence that is signed.
    pub statement: String,
    /// When it was signed, with the zone.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
}

static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(toml::schema_of::<Statement>);

const REMARK: &str = "\
# Signed, and never edited: the signature beside it is over these bytes.

";

impl Statement {
    /// Returns when it was signed; `None` when it does not say.
    pub fn moment(&self) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(&self.at).ok()
    }

    /// Returns the file of the statement.
    pub fn text(&self) -> String {
        let mut text = REMARK.to_owned();
        let mut pair = |key: &str, value: &str| {
            writeln!(text, "{key} = {value}").expect("invariant: writing to a string");
        };
        pair("handover", &toml::quoted(&self.handover));
        pair("version", &toml::quoted(&self.version));
        pair("release", &toml::quoted(&self.release));
        pair("digest", &toml::quoted(&self.digest));
        pair("draft", if self.draft { "true" } else { "false" });
        pair("person", &toml::quoted(&self.person));
        pair("name", &toml::quoted(&self.name));
        pair("capacity", &toml::quoted(&self.capacity));
        pair("statement", &toml::quoted(&self.statement));
        pair("at", &toml::quoted(&self.at));
        text
    }
}

/// Returns the signatures among the files of the content folder, in path order, and what cannot be read.
pub fn signatures(tree: &Tree, content: &str, files: &[SourcePath]) -> (Vec<Signed>, Vec<Unread>) {
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for path in files {
        match signed(tree, content, path) {
            Ok(signed) => found.extend(signed),
            Err(reason) => unread.push(reason),
        }
    }
    (found, unread)
}

/// Reads what a file says of a signature: a `.sig`, or a statement that has none beside it.
fn signed(tree: &Tree, content: &str, path: &SourcePath) -> Result<Option<Signed>, Unread> {
    let Some((version, folder)) = version(path, content) else { return Ok(None) };
    let file = |path: &str| SourcePath::new(path).map_or(Ok(None), |path| tree.asset(&path));
    let Some(found) = tree.asset(path)? else { return Ok(None) };
    let release = file(&format!("{folder}/{version}.toml"))?;
    let (signature, beside) = match path.as_str().strip_suffix(".sig") {
        // A folder of this name, or a file that nobody can read, signs nothing.
        None if matches!(file(&format!("{path}.sig")), Ok(Some(_))) => return Ok(None),
        None => (None, Some(Arc::clone(&found))),
        Some(text) if text.ends_with(".toml") => (Some(source(&found)), file(text)?),
        Some(_) => (Some(source(&found)), None),
    };
    let over = match beside {
        Some(text) if release.as_ref().is_none_or(|release| release.path != text.path) => {
            let (statement, problems) = toml::read(&source(&text), &SCHEMA, Broken::Mended);
            let statement = statement.filter(|_| problems.is_empty()).map(Box::new);
            Over::Statement { statement, text }
        }
        _ => Over::Release,
    };
    let (version, source) = (version.to_owned(), source(&found));
    Ok(Some(Signed { version, source, signature, over, release }))
}

/// Returns the version that a file in `releases` signs or states something of, and that folder.
fn version<'a>(path: &'a SourcePath, content: &str) -> Option<(&'a str, String)> {
    let folder = format!("{content}/releases").trim_start_matches('/').to_owned();
    let version = match path.below(&folder)?.split_once('/') {
        None => path.name().strip_suffix(".toml.sig")?,
        Some((version, name)) => {
            let is_ours = [".sig", ".toml"].iter().any(|end| name.ends_with(end));
            Some(version).filter(|_| is_ours && !name.contains('/'))?
        }
    };
    Some((version, folder))
}

/// Returns a file as text, whatever its bytes are: it is shown, and what is signed are the bytes.
fn source(file: &Asset) -> Arc<Source> {
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    Arc::new(Source::new(file.path.clone(), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_signature_is_over_its_statement_or_over_the_release() {
        let tree = fixture::tree(
            "-- content/releases/1.0.toml --\n-- content/releases/1.0.toml.sig --\n\
             -- content/releases/1.0/marta.toml --\n-- content/releases/1.0/marta.toml.sig --\n\
             -- content/releases/1.0/1.0.toml.sig --\n-- content/releases/1.0/luke.sig --\n\
             -- content/releases/1.0/ana.toml --\n-- content/releases/1.0/readme.md --\n\
             -- content/releases/0.9/x/y.sig --\n-- content/releases/0.9/x.sig --\n",
        );
        let (found, unread) = signatures(&tree, "content", &tree.list("content").0);
        let shown = found.iter().map(|signed| {
            let over = match &signed.over {
                Over::Release => {
                    signed.release.as_ref().map_or("nothing", |file| file.path.as_str())
                }
                Over::Statement { text, .. } => text.path.as_str(),
            };
            let signature = signed.signature.is_some();
            format!("{} {}: {signature} over {over}\n", signed.version, signed.source.path)
        });
        insta::assert_snapshot!(shown.collect::<String>(), @"
        0.9 content/releases/0.9/x.sig: true over nothing
        1.0 content/releases/1.0.toml.sig: true over content/releases/1.0.toml
        1.0 content/releases/1.0/1.0.toml.sig: true over content/releases/1.0.toml
        1.0 content/releases/1.0/ana.toml: false over content/releases/1.0/ana.toml
        1.0 content/releases/1.0/luke.sig: true over content/releases/1.0.toml
        1.0 content/releases/1.0/marta.toml.sig: true over content/releases/1.0/marta.toml
        ");
        assert_eq!(unread, []);
    }

    #[test]
    fn a_statement_is_read_as_it_is_written() {
        let statement = Statement {
            handover: "lead-gen".into(),
            version: "1.0".into(),
            release: "ab".repeat(32),
            digest: format!("v1:{}", "cd".repeat(32)),
            draft: true,
            person: "marta".into(),
            name: "Marta \"M\" Lindqvist".into(),
            capacity: "Relinquishing Lead".into(),
            statement: "I hand over\nall of it.".into(),
            at: "2026-12-18T15:02:11+01:00".into(),
        };
        let path = SourcePath::new("x.toml").unwrap();
        let source = Arc::new(Source::new(path, statement.text()));
        let (read, problems) = toml::read::<Statement>(&source, &SCHEMA, Broken::Mended);
        assert_eq!((read, problems.len()), (Some(statement), 0));
    }
}
