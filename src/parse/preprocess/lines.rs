//! A text, and what a program made of it → which line of the one each line of the other stands for.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// More lines times lines than this are not compared: all of what differs stands for all that it replaced.
const MOST: usize = 25_000_000;

/// Returns the new text, every line that is an old one as a copy of it, and every other as words that stand for a line: for
/// the one in its place, else for the last one before it that was kept.
pub fn rewriting(old: &str, new: &str) -> Rewriting {
    let (before, after) = (Lines::new(old), Lines::new(new));
    let mut out = Rewriting::default();
    for op in ops(&before.texts, &after.texts) {
        match op {
            DiffOp::Equal { old_index, len, .. } => {
                for index in old_index..old_index + len {
                    out.copy(old, before.spans[index]);
                }
            }
            DiffOp::Delete { .. } => {}
            DiffOp::Insert { old_index, new_index, new_len } => {
                let place = before.place(old_index.saturating_sub(1));
                for index in new_index..new_index + new_len {
                    out.put(after.of(new, index), place);
                }
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                for index in 0..new_len {
                    let place = before.place(old_index + index.min(old_len.saturating_sub(1)));
                    out.put(after.of(new, new_index + index), place);
                }
            }
        }
    }
    out
}

/// The lines of a text.
struct Lines<'a> {
    /// Without their ends, which a program may have changed.
    texts: Vec<&'a str>,
    /// With their ends.
    spans: Vec<Span>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let (mut texts, mut spans, mut at) = (Vec::new(), Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            texts.push(line.trim_end_matches(['\n', '\r']));
            spans.push(Span { start: at, end: at + line.len() });
            at += line.len();
        }
        Self { texts, spans }
    }

    fn of<'b>(&self, text: &'b str, index: usize) -> &'b str {
        &text[self.spans[index].start..self.spans[index].end]
    }

    /// Returns where a line stands, without its end.
    fn place(&self, index: usize) -> Span {
        self.spans.get(index).map_or_else(Span::default, |span| Span {
            start: span.start,
            end: span.start + self.texts[index].len(),
        })
    }
}

/// Compares two lists of lines. What they begin and end with alike is left out of the comparison.
fn ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest);
    let end = end.take_while(|(old, new)| old == new).count();
    let (old_len, new_len) = (old.len() - start - end, new.len() - start - end);
    let mut ops = vec![DiffOp::Equal { old_index: 0, new_index: 0, len: start }];
    if old_len.saturating_mul(new_len) > MOST {
        ops.push(DiffOp::Replace { old_index: start, old_len, new_index: start, new_len });
    } else {
        let (old, new) = (&old[start..start + old_len], &new[start..start + new_len]);
        ops.extend(capture_diff_slices(Algorithm::Myers, old, new).into_iter().map(|mut op| {
            match &mut op {
                DiffOp::Equal { old_index, new_index, .. }
                | DiffOp::Delete { old_index, new_index, .. }
                | DiffOp::Insert { old_index, new_index, .. }
                | DiffOp::Replace { old_index, new_index, .. } => {
                    *old_index += start;
                    *new_index += start;
                }
            }
            op
        }));
    }
    let (old_index, new_index) = (old.len() - end, new.len() - end);
    ops.push(DiffOp::Equal { old_index, new_index, len: end });
    ops
}
