//! The whole handover as one page to print: a cover, the contents with numbers, and every document. A long one comes in
//! parts, and the page lists those: no browser prints ten thousand documents at once.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use crate::assess::Status;
use crate::render::markdown::{self, Place};
use crate::render::page::Html;
use crate::render::page::document;
use crate::render::page::home::{self, Banner};
use crate::render::site::{Frame, Link, Site};
use crate::render::status::{self, Badge};
use crate::render::words::Day;
use crate::source::SourcePath;

const ADDRESS: &str = "print.html";

/// Up to so many documents are one page.
const WHOLE: usize = 2000;

/// Beyond, so many are a part.
const PART: usize = 500;

#[derive(Serialize)]
struct Context {
    frame: Frame,
    title: String,
    plan: bool,
    subtitle: Option<String>,
    today: Day,
    verdict: Option<Banner>,
    manifest: String,
    /// Which part of the handover this is, in words.
    part: Option<String>,
    parts: Vec<Part>,
    documents: Vec<Printed>,
}

/// A line of the list of parts.
#[derive(Serialize)]
struct Part {
    link: Link,
    first: String,
    last: String,
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

/// Returns how many parts there are; none where all is one page.
pub fn parts(site: &Site<'_>) -> usize {
    let documents = site.places.order.paths.len();
    if documents > WHOLE { documents.div_ceil(PART) } else { 0 }
}

pub fn part_address(part: usize) -> String {
    format!("print-{}.html", part + 1)
}

/// Returns the page that prints all, or that lists its parts.
pub fn html(site: &Site<'_>) -> Html {
    match parts(site) {
        0 => whole(site),
        parts => list(site, parts),
    }
}

fn list(site: &Site<'_>, parts: usize) -> Html {
    let title = |at: usize| site.facts.portal.documents[&site.places.order.paths[at]].title.clone();
    let parts = (0..parts).map(|part| {
        let Range { start, end } = documents(site, part);
        Part {
            link: Link::new(numbers(start, end), part_address(part)),
            first: title(start),
            last: title(end - 1),
        }
    });
    let context = Context { parts: parts.collect(), ..cover(site, ADDRESS) };
    site.theme.render("print.html", &context)
}

/// Returns the page that prints all, however long it is.
pub fn whole(site: &Site<'_>) -> Html {
    let documents = print(site, ADDRESS, 0..site.places.order.paths.len());
    site.theme.render("print.html", &Context { documents, ..cover(site, ADDRESS) })
}

/// Returns a part of it.
pub fn part(site: &Site<'_>, part: usize) -> Html {
    let (address, documents) = (part_address(part), documents(site, part));
    let name = numbers(documents.start, documents.end);
    let part = Some(format!("{name} of {}", site.places.order.paths.len()));
    let documents = print(site, &address, documents);
    site.theme.render("print.html", &Context { part, documents, ..cover(site, &address) })
}

/// Returns which documents a part has, in reading order.
pub fn documents(site: &Site<'_>, part: usize) -> Range<usize> {
    part * PART..((part + 1) * PART).min(site.places.order.paths.len())
}

/// "Documents 501 to 1000"
fn numbers(start: usize, end: usize) -> String {
    format!("Documents {} to {end}", start + 1)
}

/// Returns what stands before the documents.
fn cover(site: &Site<'_>, address: &str) -> Context {
    let portal = site.facts.portal;
    let plan = portal.plan.as_ref();
    let mut frame = site.frame(address, "Print all");
    frame.wide = false;
    Context {
        frame,
        title: portal.title().to_owned(),
        plan: plan.is_some(),
        subtitle: plan.map(|plan| plan.handover.title.clone()),
        today: site.facts.assessment.today.into(),
        verdict: plan.map(|_| home::verdict(site.facts.assessment)),
        manifest: site.facts.manifest.digest.clone(),
        part: None,
        parts: Vec::new(),
        documents: Vec::new(),
    }
}

/// Prints documents that stand on one page.
fn print(site: &Site<'_>, address: &str, numbers: Range<usize>) -> Vec<Printed> {
    let order = &site.places.order.paths;
    let prefixes: BTreeMap<SourcePath, String> = numbers
        .clone()
        .map(|index| (order[index].clone(), format!("doc-{}-", index + 1)))
        .collect();
    let print = |index: usize| printed(site, address, index + 1, &order[index], &prefixes);
    numbers.into_par_iter().map(print).collect()
}

fn printed(
    site: &Site<'_>,
    address: &str,
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
        url: address,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::render::theme::Theme;

    #[test]
    fn a_long_handover_is_listed_in_parts() {
        let judged =
            fixture::judged("-- src/a.md --\n# Alpha\n\n[B](b.md)\n-- src/b.md --\n# Beta\n");
        let theme = Theme::load(&fixture::tree(""), None).0;
        let site = Site::new(judged.facts(), &theme);
        assert_eq!(parts(&site), 0);
        let list = list(&site, 1).unwrap();
        let line = r#"<a href="print-1.html">Documents 1 to 2</a></td><td>Alpha</td><td>Beta</td>"#;
        assert!(list.contains(line), "{list}");
        let part = part(&site, 0).unwrap();
        assert!(part.contains("<p>Documents 1 to 2 of 2.</p>"), "{part}");
        assert!(part.contains(r##"<a href="#doc-2">B</a>"##), "{part}");
    }
}
