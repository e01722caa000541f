//! Documents → what each is called: its id and the address of its page.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::link::{DocumentId, Url, urls};
use crate::parse::dialect::stem;
use crate::parse::document::{Document, TitleFrom};
use crate::parse::project::Documents;
use crate::parse::summary::Summary;
use crate::source::SourcePath;

/// The documents that have pages, and what they are called. The fields are those of a portal.
#[derive(Clone)]
pub(super) struct Called {
    pub(super) documents: Arc<Documents>,
    pub(super) drafts: Arc<BTreeSet<SourcePath>>,
    pub(super) ids: Arc<BTreeMap<DocumentId, SourcePath>>,
    pub(super) namesakes: Arc<BTreeMap<SourcePath, DocumentId>>,
    pub(super) urls: Arc<BTreeMap<SourcePath, Url>>,
    pub(super) pages: Arc<BTreeMap<Url, SourcePath>>,
}

impl Called {
    /// `first` is the document that is home where no other is. What has no title of its own is called as in the summary.
    pub(super) fn new(
        documents: &Arc<Documents>,
        summary: Option<&Summary>,
        content: &str,
        has_plan: bool,
        first: Option<&SourcePath>,
    ) -> Self {
        let mut documents = Documents::clone(documents);
        let chapters = summary.into_iter().flat_map(Summary::chapters);
        for (path, title) in chapters.filter(|(_, title)| !title.is_empty()) {
            if let Some(document) = documents.get_mut(path)
                && document.title_from == TitleFrom::FileName
            {
                entitle(document, title);
            }
        }
        let drafts = documents.extract_if(.., |_, document| document.meta.draft);
        let drafts = drafts.map(|(path, _)| path).collect();
        let mut ids = BTreeMap::new();
        let mut namesakes = BTreeMap::new();
        for (path, document) in &documents {
            match ids.entry(document.id.clone()) {
                Entry::Vacant(free) => {
                    free.insert(path.clone());
                }
                Entry::Occupied(_) => {
                    namesakes.insert(path.clone(), document.id.clone());
                }
            }
        }
        for path in namesakes.keys() {
            let id = spare_id(path.below(content).unwrap_or(path.as_str()), &ids);
            if let Some(document) = documents.get_mut(path) {
                Arc::make_mut(document).id.clone_from(&id);
            }
            ids.insert(id, path.clone());
        }
        let urls = urls::urls(&documents, content, has_plan, first);
        let pages = urls.iter().map(|(path, url)| (url.clone(), path.clone())).collect();
        Self {
            pages: Arc::new(pages),
            documents: Arc::new(documents),
            drafts: Arc::new(drafts),
            ids: Arc::new(ids),
            namesakes: Arc::new(namesakes),
            urls: Arc::new(urls),
        }
    }

    /// Returns the same names, for documents that were edited and go by the names that they had.
    pub(super) fn with(&self, edited: &[&SourcePath], read: &Documents) -> Self {
        if edited.is_empty() {
            return self.clone();
        }
        let mut documents = Documents::clone(&self.documents);
        for path in edited {
            let (Some(known), Some(document)) = (documents.get_mut(*path), read.get(*path)) else {
                continue;
            };
            let before = std::mem::replace(known, Arc::clone(document));
            if before.id != document.id {
                Arc::make_mut(known).id.clone_from(&before.id);
            }
            if before.title_from == TitleFrom::Navigation {
                entitle(known, &before.title);
            }
        }
        Self { documents: Arc::new(documents), ..self.clone() }
    }
}

fn entitle(document: &mut Arc<Document>, title: &str) {
    let document = Arc::make_mut(document);
    title.clone_into(&mut document.title);
    document.title_from = TitleFrom::Navigation;
}

/// Returns an id for a document at a path whose own is taken.
fn spare_id(path: &str, taken: &BTreeMap<DocumentId, SourcePath>) -> DocumentId {
    let mut id = stem(path).to_owned();
    while taken.contains_key(&id) {
        id.push('~');
    }
    id
}
