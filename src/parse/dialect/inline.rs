//! Habits within a line → ours: `{: #id .class }`, abbreviations, `:emoji:`, `[TOC]`, headings without a space.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::parse::codes::UNSPACED_HEADING;
use crate::parse::dialect::settings::Settings;
use crate::parse::dialect::{Code, Dialect};
use crate::parse::markdown;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Each is looked for in each text.
const MOST_ABBREVIATIONS: usize = 200;

/// Returns the body with what its lines hold beside Markdown in our form, and the abbreviations that it explains.
pub fn lines(body: &str, dialect: Dialect) -> (Rewriting, BTreeMap<String, String>) {
    let code = Code::of(body);
    let mut out = Rewriting::default();
    let mut abbreviations = BTreeMap::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim();
        let place = start + (line.len() - line.trim_start().len());
        if text.is_empty() || code.holds(place) {
            out.copy(body, Span { start, end: at });
            continue;
        }
        let span = Span { start: place, end: place + text.len() };
        let next = body[at..].lines().next().unwrap_or_default().trim_start();
        let stands_for_toc = dialect == Dialect::Jekyll
            && (next.starts_with("{:toc") || next.starts_with("{: toc"))
            && text.starts_with(['-', '*', '+', '1']);
        if is_toc(text) || stands_for_toc {
            out.copy(body, Span { start: span.end, end: at });
        } else if let Some((short, long)) = abbreviation(text)
            .filter(|_| explains(dialect) && abbreviations.len() < MOST_ABBREVIATIONS)
        {
            abbreviations.insert(short.to_owned(), long.to_owned());
            out.copy(body, Span { start: span.end, end: at });
        } else {
            let hashes = unspaced(line);
            let mut from = start;
            if is_no_definition(text) {
                out.copy(body, Span { start, end: place });
                out.put("\\", Span { start: place, end: place });
                from = place;
            } else if hashes > 0 && takes_unspaced(dialect) {
                out.copy(body, Span { start, end: place + hashes });
                from = place + hashes;
                out.put(" ", Span { start: from, end: from });
            } else if hashes > 1 {
                let help = format!("write a space behind `{}`", &text[..hashes]);
                let message = "heading without a space, which is no heading".to_owned();
                out.report(&UNSPACED_HEADING, span, message, Some(help));
            }
            line_of(
                body,
                Span { start: from, end: at },
                text.starts_with('#'),
                dialect,
                &code,
                &mut out,
            );
        }
    }
    (out, abbreviations)
}

/// Tells whether a body may hold what [`lines`] looks for: most hold none of it, and a second look takes time.
pub fn may_hold(body: &str, dialect: Dialect) -> bool {
    let begins = |line: &str| {
        let text = line.trim_start();
        text.starts_with("*[")
            || is_no_definition(text)
            || is_toc(text.trim_end())
            || unspaced(line) > 0
    };
    let lists = matches!(dialect, Dialect::MkDocs | Dialect::Jekyll) && body.contains('{');
    let spaces = matches!(dialect, Dialect::MkDocs | Dialect::GovUk);
    lists || body.lines().any(|line| begins(line) || spaces && holds_spaced(line))
}

fn holds_spaced(line: &str) -> bool {
    line.match_indices("](").any(|(at, _)| spaced(&line[at..]).is_some())
}

