//! A file's text and what happened → the text with a record of it at its end.
//!
//! What stands in the file stays, byte for byte: the old text is how the new one begins.
//!
//! # The marks
//!
//! Git's union merge compares what two branches added line by line, and takes a run of more than three equal lines, or equal
//! lines at the start or at the end, for one text that both added. Records resemble one another, so that of two reviews
//! merged in that way one would lose its header and the other its outcome. Therefore the header of a record, its last line
//! and every fourth line between end in a comment that no other record has: no run of equal lines is ever longer than three,
//! and none is at an end. The mark is made of what the record says, so that a record that both branches have stays one.

use std::fmt::Write as _;

use chrono::NaiveDate;
use toml::{Table, Value};

use crate::source::{Source, sha256};

/// Something that happened: a record that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The name of its table: `review`.
    pub table: String,
    /// In the order in which they are written.
    pub keys: Vec<(String, Value)>,
}

/// A text with records at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    pub text: String,
    /// The line of the header of each record, from 1.
    pub lines: Vec<usize>,
}

/// Why records cannot be put at the end of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// What is wrong with the text as TOML, and where, from 1.
    NotToml { line: usize, column: usize, message: String },
    /// What the records are to be added to is there in another form.
    NotAnArray { table: String },
    /// A record does not read as what was to be written.
    NotTheSame { table: String },
}

/// So many lines in a row may be the same in two records.
const RUN: usize = 3;

/// Returns a day as a value.
pub fn date(day: NaiveDate) -> Value {
    let day = day.to_string();
    day.parse().map_or(Value::String(day), Value::Datetime)
}

/// Puts records at the end of a text.
///
/// # Errors
/// The text is not TOML, or cannot take the records.
pub fn appended(source: &Source, events: &[Event]) -> Result<Appended, Misfit> {
    let old = &source.text;
    let bare = old.strip_prefix('\u{feff}').unwrap_or(old);
    let mut expected = parsed(source, bare)?;
    for event in events {
        let records =
            expected.entry(event.table.as_str()).or_insert_with(|| Value::Array(Vec::new()));
        // `[[review]]` adds to an array of tables, not to one that is written in brackets.
        let misfit = || Misfit::NotAnArray { table: event.table.clone() };
        let records = records.as_array_mut().ok_or_else(misfit)?;
        records.push(Value::Table(event.keys.iter().cloned().collect()));
    }
    let end = if old.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = old.clone();
    if !bare.is_empty() && !bare.ends_with('\n') {
        text.push_str(end);
    }
    let mut lines = Vec::new();
    for event in events {
        let blank = text.lines().next_back().is_none_or(|line| line.trim().is_empty());
        if !blank && text != "\u{feff}" {
            text.push_str(end);
        }
        lines.push(text.matches('\n').count() + 1);
        for line in block(event) {
            text.push_str(&line);
            text.push_str(end);
        }
    }
    let table = || events.first().map(|event| event.table.clone()).unwrap_or_default();
    let new = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match new.parse::<Table>() {
        Ok(table) if table == expected => Ok(Appended { text, lines }),
        Ok(_) => Err(Misfit::NotTheSame { table: table() }),
        Err(_) => Err(Misfit::NotAnArray { table: table() }),
    }
}

fn parsed(source: &Source, bare: &str) -> Result<Table, Misfit> {
    bare.parse::<Table>().map_err(|error| {
        let mark = source.text.len() - bare.len();
        let at = error.span().map_or(bare.len(), |span| span.start);
        let (line, column) = source.position(mark + at);
        let column = if line == 1 && mark > 0 { column - 1 } else { column };
        let message = error.message().trim().replace('\n', ", ");
        Misfit::NotToml { line, column, message }
    })
}

/// Returns the lines of a record.
fn block(event: &Event) -> Vec<String> {
    let mut lines = vec![format!("[[{}]]", key(&event.table))];
    lines.extend(
        event.keys.iter().map(|(name, value)| format!("{} = {}", key(name), in_line(value))),
    );
    let mark = &sha256(lines.join("\n").as_bytes())[..8];
    let last = lines.len() - 1;
    for (index, line) in lines.iter_mut().enumerate() {
        if index % (RUN + 1) == 0 || index == last {
            write!(line, " # {mark}").expect("invariant: writing to a string");
        }
    }
    lines
}

fn key(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !name.is_empty() && name.bytes().all(plain) { name.to_owned() } else { string(name) }
}

/// Returns a value on one line, which a union merge cannot cut.
fn in_line(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(in_line).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => {
            let pair =
                |(name, value): (&String, &Value)| format!("{} = {}", key(name), in_line(value));
            let pairs: Vec<String> = table.iter().map(pair).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            value.to_string()
        }
    }
}

