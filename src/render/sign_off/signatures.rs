//! Part E: the blocks that people sign, each with the exact sentence.

use serde::Serialize;

use crate::parse::plan::Plan;
use crate::render::{Facts, names, words};

use super::Chip;

/// How many blocks stand beside each other.
const BESIDE: usize = 2;

#[derive(Serialize)]
pub(super) struct Signatures {
    /// `C1 and C2`: what keeps a draft from being signed.
    unmet: String,
    /// Rows of blocks; a row is never split, and the last one keeps the table of electronic signatures with it.
    rows: Vec<Vec<Block>>,
    not_signed: Chip,
    exceptions: usize,
    open_items: usize,
}

#[derive(Serialize)]
struct Block {
    /// `S1`
    number: String,
    capacity: String,
    statement: String,
    name: String,
    role: String,
    /// The id of the person, by which an electronic signature names its signer.
    person: String,
}

pub(super) fn signatures(facts: &Facts<'_>, plan: &Plan) -> Signatures {
    let blocks: Vec<Block> = plan
        .signatories
        .iter()
        .enumerate()
        .map(|(index, signatory)| {
            let person = names::person(facts.portal, &signatory.person);
            Block {
                number: format!("S{}", index + 1),
                capacity: signatory.capacity.clone(),
                statement: signatory.statement.clone(),
                name: names::name(facts.portal, &signatory.person).to_owned(),
                role: person.map(|person| person.role.clone()).unwrap_or_default(),
                person: signatory.person.value.clone(),
            }
        })
        .collect();
    let mut blocks = blocks.into_iter().peekable();
    let mut rows = Vec::new();
    while blocks.peek().is_some() {
        rows.push(blocks.by_ref().take(BESIDE).collect());
    }
    Signatures {
        unmet: words::list(&super::summary::unmet(facts)),
        rows,
        not_signed: Chip::new("none", "bar", "Not signed"),
        exceptions: facts
            .assessment
            .exceptions
            .iter()
            .filter(|one| one.counts == crate::assess::Counts::Yes)
            .count(),
        open_items: facts.assessment.open_items.len(),
    }
}
