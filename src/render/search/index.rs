//! Documents → which word stands in which section, and how much it says there.

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

/// So many documents are read in one go, so that a word which they share is kept once: a few when there are few, so that
/// every core has its own, and more when there are many, so that there is less to put together.
const RUN: std::ops::RangeInclusive<usize> = 32..=512;

/// Documents in a row, as search knows them.
#[derive(Default)]
pub struct Index {
    /// What is shown of the sections of each document, in the order of the text.
    pub documents: Vec<Vec<Section>>,
    /// How many sections they have.
    pub sections: u32,
    pub postings: Postings,
}

#[derive(Default)]
pub struct Section {
    /// The id of its heading; empty above the first one.
    pub anchor: Box<str>,
    pub heading: Box<str>,
    pub text: Box<str>,
}

/// Each word in order, with where it stands.
pub type Postings = Vec<(String, Vec<Hit>)>;

/// A section that a word stands in, numbered through all documents, and its weight there. In five bytes: of a large index
/// these are most of the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    section: [u8; 4],
    pub weight: u8,
}

impl Hit {
    pub fn new(section: u32, weight: u8) -> Self {
        Self { section: section.to_ne_bytes(), weight }
    }

    pub fn section(self) -> u32 {
        u32::from_ne_bytes(self.section)
    }
}

/// A document, and the names of the alerts that lead to it.
pub type Searched<'a> = (&'a Document, Vec<&'a str>);

/// Reads documents.
pub fn index(documents: &[Searched<'_>]) -> Index {
    let length = documents.len().div_ceil(64).clamp(*RUN.start(), *RUN.end());
    let runs = documents.par_chunks(length).map(run);
    let mut index = runs.reduce(Index::default, Index::followed_by);
    let mut starts = Vec::with_capacity(index.documents.len());
    let mut next = 0;
    for sections in &index.documents {
        starts.push(next);
        next += count(sections.len());
    }
    index.postings.par_iter_mut().for_each(|(_, sections)| {
        if sections.len() > COMMON {
            heaviest_of_each_document(sections, &starts);
        }
    });
    index
}

impl Index {
    fn followed_by(mut self, mut next: Self) -> Self {
        self.documents.append(&mut next.documents);
        self.postings = merged(self.postings, next.postings, self.sections);
        self.sections += next.sections;
        self
    }
}

/// Puts two lists together; the sections of the second come after so many others.
fn merged(first: Postings, second: Postings, start: u32) -> Postings {
    if first.is_empty() && start == 0 {
        return second;
    }
    let mut merged = Postings::with_capacity(first.len().max(second.len()));
    let mut first = first.into_iter().peekable();
    for (word, sections) in second {
        while let Some(before) = first.next_if(|(known, _)| *known < word) {
            merged.push(before);
        }
        let (word, mut all) =
            first.next_if(|(known, _)| *known == word).unwrap_or_else(|| (word, Vec::new()));
        // Of a large index these are most of the memory: none of it is room to grow.
        all.reserve_exact(sections.len());
        all.extend(sections.into_iter().map(|hit| Hit::new(start + hit.section(), hit.weight)));
        merged.push((word, all));
    }
    merged.extend(first);
    merged
}

/// A text that is searched.
struct Said {
    folded: String,
    section: u32,
    weight: u8,
    /// It is found as a whole, not by its words.
    whole: bool,
}

/// Reads a run of documents.
fn run(documents: &[Searched<'_>]) -> Index {
    let mut index = Index::default();
    let mut said = Vec::new();
    for document in documents {
        let sections = sections(document, index.sections, &mut said);
        index.sections += count(sections.len());
        index.documents.push(sections);
    }
    let mut found = Words::default();
    for Said { folded, section, weight, whole } in &said {
        if *whole {
            found.note(folded, *section, *weight);
        } else {
            words(folded, |word| found.note(word, *section, *weight));
        }
    }
    index.postings = found.postings();
    index
}

/// The words of texts that are read in the order of their sections.
#[derive(Default)]
#[expect(
    clippy::disallowed_types,
    reason = "words are looked up in it, and sorted before anybody sees them"
)]
struct Words<'a>(std::collections::HashMap<&'a str, Vec<Hit>>);

impl<'a> Words<'a> {
    /// Notes a word of a text. In one section the kinds of places that it stands in add up, each once.
    fn note(&mut self, word: &'a str, section: u32, weight: u8) {
        let hits = self.0.entry(word).or_default();
        match hits.last_mut() {
            Some(hit) if hit.section() == section => {
                if !is_part_of(weight, hit.weight) {
                    hit.weight += weight;
                }
            }
            _ => hits.push(Hit::new(section, weight)),
        }
    }

    fn postings(self) -> Postings {
        let words = self.0.into_iter().map(|(word, hits)| (word.to_owned(), hits));
        let mut words: Postings = words.collect();
        words.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        words
    }
}

