//! From a commit back in time, newest first: every question is taken along until it is answered.
//!
//! A file is in one place at a time. At a merge it goes on to the first parent that has it as the merge has it; where none
//! has, the merge changed it. Texts and covered code are looked for on all sides of a merge.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use gix::{ObjectId, Repository, ThreadSafeRepository};

use crate::history::{History, LastChange, Wanted};
use crate::load::history::bits::Bits;
use crate::load::history::changes::{Change, Scope, Trees};
use crate::load::history::commits::{Commits, Node};
use crate::load::history::cover::Covers;
use crate::load::history::rename;
use crate::load::history::text::{Standing, Texts};
use crate::source::SourcePath;

/// A walk over history.
pub(super) struct Walk<'a> {
    repository: &'a Repository,
    commits: Commits<'a>,
    trees: Trees<'a>,
    /// Where there is something that was asked for.
    scope: Scope,
    /// The commits to look at, by their time.
    queue: BTreeMap<(i64, ObjectId), Aboard>,
    texts: Texts<'a>,
    covers: Covers,
    wanted: &'a Wanted<'a>,
    /// How many files are on their way.
    files: usize,
    /// The commits of the queue whose changes to covered code may count.
    uncovered: BTreeSet<ObjectId>,
    /// What was handed on by the commits that were looked at.
    passed: BTreeMap<ObjectId, Passed>,
    /// Commits that touched covered code, newest first, with the wanted covers.
    touched: Vec<(ObjectId, BTreeSet<usize>)>,
    pub(super) found: History,
}

/// What is taken along to a commit.
#[derive(Default)]
struct Aboard {
    /// Where files stand in the commit whose last change is looked for, and the documents that they are today.
    files: BTreeMap<String, Vec<SourcePath>>,
    /// Where the documents stand in the commit whose former texts are looked for.
    texts: BTreeMap<usize, Rc<Standing>>,
    /// The head leads to it.
    reached: bool,
    /// The beginnings that lead to it: what it changed was known.
    known: Bits,
}

/// What a commit handed on.
#[derive(Default)]
struct Passed {
    texts: Bits,
    reached: bool,
    known: Bits,
    /// What it changed in covered code was noted.
    noted: bool,
}

