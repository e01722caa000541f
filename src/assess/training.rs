//! Who of a module's audience has attended how many of its hours.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::assess::ModuleAssessment;
use crate::assess::ledger::{Ledger, counting};
use crate::parse::plan::{Module, Side};

/// Judges every module, in the order of the plan.
pub fn training(ledger: &Ledger<'_>) -> Vec<ModuleAssessment> {
    let Some(plan) = &ledger.portal.plan else { return Vec::new() };
    let mut held: BTreeMap<&str, Vec<NaiveDate>> = BTreeMap::new();
    let mut hours: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for (_, session) in counting(&ledger.portal.records.sessions, &ledger.standing.sessions) {
        let module = session.module.value.as_str();
        held.entry(module).or_default().push(session.on.value.0);
        let mut attendees: Vec<&str> = session.attendees.iter().map(|id| id.as_str()).collect();
        attendees.sort_unstable();
        attendees.dedup();
        for person in attendees {
            *hours.entry((module, person)).or_default() += session.hours;
        }
    }
    let judge = |module: &Module| {
        let id = module.id.value.as_str();
        let attended = |person: &str| hours.get(&(id, person)).copied().unwrap_or_default();
        let attendance: Vec<(String, f64)> = audience(ledger, module)
            .into_iter()
            .map(|person| (person.to_owned(), attended(person)))
            .collect();
        let mut held = held.get(id).cloned().unwrap_or_default();
        held.sort_unstable();
        held.dedup();
        ModuleAssessment {
            id: id.to_owned(),
            complete: !attendance.is_empty()
                && attendance.iter().all(|(_, hours)| is_enough(*hours, module.hours)),
            attendance,
            held,
        }
    };
    plan.modules.iter().map(judge).collect()
}

/// Tells whether the hours attended are those of the module; sums of fractions may miss them by a hair.
pub fn is_enough(attended: f64, hours: f64) -> bool {
    attended + 1e-6 >= hours
}

/// Returns the people whom a module is for, in the order of the plan; the receiving side where it does not say.
fn audience<'a>(ledger: &Ledger<'a>, module: &Module) -> Vec<&'a str> {
    let everybody = ledger.portal.plan.iter().flat_map(|plan| &plan.people);
    if module.audience.is_empty() {
        return ledger.roster.of_side(Side::Receiving);
    }
    let named: Vec<&str> =
        module.audience.iter().flat_map(|name| ledger.roster.members(name)).collect();
    let ids = everybody.map(|person| person.id.value.as_str());
    let mut audience: Vec<&str> = ids.filter(|id| named.contains(id)).collect();
    audience.dedup();
    audience
}
