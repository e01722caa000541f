//! The pages, one file a kind: each makes its context from the facts, and a template shows it.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::link::order::Order;
use crate::render::address;
use crate::render::site::{Link, Site};
use crate::source::SourcePath;

pub mod alerts;
pub mod changes;
mod declared;
pub mod document;
pub mod documents;
pub mod escalation;
pub mod freshness;
pub mod home;
pub mod not_found;
pub mod plan;
pub mod print;
pub mod readiness;
pub mod releases;
pub mod search;
pub mod since;

/// What a page gives: its HTML, or what is wrong with the project's template.
pub type Html = Result<String, Box<Diagnostic>>;

/// A page of the portal, not yet rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page<'a> {
    Home,
    Plan,
    Readiness,
    Documents,
    Alerts,
    Escalation,
    Releases,
    Changes,
    Search,
    Print,
    /// A part of what is printed, where that is too long for one page.
    PrintPart(usize),
    NotFound,
    Document(&'a SourcePath),
}

impl<'a> Page<'a> {
    /// Returns every page of the portal.
    pub fn all(site: &Site<'a>) -> Vec<Self> {
        let mut pages = Self::own(site);
        let parts = print::parts(site);
        if parts == 0 {
            pages.extend(site.facts.portal.documents.keys().map(Self::Document));
        }
        let order: &'a Order = site.places.order;
        for part in 0..parts {
            pages.push(Self::PrintPart(part));
            let documents = &order.paths[print::documents(site, part)];
            pages.extend(documents.iter().map(Self::Document));
        }
        pages
    }

    /// Returns those that are not the page of a document.
    pub fn generated(site: &Site<'a>) -> Vec<Self> {
        let mut pages = Self::own(site);
        pages.extend((0..print::parts(site)).map(Self::PrintPart));
        pages
    }

    /// Returns those that every portal has.
    fn own(site: &Site<'a>) -> Vec<Self> {
        let mut pages = vec![
            // The largest comes first: whoever took it up last would be waited for.
            Self::Print,
            Self::Plan,
            Self::Readiness,
            Self::Documents,
            Self::Escalation,
            Self::Changes,
            Self::Search,
            Self::NotFound,
        ];
        if alerts::any(site) {
            pages.push(Self::Alerts);
        }
        if releases::any(site) {
            pages.push(Self::Releases);
        }
        // Without a plan, a document that opens the project is its home page.
        if !site.opens_with_a_document {
            pages.push(Self::Home);
        }
        pages
    }

    /// Returns the page's file, below the version's folder.
    pub fn address(self, site: &Site<'a>) -> Cow<'a, str> {
        Cow::Borrowed(match self {
            Self::Home => "index.html",
            Self::Plan => "plan.html",
            Self::Readiness => "readiness.html",
            Self::Documents => "documents.html",
            Self::Alerts => alerts::ADDRESS,
            Self::Escalation => "escalation.html",
            Self::Releases => releases::ADDRESS,
            Self::Changes => "changes.html",
            Self::Search => "search.html",
            Self::Print => "print.html",
            Self::NotFound => "404.html",
            Self::Document(path) => &site.facts.portal.urls[path].0,
            Self::PrintPart(part) => return Cow::Owned(print::part_address(part)),
        })
    }

    /// Renders the page.
    ///
    /// # Errors
    /// A template of the project does not render.
    pub fn html(self, site: &Site<'_>) -> Html {
        match self {
            Self::Home => home::html(site),
            Self::Plan => plan::html(site),
            Self::Readiness => readiness::html(site),
            Self::Documents => documents::html(site),
            Self::Alerts => alerts::html(site),
            Self::Escalation => escalation::html(site),
            Self::Releases => releases::html(site),
            Self::Changes => changes::html(site),
            Self::Search => search::html(site),
            Self::Print => print::html(site),
            Self::PrintPart(part) => print::part(site, part),
            Self::NotFound => not_found::html(site),
            Self::Document(path) => document::html(site, path),
        }
    }
}

/// Returns the link to a place on a page that `handover` makes itself.
fn to(from: &str, page: &str, anchor: Option<&str>, text: impl Into<String>) -> Link {
    Link::new(text, address::relative(from, page, anchor))
}
