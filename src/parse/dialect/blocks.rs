//! Blocks of other tools → blocks of ours: `!!!` and `???`, `=== "tabs"`, `:::` containers, `///` blocks, callouts of any
//! kind, and fences that hold a callout.
//!
//! One walk over the lines. A block becomes an HTML element of our own (see [`crate::parse::dialect::callout`]) with what
//! stands in it as Markdown, so that nothing else has to know of it. What is no such block is copied as it is.

use crate::parse::dialect::Dialect;
use crate::parse::dialect::callout::{self, Shape};
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Returns the body with its blocks in our form; `None` where it has none.
pub fn blocks(body: &str, dialect: Dialect) -> Option<Rewriting> {
    if !body.lines().any(may_begin_block) {
        return None;
    }
    let mut walk = Walk {
        body,
        dialect,
        out: Rewriting::default(),
        open: Vec::new(),
        fence: None,
        options: false,
    };
    let mut at = 0;
    let mut any = false;
    while at < body.len() {
        let end = body[at..].find('\n').map_or(body.len(), |newline| at + newline + 1);
        any |= walk.line(at, end);
        at = end;
    }
    walk.close_to(0, body.len());
    any.then_some(walk.out)
}

/// Tells whether a line has the marks of a block: most documents have none, and what GitHub knows needs no help.
fn may_begin_block(line: &str) -> bool {
    let text = line.trim();
    match text.as_bytes() {
        [sign @ (b'!' | b'?' | b'=' | b':' | b'/'), rest @ ..] => rest.starts_with(&[*sign; 2]),
        [b'>', ..] => callout_in_quote(text).is_some(),
        [b'`' | b'~', ..] => text.contains("ad"),
        _ => false,
    }
}

/// The `///` blocks that only shape how something looks.
const SHAPES: &[&str] = &[
    "html",
    "caption",
    "figure-caption",
    "table-caption",
    "collapse-code",
    "define",
    "fancylists",
];

/// Around what is shown as it is written.
const CODE: &str = "~~~~~~~~";

/// Tells whether a line begins a block that mkdocstrings or mkdocs-click fills in: `::: package.module`.
pub fn is_generated(text: &str) -> bool {
    text.strip_prefix("::: ").is_some_and(|name| name.trim_start().starts_with(char::is_alphabetic))
}

/// Deeper than people nest, and few enough for each line to look at them all.
const MOST_OPEN: usize = 50;

struct Walk<'a> {
    body: &'a str,
    dialect: Dialect,
    out: Rewriting,
    /// The blocks that are open, outermost first.
    open: Vec<Open>,
    /// The code fence that is open in the innermost block.
    fence: Option<Fence>,
    /// The lines of options of a block may still go on.
    options: bool,
}

struct Open {
    holds: Holds,
    /// The white space before its first line: it may stand in a list.
    indent: String,
    element: &'static str,
}

/// What keeps a line within a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Four columns more than its first line has.
    Indent(usize),
    /// A `>` before each line.
    Quote,
    /// All up to as many colons.
    Colons(usize),
    /// All up to just as many slashes.
    Slashes(usize),
    /// All up to its fence.
    Fence(u8, usize),
}

#[derive(Clone, Copy)]
struct Fence {
    sign: u8,
    length: usize,
}

