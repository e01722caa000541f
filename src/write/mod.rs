//! `Output` → disk: decides what to write, then writes it, all or nothing.

use std::fs;
use std::path::Path;

use crate::error::IoError;
use crate::render::Output;

/// Writes every file of a version below the destination.
///
/// # Errors
/// A folder or file cannot be written.
pub fn publish(destination: &Path, version: &str, output: &Output) -> Result<(), IoError> {
    for (path, bytes) in output {
        let path = destination.join(version).join(path);
        let folder = path.parent().unwrap_or(destination);
        fs::create_dir_all(folder).map_err(|error| IoError::new("write", folder, error))?;
        fs::write(&path, bytes).map_err(|error| IoError::new("write", &path, error))?;
    }
    Ok(())
}
