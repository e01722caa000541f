//! Documents, plan and records → `Portal`: every name resolved.
//!
//! Reads no body text, only summaries. Reports nothing: what does not resolve stays in the portal as a fact for `check`.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::link::again::{Given, Memory, Resolved};
use crate::link::alerts::Alerts;
use crate::link::called::Called;
use crate::link::links::Links;
use crate::link::order::Order;
use crate::link::redirects::Redirect;
use crate::link::targets::Targets;
use crate::parse::config::Config;
use crate::parse::document::{Document, Link};
use crate::parse::plan::Plan;
use crate::parse::project::{Documents, Parsed};
use crate::parse::records::Records;
use crate::parse::release::Release;
use crate::parse::signed::Signed;
use crate::parse::summary::Summary;
use crate::parse::version::by_age;
use crate::source::{Asset, SourcePath, Tree};

pub mod urls;
pub mod addresses;
mod anchors;
pub mod redirects;
pub mod schemes;
pub mod nav;
pub mod order;
pub mod targets;
pub mod nearest;
pub mod again;
pub mod alerts;
mod called;
mod links;
pub mod names;
mod site;

/// The id of a document; stable when the file moves.
pub type DocumentId = String;

/// The address of a page or file within one version: a relative path with `/`, never a folder: `runbooks/db.html`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Url(pub String);

impl Borrow<str> for Url {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The whole project, resolved and immutable.
pub struct Portal {
    pub config: Config,
    pub plan: Option<Plan>,
    /// The version that the project builds as; `draft` without a plan.
    version: String,
    /// All records of all files, in path order.
    pub records: Arc<Records>,
    /// The versions that were frozen, from the oldest to the newest.
    pub releases: Vec<Arc<Release>>,
    /// The signatures on them, in path order.
    pub signatures: Vec<Signed>,
    pub summary: Option<Summary>,
    /// Drafts are not among them.
    pub documents: Arc<Documents>,
    /// The documents that say `draft`: they have no page, and a link to one leads nowhere.
    pub drafts: Arc<BTreeSet<SourcePath>>,
    /// The document of each id.
    pub ids: Arc<BTreeMap<DocumentId, SourcePath>>,
    /// The documents whose id an earlier one has, in path order, and that id. Each goes by its path instead, so that no
    /// two are judged as one; `check` reports them.
    pub namesakes: Arc<BTreeMap<SourcePath, DocumentId>>,
    /// The page of each document. Two documents with one address are both here; `check` reports them.
    pub urls: Arc<BTreeMap<SourcePath, Url>>,
    /// The document of each address; of two, the later one.
    pub pages: Arc<BTreeMap<Url, SourcePath>>,
    /// The pages that lead to where they stand now, in the order of their addresses.
    pub redirects: Arc<Vec<Redirect>>,
    pub nav: Arc<Nav>,
    /// The documents in reading order.
    pub order: Arc<Order>,
    /// For each document, what each of its links leads to, in the order of `Document::all_links`.
    pub targets: Arc<BTreeMap<SourcePath, Vec<Target>>>,
    /// The documents that have links of which it is not known that they lead to something.
    astray: Arc<BTreeSet<SourcePath>>,
    /// The documents that link to a document, in path order.
    pub backlinks: Arc<BTreeMap<SourcePath, Vec<SourcePath>>>,
    /// The images and downloads that documents name.
    pub assets: Arc<BTreeMap<SourcePath, Arc<Asset>>>,
    pub alerts: Arc<Alerts>,
    /// What `parse` reported, of every file.
    pub problems: Vec<Diagnostic>,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page, and the anchor on it, decoded; `anchor_found` is `true` when there is no anchor.
    Document { path: SourcePath, anchor: Option<String>, anchor_found: bool },
    /// A page or file that `handover` generates: `sign-off.html`, `calendar.ics`. A link to the plan, to records or to
    /// `SUMMARY.md` leads to the page that shows them, and one to a folder without an index to the register.
    Generated { url: Url, anchor: Option<String> },
    /// A local file that is copied beside the pages.
    Asset { path: SourcePath },
    /// Another site, or a scheme such as `mailto:`.
    External,
    /// Nothing stands there, or a draft. `path` is what was looked for, when it lies inside the project.
    Missing { path: Option<SourcePath> },
    /// It leads out of the project's root.
    Outside,
    /// There, and cannot be read: the reason.
    Unreadable { path: SourcePath, reason: String },
    /// Whether it is good cannot be seen from the project.
    Unjudged { why: Unjudged },
}

/// Why a link cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// It leads out of the content, to what lies beside it where the site of its tool stands, or on the forge.
    Outside,
    /// A template that is not run here makes the address.
    Template,
}

impl Nav {
    /// Returns the documents in it, in reading order.
    pub fn documents(&self) -> Vec<&SourcePath> {
        fn add<'a>(items: &'a [NavItem], documents: &mut Vec<&'a SourcePath>) {
            for item in items {
                documents.extend(&item.document);
                add(&item.nested, documents);
            }
        }
        let mut documents = Vec::new();
        for section in &self.sections {
            add(&section.items, &mut documents);
        }
        documents
    }
}

