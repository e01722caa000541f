//! A project as the JSON that mdBook speaks with programs, and back.
//!
//! mdBook 0.5 calls the list of a book `items`, and 0.4 `sections`, beside a `__non_exhaustive` that is `null`: a book that is
//! sent has both, so that programs of either understand it, and of one that comes back the list counts that was changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::parse::preprocess::RENDERER;
use crate::parse::project::Parsed;
use crate::parse::summary::{self, SummaryItem};
use crate::source::{Source, SourcePath};

/// The version of mdBook whose protocol this is.
const VERSION: &str = "0.5.4";

/// No name of a file is longer, with room for the end of its page's.
const LONGEST: usize = 250;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Item {
    Chapter(Chapter),
    Separator,
    PartTitle(String),
}

/// A chapter. Paths are those below the content folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chapter {
    pub(super) name: String,
    pub(super) content: String,
    #[serde(default)]
    pub(super) number: Option<Vec<u32>>,
    #[serde(default)]
    pub(super) sub_items: Vec<Item>,
    /// Where its page stands: `index.md` for a `README.md`. `None` for a draft.
    #[serde(default)]
    pub(super) path: Option<String>,
    /// Its file; `None` for a draft, and for what a program adds.
    #[serde(default)]
    pub(super) source_path: Option<String>,
    #[serde(default)]
    pub(super) parent_names: Vec<String>,
}

/// A book, and whose each of its paths is.
pub(super) struct Book {
    pub(super) items: Arc<[Item]>,
    sources: BTreeMap<String, SourcePath>,
    paths: BTreeMap<String, SourcePath>,
}

impl Book {
    /// Returns the book of a project: what its summary lists, else all of its documents.
    pub(super) fn of(parsed: &Parsed) -> Self {
        let (sources, paths) = Default::default();
        let mut making = Making {
            parsed,
            number: Vec::new(),
            book: Self { items: Arc::default(), sources, paths },
        };
        let mut items = Vec::new();
        match &parsed.summary {
            Some(summary) => {
                let mut count = 0;
                for item in &summary.items {
                    items.push(match item {
                        SummaryItem::PartTitle(title) => Item::PartTitle(title.clone()),
                        SummaryItem::Separator => Item::Separator,
                        SummaryItem::Chapter(chapter) => {
                            count += u32::from(chapter.is_numbered);
                            making.chapter(chapter, count, &[])
                        }
                    });
                }
            }
            None => {
                for (path, document) in &*parsed.documents {
                    items.push(making.item(document.title.clone(), Some(path), None, &[]));
                }
            }
        }
        Self { items: items.into(), ..making.book }
    }

    /// Returns the document that a chapter of a program is.
    pub(super) fn document(&self, chapter: &Chapter) -> Option<&SourcePath> {
        let source = chapter.source_path.as_ref().and_then(|path| self.sources.get(path));
        source.or_else(|| self.paths.get(chapter.path.as_ref()?))
    }

    /// Says what is wrong with the path of a chapter that was not sent: it is to be the name of a page on every disk.
    pub(super) fn unsound(&self, items: &[Item]) -> Option<String> {
        items.iter().find_map(|item| {
            let Item::Chapter(chapter) = item else { return None };
            let added = chapter.path.as_deref().filter(|_| self.document(chapter).is_none());
            match added.and_then(unsound) {
                Some(why) => Some(format!("the path of chapter `{}` {why}", chapter.name)),
                None => self.unsound(&chapter.sub_items),
            }
        })
    }

    /// Returns every document that was sent.
    pub(super) fn documents(&self) -> BTreeSet<&SourcePath> {
        self.sources.values().collect()
    }
}

/// Returns what is wrong with a path, as a phrase.
fn unsound(path: &str) -> Option<String> {
    if path.chars().any(char::is_control) {
        return Some("has a control character".to_owned());
    }
    let is_long = path.split('/').any(|part| part.len() > LONGEST);
    is_long.then(|| format!("has a part of more than {LONGEST} bytes"))
}

struct Making<'a> {
    parsed: &'a Parsed,
    /// That of the chapter above, where it has one.
    number: Vec<u32>,
    book: Book,
}

