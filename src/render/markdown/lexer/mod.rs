//! Lexers for the languages that runbooks are full of, and for those that no grammar is at hand for.
//!
//! Unlike a grammar they take no notice of whether code is complete: a placeholder in a command, or a template in a manifest,
//! leaves the rest of the block its colors. They read each character about once, a hundred times as fast as a grammar does.

mod diff;
mod json;
mod nginx;
mod promql;
mod shell;
mod sql;
mod yaml;

use crate::render::markdown::highlight::Piece;

/// Code → its pieces, in the order of the code, none over another.
pub(super) type Lexer = fn(&str) -> Vec<Piece>;

/// Returns the lexer of a language, if it has one.
pub(super) fn lexer(language: &str) -> Option<Lexer> {
    Some(match language {
        "bash" => shell::pieces,
        "diff" => diff::pieces,
        "json" => json::pieces,
        "nginx" => nginx::pieces,
        "promql" => promql::pieces,
        "sql" => sql::pieces,
        "yaml" => yaml::pieces,
        _ => return None,
    })
}

/// Code on its way through a lexer: how far it was read, and what was found.
struct Scan<'a> {
    code: &'a str,
    at: usize,
    pieces: Vec<Piece>,
}

impl<'a> Scan<'a> {
    fn new(code: &'a str) -> Self {
        Self { code, at: 0, pieces: Vec::new() }
    }

    /// Returns what was not read yet.
    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Returns the byte before, if there is one.
    fn before(&self) -> Option<u8> {
        self.at.checked_sub(1).map(|at| self.code.as_bytes()[at])
    }

    /// Reads on; what is read has this class.
    fn take(&mut self, length: usize, class: Option<&'static str>) {
        let end = self.at + length;
        if class.is_some() && length > 0 {
            self.pieces.push(Piece { start: self.at, end, class });
        }
        self.at = end;
    }

    /// Reads on to the end of the line.
    fn take_line(&mut self, class: Option<&'static str>) {
        self.take(line_length(self.rest()), class);
    }
}

/// Returns how long a text is up to the end of its first line.
fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Returns how long the string is that a text begins with. In most languages a backslash takes the meaning from what follows.
fn string_length(text: &str, quote: char, has_escapes: bool) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if !is_escaped && c == quote {
            return at + 1;
        }
        is_escaped = has_escapes && !is_escaped && c == '\\';
    }
    text.len()
}

/// Returns how long the comment is that a text begins with: `/* … */`
fn comment_length(text: &str) -> usize {
    text[2..].find("*/").map_or(text.len(), |at| at + 4)
}

/// Returns how long the run of such characters is that a text begins with.
fn run_length(text: &str, is_of_it: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !is_of_it(c)).unwrap_or(text.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Tells whether a word is a number: `80`, `-2.5e3`, `0x1f`.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && (digits.parse::<f64>().is_ok()
            || digits.strip_prefix("0x").is_some_and(|hex| u64::from_str_radix(hex, 16).is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns code with its pieces in brackets behind their class; pieces of one class that stand side by side are one.
    pub(super) fn shown(language: &str, code: &str) -> String {
        let mut shown = String::new();
        let (mut at, mut open) = (0, None);
        let mut to = |end: usize, class: Option<&'static str>| {
            let text = &code[at..end];
            at = end;
            if class != open && !text.trim().is_empty() {
                let blanks = shown.len() - shown.trim_end().len();
                shown.insert_str(shown.len() - blanks, if open.is_some() { "⟩" } else { "" });
                shown.extend(class.map(|class| format!("{class}⟨")));
                open = class;
            }
            shown.push_str(text);
        };
        for Piece { start, end, class } in lexer(language).unwrap()(code) {
            to(start, None);
            to(end, class);
        }
        to(code.len(), None);
        shown.push_str(if open.is_some() { "⟩" } else { "" });
        shown
    }

    #[test]
    fn pieces_follow_one_another_in_whatever_stands_there() {
        let mut random = crate::fixture::Random::new(23);
        let code = "if [ \"$A\" = b ]; then echo \"${B:-c} $(date)\"; fi\ncat <<-'E' |\n\tx\nE\n- key: |\n  a: [1, {b: 'c'}] # d\n\
                    {\"a\": [true, null]}\nSELECT $$x$$, \"t\".c::int FROM a -- é\n+ x\nserver { listen 80; }\nsum by (a) (rate(b[5m]))\n";
        // What is random seldom hits the one place where a sign of several bytes is in the way.
        let with_sign = |at: usize| [&code[..at], "→", &code[at..]].concat();
        let signs: Vec<String> =
            (0..code.len()).filter(|at| code.is_char_boundary(*at)).map(with_sign).collect();
        let edited: Vec<String> = (0..300).map(|_| random.edited(code)).collect();
        for language in ["bash", "diff", "json", "nginx", "promql", "sql", "yaml"] {
            for code in signs.iter().chain(&edited) {
                let mut at = 0;
                for Piece { start, end, .. } in lexer(language).unwrap()(code) {
                    assert!(at <= start && start < end, "{language}: {code}");
                    assert!(code.get(start..end).is_some(), "{language}: {code}");
                    at = end;
                }
            }
        }
    }
}
