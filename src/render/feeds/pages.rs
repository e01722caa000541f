//! `pages.js`: which document stands where in this version, for the picker of the pages of other versions.

use std::collections::BTreeMap;

use crate::link::{GENERATED_PAGES, Portal};
use crate::render::address;

/// Returns the script that says where the pages of this version are. A page of another version runs it when somebody looks
/// at its menu of versions.
pub fn pages(portal: &Portal, has: impl Fn(&str) -> bool) -> String {
    let link = |page: &str| address::relative("", page, None);
    let documents: BTreeMap<&str, String> = portal
        .ids
        .iter()
        .filter_map(|(id, path)| Some((id.as_str(), link(&portal.urls.get(path)?.0))))
        .collect();
    let generated = GENERATED_PAGES.iter().filter(|page| has(page));
    let generated: Vec<&str> = generated.copied().collect();
    let version = serde_json::json!(portal.version());
    let list = serde_json::json!({ "documents": documents, "pages": generated });
    format!("handoverPages({version},{list});\n")
}

#[cfg(test)]
mod tests {
    use crate::fixture;

    #[test]
    fn every_document_is_listed_by_its_id() {
        let judged = fixture::judged(
            "-- src/README.md --\n# Home\n-- src/a b.md --\n---\nid: first\n---\n# A\n-- src/plan.md --\n# Plan\n",
        );
        assert_eq!(
            super::pages(&judged.portal, |page| page == "plan.html"),
            "handoverPages(\"draft\",{\"documents\":{\"README\":\"index.html\",\"first\":\"a%20b.html\",\"plan\":\"plan-document.html\"},\"pages\":[\"plan.html\"]});\n"
        );
    }
}
