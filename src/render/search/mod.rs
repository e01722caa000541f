//! The documents → the files that `search.js` reads: what stands where, cut into parts that are loaded when they are asked for.
//!
//! ```text
//! search/index.js    how many documents and sections, their statuses and owners, and where the words are
//! search/t0.js …     words in order, each with its sections: the step to the next one in base 36, and `.` and the weight
//!                    where it is not 1
//! search/d0.js …     documents: id, title, address, and of each section the anchor, the heading and how its text begins
//! search/words.js    every word of five letters and more and no digit, for what is mistyped; where `t0.js` has not all of them
//! ```
//!
//! Each file calls `handoverIndex(name, data, index)`, where `index` is a digest of all of them: their numbers mean nothing
//! beside those of another index, and an open page may be given parts of the next one. A word that begins with `=` is a whole
//! title, id, alias or alert.

pub mod index;
pub mod tokens;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};

use crate::render::search::index::{Hit, Index, Searched, Section};
use crate::render::status::{self, Badge};
use crate::render::{Facts, Output, icon, names};
use crate::source::{SourcePath, sha256};

/// Up to so many documents everything is in one part of each kind.
const WHOLE: usize = 2000;
/// Beyond, a part has about so many bytes of words, or so many documents.
const WORDS: usize = 16 * 1024;
const DOCUMENTS: usize = 8;

/// Returns the files of the search.
pub fn files(facts: &Facts<'_>) -> Output {
    let portal = facts.portal;
    let paths: Vec<&SourcePath> = portal.documents.keys().collect();
    let documents: Vec<Searched<'_>> = portal
        .documents
        .iter()
        .map(|(path, document)| (&**document, portal.alerts.of(portal, path)))
        .collect();
    let Index { documents: shown, postings, .. } = index::index(&documents);
    // The numbers are freed as they become text.
    let postings: Vec<Listed> =
        postings.into_par_iter().map(|(word, sections)| (word, steps(&sections))).collect();
    let (words, documents) =
        if paths.len() > WHOLE { (WORDS, DOCUMENTS) } else { (usize::MAX, WHOLE) };
    let parts = cut(&postings, words);
    let first: Vec<&str> = parts.iter().filter_map(|part| part.first().map(|it| &*it.0)).collect();
    let mut files = vec![file("index", &head(facts, &paths, &shown, &first, documents))];
    if parts.len() > 1 {
        files.push(file("words", &Value::String(long_words(&postings))));
    }
    let parts = parts.par_iter().enumerate();
    files.par_extend(parts.map(|(at, part)| file(&format!("t{at}"), &terms(part))));
    drop(postings);
    let mut shown = shown.into_iter();
    let parts: Vec<(&[&SourcePath], Vec<Vec<Section>>)> = paths
        .chunks(documents)
        .map(|paths| (paths, shown.by_ref().take(paths.len()).collect()))
        .collect();
    files.par_extend(parts.into_par_iter().enumerate().map(|(at, (paths, shown))| {
        let part = paths.iter().zip(&shown);
        let documents = part.map(|(path, sections)| document(facts, path, sections)).collect();
        file(&format!("d{at}"), &Value::Array(documents))
    }));
    together(files)
}

/// Ends each file with the digest of them all.
fn together(files: Vec<(String, String)>) -> Output {
    let digests: Vec<String> = files
        .par_iter()
        .map(|(name, text)| format!("{name} {}", sha256(text.as_bytes())))
        .collect();
    let index = &sha256(digests.join("\n").as_bytes())[..16];
    let ended = files.into_par_iter().map(|(name, mut text)| {
        writeln!(text, ",\"{index}\");").expect("invariant: writing to a string");
        (format!("search/{name}.js"), Arc::from(text.into_bytes()))
    });
    ended.collect()
}

/// A word, and its sections as their file has them.
type Listed = (String, String);

/// Cuts the words into parts of about as many bytes.
fn cut(words: &[Listed], most: usize) -> Vec<&[Listed]> {
    let mut parts = Vec::new();
    let (mut start, mut size) = (0, 0usize);
    for (at, (word, sections)) in words.iter().enumerate() {
        if size >= most {
            parts.push(&words[start..at]);
            (start, size) = (at, 0);
        }
        size = size.saturating_add(word.len() + sections.len() + 6);
    }
    if start < words.len() {
        parts.push(&words[start..]);
    }
    parts
}

/// Returns the words that are held against what is mistyped.
fn long_words(words: &[Listed]) -> String {
    let words = words.iter().map(|(word, _)| word.as_str());
    let is_word = |word: &str| !word.starts_with('=') && !word.contains(char::is_numeric);
    let long = words.filter(|word| word.chars().nth(4).is_some() && is_word(word));
    long.collect::<Vec<_>>().join(" ")
}

/// Returns sections as the steps from one to the next, from -1.
fn steps(hits: &[Hit]) -> String {
    let mut text = String::new();
    let mut before = None;
    for hit in hits {
        let (section, weight) = (hit.section(), hit.weight);
        let step = before.map_or(section + 1, |before| section - before);
        if before.is_some() {
            text.push(' ');
        }
        before = Some(section);
        base36(&mut text, step);
        if weight != 1 {
            text.push('.');
            base36(&mut text, u32::from(weight));
        }
    }
    text.shrink_to_fit();
    text
}

fn base36(text: &mut String, number: u32) {
    if number >= 36 {
        base36(text, number / 36);
    }
    text.push(char::from_digit(number % 36, 36).unwrap_or('0'));
}

fn terms(part: &[Listed]) -> Value {
    // Two lists are half the size of an object, and in order.
    let words: Vec<&str> = part.iter().map(|(word, _)| &**word).collect();
    let sections: Vec<&str> = part.iter().map(|(_, sections)| &**sections).collect();
    json!([words.join("\n"), sections.join("\n")])
}

