//! Addresses of the web → what they lead to here: the sites that the documents are published at, and what stands on them.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use crate::diagnostic::did_you_mean;
use crate::link::targets::Targets;
use crate::link::{Portal, Target};
use crate::source::SourcePath;

/// An address of the web.
pub(super) struct Address<'a> {
    /// In lower case, with the port.
    host: String,
    /// What is left of it where the path begins: `https://host`.
    origin: &'a str,
    /// The parts of its path, decoded.
    parts: Vec<String>,
    is_folder: bool,
    anchor: Option<&'a str>,
}

/// The root of a site: a host, and so many first parts of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Base {
    host: String,
    parts: Vec<String>,
}

impl<'a> Address<'a> {
    /// Reads an address; `None` where it is not one of the web.
    pub(super) fn new(written: &'a str) -> Option<Self> {
        let start = written.find("//")? + 2;
        if !["", "http:", "https:"].contains(&&*written[..start - 2].to_ascii_lowercase()) {
            return None;
        }
        let length = written[start..].find(['/', '?', '#']).unwrap_or(written.len() - start);
        let (origin, rest) = written.split_at(start + length);
        let host = origin[start..].rsplit('@').next().unwrap_or_default().to_lowercase();
        let (path, anchor) = match rest.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (rest, None),
        };
        let path = path.split('?').next().unwrap_or_default();
        let parts = path.split('/').filter(|part| !part.is_empty());
        let parts = parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
        let parts = parts.collect();
        let is_folder = path.ends_with('/');
        (!host.is_empty()).then_some(Self { host, origin, parts, is_folder, anchor })
    }

    fn base(&self, length: usize) -> Base {
        let parts = self.parts[..length].iter().map(|part| part.to_lowercase()).collect();
        Base { host: self.host.clone(), parts }
    }

    /// Tells whether it stands at or below the root of a site.
    fn is_below(&self, base: &Base) -> bool {
        let alike = |(part, of_base): (&String, &String)| part.to_lowercase() == *of_base;
        self.host == base.host
            && self.parts.len() >= base.parts.len()
            && self.parts.iter().zip(&base.parts).all(alike)
    }

    /// Returns what follows so many parts of the path.
    fn rest(&self, length: usize) -> String {
        let mut rest = self.parts[length..].join("/");
        if self.is_folder && !rest.is_empty() {
            rest.push('/');
        }
        rest
    }
}

/// The addresses below what may be the root of a site.
#[derive(Default)]
struct Below {
    all: BTreeSet<String>,
    /// Those of pages.
    pages: BTreeSet<String>,
    /// One of these stands in a folder.
    is_deep: bool,
}

/// What stands at the addresses of a site.
pub(super) struct Site<'a> {
    targets: &'a Targets<'a>,
    /// Documents, and their addresses as they are written, by the latter in one form.
    pages: BTreeMap<String, (&'a str, &'a SourcePath)>,
    bases: BTreeSet<Base>,
}

impl<'a> Site<'a> {
    pub(super) fn new(portal: &Portal, targets: &'a Targets<'a>) -> Self {
        let mut pages = BTreeMap::new();
        for (address, path) in targets.addresses() {
            pages.entry(key(address)).or_insert((address, path));
        }
        Self { targets, pages, bases: stated(portal) }
    }

