//! Whether everybody has attended the training that is for them.

use crate::assess::criteria::{Bench, Gap, Judgment, people_count};
use crate::assess::training::is_enough;
use crate::assess::{Evidence, EvidenceLink, ModuleAssessment};
use crate::parse::plan::Module;
use crate::source::Spanned;

impl<'a> Bench<'a> {
    pub(super) fn training_complete(&self, only: &[Spanned<String>]) -> Judgment {
        let modules = self.ledger.portal.plan.iter().flat_map(|plan| &plan.modules);
        let wanted: Vec<(&Module, &ModuleAssessment)> = modules
            .zip(self.training)
            .filter(|(module, _)| {
                only.is_empty() || only.iter().any(|id| id.value == module.id.value)
            })
            .collect();
        let mut gaps: Vec<Gap> = only
            .iter()
            .filter(|id| !wanted.iter().any(|(module, _)| module.id.value == id.value))
            .map(|id| {
                Gap::new(
                    format!("`{id}`: there is no such module"),
                    format!("Plan the module `{id}`"),
                )
            })
            .collect();
        let total = wanted.len() + gaps.len();
        if total == 0 {
            return Judgment::not_assessed(
                "every training module attended",
                "the plan has no modules",
            );
        }
        let mut evidence = Vec::new();
        for (module, assessed) in &wanted {
            if assessed.complete {
                let days: Vec<String> = assessed.held.iter().map(ToString::to_string).collect();
                let people = people_count(assessed.attendance.len());
                evidence.push(Evidence {
                    text: format!("{}: {people}, held on {}", module.title, days.join(" and ")),
                    subject: module.title.clone(),
                    link: EvidenceLink::Training,
                });
            } else if assessed.attendance.is_empty() {
                let what = format!("{}: the plan names nobody whom it is for", module.title);
                gaps.push(Gap::new(what, format!("Name the audience of {}", module.title)));
            }
            for (person, hours) in &assessed.attendance {
                if !is_enough(*hours, module.hours) {
                    let name = self.name(person);
                    let what =
                        format!("{}: {name}, {hours} of {} hours", module.title, module.hours);
                    let to_do =
                        format!("Attend {}: {hours} of {} hours", module.title, module.hours);
                    gaps.push(Gap::new(what, to_do).owned_by(person));
                }
            }
        }
        let modules = if total == 1 { "1 module".into() } else { format!("{total} modules") };
        let actual = format!("{} of {total} attended by all", evidence.len());
        Judgment::new(format!("{modules} attended by everybody they are for"), actual)
            .with(evidence, gaps)
    }
}
