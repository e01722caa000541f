//! What a link to nothing may have meant.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::diagnostic::did_you_mean;
use crate::link::Portal;
use crate::source::SourcePath;

/// The files that a link can lead to, by name and by folder: many links may be broken in a large project.
pub struct Nearest<'a> {
    portal: &'a Portal,
    /// Put together for the first link that is broken.
    places: OnceLock<Places<'a>>,
}

#[derive(Default)]
struct Places<'a> {
    names: BTreeMap<&'a str, Vec<&'a SourcePath>>,
    folders: BTreeMap<&'a str, Vec<&'a SourcePath>>,
    /// By their paths in lower case.
    lower: BTreeMap<String, &'a SourcePath>,
}

impl<'a> Nearest<'a> {
    /// Knows the documents of the portal, and the images and downloads that they name.
    pub fn new(portal: &'a Portal) -> Self {
        Self { portal, places: OnceLock::new() }
    }

    fn places(&self) -> &Places<'a> {
        self.places.get_or_init(|| {
            let mut places = Places::default();
            for path in self.portal.documents.keys().chain(self.portal.assets.keys()) {
                places.names.entry(path.name()).or_default().push(path);
                places.folders.entry(path.folder()).or_default().push(path);
                places.lower.entry(path.as_str().to_lowercase()).or_insert(path);
            }
            places
        })
    }

    /// Says what a link from `from` to the missing `wanted` may have meant.
    pub fn help(&self, wanted: &SourcePath, from: &SourcePath) -> Option<String> {
        if let Some(there) = self.places().lower.get(&wanted.as_str().to_lowercase()) {
            let there = relative(from, there);
            return Some(format!("there is `{there}`: upper and lower case are not the same"));
        }
        self.to(wanted, from).map(|near| format!("did you mean `{near}`?"))
    }

    /// Returns what a link from `from` to the missing `wanted` may have meant, as one would write it there.
    ///
    /// That is the one file of the same name elsewhere, else the one of the nearest name in the same folder.
    pub fn to(&self, wanted: &SourcePath, from: &SourcePath) -> Option<String> {
        let places = self.places();
        if let Some([only]) = places.names.get(wanted.name()).map(Vec::as_slice) {
            return Some(relative(from, only));
        }
        let folder = places.folders.get(wanted.folder())?;
        let name = did_you_mean(wanted.name(), folder.iter().map(|path| path.name()))?;
        let near = folder.iter().find(|path| path.name() == name)?;
        Some(relative(from, near))
    }
}

/// Returns a path as a link in another file writes it: `../db/restore.md`.
pub fn relative(from: &SourcePath, to: &SourcePath) -> String {
    let from_folders: Vec<&str> = parts(from.folder()).collect();
    let to_folders: Vec<&str> = parts(to.folder()).collect();
    let common = from_folders.iter().zip(&to_folders).take_while(|(a, b)| a == b).count();
    let mut path = "../".repeat(from_folders.len() - common);
    for folder in &to_folders[common..] {
        path.push_str(folder);
        path.push('/');
    }
    path.push_str(to.name());
    path
}

fn parts(folder: &str) -> impl Iterator<Item = &str> {
    folder.split('/').filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::portal;

    #[test]
    fn a_path_is_given_as_a_link_would_write_it() {
        let path = |text| SourcePath::new(text).unwrap();
        let relative = |from, to| relative(&path(from), &path(to));
        assert_eq!(relative("content/db/b.md", "content/db/a.md"), "a.md");
        assert_eq!(relative("content/b.md", "content/db/a.md"), "db/a.md");
        assert_eq!(relative("content/ops/x/b.md", "content/db/a.md"), "../../db/a.md");
        assert_eq!(relative("content/b.md", "a.md"), "../a.md");
    }

    #[test]
    fn the_nearest_document_is_named_as_one_would_write_it() {
        let portal = portal(
            "\
-- src/db/restore.md --
-- src/db/x/restore.md --
-- src/queue/drain.md --
-- src/on-call/a.md --
",
        );
        let from = SourcePath::new("src/on-call/a.md").unwrap();
        let files = Nearest::new(&portal);
        let nearest = |wanted: &str| files.to(&SourcePath::new(wanted).unwrap(), &from);
        assert_eq!(nearest("src/on-call/drain.md").as_deref(), Some("../queue/drain.md"));
        assert_eq!(nearest("src/db/restor.md").as_deref(), Some("../db/restore.md"));
        assert_eq!(nearest("src/on-call/restore.md"), None, "there are two");
        let help = files.help(&SourcePath::new("src/DB/Restore.md").unwrap(), &from);
        let expected = "there is `../db/restore.md`: upper and lower case are not the same";
        assert_eq!(help.as_deref(), Some(expected));
    }
}
