//! What a link to nothing may have meant.

use crate::diagnostic::did_you_mean;
use crate::link::Portal;
use crate::source::SourcePath;

impl Portal {
    /// Returns the document that a link from `from` to the missing `wanted` may have meant, as one would write it there.
    ///
    /// That is the one document of the same name elsewhere, else the one of the nearest name in the same folder.
    pub fn nearest(&self, from: &SourcePath, wanted: &SourcePath) -> Option<String> {
        let name = wanted.name();
        let mut same_name = self.documents.keys().filter(|path| path.name() == name);
        if let (Some(path), None) = (same_name.next(), same_name.next()) {
            return Some(relative(from, path));
        }
        let siblings = self.documents.keys().filter(|path| path.folder() == wanted.folder());
        let near = did_you_mean(name, siblings.map(SourcePath::name))?;
        let path = SourcePath::new(&format!("{}/{near}", wanted.folder()))?;
        Some(relative(from, &path))
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
