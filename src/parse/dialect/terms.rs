//! The terms of definition lists → places that links can lead to, as mdBook makes them: the slug of their words.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::parse::markdown;
use crate::parse::rewrite::Rewriting;
use crate::parse::slug::slug;
use crate::source::Span;

/// Returns the body with an anchor before each term; `None` where it has none. Of two that are alike the first has it.
pub fn terms(body: &str) -> Option<Rewriting> {
    let is_definition = |line: &str| line.trim_start().starts_with(": ");
    if !body.lines().any(is_definition) {
        return None;
    }
    let mut terms: Vec<(usize, String)> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (event, range) in markdown::events(body) {
        match (event, &mut open) {
            (Event::Start(Tag::DefinitionListTitle), _) => {
                open = Some((range.start, String::new()));
            }
            (Event::End(TagEnd::DefinitionListTitle), _) => terms.extend(open.take()),
            (Event::Text(words) | Event::Code(words), Some((_, text))) => text.push_str(&words),
            (Event::SoftBreak | Event::HardBreak, Some((_, text))) => text.push(' '),
            _ => {}
        }
    }
    let mut out = Rewriting::default();
    let mut known = BTreeSet::new();
    let mut done = 0;
    for (start, text) in terms {
        let id = slug(&text);
        if start >= done && !id.is_empty() && known.insert(id.clone()) {
            out.copy(body, Span { start: done, end: start });
            out.put(&format!("<a id=\"{id}\"></a>"), Span { start, end: start });
            done = start;
        }
    }
    (!known.is_empty()).then(|| {
        out.copy(body, Span { start: done, end: body.len() });
        out
    })
}
