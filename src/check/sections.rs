//! The sections that documents of a kind must have, as `book.toml` lists them.

use crate::parse::config::Config;
use crate::parse::document::{Document, Heading};

/// Returns the names of the sections that the document must have, by its kind.
pub(super) fn required<'a>(config: &'a Config, document: &Document) -> &'a [String] {
    let Some(kind) = &document.meta.kind else { return &[] };
    let sections = config.handover.sections.iter();
    sections
        .filter(|(name, _)| is_same(name, kind))
        .map(|(_, names)| names.as_slice())
        .next()
        .unwrap_or_default()
}

/// Tells whether a heading has a name, whatever its case and the sign at its end.
pub(super) fn has_name(heading: &Heading, name: &str) -> bool {
    fn plain(text: &str) -> &str {
        text.trim().trim_end_matches([':', '.', '?', '!'])
    }
    is_same(plain(&heading.text), plain(name))
}

/// Compares names whatever their case. Most are of one alphabet, and there are many.
fn is_same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        a.to_lowercase() == b.to_lowercase()
    }
}
