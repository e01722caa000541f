//! A project as it would be if one of its files said something else.

use crate::source::{FileKind, Files, SourcePath, Unread};

/// Files of which one has another text, or is there at all.
pub(super) struct Overlay<F> {
    pub(super) files: F,
    pub(super) path: SourcePath,
    pub(super) text: String,
}

impl<F: Files> Files for Overlay<F> {
    fn list(&self, folder: &str) -> (Vec<SourcePath>, Vec<Unread>) {
        let (mut files, unread) = self.files.list(folder);
        if self.path.below(folder).is_some()
            && let Err(at) = files.binary_search(&self.path)
        {
            files.insert(at, self.path.clone());
        }
        (files, unread)
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        if *path == self.path {
            return Ok(Some(self.text.clone().into_bytes()));
        }
        self.files.read(path)
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        match self.path.below(path.as_str()) {
            Some(_) => Some(FileKind::Folder),
            None if *path == self.path => Some(FileKind::File),
            None => self.files.kind(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::files;

    #[test]
    fn one_file_says_something_else() {
        let path = |path| SourcePath::new(path).unwrap();
        for (new, listed) in [("a/b.md", vec!["a/b.md"]), ("a/c/d.md", vec!["a/b.md", "a/c/d.md"])]
        {
            let overlay = Overlay {
                files: files("-- a/b.md --\nold\n"),
                path: path(new),
                text: "new".into(),
            };
            assert_eq!(overlay.list("a").0, listed.into_iter().map(path).collect::<Vec<_>>());
            assert_eq!(overlay.read(&path(new)).unwrap().unwrap(), b"new");
            assert_eq!(overlay.kind(&path(new)), Some(FileKind::File));
            assert_eq!(overlay.kind(&path("a")), Some(FileKind::Folder));
            assert_eq!(overlay.kind(&path("x")), None);
        }
    }
}
