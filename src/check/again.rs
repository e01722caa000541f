//! What was found the last time, where it cannot be otherwise now.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::assess::{Assessment, DocumentAssessment, Standing};
use crate::check::{Ground, RULES, Run};
use crate::diagnostic::Diagnostic;
use crate::link::{DocumentId, Portal};
use crate::parse::document::Document;
use crate::source::{SourcePath, beside};

/// What is remembered.
#[derive(Default)]
pub struct Memory {
    /// Which records count. Where the ground is another, other ones do: they are judged by it.
    standing: Option<Arc<Standing>>,
    documents: Each<SourcePath, Document>,
    verdicts: Each<DocumentId, DocumentAssessment>,
}

impl Memory {
    /// Returns what the rules find that look at one document at a time.
    pub(super) fn found(&mut self, portal: &Portal, assessment: &Assessment) -> Vec<Diagnostic> {
        let standing = &assessment.standing;
        if !self.standing.as_ref().is_some_and(|known| Arc::ptr_eq(known, standing)) {
            *self = Self { standing: Some(Arc::clone(standing)), ..Self::default() };
        }
        let ground =
            Ground { config: &portal.config, plan: portal.plan.as_ref(), records: &portal.records };
        self.documents.look(&portal.documents, |document, found| {
            for rule in RULES {
                if let Run::Document(run) = rule.run {
                    run(&ground, document, found);
                }
            }
        });
        // A document that was edited is judged anew.
        self.verdicts.look(&assessment.documents, |assessed, found| {
            let path = assessed.path.as_ref();
            let Some(document) = path.and_then(|path| portal.documents.get(path)) else { return };
            for rule in RULES {
                if let Run::Verdict(run) = rule.run {
                    run(&ground, document, assessed, found);
                }
            }
        });
        self.documents.all().chain(self.verdicts.all()).cloned().collect()
    }
}

/// Things that go by a name, and what was found in each of them.
struct Each<K, T> {
    things: Arc<BTreeMap<K, Arc<T>>>,
    /// In most of them nothing was.
    found: BTreeMap<K, Vec<Diagnostic>>,
}

impl<K, T> Default for Each<K, T> {
    fn default() -> Self {
        Self { things: Arc::default(), found: BTreeMap::new() }
    }
}

impl<K: Ord + Clone + Send + Sync, T: Send + Sync> Each<K, T> {
    /// Looks at those that are not what they were.
    fn look(
        &mut self,
        things: &Arc<BTreeMap<K, Arc<T>>>,
        look: impl Fn(&T, &mut Vec<Diagnostic>) + Sync,
    ) {
        let is_known =
            |thing, known: Option<&Arc<T>>| known.is_some_and(|it| Arc::ptr_eq(it, thing));
        let unknown: Vec<(&K, &Arc<T>)> = beside(things, &self.things)
            .filter(|(_, thing, known)| !is_known(thing, *known))
            .map(|(name, thing, _)| (name, thing))
            .collect();
        let gone = beside(&self.things, things).filter(|(.., now)| now.is_none());
        for name in unknown.iter().map(|(name, _)| *name).chain(gone.map(|(name, ..)| name)) {
            self.found.remove(name);
        }
        let found: Vec<(K, Vec<Diagnostic>)> = unknown
            .into_par_iter()
            .filter_map(|(name, thing)| {
                let mut found = Vec::new();
                look(thing, &mut found);
                (!found.is_empty()).then(|| (name.clone(), found))
            })
            .collect();
        self.found.extend(found);
        self.things = Arc::clone(things);
    }

    fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.values().flatten()
    }
}
