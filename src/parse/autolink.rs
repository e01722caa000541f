//! Bare addresses in running text: `https://…`, `www.…` and e-mail, by the rules of GitHub's "extended autolinks".

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

type Ranged<'a> = (Event<'a>, Range<usize>);

/// Events with the addresses in their texts made links. What stands in code, links, images and raw HTML is left alone.
pub(super) struct Autolinks<'a, I> {
    body: &'a str,
    events: I,
    /// How many links, images and code blocks are open.
    closed: usize,
    /// The texts that stand side by side: an address may lie over several, as where it holds an `_` or an entity.
    run: Vec<Ranged<'a>>,
    ready: VecDeque<Ranged<'a>>,
    /// What was looked at ahead.
    ahead: Option<Ranged<'a>>,
}

impl<'a, I: Iterator<Item = Ranged<'a>>> Autolinks<'a, I> {
    pub(super) fn new(body: &'a str, events: I) -> Self {
        Self { body, events, closed: 0, run: Vec::new(), ready: VecDeque::new(), ahead: None }
    }

    fn end_run(&mut self) {
        if !self.run.iter().any(|(event, _)| may_hold_address(text(event))) {
            self.ready.extend(self.run.drain(..));
            return;
        }
        let text: String = self.run.iter().map(|(event, _)| text(event)).collect();
        let before =
            self.run.first().and_then(|(_, range)| self.body[..range.start].chars().next_back());
        let found = addresses(&Text { text: &text, before, entities: self.entities() });
        if found.is_empty() {
            self.ready.extend(self.run.drain(..));
            return;
        }
        let mut at = 0;
        for (range, link_type, destination) in found {
            self.texts(at..range.start);
            let place = self.place(range.start).start..self.place(range.end - 1).end;
            let link = Tag::Link {
                link_type,
                dest_url: destination.into(),
                title: CowStr::Borrowed(""),
                id: CowStr::Borrowed(""),
            };
            self.ready.push_back((Event::Start(link), place.clone()));
            at = range.end;
            self.texts(range);
            self.ready.push_back((Event::End(TagEnd::Link), place));
        }
        self.texts(at..text.len());
        self.run.clear();
    }

    /// Returns where characters of the run's text stand in the body as entities.
    fn entities(&self) -> Vec<Range<usize>> {
        let mut at = 0;
        let mut entities = Vec::new();
        for (event, source) in &self.run {
            let length = text(event).len();
            if length != source.len() && self.body[source.clone()].starts_with('&') {
                entities.push(at..at + length);
            }
            at += length;
        }
        entities
    }

    /// Passes on the part of the run's text at `range`.
    fn texts(&mut self, range: Range<usize>) {
        let mut at = 0;
        for (event, source) in &self.run {
            let piece = text(event);
            let start = range.start.max(at);
            let end = range.end.min(at + piece.len());
            if start < end {
                let cut = &piece[start - at..end - at];
                let place = if piece.len() == source.len() {
                    source.start + (start - at)..source.start + (end - at)
                } else {
                    source.clone()
                };
                self.ready.push_back((Event::Text(CowStr::from(cut.to_owned())), place));
            }
            at += piece.len();
        }
    }

    /// Returns where the byte at `offset` of the run's text stands in the body: all of an escape or entity.
    fn place(&self, offset: usize) -> Range<usize> {
        let mut at = 0;
        for (event, source) in &self.run {
            let length = text(event).len();
            if offset < at + length {
                return if length == source.len() {
                    source.start + (offset - at)..source.start + (offset - at) + 1
                } else {
                    source.clone()
                };
            }
            at += length;
        }
        let end = self.run.last().map_or(0, |(_, range)| range.end);
        end..end
    }
}

impl<'a, I: Iterator<Item = Ranged<'a>>> Iterator for Autolinks<'a, I> {
    type Item = Ranged<'a>;

    fn next(&mut self) -> Option<Ranged<'a>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let next = self.ahead.take().or_else(|| self.events.next());
            let Some((event, range)) = next else {
                if self.run.is_empty() {
                    return None;
                }
                self.end_run();
                continue;
            };
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => {
                    self.closed += 1;
                }
                Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => self.closed -= 1,
                Event::Text(text) if self.closed == 0 => {
                    // Most texts stand alone, and hold no address.
                    if self.run.is_empty() && !may_hold_address(&text) {
                        self.ahead = self.events.next();
                        if !matches!(self.ahead, Some((Event::Text(_), _))) {
                            return Some((Event::Text(text), range));
                        }
                    }
                    self.run.push((Event::Text(text), range));
                    continue;
                }
                _ => {}
            }
            if self.run.is_empty() {
                return Some((event, range));
            }
            self.end_run();
            self.ready.push_back((event, range));
        }
    }
}

