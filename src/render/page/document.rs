//! The page of one document: can it be trusted, who knows, what to do first, and then its text.

use chrono::NaiveDate;
use serde::Serialize;

use crate::assess::{DocumentAssessment, Part, Status};
use crate::diagnostic::shell;
use crate::parse::document::{Document, Heading};
use crate::render::address;
use crate::render::markdown::{self, Place, element_id};
use crate::render::names;
use crate::render::page::declared::{self, Declared};
use crate::render::page::home::Banner;
use crate::render::page::since::{self, Since};
use crate::render::page::{Html, escalation, to};
use crate::render::past::{self, Change, CommitLine};
use crate::render::redirect;
use crate::render::site::{Frame, Link, Site, TocEntry};
use crate::render::status::{self, Badge};
use crate::render::words::{self, Day};
use crate::source::SourcePath;

/// So many commits to covered code are shown.
const MOST_COMMITS: usize = 20;

#[derive(Serialize)]
struct Context {
    frame: Frame,
    id: String,
    title: String,
    /// The id of the heading that the title stands for.
    title_id: Option<String>,
    badge: Option<Badge>,
    kind: Option<String>,
    banner: Option<Banner>,
    /// The command that records a review of this document, where it needs one.
    review: Option<String>,
    owner: Option<String>,
    reviewers: Option<Names>,
    declared: Vec<Declared>,
    reviewed: Option<Day>,
    due: Option<Day>,
    digest: Option<String>,
    /// This is the home page of a portal without a plan.
    no_plan: bool,
    incident: Option<Incident>,
    body: String,
    /// The anchors whose text stands elsewhere today.
    moved: Vec<Moved>,
    backlinks: Vec<Link>,
    last_change: Option<Change>,
    since: Option<Since>,
    /// The commits that touched the code which the text describes.
    covered: Vec<CommitLine>,
    /// How many of them are not shown.
    more_covered: usize,
    /// What `check` found in the text, as HTML.
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Names {
    /// "Reviewed by" where somebody did, else "Reviewers".
    label: &'static str,
    names: String,
}

#[derive(Serialize)]
struct Problem {
    line: usize,
    id: &'static str,
    message: String,
}

/// An anchor that the page had, and where it leads.
#[derive(Serialize)]
struct Moved {
    id: String,
    link: Link,
}

/// What somebody needs who was just woken up.
#[derive(Serialize)]
struct Incident {
    severity: Option<String>,
    alerts: Vec<String>,
    check: Option<Link>,
    wake: Vec<Wake>,
}

#[derive(Serialize)]
struct Wake {
    level: Link,
    contact: String,
    ways: Vec<Link>,
    hours: String,
    minutes: u32,
}

/// What the register and the page both say about a document.
pub struct DocumentFacts {
    pub owner: Option<String>,
    pub kind: Option<String>,
    /// Who made up the approval that holds, or the last one.
    pub reviewed_by: Vec<String>,
    pub reviewed: Option<NaiveDate>,
    pub digest: Option<String>,
}

pub fn facts(site: &Site<'_>, assessed: &DocumentAssessment) -> DocumentFacts {
    let portal = site.facts.portal;
    let name = names::document(portal, assessed);
    let approvals =
        || assessed.approvals.iter().filter_map(|&index| portal.records.reviews.get(index));
    DocumentFacts {
        owner: name.owner.map(|owner| site.name(owner).to_owned()),
        kind: name.kind.map(str::to_owned),
        reviewed_by: approvals()
            .map(|review| site.name(review.reviewer.as_str()).to_owned())
            .collect(),
        reviewed: approvals().map(|review| review.on.value.0).max(),
        digest: Some(assessed.digest.clone()).filter(|digest| !digest.is_empty()),
    }
}

pub fn html(site: &Site<'_>, path: &SourcePath) -> Html {
    let portal = site.facts.portal;
    let document = &*portal.documents[path];
    let address = portal.urls[path].0.as_str();
    let assessed = site.facts.assessment.documents.get(&document.id);
    let facts = assessed.map(|assessed| facts(site, assessed));
    let (owner, digest, reviewed, reviewed_by) = match facts {
        Some(facts) => (facts.owner, facts.digest, facts.reviewed, facts.reviewed_by),
        None => (None, None, None, Vec::new()),
    };
    let reviewers = if reviewed_by.is_empty() {
        let named = document.meta.reviewers.iter();
        let names: Vec<String> = named.map(|id| site.name(id.as_str()).to_owned()).collect();
        (!names.is_empty()).then(|| Names { label: "Reviewers", names: words::list(&names) })
    } else {
        Some(Names { label: "Reviewed by", names: words::list(&reviewed_by) })
    };
    let backlinks = portal.backlinks.get(path).map_or(&[][..], Vec::as_slice);
    let backlinks: Vec<Link> = backlinks
        .iter()
        .filter_map(|from| {
            let href = address::relative(address, &portal.urls.get(from)?.0, None);
            Some(Link::new(portal.documents.get(from)?.title.as_str(), href))
        })
        .collect();
    let mut frame = site.document_frame(path);
    let since = assessed.and_then(|assessed| since::since(&site.facts, path, assessed));
    let covered = assessed.map_or(&[][..], |assessed| &assessed.covered);
    frame.toc = toc(document);
    for (there, id, text) in [
        (!backlinks.is_empty(), "links-here", "Links here"),
        (since.is_some(), "what-changed", "What changed since review"),
        (!covered.is_empty(), "covered-code", "Changes to covered code"),
    ] {
        frame.toc.extend(there.then(|| TocEntry::new(id, text)));
    }
    let banner = portal.plan.as_ref().and(assessed).and_then(|assessed| banner(assessed));
    let context = Context {
        frame,
        id: document.id.clone(),
        title: document.title.clone(),
        title_id: document.opening_heading().map(|heading| element_id("", &heading.id)),
        badge: assessed.map(|assessed| status::document(assessed.status)),
        kind: document.meta.kind.as_ref().map(|kind| kind.value.clone()),
        review: banner.as_ref().map(|_| approve(&document.id)),
        banner,
        owner: owner.or_else(|| document.meta.owner.as_ref().map(|owner| owner.value.clone())),
        reviewers,
        declared: declared::declared(portal, document),
        reviewed: reviewed.map(Day::from),
        due: assessed.and_then(|assessed| assessed.due).map(Day::from),
        digest: digest.filter(|_| portal.plan.is_some() || reviewed.is_some()),
        no_plan: portal.plan.is_none() && address == "index.html",
        incident: incident(site, path, address),
        body: markdown::html(
            portal,
            document,
            &Place { blocks: Some(&site.blocks), ..Place::page(address) },
        ),
        moved: redirect::of_anchors(portal, address)
            .into_iter()
            .map(|(id, link)| Moved { id, link })
            .collect(),
        backlinks,
        last_change: past::last_change(&site.facts, path),
        since,
        covered: covered.iter().take(MOST_COMMITS).map(|commit| (&**commit).into()).collect(),
        more_covered: covered.len().saturating_sub(MOST_COMMITS),
        problems: problems(site, path, address),
    };
    site.theme.render("document.html", &context)
}

/// Returns the command that records an approval, for any shell.
fn approve(id: &str) -> String {
    let id = shell::quoted(id);
    format!("handover review approve {id} --as …")
}

/// Returns "On this page" for the headings of the two levels below the title.
fn toc(document: &Document) -> Vec<TocEntry> {
    let opening = usize::from(document.opening_heading().is_some());
    let headings = &document.headings[opening..];
    let top = headings.iter().map(|heading| heading.level).min().unwrap_or(2);
    let entry =
        |heading: &Heading| TocEntry::new(&element_id("", &heading.id), heading.text.as_str());
    let mut toc: Vec<TocEntry> = Vec::new();
    for heading in headings {
        if heading.level == top {
            toc.push(entry(heading));
        } else if heading.level == top + 1 {
            match toc.last_mut() {
                Some(above) => above.nested.push(entry(heading)),
                None => toc.push(entry(heading)),
            }
        }
    }
    toc
}

/// Returns what the status means, and why, for a text that nobody should trust blindly.
fn banner(assessed: &DocumentAssessment) -> Option<Banner> {
    let lead = match assessed.status {
        Status::Approved | Status::Exempt => return None,
        Status::Missing => "This document is missing.",
        Status::ChangesRequested => "A reviewer asked for changes.",
        Status::Unreviewed => "This text is not reviewed.",
        Status::Changed if assessed.changed == [Part::Metadata] => {
            "What the document says about itself changed since it was approved."
        }
        Status::Changed if assessed.changed == [Part::Code] => {
            "The code that this text describes changed since it was approved."
        }
        Status::Changed => "The text changed since it was approved.",
        Status::Expired => "The approval of this text has run out.",
        Status::Waived => "Nobody needs to have reviewed this text: an exception lets it through.",
    };
    let next = match assessed.status {
        Status::ChangesRequested => "Its owner answers them, then the reviewer reads it again.",
        Status::Unreviewed => "Check each step before you rely on it.",
        Status::Changed => "Check what is new before you rely on it.",
        Status::Expired => "It may be out of date.",
        _ => "",
    };
    // The commits to covered code have a section of their own.
    let told = if assessed.covered.is_empty() { usize::MAX } else { 1 };
    let mut text: Vec<String> =
        assessed.reasons.iter().take(told).map(|reason| words::sentence(reason)).collect();
    text.extend((!next.is_empty()).then(|| next.to_owned()));
    Some(Banner {
        badge: status::document(assessed.status),
        lead: lead.to_owned(),
        text: text.join(" "),
    })
}

/// Returns what to do first, for a document with a severity or alerts, and for every runbook.
fn incident(site: &Site<'_>, path: &SourcePath, address: &str) -> Option<Incident> {
    let portal = site.facts.portal;
    let document = portal.documents.get(path)?;
    let meta = &document.meta;
    let alerts = portal.alerts.of(portal, path);
    let runbook = meta.kind.as_ref().is_some_and(|kind| kind.value == "runbook");
    if !runbook && meta.severity.is_none() && alerts.is_empty() {
        return None;
    }
    let severity = meta.severity.as_ref().map(|severity| severity.value.clone());
    let wake: Vec<Wake> = escalation::levels(site)
        .into_iter()
        .filter(|level| {
            severity
                .as_ref()
                .is_some_and(|severity| level.severities.split(", ").any(|known| known == severity))
        })
        .map(|level| Wake {
            level: to(
                address,
                "escalation.html",
                Some(&format!("level-{}", level.level)),
                format!("Level {}", level.level),
            ),
            contact: level.contact,
            ways: level.at_night,
            hours: level.hours,
            minutes: level.minutes,
        })
        .collect();
    let incident = Incident {
        severity,
        alerts: alerts.into_iter().map(str::to_owned).collect(),
        check: first_check(&document.headings).map(|heading| {
            Link::new(heading.text.as_str(), address::relative(address, address, Some(&heading.id)))
        }),
        wake,
    };
    let empty = incident.severity.is_none()
        && incident.alerts.is_empty()
        && incident.check.is_none()
        && incident.wake.is_empty();
    (!empty).then_some(incident)
}

/// Returns the heading under which a runbook says what to look at first.
fn first_check(headings: &[Heading]) -> Option<&Heading> {
    const NAMES: [&str; 5] = ["first check", "diagnos", "triage", "check", "investigat"];
    NAMES.iter().find_map(|name| {
        headings
            .iter()
            .find(|heading| heading.level > 1 && heading.text.to_lowercase().contains(name))
    })
}

fn problems(site: &Site<'_>, path: &SourcePath, address: &str) -> Vec<Problem> {
    let problems = site.problems(path).iter();
    problems
        .map(|problem| Problem {
            line: problem.source.position(problem.span.start).0,
            id: problem.code.id,
            message: site.phrase(address, &problem.message),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn heading(level: u8, text: &str) -> Heading {
        let id = text.to_lowercase().replace(' ', "-");
        Heading {
            level,
            text: text.to_owned(),
            id,
            is_named: false,
            span: Span::default(),
            empty: false,
        }
    }

    #[test]
    fn the_first_check_is_what_says_so_and_else_the_diagnosis() {
        let headings = [heading(1, "Check"), heading(2, "Diagnose"), heading(3, "First check")];
        assert_eq!(first_check(&headings).unwrap().text, "First check");
        assert_eq!(first_check(&headings[..2]).unwrap().text, "Diagnose");
        assert!(first_check(&headings[..1]).is_none());
    }
}
