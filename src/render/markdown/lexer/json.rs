//! JSON, also with the comments and the bare keys that settings of programs have.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::{
    Scan, comment_length, is_word, line_length, run_length, string_length,
};

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut scan = Scan::new(code);
    while let Some(first) = scan.next() {
        let rest = scan.rest();
        let (length, class) = match first {
            '"' | '\'' => {
                // It ends on its line, whatever it lacks.
                let length = string_length(&rest[..line_length(rest)], first, true);
                (length, if is_key(&rest[length..]) { "p" } else { "s" })
            }
            '/' if rest.starts_with("//") => (line_length(rest), "c"),
            '/' if rest.starts_with("/*") => (comment_length(rest), "c"),
            '#' => (line_length(rest), "c"),
            '-' | '0'..='9' => {
                (run_length(rest, |c| c.is_alphanumeric() || matches!(c, '-' | '+' | '.')), "n")
            }
            c if is_word(c) => {
                let length = run_length(rest, |c| is_word(c) || c == '-');
                match &rest[..length] {
                    "true" | "false" | "null" => (length, "n"),
                    _ if is_key(&rest[length..]) => (length, "p"),
                    _ => {
                        scan.take(length, None);
                        continue;
                    }
                }
            }
            c => {
                scan.take(c.len_utf8(), None);
                continue;
            }
        };
        scan.take(length, Some(class));
    }
    scan.pieces
}

/// Tells whether what stands before this is a key.
fn is_key(after: &str) -> bool {
    after.trim_start().starts_with(':')
}

#[cfg(test)]
mod tests {
    use crate::render::markdown::lexer::tests::shown;

    #[test]
    fn keys_are_told_from_strings() {
        insta::assert_snapshot!(shown("json", "\
{\"a\" : [1, -2.5e3, true, null, \"x\\\"y\"], bare-key: {'b': \"c\"}}
// c
/* d */ word # don't
"), @r#"
        {p⟨"a"⟩ : [n⟨1⟩, n⟨-2.5e3⟩, n⟨true⟩, n⟨null⟩, s⟨"x\"y"⟩], p⟨bare-key⟩: {p⟨'b'⟩: s⟨"c"⟩}}
        c⟨// c
        /* d */⟩ word c⟨# don't
        ⟩
        "#);
    }
}
