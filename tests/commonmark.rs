//! The examples of CommonMark 0.31.2, through the events that all documents are read as, and through the pages' own HTML.
//!
//! What comes out otherwise is listed with its reason, and only that.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use handover::parse::markdown::events;
use handover::parse::raw_html::{Piece, Tag, pieces};
use handover::render::markdown::{Place, html};
use handover::source::{SourcePath, Tree};
use handover::{Options, judge};

use crate::project::repository;

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

/// Reads the examples from the specification, that `npm ci --prefix tests` installs.
fn examples() -> Vec<Example> {
    let path = repository().join("tests/node_modules/commonmark-spec/spec.txt");
    let text =
        fs::read_to_string(path).expect("the specification is installed: `npm ci --prefix tests`");
    let text = text.split("<!-- END TESTS -->").next().unwrap();
    let fence = "`".repeat(32);
    let begin = format!("{fence} example\n");
    let examples: Vec<Example> = text
        .split(&begin)
        .skip(1)
        .enumerate()
        .map(|(index, part)| {
            let example = part.split(&format!("\n{fence}\n")).next().unwrap();
            let example = format!("\n{example}\n");
            let (markdown, html) = example.split_once("\n.\n").unwrap();
            let markdown = markdown.strip_prefix('\n').unwrap_or(markdown);
            Example {
                number: index + 1,
                markdown: format!("{markdown}\n").replace('→', "\t"),
                html: html.replace('→', "\t"),
            }
        })
        .collect();
    assert_eq!(examples.len(), 652);
    examples
}

