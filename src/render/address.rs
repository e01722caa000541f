//! Links between files of one version: always relative, always to a file, safe in an attribute.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a path segment cannot hold as it is. A `:` in the first segment would read as a scheme.
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
    let mut href = String::new();
    if from != to || anchor.is_none() {
        let from_folders: Vec<&str> = folders(from).collect();
        let to_folders: Vec<&str> = folders(to).collect();
        let common = from_folders.iter().zip(&to_folders).take_while(|(a, b)| a == b).count();
        for _ in common..from_folders.len() {
            href.push_str("../");
        }
        for folder in &to_folders[common..] {
            href.extend(utf8_percent_encode(folder, SEGMENT));
            href.push('/');
        }
        href.extend(utf8_percent_encode(name(to), SEGMENT));
    }
    if let Some(anchor) = anchor {
        href.push('#');
        href.extend(utf8_percent_encode(anchor, SEGMENT));
    }
    href
}

/// Returns the way from a file up to the version's folder: `""` or `"../"`, as often as needed.
pub fn root(from: &str) -> String {
    "../".repeat(folders(from).count())
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .split('/')
        .filter(|part| !part.is_empty())
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_relative_and_names_a_file() {
        assert_eq!(relative("index.html", "plan.html", None), "plan.html");
        assert_eq!(relative("runbooks/a.html", "runbooks/b.html", Some("x")), "b.html#x");
        assert_eq!(relative("a/b/c.html", "a/d/e.html", None), "../d/e.html");
        assert_eq!(relative("a/b.html", "index.html", None), "../index.html");
        assert_eq!(relative("a.html", "a.html", Some("é x")), "#%C3%A9%20x");
        assert_eq!(relative("a.html", "a.html", None), "a.html");
        assert_eq!(relative("a.html", "1: 100%.html", None), "1%3A%20100%25.html");
        assert_eq!(root("a/b/c.html"), "../../");
    }
}
