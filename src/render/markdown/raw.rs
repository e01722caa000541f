//! Raw HTML in Markdown → the same without what could act, load, style or break out.
//!
//! Every tag is written anew: a name from a list, with attributes from a list whose values are escaped. All else is text.
//! A tag can only be closed in the Markdown container that it was opened in, and is closed at its end. So what comes out
//! nests, and holds no element that a browser reads by other rules (scripts, styles, forms, frames, SVG).

use crate::parse::raw_html::{Piece, Tag, pieces};
use crate::render::markdown::element_id;
use crate::render::markdown::escape::{attribute, push};
use crate::render::markdown::html::Writer;

/// A raw tag that is not closed yet.
pub(super) struct Open {
    /// As it is written in the document.
    name: String,
    close: Close,
}

enum Close {
    /// `</name>`
    Tag(&'static str),
    /// As [`Writer::open_link`] said.
    Link(&'static str),
    /// `</table></div>`
    Table,
}

/// Deeper than people nest, and shallower than browsers do.
const MOST_OPEN: usize = 100;

/// Elements that stay, each with the element that it becomes. Landmarks would compete with those of the page.
const ELEMENTS: &[(&str, &str)] = &[
    ("abbr", "abbr"),
    ("acronym", "abbr"),
    ("article", "div"),
    ("aside", "div"),
    ("b", "b"),
    ("bdi", "bdi"),
    ("bdo", "bdo"),
    ("big", "span"),
    ("blockquote", "blockquote"),
    ("caption", "caption"),
    ("center", "div"),
    ("cite", "cite"),
    ("code", "code"),
    ("dd", "dd"),
    ("del", "del"),
    ("details", "details"),
    ("dfn", "dfn"),
    ("div", "div"),
    ("dl", "dl"),
    ("dt", "dt"),
    ("em", "em"),
    ("figcaption", "figcaption"),
    ("figure", "figure"),
    ("font", "span"),
    ("footer", "div"),
    ("header", "div"),
    ("i", "i"),
    ("ins", "ins"),
    ("kbd", "kbd"),
    ("li", "li"),
    ("main", "div"),
    ("mark", "mark"),
    ("nav", "div"),
    ("ol", "ol"),
    ("p", "p"),
    ("pre", "pre"),
    ("q", "q"),
    ("rp", "rp"),
    ("rt", "rt"),
    ("ruby", "ruby"),
    ("s", "s"),
    ("samp", "samp"),
    ("section", "div"),
    ("small", "small"),
    ("span", "span"),
    ("strike", "s"),
    ("strong", "strong"),
    ("sub", "sub"),
    ("summary", "summary"),
    ("sup", "sup"),
    ("tbody", "tbody"),
    ("td", "td"),
    ("tfoot", "tfoot"),
    ("th", "th"),
    ("thead", "thead"),
    ("time", "time"),
    ("tr", "tr"),
    ("tt", "code"),
    ("u", "u"),
    ("var", "var"),
];

const TABLE_PARTS: &[&str] = &["caption", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// Elements that go, and what stands in them stays.
const TRANSPARENT: &[&str] = &[
    "area",
    "audio",
    "base",
    "body",
    "button",
    "canvas",
    "col",
    "colgroup",
    "datalist",
    "dialog",
    "embed",
    "fieldset",
    "form",
    "frame",
    "frameset",
    "head",
    "hgroup",
    "html",
    "input",
    "label",
    "legend",
    "link",
    "map",
    "meta",
    "meter",
    "noscript",
    "optgroup",
    "option",
    "output",
    "param",
    "picture",
    "plaintext",
    "progress",
    "select",
    "slot",
    "source",
    "template",
    "textarea",
    "title",
    "track",
    "video",
    "xmp",
];

/// Elements that go with what stands in them, as far as their end stands in the same piece of raw HTML.
const DROPPED: &[&str] =
    &["applet", "iframe", "math", "noembed", "noframes", "object", "script", "style", "svg"];

/// Attributes that stay on any element. `align` and its like are no style to the Content-Security-Policy.
const ATTRIBUTES: &[&str] = &[
    "abbr", "align", "colspan", "datetime", "dir", "height", "lang", "open", "reversed", "rowspan",
    "scope", "start", "title", "type", "valign", "value", "width",
];

impl Writer<'_> {
    /// Writes a piece of raw HTML: a block, or an inline tag.
    pub(super) fn raw_html(&mut self, html: &str) {
        let mut pieces = pieces(html).into_iter();
        while let Some((piece, range)) = pieces.next() {
            let source = &html[range];
            match piece {
                Piece::Text => self.raw_text(source),
                Piece::Hidden => {}
                Piece::Start(tag) if DROPPED.contains(&tag.name.as_str()) => {
                    let mut depth = 1;
                    while depth > 0
                        && let Some((piece, _)) = pieces.next()
                    {
                        match piece {
                            Piece::Start(inner) if inner.name == tag.name => depth += 1,
                            Piece::End { name } if name == tag.name => depth -= 1,
                            _ => {}
                        }
                    }
                }
                Piece::Start(tag) => self.raw_start(&tag, source),
                Piece::End { name } => self.raw_end(&name, source),
            }
        }
    }

    /// Closes the raw tags that were opened since the innermost Markdown container was, and that container.
    pub(super) fn close_raw(&mut self) {
        while let Some(Some(open)) = self.open.pop() {
            self.close(&open);
        }
    }

    /// Text in raw HTML may hold entities.
    fn raw_text(&mut self, text: &str) {
        self.words += text.trim().len();
        for character in text.chars() {
            match character {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                other => self.out.push(other),
            }
        }
    }

    fn raw_start(&mut self, tag: &Tag, source: &str) {
        match tag.name.as_str() {
            "br" => self.out.push_str("<br>"),
            "wbr" => self.out.push_str("<wbr>"),
            "hr" => self.out.push_str("<hr>"),
            "img" => self.raw_image(tag),
            _ if self.raw_depth >= MOST_OPEN => {}
            "aside" | "details" | "section" if tag.attribute("data-callout").is_some() => {
                let close = self.start_callout(tag);
                self.open(&tag.name, Close::Tag(close));
            }
            "a" => self.raw_link(tag),
            "table" => {
                let label = self.label("Table");
                self.out.push_str("<div class=\"tw\" role=\"region\"");
                attribute(&mut self.out, "aria-label", &label);
                self.out.push_str(" tabindex=\"0\"><table");
                self.attributes(tag);
                self.out.push('>');
                self.open(&tag.name, Close::Table);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = tag.name.as_bytes()[1] - b'0';
                let name = match (level + self.place.heading_shift).max(2) {
                    2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                };
                self.element(tag, name);
            }
            name => match element(name) {
                // Elsewhere they would end the cell of a Markdown table.
                Some(element) if TABLE_PARTS.contains(&element) && !self.in_raw_table() => {}
                Some(element) => self.element(tag, element),
                None if is_known(name) => {}
                // `<namespace>` in a command: what no browser knows was meant to be read.
                None => {
                    self.words += source.len();
                    push(&mut self.out, source);
                }
            },
        }
    }

    fn element(&mut self, tag: &Tag, element: &'static str) {
        self.out.push('<');
        self.out.push_str(element);
        if tag.name == "center" {
            attribute(&mut self.out, "align", "center");
        }
        // Tables and code scroll sideways, and whoever has no mouse must get there.
        if element == "pre" {
            attribute(&mut self.out, "tabindex", "0");
        }
        self.attributes(tag);
        self.out.push('>');
        self.open(&tag.name, Close::Tag(element));
    }

    fn in_raw_table(&self) -> bool {
        let of_container = self.open.iter().rev().map_while(Option::as_ref);
        of_container.into_iter().any(|open| matches!(open.close, Close::Table))
    }

    fn open(&mut self, name: &str, close: Close) {
        self.raw_depth += 1;
        self.open.push(Some(Open { name: name.to_owned(), close }));
    }

    fn attributes(&mut self, tag: &Tag) {
        if let Some(id) = tag.attribute("id").or(tag.attribute("name").filter(|_| tag.name == "a"))
        {
            let id: String = id.split_whitespace().collect();
            if !id.is_empty() {
                let id = element_id(self.place.id_prefix, &id);
                attribute(&mut self.out, "id", &id);
            }
        }
        for (name, value) in &tag.attributes {
            let is_size = name == "width" || name == "height";
            if ATTRIBUTES.contains(&name.as_str()) && (!is_size || is_length(value)) {
                attribute(&mut self.out, name, value);
            }
        }
    }

    fn raw_link(&mut self, tag: &Tag) {
        let close = match tag.attribute("href") {
            Some(destination) => {
                let href = self.links.href(destination);
                self.open_link(&href, tag.attribute("title").unwrap_or_default())
            }
            None => "",
        };
        // The id of a link, or of a mere place, has an element of its own.
        if tag.attribute("id").or(tag.attribute("name")).is_some() {
            self.out.push_str("<span");
            self.attributes(&Tag {
                name: tag.name.clone(),
                attributes: tag
                    .attributes
                    .iter()
                    .filter(|(name, _)| name == "id" || name == "name")
                    .cloned()
                    .collect(),
            });
            self.out.push_str("></span>");
        }
        self.open("a", Close::Link(close));
    }

    fn raw_image(&mut self, tag: &Tag) {
        let of = |name| tag.attribute(name).unwrap_or_default();
        let kept: Vec<(&str, &str)> = ["width", "height", "align"]
            .into_iter()
            .map(|name| (name, of(name)))
            .filter(
                |(name, value)| if *name == "align" { !value.is_empty() } else { is_length(value) },
            )
            .collect();
        self.image(of("src"), of("alt"), of("title"), &kept);
    }

    fn raw_end(&mut self, name: &str, source: &str) {
        let of_container = self.open.iter().rev().take_while(|open| open.is_some());
        let above = of_container.flatten().position(|open| open.name == name);
        match above {
            Some(above) => {
                for _ in 0..=above {
                    if let Some(Some(open)) = self.open.pop() {
                        self.close(&open);
                    }
                }
            }
            None if element(name).is_some() || is_known(name) => {}
            None => {
                self.words += source.len();
                push(&mut self.out, source);
            }
        }
    }

    fn close(&mut self, open: &Open) {
        self.raw_depth -= 1;
        match open.close {
            Close::Tag(name) => {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
            Close::Link(close) => self.close_link(close),
            Close::Table => self.out.push_str("</table></div>"),
        }
    }
}

/// Pixels or a percentage.
fn is_length(value: &str) -> bool {
    let number = value.strip_suffix('%').unwrap_or(value);
    (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn element(name: &str) -> Option<&'static str> {
    let at = ELEMENTS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(ELEMENTS[at].1)
}

/// Tells whether a browser knows an element that does not stay as it is.
fn is_known(name: &str) -> bool {
    TRANSPARENT.contains(&name)
        || DROPPED.contains(&name)
        || ["a", "br", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "table", "wbr"]
            .contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_apart() {
        assert!(ELEMENTS.is_sorted());
        for name in TRANSPARENT.iter().chain(DROPPED) {
            assert_eq!(element(name), None, "{name}");
        }
    }
}
