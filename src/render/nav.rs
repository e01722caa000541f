//! Navigation: where each document stands, and the slice of it that one page shows.
//!
//! A page never holds all of the navigation: its size would grow with the project, and one title would change every page.

use crate::link::order::Order;
use crate::link::{NavItem, Portal};
use crate::render::address;
use crate::render::words::push_escaped;
use crate::source::SourcePath;

/// How many sections a page lists, around its own.
const SECTIONS: usize = 45;
/// How many pages of the section a page lists, around its own ancestor.
const PAGES: usize = 50;
/// How many pages of a deeper level a page lists, at most three levels of them.
const NESTED: usize = 25;
/// How many ancestors a page lists without their neighbors.
const ANCESTORS: usize = 6;

/// A line of the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub text: String,
    /// `None` for a chapter that nobody has written yet.
    pub href: Option<String>,
    pub current: bool,
    pub section: bool,
    /// The id of a section in the full contents.
    pub id: Option<String>,
    pub nested: Vec<Entry>,
}

impl Entry {
    pub fn link(text: impl Into<String>, href: String) -> Self {
        Self { text: text.into(), href: Some(href), ..Self::default() }
    }
}

/// Returns entries as the items of a list. Every page has about a hundred of them: a template would take as long for them as
/// for all the rest.
pub fn html(entries: &[Entry]) -> String {
    let mut out = String::new();
    push_entries(&mut out, entries);
    out
}

fn push_entries(out: &mut String, entries: &[Entry]) {
    for Entry { text, href, current, section, id: _, nested } in entries {
        out.push_str("<li>");
        if *section && !nested.is_empty() {
            out.push_str("<details open><summary>");
            push_escaped(out, text);
            out.push_str("</summary>\n<ul>\n");
            push_entries(out, nested);
            out.push_str("\n</ul></details></li>\n");
            continue;
        }
        match href {
            Some(href) => {
                out.push_str(if *section { "<a class=\"section\" href=\"" } else { "<a href=\"" });
                push_escaped(out, href);
                out.push_str(if *current { "\" aria-current=\"page\">" } else { "\">" });
                push_escaped(out, text);
                out.push_str("</a>");
            }
            None => {
                out.push_str("<span>");
                push_escaped(out, text);
                out.push_str("</span>");
            }
        }
        if !nested.is_empty() {
            out.push_str("\n<ul>\n");
            push_entries(out, nested);
            out.push_str("\n</ul>");
        }
        out.push_str("</li>\n");
    }
}

fn push_contents(out: &mut String, entries: &[Entry]) {
    for Entry { text, href, id, nested, .. } in entries {
        out.push_str("<li");
        if let Some(id) = id {
            out.push_str(" id=\"");
            push_escaped(out, id);
            out.push('"');
        }
        out.push('>');
        match href {
            Some(href) => {
                out.push_str("<a href=\"");
                push_escaped(out, href);
                out.push_str("\">");
                push_escaped(out, text);
                out.push_str("</a>");
            }
            None => {
                out.push_str("<strong>");
                push_escaped(out, text);
                out.push_str("</strong>");
            }
        }
        if !nested.is_empty() {
            out.push_str("\n<ul>\n");
            push_contents(out, nested);
            out.push_str("\n</ul>");
        }
        out.push_str("</li>\n");
    }
}

/// The places of all documents in the navigation.
pub struct Places<'a> {
    portal: &'a Portal,
    pub order: &'a Order,
}

impl<'a> Places<'a> {
    pub fn new(portal: &'a Portal) -> Self {
        Self { portal, order: &portal.order }
    }

    /// Returns the documents before and after one, in reading order.
    pub fn neighbors(&self, path: &SourcePath) -> (Option<&'a SourcePath>, Option<&'a SourcePath>) {
        let Order { paths, positions, .. } = self.order;
        let Some(&index) = positions.get(path) else { return (None, None) };
        let before = index.checked_sub(1).and_then(|before| paths.get(before));
        (before, paths.get(index + 1))
    }

    /// Returns the titles above a document, the section first, each with the page it leads to.
    pub fn ancestors(&self, path: &SourcePath, from: &str) -> Vec<(String, String)> {
        let Some([section, indices @ ..]) = self.order.places.get(path).map(Vec::as_slice) else {
            return Vec::new();
        };
        let nav_section = &self.portal.nav.sections[*section];
        let mut above = Vec::new();
        if let Some(title) = &nav_section.title {
            let href = address::relative(from, "search.html", Some(&section_id(*section)));
            above.push((title.clone(), href));
        }
        let mut items = &nav_section.items;
        for &index in &indices[..indices.len().saturating_sub(1)] {
            let item = &items[index];
            let contents = || address::relative(from, "search.html", Some(&section_id(*section)));
            above.push((item.title.clone(), self.href(item, from).unwrap_or_else(contents)));
            items = &item.nested;
        }
        above
    }

