//! What changed since a document was reviewed: its text then and now, side by side in one, and what it says of itself.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::assess::{DocumentAssessment, digest};
use crate::difference::Change;
use crate::history::{About, PastText};
use crate::parse::document::Document;
use crate::parse::records::{Outcome, Review};
use crate::render::Facts;
use crate::render::difference::{self, Difference};
use crate::render::names;
use crate::render::past::CommitLine;
use crate::render::words::{self, Day};
use crate::source::SourcePath;

/// For the section of that name on the page of a document.
#[derive(Debug, Serialize)]
pub struct Since {
    /// "Noor Haddad approved", "Noor Haddad asked for changes of".
    who: String,
    day: Day,
    /// Where the text that was reviewed comes from.
    commit: Option<CommitLine>,
    /// What there is to know before one reads on: the text is not quite the one that was reviewed, or was not found.
    note: Option<String>,
    /// What changed beside the text, as HTML.
    about: Vec<String>,
    difference: Option<Difference>,
}

/// Returns what changed since the review that the assessment names; `None` where that is nothing.
pub fn since(facts: &Facts<'_>, path: &SourcePath, assessed: &DocumentAssessment) -> Option<Since> {
    let portal = facts.portal;
    let review = &portal.records.reviews.get(assessed.compared?)?.event;
    let document = portal.documents.get(path)?;
    let mut since = Since {
        who: who(facts, review),
        day: review.on.value.0.into(),
        commit: None,
        note: None,
        about: Vec::new(),
        difference: None,
    };
    match found(facts, path, review) {
        Ok(past) => tell(&mut since, facts, path, document, past),
        Err(why) => since.note = Some(format!("What changed cannot be shown: {why}.")),
    }
    Some(since)
}

fn who(facts: &Facts<'_>, review: &Review) -> String {
    let reviewer = names::name(facts.portal, review.reviewer.as_str());
    match review.outcome {
        Outcome::Approved => format!("{reviewer} approved it"),
        Outcome::ChangesRequested => format!("{reviewer} asked for changes"),
    }
}

/// Returns the text that was reviewed, or why there is none.
fn found<'a>(
    facts: &Facts<'a>,
    path: &SourcePath,
    review: &Review,
) -> Result<&'a PastText, String> {
    let history = facts.history.as_ref().map_err(Clone::clone)?;
    let key = (path.clone(), review.digest.to_ascii_lowercase());
    history.texts.get(&key).ok_or_else(|| match &history.limit {
        Some(limit) => {
            format!("the text that was reviewed is not in the history that can be read: {limit}")
        }
        None => "no commit that can be read has this text under this name".to_owned(),
    })
}

fn tell(
    since: &mut Since,
    facts: &Facts<'_>,
    path: &SourcePath,
    document: &Document,
    past: &PastText,
) {
    since.commit = Some((&*past.commit).into());
    since.about = about(&past.about, &digest::about(facts.portal, path, document));
    let hunks = crate::difference::difference(&past.body, &document.in_file().text.body);
    since.difference = (!hunks.is_empty()).then(|| difference::difference(&hunks));
    since.note = if !past.exact {
        Some("The text that was reviewed was never committed: this is compared with the commit that the review names.".to_owned())
    } else if hunks.is_empty() && since.about.is_empty() {
        Some("Nothing that a reader sees: only how the text is written.".to_owned())
    } else {
        None
    };
}

/// Says what changed in the front matter and in the images, as HTML.
pub(super) fn about(old: &About, new: &About) -> Vec<String> {
    let keys: BTreeSet<&str> = old.metadata.keys().chain(new.metadata.keys()).copied().collect();
    let mut changes = Vec::new();
    for key in keys {
        let (old, new) = (old.metadata.get(key), new.metadata.get(key));
        if old != new {
            changes.push(format!("<code>{key}</code>: {}", from_to(old, new)));
        }
    }
    let has = |about: &About, path: &SourcePath| about.images.iter().any(|(one, _)| one == path);
    let known = |about: &About, digest: &str| about.images.iter().any(|(_, one)| one == digest);
    let mut seen = BTreeSet::new();
    for (path, digest) in &new.images {
        if !known(old, digest) && seen.insert(path) {
            let what = if has(old, path) { "is another picture" } else { "is new" };
            changes.push(format!("Image <code>{}</code> {what}", words::escape(path.as_str())));
        }
    }
    for (path, digest) in &old.images {
        if !known(new, digest) && !has(new, path) && seen.insert(path) {
            changes.push(format!("Image <code>{}</code> is gone", words::escape(path.as_str())));
        }
    }
    changes
}

/// Returns two values with the old one as removed and the new one as added.
fn from_to(old: Option<&String>, new: Option<&String>) -> String {
    let both = [(Change::Removed, old), (Change::Added, new)];
    let marked = both
        .into_iter()
        .filter_map(|(change, value)| Some(difference::marked(change, &words::escape(value?), "")));
    marked.collect::<Vec<_>>().join(" ")
}
