//! Settings of other tools that shape their pages and do nothing here: styles, scripts, themes, and plugins that change the
//! text.

use std::sync::Arc;

use crate::parse::dialect::Dialect;
use crate::parse::node::{Node, Value};
use crate::source::{Source, Span};

/// A setting that is not used, and what is lost by it.
#[derive(Clone, Debug)]
pub struct Unused {
    pub source: Arc<Source>,
    pub span: Span,
    /// A phrase.
    pub message: String,
}

/// Plugins of MkDocs whose work is done here, or shows in nothing that a reader reads.
const PLUGINS: &[&str] = &[
    "autorefs",
    "awesome-pages",
    "git-authors",
    "git-revision-date",
    "git-revision-date-localized",
    "group",
    "include-markdown",
    "literate-nav",
    "meta",
    "mermaid2",
    "mike",
    "minify",
    "offline",
    "optimize",
    "privacy",
    "redirects",
    "search",
    "section-index",
    "social",
    "tags",
    "techdocs-core",
];

/// Returns what `book.toml` says that is not used.
pub fn of_book(source: &Arc<Source>, root: &Node) -> Vec<Unused> {
    let mut found = Found { source, unused: Vec::new() };
    if let Some(html) = root.entry("output").and_then(|output| output.entry("html")) {
        for key in ["additional-css", "additional-js", "theme"] {
            found.look(html, key, "the pages have the style of `handover`");
        }
    }
    found.unused
}

/// Returns what the settings of another tool say that is not used.
pub fn of_tool(source: &Arc<Source>, root: &Node, dialect: Dialect) -> Vec<Unused> {
    let mut found = Found { source, unused: Vec::new() };
    if dialect != Dialect::MkDocs {
        return found.unused;
    }
    for key in ["extra_css", "extra_javascript", "extra_templates"] {
        found.look(root, key, "the pages have the style of `handover`");
    }
    if let Some(theme) = root.entry("theme") {
        found.look(theme, "custom_dir", "the pages have the theme of `handover`");
    }
    found.look(root, "hooks", "what they would make of the text is not in the pages");
    if let Some(plugins) = root.entry("plugins") {
        let names: Vec<(String, Span)> = match &plugins.value {
            Value::List(items) => items.iter().filter_map(plugin).collect(),
            Value::Map(entries) => {
                entries.iter().map(|(name, _)| (name.value.clone(), name.span)).collect()
            }
            Value::Null | Value::Text(_) | Value::Plain(_) => Vec::new(),
        };
        for (name, span) in names {
            let plain = name.rsplit('/').next().unwrap_or(&name);
            if !PLUGINS.contains(&plain) {
                let message = format!(
                    "plugin `{name}` is not run: what it would make of the text is not in the pages"
                );
                found.push(span, message);
            }
        }
    }
    found.unused
}

fn plugin(item: &Node) -> Option<(String, Span)> {
    match &item.value {
        Value::Map(entries) => entries.first().map(|(name, _)| (name.value.clone(), name.span)),
        _ => Some((item.text()?, item.span)),
    }
}

struct Found<'a> {
    source: &'a Arc<Source>,
    unused: Vec<Unused>,
}

impl Found<'_> {
    fn look(&mut self, table: &Node, key: &str, lost: &str) {
        let Value::Map(entries) = &table.value else { return };
        let set = entries.iter().find(|(name, _)| name.value == key);
        if let Some((name, _)) = set.filter(|(_, node)| !is_empty(node)) {
            self.push(name.span, format!("`{key}` is not used: {lost}"));
        }
    }

    fn push(&mut self, span: Span, message: String) {
        self.unused.push(Unused { source: Arc::clone(self.source), span, message });
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Text(_) | Value::Plain(_) | Value::Map(_) => false,
    }
}
