//! The body of a document → HTML, with its links resolved.
//!
//! The text was read once by `parse`, which said what is in it; here it is read again and printed. Nothing that a page's
//! Content-Security-Policy forbids comes out, whatever goes in.

use std::collections::BTreeMap;

use crate::link::Portal;
use crate::parse::document::Document;
use crate::render::markdown::code::Blocks;
use crate::source::SourcePath;

mod callout;
pub mod code;
mod console;
mod escape;
#[cfg(test)]
mod forms_test;
#[cfg(test)]
mod mkdocs_test;
#[cfg(test)]
mod odd_test;
#[cfg(test)]
mod gfm;
pub mod highlight;
mod html;
mod image_size;
mod inline;
mod lexer;
mod link;
mod math;
mod notes;
pub mod plain;
mod raw;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod tests;

/// How a body is printed on the page that asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The address of the page, which links are made relative to.
    pub url: &'a str,
    /// Put before every id, and every `#` link within the same document: `""` on the document's own page.
    pub id_prefix: &'a str,
    /// How many levels headings go down: 0 on the document's own page.
    pub heading_shift: u8,
    /// The id prefixes of the documents on the same page, as on the page that prints all. A link to one of them stays on
    /// the page; without an anchor it leads to the id that is the prefix without its last character.
    pub same_page: Option<&'a BTreeMap<SourcePath, String>>,
    /// The code blocks of other pages.
    pub blocks: Option<&'a Blocks>,
}

impl<'a> Place<'a> {
    /// Returns the place that a document has on its own page.
    pub fn page(url: &'a str) -> Self {
        Self { url, id_prefix: "", heading_shift: 0, same_page: None, blocks: None }
    }
}

/// Returns the HTML of a document's body: no `<style>`, `style=`, `on…=` or `<script>`, and no absolute or remote asset.
///
/// Leaves out [`Document::opening_heading`]: the page prints it, with its id, above the facts about the document.
pub fn html(portal: &Portal, document: &Document, place: &Place<'_>) -> String {
    html::body(portal, document, place)
}

/// Returns the level that each heading of a document is printed at.
///
/// A page has one heading of level 1, its title: below another one in the body, headings go down one more level.
pub fn levels(document: &Document, shift: u8) -> Vec<u8> {
    let title = document.opening_heading().map(|heading| heading.span);
    let mut below_second_title = 0;
    let level = |heading: &crate::parse::document::Heading| {
        if Some(heading.span) == title {
            return (1 + shift).min(6);
        }
        if heading.level == 1 {
            below_second_title = 1;
        }
        (heading.level + below_second_title + shift).min(6)
    };
    document.headings.iter().map(level).collect()
}

/// The ids of the page's frame. A heading that has one of them would lead the frame's own links astray.
const FRAME_IDS: &[&str] =
    &["covered-code", "links-here", "live", "main", "nav", "search", "what-changed"];

/// Returns the id that an anchor of a document has on a page with this prefix.
pub fn element_id(prefix: &str, anchor: &str) -> String {
    if prefix.is_empty() && FRAME_IDS.contains(&anchor) {
        format!("section.{anchor}")
    } else {
        format!("{prefix}{anchor}")
    }
}
