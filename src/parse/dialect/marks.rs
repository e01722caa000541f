//! What extensions of Python-Markdown mark within a line → HTML: `==mark==`, `^^insert^^`, `^sup^`, `~sub~`, `++ctrl+c++`, and
//! icons by their names. Each only where `mkdocs.yml` turns it on: elsewhere the signs are the text.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::parse::autolink::Autolinks;
use crate::parse::markdown;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Which signs mean something.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    pub mark: bool,
    pub insert: bool,
    pub superscript: bool,
    pub subscript: bool,
    pub keys: bool,
    pub icons: bool,
}

/// Returns the body with what is marked in HTML; `None` where nothing is.
pub fn marks(body: &str, marks: Marks) -> Option<Rewriting> {
    let holds = |is_on: bool, sign: &str| is_on && body.contains(sign);
    let any = holds(marks.mark, "==")
        || holds(marks.insert || marks.superscript, "^")
        || holds(marks.subscript, "~")
        || holds(marks.keys, "++")
        || holds(marks.icons, ":");
    if !any {
        return None;
    }
    let mut walk = Walk { body, marks, open: Vec::new(), found: Vec::new() };
    walk.take();
    let mut found = walk.found;
    found.sort();
    let mut out = Rewriting::default();
    let mut done = 0;
    for (span, words) in found {
        if span.start >= done {
            out.copy(body, Span { start: done, end: span.start });
            out.put(&words, span);
            done = span.end;
        }
    }
    if done == 0 {
        return None;
    }
    out.copy(body, Span { start: done, end: body.len() });
    Some(out)
}

struct Walk<'a> {
    body: &'a str,
    marks: Marks,
    /// The blocks and links that are open, outermost first.
    open: Vec<Holder>,
    found: Vec<(Span, String)>,
}

/// A block or a link.
#[derive(Default)]
struct Holder {
    has_words: bool,
    icons: Vec<Icon>,
    /// Where each kind of sign opened last, in the order of [`KINDS`].
    signs: [Option<usize>; 4],
    is_link: bool,
}

struct Icon {
    span: Span,
    name: String,
}

/// A sign that stands on both sides of what it marks, how often, and the element that it makes.
struct Kind {
    sign: u8,
    times: usize,
    element: &'static str,
    is_on: fn(&Marks) -> bool,
}

const KINDS: [Kind; 4] = [
    Kind { sign: b'=', times: 2, element: "mark", is_on: |marks| marks.mark },
    Kind { sign: b'^', times: 2, element: "ins", is_on: |marks| marks.insert },
    Kind { sign: b'^', times: 1, element: "sup", is_on: |marks| marks.superscript },
    Kind { sign: b'~', times: 1, element: "sub", is_on: |marks| marks.subscript },
];

