//! Differences between files, as `diff` and `git diff` print them.

use crate::render::markdown::highlight::Piece;
use crate::render::markdown::lexer::Scan;

pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut scan = Scan::new(code);
    for line in code.split_inclusive('\n') {
        let class = match line.as_bytes().first() {
            _ if line.starts_with("+++") || line.starts_with("---") => Some("k"),
            Some(b'+' | b'>') => Some("add"),
            Some(b'-' | b'<') => Some("del"),
            Some(b'@') => Some("f"),
            _ => None,
        };
        scan.take(line.len(), class);
    }
    scan.pieces
}
