//! Tables of Python-Markdown and kramdown → ours: a `|` in code parts no cells.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use crate::parse::dialect::Code;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Returns the body with a backslash before each `|` in the code of a table; `None` where there is none.
pub fn tables(body: &str) -> Option<Rewriting> {
    if !body.contains('|') || !body.contains('`') {
        return None;
    }
    let code = LazyCell::new(|| Code::of(body));
    let mut at = 0;
    let lines = body.split_inclusive('\n').map(|line| {
        at += line.len();
        Span { start: at - line.len(), end: at }
    });
    let lines: Vec<Span> = lines.collect();
    let text = |span: &Span| &body[span.start..span.end];
    let mut found = Vec::new();
    let mut done = 0;
    for (index, line) in lines.iter().enumerate().skip(1) {
        let is_new =
            index > done && is_delimiter(text(line)) && !text(&lines[index - 1]).trim().is_empty();
        if !is_new || is_in_block(&code, *line, text(line)) {
            continue;
        }
        let is_row = |line: &&Span| {
            let text = text(line).trim();
            !text.is_empty() && !text.starts_with('#')
        };
        let rows = lines[index + 1..].iter().take_while(is_row);
        for row in std::iter::once(&lines[index - 1]).chain(rows) {
            let inside = pipes(text(row));
            // What has no cells is a line of text that ends the table.
            if text(row).matches('|').count() > inside.len() {
                found.extend(inside.into_iter().map(|pipe| row.start + pipe));
            }
            done = done.max(lines.partition_point(|line| line.start <= row.start));
        }
    }
    if found.is_empty() {
        return None;
    }
    let mut out = Rewriting::default();
    let mut copied = 0;
    for pipe in found {
        out.copy(body, Span { start: copied, end: pipe });
        out.put("\\", Span { start: pipe, end: pipe });
        copied = pipe;
    }
    out.copy(body, Span { start: copied, end: body.len() });
    Some(out)
}

/// Tells whether a line stands in a block of code.
fn is_in_block(code: &Code, line: Span, text: &str) -> bool {
    code.holds(line.start + text.len() - text.trim_start().len())
}

/// Tells whether a line may be the one below the head of a table.
fn is_delimiter(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
    line.contains('|')
        && line.contains('-')
        && line.chars().all(|char| matches!(char, '|' | '-' | ':' | ' ' | '\t'))
}

/// Returns where a `|` stands in the code of a row, and no backslash before it.
fn pipes(row: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut unclosed = BTreeSet::new();
    let mut at = 0;
    while let Some(next) = row[at..].find('`') {
        let start = at + next;
        let run = row[start..].len() - row[start..].trim_start_matches('`').len();
        at = start + run;
        let escapes = row[..start].bytes().rev().take_while(|byte| *byte == b'\\').count();
        if escapes % 2 == 1 || unclosed.contains(&run) {
            continue;
        }
        let Some(length) = closing(&row[at..], run) else {
            unclosed.insert(run);
            continue;
        };
        let inner = &row[at..at + length];
        let plain = inner.match_indices('|').map(|(pipe, _)| pipe);
        found.extend(plain.filter(|pipe| !inner[..*pipe].ends_with('\\')).map(|pipe| at + pipe));
        at += length + run;
    }
    found
}

/// Returns where a run of so many backticks stands.
fn closing(text: &str, run: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = text[at..].find('`') {
        let start = at + next;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        if length == run {
            return Some(start);
        }
        at = start + length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{check, portal};
    use crate::source::SourcePath;

    const TABLE: &str = "\
| a `x|y` | b |
|---|---|
| `ps | grep x` | word |
| ``a ` | b`` `c \\| d` | lone ` | surplus
| \\`a | b` |
## `a | b` |

    |---|---|
    | `no | table` | x |

`a | b`
";

    #[test]
    fn code_in_a_table_holds_what_parts_cells() {
        let fixture = format!("-- mkdocs.yml --\n-- docs/a.md --\n# A\n\n{TABLE}");
        let portal = portal(&fixture);
        insta::assert_snapshot!(portal.documents[&SourcePath::new("docs/a.md").unwrap()].text.body, @r#"
        # A

        | a `x\|y` | b |
        |---|---|
        | `ps \| grep x` | word |
        | ``a ` \| b`` `c \| d` | lone ` | surplus
        | \`a | b` |
        ## `a | b` |

            |---|---|
            | `no | table` | x |

        `a | b`
        "#);
        insta::assert_snapshot!(check(&fixture), @"docs/a.md:6:35: warning[surplus-cells]: cells behind the last column of their table, which are not shown: surplus");
    }

    #[test]
    fn cells_that_no_table_shows_are_named() {
        insta::assert_snapshot!(check("\
-- content/a.md --
# A

| a | b |
|---|---|
| 1 | 2 | lost `word` |
| 1 | 2 | |
| 1 | 2 |||
| 1 |

- | a |
  |---|
  | `ps | grep` | x
"), @"
        content/a.md:5:11: warning[surplus-cells]: cells behind the last column of their table, which are not shown: lost `word`
        content/a.md:12:11: warning[surplus-cells]: cells behind the last column of their table, which are not shown: grep` | x
        ");
    }

    #[test]
    fn backticks_take_linear_time() {
        let row = "`a``b```c|".repeat(20_000);
        assert!(tables(&format!("a|b\n-|-\n{row}\n")).is_some());
    }
}
