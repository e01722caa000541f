//! The paper of the sheet: size, margins and what stands in them on every page, as CSS.
//!
//! A margin box takes its text from CSS alone, so these rules are written for each version.

use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::parse::config::Paper;

/// What stands in the margins.
pub(super) struct Margins<'a> {
    pub(super) paper: Paper,
    /// `insurance-lead-gen · version 1.0`
    pub(super) name: &'a str,
    /// `DRAFT – NOT READY`
    pub(super) state: &'a str,
    /// `v1:` and the first 16 digits.
    pub(super) digest: &'a str,
    pub(super) service: &'a str,
    /// `Internal`
    pub(super) classification: Option<&'a str>,
    /// What CSS writes for the picture of the code; `None` where there is no code.
    pub(super) code: Option<String>,
}

/// The parts of the sheet: the name of their pages, and what stands above each of them.
pub(super) const PARTS: [(&str, &str); 6] = [
    ("summary", "Summary"),
    ("plan", "A · Plan"),
    ("readiness", "B · Readiness"),
    ("register", "C · Document register"),
    ("training", "D · Training and practice"),
    ("sign-off", "E · Sign-off"),
];

const FONT: &str = r#"Arial, "Liberation Sans", Helvetica, sans-serif"#;

/// Returns the rules of the paper, to be put before the sheet's own.
pub(super) fn css(margins: &Margins<'_>) -> String {
    let mut css = String::new();
    write(margins, &mut css).expect("invariant: writing to a string");
    css
}

fn write(margins: &Margins<'_>, css: &mut String) -> std::fmt::Result {
    let size = match margins.paper {
        Paper::A4 => "A4",
        Paper::Letter => "letter",
    };
    let classification =
        margins.classification.map(|text| format!(" · {text}")).unwrap_or_default();
    let (name, state) = (string(margins.name), string(margins.state));
    let digest = string(&format!("Manifest {} …", margins.digest));
    let service = string(&format!("{}{classification}", margins.service));
    let code = margins.code.as_deref().unwrap_or("\"\"");
    writeln!(css, "@page {{ size: {size}; margin: 24mm 17mm 27mm;")?;
    let top = format!(
        "font: 8pt/1.3 {FONT}; color: #17202b; vertical-align: bottom; padding-bottom: 2.5mm; \
         border-bottom: .6pt solid #17202b; margin-bottom: 5mm;"
    );
    let bottom = format!(
        "font: 7.5pt/1.6 {FONT}; color: #17202b; vertical-align: top; padding-top: 2.5mm; \
         border-top: .6pt solid #17202b; margin-top: 2mm;"
    );
    writeln!(
        css,
        "  @top-left {{ content: {name}; width: 35%; text-align: left; {top} font-weight: 700; }}"
    )?;
    writeln!(css, "  @top-center {{ content: \"\"; width: 30%; text-align: center; {top} }}")?;
    writeln!(
        css,
        "  @top-right {{ content: {state}; width: 35%; text-align: right; {top} font-weight: 700; }}"
    )?;
    writeln!(
        css,
        "  @bottom-left {{ content: {digest} \"\\A \" {service} \"\\A Initials: rel. ________  rec. ________\"; \
         white-space: pre-wrap; width: 41%; text-align: left; {bottom} }}"
    )?;
    writeln!(
        css,
        "  @bottom-center {{ content: \"Page \" counter(page) \" of \" counter(pages); width: 18%; text-align: center; \
         {bottom} }}"
    )?;
    writeln!(
        css,
        "  @bottom-right {{ content: {code}; width: 41%; text-align: right; {bottom} padding-top: .3mm; }}"
    )?;
    writeln!(css, "}}")?;
    for (page, head) in PARTS {
        writeln!(css, "@page {page} {{ @top-center {{ content: {}; }} }}", string(head))?;
    }
    Ok(())
}

/// Returns a text as a CSS string that nothing in it can end.
fn string(text: &str) -> String {
    let mut css = String::from("\"");
    for c in text.chars() {
        match c {
            c if c.is_control() => css.push(' '),
            '"' | '\\' | '<' | '>' | '&' => {
                write!(css, "\\{:x} ", u32::from(c)).expect("invariant: writing to a string");
            }
            c => css.push(c),
        }
    }
    css.push('"');
    css
}

/// Returns an SVG as the `url(…)` of a stylesheet that brings its pictures along.
pub(super) fn embedded(svg: &str) -> String {
    format!("url(\"data:image/svg+xml,{}\")", utf8_percent_encode(svg, NON_ALPHANUMERIC))
}

/// Returns the digest of a `<style>` as a Content-Security-Policy names it: SHA-256 in Base64.
pub(super) fn style_hash(css: &str) -> String {
    use sha2::Digest as _;
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in sha2::Sha256::digest(css.as_bytes()).chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for digit in 0..4 {
            let index = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[index]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_cannot_be_ended_from_within() {
        assert_eq!(string("a\"b\\c</style>\n"), r#""a\22 b\5c c\3c /style\3e  ""#);
    }

    #[test]
    fn a_hash_is_what_browsers_compute() {
        assert_eq!(style_hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn every_part_has_a_page_of_its_own() {
        let margins = Margins {
            paper: Paper::Letter,
            name: "a · version 1.0",
            state: "DRAFT – NOT READY",
            digest: "v1:0000 1111 2222 3333",
            service: "A",
            classification: Some("Internal"),
            code: Some("url(qr.svg)".into()),
        };
        let css = css(&margins);
        assert!(css.starts_with("@page { size: letter; margin: 24mm 17mm 27mm;"));
        assert!(css.contains("\"Manifest v1:0000 1111 2222 3333 …\" \"\\A \" \"A · Internal\""));
        for (page, _) in PARTS {
            assert!(css.contains(&format!("@page {page} {{")));
        }
    }
}
