//! The whole handover as one page to print: a cover, the contents with numbers, and every document.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::assess::Status;
use crate::render::markdown::{self, Place};
use crate::render::page::Html;
use crate::render::page::document;
use crate::render::page::home::{self, Banner};
use crate::render::site::{Frame, Site};
use crate::render::status::{self, Badge};
use crate::render::words::Day;
use crate::source::SourcePath;

const ADDRESS: &str = "print.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    title: String,
    plan: bool,
    subtitle: Option<String>,
    today: Day,
    verdict: Option<Banner>,
    manifest: String,
    documents: Vec<Printed>,
}

#[derive(Serialize)]
struct Printed {
    number: usize,
    /// The id of the document on this page.
    anchor: String,
    title: String,
    badge: Option<Badge>,
    owner: Option<String>,
    reviewers: String,
    reviewed: Option<Day>,
    digest: Option<String>,
    body: String,
}

pub fn html(site: &Site<'_>) -> Html {
    let portal = site.facts.portal;
    let plan = portal.plan.as_ref();
    let order = &site.places.order;
    let numbered = order.iter().enumerate();
    let prefixes: BTreeMap<SourcePath, String> = numbered
        .map(|(index, path)| (SourcePath::clone(path), format!("doc-{}-", index + 1)))
        .collect();
    let documents = order
        .par_iter()
        .enumerate()
        .map(|(index, path)| printed(site, index + 1, path, &prefixes))
        .collect();
    let mut frame = site.frame(ADDRESS, "Print all");
    frame.wide = false;
    let context = Context {
        frame,
        title: portal.title().to_owned(),
        plan: plan.is_some(),
        subtitle: plan.map(|plan| plan.handover.title.clone()),
        today: site.facts.assessment.today.into(),
        verdict: plan.map(|_| home::verdict(site.facts.assessment)),
        manifest: site.facts.manifest.digest.clone(),
        documents,
    };
    site.theme.render("print.html", &context)
}

fn printed(
    site: &Site<'_>,
    number: usize,
    path: &SourcePath,
    prefixes: &BTreeMap<SourcePath, String>,
) -> Printed {
    let document = &*site.facts.portal.documents[path];
    let assessed = site
        .facts
        .assessment
        .documents
        .get(&document.id)
        .filter(|assessed| assessed.path.as_ref() == Some(path));
    let facts = assessed.map(|assessed| document::facts(site, assessed));
    let place = Place {
        url: ADDRESS,
        id_prefix: &prefixes[path],
        heading_shift: 1,
        same_page: Some(prefixes),
        blocks: Some(&site.blocks),
    };
    let body = markdown::html(site.facts.portal, document, &place);
    let (owner, reviewers, reviewed, digest) = match facts {
        Some(facts) => (facts.owner, facts.reviewed_by.join(", "), facts.reviewed, facts.digest),
        None => (None, String::new(), None, None),
    };
    Printed {
        number,
        anchor: format!("doc-{number}"),
        title: document.title.clone(),
        badge: assessed.map(|assessed| status::document(assessed.status)).filter(|badge| {
            site.facts.portal.plan.is_some()
                || badge.key != status::document(Status::Unreviewed).key
        }),
        owner,
        reviewers,
        reviewed: reviewed.map(Day::from),
        digest,
        body,
    }
}
