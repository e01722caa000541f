//! The Markdown that every document is written in: one event stream, for `document` to look at and for `render` to print.
//!
//! CommonMark with GitHub's extensions, heading attributes, definition lists and math.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser};

use crate::parse::autolink::Autolinks;

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

/// Returns the events of a body, each with its range in it. Bare addresses are links among them.
pub fn events(body: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Autolinks::new(body, plain_events(body))
}

/// Returns the events of a body for who wants its words alone: bare addresses are words as well.
pub fn plain_events(body: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let parser = Parser::new_ext(body, options()).into_offset_iter();
    parser.map(move |(event, range)| (without_prices(body, event, &range), range))
}

/// Returns the id of a footnote, to link to.
pub fn footnote_id(label: &str) -> String {
    format!("fn-{label}")
}

/// A `$` at a word is money or a variable, not math: `$5-$10`, `US$5`, `$HOME/$USER`.
fn without_prices<'a>(body: &str, event: Event<'a>, range: &Range<usize>) -> Event<'a> {
    let Event::InlineMath(math) = &event else { return event };
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let before = range.start.checked_sub(1).and_then(|at| body.as_bytes().get(at));
    if word(before) || word(body.as_bytes().get(range.end)) {
        Event::Text(CowStr::from(format!("${math}$")))
    } else {
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn math(body: &str) -> Vec<String> {
        let math = |event| match event {
            Event::InlineMath(text) | Event::DisplayMath(text) => Some(text.into_string()),
            _ => None,
        };
        events(body).filter_map(|(event, _)| math(event)).collect()
    }

    #[test]
    fn money_and_variables_are_not_math() {
        for text in [
            "$5 and $10",
            "$5-$10 a month",
            "between $5–$10",
            "US$5 or US$6",
            "$HOME/$USER",
            "set $A, then $B.",
            "1$ or 2$",
        ] {
            assert_eq!(math(text), Vec::<String>::new(), "{text}");
            let shown: String = events(text)
                .filter_map(|(event, _)| match event {
                    Event::Text(text) => Some(text.into_string()),
                    _ => None,
                })
                .collect();
            assert_eq!(shown, text);
        }
        assert_eq!(math("so $x^2$ and $$y$$, ($z$)"), ["x^2", "y", "z"]);
    }
}