/// Returns a basic string.
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            control if control.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(control))
                    .expect("invariant: writing to a string");
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Random;
    use crate::source::SourcePath;

    fn source(text: &str) -> Source {
        Source::new(SourcePath::new("r.toml").unwrap(), text.into())
    }

    fn event(table: &str, keys: &[(&str, &str)]) -> Event {
        let keys = keys.iter().map(|(name, value)| {
            let table: Table = format!("x = {value}").parse().unwrap();
            ((*name).to_owned(), table["x"].clone())
        });
        Event { table: table.into(), keys: keys.collect() }
    }

    fn on(day: &str) -> Event {
        event("work", &[("on", day), ("performed-by", "['ana', 'ben']")])
    }

    fn put(text: &str, events: &[Event]) -> String {
        appended(&source(text), events).unwrap().text
    }

    #[test]
    fn a_record_stands_at_the_end_and_all_else_stays() {
        let old = "# head\n[[work]]  # of ours\n\"on\" = 2026-01-01   \n\n# [[session]]\n[[session]]\nx = '''\na'''\n# end";
        let new = appended(&source(old), &[on("2026-01-02"), on("2026-01-03")]).unwrap();
        insta::assert_snapshot!(new.text.strip_prefix(old).unwrap(), @r#"

        [[work]] # 04514228
        on = 2026-01-02
        performed-by = ["ana", "ben"] # 04514228

        [[work]] # 107430bc
        on = 2026-01-03
        performed-by = ["ana", "ben"] # 107430bc
        "#);
        assert_eq!(new.lines, [11, 15]);
        assert_eq!(new.text.lines().nth(14).unwrap().split(' ').next(), Some("[[work]]"));
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_stay() {
        let record = block(&on("2026-01-02")).join("\n") + "\n";
        assert_eq!(put("", &[on("2026-01-02")]), record);
        assert_eq!(put("# a\n\n", &[on("2026-01-02")]), format!("# a\n\n{record}"));
        assert_eq!(put("# a", &[on("2026-01-02")]), format!("# a\n\n{record}"));
        let windows = record.replace('\n', "\r\n");
        assert_eq!(put("# a\r\n", &[on("2026-01-02")]), format!("# a\r\n\r\n{windows}"));
        assert_eq!(
            put("# a\r\nb = 1", &[on("2026-01-02")]),
            format!("# a\r\nb = 1\r\n\r\n{windows}")
        );
        assert_eq!(put("\u{feff}", &[on("2026-01-02")]), format!("\u{feff}{record}"));
        assert_eq!(
            put("\u{feff}a = 1\n", &[on("2026-01-02")]),
            format!("\u{feff}a = 1\n\n{record}")
        );
    }

    #[test]
    fn a_text_that_cannot_take_a_record_is_told() {
        let misfit = |text: &str| appended(&source(text), &[on("2026-01-02")]).unwrap_err();
        let array = Misfit::NotAnArray { table: "work".into() };
        for text in
            ["work = []\n", "work = [{ on = 1 }]\n", "[work]\n", "work = 1\n", "work.x = 1\n"]
        {
            assert_eq!(misfit(text), array, "{text}");
        }
        let Misfit::NotToml { line, column, .. } = misfit("a = 1\n  b == 2\n") else { panic!() };
        assert_eq!((line, column), (2, 6));
        let Misfit::NotToml { line, column, .. } = misfit("\u{feff}b == 2\n") else { panic!() };
        assert_eq!((line, column), (1, 4));
    }

    #[test]
    fn every_value_reads_as_it_was() {
        let odd = "a\nb\r\n\t\"\\ \u{7f}\u{85}\u{1} é #";
        let keys = vec![
            ("a b".into(), Value::from(odd)),
            ("list".into(), Value::from(vec![odd, ""])),
            ("table".into(), Value::Table(Table::from_iter([("é".into(), Value::from(odd))]))),
            ("float".into(), Value::from(3.0)),
        ];
        // That it reads as the same is what `appended` checks.
        let text = put("", &[Event { table: "escalation-test".into(), keys }]);
        assert_eq!(text.lines().count(), 5, "each value is on one line: {text}");
    }

    #[test]
    fn no_two_records_share_a_long_run_of_lines() {
        let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        for count in 0..=keys.len() {
            let keys: Vec<_> = keys[..count].iter().map(|key| (*key, "1")).collect();
            let lines = block(&event("x", &keys));
            assert!(lines[0].contains('#') && lines.last().unwrap().contains('#'));
            assert!(lines.split(|line| line.contains('#')).all(|run| run.len() <= RUN));
        }
    }

    /// After any edit of the file a record is added to what is there, or the file is not touched.
    #[test]
    fn no_edit_makes_appending_panic() {
        let text = "# a\r\n[[work]]\non = 2026-01-01\n[[session]]\nx = [\n 1, # one\n]\n";
        for seed in 0..500 {
            let edited = Random::new(seed).edited(text);
            if let Ok(new) = appended(&source(&edited), &[on("2026-01-02")]) {
                assert!(new.text.starts_with(&edited), "seed {seed}");
            }
        }
    }
}
