//! `[output.html.code.hidelines]` of mdBook, by language: what the lines of code begin with that readers do not see at once
//! → the same said on each fence.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use crate::parse::markdown;
use crate::parse::node::{Node, Value};
use crate::parse::rewrite::Rewriting;
use crate::source::{Span, Spanned};

/// What a fence says before the sign of its hidden lines.
pub const KEY: &str = "hidelines=";

/// Returns the signs by their languages, out of `book.toml`.
pub fn of_book(root: &Node) -> BTreeMap<String, String> {
    let signs = ["html", "code", "hidelines"].iter();
    let signs = signs.fold(root.entry("output"), |table, key| table?.entry(key));
    let Some(Value::Map(entries)) = signs.map(|signs| &signs.value) else {
        return BTreeMap::new();
    };
    let sign = |(language, sign): &(Spanned<String>, Node)| {
        // It is to stand on a fence.
        let sign = sign.text()?;
        let fits = !sign.is_empty()
            && !sign.contains(|char: char| char.is_whitespace() || "`,".contains(char));
        fits.then_some((language.value.clone(), sign))
    };
    entries.iter().filter_map(sign).collect()
}

/// Returns the body with the sign of its hidden lines on each fence; `None` where no fence lacks it.
pub fn hidden(body: &str, signs: &BTreeMap<String, String>) -> Option<Rewriting> {
    if signs.is_empty() {
        return None;
    }
    let mut out = Rewriting::default();
    let mut done = 0;
    for (event, range) in Parser::new_ext(body, markdown::options()).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else { continue };
        let language = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
        let Some(sign) = signs.get(language).filter(|_| !info.contains(KEY)) else { continue };
        let line = body[range.start..].lines().next().unwrap_or_default();
        let end = range.start + line.trim_end().len();
        out.copy(body, Span { start: done, end });
        out.put(&format!(",{KEY}{sign}"), Span { start: end, end });
        done = end;
    }
    if done == 0 {
        return None;
    }
    out.copy(body, Span { start: done, end: body.len() });
    Some(out)
}
