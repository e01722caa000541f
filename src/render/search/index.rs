//! Documents → which word stands in which section, and how much it says there.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::parse::document::Document;
use crate::render::markdown::{element_id, plain};
use crate::render::search::tokens::{folded, whole, words};

/// What a word weighs by where it stands.
const TITLE: u8 = 9;
const HEADING: u8 = 6;
const BODY: u8 = 1;

/// So many characters of a section are shown with a result.
const EXCERPT: usize = 140;

/// A word that stands in more sections than this is listed once a document: it tells no section from another.
const COMMON: usize = 4096;

/// A document as search knows it.
pub struct Entry {
    /// What is shown of each section, in the order of the text.
    pub sections: Vec<Section>,
    /// Each word with the sections that it stands in and its weight there, in order.
    postings: Vec<(String, Vec<(u32, u8)>)>,
}

#[derive(Default)]
pub struct Section {
    /// The id of its heading; empty above the first one.
    pub anchor: String,
    pub heading: String,
    pub text: String,
}

/// Each word with the sections that it stands in, numbered through all documents, and its weight there.
pub type Postings = BTreeMap<String, Vec<(u32, u8)>>;

/// Reads a document.
pub fn entry(document: &Document) -> Entry {
    let opening = document.opening_heading().map(|heading| heading.span);
    let mut sections = Vec::new();
    let mut found: Vec<(String, u32, u8)> = Vec::new();
    let mut take = |text: &str, section: u32, weight: u8| {
        let folded = folded(text);
        words(&folded, |word| found.push((word.to_owned(), section, weight)));
    };
    let named = || {
        let meta = &document.meta;
        meta.aliases.iter().chain(&meta.alerts).map(|name| name.value.as_str())
    };
    std::iter::once(document.title.as_str())
        .chain(std::iter::once(document.id.as_str()))
        .chain(named())
        .for_each(|name| take(name, 0, TITLE));
    document.meta.tags.iter().for_each(|tag| take(tag, 0, HEADING));
    let mut number = 0;
    for section in plain::sections(document) {
        // The text below the title belongs to the document itself.
        let heading = section.heading.filter(|heading| Some(heading.span) != opening);
        if let Some(heading) = heading {
            if sections.is_empty() {
                sections.push(Section::default());
            }
            number = u32::try_from(sections.len()).unwrap_or(u32::MAX);
            take(&heading.text, number, HEADING);
        }
        take(&section.text, number, BODY);
        sections.push(Section {
            anchor: heading.map(|heading| element_id("", &heading.id)).unwrap_or_default(),
            heading: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
            text: section.text.chars().take(EXCERPT).collect(),
        });
    }
    if sections.is_empty() {
        sections.push(Section::default());
    }
    let names = std::iter::once(document.title.as_str())
        .chain(std::iter::once(document.id.as_str()))
        .chain(named());
    found.extend(names.map(|name| (format!("={}", whole(name)), 0, TITLE)));
    Entry { sections, postings: grouped(found) }
}

/// Puts together what is said of one word, and in it of one section: the heaviest place counts, and each kind of place adds.
fn grouped(mut found: Vec<(String, u32, u8)>) -> Vec<(String, Vec<(u32, u8)>)> {
    found.sort_unstable();
    let mut grouped: Vec<(String, Vec<(u32, u8)>)> = Vec::new();
    let mut last_weight = 0;
    for (word, section, weight) in found {
        match grouped.last_mut() {
            Some((known, sections)) if *known == word => match sections.last_mut() {
                Some((at, total)) if *at == section => {
                    if weight != last_weight {
                        *total = total.saturating_add(weight);
                    }
                }
                _ => sections.push((section, weight)),
            },
            _ => grouped.push((word, vec![(section, weight)])),
        }
        last_weight = weight;
    }
    grouped
}

/// Puts the words of all documents together. `starts` has the number of each document's first section.
pub fn postings(entries: &mut [Entry], starts: &[u32]) -> Postings {
    let mut postings = Postings::new();
    for (entry, start) in entries.iter_mut().zip(starts) {
        for (word, sections) in std::mem::take(&mut entry.postings) {
            let all = postings.entry(word).or_default();
            all.extend(sections.into_iter().map(|(section, weight)| (start + section, weight)));
        }
    }
    postings.par_iter_mut().for_each(|(_, sections)| {
        if sections.len() > COMMON {
            heaviest_of_each_document(sections, starts);
        }
    });
    postings
}

fn heaviest_of_each_document(sections: &mut Vec<(u32, u8)>, starts: &[u32]) {
    let document = |section: u32| starts.partition_point(|start| *start <= section);
    sections.dedup_by(|next, kept| {
        let same = document(next.0) == document(kept.0);
        if same && next.1 > kept.1 {
            *kept = *next;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_word_add_up_once_each() {
        let found =
            [("b", 1, BODY), ("a", 0, TITLE), ("b", 1, BODY), ("b", 1, HEADING), ("b", 2, BODY)];
        let found = found.map(|(word, section, weight)| (word.to_owned(), section, weight));
        let expected = [("a", vec![(0, 9)]), ("b", vec![(1, 7), (2, 1)])];
        assert_eq!(grouped(found.into()), expected.map(|(word, it)| (word.to_owned(), it)));
    }

    #[test]
    fn a_word_that_stands_everywhere_is_listed_once_a_document() {
        let mut sections = vec![(0, 1), (1, 7), (2, 1), (5, 1), (6, 9), (9, 1)];
        heaviest_of_each_document(&mut sections, &[0, 3, 8]);
        assert_eq!(sections, [(1, 7), (6, 9), (9, 1)]);
    }
}
