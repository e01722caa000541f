//! The facts → the files that other programs read beside the pages: calendar, feed, sitemap, `llms.txt`, headers.
//!
//! Each is a pure function; none looks at the clock, so a file changes only when its facts do.

pub mod calendar;
pub mod feed;
pub mod headers;
pub mod llms;
pub mod sitemap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::render::{Facts, Output, json};

/// Adds every file that programs read. The pages are there already: the sitemap lists them.
///
/// `styles` are the hashes of the `<style>`s of pages in one file.
pub fn add(facts: &Facts<'_>, styles: &[String], output: &mut Output) {
    let mut files = vec![
        ("handover.json".to_owned(), json::json(facts)),
        ("calendar.ics".to_owned(), calendar::calendar(facts)),
        ("feed.xml".to_owned(), feed::feed(facts)),
        ("llms.txt".to_owned(), llms::llms(facts)),
        ("_headers".to_owned(), headers::netlify(styles)),
        ("headers.nginx.conf".to_owned(), headers::nginx(styles)),
    ];
    files.extend(sitemap::sitemap(facts, output));
    output.extend(files.into_iter().map(|(path, text)| (path, text.into_bytes().into())));
}

/// What a path cannot have in an address, `/` left as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Returns the address of a file of this version for readers outside of it: absolute where `site-url` is set.
///
/// `address` may have a fragment; the path before it is percent-encoded.
pub fn address(facts: &Facts<'_>, address: &str) -> String {
    let (path, fragment) = address.split_once('#').unwrap_or((address, ""));
    let mut text = base(facts).unwrap_or_default();
    text.extend(utf8_percent_encode(path, PATH));
    if !fragment.is_empty() {
        text.push('#');
        text.extend(utf8_percent_encode(fragment, PATH));
    }
    text
}

/// Returns the address of this version's folder, with a `/` at its end; `None` where `site-url` is not set.
pub fn base(facts: &Facts<'_>) -> Option<String> {
    let site = facts.portal.config.handover.site_url.as_ref()?;
    let mut text = site.value.trim_end_matches('/').to_owned();
    text.push('/');
    text.extend(utf8_percent_encode(facts.portal.version(), PATH));
    text.push('/');
    Some(text)
}

/// Returns the title of the handover, or of the book without a plan.
pub fn title<'a>(facts: &Facts<'a>) -> &'a str {
    let portal = facts.portal;
    let planned = portal.plan.as_ref().map(|plan| plan.handover.title.as_str());
    planned.or(portal.config.book.title.as_deref()).unwrap_or("Handover")
}

/// Returns the text on one line, without characters that XML and calendars do not allow.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}
