//! Events → HTML: blocks, and the components around them. Inlines that need more than a tag are in `inline`.

use std::collections::BTreeMap;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use crate::link::Portal;
use crate::parse::document::{Diagram, Document, Heading};
use crate::parse::markdown::events;
use crate::render::markdown::callout::Title;
use crate::render::markdown::escape::{attribute, push};
use crate::render::markdown::inline::{Alternative, OpenLink};
use crate::render::markdown::link::Links;
use crate::render::markdown::notes::Notes;
use crate::render::markdown::raw::Open;
use crate::render::markdown::{Place, code, element_id, levels, math};
use crate::render::{address, asset};

/// Returns the HTML of a document's body.
pub(super) fn body(portal: &Portal, document: &Document, place: &Place<'_>) -> String {
    let mut writer = Writer {
        out: String::with_capacity(document.text.body.len() * 3 / 2),
        document,
        place,
        links: Links::new(portal, document, place),
        headings: document.headings.iter().zip(levels(document, place.heading_shift)).collect(),
        next_heading: 0,
        section: None,
        aside: Vec::new(),
        open: Vec::new(),
        depth: 0,
        raw_depth: 0,
        words: 0,
        heading: None,
        code: None,
        table: None,
        html_block: None,
        alternative: None,
        open_links: Vec::new(),
        anchors: 0,
        notes: Notes::default(),
        labels: BTreeMap::new(),
        alerts: 0,
        callout: None,
        title_end: None,
    };
    for (event, range) in events(&document.text.body) {
        writer.event(event, range.start);
    }
    writer.close_raw();
    writer.footnotes();
    writer.out
}

pub(super) struct Writer<'a> {
    pub(super) out: String,
    document: &'a Document,
    pub(super) place: &'a Place<'a>,
    pub(super) links: Links<'a>,
    headings: Vec<(&'a Heading, u8)>,
    next_heading: usize,
    /// The last heading: it names what stands below it.
    section: Option<&'a Heading>,
    /// What was written before something that does not stand here: a footnote, the page's title.
    pub(super) aside: Vec<String>,
    /// What is open: raw HTML tags, and `None` for each Markdown container, which raw tags cannot cross.
    pub(super) open: Vec<Option<Open>>,
    /// How many Markdown containers are open.
    depth: usize,
    /// How many raw HTML tags are open.
    pub(super) raw_depth: usize,
    /// How many bytes of words were written, to know what is empty.
    pub(super) words: usize,
    heading: Option<OpenHeading<'a>>,
    code: Option<CodeBlock>,
    table: Option<Table>,
    html_block: Option<String>,
    pub(super) alternative: Option<Alternative>,
    pub(super) open_links: Vec<OpenLink>,
    /// How many `<a>` are open: never two.
    pub(super) anchors: usize,
    pub(super) notes: Notes,
    /// How often each heading gave its name to a table.
    labels: BTreeMap<String, usize>,
    /// How many notes were written.
    pub(super) alerts: usize,
    /// The title of the callout that opened right before, to be.
    pub(super) callout: Option<Title>,
    /// What ends the paragraph that is such a title.
    title_end: Option<&'static str>,
}

struct OpenHeading<'a> {
    /// Where it begins in `out`.
    at: usize,
    words: usize,
    level: u8,
    /// `None` where `parse` saw no such heading.
    heading: Option<&'a Heading>,
    is_title: bool,
}

struct CodeBlock {
    /// Where it begins in the body.
    at: usize,
    info: String,
    text: String,
}

/// In bytes: more is a sentence.
const LONG_CELL: usize = 40;

struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_body: bool,
    /// Where the current cell begins in `out`, and the words before it.
    cell: (usize, usize),
    /// The same of the head.
    head: (usize, usize),
}

