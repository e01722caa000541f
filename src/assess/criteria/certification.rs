//! Whether everybody who must be certified is.

use std::collections::BTreeMap;

use crate::assess::criteria::{Bench, Gap, Judgment, people_count};
use crate::assess::ledger::counting;
use crate::assess::{Evidence, EvidenceLink};
use crate::parse::records::{Certification, Record};
use crate::source::Spanned;

impl<'a> Bench<'a> {
    pub(super) fn certification(
        &self,
        by: Option<&Spanned<String>>,
        people: &[Spanned<String>],
        min_score: Option<f64>,
    ) -> Judgment {
        let (mut wanted, whose) = self.members(by);
        if !people.is_empty() {
            wanted = Vec::new();
            for person in people {
                if !wanted.contains(&person.value.as_str()) {
                    wanted.push(&person.value);
                }
            }
        }
        let with_score = min_score.map(|score| format!(" with a score of at least {score}"));
        let with_score = with_score.unwrap_or_default();
        if wanted.is_empty() {
            let target = format!("everybody of {whose} certified{with_score}");
            return Judgment::not_assessed(target, format!("the plan names nobody of {whose}"));
        }
        let best = self.best_certifications();
        let passes = |record: &Certification| {
            min_score.is_none_or(|least| record.score.is_some_and(|score| score >= least))
        };
        let (mut evidence, mut gaps) = (Vec::new(), Vec::new());
        for person in &wanted {
            let name = self.name(person);
            let what = match best.get(person) {
                Some(record) if passes(record) => {
                    evidence.push(self.certified(record));
                    continue;
                }
                Some(record) => match record.score {
                    Some(score) => {
                        format!("{name}: scored {score} on {}{}", record.on, least(min_score))
                    }
                    None => format!(
                        "{name}: certified on {} without a score{}",
                        record.on,
                        least(min_score)
                    ),
                },
                None => format!("{name}: not certified"),
            };
            gaps.push(Gap::new(what, format!("Certification of {name}")).owned_by(person));
        }
        let actual = format!("{} of {} certified", evidence.len(), wanted.len());
        Judgment::new(format!("{} certified{with_score}", people_count(wanted.len())), actual)
            .with(evidence, gaps)
    }

    /// Returns the live certification of each person with the highest score, the latest of equals.
    fn best_certifications(&self) -> BTreeMap<&'a str, &'a Record<Certification>> {
        let mut best: BTreeMap<&str, &Record<Certification>> = BTreeMap::new();
        let records = &self.ledger.portal.records.certifications;
        let rank = |record: &Certification| (record.score.unwrap_or(-1.0), record.on.value);
        for (_, record) in counting(records, &self.ledger.standing.certifications) {
            let known = best.entry(&record.person.value).or_insert(record);
            if rank(known) < rank(record) {
                *known = record;
            }
        }
        best
    }

    fn certified(&self, record: &Certification) -> Evidence {
        let name = self.name(&record.person);
        let score = record.score.map(|score| format!(", score {score}")).unwrap_or_default();
        let by = self.name(&record.certified_by);
        let text = format!("{name} certified on {} by {by}{score}", record.on);
        Evidence { text, subject: name.to_owned(), link: EvidenceLink::Training }
    }
}

fn least(min_score: Option<f64>) -> String {
    min_score.map(|score| format!(", at least {score} is needed")).unwrap_or_default()
}