/// Tells whether a part of a run has a sign that every address has, a `:/`, an `@` or the dot of `www.`; most have none. A
/// colon at the end may have its `/` in the next part, and a dot at the start its `www` in the one before. All of it is looked
/// at, many bytes at once.
fn may_hold_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let has_sign = pairs.fold(bytes.first() == Some(&b'@'), |found, (&before, &byte)| {
        let is_scheme = (before == b':') & (byte == b'/');
        let is_www = (before | 0x20 == b'w') & (byte == b'.');
        found | (byte == b'@') | is_scheme | is_www
    });
    has_sign || text.starts_with('.') || text.ends_with(':')
}

fn text<'e>(event: &'e Event<'_>) -> &'e str {
    match event {
        Event::Text(text) => text,
        _ => "",
    }
}

/// A run of text, and what surrounds it.
struct Text<'t> {
    text: &'t str,
    /// The character in front of it.
    before: Option<char>,
    /// Where it was written as entities: an address holds them, and does not end with one.
    entities: Vec<Range<usize>>,
}

type Address = (Range<usize>, LinkType, String);

/// Returns the addresses in a text, in order.
fn addresses(run: &Text<'_>) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let mut from = 0;
    while let Some(sign) = run.text[from..].find([':', '@', 'w', 'W']).map(|at| from + at) {
        let least = found.last().map_or(0, |(range, ..)| range.end);
        let address = match run.text.as_bytes()[sign] {
            b':' => run.url(least, sign),
            b'@' => run.email(least, sign),
            _ => run.www(sign),
        };
        match address {
            Some(address) => {
                from = address.0.end;
                found.push(address);
            }
            None => from = sign + 1,
        }
    }
    found
}

impl Text<'_> {
    /// `https://host/path`, with the colon at `colon`.
    fn url(&self, least: usize, colon: usize) -> Option<Address> {
        let text = self.text;
        let is_before = |scheme: &&str| {
            let start = colon.checked_sub(scheme.len()).filter(|start| *start >= least);
            start
                .and_then(|start| text.get(start..colon))
                .is_some_and(|found| found.eq_ignore_ascii_case(scheme))
        };
        let start = colon - ["https", "http", "ftp"].into_iter().find(is_before)?.len();
        let host = colon + "://".len();
        if !text[colon..].starts_with("://")
            || self.before(start).is_some_and(char::is_alphanumeric)
            || !begins_with_domain(&text[host..], false)
        {
            return None;
        }
        let end = self.end(start);
        (end > host).then(|| (start..end, LinkType::Autolink, text[start..end].to_owned()))
    }

    /// `www.host/path`, with the first letter at `start`.
    fn www(&self, start: usize) -> Option<Address> {
        let prefix = self.text.get(start..start + "www.".len())?;
        if !prefix.eq_ignore_ascii_case("www.")
            || self.before(start).is_some_and(|c| !c.is_whitespace() && !"*_~(".contains(c))
            || !begins_with_domain(&self.text[start..], true)
        {
            return None;
        }
        let end = self.end(start);
        (end > start + prefix.len())
            .then(|| (start..end, LinkType::Autolink, format!("http://{}", &self.text[start..end])))
    }

    /// `name@host`, with the at sign at `at`.
    fn email(&self, least: usize, at: usize) -> Option<Address> {
        let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_+".contains(byte);
        let of_host = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
        let bytes = self.text.as_bytes();
        let start = at - bytes[least..at].iter().rev().take_while(of_name).count();
        let mut end = at + 1 + bytes[at + 1..].iter().take_while(of_host).count();
        while bytes[at + 1..end].ends_with(b".") {
            end -= 1;
        }
        let host = &self.text[at + 1..end];
        let is_address = start < at
            && host.contains('.')
            && !host.starts_with('.')
            && !host.contains("..")
            && !host.ends_with(['-', '_'])
            && !bytes.get(end).is_some_and(|byte| b"@/:".contains(byte))
            && !self.text[..start].ends_with(['/', ':', '@']);
        is_address.then(|| (start..end, LinkType::Email, self.text[start..end].to_owned()))
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back().or(self.before)
    }

    /// Returns where an address ends: at a blank or `<`, without the punctuation of the sentence around it.
    fn end(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        let length = rest.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(rest.len());
        let mut address = &rest[..length];
        // Counted once and kept up, so that a long row of brackets takes linear time.
        let count = |c: char| address.matches(c).count();
        let (mut round, mut square) = (count(')'), count(']'));
        let (round_open, square_open) = (count('('), count('['));
        while let Some(last) = address.chars().next_back() {
            let end = start + address.len();
            let entity = self.entities.binary_search_by(|entity| entity.end.cmp(&end));
            let shorter = match last {
                _ if let Ok(at) = entity => end - self.entities[at].start.max(start),
                '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => 1,
                ')' if round > round_open => {
                    round -= 1;
                    1
                }
                ']' if square > square_open => {
                    square -= 1;
                    1
                }
                ';' => entity_length(address).unwrap_or(1),
                _ => break,
            };
            address = &address[..address.len() - shorter];
        }
        start + address.len()
    }
}

