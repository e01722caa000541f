//! The search page: the whole contents as nested lists, which need no script.

use serde::Serialize;

use crate::render::page::Html;
use crate::render::site::{Frame, Site};

const ADDRESS: &str = "search.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    /// The items of a list, as HTML.
    contents: String,
}

pub fn html(site: &Site<'_>) -> Html {
    let frame = site.frame(ADDRESS, "All contents");
    site.theme.render("search.html", &Context { frame, contents: site.places.contents(ADDRESS) })
}
