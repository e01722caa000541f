//! What an assessment wants to know of a project's past: the texts that reviews were of, and what happened to the code that
//! documents describe.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::assess::digest::{self, Digests};
use crate::assess::ledger::Ledger;
use crate::assess::{Counts, DocumentAssessment, Status};
use crate::history::{History, Past, Reading, Since, Wanted, WantedCover, WantedText};
use crate::link::{self, Portal, Target};
use crate::parse;
use crate::parse::config::Config;
use crate::parse::document::{Document, LinkKind};
use crate::parse::project::Parsed;
use crate::parse::records::{Outcome, Review};
use crate::parse::toml::Switch;
use crate::source::{Asset, Source, SourcePath, Tree};

/// Asks for the past of a portal, as far as the day needs it.
///
/// # Errors
/// A phrase that says why there is no history.
pub fn history(
    portal: &Portal,
    digests: &Digests,
    past: &dyn Past,
    today: NaiveDate,
) -> Result<History, String> {
    history_again(portal, digests, past, today, &mut Memory::default())
}

/// What was asked last, and the answer.
#[derive(Default)]
pub struct Memory {
    /// At what the past stood; `None` where nothing is remembered.
    state: Option<String>,
    question: Question,
    history: Option<History>,
    inputs: BTreeMap<SourcePath, Input>,
}

/// What is wanted to know, beside which inputs are not committed.
#[derive(Default, PartialEq, Eq)]
struct Question {
    documents: BTreeSet<SourcePath>,
    texts: Vec<WantedText>,
    covers: Vec<WantedCover>,
    /// Of `book.toml`: it says how older trees are read.
    settings: Option<String>,
    content: String,
}

/// What a build is made of, held by whoever compares it with what comes later.
#[derive(Clone)]
enum Input {
    Text(Arc<Source>),
    Bytes(Arc<Asset>),
}

impl Input {
    fn path(&self) -> &SourcePath {
        match self {
            Self::Text(source) => &source.path,
            Self::Bytes(asset) => &asset.path,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(source) => source.text.as_bytes(),
            Self::Bytes(asset) => &asset.bytes,
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(source), Self::Text(other)) => Arc::ptr_eq(source, other),
            (Self::Bytes(asset), Self::Bytes(other)) => Arc::ptr_eq(asset, other),
            _ => false,
        }
    }
}

/// The same, with what is remembered of the last time: a past that stands where it stood is not walked again.
///
/// # Errors
/// A phrase that says why there is no history.
pub fn history_again(
    portal: &Portal,
    digests: &Digests,
    past: &dyn Past,
    today: NaiveDate,
    memory: &mut Memory,
) -> Result<History, String> {
    let state = past.state();
    if state.is_none() {
        // Where there is nothing to ask, no question is worth the work.
        past.history(&Wanted::nothing())?;
    }
    let question = Question {
        documents: portal.documents.keys().cloned().collect(),
        texts: texts(portal, digests, today),
        covers: covers(portal, digests, today),
        settings: portal.config.source.as_ref().map(|source| source.text.clone()),
        content: portal.config.book.src.value.clone(),
    };
    let texts = sources(portal).into_values().cloned().map(Input::Text);
    let bytes = portal.assets.values().cloned().map(Input::Bytes);
    let inputs: BTreeMap<SourcePath, Input> =
        texts.chain(bytes).map(|input| (input.path().clone(), input)).collect();
    let mut then = std::mem::take(memory);
    if state.is_none() || then.state != state {
        then = Memory::default();
    }
    let is_known = |path: &SourcePath| {
        let (now, then) = (inputs.get(path), then.inputs.get(path));
        then.is_some_and(|then| now.is_some_and(|now| now.is(then)))
    };
    let known = then.history.take();
    let again = known.filter(|_| then.question == question);
    let unknown = inputs.values().filter(|input| !is_known(input.path()));
    let wanted = Wanted {
        inputs: unknown.map(|input| (input.path().clone(), input.bytes())).collect(),
        documents: question.documents.clone(),
        texts: question.texts.clone(),
        covers: question.covers.clone(),
        read: &|tree, path| reading(tree, path, &portal.config),
        ids: &|tree| {
            let portal = link::portal(parse::project::project(tree), tree);
            BTreeMap::clone(&portal.ids)
        },
    };
    let history = match again {
        None => {
            let all = inputs.values().map(|input| (input.path().clone(), input.bytes()));
            past.history(&Wanted { inputs: all.collect(), ..wanted })?
        }
        Some(known) => {
            let edited = Wanted { inputs: wanted.inputs, ..Wanted::nothing() };
            let edited = past.history(&edited)?.uncommitted;
            let mut uncommitted = known.uncommitted;
            uncommitted.retain(is_known);
            uncommitted.extend(edited);
            History { uncommitted, ..known }
        }
    };
    *memory = Memory { state, question, history: Some(history.clone()), inputs };
    Ok(history)
}

