//! Pages that lead to others: what was bookmarked goes on working.

use std::collections::BTreeMap;

use crate::link::redirects::Redirect;
use crate::link::{Portal, Target};
use crate::render::markdown::element_id;
use crate::render::site::Link;
use crate::render::{Facts, Output, address, words::escape};

/// The script of the pages: keeps what stands behind the `#`, which a page without script cannot do, and knows the sections that
/// went elsewhere than their page.
pub const SCRIPT: &str = "\
var moved = Array.prototype.find.call(document.querySelectorAll(\"[data-anchor]\"), function (link) {
  return \"#\" + link.dataset.anchor === location.hash;
});
var to = document.querySelector(\"link[rel=canonical]\").href;
location.replace(moved ? moved.href : to + location.hash);
";

/// The name of its file, beside what the pages lead to.
pub const SCRIPT_FILE: &str = "redirect.js";

/// A page that leads to another.
pub struct Page<'a> {
    pub title: &'a str,
    pub language: &'a str,
    /// Leads to the folder of the script.
    pub up: &'a str,
    /// Leads to the folder of the styles.
    pub styles: &'a str,
    /// An address already.
    pub target: &'a str,
    /// The anchors that lead elsewhere.
    pub anchors: Vec<(String, Link)>,
}

/// Returns a page that leads to another. It leads there without a script too.
pub fn page(page: &Page<'_>) -> String {
    let (title, language, target) =
        (escape(page.title), escape(page.language), escape(page.target));
    let Page { up, styles, anchors, .. } = page;
    let link = |(id, link): &(String, Link)| {
        let (id, text) = (escape(id), escape(&link.text));
        let href = escape(link.href.as_deref().unwrap_or_default());
        format!("<li><a data-anchor=\"{id}\" href=\"{href}\">{text}</a></li>\n")
    };
    let anchors: String = anchors.iter().map(link).collect();
    let sections = if anchors.is_empty() { anchors } else { format!("<ul>\n{anchors}</ul>\n") };
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; style-src 'self'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<link rel=\"canonical\" href=\"{target}\">\n\
         <noscript><meta http-equiv=\"refresh\" content=\"0; url={target}\"></noscript>\n\
         <link rel=\"stylesheet\" href=\"{styles}app.css\">\n\
         <body class=\"leads\">\n<main>\n<h1>{title}</h1>\n\
         <p>Go on to <a href=\"{target}\">{title}</a>.</p>\n{sections}</main>\n\
         <script src=\"{up}{SCRIPT_FILE}\"></script>\n</body>\n</html>\n"
    )
}

/// Returns the anchors of the page at an address that lead elsewhere, and where.
pub fn of_anchors(portal: &Portal, from: &str) -> Vec<(String, Link)> {
    fn stands_at(redirect: &Redirect) -> Option<&str> {
        redirect.from.as_ref().map(|from| from.0.as_str())
    }
    let first = portal.redirects.partition_point(|redirect| stands_at(redirect) < Some(from));
    let of_page =
        portal.redirects[first..].iter().take_while(|redirect| stands_at(redirect) == Some(from));
    let anchors = of_page.filter_map(|redirect| {
        let (page, anchor, to) = redirect.of_anchor()?;
        let (text, href) = leads_to(portal, redirect, &page.0, to);
        Some((element_id("", anchor), Link::new(text, href)))
    });
    anchors.collect()
}

/// Returns the title and the address of what a redirect leads to, from a page.
fn leads_to<'a>(
    portal: &'a Portal,
    redirect: &'a Redirect,
    from: &str,
    to: &Target,
) -> (&'a str, String) {
    let local = |url: &str, anchor: Option<&str>| address::relative(from, url, anchor);
    match to {
        Target::Document { path, anchor, .. } => {
            let url = portal.urls.get(path).map_or("index.html", |url| &url.0);
            let title = portal.documents.get(path).map(|document| document.title.as_str());
            (title.unwrap_or(portal.title()), local(url, anchor.as_deref()))
        }
        Target::Generated { url, anchor } => (portal.title(), local(&url.0, anchor.as_deref())),
        _ => (redirect.destination.as_str(), redirect.destination.clone()),
    }
}

/// Returns the pages of a version that lead on, and their script where there is one.
pub fn files(facts: &Facts<'_>) -> Output {
    let portal = facts.portal;
    let language = &portal.config.book.language;
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for redirect in &*portal.redirects {
        let Some((from, to)) = redirect.page() else { continue };
        let (title, target) = leads_to(portal, redirect, &from.0, to);
        let up = &*address::root(&from.0);
        let anchors = of_anchors(portal, &from.0);
        let text = page(&Page { title, language, up, styles: up, target: &target, anchors });
        pages.insert(from.0.clone(), text);
    }
    if !pages.is_empty() {
        pages.insert(SCRIPT_FILE.into(), SCRIPT.into());
    }
    pages.into_iter().map(|(path, text)| (path, text.into_bytes().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_page_leads_to_where_it_stands_now() {
        let judged = fixture::judged(
            "-- book.toml --\n[output.html.redirect]\n\"/a/b.html\" = \"https://example.com/?a=1&b\"\n\
             \"/c.html\" = \"javascript:alert(1)\"\n\"/old/place/index.html#x\" = \"/a/b.html\"\n\
             -- src/db.md --\n---\naliases: /old/place/\n---\n# A & B\n",
        );
        let files = files(&judged.facts());
        let text = |path: &str| String::from_utf8_lossy(&files[path]).into_owned();
        insta::assert_snapshot!(text("old/place/index.html"), @r#"
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>A &amp; B</title>
        <link rel="canonical" href="../../db.html">
        <noscript><meta http-equiv="refresh" content="0; url=../../db.html"></noscript>
        <link rel="stylesheet" href="../../app.css">
        <body class="leads">
        <main>
        <h1>A &amp; B</h1>
        <p>Go on to <a href="../../db.html">A &amp; B</a>.</p>
        </main>
        <script src="../../redirect.js"></script>
        </body>
        </html>
        "#);
        assert!(text("a/b.html").contains("href=\"https://example.com/?a=1&amp;b\""));
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(paths, ["a/b.html", "old/place/index.html", "redirect.js"]);
        let none = fixture::judged("-- src/db.md --\n# A\n");
        assert!(super::files(&none.facts()).is_empty());
    }
}
