//! A difference as a reader sees it → lines for a terminal: what is gone and what is new, in color or in signs.

use std::fmt::Write as _;

use crate::diagnostic::emit::visible::visible;
use crate::difference::{Change, Hunk, Kind, Row, Run};

const REMOVED: &str = "\x1b[31;9m";
const ADDED: &str = "\x1b[32;4m";
const FAINT: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Returns the difference; stretches of changes are apart.
pub(super) fn text(hunks: &[Hunk], color: bool) -> String {
    let mut text = String::new();
    for (index, hunk) in hunks.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        if let Some(heading) = &hunk.heading {
            let heading = visible(heading).into_owned();
            let heading = if color { format!("{FAINT}{heading}{PLAIN}") } else { heading };
            writeln!(text, "  {heading}").expect("invariant: writing to a string");
        }
        for row in &hunk.rows {
            writeln!(text, "{}", line(row, color)).expect("invariant: writing to a string");
        }
    }
    text
}

fn line(row: &Row, color: bool) -> String {
    let sign = match row.change {
        Change::Same => ' ',
        Change::Removed => '-',
        Change::Added => '+',
        Change::Changed => '~',
    };
    let start = match (&row.kind, row.number) {
        (_, Some(number)) => format!("{number}. "),
        (Kind::Heading(level), _) => format!("{} ", "#".repeat(usize::from(*level))),
        _ => String::new(),
    };
    let cells: Vec<String> = row
        .cells
        .iter()
        .map(|runs| runs.iter().map(|it| run(it, row.change, color)).collect())
        .collect();
    format!("{sign} {start}{}", cells.join(" | ").replace('\n', "\n  "))
}

fn run(run: &Run, whole: Change, color: bool) -> String {
    let mut text = visible(&run.text).into_owned();
    // Where a link or a picture is another, its words alone may be the same.
    let address = run.style.image.as_ref().or(run.style.link.as_ref());
    if let Some(address) = address.filter(|_| run.change != Change::Same) {
        text.push_str(&format!(" <{}>", visible(address)));
    }
    match (run.change, color) {
        (Change::Removed, true) => format!("{REMOVED}{text}{PLAIN}"),
        (Change::Added, true) => format!("{ADDED}{text}{PLAIN}"),
        // The sign of the line says it of all of it.
        (Change::Removed, false) if whole == Change::Changed => format!("[-{text}-]"),
        (Change::Added, false) if whole == Change::Changed => format!("{{+{text}+}}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::difference::difference;

    #[test]
    fn words_that_changed_stand_out_with_and_without_color() {
        let old = "# Queue\n\nStop the writers first.\n\n1. Wait\n2. Drain\n";
        let new = "# Queue\n\nStop all writers first.\n\n1. Wait\n\nDone\x1b[2J.\n";
        let hunks = difference(old, new);
        insta::assert_snapshot!(text(&hunks, false), @r"
          # Queue
        ~ Stop [-the-]{+all+} writers first.
          1. Wait
        - 2. Drain
        + Done\u{1b}[2J.
        ");
        insta::assert_snapshot!(text(&hunks, true).replace('\x1b', "␛"), @r"
          # Queue
        ~ Stop ␛[31;9mthe␛[0m␛[32;4mall␛[0m writers first.
          1. Wait
        - 2. ␛[31;9mDrain␛[0m
        + ␛[32;4mDone\u{1b}[2J.␛[0m
        ");
    }
}
