//! `404.html`: a host serves it at any depth, so it has no assets, and links only where the site's address is known.

use serde::Serialize;

use crate::render::page::Html;
use crate::render::site::{Frame, Link, Site};

#[derive(Serialize)]
struct Context {
    frame: Frame,
    links: Vec<Link>,
}

pub fn html(site: &Site<'_>) -> Html {
    let frame = site.frame("404.html", "Page not found");
    let address = site.facts.portal.config.handover.site_url.as_ref();
    let links = address.map_or(Vec::new(), |address| {
        let version = format!("{}/{}", address.trim_end_matches('/'), frame.version);
        let link = |text, page| Link::new(text, format!("{version}/{page}"));
        vec![
            link("Overview", "index.html"),
            link("Documents", "documents.html"),
            link("All contents", "search.html"),
        ]
    });
    site.theme.render("404.html", &Context { frame, links })
}
