//! What the settings of a tool say of the addresses in its site: where it lies on its host, permalinks, and taxonomies.

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::dialect::Dialect;
use crate::parse::node::{Node, Value};
use crate::source::SourcePath;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addressing {
    /// What the addresses of the site begin with on its host, without a slash around it: `sub` of `https://example.com/sub/`.
    pub base: String,
    /// The patterns of Hugo, by whether they are for sections and by the section.
    permalinks: BTreeMap<(bool, String), String>,
    /// The folders, below the content folder, that have a page of their own; known where a pattern asks for them.
    sections: BTreeSet<String>,
    /// The patterns of Jekyll's collections.
    collections: BTreeMap<String, String>,
    /// What Jekyll says in the place of front matter, in order.
    defaults: Vec<Scope>,
    /// What the addresses begin with that are made of the words that documents go by.
    taxonomies: BTreeSet<String>,
    languages: BTreeSet<String>,
}

/// A permalink for all documents below a path, of a kind: `posts`, `pages`, or a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Scope {
    path: String,
    kind: Option<String>,
    permalink: String,
}

impl Addressing {
    pub(super) fn new(root: &Node, dialect: Dialect, site: Option<&str>) -> Self {
        let base = site.map(base).unwrap_or_default();
        match dialect {
            Dialect::Hugo => {
                let permalinks = of_hugo(root);
                let taxonomies = taxonomies_of_hugo(root);
                let languages = languages(root);
                Self { base, permalinks, taxonomies, languages, ..Self::default() }
            }
            Dialect::Zola => {
                let (taxonomies, languages) = (taxonomies_of_zola(root), languages(root));
                Self { base, taxonomies, languages, ..Self::default() }
            }
            Dialect::Jekyll => Self {
                base,
                collections: collections(root),
                defaults: defaults(root),
                ..Self::default()
            },
            _ => Self { base, ..Self::default() },
        }
    }

    /// Looks which folders have a page of their own, where a pattern asks for them.
    pub fn look_at(&mut self, files: &[SourcePath], content: &str) {
        if self.permalinks.values().any(|pattern| pattern.contains(":section")) {
            let indices = files.iter().filter(|path| path.name().starts_with("_index."));
            let folders = indices.filter_map(|path| path.below(content)?.rsplit_once('/'));
            self.sections = folders.map(|(folder, _)| folder.to_owned()).collect();
        }
    }

    /// Returns a path from the root of the host as one from the root of the site; `None` where the two are one, or it lies
    /// elsewhere.
    pub fn below_base<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.base.is_empty() {
            return None;
        }
        match path.strip_prefix('/')?.strip_prefix(self.base.as_str())? {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }

    /// Returns the pattern of Hugo for the pages of a section, or for the page of the section itself.
    pub(super) fn of_section(&self, is_section: bool, section: &str) -> Option<&str> {
        self.permalinks.get(&(is_section, section.to_lowercase())).map(String::as_str)
    }

    /// Tells whether a folder has a page of its own: those at the top have one in any case.
    pub(super) fn is_section(&self, folder: &str) -> bool {
        !folder.contains('/') || self.sections.contains(folder)
    }

    /// Returns the pattern that the settings of Jekyll give a document of a collection, or a page.
    pub(super) fn of_document(&self, below: &str, collection: Option<&str>) -> Option<&str> {
        let kind = collection.unwrap_or("pages");
        let applies = |scope: &&Scope| {
            let is_kind = scope.kind.as_ref().is_none_or(|of| of == kind);
            is_kind
                && below.strip_prefix(&scope.path).is_some_and(|rest| {
                    rest.is_empty() || scope.path.is_empty() || rest.starts_with('/')
                })
        };
        let narrow = |scope: &&Scope| (scope.path.len(), scope.kind.is_some());
        let scope = self.defaults.iter().filter(applies).max_by_key(narrow);
        let of_collection = || self.collections.get(collection?).map(String::as_str);
        scope.map(|scope| scope.permalink.as_str()).or_else(of_collection)
    }

    /// Tells whether the page at an address is made of the words that documents go by.
    pub fn is_of_taxonomy(&self, address: &str) -> bool {
        let mut parts = address.split('/');
        let first = parts.next().unwrap_or_default();
        let first = if self.languages.contains(first) { parts.next() } else { Some(first) };
        first.is_some_and(|first| self.taxonomies.contains(first))
    }
}

/// Returns the path in the address of a site.
fn base(site: &str) -> String {
    let path = match site.split_once("//") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => site,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.trim().trim_matches('/').to_owned()
}

