//! The anchors that other tools give to headings → ours. A link that was right there leads to the same heading here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use crate::parse::dialect::Dialect;
use crate::parse::document::Heading;
use crate::parse::slug::slug as github;

/// Returns our anchor of each heading by the one that the tool of a dialect gives it; GitLab's where it is none. Ours are
/// those of GitHub. `written` is the text of each as its author wrote it, where `:smile:` is a word.
pub(super) fn anchors(
    dialect: Dialect,
    headings: &[Heading],
    written: &[Cow<'_, str>],
) -> BTreeMap<String, String> {
    let shown: Vec<_> = headings.iter().map(|heading| Cow::from(&*heading.text)).collect();
    let mut anchors = BTreeMap::new();
    let mut add = |theirs: Vec<String>| {
        for (theirs, heading) in theirs.into_iter().zip(headings) {
            // Where the author names a heading, its words make no anchor.
            if heading.is_named && names_headings(dialect) {
                continue;
            }
            anchors.entry(theirs).or_insert_with(|| heading.id.clone());
        }
    };
    match dialect {
        Dialect::MdBook => add(numbered(&shown, |text| or_section(mdbook(text)), "-")),
        Dialect::MkDocs => add(numbered(&shown, mkdocs, "_")),
        Dialect::Zola => add(numbered(&shown, plain_ascii, "-")),
        Dialect::Jekyll => add(numbered(written, |text| or_section(kramdown(text)), "-")),
        Dialect::GovUk => add(redcarpet_anchors(headings)),
        Dialect::Hugo => add(numbered(written, github, "-")),
        Dialect::Plain => {
            add(numbered(written, github, "-"));
            add(numbered(&shown, gitlab, "-"));
            // A forge knows no `{#id}`.
            let slugs: BTreeMap<&str, String> = headings
                .iter()
                .map(|heading| (heading.id.as_str(), github(&heading.text)))
                .collect();
            anchors.retain(|_, ours| {
                slugs.get(ours.as_str()).is_some_and(|slug| ours.starts_with(slug))
            });
        }
    }
    anchors
}

/// Tells whether a tool knows `{#id}`.
fn names_headings(dialect: Dialect) -> bool {
    use Dialect::{Hugo, Jekyll, MdBook, MkDocs, Zola};
    matches!(dialect, MdBook | MkDocs | Zola | Jekyll | Hugo)
}

/// Returns the slugs of texts of headings, with a number behind those that were used before.
fn numbered(texts: &[Cow<'_, str>], slug: impl Fn(&str) -> String, sign: &str) -> Vec<String> {
    let mut used = BTreeSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let number = |text: &Cow<'_, str>| {
        let slug = slug(text);
        let mut anchor = match (slug.is_empty(), sign) {
            (true, "_") => "_1".to_owned(),
            _ => slug.clone(),
        };
        let count = counts.entry(slug.clone()).or_default();
        while !used.insert(anchor.clone()) {
            *count += 1;
            anchor = format!("{slug}{sign}{count}");
        }
        anchor
    };
    texts.iter().map(number).collect()
}

/// Middleman's: a slug that was used before gets that of the heading above it in front, then a number.
fn redcarpet_anchors(headings: &[Heading]) -> Vec<String> {
    let mut used = BTreeSet::new();
    let mut above: Vec<(u8, String)> = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let anchor = |heading: &Heading| {
        let mut anchor = redcarpet(&heading.text);
        above.retain(|(level, _)| *level < heading.level);
        if let Some((_, parent)) = above.last().filter(|_| used.contains(&anchor)) {
            anchor = format!("{parent}-{anchor}");
        }
        let base = anchor.clone();
        let count = counts.entry(base.clone()).or_insert(1);
        while !used.insert(anchor.clone()) {
            *count += 1;
            anchor = format!("{base}-{count}");
        }
        above.push((heading.level, anchor.clone()));
        anchor
    };
    headings.iter().map(anchor).collect()
}

/// Letters, digits, `_` and `-` in lower case, each white space a `-`.
fn mdbook(text: &str) -> String {
    let kept = |char: char| match char {
        char if char.is_whitespace() => Some('-'),
        char if char.is_alphanumeric() || matches!(char, '_' | '-') => Some(char),
        _ => None,
    };
    text.trim().to_lowercase().chars().filter_map(kept).collect()
}

/// What is left of a text in ASCII, white space and hyphens in a row one `-`.
fn mkdocs(text: &str) -> String {
    let ascii = text.nfkd().filter(|char| {
        char.is_ascii_alphanumeric() || char.is_ascii_whitespace() || matches!(char, '_' | '-')
    });
    let ascii = ascii.collect::<String>().trim().to_ascii_lowercase();
    squeezed(&ascii, |char| char == '-' || char.is_ascii_whitespace())
}

/// The letters and digits of ASCII, a `-` for what stands between them.
fn plain_ascii(text: &str) -> String {
    let ascii: String = text.nfkd().filter(char::is_ascii).collect();
    let ascii = ascii.to_ascii_lowercase();
    squeezed(&ascii, |char| !char.is_ascii_alphanumeric()).trim_matches('-').to_owned()
}

/// The same of the text as HTML: `What's` is `what-39-s`.
fn redcarpet(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let escaped = escaped.replace('"', "&quot;").replace('\'', "&#39;").to_lowercase();
    squeezed(&escaped, |char| !char.is_ascii_alphanumeric()).trim_matches('-').to_owned()
}

fn kramdown(text: &str) -> String {
    let text = text.trim_start_matches(|char: char| !char.is_ascii_alphabetic());
    let kept = text.chars().filter(|char| char.is_ascii_alphanumeric() || " -".contains(*char));
    kept.collect::<String>().replace(' ', "-").to_ascii_lowercase()
}

/// GitHub's, with hyphens in a row one.
fn gitlab(text: &str) -> String {
    squeezed(&github(text), |char| char == '-')
}

fn or_section(slug: String) -> String {
    if slug.is_empty() { "section".into() } else { slug }
}

/// Puts one `-` in the place of each run of such characters.
fn squeezed(text: &str, is_gap: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_gap = false;
    for char in text.chars() {
        if !is_gap(char) {
            out.push(char);
        } else if !in_gap {
            out.push('-');
        }
        in_gap = is_gap(char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::slug::Slugs;

    fn shown(dialect: Dialect) -> String {
        let headings = [
            (1, "What's on & off — now"),
            (2, "Notes"),
            (1, "Über uns: 2 Wörter"),
            (2, "Notes"),
            (2, "Notes"),
            (2, "!"),
        ];
        let mut slugs = Slugs::default();
        let headings: Vec<Heading> = headings
            .iter()
            .map(|(level, text)| Heading {
                level: *level,
                text: (*text).to_owned(),
                id: slugs.unique(github(text)),
                is_named: false,
                span: Default::default(),
                empty: false,
            })
            .collect();
        let written: Vec<_> = headings.iter().map(|it| Cow::from(&*it.text)).collect();
        let anchors = anchors(dialect, &headings, &written);
        let mut shown: Vec<_> = anchors.iter().map(|(theirs, ours)| (ours, theirs)).collect();
        shown.sort();
        shown.iter().map(|(ours, theirs)| format!("  #{theirs} → #{ours}\n")).collect()
    }

    #[test]
    fn headings_have_the_anchors_of_their_tool() {
        use Dialect::{GovUk, Hugo, Jekyll, MdBook, MkDocs, Plain, Zola};
        let all = [MdBook, MkDocs, Zola, Jekyll, GovUk, Hugo, Plain];
        let all = all.map(|dialect| format!("{}\n{}", dialect.name(), shown(dialect)));
        insta::assert_snapshot!(all.concat(), @"
        mdBook
          #section → #
          #notes → #notes
          #notes-1 → #notes-1
          #notes-2 → #notes-2
          #whats-on--off--now → #whats-on--off--now
          #über-uns-2-wörter → #über-uns-2-wörter
        MkDocs
          #_1 → #
          #notes → #notes
          #notes_1 → #notes-1
          #notes_2 → #notes-2
          #whats-on-off-now → #whats-on--off--now
          #uber-uns-2-worter → #über-uns-2-wörter
        Zola
          # → #
          #notes → #notes
          #notes-1 → #notes-1
          #notes-2 → #notes-2
          #what-s-on-off-now → #whats-on--off--now
          #uber-uns-2-worter → #über-uns-2-wörter
        Jekyll
          #section → #
          #notes → #notes
          #notes-1 → #notes-1
          #notes-2 → #notes-2
          #whats-on--off--now → #whats-on--off--now
          #ber-uns-2-wrter → #über-uns-2-wörter
        GOV.UK Tech Docs
          # → #
          #notes → #notes
          #ber-uns-2-w-rter-notes → #notes-1
          #ber-uns-2-w-rter-notes-2 → #notes-2
          #what-39-s-on-amp-off-now → #whats-on--off--now
          #ber-uns-2-w-rter → #über-uns-2-wörter
        Hugo
          # → #
          #notes → #notes
          #notes-1 → #notes-1
          #notes-2 → #notes-2
          #whats-on--off--now → #whats-on--off--now
          #über-uns-2-wörter → #über-uns-2-wörter
        plain Markdown
          # → #
          #notes → #notes
          #notes-1 → #notes-1
          #notes-2 → #notes-2
          #whats-on--off--now → #whats-on--off--now
          #whats-on-off-now → #whats-on--off--now
          #über-uns-2-wörter → #über-uns-2-wörter
        ");
    }
}
