//! Heading text → the id of its heading, as GitHub makes it.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns the slug of a heading's text: lower case, letters, digits, `_` and `-`, each space a `-`.
pub fn slug(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter_map(|char| match char {
            ' ' => Some('-'),
            '-' => Some('-'),
            char if is_word(char) => Some(char),
            _ => None,
        })
        .collect()
}

/// Letters, marks, decimal digits and connectors: what a word is made of in Unicode.
fn is_word(char: char) -> bool {
    char.is_alphabetic()
        || is_combining_mark(char)
        || is_decimal_digit(char)
        || matches!(char, '_' | '‿' | '⁀' | '⁔' | '︳' | '︴' | '﹍'..='﹏' | '＿')
}

/// Other numbers than decimal digits, such as `²` and `①`, are made of others, which decimal digits are not.
fn is_decimal_digit(char: char) -> bool {
    let full_width = matches!(char, '０'..='９');
    char.is_numeric() && (full_width || char.nfkd().eq([char]))
}

/// The ids of one document, each used once.
#[derive(Debug, Default)]
pub struct Slugs {
    used: BTreeSet<String>,
    /// How often a slug was asked for, so that the thousandth `Notes` does not try a thousand names.
    counts: BTreeMap<String, usize>,
}

impl Slugs {
    /// Returns the id itself when it is free, else with `-1`, `-2` … behind it.
    pub fn unique(&mut self, id: String) -> String {
        if self.used.insert(id.clone()) {
            return id;
        }
        let count = self.counts.entry(id.clone()).or_default();
        loop {
            *count += 1;
            let candidate = format!("{id}-{count}");
            if self.used.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        for (text, expected) in [
            ("Hello, World!", "hello-world"),
            ("Foo & bar", "foo--bar"),
            ("`x_y` — z", "x_y--z"),
            ("Über uns", "über-uns"),
            ("日本語 テスト", "日本語-テスト"),
            ("Привет", "привет"),
            ("a.b/c:d", "abcd"),
            ("x² ½ ① ४ Ⅷ", "x---४-ⅷ"),
            ("I ❤ it 😄", "i--it-"),
            ("tab\there", "tabhere"),
            ("नमस्ते", "नमस्ते"),
            ("!", ""),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn each_id_is_given_once() {
        let mut slugs = Slugs::default();
        let ids: Vec<_> =
            ["a", "a", "a-1", "a", "b", "a-1"].map(|id| slugs.unique(id.to_owned())).into();
        assert_eq!(ids, ["a", "a-1", "a-1-1", "a-2", "b", "a-1-2"]);
    }
}
