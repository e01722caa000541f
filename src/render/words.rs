//! Facts in words: days, counts, names in a row.

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

/// A day as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// `2026-12-21`, for `datetime`, sorting and tables.
    pub iso: String,
    /// `21 Dec 2026`
    pub short: String,
    /// `21 December 2026`
    pub long: String,
    /// `Mon`
    pub weekday: String,
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self {
            iso: date.to_string(),
            short: date.format("%-d %b %Y").to_string(),
            long: date.format("%-d %B %Y").to_string(),
            weekday: date.format("%a").to_string(),
        }
    }
}

/// Returns a span of days without saying a month or a year twice: `4 – 10 Dec 2026`.
pub fn days(first: NaiveDate, last: NaiveDate) -> String {
    let end = last.format("%-d %b %Y");
    if first == last {
        end.to_string()
    } else if first.year() != last.year() {
        format!("{} – {end}", first.format("%-d %b %Y"))
    } else if first.month() != last.month() {
        format!("{} – {end}", first.format("%-d %b"))
    } else {
        format!("{} – {end}", first.day())
    }
}

/// Returns a count with its noun: `1 document`, `24 documents`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Returns names in a row: `a, b and c`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// Makes a phrase of a diagnostic a sentence: "write it as `a.md`" → "Write it as `a.md`.".
pub fn sentence(phrase: &str) -> String {
    let end = if phrase.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{end}", capital(phrase))
}

/// Makes a phrase begin as a line of a list does: "business days: 15 → 16" → "Business days: 15 → 16".
pub fn capital(phrase: &str) -> String {
    let mut chars = phrase.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", chars.as_str())
}

/// Returns a text that is safe between tags and in a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    push_escaped(&mut escaped, text);
    escaped
}

/// Appends a text as HTML, with nothing in it that is markup.
pub fn push_escaped(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = entity(byte) {
            out.push_str(&text[from..at]);
            out.push_str(entity);
            from = at + 1;
        }
    }
    out.push_str(&text[from..]);
}

/// Returns what stands for a character that would be markup.
pub fn entity(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        b'\'' => "&#39;",
        _ => return None,
    })
}

/// Returns a phrase as HTML. What stands in backticks is code, or what `link` makes of it.
pub fn phrase(text: &str, link: impl Fn(&str) -> Option<String>) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some((before, (code, after))) =
        rest.split_once('`').and_then(|(before, after)| Some((before, after.split_once('`')?)))
    {
        html.push_str(&escape(before));
        html.push_str(&link(code).unwrap_or_else(|| format!("<code>{}</code>", escape(code))));
        rest = after;
    }
    html.push_str(&escape(rest));
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_says_month_and_year_once() {
        assert_eq!(days(date("2026-12-04"), date("2026-12-10")), "4 – 10 Dec 2026");
        assert_eq!(days(date("2026-11-30"), date("2026-12-03")), "30 Nov – 3 Dec 2026");
        assert_eq!(days(date("2026-12-22"), date("2027-01-20")), "22 Dec 2026 – 20 Jan 2027");
        assert_eq!(days(date("2026-12-21"), date("2026-12-21")), "21 Dec 2026");
    }

    #[test]
    fn a_phrase_marks_its_code_and_nothing_else() {
        assert_eq!(
            phrase("review `a<b` & `c` again, it`s due", |code| {
                (code == "c").then(|| "<i>C</i>".to_owned())
            }),
            "review <code>a&lt;b</code> &amp; <i>C</i> again, it`s due"
        );
    }

    #[test]
    fn a_phrase_becomes_a_sentence() {
        assert_eq!(sentence("write it as `a.md`"), "Write it as `a.md`.");
        assert_eq!(sentence("`a.md` is there. Really?"), "`a.md` is there. Really?");
    }

    #[test]
    fn a_row_of_names_ends_with_and() {
        let names: Vec<String> = ["a", "b", "c"].map(String::from).into();
        assert_eq!(list(&names), "a, b and c");
        assert_eq!(list(&names[..1]), "a");
    }
}
