//! What is remembered of the last time that names were resolved. It changes no result: what does not depend on what was edited
//! is as it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::link::alerts::{self, Alerts};
use crate::link::called::Called;
use crate::link::links::{Ground, Links};
use crate::link::order::Order;
use crate::link::{Nav, Portal, nav};
use crate::parse::alerts::RuleFile;
use crate::parse::config::Config;
use crate::parse::dialect::Dialect;
use crate::parse::document::{Document, Heading, Link};
use crate::parse::project::Documents;
use crate::parse::summary::Summary;
use crate::source::{Source, SourcePath, Tree};

/// What is remembered.
#[derive(Default)]
pub struct Memory {
    last: Option<Last>,
    alerts: Option<Runbooks>,
}

/// The runbooks of alerts, and what they hang on beside documents and settings.
struct Runbooks {
    files: Vec<Arc<RuleFile>>,
    version: String,
    alerts: Arc<Alerts>,
}

/// What names are resolved of, beside what the tree says.
pub(super) struct Given<'a> {
    /// As they were read.
    pub(super) documents: Arc<Documents>,
    pub(super) config: &'a Config,
    pub(super) has_plan: bool,
    pub(super) summary: Option<&'a Summary>,
}

#[derive(Clone)]
pub(super) struct Resolved {
    pub(super) called: Called,
    pub(super) nav: Arc<Nav>,
    pub(super) order: Arc<Order>,
    pub(super) links: Links,
}

struct Last {
    documents: Arc<Documents>,
    frame: Frame,
    layout: usize,
    resolved: Resolved,
}

/// What names hang on beside the documents.
struct Frame {
    content: String,
    dialect: Dialect,
    has_plan: bool,
    /// The texts of `book.toml`, of the settings of another tool, and of the summary.
    sources: [Option<Arc<Source>>; 3],
    /// The texts of what those settings inherit from.
    bases: Vec<Arc<Source>>,
}

impl Frame {
    fn of(given: &Given<'_>) -> Self {
        let Given { config, has_plan, summary, .. } = given;
        let summary = summary.map(|summary| Arc::clone(&summary.source));
        Self {
            content: config.book.src.value.clone(),
            dialect: config.dialect,
            has_plan: *has_plan,
            sources: [config.source.clone(), config.settings.source.clone(), summary],
            bases: config.settings.bases.clone(),
        }
    }

    fn is(&self, other: &Self) -> bool {
        let is_same = |(one, other): (&Option<Arc<Source>>, &_)| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        self.content == other.content
            && self.dialect == other.dialect
            && self.has_plan == other.has_plan
            && self.sources.iter().zip(&other.sources).all(is_same)
            && self.bases == other.bases
    }
}

impl Memory {
    pub(super) fn resolved(&mut self, given: Given<'_>, tree: &Tree) -> Resolved {
        let frame = Frame::of(&given);
        let last = self.last.take().filter(|last| last.frame.is(&frame));
        let (resolved, alike) = match last.and_then(|last| last.again(&given, tree)) {
            Some(again) => again,
            None => (anew(&given, tree), false),
        };
        if !alike {
            self.alerts = None;
        }
        let (layout, known) = (tree.layout(), resolved.clone());
        self.last = Some(Last { documents: given.documents, frame, layout, resolved: known });
        resolved
    }

    /// Returns the runbooks of the alerts of these files for a portal whose names were just resolved.
    pub(super) fn alerts(
        &mut self,
        files: Vec<Arc<RuleFile>>,
        portal: &Portal,
        tree: &Tree,
    ) -> Arc<Alerts> {
        let is_same = |known: &&Runbooks| {
            known.version == portal.version()
                && known.files.len() == files.len()
                && known.files.iter().zip(&files).all(|(known, file)| Arc::ptr_eq(known, file))
        };
        if let Some(known) = self.alerts.as_ref().filter(is_same) {
            return Arc::clone(&known.alerts);
        }
        let alerts = Arc::new(alerts::alerts(portal, &files, tree));
        let version = portal.version().to_owned();
        self.alerts = Some(Runbooks { files, version, alerts: Arc::clone(&alerts) });
        alerts
    }
}

