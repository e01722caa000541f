//! nginx configuration: the directives, variables, strings and numbers.

use crate::render::markdown::highlight::Piece;

/// Returns the pieces of a configuration.
pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    // The first word of a statement is its directive.
    let mut is_first = true;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let (length, class) = match first {
            '#' => (rest.find('\n').unwrap_or(rest.len()), Some("c")),
            '"' | '\'' => (string_length(rest, first), Some("s")),
            '$' => (1 + word_length(&rest[1..]), Some("v")),
            '{' | '}' | ';' => {
                is_first = true;
                (1, None)
            }
            c if c.is_whitespace() => (c.len_utf8(), None),
            c => {
                let length = rest
                    .find(|c: char| {
                        c.is_whitespace() || matches!(c, ';' | '{' | '}' | '$' | '"' | '\'')
                    })
                    .unwrap_or(rest.len())
                    .max(c.len_utf8());
                let class =
                    if is_first { Some("k") } else { is_number(&rest[..length]).then_some("n") };
                is_first = false;
                (length, class)
            }
        };
        if class.is_some() {
            pieces.push(Piece { start: at, end: at + length, class });
        }
        at += length;
    }
    pieces
}

/// A number, also a size or a time: `80`, `10m`, `5s`.
fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn string_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if !is_escaped && c == quote {
            return at + 1;
        }
        is_escaped = !is_escaped && c == '\\';
    }
    text.len()
}