/// Copies a line, with its lists of attributes and the addresses that hold spaces in our form.
fn line_of(
    body: &str,
    line: Span,
    is_heading: bool,
    dialect: Dialect,
    code: &Code,
    out: &mut Rewriting,
) {
    let lists = matches!(dialect, Dialect::MkDocs | Dialect::Jekyll);
    let spaces = matches!(dialect, Dialect::MkDocs | Dialect::GovUk);
    // Behind a term, its definition.
    let next = body[line.end..].trim_start_matches(' ');
    let is_term = next.starts_with(": ");
    let stands_apart = |before: &str, after: &str| {
        let is_last = after.trim().is_empty();
        dialect == Dialect::MkDocs
            && (is_last && (before.trim().is_empty() || is_term)
                || before.ends_with(' ')
                    && before.contains('|')
                    && (is_last || after.trim_start().starts_with('|')))
    };
    let mut done = line.start;
    let mut at = line.start;
    while let Some(found) = body[at..line.end].find(['{', ']']) {
        let start = at + found;
        at = start + 1;
        if code.holds(start) {
            continue;
        }
        let rest = &body[start..line.end];
        if lists
            && let Some((length, id)) =
                attributes(rest, &body[line.start..start], is_heading, stands_apart)
        {
            let end = start + length;
            let words = match id {
                Some(id) if is_heading => format!("{{#{id}}}"),
                Some(id) => format!("<span id=\"{id}\"></span>"),
                None => String::new(),
            };
            out.copy(body, Span { start: done, end: start });
            out.put(&words, Span { start, end });
            (done, at) = (end, end);
        } else if spaces && let Some(length) = spaced(rest) {
            let (open, close) = (start + 2, start + length - 1);
            out.copy(body, Span { start: done, end: open });
            out.put("<", Span { start: open, end: open });
            out.copy(body, Span { start: open, end: close });
            out.put(">", Span { start: close, end: close });
            (done, at) = (close, close);
        }
    }
    out.copy(body, Span { start: done, end: line.end });
}

/// `:rocket:` at the start of a line: a definition has a space behind its colon.
fn is_no_definition(text: &str) -> bool {
    let rest = text.strip_prefix(':').unwrap_or_default();
    rest.starts_with(|char: char| !char.is_whitespace() && char != ':')
}

fn is_toc(text: &str) -> bool {
    let marks = [
        "[TOC]",
        "[toc]",
        "[[_TOC_]]",
        "[[toc]]",
        "[[TOC]]",
        "{:toc}",
        "{: toc}",
        "{:.no_toc}",
        "{{#toc}}",
    ];
    marks.contains(&text)
}

fn explains(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::MkDocs | Dialect::Jekyll)
}

/// Python-Markdown and Redcarpet take `##Heading` for a heading.
fn takes_unspaced(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::MkDocs | Dialect::GovUk)
}

/// Returns how many `#` a line begins with, at its very start, that has no space behind them; 0 for `#!`, `#1` and their like.
fn unspaced(line: &str) -> usize {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_word =
        line[hashes..].starts_with(|char: char| char.is_alphabetic() || char == '*' || char == '`');
    if (1..=6).contains(&hashes) && is_word { hashes } else { 0 }
}

/// `*[SLO]: Service level objective`
fn abbreviation(text: &str) -> Option<(&str, &str)> {
    let (short, long) = text.strip_prefix("*[")?.split_once("]:")?;
    (!short.is_empty()).then_some((short, long.trim()))
}

/// Returns how long a list of attributes at the start of a text is, and the id in it. One without a colon stands at the end
/// of a heading, right behind what it is of, or apart from all words.
fn attributes<'a>(
    text: &'a str,
    before: &str,
    is_heading: bool,
    stands_apart: impl Fn(&str, &str) -> bool,
) -> Option<(usize, Option<&'a str>)> {
    let inner = text.strip_prefix('{')?;
    // Longer ones are none, and a line of braces takes linear time.
    let (inner, _) = inner[..inner.floor_char_boundary(400)].split_once('}')?;
    let length = inner.len() + 2;
    let (list, has_colon) = match inner.strip_prefix(':') {
        Some(list) => (list, true),
        None => (inner, false),
    };
    let is_last = text[length..].trim().is_empty();
    let of_something = before.ends_with([')', ']', '*', '_', '`', ':', '>']);
    let may_be =
        has_colon || is_heading && is_last || of_something || stands_apart(before, &text[length..]);
    let mut id = None;
    let mut words = 0;
    for word in list.split_whitespace() {
        words += 1;
        match word.as_bytes().first()? {
            b'#' if word.len() > 1 => id = Some(&word[1..]),
            b'.' if word.len() > 1 => {}
            _ if let Some(value) = word.strip_prefix("id=") => {
                id = Some(value.trim_matches(['"', '\''])).filter(|id| !id.is_empty()).or(id);
            }
            _ if word.contains('=') || has_colon => {}
            // The rest of a value in quotes.
            _ if word.ends_with('"') => {}
            _ => return None,
        }
    }
    (may_be && words > 0).then_some((length, id))
}

