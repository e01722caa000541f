//! What goes wrong at the doors: the disk and other programs. Problems of the project are diagnostics, not errors.

use std::io;
use std::path::{Path, PathBuf};

/// Something at a path that could not be done: "cannot read `book.toml`: permission denied".
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} `{}`: {}", path.display(), phrase(source))]
pub struct IoError {
    /// A verb, with its preposition where it needs one: `read`, `write`.
    pub doing: &'static str,
    pub path: PathBuf,
    #[source]
    pub source: io::Error,
}

impl IoError {
    pub fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self { doing, path: path.to_owned(), source }
    }
}

/// Returns what the system says of an error as a lower-case phrase, without the error's number.
pub fn phrase(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split_once(" (os error ").map_or(&*text, |(words, _)| words);
    let mut characters = text.chars();
    match characters.next() {
        // "I/O error" and "RPC failed" keep their capitals.
        Some(first) if characters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_for_people() {
        let denied = io::Error::from_raw_os_error(13);
        let error = IoError::new("read", Path::new("book.toml"), denied);
        assert_eq!(error.to_string(), "cannot read `book.toml`: permission denied");
        assert_eq!(phrase(&io::Error::other("I/O failure")), "I/O failure");
    }
}