impl Walk<'_> {
    fn take(&mut self) {
        // A single `~` is not to be taken for what strikes through.
        let options = markdown::options().difference(Options::ENABLE_STRIKETHROUGH);
        let parser = Parser::new_ext(self.body, options).into_offset_iter();
        // Alternative texts, code and addresses stay as they are.
        let mut closed = 0;
        self.open.push(Holder::default());
        for (event, range) in Autolinks::new(self.body, parser) {
            match event {
                Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => closed += 1,
                Event::End(TagEnd::Image | TagEnd::CodeBlock) => {
                    closed -= 1;
                    self.has_words();
                }
                Event::Start(Tag::Link { link_type, .. }) => {
                    let is_address = matches!(link_type, LinkType::Autolink | LinkType::Email);
                    closed += usize::from(is_address);
                    self.open.push(Holder {
                        is_link: true,
                        has_words: is_address,
                        ..Holder::default()
                    });
                }
                Event::End(TagEnd::Link) => {
                    closed = closed.saturating_sub(1);
                    self.close();
                }
                Event::Start(
                    Tag::Emphasis | Tag::Strong | Tag::List(_) | Tag::Table(_) | Tag::HtmlBlock,
                )
                | Event::End(
                    TagEnd::Emphasis
                    | TagEnd::Strong
                    | TagEnd::List(_)
                    | TagEnd::Table
                    | TagEnd::HtmlBlock,
                ) => {}
                Event::Start(_) => self.open.push(Holder::default()),
                Event::End(_) => self.close(),
                Event::Text(_) if closed == 0 => self.text(range.into()),
                Event::Text(_) | Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                    self.has_words();
                }
                _ => {}
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
    }

    fn has_words(&mut self) {
        if let Some(holder) = self.open.last_mut() {
            holder.has_words = true;
        }
    }

    /// Closes a block or a link: an icon that is all of it is shown by its name.
    fn close(&mut self) {
        let Some(holder) = self.open.pop() else { return };
        for icon in holder.icons {
            let name = &icon.name;
            let shown = match sign(name) {
                "" if holder.has_words => String::new(),
                "" => name.clone(),
                sign => sign.to_owned(),
            };
            self.found.push((icon.span, format!("<span title=\"{name}\">{shown}</span>")));
        }
        if holder.is_link {
            self.has_words();
        }
    }

    fn text(&mut self, range: Span) {
        let mut at = range.start;
        while at < range.end {
            let byte = self.body.as_bytes()[at];
            let next = match byte {
                b'=' | b'^' | b'~' => self.sign(at, range),
                b'+' if self.marks.keys => self.keys(at),
                b':' if self.marks.icons => self.icon(at, range),
                _ => None,
            };
            if next.is_none() && !byte.is_ascii_whitespace() {
                self.has_words();
            }
            at = next.unwrap_or(at + 1);
        }
    }

    fn is_escaped(&self, at: usize) -> bool {
        let before = self.body[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        before % 2 == 1
    }

    /// Takes a run of signs, and returns where it ends.
    fn sign(&mut self, at: usize, range: Span) -> Option<usize> {
        let body = self.body;
        let byte = body.as_bytes()[at];
        let times = body[at..range.end].bytes().take(3).take_while(|other| *other == byte).count();
        let end = at + times;
        let index = KINDS
            .iter()
            .position(|kind| kind.sign == byte && kind.times == times && (kind.is_on)(&self.marks));
        let Some(index) = index.filter(|_| !self.is_escaped(at)) else {
            let run = body[at..range.end].bytes().take_while(|other| *other == byte).count();
            self.has_words();
            return Some(at + run);
        };
        let before = body[..at].chars().next_back();
        let after = body[end..].chars().next();
        let is_space = |char: Option<char>| char.is_none_or(char::is_whitespace);
        let is_word =
            |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
        let is_pair = times == 2;
        let opens = !(is_space(after) || is_pair && is_word(before) || before == Some('['));
        let closes = !(is_space(before) || is_pair && is_word(after));
        let holder = self.open.last_mut()?;
        let Some(start) = holder.signs[index].filter(|_| closes) else {
            if opens && (holder.signs[index].is_none() || !is_pair) {
                holder.signs[index] = Some(at);
            }
            return Some(end);
        };
        let inner = &body[start + times..at];
        // What is raised or lowered is one word.
        if inner.is_empty() || !is_pair && inner.contains(char::is_whitespace) {
            holder.signs[index] = opens.then_some(at);
            return Some(end);
        }
        holder.signs[index] = None;
        let element = KINDS[index].element;
        let opening = Span { start, end: start + times };
        self.found.push((opening, format!("<{element}>")));
        self.found.push((Span { start: at, end }, format!("</{element}>")));
        Some(end)
    }

    /// Takes `++ctrl+alt+"ü"++`, and returns where it ends.
    fn keys(&mut self, at: usize) -> Option<usize> {
        let mut rest = self.body[at..].strip_prefix("++")?;
        if self.is_escaped(at) {
            return None;
        }
        let mut keys: Vec<String> = Vec::new();
        loop {
            let is_name = |char: char| char.is_alphanumeric() || char == '-' || char == '_';
            let quote = rest.chars().next().filter(|char| ['"', '\''].contains(char));
            let end = match quote {
                Some(quote) => {
                    let line = rest.split('\n').next()?;
                    line.get(1..line.floor_char_boundary(100))?.find(quote)? + 2
                }
                None => rest.find(|char| !is_name(char))?,
            };
            let key = match quote {
                Some(_) => rest[1..end - 1].to_owned(),
                None => named(&rest[..end]),
            };
            if key.is_empty() {
                return None;
            }
            keys.push(format!("<kbd>{}</kbd>", key.replace('&', "&amp;").replace('<', "&lt;")));
            rest = rest[end..].strip_prefix('+')?;
            if let Some(rest) = rest.strip_prefix('+') {
                let span = Span { start: at, end: self.body.len() - rest.len() };
                self.found.push((span, keys.join("+")));
                self.has_words();
                return Some(span.end);
            }
        }
    }

    /// Takes `:material-check:`, and returns where it ends.
    fn icon(&mut self, at: usize, range: Span) -> Option<usize> {
        let inner = &self.body[at + 1..range.end];
        let end = inner.find(|char: char| !(char.is_ascii_alphanumeric() || char == '-'))?;
        let set = SETS.iter().find_map(|set| inner[..end].strip_prefix(set))?;
        if set.is_empty() || !inner[end..].starts_with(':') || self.is_escaped(at) {
            return None;
        }
        let name = set.strip_suffix("-16").or(set.strip_suffix("-24")).unwrap_or(set);
        let span = Span { start: at, end: at + end + 2 };
        self.open.last_mut()?.icons.push(Icon { span, name: name.replace('-', " ") });
        Some(span.end)
    }
}

/// The sets of icons that the theme Material has, the longer names first.
const SETS: &[&str] = &[
    "material-",
    "octicons-",
    "fontawesome-brands-",
    "fontawesome-regular-",
    "fontawesome-solid-",
    "simple-",
];

/// Returns the sign that stands for an icon where readers of a table need it.
fn sign(name: &str) -> &'static str {
    match name {
        "check" | "check bold" | "check circle" | "check circle outline" | "check all" => "✓",
        "close" | "close thick" | "close circle" | "close circle outline" | "x" | "xmark" => "✗",
        "arrow right" | "arrow right thick" | "chevron right" => "→",
        "arrow left" | "arrow left thick" | "chevron left" => "←",
        "arrow up" | "arrow up thick" | "chevron up" => "↑",
        "arrow down" | "arrow down thick" | "chevron down" => "↓",
        "plus" => "+",
        "minus" => "−",
        _ => "",
    }
}

/// `page-up` → `Page Up`
fn named(key: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + chars.as_str()
    };
    key.split(['-', '_']).map(word).collect::<Vec<_>>().join(" ")
}
