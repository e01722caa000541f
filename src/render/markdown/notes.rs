//! Footnotes: numbered in the order in which the text names them, listed below it, each with its way back.

use std::collections::BTreeMap;

use crate::parse::markdown::footnote_id;
use crate::render::address;
use crate::render::markdown::element_id;
use crate::render::markdown::escape::attribute;
use crate::render::markdown::html::Writer;

#[derive(Default)]
pub(super) struct Notes {
    /// By label.
    notes: BTreeMap<String, Note>,
    /// Labels in the order of their numbers.
    order: Vec<String>,
    /// The labels of the definitions that are open.
    open: Vec<String>,
}

#[derive(Default)]
struct Note {
    /// 0: the text does not name it.
    number: usize,
    references: usize,
    html: Option<String>,
}

impl Writer<'_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let note = self.notes.notes.entry(label.to_owned()).or_default();
        if note.number == 0 {
            self.notes.order.push(label.to_owned());
            note.number = self.notes.order.len();
        }
        note.references += 1;
        let (number, nth) = (note.number, note.references);
        self.words += 1;
        let id = element_id(self.place.id_prefix, &footnote_id(label));
        self.out.push_str("<sup><a");
        attribute(&mut self.out, "href", &address::relative("", "", Some(&id)));
        let back = self.reference_id(label, nth);
        attribute(&mut self.out, "id", &back);
        self.out.push_str(&format!(" aria-label=\"Footnote {number}\">{number}</a></sup>"));
    }

    pub(super) fn start_footnote(&mut self, label: String) {
        self.notes.open.push(label);
        self.aside();
    }

    pub(super) fn end_footnote(&mut self) {
        let html = self.end_aside();
        let Some(label) = self.notes.open.pop() else { return };
        self.notes.notes.entry(label).or_default().html.get_or_insert(html);
    }

    /// Writes the list. What the text does not name comes last: nothing that was written is lost.
    pub(super) fn footnotes(&mut self) {
        let unnamed = self.notes.notes.iter().filter(|(_, note)| note.number == 0);
        let labels: Vec<String> = self
            .notes
            .order
            .iter()
            .cloned()
            .chain(unnamed.map(|(label, _)| label.clone()))
            .collect();
        if labels.is_empty() {
            return;
        }
        self.out.push_str("<div class=\"footnotes\"><ol>\n");
        for label in labels {
            let note = self.notes.notes.remove(&label).unwrap_or_default();
            let mut html = note.html.unwrap_or_default();
            let end = if html.ends_with("</p>\n") {
                html.split_off(html.len() - 5)
            } else {
                String::new()
            };
            self.out.push_str("<li");
            let id = element_id(self.place.id_prefix, &footnote_id(&label));
            attribute(&mut self.out, "id", &id);
            self.out.push('>');
            self.out.push_str(&html);
            for nth in 1..=note.references {
                let id = self.reference_id(&label, nth);
                self.out.push_str(" <a");
                attribute(&mut self.out, "href", &address::relative("", "", Some(&id)));
                self.out.push_str(&format!(
                    " aria-label=\"Back to where footnote {} is named\">\u{2191}</a>",
                    note.number
                ));
            }
            self.out.push_str(&end);
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol></div>\n");
    }

    /// Returns the id of the nth place that names a footnote.
    fn reference_id(&self, label: &str, nth: usize) -> String {
        let id = footnote_id(label);
        let id = if nth == 1 { format!("{id}.ref") } else { format!("{id}.ref{nth}") };
        element_id(self.place.id_prefix, &id)
    }
}
