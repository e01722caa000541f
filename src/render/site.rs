//! What all pages of a version share, worked out once, and the frame around each page.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::render::markdown::code::Blocks;
use crate::render::nav::{self, Entry, Places};
use crate::render::page;
use crate::render::past::{self, Made};
use crate::render::theme::Theme;
use crate::render::words::{self, Day};
use crate::render::{Facts, address, names};
use crate::source::SourcePath;

/// On every page, and the same as a header where a host can send one.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/// All that pages are made of.
pub struct Site<'a> {
    pub facts: Facts<'a>,
    pub theme: &'a Theme,
    pub places: Places<'a>,
    /// Code that is printed on more than one page.
    pub blocks: Blocks,
    problems: BTreeMap<&'a SourcePath, Vec<&'a Diagnostic>>,
    /// A document stands where the home page would.
    pub opens_with_a_document: bool,
}

/// What stands around the article of a page.
#[derive(Debug, Serialize)]
pub struct Frame {
    pub csp: &'static str,
    pub lang: String,
    pub dir: String,
    /// The address of the page, as a link from the version's folder.
    pub page: String,
    /// The id of the document that it is the page of.
    pub document: Option<String>,
    pub title: String,
    pub site: String,
    pub version: String,
    pub root: String,
    /// No measure and no table of contents: registers and matrices.
    pub wide: bool,
    /// The items of lists, as HTML: the pages that every portal has, the sections, the pages about the whole.
    pub nav: Vec<String>,
    pub toc: Vec<TocEntry>,
    pub crumbs: Vec<Link>,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    pub today: Day,
    /// The commit that the version is made from.
    pub made: Option<Made>,
    /// The start of the manifest's digest.
    pub manifest: Option<String>,
    pub verify: Option<String>,
}

/// A text that may lead somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    pub text: String,
    pub href: Option<String>,
}

impl Link {
    pub fn new(text: impl Into<String>, href: impl Into<Option<String>>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// A line of "On this page"; two levels.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    pub text: String,
    /// The id, as an address writes it.
    pub href: String,
    pub nested: Vec<TocEntry>,
}

impl TocEntry {
    pub fn new(id: &str, text: impl Into<String>) -> Self {
        let href = address::relative("", "", Some(id));
        Self { text: text.into(), href: href[1..].to_owned(), nested: Vec::new() }
    }
}

impl<'a> Site<'a> {
    pub fn new(facts: Facts<'a>, theme: &'a Theme) -> Self {
        let mut problems: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for diagnostic in facts.diagnostics {
            problems.entry(&diagnostic.source.path).or_default().push(diagnostic);
        }
        let opens_with_a_document = facts.portal.pages.contains_key("index.html");
        let places = Places::new(facts.portal);
        Self { facts, theme, places, blocks: Blocks::default(), problems, opens_with_a_document }
    }

