//! Pages that lead to others: what was bookmarked goes on working.

use std::collections::BTreeMap;

use crate::link::Target;
use crate::render::{Facts, Output, address, words::escape};

/// The script of the pages: keeps what stands behind the `#`, which a page without script cannot do.
pub const SCRIPT: &str = "\
location.replace(document.querySelector(\"link[rel=canonical]\").href + location.hash);
";

/// The name of its file, beside what the pages lead to.
pub const SCRIPT_FILE: &str = "redirect.js";

/// Returns a page that leads to `target`, which is an address already. `up` leads to the folder of the script. It leads there
/// without a script too.
pub fn page(title: &str, language: &str, up: &str, target: &str) -> String {
    let (title, language, target) = (escape(title), escape(language), escape(target));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">\n\
         <title>{title}</title>\n<link rel=\"canonical\" href=\"{target}\">\n\
         <noscript><meta http-equiv=\"refresh\" content=\"0; url={target}\"></noscript>\n\
         <script src=\"{up}{SCRIPT_FILE}\"></script>\n\
         <main><h1><a href=\"{target}\">{title}</a></h1></main>\n</html>\n"
    )
}

/// Returns the pages of a version that lead on, and their script where there is one.
pub fn files(facts: &Facts<'_>) -> Output {
    let portal = facts.portal;
    let language = &portal.config.book.language;
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for redirect in &*portal.redirects {
        let Some((from, to)) = redirect.page() else { continue };
        let local = |url: &str, anchor: Option<&str>| address::relative(&from.0, url, anchor);
        let (title, target) = match to {
            Target::Document { path, anchor, .. } => {
                let url = portal.urls.get(path).map_or("index.html", |url| &url.0);
                let title = portal.documents.get(path).map(|document| document.title.as_str());
                (title.unwrap_or(portal.title()), local(url, anchor.as_deref()))
            }
            Target::Generated { url, anchor } => (portal.title(), local(&url.0, anchor.as_deref())),
            _ => (redirect.destination.as_str(), redirect.destination.clone()),
        };
        pages.insert(from.0.clone(), page(title, language, &address::root(&from.0), &target));
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
             \"/c.html\" = \"javascript:alert(1)\"\n\
             -- src/db.md --\n---\naliases: /old/place/\n---\n# A & B\n",
        );
        let files = files(&judged.facts());
        let text = |path: &str| String::from_utf8_lossy(&files[path]).into_owned();
        insta::assert_snapshot!(text("old/place/index.html"), @r#"
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
        <title>A &amp; B</title>
        <link rel="canonical" href="../../db.html">
        <noscript><meta http-equiv="refresh" content="0; url=../../db.html"></noscript>
        <script src="../../redirect.js"></script>
        <main><h1><a href="../../db.html">A &amp; B</a></h1></main>
        </html>
        "#);
        assert!(text("a/b.html").contains("href=\"https://example.com/?a=1&amp;b\""));
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(paths, ["a/b.html", "old/place/index.html", "redirect.js"]);
        let none = fixture::judged("-- src/db.md --\n# A\n");
        assert!(super::files(&none.facts()).is_empty());
    }
}
