//! The destination of a link → what it leads to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::link::urls::{index_folder, stem};
use crate::link::{GENERATED_FILES, GENERATED_PAGES, Target, Url};
use crate::parse::document::{Document, Link, LinkKind};
use crate::source::{FileKind, SourcePath, Tree};

/// All that links can lead to, by the names that people write.
pub struct Targets<'a> {
    tree: &'a Tree,
    content: &'a str,
    has_plan: bool,
    documents: &'a BTreeMap<SourcePath, Arc<Document>>,
    drafts: &'a BTreeSet<SourcePath>,
    /// Documents by the address of their page, relative to the content folder: the real one, and `NAME.html` where that
    /// is another.
    pages: BTreeMap<String, &'a SourcePath>,
    /// Documents by the folder, below the content folder, whose index they are.
    indices: BTreeMap<&'a str, &'a SourcePath>,
}

impl<'a> Targets<'a> {
    pub fn new(
        tree: &'a Tree,
        content: &'a str,
        has_plan: bool,
        documents: &'a BTreeMap<SourcePath, Arc<Document>>,
        drafts: &'a BTreeSet<SourcePath>,
        urls: &'a BTreeMap<SourcePath, Url>,
    ) -> Self {
        let mut pages = BTreeMap::new();
        let mut indices = BTreeMap::new();
        for path in documents.keys() {
            let below = path.below(content).unwrap_or(path.as_str());
            pages.entry(format!("{}.html", stem(below))).or_insert(path);
            if let Some(folder) = index_folder(below) {
                indices.entry(folder).or_insert(path);
            }
        }
        for (path, url) in urls {
            pages.entry(url.0.clone()).or_insert(path);
        }
        Self { tree, content, has_plan, documents, drafts, pages, indices }
    }

