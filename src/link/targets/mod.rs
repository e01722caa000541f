//! The destination of a link → what it leads to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;

use crate::link::names::Names;
use crate::link::redirects::Redirect;
use crate::link::schemes;
use crate::link::{GENERATED_FILES, GENERATED_PAGES, Target, Unjudged, Url, addresses, anchors};
use crate::parse::config::Config;
use crate::parse::dialect::settings::Settings;
use crate::parse::dialect::{BY_NAME, Dialect, index_folder, is_markdown, stem};
use crate::parse::document::{Document, Link, LinkKind};
use crate::parse::slug::slug;
use crate::source::{FileKind, SourcePath, Tree};

/// All that links can lead to, by the names that people write.
pub struct Targets<'a> {
    tree: &'a Tree,
    content: &'a str,
    dialect: Dialect,
    /// The tool that gives its pages such addresses.
    site: Dialect,
    settings: &'a Settings,
    has_plan: bool,
    documents: &'a BTreeMap<SourcePath, Arc<Document>>,
    drafts: &'a BTreeSet<SourcePath>,
    /// Documents by the address of their page, relative to the content folder: the real one, and `NAME.html` where that
    /// is another.
    pages: BTreeMap<String, &'a SourcePath>,
    /// Documents by the folder, below the content folder, whose index they are.
    indices: BTreeMap<&'a str, &'a SourcePath>,
    /// What the pages that only lead on lead to, by their addresses.
    redirects: BTreeMap<String, Target>,
    /// What anchors lead to that stand elsewhere today, by the address of their page and themselves.
    moved: BTreeMap<(String, String), Target>,
    urls: &'a BTreeMap<SourcePath, Url>,
    /// Documents by the address that their tool gives them, where that is another.
    theirs: BTreeMap<String, &'a SourcePath>,
    /// Our anchors by those of their tool, of each document; worked out when the first is asked for.
    anchors: BTreeMap<&'a SourcePath, OnceLock<BTreeMap<String, String>>>,
    /// Put together when the first link names a document.
    names: OnceLock<Names<'a>>,
}

impl<'a> Targets<'a> {
    pub fn new(
        tree: &'a Tree,
        config: &'a Config,
        has_plan: bool,
        documents: &'a BTreeMap<SourcePath, Arc<Document>>,
        drafts: &'a BTreeSet<SourcePath>,
        urls: &'a BTreeMap<SourcePath, Url>,
    ) -> Self {
        let (content, dialect) = (config.book.src.value.as_str(), config.dialect);
        let site = config.settings.site_of(dialect);
        let mut theirs = BTreeMap::new();
        let mut pages = BTreeMap::new();
        let mut indices = BTreeMap::new();
        for (path, document) in documents {
            let below = path.below(content).unwrap_or(path.as_str());
            if let Some(address) = &document.address {
                // Nothing stands where its file would be.
                theirs.entry(addresses::written(dialect, address.plain())).or_insert(path);
                continue;
            }
            if addresses::has_name(dialect, below) {
                pages.entry(format!("{}.html", stem(below))).or_insert(path);
            }
            let own = addresses::own(site, below);
            theirs.entry(addresses::written(dialect, &own)).or_insert(path);
            if let Some(folder) = index_folder(below) {
                indices.entry(folder).or_insert(path);
            }
        }
        for (path, url) in urls {
            pages.entry(url.0.clone()).or_insert(path);
        }
        let anchors = documents.keys().map(|path| (path, OnceLock::new())).collect();
        let redirects = BTreeMap::new();
        let names = OnceLock::new();
        Self {
            names,
            tree,
            content,
            dialect,
            site,
            settings: &config.settings,
            has_plan,
            documents,
            drafts,
            pages,
            indices,
            redirects,
            moved: BTreeMap::new(),
            urls,
            theirs,
            anchors,
        }
    }

