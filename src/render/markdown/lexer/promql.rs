//! PromQL: the words, strings, numbers and functions of a Prometheus query.

use crate::render::markdown::highlight::Piece;

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

/// Returns the pieces of a query.
pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut in_braces = false;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let (length, class) = match first {
            '#' => (rest.find('\n').unwrap_or(rest.len()), Some("c")),
            '"' | '\'' | '`' => (string_length(rest, first), Some("s")),
            '0'..='9' => (
                rest.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(rest.len()),
                Some("n"),
            ),
            c if c.is_ascii_alphabetic() || c == '_' || c == ':' => {
                let length = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
                    .unwrap_or(rest.len());
                (length, word_class(&rest[..length], &rest[length..], in_braces))
            }
            other => {
                in_braces = other == '{' || in_braces && other != '}';
                (other.len_utf8(), None)
            }
        };
        if class.is_some() {
            pieces.push(Piece { start: at, end: at + length, class });
        }
        at += length;
    }
    pieces
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

fn string_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' && quote != '`' {
            is_escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}