/// Returns when a review was, for the question what happened to covered code since.
pub fn since(review: &Review, today: NaiveDate) -> Since {
    Since { commit: review.commit.clone(), day: review.on.value.0, until: today }
}

/// Returns the review whose text the present one is compared with: what was approved last, or what changes were requested
/// of. `None` where it is the present text that was approved, or no other was reviewed.
pub fn compared(ledger: &Ledger<'_>, document: &DocumentAssessment) -> Option<usize> {
    let records = &ledger.portal.records.reviews;
    let counts = |index: &usize| ledger.standing.reviews.get(*index) == Some(&Counts::Yes);
    let last = |outcome| {
        let mut newest = document.reviews.iter().rev().copied().filter(counts);
        newest.find(|index| records[*index].outcome == outcome)
    };
    let is_present = |index: &usize| records[*index].digest.eq_ignore_ascii_case(&document.digest);
    let requested = last(Outcome::ChangesRequested).filter(|index| !is_present(index));
    if document.status == Status::ChangesRequested && requested.is_some() {
        return requested;
    }
    let approves = |index: &usize| records[*index].outcome == Outcome::Approved;
    let mut counting = document.reviews.iter().filter(|index| counts(index));
    if counting.any(|index| approves(index) && is_present(index)) {
        return None;
    }
    last(Outcome::Approved).or(requested)
}

/// Returns the globs of the code that a document describes: its own, else those of its kind.
pub fn globs(portal: &Portal, document: &Document) -> Vec<String> {
    let Switch::On(by_kind) = &portal.config.handover.covers else { return Vec::new() };
    if let Some(own) = &document.meta.covers {
        return own.iter().map(|glob| glob.value.clone()).collect();
    }
    let kind = document.meta.kind.as_ref().and_then(|kind| by_kind.get(&kind.value));
    kind.into_iter().flat_map(|globs| globs.iter()).map(|glob| glob.0.clone()).collect()
}

/// Returns every text that the portal is made of.
fn sources(portal: &Portal) -> BTreeMap<&SourcePath, &Arc<Source>> {
    let documents = portal.documents.values().flat_map(|document| {
        std::iter::once(&document.source)
            .chain(document.text.as_written().1.iter().map(|piece| &piece.source))
    });
    let records = &portal.records;
    let own = portal.config.source.iter().chain(portal.plan.as_ref().map(|plan| &plan.source));
    let own = own.chain(portal.summary.as_ref().map(|summary| &summary.source));
    let all = documents.chain(own).chain(records.sources());
    all.map(|source| (&source.path, source)).collect()
}

