//! A part of a file, as `Range` asks for it.

use std::ops::Range;

/// What a `Range` header comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing that is understood, or several parts: the whole file is right too.
    Whole,
    Of(Range<usize>),
    /// The file has no such part.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of so many bytes.
pub(super) fn part(header: &str, length: usize) -> Part {
    let Some(range) = header.trim().strip_prefix("bytes=") else { return Part::Whole };
    let Some((first, last)) = range.trim().split_once('-') else { return Part::Whole };
    let (first, last) = (first.trim(), last.trim());
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !is_number(last) || first.is_empty() && last.is_empty() {
        return Part::Whole;
    }
    // A number that is too large for the machine is one that is too large for the file.
    let number = |text: &str| text.parse().unwrap_or(usize::MAX);
    let range = if first.is_empty() {
        length.saturating_sub(number(last))..length
    } else {
        let end = if last.is_empty() { length } else { number(last).saturating_add(1).min(length) };
        if !last.is_empty() && number(last) < number(first) {
            return Part::Whole;
        }
        number(first)..end
    };
    if range.start < range.end { Part::Of(range) } else { Part::Unsatisfiable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_part_of_the_file() {
        for (header, expected) in [
            ("bytes=0-3", Part::Of(0..4)),
            ("bytes=8-", Part::Of(8..10)),
            ("bytes=-3", Part::Of(7..10)),
            ("bytes=-30", Part::Of(0..10)),
            ("bytes=5-99999999999999999999999", Part::Of(5..10)),
            ("bytes=10-", Part::Unsatisfiable),
            ("bytes=99999999999999999999999-", Part::Unsatisfiable),
            ("bytes=-0", Part::Unsatisfiable),
            ("bytes=3-1", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("lines=0-1", Part::Whole),
        ] {
            assert_eq!(part(header, 10), expected, "{header}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Unsatisfiable);
    }
}