/// Tells whether a text begins with a domain: words of letters, digits, `-` and `_` with dots between them, and no `_` in
/// the last two. A longer one than names on the internet can be is none, which also bounds the search.
fn begins_with_domain(text: &str, with_dot: bool) -> bool {
    let of_domain = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '.';
    let Some(end) = text
        .char_indices()
        .take(256)
        .find(|(_, c)| !of_domain(*c))
        .map(|(at, _)| at)
        .or((text.len() < 256).then_some(text.len()))
    else {
        return false;
    };
    let domain = text[..end].trim_end_matches('.');
    !domain.is_empty()
        && !domain.starts_with('.')
        && (!with_dot || domain.contains('.'))
        && !domain.rsplit('.').take(2).any(|word| word.contains('_'))
}

/// Returns the length of what looks like an entity at the end: `&copy;`.
fn entity_length(address: &str) -> Option<usize> {
    let name = address[..address.len() - 1].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    (name.ends_with('&') && name.len() + 1 < address.len()).then(|| address.len() - name.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown::events;

    /// Returns the links of a body: destination, and the source text of their range.
    fn links(body: &str) -> Vec<(String, &str)> {
        events(body)
            .filter_map(|(event, range)| match event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    Some((dest_url.into_string(), &body[range]))
                }
                _ => None,
            })
            .collect()
    }

    fn one(body: &str, destination: &str, source: &str) {
        assert_eq!(links(body), [(destination.to_owned(), source)], "{body}");
    }

    #[test]
    fn an_address_ends_before_the_punctuation_of_its_sentence() {
        let simple = "https://example.com/a";
        for (before, after) in [
            ("", ""),
            ("See ", "."),
            ("(", ")"),
            ("\"", "\","),
            ("**", "**"),
            ("", "?!"),
            ("[", "]"),
            ("_", "_"),
        ] {
            one(&format!("{before}{simple}{after}"), simple, simple);
        }
        let round = "https://example.com/a_(b)";
        one(&format!("({round}), and"), round, round);
        one("www.example.com/x&copy;", "http://www.example.com/x", "www.example.com/x");
        one("https://a.org/?q=a&hl=en;", "https://a.org/?q=a&hl=en", "https://a.org/?q=a&hl=en");
        one("http://localhost:8080/x", "http://localhost:8080/x", "http://localhost:8080/x");
    }

    #[test]
    fn an_address_may_lie_over_several_texts() {
        one("x https://a.org/b_c_d*e y", "https://a.org/b_c_d*e", "https://a.org/b_c_d*e");
        one("https://a.org/?a=1&amp;b=2 ", "https://a.org/?a=1&b=2", "https://a.org/?a=1&amp;b=2");
        one("| a |\n|---|\n| www.a.org/\\_b |", "http://www.a.org/_b", "www.a.org/\\_b");
    }

    #[test]
    fn an_email_is_a_link() {
        one("Ask ops@example.co.uk.", "ops@example.co.uk", "ops@example.co.uk");
        one("<https://a.org> x", "https://a.org", "<https://a.org>");
        assert_eq!(links("a@b a@b.c_ @b.c a@.b"), []);
        assert_eq!(links("git@github.com:a/b.git ssh://git@github.com/a"), []);
    }

    #[test]
    fn what_is_code_link_or_part_of_a_word_stays() {
        assert_eq!(links("`https://a.org` and <b title='https://a.org'>"), []);
        assert_eq!(links("    https://a.org\n\n```\nwww.a.org\n```"), []);
        assert_eq!(links("[see https://a.org](b.md)").len(), 1);
        assert_eq!(links("xhttps://a.org awww.a.org www.a_b.c https://"), []);
    }

    #[test]
    fn every_text_stays() {
        for body in ["a www.a.org, b@c.de *x* https://a.org/&lt;b", "www.a.org www.b.org x@y.zz"] {
            let plain: String = events(body)
                .filter_map(|(event, _)| match event {
                    Event::Text(text) => Some(text.into_string()),
                    _ => None,
                })
                .collect();
            assert_eq!(plain, body.replace('*', "").replace("&lt;", "<"));
        }
    }
}
