//! Markdown → the blocks that a reader sees, each as words with their style.

use std::hash::{Hash, Hasher};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use crate::parse::dialect::BY_NAME;
use crate::parse::markdown;

/// A block without blocks in it.
///
/// An item that has another number, because one before it came or went, is the same.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) number: Option<u64>,
    pub(super) cells: Vec<Vec<Token>>,
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.cells == other.cells
    }
}

impl Eq for Block {}

impl Hash for Block {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
        self.cells.hash(state);
    }
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A heading of this level.
    Heading(u8),
    Paragraph,
    /// An item of a list, so many lists deep.
    Item {
        depth: u8,
        ordered: bool,
    },
    /// A paragraph of a quotation or an alert.
    Quote,
    /// A line of code.
    Code {
        language: String,
    },
    /// A row of a table.
    Cells {
        head: bool,
    },
    /// Raw HTML, as it is written.
    Html,
    /// A thematic break.
    Rule,
}

/// How words are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Style {
    pub strong: bool,
    pub emphasis: bool,
    pub struck: bool,
    pub code: bool,
    /// Where they lead.
    pub link: Option<String>,
    /// They stand for an image: its address.
    pub image: Option<String>,
}

/// A word, a blank, or a sign. A span of code, an image and math are one token each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) style: Style,
}

impl Kind {
    pub(super) fn is_prose(&self) -> bool {
        matches!(self, Self::Paragraph | Self::Item { .. } | Self::Quote)
    }
}

impl Block {
    /// Returns its tokens without blanks.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let tokens = self.cells.iter().flatten().map(|token| token.text.as_str());
        tokens.filter(|text| !text.trim().is_empty())
    }
}

