//! `<div markdown>`: what stands in such an element is Markdown to Python-Markdown and kramdown, also without blank lines around it.

use crate::parse::dialect::Code;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Returns the body with a blank line behind each line of tags in such an element, so that Markdown goes on there; `None`
/// where there is no such element.
pub fn in_html(body: &str) -> Option<Rewriting> {
    if !body.lines().any(|line| begins_markdown(line).is_some()) {
        return None;
    }
    let code = Code::of(body);
    let mut out = Rewriting::default();
    // The name of the element that is open, and how many of that name are.
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim();
        out.copy(body, Span { start, end: at });
        if !text.starts_with('<') || code.holds(start + (line.len() - line.trim_start().len())) {
            continue;
        }
        match &mut open {
            None => open = begins_markdown(line).map(|name| (name, 1)),
            Some((name, depth)) => {
                *depth += usize::from(name_of(text, "<") == Some(*name));
                let closed = text.match_indices("</");
                *depth -= closed
                    .filter(|(at, _)| name_of(&text[*at..], "</") == Some(*name))
                    .count()
                    .min(*depth);
            }
        }
        if open.is_some() && text.ends_with('>') {
            out.put("\n", Span { start: at, end: at });
        }
        open = open.filter(|(_, depth)| *depth > 0);
    }
    Some(out)
}

/// Returns the name of the element with an attribute `markdown` that a line opens and does not close.
fn begins_markdown(line: &str) -> Option<&str> {
    let text = line.trim();
    let name = name_of(text, "<")?;
    let tag = text.split('>').next()?;
    let mut words = tag.split_whitespace().skip(1);
    let is_markdown = words.any(|word| {
        let (name, value) = word.split_once('=').unwrap_or((word, "1"));
        let value = value.trim_matches(['"', '\'', '/']);
        name == "markdown" && ["1", "block", "span", "inline"].contains(&value)
    });
    let is_open = !text.contains(&format!("</{name}"));
    (is_markdown && is_open).then_some(name)
}

fn name_of<'a>(text: &'a str, begins: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(begins)?;
    let end = rest.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let name = &rest[..end];
    name.starts_with(|char: char| char.is_ascii_alphabetic()).then_some(name)
}
