//! A published site → what of it is not as it was released. Reads every file of the version.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, Project};
use crate::cli::released::{self, Refusal, Remade};
use crate::cli::verify::Held;
use crate::error::IoError;
use crate::parse::release::{Entry, Release};
use crate::release::compare;
use crate::source::{SITE_MARKER, sha256};
use crate::write::marker;
use crate::{Judged, UNOBSERVED};

/// Holds a release against the folder of its version in a site.
pub(super) fn held(
    project: &Project,
    judged: &Judged,
    release: &Release,
    folder: &Path,
) -> Result<Held, Failure> {
    let version = release.name();
    let root = root(folder)?;
    let marker = root.join(SITE_MARKER);
    let text = fs::read_to_string(&marker).map_err(|error| IoError::new("read", &marker, error))?;
    let listed = marker::files(&text).unwrap_or_default();
    let below = |path: &str| Some(path.strip_prefix(version)?.strip_prefix('/')?.to_owned());
    let listed: BTreeMap<String, String> =
        listed.into_iter().filter_map(|(path, digest)| Some((below(&path)?, digest))).collect();
    let folder = root.join(version);
    if listed.is_empty() {
        return Err(Failure::new(format!("`{}` has no version `{version}`", root.display())));
    }
    let found = files(&folder)?;
    let mut files = Vec::new();
    for (path, digest) in &listed {
        match found.get(path) {
            None => files.push(format!("{version}/{path}: missing")),
            Some(bytes) if sha256(bytes) != *digest => {
                files.push(format!("{version}/{path}: changed since it was published"));
            }
            Some(_) => {}
        }
    }
    let strange = found.keys().filter(|path| !listed.contains_key(*path));
    files.extend(strange.map(|path| format!("{version}/{path}: not published by `handover`")));
    let entries = found.get("handover.json").and_then(|bytes| entries(bytes));
    let mut remarks = Vec::new();
    let mismatches = match &entries {
        Some(entries) => compare::entries(&release.manifest(), entries),
        None => {
            remarks.push(format!("{version}/handover.json does not say what was released"));
            Vec::new()
        }
    };
    if entries.is_none() {
        files.push(format!("{version}/handover.json: not understood"));
    }
    match again(project, judged, release, &root) {
        Ok(output) => {
            let differs = output.iter().filter(|(path, bytes)| found.get(*path) != Some(bytes));
            let told = |path: &str| files.iter().any(|file| file.contains(&format!("/{path}: ")));
            let differs: Vec<String> = differs
                .filter(|(path, _)| !told(path))
                .map(|(path, _)| format!("{version}/{path}: not what the commit gives"))
                .collect();
            files.extend(differs);
        }
        Err(why) => {
            remarks.push(format!("pages are held against the list of the site alone: {why}"));
            // The images and downloads are what was released: their bytes have the digests of the manifest.
            let digests: BTreeSet<String> = found.values().map(|bytes| sha256(bytes)).collect();
            let assets = release.manifest().into_iter();
            let assets = assets.filter(|entry| entry.name.starts_with("asset/"));
            let gone = assets.filter(|asset| !digests.contains(&asset.digest));
            files.extend(gone.map(|asset| format!("no file has the bytes of `{}`", asset.name)));
        }
    }
    Ok(Held { against: format!("site {}", root.display()), mismatches, files, remarks })
}

/// Makes the release again from its commit, with the signatures that the site shows, or says why that cannot be done.
fn again(
    project: &Project,
    judged: &Judged,
    release: &Release,
    site: &Path,
) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let Remade { tree, judged: mut then, .. } =
        released::remake(project, &judged.portal.config, release).map_err(|refusal| {
            let (Refusal::Absent(why) | Refusal::Differs(why)) = refusal;
            why.to_string().trim_start_matches("error: ").lines().next().unwrap_or("").to_owned()
        })?;
    then.release = released::signed(judged, site, release);
    let options = DayArguments::default().options(false).map_err(|failure| failure.to_string())?;
    let output = crate::render(then, &tree, &options, UNOBSERVED).output;
    let output = output.ok_or("it cannot be rendered any more")?;
    Ok(output.into_iter().map(|(path, bytes)| (path, bytes.to_vec())).collect())
}

/// Returns the folder of the site: the one that was named, or the one above it.
fn root(folder: &Path) -> Result<PathBuf, Failure> {
    let above = folder.join("..");
    let candidates = [folder, above.as_path()];
    let found = candidates.into_iter().find(|folder| folder.join(SITE_MARKER).is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        Failure::new(format!("`{}` is no site that `handover` published", folder.display()))
            .help("name the folder that has `.handover` in it, or that of a version below it")
    })
}

/// Returns every file below a folder.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        let path = entry.path();
        if entry.file_type().is_dir() {
            continue;
        }
        let Some(below) = path.strip_prefix(folder).ok().and_then(Path::to_str) else { continue };
        let bytes = fs::read(path).map_err(|error| IoError::new("read", path, error))?;
        files.insert(below.replace('\\', "/"), bytes);
    }
    Ok(files)
}

/// Returns the entries of the manifest that a `handover.json` has, when their digest is the one that it states.
fn entries(json: &[u8]) -> Option<Vec<Entry>> {
    let report: serde_json::Value = serde_json::from_slice(json).ok()?;
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().map(str::to_owned);
    let entries = report["manifest"]["entries"].as_array()?.iter();
    entries
        .map(|entry| Some(Entry { name: text(entry, "name")?, digest: text(entry, "digest")? }))
        .collect()
}
