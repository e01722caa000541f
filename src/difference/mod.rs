//! Two bodies of Markdown → what a reader sees change: block by block, and within a block word by word.
//!
//! What is compared is what is read, not how it is written: a paragraph that is wrapped anew has not changed.

mod align;
mod blocks;
#[cfg(test)]
mod tests;

pub use crate::difference::blocks::{Kind, Style};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::difference::align::pairs;
use crate::difference::blocks::{Block, Token, blocks};

/// So many unchanged blocks are shown before and after what changed.
const CONTEXT: usize = 1;

/// A stretch of changes with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The heading that it stands under, where that is not among its rows.
    pub heading: Option<String>,
    pub rows: Vec<Row>,
}

/// A block: a paragraph, an item of a list, a line of code, a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub change: Change,
    pub kind: Kind,
    /// Of an item of an ordered list.
    pub number: Option<u64>,
    /// What it says; one cell for all but the rows of tables.
    pub cells: Vec<Vec<Run>>,
}

/// What became of a block, or of a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Same,
    Removed,
    Added,
    /// Some of its runs are removed or added.
    Changed,
}

/// Words of one style that share their fate. Never `Changed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub change: Change,
    pub style: Style,
    pub text: String,
}

/// Returns what differs between two bodies; nothing, where a reader sees no difference.
pub fn difference(old: &str, new: &str) -> Vec<Hunk> {
    let (old, new) = (blocks(old), blocks(new));
    let mut rows = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            rows.extend(new.iter().map(|block| whole(block, Change::Same)));
            continue;
        }
        for pair in pairs(old, new) {
            rows.push(match pair {
                (Some(old), Some(new)) => changed(old, new),
                (Some(old), None) => whole(old, Change::Removed),
                (None, Some(new)) => whole(new, Change::Added),
                (None, None) => continue,
            });
        }
    }
    hunks(rows)
}

fn whole(block: &Block, change: Change) -> Row {
    let cells = block.cells.iter().map(|tokens| {
        let mut runs = Vec::new();
        tokens.iter().for_each(|token| push(&mut runs, change, token));
        runs
    });
    Row { change, kind: block.kind.clone(), number: block.number, cells: cells.collect() }
}

/// Returns a block of which some words changed.
fn changed(old: &Block, new: &Block) -> Row {
    let cells = old.cells.iter().zip(&new.cells).map(|(old, new)| words(old, new));
    let (kind, number) = (new.kind.clone(), new.number);
    Row { change: Change::Changed, kind, number, cells: cells.collect() }
}

fn words(old: &[Token], new: &[Token]) -> Vec<Run> {
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    let mut runs = Vec::new();
    // What is between two equal stretches is removed first and added then, however often it alternates.
    let (mut removed, mut added): (Vec<&Token>, Vec<&Token>) = (Vec::new(), Vec::new());
    for (index, op) in ops.iter().enumerate() {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        let is_equal = matches!(op, DiffOp::Equal { .. });
        // A blank between two changes belongs to them: single words would flicker.
        let is_bridge = index > 0
            && index + 1 < ops.len()
            && new.iter().all(|token| token.text.trim().is_empty());
        if is_equal && !is_bridge {
            flush(&mut runs, &mut removed, &mut added);
            new.iter().for_each(|token| push(&mut runs, Change::Same, token));
        } else {
            removed.extend(old);
            added.extend(new);
        }
    }
    flush(&mut runs, &mut removed, &mut added);
    runs
}

fn flush(runs: &mut Vec<Run>, removed: &mut Vec<&Token>, added: &mut Vec<&Token>) {
    removed.drain(..).for_each(|token| push(runs, Change::Removed, token));
    added.drain(..).for_each(|token| push(runs, Change::Added, token));
}

fn push(runs: &mut Vec<Run>, change: Change, token: &Token) {
    match runs.last_mut() {
        Some(last) if last.change == change && last.style == token.style => {
            last.text.push_str(&token.text);
        }
        _ => runs.push(Run { change, style: token.style.clone(), text: token.text.clone() }),
    }
}

/// Cuts the rows into stretches of changes, each with a little of what stands around it.
fn hunks(rows: Vec<Row>) -> Vec<Hunk> {
    let changes: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.change != Change::Same)
        .map(|(at, _)| at)
        .collect();
    let mut shown = vec![false; rows.len()];
    for at in changes {
        let last = (at + CONTEXT).min(rows.len() - 1);
        shown[at.saturating_sub(CONTEXT)..=last].fill(true);
    }
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut heading = None;
    let mut before = false;
    for (row, shown) in rows.into_iter().zip(shown) {
        let title = matches!(row.kind, Kind::Heading(_)).then(|| text(&row));
        if shown {
            if !before {
                let heading = heading.clone().filter(|_| title.is_none());
                hunks.push(Hunk { heading, rows: Vec::new() });
            }
            if let Some(hunk) = hunks.last_mut() {
                hunk.rows.push(row);
            }
        }
        before = shown;
        heading = title.or(heading);
    }
    // What a heading stands over is not shown.
    for hunk in &mut hunks {
        hunk.rows.pop_if(|row| row.change == Change::Same && matches!(row.kind, Kind::Heading(_)));
    }
    hunks
}

/// Returns what a row says now.
fn text(row: &Row) -> String {
    let runs = row.cells.iter().flatten().filter(|run| run.change != Change::Removed);
    runs.map(|run| run.text.as_str()).collect()
}
