//! `[[page]]`, `[[page#heading|text]]` and `![[embed]]` → links of Markdown that name a document; `^id` behind a block → an
//! anchor.

use pulldown_cmark::{BrokenLink, CowStr, LinkType, Parser};

use crate::parse::dialect::{BY_NAME, Code};
use crate::parse::markdown;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Returns the body with its wiki links as links; `None` where it has none. Those in code, and those that stand for a
/// reference which is defined, are none.
pub fn wiki(body: &str) -> Option<Rewriting> {
    if !body.contains("[[") {
        return None;
    }
    let mut found: Vec<Span> = Vec::new();
    let note = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let Span { start, end } = link.span.into();
        let is_contents = ["_TOC_", "TOC", "toc"].contains(&&body[start + 1..end - 1]);
        let is_wiki = link.link_type == LinkType::Shortcut
            && !is_contents
            && body[..start].ends_with('[')
            && body[end..].starts_with(']')
            && !body[..start].ends_with("[[")
            && !is_escaped(body, start - 1)
            && !body[end..].starts_with("]]")
            // The text of a link in brackets of its own: `[[1]](#note)`.
            && !body[end..].starts_with("](");
        if is_wiki {
            found.push(Span { start: start - 1, end: end + 1 });
        }
        None
    };
    for _event in Parser::new_with_broken_link_callback(body, markdown::options(), Some(note)) {}
    found.sort();
    found.dedup();
    let mut out = Rewriting::default();
    let mut done = 0;
    for span in found {
        let is_embed = body[..span.start].ends_with('!');
        let span = Span { start: span.start - usize::from(is_embed), end: span.end };
        let inner = &body[span.start + 2 + usize::from(is_embed)..span.end - 2];
        if span.start < done || inner.trim_matches([' ', '#']).is_empty() {
            continue;
        }
        out.copy(body, Span { start: done, end: span.start });
        out.put(&link(inner, is_embed), span);
        done = span.end;
    }
    if done == 0 {
        return None;
    }
    out.copy(body, Span { start: done, end: body.len() });
    Some(out)
}

/// Tells whether what stands at a place was kept from being a sign.
fn is_escaped(body: &str, at: usize) -> bool {
    let before = body[..at].bytes().rev().take_while(|byte| *byte == b'\\');
    before.count() % 2 == 1
}

/// Returns the body with an anchor for each `^id` that a block ends with; `None` where there is none. Obsidian shows nothing of
/// them, and links to them as `[[page#^id]]`; outside a vault they may be words, and stay.
pub fn blocks(body: &str, in_vault: bool) -> Option<Rewriting> {
    if !body.contains(" ^") && !body.contains("\n^") {
        return None;
    }
    let code = Code::of(body);
    let mut out = Rewriting::default();
    let (mut at, mut done) = (0, 0);
    for line in body.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        let start = body[at..end].rfind('^').map(|mark| at + mark);
        at += line.len();
        let Some(start) = start else { continue };
        let id = &body[start + 1..end];
        let is_id =
            !id.is_empty() && id.chars().all(|char| char.is_ascii_alphanumeric() || char == '-');
        let is_apart = matches!(body[..start].chars().next_back(), None | Some(' ' | '\n'));
        if is_id && is_apart && !code.holds(start) {
            out.copy(body, Span { start: done, end: if in_vault { start } else { end } });
            out.put(&format!("<a id=\"^{id}\"></a>"), Span { start, end });
            done = end;
        }
    }
    (done > 0).then(|| {
        out.copy(body, Span { start: done, end: body.len() });
        out
    })
}

fn link(inner: &str, is_embed: bool) -> String {
    let (target, text) = match inner.split_once("\\|").or_else(|| inner.split_once('|')) {
        Some((target, text)) => (target, Some(text.trim())),
        None => (inner, None),
    };
    let (page, heading) = match target.split_once('#') {
        Some((page, heading)) => (page.trim(), Some(heading.trim())),
        None => (target.trim(), None),
    };
    // `#One#Two` is the heading below a heading.
    let heading = heading.map(|heading| heading.rsplit('#').next().unwrap_or(heading));
    let is_picture = is_embed && is_picture(page);
    // What stands behind the bar of a picture is its width.
    let text = text.filter(|text| !text.is_empty() && (!is_picture || !is_size(text)));
    let text = text.map_or_else(
        || match heading {
            Some(heading) if page.is_empty() => heading.to_owned(),
            Some(heading) => format!("{page} \u{203a} {heading}"),
            None => page.to_owned(),
        },
        str::to_owned,
    );
    let anchor = heading.map(|heading| format!("#{heading}")).unwrap_or_default();
    let destination = encoded(&format!("{page}{anchor}"));
    let picture = if is_picture { "!" } else { "" };
    format!("{picture}[{text}](<{BY_NAME}{destination}>)")
}

fn is_picture(page: &str) -> bool {
    let end = page.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp"].contains(&&*end)
}

fn is_size(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x')
}

fn encoded(destination: &str) -> String {
    destination
        .chars()
        .map(|char| match char {
            '<' => "%3C".into(),
            '>' => "%3E".into(),
            '\n' | ' ' => "%20".into(),
            '%' => "%25".into(),
            char => String::from(char),
        })
        .collect()
}
