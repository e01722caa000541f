//! The escalation matrix and its tests → how each level answered when it was last tried.

use crate::assess::ledger::{Ledger, counting};
use crate::assess::{Answer, EscalationAssessment};
use crate::parse::plan::Escalation;

/// Judges every level of the matrix. The last test of a level is what counts: one that failed since it worked does not answer.
pub fn escalations(ledger: &Ledger<'_>) -> Vec<EscalationAssessment> {
    let matrix = ledger.portal.plan.iter().flat_map(|plan| &plan.escalations);
    matrix.map(|level| escalation(ledger, level)).collect()
}

fn escalation(ledger: &Ledger<'_>, level: &Escalation) -> EscalationAssessment {
    let records = &ledger.portal.records.escalation_tests;
    let last = counting(records, &ledger.standing.escalation_tests)
        .filter(|(_, test)| test.level.value == level.level.value)
        .max_by_key(|(_, test)| test.on.value);
    let Some((index, test)) = last else {
        return EscalationAssessment { test: None, answer: Answer::NotTested };
    };
    let answer = match (&test.acknowledged_by, test.minutes) {
        (None, _) => Answer::Nobody,
        (Some(_), None) => Answer::Untimed,
        (Some(_), Some(minutes)) if minutes > level.acknowledge_minutes => Answer::Late,
        (Some(_), Some(_)) => Answer::InTime,
    };
    EscalationAssessment { test: Some(index), answer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::judged;

    /// Returns the answers of one level that was tested by these records.
    fn answer(records: &str) -> EscalationAssessment {
        let level = "[[escalation]]\nlevel = 1\nseverities = ['SEV-1']\ncontact = 'ben'\nhours = '24x7'\nacknowledge-minutes = 15\n";
        let people = "[[team]]\nid = 'new'\nside = 'receiving'\nname = 'New'\n[[person]]\nid = 'ben'\nname = 'Ben'\nrole = 'SRE'\nteam = 'new'\n";
        let judged =
            judged(&format!("-- plan.toml --\n{people}{level}-- records/tests.toml --\n{records}"));
        judged.assessment.escalations[0]
    }

    fn test(on: &str, rest: &str) -> String {
        format!("[[escalation-test]]\nlevel = 1\non = {on}\n{rest}\n")
    }

    #[test]
    fn the_last_test_of_a_level_counts() {
        assert_eq!(answer(""), EscalationAssessment { test: None, answer: Answer::NotTested });
        let in_time = test("2026-12-01", "acknowledged-by = 'ben'\nminutes = 15");
        assert_eq!(answer(&in_time).answer, Answer::InTime);
        let late = test("2026-12-02", "acknowledged-by = 'ben'\nminutes = 16");
        let both = answer(&format!("{late}{in_time}"));
        assert_eq!(both, EscalationAssessment { test: Some(0), answer: Answer::Late });
        let untimed = test("2026-12-02", "acknowledged-by = 'ben'");
        assert_eq!(answer(&untimed).answer, Answer::Untimed);
        assert_eq!(answer(&test("2026-12-02", "minutes = 3")).answer, Answer::Nobody);
    }
}