/// Returns how long the end of a link is whose address holds spaces: `](two words.md)`.
fn spaced(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("](")?;
    let end = inner.find([')', '(', '<', '>', '"', '\'', '\n'])?;
    let address = &inner[..end];
    let is_link =
        inner[end..].starts_with(')') && address.trim().contains(' ') && address.trim() == address;
    is_link.then_some(end + 3)
}

/// Returns the body with emoji for their names and its abbreviations explained; `None` where it has neither.
pub fn words(
    body: &str,
    has_emoji: bool,
    abbreviations: &BTreeMap<String, String>,
) -> Option<Rewriting> {
    if abbreviations.is_empty() && !(has_emoji && may_hold_emoji(body)) {
        return None;
    }
    let mut out = Rewriting::default();
    let mut done = 0;
    // Alternative texts and code stay as they are.
    let mut closed = 0;
    for (event, range) in Parser::new_ext(body, markdown::options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Image | TagEnd::CodeBlock) => closed -= 1,
            Event::Text(_) if closed == 0 && range.start >= done => {
                let text = &body[range.clone()];
                for (found, words) in replacements(text, has_emoji, abbreviations) {
                    let span =
                        Span { start: range.start + found.start, end: range.start + found.end };
                    // What was escaped is no sign any more.
                    let escaped = usize::from(body[..span.start].ends_with('\\'));
                    out.copy(body, Span { start: done, end: span.start - escaped });
                    out.put(&words, span);
                    done = span.end;
                }
            }
            _ => {}
        }
    }
    if done == 0 {
        return None;
    }
    out.copy(body, Span { start: done, end: body.len() });
    Some(out)
}

fn may_hold_emoji(body: &str) -> bool {
    body.split(':')
        .skip(1)
        .any(|name| (1..=40).contains(&name.len()) && name.bytes().all(is_emoji_name))
}

fn is_emoji_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+-".contains(&byte)
}

/// Returns what of a text is to be replaced, in order.
fn replacements(
    text: &str,
    has_emoji: bool,
    abbreviations: &BTreeMap<String, String>,
) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let is_free = |at: usize, end: usize| {
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        let is_word =
            |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
        !is_word(before) && !is_word(after)
    };
    if has_emoji {
        let mut at = 0;
        while let Some(open) = text[at..].find(':').map(|open| at + open) {
            let name = text[open + 1..].bytes().take_while(|byte| is_emoji_name(*byte)).count();
            let close = open + 1 + name;
            at = open + 1;
            if name > 0
                && text[close..].starts_with(':')
                && is_free(open, close + 1)
                && let Some(emoji) = emojis::get_by_shortcode(&text[open + 1..close])
            {
                found.push((Span { start: open, end: close + 1 }, emoji.as_str().to_owned()));
                at = close + 1;
            }
        }
    }
    for (short, long) in abbreviations {
        for (at, _) in text.match_indices(short.as_str()) {
            let end = at + short.len();
            if is_free(at, end) {
                let long = long.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
                found.push((
                    Span { start: at, end },
                    format!("<abbr title=\"{long}\">{short}</abbr>"),
                ));
            }
        }
    }
    found.sort();
    // Of two that begin at one place the longer one counts.
    let mut kept: Vec<(Span, String)> = Vec::new();
    for (span, words) in found {
        match kept.last_mut() {
            Some((last, other)) if span.start < last.end => {
                if span.start == last.start && span.end > last.end {
                    (*last, *other) = (span, words);
                }
            }
            _ => kept.push((span, words)),
        }
    }
    kept
}

/// Tells whether a tool puts emoji in the place of their names.
pub fn has_emoji(dialect: Dialect, settings: &Settings) -> bool {
    match dialect {
        Dialect::Plain | Dialect::Jekyll => true,
        Dialect::MkDocs | Dialect::Hugo | Dialect::Zola => settings.emoji,
        Dialect::MdBook | Dialect::GovUk => false,
    }
}
