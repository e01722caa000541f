//! What a document says of itself in the keys of other tools: who owns it, when it was looked at. Said, not shown.

use serde::Serialize;

use crate::link::Portal;
use crate::parse::document::Document;

/// A fact that nobody has checked, with what it is called.
#[derive(Serialize)]
pub(super) struct Declared {
    label: &'static str,
    text: String,
}

/// The keys, with what each says.
const KEYS: &[(&str, &str)] = &[
    ("owner_slack", "Declared owner"),
    ("ms.author", "Declared owner"),
    ("last_reviewed_on", "Declared as reviewed on"),
    ("review_in", "Declared to be reviewed again in"),
    ("ms.date", "Declared date"),
    ("lastmod", "Declared date"),
    ("last_modified_at", "Declared date"),
];

/// Returns what a document declares. None of it is evidence.
pub(super) fn declared(portal: &Portal, document: &Document) -> Vec<Declared> {
    let other = &document.meta.other;
    let said = |key: &str| other.get(key).map(|value| value.value.trim().to_owned());
    let default = portal.config.settings.variables.get("default_owner_slack");
    let mut declared: Vec<Declared> = Vec::new();
    for (key, label) in KEYS {
        let text = match *key {
            "owner_slack" => said(key).or_else(|| default.cloned()),
            key => said(key),
        };
        let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
        if !declared.iter().any(|declared| declared.label == *label) {
            declared.push(Declared { label, text });
        }
    }
    declared
}

#[cfg(test)]
mod tests {
    use crate::fixture::portal;

    #[test]
    fn what_other_tools_write_is_declared_and_no_approval() {
        let portal = portal(
            "-- config/tech-docs.yml --\ndefault_owner_slack: \"#all\"\n-- source/a.html.md.erb --\n---\ntitle: A\n\
             last_reviewed_on: 2026-05-20\nreview_in: 6 months\n---\n-- source/b.html.md.erb --\n---\nowner_slack: \"#b\"\n\
             ms.date: 01/02/2026\nlastmod: 2026-01-02\n---\n",
        );
        let shown: Vec<String> = portal
            .documents
            .values()
            .flat_map(|document| super::declared(&portal, document))
            .map(|declared| format!("{}: {}", declared.label, declared.text))
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @"
        Declared owner: #all
        Declared as reviewed on: 2026-05-20
        Declared to be reviewed again in: 6 months
        Declared owner: #b
        Declared date: 01/02/2026
        ");
        assert!(portal.documents.values().all(|document| document.meta.owner.is_none()));
    }
}
