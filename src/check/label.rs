//! Labels that say when something is: "Week 2", "Wk 3", "week two", "Day 5-8".

use chrono::{Datelike as _, NaiveDate};

use crate::parse::plan::{Calendar, Weekday};

/// What a label says of time: a run of weeks or of business days, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) unit: Unit,
    pub(super) first: u32,
    pub(super) last: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
}

impl Label {
    /// Returns the business days that the label means, where a week has so many.
    pub(super) fn days(self, days_a_week: u32) -> (u32, u32) {
        match self.unit {
            Unit::Day => (self.first, self.last),
            Unit::Week => (
                (self.first - 1).saturating_mul(days_a_week) + 1,
                self.last.saturating_mul(days_a_week),
            ),
        }
    }
}

/// Returns how many business days a week of the calendar has, five without one.
pub(super) fn days_a_week(calendar: Option<&Calendar>) -> u32 {
    let Some(calendar) = calendar else { return 5 };
    let mut weekend: Vec<Weekday> = calendar.weekend.clone();
    weekend.sort();
    weekend.dedup();
    7 - u32::try_from(weekend.len()).unwrap_or(7).min(6)
}

/// Tells whether a date is a day of the weekend.
pub(super) fn is_weekend(calendar: &Calendar, date: NaiveDate) -> bool {
    let weekday = date.weekday().num_days_from_monday();
    calendar.weekend.iter().any(|day| *day as u32 == weekday)
}

/// Reads a label; `None` when it says nothing of weeks or days, as "Phase 2" and "2 weeks" do not.
pub(super) fn label(text: &str) -> Option<Label> {
    let words = words(&text.to_lowercase());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let at = words.iter().position(|word| unit(word).is_some())?;
    let unit = unit(words[at])?;
    let label = |first: u32, last: u32| {
        (first >= 1 && first <= last && last <= 3650).then_some(Label { unit, first, last })
    };
    let Some(first) = words.get(at + 1).and_then(|word| number(word)) else {
        let nth = at.checked_sub(1).and_then(|before| ordinal(&words[..=before]))?;
        return label(nth, nth);
    };
    let rest = &words[at + 2..];
    let last = match rest {
        [between, last, ..] if is_between(between) && number(last).is_some() => number(last),
        [between, again, last, ..] if is_between(between) && self::unit(again) == Some(unit) => {
            number(last)
        }
        _ => None,
    };
    label(first, last.unwrap_or(first))
}

/// Returns the runs of letters, the runs of digits and the signs of a text.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let kind = |character: char| match character {
        _ if character.is_numeric() => 1,
        _ if character.is_alphabetic() => 2,
        _ => 3,
    };
    let mut last = 3;
    for character in text.chars() {
        let kind = kind(character);
        match words.last_mut() {
            Some(word) if kind == last && kind != 3 => word.push(character),
            _ if character.is_whitespace() || ".:,#()".contains(character) => {}
            _ => words.push(character.to_string()),
        }
        last = kind;
    }
    words
}

fn unit(word: &str) -> Option<Unit> {
    match word {
        "week" | "weeks" | "wk" | "wks" | "w" => Some(Unit::Week),
        "day" | "days" | "d" => Some(Unit::Day),
        _ => None,
    }
}

fn is_between(word: &str) -> bool {
    matches!(word, "-" | "–" | "—" | "/" | "&" | "+" | "to" | "and" | "through" | "until")
}

fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    word.parse().ok().or_else(|| position(&WORDS, word))
}

/// Reads what stands before "week" or "day": "first", or "1" and "st".
fn ordinal(before: &[&str]) -> Option<u32> {
    const WORDS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    match before {
        [.., digits, "st" | "nd" | "rd" | "th"] => digits.parse().ok(),
        [.., word] => position(&WORDS, word),
        [] => None,
    }
}

fn position(words: &[&str], word: &str) -> Option<u32> {
    let index = words.iter().position(|known| *known == word)?;
    u32::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_in_many_spellings() {
        let week = |first, last| Some(Label { unit: Unit::Week, first, last });
        let day = |first, last| Some(Label { unit: Unit::Day, first, last });
        for (text, expected) in [
            ("Week 2", week(2, 2)),
            ("Wk 2", week(2, 2)),
            ("wk. 2", week(2, 2)),
            ("W2", week(2, 2)),
            ("week two", week(2, 2)),
            ("Second week", week(2, 2)),
            ("2nd week", week(2, 2)),
            ("Weeks 1-2", week(1, 2)),
            ("Weeks 1 – 2", week(1, 2)),
            ("Week 1 to week 2", week(1, 2)),
            ("Week 3: shadowing", week(3, 3)),
            ("Day 15", day(15, 15)),
            ("Days 5-8", day(5, 8)),
            ("Day 5 to 8", day(5, 8)),
            ("D5", day(5, 5)),
        ] {
            assert_eq!(label(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_or_a_length_is_no_label() {
        for text in [
            "",
            "Phase 2",
            "2 weeks",
            "Week",
            "Weekly",
            "Day 0",
            "Day 8-5",
            "Sprint 3",
            "Deep dive",
            "Week 99999999999",
            "Monday",
            "Week of 2 May",
        ] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn weeks_are_as_long_as_the_calendar_says() {
        let weeks = Label { unit: Unit::Week, first: 4, last: 4 };
        assert_eq!(weeks.days(5), (16, 20));
        assert_eq!(weeks.days(6), (19, 24));
    }
}
