//! Where a link of a document leads, seen from the page that it is printed on.

use std::collections::BTreeMap;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::link::{Portal, Target, Unjudged, schemes};
use crate::parse::document::Document;
use crate::render::markdown::{Place, element_id};
use crate::render::{address, asset};
use crate::source::{Asset, SourcePath};

/// What a link's address becomes.
pub(super) enum Href {
    /// An address within this version, relative to the page, escaped for an attribute.
    Local(String),
    /// An address elsewhere, as it is written.
    External(String),
    /// No address; the reason, in words for the reader.
    Dead(&'static str),
}

/// What an image's address becomes.
pub(super) enum Picture {
    Local { href: String, asset: Arc<Asset> },
    Remote(String),
    Dead(&'static str),
}

/// The links of one document, by what is written.
pub(super) struct Links<'a> {
    portal: &'a Portal,
    path: &'a SourcePath,
    place: &'a Place<'a>,
    targets: BTreeMap<&'a str, &'a Target>,
}

impl<'a> Links<'a> {
    pub(super) fn new(portal: &'a Portal, document: &'a Document, place: &'a Place<'a>) -> Self {
        let path = &document.source.path;
        let targets = portal.targets.get(path).map_or(&[][..], Vec::as_slice);
        let destinations = document.links.iter().map(|link| link.destination.as_str());
        Self { portal, path, place, targets: destinations.zip(targets).collect() }
    }

    pub(super) fn href(&self, destination: &str) -> Href {
        match self.targets.get(destination) {
            Some(Target::Document { path, anchor, anchor_found }) => {
                self.document(path, anchor.as_deref().filter(|_| *anchor_found), *anchor_found)
            }
            Some(Target::Generated { url, anchor }) => {
                Href::Local(address::relative(self.place.url, &url.0, anchor.as_deref()))
            }
            Some(Target::Asset { path }) => match self.portal.assets.get(path) {
                Some(asset) => {
                    Href::Local(address::relative(self.place.url, &asset::url(asset), None))
                }
                None => Href::Dead("this file cannot be read"),
            },
            Some(Target::External) => external(destination),
            Some(Target::Missing { path: Some(_) }) => Href::Dead("there is no such page or file"),
            Some(Target::Missing { path: None }) => external(destination),
            Some(Target::Outside) => Href::Dead("it leads out of the project"),
            Some(Target::Unjudged { why }) => Href::Dead(unjudged(*why)),
            Some(Target::Unreadable { .. }) => Href::Dead("this file cannot be read"),
            None => self.unknown(destination),
        }
    }

    pub(super) fn picture(&self, destination: &str) -> Picture {
        match self.targets.get(destination) {
            Some(Target::Asset { path }) => match self.portal.assets.get(path) {
                Some(asset) => Picture::Local {
                    href: address::relative(self.place.url, &asset::url(asset), None),
                    asset: Arc::clone(asset),
                },
                None => Picture::Dead("this image cannot be read"),
            },
            Some(Target::Unreadable { .. }) => Picture::Dead("this image cannot be read"),
            Some(Target::Outside) => Picture::Dead("it lies out of the project"),
            Some(Target::Unjudged { why }) => Picture::Dead(unjudged(*why)),
            Some(Target::External) | None => match external(destination) {
                Href::External(href) => Picture::Remote(href),
                Href::Local(_) | Href::Dead(_) => Picture::Dead("there is no such image"),
            },
            Some(Target::Document { .. } | Target::Generated { .. } | Target::Missing { .. }) => {
                Picture::Dead("there is no such image")
            }
        }
    }

    fn document(&self, path: &SourcePath, anchor: Option<&str>, anchor_found: bool) -> Href {
        if let Some(prefix) = self.place.same_page.and_then(|prefixes| prefixes.get(path)) {
            let id = match anchor {
                Some(anchor) => element_id(prefix, anchor),
                None => prefix[..prefix.len().saturating_sub(1)].to_owned(),
            };
            return Href::Local(address::relative("", "", Some(&id)));
        }
        if path == self.path && !anchor_found {
            return Href::Dead("there is no such section");
        }
        let Some(url) = self.portal.urls.get(path) else {
            return Href::Dead("there is no such page or file");
        };
        let id = anchor.map(|anchor| element_id("", anchor));
        Href::Local(address::relative(self.place.url, &url.0, id.as_deref()))
    }

    /// A link that `parse` did not report: only its form is known.
    fn unknown(&self, destination: &str) -> Href {
        match destination.strip_prefix('#') {
            Some(anchor) => {
                let anchor = percent_decode_str(anchor).decode_utf8_lossy();
                let id = element_id(self.place.id_prefix, &anchor);
                Href::Local(address::relative("", "", Some(&id)))
            }
            None => external(destination),
        }
    }
}

fn unjudged(why: Unjudged) -> &'static str {
    match why {
        Unjudged::Outside => "it leads out of the documents",
        Unjudged::Template => "another tool makes this address",
    }
}

/// Returns an address elsewhere, when its scheme is one that a page may name.
fn external(destination: &str) -> Href {
    let seen = schemes::seen(destination);
    if let Some(host) = seen.strip_prefix("//") {
        return Href::External(format!("https://{host}"));
    }
    match seen.split_once(':') {
        Some(_) if schemes::may_lead(destination) => Href::External(destination.trim().to_owned()),
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            Href::Dead("this kind of address is not allowed")
        }
        _ => Href::Dead("there is no such page or file"),
    }
}
