//! A published site → what of it is not as it was released. Reads every file of the version, and those that lead to it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::Judged;
use crate::assess::signatures::Validity;
use crate::cli::current::Current;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, Project};
use crate::cli::released::{self, Refusal, Remade};
use crate::cli::verify::Held;
use crate::error::IoError;
use crate::parse::release::{Entry, Release};
use crate::release::compare;
use crate::render::version::Version;
use crate::serve::snapshot::Shown as _;
use crate::source::{SITE_MARKER, SITE_MARKER_START, SourcePath, sha256};
use crate::write::front::LATEST;
use crate::write::marker;
use crate::write::published::Published;
use crate::write::shard;
use crate::write::site::{self, Edition};

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
    let mut files = Vec::new();
    let listed = marker::files(&text).unwrap_or_else(|| {
        files.push(format!("{SITE_MARKER}: its first line is not the one that a build writes"));
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        marker::files(&format!("{SITE_MARKER_START}{rest}")).unwrap_or_default()
    });
    let is_own = |path: &str| path.strip_prefix(version).is_some_and(|path| path.starts_with('/'));
    if listed.contains_key(shard::LABEL) {
        let shard = Failure::new(format!("`{}` is a shard of a site", root.display()));
        return Err(shard.help("make the site with `handover merge` first"));
    }
    if !listed.keys().any(|path| is_own(path)) {
        return Err(Failure::new(format!("`{}` has no version `{version}`", root.display())));
    }
    let found = found(&root, version)?;
    let checked = listed.iter().filter(|(path, _)| is_own(path) || leads(path));
    for (path, digest) in checked {
        match found.get(path) {
            None => files.push(format!("{path}: missing")),
            Some(found) if found != digest => {
                files.push(format!("{path}: changed since it was published"));
            }
            Some(_) => {}
        }
    }
    let strange = found.keys().filter(|path| !listed.contains_key(*path));
    files.extend(strange.map(|path| format!("{path}: not published by `handover`")));
    let report = fs::read(root.join(version).join("handover.json")).ok();
    let entries = report.and_then(|json| entries(&json));
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
    let then = again(project, judged, release, &root);
    if let Ok(then) = &then {
        remarks.extend(unseen(judged, version, then));
    }
    match then.and_then(|then| differing(&root, &listed, &then, &found)) {
        Ok(differing) => {
            let known =
                |path: &str| files.iter().any(|file| file.starts_with(&format!("{path}: ")));
            let by = |path: &str| if is_own(path) { "the commit" } else { "a build" };
            let differs = differing.into_iter().filter(|path| !known(path));
            let differs: Vec<String> =
                differs.map(|path| format!("{path}: not what {} gives", by(&path))).collect();
            files.extend(differs);
        }
        Err(why) => {
            remarks.push(format!("pages are held against the list of the site alone: {why}"));
            // The images and downloads are what was released: their bytes have the digests of the manifest.
            let own = found.iter().filter(|(path, _)| is_own(path));
            let digests: BTreeSet<&String> = own.map(|(_, digest)| digest).collect();
            let assets = release.manifest().into_iter();
            let assets = assets.filter(|entry| entry.name.starts_with("asset/"));
            let gone = assets.filter(|asset| !digests.contains(&asset.digest));
            files.extend(gone.map(|asset| format!("no file has the bytes of `{}`", asset.name)));
        }
    }
    Ok(Held { against: format!("site {}", root.display()), mismatches, files, remarks })
}

/// Names the signatures that hold and that a site does not show.
fn unseen(judged: &Judged, version: &str, then: &Current) -> Vec<String> {
    let shown = then.judged.release.iter().flat_map(|release| &release.signatures);
    let shown: BTreeSet<&SourcePath> = shown.map(|signature| &signature.path).collect();
    let known =
        judged.assessment.signatures.iter().filter(|signature| {
            signature.version == version && signature.validity == Validity::Valid
        });
    let unseen = known.filter(|signature| !shown.contains(&signature.path));
    unseen.map(|signature| format!("`{}` is not shown: it came later", signature.path)).collect()
}

/// Tells whether a file of a site stands beside the versions and leads to one of them.
fn leads(path: &str) -> bool {
    path.split_once('/').is_none_or(|(folder, _)| folder == LATEST)
}

/// Returns the files of the site that a build of the release, beside the versions that are there, would write otherwise.
fn differing(
    root: &Path,
    listed: &marker::Files,
    then: &Current,
    found: &marker::Files,
) -> Result<Vec<String>, String> {
    let mut there = Published::read(root, listed);
    let name = then.name();
    there.released.insert(name.version.to_owned());
    // What leads to the release is made anew; what leads to another version is not ours to make.
    there.latest = there.latest.filter(|latest| latest != name.version);
    let version = Version::new(then.facts(), &then.theme);
    let editions = [Edition { name, files: &version }];
    let site = site::site(&editions, &there);
    let differs = site.files.par_iter().filter_map(|(path, _)| match site.file(path)? {
        Ok(bytes) => (found.get(path) != Some(&sha256(&bytes))).then(|| Ok(path.clone())),
        Err(_) => Some(Err(UNRENDERED.to_owned())),
    });
    differs.collect()
}

/// Makes the release ready again from its commit, with the signatures that the site shows, or says why that cannot be done.
fn again(
    project: &Project,
    judged: &Judged,
    release: &Release,
    site: &Path,
) -> Result<Current, String> {
    let Remade { tree, judged: mut then, .. } =
        released::remake(project, &judged.portal.config, release).map_err(|refusal| {
            let (Refusal::Absent(why) | Refusal::Differs(why)) = refusal;
            why.to_string().trim_start_matches("error: ").lines().next().unwrap_or("").to_owned()
        })?;
    then.release = released::signed(judged, site, release);
    let options = DayArguments::default().options(false).map_err(|failure| failure.to_string())?;
    let theme = crate::theme(&mut then, &tree, &options).ok_or(UNRENDERED)?;
    Ok(Current { judged: then, theme: Arc::new(theme), released: true })
}

const UNRENDERED: &str = "it cannot be rendered any more";

/// Returns the folder of the site: the one that was named, or the one above it.
fn root(folder: &Path) -> Result<PathBuf, Failure> {
    let up = folder.join("..");
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(&up);
    let candidates = [folder, above];
    let found = candidates.into_iter().find(|folder| folder.join(SITE_MARKER).is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        Failure::new(format!("`{}` is no site that `handover` published", folder.display()))
            .help("name the folder that has `.handover` in it, or that of a version below it")
    })
}

/// Returns the digest of every file of a version, and of those that stand beside the versions, by their paths in the site.
fn found(root: &Path, version: &str) -> Result<marker::Files, Failure> {
    let folders = [root.join(version), root.join(LATEST)];
    let beside = WalkDir::new(root).max_depth(1).into_iter();
    let walks = folders.iter().flat_map(WalkDir::new).chain(beside);
    let mut files = marker::Files::new();
    for entry in walks.filter_map(Result::ok) {
        let path = entry.path();
        if entry.file_type().is_dir() || path == root.join(SITE_MARKER) {
            continue;
        }
        let Some(below) = path.strip_prefix(root).ok().and_then(Path::to_str) else { continue };
        let bytes = fs::read(path).map_err(|error| IoError::new("read", path, error))?;
        files.insert(below.replace('\\', "/"), sha256(&bytes));
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
