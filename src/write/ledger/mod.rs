//! Records → their file: what happened is added at the end, all of it or nothing, and nobody's record is lost.
//!
//! ```text
//! .reviews.toml.handover    beside `reviews.toml`, while records are added to it
//! ```
//!
//! That file is the lock and becomes the records: whoever writes locks it, reads the records, writes them and the new ones into
//! it, and renames it to the records' name. Who waited for the lock sees that the name leads to another file now, and begins
//! anew. A write that died leaves a file that nobody holds: the next one takes it over.

pub mod text;

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use same_file::Handle;

use crate::error::IoError;
use crate::source::{Source, SourcePath};
use crate::write::error::doing;
use crate::write::file::flush;
use crate::write::ledger::text::{Event, Misfit, appended};
use crate::write::real;

/// Why records cannot be added to a file. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error(transparent)]
    Io(#[from] IoError),
    #[error("cannot add to `{0}`: it lies outside the project")]
    Outside(SourcePath),
    #[error("cannot add to `{0}`: it is read-only")]
    ReadOnly(SourcePath),
    #[error("cannot add to `{0}`: it is not a file")]
    NotAFile(SourcePath),
    #[error("cannot add to `{0}`: it is not UTF-8")]
    NotUtf8(SourcePath),
    #[error("cannot add to `{path}:{line}:{column}`: not valid TOML: {message}")]
    NotToml { path: SourcePath, line: usize, column: usize, message: String },
    #[error("cannot add to `{path}`: its `{table}` is not written as `[[{table}]]`")]
    NotAnArray { path: SourcePath, table: String },
    #[error("cannot add to `{path}`: the `[[{table}]]` would not read as what it is")]
    NotTheSame { path: SourcePath, table: String },
}

/// Adds records to a file of the project, which need not be there yet, and returns the line of each. Calls `waiting` when
/// somebody else adds to the same file.
///
/// # Errors
/// The file cannot take them, or cannot be written.
pub fn append(
    root: &Path,
    path: &SourcePath,
    events: &[Event],
    waiting: &dyn Fn(),
) -> Result<Vec<usize>, LedgerError> {
    let file = place(root, path)?;
    let folder = file.parent().unwrap_or(root);
    create_folder(folder)?;
    let draft = Draft::open(&file, waiting)?;
    let written = draft.add(path, &file, events);
    if written.is_err() {
        draft.discard();
    }
    written
}

/// Returns where a file of the project really stands, behind links.
fn place(root: &Path, path: &SourcePath) -> Result<PathBuf, LedgerError> {
    let (root, named) = (real(root)?, root.join(path.as_str()));
    let file = real(&named)?;
    if !file.starts_with(&root) || file == root {
        return Err(LedgerError::Outside(path.clone()));
    }
    match fs::symlink_metadata(&file) {
        // A link that is still one leads to nothing.
        Ok(found) if !found.is_file() => Err(LedgerError::NotAFile(path.clone())),
        _ => Ok(file),
    }
}

/// Creates a folder, and sees to it that its name is on the disk.
fn create_folder(folder: &Path) -> Result<(), IoError> {
    if fs::symlink_metadata(folder).is_ok() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(folder);
    if above != folder {
        create_folder(above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        created => created.map_err(doing("create", folder))?,
    }
    flush(above).map_err(doing("write", above))
}

/// The file that holds the lock and becomes the records.
struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    fn open(records: &Path, waiting: &dyn Fn()) -> Result<Self, IoError> {
        let mut name = std::ffi::OsString::from(".");
        name.push(records.file_name().unwrap_or_default());
        name.push(".handover");
        let path = records.with_file_name(name);
        loop {
            // A link would lead the records to where nobody sent them.
            if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
                return Err(IoError::new("use", &path, io::ErrorKind::AlreadyExists.into()));
            }
            let mut options = File::options();
            let file = options.create(true).truncate(false).read(true).write(true).open(&path);
            let file = file.map_err(doing("write", &path))?;
            if file.try_lock().is_err() {
                waiting();
                file.lock().map_err(doing("lock", &path))?;
            }
            // Whoever held the lock has made the file the records, or taken it away.
            let held =
                file.try_clone().and_then(Handle::from_file).map_err(doing("lock", &path))?;
            if Handle::from_path(&path).is_ok_and(|there| there == held) {
                return Ok(Self { path, file });
            }
        }
    }

    fn add(
        &self,
        path: &SourcePath,
        records: &Path,
        events: &[Event],
    ) -> Result<Vec<usize>, LedgerError> {
        let (text, permissions) = read(path, records)?;
        let source = Source::new(path.clone(), text);
        let new = appended(&source, events).map_err(|misfit| LedgerError::of(path, misfit))?;
        self.write(new.text.as_bytes(), permissions).map_err(doing("write", &self.path))?;
        fs::rename(&self.path, records).map_err(doing("write", records))?;
        let folder = records.parent().unwrap_or(records);
        flush(folder).map_err(doing("write", folder))?;
        Ok(new.lines)
    }

    fn write(&self, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
        let mut file = &self.file;
        // A write that died may have left something.
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(bytes)?;
        permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
        file.sync_all()
    }

    /// Takes the file away, while it is still held. The next write can use it too, so nothing is said of errors.
    fn discard(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns the text of the records and their permissions; nothing where there is no file yet.
fn read(path: &SourcePath, records: &Path) -> Result<(String, Option<Permissions>), LedgerError> {
    let mut file = match File::open(records) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((String::new(), None)),
        opened => opened.map_err(doing("read", records))?,
    };
    let permissions = file.metadata().map_err(doing("read", records))?.permissions();
    if permissions.readonly() {
        return Err(LedgerError::ReadOnly(path.clone()));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(doing("read", records))?;
    let text = String::from_utf8(bytes).map_err(|_| LedgerError::NotUtf8(path.clone()))?;
    Ok((text, Some(permissions)))
}

impl LedgerError {
    /// Returns the error for what a file's text cannot take.
    pub fn of(path: &SourcePath, misfit: Misfit) -> Self {
        let path = path.clone();
        match misfit {
            Misfit::NotToml { line, column, message } => {
                Self::NotToml { path, line, column, message }
            }
            Misfit::NotAnArray { table } => Self::NotAnArray { path, table },
            Misfit::NotTheSame { table } => Self::NotTheSame { path, table },
        }
    }

    /// Returns what to do about it, where there is something to do.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotToml { .. } => Some("mend the file first: nothing was written".into()),
            Self::NotAnArray { table, .. } => Some(format!(
                "write each of them as a table of its own, or name another file with `--file`: `[[{table}]]`"
            )),
            Self::Outside(_) | Self::ReadOnly(_) | Self::NotAFile(_) => {
                Some("name another file with `--file`".into())
            }
            Self::NotUtf8(_) | Self::Io(_) | Self::NotTheSame { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
