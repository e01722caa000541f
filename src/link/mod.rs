//! Documents, plan and records → `Portal`: every name resolved.
//!
//! Reads no body text, only summaries. Reports nothing: what does not resolve stays in the portal as a fact for `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parse::config::Config;
use crate::parse::document::Document;
use crate::parse::plan::Plan;
use crate::parse::records::Records;
use crate::parse::summary::Summary;
use crate::source::{Asset, SourcePath, Tree};

/// The id of a document; stable when the file moves.
pub type DocumentId = String;

/// The address of a page or file within one version: a relative path with `/`, never a folder: `runbooks/db.html`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Url(pub String);

/// The whole project, resolved and immutable.
pub struct Portal {
    pub config: Config,
    pub plan: Option<Plan>,
    /// All records of all files, in path order.
    pub records: Records,
    pub summary: Option<Summary>,
    /// Drafts are not among them.
    pub documents: BTreeMap<SourcePath, Arc<Document>>,
    /// The documents that say `draft`: they have no page, and a link to one leads nowhere.
    pub drafts: BTreeSet<SourcePath>,
    /// The first document of each id, in path order; `check` reports the others.
    pub ids: BTreeMap<DocumentId, SourcePath>,
    /// The page of each document. Two documents with one address are both here; `check` reports them.
    pub urls: BTreeMap<SourcePath, Url>,
    pub nav: Nav,
    /// For each document, what each of its links leads to, in the order of `Document::links`.
    pub targets: BTreeMap<SourcePath, Vec<Target>>,
    /// The documents that link to a document, in path order.
    pub backlinks: BTreeMap<SourcePath, Vec<SourcePath>>,
    /// The images and downloads that documents name.
    pub assets: BTreeMap<SourcePath, Arc<Asset>>,
    /// What `parse` reported, of every file.
    pub problems: Vec<Diagnostic>,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page, and the anchor on it, decoded; `anchor_found` is `true` when there is no anchor.
    Document { path: SourcePath, anchor: Option<String>, anchor_found: bool },
    /// A page that `handover` generates: `sign-off.html`, `readiness.html`.
    Generated { url: Url, anchor: Option<String> },
    /// A local file that is copied beside the pages.
    Asset { path: SourcePath },
    /// Another site, or a scheme such as `mailto:`.
    External,
    /// Nothing stands there. `path` is what was looked for, when it lies inside the project.
    Missing { path: Option<SourcePath> },
    /// It leads out of the project's root.
    Outside,
    /// There, and cannot be read: the reason.
    Unreadable { path: SourcePath, reason: String },
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

#[derive(Clone, Debug)]
pub struct NavItem {
    pub title: String,
    /// `None` for a draft chapter and for a folder without a page of its own.
    pub document: Option<SourcePath>,
    pub nested: Vec<NavItem>,
}

/// The pages that `handover` makes itself. A document whose address is one of these gets `-document` put behind its name.
pub const GENERATED_PAGES: &[&str] = &[
    "index.html",
    "plan.html",
    "readiness.html",
    "documents.html",
    "escalation.html",
    "changes.html",
    "search.html",
    "sign-off.html",
    "print.html",
    "404.html",
];

/// What `parse` made of the project's files.
#[derive(Default)]
pub struct Parsed {
    pub config: Config,
    pub plan: Option<Plan>,
    pub records: Records,
    pub summary: Option<Summary>,
    /// Drafts among them.
    pub documents: BTreeMap<SourcePath, Arc<Document>>,
    pub problems: Vec<Diagnostic>,
}

/// Resolves every name of the project. Asks the tree only what stands at a path, and for the assets that are named.
pub fn portal(parsed: Parsed, _tree: &Tree) -> Portal {
    let Parsed { config, plan, records, summary, documents, problems } = parsed;
    let urls = documents.keys().map(|path| (path.clone(), Url(format!("{path}.html")))).collect();
    let ids =
        documents.iter().map(|(path, document)| (document.id.clone(), path.clone())).collect();
    Portal {
        config,
        plan,
        records,
        summary,
        documents,
        drafts: BTreeSet::new(),
        ids,
        urls,
        nav: Nav::default(),
        targets: BTreeMap::new(),
        backlinks: BTreeMap::new(),
        assets: BTreeMap::new(),
        problems,
    }
}

impl Portal {
    /// Returns the version that the project builds as; `draft` without a plan.
    pub fn version(&self) -> &str {
        self.plan.as_ref().map_or("draft", |plan| &plan.handover.version.value)
    }

    /// Returns the document of an id.
    pub fn document(&self, id: &str) -> Option<&Arc<Document>> {
        self.documents.get(self.ids.get(id)?)
    }
}
