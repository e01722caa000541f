//! Charts, drawn as SVG at build time: what shows time or share. What a reader looks up is a table.
//!
//! Each shape has its light color as an attribute and a class that the stylesheet overrides: a browser follows the theme,
//! a print engine that applies no styles inside SVG follows the attribute.

use std::fmt::{Display, Write as _};

pub mod states;
pub mod timeline;
pub mod trend;

const INK: &str = r##"class="g-ink" fill="#17202b""##;
const QUIET: &str = r##"class="g-quiet" fill="#4a5563""##;
const LINE: &str = r##"class="g-line" stroke="#d5dbe3""##;

/// An SVG drawing that grows.
struct Drawing(String);

impl Drawing {
    /// Opens a drawing of `width` × `height` units, with its title and its facts in words. `id` is unique on the page.
    fn new(id: &str, width: f64, height: f64, title: &str, facts: &str) -> Self {
        let mut drawing = Self(String::new());
        drawing.add(format_args!(
            r#"<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{id}-title {id}-facts" font-size="13"><title id="{id}-title">{}</title><desc id="{id}-facts">{}</desc>"#,
            Number(width),
            Number(height),
            Text(title),
            Text(facts),
        ));
        drawing
    }

    fn add(&mut self, piece: impl Display) {
        write!(self.0, "{piece}").expect("invariant: writing to a string");
    }

    fn text(&mut self, x: f64, y: f64, attributes: &str, text: &str) {
        let (x, y, text) = (Number(x), Number(y), Text(text));
        self.add(format_args!(r#"<text {attributes} x="{x}" y="{y}">{text}</text>"#));
    }

    /// Draws a hairline from one point to another.
    fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (x, y) = (Number(from.0), Number(from.1));
        let (to_x, to_y) = (Number(to.0), Number(to.1));
        self.add(format_args!(r#"<path {LINE} d="M{x} {y}L{to_x} {to_y}"/>"#));
    }

    fn rect(&mut self, attributes: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y) = (Number(x), Number(y));
        let (width, height) = (Number(width.max(0.0)), Number(height));
        self.add(format_args!(
            r#"<rect {attributes} x="{x}" y="{y}" width="{width}" height="{height}"/>"#
        ));
    }

    fn finish(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }
}

/// A length with at most one decimal, the same on every machine.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round();
        write!(f, "{}", tenths / 10.0)
    }
}

/// Text between tags.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::render::words::escape(self.0))
    }
}

/// Returns how wide a text of 13 units is, about.
fn text_width(text: &str) -> f64 {
    7.2 * text.chars().count() as f64
}

/// Returns a text that is at most `width` wide, cut with an ellipsis.
fn fitted(text: &str, width: f64) -> String {
    if text_width(text) <= width {
        return text.to_owned();
    }
    let count = (width / text_width("m")) as usize;
    let cut: String = text.chars().take(count.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}
