//! Callouts of any kind: notes in their colors, what unfolds, and tabs one after the other.

use crate::parse::dialect::callout::look;
use crate::parse::raw_html::Tag;
use crate::render::icon;
use crate::render::markdown::element_id;
use crate::render::markdown::html::Writer;

/// What the first paragraph of a callout is, before and while it is written.
pub(super) struct Title {
    pub(super) open: String,
    pub(super) close: &'static str,
}

impl Writer<'_> {
    /// Writes what opens a callout, and returns the element that closes it.
    pub(super) fn start_callout(&mut self, tag: &Tag) -> &'static str {
        let kind = tag.attribute("data-callout").unwrap_or_default();
        let titled = tag.attribute("data-titled");
        let (look, word) = look(kind);
        match tag.name.as_str() {
            "details" => {
                self.block(if tag.attribute("open").is_some() {
                    "<details open>"
                } else {
                    "<details>"
                });
                self.callout_title("<summary>".to_owned(), "</summary>\n", titled, &word);
                "details"
            }
            "section" => {
                self.block("<div class=\"tab\">");
                self.callout_title("<p class=\"tab-title\">".to_owned(), "</p>\n", titled, &word);
                "div"
            }
            _ => {
                let title = self.start_note(look);
                self.callout_title(title, "</p>\n", titled, &word);
                "div"
            }
        }
    }

    /// Writes what opens a note, and returns what opens its title.
    pub(super) fn start_note(&mut self, look: &str) -> String {
        let (tone, shape) = match look {
            "tip" => ("pass", "bulb"),
            "important" => ("info", "flag"),
            "warning" => ("warn", "triangle"),
            "caution" => ("fail", "stop"),
            _ => ("info", "info"),
        };
        self.alerts += 1;
        // No slug has a dot.
        let id = element_id(self.place.id_prefix, &format!("note.{}", self.alerts));
        self.block(&format!(
            "<div class=\"note note-{look} c-{tone}\" role=\"note\" aria-labelledby=\"{id}\">\n"
        ));
        format!("<p class=\"note-title\" id=\"{id}\">{}", icon::svg(shape))
    }

    fn callout_title(
        &mut self,
        open: String,
        close: &'static str,
        titled: Option<&str>,
        word: &str,
    ) {
        match titled {
            None => {
                self.out.push_str(&open);
                self.text(word);
                self.out.push_str(close);
            }
            Some("none") => {}
            Some(_) => self.callout = Some(Title { open, close }),
        }
    }
}
