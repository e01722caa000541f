//! The one form that callouts of every tool are brought into: `<aside data-callout="warning" data-titled>`, with their
//! title as the first paragraph, where they have one of their own.

/// What a callout is on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Note,
    /// One that unfolds.
    Details,
    OpenDetails,
    /// One of several that stand for each other.
    Tab,
}

impl Shape {
    pub fn element(self) -> &'static str {
        match self {
            Self::Note => "aside",
            Self::Details | Self::OpenDetails => "details",
            Self::Tab => "section",
        }
    }
}

/// Returns the tag that opens a callout. `titled` says whether its first paragraph is its title, or it is to have none; else
/// it has that of its kind.
pub fn opening_tag(shape: Shape, kind: &str, titled: Option<bool>) -> String {
    let element = shape.element();
    let kind: String =
        kind.chars().filter(|char| char.is_alphanumeric() || "-_ ".contains(*char)).collect();
    let titled = match titled {
        Some(true) => " data-titled",
        Some(false) => " data-titled=\"none\"",
        None => "",
    };
    let open = if shape == Shape::OpenDetails { " open" } else { "" };
    format!("<{element} data-callout=\"{kind}\"{titled}{open}>")
}

/// Tells whether `> [!kind]` is an alert of GitHub.
pub fn is_githubs(kind: &str) -> bool {
    ["note", "tip", "important", "warning", "caution"].contains(&kind)
}

/// Returns how a kind of callout looks, of the five that there are, and what it is called where it has no title.
pub fn look(kind: &str) -> (&'static str, String) {
    let look = match kind {
        "tip" | "hint" | "success" | "check" | "done" | "question" | "help" | "faq" => "tip",
        "important" | "attention" | "todo" => "important",
        "warning" | "caution" | "alert" | "warn" => "warning",
        "danger" | "error" | "failure" | "fail" | "missing" | "bug" => "caution",
        _ => "note",
    };
    let look = if kind == "caution" { "caution" } else { look };
    let mut chars = kind.chars();
    let word = match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Note".to_owned(),
    };
    (look, word.replace(['-', '_'], " "))
}