impl Walk<'_> {
    /// Takes a line, and tells whether a block begins in it.
    fn line(&mut self, start: usize, end: usize) -> bool {
        let mut at = start;
        for depth in 0..self.open.len() {
            match self.held(depth, at, end) {
                Some(next) => at = next,
                None => {
                    self.close_to(depth, start);
                    break;
                }
            }
        }
        let line = Line::new(self.body, at, end);
        if self.ends_block(&line) {
            return false;
        }
        if let Some(fence) = self.fence {
            if line.closes(fence) {
                self.fence = None;
            }
            self.out.copy(self.body, Span { start: at, end });
            return false;
        }
        if self.open.last().is_some_and(|open| open.element == CODE) {
            if !line.is_blank() {
                self.out.copy(self.body, Span { start: at, end });
            }
            return false;
        }
        if self.dialect == Dialect::MkDocs && is_generated(line.text) {
            return self.show(&line, end);
        }
        if self.options && line.indent >= 4 && line.text.contains(':') {
            return false;
        }
        self.options = false;
        if let Some(length) = self.passes_by(&line) {
            let indent = self.body[line.start..line.at].to_owned();
            self.out.put("\n", Span { start: line.at, end: line.at });
            self.open.push(Open { holds: Holds::Slashes(length), indent, element: "" });
            self.options = true;
            return true;
        }
        if let Some(opening) = self.opening(&line, end) {
            self.options = matches!(opening.holds, Holds::Slashes(_));
            self.begin(&line, opening);
            return true;
        }
        self.fence = line.fence();
        self.out.copy(self.body, Span { start: at, end });
        false
    }

    /// Returns where a line goes on within an open block; `None` where it is not in it.
    fn held(&self, depth: usize, at: usize, end: usize) -> Option<usize> {
        let line = Line::new(self.body, at, end);
        match self.open[depth].holds {
            Holds::Indent(indent) if line.is_blank() || line.indent >= indent + 4 => {
                let rest = self.body[at..end].trim_end_matches(['\n', '\r']);
                let cut = if rest.starts_with('\t') {
                    1
                } else {
                    rest.bytes().take(4).take_while(|byte| *byte == b' ').count()
                };
                Some(at + cut)
            }
            Holds::Indent(_) => None,
            Holds::Quote => {
                let rest = line.text.strip_prefix('>')?;
                let space = usize::from(rest.starts_with(' '));
                Some(line.at + 1 + space)
            }
            Holds::Colons(_) | Holds::Slashes(_) | Holds::Fence(..) => Some(at),
        }
    }

    /// Closes the block that a line of colons, or of its fence, ends.
    fn ends_block(&mut self, line: &Line<'_>) -> bool {
        let marks = line.text.trim_end();
        let in_fence = self.fence.is_some();
        let ended = self.open.iter().rposition(|open| match open.holds {
            Holds::Colons(length) => {
                !in_fence && marks.len() >= length && marks.bytes().all(|byte| byte == b':')
            }
            Holds::Slashes(length) => {
                !in_fence && marks.len() == length && marks.bytes().all(|byte| byte == b'/')
            }
            Holds::Fence(sign, length) => {
                marks.len() >= length && marks.bytes().all(|byte| byte == sign)
            }
            Holds::Indent(_) | Holds::Quote => false,
        });
        let Some(depth) = ended else { return false };
        self.close_to(depth, line.at);
        true
    }

    /// Closes all blocks from a depth on.
    fn close_to(&mut self, depth: usize, at: usize) {
        let place = Span { start: at, end: at };
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else { return };
            let mut words = String::new();
            if !self.out.ends_line() {
                words.push('\n');
            }
            if let Some(fence) = self.fence.take() {
                let fence = char::from(fence.sign).to_string().repeat(fence.length);
                words += &format!("{}{fence}\n", open.indent);
            }
            words += &match open.element {
                CODE => format!("{}{CODE}\n\n", open.indent),
                "" => "\n".to_owned(),
                element => format!("\n{}</{element}>\n\n", open.indent),
            };
            self.out.put(&words, place);
        }
    }

    fn begin(&mut self, line: &Line<'_>, opening: Opening) {
        let indent = self.body[line.start..line.at].to_owned();
        let place = Span { start: line.at, end: line.at + line.text.trim_end().len() };
        let Opening { holds, shape, kind, title } = opening;
        let own_title = title.filter(|title| title.start < title.end);
        let tag = callout::opening_tag(shape, &kind, title.map(|title| title.start < title.end));
        let before = if self.out.ends_line() { "" } else { "\n" };
        self.out.put(&format!("{before}\n{indent}{tag}\n\n"), place);
        if let Some(title) = own_title {
            // In a tag of its own it is a paragraph, whatever it begins with.
            self.out.put(&format!("{indent}<span>"), title);
            self.out.copy(self.body, title);
            self.out.put("</span>\n\n", title);
        }
        self.open.push(Open { holds, indent, element: shape.element() });
    }

    /// Returns the length of the marks of a block that shapes only how something looks: `/// html | div`, `/// caption`.
    fn passes_by(&self, line: &Line<'_>) -> Option<usize> {
        let text = line.text.trim_end();
        let rest = text.trim_start_matches('/');
        let length = text.len() - rest.len();
        let name = rest.trim_start().split([' ', '|']).next().unwrap_or_default();
        let is_shape = SHAPES.contains(&name) && rest.starts_with([' ', '\t']);
        (self.dialect == Dialect::MkDocs && length >= 3 && is_shape && self.open.len() < MOST_OPEN)
            .then_some(length)
    }

    /// Begins a block that is shown as it is written.
    fn show(&mut self, line: &Line<'_>, end: usize) -> bool {
        let indent = self.body[line.start..line.at].to_owned();
        let before = if self.out.ends_line() { "" } else { "\n" };
        self.out.put(&format!("{before}\n{indent}{CODE}\n"), Span { start: line.at, end: line.at });
        self.out.copy(self.body, Span { start: line.start, end });
        self.open.push(Open { holds: Holds::Indent(line.indent), indent, element: CODE });
        true
    }

    fn opening(&self, line: &Line<'_>, end: usize) -> Option<Opening> {
        let is_code = line.indent >= 4 && self.dialect != Dialect::MkDocs;
        if is_code || self.open.len() >= MOST_OPEN {
            return None;
        }
        let text = line.text.trim_end();
        match text.bytes().next()? {
            b'!' | b'?' | b'=' => {
                let opening = self.mkdocs(line, text)?;
                let is_followed = self.dialect == Dialect::MkDocs || self.next_is_inside(line, end);
                is_followed.then_some(opening)
            }
            b':' => colons(line, text),
            b'/' if self.dialect == Dialect::MkDocs => self.slashes(line, text, end),
            b'>' => quote(line, text),
            b'`' | b'~' => admonish(line, text),
            _ => None,
        }
    }

    /// `/// note | Title`, with options in the lines behind it: `    type: warning`, `    open: true`.
    fn slashes(&self, line: &Line<'_>, text: &str, end: usize) -> Option<Opening> {
        let rest = text.trim_start_matches('/');
        let length = text.len() - rest.len();
        let (name, title) = rest.split_once('|').unwrap_or((rest, ""));
        let (name, title) = (name.trim(), title.trim());
        let is_name = |char: char| char.is_alphanumeric() || char == '-' || char == '_';
        if length < 3
            || !rest.starts_with([' ', '\t'])
            || !name.starts_with(char::is_alphabetic)
            || !name.chars().all(is_name)
        {
            return None;
        }
        let options = self.body[end..].lines().take_while(|line| line.starts_with("    "));
        let option = |wanted: &str| {
            let mut options = options.clone().filter_map(|line| line.split_once(':'));
            let (_, value) = options.find(|(name, _)| name.trim() == wanted)?;
            Some(value.trim().trim_matches(['"', '\'']).to_lowercase())
        };
        let kind = option("type").unwrap_or_else(|| name.to_lowercase());
        let shape = match name {
            "tab" => Shape::Tab,
            name if name.starts_with("details") && option("open").as_deref() == Some("true") => {
                Shape::OpenDetails
            }
            name if name.starts_with("details") => Shape::Details,
            _ => Shape::Note,
        };
        let kind = kind.trim_start_matches("details-").to_owned();
        let kind = if kind == "admonition" || shape == Shape::Tab { "note".into() } else { kind };
        let start = line.at + text.len() - title.len();
        let title = (!title.is_empty()).then_some(Span { start, end: start + title.len() });
        Some(Opening { holds: Holds::Slashes(length), shape, kind, title })
    }

    /// Tells whether the next line that is not blank stands in the block that a line opens.
    fn next_is_inside(&self, line: &Line<'_>, end: usize) -> bool {
        let mut at = end;
        for next in self.body[end..].split_inclusive('\n').take(3) {
            let next_line = Line::new(self.body, at, at + next.len());
            if !next_line.is_blank() {
                return next_line.indent >= line.indent + 4;
            }
            at += next.len();
        }
        false
    }

    /// `!!! note "Title"`, `???+ note`, `=== "Tab"`.
    fn mkdocs(&self, line: &Line<'_>, text: &str) -> Option<Opening> {
        let holds = Holds::Indent(line.indent);
        if let Some(rest) = text.strip_prefix("===") {
            let rest = rest.trim_start_matches(['!', '+']);
            let title = quoted(line, rest.trim_start_matches([' ', '\t']))?;
            return Some(Opening {
                holds,
                shape: Shape::Tab,
                kind: String::new(),
                title: Some(title),
            });
        }
        let (shape, rest) = match text.split_at_checked(3)? {
            ("!!!", rest) => (Shape::Note, rest),
            ("???", rest) => match rest.strip_prefix('+') {
                Some(rest) => (Shape::OpenDetails, rest),
                None => (Shape::Details, rest),
            },
            _ => return None,
        };
        let words = rest.trim_start_matches([' ', '\t']);
        let (kinds, title) = match words.find('"') {
            Some(quote) => (&words[..quote], Some(quoted(line, &words[quote..])?)),
            None => (words, None),
        };
        let kinds = kinds.trim();
        let is_kind = |char: char| char.is_alphanumeric() || "-_ ".contains(char);
        if !kinds.chars().all(is_kind)
            || kinds.is_empty() && (title.is_none() || shape == Shape::Note)
        {
            return None;
        }
        let kind = kinds.split_whitespace().next().unwrap_or("note").to_lowercase();
        Some(Opening { holds, shape, kind, title })
    }
}

