//! The Markdown that every document is written in: one event stream, for `document` to look at and for `render` to print.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

/// The extensions that are on: GitHub's, and what runbooks use.
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
}

/// Returns the events of a body, each with its range in it.
pub fn events(body: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(body, options()).into_offset_iter()
}