fn head(
    facts: &Facts<'_>,
    paths: &[&SourcePath],
    shown: &[Vec<Section>],
    first: &[&str],
    documents: usize,
) -> Value {
    let mut counts = String::new();
    let mut statuses = String::new();
    let mut owners = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, sections) in paths.iter().zip(shown) {
        if !counts.is_empty() {
            counts.push(' ');
        }
        base36(&mut counts, u32::try_from(sections.len()).unwrap_or(u32::MAX));
        let document = &facts.portal.documents[*path];
        let assessed = facts.assessment.documents.get(&document.id);
        let status = assessed.and_then(|assessed| {
            status::STATUSES.iter().position(|status| *status == assessed.status)
        });
        write!(
            statuses,
            "{}",
            status.map_or('-', |at| char::from_digit(at as u32, 36).unwrap_or('-'))
        )
        .expect("invariant: writing to a string");
        let owner = document.meta.owner.as_ref().map(|owner| names::name(facts.portal, owner));
        let next = known.len();
        owners.push(owner.map(|owner| *known.entry(owner).or_insert(next)));
    }
    let mut names = vec![""; known.len()];
    known.iter().for_each(|(name, at)| names[*at] = name);
    let badge = |status: &crate::assess::Status| {
        let Badge { tone, shape, word, key } = status::document(*status);
        json!([key, word, tone, icon::shapes(shape)])
    };
    json!({
        "documents": paths.len(),
        "part": documents,
        "sections": counts,
        "statuses": status::STATUSES.iter().map(badge).collect::<Vec<_>>(),
        "status": statuses,
        "owners": names,
        "owner": owners,
        "words": first,
    })
}

fn document(facts: &Facts<'_>, path: &SourcePath, sections: &[Section]) -> Value {
    let document = &facts.portal.documents[path];
    let sections: Vec<Value> = sections
        .iter()
        .map(|section| json!([section.anchor, section.heading, section.text]))
        .collect();
    json!([document.id, document.title, facts.portal.urls[path].0, sections])
}

/// Returns the name of a file and its text up to the digest: JSON in a string is read faster than the same as script.
fn file(name: &str, data: &Value) -> (String, String) {
    let mut text = format!("handoverIndex(\"{name}\",JSON.parse('");
    for c in data.to_string().chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\'' => text.push_str("\\'"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    text.push_str("')");
    // All of them wait for the digest: none keeps the room that it grew into, but for that.
    text.shrink_to(text.len() + 24);
    (name.to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// Returns the files without their digest, and the digest that all of them have.
    fn files(fixture: &str) -> (BTreeMap<String, String>, String) {
        let output = super::files(&fixture::judged(fixture).facts());
        let mut index = None;
        let files = output.iter().map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).unwrap();
            let (text, end) = text.rsplit_once(",\"").unwrap();
            let digest = end.strip_suffix("\");\n").unwrap();
            assert_eq!(index.get_or_insert(digest.to_owned()), digest, "{path}");
            (path.clone(), text.to_owned())
        });
        let files = files.collect();
        (files, index.unwrap())
    }

    #[test]
    fn the_index_says_what_stands_where() {
        let (files, _) = files(
            "-- src/a.md --\n---\naliases: [old name]\n---\n# Queue\n\nIt's a \\\\ queue.\n\n## Drain\n\nDrain the queue.\n-- src/b.md --\n## Drain\n",
        );
        let words = r#"["=a\\n=b\\n=old name\\n=queue\\nb\\ndrain\\nname\\nold\\nqueue\\ns","#;
        let sections = r#""1.9\\n3.9\\n1.9\\n1.9\\n3.9\\n2.7 2.6\\n1.9\\n1.9\\n1.a 1\\n1"]"#;
        assert_eq!(
            files["search/t0.js"],
            format!("handoverIndex(\"t0\",JSON.parse('{words}{sections}')")
        );
        let queue = r#"["a","Queue","a.html",[["","","It\'s a \\\\ queue."],["drain","Drain","Drain the queue."]]]"#;
        let drain = r#"["b","B","b.html",[["","",""],["drain","Drain",""]]]"#;
        assert_eq!(
            files["search/d0.js"],
            format!("handoverIndex(\"d0\",JSON.parse('[{queue},{drain}]')")
        );
        assert_eq!(files.len(), 3);
    }

    #[test]
    fn an_index_has_a_name_that_changes_with_it() {
        let index = |text: &str| files(&format!("-- src/a.md --\n# A\n\n{text}\n")).1;
        assert_eq!(index("Drain the queue."), index("Drain the queue."));
        assert_ne!(index("Drain the queue."), index("Drain the lake."));
        assert_eq!(index("x").len(), 16);
    }

    #[test]
    fn sections_are_steps() {
        let hits = [Hit::new(0, 1), Hit::new(1, 9), Hit::new(37, 36)];
        assert_eq!(steps(&hits), "1 1.9 10.10");
        assert_eq!(steps(&[Hit::new(35, 1)]), "10");
    }

    #[test]
    fn a_part_ends_where_it_is_large_and_the_order_goes_on() {
        let words = ["a", "b", "c", "d", "e"];
        let postings = words.map(|word| (word.to_owned(), "1".to_owned())).to_vec();
        let parts = cut(&postings, 16);
        let shown: Vec<Vec<&str>> =
            parts.iter().map(|part| part.iter().map(|(word, _)| &**word).collect()).collect();
        assert_eq!(shown, [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
        assert_eq!(cut(&postings, usize::MAX).len(), 1);
    }
}
