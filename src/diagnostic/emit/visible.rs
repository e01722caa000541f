//! Text out of files, for a terminal: what would move the cursor, hide a line or turn the reading direction is spelled out.

use std::borrow::Cow;

/// Returns the text with all that acts on a terminal spelled out, as `\u{1b}`. Line ends and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    spelled(text, |c| acts(c) && !matches!(c, '\n' | '\t'), |c| c.escape_default().to_string())
}

/// Returns the text as one line: line ends and tabs are spelled out too, which a name out of a file may hold.
pub fn one_line(text: &str) -> Cow<'_, str> {
    spelled(text, acts, |c| c.escape_default().to_string())
}

/// Returns JSON that says the same, and in which nothing acts on a terminal.
pub fn json(text: &str) -> Cow<'_, str> {
    let spell = |c: char| format!("\\u{:04x}", u32::from(c));
    // What is neither a line end nor a blank stands inside a string: nothing else is JSON.
    spelled(text, |c| acts(c) && !matches!(c, '\n' | '\t' | '\r'), spell)
}

/// Returns a text that has our colors with all else that acts on a terminal spelled out.
pub fn painted(text: &str) -> Cow<'_, str> {
    spelled(
        text,
        |c| acts(c) && !matches!(c, '\n' | '\t' | '\x1b'),
        |c| c.escape_default().to_string(),
    )
}

/// Tells what a terminal does not show but does: control characters, and those that turn the direction or end a line.
fn acts(character: char) -> bool {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}'].contains(&character)
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character);
    character.is_control() || turns
}

fn spelled(text: &str, is: impl Fn(char) -> bool, spell: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(&is) {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is(character) {
            spelled.push_str(&spell(character));
        } else {
            spelled.push(character);
        }
    }
    Cow::Owned(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_spelled_out() {
        let text = "a\u{1b}[2K\rb\u{202e}c\u{9b}d\te\nü";
        assert_eq!(visible(text), "a\\u{1b}[2K\\rb\\u{202e}c\\u{9b}d\te\nü");
        assert_eq!(one_line(text), "a\\u{1b}[2K\\rb\\u{202e}c\\u{9b}d\\te\\nü");
        assert!(matches!(visible("Zoë\t→\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_stays_what_it_says() {
        let said = serde_json::json!({ "name": "a\u{1b}\u{7f}\u{2066}\n" });
        let text = format!("{said:#}");
        let shown = json(&text);
        assert!(!shown.chars().any(|c| acts(c) && c != '\n'), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), said);
    }
}