/// The first line of a block.
struct Opening {
    holds: Holds,
    shape: Shape,
    kind: String,
    /// Where its own title stands; empty where it says that there is to be none.
    title: Option<Span>,
}

/// Returns where a title in quotes stands that ends its line.
fn quoted(line: &Line<'_>, quoted: &str) -> Option<Span> {
    let inner = quoted.trim_end().strip_prefix('"')?.strip_suffix('"')?;
    let start = line.at + line.text.trim_end().len() - quoted.trim_end().len() + 1;
    Some(Span { start, end: start + inner.len() })
}

/// `::: warning Title`, `:::note[Title]`, `:::{note} Title`, `::: {.callout-note}`.
fn colons(line: &Line<'_>, text: &str) -> Option<Opening> {
    let rest = text.trim_start_matches(':');
    let length = text.len() - rest.len();
    let words = rest.trim_start().trim_start_matches(['{', '.']);
    let end = words
        .find(|char: char| !(char.is_alphanumeric() || char == '-' || char == '_'))
        .unwrap_or(words.len());
    if length < 3 || end == 0 {
        return None;
    }
    let kind = words[..end].trim_start_matches("callout-").to_lowercase();
    let title = words[end..].trim_start_matches('}');
    // `{title="…"}` and `{.class}` are no words of the reader's.
    let title = if title.trim_start().starts_with('{') { "" } else { title.trim() };
    let title = title.strip_prefix('[').and_then(|title| title.strip_suffix(']')).unwrap_or(title);
    let shape = if kind == "details" { Shape::Details } else { Shape::Note };
    let start = line.at + text.rfind(title).unwrap_or_default();
    let title = (!title.is_empty()).then_some(Span { start, end: start + title.len() });
    Some(Opening { holds: Holds::Colons(length), shape, kind, title })
}

