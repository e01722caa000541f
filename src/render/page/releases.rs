//! The page of releases: what was frozen when, and who has signed it.

use serde::Serialize;

use crate::assess::signatures::{SignatureAssessment, SignedRelease};
use crate::parse::release::Release;
use crate::render::page::Html;
use crate::render::signature::{self, Signed};
use crate::render::site::{Frame, Site};
use crate::render::status::{self, Badge};
use crate::render::words::Day;

pub const ADDRESS: &str = "releases.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    releases: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    version: String,
    on: Day,
    badge: Badge,
    /// "2 of 4 criteria met"
    met: String,
    documents: usize,
    commit: Option<String>,
    digest: String,
    signatures: Vec<Signed>,
    /// The signatories of whom there is no valid signature: "Noor Haddad, Receiving Lead".
    unsigned: Vec<String>,
}

/// Tells whether there is anything to show.
pub fn any(site: &Site<'_>) -> bool {
    site.facts.release.is_some() || !site.facts.portal.releases.is_empty()
}

pub fn html(site: &Site<'_>) -> Html {
    let portal = site.facts.portal;
    let known = |release: &Release| {
        let signatures = site.facts.assessment.signatures.iter();
        let signatures = signatures.filter(|one| one.version == release.version.value);
        row(release, &signatures.collect::<Vec<_>>())
    };
    let own = site.facts.release.map(|SignedRelease { release, signatures }| {
        row(release, &signatures.iter().collect::<Vec<_>>())
    });
    let mut releases: Vec<Row> = portal.releases.iter().map(|release| known(release)).collect();
    releases.extend(own);
    releases.reverse();
    let frame = site.frame(ADDRESS, "Releases");
    site.theme.render("releases.html", &Context { frame, releases })
}

fn row(release: &Release, signatures: &[&SignatureAssessment]) -> Row {
    let shown: Vec<Signed> =
        signatures.iter().filter_map(|signature| signature::signed(signature)).collect();
    let has_signed = |person: &str, capacity: &str| {
        shown.iter().any(|signed| {
            signed.badge.key == "valid"
                && signed.person.as_deref() == Some(person)
                && signed.capacity.as_deref() == Some(capacity)
        })
    };
    let unsigned = release.signatories.iter();
    let unsigned = unsigned.filter(|one| !has_signed(&one.person, &one.capacity));
    Row {
        version: release.version.value.clone(),
        on: release.date.0.into(),
        badge: status::release(release.draft, release.ready),
        met: format!("{} of {} criteria met", release.met, release.total),
        documents: release.documents.len(),
        commit: release.commit.as_ref().map(|commit| commit.value.clone()),
        digest: release.digest.value.clone(),
        unsigned: unsigned.map(|one| format!("{}, {}", one.name, one.capacity)).collect(),
        signatures: shown,
    }
}
