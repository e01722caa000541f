//! The pages → `sitemap.xml`, where `site-url` says where they will stand.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::render::feeds;
use crate::render::past::{self, Origin};
use crate::render::{Facts, OutputPath};
use crate::source::SourcePath;

/// The address of a page and when it changed last, where that is known.
type Place = (String, Option<String>);

/// What the sitemap protocol allows in one file.
const LIMIT: usize = 50_000;

/// Returns the sitemap, and beyond the limit of one file the parts that it lists; nothing without `site-url`.
pub fn sitemap(facts: &Facts<'_>, pages: &[&str]) -> Vec<(OutputPath, String)> {
    if feeds::base(facts).is_none() {
        return Vec::new();
    }
    let urls = facts.portal.urls.iter();
    let documents: BTreeMap<&str, &SourcePath> =
        urls.map(|(path, url)| (url.0.as_str(), path)).collect();
    let changed = |page: &str| match past::origin(facts, documents.get(page)?)? {
        Origin::Commit(commit) => Some(commit.date.to_rfc3339()),
        Origin::Edited | Origin::New | Origin::Unknown(_) => None,
    };
    let pages: Vec<Place> = pages
        .iter()
        .filter(|path| **path != "404.html")
        .map(|path| (feeds::address(facts, path), changed(path)))
        .collect();
    if pages.len() <= LIMIT {
        return vec![("sitemap.xml".into(), list("urlset", "url", &pages))];
    }
    let mut files: Vec<(OutputPath, String)> = Vec::new();
    let mut addresses = Vec::new();
    for (index, part) in pages.chunks(LIMIT).enumerate() {
        let path = format!("sitemap-{}.xml", index + 1);
        addresses.push((feeds::address(facts, &path), None));
        files.push((path, list("urlset", "url", part)));
    }
    files.push(("sitemap.xml".into(), list("sitemapindex", "sitemap", &addresses)));
    files
}

fn list(root: &str, item: &str, places: &[Place]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    );
    for (address, changed) in places {
        let address = address.replace('&', "&amp;").replace('\'', "&apos;");
        let changed = changed.as_ref().map(|time| format!("<lastmod>{time}</lastmod>"));
        let changed = changed.unwrap_or_default();
        writeln!(text, "<{item}><loc>{address}</loc>{changed}</{item}>")
            .expect("invariant: writing to a string");
    }
    writeln!(text, "</{root}>").expect("invariant: writing to a string");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_escaped_for_xml() {
        let place = ("https://a.example/1.0/a'b&c.html".into(), Some("2026-12-18".into()));
        let text = list("urlset", "url", &[place]);
        let url =
            "<loc>https://a.example/1.0/a&apos;b&amp;c.html</loc><lastmod>2026-12-18</lastmod>";
        assert!(text.contains(url));
    }
}
