//! What stands in a site's folder, and whose it is.

use std::fs;
use std::io;
use std::path::Path;

use walkdir::WalkDir;

use crate::error::IoError;
use crate::source::SITE_MARKER;
use crate::write::error::{WriteError, doing};
use crate::write::marker::{self, Files};

/// A folder in which all is ours.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// What the marker lists.
    pub(super) listed: Files,
    /// What is still there of it: somebody may have taken an old version away.
    pub(super) files: Files,
    /// What file managers leave in every folder that they show, by path.
    pub(super) litter: Vec<String>,
}

/// The names that file managers use.
pub(super) const LITTER: &[&str] = &[".DS_Store", "Thumbs.db", "desktop.ini"];

/// Looks through a folder that is a site, empty, or not there.
///
/// # Errors
/// Something in it is not ours.
pub(super) fn take(folder: &Path) -> Result<Inventory, WriteError> {
    let path = folder.join(SITE_MARKER);
    let listed = match fs::read_to_string(&path) {
        Ok(text) => marker::files(&text),
        Err(error) if absent(&error) => None,
        Err(error) => return Err(IoError::new("read", &path, error).into()),
    };
    let is_site = listed.is_some();
    let mut inventory = Inventory { listed: listed.unwrap_or_default(), ..Inventory::default() };
    let mut foreign = Vec::new();
    let folders = marker::folders(inventory.listed.keys());
    let mut walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) if entry.depth() == 0 => continue,
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 && error.io_error().is_some_and(absent) => break,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                return Err(doing("list", &path)(error.into()).into());
            }
        };
        let below =
            entry.path().strip_prefix(folder).expect("invariant: a walk stays in its folder");
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.join("/");
        let (is_folder, is_file) = (entry.file_type().is_dir(), entry.file_type().is_file());
        match inventory.listed.get(&name) {
            Some(digest) if is_file => {
                inventory.files.insert(name, digest.clone());
            }
            None if is_folder && folders.contains(&*name) => {}
            None if is_file && LITTER.contains(&&*entry.file_name().to_string_lossy()) => {
                inventory.litter.push(name);
            }
            None if is_site && is_file && name == SITE_MARKER => {}
            _ => {
                foreign.push(name);
                if is_folder {
                    walk.skip_current_dir();
                }
            }
        }
    }
    if foreign.is_empty() {
        Ok(inventory)
    } else {
        Err(WriteError::Foreign { destination: folder.to_owned(), foreign })
    }
}

/// There is nothing, or nothing that could be a marker.
fn absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::InvalidData | io::ErrorKind::IsADirectory
    )
}
