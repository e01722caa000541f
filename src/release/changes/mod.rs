//! Two states of a handover → what changed from one to the other: documents, criteria, the plan and the records.
//!
//! What a release file alone tells is told where the commit of the release is not here.

pub mod news;
mod documents;
mod plan;
mod records;

use chrono::NaiveDate;
use serde::Serialize;

use crate::assess::{Assessment, Status, Verdict};
use crate::history::{Past, Reading};
use crate::link::Portal;
use crate::parse::config::Config;
use crate::parse::plan::Plan;
use crate::parse::project::{self, Parsed};
use crate::parse::records::Records;
use crate::parse::release::{ReleaseFacts, ReleasedCriterion};
use crate::release::Manifest;
use crate::release::frozen::{self, Freeze};
use crate::source::{SourcePath, Tree};

/// What changed from one state to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Changes {
    pub from: State,
    pub to: State,
    /// The documents that are not what they were, by what became of them, in the order of their titles.
    pub documents: Vec<DocumentChange>,
    pub criteria: Vec<CriterionChange>,
    /// What changed in the plan, in words.
    pub plan: Vec<Topic>,
    /// What was recorded, in words: "2 reviews".
    pub recorded: Vec<String>,
    /// What was recorded and is not any more, in words.
    pub unrecorded: Vec<String>,
    /// Why not all can be told.
    pub missing: Option<String>,
}

/// What a state is called, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct State {
    pub name: String,
    /// The day that it was judged for.
    pub date: NaiveDate,
    pub ready: bool,
    pub met: usize,
    pub waived: usize,
    pub total: usize,
}

/// A document in one or both of the states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentChange {
    pub fate: Fate,
    pub old: Option<DocumentState>,
    pub new: Option<DocumentState>,
    /// It reads otherwise than before.
    pub changed: bool,
    /// Where both texts are here and differ: the old one and the new one.
    #[serde(skip)]
    pub texts: Option<(Reading, Reading)>,
}

/// What happened to a document, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Added,
    Removed,
    /// It has another path or another id; its text may have changed too.
    Renamed,
    Changed,
    /// Its text is the same; how it stands is not.
    Restated,
}

/// How a document stood in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentState {
    pub id: String,
    pub title: String,
    /// `None` when it was missing.
    pub path: Option<String>,
    pub status: Status,
}

/// A criterion in one or both of the states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CriterionChange {
    pub id: String,
    pub statement: String,
    /// `None` when it is new.
    pub old: Option<Verdict>,
    /// `None` when it is gone.
    pub new: Option<Verdict>,
    /// What else changed of it, in words: "actual: 1 of 3 → 3 of 3".
    pub words: Vec<String>,
}

/// A part of the plan and what changed in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Topic {
    pub title: &'static str,
    pub words: Vec<String>,
}

/// One of the two states that are compared.
pub struct Side<'a> {
    pub name: &'a str,
    pub facts: &'a ReleaseFacts,
    /// Its files; where they are not here, why.
    pub project: Result<Contents<'a>, &'a str>,
}

/// The files of a state, as far as they say what changed. Documents are read when they did.
#[derive(Clone, Copy)]
pub struct Contents<'a> {
    tree: &'a Tree,
    config: &'a Config,
    plan: Option<&'a Plan>,
    records: &'a Records,
}

impl<'a> Contents<'a> {
    /// Returns those of a portal, which was made from the tree.
    pub fn of(portal: &'a Portal, tree: &'a Tree) -> Self {
        let Portal { config, plan, records, .. } = portal;
        Self { tree, config, plan: plan.as_ref(), records }
    }

    fn document(&self, path: &str) -> Option<Reading> {
        let path = SourcePath::new(path)?;
        crate::assess::past::reading(self.tree, &path, self.config)
    }
}

/// The files of a release, and what was read of them.
pub struct Released {
    tree: Tree,
    parsed: Parsed,
}

impl Released {
    pub fn contents(&self) -> Contents<'_> {
        let Parsed { config, plan, records, .. } = &self.parsed;
        Contents { tree: &self.tree, config, plan: plan.as_ref(), records }
    }
}

/// Returns what changed since the release before; `None` where there is none.
pub fn since_previous(
    portal: &Portal,
    assessment: &Assessment,
    manifest: &Manifest,
    tree: &Tree,
    past: &dyn Past,
) -> Option<Changes> {
    let previous = portal.previous()?;
    let freeze = Freeze { version: portal.version(), commit: None, draft: true };
    let facts = frozen::facts(portal, assessment, manifest, &freeze);
    let found = released(portal, previous, past);
    let old = found.as_ref().map(Released::contents).map_err(String::as_str);
    let version = portal.version();
    Some(changes(
        &Side { name: &previous.version, facts: previous, project: old },
        &Side { name: version, facts: &facts, project: Ok(Contents::of(portal, tree)) },
    ))
}

