//! Named documents → what their links lead to, and who links to whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::link::Target;
use crate::link::called::Called;
use crate::link::redirects::{self, Redirect};
use crate::link::targets::Targets;
use crate::parse::config::Config;
use crate::source::{Asset, SourcePath, Tree};

/// The fields are those of a portal.
#[derive(Clone)]
pub(super) struct Links {
    pub(super) redirects: Arc<Vec<Redirect>>,
    pub(super) targets: Arc<BTreeMap<SourcePath, Vec<Target>>>,
    pub(super) astray: Arc<BTreeSet<SourcePath>>,
    pub(super) assets: Arc<BTreeMap<SourcePath, Arc<Asset>>>,
    pub(super) backlinks: Arc<BTreeMap<SourcePath, Vec<SourcePath>>>,
}

/// What links are resolved on.
pub(super) struct Ground<'a> {
    pub(super) called: &'a Called,
    pub(super) config: &'a Config,
    pub(super) has_plan: bool,
    pub(super) tree: &'a Tree,
}

impl Ground<'_> {
    /// Returns what links can lead to, and what leads on.
    fn targets(&self) -> (Targets<'_>, Vec<Redirect>) {
        let Self { called, config, has_plan, tree } = self;
        let Called { documents, drafts, urls, .. } = called;
        let mut targets = Targets::new(tree, config, *has_plan, documents, drafts, urls);
        let redirects = redirects::redirects(config, documents, urls, &mut targets);
        (targets, redirects)
    }
}

impl Links {
    pub(super) fn new(ground: &Ground<'_>) -> Self {
        let (found, redirects) = ground.targets();
        let mut targets: BTreeMap<SourcePath, Vec<Target>> = ground
            .called
            .documents
            .par_iter()
            .map(|(path, document)| {
                let targets = document.all_links().map(|link| found.target(path, link));
                (path.clone(), targets.collect())
            })
            .collect();
        let assets = take_assets(&mut targets, ground.tree);
        let backlinks = backlinks(&targets);
        Self {
            redirects: Arc::new(redirects),
            astray: Arc::new(astray(&targets, ground)),
            targets: Arc::new(targets),
            assets: Arc::new(assets),
            backlinks: Arc::new(backlinks),
        }
    }

    /// Returns the same links but for those of some documents, where everything stands where it stood and is called what it was
    /// called; `None` where others may lead elsewhere now too.
    pub(super) fn with(
        mut self,
        stale: &BTreeSet<&SourcePath>,
        edited: bool,
        ground: &Ground<'_>,
    ) -> Option<Self> {
        // A redirect says where it is written, and leads to a heading.
        if !stale.is_empty() || edited && !self.redirects.is_empty() {
            let (found, redirects) = ground.targets();
            let lead_alike = |(before, now): (&Redirect, &Redirect)| before.to == now.to;
            if !self.redirects.iter().zip(&redirects).all(lead_alike) {
                return None;
            }
            self.redirects = Arc::new(redirects);
            if !stale.is_empty() {
                self.resolve(stale, &found, ground);
            }
        }
        self.with_assets_of(ground.tree)
    }

    fn resolve(&mut self, stale: &BTreeSet<&SourcePath>, found: &Targets<'_>, ground: &Ground<'_>) {
        let mut targets = BTreeMap::clone(&self.targets);
        for path in stale {
            if let Some(document) = ground.called.documents.get(*path) {
                let now = document.all_links().map(|link| found.target(path, link));
                targets.insert((*path).clone(), now.collect());
            }
        }
        let assets = take_assets(&mut targets, ground.tree);
        let mut backlinks = BTreeMap::clone(&self.backlinks);
        for from in stale {
            let before = linked(&self.targets, from);
            let after = linked(&targets, from);
            for to in before.difference(&after) {
                if let Some(sources) = backlinks.get_mut(*to) {
                    sources.retain(|source| source != *from);
                    if sources.is_empty() {
                        backlinks.remove(*to);
                    }
                }
            }
            for to in after.difference(&before) {
                let sources: &mut Vec<SourcePath> = backlinks.entry((*to).clone()).or_default();
                if let Err(at) = sources.binary_search(from) {
                    sources.insert(at, (*from).clone());
                }
            }
        }
        self.astray = Arc::new(astray(&targets, ground));
        self.targets = Arc::new(targets);
        if assets != *self.assets {
            self.assets = Arc::new(assets);
        }
        self.backlinks = Arc::new(backlinks);
    }