    /// Returns the name of a person or a team; what is no id of the plan is a name already.
    pub fn name(&self, id: &'a str) -> &'a str {
        names::name(self.facts.portal, id)
    }

    /// Returns what `check` found in a file.
    pub fn problems(&self, path: &SourcePath) -> &[&'a Diagnostic] {
        self.problems.get(path).map_or(&[], Vec::as_slice)
    }

    /// Returns the link from a page to a document, or its bare title when it is missing.
    pub fn document(&self, from: &str, id: &str) -> Link {
        match self.facts.assessment.documents.get(id) {
            Some(assessed) => {
                let name = names::document(self.facts.portal, assessed);
                Link::new(name.title, name.page.map(|page| address::relative(from, page, None)))
            }
            None => Link::new(id, None),
        }
    }

    /// Returns a phrase as HTML: the id of a document in backticks is a link to it, anything else in them is code.
    pub fn phrase(&self, from: &str, text: &str) -> String {
        words::phrase(text, |code| {
            let Link { text, href } =
                self.facts.portal.ids.get(code).map(|_| self.document(from, code))?;
            Some(format!(r#"<a href="{}">{}</a>"#, href?, words::escape(&text)))
        })
    }

    /// Returns the frame of a page that `handover` makes itself.
    pub fn frame(&self, address: &str, title: &str) -> Frame {
        let mut frame = self.bare_frame(address, title, None);
        if address != "index.html" {
            frame.crumbs = vec![
                Link::new("Overview", address::relative(address, "index.html", None)),
                Link::new(title, None),
            ];
        }
        frame
    }

    /// Returns the frame of a document's page.
    pub fn document_frame(&self, path: &SourcePath) -> Frame {
        let portal = self.facts.portal;
        let (document, address) = (&portal.documents[path], &portal.urls[path].0);
        let mut frame = self.bare_frame(address, &document.title, Some(path));
        let link = |path: &SourcePath| {
            let title = portal.documents[path].title.as_str();
            Link::new(title, address::relative(address, &portal.urls[path].0, None))
        };
        frame.document = Some(document.id.clone());
        let (previous, next) = self.places.neighbors(path);
        frame.previous = previous.map(link);
        frame.next = next.map(link);
        if address != "index.html" {
            frame.crumbs =
                vec![Link::new("Overview", address::relative(address, "index.html", None))];
            let above = self.places.ancestors(path, address);
            frame.crumbs.extend(above.into_iter().map(|(text, href)| Link::new(text, href)));
            frame.crumbs.push(Link::new(document.title.as_str(), None));
        }
        frame
    }

    fn bare_frame(&self, address: &str, title: &str, current: Option<&SourcePath>) -> Frame {
        let Facts { portal, assessment, manifest, .. } = self.facts;
        let entry = |&(text, to): &(&str, &str)| Entry {
            current: to == address,
            ..Entry::link(text, address::relative(address, to, None))
        };
        let (mut top, whole): (&[_], &[_]) = if portal.plan.is_some() {
            (
                &[
                    ("Overview", "index.html"),
                    ("Plan", "plan.html"),
                    ("Readiness", "readiness.html"),
                    ("Documents", "documents.html"),
                    ("Alerts", page::alerts::ADDRESS),
                    ("Escalation", "escalation.html"),
                    ("Changes", "changes.html"),
                ],
                &[
                    ("All contents", "search.html"),
                    ("Sign-off sheet", "sign-off.html"),
                    ("Print all", "print.html"),
                ],
            )
        } else {
            (
                &[
                    ("Overview", "index.html"),
                    ("Documents", "documents.html"),
                    ("Alerts", page::alerts::ADDRESS),
                    ("Changes", "changes.html"),
                ],
                &[("All contents", "search.html"), ("Print all", "print.html")],
            )
        };
        if self.opens_with_a_document {
            top = &top[1..];
        }
        let releases = page::releases::any(self).then_some(&("Releases", page::releases::ADDRESS));
        let has_alerts = page::alerts::any(self);
        let is_there = |(_, to): &&(&str, &str)| has_alerts || *to != page::alerts::ADDRESS;
        let groups = [
            top.iter().filter(is_there).chain(releases).map(entry).collect(),
            self.places.slice(address, current),
            whole.iter().map(entry).collect(),
        ];
        let digest = &manifest.digest;
        Frame {
            csp: CONTENT_SECURITY_POLICY,
            lang: portal.config.book.language.clone(),
            dir: portal.config.book.text_direction.clone().unwrap_or_else(|| "ltr".to_owned()),
            page: address::relative("", address, None),
            document: None,
            title: title.to_owned(),
            site: portal.title().to_owned(),
            version: portal.version().to_owned(),
            root: address::root(address),
            wide: false,
            nav: groups
                .iter()
                .filter(|group: &&Vec<Entry>| !group.is_empty())
                .map(|group| nav::html(group))
                .collect(),
            toc: Vec::new(),
            crumbs: Vec::new(),
            previous: None,
            next: None,
            today: assessment.today.into(),
            made: past::made(&self.facts),
            manifest: (!digest.is_empty()).then(|| digest.chars().take(19).collect()),
            verify: portal
                .plan
                .is_some()
                .then(|| address::relative(address, "sign-off.html", None)),
        }
    }
}