/// Returns the texts that are no longer: of each reviewer's last approval of a document, and of their last request for
/// changes.
fn texts(portal: &Portal, digests: &Digests, today: NaiveDate) -> Vec<WantedText> {
    let mut last: BTreeMap<(&SourcePath, &str, bool), &Review> = BTreeMap::new();
    for (path, review) in reviews(portal, today) {
        let approves = review.outcome == Outcome::Approved;
        last.insert((path, review.reviewer.as_str(), approves), review);
    }
    let mut texts: BTreeMap<(&SourcePath, String), Option<&str>> = BTreeMap::new();
    for ((path, ..), review) in last {
        let reviewed = review.digest.to_ascii_lowercase();
        if digests.get(path).is_some_and(|now| now.whole != reviewed) {
            let commit = texts.entry((path, reviewed)).or_default();
            *commit = commit.or(review.commit.as_deref());
        }
    }
    let id = |path: &SourcePath| portal.documents.get(path).map(|document| document.id.clone());
    let text = |((path, digest), commit): ((&SourcePath, String), Option<&str>)| WantedText {
        document: path.clone(),
        id: id(path).unwrap_or_default(),
        digest,
        commit: commit.map(str::to_owned),
    };
    texts.into_iter().map(text).collect()
}

/// Returns the code of the documents whose present text was approved.
fn covers(portal: &Portal, digests: &Digests, today: NaiveDate) -> Vec<WantedCover> {
    let mut covers = BTreeSet::new();
    for (path, review) in reviews(portal, today) {
        let current =
            digests.get(path).is_some_and(|now| review.digest.eq_ignore_ascii_case(&now.whole));
        let Some(document) = portal.documents.get(path).filter(|_| current) else { continue };
        let globs = globs(portal, document);
        if review.outcome == Outcome::Approved && !globs.is_empty() {
            covers.insert(WantedCover {
                document: path.clone(),
                globs,
                since: since(review, today),
            });
        }
    }
    covers.into_iter().collect()
}

/// Returns the reviews of documents that are there, up to the day, the oldest first.
fn reviews(portal: &Portal, today: NaiveDate) -> Vec<(&SourcePath, &Review)> {
    let reviews = portal.records.reviews.iter().filter_map(|review| {
        let path = portal.ids.get(&review.document.value)?;
        (*review.on.value <= today).then_some((path, &review.event))
    });
    let mut reviews: Vec<_> = reviews.collect();
    reviews.sort_by_key(|(_, review)| review.on.value);
    reviews
}

/// Reads one document of an older tree, as it is read today.
pub fn reading(tree: &Tree, path: &SourcePath, config: &Config) -> Option<Reading> {
    let source = tree.source(path).ok()??;
    let mut document = crate::parse::document::document(tree, &source, config);
    // What else it leads to is not part of what was reviewed, and need not be read.
    document.links.retain(|link| link.kind == LinkKind::Image);
    let parsed = Parsed {
        config: config.clone(),
        documents: Arc::new(BTreeMap::from([(path.clone(), Arc::new(document))])),
        ..Parsed::default()
    };
    let portal = link::portal(parsed, tree);
    let document = portal.documents.get(path)?;
    let digest = digest::digest(&portal, path, document).whole;
    let files = files(&portal, path, document);
    let about = digest::about(&portal, path, document);
    Some(Reading {
        id: document.id.clone(),
        digest,
        body: document.text.body.clone(),
        about,
        files,
    })
}

/// Returns what the digest of a document hangs on beside its own file: includes and images, also those that are not there.
pub fn files(portal: &Portal, path: &SourcePath, document: &Document) -> BTreeSet<SourcePath> {
    let mut files: BTreeSet<SourcePath> =
        document.text.included.iter().map(|included| included.path.clone()).collect();
    let targets = portal.targets.get(path).map(Vec::as_slice).unwrap_or_default();
    for (link, target) in document.own_links(targets) {
        match target {
            _ if link.kind != LinkKind::Image => {}
            Target::Asset { path }
            | Target::Missing { path: Some(path) }
            | Target::Unreadable { path, .. } => drop(files.insert(path.clone())),
            Target::Missing { path: None }
            | Target::Document { .. }
            | Target::Generated { .. }
            | Target::External
            | Target::Outside
            | Target::Unjudged { .. } => {}
        }
    }
    files
}
