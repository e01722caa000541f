//! What a document that moves says of itself from now on: the id that it had, and where its page stood.

use std::collections::BTreeMap;

use crate::cli::rename::edits::{Edits, Move};
use crate::link::redirects::Redirect;
use crate::link::{GENERATED_PAGES, Url};
use crate::parse::dialect::Dialect;
use crate::parse::toml::quoted;
use crate::source::Span;

impl Move<'_> {
    /// Writes down the id that came from the path, and where the page stood.
    pub(super) fn identity(&self, edits: &mut Edits) {
        let Some(document) = self.portal.documents.get(self.old) else { return };
        let text = &document.source.text;
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let is_toml = text.starts_with("+++");
        let is_json = text.starts_with('{') && document.meta.span.end > 0;
        let is_one_line = is_json && text.lines().next().is_some_and(|line| line.trim_end() != "{");
        let moved = self.moved.documents.get(self.new);
        let mut lines = String::new();
        let mut line = |key: &str, value: String| {
            lines.push_str(&match () {
                () if is_one_line => format!("\"{key}\": {value}, "),
                () if is_json => format!("  \"{key}\": {value},{line_end}"),
                () if is_toml => format!("{key} = {value}{line_end}"),
                () => format!("{key}: {value}{line_end}"),
            });
        };
        if moved.is_some_and(|moved| moved.id != document.id) {
            line("id", quoted(&document.id));
        }
        let relative = self.relative_aliases();
        if !relative.is_empty() {
            edits.entry(self.old.clone()).or_default().extend(relative.clone());
        }
        let aliases = self
            .former()
            .into_iter()
            .filter(|address| !document.meta.aliases.iter().any(|alias| alias.value == *address));
        let aliases: Vec<String> = aliases.map(|address| quoted(&address)).collect();
        let alias = (!aliases.is_empty()).then(|| aliases.join(", "));
        match (alias, document.meta.aliases.last()) {
            (Some(alias), None) => line("aliases", format!("[{alias}]")),
            (Some(alias), Some(last)) => {
                let before = text[..last.span.start].trim_end();
                let edits = edits.entry(self.old.clone()).or_default();
                let after = Span { start: last.span.end, end: last.span.end };
                if before.ends_with(['[', ',']) {
                    edits.insert(after, format!(", {alias}"));
                } else if let Some(item) = before.strip_suffix('-') {
                    let indent = &item[item.rfind('\n').map_or(0, |at| at + 1)..];
                    let items = aliases.iter().map(|alias| format!("{line_end}{indent}- {alias}"));
                    edits.insert(after, items.collect());
                } else {
                    let old = &text[last.span.start..last.span.end];
                    let old = relative.get(&last.span).map_or(old, String::as_str);
                    edits.insert(last.span, format!("[{old}, {alias}]"));
                }
            }
            (None, _) => {}
        }
        if lines.is_empty() {
            return;
        }
        let start = match document.meta.span.end {
            0 => {
                lines = format!("---{line_end}{lines}---{line_end}{line_end}");
                0
            }
            _ if is_one_line => 1,
            _ => text.find('\n').map_or(text.len(), |newline| newline + 1),
        };
        let span = Span { start, end: start };
        edits.entry(self.old.clone()).or_default().insert(span, lines);
    }

    /// Returns what stands for each alias that would be another address from the new place: where it leads from today.
    fn relative_aliases(&self) -> BTreeMap<Span, String> {
        let own = |redirect: &&Redirect| {
            redirect.source.path == *self.old && redirect.destination.is_empty()
        };
        let new = |redirect: &Redirect| {
            let mut moved = self.moved.redirects.iter().filter(|it| it.source.path == *self.new);
            let moved = moved.find(|it| it.written == redirect.written)?;
            let Url(from) = redirect.from.as_ref().filter(|_| moved.from != redirect.from)?;
            let is_page = redirect.written.ends_with(".html") || redirect.written.ends_with(".md");
            let address = if is_page { None } else { from.strip_suffix("/index.html") };
            let address = address.unwrap_or(from);
            let slash = if redirect.written.ends_with('/') { "/" } else { "" };
            Some((redirect.span, quoted(&format!("/{address}{slash}"))))
        };
        self.portal.redirects.iter().filter(own).filter_map(new).collect()
    }

    /// Returns where the page of the document stood: the address that its tool gave it, where an alias is one to that tool,
    /// and that of our page.
    fn former(&self) -> Vec<String> {
        let urls = (self.portal.urls.get(self.old), self.moved.urls.get(self.new));
        let (Some(Url(old)), Some(Url(new))) = urls else { return Vec::new() };
        // Where a page of the portal takes the place, nothing can lead elsewhere.
        if old == new || GENERATED_PAGES.contains(&old.as_str()) {
            return Vec::new();
        }
        let dialect = self.portal.config.dialect;
        let theirs = match dialect {
            Dialect::Hugo | Dialect::Zola | Dialect::Jekyll => self.address(self.portal, self.old),
            _ => None,
        };
        let ours = format!("/{old}");
        match theirs {
            Some(theirs) if format!("{theirs}index.html") == ours => vec![theirs],
            Some(theirs) if theirs != ours => vec![theirs, ours],
            _ => vec![ours],
        }
    }
}
