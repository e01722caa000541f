//! The tool that a tree was written for: which of its files are documents, and by whose rules they are read.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::parse::config::Config;
use crate::parse::dialect::templates::Known;
use crate::parse::document::{Template, Text};
use crate::parse::front_matter::FrontMatter;
use crate::parse::markdown;
use crate::source::{SourcePath, Span};

pub mod address;
pub mod addressing;
pub mod blocks;
pub mod callout;
pub mod comments;
pub mod critic;
pub mod detect;
pub mod hidden;
pub mod includes;
pub mod in_html;
pub mod inherit;
pub mod inline;
pub mod marks;
pub mod patterns;
mod permalinks;
pub mod settings;
pub mod tables;
pub mod tags;
pub mod templates;
pub mod terms;
pub mod unused;
pub mod wiki;

/// The tool whose habits the documents follow.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// GitHub, GitLab, Obsidian, or nothing but an editor.
    #[default]
    Plain,
    MdBook,
    MkDocs,
    Hugo,
    Zola,
    Jekyll,
    /// The GOV.UK Tech Docs Template, on Middleman.
    GovUk,
}

/// The ends of the names of documents, the longest first.
const DOCUMENTS: &[&str] =
    &[".html.md.erb", ".html.markdown", ".md.erb", ".html.md", ".markdown", ".mkd", ".md"];

impl Dialect {
    /// Returns the name that people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain Markdown",
            Self::MdBook => "mdBook",
            Self::MkDocs => "MkDocs",
            Self::Hugo => "Hugo",
            Self::Zola => "Zola",
            Self::Jekyll => "Jekyll",
            Self::GovUk => "GOV.UK Tech Docs",
        }
    }

    /// Returns the folders that usually hold the documents, the likeliest first; else it is the project's own.
    pub fn content_folders(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["src", "content", "docs"],
            Self::MdBook => &["src"],
            Self::MkDocs => &["docs"],
            Self::Hugo | Self::Zola => &["content"],
            Self::Jekyll => &[],
            Self::GovUk => &["source"],
        }
    }

    /// Tells whether a file of the content folder is a document, and not a part of one or a setting. `below` is its path
    /// below that folder.
    pub fn is_document(self, below: &str) -> bool {
        let (folders, name) = below.rsplit_once('/').unwrap_or(("", below));
        let is_part = self == Self::GovUk && name.starts_with('_');
        is_markdown(name)
            && !is_part
            && below != "SUMMARY.md"
            && folders.split('/').all(|folder| !self.holds_parts(folder))
    }

    /// Folders whose names begin with `_` or `.` hold parts of documents; those of Jekyll's collections hold documents.
    fn holds_parts(self, folder: &str) -> bool {
        match self {
            Self::Jekyll => {
                let own =
                    ["_data", "_drafts", "_includes", "_layouts", "_plugins", "_sass", "_site"];
                folder.starts_with('.') || own.contains(&folder)
            }
            _ => folder.starts_with(['_', '.']),
        }
    }
}

/// What the address of a link begins with that names a document wherever it stands: a character that nobody writes.
pub const BY_NAME: &str = "\u{fdd0}";

/// What a block goes by that a plugin of MkDocs would fill in: nobody knows here which anchors it would make.
pub const GENERATED: &str = ":::";

/// Returns the first lines of the blocks of a body that a plugin of MkDocs would fill in.
fn generated(body: &str, dialect: Dialect) -> Vec<Span> {
    if dialect != Dialect::MkDocs || !body.contains(GENERATED) {
        return Vec::new();
    }
    let code = Code::of(body);
    let mut at = 0;
    let mut spans = Vec::new();
    for line in body.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        if blocks::is_generated(line.trim_start()) && !code.holds(start) {
            spans.push(Span { start, end: at + line.trim_end().len() });
        }
        at += line.len();
    }
    spans
}