    /// Returns every section with the pages that `from` shows of it: those around `current`, and one link for the others.
    pub fn slice(&self, from: &str, current: Option<&SourcePath>) -> Vec<Entry> {
        let place =
            current.and_then(|path| self.order.places.get(path)).map_or(&[][..], Vec::as_slice);
        let sections = &self.portal.nav.sections;
        let (start, end) = window(sections.len(), place.first().copied(), SECTIONS);
        let mut entries = Vec::new();
        for (index, section) in sections.iter().enumerate().take(end).skip(start) {
            let here = place.first() == Some(&index);
            let rest = if here { &place[1..] } else { &[] };
            let all = address::relative(from, "search.html", Some(&section_id(index)));
            let pages = |rest| self.level(&section.items, rest, 0, from, current, &all);
            match &section.title {
                None => entries.extend(pages(rest)),
                Some(title) if here => entries.push(Entry {
                    text: title.clone(),
                    section: true,
                    nested: pages(rest),
                    ..Entry::default()
                }),
                Some(title) => {
                    let first = section.items.iter().find_map(|item| self.first_page(item, from));
                    entries.push(Entry {
                        section: true,
                        ..Entry::link(title.as_str(), first.unwrap_or(all))
                    });
                }
            }
        }
        if end - start < sections.len() {
            let contents = address::relative(from, "search.html", None);
            entries.push(Entry::link(format!("All {} sections", sections.len()), contents));
        }
        entries
    }

    fn level(
        &self,
        items: &[NavItem],
        place: &[usize],
        depth: usize,
        from: &str,
        current: Option<&SourcePath>,
        all: &str,
    ) -> Vec<Entry> {
        // Between the first level and the last two, only the way down is shown, and not all of a long one.
        let size = match (depth, place.len()) {
            (0, _) => PAGES,
            (_, 0..=2) => NESTED,
            (1..=ANCESTORS, _) => 1,
            _ => {
                return self.level(
                    &items[place[0]].nested,
                    &place[1..],
                    depth + 1,
                    from,
                    current,
                    all,
                );
            }
        };
        let (start, end) = window(items.len(), place.first().copied(), size);
        let mut entries: Vec<Entry> = items
            .iter()
            .enumerate()
            .take(end)
            .skip(start)
            .map(|(index, item)| {
                let nested = match place {
                    [here, rest @ ..] if *here == index && !item.nested.is_empty() => {
                        self.level(&item.nested, rest, depth + 1, from, current, all)
                    }
                    _ => Vec::new(),
                };
                Entry {
                    text: item.label(),
                    href: self.href(item, from),
                    current: item.document.is_some() && item.document.as_ref() == current,
                    nested,
                    ..Entry::default()
                }
            })
            .collect();
        if end - start < items.len() && size > 1 {
            entries.push(Entry::link(format!("All {} pages", items.len()), all.to_owned()));
        }
        entries
    }

    /// Returns the whole contents as the items of nested lists: every document, and the chapters that are not written yet.
    pub fn contents(&self, from: &str) -> String {
        let mut entries = Vec::new();
        for (index, section) in self.portal.nav.sections.iter().enumerate() {
            let pages: Vec<Entry> =
                section.items.iter().map(|item| self.contents_entry(item, from)).collect();
            match &section.title {
                None => entries.extend(pages),
                Some(title) => entries.push(Entry {
                    text: title.clone(),
                    section: true,
                    id: Some(section_id(index)),
                    nested: pages,
                    ..Entry::default()
                }),
            }
        }
        let unlisted: Vec<Entry> = self.order.paths[self.order.listed..]
            .iter()
            .map(|path| {
                let href = address::relative(from, &self.portal.urls[path].0, None);
                Entry::link(self.portal.documents[path].title.as_str(), href)
            })
            .collect();
        if !unlisted.is_empty() {
            entries.push(Entry {
                text: "Not in the navigation".to_owned(),
                section: true,
                nested: unlisted,
                ..Entry::default()
            });
        }
        let mut html = String::new();
        push_contents(&mut html, &entries);
        html
    }

