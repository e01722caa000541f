//! What several builds made of one version each, and all of it together: a shard is a folder with its share of the files, a
//! marker that lists them, and a label that says of what they are a share.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::IoError;
use crate::parse::format;
use crate::render::shard::Shard;
use crate::render::{Files, Made, OutputPath};
use crate::source::{SITE_MARKER, sha256};
use crate::write::error::WriteError;
use crate::write::front::Name;
use crate::write::marker;
use crate::write::site::Edition;

/// The file of the label.
pub const LABEL: &str = "shard.json";

/// What the files of a shard are a share of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Counted from 1.
    pub shard: usize,
    pub of: usize,
    /// The same for builds of the same sources with the same options, by the same program.
    pub build: String,
    pub versions: Vec<Version>,
}

/// A version that is shared out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub version: String,
    pub released: bool,
    pub title: String,
    pub language: String,
}

impl Label {
    /// Returns the label of a shard of these versions, which were made from what `sources` is a digest of.
    pub fn new<'a>(shard: Shard, sources: &str, names: impl IntoIterator<Item = Name<'a>>) -> Self {
        let versions: Vec<Version> = names
            .into_iter()
            .map(|name| Version {
                version: name.version.to_owned(),
                released: name.released,
                title: name.title.to_owned(),
                language: name.language.to_owned(),
            })
            .collect();
        let program = env!("CARGO_PKG_VERSION");
        let build = sha256(format!("{program} {} {sources} {versions:?}", shard.of).as_bytes());
        Self { shard: shard.number, of: shard.of, build, versions }
    }

    /// Returns the text of its file.
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("invariant: strings and numbers");
        text + "\n"
    }
}

/// All shards of a build.
#[derive(Debug)]
pub struct Shards {
    versions: Vec<Shared>,
}

/// A version, whose files lie in several folders.
#[derive(Debug)]
struct Shared {
    name: Version,
    /// Where each file is, and its SHA-256.
    files: BTreeMap<OutputPath, (PathBuf, String)>,
}

/// Why folders are not all the shards of one build.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    #[error("`{}` is no shard: it has no `{LABEL}` that `handover build --shard` wrote", .0.display())]
    NoLabel(PathBuf),
    #[error("`{}` is not whole: its list of files, `{SITE_MARKER}`, is not there", .0.display())]
    NoMarker(PathBuf),
    #[error("`{}` and `{}` are shards of different builds", .0.display(), .1.display())]
    Build(PathBuf, PathBuf),
    #[error("`{}` and `{}` are both shard {shard}", first.display(), second.display())]
    Twice { first: PathBuf, second: PathBuf, shard: Shard },
    #[error("of {of} shards, {} missing", numbers(missing))]
    Missing { missing: Vec<usize>, of: usize },
    #[error("`{}` is not what the shard was made with", .0.display())]
    Changed(PathBuf),
    #[error("`{0}` is in two shards")]
    Overlap(OutputPath),
}

impl Mismatch {
    /// Returns what to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoLabel(_) => {
                "name the folders that `handover build --shard K/N` wrote, each on its own"
            }
            Self::NoMarker(_) => {
                "what carries the shards must carry hidden files: for GitHub's `upload-artifact`, `include-hidden-files: true`"
            }
            Self::Build(..) => {
                "build all shards from the same commit, with the same options, `--today` among them, and the same `handover`"
            }
            Self::Twice { .. } => "name each shard once",
            Self::Missing { .. } => "name the folders of all shards",
            Self::Changed(_) | Self::Overlap(_) => {
                "build the shards again, or carry them over again"
            }
        }
    }
}

/// So many missing shards are named.
const MOST: usize = 10;

fn numbers(numbers: &[usize]) -> String {
    let named: Vec<String> = numbers.iter().take(MOST).map(usize::to_string).collect();
    let verb = if numbers.len() == 1 { "is" } else { "are" };
    let more = numbers.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more} {verb}", named.join(", "))
}

