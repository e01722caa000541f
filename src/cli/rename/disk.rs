//! The files of a move → disk: all of them, or none.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli::failure::Failure;
use crate::error::IoError;

/// A file that changes, with its bytes before and after.
pub(super) struct Change {
    pub(super) path: PathBuf,
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

/// Moves a file and changes others. Where something cannot be done, what was done is taken back.
pub(super) fn apply(old: &Path, new: &Path, changes: &[Change]) -> Result<(), Failure> {
    let folder = new.parent().unwrap_or(Path::new("."));
    let made = missing_folders(folder);
    let done = fs::create_dir_all(folder)
        .map_err(|error| IoError::new("create", folder, error))
        .and_then(|()| moved(old, new));
    if let Err(error) = done {
        remove_folders(&made);
        return Err(error.into());
    }
    for (index, change) in changes.iter().enumerate() {
        if let Err(error) = replace(&change.path, &change.after) {
            for change in &changes[..index] {
                let _ = replace(&change.path, &change.before);
            }
            let _ = fs::rename(new, old);
            remove_folders(&made);
            return Err(error.into());
        }
    }
    Ok(())
}

/// Renames a file, unless something stands there already.
fn moved(old: &Path, new: &Path) -> Result<(), IoError> {
    if fs::symlink_metadata(new).is_ok() {
        return Err(IoError::new("write", new, std::io::ErrorKind::AlreadyExists.into()));
    }
    fs::rename(old, new).map_err(|error| IoError::new("move", old, error))
}

/// Puts a whole file in the place of one, with its permissions.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    let refused = |error| IoError::new("write", path, error);
    let path = &fs::canonicalize(path).map_err(refused)?;
    let permissions = fs::metadata(path).map_err(refused)?.permissions();
    let mut file =
        NamedTempFile::new_in(path.parent().unwrap_or(Path::new("."))).map_err(refused)?;
    file.write_all(bytes).map_err(refused)?;
    file.as_file().set_permissions(permissions).map_err(refused)?;
    file.as_file().sync_all().map_err(refused)?;
    file.persist(path).map_err(|error| refused(error.error))?;
    Ok(())
}

/// Returns the folders on the way to one that are not there, the lowest first.
fn missing_folders(folder: &Path) -> Vec<PathBuf> {
    let above = folder.ancestors().take_while(|folder| {
        !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).is_err()
    });
    above.map(Path::to_owned).collect()
}

fn remove_folders(folders: &[PathBuf]) {
    for folder in folders {
        let _ = fs::remove_dir(folder);
    }
}
