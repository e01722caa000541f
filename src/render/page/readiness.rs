//! The readiness page: each criterion with its evidence, what was let through, and what is still owed.

use serde::Serialize;

use crate::assess::{Counts, CriterionAssessment, Evidence, EvidenceLink, Verdict};
use crate::render::address;
use crate::render::chart::trend;
use crate::render::names;
use crate::render::page::home::{self, Banner, Owed};
use crate::render::page::{Html, to};
use crate::render::site::{Frame, Link, Site, TocEntry};
use crate::render::status::{self, Badge};
use crate::render::words::{self, Day};

const ADDRESS: &str = "readiness.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    plan: bool,
    verdict: Option<Banner>,
    /// SVG.
    trend: Option<String>,
    criteria: Vec<Criterion>,
    practice: Vec<Practice>,
    exceptions: Vec<Exception>,
    owed: Vec<Owed>,
    decisions: Vec<Decision>,
}

#[derive(Serialize)]
struct Criterion {
    id: String,
    anchor: String,
    statement: String,
    badge: Badge,
    target: String,
    actual: String,
    /// HTML.
    missing: Vec<String>,
    evidence: Vec<Proof>,
    owner: Option<String>,
    at_gate: bool,
    waiver: Option<String>,
}

/// A piece of evidence: only the words that name it are a link.
#[derive(Serialize)]
struct Proof {
    subject: Link,
    rest: String,
}

#[derive(Serialize)]
struct Practice {
    on: Day,
    ticket: String,
    kind: String,
    severity: Option<String>,
    summary: String,
    performed: String,
    observed: Option<String>,
    document: Option<Link>,
}

#[derive(Serialize)]
struct Exception {
    covers: Link,
    reason: String,
    requested: String,
    approved: String,
    expires: Day,
    badge: Badge,
    state: &'static str,
    /// Why it does not count.
    why: Option<String>,
}

#[derive(Serialize)]
struct Decision {
    on: Day,
    outcome: &'static str,
    by: String,
    reason: String,
}

pub fn html(site: &Site<'_>) -> Html {
    let assessment = site.facts.assessment;
    let plan = site.facts.portal.plan.as_ref();
    let mut context = Context {
        frame: site.frame(ADDRESS, "Readiness"),
        plan: plan.is_some(),
        verdict: plan.map(|_| home::verdict(assessment)),
        trend: plan.and_then(|_| {
            let releases = &site.facts.portal.releases;
            let end = site.facts.release.map_or("now", |own| own.release.name());
            trend::trend("trend", releases, &assessment.readiness, (end, assessment.today))
        }),
        criteria: assessment.criteria.iter().map(|assessed| criterion(site, assessed)).collect(),
        practice: practice(site),
        exceptions: exceptions(site),
        owed: home::owed(site, ADDRESS),
        decisions: decisions(site),
    };
    let nested =
        context.criteria.iter().map(|found| TocEntry::new(&found.anchor, found.id.as_str()));
    let mut criteria = TocEntry::new("criteria", "Criteria");
    criteria.nested = nested.collect();
    let sections = [
        (criteria, plan.is_some()),
        (TocEntry::new("practice", "Practice"), !context.practice.is_empty()),
        (TocEntry::new("exceptions", "Exceptions"), plan.is_some()),
        (TocEntry::new("owed", "What is still owed"), plan.is_some()),
        (TocEntry::new("decisions", "Decisions"), !context.decisions.is_empty()),
    ];
    context.frame.toc =
        sections.into_iter().filter_map(|(entry, shown)| shown.then_some(entry)).collect();
    site.theme.render("readiness.html", &context)
}

/// Returns a link to a criterion on this page.
pub fn link(from: &str, id: &str) -> Link {
    to(from, ADDRESS, Some(&anchor(id)), id)
}

/// Returns where a criterion stands on this page: apart from the page's own sections, whatever the plan calls it.
fn anchor(id: &str) -> String {
    format!("criterion-{id}")
}

fn criterion(site: &Site<'_>, assessed: &CriterionAssessment) -> Criterion {
    let waiver = assessed.exception.and_then(|index| {
        let record = site.facts.assessment.exceptions.get(index)?.record;
        let exception = site.facts.portal.records.exceptions.get(record)?;
        let by = site.name(exception.approved_by.as_str());
        let until = Day::from(exception.expires.value.0).long;
        Some(format!("{} Approved by {by}, until {until}.", exception.reason))
    });
    Criterion {
        id: assessed.id.clone(),
        anchor: anchor(&assessed.id),
        statement: assessed.statement.clone(),
        badge: status::criterion(assessed.verdict),
        target: assessed.target.clone(),
        actual: assessed.actual.clone(),
        missing: assessed.missing.iter().map(|missing| site.phrase(ADDRESS, missing)).collect(),
        evidence: assessed.evidence.iter().map(|found| evidence(site, found)).collect(),
        owner: assessed.owner.as_ref().map(|id| site.name(id).to_owned()),
        at_gate: assessed.at_gate,
        waiver,
    }
}

