//! Text that stands where a text should: TODO, TBD, "Coming soon", "…".

/// Tells whether a block of text says nothing but that something is to come. Blank text is one too.
pub fn is_placeholder(text: &str) -> bool {
    let text =
        text.trim().trim_matches(['[', ']', '(', ')', '*', '_', '<', '>', '{', '}', '`', ' ']);
    let bare = text.trim_end_matches(['.', '!', ':', '…', '?', '-', '–', '—', ' ']);
    bare.is_empty()
        || PHRASES.iter().any(|phrase| bare.eq_ignore_ascii_case(phrase))
        || MARKS.iter().filter_map(|mark| behind(mark, text)).any(|rest| {
            rest.starts_with([':', '(', '-', '–', '—']) || rest.trim_start().starts_with(['–', '—'])
        })
}

/// Returns what stands behind a mark that a text begins with.
fn behind<'t>(mark: &str, text: &'t str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(mark.len())?;
    start.eq_ignore_ascii_case(mark).then_some(rest)
}

/// Whole texts.
const PHRASES: &[&str] = &[
    "todo",
    "to do",
    "tbd",
    "tba",
    "tbc",
    "tbw",
    "fixme",
    "xxx",
    "wip",
    "placeholder",
    "coming soon",
    "to be added",
    "to be completed",
    "to be confirmed",
    "to be defined",
    "to be determined",
    "to be done",
    "to be written",
    "to come",
    "under construction",
    "work in progress",
];

/// What makes a placeholder of a text that begins with it and goes on after a colon, a bracket or a dash.
const MARKS: &[&str] = &["todo", "tbd", "tba", "tbc", "fixme", "xxx"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_a_placeholder() {
        for text in [
            "",
            " \n",
            "TODO",
            "todo.",
            "TODO: say how",
            "TODO(amara) say how",
            "TBD",
            "[TBD]",
            "FIXME!",
            "Coming soon",
            "Coming soon...",
            "…",
            "...",
            "-",
            "*TBD*",
            "To be written.",
            "TODO — steps",
            "<tbd>",
        ] {
            assert!(is_placeholder(text), "{text:?}");
        }
        for text in [
            "None.",
            "Not applicable",
            "TODO items live in Jira.",
            "Todos",
            "Coming soon to all",
            "N/A",
            "0",
            "Call the lead.",
        ] {
            assert!(!is_placeholder(text), "{text:?}");
        }
    }
}
