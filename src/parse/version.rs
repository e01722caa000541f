//! Names of versions, and which of two is older.

use std::cmp::Ordering;

/// Orders versions as people do: 1.9 before 1.10, 1.0-rc1 before 1.0, and names such as `draft` before all numbers.
pub fn by_age(a: &str, b: &str) -> Ordering {
    fn key(version: &str) -> (bool, Vec<Part<'_>>, bool, Vec<Part<'_>>) {
        let version = version.strip_prefix('v').unwrap_or(version);
        let (release, candidate) = version.split_once('-').unwrap_or((version, ""));
        let numbered = version.starts_with(|c: char| c.is_ascii_digit());
        (numbered, parts(release), candidate.is_empty(), parts(candidate))
    }
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

/// A run of digits, by its number of digits and then the digits, or a run of anything else.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Word(&'a str),
    Number(usize, &'a str),
}

fn parts(version: &str) -> Vec<Part<'_>> {
    let runs = version.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let mut start = 0;
    let runs = runs.map(|run| {
        let text = &version[start..start + run.len()];
        start += run.len();
        if !run[0].is_ascii_digit() {
            return Part::Word(text);
        }
        let digits = text.trim_start_matches('0');
        Part::Number(digits.len(), digits)
    });
    runs.collect()
}

#[cfg(test)]
mod tests {
    use super::by_age;

    #[test]
    fn versions_are_ordered_by_age() {
        let mut versions =
            ["1.10", "1.0", "draft", "v1.9", "1.0-rc2", "1.0-rc10", "2", "01.9.1", "été"];
        versions.sort_by(|a, b| by_age(a, b));
        assert_eq!(
            versions,
            ["draft", "été", "1.0-rc2", "1.0-rc10", "1.0", "v1.9", "01.9.1", "1.10", "2"]
        );
    }
}
