//! A single file of the project → disk: the whole of it, or nothing.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::IoError;
use crate::write::error::doing;

/// Writes a new file, with the folders above it. It is on the disk, whole, when this returns.
///
/// # Errors
/// There is one already, or it cannot be written; then nothing is left of it.
pub fn create(path: &Path, text: &str) -> Result<(), IoError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(doing("create", folder))?;
    let mut builder = tempfile::Builder::new();
    // Unlike other temporary files this one is for everybody whom the folder is for.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.prefix(".handover-").tempfile_in(folder).map_err(doing("write", path))?;
    let create = |mut file: NamedTempFile| {
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|refused| refused.error)?;
        flush(folder)
    };
    create(file).map_err(doing("write", path))
}

/// Brings the names in a folder to the disk.
#[cfg(unix)]
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn flush(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.toml");
        create(&path, "one").unwrap();
        let refused = create(&path, "two").unwrap_err();
        assert_eq!(refused.source.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
