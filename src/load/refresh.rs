//! What is said to have changed on the disk → what has: the same tree, looked at again where somebody saw something move.
//!
//! A hint says where to look, never what is there now.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::load::{Folder, WorkingTree};
use crate::source::{SITE_MARKER, Suspects};

/// Where something may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// At these paths, absolute and canonical, and below them.
    At(BTreeSet<PathBuf>),
    /// Anywhere: nobody saw all of it.
    Anywhere,
}

impl Hint {
    /// Takes what another says into this one.
    pub fn add(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::At(paths), Self::At(others)) => paths.extend(others),
            (_, other) => *self = other,
        }
    }

    fn says(&self, path: &Path) -> bool {
        match self {
            Self::Anywhere => true,
            Self::At(paths) => path.ancestors().any(|path| paths.contains(path)),
        }
    }
}

impl WorkingTree {
    /// Looks into folders again that may have changed, and tells whether other things may stand at a path, or in a folder,
    /// than before.
    pub fn refresh(&self, hint: &Hint) -> bool {
        let mut folders = self.folders.lock().expect("invariant: no reader panics");
        let again = |folder: &Path| match hint {
            Hint::At(paths) => {
                hint.says(folder) || paths.iter().any(|path| path.parent() == Some(folder))
            }
            Hint::Anywhere => true,
        };
        let old: BTreeMap<PathBuf, Arc<Folder>> =
            folders.extract_if(.., |path, _| again(path)).collect();
        // Whether a folder is a site stands in a file of it.
        let is_marker = |path: &PathBuf| path.file_name() == Some(OsStr::new(SITE_MARKER));
        let mut changed = match hint {
            Hint::Anywhere => true,
            Hint::At(paths) => hint.says(&self.root) || paths.iter().any(is_marker),
        };
        for (path, old) in old {
            // What is gone is looked for again when somebody asks for it.
            if let new @ Ok(_) = self.look_into(&path) {
                changed |= new != *old;
                folders.insert(path, Arc::new(new));
            } else {
                changed |= old.is_ok();
            }
        }
        changed
    }

    /// Tells whether something is read through a symbolic link: what that leads to may change where nobody looks.
    pub fn has_links(&self) -> bool {
        !self.linked.lock().expect("invariant: no reader panics").is_empty()
    }

    /// Returns which files may have changed.
    pub fn suspects(&self, hint: &Hint) -> Suspects {
        let Hint::At(paths) = hint else { return Suspects::All };
        // One beside the project begins with `..`, as the paths of what was read there do.
        let below = |path: &PathBuf| {
            let mut from = self.root.as_path();
            let mut place = Vec::new();
            while !path.starts_with(from) && from != self.top {
                place.push("..");
                from = from.parent()?;
            }
            for part in path.strip_prefix(from).ok()? {
                place.push(part.to_str()?);
            }
            Some(place.join("/"))
        };
        let mut places: BTreeSet<String> = paths.iter().filter_map(below).collect();
        // The project itself is the empty path, below which everything stands.
        if places.iter().any(|place| place.split('/').all(|part| part.is_empty() || part == "..")) {
            return Suspects::All;
        }
        let linked = self.linked.lock().expect("invariant: no reader panics");
        places.extend(linked.iter().map(|path| path.as_str().to_owned()));
        Suspects::At(places)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Mutex;

    use super::*;
    use crate::load::watched_tree;
    use crate::source::{Files as _, SourcePath, Tree};

    fn hint(paths: &[PathBuf]) -> Hint {
        Hint::At(paths.iter().cloned().collect())
    }

    #[test]
    fn what_changed_is_seen_where_the_hint_says() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let looked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&looked);
        let tree = Arc::new(
            watched_tree(&root, move |at| told.lock().unwrap().push(at.to_owned())).unwrap(),
        );
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/x.md"), "x").unwrap();
        let mut sources = Tree::new(Arc::clone(&tree));
        let path = SourcePath::new("a/b/x.md").unwrap();
        let old = sources.source(&path).unwrap().unwrap();
        assert_eq!(*looked.lock().unwrap(), [root.clone(), root.join("a"), root.join("a/b")]);

        fs::write(root.join("a/b/x.md"), "x").unwrap();
        let here = hint(&[root.join("a/b/x.md")]);
        assert!(!tree.refresh(&here));
        assert!(sources.refresh(true, &tree.suspects(&here)).is_empty());
        assert!(Arc::ptr_eq(&old, &sources.source(&path).unwrap().unwrap()), "the same text");

        fs::write(root.join("a/b/x.md"), "y").unwrap();
        fs::write(root.join("a/y.md"), "").unwrap();
        let elsewhere = hint(&[root.join("a/y.md")]);
        assert!(tree.refresh(&elsewhere));
        assert!(sources.refresh(true, &tree.suspects(&elsewhere)).is_empty());
        assert_eq!(sources.refresh(true, &tree.suspects(&here)), std::slice::from_ref(&path));
        assert_eq!(sources.source(&path).unwrap().unwrap().text, "y");
        assert_eq!(tree.list("").0.len(), 2);

        fs::remove_dir_all(root.join("a")).unwrap();
        assert!(tree.refresh(&hint(&[root.join("a")])));
        assert_eq!(
            sources.refresh(true, &tree.suspects(&Hint::Anywhere)),
            std::slice::from_ref(&path)
        );
        assert_eq!(sources.source(&path), Ok(None));
        assert!(tree.list("").0.is_empty());
    }
}
