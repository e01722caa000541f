//! Blocks that are not the same: which of them is another one, edited.

use std::collections::BTreeMap;
use std::mem::discriminant;

use crate::difference::blocks::{Block, Kind};

/// Where more blocks meet than this, each is removed or added as a whole.
const MOST_COMPARED: usize = 10_000;

/// Of a block that was edited, at least so much in a hundred stays.
const LEAST_ALIKE: usize = 40;

/// A block as it was and as it is.
type Pair<'a> = (Option<&'a Block>, Option<&'a Block>);

/// Puts old and new blocks side by side, in the order of both: those that are alike together, the others alone.
pub(super) fn pairs<'a>(old: &'a [Block], new: &'a [Block]) -> Vec<Pair<'a>> {
    if old.len().saturating_mul(new.len()) > MOST_COMPARED {
        return alone(old, new);
    }
    // How alike the blocks from here on can be in the best case, for every place in both.
    let width = new.len() + 1;
    let mut best = vec![0; (old.len() + 1) * width];
    let alike: Vec<usize> =
        old.iter().flat_map(|old| new.iter().map(|new| alike_in_a_hundred(old, new))).collect();
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let pair = alike[i * new.len() + j];
            let together = if pair > 0 { pair + best[(i + 1) * width + j + 1] } else { 0 };
            best[i * width + j] =
                together.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut from_old, mut from_new) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        let pair = alike[i * new.len() + j];
        if pair > 0 && best[i * width + j] == pair + best[(i + 1) * width + j + 1] {
            pairs.extend(alone(&old[from_old..i], &new[from_new..j]));
            pairs.push((Some(&old[i]), Some(&new[j])));
            (i, j) = (i + 1, j + 1);
            (from_old, from_new) = (i, j);
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs.extend(alone(&old[from_old..], &new[from_new..]));
    pairs
}

/// Puts blocks that have nothing in common one after the other, old before new, code with code and rows with rows: what
/// stands in one piece is not torn apart.
fn alone<'a>(mut old: &'a [Block], mut new: &'a [Block]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    while let Some(first) = old.first() {
        let form = discriminant(&first.kind);
        let at = new.iter().position(|block| discriminant(&block.kind) == form);
        let before = new.split_off(..at.unwrap_or(0)).unwrap_or_default();
        let length = |blocks: &[Block]| {
            blocks.iter().take_while(|block| discriminant(&block.kind) == form).count()
        };
        let removed = old.split_off(..length(old)).unwrap_or_default();
        let added = new.split_off(..length(new)).unwrap_or_default();
        pairs.extend(before.iter().map(|block| (None, Some(block))));
        pairs.extend(removed.iter().map(|block| (Some(block), None)));
        pairs.extend(added.iter().map(|block| (None, Some(block))));
    }
    pairs.extend(new.iter().map(|block| (None, Some(block))));
    pairs
}

/// Returns how much of two blocks is the same; 0 for what cannot be the same block, edited.
fn alike_in_a_hundred(old: &Block, new: &Block) -> usize {
    let same_form = match (&old.kind, &new.kind) {
        // A line of code is removed or added: words within it would be read as code.
        (Kind::Code { .. }, _) | (_, Kind::Code { .. }) => false,
        (Kind::Heading(_), Kind::Heading(_)) => true,
        (Kind::Cells { head: a }, Kind::Cells { head: b }) => a == b,
        (Kind::Cells { .. }, _) | (_, Kind::Cells { .. }) => false,
        (a, b) => a == b || a.is_prose() && b.is_prose(),
    };
    if !same_form || old.cells.len() != new.cells.len() {
        return 0;
    }
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut before, mut after, mut common) = (0, 0, 0);
    for word in old.words() {
        *words.entry(word).or_default() += 1;
        before += 1;
    }
    for word in new.words() {
        after += 1;
        if let Some(left) = words.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    let alike = common * 200 / (before + after).max(1);
    if alike >= LEAST_ALIKE { alike } else { 0 }
}
