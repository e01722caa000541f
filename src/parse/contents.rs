//! A body → what others ask about it: headings, anchors, links, images, Mermaid fences. One walk over its events.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd,
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
    /// What stands in the rows of tables behind the last column.
    pub surplus: Vec<Span>,
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
    /// Where the last cell of a table ended.
    cell_end: usize,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(TagEnd::TableCell) => {
                self.cell_end = range.end;
                self.end(TagEnd::TableCell);
            }
            Event::End(TagEnd::TableRow) => self.end_row(),
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
        if !is_inline(tag.to_end()) {
            self.end_block();
        }
        match tag {
            Tag::Heading { level, id, attrs, .. } => {
                let named = || attrs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("id"));
                let id =
                    id.or_else(|| named()?.1).map(|id| id.trim_matches(['"', '\'']).to_owned());
                self.start_heading(level, id, range);
            }
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
        if !is_inline(tag) {
            self.end_block();
        }
    }

    /// Notes what stands behind the last cell of a row.
    fn end_row(&mut self) {
        let rest = self.body[self.cell_end..].split('\n').next().unwrap_or_default();
        let is_frame = |char: char| char == '|' || char.is_whitespace();
        let start = rest.len() - rest.trim_start_matches(is_frame).len();
        let words = rest[start..].trim_end_matches(is_frame);
        if !words.is_empty() {
            let start = self.cell_end + start;
            self.contents.surplus.push(Span { start, end: start + words.len() });
        }
        self.end(TagEnd::TableRow);
    }

    fn start_heading(&mut self, level: HeadingLevel, id: Option<String>, range: Range<usize>) {
        let level = level as u8;
        let headings = &mut self.contents.headings;
        self.sections.retain(|section| headings[*section].level < level);
        self.sections.push(headings.len());
        let id = id.filter(|id| !id.is_empty());
        headings.push(Heading {
            level,
            text: String::new(),
            id: String::new(),
            is_named: id.is_some(),
            span: range.into(),
            empty: true,
        });
        self.ids.push(id);
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
        self.contents.links.push(Link { kind, destination, text: String::new(), span, base: None });
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
        // `rows[0][1]` is code that somebody did not mark as such.
        let before = body.get(..link.span.start).and_then(|before| before.chars().next_back());
        let of_word = before.is_some_and(|char| char.is_alphanumeric() || char == '_');
        if !of_word && matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            let written = body.get(link.span.clone()).unwrap_or_default();
            let kind = if written.starts_with('!') { LinkKind::Image } else { LinkKind::Link };
            let text = written.trim_start_matches(['!', '[']);
            let text = text.split_once("][").map_or(text, |(text, _)| text);
            let text = text.trim_end_matches(']').to_owned();
            let destination = link.reference.to_string();
            undefined.push(Link { kind, destination, text, span: link.span.into(), base: None });
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

fn is_inline(tag: TagEnd) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Random;

    fn headings(body: &str) -> String {
        let contents = contents(body);
        let show = |heading: &Heading| {
            let Heading { level, text, id, empty, .. } = heading;
            format!("{level} {text:?} #{id}{}\n", if *empty { " empty" } else { "" })
        };
        contents.headings.iter().map(show).collect()
    }

    fn links(body: &str) -> String {
        let contents = contents(body);
        assert!(contents.links.is_sorted_by(|a, b| a.span.start < b.span.start));
        let show = |link: &Link| {
            let Link { kind, destination, text, span, base: _ } = link;
            format!("{kind:?} {destination:?} {text:?} at {:?}\n", &body[span.start..span.end])
        };
        let defined = contents.links.iter().map(show);
        defined
            .chain(contents.undefined.iter().map(|link| format!("undefined {}", show(link))))
            .collect()
    }

    #[test]
    fn headings_have_the_ids_of_github() {
        insta::assert_snapshot!(headings("\
# The *database* `pg_dump` & more
## Notes
## Notes
## Über uns
## Steps {#steps .wide}
## Steps
### ![Alt text](a.png)
## !
Setext [link](x.md)
===
"), @r#"
        1 "The database pg_dump & more" #the-database-pg_dump--more empty
        2 "Notes" #notes empty
        2 "Notes" #notes-1 empty
        2 "Über uns" #über-uns empty
        2 "Steps" #steps empty
        2 "Steps" #steps-1 empty
        3 "Alt text" #alt-text empty
        2 "!" #section empty
        1 "Setext link" #setext-link empty
        "#);
    }

    #[test]
    fn a_section_without_a_word_is_empty() {
        insta::assert_snapshot!(headings("\
# Runbook
## Impact
<!-- later -->
## Diagnose
TODO
## Mitigate
- TBD
- **Coming soon**
## Verify
### By hand
### By script
`verify.sh`
## Code
```sh
```
## Table
| a |
|---|
| 1 |
## Picture
![](a.png)
## Raw
<p>FIXME</p>

## Raw picture
<img src=\"a.png\">

## Diagram
```mermaid
pie
```
## Quote
> …
## Rule
---
## Last
Really.
"), @r#"
        1 "Runbook" #runbook
        2 "Impact" #impact empty
        2 "Diagnose" #diagnose empty
        2 "Mitigate" #mitigate empty
        2 "Verify" #verify
        3 "By hand" #by-hand empty
        3 "By script" #by-script
        2 "Code" #code empty
        2 "Table" #table
        2 "Picture" #picture
        2 "Raw" #raw empty
        2 "Raw picture" #raw-picture
        2 "Diagram" #diagram
        2 "Quote" #quote empty
        2 "Rule" #rule empty
        2 "Last" #last
        "#);
    }

    #[test]
    fn links_are_found_wherever_they_are_written() {
        insta::assert_snapshot!(links("\
[a](a.md \"t\") ![b *c*](<b c.png>) [![in](in.png)](out.md) [ref][r] [r] <https://x.org/?a&b> <me@x.org>
www.example.com `[no](no.md)` \\[no](no.md) [e](a&amp;b\\_c.md)

<a href='h.md#x'>raw <b>bold</b></a> <img alt=\"x &lt; y\" src=i.png>

> <p><a
>  href=\"quoted.md\">é</a>
> <img src=\"é.png\">

| [cell](cell.md) |
|---|

[text][missing] [collapsed][] [shortcut] ![image][gone] a[0][1]

[r]: r.md
"), @r#"
        Link "a.md" "a" at "[a](a.md \"t\")"
        Image "b c.png" "b c" at "![b *c*](<b c.png>)"
        Link "out.md" "in" at "[![in](in.png)](out.md)"
        Image "in.png" "in" at "![in](in.png)"
        Link "r.md" "ref" at "[ref][r]"
        Link "r.md" "r" at "[r]"
        Link "https://x.org/?a&b" "https://x.org/?a&b" at "<https://x.org/?a&b>"
        Link "mailto:me@x.org" "me@x.org" at "<me@x.org>"
        Link "http://www.example.com" "www.example.com" at "www.example.com"
        Link "a&b_c.md" "e" at "[e](a&amp;b\\_c.md)"
        Link "h.md#x" "raw bold" at "<a href='h.md#x'>"
        Image "i.png" "x < y" at "<img alt=\"x &lt; y\" src=i.png>"
        Link "quoted.md" "é" at "<a\n>  href=\"quoted.md\">"
        Image "é.png" "" at "<img src=\"é.png\">"
        Link "cell.md" "cell" at "[cell](cell.md)"
        undefined Link "missing" "text" at "[text][missing]"
        undefined Link "collapsed" "collapsed" at "[collapsed]"
        undefined Image "gone" "image" at "![image][gone]"
        "#);
    }

    #[test]
    fn anchors_are_what_a_link_can_point_at() {
        let contents = contents(
            "\
# One {#uno}
## Two
<a id=\"three\"></a><a name='four'></a> <span id=five></span>

<div id=\"six\">
<h2 id=\"seven\">x</h2>
</div>

Text[^note].

[^note]: Footnote.
",
        );
        let anchors: Vec<_> = contents.anchors.iter().map(String::as_str).collect();
        insta::assert_snapshot!(anchors.join(" "), @"five fn-note four seven six three two uno");
    }

    #[test]
    fn mermaid_fences_are_diagrams() {
        let body = "> ```Mermaid\n> pie\n>  \"a\": 1\n> ```\n\n~~~ mermaid title=x\nx\n~~~\n\n```mermaidx\n```\n";
        let fences: Vec<_> = contents(body)
            .diagrams
            .into_iter()
            .map(|fence| (fence.text, &body[fence.span.start..fence.span.end]))
            .collect();
        insta::assert_debug_snapshot!(fences, @r#"
        [
            (
                "pie\n \"a\": 1\n",
                "```Mermaid\n> pie\n>  \"a\": 1\n> ```",
            ),
            (
                "x\n",
                "~~~ mermaid title=x\nx\n~~~",
            ),
        ]
        "#);
    }

    #[test]
    fn no_body_makes_the_walk_panic() {
        let body = "\
# A *b* {#c}
[l](d.md#e) ![é](f.png) [t][u] <a href='x'>é</a>

> <div id=\"y\">
> <img src=\"é\" alt='ü'>

- [ ] TODO
  ```mermaid
  pie
  ```
| a | b |
|---|---|
| [x](y) | $z$ |

Term
: Definition[^1]

[^1]: Note
";
        let mut random = Random::new(11);
        for _ in 0..2_000 {
            let body = random.edited(body);
            let contents = contents(&body);
            assert!(contents.links.is_sorted_by(|a, b| a.span.start < b.span.start), "{body}");
            let links = contents.links.iter().chain(&contents.undefined).map(|link| link.span);
            let fences = contents.diagrams.iter().map(|fence| fence.span);
            let headings = contents.headings.iter().map(|heading| heading.span);
            for span in links.chain(fences).chain(headings) {
                assert!(body.get(span.start..span.end).is_some(), "{span:?} in {body:?}");
            }
        }
    }
}