fn evidence(site: &Site<'_>, evidence: &Evidence) -> Proof {
    let href = names::evidence(&site.facts, &evidence.link).and_then(|address| {
        if let EvidenceLink::Address(_) = evidence.link {
            let web = address.starts_with("https://") || address.starts_with("http://");
            return web.then_some(address);
        }
        let (page, anchor) = address
            .split_once('#')
            .map_or((&*address, None), |(page, anchor)| (page, Some(anchor)));
        Some(address::relative(ADDRESS, page, anchor))
    });
    let rest = evidence.text.strip_prefix(&evidence.subject).unwrap_or_default();
    Proof { subject: Link::new(evidence.subject.as_str(), href), rest: rest.to_owned() }
}

/// Returns the work that counts, in the order of the records.
fn practice(site: &Site<'_>) -> Vec<Practice> {
    let names = |ids: &[crate::source::Spanned<String>]| {
        let names: Vec<String> = ids.iter().map(|id| site.name(&id.value).to_owned()).collect();
        words::list(&names)
    };
    let work = site.facts.portal.records.work.iter();
    work.zip(&site.facts.assessment.standing.work)
        .filter(|(_, counts)| **counts == Counts::Yes)
        .map(|(work, _)| Practice {
            on: work.on.value.0.into(),
            ticket: work.ticket.clone(),
            kind: work.kind.clone(),
            severity: work.severity.clone(),
            summary: work.summary.clone(),
            performed: names(&work.performed_by),
            observed: work.observed_by.as_ref().map(|observers| names(observers)),
            document: work.document.as_ref().map(|id| site.document(ADDRESS, id.as_str())),
        })
        .collect()
}

fn exceptions(site: &Site<'_>) -> Vec<Exception> {
    let records = &site.facts.portal.records.exceptions;
    let criteria = &site.facts.assessment.criteria;
    let assessed = site.facts.assessment.exceptions.iter();
    assessed
        .filter(|assessed| assessed.counts != Counts::NotYet)
        .filter_map(|assessed| {
            let exception = records.get(assessed.record)?;
            let covers = exception.covers.as_str();
            let covers = match criteria.iter().find(|criterion| criterion.id == covers) {
                Some(_) => link(ADDRESS, covers),
                None => site.document(ADDRESS, covers),
            };
            let (verdict, state, why) = match &assessed.counts {
                Counts::Yes => (Verdict::Waived, "In force", None),
                Counts::NotYet => (Verdict::NotAssessed, "Not yet", None),
                Counts::Expired => (Verdict::Unmet, "Expired", None),
                Counts::SelfApproved => (Verdict::Unmet, "Self-approved", None),
                Counts::UnknownTarget(why) | Counts::Ineligible(why) | Counts::Unsigned(why) => {
                    (Verdict::Unmet, "Not counted", Some(why.clone()))
                }
            };
            Some(Exception {
                covers,
                reason: exception.reason.clone(),
                requested: site.name(exception.requested_by.as_str()).to_owned(),
                approved: site.name(exception.approved_by.as_str()).to_owned(),
                expires: exception.expires.value.0.into(),
                badge: status::criterion(verdict),
                state,
                why,
            })
        })
        .collect()
}

fn decisions(site: &Site<'_>) -> Vec<Decision> {
    use crate::parse::records::DecisionOutcome;
    let decisions = site.facts.portal.records.decisions.iter();
    decisions
        .zip(&site.facts.assessment.standing.decisions)
        .filter(|(_, counts)| **counts == Counts::Yes)
        .map(|(decision, _)| {
            let by = decision.by.iter().map(|id| site.name(&id.value).to_owned());
            Decision {
                on: decision.on.value.0.into(),
                outcome: match decision.outcome {
                    DecisionOutcome::Go => "Go",
                    DecisionOutcome::NoGo => "No go",
                    DecisionOutcome::Postponed => "Postponed",
                },
                by: words::list(&by.collect::<Vec<_>>()),
                reason: decision.reason.clone(),
            }
        })
        .collect()
}
