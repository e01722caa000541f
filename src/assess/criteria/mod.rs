//! The verdict on every criterion, from the records: what is asked for, what there is, what proves it, what is missing.

mod certification;
mod documents;
mod escalation;
mod manual;
mod training;
mod work;
#[cfg(test)]
mod test;

use crate::assess::criteria::work::Wanted;
use crate::assess::ledger::Ledger;
use crate::assess::roster::side_name;
use crate::assess::{EscalationAssessment, Evidence, ModuleAssessment, Verdict, Verdicts};
use crate::link::DocumentId;
use crate::parse::plan::{Check, Criterion, Side};
use crate::source::Spanned;

/// How a criterion stands before exceptions.
#[derive(Clone, Debug)]
pub struct Judgment {
    pub verdict: Verdict,
    pub target: String,
    pub actual: String,
    pub evidence: Vec<Evidence>,
    pub gaps: Vec<Gap>,
}

/// Something that a criterion lacks.
#[derive(Clone, Debug)]
pub struct Gap {
    /// "Luke Brandt: not certified".
    pub what: String,
    /// What to do about it: "Certification of Luke Brandt".
    pub to_do: String,
    pub document: Option<DocumentId>,
    /// The id of the person whose turn it is, where that is not the criterion's owner.
    pub owner: Option<String>,
}

/// What criteria are judged by.
pub struct Bench<'a> {
    pub ledger: &'a Ledger<'a>,
    pub documents: &'a Verdicts,
    pub training: &'a [ModuleAssessment],
    pub escalations: &'a [EscalationAssessment],
}

impl Judgment {
    fn new(target: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unmet,
            target: target.into(),
            actual: actual.into(),
            evidence: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// There is nothing to judge by, and this is why.
    fn not_assessed(target: impl Into<String>, why: impl Into<String>) -> Self {
        let why = why.into();
        let gap = Gap::new(why.clone(), why.clone());
        Self { verdict: Verdict::NotAssessed, gaps: vec![gap], ..Self::new(target, why) }
    }

    /// Met when nothing is missing.
    fn with(mut self, evidence: Vec<Evidence>, gaps: Vec<Gap>) -> Self {
        self.verdict = if gaps.is_empty() { Verdict::Met } else { Verdict::Unmet };
        self.evidence = evidence;
        self.gaps = gaps;
        self
    }
}

impl Gap {
    fn new(what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { what: what.into(), to_do: to_do.into(), document: None, owner: None }
    }

    fn owned_by(mut self, person: &str) -> Self {
        self.owner = Some(person.to_owned());
        self
    }
}

impl<'a> Bench<'a> {
    pub fn judge(&self, criterion: &Criterion) -> Judgment {
        match &criterion.check.value {
            Check::Certification { by, people, min_score } => {
                self.certification(by.as_ref(), people, *min_score)
            }
            Check::DocumentsReviewed { kinds, documents } => {
                self.documents_reviewed(kinds, documents)
            }
            Check::TrainingComplete { modules } => self.training_complete(modules),
            Check::WorkHandled { count, kinds, severities, by, observed } => {
                self.work_handled(&Wanted {
                    count: *count,
                    kinds,
                    severities,
                    by: by.as_ref(),
                    observed: *observed,
                })
            }
            Check::EscalationTested { levels, valid_days } => {
                self.escalation_tested(levels, *valid_days)
            }
            Check::Manual { evidence, confirmed_by, on } => {
                let on = on.as_ref().map(|on| on.value.0);
                self.manual(&criterion.statement, evidence, confirmed_by.as_ref(), on)
            }
        }
    }

    fn name<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.ledger.roster.name(id)
    }

    /// Returns the people of a team or a side, the receiving side where none is named, and what they are called.
    fn members(&self, by: Option<&Spanned<String>>) -> (Vec<&'a str>, String) {
        let roster = self.ledger.roster;
        let side = |side| (roster.of_side(side), format!("the {} side", side_name(side)));
        match by {
            None => side(Side::Receiving),
            Some(by) => match (roster.name(by), &*by.value) {
                (name, id) if name != id => (roster.members(by), name.to_owned()),
                (_, "receiving") => side(Side::Receiving),
                (_, "relinquishing") => side(Side::Relinquishing),
                (name, _) => (roster.members(by), format!("`{name}`")),
            },
        }
    }
}

fn people_count(count: usize) -> String {
    if count == 1 { "1 person".into() } else { format!("{count} people") }
}
