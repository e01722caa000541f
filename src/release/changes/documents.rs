//! The documents of two states → what became of each.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::assess::Status;
use crate::parse::release::ReleasedDocument;
use crate::release::changes::{DocumentChange, DocumentState, Fate, Side, named};

/// A document in one or both of the states.
type Pair<'a> = (Option<&'a ReleasedDocument>, Option<&'a ReleasedDocument>);

/// Returns the documents that are not what they were, by what became of them, in the order of their titles.
pub(super) fn documents(old: &Side<'_>, new: &Side<'_>) -> Vec<DocumentChange> {
    let pairs = pairs(&old.facts.documents, &new.facts.documents);
    let changes = pairs.into_par_iter().filter_map(|pair| change(pair, old, new));
    let mut changes: Vec<DocumentChange> = changes.collect();
    changes.sort_by(|a, b| key(a).cmp(&key(b)));
    changes
}

fn key(change: &DocumentChange) -> (Fate, Option<(&str, &str)>) {
    let state = change.new.as_ref().or(change.old.as_ref());
    (change.fate, state.map(|state| (&*state.title, &*state.id)))
}

/// Puts documents side by side that have the same id, and of the others those with the same digest: an id that is not
/// written down is the path, so a file that moves gets another.
fn pairs<'a>(old: &'a [ReleasedDocument], new: &'a [ReleasedDocument]) -> Vec<Pair<'a>> {
    let old_by_id: BTreeMap<&str, &ReleasedDocument> =
        old.iter().map(|document| (document.id.as_str(), document)).collect();
    let new_ids: BTreeSet<&str> = new.iter().map(|document| document.id.as_str()).collect();
    let mut gone: Vec<&ReleasedDocument> =
        old.iter().filter(|document| !new_ids.contains(document.id.as_str())).collect();
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    for document in new {
        let before = old_by_id.get(document.id.as_str()).copied().or_else(|| {
            let same =
                |one: &&ReleasedDocument| one.digest.is_some() && one.digest == document.digest;
            let at = gone.iter().position(same)?;
            Some(gone.remove(at))
        });
        pairs.push((before, Some(document)));
    }
    pairs.extend(gone.into_iter().map(|document| (Some(document), None)));
    pairs
}

fn change((was, is): Pair<'_>, old: &Side<'_>, new: &Side<'_>) -> Option<DocumentChange> {
    let path = |document: Option<&ReleasedDocument>| document?.path.clone();
    let (before, after) = (path(was), path(is));
    let differs = was.map(|it| &it.digest) != is.map(|it| &it.digest);
    let fate = match (&before, &after) {
        (None, Some(_)) => Fate::Added,
        (Some(_), None) => Fate::Removed,
        (None, None) => match (was, is) {
            (Some(_), Some(_)) => return None,
            (None, _) => Fate::Added,
            (_, None) => Fate::Removed,
        },
        (Some(before), Some(after)) if before != after => Fate::Renamed,
        _ if was?.id.value != is?.id.value => Fate::Renamed,
        _ if differs => Fate::Changed,
        _ if was?.status != is?.status => Fate::Restated,
        _ => return None,
    };
    let changed = differs && before.is_some() && after.is_some();
    let texts = || {
        let old = old.project.ok()?.document(before.as_deref()?)?;
        Some((old, new.project.ok()?.document(after.as_deref()?)?))
    };
    Some(DocumentChange {
        fate,
        old: was.map(state),
        new: is.map(state),
        changed,
        texts: if changed { texts() } else { None },
    })
}

fn state(document: &ReleasedDocument) -> DocumentState {
    DocumentState {
        id: document.id.value.clone(),
        title: document.title.clone(),
        path: document.path.clone(),
        // A name that this version does not know is one of a later one.
        status: named(&document.status).unwrap_or(Status::Unreviewed),
    }
}
