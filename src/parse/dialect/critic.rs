//! Critic markup, which the extension `pymdownx.critic` turns on → HTML: `{++added++}`, `{--deleted--}`, `{~~old~>new~~}`,
//! `{==marked==}`, `{>>a comment<<}`.

use crate::parse::dialect::Code;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// What is made of what critics write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Critic {
    /// The signs are text.
    #[default]
    Off,
    /// All of it is shown.
    View,
    /// The text is shown as if every change was accepted, or rejected.
    Accept,
    Reject,
}

/// A kind of mark, and what becomes of its text where all is shown.
struct Kind {
    open: &'static str,
    close: &'static str,
    element: &'static str,
    is_new: bool,
    is_old: bool,
}

const KINDS: [Kind; 5] = [
    Kind { open: "{++", close: "++}", element: "ins", is_new: true, is_old: false },
    Kind { open: "{--", close: "--}", element: "del", is_new: false, is_old: true },
    Kind { open: "{==", close: "==}", element: "mark", is_new: true, is_old: true },
    Kind { open: "{>>", close: "<<}", element: "small", is_new: false, is_old: false },
    Kind { open: "{~~", close: "~~}", element: "", is_new: true, is_old: true },
];

const COMMENT: usize = 3;
const CHANGE: usize = 4;

/// What stands between the old and the new words of a change.
const BECOMES: &str = "~>";

/// Returns the body with the marks of critics in HTML; `None` where there are none.
pub fn critic(body: &str, critic: Critic) -> Option<Rewriting> {
    let may_hold = critic != Critic::Off && KINDS.iter().any(|kind| body.contains(kind.open));
    if !may_hold {
        return None;
    }
    let code = Code::of(body);
    let mut out = Rewriting::default();
    let (mut done, mut at) = (0, 0);
    // A mark that is not closed once is not closed further down.
    let mut unclosed = [false; KINDS.len()];
    while let Some(found) = body[at..].find('{') {
        let start = at + found;
        at = start + 1;
        let kind = KINDS.iter().position(|kind| body[start..].starts_with(kind.open));
        let Some(index) = kind.filter(|index| !unclosed[*index] && !code.holds(start)) else {
            continue;
        };
        let kind = &KINDS[index];
        let inner = start + kind.open.len();
        let middle = if index == CHANGE { body[inner..].find(BECOMES) } else { Some(0) };
        let length =
            middle.and_then(|middle| Some(middle + body[inner + middle..].find(kind.close)?));
        let (Some(middle), Some(length)) = (middle, length) else {
            unclosed[index] = true;
            continue;
        };
        let whole = Span { start, end: inner + length + kind.close.len() };
        let inside = Span { start: inner, end: inner + length };
        out.copy(body, Span { start: done, end: start });
        match index {
            COMMENT if critic == Critic::View => {
                let words = body[inside.start..inside.end].split_whitespace();
                let words = escaped(&words.collect::<Vec<_>>().join(" "));
                out.put(&format!(" <small>({words})</small>"), whole);
            }
            CHANGE => {
                let old = Span { start: inner, end: inner + middle };
                let new = Span { start: old.end + BECOMES.len(), end: inside.end };
                put(&mut out, body, old, &KINDS[1], critic);
                put(&mut out, body, new, &KINDS[0], critic);
            }
            _ => put(&mut out, body, inside, kind, critic),
        }
        (done, at) = (whole.end, whole.end);
    }
    if done == 0 {
        return None;
    }
    out.copy(body, Span { start: done, end: body.len() });
    Some(out)
}

/// Puts a marked text in, paragraph by paragraph: an element does not reach over a block.
fn put(out: &mut Rewriting, body: &str, part: Span, kind: &Kind, critic: Critic) {
    let is_shown = match critic {
        Critic::Off | Critic::View => true,
        Critic::Accept => kind.is_new,
        Critic::Reject => kind.is_old,
    };
    if !is_shown {
        return;
    }
    if critic != Critic::View {
        return out.copy(body, part);
    }
    let mut paragraph: Option<Span> = None;
    let mut at = part.start;
    for line in body[part.start..part.end].split_inclusive('\n') {
        let span = Span { start: at, end: at + line.len() };
        at = span.end;
        if !line.trim().is_empty() {
            let start = paragraph.map_or(span.start, |open| open.start);
            paragraph = Some(Span { start, end: span.end });
            continue;
        }
        if let Some(paragraph) = paragraph.take() {
            put_paragraph(out, body, paragraph, kind);
        }
        out.copy(body, span);
    }
    if let Some(paragraph) = paragraph {
        put_paragraph(out, body, paragraph, kind);
    }
}

/// Puts a paragraph in, in its element. What makes a heading or an item of it stays before that.
fn put_paragraph(out: &mut Rewriting, body: &str, part: Span, kind: &Kind) {
    let text = &body[part.start..part.end];
    let mut rest = text.trim_start();
    loop {
        let signs = rest.trim_start_matches('#');
        let signs = if signs.len() < rest.len() {
            signs
        } else {
            rest.strip_prefix(['-', '*', '+', '>']).unwrap_or(rest)
        };
        match signs.strip_prefix(' ') {
            Some(inner) if signs.len() < rest.len() => rest = inner.trim_start(),
            _ => break,
        }
    }
    let inner = Span { start: part.end - rest.len(), end: part.start + text.trim_end().len() };
    if inner.start >= inner.end {
        return out.copy(body, part);
    }
    let element = kind.element;
    out.copy(body, Span { start: part.start, end: inner.start });
    out.put(&format!("<{element}>"), Span { start: inner.start, end: inner.start });
    out.copy(body, inner);
    out.put(&format!("</{element}>"), Span { start: inner.end, end: inner.end });
    out.copy(body, Span { start: inner.end, end: part.end });
}

/// Returns words in which no sign means anything.
fn escaped(words: &str) -> String {
    let mut out = String::new();
    for char in words.chars() {
        if "\\`*_[]<>&!~^=+:|${}".contains(char) {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::portal;
    use crate::source::SourcePath;

    fn shown(options: &str, text: &str) -> String {
        let portal = portal(&format!(
            "-- mkdocs.yml --\nmarkdown_extensions:\n  - pymdownx.critic{options}\n-- docs/a.md --\n{text}"
        ));
        portal.documents[&SourcePath::new("docs/a.md").unwrap()].text.body.clone()
    }

    #[test]
    fn what_critics_write() {
        let text =
            "{--del--} {++ins++} {~~old~>new~~} {==hl==}{>>a *note*<<} `{++code++}` {++open\n";
        insta::assert_snapshot!(shown("", text), @r#"<del>del</del> <ins>ins</ins> <del>old</del><ins>new</ins> <mark>hl</mark> <small>(a \*note\*)</small> `{++code++}` {++open"#);
        insta::assert_snapshot!(shown(":\n      mode: accept", text), @" ins new hl `{++code++}` {++open");
        insta::assert_snapshot!(shown(":\n      mode: reject", text), @"del  old hl `{++code++}` {++open");
    }

    #[test]
    fn what_critics_write_over_several_blocks() {
        insta::assert_snapshot!(shown("", "Before.\n\n{++\n## Head\n\n- one [b](b.md)\n\ntwo\n++} end\n"), @"
        Before.


        ## <ins>Head</ins>

        - <ins>one [b](b.md)</ins>

        <ins>two</ins>
         end
        ");
    }

    #[test]
    fn marks_that_are_not_closed_take_linear_time() {
        let body = "{++{--{~~{=={>> {~~a~>".repeat(20_000);
        assert!(critic(&body, Critic::View).is_none());
    }
}
