//! Raw HTML in Markdown → its tags, each with its range, and the text between them. Judges nothing.
//!
//! Only what is a well-formed tag is one; all else is text. Its form is that of CommonMark's "raw HTML", its attributes are
//! read as browsers read them.

use std::cell::RefCell;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A part of a raw HTML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text,
    Start(Tag),
    End {
        /// In lower case.
        name: String,
    },
    /// A comment, a processing instruction, a declaration, or a CDATA section.
    Hidden,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// In lower case.
    pub name: String,
    /// In the order of the text, names in lower case, entities in values resolved. Each name once.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// Returns the value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Returns the parts of a raw HTML text, in order and without a gap.
pub fn pieces(html: &str) -> Vec<(Piece, Range<usize>)> {
    let mut pieces = Vec::new();
    let mut text_from = 0;
    let mut at = 0;
    // What closes nothing once closes nothing later: without this memory a row of openings takes quadratic time.
    let mut unclosed: Vec<&str> = Vec::new();
    while let Some(start) = html[at..].find('<').map(|found| at + found) {
        let Some((piece, end)) = markup(html, start, &mut unclosed) else {
            at = start + 1;
            continue;
        };
        if text_from < start {
            pieces.push((Piece::Text, text_from..start));
        }
        // What stands in these is text, whatever it looks like.
        let raw_text = match &piece {
            Piece::Start(tag) if RAW_TEXT.contains(&tag.name.as_str()) => {
                Some(end_tag(&html[end..], &tag.name).map_or(html.len(), |length| end + length))
            }
            _ => None,
        };
        pieces.push((piece, start..end));
        text_from = end;
        at = raw_text.unwrap_or(end);
    }
    if text_from < html.len() {
        pieces.push((Piece::Text, text_from..html.len()));
    }
    pieces
}

const RAW_TEXT: &[&str] = &[
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
];

fn end_tag(html: &str, name: &str) -> Option<usize> {
    html.match_indices("</").map(|(at, _)| at).find(|at| {
        let rest = &html[at + 2..];
        rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
    })
}

/// Returns the tag or hidden part that begins at `start`, a `<`, and where it ends.
fn markup<'h>(html: &'h str, start: usize, unclosed: &mut Vec<&'h str>) -> Option<(Piece, usize)> {
    let rest = &html[start..];
    for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")] {
        if !rest.starts_with(open) {
            continue;
        }
        if unclosed.contains(&close) {
            return None;
        }
        // `<!-->` and `<!--->` are whole comments.
        let skip = if open == "<!--" { 2 } else { open.len() };
        let Some(length) = rest[skip..].find(close) else {
            unclosed.push(close);
            return None;
        };
        return Some((Piece::Hidden, start + skip + length + close.len()));
    }
    let length = tag_length(rest)?;
    let tag = tag(&rest[..length])?;
    Some((tag, start + length))
}

/// Returns the length of the well-formed tag that a text begins with.
fn tag_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = bytes.get(1) == Some(&b'/');
    let name = if is_end { 2 } else { 1 };
    let mut at =
        name + name_length(&bytes[name..], |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if at == name || !bytes[name].is_ascii_alphabetic() {
        return None;
    }
    loop {
        let blank = name_length(&bytes[at..], |byte| byte.is_ascii_whitespace());
        at += blank;
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'/' if !is_end && bytes.get(at + 1) == Some(&b'>') => return Some(at + 2),
            byte if !is_end && blank > 0 && begins_attribute(*byte) => {
                at += attribute_length(&bytes[at..])?;
            }
            _ => return None,
        }
    }
}

fn attribute_length(bytes: &[u8]) -> Option<usize> {
    let mut at = name_length(bytes, |byte| {
        begins_attribute(byte) || b".-".contains(&byte) || byte.is_ascii_digit()
    });
    let equals = at + name_length(&bytes[at..], |byte| byte.is_ascii_whitespace());
    if bytes.get(equals) != Some(&b'=') {
        return Some(at);
    }
    at = equals + 1 + name_length(&bytes[equals + 1..], |byte| byte.is_ascii_whitespace());
    match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => {
            let length = bytes[at + 1..].iter().position(|byte| *byte == quote)?;
            Some(at + 1 + length + 1)
        }
        _ => {
            let length = name_length(&bytes[at..], |byte| {
                !byte.is_ascii_whitespace() && !b"\"'=<>`".contains(&byte)
            });
            (length > 0).then_some(at + length)
        }
    }
}

fn begins_attribute(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte == b'@'
}

fn name_length(bytes: &[u8], of_name: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of_name(**byte)).count()
}

/// Reads one well-formed tag as a browser does.
fn tag(text: &str) -> Option<Piece> {
    #[derive(Default)]
    struct One(RefCell<Option<Piece>>);

    impl TokenSink for One {
        type Handle = ();

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            if let Token::TagToken(tag) = token {
                let name = tag.name.to_string();
                let attributes = tag
                    .attrs
                    .iter()
                    .map(|attribute| {
                        (attribute.name.local.to_string(), attribute.value.to_string())
                    })
                    .collect();
                *self.0.borrow_mut() = Some(match tag.kind {
                    TagKind::StartTag => Piece::Start(Tag { name, attributes }),
                    TagKind::EndTag => Piece::End { name },
                });
            }
            TokenSinkResult::Continue
        }
    }

    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let tokenizer = Tokenizer::new(One::default(), TokenizerOpts::default());
    let _script = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let mut at = 0;
        let mut shown = String::new();
        for (piece, range) in pieces(html) {
            assert_eq!(range.start, at, "no gap");
            at = range.end;
            let source = &html[range];
            shown += &match piece {
                Piece::Text => format!("text {source:?}\n"),
                Piece::Start(tag) => format!("start {} {:?}\n", tag.name, tag.attributes),
                Piece::End { name } => format!("end {name}\n"),
                Piece::Hidden => format!("hidden {source:?}\n"),
            };
        }
        assert_eq!(at, html.len());
        shown
    }

    #[test]
    fn tags_are_read_as_browsers_read_them() {
        insta::assert_snapshot!(shown("a<Br/><IMG src='a b' ALT=x&amp;y src=2 @x>b</P >"), @r#"
        text "a"
        start br []
        start img [("src", "a b"), ("alt", "x&y"), ("@x", "")]
        text "b"
        end p
        "#);
        insta::assert_snapshot!(shown("<!-- a > b --><!doctype x><?x?>&lt; < <3 <a b=>"), @r#"
        hidden "<!-- a > b -->"
        hidden "<!doctype x>"
        hidden "<?x?>"
        text "&lt; < <3 <a b=>"
        "#);
        insta::assert_snapshot!(shown("<script>a<b></SCRIPT><b"), @r#"
        start script []
        text "a<b>"
        end script
        text "<b"
        "#);
    }

    #[test]
    fn a_row_of_openings_takes_linear_time() {
        for open in ["<!--", "<?", "<!x", "<![CDATA[", "<", "<a b='", "<script>"] {
            let html = open.repeat(20_000);
            assert!(pieces(&html).len() < 3, "{open}");
        }
    }
}