/// Tells whether a sum of weights, none of them twice, holds one: each weighs more than all that are less.
fn is_part_of(weight: u8, mut sum: u8) -> bool {
    for part in [TITLE, HEADING, BODY] {
        if sum >= part {
            if part == weight {
                return true;
            }
            sum -= part;
        }
    }
    false
}

/// Returns what is shown of the sections of a document, the first of which has this number, and adds what it says to `said`.
fn sections((document, alerts): &Searched<'_>, start: u32, said: &mut Vec<Said>) -> Vec<Section> {
    let opening = document.opening_heading().map(|heading| heading.span);
    let meta = &document.meta;
    let names = [document.title.as_str(), document.id.as_str()].into_iter();
    let names = names.chain(meta.aliases.iter().map(|name| name.value.as_str()));
    for name in names.chain(alerts.iter().copied()) {
        let folded = folded(name);
        said.push(Said { folded, section: start, weight: TITLE, whole: false });
        let folded = format!("={}", whole(name));
        said.push(Said { folded, section: start, weight: TITLE, whole: true });
    }
    let mut take = |text: &str, number: usize, weight: u8| {
        let section = start + count(number);
        said.push(Said { folded: folded(text), section, weight, whole: false });
    };
    meta.tags.iter().for_each(|tag| take(tag, 0, HEADING));
    let mut sections = Vec::new();
    let mut number = 0;
    for section in plain::sections(document) {
        // The text below the title belongs to the document itself.
        let heading = section.heading.filter(|heading| Some(heading.span) != opening);
        if let Some(heading) = heading {
            if sections.is_empty() {
                sections.push(Section::default());
            }
            number = sections.len();
            take(&heading.text, number, HEADING);
        }
        take(&section.text, number, BODY);
        sections.push(Section {
            anchor: heading.map(|heading| element_id("", &heading.id).into()).unwrap_or_default(),
            heading: heading.map(|heading| heading.text.as_str().into()).unwrap_or_default(),
            text: section.text.chars().take(EXCERPT).collect(),
        });
    }
    if sections.is_empty() {
        sections.push(Section::default());
    }
    sections
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn heaviest_of_each_document(sections: &mut Vec<Hit>, starts: &[u32]) {
    let next_start = |hit: Hit| {
        let next = starts.partition_point(|start| *start <= hit.section());
        starts.get(next).copied().unwrap_or(u32::MAX)
    };
    let mut end = sections.first().map_or(0, |first| next_start(*first));
    sections.dedup_by(|next, kept| {
        let same = next.section() < end;
        if !same {
            end = next_start(*next);
        } else if next.weight > kept.weight {
            *kept = *next;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(hits: &[(u32, u8)]) -> Vec<Hit> {
        hits.iter().map(|(section, weight)| Hit::new(*section, *weight)).collect()
    }

    #[test]
    fn places_of_a_word_add_up_once_each() {
        let mut words = Words::default();
        for (word, section, weight) in [
            ("b", 0, TITLE),
            ("b", 0, HEADING),
            ("b", 1, HEADING),
            ("a", 1, BODY),
            ("b", 1, BODY),
            ("b", 1, BODY),
            ("b", 1, HEADING),
            ("b", 2, BODY),
        ] {
            words.note(word, section, weight);
        }
        let expected = [("a", hits(&[(1, 1)])), ("b", hits(&[(0, 15), (1, 7), (2, 1)]))];
        assert_eq!(words.postings(), expected.map(|(word, it)| (word.to_owned(), it)));
    }

    #[test]
    fn a_sum_of_weights_says_which() {
        for sum in 0u8..8 {
            let parts = [BODY, HEADING, TITLE];
            let has = |at: usize| sum & (1 << at) != 0;
            let total = (0..3).filter(|at| has(*at)).map(|at| parts[at]).sum();
            for (at, part) in parts.into_iter().enumerate() {
                assert_eq!(is_part_of(part, total), has(at), "{part} of {total}");
            }
        }
    }

    #[test]
    fn sections_are_numbered_through_all_documents() {
        let postings = |words: &[(&str, u32)]| -> Postings {
            words.iter().map(|&(word, at)| (word.to_owned(), hits(&[(at, BODY)]))).collect()
        };
        let first = postings(&[("a", 0), ("c", 1)]);
        let all = merged(first, postings(&[("a", 0), ("b", 1), ("d", 0)]), 2);
        let expected = [
            ("a", hits(&[(0, 1), (2, 1)])),
            ("b", hits(&[(3, 1)])),
            ("c", hits(&[(1, 1)])),
            ("d", hits(&[(2, 1)])),
        ];
        assert_eq!(all, expected.map(|(word, it)| (word.to_owned(), it)));
    }

    #[test]
    fn a_word_that_stands_everywhere_is_listed_once_a_document() {
        let mut sections = hits(&[(0, 1), (1, 7), (2, 1), (5, 1), (6, 9), (9, 1)]);
        heaviest_of_each_document(&mut sections, &[0, 3, 8]);
        assert_eq!(sections, hits(&[(1, 7), (6, 9), (9, 1)]));
    }
}
