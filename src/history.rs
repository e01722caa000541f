//! What came before: the commits that a project's files come from. Data only; `load` finds it out, when it is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::source::{SourcePath, Tree};

/// What can be asked for the past of a project. `load` implements it for git.
pub trait Past: Send + Sync {
    /// Finds out what is wanted, in one walk over history.
    ///
    /// # Errors
    /// A phrase that says why there is no history: "the project is not in a git repository".
    fn history(&self, wanted: &Wanted<'_>) -> Result<History, String>;

    /// Says at what the past stands: while it says the same, the same is answered. `None` where nobody can tell.
    fn state(&self) -> Option<String> {
        None
    }

    /// Returns the project's files at a commit, which its id or a tag names.
    ///
    /// # Errors
    /// A phrase that says why they are not here.
    fn tree(&self, revision: &str) -> Result<Tree, String>;
}

/// The past of a project that has none, and the phrase that says why.
pub struct NoPast(pub String);

impl NoPast {
    /// The project is in no repository.
    pub fn outside() -> Self {
        Self("the project is not in a git repository".into())
    }
}

impl Past for NoPast {
    fn history(&self, _wanted: &Wanted<'_>) -> Result<History, String> {
        Err(self.0.clone())
    }

    fn tree(&self, _revision: &str) -> Result<Tree, String> {
        Err(self.0.clone())
    }
}

/// What is wanted to know.
pub struct Wanted<'a> {
    /// The files that the build is made of: are they those of the commit?
    pub inputs: Vec<(SourcePath, &'a [u8])>,
    /// The files whose last change is wanted.
    pub documents: BTreeSet<SourcePath>,
    /// The texts that reviews were of.
    pub texts: Vec<WantedText>,
    /// The code that documents describe.
    pub covers: Vec<WantedCover>,
    /// Reads a document of an older tree.
    pub read: &'a Reader<'a>,
    /// Finds the documents of an older tree by their ids.
    pub ids: &'a Ids<'a>,
}

impl Wanted<'_> {
    /// Asks for nothing.
    pub fn nothing() -> Self {
        Self {
            inputs: Vec::new(),
            documents: BTreeSet::new(),
            texts: Vec::new(),
            covers: Vec::new(),
            read: &|_, _| None,
            ids: &|_| BTreeMap::new(),
        }
    }
}

/// Reads the document at a path of a tree; `None` when there is none.
pub type Reader<'a> = dyn Fn(&Tree, &SourcePath) -> Option<Reading> + Sync + 'a;

/// Returns where the documents of a tree stand, by their ids.
pub type Ids<'a> = dyn Fn(&Tree) -> BTreeMap<String, SourcePath> + Sync + 'a;

/// A document as it once was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What the document is called.
    pub id: String,
    pub digest: String,
    /// Without front matter, with what it includes.
    pub body: String,
    pub about: About,
    /// What the digest hangs on beside the document itself: includes and images, also those that are not there.
    pub files: BTreeSet<SourcePath>,
}

/// What the digest of a document is of, beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What the front matter says, by key.
    pub metadata: BTreeMap<&'static str, String>,
    /// The path and the digest of each image that is there, in the order of the text.
    pub images: Vec<(SourcePath, String)>,
}

/// A text that is looked for: that of a document with a digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedText {
    pub document: SourcePath,
    /// What the document is called wherever it stands.
    pub id: String,
    pub digest: String,
    /// The commit that the review names.
    pub commit: Option<String>,
}

/// Which commits touched the code that a document describes, after a review.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedCover {
    pub document: SourcePath,
    /// Of paths below the project's root or below the repository's.
    pub globs: Vec<String>,
    pub since: Since,
}

/// When a review was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Since {
    /// The commit that was reviewed: what leads to it was known.
    pub commit: Option<String>,
    /// Where no commit is named, or it is not in the repository: what was committed up to this day was known.
    pub day: NaiveDate,
    /// Then nothing counts that was committed after this day.
    pub until: NaiveDate,
}

/// A commit, as far as people ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// In hexadecimal digits, all of them.
    pub id: String,
    /// When its author made it, in the author's time zone.
    pub date: DateTime<FixedOffset>,
    pub author: String,
    /// The first line of its message.
    pub summary: String,
}

/// What the repository says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The commit that the project is at.
    pub head: Arc<Commit>,
    /// The inputs that are not as they are in that commit.
    pub uncommitted: BTreeSet<SourcePath>,
    /// For every wanted document.
    pub last: Arc<BTreeMap<SourcePath, LastChange>>,
    /// The texts that were found; one that is not here is not in the history that can be read.
    pub texts: Arc<BTreeMap<(SourcePath, String), PastText>>,
    /// The commits that touched covered code, newest first; those that nothing happened to are not here.
    pub covered: Arc<Covered>,
    /// Why history ends before the first commit: "the clone is shallow".
    pub limit: Option<String>,
}

/// For documents and reviews, the commits after those to the code that the documents describe.
pub type Covered = BTreeMap<(SourcePath, Since), Vec<Arc<Commit>>>;

/// Where the text of a file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastChange {
    /// The commit that gave the file its text. A rename alone is no change.
    In(Arc<Commit>),
    /// It lies before what can be read of history.
    Unknown,
    /// The commit that the project is at does not have the file.
    Uncommitted,
    /// It is in a submodule, whose past is its own.
    Submodule,
}

/// A text that was found in history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastText {
    /// The commit that the review names, else the newest with the text.
    pub commit: Arc<Commit>,
    /// Where the document stood then.
    pub path: SourcePath,
    pub body: String,
    pub about: About,
    /// It has the digest that was looked for. A commit that a review names may have another text: what was reviewed was
    /// not committed.
    pub exact: bool,
}

impl Commit {
    /// Returns the first ten digits of the id: enough to find it, the same in every clone.
    pub fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

/// Reads a glob of `covers`: `*` stays within a folder, `**` does not.
///
/// # Errors
/// A phrase that says why it is none.
pub fn glob(pattern: &str) -> Result<globset::Glob, String> {
    globset::GlobBuilder::new(pattern)
        .literal_separator(true)
        .empty_alternates(true)
        .build()
        .map_err(|error| error.kind().to_string())
}
