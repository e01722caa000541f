//! YAML: keys, scalars by what they are, blocks of text, comments, anchors and tags; templates in it are passed over.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{Scan, is_number, line_length, run_length, string_length};

/// A longer one is read as what stands in it.
const LONGEST_TEMPLATE: usize = 256;

struct Yaml<'a> {
    scan: Scan<'a>,
    /// How many `{` and `[` are open.
    depth: usize,
    /// Where the line begins.
    line: usize,
    /// The column of the innermost list item or key: a block of text is deeper. `None` where neither stands above.
    column: Option<usize>,
}

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut yaml = Yaml { scan: Scan::new(code), depth: 0, line: 0, column: None };
    while let Some(next) = yaml.scan.next() {
        yaml.token(next);
    }
    yaml.scan.pieces
}

impl Yaml<'_> {
    fn token(&mut self, next: char) {
        let rest = self.scan.rest();
        let is_line_start = self.scan.at == self.line;
        match next {
            '\n' => {
                self.scan.take(1, None);
                self.line = self.scan.at;
            }
            c if c.is_whitespace() => self.scan.take(c.len_utf8(), None),
            '#' if self.scan.before().is_none_or(|byte| byte.is_ascii_whitespace()) => {
                self.scan.take_line(Some("c"));
            }
            '%' if is_line_start => self.scan.take_line(Some("k")),
            '-' if is_line_start && rest.starts_with("---") => {
                self.column = None;
                self.scan.take(3, None);
            }
            '-' | '?' if self.depth == 0 && is_blank(rest[1..].chars().next()) => {
                self.column = Some(self.scan.at - self.line);
                self.scan.take(1, None);
            }
            '{' if rest.starts_with("{{") => self.template(rest, "}}", "v"),
            '{' if rest.starts_with("{%") => self.template(rest, "%}", "v"),
            '{' if rest.starts_with("{#") => self.template(rest, "#}", "c"),
            '{' | '[' => {
                self.depth += 1;
                self.scan.take(1, None);
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                self.scan.take(1, None);
            }
            ',' if self.depth > 0 => self.scan.take(1, None),
            ':' if is_blank(rest[1..].chars().next()) => self.scan.take(1, None),
            '"' | '\'' if self.scan.code[..self.scan.at].ends_with("}}") => self.plain(rest),
            '"' => self.scalar(string_length(rest, '"', true), Some("s")),
            '\'' => self.scalar(string_length(rest, '\'', false), Some("s")),
            '&' | '*' if rest[1..].starts_with(char::is_alphanumeric) => {
                let length = run_length(rest, |c| !c.is_whitespace() && !",]}".contains(c));
                self.scalar(length, Some("v"));
            }
            '!' if is_tag(rest) => {
                self.scan.take(run_length(rest, |c| !c.is_whitespace()), Some("t"));
            }
            '|' | '>' if self.depth == 0 && is_block_sign(rest) => self.block(),
            _ => self.plain(rest),
        }
    }

    /// Reads a scalar, which is a key where a colon follows.
    fn scalar(&mut self, length: usize, class: Option<&'static str>) {
        let rest = self.scan.rest();
        let after = rest[length..].trim_start_matches([' ', '\t']);
        let is_key = after.starts_with(':') && is_blank(after[1..].chars().next());
        if is_key && self.depth == 0 {
            self.column = Some(self.scan.at - self.line);
        }
        self.scan.take(length, if is_key { Some("p") } else { class });
    }

    /// `{{ … }}` and its like, which the tool behind the file fills in. It may be a key.
    fn template(&mut self, rest: &str, close: &str, class: &'static str) {
        let line = &rest[..line_length(rest)];
        let end = line[..line.floor_char_boundary(LONGEST_TEMPLATE)].find(close);
        match end {
            Some(end) => {
                let length = end + close.len();
                let is_key = rest[length..].starts_with(':');
                if is_key && self.depth == 0 {
                    self.column = Some(self.scan.at - self.line);
                }
                self.scan.take(length, Some(class));
            }
            None => self.scan.take(2, None),
        }
    }

    /// A scalar without quotes: up to a colon and a blank, a comment, or the end of the line.
    fn plain(&mut self, rest: &str) {
        let line = &rest[..line_length(rest)];
        let mut end = line.len();
        let mut characters = line.char_indices().peekable();
        let mut before = None;
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            let ends = match c {
                ':' => {
                    is_blank(next) || self.depth > 0 && next.is_some_and(|c| ",[]{}".contains(c))
                }
                '#' => before.is_some_and(char::is_whitespace),
                ',' | '[' | ']' | '{' | '}' => self.depth > 0,
                _ => false,
            };
            if ends && at > 0 {
                end = at;
                break;
            }
            before = Some(c);
        }
        let text = line[..end].trim_end();
        // What begins as a mark that means something else here is read as it stands.
        let length = if text.is_empty() { end.max(1) } else { text.len() };
        self.scalar(length, Some(class(text)));
    }

    /// `|` or `>` and the lines below that are deeper.
    fn block(&mut self) {
        let start = self.scan.rest();
        let mut length = line_length(start);
        let mut text = length;
        while let Some(line) = start.get(length + 1..).filter(|rest| !rest.is_empty()) {
            let line = &line[..line_length(line)];
            let indent = line.len() - line.trim_start_matches(' ').len();
            let is_empty = line.trim().is_empty();
            let is_outside = match self.column {
                Some(column) => indent <= column,
                None => matches!(line.trim_end(), "---" | "..."),
            };
            if !is_empty && is_outside {
                break;
            }
            length += 1 + line.len();
            if !is_empty {
                text = length;
            }
        }
        self.scan.take(text, Some("s"));
    }
}

