//! The pages → `sitemap.xml`, where `site-url` says where they will stand.

use std::fmt::Write as _;

use crate::render::feeds;
use crate::render::{Facts, Output, OutputPath};

/// What the sitemap protocol allows in one file.
const LIMIT: usize = 50_000;

/// Returns the sitemap, and beyond the limit of one file the parts that it lists; nothing without `site-url`.
pub fn sitemap(facts: &Facts<'_>, output: &Output) -> Vec<(OutputPath, String)> {
    if feeds::base(facts).is_none() {
        return Vec::new();
    }
    let pages: Vec<String> = output
        .keys()
        .filter(|path| path.ends_with(".html") && *path != "404.html")
        .map(|path| feeds::address(facts, path))
        .collect();
    if pages.len() <= LIMIT {
        return vec![("sitemap.xml".into(), list("urlset", "url", &pages))];
    }
    let mut files: Vec<(OutputPath, String)> = Vec::new();
    let mut addresses = Vec::new();
    for (index, part) in pages.chunks(LIMIT).enumerate() {
        let path = format!("sitemap-{}.xml", index + 1);
        addresses.push(feeds::address(facts, &path));
        files.push((path, list("urlset", "url", part)));
    }
    files.push(("sitemap.xml".into(), list("sitemapindex", "sitemap", &addresses)));
    files
}

fn list(root: &str, item: &str, addresses: &[String]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    );
    for address in addresses {
        let address = address.replace('&', "&amp;").replace('\'', "&apos;");
        writeln!(text, "<{item}><loc>{address}</loc></{item}>")
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
        let text = list("urlset", "url", &["https://a.example/1.0/a'b&c.html".into()]);
        assert!(text.contains("<loc>https://a.example/1.0/a&apos;b&amp;c.html</loc>"));
    }
}
