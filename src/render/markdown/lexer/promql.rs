//! PromQL: the words, strings, numbers and functions of a Prometheus query.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{Scan, line_length, run_length, string_length};

const KEYWORDS: &[&str] = &[
    "and",
    "atan2",
    "bool",
    "by",
    "end",
    "group_left",
    "group_right",
    "ignoring",
    "offset",
    "on",
    "or",
    "start",
    "unless",
    "without",
];

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut scan = Scan::new(code);
    let mut in_braces = false;
    while let Some(first) = scan.next() {
        let rest = scan.rest();
        let (length, class) = match first {
            '#' => (line_length(rest), Some("c")),
            '"' | '\'' | '`' => (string_length(rest, first, first != '`'), Some("s")),
            '0'..='9' => (run_length(rest, |c| c.is_alphanumeric() || c == '.'), Some("n")),
            c if c.is_ascii_alphabetic() || c == '_' || c == ':' => {
                let length =
                    run_length(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
                (length, word_class(&rest[..length], &rest[length..], in_braces))
            }
            other => {
                in_braces = other == '{' || in_braces && other != '}';
                (other.len_utf8(), None)
            }
        };
        scan.take(length, class);
    }
    scan.pieces
}

fn word_class(word: &str, after: &str, in_braces: bool) -> Option<&'static str> {
    if in_braces {
        Some("p")
    } else if KEYWORDS.contains(&word.to_ascii_lowercase().as_str()) {
        Some("k")
    } else if matches!(word.to_ascii_lowercase().as_str(), "inf" | "nan") {
        Some("n")
    } else {
        // `sum by (job) (…)` and `sum(…)` call alike.
        let after = after.trim_start();
        let is_call = after.starts_with('(')
            || ["by", "without"].iter().any(|word| {
                after.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with('('))
            });
        is_call.then_some("f")
    }
}