    /// Returns what a link in a document leads to.
    pub fn target(&self, from: &SourcePath, link: &Link) -> Target {
        let written = link.destination.trim();
        if is_external(written) {
            return Target::External;
        }
        let (path, anchor) = match written.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (written, None),
        };
        let path = path.split('?').next().unwrap_or_default();
        if path.is_empty() {
            return match anchor {
                Some(_) => self.document(from, anchor),
                None => Target::Missing { path: None },
            };
        }
        let decoded = percent_decode_str(path).decode_utf8();
        let found = self.place(from, link.kind, decoded.as_deref().unwrap_or(path), anchor);
        match found {
            // A name that holds a percent sign, written as it is.
            Target::Missing { .. } if decoded.as_deref().is_ok_and(|decoded| decoded != path) => {
                match self.place(from, link.kind, path, anchor) {
                    Target::Missing { .. } => found,
                    found => found,
                }
            }
            found => found,
        }
    }

    /// Looks a decoded path up: below the folder of the document, or, where it begins with `/`, below the content folder
    /// and then below the project's root.
    fn place(&self, from: &SourcePath, kind: LinkKind, path: &str, anchor: Option<&str>) -> Target {
        let Some(absolute) = path.strip_prefix('/') else {
            let Some(place) = normalized(&format!("{}/{path}", from.folder())) else {
                return Target::Outside;
            };
            return self.stands_at(&place, path.ends_with('/'), kind, anchor);
        };
        let mut found = Target::Outside;
        for base in [self.content, ""] {
            if let Some(place) = normalized(&format!("{base}/{absolute}")) {
                let target = self.stands_at(&place, path.ends_with('/'), kind, anchor);
                if !matches!(target, Target::Missing { .. }) {
                    return target;
                }
                if found == Target::Outside {
                    found = target;
                }
            }
        }
        found
    }

    /// Returns what stands at a path, relative to the project's root; `""` is the root.
    fn stands_at(
        &self,
        place: &str,
        is_folder: bool,
        kind: LinkKind,
        anchor: Option<&str>,
    ) -> Target {
        let path = SourcePath::new(place);
        if kind == LinkKind::Link
            && let Some(page) = self.page(place, is_folder, anchor)
        {
            return page;
        }
        let Some(path) = path else { return self.home(anchor) };
        match self.tree.kind(&path) {
            _ if self.drafts.contains(&path) => Target::Missing { path: Some(path) },
            Some(FileKind::File) if !is_folder => {
                self.own_file(&path, anchor).unwrap_or(Target::Asset { path })
            }
            // A folder without a page of its own: the register lists what is in it.
            Some(FileKind::Folder) if kind == LinkKind::Link => generated("documents.html", anchor),
            Some(_) | None => Target::Missing { path: Some(path) },
        }
    }

    /// Returns the page that a path names: that of a document by its file or its address, or one that is generated.
    fn page(&self, place: &str, is_folder: bool, anchor: Option<&str>) -> Option<Target> {
        if !is_folder && self.documents.contains_key(place) {
            return Some(self.document(&SourcePath::new(place)?, anchor));
        }
        let below = match self.content {
            "" => place,
            content if content == place => "",
            content => place.strip_prefix(content)?.strip_prefix('/')?,
        };
        if let Some(path) = self.indices.get(below) {
            return Some(self.document(path, anchor));
        }
        if below.is_empty() {
            return Some(self.home(anchor));
        }
        if is_folder {
            return self
                .pages
                .get(&format!("{below}.html"))
                .map(|path| self.document(path, anchor));
        }
        if below == "index.html" && self.has_plan {
            return Some(self.home(anchor));
        }
        if let Some(path) = self.pages.get(below) {
            return Some(self.document(path, anchor));
        }
        // A file of that very name stands before a name that is short for another.
        if self.tree.kind(&SourcePath::new(place)?) == Some(FileKind::File) {
            return None;
        }
        if let Some(path) = self.pages.get(&format!("{below}.html")) {
            return Some(self.document(path, anchor));
        }
        let is_generated = GENERATED_PAGES.contains(&below) || GENERATED_FILES.contains(&below);
        is_generated.then(|| generated(below, anchor))
    }

    fn home(&self, anchor: Option<&str>) -> Target {
        match self.pages.get("index.html") {
            Some(path) if !self.has_plan => self.document(path, anchor),
            _ => generated("index.html", anchor),
        }
    }

    /// The files of the project that the portal shows as pages are not published as they are.
    fn own_file(&self, path: &SourcePath, anchor: Option<&str>) -> Option<Target> {
        if path.as_str() == "book.toml" {
            return Some(self.home(anchor));
        }
        match path.below(self.content)? {
            "plan.toml" => Some(generated("plan.html", None)),
            "SUMMARY.md" => Some(generated("search.html", None)),
            below if below.starts_with("records/") && below.ends_with(".toml") => {
                Some(generated("readiness.html", None))
            }
            _ => None,
        }
    }

    fn document(&self, path: &SourcePath, anchor: Option<&str>) -> Target {
        let anchors = self.documents.get(path).map(|document| &document.anchors);
        let decoded = anchor.map(|anchor| percent_decode_str(anchor).decode_utf8_lossy());
        let (anchor, anchor_found) = match decoded {
            None => (None, true),
            // The top of the page, and what a browser looks for in its text.
            Some(anchor) if anchor.is_empty() || anchor == "top" || anchor.starts_with(":~:") => {
                (None, true)
            }
            Some(anchor) => {
                let plain = anchor.strip_prefix("user-content-").unwrap_or(&anchor);
                let stands = |id: &str| anchors.is_some_and(|anchors| anchors.contains(id));
                let id = if stands(&anchor) { &*anchor } else { plain };
                (Some(id.to_owned()), stands(id))
            }
        };
        Target::Document { path: path.clone(), anchor, anchor_found }
    }
}

fn generated(page: &str, anchor: Option<&str>) -> Target {
    let decoded = anchor.map(|anchor| percent_decode_str(anchor).decode_utf8_lossy());
    let anchor = decoded.filter(|anchor| !anchor.is_empty()).map(Cow::into_owned);
    Target::Generated { url: Url(page.to_owned()), anchor }
}

/// `//host`, or a scheme: letters, digits, `+`, `.` and `-` before the first colon.
fn is_external(destination: &str) -> bool {
    if destination.starts_with("//") {
        return true;
    }
    destination.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|char: char| char.is_ascii_alphabetic())
            && scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+.-".contains(char))
    })
}

/// Resolves `.` and `..`; `""` is the root, `None` is above it.
fn normalized(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