/// Brings a body into our words, one kind of form after the other.
pub fn translate(text: &mut Text, meta: &FrontMatter, config: &Config) -> Translated {
    let dialect = config.dialect;
    let mut problems = Vec::new();
    let title = meta.title.as_ref().map_or("", |title| title.as_str());
    let known = Known { dialect, settings: &config.settings, meta, title };
    let rendered = templates::templates(&text.body, known);
    let generated = generated(&text.body, dialect).into_iter();
    let generated = generated.map(|span| (GENERATED.to_owned(), span));
    let unknown = rendered.unknown.into_iter().chain(generated).map(|(name, span)| {
        let (source, span) = text.locate(span);
        Template { name, source, span }
    });
    let unknown = unknown.collect();
    if let Some(rewriting) = rendered.rewriting {
        problems.extend(text.rewritten(rewriting));
    }
    if let Some(rewriting) = comments::comments(&text.body, dialect, config.settings.vault) {
        problems.extend(text.rewritten(rewriting));
    }
    if let Some(rewriting) = critic::critic(&text.body, config.settings.critic) {
        problems.extend(text.rewritten(rewriting));
    }
    if dialect == Dialect::Plain
        && let Some(rewriting) = wiki::wiki(&text.body)
    {
        problems.extend(text.rewritten(rewriting));
    }
    if dialect == Dialect::Plain
        && let Some(rewriting) = wiki::blocks(&text.body, config.settings.vault)
    {
        problems.extend(text.rewritten(rewriting));
    }
    if dialect == Dialect::MdBook
        && let Some(rewriting) = hidden::hidden(&text.body, &config.hidden)
    {
        problems.extend(text.rewritten(rewriting));
    }
    if dialect == Dialect::MdBook
        && let Some(rewriting) = terms::terms(&text.body)
    {
        problems.extend(text.rewritten(rewriting));
    }
    if let Some(rewriting) = blocks::blocks(&text.body, dialect) {
        problems.extend(text.rewritten(rewriting));
    }
    let has_elements = matches!(dialect, Dialect::MkDocs | Dialect::Jekyll);
    if has_elements && let Some(rewriting) = in_html::in_html(&text.body) {
        problems.extend(text.rewritten(rewriting));
    }
    let parts_no_code = matches!(dialect, Dialect::MkDocs | Dialect::Jekyll);
    if parts_no_code && let Some(rewriting) = tables::tables(&text.body) {
        problems.extend(text.rewritten(rewriting));
    }
    let mut abbreviations = BTreeMap::new();
    if inline::may_hold(&text.body, dialect) {
        let (rewriting, explained) = inline::lines(&text.body, dialect);
        problems.extend(text.rewritten(rewriting));
        abbreviations = explained;
    }
    if let Some(rewriting) = marks::marks(&text.body, config.settings.marks) {
        problems.extend(text.rewritten(rewriting));
    }
    let has_emoji = inline::has_emoji(dialect, &config.settings);
    if let Some(rewriting) = inline::words(&text.body, has_emoji, &abbreviations) {
        problems.extend(text.rewritten(rewriting));
    }
    Translated { problems, unknown }
}

/// Where the code of a body stands.
pub struct Code(Vec<Span>);

impl Code {
    pub fn of(body: &str) -> Self {
        let events = Parser::new_ext(body, markdown::options()).into_offset_iter();
        let code = events.filter_map(|(event, range)| match event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => Some(range.into()),
            _ => None,
        });
        Self(code.collect())
    }

    /// Tells whether a place is in code.
    pub fn holds(&self, at: usize) -> bool {
        let after = self.0.partition_point(|span| span.start <= at);
        after.checked_sub(1).is_some_and(|before| at < self.0[before].end)
    }
}

/// What there is to report of a body that was brought into our words.
pub struct Translated {
    pub problems: Vec<Diagnostic>,
    pub unknown: Vec<Template>,
}

/// Tells whether a file holds Markdown, by its name.
pub fn is_markdown(name: &str) -> bool {
    stem(name) != name
}

/// Returns a path without the end that makes it a document.
pub fn stem(path: &str) -> &str {
    let end = |end: &&str| {
        let at = path.len().checked_sub(end.len())?;
        let (stem, rest) = path.split_at_checked(at)?;
        let is_named = !stem.is_empty() && !stem.ends_with('/');
        (is_named && rest.eq_ignore_ascii_case(end)).then_some(stem)
    };
    DOCUMENTS.iter().find_map(end).unwrap_or(path)
}

/// Returns the folder whose index a document is, by its path below the content folder; `""` is that folder.
pub fn index_folder(below: &str) -> Option<&str> {
    let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
    let stem = stem(name);
    let is_index = stem == "index" || stem == "_index" || stem.eq_ignore_ascii_case("readme");
    is_index.then_some(folder)
}

/// Tells whether a file is a document of a content folder.
pub fn is_document(dialect: Dialect, path: &SourcePath, content: &str) -> bool {
    dialect.is_document(path.below(content).unwrap_or(path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_its_name() {
        let is = |path: &str| Dialect::Plain.is_document(path);
        for path in ["a.md", "A.MD", "b/c.markdown", "index.html.md.erb", "x.html.md", "ü b.mkd"] {
            assert!(is(path), "{path}");
        }
        for path in
            ["a.txt", ".md", "b/.md", "SUMMARY.md", "_parts/a.md", "a/.git/x.md", "md", "x.erb"]
        {
            assert!(!is(path), "{path}");
        }
        assert!(Dialect::Jekyll.is_document("_posts/2026-01-01-x.md"));
        assert!(!Dialect::Jekyll.is_document("_includes/x.md"));
        assert!(!Dialect::GovUk.is_document("partials/_steps.md.erb"));
        assert_eq!(stem("a/index.html.md.erb"), "a/index");
        assert_eq!(stem("é.MD"), "é");
        assert_eq!(index_folder("a/index.html.md.erb"), Some("a"));
        assert_eq!(index_folder("a/b.md"), None);
    }
}