    fn contents_entry(&self, item: &NavItem, from: &str) -> Entry {
        Entry {
            text: item.label(),
            href: self.href(item, from),
            nested: item.nested.iter().map(|item| self.contents_entry(item, from)).collect(),
            ..Entry::default()
        }
    }

    fn href(&self, item: &NavItem, from: &str) -> Option<String> {
        let url = self.portal.urls.get(item.document.as_ref()?)?;
        Some(address::relative(from, &url.0, None))
    }

    fn first_page(&self, item: &NavItem, from: &str) -> Option<String> {
        self.href(item, from)
            .or_else(|| item.nested.iter().find_map(|item| self.first_page(item, from)))
    }
}

fn section_id(index: usize) -> String {
    format!("section-{}", index + 1)
}

/// Returns the range of at most `size` out of `count` that has `at` near its middle.
fn window(count: usize, at: Option<usize>, size: usize) -> (usize, usize) {
    let start = at.unwrap_or(0).saturating_sub(size / 2).min(count.saturating_sub(size));
    (start, (start + size).min(count))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::link::{Nav, NavSection, Url};
    use crate::parse::project::Parsed;
    use crate::source::Tree;

    fn path(name: &str) -> SourcePath {
        SourcePath::new(name).unwrap()
    }

    fn item(name: &str, nested: Vec<NavItem>) -> NavItem {
        NavItem { title: name.to_owned(), document: Some(path(name)), nested, ..NavItem::default() }
    }

    /// A portal whose navigation is given, with an address for each of its documents.
    fn portal(sections: Vec<NavSection>) -> Portal {
        let mut portal = crate::link::portal(
            Parsed::default(),
            &Tree::new(BTreeMap::<SourcePath, Vec<u8>>::new()),
        );
        let nav = Nav { sections };
        let listed = Order::new(&nav, &portal.documents).places.into_keys();
        let urls: BTreeMap<SourcePath, Url> =
            listed.map(|path| (path.clone(), Url(path.as_str().replace(".md", ".html")))).collect();
        portal.urls = Arc::new(urls);
        portal.order = Arc::new(Order::new(&nav, &portal.documents));
        portal.nav = Arc::new(nav);
        portal
    }

    fn section(title: &str, items: Vec<NavItem>) -> NavSection {
        NavSection { title: Some(title.to_owned()), items }
    }

    fn links(entries: &[Entry]) -> usize {
        entries.iter().map(|entry| 1 + links(&entry.nested)).sum()
    }

    fn current(entries: &[Entry]) -> usize {
        entries.iter().map(|entry| usize::from(entry.current) + current(&entry.nested)).sum()
    }

    #[test]
    fn a_page_opens_its_own_section_and_no_other() {
        let portal = portal(vec![
            section("A", vec![item("a/one.md", vec![]), item("a/two.md", vec![])]),
            section("B", vec![item("b/one.md", vec![])]),
        ]);
        let slice = Places::new(&portal).slice("a/two.html", Some(&path("a/two.md")));
        assert_eq!(slice[0].nested.len(), 2);
        assert!(slice[0].nested[1].current);
        assert_eq!((slice[1].href.as_deref(), slice[1].nested.len()), (Some("../b/one.html"), 0));
    }

    #[test]
    fn a_page_lists_at_most_200_links_and_always_itself() {
        let deep = |prefix: &str| {
            let mut items: Vec<NavItem> =
                (0..100).map(|n| item(&format!("{prefix}/leaf-{n}.md"), vec![])).collect();
            for level in 0..12 {
                let mut siblings: Vec<NavItem> =
                    (0..80).map(|n| item(&format!("{prefix}/{level}-{n}.md"), vec![])).collect();
                siblings.insert(40, item(&format!("{prefix}/{level}.md"), items));
                items = siblings;
            }
            items
        };
        let sections = (0..300).map(|n| section(&n.to_string(), deep(&n.to_string()))).take(3);
        let many =
            (3..300).map(|n| section(&n.to_string(), vec![item(&format!("{n}/a.md"), vec![])]));
        let portal = portal(sections.chain(many).collect());
        let places = Places::new(&portal);
        for name in ["1/leaf-77.md", "2/4.md", "0/11-79.md", "250/a.md"] {
            let slice = places.slice("x.html", Some(&path(name)));
            assert!(links(&slice) + 12 <= 200, "{name}: {}", links(&slice));
            assert_eq!(current(&slice), 1, "{name}");
        }
    }
}