impl<'a> Writer<'a> {
    fn event(&mut self, event: Event<'_>, at: usize) {
        if self.alternative.is_some() {
            return self.alternative_event(event);
        }
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.text.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) => {
                self.out.push_str("<code>");
                self.text(&text);
                self.out.push_str("</code>");
            }
            Event::InlineMath(source) => self.math(&source, false),
            Event::DisplayMath(source) => self.math(&source, true),
            Event::Html(html) => match &mut self.html_block {
                Some(block) => block.push_str(&html),
                None => self.raw_html(&html),
            },
            Event::InlineHtml(html) => self.raw_html(&html),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.block("<hr>\n"),
            Event::TaskListMarker(done) => self.task(done),
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        let title = if is_inline(&tag) { None } else { self.callout.take() };
        match tag {
            // What raw HTML opens here stays open: Markdown may follow inside of it.
            Tag::HtmlBlock => {
                self.html_block = Some(String::new());
                return;
            }
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(CodeBlock { at, info, text: String::new() });
                return;
            }
            Tag::Image { dest_url, title, .. } => {
                return self.start_image(&dest_url, &title);
            }
            Tag::Paragraph => match title {
                Some(title) => {
                    self.block(&title.open);
                    self.title_end = Some(title.close);
                }
                None => self.block("<p>"),
            },
            Tag::Heading { level, .. } => self.start_heading(level as u8, at),
            Tag::BlockQuote(None) => self.block("<blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.start_alert(kind),
            Tag::List(None) => self.block("<ul>\n"),
            Tag::List(Some(first)) => self.start_ordered_list(first),
            Tag::Item => self.block("<li>"),
            Tag::FootnoteDefinition(label) => self.start_footnote(label.into_string()),
            Tag::DefinitionList => self.block("<dl>\n"),
            Tag::DefinitionListTitle => self.block("<dt>"),
            Tag::DefinitionListDefinition => self.block("<dd>"),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_head(),
            Tag::TableRow => self.start_row(),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Superscript => self.out.push_str("<sup>"),
            Tag::Subscript => self.out.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.start_link(link_type, &dest_url, &title);
            }
            Tag::MetadataBlock(_) => self.aside(),
        }
        self.depth += 1;
        self.open.push(None);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => {
                let block = self.html_block.take().unwrap_or_default();
                self.line();
                return self.raw_html(&block);
            }
            TagEnd::CodeBlock => return self.code_block(),
            // Its events were swallowed up to its end.
            TagEnd::Image => return,
            _ => {}
        }
        self.close_raw();
        self.depth -= 1;
        match tag {
            TagEnd::Paragraph => self.out.push_str(self.title_end.take().unwrap_or("</p>\n")),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(None) => self.block("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.block("</div>\n"),
            TagEnd::List(true) => self.block("</ol>\n"),
            TagEnd::List(false) => self.block("</ul>\n"),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::DefinitionList => self.block("</dl>\n"),
            TagEnd::DefinitionListTitle => self.out.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.out.push_str("</dd>\n"),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.end_head(),
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Superscript => self.out.push_str("</sup>"),
            TagEnd::Subscript => self.out.push_str("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::MetadataBlock(_) => {
                self.end_aside();
            }
            TagEnd::HtmlBlock | TagEnd::CodeBlock | TagEnd::Image => {}
        }
    }

    /// Writes words.
    pub(super) fn text(&mut self, text: &str) {
        self.words += text.trim().len();
        push(&mut self.out, text);
    }

    /// Writes a tag that begins a line.
    pub(super) fn block(&mut self, tag: &str) {
        self.line();
        self.out.push_str(tag);
    }

    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// What is written from here on stands elsewhere.
    pub(super) fn aside(&mut self) {
        self.aside.push(std::mem::take(&mut self.out));
    }

    /// Returns what was written since [`Self::aside`].
    pub(super) fn end_aside(&mut self) -> String {
        let before = self.aside.pop().unwrap_or_default();
        std::mem::replace(&mut self.out, before)
    }

    fn math(&mut self, source: &str, is_display: bool) {
        self.words += source.len();
        math::push_math(&mut self.out, source, is_display);
    }

    fn start_heading(&mut self, level: u8, at: usize) {
        let rest = &self.headings[self.next_heading.min(self.headings.len())..];
        self.next_heading += rest.iter().take_while(|(heading, _)| heading.span.start < at).count();
        let known =
            self.headings.get(self.next_heading).filter(|(heading, _)| heading.span.start == at);
        let heading = known.map(|(heading, _)| *heading);
        let level =
            known.map_or((level + self.place.heading_shift).clamp(2, 6), |(_, level)| *level);
        self.section = heading.or(self.section);
        let is_title = heading.is_some()
            && heading.map(|heading| heading.span)
                == self.document.opening_heading().map(|heading| heading.span);
        if is_title {
            self.aside();
        } else {
            self.line();
        }
        self.heading =
            Some(OpenHeading { at: self.out.len(), words: self.words, level, heading, is_title });
        self.out.push_str(&format!("<h{level}"));
        if let Some(heading) = heading {
            let id = element_id(self.place.id_prefix, &heading.id);
            attribute(&mut self.out, "id", &id);
        }
        self.out.push('>');
    }

    fn end_heading(&mut self) {
        let Some(open) = self.heading.take() else { return };
        if open.is_title {
            self.end_aside();
            return;
        }
        // A heading without words would be a stop without a name.
        if self.words == open.words {
            self.out.truncate(open.at);
            return;
        }
        // The page that prints all is for paper, where there is nothing to point at.
        if let (Some(heading), None) = (open.heading, self.place.same_page) {
            let id = element_id(self.place.id_prefix, &heading.id);
            self.out.push_str("<a class=\"anchor\"");
            attribute(&mut self.out, "href", &address::relative("", "", Some(&id)));
            attribute(&mut self.out, "aria-label", &format!("Link to {}", heading.text));
            self.out.push_str(">#</a>");
        }
        self.out.push_str(&format!("</h{}>\n", open.level));
    }

    fn start_alert(&mut self, kind: BlockQuoteKind) {
        let (look, word) = match kind {
            BlockQuoteKind::Note => ("note", "Note"),
            BlockQuoteKind::Tip => ("tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important"),
            BlockQuoteKind::Warning => ("warning", "Warning"),
            BlockQuoteKind::Caution => ("caution", "Caution"),
        };
        let title = self.start_note(look);
        self.out.push_str(&format!("{title}{word}</p>\n"));
    }

    fn start_ordered_list(&mut self, first: u64) {
        let is_runbook =
            self.document.meta.kind.as_ref().is_some_and(|kind| kind.value == "runbook");
        self.block("<ol");
        if is_runbook && self.depth == 0 {
            self.out.push_str(" class=\"steps\"");
        }
        if first != 1 {
            attribute(&mut self.out, "start", &first.to_string());
        }
        self.out.push_str(">\n");
    }

    /// The mark stands right behind the tags that open its item.
    fn task(&mut self, done: bool) {
        for open in ["<li>", "<li>\n<p>"] {
            if let Some(before) = self.out.strip_suffix(open).map(str::len) {
                self.out.insert_str(before + "<li".len(), " class=\"task\"");
            }
        }
        let (checked, label) = if done { (" checked", "Done") } else { ("", "Open") };
        self.out.push_str(&format!(
            "<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "
        ));
    }

    /// Returns a name for something below the last heading, that nothing else on the page has.
    pub(super) fn label(&mut self, what: &str) -> String {
        let title = self.document.title.as_str();
        let mut name = self.section.map_or(title, |heading| heading.text.as_str()).to_owned();
        if self.place.same_page.is_some() && name != title {
            name = format!("{title}, {name}");
        }
        let count = self.labels.entry(format!("{what}: {name}")).or_default();
        *count += 1;
        if *count == 1 { format!("{what}: {name}") } else { format!("{what} {count}: {name}") }
    }

    fn start_table(&mut self, alignments: Vec<Alignment>) {
        let label = self.label("Table");
        self.block("<div class=\"tw\" role=\"region\"");
        attribute(&mut self.out, "aria-label", &label);
        self.out.push_str(" tabindex=\"0\"><table>\n");
        self.table = Some(Table {
            alignments,
            column: 0,
            in_head: false,
            has_body: false,
            cell: (0, 0),
            head: (0, 0),
        });
    }

    fn end_table(&mut self) {
        let has_body = self.table.take().is_some_and(|table| table.has_body);
        self.out.push_str(if has_body { "</tbody></table></div>\n" } else { "</table></div>\n" });
    }

    fn start_head(&mut self) {
        let head = (self.out.len(), self.words);
        if let Some(table) = &mut self.table {
            table.in_head = true;
            table.head = head;
        }
        self.out.push_str("<thead><tr>");
    }

    fn end_head(&mut self) {
        let Some(table) = &mut self.table else { return };
        table.in_head = false;
        if table.head.1 == self.words {
            self.out.truncate(table.head.0);
        } else {
            self.out.push_str("</tr></thead>\n");
        }
    }

    fn start_row(&mut self) {
        let Some(table) = &mut self.table else { return };
        table.column = 0;
        if !table.has_body {
            table.has_body = true;
            self.out.push_str("<tbody>\n");
        }
        self.out.push_str("<tr>");
    }

    fn start_cell(&mut self) {
        let Some(table) = &mut self.table else { return };
        table.cell = (self.out.len(), self.words);
        self.out.push_str(if table.in_head { "<th scope=\"col\"" } else { "<td" });
        self.out.push_str(table.class());
        self.out.push('>');
    }

    fn end_cell(&mut self) {
        let Some(table) = &mut self.table else { return };
        if !table.in_head {
            // On a phone a column of sentences would be as narrow as one of words.
            if self.words - table.cell.1 > LONG_CELL && table.class().is_empty() {
                self.out.insert_str(table.cell.0 + "<td".len(), " class=\"text\"");
            }
            self.out.push_str("</td>");
        } else if table.cell.1 == self.words {
            // A head without words heads nothing.
            self.out.truncate(table.cell.0);
            self.out.push_str("<td></td>");
        } else {
            self.out.push_str("</th>");
        }
        table.column += 1;
    }

    fn code_block(&mut self) {
        let Some(block) = self.code.take() else { return };
        self.line();
        let diagram = self
            .document
            .diagrams
            .iter()
            .find(|diagram| (diagram.span.start..diagram.span.end).contains(&block.at));
        match diagram {
            Some(diagram) => self.diagram(diagram, &block.text),
            None => match self.place.blocks {
                Some(blocks) => blocks.push(&mut self.out, &block.info, &block.text),
                None => code::push_block(&mut self.out, &block.info, &block.text),
            },
        }
    }

    fn diagram(&mut self, diagram: &Diagram, source: &str) {
        let drawing = match &diagram.drawing {
            Ok(drawing) => drawing,
            Err(reason) => {
                code::push_block(&mut self.out, "mermaid", source);
                self.out.push_str("<p class=\"quiet\">This diagram could not be drawn: ");
                self.text(reason);
                self.out.push_str("</p>\n");
                return;
            }
        };
        let alternative = drawing.alt.clone().unwrap_or_else(|| self.label("Diagram"));
        let url = asset::diagram_url(drawing);
        let url = address::relative(self.place.url, &url, None);
        let (width, height) = shown_size(drawing.width, drawing.height);
        self.out.push_str(
            "<figure class=\"diagram\"><div role=\"group\" aria-label=\"Diagram\" tabindex=\"0\"><img",
        );
        attribute(&mut self.out, "src", &url);
        attribute(&mut self.out, "alt", &alternative);
        attribute(&mut self.out, "width", &width.to_string());
        attribute(&mut self.out, "height", &height.to_string());
        self.lazy();
        self.out.push_str("></div>\n<figcaption><a");
        attribute(&mut self.out, "href", &url);
        self.out.push_str(
            ">Open the diagram</a></figcaption>\n<details><summary>Diagram source</summary><pre tabindex=\"0\"><code>",
        );
        self.text(source);
        self.out.push_str("</code></pre></details></figure>\n");
    }

    /// An image far down is loaded when it is near; on paper there is no near.
    pub(super) fn lazy(&mut self) {
        if self.place.same_page.is_none() {
            attribute(&mut self.out, "loading", "lazy");
        }
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// Returns the size in which a diagram stands on a page: within the measure, unless its letters became too small to read.
pub(super) fn shown_size(width: u32, height: u32) -> (u32, u32) {
    const MEASURE: f64 = 736.0;
    // Letters of 16px are then 13px; what is still too wide scrolls.
    const LEAST: f64 = 13.0 / 16.0;
    let scale = (MEASURE / f64::from(width)).clamp(LEAST, 1.0);
    let scaled = |length: u32| (f64::from(length) * scale).round() as u32;
    (scaled(width), scaled(height))
}

impl Table {
    fn class(&self) -> &'static str {
        match self.alignments.get(self.column) {
            Some(Alignment::Right) => " class=\"num\"",
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Left | Alignment::None) | None => "",
        }
    }
}
