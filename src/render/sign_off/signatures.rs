//! Part E: the blocks that people sign, each with the exact sentence.

use serde::Serialize;

use crate::parse::plan::Plan;
use crate::render::signature::{self, Signed};
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
    /// What is known of electronic signatures, block by block.
    electronic: Vec<Electronic>,
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

/// A line of the table of electronic signatures.
#[derive(Serialize)]
struct Electronic {
    /// `S1`; nothing for a signature in no block.
    number: String,
    name: String,
    /// `None` for a block that nobody has signed.
    signed: Option<Signed>,
    chip: Chip,
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
    let electronic = electronic(facts, &blocks);
    let mut blocks = blocks.into_iter().peekable();
    let mut rows = Vec::new();
    while blocks.peek().is_some() {
        rows.push(blocks.by_ref().take(BESIDE).collect());
    }
    Signatures {
        unmet: words::list(&super::summary::unmet(facts)),
        rows,
        electronic,
        exceptions: facts
            .assessment
            .exceptions
            .iter()
            .filter(|one| one.counts == crate::assess::Counts::Yes)
            .count(),
        open_items: facts.assessment.open_items.len(),
    }
}

/// Returns the signatures on the release that this is, by their blocks; a block without one says so.
fn electronic(facts: &Facts<'_>, blocks: &[Block]) -> Vec<Electronic> {
    let on_release = facts.release.iter().flat_map(|release| &release.signatures);
    let mut signed: Vec<Signed> = on_release.filter_map(signature::signed).collect();
    let line = |number: &str, signed: Signed| Electronic {
        number: number.to_owned(),
        name: signed.name.clone(),
        chip: Chip::from(signed.badge),
        signed: Some(signed),
    };
    let mut lines = Vec::new();
    for block in blocks {
        let of_block = |signed: &Signed| {
            signed.person.as_ref() == Some(&block.person)
                && signed.capacity.as_ref() == Some(&block.capacity)
        };
        let (own, others): (Vec<Signed>, Vec<Signed>) = signed.into_iter().partition(of_block);
        signed = others;
        if own.is_empty() {
            let chip = Chip::new("none", "bar", "Not signed");
            let (number, name) = (block.number.clone(), block.name.clone());
            lines.push(Electronic { number, name, signed: None, chip });
        }
        lines.extend(own.into_iter().map(|signed| line(&block.number, signed)));
    }
    lines.extend(signed.into_iter().map(|signed| line("–", signed)));
    lines
}
