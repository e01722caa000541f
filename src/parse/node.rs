//! YAML and TOML as one tree with places, for front matter: values keep the text that they were written as.

use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess, Visitor};
use toml::de::{DeTable, DeValue};

use crate::source::{Span, Spanned};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Text(String),
    /// A number, a date or a truth value, as it is written.
    Plain(String),
    List(Vec<Node>),
    /// In the order of the text; a key stands at most once.
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    /// Returns the value of a key, however its letters are written.
    pub fn entry(&self, key: &str) -> Option<&Self> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, node)| node)
    }

    /// Returns a value as text; the last of a list, which is what `!ENV [NAME, default]` falls back to.
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Plain(text) => Some(text.clone()),
            Value::List(items) => items.last()?.text(),
            Value::Null | Value::Map(_) => None,
        }
    }

    /// Returns a list of texts, or one.
    pub fn texts(&self) -> Vec<String> {
        match &self.value {
            Value::List(items) => items.iter().filter_map(Self::text).collect(),
            _ => self.text().into_iter().collect(),
        }
    }
}

/// Why a text is no tree, and where.
#[derive(Clone, Debug)]
pub struct Malformed {
    pub span: Span,
    /// A lower-case phrase.
    pub reason: String,
}

/// Reads YAML. Spans are those in `text`, moved by `at`.
pub fn yaml(text: &str, at: usize) -> Result<Node, Malformed> {
    match serde_saphyr::from_str_with_options::<YamlNode>(text, options(text)) {
        Ok(node) => Ok(node.place(text, at)),
        Err(error) => Err(malformed(&error, text, at)),
    }
}

/// Reads a file of several YAML documents, between lines `---`. Those that hold nothing are left out.
pub fn yaml_documents(text: &str) -> Result<Vec<Node>, Malformed> {
    match serde_saphyr::from_multiple_with_options::<YamlNode>(text, options(text)) {
        Ok(nodes) => Ok(nodes.into_iter().map(|node| node.place(text, 0)).collect()),
        Err(error) => Err(malformed(&error, text, 0)),
    }
}

/// A text may hold as much as its length can: a large file is no attack. What it repeats by aliases stays bounded.
fn options(text: &str) -> serde_saphyr::Options {
    let usual = serde_saphyr::Budget::default();
    serde_saphyr::options! {
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_nodes: usual.max_nodes.max(text.len()),
            max_events: usual.max_events.max(2 * text.len()),
            max_documents: usual.max_documents.max(text.len()),
            max_total_scalar_bytes: usual.max_total_scalar_bytes.max(text.len()),
        },
    }
}

fn malformed(error: &serde_saphyr::Error, text: &str, at: usize) -> Malformed {
    Malformed {
        span: error.location().map_or(Span { start: at, end: at }, |it| span(&it, text, at)),
        reason: phrase(without_place(&error.to_string())),
    }
}

/// Reads TOML, with what could be understood where it is malformed. Spans are those in `text`, moved by `at`.
pub fn toml(text: &str, at: usize) -> (Node, Vec<Malformed>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let value = toml_table(table.get_ref(), text, at);
    let errors = errors.into_iter().map(|error| Malformed {
        span: error
            .span()
            .map_or(Span { start: at, end: at }, |it| moved(inside(it.into(), text), at)),
        reason: phrase(error.message()),
    });
    (Node { span: Span { start: at, end: at + text.len() }, value }, errors.collect())
}

fn toml_table(table: &DeTable<'_>, text: &str, at: usize) -> Value {
    let mut entries: Vec<(Spanned<String>, Node)> = table
        .iter()
        .map(|(key, value)| {
            let name = Spanned {
                value: key.get_ref().to_string(),
                span: moved(inside(key.span().into(), text), at),
            };
            let span = inside(value.span().into(), text);
            (
                name,
                Node { span: moved(span, at), value: toml_value(value.get_ref(), span, text, at) },
            )
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span);
    Value::Map(entries)
}

fn toml_value(value: &DeValue<'_>, span: Span, text: &str, at: usize) -> Value {
    match value {
        DeValue::String(string) => Value::Text(string.to_string()),
        DeValue::Boolean(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => {
            Value::Plain(text[span.start..span.end].to_owned())
        }
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| {
                    let span = inside(item.span().into(), text);
                    let value = toml_value(item.get_ref(), span, text, at);
                    Node { span: moved(span, at), value }
                })
                .collect(),
        ),
        DeValue::Table(table) => toml_table(table, text, at),
    }
}

/// A node as serde-saphyr gives it: with its location.
struct YamlNode(serde_saphyr::Spanned<YamlValue>);

enum YamlValue {
    Null,
    Text(String),
    Plain,
    List(Vec<YamlNode>),
    Map(Vec<(serde_saphyr::Spanned<String>, YamlNode)>),
}

impl YamlNode {
    fn place(self, text: &str, at: usize) -> Node {
        let Self(node) = self;
        let place = span(&node.referenced, text, 0);
        let value = match node.value {
            YamlValue::Null => Value::Null,
            YamlValue::Text(string) => Value::Text(string),
            YamlValue::Plain => Value::Plain(text[place.start..place.end].trim().to_owned()),
            YamlValue::List(items) => {
                Value::List(items.into_iter().map(|item| item.place(text, at)).collect())
            }
            YamlValue::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let span = span(&key.referenced, text, at);
                        (Spanned { value: key.value, span }, value.place(text, at))
                    })
                    .collect(),
            ),
        };
        Node { span: moved(place, at), value }
    }
}

