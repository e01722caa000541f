//! Whether the escalation matrix answers in time.

use chrono::Days;

use crate::assess::criteria::{Bench, Gap, Judgment};
use crate::assess::{Answer, EscalationAssessment, Evidence, EvidenceLink};
use crate::parse::plan::Escalation;
use crate::source::Spanned;

impl<'a> Bench<'a> {
    pub(super) fn escalation_tested(
        &self,
        only: &[Spanned<u32>],
        valid_days: Option<u32>,
    ) -> Judgment {
        let matrix = self.ledger.portal.plan.iter().flat_map(|plan| &plan.escalations);
        let is_wanted = |level: u32| only.is_empty() || only.iter().any(|it| it.value == level);
        let wanted: Vec<(&Escalation, &EscalationAssessment)> =
            matrix.zip(self.escalations).filter(|(it, _)| is_wanted(it.level.value)).collect();
        let mut gaps: Vec<Gap> = only
            .iter()
            .filter(|level| !wanted.iter().any(|(it, _)| it.level.value == level.value))
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
        let mut evidence = Vec::new();
        for (level, assessed) in wanted {
            match self.tested(level, assessed, valid_days) {
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
        assessed: &EscalationAssessment,
        valid_days: Option<u32>,
    ) -> Result<Evidence, String> {
        let number = level.level.value;
        let records = &self.ledger.portal.records.escalation_tests;
        let Some(test) = assessed.test.and_then(|index| records.get(index)) else {
            return Err(format!("level {number}: not tested"));
        };
        let on = test.on.value;
        let by = test.acknowledged_by.as_ref().map_or("nobody", |by| self.name(by));
        let (minutes, limit) = (test.minutes.unwrap_or_default(), level.acknowledge_minutes);
        let proof = format!("acknowledged by {by} in {minutes} of {limit} minutes on {on}");
        let last_day = valid_days.and_then(|days| on.checked_add_days(Days::new(days.into())));
        match (assessed.answer, last_day) {
            (Answer::NotTested, _) => Err(format!("level {number}: not tested")),
            (Answer::Nobody, _) => Err(format!("level {number}: nobody answered on {on}")),
            (Answer::Untimed, _) => Err(format!(
                "level {number}: acknowledged by {by} on {on}, the minutes are not recorded"
            )),
            (Answer::Late, _) => Err(format!("level {number}: {proof}, too late")),
            (Answer::InTime, Some(last_day)) if last_day < self.ledger.today => {
                Err(format!("level {number}: {proof}, which counted until {last_day}"))
            }
            (Answer::InTime, _) => Ok(Evidence {
                text: format!("level {number} {proof}"),
                subject: format!("level {number}"),
                link: EvidenceLink::Escalation,
            }),
        }
    }
}
