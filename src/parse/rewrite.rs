//! A body in the words of another tool → the same in ours, every byte of it still known by where it was written.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::parse::document::{Piece, Text, Written};
use crate::source::Span;

/// A new body in the making, out of parts of an old one and of words that stand for parts of it.
#[derive(Default)]
pub struct Rewriting {
    body: String,
    cuts: Vec<Cut>,
    found: Vec<Found>,
}

/// From `at` in the new body on stands what stood from `start` on in the old one, or, with an end, what stands for all of
/// that part.
struct Cut {
    at: usize,
    start: usize,
    end: Option<usize>,
}

/// Something to report of a part of the old body.
struct Found {
    code: &'static Code,
    span: Span,
    message: String,
    help: Option<String>,
}

impl Rewriting {
    /// Appends a part of the old body.
    pub fn copy(&mut self, from: &str, part: Span) {
        if part.start < part.end {
            self.cuts.push(Cut { at: self.body.len(), start: part.start, end: None });
            self.body.push_str(&from[part.start..part.end]);
        }
    }

    /// Appends words that stand for a part of the old body.
    pub fn put(&mut self, words: &str, part: Span) {
        if !words.is_empty() {
            self.cuts.push(Cut { at: self.body.len(), start: part.start, end: Some(part.end) });
            self.body.push_str(words);
        }
    }

    pub fn ends_line(&self) -> bool {
        self.body.is_empty() || self.body.ends_with('\n')
    }

    pub fn report(
        &mut self,
        code: &'static Code,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        self.found.push(Found { code, span, message, help });
    }
}

impl Text {
    /// Puts a new body in the place of this one, and returns what was found on the way.
    pub fn rewritten(&mut self, rewriting: Rewriting) -> Vec<Diagnostic> {
        let Rewriting { body, cuts, found } = rewriting;
        let problems = found
            .into_iter()
            .map(|found| {
                let (source, span) = self.locate(found.span);
                let problem = Diagnostic::new(found.code, &source, span, found.message);
                match found.help {
                    Some(help) => problem.help(help),
                    None => problem,
                }
            })
            .collect();
        if body == self.body {
            return problems;
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for (index, cut) in cuts.iter().enumerate() {
            let length = cuts.get(index + 1).map_or(body.len(), |next| next.at) - cut.at;
            match cut.end {
                Some(end) => {
                    let (source, span) = self.locate(Span { start: cut.start, end });
                    let stands_for = Some(span.end.saturating_sub(span.start));
                    pieces.push(Piece { at: cut.at, source, start: span.start, stands_for });
                }
                None => self.copy_pieces(cut, length, &mut pieces),
            }
        }
        if pieces.is_empty() {
            pieces.extend(self.pieces.first().cloned());
        }
        let old = std::mem::replace(&mut self.body, body);
        let old_pieces = std::mem::replace(&mut self.pieces, pieces);
        self.written.get_or_insert_with(|| Arc::new(Written { body: old, pieces: old_pieces }));
        problems
    }

    /// Appends the pieces that a part of this body came from.
    fn copy_pieces(&self, cut: &Cut, length: usize, pieces: &mut Vec<Piece>) {
        let (start, end) = (cut.start, cut.start + length);
        let first = self.pieces.partition_point(|piece| piece.at <= start).saturating_sub(1);
        for piece in self.pieces[first..].iter().take_while(|piece| piece.at < end) {
            let into = start.saturating_sub(piece.at);
            let mut piece = piece.clone();
            piece.at = cut.at + piece.at.saturating_sub(start);
            if piece.stands_for.is_none() {
                piece.start += into;
            }
            pieces.push(piece);
        }
    }
}
