//! What has to be written differently when a document moves, found by trial: an edit counts when the link that it makes leads,
//! in the project as it will be, to where the old one led.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::link::nearest::relative;
use crate::link::targets::Targets;
use crate::link::{GENERATED_PAGES, Portal, Target, Url};
use crate::parse::dialect::{BY_NAME, stem};
use crate::parse::document::{Document, Link};
use crate::parse::summary::{Chapter, SummaryItem};
use crate::parse::toml::quoted;
use crate::source::{Source, SourcePath, Span};

/// What is put in the place of a part of each file.
pub(super) type Edits = BTreeMap<SourcePath, BTreeMap<Span, String>>;

/// A document that moves.
pub(super) struct Move<'a> {
    pub(super) portal: &'a Portal,
    pub(super) old: &'a SourcePath,
    pub(super) new: &'a SourcePath,
    /// The project as it will be, as to what stands where.
    pub(super) moved: &'a Portal,
    pub(super) targets: &'a Targets<'a>,
}

/// What nobody knows how to write differently: where it stands, and what is written there.
pub(super) type Unmended = Vec<(Arc<Source>, Span, String)>;

/// A path segment of a link as it is written in Markdown.
const SEGMENTS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']');

impl Move<'_> {
    /// Returns every edit, and what cannot be mended.
    pub(super) fn edits(&self) -> (Edits, Unmended) {
        let (mut edits, mut unmended) = (Edits::new(), Unmended::new());
        self.identity(&mut edits);
        let inserted = edits
            .get(self.old)
            .map_or(0, |edits| edits.values().map(|text| text.matches('\n').count()).sum());
        for (path, document) in self.portal.documents.iter() {
            let targets = self.portal.targets.get(path).map_or(&[][..], Vec::as_slice);
            for (link, target) in document.links.iter().zip(targets) {
                self.link(path, document, link, target, &mut edits, &mut unmended);
            }
            let included = document.text.included.iter().map(|included| &included.path);
            for file in included.collect::<BTreeSet<_>>() {
                let pieces = document.text.pieces.iter();
                if let Some(piece) = pieces.into_iter().find(|piece| piece.source.path == *file) {
                    self.includes(&piece.source, inserted, &mut edits);
                }
            }
            self.includes(&document.source, inserted, &mut edits);
        }
        if let Some(summary) = &self.portal.summary {
            let chapters = summary.items.iter().filter_map(|item| match item {
                SummaryItem::Chapter(chapter) => Some(chapter),
                SummaryItem::PartTitle(_) | SummaryItem::Separator => None,
            });
            for chapter in chapters {
                self.chapter(&summary.source, chapter, &mut edits, &mut unmended);
            }
        }
        self.redirects(&mut edits);
        (edits, unmended)
    }

    /// Returns where something stands that a link leads to, in the project as it will be.
    pub(super) fn target(&self, target: &Target) -> Target {
        match target {
            Target::Document { path, anchor, anchor_found } if path == self.old => {
                let (path, anchor) = (self.new.clone(), anchor.clone());
                Target::Document { path, anchor, anchor_found: *anchor_found }
            }
            target => target.clone(),
        }
    }

    pub(super) fn path<'p>(&'p self, path: &'p SourcePath) -> &'p SourcePath {
        if path == self.old { self.new } else { path }
    }

    fn link(
        &self,
        from: &SourcePath,
        document: &Document,
        link: &Link,
        target: &Target,
        edits: &mut Edits,
        unmended: &mut Unmended,
    ) {
        let wanted = self.target(target);
        let from_new = self.path(from);
        let leads = |destination: &str| {
            let link = Link { destination: destination.to_owned(), ..link.clone() };
            self.targets.target(from_new, &link) == wanted
        };
        if leads(&link.destination) {
            return;
        }
        let candidates = self.candidates(from, link, target);
        let found = candidates.into_iter().find(|candidate| leads(candidate));
        let (source, mut span) = document.text.locate(link.span);
        // The lines of a link in a block of another tool may come from several pieces of the file.
        let end = link.span.end;
        let (last, end) = document.text.locate(Span { start: end.saturating_sub(1), end });
        if Arc::ptr_eq(&last, &source) {
            span.end = end.end.max(span.end);
        }
        let written = link.destination.strip_prefix(BY_NAME).unwrap_or(&link.destination);
        let places = places(&source, span, written);
        match found {
            Some(new) if !places.is_empty() => {
                let new = new.strip_prefix(BY_NAME).unwrap_or(&new);
                for place in places {
                    edits.entry(source.path.clone()).or_default().insert(place, new.to_owned());
                }
            }
            _ => unmended.push((source, span, written.to_owned())),
        }
    }

    /// Returns the ways to write a link, the one that is most like the old one first.
    fn candidates(&self, from: &SourcePath, link: &Link, target: &Target) -> Vec<String> {
        let content = self.portal.config.book.src.value.as_str();
        let from_new = self.path(from);
        let end = link.destination.find(['?', '#']).unwrap_or(link.destination.len());
        let (path, rest) = link.destination.split_at(end);
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let below = |path: &str| match SourcePath::new(path) {
            Some(path) => path.below(content).unwrap_or(path.as_str()).to_owned(),
            None => path.to_owned(),
        };
        let to_moved = matches!(target, Target::Document { path, .. } if path == self.old);
        // What the link names, as a path from the root: with the ending that it was written with.
        let mut named: Vec<String> = Vec::new();
        if to_moved {
            let (new, new_stem) = (self.new.as_str(), stem(self.new.as_str()));
            let folder = self.new.folder();
            named.push(match () {
                () if decoded.ends_with(self.old.name()) => new.to_owned(),
                () if decoded.ends_with(".html") => format!("{new_stem}.html"),
                () if decoded.ends_with('/') => format!("{new_stem}/"),
                () => new_stem.to_owned(),
            });
            named.extend([new.to_owned(), format!("{new_stem}.html"), format!("{folder}/")]);
        } else {
            let place = format!("{}/{decoded}", from.folder());
            if let Some(place) = SourcePath::new(place.trim_start_matches('/')) {
                let slash = if decoded.ends_with('/') { "/" } else { "" };
                named.push(format!("{place}{slash}"));
            }
            if let Target::Document { path, .. } = target {
                named.push(path.as_str().to_owned());
            }
        }
        let mut written = Vec::new();
        for named in &named {
            let Some(path) = SourcePath::new(named) else { continue };
            let slash = if named.ends_with('/') { "/" } else { "" };
            let near = relative(from_new, &path);
            let dot = if decoded.starts_with("./") && !near.starts_with('.') { "./" } else { "" };
            let near = format!("{dot}{near}{slash}");
            let absolute = format!("/{}{slash}", below(named));
            if link.destination.starts_with(BY_NAME) {
                let name = stem(path.name());
                written.extend(
                    [name.to_owned(), below(stem(named)), below(named)]
                        .map(|name| format!("{BY_NAME}{name}")),
                );
            } else if decoded.starts_with('/') {
                written.extend([absolute, near]);
            } else {
                written.extend([near, absolute]);
            }
        }
        let encoded = written.into_iter().map(|path| match path.strip_prefix(BY_NAME) {
            Some(_) => path,
            None => utf8_percent_encode(&path, SEGMENTS).to_string(),
        });
        encoded.map(|path| format!("{path}{rest}")).collect()
    }

    /// Mends the includes of a file. So many lines come on top of the document that moves: those that are named by their
    /// number stand lower then.
    fn includes(&self, file: &Arc<Source>, inserted: usize, edits: &mut Edits) {
        for (start, _) in file.text.match_indices("{{#") {
            let inner = &file.text[start + 3..];
            let Some(word) =
                ["include", "rustdoc_include", "playground"].into_iter().find(|word| {
                    inner.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\t']))
                })
            else {
                continue;
            };
            let argument = &inner[word.len()..];
            let begin = argument.len() - argument.trim_start().len();
            let argument =
                argument[begin..].split(['}', '\n']).next().unwrap_or_default().trim_end();
            let (path, lines) = argument.split_at(argument.find(':').unwrap_or(argument.len()));
            let Some(place) = file.path.join(path) else { continue };
            let from = self.path(&file.path);
            let stays = from.join(path).as_ref() == Some(self.path(&place));
            let path = if stays { path.to_owned() } else { relative(from, self.path(&place)) };
            let lower = |number: &str| match number.parse::<usize>() {
                Ok(number) => (number + inserted).to_string(),
                Err(_) => number.to_owned(),
            };
            let lines = match place == *self.old && inserted > 0 {
                true => lines.split(':').map(lower).collect::<Vec<_>>().join(":"),
                false => lines.to_owned(),
            };
            let new = format!("{path}{lines}");
            if new != argument {
                let at = start + 3 + word.len() + begin;
                let span = Span { start: at, end: at + argument.len() };
                edits.entry(file.path.clone()).or_default().insert(span, new);
            }
        }
    }

    fn chapter(
        &self,
        source: &Arc<Source>,
        chapter: &Chapter,
        edits: &mut Edits,
        unmended: &mut Unmended,
    ) {
        if chapter.path.as_ref() == Some(self.old) {
            let content = self.portal.config.book.src.value.as_str();
            let is_yaml = source.path.extension() != "md";
            let written = |path: &SourcePath| match is_yaml {
                true => path.below(content).unwrap_or(path.as_str()).to_owned(),
                false => relative(&source.path, path),
            };
            let (old, new) = (written(self.old), written(self.new));
            let encode = |path: &str| utf8_percent_encode(path, SEGMENTS).to_string();
            let new = if is_yaml { new } else { encode(&new) };
            let found = [old.clone(), encode(&old)].into_iter().find_map(|old| {
                let dotted = format!("./{old}");
                let dotted = places(source, chapter.span, &dotted).first().map(|at| at.start + 2);
                let plain = || places(source, chapter.span, &old).first().map(|at| at.start);
                let start = dotted.or_else(plain)?;
                Some(Span { start, end: start + old.len() })
            });
            match found {
                Some(place) => {
                    edits.entry(source.path.clone()).or_default().insert(place, new);
                }
                None => unmended.push((Arc::clone(source), chapter.span, old)),
            }
        }
        for nested in &chapter.nested {
            self.chapter(source, nested, edits, unmended);
        }
    }

    /// Mends `[output.html.redirect]`.
    fn redirects(&self, edits: &mut Edits) {
        let url = self.moved.urls.get(self.new);
        let Some(book) = &self.portal.config.source else { return };
        for redirect in self.portal.redirects.iter() {
            let to_moved =
                matches!(&redirect.to, Target::Document { path, .. } if path == self.old);
            let of_book = redirect.source.path == book.path && redirect.through.is_empty();
            let (Some(Url(url)), Some(Url(from)), true) =
                (url, &redirect.from, to_moved && of_book)
            else {
                continue;
            };
            let anchor =
                redirect.destination.find('#').map_or("", |at| &redirect.destination[at..]);
            let path = match (SourcePath::new(from), SourcePath::new(url)) {
                (Some(from), Some(to)) if !redirect.destination.starts_with('/') => {
                    relative(&from, &to)
                }
                _ => format!("/{url}"),
            };
            let new = quoted(&format!("{path}{anchor}"));
            edits.entry(book.path.clone()).or_default().insert(redirect.span, new);
        }
    }

    /// Writes down the id that came from the path, and where the page stood.
    fn identity(&self, edits: &mut Edits) {
        let Some(document) = self.portal.documents.get(self.old) else { return };
        let text = &document.source.text;
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let is_toml = text.starts_with("+++");
        let moved = self.moved.documents.get(self.new);
        let mut lines = String::new();
        let mut line = |key: &str, value: String| {
            let sign = if is_toml { " =" } else { ":" };
            lines.push_str(&format!("{key}{sign} {value}{line_end}"));
        };
        if moved.is_some_and(|moved| moved.id != document.id) {
            line("id", quoted(&document.id));
        }
        let urls = (self.portal.urls.get(self.old), self.moved.urls.get(self.new));
        let alias = match urls {
            (Some(Url(old)), Some(Url(new))) if old != new => {
                // Where a page of the portal takes the place, nothing can lead elsewhere.
                let is_free = !GENERATED_PAGES.contains(&old.as_str());
                is_free.then(|| quoted(&format!("/{old}")))
            }
            _ => None,
        };
        match (alias, document.meta.aliases.last()) {
            (Some(alias), None) => line("aliases", format!("[{alias}]")),
            (Some(alias), Some(last)) => {
                let before = text[..last.span.start].trim_end_matches([' ', '\t']);
                let edits = edits.entry(self.old.clone()).or_default();
                let after = Span { start: last.span.end, end: last.span.end };
                if before.ends_with(['[', ',']) {
                    edits.insert(after, format!(", {alias}"));
                } else if let Some(item) = before.strip_suffix('-') {
                    let indent = &item[item.rfind('\n').map_or(0, |at| at + 1)..];
                    edits.insert(after, format!("{line_end}{indent}- {alias}"));
                } else {
                    let old = &text[last.span.start..last.span.end];
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
            _ => text.find('\n').map_or(text.len(), |newline| newline + 1),
        };
        let span = Span { start, end: start };
        edits.entry(self.old.clone()).or_default().insert(span, lines);
    }
}

/// Returns where a destination stands in what a link is written as; for one that goes by a label, where that is defined.
fn places(source: &Source, span: Span, destination: &str) -> Vec<Span> {
    let text = &source.text[span.start..span.end];
    let at = |start: usize| Span { start, end: start + destination.len() };
    if destination.is_empty() {
        return Vec::new();
    }
    let found: Vec<usize> = text.match_indices(destination).map(|(at, _)| at).collect();
    let best: [&str; 12] = ["](", "](<", "=\"", "='", "=", "[[", "\"", "'", "<", "(", "[", " "];
    let behind = |sign: &str| found.iter().rev().find(|at| text[..**at].ends_with(sign));
    if let Some(start) = best.iter().find_map(|sign| behind(sign)) {
        return vec![at(span.start + start)];
    }
    if text == destination {
        return vec![at(span.start)];
    }
    let mut offset = 0;
    let mut defined = Vec::new();
    for line in source.text.split_inclusive('\n') {
        let definition = line.trim_start_matches([' ', '>', '\t']);
        if definition.starts_with('[')
            && let Some((label, rest)) = definition.split_once("]:")
        {
            let gap = rest.len() - rest.trim_start_matches([' ', '\t', '<']).len();
            let rest = &rest[gap..];
            let ends = |char: char| char.is_whitespace() || char == '>';
            if rest
                .strip_prefix(destination)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(ends))
            {
                let start = offset + line.len() - definition.len() + label.len() + 2 + gap;
                defined.push(at(start));
            }
        }
        offset += line.len();
    }
    defined
}

/// Returns a text with edits, which do not overlap.
pub(super) fn edited(text: &str, edits: &BTreeMap<Span, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (span, new) in edits {
        if span.start >= done {
            out.push_str(&text[done..span.start]);
            out.push_str(new);
            done = span.end;
        }
    }
    out.push_str(&text[done..]);
    out
}