/// Fails where an example comes out otherwise and is not listed, or is listed and comes out as it should.
fn compare(deviations: &[(&[usize], &str)], ours: impl Fn(&Example) -> (String, String)) {
    let listed: BTreeMap<usize, &str> = deviations
        .iter()
        .flat_map(|(numbers, reason)| numbers.iter().map(move |number| (*number, *reason)))
        .collect();
    let mut wrong = String::new();
    for example in examples() {
        let (ours, expected) = ours(&example);
        match (ours == expected, listed.get(&example.number)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(reason)) => {
                writeln!(
                    wrong,
                    "{} is listed ({reason}) and comes out as it should",
                    example.number
                )
                .unwrap();
            }
            (false, None) => {
                let number = example.number;
                writeln!(
                    wrong,
                    "{number}: {:?}\n  expected {expected:?}\n  found    {ours:?}",
                    example.markdown
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const BARE_ADDRESSES: (&[usize], &str) =
    (&[602, 606, 608, 611, 612], "a bare address is a link, as on GitHub");

#[test]
fn the_events_are_those_of_commonmark() {
    compare(&[BARE_ADDRESSES], |example| {
        let mut ours = String::new();
        pulldown_cmark::html::push_html(
            &mut ours,
            events(&example.markdown).map(|(event, _)| event),
        );
        (normal(&ours, false), normal(&example.html, false))
    });
}

#[test]
fn the_pages_show_what_commonmark_says() {
    let deviations: &[(&[usize], &str)] = &[
        BARE_ADDRESSES,
        (&[79], "a heading without words would be a stop without a name: it is left out"),
        (&[475, 581], "an image that is not there shows its name where it has no alternative text"),
        (&[598, 599, 601], "a link has a scheme that is known to be harmless"),
        (&[148, 149, 160, 190, 191], "a raw table scrolls in a named region, as every table"),
        (&[152, 153, 154, 164], "a raw class would be one of the theme's"),
        (
            &[21, 31, 155, 174, 175, 184, 187, 344, 476, 477, 494, 630, 631, 642, 643],
            "a raw tag is closed at the end of what it stands in",
        ),
        (&[151, 165], "a raw end tag that closes nothing would close a part of the page"),
        (
            &[150, 163, 491, 613, 614, 615, 617, 623],
            "a tag that no browser knows, such as `<namespace>`, was meant to be read",
        ),
        (&[170, 171, 172, 173, 176, 178], "raw scripts, styles and fields of forms do not stay"),
        (&[590], "`[[page]]` is a link of a wiki"),
        (&[616], "a raw link without an address is none"),
        (
            &[177, 179, 180, 181, 182, 183, 308, 309, 625, 626, 627, 628, 629],
            "comments, declarations and instructions are not for readers",
        ),
    ];
    compare(deviations, |example| {
        (normal(&page(&example.markdown), true), normal(&example.html, true))
    });
}

/// Returns the body of a page below a title, which stands elsewhere.
fn page(markdown: &str) -> String {
    let path = SourcePath::new("src/a.md").unwrap();
    let text = format!("# Title\n\n{markdown}").into_bytes();
    let tree = Tree::new(BTreeMap::from([(path.clone(), text)]));
    let day = NaiveDate::from_ymd_opt(2026, 12, 18).unwrap();
    let options = Options { today: None, fallback: day, fallback_from_clock: false, strict: false };
    let portal = judge(&tree, &options).portal;
    html(&portal, &portal.documents[&path], &Place::page("a.html"))
}

/// Returns HTML in a form to compare: attributes in order, entities resolved, no blanks beside blocks.
///
/// `as_page`: also without what pages add (figures, anchors, spans of color), and with what they change on purpose made
/// alike (headings one level down, links and images that lead nowhere here).
fn normal(html: &str, as_page: bool) -> String {
    let mut normal = Normal { as_page, ..Normal::default() };
    for (piece, range) in pieces(html) {
        let source = &html[range];
        match piece {
            Piece::Text => normal.text(source),
            Piece::Hidden => normal.out.push_str(source),
            Piece::Start(tag) => normal.start(tag),
            Piece::End { name } => normal.end(&name),
        }
    }
    normal.out.trim().to_owned()
}

#[derive(Default)]
struct Normal {
    out: String,
    as_page: bool,
    /// The open elements, each with what closes it; `None` is left out with what stands in it.
    open: Vec<(String, Option<String>)>,
    in_pre: bool,
    behind_block: bool,
    /// What stood above a code block.
    language: Option<String>,
    below_title: u8,
}

impl Normal {
    fn is_hidden(&self) -> bool {
        self.open.iter().any(|(_, close)| close.is_none())
    }

    fn text(&mut self, source: &str) {
        let entities = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        let text =
            entities.iter().fold(source.to_owned(), |text, (entity, c)| text.replace(entity, c));
        if self.is_hidden() {
            if self.open.iter().any(|(name, _)| name == "figcaption") {
                self.language = Some(text);
            }
        } else if self.in_pre {
            self.out.push_str(&text);
        } else {
            for c in text.chars() {
                let is_blank = c.is_ascii_whitespace();
                if !is_blank {
                    self.out.push(c);
                } else if !self.behind_block && !self.out.ends_with(' ') {
                    self.out.push(' ');
                }
                self.behind_block &= is_blank;
            }
        }
    }

    fn start(&mut self, mut tag: Tag) {
        let name = tag.name.clone();
        let is_void = ["br", "hr", "img", "input"].contains(&name.as_str());
        if self.is_hidden() {
            if !is_void {
                self.open.push((name, Some(String::new())));
            }
            return;
        }
        self.in_pre |= name == "pre";
        let close = if self.as_page { self.start_on_page(&mut tag) } else { None };
        let close = close.unwrap_or_else(|| {
            tag.attributes.sort();
            let mut text = format!("<{}", tag.name);
            for (name, value) in &tag.attributes {
                write!(text, " {name}={value:?}").unwrap();
            }
            self.tag(&tag.name, &format!("{text}>"));
            Some(format!("</{}>", tag.name))
        });
        if !is_void {
            self.open.push((name, close));
        }
    }

    fn end(&mut self, name: &str) {
        self.in_pre &= name != "pre";
        let close = match self.open.iter().rposition(|(open, _)| open == name) {
            Some(at) => self.open.remove(at).1.unwrap_or_default(),
            None => format!("</{name}>"),
        };
        let name = close.trim_matches(['<', '/', '>']).to_owned();
        self.tag(&name, &close);
    }

    /// Blanks beside a block mean nothing.
    fn tag(&mut self, name: &str, text: &str) {
        let blocks = [
            "blockquote",
            "br",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "ul",
        ];
        if !blocks.contains(&name) {
            self.out.push_str(text);
            self.behind_block &= text.is_empty();
            return;
        }
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        self.out.push_str(text);
        self.behind_block = true;
    }

    /// Makes the tags alike that pages write in another way, and returns what closes them.
    fn start_on_page(&mut self, tag: &mut Tag) -> Option<Option<String>> {
        let dead = |normal: &mut Self| {
            normal.tag("broken", "<broken>");
            Some(Some("</broken>".to_owned()))
        };
        match (tag.name.as_str(), tag.attribute("class").unwrap_or_default()) {
            ("figure", "code") => return Some(Some(String::new())),
            ("a", "anchor") | ("span", "vh") | ("figcaption", _) => return Some(None),
            ("span", "broken") => return dead(self),
            ("span", _) if self.in_pre => return Some(Some(String::new())),
            ("pre", _) => tag.attributes.clear(),
            ("code", _) if self.in_pre && self.language.is_some() => {
                let class = format!("language-{}", self.language.take().unwrap());
                tag.attributes.push(("class".to_owned(), class));
            }
            ("a", _) if is_local(tag.attribute("href")?) => return dead(self),
            ("a", _) => tag.attributes.retain(|(name, _)| name != "rel"),
            ("img", _) => {
                let alternative = tag.attribute("alt").unwrap_or_default().to_owned();
                self.tag("broken", &format!("<broken>{alternative}</broken>"));
                return Some(None);
            }
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => {
                if tag.attribute("id").is_none() {
                    self.below_title |= u8::from(tag.name == "h1");
                    let level = tag.name.as_bytes()[1] - b'0' + self.below_title;
                    tag.name = format!("h{}", level.min(6));
                }
                tag.attributes.clear();
            }
            _ => {}
        }
        None
    }
}

fn is_local(href: &str) -> bool {
    let of_scheme = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    !href.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(of_scheme))
}
