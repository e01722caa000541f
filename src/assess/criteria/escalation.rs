//! Whether the escalation matrix answers in time.

use std::collections::BTreeMap;

use chrono::Days;

use crate::assess::criteria::{Bench, Gap, Judgment};
use crate::assess::ledger::counting;
use crate::assess::{Evidence, EvidenceLink};
use crate::parse::plan::Escalation;
use crate::parse::records::EscalationTest;
use crate::source::Spanned;

impl<'a> Bench<'a> {
    /// The last test of a level is what counts: a matrix that failed since it worked is not active.
    pub(super) fn escalation_tested(
        &self,
        only: &[Spanned<u32>],
        valid_days: Option<u32>,
    ) -> Judgment {
        let matrix = self.ledger.portal.plan.iter().flat_map(|plan| &plan.escalations);
        let is_wanted = |level: u32| only.is_empty() || only.iter().any(|it| it.value == level);
        let wanted: Vec<&Escalation> = matrix.filter(|it| is_wanted(it.level.value)).collect();
        let mut gaps: Vec<Gap> = only
            .iter()
            .filter(|level| !wanted.iter().any(|it| it.level.value == level.value))
            .map(|level| {
                let what = format!("level {level}: the escalation matrix has no such level");
                Gap::new(what, format!("Add level {level} to the escalation matrix"))
            })
            .collect();
        let total = wanted.len() + gaps.len();
        if total == 0 {
            let target = "every escalation level tested and acknowledged in time";
            return Judgment::not_assessed(target, "the plan has no escalation matrix");
        }
        let mut last: BTreeMap<u32, &EscalationTest> = BTreeMap::new();
        let records = &self.ledger.portal.records.escalation_tests;
        for (_, test) in counting(records, &self.ledger.standing.escalation_tests) {
            let known = last.entry(test.level.value).or_insert(&test.event);
            if known.on.value <= test.on.value {
                *known = &test.event;
            }
        }
        let mut evidence = Vec::new();
        for level in wanted {
            match self.tested(level, last.get(&level.level.value).copied(), valid_days) {
                Ok(proof) => evidence.push(proof),
                Err(what) => {
                    gaps.push(Gap::new(what, format!("Test escalation level {}", level.level)));
                }
            }
        }
        let fresh =
            valid_days.map(|days| format!(" within the last {days} days")).unwrap_or_default();
        let levels = if total == 1 { "1 level".into() } else { format!("{total} levels") };
        let target = format!("{levels} tested{fresh} and acknowledged in time");
        Judgment::new(target, format!("{} of {levels}", evidence.len())).with(evidence, gaps)
    }

    /// Returns the proof that a level answers, or what is wrong with its last test.
    fn tested(
        &self,
        level: &Escalation,
        test: Option<&EscalationTest>,
        valid_days: Option<u32>,
    ) -> Result<Evidence, String> {
        let number = level.level.value;
        let Some(test) = test else { return Err(format!("level {number}: not tested")) };
        let on = test.on.value;
        let Some(by) = &test.acknowledged_by else {
            return Err(format!("level {number}: nobody answered on {on}"));
        };
        let by = self.name(by);
        let limit = level.acknowledge_minutes;
        let Some(minutes) = test.minutes else {
            return Err(format!(
                "level {number}: acknowledged by {by} on {on}, the minutes are not recorded"
            ));
        };
        let proof = format!("acknowledged by {by} in {minutes} of {limit} minutes on {on}");
        if minutes > limit {
            return Err(format!("level {number}: {proof}, too late"));
        }
        let last_day = valid_days.and_then(|days| on.checked_add_days(Days::new(days.into())));
        match last_day {
            Some(last_day) if last_day < self.ledger.today => {
                Err(format!("level {number}: {proof}, which counted until {last_day}"))
            }
            _ => Ok(Evidence {
                text: format!("level {number} {proof}"),
                subject: format!("level {number}"),
                link: EvidenceLink::Escalation,
            }),
        }
    }
}