/// `> [!info]- Title`
fn quote(line: &Line<'_>, text: &str) -> Option<Opening> {
    let (shape, kind, title) = callout_in_quote(text)?;
    let start = line.at + text.len() - title.len();
    let title = (!title.is_empty()).then_some(Span { start, end: start + title.len() });
    Some(Opening { holds: Holds::Quote, shape, kind, title })
}

/// Returns the shape, the kind and the title of a callout in a quote. What GitHub knows, in its own form, needs no help.
fn callout_in_quote(text: &str) -> Option<(Shape, String, &str)> {
    let inner = text[1..].trim_start();
    let (kind, rest) = inner.strip_prefix("[!")?.split_once(']')?;
    let kind = kind.split('|').next().unwrap_or_default().trim();
    if kind.is_empty() || !kind.chars().all(|char| char.is_alphanumeric() || "-_ ".contains(char)) {
        return None;
    }
    let (shape, title) = match rest.as_bytes().first() {
        Some(b'-') => (Shape::Details, &rest[1..]),
        Some(b'+') => (Shape::OpenDetails, &rest[1..]),
        _ => (Shape::Note, rest),
    };
    if !rest.is_empty() && shape == Shape::Note && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let title = title.trim();
    let kind = kind.to_lowercase();
    let is_githubs = title.is_empty() && shape == Shape::Note && callout::is_githubs(&kind);
    (!is_githubs).then_some((shape, kind, title))
}

