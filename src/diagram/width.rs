//! How wide text is in Arial, and in the fonts that were made to its measure: Helvetica, Liberation Sans, Arimo.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns the width of a line of text, in units of the font's size.
pub(super) fn width(text: &str, bold: bool) -> f64 {
    let table = if bold { &BOLD } else { &REGULAR };
    let thousandths: u32 = text.nfd().map(|char| advance(table, char)).fold(0, u32::saturating_add);
    f64::from(thousandths) / 1000.0
}

fn advance(table: &[u16; 95], char: char) -> u32 {
    match char {
        ' '..='~' => u32::from(table[char as usize - ' ' as usize]),
        '\u{ad}' | '\u{200b}'..='\u{200f}' => 0,
        char if char.is_control() || is_combining_mark(char) => 0,
        // Hangul, CJK, full-width forms, pictures: a square each.
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 1000,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' => 1000,
        '\u{1f000}'..='\u{3ffff}' => 1300,
        '—' | '…' | '→' | '←' => 1000,
        _ => 640,
    }
}

/// The advance widths of U+0020 to U+007E, in thousandths.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_measured_as_arial() {
        // In thousandths, because a quotient of floats is not exact.
        let measured = |text, bold| (width(text, bold) * 1000.0).round() as u32;
        assert_eq!(measured("", false), 0);
        assert_eq!(measured("PostgreSQL", false), 5447);
        assert_eq!(measured("Wide", true), 2389);
        assert!(measured("Wide", true) > measured("Wide", false));
        assert_eq!(measured("é", false), measured("e", false));
        assert_eq!(measured("日本", false), 2000);
    }
}
