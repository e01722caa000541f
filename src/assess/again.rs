//! What is remembered of the last assessment. It changes no verdict: what does not hang on what was edited is as it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::assess::digest::Digests;
use crate::assess::{Known, Standing, Verdicts};
use crate::history::Covered;
use crate::link::{DocumentId, Portal};
use crate::parse::project::Documents;
use crate::parse::records::Records;
use crate::source::{Source, SourcePath};

/// What is remembered.
#[derive(Default)]
pub struct Memory {
    frame: Option<Frame>,
    covered: Option<Arc<Covered>>,
    standing: Arc<Standing>,
    pub(super) documents: Arc<Documents>,
    pub(super) digests: Arc<Digests>,
    /// `None` where nothing is remembered.
    pub(super) verdicts: Option<Arc<Verdicts>>,
}

/// What verdicts hang on beside the texts of the documents and the past.
struct Frame {
    today: NaiveDate,
    config: Option<Arc<Source>>,
    settings: Option<Arc<Source>>,
    bases: Vec<Arc<Source>>,
    plan: Option<Arc<Source>>,
    version: String,
    summary: Option<Arc<Source>>,
    records: Arc<Records>,
    /// With the same ids, every document says the same of itself in its front matter.
    ids: Arc<BTreeMap<DocumentId, SourcePath>>,
}

impl Frame {
    fn of(portal: &Portal, today: NaiveDate) -> Self {
        let Portal { config, plan, summary, records, ids, .. } = portal;
        Self {
            today,
            config: config.source.clone(),
            settings: config.settings.source.clone(),
            bases: config.settings.bases.clone(),
            plan: plan.as_ref().map(|plan| Arc::clone(&plan.source)),
            version: portal.version().to_owned(),
            summary: summary.as_ref().map(|summary| Arc::clone(&summary.source)),
            records: Arc::clone(records),
            ids: Arc::clone(ids),
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.today == other.today
            && is_same(self.config.as_ref(), other.config.as_ref())
            && is_same(self.settings.as_ref(), other.settings.as_ref())
            && self.bases == other.bases
            && is_same(self.plan.as_ref(), other.plan.as_ref())
            && self.version == other.version
            && is_same(self.summary.as_ref(), other.summary.as_ref())
            && Arc::ptr_eq(&self.records, &other.records)
            && Arc::ptr_eq(&self.ids, &other.ids)
    }
}

fn is_same<T>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

impl Memory {
    /// Forgets what may be otherwise now, and returns which records count, where that is remembered.
    pub(super) fn begin(&mut self, known: &Known<'_>, today: NaiveDate) -> Option<Arc<Standing>> {
        let frame = Frame::of(known.portal, today);
        let is_same_frame = self.frame.as_ref().is_some_and(|last| last.is(&frame));
        let covered = known.history.map(|history| Arc::clone(&history.covered));
        if !is_same_frame || !is_same(self.covered.as_ref(), covered.as_ref()) {
            (self.documents, self.digests, self.verdicts) = Default::default();
        }
        (self.frame, self.covered) = (Some(frame), covered);
        is_same_frame.then(|| Arc::clone(&self.standing))
    }

    pub(super) fn end(
        &mut self,
        known: &Known<'_>,
        standing: &Arc<Standing>,
        verdicts: &Arc<Verdicts>,
    ) {
        self.standing = Arc::clone(standing);
        self.documents = Arc::clone(&known.portal.documents);
        self.digests = Arc::clone(&known.digests);
        self.verdicts = Some(Arc::clone(verdicts));
    }
}
