//! The files of versions → disk: each is made, compared with what is there, and written, all or nothing.
//!
//! A site is a folder that `handover` wrote all of, with a marker in it that lists every file. The next one is prepared
//! beside it, in a hidden folder, and the two change places in one step. Whoever reads, and whatever dies meanwhile, there is
//! all of the old site or all of the new one. Two builds of one site wait for each other.

pub mod error;
pub mod file;
pub mod ledger;
pub mod marker;
pub mod site;
pub mod published;
pub mod shard;
pub mod front;
mod entrance;
mod headers;
mod inventory;
mod apply;
mod workshop;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::IoError;
use crate::write::apply::{Folders, Outcome};
use crate::write::error::{WriteError, doing};
use crate::write::shard::{Label, Shards};
use crate::write::site::{Edition, Site};
use crate::write::workshop::Workshop;

/// Who is told what while a site is published.
#[derive(Clone, Copy)]
pub struct Watcher<'a> {
    /// Another build publishes the same site: this one waits.
    pub waiting: &'a dyn Fn(),
    /// So many files are made, of so many: called from any thread.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// What was done to publish versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The files of the site that are new or have other bytes than before.
    pub written: usize,
    /// The files that are what they were.
    pub kept: usize,
}

/// What the site may not be written over: the project's root and its content folder.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    pub root: &'a Path,
    /// Below the root.
    pub content: &'a str,
}

/// What is put at a destination.
#[derive(Clone, Copy)]
pub enum Kind<'a> {
    /// A site: these versions beside those that are there.
    Site,
    /// A share of a site, and its label.
    Shard(&'a Label),
    /// A site that was made in these shards.
    Merged(&'a Shards),
}

/// Publishes versions in the site at the destination, beside the versions that are there, in one step.
///
/// # Errors
/// The destination is not a site's, a release that is published there is another, a template does not render, or something
/// cannot be written; the site that was there is untouched.
pub fn publish(
    sources: Sources<'_>,
    destination: &Path,
    editions: &[Edition<'_>],
    kind: Kind<'_>,
    watcher: &Watcher<'_>,
) -> Result<Published, WriteError> {
    let named = destination;
    let destination = resolve(sources, destination)?;
    let workshop = open(&destination, watcher)?;
    let old = inventory::take(&destination)?;
    let there = published::Published::read(&destination, &old.files);
    let site = match kind {
        Kind::Shard(_) if !shard::is_shard(&old.listed) && !old.listed.is_empty() => {
            return Err(WriteError::SiteThere(named.to_owned()));
        }
        Kind::Shard(label) => site::part(editions, &there, label.text()),
        _ if shard::is_shard(&old.listed) => return Err(WriteError::ShardThere(named.to_owned())),
        Kind::Site => site::site(editions, &there),
        Kind::Merged(shards) => site::site(editions, &there).carried_from(shards),
    };
    let next = workshop.next();
    let folders = Folders { next: &next, old: &destination, listed: &old.listed };
    let outcome = apply::make(&folders, &site, watcher.progress)?;
    unchanged(named, &site, &old.listed, &outcome)?;
    let kept = outcome.kept.len();
    let result = Published { written: site.files.len() - kept, kept };
    if result.written > 0 || old.listed != outcome.digests {
        apply::complete(&folders, &site, &outcome, &workshop.marker())?;
        apply::carry(&next, &destination, &old.litter)?;
        apply::swap(&next, &destination, &workshop.old()).map_err(WriteError::Swap)?;
    }
    Ok(result)
}

/// Sees to it that the releases that are published are what they would be written as.
fn unchanged(
    destination: &Path,
    site: &Site<'_>,
    listed: &marker::Files,
    outcome: &Outcome,
) -> Result<(), WriteError> {
    for version in site.made_again() {
        let gone = listed.keys().filter(|path| !site.files.contains_key(*path));
        let own = outcome.differing.iter().chain(gone);
        let own = own.filter_map(|path| published::below(path, version));
        let files: BTreeSet<&str> = own.collect();
        if !files.is_empty() {
            return Err(WriteError::Released {
                folder: destination.join(version),
                version: version.to_owned(),
                files: files.into_iter().map(str::to_owned).collect(),
            });
        }
    }
    Ok(())
}

/// Publishes what several builds have made, each its share.
///
/// # Errors
/// The folders are not all the shards of one build, or one of them is where the site would be, or the site cannot be published.
pub fn merge(
    sources: Sources<'_>,
    destination: &Path,
    folders: &[PathBuf],
    watcher: &Watcher<'_>,
) -> Result<(Shards, Published), WriteError> {
    let shards = Shards::read(folders)?;
    if let Some(shard) = shard::entangled(&resolve(sources, destination)?, folders) {
        let (destination, shard) = (destination.to_owned(), shard.clone());
        return Err(WriteError::Inside { destination, shard });
    }
    let kind = Kind::Merged(&shards);
    let published = publish(sources, destination, &shards.editions(), kind, watcher)?;
    Ok((shards, published))
}

/// Returns the folders that publishing a site changes: the site, and the one beside it where the next is prepared.
pub fn own_folders(destination: &Path) -> Vec<PathBuf> {
    let destination = real(destination).unwrap_or_else(|_| destination.to_owned());
    vec![workshop::workshop_of(&destination), destination]
}

/// Removes the site at the destination: what `handover` wrote. Tells whether there was one.
///
/// # Errors
/// The folder is not a site, or holds something else too: nothing is removed then.
pub fn clean(
    sources: Sources<'_>,
    destination: &Path,
    watcher: &Watcher<'_>,
) -> Result<bool, WriteError> {
    let destination = resolve(sources, destination)?;
    if fs::symlink_metadata(&destination).is_err() {
        return Ok(false);
    }
    let workshop = open(&destination, watcher)?;
    if inventory::take(&destination)?.listed.is_empty() {
        return Ok(false);
    }
    fs::rename(&destination, workshop.old()).map_err(doing("remove", &destination))?;
    workshop.clear()?;
    Ok(true)
}

fn open(destination: &Path, watcher: &Watcher<'_>) -> Result<Workshop, WriteError> {
    let beside = |source| WriteError::Beside { destination: destination.to_owned(), source };
    if let Some(parent) = destination.parent() {
        fs::create_dir_all(parent).map_err(doing("create", parent)).map_err(beside)?;
    }
    let workshop = Workshop::open(destination, watcher.waiting).map_err(beside)?;
    workshop.recover(destination)?;
    Ok(workshop)
}

/// Returns where the site really stands: absolute, behind links, and not where the project is.
fn resolve(sources: Sources<'_>, destination: &Path) -> Result<PathBuf, WriteError> {
    let resolved = real(destination)?;
    if real(&sources.root.join(sources.content))?.starts_with(&resolved)
        || real(sources.root)?.starts_with(&resolved)
    {
        return Err(WriteError::Sources(destination.to_owned()));
    }
    match fs::symlink_metadata(&resolved) {
        Ok(found) if !found.is_dir() => Err(WriteError::File(destination.to_owned())),
        _ => Ok(resolved),
    }
}

/// Returns the canonical path of what need not be there yet.
fn real(path: &Path) -> Result<PathBuf, IoError> {
    let absolute = std::path::absolute(path).map_err(doing("find", path))?;
    match (fs::canonicalize(&absolute), absolute.parent(), absolute.file_name()) {
        (Err(error), Some(parent), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(real(parent)?.join(name))
        }
        (found, ..) => found.map_err(doing("open", path)),
    }
}
