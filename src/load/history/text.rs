//! The texts that reviews were of: documents are read at the commits that touched what their digests hang on, until the
//! wanted digests turn up.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use gix::{ObjectId, Repository, ThreadSafeRepository};

use crate::history::{History, PastText, Reading, Wanted, WantedText};
use crate::load::git::GitTree;
use crate::load::history::changes::{Change, Scope};
use crate::load::history::commits::{Commits, named};
use crate::source::{SourcePath, Tree};

/// Where a document stands in a commit, and what its digest hangs on there.
pub(super) struct Standing {
    pub(super) path: SourcePath,
    files: BTreeSet<SourcePath>,
}

/// The documents whose former texts are wanted.
pub(super) struct Texts<'a> {
    shared: &'a ThreadSafeRepository,
    folder: &'a str,
    wanted: &'a Wanted<'a>,
    documents: Vec<Sought<'a>>,
    /// How many texts were not found yet.
    missing: usize,
    /// The documents that a file was ever of interest for, by its path from the root of the repository.
    watched: BTreeMap<String, BTreeSet<usize>>,
    /// The commit that was read last.
    read: Option<Opened>,
}

/// A commit whose documents are read.
struct Opened {
    commit: ObjectId,
    files: GitTree,
    tree: Tree,
    /// Where its documents stand, by their ids, once somebody asked.
    ids: Option<BTreeMap<String, SourcePath>>,
}

