//! Text → the words that it is found by. `search.js` does the same to what is typed; both pass the same vectors.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Tells whether a word stands in nearly every section and tells none from another.
fn is_stop_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "are"
            | "as"
            | "at"
            | "be"
            | "but"
            | "by"
            | "for"
            | "if"
            | "in"
            | "into"
            | "is"
            | "it"
            | "of"
            | "on"
            | "or"
            | "that"
            | "the"
            | "their"
            | "then"
            | "there"
            | "these"
            | "they"
            | "this"
            | "to"
            | "was"
            | "will"
            | "with"
    )
}

/// Longer runs are keys and digests in full; nobody types them.
const LONGEST: usize = 64;

/// Returns a text in the letters that are compared: compatible forms made one, without marks, in lower case.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    plain.to_lowercase().replace('ς', "σ")
}

/// Returns a text as a whole, for what is found by its exact name.
pub fn whole(text: &str) -> String {
    folded(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Calls `found` with every word of a folded text, again and again where it stands again: runs of letters and digits, joined
/// by `_`, `.` or `-` whole and in their parts, and every two neighbors of a script that is written without blanks.
pub fn words<'a>(folded: &'a str, mut found: impl FnMut(&'a str)) {
    let mut rest = folded;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let first = rest.chars().next().unwrap_or_default();
        let end = if is_dense(first) {
            let end = rest.find(|c: char| !is_dense(c)).unwrap_or(rest.len());
            pairs(&rest[..end], &mut found);
            end
        } else {
            let end = joined_end(rest);
            joined(&rest[..end], &mut found);
            end
        };
        rest = &rest[end..];
    }
}

/// Returns where a run of words that are joined ends.
fn joined_end(text: &str) -> usize {
    let mut end = 0;
    loop {
        end += words_end(&text[end..]);
        // A sign joins where a word stands on either side.
        let is_sign = matches!(text.as_bytes().get(end), Some(b'_' | b'.' | b'-'));
        if !is_sign || words_end(&text[end + 1..]) == 0 {
            return end;
        }
        end += 1;
    }
}

/// Returns where the letters and digits end that a text begins with.
fn words_end(text: &str) -> usize {
    let ascii = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    match text.as_bytes().get(ascii) {
        Some(byte) if !byte.is_ascii() => {
            text.find(|c: char| !c.is_alphanumeric() || is_dense(c)).unwrap_or(text.len())
        }
        _ => ascii,
    }
}

fn joined<'a>(run: &'a str, found: &mut impl FnMut(&'a str)) {
    let mut whole = |word: &'a str| {
        if word.len() <= LONGEST && !is_stop_word(word) {
            found(word);
        }
    };
    whole(run);
    if run.contains(['_', '.', '-']) {
        run.split(['_', '.', '-']).for_each(whole);
    }
}

fn pairs<'a>(run: &'a str, found: &mut impl FnMut(&'a str)) {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    if starts.len() == 2 {
        found(run);
    }
    starts.windows(3).for_each(|pair| found(&run[pair[0]..pair[2]]));
}

/// Tells whether a script puts no blanks between its words: Chinese characters and kana.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_falls_into_words_as_the_vectors_say() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("tokens.json")).unwrap();
        for vector in vectors.as_array().unwrap() {
            let folded = folded(vector["text"].as_str().unwrap());
            let mut found = Vec::new();
            words(&folded, |word| found.push(word));
            assert_eq!(serde_json::json!(found), vector["words"], "{}", vector["text"]);
        }
    }
}