impl<'de> Deserialize<'de> for YamlNode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_saphyr::Spanned::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for YamlValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = YamlValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Null)
    }

    fn visit_none<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Null)
    }

    fn visit_some<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<YamlValue, D::Error> {
        YamlValue::deserialize(deserializer)
    }

    fn visit_bool<E>(self, _: bool) -> Result<YamlValue, E> {
        Ok(YamlValue::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<YamlValue, E> {
        Ok(YamlValue::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<YamlValue, E> {
        Ok(YamlValue::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<YamlValue, E> {
        Ok(YamlValue::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<YamlValue, E> {
        Ok(YamlValue::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<YamlValue, E> {
        Ok(YamlValue::Plain)
    }

    fn visit_str<E>(self, string: &str) -> Result<YamlValue, E> {
        Ok(YamlValue::Text(string.to_owned()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<YamlValue, E> {
        Ok(YamlValue::Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<YamlValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(YamlValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<YamlValue, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key()? {
            map.push((key, entries.next_value()?));
        }
        Ok(YamlValue::Map(map))
    }
}

/// Returns the span of a location: in bytes where it says so, else from its line and column, which count from 1.
fn span(location: &serde_saphyr::Location, text: &str, at: usize) -> Span {
    let place = location.span();
    let span = match (place.byte_offset(), place.byte_len()) {
        (Some(start), len) => {
            Span { start: start as usize, end: (start + len.unwrap_or(0)) as usize }
        }
        (None, _) => {
            let line = location.line().saturating_sub(1) as usize;
            let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let column = location.column().saturating_sub(1) as usize;
            let chars = text[line_start..].chars().take_while(|char| *char != '\n');
            let start = line_start + chars.take(column).map(char::len_utf8).sum::<usize>();
            Span { start, end: start }
        }
    };
    moved(inside(span, text), at)
}

/// The diagnostic has a place of its own, which the words of the crate would contradict: theirs counts from the fence.
fn without_place(message: &str) -> &str {
    let first = message.lines().next().unwrap_or_default();
    let first = first.split_once(" at line ").map_or(first, |(phrase, _)| phrase);
    first.split_once(", set ").map_or(first, |(phrase, _advice_to_programmers)| phrase)
}

/// Cuts a span to the text and to whole characters.
fn inside(span: Span, text: &str) -> Span {
    let start = text.floor_char_boundary(span.start);
    Span { start, end: text.ceil_char_boundary(span.end.max(start)) }
}

fn moved(span: Span, at: usize) -> Span {
    Span { start: span.start + at, end: span.end + at }
}

/// Makes the first line of a foreign message one of ours: a lower-case phrase without a full stop.
fn phrase(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut chars = line.chars();
    match chars.next() {
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node, text: &str, out: &mut String) {
        use std::fmt::Write as _;
        let at = &text[node.span.start..node.span.end];
        match &node.value {
            Value::List(items) => {
                out.push('[');
                for item in items {
                    shown(item, text, out);
                }
                out.push(']');
            }
            Value::Map(entries) => {
                for (key, value) in entries {
                    let at = &text[key.span.start..key.span.end];
                    write!(out, "{}@{at}: ", key.value).unwrap();
                    shown(value, text, out);
                    out.push('\n');
                }
            }
            value => write!(out, "{value:?}@{at} ").unwrap(),
        }
    }

    #[test]
    fn yaml_keeps_places_and_plain_values() {
        let text = "é: \"ü\"\nnumber: 042\nday: 2026-11-30\nyes: yes\nnone:\nlist: [a, 'b']\nmap:\n  in: 1.0\n";
        let mut out = String::new();
        shown(&yaml(text, 0).unwrap(), text, &mut out);
        insta::assert_snapshot!(out, @r#"
        é@é: Text("ü")@"ü" 
        number@number: Plain("042")@042 
        day@day: Text("2026-11-30")@2026-11-30 
        yes@yes: Plain("yes")@yes 
        none@none: Null@ 
        list@list: [Text("a")@a Text("b")@'b' ]
        map@map: in@in: Plain("1.0")@1.0
        "#);
    }

    #[test]
    fn toml_keeps_places_and_plain_values() {
        let text = "a = \"ü\"\nday = 2026-11-30\nlist = [1, 'b']\n[map]\nin = true\n";
        let mut out = String::new();
        let (node, errors) = toml(text, 0);
        assert!(errors.is_empty());
        shown(&node, text, &mut out);
        insta::assert_snapshot!(out, @r#"
        a@a: Text("ü")@"ü" 
        day@day: Plain("2026-11-30")@2026-11-30 
        list@list: [Plain("1")@1 Text("b")@'b' ]
        map@map: in@in: Plain("true")@true
        "#);
    }

    #[test]
    fn what_is_malformed_has_a_place() {
        let error = yaml("a: 1\nb: [", 10).unwrap_err();
        insta::assert_debug_snapshot!(error, @r#"
        Malformed {
            span: Span {
                start: 18,
                end: 18,
            },
            reason: "unclosed bracket '['",
        }
        "#);
        let (node, errors) = toml("a = 1\nb = \nc = 2\n", 0);
        insta::assert_debug_snapshot!(errors, @r#"
        [
            Malformed {
                span: Span {
                    start: 10,
                    end: 10,
                },
                reason: "string values must be quoted, expected literal string",
            },
        ]
        "#);
        assert!(matches!(node.value, Value::Map(entries) if entries.len() >= 2));
    }
}
