//! Whether somebody has confirmed it, and names the evidence.

use chrono::NaiveDate;

use crate::assess::criteria::{Bench, Gap, Judgment};
use crate::assess::{Evidence, EvidenceLink};
use crate::source::Spanned;

impl<'a> Bench<'a> {
    pub(super) fn manual(
        &self,
        statement: &str,
        evidence: &[Spanned<String>],
        confirmed_by: Option<&Spanned<String>>,
        on: Option<NaiveDate>,
    ) -> Judgment {
        let target = "confirmed by a person, with evidence";
        if evidence.is_empty() {
            return Judgment::not_assessed(target, "no evidence is named");
        }
        let proofs: Vec<Evidence> = evidence.iter().map(|it| self.proof(it)).collect();
        let known = confirmed_by.filter(|id| self.ledger.roster.knows(id));
        let (actual, confirmed) = match (known, on) {
            (Some(id), Some(on)) if on <= self.ledger.today => {
                (format!("confirmed by {} on {on}", self.name(id)), true)
            }
            (Some(_), Some(on)) => (format!("to be confirmed on {on}"), false),
            (Some(_), None) => ("confirmed without a day".to_owned(), false),
            (None, _) => ("not confirmed".to_owned(), false),
        };
        let gap = Gap::new(actual.clone(), format!("Confirm: {}", statement.trim()));
        let gaps = if confirmed { Vec::new() } else { vec![gap] };
        Judgment::new(target, actual).with(proofs, gaps)
    }

    fn proof(&self, evidence: &str) -> Evidence {
        let link = if self.ledger.portal.ids.contains_key(evidence) {
            EvidenceLink::Document(evidence.to_owned())
        } else if evidence.starts_with("https://") || evidence.starts_with("http://") {
            EvidenceLink::Address(evidence.to_owned())
        } else {
            EvidenceLink::None
        };
        let document = self.ledger.portal.document(evidence);
        let text = document.map_or(evidence, |document| &document.title).to_owned();
        Evidence { subject: text.clone(), text, link }
    }
}