fn anew(given: &Given<'_>, tree: &Tree) -> Resolved {
    let Given { documents, config, has_plan, summary } = given;
    let content = &config.book.src.value;
    // A book without a plan is read like one: its first chapter is its home, and its chapters have numbers.
    let book = summary.filter(|_| config.dialect == Dialect::MdBook && !has_plan);
    let first = book.and_then(Summary::first);
    let called = Called::new(documents, *summary, content, *has_plan, first);
    let mut nav = nav::nav(&called.documents, *summary, content);
    if book.is_some() {
        nav.number();
    }
    let nav = Arc::new(nav);
    let order = Arc::new(Order::new(&nav, &called.documents));
    let links = Links::new(&Ground { called: &called, config, has_plan: *has_plan, tree });
    Resolved { called, nav, order, links }
}

impl Last {
    /// Resolves names where the same documents have the same names; `None` where they have not. Tells too whether everything
    /// stands where it stood, with the same headings.
    fn again(self, given: &Given<'_>, tree: &Tree) -> Option<(Resolved, bool)> {
        let Given { documents, config, has_plan, .. } = given;
        let edited = edited(&self.documents, documents)?;
        let Resolved { called, nav, order, links } = self.resolved;
        let paths: Vec<&SourcePath> = edited.iter().map(|(path, ..)| *path).collect();
        let called = called.with(&paths, documents);
        let ground = Ground { called: &called, config, has_plan: *has_plan, tree };
        let mut alike = self.layout == tree.layout();
        let known = if alike {
            let mut stale = BTreeSet::new();
            for (path, before, after) in edited {
                if before.anchors != after.anchors || !are_headed_alike(before, after) {
                    alike = false;
                    stale.insert(path);
                    stale.extend(links.backlinks.get(path).into_iter().flatten());
                }
                if !are_written_alike(before, after) {
                    stale.insert(path);
                }
            }
            links.clone().with(&stale, !paths.is_empty(), &ground)
        } else {
            None
        };
        let links = known.unwrap_or_else(|| Links::new(&ground));
        Some((Resolved { called, nav, order, links }, alike))
    }
}

/// Each tool makes its own anchors of the same words.
fn are_headed_alike(before: &Document, after: &Document) -> bool {
    let headings = |document: &'_ Document| -> Vec<(u8, String, String)> {
        let heading = |it: &Heading| (it.level, it.text.clone(), it.id.clone());
        document.headings.iter().map(heading).collect()
    };
    headings(before) == headings(after)
}

fn are_written_alike(before: &Document, after: &Document) -> bool {
    let is_alike =
        |a: &Link, b: &Link| a.kind == b.kind && a.destination == b.destination && a.base == b.base;
    before.unprocessed.is_some() == after.unprocessed.is_some()
        && before.links.len() == after.links.len()
        && before.all_links().count() == after.all_links().count()
        && before.all_links().zip(after.all_links()).all(|(a, b)| is_alike(a, b))
}

/// Returns the documents that are not what they were, before and after; `None` where others are there, or one goes by
/// another name.
fn edited<'a>(
    before: &'a Documents,
    after: &'a Documents,
) -> Option<Vec<(&'a SourcePath, &'a Document, &'a Document)>> {
    if before.len() != after.len() {
        return None;
    }
    let mut edited = Vec::new();
    for ((path, before), (other, after)) in before.iter().zip(after) {
        if path != other {
            return None;
        }
        if !Arc::ptr_eq(before, after) {
            if !goes_by_the_same_names(before, after) {
                return None;
            }
            edited.push((path, &**before, &**after));
        }
    }
    Some(edited)
}

