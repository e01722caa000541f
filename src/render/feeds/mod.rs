//! The facts → the files that other programs read beside the pages: calendar, feed, sitemap, `llms.txt`, headers,
//! the list of pages.
//!
//! Each is a pure function; none looks at the clock, so a file changes only when its facts do.

pub mod calendar;
pub mod feed;
pub mod headers;
pub mod llms;
pub mod pages;
pub mod sitemap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::render::{Facts, json};

/// The files that programs read, beside the sitemap.
pub const FILES: &[&str] = &[
    "handover.json",
    "calendar.ics",
    "feed.xml",
    "llms.txt",
    "pages.js",
    "_headers",
    "headers.nginx.conf",
];

/// Returns one of them. `has` tells which pages there are, and `styles` gives the hashes of the `<style>`s of pages in one
/// file.
pub fn file(
    facts: &Facts<'_>,
    path: &str,
    has: impl Fn(&str) -> bool,
    styles: impl FnOnce() -> Vec<String>,
) -> Option<String> {
    Some(match path {
        "handover.json" => json::json(facts),
        "calendar.ics" => calendar::calendar(facts),
        "feed.xml" => feed::feed(facts),
        "llms.txt" => llms::llms(facts),
        "pages.js" => pages::pages(facts.portal, has),
        "_headers" => headers::netlify(&styles()),
        "headers.nginx.conf" => headers::nginx(&styles()),
        _ => return None,
    })
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A project with an event of every kind, judged for a Friday in its middle.
    pub(crate) const PROJECT: &str = r#"
-- book.toml --
[book]
title = "Queue; operations"
description = "How to run the queue."
src = "content"
[output.handover]
today = 2026-12-18
-- content/plan.toml --
[handover]
id = "queue"
title = "Handover, of the queue"
service = "Queue; Co"
version = "1.0"
[calendar]
start = 2026-12-14
business-days = 10
timezone = "Europe/London"
holidays = [{ date = 2026-12-25, name = "Christmas" }]
[[team]]
id = "old"
side = "relinquishing"
name = "Old team"
[[team]]
id = "new"
side = "receiving"
name = "New team"
[[person]]
id = "ann"
name = "Ann"
role = "SRE"
team = "new"
lead = true
[[person]]
id = "bob"
name = "Bob"
role = "Architect"
team = "old"
lead = true
[[phase]]
id = "review"
title = "Review"
days = "1-4"
activities = "Read, all of it."
[[phase]]
id = "shadow"
title = "Shadowing"
days = "5-9"
activities = "Watch."
[[milestone]]
id = "gate"
title = "Official Handover"
day = 10
activities = "Sign."
gate = true
[[module]]
id = "basics"
title = "Basics"
hours = 3
trainer = "bob"
audience = ["ann"]
[[criterion]]
id = "documents"
statement = "All documents are reviewed."
check = { type = "documents-reviewed" }
[[criterion]]
id = "work"
statement = "Two incidents are handled."
check = { type = "work-handled", count = 2 }
[[escalation]]
level = 1
severities = ["SEV-1"]
contact = "ann"
hours = "24x7"
acknowledge-minutes = 15
[support]
days = 14
unit = "calendar"
[[support.commitment]]
title = "Weekly Sync"
text = "A meeting about trends; questions, answers, and whatever else came up since the meeting before."
every = "week"
minutes = 60
[[signatory]]
person = "bob"
capacity = "Relinquishing Lead"
statement = "I hand over."
[[signatory]]
person = "ann"
capacity = "Receiving Lead"
statement = "I accept."
-- content/records/all.toml --
[[review]]
document = "restore"
digest = "v1:0000000000000000000000000000000000000000000000000000000000000000"
reviewer = "ann"
on = 2026-12-15
outcome = "approved"
note = "Clear steps."
[[session]]
module = "basics"
on = 2026-12-16
hours = 3
attendees = ["ann"]
[[certification]]
person = "ann"
on = 2026-12-17
certified-by = "bob"
[[work]]
kind = "incident"
severity = "SEV-3"
ticket = "INC-1"
on = 2026-12-17
performed-by = "ann"
observed-by = "bob"
document = "restore"
summary = "Restored: it took 4 minutes"
[[escalation-test]]
level = 1
on = 2026-12-18
acknowledged-by = "ann"
minutes = 4
[[exception]]
covers = "drain"
reason = "Nobody can drain in the freeze"
on = 2026-12-18
requested-by = "bob"
approved-by = "ann"
expires = 2027-01-31
[[decision]]
on = 2026-12-18
outcome = "postponed"
by = ["ann", "bob"]
reason = "One incident is owed"
[[work]]
kind = "incident"
ticket = "INC-2"
on = 2026-12-21
performed-by = "ann"
summary = "It lies ahead"
-- content/restore.md --
---
kind: runbook
owner: bob
---
# Restore [it]

Call somebody.
-- content/drain.md --
# Drain

Open the valve.
"#;

    #[test]
    fn an_address_is_encoded() {
        let judged = crate::fixture::judged(PROJECT);
        let facts = judged.facts();
        assert_eq!(address(&facts, "a b/100%.html#x y"), "a%20b/100%25.html#x%20y");
        assert_eq!(base(&facts), None);
    }

    #[test]
    fn a_line_has_no_control_characters() {
        assert_eq!(one_line(" a\u{7}\tb\r\nc\u{ffff} "), "a b c");
    }
}
