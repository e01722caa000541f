//! The order and the grouping of the pages: what `SUMMARY.md` says, else the folders.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::link::{Nav, NavItem, NavSection};
use crate::parse::dialect::index_folder;
use crate::parse::document::{Document, name_in_words};
use crate::parse::summary::{Chapter, Summary, SummaryItem};
use crate::source::SourcePath;

type Documents = BTreeMap<SourcePath, Arc<Document>>;

/// Returns the navigation. Documents that `SUMMARY.md` does not list are not in it: the register has them.
pub fn nav(documents: &Documents, summary: Option<&Summary>, content: &str) -> Nav {
    match summary {
        Some(summary) => from_summary(documents, summary),
        None => from_folders(documents, content),
    }
}

fn from_summary(documents: &Documents, summary: &Summary) -> Nav {
    let mut sections = vec![NavSection::default()];
    for item in &summary.items {
        match item {
            SummaryItem::PartTitle(title) => {
                sections.push(NavSection { title: Some(title.clone()), items: Vec::new() });
            }
            SummaryItem::Separator => sections.push(NavSection::default()),
            SummaryItem::Chapter(chapter) => {
                if let Some(section) = sections.last_mut() {
                    section.items.push(nav_item(documents, chapter));
                }
            }
        }
    }
    sections.retain(|section| !section.items.is_empty());
    Nav { sections }
}

impl Nav {
    /// Gives the chapters of the lists their numbers, which go on from part to part.
    pub(super) fn number(&mut self) {
        fn number(items: &mut [NavItem], above: &str) {
            let mut count = 0;
            for item in items.iter_mut().filter(|item| item.is_numbered) {
                count += 1;
                let own = format!("{above}{count}.");
                number(&mut item.nested, &own);
                item.number = Some(own);
            }
        }
        let mut chapters: Vec<NavItem> = Vec::new();
        let lengths: Vec<usize> = self.sections.iter().map(|section| section.items.len()).collect();
        for section in &mut self.sections {
            chapters.append(&mut section.items);
        }
        number(&mut chapters, "");
        let mut chapters = chapters.into_iter();
        for (section, length) in self.sections.iter_mut().zip(lengths) {
            section.items = chapters.by_ref().take(length).collect();
        }
    }
}

impl NavItem {
    /// Returns what stands in the navigation: its number, where it has one, and its title.
    pub fn label(&self) -> String {
        match &self.number {
            Some(number) => format!("{number} {}", self.title),
            None => self.title.clone(),
        }
    }
}

fn nav_item(documents: &Documents, chapter: &Chapter) -> NavItem {
    NavItem {
        title: title(documents, chapter),
        document: chapter.path.clone().filter(|path| documents.contains_key(path)),
        nested: chapter.nested.iter().map(|chapter| nav_item(documents, chapter)).collect(),
        is_numbered: chapter.is_numbered,
        number: None,
    }
}

/// Returns what a chapter is called: where nothing is said, as its document.
fn title(documents: &Documents, chapter: &Chapter) -> String {
    let document = chapter.path.as_ref().and_then(|path| documents.get(path));
    match document.filter(|_| chapter.title.is_empty()) {
        Some(document) => document.title.clone(),
        None => chapter.title.clone(),
    }
}

/// A folder while the tree of them is built.
#[derive(Default)]
struct Folder {
    index: Option<SourcePath>,
    pages: Vec<SourcePath>,
    folders: BTreeMap<String, Folder>,
}

/// The documents of the content folder first, then a section a folder.
fn from_folders(documents: &Documents, content: &str) -> Nav {
    let mut root = Folder::default();
    for path in documents.keys() {
        let below = path.below(content).unwrap_or(path.as_str());
        let (parents, _) = below.rsplit_once('/').unwrap_or(("", below));
        let mut folder = &mut root;
        for name in parents.split('/').filter(|name| !name.is_empty()) {
            folder = folder.folders.entry(name.to_owned()).or_default();
        }
        if index_folder(below).is_some() && folder.index.is_none() {
            folder.index = Some(path.clone());
        } else {
            folder.pages.push(path.clone());
        }
    }
    let Folder { index, pages, folders } = root;
    let own = Folder { index, pages, folders: BTreeMap::new() };
    let mut sections = vec![NavSection { title: None, items: items(documents, own, true) }];
    let mut named: Vec<_> = folders
        .into_iter()
        .map(|(name, folder)| (folder_order(documents, &name, &folder), name, folder))
        .collect();
    named.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    sections.extend(named.into_iter().map(|(_, name, folder)| NavSection {
        title: Some(folder_title(documents, &name, &folder)),
        items: items(documents, folder, true),
    }));
    sections.retain(|section| !section.items.is_empty());
    Nav { sections }
}