/// ```` ```admonish warning "Title" ```` of mdbook-admonish, ```` ```ad-note ```` of Obsidian.
fn admonish(line: &Line<'_>, text: &str) -> Option<Opening> {
    let fence = line.fence()?;
    let info = text[fence.length..].trim();
    let words = match info.strip_prefix("admonish") {
        Some(words) if words.is_empty() || words.starts_with(' ') => words.trim(),
        Some(_) => return None,
        None => info.strip_prefix("ad-")?,
    };
    let kind = words.split([' ', '"', '.']).next().unwrap_or_default();
    let kind = if kind.contains('=') || kind.is_empty() { "note" } else { kind };
    let shape = if words.contains("collapsible=true") { Shape::Details } else { Shape::Note };
    let title = words.find('"').and_then(|open| {
        let length = words[open + 1..].find('"')?;
        let start = line.at + text.len() - words.len() + open + 1;
        Some(Span { start, end: start + length })
    });
    let holds = Holds::Fence(fence.sign, fence.length);
    Some(Opening { holds, shape, kind: kind.to_lowercase(), title })
}

/// A line, or what is left of it within the blocks that are open.
struct Line<'a> {
    start: usize,
    /// Where its text begins.
    at: usize,
    /// In columns; a tab goes to the next fourth.
    indent: usize,
    /// With its end.
    text: &'a str,
}

impl<'a> Line<'a> {
    fn new(body: &'a str, start: usize, end: usize) -> Self {
        let line = &body[start..end];
        let text = line.trim_start_matches([' ', '\t']);
        let at = end - text.len();
        let indent = line[..at - start].bytes().fold(0, |column, byte| match byte {
            b'\t' => column / 4 * 4 + 4,
            _ => column + 1,
        });
        Self { start, at, indent, text }
    }

    fn is_blank(&self) -> bool {
        self.text.trim_end().is_empty()
    }

    /// Returns the code fence that it opens, also within quotes and list items.
    fn fence(&self) -> Option<Fence> {
        let mut text = self.text;
        loop {
            let sign = *text.as_bytes().first()?;
            if [b'`', b'~'].contains(&sign) {
                let length = text.bytes().take_while(|byte| *byte == sign).count();
                let is_fence = length >= 3 && (sign == b'~' || !text[length..].contains('`'));
                return is_fence.then_some(Fence { sign, length });
            }
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let marks: &[char] = if digits > 0 { &['.', ')'] } else { &['>', '-', '*', '+'] };
            let rest = text[digits..].strip_prefix(marks)?;
            if sign != b'>' && !rest.starts_with([' ', '\t']) {
                return None;
            }
            text = rest.trim_start_matches([' ', '\t']);
        }
    }

    fn closes(&self, fence: Fence) -> bool {
        let marks = self.text.trim_start_matches(['>', ' ', '\t']).trim_end();
        marks.len() >= fence.length && marks.bytes().all(|byte| byte == fence.sign)
    }
}