    fn names(&self) -> &Names<'a> {
        self.names.get_or_init(|| Names::new(self.tree, self.content, self.documents))
    }

    /// From now on, links to these addresses lead to what stands behind them.
    pub(super) fn lead_on(&mut self, redirects: &[Redirect]) {
        let pages = redirects.iter().filter_map(Redirect::page);
        self.redirects = pages.map(|(from, to)| (from.0.clone(), to.clone())).collect();
        let anchors = redirects.iter().filter_map(Redirect::of_anchor);
        let moved =
            anchors.map(|(from, anchor, to)| ((from.0.clone(), anchor.to_owned()), to.clone()));
        self.moved = moved.collect();
    }

    /// Returns the page at an address below the content folder, which ends in `/` where it is that of a folder.
    pub(super) fn page_below(&self, below: &str, anchor: Option<&str>) -> Option<Target> {
        let place = self.place_below(below);
        let ours = || self.pages.get(below).map(|path| self.document(path, anchor));
        self.page(&place, below.ends_with('/'), anchor).or_else(ours)
    }

    pub(super) fn missing_below(&self, below: &str) -> Target {
        Target::Missing { path: SourcePath::new(&self.place_below(below)) }
    }

    fn place_below(&self, below: &str) -> String {
        let place = format!("{}/{below}", self.content);
        place.trim_matches('/').to_owned()
    }

    /// Returns what a link in a document leads to.
    pub fn target(&self, from: &SourcePath, link: &Link) -> Target {
        let from = link.base.as_ref().unwrap_or(from);
        let written = link.destination.trim();
        if let Some(name) = written.strip_prefix(BY_NAME) {
            return self.named(from, link.kind, name);
        }
        if is_external(written) {
            let leads = link.kind == LinkKind::Image || schemes::may_lead(written);
            return if leads { Target::External } else { Target::Missing { path: None } };
        }
        if addresses::is_template(written) {
            return Target::Unjudged { why: Unjudged::Template };
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
        // A name that holds a percent sign may be written as it is.
        let decoded = percent_decode_str(path).decode_utf8();
        let decoded = decoded.as_deref().unwrap_or(path);
        if let Some(translated) = self.in_own_language(from, decoded) {
            return self.document(translated, anchor);
        }
        let mut found = None;
        let in_site = self.settings.addressing.below_base(decoded);
        for path in [decoded, path].into_iter().chain(in_site) {
            let target = self.place(from, link.kind, path, anchor);
            if !target.is_nothing() {
                return target;
            }
            if let Some(target) = self.by_address(from, link.kind, path, anchor) {
                return target;
            }
            found.get_or_insert(target);
        }
        if let Some(path) = self.resource(from, link.kind, decoded) {
            return Target::Asset { path };
        }
        if let Some(found) = self.below_top(from, link.kind, decoded) {
            return found;
        }
        if link.kind == LinkKind::Link && self.is_made(from, in_site.unwrap_or(decoded)) {
            return Target::Unjudged { why: Unjudged::Template };
        }
        self.beyond(path, found.unwrap_or(Target::Outside))
    }

    /// Tells whether a path leads to a page that Hugo or Zola makes of others: of a tag, of a feed, the second of a list.
    fn is_made(&self, from: &SourcePath, path: &str) -> bool {
        if !matches!(self.dialect, Dialect::Hugo | Dialect::Zola) || is_markdown(path) {
            return false;
        }
        let folder = addresses::folder(self.dialect, from.below(self.content).unwrap_or_default());
        addresses::resolved(self.dialect, &folder, path)
            .is_some_and(|address| addresses::is_made(&self.settings.addressing, &address))
    }

    /// Looks an absolute path up below the top of the repository, as a forge does, where the project is a folder of it.
    fn below_top(&self, from: &SourcePath, kind: LinkKind, path: &str) -> Option<Target> {
        let path = path.strip_prefix('/').filter(|_| self.dialect == Dialect::Plain)?;
        let depth = from.folder().split('/').filter(|part| !part.is_empty()).count();
        let up = "../".repeat(depth);
        let tops = (1..MOST_ABOVE).map(|above| format!("{up}{}", "../".repeat(above)));
        let tops = tops.take_while(|top| {
            SourcePath::around(&top[up.len()..]).is_some_and(|top| self.tree.kind(&top).is_some())
        });
        let found = self.around(from, kind, &format!("{}{path}", tops.last()?));
        (!found.is_nothing()).then_some(found)
    }

    /// Returns the picture beside a page whose name begins as a shortcode of Hugo names it.
    fn resource(&self, from: &SourcePath, kind: LinkKind, name: &str) -> Option<SourcePath> {
        let is_name = !name.contains(['/', '.', '*']) && !name.is_empty();
        if self.dialect != Dialect::Hugo || kind != LinkKind::Image || !is_name {
            return None;
        }
        let name = name.to_lowercase();
        let beside = self.tree.list(from.folder());
        let mut files = beside.0.iter().filter(|path| path.folder() == from.folder());
        files.find(|path| path.name().to_lowercase().starts_with(&name)).cloned()
    }

    /// Returns the document of a name in the language of the document that names it, where the site has several.
    fn in_own_language(&self, from: &SourcePath, name: &str) -> Option<&'a SourcePath> {
        if self.dialect != Dialect::Hugo || !is_markdown(name) {
            return None;
        }
        let spoken = self.settings.spoken(from.below(self.content)?)?;
        let names = self.settings.in_language(name, &spoken.language);
        names.iter().find_map(|name| {
            let found = match self.place(from, LinkKind::Link, name, None) {
                Target::Document { path, .. } => self.documents.get_key_value(&path)?.0,
                _ => self.names().document(name)?,
            };
            Some(found)
        })
    }

    /// Looks a decoded path up from the address of the page that its tool makes, among the addresses that it gives.
    fn by_address(
        &self,
        from: &SourcePath,
        kind: LinkKind,
        path: &str,
        anchor: Option<&str>,
    ) -> Option<Target> {
        if self.dialect == Dialect::Plain {
            return None;
        }
        let root = path.strip_prefix("@/").filter(|_| self.dialect == Dialect::Zola);
        let path = root.map_or(Cow::Borrowed(path), |path| Cow::Owned(format!("/{path}")));
        let below = from.below(self.content).unwrap_or(from.as_str());
        let said = self.documents.get(from).and_then(|document| document.address.as_ref());
        let folder = match said {
            Some(said) => said.folder().to_owned(),
            None => addresses::folder(self.site, below),
        };
        // MkDocs knows a document by its file, and makes no page of that name.
        if self.dialect == Dialect::MkDocs && is_markdown(&path) {
            return None;
        }
        let address = addresses::resolved(self.dialect, &folder, &path)?;
        if kind == LinkKind::Link {
            let written = addresses::written(self.dialect, &address);
            let written = written.strip_suffix("/index.html").unwrap_or(&written);
            let written = match self.dialect {
                Dialect::Hugo | Dialect::Zola | Dialect::Jekyll => {
                    written.strip_suffix(".html").unwrap_or(written)
                }
                _ => written,
            };
            let is_made = !path.ends_with('/') || self.has_folder(written);
            if let Some(path) = self.theirs.get(written).filter(|_| is_made) {
                return Some(self.document(path, anchor));
            }
        }
        self.of_site([&address, &path], path.ends_with('/'), kind, anchor)
    }

    /// Tells whether the page at an address stands in a folder of that name in the site of its tool.
    fn has_folder(&self, below: &str) -> bool {
        self.site != Dialect::MdBook || self.indices.contains_key(below)
    }

    /// Looks a path up, and another way to write it, in the folders whose files stand at the root of the site.
    fn of_site(
        &self,
        [address, path]: [&str; 2],
        is_folder: bool,
        kind: LinkKind,
        anchor: Option<&str>,
    ) -> Option<Target> {
        let below_content = format!("{}/{address}", self.content);
        let folders = addresses::static_folders(self.dialect)
            .iter()
            .flat_map(|folder| [format!("{folder}/{address}"), format!("{folder}/{path}")]);
        [below_content].into_iter().chain(folders).find_map(|place| {
            let target = self.stands_at(&normalized(&place)?, is_folder, kind, anchor);
            let is_found = matches!(
                target,
                Target::Document { .. } | Target::Generated { .. } | Target::Asset { .. }
            );
            is_found.then_some(target)
        })
    }

    /// Returns what stands at an address below the root of the site; the addresses of pages are those of [`Self::addresses`].
    pub(super) fn at(&self, below: &str, anchor: Option<&str>) -> Option<Target> {
        self.of_site([below, below], below.ends_with('/'), LinkKind::Link, anchor)
    }

    /// Returns the addresses of documents below the root of the site, those of their tool first; a document may have several.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (&str, &SourcePath)> {
        let theirs = self.theirs.iter().map(|(address, path)| (address.as_str(), *path));
        let ours = self.pages.iter().map(|(address, path)| (address.as_str(), *path));
        let former = self.redirects.iter().filter_map(|(address, to)| match to {
            Target::Document { path, .. } => Some((address.as_str(), path)),
            _ => None,
        });
        theirs.chain(ours).chain(former)
    }

    /// Returns the document whose file stands at a path of the project.
    pub(super) fn by_path(&self, path: &str, anchor: Option<&str>) -> Option<Target> {
        let path = normalized(path)?;
        let (path, _) = self.documents.get_key_value(path.as_str())?;
        Some(self.document(path, anchor))
    }

    /// Tells what is broken from what lies beside the documents in their site, and cannot be looked at here.
    fn beyond(&self, path: &str, found: Target) -> Target {
        let leaves = match &found {
            Target::Missing { path: Some(place) } => {
                !path.starts_with('/') && place.below(self.content).is_none()
            }
            found => *found == Target::Outside,
        };
        let is_theirs = match self.dialect {
            Dialect::Plain => found == Target::Outside && addresses::is_of_forge(path),
            _ => leaves,
        };
        if is_theirs { Target::Unjudged { why: Unjudged::Outside } } else { found }
    }

    /// Returns what a name leads to: what stands at that path, else the document or file of that name, wherever it is.
    fn named(&self, from: &SourcePath, kind: LinkKind, name: &str) -> Target {
        let (name, heading) = match name.split_once('#') {
            Some((name, heading)) => (name, Some(heading)),
            None => (name, None),
        };
        let name = percent_decode_str(name).decode_utf8_lossy();
        let heading = heading.map(|heading| percent_decode_str(heading).decode_utf8_lossy());
        if name.is_empty() {
            return self.section(from, heading.as_deref());
        }
        if let Some(path) = self.in_own_language(from, &format!("{}.md", stem(&name))) {
            return self.section(path, heading.as_deref());
        }
        let found = self.place(from, kind, &name, None);
        let path = match &found {
            Target::Document { path, .. } => Some(path),
            Target::Missing { .. } | Target::Outside => self.names().document(&name),
            _ => return found,
        };
        match (path, kind) {
            (Some(path), _) => self.section(path, heading.as_deref()),
            (None, _) => match self.names().file(&name) {
                Some(path) => Target::Asset { path },
                None => found,
            },
        }
    }

    /// Returns a document, and the section of a heading in it: its id, or its words.
    fn section(&self, path: &SourcePath, heading: Option<&str>) -> Target {
        match self.document(path, heading) {
            Target::Document { path, anchor: Some(anchor), anchor_found: false } => {
                let slug = slug(&anchor);
                let known = self.documents.get(&path).is_some_and(|it| it.anchors.contains(&slug));
                let anchor = if known { slug } else { anchor };
                Target::Document { path, anchor: Some(anchor), anchor_found: known }
            }
            found => found,
        }
    }

    /// Looks a decoded path up: below the folder of the document, or, where it begins with `/`, below the content folder
    /// and then below the project's root.
    fn place(&self, from: &SourcePath, kind: LinkKind, path: &str, anchor: Option<&str>) -> Target {
        let Some(absolute) = path.strip_prefix('/') else {
            let Some(place) = normalized(&format!("{}/{path}", from.folder())) else {
                return self.around(from, kind, path);
            };
            return self.stands_at(&place, path.ends_with('/'), kind, anchor);
        };
        let mut found = Target::Outside;
        // Their sites have nothing at their root but the content.
        let of_book = matches!(self.dialect, Dialect::MdBook | Dialect::MkDocs);
        let bases = [self.content, ""].into_iter().take(if of_book { 1 } else { 2 });
        for base in bases {
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

    /// Returns what stands in the repository that the project lies in. Its folders have no page.
    fn around(&self, from: &SourcePath, kind: LinkKind, path: &str) -> Target {
        let Some(path) = from.reach(path) else { return Target::Outside };
        match self.tree.kind(&path) {
            Some(FileKind::File) => Target::Asset { path },
            Some(FileKind::Folder) if kind == LinkKind::Link => {
                Target::Unjudged { why: Unjudged::Outside }
            }
            Some(FileKind::Folder) | None => Target::Outside,
        }
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
            let page = self.pages.get(&format!("{below}.html"));
            return match page.filter(|_| self.has_folder(below)) {
                Some(path) => Some(self.document(path, anchor)),
                None => self.redirect(below, anchor),
            };
        }
        if below == "index.html" && self.has_plan {
            return Some(self.home(anchor));
        }
        if let Some(path) = self.pages.get(below).filter(|_| addresses::has_file(self.site, below))
        {
            return Some(self.document(path, anchor));
        }
        // A file of that very name stands before a name that is short for another.
        if self.tree.kind(&SourcePath::new(place)?) == Some(FileKind::File) {
            return None;
        }
        if let Some(path) = self.pages.get(&format!("{below}.html")) {
            return Some(self.document(path, anchor));
        }
        if GENERATED_PAGES.contains(&below) || GENERATED_FILES.contains(&below) {
            return Some(generated(below, anchor));
        }
        self.redirect(below, anchor)
    }

    /// Returns what a page leads to that only leads on, by its address or that of its folder.
    fn redirect(&self, below: &str, anchor: Option<&str>) -> Option<Target> {
        let of_folder = format!("{below}/index.html");
        let found = self.redirects.get_key_value(below);
        let (address, to) = found.or_else(|| self.redirects.get_key_value(&of_folder))?;
        let moved = anchor.and_then(|anchor| self.moved.get(&(address.clone(), anchor.to_owned())));
        Some(match (moved, to) {
            (Some(Target::External), _) | (None, Target::External) => generated(address, anchor),
            (Some(moved), _) => moved.clone(),
            (None, Target::Document { path, .. }) if anchor.is_some() => {
                self.document(path, anchor)
            }
            (None, to) => to.clone(),
        })
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

    pub(super) fn document(&self, path: &SourcePath, anchor: Option<&str>) -> Target {
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
                match self.theirs_at(path, id).filter(|_| !stands(id)) {
                    Some(ours) => (Some(ours.to_owned()), true),
                    None if !stands(id)
                        && let Some(to) = self.moved_to(path, id) =>
                    {
                        return to;
                    }
                    None => (Some(id.to_owned()), stands(id)),
                }
            }
        };
        Target::Document { path: path.clone(), anchor, anchor_found }
    }

    /// Returns what an anchor leads to that stands elsewhere today. The page itself leads out of the portal.
    fn moved_to(&self, path: &SourcePath, anchor: &str) -> Option<Target> {
        if self.moved.is_empty() {
            return None;
        }
        let url = self.urls.get(path)?;
        let to = self.moved.get(&(url.0.clone(), anchor.to_owned()))?;
        Some(match to {
            Target::External => Target::Document {
                path: path.clone(),
                anchor: Some(anchor.to_owned()),
                anchor_found: true,
            },
            to => to.clone(),
        })
    }

    /// Returns our anchor for one of the tool that a document was written for.
    fn theirs_at(&self, path: &SourcePath, anchor: &str) -> Option<&str> {
        let document = self.documents.get(path)?;
        let anchors = self.anchors.get(path)?;
        let anchors = anchors.get_or_init(|| {
            let written: Vec<_> =
                document.headings.iter().map(|heading| document.as_written(heading)).collect();
            anchors::anchors(self.dialect, &document.headings, &written)
        });
        anchors.get(anchor).map(String::as_str)
    }
}

/// Nobody keeps a project deeper than this in its repository.
const MOST_ABOVE: usize = 32;

fn generated(page: &str, anchor: Option<&str>) -> Target {
    let decoded = anchor.map(|anchor| percent_decode_str(anchor).decode_utf8_lossy());
    let anchor = decoded.filter(|anchor| !anchor.is_empty()).map(Cow::into_owned);
    Target::Generated { url: Url(page.to_owned()), anchor }
}

/// `//host`, or a scheme: letters, digits, `+`, `.` and `-` before the first colon.
pub fn is_external(destination: &str) -> bool {
    if destination.starts_with("//") {
        return true;
    }
    destination.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|char: char| char.is_ascii_alphabetic())
            && scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+.-".contains(char))
    })
}

/// Resolves `.` and `..`; `""` is the root, `None` is above it.
pub(super) fn normalized(path: &str) -> Option<String> {
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

#[cfg(test)]
mod tests;
