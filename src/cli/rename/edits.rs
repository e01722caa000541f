//! What has to be written differently when a document moves, found by trial: an edit counts when the link that it makes leads,
//! in the project as it will be, to where the old one led.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::link::addresses;
use crate::link::names::is_name_of;
use crate::link::nearest::relative;
use crate::link::targets::Targets;
use crate::link::{Portal, Target, Url};
use crate::parse::dialect::includes::{self, What};
use crate::parse::dialect::{BY_NAME, Dialect, index_folder, is_markdown, stem};
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
            let included: BTreeSet<_> = included.collect();
            for file in &included {
                let pieces = document.text.pieces.iter();
                if let Some(piece) = pieces.into_iter().find(|piece| piece.source.path == **file) {
                    self.includes(&piece.source, inserted, &mut edits);
                    self.snippets(&piece.source, &included, inserted, &mut edits);
                }
            }
            self.includes(&document.source, inserted, &mut edits);
            self.snippets(&document.source, &included, inserted, &mut edits);
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
        let stays = !self.is_by_old_name(link, target) && self.keeps_folder(from, link, target);
        if stays && leads(&link.destination) {
            return;
        }
        let (source, mut span) = document.text.locate(link.span);
        // The lines of a link in a block of another tool may come from several pieces of the file.
        let end = link.span.end;
        let (last, end) = document.text.locate(Span { start: end.saturating_sub(1), end });
        if Arc::ptr_eq(&last, &source) {
            span.end = end.end.max(span.end);
        }
        // A name stands in the file without the signs for what an address cannot hold, and keeps its heading.
        let in_file = |destination: &str| match destination.strip_prefix(BY_NAME) {
            Some(name) => decoded(name.split('#').next().unwrap_or_default()),
            None => destination.to_owned(),
        };
        let written = in_file(&link.destination);
        let places = places(&source, span, &written);
        let is_tag = places.first().is_some_and(|place| {
            let before = source.text[..place.start].trim_end_matches([' ', '\t', '"', '\'']);
            before.ends_with("{% link") || before.ends_with("{%- link")
        });
        let candidates = match is_tag {
            // The tag of Jekyll takes the path of a file, whole.
            true => vec![format!("{BY_NAME}{}", encoded(self.below(self.new.as_str())))],
            false => self.candidates(from, link, target),
        };
        let found = candidates.into_iter().find(|candidate| leads(candidate));
        match found {
            Some(new) if !places.is_empty() => {
                for place in places {
                    edits.entry(source.path.clone()).or_default().insert(place, in_file(&new));
                }
            }
            _ => unmended.push((source, span, written)),
        }
    }

    /// Tells whether a link names the document that moves by the name of its file, which it has no more. Where its title is
    /// the same, we would find it all the same, and a wiki would not.
    fn is_by_old_name(&self, link: &Link, target: &Target) -> bool {
        let Some(name) = link.destination.strip_prefix(BY_NAME) else { return false };
        let name = decoded(name.split('#').next().unwrap_or_default());
        matches!(target, Target::Document { path, .. } if path == self.old)
            && !name.is_empty()
            && is_name_of(self.below(self.old.as_str()), &name)
            && !is_name_of(self.below(self.new.as_str()), &name)
    }

    /// Tells whether a link to a folder leads to the same one when the document that holds it moves: the portal has one page
    /// for all folders that have none.
    fn keeps_folder(&self, from: &SourcePath, link: &Link, target: &Target) -> bool {
        let path = decoded(link.destination.split(['?', '#']).next().unwrap_or_default());
        let is_relative = !path.starts_with('/') && !path.starts_with(BY_NAME);
        let is_generated = matches!(target, Target::Generated { .. });
        from != self.old
            || !is_generated
            || !is_relative
            || link.base.is_some()
            || self.old.reach(&path) == self.new.reach(&path)
    }

    /// Returns a path below the content folder.
    fn below<'p>(&self, path: &'p str) -> &'p str {
        match self.portal.config.book.src.value.as_str() {
            "" => path,
            content => {
                path.strip_prefix(content).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
            }
        }
    }

    /// Returns the tool that gives pages such addresses.
    fn site(&self) -> Dialect {
        let config = &self.portal.config;
        config.settings.site_of(config.dialect)
    }

    /// Returns the address of a document in the site of its tool, with the slash that it begins with.
    pub(super) fn address(&self, portal: &Portal, path: &SourcePath) -> Option<String> {
        let said = portal.documents.get(path)?.address.as_ref();
        addresses::in_site(self.site(), self.below(path.as_str()), said)
    }

    /// Returns the address of what a link leads to, written as the link is: from the root, or from the address of its page.
    fn addressed(&self, from: &SourcePath, path: &str, target: &Target) -> Option<String> {
        let Target::Document { path: to, .. } = self.target(target) else { return None };
        if is_markdown(path) || path.is_empty() {
            return None;
        }
        let address = self.address(self.moved, &to)?;
        let address = match path.ends_with('/') {
            true => address,
            false => address.trim_end_matches('/').to_owned(),
        };
        if path.starts_with('/') {
            return Some(address);
        }
        let from_new = self.path(from);
        let said = self.moved.documents.get(from_new)?.address.as_ref();
        let folder = match said {
            Some(said) => said.folder().to_owned(),
            None => addresses::folder(self.site(), self.below(from_new.as_str())),
        };
        let page = SourcePath::new(format!("{folder}/page").trim_start_matches('/'))?;
        let slash = if address.ends_with('/') { "/" } else { "" };
        let near = relative(&page, &SourcePath::new(address.trim_matches('/'))?);
        Some(format!("{near}{slash}"))
    }

    /// Returns the ways to write a link, the one that is most like the old one first.
    fn candidates(&self, from: &SourcePath, link: &Link, target: &Target) -> Vec<String> {
        let from_new = self.path(from);
        let end = link.destination.find(['?', '#']).unwrap_or(link.destination.len());
        let (path, rest) = link.destination.split_at(end);
        let by_name = path.strip_prefix(BY_NAME);
        let decoded = decoded(by_name.unwrap_or(path));
        // Where the address of the site is written out, it stays.
        let addressing = &self.portal.config.settings.addressing;
        let in_site = addressing.below_base(&decoded).filter(|_| by_name.is_none());
        let base = in_site.map_or(String::new(), |_| format!("/{}", addressing.base));
        let decoded = in_site.map_or(decoded.clone(), str::to_owned);
        let end = if decoded.ends_with('/') { "/" } else { "" };
        // Zola knows a document by this only.
        if decoded.starts_with("@/") && by_name.is_none() {
            let path = encoded(self.below(self.new.as_str()));
            return vec![format!("@/{path}{rest}")];
        }
        let to_moved = matches!(target, Target::Document { path, .. } if path == self.old);
        // What the link names, as a path from the root: with the ending that it was written with.
        let mut named: Vec<String> = Vec::new();
        let mut written = Vec::new();
        if to_moved {
            let (new, new_stem) = (self.new.as_str(), stem(self.new.as_str()));
            let folder = self.new.folder();
            let index = index_folder(self.below(new)).is_some();
            named.push(match () {
                () if decoded.ends_with(self.old.name()) => new.to_owned(),
                // The page of a folder goes by the name of that.
                () if index && decoded.ends_with("index.html") => format!("{folder}/index.html"),
                () if index && decoded.ends_with('/') => format!("{folder}/"),
                () if decoded.ends_with(".html") => format!("{new_stem}.html"),
                () if decoded.ends_with('/') => format!("{new_stem}/"),
                () => new_stem.to_owned(),
            });
            named.extend([new.to_owned(), format!("{new_stem}.html"), format!("{folder}/")]);
        } else {
            let place = format!("{}/{decoded}", from.folder());
            match SourcePath::new(place.trim_start_matches('/')) {
                Some(place) => named.push(format!("{place}{end}")),
                None if decoded.starts_with('.') => written.push(to_root(from_new)),
                None => {}
            }
            if let Target::Document { path, .. } = target {
                named.push(path.as_str().to_owned());
            }
        }
        if by_name.is_none() {
            written.extend(self.addressed(from, &decoded, target));
        }
        for named in &named {
            let Some(path) = SourcePath::new(named) else { continue };
            let slash = if named.ends_with('/') { "/" } else { "" };
            let near = relative(from_new, &path);
            let dot = if decoded.starts_with("./") && !near.starts_with('.') { "./" } else { "" };
            let near = format!("{dot}{near}{slash}");
            let absolute = format!("/{}{slash}", self.below(named));
            if by_name.is_some() {
                let whole = |path: &str| match is_markdown(&decoded) {
                    true => path.to_owned(),
                    false => stem(path).to_owned(),
                };
                let (name, below) = (whole(path.name()), whole(self.below(named)));
                match decoded.as_bytes().first() {
                    Some(b'/') => written.push(whole(&absolute)),
                    Some(b'.') => written.push(whole(&near)),
                    _ if decoded.contains('/') => written.push(below.clone()),
                    _ => {}
                }
                written.extend([name, below, self.below(named).to_owned()]);
            } else if decoded.starts_with('/') {
                written.extend([absolute, near]);
            } else {
                written.extend([near, absolute]);
            }
        }
        if let Target::Asset { path } = target
            && by_name.is_none()
        {
            // As a browser sees it from the page.
            let folder = addresses::folder(self.site(), self.below(from_new.as_str()));
            let page = SourcePath::new(format!("{folder}/page").trim_start_matches('/'));
            let file = SourcePath::new(self.below(path.as_str()));
            written.extend(page.zip(file).map(|(page, file)| relative(&page, &file)));
        }
        let sign = if by_name.is_some() { BY_NAME } else { "" };
        let whole = |path: &String| match path.starts_with('/') {
            true => encoded(&format!("{base}{path}")),
            false => encoded(path),
        };
        written.iter().map(|path| format!("{sign}{}{rest}", whole(path))).collect()
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

    /// Mends the snippets of MkDocs in a file, and its `include-markdown`. `included` is what the file takes in.
    fn snippets(
        &self,
        file: &Arc<Source>,
        included: &BTreeSet<&SourcePath>,
        inserted: usize,
        edits: &mut Edits,
    ) {
        let config = &self.portal.config;
        if config.dialect != Dialect::MkDocs {
            return;
        }
        let from = self.path(&file.path);
        let all = Span { start: 0, end: file.text.len() };
        for place in includes::places(&file.text, all, &file.path, config) {
            let text = &file.text[place.span.start..place.span.end];
            for wanted in &place.wanted {
                let Some(was) = wanted.paths.iter().find(|path| included.contains(path)) else {
                    continue;
                };
                let now = self.path(was);
                let is_tag = text.starts_with("{%");
                let new = match is_tag {
                    true if wanted.written.starts_with('/') => {
                        format!("/{}", self.below(now.as_str()))
                    }
                    true => relative(from, now),
                    false if was == now => wanted.written.clone(),
                    false => {
                        let folders = includes::snippet_folders(config);
                        let mut below =
                            folders.filter_map(|folder| match SourcePath::around(folder) {
                                Some(folder) => now.below(folder.as_str()),
                                None => Some(now.as_str()),
                            });
                        below.next().unwrap_or(now.as_str()).to_owned()
                    }
                };
                let stays = match is_tag {
                    true => file
                        .path
                        .reach(&wanted.written)
                        .is_some_and(|_| was == now && from == &file.path),
                    false => was == now,
                };
                let Some(at) = text.find(&wanted.written).filter(|_| !stays) else { continue };
                let start = place.span.start + at;
                let end = start + wanted.written.len();
                let edits = edits.entry(file.path.clone()).or_default();
                edits.insert(Span { start, end }, new);
                if let What::Lines(_) = wanted.what
                    && was == self.old
                    && inserted > 0
                {
                    let lines = &file.text[end..];
                    let length = lines.find(['"', '\'', '\n']).unwrap_or(lines.len());
                    let span = Span { start: end, end: end + length };
                    edits.insert(span, lower(&lines[..length], inserted));
                }
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
            let is_yaml = source.path.extension() != "md";
            let written = |path: &SourcePath| match is_yaml {
                true => self.below(path.as_str()).to_owned(),
                false => relative(&source.path, path),
            };
            let (old, new) = (written(self.old), written(self.new));
            let new = if is_yaml { new } else { encoded(&new) };
            let found = [old.clone(), encoded(&old)].into_iter().find_map(|old| {
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

    /// Mends `[output.html.redirect]`, and the `redirect_maps` of MkDocs.
    fn redirects(&self, edits: &mut Edits) {
        let url = self.moved.urls.get(self.new);
        for redirect in self.portal.redirects.iter() {
            let to_moved =
                matches!(&redirect.to, Target::Document { path, .. } if path == self.old);
            let of_settings = !redirect.destination.is_empty() && redirect.through.is_empty();
            let (Some(Url(url)), Some(Url(from)), true) =
                (url, &redirect.from, to_moved && of_settings)
            else {
                continue;
            };
            let anchor =
                redirect.destination.find('#').map_or("", |at| &redirect.destination[at..]);
            let edits = edits.entry(redirect.source.path.clone()).or_default();
            if redirect.source.path.as_str() != "book.toml" {
                // Paths of files, below the content folder.
                let new = format!("{}{anchor}", self.below(self.new.as_str()));
                let plain = |char: char| char.is_ascii_alphanumeric() || "/._-#".contains(char);
                let was = &redirect.source.text[redirect.span.start..redirect.span.end];
                let is_plain = new.chars().all(plain) && !was.starts_with(['"', '\'']);
                edits.insert(redirect.span, if is_plain { new } else { quoted(&new) });
                continue;
            }
            let path = match (SourcePath::new(from), SourcePath::new(url)) {
                (Some(from), Some(to)) if !redirect.destination.starts_with('/') => {
                    relative(&from, &to)
                }
                _ => format!("/{url}"),
            };
            let new = quoted(&format!("{path}{anchor}"));
            edits.insert(redirect.span, new);
        }
    }
}

/// Returns the way from the folder of a file to the project's root.
fn to_root(from: &SourcePath) -> String {
    match from.folder().split('/').filter(|part| !part.is_empty()).count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// Returns ranges of lines that stand so many lines lower. Those that count from the end stay.
fn lower(ranges: &str, lines: usize) -> String {
    let mut out = String::new();
    for part in ranges.split_inclusive([':', ',']) {
        let number = part.trim_end_matches([':', ',']);
        match number.parse::<usize>() {
            Ok(line) => out.push_str(&(line + lines).to_string()),
            Err(_) => out.push_str(number),
        }
        out.push_str(&part[number.len()..]);
    }
    out
}

/// Returns a path as it is written in a link of Markdown.
fn encoded(path: &str) -> String {
    utf8_percent_encode(path, SEGMENTS).to_string()
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
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
