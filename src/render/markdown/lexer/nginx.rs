//! nginx configuration: the directives, variables, strings and numbers.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{Scan, is_word, line_length, run_length, string_length};

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut scan = Scan::new(code);
    // The first word of a statement is its directive.
    let mut is_first = true;
    while let Some(first) = scan.next() {
        let rest = scan.rest();
        let (length, class) = match first {
            '#' => (line_length(rest), Some("c")),
            '"' | '\'' => (string_length(rest, first, true), Some("s")),
            '$' => (1 + run_length(&rest[1..], |c| c.is_ascii() && is_word(c)), Some("v")),
            '{' | '}' | ';' => {
                is_first = true;
                (1, None)
            }
            c if c.is_whitespace() => (c.len_utf8(), None),
            c => {
                let is_of_word = |c: char| {
                    !c.is_whitespace() && !matches!(c, ';' | '{' | '}' | '$' | '"' | '\'')
                };
                let length = run_length(rest, is_of_word).max(c.len_utf8());
                let class =
                    if is_first { Some("k") } else { is_size(&rest[..length]).then_some("n") };
                is_first = false;
                (length, class)
            }
        };
        scan.take(length, class);
    }
    scan.pieces
}

/// A number, also a size or a time: `80`, `10m`, `5s`.
fn is_size(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
