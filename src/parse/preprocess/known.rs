//! Well-known programs, and what is lost without each.

/// Whether the work of a program is done without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is, and what the program would make of the text needs scripts or styles of mdBook's pages: it is never run.
    Here,
    /// It is, where the program is not installed.
    Else,
    /// It is not: what is lost, as a phrase.
    Not(&'static str),
}

/// Their output is for mdBook's pages alone: Mermaid, math, callouts, emoji, contents at the side; `check` is for links.
const HERE: &[&str] = &[
    "admonish",
    "alerts",
    "callouts",
    "emojicodes",
    "index",
    "katex",
    "link-check",
    "linkcheck",
    "links",
    "mermaid",
    "pagetoc",
    "yml-header",
];

const ELSE: &[&str] = &["toc"];

const LOST: &[(&str, &str)] = &[
    ("bib", "citations stay as they are written, and there is no bibliography"),
    ("citeproc", "citations stay as they are written, and there is no bibliography"),
    ("cmdrun", "what the commands in the text would print is not in the pages"),
    ("embedify", "what it embeds from other sites stays as it is written"),
    ("footnote", "`{{footnote: …}}` stays as it is written"),
    ("gettext", "the text is not translated"),
    ("graphviz", "its diagrams are shown as code"),
    ("kroki-preprocessor", "its diagrams are shown as code"),
    ("last-changed", "nothing, but for its line: each page has the date of its last change"),
    ("open-on-gh", "its links to the sources are not in the pages"),
    ("plantuml", "its diagrams are shown as code"),
    ("private", "what it would hide is in the pages"),
    ("quiz", "its questions stay as they are written"),
    ("svgbob", "its diagrams are shown as code"),
    ("template", "`{{#template …}}` stays as it is written"),
    ("tera", "its templates stay as they are written"),
    ("variables", "its placeholders stay as they are written"),
];

/// Tells what is known of a program by its name.
pub(super) fn done(name: &str) -> Done {
    if HERE.contains(&name) {
        Done::Here
    } else if ELSE.contains(&name) {
        Done::Else
    } else {
        let known = LOST.iter().find(|(known, _)| *known == name);
        Done::Not(known.map_or("what it would make of the text is not in the pages", |it| it.1))
    }
}
