//! What people, documents and evidence are called and where they are found, also where the project does not have them.

use crate::assess::{Counts, DocumentAssessment, EvidenceLink};
use crate::link::Portal;
use crate::parse::plan::{Person, RequiredDocument, Side};
use crate::parse::records::Record;
use crate::render::Facts;

/// A document as registers show it: what its file says, else what the plan says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentName<'a> {
    /// The id, when there is no better one.
    pub title: &'a str,
    pub kind: Option<&'a str>,
    /// The id of a person or a team, or any name.
    pub owner: Option<&'a str>,
    /// The address of its page within the version; `None` when it is missing.
    pub page: Option<&'a str>,
}

/// Returns how registers show a document.
pub fn document<'a>(portal: &'a Portal, assessed: &'a DocumentAssessment) -> DocumentName<'a> {
    let required = required(portal, &assessed.id);
    let plan_title = required.and_then(|required| required.title.as_deref());
    let plan_kind = required.and_then(|required| required.kind.as_deref());
    let plan_owner =
        required.and_then(|required| required.owner.as_ref()).map(|owner| owner.value.as_str());
    let Some((path, document)) =
        assessed.path.as_ref().and_then(|path| Some((path, portal.documents.get(path)?)))
    else {
        let title = plan_title.unwrap_or(&assessed.id);
        return DocumentName { title, kind: plan_kind, owner: plan_owner, page: None };
    };
    DocumentName {
        title: &document.title,
        kind: document.meta.kind.as_ref().map(|kind| kind.value.as_str()).or(plan_kind),
        owner: document.meta.owner.as_ref().map(|owner| owner.value.as_str()).or(plan_owner),
        page: portal.urls.get(path).map(|url| url.0.as_str()),
    }
}

fn required<'a>(portal: &'a Portal, id: &str) -> Option<&'a RequiredDocument> {
    portal.plan.as_ref()?.documents.iter().find(|required| required.id.value == id)
}

/// Returns the person of an id.
pub fn person<'a>(portal: &'a Portal, id: &str) -> Option<&'a Person> {
    portal.plan.as_ref()?.people.iter().find(|person| person.id.value == id)
}

/// Returns the name of a person or a team, or what was written when the plan has neither.
pub fn name<'a>(portal: &'a Portal, id: &'a str) -> &'a str {
    let team = || {
        let mut teams = portal.plan.as_ref()?.teams.iter();
        teams.find(|team| team.id.value == id).map(|team| team.name.as_str())
    };
    person(portal, id).map(|person| person.name.as_str()).or_else(team).unwrap_or(id)
}

/// Returns the leads of a side's teams, in the order of the plan.
pub fn leads(portal: &Portal, side: Side) -> impl Iterator<Item = &Person> {
    let plan = portal.plan.iter();
    plan.flat_map(move |plan| {
        plan.people.iter().filter(|person| person.lead).filter(move |person| {
            let mut teams = plan.teams.iter();
            teams.any(|team| team.id.value == person.team.value && team.side == side)
        })
    })
}

/// Returns where a piece of evidence is found: an address within the version, or an outside one.
pub fn evidence(facts: &Facts<'_>, link: &EvidenceLink) -> Option<String> {
    match link {
        EvidenceLink::Document(id) => {
            let path = facts.portal.ids.get(id)?;
            Some(facts.portal.urls.get(path)?.0.clone())
        }
        EvidenceLink::Register => Some("documents.html".into()),
        EvidenceLink::Training => Some("plan.html#training".into()),
        EvidenceLink::Practice => Some("readiness.html#practice".into()),
        EvidenceLink::Escalation => Some("escalation.html".into()),
        EvidenceLink::Address(address) => Some(address.clone()),
        EvidenceLink::None => None,
    }
}

/// Returns why a record is no evidence; `None` when it is.
pub fn why_not(counts: &Counts) -> Option<&str> {
    match counts {
        Counts::Yes => None,
        Counts::NotYet => Some("dated after the day that this is judged for"),
        Counts::UnknownTarget(why) | Counts::Ineligible(why) | Counts::Unsigned(why) => Some(why),
        Counts::SelfApproved => Some("approved by the person who requested it"),
        Counts::Expired => Some("ran out before the day that this is judged for"),
    }
}

/// Returns the records up to the day, each with its standing.
pub fn up_to_the_day<'a, T>(
    records: &'a [Record<T>],
    standing: &'a [Counts],
) -> impl Iterator<Item = (&'a T, &'a Counts)> {
    let events = records.iter().map(|record| &record.event);
    events.zip(standing).filter(|(_, counts)| **counts != Counts::NotYet)
}