fn is_blank(next: Option<char>) -> bool {
    next.is_none_or(char::is_whitespace)
}

/// `!Ref`, `!!str`, `!<tag:…>`
fn is_tag(text: &str) -> bool {
    let name = text.strip_prefix("!!").unwrap_or(&text[1..]);
    name.starts_with(|c: char| c.is_alphanumeric() || c == '<')
}

/// Tells whether a text begins with the sign of a block of text: `|`, `>-`, `|2+`, and a comment at most.
fn is_block_sign(text: &str) -> bool {
    let line = text[..line_length(text)].trim_end();
    let rest =
        line[1..].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    rest.is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#')
}

/// Returns what a scalar without quotes is.
fn class(text: &str) -> &'static str {
    let is_word = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_number(text) || is_word(&["true", "false", "yes", "no", "on", "off", "null", "~"]) {
        "n"
    } else {
        "s"
    }
}

#[cfg(test)]
mod tests {
    use crate::render::markdown::lexer::tests::shown;

    #[test]
    fn keys_and_scalars() {
        insta::assert_snapshot!(shown("yaml", "\
---
apiVersion: apps/v1 # c
metadata: {name: x, labels: {a: \"b\", n: 3}}
list:
  - one
  - \"two\": 2.5e3
  - url: http://a:80/x#y
    on: yes
    date: 2026-01-02
anchor: &a !Ref x
<<: *a
? key with space
: it's
"), @r#"
        ---
        p⟨apiVersion⟩: s⟨apps/v1⟩ c⟨# c⟩
        p⟨metadata⟩: {p⟨name⟩: s⟨x⟩, p⟨labels⟩: {p⟨a⟩: s⟨"b"⟩, p⟨n⟩: n⟨3⟩}}
        p⟨list⟩:
          - s⟨one⟩
          - p⟨"two"⟩: n⟨2.5e3⟩
          - p⟨url⟩: s⟨http://a:80/x#y⟩
            p⟨on⟩: n⟨yes⟩
            p⟨date⟩: s⟨2026-01-02⟩
        p⟨anchor⟩: v⟨&a⟩ t⟨!Ref⟩ s⟨x⟩
        p⟨<<⟩: v⟨*a⟩
        ? s⟨key with space⟩
        : s⟨it's
        ⟩
        "#);
    }

    #[test]
    fn blocks_of_text() {
        insta::assert_snapshot!(shown("yaml", "\
run: |
  echo # no comment
  key: value

next: >-
    words
- |2
  a
--- |
top
---
end: 1
"), @"
        p⟨run⟩: s⟨|
          echo # no comment
          key: value⟩

        p⟨next⟩: s⟨>-
            words⟩
        - s⟨|2
          a⟩
        --- s⟨|
        top⟩
        ---
        p⟨end⟩: n⟨1
        ⟩
        ");
    }

    #[test]
    fn templates() {
        insta::assert_snapshot!(shown("yaml", "\
a: {{ .Values.x }}
{{- if .y }}
b: \"{{ .z }}\"
{{- end }}
c: {{ d
data:
  {{ $k }}: |
    {{ $v }}
  other: {{ .x }}'s
{# don't #}
{% if x %}
e: 'f'
"), @r#"
        p⟨a⟩: v⟨{{ .Values.x }}
        {{- if .y }}⟩
        p⟨b⟩: s⟨"{{ .z }}"⟩
        v⟨{{- end }}⟩
        p⟨c⟩: {{ s⟨d⟩
        p⟨data⟩:
          v⟨{{ $k }}⟩: s⟨|
            {{ $v }}⟩
          p⟨other⟩: v⟨{{ .x }}⟩s⟨'s⟩
        c⟨{# don't #}⟩
        v⟨{% if x %}⟩
        p⟨e⟩: s⟨'f'
        ⟩
        "#);
    }
}