impl Shards {
    /// Reads the folders of all shards of one build.
    ///
    /// # Errors
    /// One is no shard, or of another build, or is there twice, or is not among them.
    pub fn read(folders: &[PathBuf]) -> Result<Self, WriteError> {
        let mut all: BTreeMap<usize, (&PathBuf, Label, marker::Files)> = BTreeMap::new();
        for folder in folders {
            let (label, files) = open(folder)?;
            if let Some((first, known, _)) = all.values().next()
                && (&known.build, known.of) != (&label.build, label.of)
            {
                return Err(Mismatch::Build((*first).clone(), folder.clone()).into());
            }
            if let Some((first, ..)) = all.get(&label.shard) {
                let shard = Shard { number: label.shard, of: label.of };
                let (first, second) = ((*first).clone(), folder.clone());
                return Err(Mismatch::Twice { first, second, shard }.into());
            }
            all.insert(label.shard, (folder, label, files));
        }
        let (of, versions) =
            all.values().next().map_or((0, &[][..]), |(_, label, _)| (label.of, &label.versions));
        let missing: Vec<usize> = (1..=of).filter(|number| !all.contains_key(number)).collect();
        if !missing.is_empty() {
            return Err(Mismatch::Missing { missing, of }.into());
        }
        let mut shared = Vec::new();
        for name in versions {
            let below = format!("{}/", name.version);
            let mut files = BTreeMap::new();
            for (folder, _, listed) in all.values() {
                for (path, digest) in listed {
                    let Some(below) = path.strip_prefix(&below) else { continue };
                    let at = (folder.join(path), digest.clone());
                    if files.insert(below.to_owned(), at).is_some() {
                        return Err(Mismatch::Overlap(path.clone()).into());
                    }
                }
            }
            shared.push(Shared { name: name.clone(), files });
        }
        Ok(Self { versions: shared })
    }

    /// Returns the versions, ready to be published.
    pub fn editions(&self) -> Vec<Edition<'_>> {
        let editions = self.versions.iter().map(|shared| Edition {
            name: Name {
                version: &shared.name.version,
                released: shared.name.released,
                title: &shared.name.title,
                language: &shared.name.language,
            },
            files: shared,
        });
        editions.collect()
    }

    /// Returns where a file of a version lies, and its SHA-256.
    pub(super) fn origin(&self, version: usize, path: &str) -> Option<&(PathBuf, String)> {
        self.versions.get(version)?.files.get(path)
    }
}

impl Files for Shared {
    fn paths(&self) -> Vec<OutputPath> {
        self.files.keys().cloned().collect()
    }

    fn file(&self, path: &str) -> Option<Made> {
        let (at, digest) = self.files.get(path)?;
        Some(Ok(read(at, digest).ok()?.into()))
    }
}

/// Reads the label of a shard, and the list of its files.
fn open(folder: &Path) -> Result<(Label, marker::Files), WriteError> {
    fs::read_dir(folder).map_err(|error| IoError::new("open", folder, error))?;
    let path = folder.join(LABEL);
    let text = fs::read(&path).map_err(|error| IoError::new("read", &path, error));
    let no_label = || WriteError::from(Mismatch::NoLabel(folder.to_owned()));
    let text = match text {
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => return Err(no_label()),
        text => text?,
    };
    let label: Label = serde_json::from_slice(&text).map_err(|_| no_label())?;
    let marker = fs::read_to_string(folder.join(SITE_MARKER)).ok();
    let files = marker.and_then(|text| marker::files(&text));
    let files = files.ok_or_else(|| Mismatch::NoMarker(folder.to_owned()))?;
    if files.get(LABEL) != Some(&sha256(&text)) {
        return Err(Mismatch::Changed(path).into());
    }
    // What a label says is acted on: a version that is no folder is none of ours.
    let is_folder = format::checker("folder-name").expect("invariant: a format that exists");
    let names: BTreeSet<&str> = label.versions.iter().map(|name| name.version.as_str()).collect();
    let is_sound = !names.is_empty()
        && names.len() == label.versions.len()
        && names.iter().all(|name| is_folder(name).is_none())
        && Shard { number: label.shard, of: label.of }.exists();
    if !is_sound {
        return Err(no_label());
    }
    Ok((label, files))
}

/// Reads a file of a shard.
///
/// # Errors
/// It cannot be read, or is not the one that was made.
pub(super) fn read(path: &Path, digest: &str) -> Result<Vec<u8>, WriteError> {
    let changed = || WriteError::from(Mismatch::Changed(path.to_owned()));
    // Neither a link nor a device was made by a build.
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
        return Err(changed());
    }
    let bytes = fs::read(path).map_err(|error| IoError::new("read", path, error))?;
    if sha256(&bytes) == *digest { Ok(bytes) } else { Err(changed()) }
}

/// Tells whether files of ours are those of a shard.
pub(super) fn is_shard(files: &marker::Files) -> bool {
    files.contains_key(LABEL)
}

/// Returns the first of the folders that is below another one, or above it, or is it.
pub(super) fn entangled<'a>(destination: &Path, folders: &'a [PathBuf]) -> Option<&'a PathBuf> {
    let is_entangled = |folder: &&PathBuf| {
        fs::canonicalize(folder)
            .is_ok_and(|folder| folder.starts_with(destination) || destination.starts_with(folder))
    };
    folders.iter().find(is_entangled)
}