impl Making<'_> {
    fn chapter(&mut self, chapter: &summary::Chapter, count: u32, above: &[String]) -> Item {
        let number = chapter.is_numbered.then(|| [&*self.number, &[count]].concat());
        let outer = std::mem::replace(&mut self.number, number.clone().unwrap_or_default());
        let names = [above, std::slice::from_ref(&chapter.title)].concat();
        let mut nested = Vec::new();
        for (chapter, count) in chapter.nested.iter().zip(1..) {
            nested.push(self.chapter(chapter, count, &names));
        }
        self.number = outer;
        let mut item = self.item(chapter.title.clone(), chapter.path.as_ref(), number, above);
        if let Item::Chapter(chapter) = &mut item {
            chapter.sub_items = nested;
        }
        item
    }

    fn item(
        &mut self,
        name: String,
        path: Option<&SourcePath>,
        number: Option<Vec<u32>>,
        above: &[String],
    ) -> Item {
        let content = path.and_then(|path| self.parsed.documents.get(path));
        let content = content.map_or("", |document| document.text.as_written().0).to_owned();
        let source_path = path.map(|path| self.below(path));
        let page = source_path.as_deref().map(page);
        if let (Some(path), Some(source), Some(page)) = (path, &source_path, &page) {
            self.book.sources.insert(source.clone(), path.clone());
            // Of `index.md` and `README.md` in one folder the page is that of the first.
            self.book.paths.entry(page.clone()).or_insert_with(|| path.clone());
        }
        let parent_names = above.to_vec();
        let (path, sub_items) = (page, Vec::new());
        Item::Chapter(Chapter { name, content, number, sub_items, path, source_path, parent_names })
    }

    fn below(&self, path: &SourcePath) -> String {
        path.below(&self.parsed.config.book.src).unwrap_or(path.as_str()).to_owned()
    }
}

/// Returns where the page of a file stands: mdBook takes a `README.md` for an `index.md`.
fn page(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let is_readme =
        name.split_once('.').is_some_and(|(stem, _)| stem.eq_ignore_ascii_case("readme"));
    match (is_readme, folder) {
        (false, _) => path.to_owned(),
        (true, "") => "index.md".to_owned(),
        (true, folder) => format!("{folder}/index.md"),
    }
}

/// Returns what programs are told beside the book; `None` where `book.toml` is malformed.
pub(super) fn context(parsed: &Parsed, source: &Source, root: &str) -> Option<String> {
    let config: toml::Table = toml::from_str(&source.text).ok()?;
    let mut config = serde_json::to_value(config).ok()?;
    // Programs look for these without asking whether they are there.
    let said = &parsed.config.book;
    let book = config.as_object_mut()?.entry("book").or_insert_with(|| serde_json::json!({}));
    let book = book.as_object_mut()?;
    book.insert("src".to_owned(), said.src.value.clone().into());
    book.entry("authors").or_insert_with(|| said.authors.clone().into());
    book.entry("language").or_insert_with(|| said.language.clone().into());
    let context = serde_json::json!({
        "root": root, "config": config, "renderer": RENDERER, "mdbook_version": VERSION,
    });
    Some(context.to_string())
}

/// Returns what a program reads: `[context, book]`.
pub(super) fn input(context: &str, items: &[Item]) -> String {
    let items = serde_json::to_string(items).expect("invariant: strings and numbers serialize");
    format!(r#"[{context},{{"sections":{items},"items":{items},"__non_exhaustive":null}}]"#)
}

/// Reads the book that a program wrote.
///
/// # Errors
/// A phrase that says why it is none.
pub(super) fn read(output: &str, sent: &[Item]) -> Result<Vec<Item>, String> {
    #[derive(Deserialize)]
    struct Returned {
        sections: Option<Vec<Item>>,
        items: Option<Vec<Item>>,
    }
    if output.trim().is_empty() {
        return Err("it wrote nothing".into());
    }
    let returned: Returned = serde_json::from_str(output).map_err(|error| error.to_string())?;
    match (returned.items, returned.sections) {
        (Some(items), Some(sections)) => Ok(if items == sent { sections } else { items }),
        (Some(items), None) | (None, Some(items)) => Ok(items),
        (None, None) => Err("it has neither `items` nor `sections`".into()),
    }
}
