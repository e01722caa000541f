//! A page of Markdown → text for a terminal: paragraphs filled, headings bold, code as it is.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The widest that text is set, however wide the terminal is.
const WIDEST: usize = 100;

/// Returns the page as text. A width of 0 is that of no terminal.
pub(super) fn page(markdown: &str, width: usize, color: bool) -> String {
    let width = if width == 0 { WIDEST } else { width.clamp(20, WIDEST) };
    let mut page =
        Page { text: String::new(), run: String::new(), width, color, lists: Vec::new() };
    for event in Parser::new(markdown) {
        page.event(&event);
    }
    page.text
}

struct Page {
    text: String,
    /// The paragraph, heading or code that is being read.
    run: String,
    width: usize,
    color: bool,
    /// The number of the next item of each list that is open, or `None` for one with bullets.
    lists: Vec<Option<u64>>,
}

impl Page {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) => self.run.push_str(text),
            Event::Code(code) => {
                self.run.push('`');
                self.run.push_str(code);
                self.run.push('`');
            }
            Event::SoftBreak => self.run.push(' '),
            Event::HardBreak => self.run.push('\n'),
            Event::Start(Tag::List(first)) => {
                self.fill();
                self.lists.push(*first);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                self.gap();
            }
            Event::Start(Tag::Item) => {
                self.fill();
                self.run = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".into(),
                };
            }
            Event::End(TagEnd::Item) => self.fill(),
            Event::End(TagEnd::Paragraph) => {
                self.fill();
                if self.lists.is_empty() {
                    self.gap();
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let heading = std::mem::take(&mut self.run);
                let heading = if self.color { format!("\x1b[1m{heading}\x1b[0m") } else { heading };
                self.text.push_str(&heading);
                self.text.push('\n');
                self.gap();
            }
            Event::End(TagEnd::CodeBlock) => {
                let code = std::mem::take(&mut self.run);
                for line in code.lines() {
                    self.text.push_str(format!("    {line}").trim_end());
                    self.text.push('\n');
                }
                self.gap();
            }
            _ => {}
        }
    }

    /// Sets what was read, filled to the width; the lines of an item hang under its first.
    fn fill(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.trim().is_empty() {
            return;
        }
        let depth = self.lists.len();
        let indent = "  ".repeat(depth.saturating_sub(1));
        let hang = if depth == 0 { "" } else { "  " };
        for line in run.split('\n') {
            let mut column = indent.len();
            self.text.push_str(&indent);
            for (index, word) in line.split_whitespace().enumerate() {
                let length = word.chars().count();
                if index > 0 && column + 1 + length > self.width {
                    self.text.push('\n');
                    self.text.push_str(&indent);
                    self.text.push_str(hang);
                    column = indent.len() + hang.len();
                } else if index > 0 {
                    self.text.push(' ');
                    column += 1;
                }
                self.text.push_str(word);
                column += length;
            }
            self.text.push('\n');
        }
    }

    /// Leaves a line free before what comes.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_set_for_a_terminal() {
        let markdown = "# broken-link\n\nA link that leads\nto `nothing` at all.\n\n## What to do\n\n- Mend\n  it.\n- Or two:\n  1. a\n  2. b\n\n```text\n[x](y)\n\n  z\n```\n";
        insta::assert_snapshot!(page(markdown, 24, false), @r"
        broken-link

        A link that leads to
        `nothing` at all.

        What to do

        - Mend it.
        - Or two:
          1. a
          2. b

            [x](y)

              z
        ");
        assert!(page("# A\n", 0, true).starts_with("\x1b[1mA\x1b[0m\n"));
    }
}
