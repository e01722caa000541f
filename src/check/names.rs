//! What the plan calls people, teams and documents, and what to say of a name that it does not have.

use crate::assess::roster::side_name;
use crate::diagnostic::did_you_mean;
use crate::link::Portal;
use crate::parse::plan::{Check, Plan, Side};
use crate::source::Spanned;

/// Up to so many names are listed where none is near.
const MOST_LISTED: usize = 6;

pub(super) fn people(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.people.iter().map(|person| person.id.as_str())
}

pub(super) fn teams(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.teams.iter().map(|team| team.id.as_str())
}

pub(super) fn criteria(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.criteria.iter().map(|criterion| criterion.id.as_str())
}

pub(super) fn modules(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.modules.iter().map(|module| module.id.as_str())
}

/// Returns the ids of the documents that are there, and of those that the plan requires.
pub(super) fn documents<'a>(portal: &'a Portal, plan: &'a Plan) -> impl Iterator<Item = &'a str> {
    let required = plan.documents.iter().map(|document| document.id.as_str());
    portal.ids.keys().map(String::as_str).chain(required)
}

pub(super) fn is_document(portal: &Portal, plan: &Plan, id: &str) -> bool {
    portal.ids.contains_key(id) || plan.documents.iter().any(|document| *document.id == id)
}

/// Returns the team or side that a criterion is judged for, where it names one.
pub(super) fn by(check: &Check) -> Option<&Spanned<String>> {
    match check {
        Check::Certification { by, .. } | Check::WorkHandled { by, .. } => by.as_ref(),
        Check::DocumentsReviewed { .. }
        | Check::TrainingComplete { .. }
        | Check::EscalationTested { .. }
        | Check::Manual { .. } => None,
    }
}

/// Tells whether a word is that of a side.
pub(super) fn is_side(name: &str) -> bool {
    [Side::Relinquishing, Side::Receiving].into_iter().any(|side| side_name(side) == name)
}

/// Says what to do about a name that is not known: the near one, or the few that there are, or how to make it known.
pub(super) fn way_out<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = did_you_mean(name, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if known.is_empty() || known.len() > MOST_LISTED {
        return otherwise.to_owned();
    }
    format!("{otherwise}, or name one that is there: {}", listed(&known))
}

/// Returns "`a`, `b` and `c`".
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
