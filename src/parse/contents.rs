//! A body → what others ask about it: headings, anchors, links, images, Mermaid fences. One walk over its events.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd,
};

use crate::parse::document::{Heading, Link, LinkKind};
use crate::parse::markdown;
use crate::parse::placeholder::is_placeholder;
use crate::parse::raw_html::{self, Piece};
use crate::parse::slug::{Slugs, slug};
use crate::source::Span;

/// What a body holds.
#[derive(Debug, Default)]
pub struct Contents {
    pub headings: Vec<Heading>,
    pub anchors: BTreeSet<String>,
    pub links: Vec<Link>,
    pub undefined: Vec<Link>,
    pub diagrams: Vec<Fence>,
}

/// A Mermaid fence: where it stands, and what is in it.
#[derive(Debug)]
pub struct Fence {
    pub span: Span,
    pub text: String,
}

/// Walks over a body.
pub fn contents(body: &str) -> Contents {
    let mut walk = Walk { body, ..Walk::default() };
    for (event, range) in markdown::events(body) {
        walk.event(event, range);
    }
    walk.contents.undefined = undefined(body);
    walk.finish()
}

#[derive(Default)]
struct Walk<'a> {
    body: &'a str,
    contents: Contents,
    /// What `{#id}` says of each heading.
    ids: Vec<Option<String>>,
    /// The heading that is open: its plain text, and the texts of its images for one that has nothing else.
    heading: Option<(String, String)>,
    /// The headings whose sections are open, and empty so far: indices, outermost first.
    sections: Vec<usize>,
    /// The text of the block that is open.
    block: String,
    /// The links and images that are open: indices, outermost first.
    open: Vec<usize>,
    /// The raw HTML block that is open, with where each part of it stands in the body.
    html: Option<(String, Vec<(usize, usize)>)>,
    /// The link of raw HTML that is open.
    html_link: Option<usize>,
    fence: Option<Fence>,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.fence {
                Some(fence) => fence.text.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Html(text) => match &mut self.html {
                Some((html, places)) => {
                    places.push((html.len(), range.start));
                    html.push_str(&text);
                }
                None => self.raw_html(&text, |_| range.clone().into()),
            },
            Event::InlineHtml(text) => self.raw_html(&text, |_| range.clone().into()),
            Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if !is_inline(&tag.to_end()) {
            self.end_block();
        }
        match tag {
            Tag::Heading { level, id, .. } => self.start_heading(level, id, range),
            Tag::CodeBlock(CodeBlockKind::Fenced(language)) if is_mermaid(&language) => {
                self.fence = Some(Fence { span: range.into(), text: String::new() });
                self.filled();
            }
            Tag::HtmlBlock => self.html = Some((String::new(), Vec::new())),
            Tag::FootnoteDefinition(label) => {
                self.contents.anchors.insert(markdown::footnote_id(&label));
            }
            Tag::Link { link_type, dest_url, .. } => {
                let destination = match link_type {
                    LinkType::Email if !dest_url.starts_with("mailto:") => {
                        format!("mailto:{dest_url}")
                    }
                    _ => dest_url.into_string(),
                };
                self.open.push(self.contents.links.len());
                self.link(LinkKind::Link, destination, range.into());
            }
            Tag::Image { dest_url, .. } => {
                self.open.push(self.contents.links.len());
                self.link(LinkKind::Image, dest_url.into_string(), range.into());
                self.filled();
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => {
                if let Some(fence) = self.fence.take() {
                    self.contents.diagrams.push(fence);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some((html, places)) = self.html.take() {
                    let body = self.body;
                    self.raw_html(&html, |range| in_body(body, &places, &range));
                }
            }
            TagEnd::Link | TagEnd::Image => {
                self.open.pop();
            }
            _ => {}
        }
        if !is_inline(&tag) {
            self.end_block();
        }
    }

    fn start_heading(&mut self, level: HeadingLevel, id: Option<CowStr<'_>>, range: Range<usize>) {
        let level = level as u8;
        let headings = &mut self.contents.headings;
        self.sections.retain(|section| headings[*section].level < level);
        self.sections.push(headings.len());
        self.ids.push(id.map(CowStr::into_string).filter(|id| !id.is_empty()));
        headings.push(Heading {
            level,
            text: String::new(),
            id: String::new(),
            span: range.into(),
            empty: true,
        });
        self.heading = Some((String::new(), String::new()));
    }

    fn end_heading(&mut self) {
        if let (Some((text, pictures)), Some(heading)) =
            (self.heading.take(), self.contents.headings.last_mut())
        {
            let text = if text.trim().is_empty() { pictures } else { text };
            heading.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }

    fn text(&mut self, text: &str) {
        for index in &self.open {
            self.contents.links[*index].text.push_str(text);
        }
        if let Some(index) = self.html_link {
            self.contents.links[index].text.push_str(text);
        }
        let in_image = self
            .open
            .last()
            .is_some_and(|index| self.contents.links[*index].kind == LinkKind::Image);
        match &mut self.heading {
            Some((_, pictures)) if in_image => pictures.push_str(text),
            Some((heading, _)) => heading.push_str(text),
            None => self.block.push_str(text),
        }
    }

    /// Judges the text of the block that ends here.
    fn end_block(&mut self) {
        if !self.block.is_empty() {
            if !is_placeholder(&self.block) {
                self.filled();
            }
            self.block.clear();
        }
    }

    /// Something that a reader can read stands here: no section that is open is empty.
    fn filled(&mut self) {
        if self.heading.is_none() {
            for section in self.sections.drain(..) {
                self.contents.headings[section].empty = false;
            }
        }
    }

    fn link(&mut self, kind: LinkKind, destination: String, span: Span) {
        self.contents.links.push(Link { kind, destination, text: String::new(), span });
    }

    /// Reads raw HTML. `span` tells where a range of it stands in the body.
    fn raw_html(&mut self, html: &str, span: impl Fn(Range<usize>) -> Span) {
        for (piece, range) in raw_html::pieces(html) {
            match piece {
                Piece::Text => {
                    let text = &html[range];
                    if self.heading.is_none() && !text.trim().is_empty() {
                        self.block.push_str(text);
                    }
                    if let Some(index) = self.html_link {
                        self.contents.links[index].text.push_str(text);
                    }
                }
                Piece::Start(tag) => {
                    self.tag(&tag, span(range));
                }
                Piece::End { name } => {
                    if name == "a" {
                        self.html_link = None;
                    }
                }
                Piece::Hidden => {}
            }
        }
    }

    fn tag(&mut self, tag: &raw_html::Tag, span: Span) {
        if let Some(id) = tag.attribute("id") {
            self.contents.anchors.insert(id.to_owned());
        }
        match tag.name.as_str() {
            "a" | "area" => {
                if let Some(name) = tag.attribute("name") {
                    self.contents.anchors.insert(name.to_owned());
                }
                if let Some(destination) = tag.attribute("href") {
                    self.html_link = (tag.name == "a").then_some(self.contents.links.len());
                    self.link(LinkKind::Link, destination.trim().to_owned(), span);
                }
            }
            "img" => {
                self.filled();
                if let Some(destination) = tag.attribute("src") {
                    self.link(LinkKind::Image, destination.trim().to_owned(), span);
                    if let (Some(link), Some(alt)) =
                        (self.contents.links.last_mut(), tag.attribute("alt"))
                    {
                        alt.clone_into(&mut link.text);
                    }
                }
            }
            "video" | "audio" | "source" | "embed" | "iframe" => {
                self.filled();
                if let Some(destination) = tag.attribute("src") {
                    self.link(LinkKind::Link, destination.trim().to_owned(), span);
                }
            }
            _ => {}
        }
    }

    /// Gives each heading its id: what is written first, so that no slug takes it.
    fn finish(mut self) -> Contents {
        self.end_block();
        let mut slugs = Slugs::default();
        for (heading, id) in self.contents.headings.iter_mut().zip(self.ids.iter_mut()) {
            if let Some(id) = id.take() {
                heading.id = slugs.unique(id);
            }
        }
        for heading in &mut self.contents.headings {
            if heading.id.is_empty() {
                let slug = slug(&heading.text);
                heading.id = slugs.unique(if slug.is_empty() { "section".into() } else { slug });
            }
            self.contents.anchors.insert(heading.id.clone());
        }
        self.contents
    }
}

/// Returns the references whose labels are not defined. A body without two brackets in a row has none.
fn undefined(body: &str) -> Vec<Link> {
    if !body.contains("][") {
        return Vec::new();
    }
    let mut undefined = Vec::new();
    let note = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            let written = body.get(link.span.clone()).unwrap_or_default();
            let kind = if written.starts_with('!') { LinkKind::Image } else { LinkKind::Link };
            let text = written.trim_start_matches(['!', '[']);
            let text = text.split_once("][").map_or(text, |(text, _)| text).to_owned();
            let destination = link.reference.to_string();
            undefined.push(Link { kind, destination, text, span: link.span.into() });
        }
        None
    };
    for _event in Parser::new_with_broken_link_callback(body, markdown::options(), Some(note)) {}
    undefined.sort_by_key(|link| link.span);
    undefined.dedup_by_key(|link| link.span);
    undefined
}

/// Returns where a part of a raw HTML block stands in the body. `places` pairs offsets in the block with offsets in the
/// body: the lines of a block in a quote do not stand side by side.
fn in_body(body: &str, places: &[(usize, usize)], range: &Range<usize>) -> Span {
    let place = |offset: usize| {
        let after = places.partition_point(|(at, _)| *at <= offset);
        places.get(after.wrapping_sub(1)).map_or(0, |(at, start)| start + (offset - at))
    };
    let start = body.floor_char_boundary(place(range.start));
    let end = body.ceil_char_boundary(place(range.end.saturating_sub(1)) + 1);
    Span { start, end: end.max(start) }
}

fn is_mermaid(language: &str) -> bool {
    let word = language.split([' ', ',', '\t']).next().unwrap_or_default();
    word.eq_ignore_ascii_case("mermaid")
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
