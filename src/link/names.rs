//! Links that name a document and not where it stands: `[[Restore the database]]`, `{{< ref "restore" >}}`.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::parse::dialect::{index_folder, stem};
use crate::parse::document::Document;
use crate::source::{SourcePath, Tree};

/// Documents and files by the ends of their paths: `db/restore.md` is `restore` and `db/restore`.
pub(super) struct Names<'a> {
    tree: &'a Tree,
    content: &'a str,
    documents: BTreeMap<String, &'a SourcePath>,
    /// Other files, by their names; listed when the first one is asked for.
    files: OnceLock<BTreeMap<String, SourcePath>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        content: &'a str,
        documents: &'a BTreeMap<SourcePath, Arc<Document>>,
    ) -> Self {
        let mut names = BTreeMap::new();
        // What stands higher up is meant before what stands deep down.
        let mut paths: Vec<&SourcePath> = documents.keys().collect();
        paths.sort_by_key(|path| path.as_str().matches('/').count());
        for path in paths {
            let below = path.below(content).unwrap_or(path.as_str());
            let folder = index_folder(below).filter(|folder| !folder.is_empty());
            for name in [Some(stem(below)), folder].into_iter().flatten() {
                for end in ends(&key(name)) {
                    names.entry(end.to_owned()).or_insert(path);
                }
            }
        }
        for (path, document) in documents {
            names.entry(key(&document.title)).or_insert(path);
        }
        Self { tree, content, documents: names, files: OnceLock::new() }
    }

    /// Returns the document of a name.
    pub(super) fn document(&self, name: &str) -> Option<&'a SourcePath> {
        let name = name.trim_start_matches(['/', '.']).trim_end_matches('/');
        self.documents.get(&key(stem(name))).or_else(|| self.documents.get(&key(name))).copied()
    }

    /// Returns the file of a name, wherever it lies.
    pub(super) fn file(&self, name: &str) -> Option<SourcePath> {
        let files = self.files.get_or_init(|| {
            let listing = self.tree.list(self.content);
            let name = |path: &SourcePath| (path.name().to_lowercase(), path.clone());
            listing.0.iter().map(name).collect()
        });
        files.get(&name.rsplit('/').next()?.to_lowercase()).cloned()
    }
}

/// Returns a name as wikis compare them.
fn key(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '_'], "-")
}

/// Tells whether a document goes by a name because of its path below the content folder.
pub fn is_name_of(below: &str, name: &str) -> bool {
    let name = key(stem(name.trim_start_matches(['/', '.']).trim_end_matches('/')));
    let paths = [Some(stem(below)), index_folder(below)];
    paths.into_iter().flatten().any(|path| ends(&key(path)).any(|end| end == name))
}

/// Returns the ends of a path, the whole first.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.split_once('/').map(|(_, end)| end))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{check, portal};
    use crate::link::Target;

    #[test]
    fn a_name_is_found_wherever_its_document_stands() {
        let fixture = "\
-- docs/start.md --
# Start
[[Fail Over]] [[db/fail-over#Before you start|the steps]] [[Restoring everything]] [[pg]] [[Gone]] ![[flow.png]]
[[fail over#Gone]]

| a |
|---|
| [[fail-over\\|cell]] |

`[[code]]` [[start]]: no, [[known]]

[known]: start.md
-- docs/db/Fail Over.md --
# Fail over
## Before you start
-- docs/restore.md --
# Restoring everything
-- docs/pg/README.md --
# Database
-- docs/img/flow.png --
";
        let portal = portal(fixture);
        let path = crate::source::SourcePath::new("docs/start.md").unwrap();
        let links = portal.documents[&path].links.iter().zip(&portal.targets[&path]);
        let shown: Vec<String> = links
            .map(|(link, target)| {
                let to = match target {
                    Target::Document { path, anchor, .. } => format!("{path} {anchor:?}"),
                    Target::Asset { path } => path.to_string(),
                    other => format!("{other:?}"),
                };
                format!("{} → {to}", link.text)
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        Fail Over → docs/db/Fail Over.md None
        the steps → docs/db/Fail Over.md Some("before-you-start")
        Restoring everything → docs/restore.md None
        pg → docs/pg/README.md None
        Gone → Missing { path: Some(SourcePath("docs/Gone")) }
        flow.png → docs/img/flow.png
        fail over › Gone → docs/db/Fail Over.md Some("Gone")
        cell → docs/db/Fail Over.md None
        start → docs/start.md None
        known → docs/start.md None
        "#);
        insta::assert_snapshot!(check(fixture), @"
        docs/start.md:2:91: error[broken-link]: link to `Gone`, which does not exist
        docs/start.md:3:1: error[broken-anchor]: link to `#Gone`, which `docs/db/Fail Over.md` does not have
        ");
    }
}