/// `[permalinks] posts = "…"`, `[permalinks.page] posts = "…"`, `[permalinks.section]`
fn of_hugo(root: &Node) -> BTreeMap<(bool, String), String> {
    let mut permalinks = BTreeMap::new();
    let mut take = |is_section: bool, name: &str, node: &Node| {
        if let Value::Text(pattern) = &node.value {
            let section = name.trim_matches('/').to_lowercase();
            permalinks.insert((is_section, section), pattern.clone());
        }
    };
    let Some(Value::Map(entries)) = root.entry("permalinks").map(|node| &node.value) else {
        return permalinks;
    };
    for (name, node) in entries {
        match &node.value {
            Value::Map(entries) if ["page", "section"].contains(&&*name.to_lowercase()) => {
                let is_section = name.eq_ignore_ascii_case("section");
                entries.iter().for_each(|(name, node)| take(is_section, name, node));
            }
            _ => take(false, name, node),
        }
    }
    permalinks
}

/// Those that the settings name, or the two that Hugo has where they name none.
fn taxonomies_of_hugo(root: &Node) -> BTreeSet<String> {
    let off = root.entry("disableKinds").map(Node::texts).unwrap_or_default();
    if ["taxonomy", "term"].iter().all(|kind| off.iter().any(|it| it == kind)) {
        return BTreeSet::new();
    }
    let of_language = tables(root, "languages").filter_map(|(_, node)| node.entry("taxonomies"));
    let named: Vec<&Node> = root.entry("taxonomies").into_iter().chain(of_language).collect();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for node in &named {
        if let Value::Map(entries) = &node.value {
            names.extend(entries.iter().filter_map(|(_, node)| node.text()));
        }
    }
    if root.entry("taxonomies").is_none() {
        names.extend(["tags".to_owned(), "categories".to_owned()]);
    }
    names.iter().map(|name| in_address(name)).collect()
}

fn taxonomies_of_zola(root: &Node) -> BTreeSet<String> {
    let of_language = tables(root, "languages").filter_map(|(_, node)| node.entry("taxonomies"));
    let lists = root.entry("taxonomies").into_iter().chain(of_language);
    let items = lists.flat_map(|node| match &node.value {
        Value::List(items) => items.as_slice(),
        _ => &[],
    });
    items.filter_map(|item| Some(in_address(&item.entry("name")?.text()?))).collect()
}

fn in_address(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn languages(root: &Node) -> BTreeSet<String> {
    tables(root, "languages").map(|(code, _)| code.to_lowercase()).collect()
}

fn collections(root: &Node) -> BTreeMap<String, String> {
    let collection = |(name, node): (&str, &Node)| Some((name.to_owned(), pattern(node)?));
    tables(root, "collections").filter_map(collection).collect()
}

/// `defaults: [{ scope: { path: "docs", type: pages }, values: { permalink: /d/:basename/ } }]`
fn defaults(root: &Node) -> Vec<Scope> {
    let Some(Value::List(items)) = root.entry("defaults").map(|node| &node.value) else {
        return Vec::new();
    };
    let scope = |item: &Node| {
        let permalink = pattern(item.entry("values")?)?;
        let said = |key: &str| item.entry("scope")?.entry(key)?.text();
        // A pattern of paths counts as far as it names folders.
        let path = said("path").unwrap_or_default();
        let path = path.split('*').next().unwrap_or_default().trim_matches('/').to_owned();
        Some(Scope { path, kind: said("type"), permalink })
    };
    items.iter().filter_map(scope).collect()
}

/// Returns a permalink of Jekyll; the name of a style, which only the whole site can have, is none.
fn pattern(table: &Node) -> Option<String> {
    table.entry("permalink")?.text().filter(|pattern| pattern.contains('/'))
}

/// Returns the entries of a table.
fn tables<'a>(root: &'a Node, name: &str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    let entries = match root.entry(name).map(|node| &node.value) {
        Some(Value::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|(name, node)| (name.as_str(), node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_may_lie_below_a_folder_of_its_host() {
        for (site, folder) in [
            ("https://example.com/", ""),
            ("https://example.com", ""),
            ("https://example.com/a/b/?x", "a/b"),
            ("//example.com/a", "a"),
            ("/a/", "a"),
            ("/", ""),
        ] {
            assert_eq!(base(site), folder, "{site}");
        }
        let addressing = Addressing { base: "a".to_owned(), ..Addressing::default() };
        assert_eq!(addressing.below_base("/a/x.md"), Some("/x.md"));
        assert_eq!(addressing.below_base("/a"), Some("/"));
        assert_eq!(addressing.below_base("/ab"), None);
        assert_eq!(addressing.below_base("a/x"), None);
        assert_eq!(Addressing::default().below_base("/a/x.md"), None);
    }
}