/// Returns the blocks of a body.
pub(super) fn blocks(body: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for (event, _) in markdown::events(body) {
        reader.event(event);
    }
    reader.end();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// The cells of the block that is open; the last one grows.
    cells: Vec<Vec<Token>>,
    kind: Option<Kind>,
    number: Option<u64>,
    /// The number of the next item in each list that is open.
    lists: Vec<Option<u64>>,
    quotes: u32,
    /// The language and the text of the code that is open.
    code: Option<(String, String)>,
    head: bool,
    style: Style,
    /// The links, images and styles that are open, to go back to.
    outer: Vec<Style>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.close(end),
            Event::Text(text) if self.code.is_some() => {
                // It comes in pieces, cut at line ends of two characters.
                if let Some((_, code)) = &mut self.code {
                    code.push_str(&text);
                }
            }
            Event::Text(text) => self.words(&text),
            Event::Code(text) => self.whole(&text, |style| style.code = true),
            Event::InlineMath(text) => self.whole(&format!("${text}$"), |style| style.code = true),
            Event::DisplayMath(text) => {
                self.whole(&format!("$${text}$$"), |style| style.code = true);
            }
            Event::Html(text) => {
                self.open(Kind::Html);
                self.words(text.trim_end());
                self.end();
            }
            Event::InlineHtml(text) => self.whole(&text, |style| style.code = true),
            Event::FootnoteReference(label) => self.whole(&format!("[^{label}]"), |_| {}),
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            Event::Rule => {
                self.open(Kind::Rule);
                self.end();
            }
            Event::TaskListMarker(done) => {
                self.token(if done { "☑" } else { "☐" }.to_owned());
                self.words(" ");
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.open(Kind::Heading(number(level))),
            Tag::Paragraph => self.paragraph(),
            Tag::BlockQuote(_) => {
                self.end();
                self.quotes += 1;
            }
            Tag::List(first) => {
                self.end();
                self.lists.push(first);
            }
            Tag::Item => {
                let depth = u8::try_from(self.lists.len()).unwrap_or(u8::MAX);
                let number = self.lists.last().copied().flatten();
                if let Some(Some(next)) = self.lists.last_mut() {
                    *next += 1;
                }
                self.open(Kind::Item { depth, ordered: number.is_some() });
                self.number = number;
            }
            Tag::CodeBlock(kind) => {
                self.end();
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::Table(_) => self.end(),
            Tag::TableHead => {
                self.head = true;
                self.open(Kind::Cells { head: true });
            }
            Tag::TableRow => self.open(Kind::Cells { head: false }),
            Tag::TableCell => self.cells.push(Vec::new()),
            Tag::FootnoteDefinition(label) => {
                self.open(Kind::Paragraph);
                self.words(&format!("[^{label}] "));
            }
            Tag::DefinitionListTitle | Tag::DefinitionListDefinition => self.open(Kind::Paragraph),
            Tag::Strong => self.styled(|style| style.strong = true),
            Tag::Emphasis => self.styled(|style| style.emphasis = true),
            Tag::Strikethrough => self.styled(|style| style.struck = true),
            Tag::Link { dest_url, .. } => {
                self.styled(|style| style.link = Some(address(&dest_url)));
            }
            Tag::Image { dest_url, .. } => {
                self.styled(|style| style.image = Some(address(&dest_url)));
            }
            Tag::HtmlBlock
            | Tag::DefinitionList
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn close(&mut self, end: TagEnd) {
        match end {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link => {
                self.style = self.outer.pop().unwrap_or_default();
            }
            TagEnd::Image => {
                // One without words is still there.
                let style = self.style.clone();
                let shows = self.cells.last().and_then(|cell| cell.last());
                if shows.is_none_or(|token| token.style != style) {
                    self.token(String::new());
                }
                self.style = self.outer.pop().unwrap_or_default();
            }
            TagEnd::CodeBlock => {
                self.end();
                if let Some((language, text)) = self.code.take() {
                    self.lines(&language, &text);
                }
            }
            TagEnd::List(_) => {
                self.end();
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.end();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::TableHead => {
                self.end();
                self.head = false;
            }
            TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::TableRow
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition => self.end(),
            TagEnd::TableCell
            | TagEnd::HtmlBlock
            | TagEnd::DefinitionList
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Opens a paragraph; the first one of an item is the item itself.
    fn paragraph(&mut self) {
        let is_fresh = self.cells.iter().all(Vec::is_empty);
        let holds = matches!(self.kind, Some(Kind::Item { .. })) && is_fresh;
        // The label of a footnote stands before its first paragraph.
        let labeled = self.kind == Some(Kind::Paragraph);
        if !holds && !labeled {
            self.open(if self.quotes > 0 { Kind::Quote } else { Kind::Paragraph });
        }
    }

    fn open(&mut self, kind: Kind) {
        self.end();
        self.cells = match kind {
            Kind::Cells { .. } => Vec::new(),
            _ => vec![Vec::new()],
        };
        self.kind = Some(kind);
    }

    fn end(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let number = self.number.take();
        let Some(kind) = self.kind.take() else { return };
        let says = cells.iter().any(|cell| !cell.is_empty());
        if says || matches!(kind, Kind::Rule | Kind::Item { .. }) {
            self.blocks.push(Block { kind, number, cells });
        }
    }

    fn styled(&mut self, change: impl FnOnce(&mut Style)) {
        self.outer.push(self.style.clone());
        change(&mut self.style);
    }

    fn whole(&mut self, text: &str, change: impl FnOnce(&mut Style)) {
        self.styled(change);
        self.token(text.to_owned());
        self.style = self.outer.pop().unwrap_or_default();
    }

    fn lines(&mut self, language: &str, text: &str) {
        for line in text.lines() {
            let token = Token { text: line.to_owned(), style: Style::default() };
            let kind = Kind::Code { language: language.to_owned() };
            self.blocks.push(Block { kind, number: None, cells: vec![vec![token]] });
        }
    }

    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let class = class(first);
            let end = match class {
                Class::Sign => first.len_utf8(),
                _ => rest.find(|char| self::class(char) != class).unwrap_or(rest.len()),
            };
            // However many blanks there are, one is seen.
            self.token(if class == Class::Blank { " ".into() } else { rest[..end].to_owned() });
            rest = &rest[end..];
        }
    }

    fn token(&mut self, text: String) {
        if self.kind.is_none() {
            self.open(if self.quotes > 0 { Kind::Quote } else { Kind::Paragraph });
        }
        let style = self.style.clone();
        if self.cells.is_empty() {
            self.cells.push(Vec::new());
        }
        if let Some(cell) = self.cells.last_mut() {
            cell.push(Token { text, style });
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Sign,
}

fn class(char: char) -> Class {
    if char.is_whitespace() {
        Class::Blank
    } else if is_syllable(char) {
        // Where words are not set apart by blanks, each sign is one.
        Class::Sign
    } else if char.is_alphanumeric() || char == '_' || !char.is_ascii() {
        Class::Word
    } else {
        Class::Sign
    }
}

/// Tells whether a character is of a script that is written without blanks: Thai to Khmer, kana, Han, Hangul.
fn is_syllable(char: char) -> bool {
    matches!(char, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

/// Returns an address as its author wrote it.
fn address(destination: &str) -> String {
    destination.strip_prefix(BY_NAME).unwrap_or(destination).to_owned()
}