/// A document with the texts of it that are wanted.
struct Sought<'a> {
    document: &'a SourcePath,
    missing: Vec<&'a WantedText>,
    /// Where it stood in history.
    paths: BTreeSet<SourcePath>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(
        shared: &'a ThreadSafeRepository,
        folder: &'a str,
        wanted: &'a Wanted<'a>,
    ) -> Self {
        let mut documents: BTreeMap<&SourcePath, Vec<&WantedText>> = BTreeMap::new();
        for text in &wanted.texts {
            documents.entry(&text.document).or_default().push(text);
        }
        let documents = documents.into_iter().map(|(document, missing)| {
            let paths = BTreeSet::from([document.clone()]);
            Sought { document, missing, paths }
        });
        Self {
            shared,
            folder,
            wanted,
            documents: documents.collect(),
            missing: wanted.texts.len(),
            watched: BTreeMap::new(),
            read: None,
        }
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.missing > 0
    }

    pub(super) fn is_wanted(&self, document: usize) -> bool {
        !self.documents[document].missing.is_empty()
    }

    /// Returns a path of the project as seen from the root of the repository.
    pub(super) fn seen_from_top(&self, path: &SourcePath) -> String {
        let path = format!("{}/{path}", self.folder);
        SourcePath::new(path.trim_start_matches('/')).map_or(path, |path| path.to_string())
    }

    /// Returns a path of the repository as seen from the project; `None` for one that is not of the project.
    pub(super) fn of_project(&self, path: &str) -> Option<SourcePath> {
        SourcePath::new(below(self.folder, path)?)
    }

    /// Reads the documents at the commits that reviews name. What has another digest there is looked for elsewhere.
    pub(super) fn look_at_named(
        &mut self,
        repository: &Repository,
        commits: &mut Commits<'_>,
        found: &mut History,
    ) {
        for (id, text) in self.named(repository) {
            let Some((_, reading)) = self.reading(id, &text.document) else { continue };
            if reading.digest == text.digest {
                self.find(text, id, text.document.clone(), reading, commits, found);
            }
        }
        self.forget_found(found);
    }

    /// Where a review names a commit, that commit stands for the text, also under a name that the document had then, and
    /// also when what was reviewed is nowhere in history.
    pub(super) fn prefer_named(
        &mut self,
        repository: &Repository,
        commits: &mut Commits<'_>,
        found: &mut History,
    ) {
        for (id, text) in self.named(repository) {
            let key = (text.document.clone(), text.digest.clone());
            if found.texts.get(&key).is_some_and(|found| id == *found.commit.id) {
                continue;
            }
            let paths = self.documents.iter().find(|sought| *sought.document == text.document);
            let mut paths: Vec<SourcePath> =
                paths.iter().flat_map(|sought| &sought.paths).cloned().collect();
            let is_text = |(_, reading): &(Standing, Reading)| reading.digest == text.digest;
            if !paths.iter().any(|path| self.reading(id, path).as_ref().is_some_and(is_text))
                && !found.texts.contains_key(&key)
            {
                // Git sees not every rename. What stood at the path of today may have been another document: it is found by
                // its id, where all documents of the commit have to be read for that only if it is at none of these paths.
                let is_it = |(_, reading): &(Standing, Reading)| reading.id == text.id;
                let mut known = paths.iter();
                let at = known.find(|path| self.reading(id, path).as_ref().is_some_and(is_it));
                let at = at.cloned().or_else(|| self.place_of(id, &text.id));
                paths.retain(|path| Some(path) != at.as_ref());
                paths.extend(at);
            }
            for path in paths {
                let Some((_, reading)) = self.reading(id, &path) else { continue };
                let exact = reading.digest == text.digest;
                let is_better = |known: &PastText| exact || !known.exact;
                if found.texts.get(&key).is_none_or(is_better) {
                    self.find(text, id, path, reading, commits, found);
                    if let Some(text) = Arc::make_mut(&mut found.texts).get_mut(&key) {
                        text.exact = exact;
                    }
                }
            }
        }
    }

    /// Returns the wanted texts that name a commit that is there, by commit.
    fn named(&self, repository: &Repository) -> Vec<(ObjectId, &'a WantedText)> {
        let mut ids: BTreeMap<&str, Option<ObjectId>> = BTreeMap::new();
        let named = self.wanted.texts.iter().filter_map(|text| {
            let commit = text.commit.as_deref()?;
            let id = ids.entry(commit).or_insert_with(|| named(repository, commit));
            Some(((*id)?, text))
        });
        let mut named: Vec<_> = named.collect();
        named.sort();
        named
    }

    /// Reads the documents at the commit that the walk begins with.
    pub(super) fn start(
        &mut self,
        head: ObjectId,
        scope: &mut Scope,
        commits: &mut Commits<'_>,
        found: &mut History,
    ) -> Vec<(usize, Rc<Standing>)> {
        let mut standings = Vec::new();
        for index in 0..self.documents.len() {
            if self.is_wanted(index) {
                let path = self.documents[index].document.clone();
                let standing = self.look_at(index, head, &path, scope, commits, found);
                standings.extend(standing.map(|standing| (index, standing)));
            }
        }
        standings
    }

    /// Reads a document at a commit and takes what is wanted. `None` when it is not there, or nothing more is wanted.
    pub(super) fn look_at(
        &mut self,
        document: usize,
        id: ObjectId,
        path: &SourcePath,
        scope: &mut Scope,
        commits: &mut Commits<'_>,
        found: &mut History,
    ) -> Option<Rc<Standing>> {
        let (standing, reading) = self.reading(id, path)?;
        let sought = &mut self.documents[document];
        sought.paths.insert(path.clone());
        let hit = sought.missing.iter().find(|text| text.digest == reading.digest).copied();
        if let Some(text) = hit {
            self.find(text, id, path.clone(), reading, commits, found);
            self.forget_found(found);
        }
        if !self.is_wanted(document) {
            return None;
        }
        for path in standing.files.iter().chain([&standing.path]) {
            let path = self.seen_from_top(path);
            if !self.watched.contains_key(&path) {
                scope.add(&path);
            }
            self.watched.entry(path).or_default().insert(document);
        }
        Some(Rc::new(standing))
    }

    /// Returns the documents that stand in a commit and are touched by changes.
    pub(super) fn touched(
        &self,
        changes: &[Change],
        standings: &BTreeMap<usize, Rc<Standing>>,
    ) -> BTreeSet<usize> {
        let mut touched = BTreeSet::new();
        for change in changes {
            let Some(documents) = self.watched.get(&change.path) else { continue };
            touched.extend(documents.iter().copied().filter(|document| {
                standings.get(document).is_some_and(|standing| {
                    let mut files = standing.files.iter().chain([&standing.path]);
                    files.any(|path| self.seen_from_top(path) == change.path)
                })
            }));
        }
        touched
    }

    fn find(
        &mut self,
        text: &WantedText,
        id: ObjectId,
        path: SourcePath,
        reading: Reading,
        commits: &mut Commits<'_>,
        found: &mut History,
    ) {
        if let Ok(commit) = commits.commit(id) {
            let key = (text.document.clone(), text.digest.clone());
            let Reading { body, about, .. } = reading;
            let text = PastText { commit, path, body, about, exact: true };
            Arc::make_mut(&mut found.texts).insert(key, text);
        }
    }

    fn forget_found(&mut self, found: &History) {
        self.missing = 0;
        for sought in &mut self.documents {
            let document = sought.document;
            sought
                .missing
                .retain(|text| !found.texts.contains_key(&(document.clone(), text.digest.clone())));
            self.missing += sought.missing.len();
        }
    }

    /// Reads the document at a path of a commit; links are followed to where the files stand.
    fn reading(&mut self, id: ObjectId, path: &SourcePath) -> Option<(Standing, Reading)> {
        let read = self.wanted.read;
        let opened = self.opened(id)?;
        let reading = read(&opened.tree, path)?;
        let place =
            |path: &SourcePath| opened.files.stands_at(path).unwrap_or_else(|| path.clone());
        let standing =
            Standing { path: place(path), files: reading.files.iter().map(place).collect() };
        Some((standing, reading))
    }

    /// Returns where the document of an id stands in a commit.
    fn place_of(&mut self, commit: ObjectId, id: &str) -> Option<SourcePath> {
        let ids = self.wanted.ids;
        let opened = self.opened(commit)?;
        opened.ids.get_or_insert_with(|| ids(&opened.tree)).get(id).cloned()
    }

    fn opened(&mut self, commit: ObjectId) -> Option<&mut Opened> {
        if self.read.as_ref().is_none_or(|opened| opened.commit != commit) {
            let files = GitTree::new(self.shared, commit, self.folder).ok()?;
            let tree = Tree::new(files.clone());
            self.read = Some(Opened { commit, files, tree, ids: None });
        }
        self.read.as_mut()
    }
}

fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}
