//! Source paths → the addresses of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::link::{GENERATED_PAGES, Url};
use crate::parse::dialect::{index_folder, stem};
use crate::parse::document::Document;
use crate::source::SourcePath;

/// Returns the page of each document.
///
/// `a/b.md` is `a/b.html`; `README.md`, `index.md` and `_index.md` are their folder's `index.html`. At the root the home
/// page has that name where there is a plan, so the document is `overview.html`. What the document says of its address
/// comes first. A document whose page would be one that
/// is generated gets `-document` behind its name, and one whose page an earlier document has, also but for its case, gets `-2`.
/// `first` is home where there is neither a plan nor an index.
pub fn urls(
    documents: &BTreeMap<SourcePath, Arc<Document>>,
    content: &str,
    has_plan: bool,
    first: Option<&SourcePath>,
) -> BTreeMap<SourcePath, Url> {
    let mut plain: BTreeMap<SourcePath, String> = BTreeMap::new();
    for (path, document) in documents {
        plain.insert(path.clone(), page_of(path, document, content));
    }
    let has_home = has_plan || plain.values().any(|page| page == "index.html");
    if let Some(page) = first.filter(|_| !has_home).and_then(|first| plain.get_mut(first)) {
        "index.html".clone_into(page);
    }
    let taken: BTreeSet<&str> = plain.values().map(String::as_str).collect();
    let page = |page: &str| match page {
        "index.html" if !has_plan => page.to_owned(),
        "index.html" if !taken.contains("overview.html") => "overview.html".to_owned(),
        page if GENERATED_PAGES.contains(&page) || is_part(page) => {
            format!("{}-document.html", page.strip_suffix(".html").unwrap_or(page))
        }
        page => page.to_owned(),
    };
    let mut used: BTreeSet<String> = BTreeSet::new();
    let url = |(path, plain): (&SourcePath, &String)| {
        let page = page(plain);
        let stem = page.strip_suffix(".html").unwrap_or(&page);
        let mut free = page.clone();
        let mut count = 1;
        while !used.insert(free.to_lowercase()) {
            count += 1;
            free = format!("{stem}-{count}.html");
        }
        (path.clone(), Url(free))
    };
    plain.iter().map(url).collect()
}

/// Tells whether a page is a part of what is printed: `print-1.html`.
fn is_part(page: &str) -> bool {
    let number = page.strip_prefix("print-").and_then(|page| page.strip_suffix(".html"));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the address that a document wants for its page.
pub fn page_of(path: &SourcePath, document: &Document, content: &str) -> String {
    match &document.address {
        Some(address) => address.page.clone(),
        None => plain_page(path.below(content).unwrap_or(path.as_str())),
    }
}

/// Returns the address of a page as it would be without those that are generated. `below` is relative to the content folder.
pub fn plain_page(below: &str) -> String {
    match index_folder(below) {
        Some("") => "index.html".to_owned(),
        Some(folder) => format!("{folder}/index.html"),
        None => format!("{}.html", stem(below)),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::portal;

    fn urls(fixture: &str) -> String {
        let portal = portal(fixture);
        portal.urls.iter().map(|(path, url)| format!("{path} {}\n", url.0)).collect()
    }

    #[test]
    fn a_document_has_the_address_of_its_path() {
        insta::assert_snapshot!(urls("\
-- src/a.md --
-- src/README.md --
-- src/db/README.md --
-- src/db/Fail Over.md --
-- src/queue/_index.md --
-- src/queue/index.md --
-- src/_parts/steps.md --
-- src/.hidden/x.md --
-- src/plan.md --
-- src/db/plan.md --
"), @"
        src/README.md index.html
        src/a.md a.html
        src/db/Fail Over.md db/Fail Over.html
        src/db/README.md db/index.html
        src/db/plan.md db/plan.html
        src/plan.md plan-document.html
        src/queue/_index.md queue/index.html
        src/queue/index.md queue/index-2.html
        ");
    }

    #[test]
    fn home_is_generated_where_there_is_a_plan() {
        let plan = "-- src/plan.toml --\n[handover]\nid = \"x\"\ntitle = \"X\"\nservice = \"X\"\nversion = \"1\"\n";
        insta::assert_snapshot!(urls(&format!("{plan}-- src/index.md --\n")), @"src/index.md overview.html");
        insta::assert_snapshot!(urls(&format!("{plan}-- src/index.md --\n-- src/overview.md --\n")), @"
        src/index.md index-document.html
        src/overview.md overview.html
        ");
    }
}
