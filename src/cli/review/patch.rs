//! Two texts → a unified diff, for programs and for those who are used to it.

use std::fmt::Write as _;

use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops};

/// So many unchanged lines are shown before and after what changed.
const CONTEXT: usize = 3;

/// A text and what its side of the diff is called.
pub(super) struct Side<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
}

/// Returns a unified diff; empty where no line differs. Line ends, and empty lines at the start and the end, are none of
/// its business: they are not in the digest of a document either.
pub(super) fn patch(old: &Side<'_>, new: &Side<'_>) -> String {
    let (old_lines, new_lines) = (lines(old.text), lines(new.text));
    let ops = capture_diff_slices(Algorithm::Patience, &old_lines, &new_lines);
    if old_lines == new_lines {
        return String::new();
    }
    let mut text = format!("--- {}\n+++ {}\n", old.name, new.name);
    let mut put = |line: &str| writeln!(text, "{line}").expect("invariant: writing to a string");
    for group in group_diff_ops(ops, CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let range = |start: usize, end: usize| match end - start {
            // A range without lines is named by the line before it.
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            length => format!("{},{length}", start + 1),
        };
        put(&format!(
            "@@ -{} +{} @@",
            range(first.old_range().start, last.old_range().end),
            range(first.new_range().start, last.new_range().end)
        ));
        for op in group {
            if op.tag() == DiffTag::Equal {
                old_lines[op.old_range()].iter().for_each(|line| put(&format!(" {line}")));
                continue;
            }
            old_lines[op.old_range()].iter().for_each(|line| put(&format!("-{line}")));
            new_lines[op.new_range()].iter().for_each(|line| put(&format!("+{line}")));
        }
    }
    text
}

fn lines(text: &str) -> Vec<&str> {
    text.trim_matches(['\n', '\r']).lines().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_what_diff_writes() {
        let old = "\n# A\n\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
        let new = "# A\r\n\r\none\r\ntwo\r\n3\r\nfour\r\nfive\r\nsix\r\nseven\r\neight\r\nnine";
        let side = |name: &str, text| Side { name: name.into(), text };
        insta::assert_snapshot!(patch(&side("a/x.md", old), &side("b/x.md", new)), @"
        --- a/x.md
        +++ b/x.md
        @@ -2,9 +2,10 @@
         
         one
         two
        -three
        +3
         four
         five
         six
         seven
         eight
        +nine
        ");
        assert_eq!(patch(&side("a", "\none\r\n"), &side("b", "one")), "");
        insta::assert_snapshot!(patch(&side("a", ""), &side("b", "one")), @"
        --- a
        +++ b
        @@ -0,0 +1 @@
        +one
        ");
    }
}
