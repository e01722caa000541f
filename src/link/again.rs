//! What is remembered of the last time that names were resolved. It changes no result: what does not depend on what was edited
//! is as it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::link::called::Called;
use crate::link::links::{Ground, Links};
use crate::link::order::Order;
use crate::link::{Nav, nav};
use crate::parse::config::Config;
use crate::parse::dialect::Dialect;
use crate::parse::document::{Document, Heading, Link};
use crate::parse::project::Documents;
use crate::parse::summary::Summary;
use crate::source::{Source, SourcePath, Tree};

/// What is remembered.
#[derive(Default)]
pub struct Memory(Option<Last>);

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
    }
}

impl Memory {
    pub(super) fn resolved(&mut self, given: Given<'_>, tree: &Tree) -> Resolved {
        let frame = Frame::of(&given);
        let last = self.0.take().filter(|last| last.frame.is(&frame));
        let resolved = match last.and_then(|last| last.again(&given, tree)) {
            Some(resolved) => resolved,
            None => anew(&given, tree),
        };
        let (layout, known) = (tree.layout(), resolved.clone());
        self.0 = Some(Last { documents: given.documents, frame, layout, resolved: known });
        resolved
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
    /// Resolves names where the same documents have the same names; `None` where they have not.
    fn again(self, given: &Given<'_>, tree: &Tree) -> Option<Resolved> {
        let Given { documents, config, has_plan, .. } = given;
        let edited = edited(&self.documents, documents)?;
        let Resolved { called, nav, order, links } = self.resolved;
        let paths: Vec<&SourcePath> = edited.iter().map(|(path, ..)| *path).collect();
        let called = called.with(&paths, documents);
        let ground = Ground { called: &called, config, has_plan: *has_plan, tree };
        let known = if self.layout == tree.layout() {
            let mut stale = BTreeSet::new();
            for (path, before, after) in edited {
                if before.anchors != after.anchors || !are_headed_alike(before, after) {
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
        Some(Resolved { called, nav, order, links })
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
        && front_matter(before) == front_matter(after)
}
