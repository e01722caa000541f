//! Where a file that appeared came from: the one that disappeared with the same text, or with most of it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gix::{ObjectId, Repository};

use crate::load::history::changes::Change;

/// Of a file that was renamed and edited, at least so much in a hundred stays.
const LEAST_ALIKE: usize = 50;

/// Where more files disappear at once, only those of the same name are compared.
const MOST_COMPARED: usize = 200;

/// A larger file is not compared.
const LARGEST: u64 = 1024 * 1024;

/// Returns where the file `path` stood that was renamed and nothing else, among the changes of one commit.
pub(super) fn exact<'a>(path: &str, id: ObjectId, changes: &'a [Change]) -> Option<&'a str> {
    // Empty files are all the same, and none comes from another.
    if id.is_empty_blob() {
        return None;
    }
    let same = gone(changes).filter(|change| change.old == Some(id));
    let nearest = same.min_by_key(|change| (name(&change.path) != name(path), &change.path));
    nearest.map(|change| change.path.as_str())
}

/// Returns where the file `path` stood that was renamed and edited, among the changes of one commit.
pub(super) fn alike<'a>(
    repository: &Repository,
    path: &str,
    id: ObjectId,
    changes: &'a [Change],
) -> Option<&'a str> {
    let many = gone(changes).count() > MOST_COMPARED;
    let text = text(repository, id)?;
    let ranked = gone(changes).filter_map(|change| {
        let same_name = name(&change.path) == name(path);
        if !same_name && (many || extension(&change.path) != extension(path)) {
            return None;
        }
        let alike = alike_in_a_hundred(&self::text(repository, change.old?)?, &text);
        (alike >= LEAST_ALIKE).then_some((alike, same_name, Reverse(&change.path)))
    });
    ranked.max().map(|(_, _, Reverse(path))| path.as_str())
}

fn gone(changes: &[Change]) -> impl Iterator<Item = &Change> {
    changes.iter().filter(|change| change.new.is_none())
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn extension(path: &str) -> &str {
    name(path).rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn text(repository: &Repository, id: ObjectId) -> Option<Vec<u8>> {
    let header = repository.find_header(id).ok()?;
    if header.size() > LARGEST {
        return None;
    }
    Some(repository.find_blob(id).ok()?.take_data())
}

/// Returns how much of the larger text is in the other too, line by line, wherever the lines stand.
fn alike_in_a_hundred(old: &[u8], new: &[u8]) -> usize {
    let larger = old.len().max(new.len());
    if larger == 0 || old.len().min(new.len()) * 100 < larger * LEAST_ALIKE {
        return 0;
    }
    let mut lines: BTreeMap<&[u8], usize> = BTreeMap::new();
    for line in old.split_inclusive(|byte| *byte == b'\n') {
        *lines.entry(line.trim_ascii_end()).or_default() += line.len();
    }
    let mut common = 0;
    for line in new.split_inclusive(|byte| *byte == b'\n') {
        if let Some(left) = lines.get_mut(line.trim_ascii_end()) {
            let taken = line.len().min(*left);
            *left -= taken;
            common += taken;
        }
    }
    common * 100 / larger
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_alike_by_their_lines() {
        assert_eq!(alike_in_a_hundred(b"a\nb\nc\nd\n", b"d\nc\nb\na\n"), 100);
        assert_eq!(alike_in_a_hundred(b"a\nb\nc\nd\n", b"a\nb\nx\nd\n"), 75);
        assert_eq!(alike_in_a_hundred(b"a\r\nb\r\n", b"a\nb\n"), 66, "the line ends are text too");
        assert_eq!(alike_in_a_hundred(b"a\n", b"a\na\na\na\n"), 0, "too little can be common");
        assert_eq!(alike_in_a_hundred(b"", b""), 0);
    }
}
