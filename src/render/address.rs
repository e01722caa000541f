//! Links between files of one version: always relative, always to a file, safe in an attribute.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a part of a path cannot hold as it is. A `:` in the first segment would read as a scheme.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Returns the `href` that leads from the file `from` to the file `to`, both below the version's folder.
///
/// `to` may carry an anchor only by `anchor`; its id is written as it is decoded.
pub fn relative(from: &str, to: &str, anchor: Option<&str>) -> String {
    let mut href = String::with_capacity(to.len() + 8);
    if from != to || anchor.is_none() {
        let common = common_folder(from, to);
        for _ in from[common..].matches('/') {
            href.push_str("../");
        }
        href.extend(utf8_percent_encode(&to[common..], SEGMENT));
    }
    if let Some(anchor) = anchor {
        href.push('#');
        href.extend(utf8_percent_encode(anchor, SEGMENT));
    }
    href
}

/// Returns the way from a file up to the version's folder: `""` or `"../"`, as often as needed.
pub fn root(from: &str) -> String {
    "../".repeat(from.matches('/').count())
}

/// Returns how long the path of the folder is that two files share, with the `/` behind it.
fn common_folder(from: &str, to: &str) -> usize {
    let shared = from.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
    from.as_bytes()[..shared].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_relative_and_names_a_file() {
        assert_eq!(relative("index.html", "plan.html", None), "plan.html");
        assert_eq!(relative("runbooks/a.html", "runbooks/b.html", Some("x")), "b.html#x");
        assert_eq!(relative("a/b/c.html", "a/d/e.html", None), "../d/e.html");
        assert_eq!(relative("a/bc.html", "a/bd.html", None), "bd.html");
        assert_eq!(relative("ab/c.html", "a b/é.html", None), "../a%20b/%C3%A9.html");
        assert_eq!(relative("a/b.html", "index.html", None), "../index.html");
        assert_eq!(relative("a.html", "a.html", Some("é x")), "#%C3%A9%20x");
        assert_eq!(relative("a.html", "a.html", None), "a.html");
        assert_eq!(relative("a.html", "1: 100%.html", None), "1%3A%20100%25.html");
        assert_eq!(root("a/b/c.html"), "../../");
    }
}