/// Returns the files of a release: those of its commit, or where that is not here, of its tag.
///
/// # Errors
/// A phrase that says why they are not here.
pub fn released(
    portal: &Portal,
    release: &ReleaseFacts,
    past: &dyn Past,
) -> Result<Released, String> {
    let tag = format!("refs/tags/{}", portal.config.handover.tag(&release.version));
    let commit = release.commit.as_ref().map(|commit| past.tree(commit));
    let tree = match commit {
        Some(Ok(tree)) => tree,
        Some(Err(why)) => past.tree(&tag).map_err(|_| why)?,
        None => past.tree(&tag)?,
    };
    let parsed = project::evidence(&tree);
    Ok(Released { tree, parsed })
}

/// Returns what changed from one state to another.
pub fn changes(old: &Side<'_>, new: &Side<'_>) -> Changes {
    let mut changes = Changes {
        from: state(old),
        to: state(new),
        documents: documents::documents(old, new),
        criteria: criteria(&old.facts.criteria, &new.facts.criteria),
        plan: Vec::new(),
        recorded: Vec::new(),
        unrecorded: Vec::new(),
        missing: None,
    };
    let (before, after) = match (old.project, new.project) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(why), _) => return without(changes, old.name, why),
        (_, Err(why)) => return without(changes, new.name, why),
    };
    (changes.recorded, changes.unrecorded) = records::records(before.records, after.records);
    match (before.plan, after.plan) {
        (Some(before), Some(after)) => changes.plan = plan::plan(before, after),
        (None, None) => {}
        (None, Some(_)) => changes.missing = Some(format!("{} has no plan", old.name)),
        (Some(_), None) => changes.missing = Some(format!("{} has no plan", new.name)),
    }
    changes
}

fn without(changes: Changes, name: &str, why: &str) -> Changes {
    let missing = format!(
        "the files of {name} are not here, so changes of texts, of the plan and of records are not told: {why}"
    );
    Changes { missing: Some(missing), ..changes }
}

impl Changes {
    /// Tells whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        let Self { documents, criteria, plan, recorded, unrecorded, .. } = self;
        documents.is_empty()
            && criteria.is_empty()
            && plan.is_empty()
            && recorded.is_empty()
            && unrecorded.is_empty()
    }
}

fn state(side: &Side<'_>) -> State {
    let ReleaseFacts { date, ready, met, waived, total, .. } = *side.facts;
    State { name: side.name.to_owned(), date: date.0, ready, met, waived, total }
}

/// Returns the criteria that are not judged as they were, those that are there first.
fn criteria(old: &[ReleasedCriterion], new: &[ReleasedCriterion]) -> Vec<CriterionChange> {
    let pairs = pairs(old, new, |criterion| &criterion.id.value);
    let changes = pairs.into_iter().filter_map(|(old, new)| {
        let either = new.or(old)?;
        let mut words = Vec::new();
        if let (Some(old), Some(new)) = (old, new) {
            for (what, old, new) in [
                ("statement", &old.statement, &new.statement),
                ("target", &old.target, &new.target),
                ("actual", &old.actual, &new.actual),
            ] {
                if old != new {
                    words.push(became(what, old, new));
                }
            }
        }
        let change = CriterionChange {
            id: either.id.value.clone(),
            statement: either.statement.clone(),
            old: old.and_then(|old| named(&old.verdict)),
            new: new.and_then(|new| named(&new.verdict)),
            words,
        };
        (change.old != change.new || !change.words.is_empty()).then_some(change)
    });
    changes.collect()
}

/// Reads the name of a status or a verdict, as files have it.
fn named<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

/// Puts what has the same id side by side, in the order of the new; then what is gone.
fn pairs<'a, T>(
    old: &'a [T],
    new: &'a [T],
    id: impl Fn(&T) -> &str,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let in_old = |it: &T| old.iter().find(|one| id(one) == id(it));
    let gone = old.iter().filter(|one| !new.iter().any(|it| id(it) == id(one)));
    let pairs = new.iter().map(|it| (in_old(it), Some(it)));
    pairs.chain(gone.map(|one| (Some(one), None))).collect()
}

fn became(what: impl std::fmt::Display, old: &str, new: &str) -> String {
    let said = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    format!("{what}: {} → {}", said(old), said(new))
}
