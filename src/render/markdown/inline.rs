//! Links and images.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use pulldown_cmark::{Event, LinkType, TagEnd};

use crate::render::markdown::escape::attribute;
use crate::render::markdown::html::Writer;
use crate::render::markdown::image_size::image_size;
use crate::render::markdown::link::{Href, Picture};

/// A link of Markdown that is not closed yet.
pub(super) struct OpenLink {
    close: &'static str,
    /// Where its text begins in `out`, and the words before it.
    at: usize,
    words: usize,
    /// What stands for a link without words.
    destination: String,
}

/// An image of Markdown that is not closed yet: what stands in it is its alternative text.
pub(super) struct Alternative {
    depth: usize,
    text: String,
    destination: String,
    title: String,
}

/// What an address elsewhere cannot hold as it is. A `%` is one already.
const ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The same behind the host, where brackets do not enclose an IPv6 address.
const ADDRESS_PATH: &AsciiSet = &ADDRESS.add(b'[').add(b']');

impl Writer<'_> {
    pub(super) fn start_link(&mut self, link_type: LinkType, destination: &str, title: &str) {
        let href = match link_type {
            LinkType::Email => Href::External(format!("mailto:{destination}")),
            _ => self.links.href(destination),
        };
        let close = self.open_link(&href, title);
        self.open_links.push(OpenLink {
            close,
            at: self.out.len(),
            words: self.words,
            destination: destination.to_owned(),
        });
    }

    pub(super) fn end_link(&mut self) {
        let Some(link) = self.open_links.pop() else { return };
        if self.words == link.words && link.close == "</a>" {
            if self.out.len() == link.at {
                self.text(&link.destination);
            } else {
                self.out.push_str("<span class=\"vh\">");
                self.text(&link.destination);
                self.out.push_str("</span>");
            }
        }
        self.close_link(link.close);
    }

    pub(super) fn close_link(&mut self, close: &str) {
        self.out.push_str(close);
        if close == "</a>" {
            self.anchors -= 1;
        }
    }

    /// Writes the tag of a link and returns what closes it. A link within a link is its text.
    pub(super) fn open_link(&mut self, href: &Href, title: &str) -> &'static str {
        if self.anchors > 0 {
            return "";
        }
        match href {
            Href::Local(href) => {
                self.out.push_str("<a");
                attribute(&mut self.out, "href", href);
            }
            Href::External(href) => {
                self.out.push_str("<a");
                attribute(&mut self.out, "href", &encode(href));
                attribute(&mut self.out, "rel", "noreferrer");
            }
            Href::Dead(reason) => {
                self.out.push_str("<span class=\"broken\"");
                attribute(&mut self.out, "title", reason);
                self.out.push('>');
                return "<span class=\"vh\"> (broken link)</span></span>";
            }
        }
        if !title.is_empty() {
            attribute(&mut self.out, "title", title);
        }
        self.out.push('>');
        self.anchors += 1;
        "</a>"
    }

    pub(super) fn start_image(&mut self, destination: &str, title: &str) {
        self.alternative = Some(Alternative {
            depth: 1,
            text: String::new(),
            destination: destination.to_owned(),
            title: title.to_owned(),
        });
    }

    /// Takes what stands in an image.
    pub(super) fn alternative_event(&mut self, event: Event<'_>) {
        let Some(alternative) = &mut self.alternative else { return };
        match event {
            Event::Start(_) => alternative.depth += 1,
            Event::End(end) => {
                alternative.depth -= 1;
                if alternative.depth == 0 && end == TagEnd::Image {
                    self.end_image();
                }
            }
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => alternative.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => alternative.text.push(' '),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn end_image(&mut self) {
        let Some(image) = self.alternative.take() else { return };
        self.image(&image.destination, &image.text, &image.title, &[]);
    }

    /// Writes an image, or what stands for one that the page cannot show.
    pub(super) fn image(
        &mut self,
        destination: &str,
        alternative: &str,
        title: &str,
        attributes: &[(&str, &str)],
    ) {
        let name = || {
            let path = destination.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("image").to_owned()
        };
        let words = if alternative.trim().is_empty() { name() } else { alternative.to_owned() };
        match self.links.picture(destination) {
            Picture::Local { href, asset } => {
                self.words += alternative.trim().len();
                self.out.push_str("<img");
                attribute(&mut self.out, "src", &href);
                attribute(&mut self.out, "alt", alternative);
                if !title.is_empty() {
                    attribute(&mut self.out, "title", title);
                }
                for (name, value) in attributes {
                    attribute(&mut self.out, name, value);
                }
                let has_size =
                    attributes.iter().any(|(name, _)| ["width", "height"].contains(name));
                if let (false, Some((width, height))) = (has_size, image_size(&asset.bytes)) {
                    attribute(&mut self.out, "width", &width.to_string());
                    attribute(&mut self.out, "height", &height.to_string());
                }
                self.lazy();
                self.out.push('>');
            }
            // The page may load nothing from elsewhere.
            Picture::Remote(href) => {
                let close = self.open_link(&Href::External(href), title);
                self.text(&words);
                self.close_link(close);
                self.out.push_str("<span class=\"quiet\"> (image on another site)</span>");
            }
            Picture::Dead(reason) => {
                self.out.push_str("<span class=\"broken\"");
                attribute(&mut self.out, "title", reason);
                self.out.push('>');
                self.text(&words);
                self.out.push_str("<span class=\"vh\"> (missing image)</span></span>");
            }
        }
    }
}

/// Returns an address elsewhere with what no address can hold encoded.
fn encode(href: &str) -> String {
    let host = href.find("://").map_or(0, |at| at + "://".len());
    let path = href[host..].find(['/', '?', '#']).map_or(href.len(), |at| host + at);
    let (host, path) = if host == 0 { ("", href) } else { href.split_at(path) };
    let mut encoded: String = utf8_percent_encode(host, ADDRESS).collect();
    encoded.extend(utf8_percent_encode(path, ADDRESS_PATH));
    encoded
}