    /// Takes for a site of ours what some of these addresses show to be one: on a host that no setting names, the longest path
    /// of a page here, whatever stands before it.
    pub(super) fn learn(&mut self, addresses: &[Address<'_>]) {
        let is_known = |address: &&Address<'_>| self.bases.iter().any(|it| it.host == address.host);
        let mut hosts: BTreeMap<&str, Vec<&Address<'_>>> = BTreeMap::new();
        for address in addresses.iter().filter(|address| !is_known(address)) {
            hosts.entry(&address.host).or_default().push(address);
        }
        let learned: Vec<Base> = hosts.values().filter_map(|all| self.shown(all)).collect();
        self.bases.extend(learned);
    }

    /// Returns the root below which the most addresses of a host are those of pages.
    fn shown(&self, addresses: &[&Address<'_>]) -> Option<Base> {
        let mut found: BTreeMap<Base, Below> = BTreeMap::new();
        for address in addresses {
            for length in 0..address.parts.len() {
                let page = key(&address.rest(length));
                // Every site has a first page.
                if !page.is_empty() && self.pages.contains_key(&page) {
                    let below = found.entry(address.base(length)).or_default();
                    below.is_deep |= address.parts.len() - length > 1;
                    below.pages.insert(page);
                }
            }
        }
        for address in addresses {
            for length in 0..=address.parts.len() {
                if let Some(below) = found.get_mut(&address.base(length)) {
                    below.all.insert(key(&address.rest(length)));
                }
            }
        }
        // A name alone may be that of anything else, but for many that are all here.
        found.retain(|base, below| {
            base.parts.is_empty() || below.is_deep || 2 * below.pages.len() > below.all.len()
        });
        let best = found
            .into_iter()
            .max_by_key(|(base, below)| (below.pages.len(), std::cmp::Reverse(base.parts.len())));
        best.map(|(base, _)| base)
    }

    /// Returns what an address leads to, and, where that is nothing, the address that may have been meant; `None` for an address
    /// on another site.
    pub(super) fn target(&self, address: &Address<'_>) -> Option<(Target, Option<String>)> {
        let below = self.bases.iter().filter(|base| address.is_below(base));
        let base = below.max_by_key(|base| base.parts.len())?;
        let rest = address.rest(base.parts.len());
        let target = self.below(&rest, address.anchor);
        let near = match &target {
            Target::Missing { .. } => self.nearest(&rest).map(|near| {
                let above = &address.parts[..base.parts.len()];
                let above = above.iter().fold(String::new(), |all, part| all + "/" + part);
                format!("{}{above}/{near}", address.origin)
            }),
            _ => None,
        };
        Some((target, near))
    }

    /// Returns what stands at an address below the root of a site.
    pub(super) fn below(&self, rest: &str, anchor: Option<&str>) -> Target {
        match self.pages.get(&key(rest)) {
            Some((_, path)) => self.targets.document(path, anchor),
            None => {
                self.targets.at(rest, anchor).unwrap_or_else(|| self.targets.missing_below(rest))
            }
        }
    }

    pub(super) fn document(&self, path: &SourcePath, anchor: Option<&str>) -> Target {
        self.targets.document(path, anchor)
    }

    /// Returns the document whose file stands at a path of the project.
    pub(super) fn by_path(&self, path: &str, anchor: Option<&str>) -> Option<Target> {
        self.targets.by_path(path, anchor)
    }

    /// Returns the address of the page that an address of none may have meant: one of a near name in the same folder, or the
    /// only one of that name elsewhere.
    fn nearest(&self, rest: &str) -> Option<String> {
        let wanted = key(rest);
        let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", &wanted));
        let beside = self.pages.keys().filter_map(|key| match key.rsplit_once('/') {
            Some((of, name)) if of == folder => Some(name),
            None if folder.is_empty() => Some(key.as_str()),
            _ => None,
        });
        let (address, _) = match did_you_mean(name, beside) {
            Some(near) => self.pages.get(format!("{folder}/{near}").trim_start_matches('/'))?,
            None => {
                let named =
                    self.pages.iter().filter(|(key, _)| key.rsplit('/').next() == Some(name));
                let named: Vec<_> = named.map(|(_, page)| page).collect();
                let (first, others) = named.split_first()?;
                others.iter().all(|(_, path)| *path == first.1).then_some(*first)?
            }
        };
        // As the one that was written ends.
        let end = [".html", "/"].into_iter().find(|end| rest.ends_with(end)).unwrap_or_default();
        let stem = if end == "/" { address.trim_end_matches('/') } else { address };
        Some(format!("{}{end}", stem.strip_suffix(end).unwrap_or(stem)))
    }
}

/// Returns the sites that the settings name.
fn stated(portal: &Portal) -> BTreeSet<Base> {
    let config = &portal.config;
    let base = |written: &str| {
        let address = Address::new(written)?;
        Some(address.base(address.parts.len()))
    };
    let own = config.handover.site_url.as_ref().map(|url| url.trim_end_matches('/'));
    // Our own site has a folder for each version.
    let own = own
        .into_iter()
        .flat_map(|url| ["latest", portal.version()].map(|version| format!("{url}/{version}")));
    let others =
        [config.handover.runbook_base.as_ref().map(|url| &url.value), config.html_site.as_ref()];
    let others = others.into_iter().chain([config.settings.site.as_ref()]).flatten().cloned();
    others.chain(own).filter_map(|written| base(&written)).collect()
}

/// Returns the one form of all ways to write the address of a page.
fn key(address: &str) -> String {
    let lower = address.to_lowercase().replace(' ', "-");
    let trimmed = lower.trim_matches('/');
    let ends = [".html", ".htm", ".md"].into_iter();
    let stem = ends.filter_map(|end| trimmed.strip_suffix(end)).next().unwrap_or(trimmed);
    match stem.rsplit_once('/') {
        Some((folder, "index" | "readme")) => folder.to_owned(),
        None if stem == "index" || stem == "readme" => String::new(),
        _ => stem.trim_end_matches('.').to_owned(),
    }
}