/// Tells whether two states of a document say the same of what it is called, where it stands, and whether it is a draft.
fn goes_by_the_same_names(before: &Document, after: &Document) -> bool {
    fn front_matter(document: &Document) -> Option<&str> {
        document.source.text.get(document.meta.span.start..document.meta.span.end)
    }
    before.id == after.id
        && before.title == after.title
        // Only a title of its own keeps a document from being called as in the summary.
        && before.title_from == after.title_from
        && front_matter(before) == front_matter(after)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::*;
    use crate::parse::project;
    use crate::source::{FileKind, Files, Listing, Suspects};
    use crate::{fixture, link};

    /// Files that change.
    struct Disk(Mutex<BTreeMap<SourcePath, Vec<u8>>>);

    impl Files for Disk {
        fn list(&self, folder: &str) -> Listing {
            self.0.lock().unwrap().list(folder)
        }

        fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
            self.0.lock().unwrap().read(path)
        }

        fn kind(&self, path: &SourcePath) -> Option<FileKind> {
            self.0.lock().unwrap().kind(path)
        }
    }

    fn runbooks(portal: &Portal) -> Vec<String> {
        let alerts = portal.alerts.all.iter();
        alerts.map(|it| format!("{} {:?} {:?}", it.rule().name, it.runbook, it.named_by)).collect()
    }

    #[test]
    fn runbooks_are_looked_for_again_where_they_may_be_others() {
        let files = "\
-- src/rules.yml --
groups: [{rules: [{alert: A, annotations: {runbook: 'a#steps'}}, {alert: B}]}]
-- src/a.md --
# A
-- src/b.md --
# B
";
        let disk = Arc::new(Disk(Mutex::new(fixture::files(files))));
        let mut tree = Tree::new(Arc::clone(&disk));
        let (mut parsed, mut memory) = (project::Memory::default(), Memory::default());
        let mut look = |tree: &Tree| {
            link::portal_again(project::project_again(tree, &mut parsed), tree, &mut memory)
        };
        let mut before = look(&tree);
        for (path, text, is_same) in [
            ("src/b.md", "# B\n\nOther words.\n", true),
            ("src/a.md", "# A\n\n## Steps\n", false),
            ("src/a.md", "# A\n\n## Steps\n\nMore of them, with a [link](b.md).\n", true),
            ("src/b.md", "---\nalerts: [B]\n---\n# B\n", false),
            ("src/rules.yml", "groups: [{rules: [{alert: C}]}]\n", false),
        ] {
            disk.0.lock().unwrap().insert(SourcePath::new(path).unwrap(), text.into());
            tree.refresh(false, &Suspects::All);
            let again = look(&tree);
            let clean = Tree::new(Arc::clone(&disk));
            let anew = link::portal(project::project(&clean), &clean);
            assert_eq!(runbooks(&again), runbooks(&anew), "{text}");
            assert_eq!(Arc::ptr_eq(&before.alerts, &again.alerts), is_same, "{text}");
            before = again;
        }
    }

    #[test]
    fn a_document_is_called_anew_when_its_heading_comes_and_goes() {
        let files = "-- src/SUMMARY.md --\n- [Start](a.md)\n-- src/a.md --\n# A\n";
        let disk = Arc::new(Disk(Mutex::new(fixture::files(files))));
        let mut tree = Tree::new(Arc::clone(&disk));
        let (mut parsed, mut memory) = (project::Memory::default(), Memory::default());
        let path = SourcePath::new("src/a.md").unwrap();
        for (text, title) in [("# A\n", "A"), ("Words.\n", "Start"), ("# A\n\nWords.\n", "A")] {
            disk.0.lock().unwrap().insert(path.clone(), text.into());
            tree.refresh(false, &Suspects::All);
            let read = project::project_again(&tree, &mut parsed);
            let portal = link::portal_again(read, &tree, &mut memory);
            assert_eq!(portal.documents[&path].title, title, "{text}");
        }
    }
}