    /// Returns the same links with the files that they lead to as they are now; `None` where one can no longer be read, or
    /// one that could not may be.
    fn with_assets_of(self, tree: &Tree) -> Option<Self> {
        let is_unreadable = |target: &Target| matches!(target, Target::Unreadable { .. });
        if self.astray.iter().flat_map(|path| &self.targets[path]).any(is_unreadable) {
            return None;
        }
        let mut changed = Vec::new();
        for (path, asset) in &*self.assets {
            let now = tree.asset(path).ok()??;
            if !Arc::ptr_eq(asset, &now) {
                changed.push(now);
            }
        }
        if changed.is_empty() {
            return Some(self);
        }
        let mut assets = BTreeMap::clone(&self.assets);
        assets.extend(changed.into_iter().map(|asset| (asset.path.clone(), asset)));
        Some(Self { assets: Arc::new(assets), ..self })
    }
}

/// Reads each file that a link leads to, once. Links to what cannot be read become [`Target::Unreadable`].
fn take_assets(
    targets: &mut BTreeMap<SourcePath, Vec<Target>>,
    tree: &Tree,
) -> BTreeMap<SourcePath, Arc<Asset>> {
    let paths: BTreeSet<SourcePath> = targets
        .values()
        .flatten()
        .filter_map(|target| match target {
            Target::Asset { path } => Some(path.clone()),
            _ => None,
        })
        .collect();
    let read: BTreeMap<SourcePath, _> = paths
        .into_par_iter()
        .map(|path| {
            let asset = tree.asset(&path);
            (path, asset)
        })
        .collect();
    for target in targets.values_mut().flatten() {
        if let Target::Asset { path } = target {
            match &read[path] {
                Ok(Some(_)) => {}
                Ok(None) => *target = Target::Missing { path: Some(path.clone()) },
                Err(unread) => {
                    let reason = unread.reason.clone();
                    *target = Target::Unreadable { path: path.clone(), reason };
                }
            }
        }
    }
    read.into_iter().filter_map(|(path, asset)| Some((path, asset.ok()??))).collect()
}

/// Returns the documents that hold links to nothing. One that is there by its own path, too, is judged by that alone.
fn astray(
    targets: &BTreeMap<SourcePath, Vec<Target>>,
    ground: &Ground<'_>,
) -> BTreeSet<SourcePath> {
    let astray = targets.iter().filter(|(_, targets)| targets.iter().any(Target::is_astray));
    let is_copy = |path: &SourcePath| {
        let original = ground.tree.behind(path);
        original.is_some_and(|original| ground.called.documents.contains_key(&original))
    };
    astray.filter(|(path, _)| !is_copy(path)).map(|(path, _)| path.clone()).collect()
}

fn backlinks(targets: &BTreeMap<SourcePath, Vec<Target>>) -> BTreeMap<SourcePath, Vec<SourcePath>> {
    let mut backlinks: BTreeMap<SourcePath, Vec<SourcePath>> = BTreeMap::new();
    for from in targets.keys() {
        for to in linked(targets, from) {
            backlinks.entry(to.clone()).or_default().push(from.clone());
        }
    }
    backlinks
}

/// Returns the other documents that a document links to.
fn linked<'a>(
    targets: &'a BTreeMap<SourcePath, Vec<Target>>,
    from: &SourcePath,
) -> BTreeSet<&'a SourcePath> {
    let targets = targets.get(from).into_iter().flatten();
    let documents = targets.filter_map(|target| match target {
        Target::Document { path, .. } => Some(path),
        _ => None,
    });
    documents.filter(|path| *path != from).collect()
}