/// What differs between a commit and one of its parents.
struct Differences<'a> {
    parent: ObjectId,
    old: ObjectId,
    new: ObjectId,
    /// In the walk's scope.
    nearby: &'a [Change],
    /// Outside of it too, once somebody asked.
    everywhere: Option<Vec<Change>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        shared: &'a ThreadSafeRepository,
        trees: Trees<'a>,
        folder: &'a str,
        wanted: &'a Wanted<'a>,
        commits: Commits<'a>,
        found: History,
    ) -> Self {
        let repository = trees.repository();
        let covers = Covers::new(repository, folder, wanted);
        let mut scope = Scope::default();
        for folder in &covers.folders {
            scope.add_whole(folder);
        }
        Self {
            repository,
            commits,
            trees,
            scope,
            queue: BTreeMap::new(),
            texts: Texts::new(shared, folder, wanted),
            covers,
            wanted,
            files: 0,
            uncovered: BTreeSet::new(),
            passed: BTreeMap::new(),
            touched: Vec::new(),
            found,
        }
    }

    /// Looks for the last change of a document, which stands at `at` in the commit.
    pub(super) fn follow(&mut self, head: ObjectId, document: &SourcePath, at: &SourcePath) {
        self.files += 1;
        let at = self.texts.seen_from_top(at);
        self.scope.add(&at);
        if let Some(aboard) = self.aboard(head) {
            aboard.files.entry(at).or_default().push(document.clone());
        }
    }

    /// Looks for the wanted texts in the commit and before.
    pub(super) fn look_for_texts(&mut self, head: ObjectId) {
        self.texts.look_at_named(self.repository, &mut self.commits, &mut self.found);
        let standing = self.texts.start(head, &mut self.scope, &mut self.commits, &mut self.found);
        if let Some(aboard) = self.aboard(head) {
            aboard.texts.extend(standing);
        }
    }

    /// Looks for changes to covered code in the commit and before.
    pub(super) fn cover(&mut self, head: ObjectId) {
        if self.covers.is_empty() {
            return;
        }
        for (beginning, commit) in self.covers.commits.clone() {
            if let Some(aboard) = self.aboard(commit) {
                aboard.known.insert(beginning);
            }
        }
        if let Some(aboard) = self.aboard(head) {
            aboard.reached = true;
        }
        self.uncovered.insert(head);
    }

    /// Walks until every question is answered, or history ends.
    pub(super) fn finish(mut self) -> History {
        while self.files > 0 || self.texts.are_wanted() || !self.uncovered.is_empty() {
            let Some(((_, id), aboard)) = self.queue.pop_last() else { break };
            self.uncovered.remove(&id);
            self.step(id, aboard);
        }
        self.covered();
        self.texts.prefer_named(self.repository, &mut self.commits, &mut self.found);
        self.found
    }

    /// Returns what is taken along to a commit, which is put into the queue; `None` when it cannot be read.
    fn aboard(&mut self, id: ObjectId) -> Option<&mut Aboard> {
        let node = self.node(id)?;
        Some(self.queue.entry((node.time, id)).or_default())
    }

    fn node(&mut self, id: ObjectId) -> Option<Rc<Node>> {
        match self.commits.node(id) {
            Ok(node) => Some(node),
            Err(reason) => {
                self.end_at(reason);
                None
            }
        }
    }

    fn end_at(&mut self, reason: String) {
        self.found.limit.get_or_insert(reason);
    }

    fn step(&mut self, id: ObjectId, mut aboard: Aboard) {
        let Some(node) = self.node(id) else { return };
        for (beginning, (day, _)) in &self.covers.days {
            if node.day <= *day {
                aboard.known.insert(*beginning);
            }
        }
        if node.border {
            let covers = aboard.reached && !aboard.known.contains_all(&self.covers.all);
            if !aboard.files.is_empty() || !aboard.texts.is_empty() || covers {
                self.end_at("the clone is shallow".into());
            }
            self.lose(aboard.files);
            return;
        }
        let passed = self.passed.entry(id).or_default();
        let covers = passed.known.extend(&aboard.known) | (aboard.reached && !passed.reached);
        passed.reached |= aboard.reached;
        (aboard.reached, aboard.known) = (passed.reached, passed.known.clone());
        aboard.texts.retain(|text, _| self.texts.is_wanted(*text) && passed.texts.insert(*text));
        let uncovered =
            aboard.reached && !passed.noted && !aboard.known.contains_all(&self.covers.all);
        passed.noted |= uncovered;
        if covers {
            self.hand_on_covers(&node, &aboard);
        }
        if aboard.files.is_empty() && aboard.texts.is_empty() && !uncovered {
            return;
        }
        match self.differences(&node, !aboard.texts.is_empty()) {
            Ok(differences) => {
                if uncovered {
                    self.touch(id, &node, &differences);
                }
                self.hand_on_texts(&node, &differences, aboard.texts);
                self.hand_on_files(id, &node, &differences, aboard.files);
            }
            Err(reason) => {
                self.end_at(reason);
                self.lose(aboard.files);
            }
        }
    }

    /// Returns what differs from each parent; from the first alone, where nobody asks for the others.
    fn differences(&mut self, node: &Node, all: bool) -> Result<Vec<Vec<Change>>, String> {
        let mut olds: Vec<Option<ObjectId>> = Vec::new();
        for parent in node.parents.iter().take(if all { usize::MAX } else { 1 }) {
            olds.push(Some(self.commits.node(*parent)?.tree));
        }
        if node.parents.is_empty() {
            olds.push(None);
        }
        let new = Some(node.tree);
        olds.into_iter().map(|old| self.trees.changes(old, new, &self.scope)).collect()
    }

    fn with<'d>(
        &mut self,
        node: &Node,
        parent: ObjectId,
        nearby: &'d [Change],
    ) -> Option<Differences<'d>> {
        let old = self.node(parent)?.tree;
        Some(Differences { parent, old, new: node.tree, nearby, everywhere: None })
    }

    /// What is aboard here cannot be answered.
    fn lose(&mut self, files: BTreeMap<String, Vec<SourcePath>>) {
        for document in files.into_values().flatten() {
            self.files -= 1;
            Arc::make_mut(&mut self.found.last).insert(document, LastChange::Unknown);
        }
    }

    fn hand_on_covers(&mut self, node: &Node, aboard: &Aboard) {
        for parent in &node.parents {
            let all = self.covers.all.clone();
            let Some(next) = self.aboard(*parent) else { continue };
            next.reached |= aboard.reached;
            next.known.extend(&aboard.known);
            if next.reached && !next.known.contains_all(&all) {
                self.uncovered.insert(*parent);
            } else {
                self.uncovered.remove(parent);
            }
        }
    }

    /// Notes which covers a commit touches: at a merge, those that no parent has as the merge has them.
    fn touch(&mut self, id: ObjectId, node: &Node, differences: &[Vec<Change>]) {
        let mut touched = BTreeSet::new();
        for change in differences.first().into_iter().flatten() {
            let covers: Vec<usize> = self.covers.of(&change.path).collect();
            if !covers.is_empty() && self.is_own(node, change) {
                touched.extend(covers);
            }
        }
        if !touched.is_empty() {
            self.touched.push((id, touched));
        }
    }

    /// Tells whether no other parent has the file of a change as the commit has it.
    fn is_own(&mut self, node: &Node, change: &Change) -> bool {
        self.other_parent_with(node, change).is_none()
    }

    fn other_parent_with(&mut self, node: &Node, change: &Change) -> Option<ObjectId> {
        node.parents.iter().skip(1).copied().find(|parent| {
            let tree = self.commits.node(*parent).map(|parent| parent.tree);
            let there = tree.and_then(|tree| self.trees.file_at(tree, &change.path));
            there.is_ok_and(|there| there == change.new)
        })
    }

    fn hand_on_files(
        &mut self,
        id: ObjectId,
        node: &Node,
        differences: &[Vec<Change>],
        mut files: BTreeMap<String, Vec<SourcePath>>,
    ) {
        if files.is_empty() {
            return;
        }
        let changes = differences.first().map(Vec::as_slice).unwrap_or_default();
        let mut only = match node.parents.as_slice() {
            [parent] => self.with(node, *parent, changes),
            _ => None,
        };
        for change in changes {
            let Some(documents) = files.remove(&change.path) else { continue };
            for _ in &documents {
                self.scope.remove(&change.path);
            }
            if let Some(parent) = self.other_parent_with(node, change) {
                self.take_file(parent, &change.path, documents);
                continue;
            }
            let before = only.as_mut().and_then(|differences| {
                Some((differences.parent, self.renamed(differences, change)?))
            });
            match before {
                Some((parent, path)) => self.take_file(parent, &path, documents),
                None => self.answer(id, documents),
            }
        }
        let Some(parent) = node.parents.first() else { return self.lose(files) };
        let Some(next) = self.aboard(*parent) else { return self.lose(files) };
        if next.files.is_empty() {
            next.files = files;
        } else {
            for (path, documents) in files {
                next.files.entry(path).or_default().extend(documents);
            }
        }
    }

    fn take_file(&mut self, parent: ObjectId, path: &str, documents: Vec<SourcePath>) {
        for _ in &documents {
            self.scope.add(path);
        }
        match self.aboard(parent) {
            Some(next) => next.files.entry(path.to_owned()).or_default().extend(documents),
            None => self.lose(BTreeMap::from([(path.to_owned(), documents)])),
        }
    }

    fn answer(&mut self, id: ObjectId, documents: Vec<SourcePath>) {
        self.files -= documents.len();
        let change = match self.commits.commit(id) {
            Ok(commit) => LastChange::In(commit),
            Err(reason) => {
                self.end_at(reason);
                LastChange::Unknown
            }
        };
        for document in documents {
            Arc::make_mut(&mut self.found.last).insert(document, change.clone());
        }
    }

    /// Returns where the file of a change stood in the parent under another name.
    fn renamed(&mut self, differences: &mut Differences<'_>, change: &Change) -> Option<String> {
        let (None, Some(new)) = (change.old, change.new) else { return None };
        let nearby = rename::exact(&change.path, new, differences.nearby);
        let path = match nearby {
            Some(path) => path,
            None => rename::exact(&change.path, new, self.everywhere(differences)?)?,
        };
        Some(path.to_owned())
    }

    /// Returns where the file of a change stood in the parent under another name, with other text too.
    fn renamed_and_edited(
        &mut self,
        differences: &mut Differences<'_>,
        change: &Change,
    ) -> Option<String> {
        let (None, Some(new)) = (change.old, change.new) else { return None };
        if let Some(path) = self.renamed(differences, change) {
            return Some(path);
        }
        let repository = self.repository;
        let nearby = rename::alike(repository, &change.path, new, differences.nearby);
        let path = match nearby {
            Some(path) => path,
            None => rename::alike(repository, &change.path, new, self.everywhere(differences)?)?,
        };
        Some(path.to_owned())
    }

    /// Returns the changes outside the walk's scope too; `None` where it has no outside.
    fn everywhere<'d>(&mut self, differences: &'d mut Differences<'_>) -> Option<&'d [Change]> {
        if self.scope.is_everything() {
            return None;
        }
        if differences.everywhere.is_none() {
            let (old, new) = (Some(differences.old), Some(differences.new));
            let all = self.trees.changes(old, new, &Scope::everything()).ok()?;
            differences.everywhere = Some(all);
        }
        differences.everywhere.as_deref()
    }

    fn hand_on_texts(
        &mut self,
        node: &Node,
        differences: &[Vec<Change>],
        texts: BTreeMap<usize, Rc<Standing>>,
    ) {
        for (parent, changes) in node.parents.iter().zip(differences) {
            let mut here = texts.clone();
            let Some(mut differences) = self.with(node, *parent, changes) else { continue };
            for text in self.texts.touched(changes, &texts) {
                let Some(standing) = here.remove(&text) else { continue };
                let path = self.texts.seen_from_top(&standing.path);
                let own = changes.binary_search_by(|change| change.path.cmp(&path));
                let before = match own.ok().map(|index| &changes[index]) {
                    Some(change) if change.old.is_none() => {
                        self.renamed_and_edited(&mut differences, change)
                    }
                    Some(_) | None => Some(path),
                };
                let next = before.and_then(|path| {
                    let path = self.texts.of_project(&path)?;
                    let (scope, commits) = (&mut self.scope, &mut self.commits);
                    self.texts.look_at(text, *parent, &path, scope, commits, &mut self.found)
                });
                here.extend(next.map(|standing| (text, standing)));
            }
            if here.is_empty() {
                continue;
            }
            if let Some(next) = self.aboard(*parent) {
                next.texts.extend(here);
            }
        }
    }

    /// Sorts out which of the commits that touched covered code were not known, when all is known.
    fn covered(&mut self) {
        for (id, covers) in std::mem::take(&mut self.touched) {
            let Some(day) = self.node(id).map(|node| node.day) else { continue };
            for cover in covers {
                let since = self.covers.since[cover];
                let known = self.passed.get(&id).is_some_and(|passed| passed.known.contains(since));
                let late = self.covers.days.get(&since).is_some_and(|(_, until)| day > *until);
                if known || late {
                    continue;
                }
                match self.commits.commit(id) {
                    Ok(commit) => {
                        let wanted = &self.wanted.covers[cover];
                        let key = (wanted.document.clone(), wanted.since.clone());
                        Arc::make_mut(&mut self.found.covered).entry(key).or_default().push(commit);
                    }
                    Err(reason) => self.end_at(reason),
                }
            }
        }
    }
}