/// Returns the entries of a folder in order; `with_index` says whether its own page is one of them.
fn items(documents: &Documents, folder: Folder, with_index: bool) -> Vec<NavItem> {
    let Folder { index, pages, folders } = folder;
    let mut items: Vec<(Order, NavItem)> = Vec::new();
    for (path, is_index) in index
        .filter(|_| with_index)
        .map(|path| (path, true))
        .into_iter()
        .chain(pages.into_iter().map(|path| (path, false)))
    {
        let document = &documents[&path];
        let title = document.title.clone();
        let order = order(document.meta.weight, is_index, path.name(), &title);
        items.push((order, NavItem { title, document: Some(path), ..NavItem::default() }));
    }
    for (name, folder) in folders {
        let item = NavItem {
            title: folder_title(documents, &name, &folder),
            document: folder.index.clone(),
            ..NavItem::default()
        };
        let order = folder_order(documents, &name, &folder);
        items.push((order, NavItem { nested: self::items(documents, folder, false), ..item }));
    }
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    items.into_iter().map(|(_, item)| item).collect()
}

/// What decides the place of an entry: its weight (what has none comes last), then the folder's own page, then a number
/// that the file's name begins with, then the title.
type Order = (i64, bool, u64, String, String);

fn order(weight: Option<i64>, is_index: bool, name: &str, title: &str) -> Order {
    let digits = name.find(|char: char| !char.is_ascii_digit()).unwrap_or(name.len());
    let number = name[..digits].parse().unwrap_or(u64::MAX);
    (weight.unwrap_or(i64::MAX), !is_index, number, title.to_lowercase(), name.to_owned())
}

fn folder_order(documents: &Documents, name: &str, folder: &Folder) -> Order {
    let index = folder.index.as_ref().map(|path| &documents[path]);
    let title = folder_title(documents, name, folder);
    order(index.and_then(|index| index.meta.weight), false, name, &title)
}

fn folder_title(documents: &Documents, name: &str, folder: &Folder) -> String {
    match &folder.index {
        Some(path) => documents[path].title.clone(),
        None => name_in_words(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{nav, portal};

    #[test]
    fn without_a_summary_the_folders_are_the_navigation() {
        insta::assert_snapshot!(nav("\
-- src/z.md --
# Alpha
-- src/a.md --
# beta
-- src/README.md --
# Start
-- src/last.md --
---
weight: 1
---
# Zulu
-- src/db/restore.md --
# Restore
-- src/db/README.md --
# Database
-- src/db/pg/vacuum.md --
# Vacuum
-- src/db/redis/README.md --
# Redis
-- src/db/redis/evict.md --
# Evict
-- src/on-call/10-b.md --
# A
-- src/on-call/9-a.md --
# B
-- src/draft.md --
---
draft: true
---
"), @"
        []
          Zulu src/last.md
          Start src/README.md
          Alpha src/z.md
          beta src/a.md
        [Database]
          Database src/db/README.md
          Pg -
            Vacuum src/db/pg/vacuum.md
          Redis src/db/redis/README.md
            Evict src/db/redis/evict.md
          Restore src/db/restore.md
        [On call]
          B src/on-call/9-a.md
          A src/on-call/10-b.md
        ");
    }

    #[test]
    fn the_chapters_of_a_book_have_numbers_across_its_parts() {
        let book = "\
-- book.toml --
-- src/SUMMARY.md --
[Start](start.md)

- [A](a.md)
  - [B](b.md)
- [Draft]()

# Part

- [C](c.md)

[End](end.md)
-- src/start.md --
-- src/a.md --
-- src/b.md --
-- src/c.md --
-- src/end.md --
";
        let portal = portal(book);
        let mut labels = Vec::new();
        for section in &portal.nav.sections {
            for item in &section.items {
                labels.push(item.label());
                labels.extend(item.nested.iter().map(NavItem::label));
            }
        }
        insta::assert_snapshot!(labels.join("\n"), @"
        Start
        1. A
        1.1. B
        2. Draft
        3. C
        End
        ");
        let start = SourcePath::new("src/start.md").unwrap();
        assert_eq!(portal.urls[&start].0, "index.html");
    }

    #[test]
    fn a_summary_is_the_navigation() {
        insta::assert_snapshot!(nav("\
-- src/SUMMARY.md --
# Summary

[Start](README.md)

# Database

- [Restore](db/restore.md)
  - [Fail over](db/failover.md)
- [Later]()

---

[Gone](gone.md)
-- src/README.md --
-- src/db/restore.md --
-- src/db/failover.md --
-- src/unlisted.md --
"), @"
        []
          Start src/README.md
        [Database]
          Restore src/db/restore.md
            Fail over src/db/failover.md
          Later -
        []
          Gone -
        ");
    }
}
