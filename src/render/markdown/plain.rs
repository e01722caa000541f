//! The body of a document → its words, by section, for what shows or finds text without markup.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::parse::document::{Document, Heading};
use crate::parse::markdown::plain_events;
use crate::parse::raw_html::{Piece, pieces};

/// What stands below one heading and above the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// `None` for what stands above the first heading.
    pub heading: Option<&'a Heading>,
    /// With one blank between words and between blocks; no diagram sources.
    pub text: String,
}

/// Returns the sections of a document that have words, or a heading.
pub fn sections(document: &Document) -> Vec<Section<'_>> {
    let mut sections = vec![Section { heading: None, text: String::new() }];
    let mut headings = document.headings.iter().peekable();
    // Within a heading or a diagram.
    let mut skipped = 0;
    for (event, range) in plain_events(&document.text.body) {
        let is_diagram = || {
            document
                .diagrams
                .iter()
                .any(|diagram| (diagram.span.start..diagram.span.end).contains(&range.start))
        };
        match event {
            Event::Start(Tag::Heading { .. }) => {
                skipped += 1;
                let is_known = headings.next_if(|heading| heading.span.start <= range.start);
                if let Some(heading) = is_known {
                    sections.push(Section { heading: Some(heading), text: String::new() });
                }
            }
            Event::Start(Tag::CodeBlock(_)) if is_diagram() => skipped += 1,
            Event::End(TagEnd::CodeBlock) if is_diagram() => skipped -= 1,
            Event::End(TagEnd::Heading(_)) => skipped -= 1,
            _ if skipped > 0 => {}
            event => {
                if let Some(section) = sections.last_mut() {
                    push(&mut section.text, &event);
                }
            }
        }
    }
    for section in &mut sections {
        section.text.truncate(section.text.trim_end().len());
    }
    sections.retain(|section| section.heading.is_some() || !section.text.is_empty());
    sections
}

/// Returns the first paragraph, cut behind a word to at most `most` characters.
pub fn excerpt(document: &Document, most: usize) -> String {
    let mut text = String::new();
    let mut in_paragraph = false;
    for (event, _) in plain_events(&document.text.body) {
        match event {
            Event::Start(Tag::Paragraph) => in_paragraph = true,
            Event::End(TagEnd::Paragraph) if text.trim().is_empty() => in_paragraph = false,
            Event::End(TagEnd::Paragraph) => break,
            event if in_paragraph => push(&mut text, &event),
            _ => {}
        }
    }
    let text = text.trim_end();
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = &text[..end];
    let words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{} …", words.trim_end_matches([',', ';', ':']))
}

fn push(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(words)
        | Event::Code(words)
        | Event::InlineMath(words)
        | Event::DisplayMath(words) => {
            push_words(text, words);
        }
        Event::Html(html) => {
            for (piece, range) in pieces(html) {
                push_words(text, if piece == Piece::Text { &html[range] } else { " " });
            }
        }
        Event::InlineHtml(html) if html.starts_with("<br") => push_words(text, " "),
        Event::InlineHtml(_) => {}
        Event::End(
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image,
        )
        | Event::Start(_)
        | Event::FootnoteReference(_)
        | Event::TaskListMarker(_) => {}
        Event::SoftBreak | Event::HardBreak | Event::Rule | Event::End(_) => push_words(text, " "),
    }
}

fn push_words(text: &mut String, words: &str) {
    for (at, word) in words.split(char::is_whitespace).enumerate() {
        if at > 0 && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::fixture;

    #[test]
    fn a_section_is_the_words_below_a_heading() {
        let portal = fixture::portal(
            "-- src/a.md --\n# Title\n\nA *b*c [link](x.md)\nd<br>e<b>f</b>.\n\n## Next `x`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\
             \n```mermaid\ngraph TD; secret-->b\n```\n\n```sh\nls  -l\n```\n\n### Empty\n",
        );
        let mut shown = String::new();
        for section in sections(portal.documents.values().next().unwrap()) {
            let heading = section.heading.map(|heading| heading.text.as_str());
            writeln!(shown, "{heading:?}: {}", section.text).unwrap();
        }
        insta::assert_snapshot!(shown, @r#"
        Some("Title"): A bc link d ef.
        Some("Next x"): one two a b c d ls -l
        Some("Empty"):
        "#);
        let document = portal.documents.values().next().unwrap();
        assert_eq!(excerpt(document, 100), "A bc link d ef.");
        assert_eq!(excerpt(document, 8), "A bc …");
    }
}