impl Target {
    /// Tells whether nothing stands there.
    fn is_nothing(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Outside)
    }

    /// Tells whether it is not known that something stands there.
    fn is_astray(&self) -> bool {
        match self {
            Self::Document { anchor_found, .. } => !anchor_found,
            Self::Generated { .. } | Self::Asset { .. } | Self::External => false,
            Self::Missing { .. } | Self::Outside => true,
            Self::Unreadable { .. } | Self::Unjudged { .. } => true,
        }
    }
}

/// The navigation: groups of pages in reading order.
#[derive(Clone, Debug, Default)]
pub struct Nav {
    pub sections: Vec<NavSection>,
}

/// A part of `SUMMARY.md`, or a folder.
#[derive(Clone, Debug, Default)]
pub struct NavSection {
    /// `None` for what stands before the first title.
    pub title: Option<String>,
    pub items: Vec<NavItem>,
}

#[derive(Clone, Debug, Default)]
pub struct NavItem {
    pub title: String,
    /// `None` for a draft chapter and for a folder without a page of its own.
    pub document: Option<SourcePath>,
    pub nested: Vec<NavItem>,
    /// It stands in a list of the summary.
    pub is_numbered: bool,
    /// The number of a chapter of a book: `2.1.`
    pub number: Option<String>,
}

/// The pages that `handover` makes itself. A document whose address is one of these gets `-document` put behind its name.
pub const GENERATED_PAGES: &[&str] = &[
    "index.html",
    "plan.html",
    "readiness.html",
    "documents.html",
    "escalation.html",
    "alerts.html",
    "changes.html",
    "releases.html",
    "search.html",
    "sign-off.html",
    "print.html",
    "404.html",
];

/// The other files that `handover` makes at the top of a version, for those who link to them.
pub const GENERATED_FILES: &[&str] =
    &["handover.json", "calendar.ics", "feed.xml", "llms.txt", "sitemap.xml"];

/// Resolves every name of the project. Asks the tree only what stands at a path, and for the assets that are named.
pub fn portal(parsed: Parsed, tree: &Tree) -> Portal {
    portal_again(parsed, tree, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn portal_again(parsed: Parsed, tree: &Tree, memory: &mut Memory) -> Portal {
    let Parsed {
        config,
        plan,
        records,
        releases,
        signatures,
        summary,
        documents,
        rules,
        mut problems,
    } = parsed;
    problems.extend(documents.values().flat_map(|document| document.problems.iter().cloned()));
    let version = plan.as_ref().map_or("draft", |plan| &plan.handover.version.value).to_owned();
    let has_plan = plan.is_some();
    let given = Given { documents, config: &config, has_plan, summary: summary.as_ref() };
    let Resolved { called, nav, order, links } = memory.resolved(given, tree);
    let Called { documents, drafts, ids, namesakes, urls, pages } = called;
    let Links { redirects, targets, astray, assets, backlinks } = links;
    let mut portal = Portal {
        config,
        plan,
        version,
        records,
        releases,
        signatures,
        summary,
        documents,
        drafts,
        ids,
        namesakes,
        urls,
        pages,
        redirects,
        nav,
        order,
        targets,
        astray,
        backlinks,
        assets,
        alerts: Arc::default(),
        problems,
    };
    portal.alerts = memory.alerts(rules, &portal, tree);
    portal
}

impl Portal {
    /// Returns all that links of the project can lead to.
    pub fn targets<'a>(&'a self, tree: &'a Tree) -> Targets<'a> {
        let Self { config, plan, documents, drafts, urls, redirects, .. } = self;
        let mut targets = Targets::new(tree, config, plan.is_some(), documents, drafts, urls);
        targets.lead_on(redirects);
        targets
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the release that the version is, where it was released already.
    pub fn released(&self) -> Option<&Release> {
        self.release(&self.version)
    }

    /// Returns the release of a version.
    pub fn release(&self, version: &str) -> Option<&Release> {
        self.releases.iter().map(Arc::as_ref).find(|release| release.name() == version)
    }

    /// Returns the newest release that is older than the version.
    pub fn previous(&self) -> Option<&Release> {
        let older = |release: &&Release| by_age(release.name(), &self.version).is_lt();
        self.releases.iter().map(Arc::as_ref).rev().find(older)
    }

    /// Makes it that of a version which was released: later releases are not known to it.
    pub fn freeze(&mut self, version: &str) {
        version.clone_into(&mut self.version);
        if let Some(plan) = &mut self.plan {
            version.clone_into(&mut plan.handover.version.value);
        }
        self.releases.retain(|release| by_age(release.name(), version).is_lt());
    }

    /// Returns the document of an id.
    pub fn document(&self, id: &str) -> Option<&Arc<Document>> {
        self.documents.get(self.ids.get(id)?)
    }

    /// Returns the links of which it is not known that they lead to something, with the documents that they stand in.
    pub fn astray(&self) -> impl Iterator<Item = (&Document, &Link, &Target)> {
        let documents =
            self.astray.iter().map(|path| (&*self.documents[path], &self.targets[path]));
        documents
            .flat_map(|(document, targets)| {
                document
                    .links
                    .iter()
                    .zip(targets)
                    .map(move |(link, target)| (document, link, target))
            })
            .filter(|(.., target)| target.is_astray())
    }

    /// Returns what the portal is about: the plan's service, else the book's title.
    pub fn title(&self) -> &str {
        self.plan
            .as_ref()
            .map(|plan| plan.handover.service.as_str())
            .or(self.config.book.title.as_deref())
            .unwrap_or("Documentation")
    }
}
