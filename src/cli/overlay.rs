//! A project as it would be if some of its files said something else.

use std::collections::BTreeMap;

use crate::source::{FileKind, Files, SourcePath, Unread};

/// Files of which some have another text, are there at all, or are gone.
pub(super) struct Overlay<F> {
    pub(super) files: F,
    /// `None` is no file.
    pub(super) texts: BTreeMap<SourcePath, Option<String>>,
}

impl<F: Files> Files for Overlay<F> {
    fn list(&self, folder: &str) -> (Vec<SourcePath>, Vec<Unread>) {
        let (mut files, unread) = self.files.list(folder);
        files.retain(|path| !self.texts.contains_key(path));
        let there = self.texts.iter().filter(|(_, text)| text.is_some()).map(|(path, _)| path);
        files.extend(there.filter(|path| path.below(folder).is_some()).cloned());
        files.sort();
        (files, unread)
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone().map(String::into_bytes)),
            None => self.files.read(path),
        }
    }

    fn stands_at(&self, path: &SourcePath) -> Option<SourcePath> {
        if self.texts.contains_key(path) { None } else { self.files.stands_at(path) }
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        match self.texts.get(path) {
            Some(Some(_)) => Some(FileKind::File),
            Some(None) => None,
            None => {
                let mut there = self.texts.iter().filter(|(_, text)| text.is_some());
                let is_above = there.any(|(file, _)| file.below(path.as_str()).is_some());
                if is_above { Some(FileKind::Folder) } else { self.files.kind(path) }
            }
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
                texts: BTreeMap::from([(path(new), Some("new".into()))]),
            };
            assert_eq!(overlay.list("a").0, listed.into_iter().map(path).collect::<Vec<_>>());
            assert_eq!(overlay.read(&path(new)).unwrap().unwrap(), b"new");
            assert_eq!(overlay.kind(&path(new)), Some(FileKind::File));
            assert_eq!(overlay.kind(&path("a")), Some(FileKind::Folder));
            assert_eq!(overlay.kind(&path("x")), None);
        }
        let texts = BTreeMap::from([(path("a/b.md"), None)]);
        let overlay = Overlay { files: files("-- a/b.md --\nold\n-- a/c.md --\n"), texts };
        assert_eq!(overlay.list("a").0, [path("a/c.md")]);
        assert_eq!(
            (overlay.read(&path("a/b.md")), overlay.kind(&path("a/b.md"))),
            (Ok(None), None)
        );
    }
}
