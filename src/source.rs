//! What was read, and where in it: paths, texts, spans. Knows nothing else of the crate.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::{Bound, Deref, Range};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The path of a file, relative to the project's root, with `/` between its parts.
///
/// Never empty, never absolute, no `.` in it: [`SourcePath::join`] resolves those and refuses what leaves the root. Only
/// [`SourcePath::reach`] gives one that begins with `..`: that of a file of the repository that the project lies in.
/// Cheap to clone: maps of all documents are keyed by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Returns the path for a relative, `/`-separated text, with `.` and `..` resolved; `None` when it leaves the root.
    pub fn new(path: &str) -> Option<Self> {
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        if parts.is_empty() || path.starts_with('/') {
            None
        } else {
            Some(Self(parts.join("/").into()))
        }
    }

    /// Returns `relative` as seen from the folder of this file; `None` when it leaves the root.
    pub fn join(&self, relative: &str) -> Option<Self> {
        // The folder of a file at the root is the root.
        Self::new(&format!("./{}/{relative}", self.folder())).filter(|_| !relative.starts_with('/'))
    }

    /// Returns `relative` as seen from the folder of this file, also where it leads out of the project; `None` when it is
    /// absolute, or hidden where it leads out.
    pub fn reach(&self, relative: &str) -> Option<Self> {
        if relative.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.folder().split('/').chain(relative.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_none_or(|last| *last == "..") => parts.push(part),
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let leads_out = parts.first() == Some(&"..");
        let is_hidden = parts.iter().any(|part| *part != ".." && part.starts_with('.'));
        let is_nothing = parts.is_empty() || leads_out && is_hidden;
        (!is_nothing).then(|| Self(parts.join("/").into()))
    }

    /// Returns the path for a relative text that may lead out of the project.
    pub fn around(path: &str) -> Option<Self> {
        Self(Arc::from("")).reach(path)
    }

    /// Tells whether the file lies out of the project.
    pub fn leads_out(&self) -> bool {
        self.0.starts_with("..") && matches!(self.0.as_bytes().get(2), None | Some(b'/'))
    }

    /// Returns the folder of the file, `""` at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns the file's name.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// Returns the file's extension, without the dot, or `""`.
    pub fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Returns the path below `folder` (`""` is the root), or `None` when it is not below it.
    pub fn below(&self, folder: &str) -> Option<&str> {
        if folder.is_empty() {
            (!self.leads_out()).then_some(&self.0)
        } else {
            self.0.strip_prefix(folder)?.strip_prefix('/')
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for SourcePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Borrow<str> for SourcePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A text that was read: UTF-8, without a byte order mark, line ends as they are in the file.
#[derive(Debug)]
pub struct Source {
    pub path: SourcePath,
    pub text: String,
    /// Where each line but the first begins; worked out when the first position is asked for.
    lines: OnceLock<Vec<usize>>,
    /// How many characters stand before each block of [`BLOCK`] bytes; worked out with it.
    characters: OnceLock<Vec<usize>>,
}

/// A position counts no more bytes than these, however long the line is.
const BLOCK: usize = 1_024;

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.text == other.text
    }
}

impl Eq for Source {}

impl Source {
    pub fn new(path: SourcePath, text: String) -> Self {
        Self { path, text, lines: OnceLock::new(), characters: OnceLock::new() }
    }

    /// Returns line and column of a byte offset, both from 1; the column counts characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let lines = self.lines.get_or_init(|| {
            self.text.match_indices('\n').map(|(newline, _)| newline + 1).collect()
        });
        let line_index = lines.partition_point(|start| *start <= offset);
        let line_start = line_index.checked_sub(1).map_or(0, |above| lines[above]);
        (line_index + 1, self.characters_before(offset) - self.characters_before(line_start) + 1)
    }

    /// Returns how many characters begin before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let text = self.text.as_bytes();
        let blocks = self.characters.get_or_init(|| {
            let mut before = 0;
            let block = |block: &[u8]| {
                let here = before;
                before += beginnings(block);
                here
            };
            text.chunks(BLOCK).map(block).collect()
        });
        let block = offset / BLOCK;
        match blocks.get(block) {
            Some(before) => before + beginnings(&text[block * BLOCK..offset]),
            None => {
                blocks.last().map_or(0, |before| before + beginnings(&text[(block - 1) * BLOCK..]))
            }
        }
    }
}

/// Returns how many characters begin in these bytes of a text.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

/// A file that is not read as text: an image or a download. Its bytes are shared, its digest is taken once.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset {
    pub path: SourcePath,
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub digest: String,
}

/// What a tree of files can do: list itself and give bytes. `load` implements it for the disk; tests for a map.
///
/// Paths never leave the root: an implementation refuses symlinks that do.
pub trait Files: Send + Sync {
    /// Returns every file below `folder` (`""` is the root) in path order, and what could not be listed.
    fn list(&self, folder: &str) -> Listing;

    /// Returns the bytes of a file, `Ok(None)` when there is none.
    ///
    /// # Errors
    /// A phrase for "cannot read `path`: …".
    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String>;

    /// Tells what stands at a path.
    fn kind(&self, path: &SourcePath) -> Option<FileKind>;

    /// Returns where a file of the project stands when no link is followed; `None` where that is not known.
    fn stands_at(&self, _path: &SourcePath) -> Option<SourcePath> {
        None
    }

    /// Looks again at what stands where, and tells whether other things do: a program may have made files.
    fn look_again(&self) -> bool {
        false
    }
}

/// What runs the programs that a project names. Only a working tree has it: the programs of a commit are not those of today.
pub trait Programs: Send + Sync {
    /// Runs a program and its arguments in the project's folder, gives it a text and returns the one that it writes.
    ///
    /// # Errors
    /// It wrote none.
    fn run(&self, words: &[String], input: &str) -> Result<String, NoOutput>;

    /// Returns the project's folder, for programs.
    fn root(&self) -> &str;
}

/// Why a program wrote nothing. Each is a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoOutput {
    /// There is no such program.
    Absent,
    /// It ended as one that failed.
    Refused(String),
    /// It could not be started, did not end, or wrote what is no text.
    Broken(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    File,
    Folder,
}

/// The file in a site's folder that says that `handover` wrote the site, and lists what it wrote. A project that has a
/// site in it is read without it.
pub const SITE_MARKER: &str = ".handover";

/// What the file begins with.
pub const SITE_MARKER_START: &str = "# handover site 1\n";

/// A file that was met and could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    pub path: SourcePath,
    /// A phrase for "cannot read `path`: …".
    pub reason: String,
}

/// A snapshot of the project. A file is read when it is first asked for, and is the same from then on.
pub struct Tree {
    files: Box<dyn Files>,
    sources: Mutex<Known<Source>>,
    assets: Mutex<Known<Asset>>,
    /// By folder.
    listings: Mutex<BTreeMap<String, Arc<Listing>>>,
    /// How many files were read for the first time.
    taken: AtomicUsize,
    layout: AtomicUsize,
    programs: Option<Box<dyn Programs>>,
}

/// What was asked for so far, and what came of it.
type Known<T> = BTreeMap<SourcePath, Taken<T>>;

/// A file that was asked for; `Ok(None)` where there is none.
pub type Taken<T> = Result<Option<Arc<T>>, Unread>;

/// The files below a folder in path order, and what could not be listed.
pub type Listing = (Vec<SourcePath>, Vec<Unread>);

impl Tree {
    pub fn new(files: impl Files + 'static) -> Self {
        Self {
            files: Box::new(files),
            sources: Mutex::default(),
            assets: Mutex::default(),
            listings: Mutex::default(),
            taken: AtomicUsize::new(0),
            layout: AtomicUsize::new(0),
            programs: None,
        }
    }

    /// Returns the same tree, with a door to programs.
    pub fn with_programs(self, programs: impl Programs + 'static) -> Self {
        Self { programs: Some(Box::new(programs)), ..self }
    }

    pub fn programs(&self) -> Option<&dyn Programs> {
        self.programs.as_deref()
    }

    /// Looks again at what stands where: a program may have made files.
    pub fn look_again(&self) {
        if !self.files.look_again() {
            return;
        }
        self.layout.fetch_add(1, Ordering::Relaxed);
        let poisoned = "invariant: no reader panics";
        self.listings.lock().expect(poisoned).clear();
        self.sources.lock().expect(poisoned).retain(|_, read| !matches!(read, Ok(None)));
        self.assets.lock().expect(poisoned).retain(|_, read| !matches!(read, Ok(None)));
    }

    /// Returns every file below `folder`, in path order, and what could not be listed.
    pub fn list(&self, folder: &str) -> Arc<Listing> {
        let known = |listings: &BTreeMap<String, Arc<Listing>>| listings.get(folder).cloned();
        if let Some(known) = known(&self.listings.lock().expect("invariant: no reader panics")) {
            return known;
        }
        let listing = Arc::new(self.files.list(folder));
        let mut listings = self.listings.lock().expect("invariant: no reader panics");
        Arc::clone(listings.entry(folder.to_owned()).or_insert(listing))
    }

    /// Returns a number that is another one after what stands where may have changed: with the same number, `list` and `kind`
    /// say the same.
    pub fn layout(&self) -> usize {
        self.layout.load(Ordering::Relaxed)
    }

    pub fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        self.files.kind(path)
    }

    /// Returns where a file of the project stands that is reached through a link; `None` where it stands at its path.
    pub fn behind(&self, path: &SourcePath) -> Option<SourcePath> {
        self.files.stands_at(path).filter(|stands_at| stands_at != path)
    }

    /// Returns the text of a file, without a byte order mark; `Ok(None)` when there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is not UTF-8.
    pub fn source(&self, path: &SourcePath) -> Taken<Source> {
        if let Some(known) = self.sources.lock().expect("invariant: no reader panics").get(path) {
            return known.clone();
        }
        let read = self.read_source(path);
        self.count(&read);
        self.sources
            .lock()
            .expect("invariant: no reader panics")
            .entry(path.clone())
            .or_insert(read)
            .clone()
    }

    /// Returns the texts of many files, in path order.
    pub fn sources(&self, paths: &[SourcePath]) -> Vec<Taken<Source>> {
        let known: Vec<Option<Taken<Source>>> = {
            let known = self.sources.lock().expect("invariant: no reader panics");
            let mut known = known.iter().peekable();
            let mut find = |path: &SourcePath| {
                while known.next_if(|(other, _)| *other < path).is_some() {}
                known.peek().filter(|(other, _)| *other == path).map(|(_, read)| (*read).clone())
            };
            paths.iter().map(&mut find).collect()
        };
        let paths = paths.par_iter().zip(known);
        paths.map(|(path, known)| known.unwrap_or_else(|| self.source(path))).collect()
    }

    /// Returns the bytes of a file and their digest; `Ok(None)` when there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn asset(&self, path: &SourcePath) -> Taken<Asset> {
        if let Some(known) = self.assets.lock().expect("invariant: no reader panics").get(path) {
            return known.clone();
        }
        let read = self.read_asset(path);
        self.count(&read);
        self.assets
            .lock()
            .expect("invariant: no reader panics")
            .entry(path.clone())
            .or_insert(read)
            .clone()
    }

    /// Reads again what was read and may have changed, and returns what has. Texts that are the same stay the same in memory.
    /// `moved` says that other things may stand at a path, or in a folder, than before.
    pub fn refresh(&mut self, moved: bool, suspects: &Suspects) -> Vec<SourcePath> {
        if moved {
            *self.layout.get_mut() += 1;
            self.listings.get_mut().expect("invariant: no reader panics").clear();
        }
        let mut changed = BTreeSet::new();
        let sources = std::mem::take(self.sources.get_mut().expect("invariant: no reader panics"));
        let sources = renewed(sources, &mut changed, suspects, |path| self.read_source(path));
        self.sources = Mutex::new(sources);
        let assets = std::mem::take(self.assets.get_mut().expect("invariant: no reader panics"));
        let assets = renewed(assets, &mut changed, suspects, |path| self.read_asset(path));
        self.assets = Mutex::new(assets);
        changed.into_iter().collect()
    }

    /// Returns how many files were read for the first time.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Returns the SHA-256 of all that was read, and of what was looked for and not found, in 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut all = String::new();
        let mut add = |path: &SourcePath, digest: &str| {
            all.push_str(&format!("{digest}  {}\n", path.as_str()));
        };
        for (path, read) in &*self.sources.lock().expect("invariant: no reader panics") {
            match read {
                Ok(Some(source)) => add(path, &sha256(source.text.as_bytes())),
                Ok(None) => add(path, "absent"),
                Err(unread) => add(path, &unread.reason),
            }
        }
        for (path, read) in &*self.assets.lock().expect("invariant: no reader panics") {
            match read {
                Ok(Some(asset)) => add(path, &asset.digest),
                Ok(None) => add(path, "absent"),
                Err(unread) => add(path, &unread.reason),
            }
        }
        sha256(all.as_bytes())
    }

    fn count<T>(&self, read: &Taken<T>) {
        let is_there = !matches!(read, Ok(None));
        self.taken.fetch_add(usize::from(is_there), Ordering::Relaxed);
    }

    fn read_source(&self, path: &SourcePath) -> Taken<Source> {
        let Some(bytes) = self.read(path)? else { return Ok(None) };
        let text = String::from_utf8(bytes).map_err(|error| Unread {
            path: path.clone(),
            reason: format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to()),
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Some(Arc::new(Source::new(path.clone(), text))))
    }

    fn read_asset(&self, path: &SourcePath) -> Taken<Asset> {
        let Some(bytes) = self.read(path)? else { return Ok(None) };
        let digest = sha256(&bytes);
        Ok(Some(Arc::new(Asset { path: path.clone(), digest, bytes: bytes.into() })))
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, Unread> {
        self.files.read(path).map_err(|reason| Unread { path: path.clone(), reason })
    }
}

fn renewed<T: PartialEq>(
    mut known: Known<T>,
    changed: &mut BTreeSet<SourcePath>,
    suspects: &Suspects,
    read: impl Fn(&SourcePath) -> Taken<T>,
) -> Known<T> {
    let mut renew = |path: &SourcePath, old: &mut Taken<T>| {
        let new = read(path);
        if new != *old {
            changed.insert(path.clone());
            *old = new;
        }
    };
    match suspects {
        Suspects::All => known.iter_mut().for_each(|(path, old)| renew(path, old)),
        Suspects::At(places) => {
            for place in places {
                let below = format!("{place}/");
                let from = |start| (Bound::Included(start), Bound::Unbounded);
                let own = known.range_mut::<str, _>(from(place.as_str())).take(1);
                own.filter(|(path, _)| path.as_str() == place)
                    .for_each(|(path, old)| renew(path, old));
                let all = known.range_mut::<str, _>(from(below.as_str()));
                all.take_while(|(path, _)| path.as_str().starts_with(&below))
                    .for_each(|(path, old)| renew(path, old));
            }
        }
    }
    known
}

/// What may have changed.
#[derive(Clone, Debug)]
pub enum Suspects {
    All,
    /// What stands at these paths and below.
    At(BTreeSet<String>),
}

/// Returns each entry of a map with what another one has at its key.
pub fn beside<'a, 'b, K: Ord, A, B>(
    map: &'a BTreeMap<K, A>,
    other: &'b BTreeMap<K, B>,
) -> impl Iterator<Item = (&'a K, &'a A, Option<&'b B>)> {
    let mut other = other.iter().peekable();
    map.iter().map(move |(key, value)| {
        while other.next_if(|(before, _)| *before < key).is_some() {}
        (key, value, other.next_if(|(same, _)| *same == key).map(|(_, value)| value))
    })
}

/// Files that somebody else holds too.
impl<F: Files> Files for Arc<F> {
    fn list(&self, folder: &str) -> Listing {
        (**self).list(folder)
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        (**self).read(path)
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        (**self).kind(path)
    }

    fn stands_at(&self, path: &SourcePath) -> Option<SourcePath> {
        (**self).stands_at(path)
    }

    fn look_again(&self) -> bool {
        (**self).look_again()
    }
}

/// Files in memory, for tests and for texts that have no disk under them.
impl Files for BTreeMap<SourcePath, Vec<u8>> {
    fn list(&self, folder: &str) -> Listing {
        (self.keys().filter(|path| path.below(folder).is_some()).cloned().collect(), Vec::new())
    }

    fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
        Ok(self.get(path).cloned())
    }

    fn kind(&self, path: &SourcePath) -> Option<FileKind> {
        if self.contains_key(path) {
            Some(FileKind::File)
        } else {
            self.keys().any(|file| file.below(path.as_str()).is_some()).then_some(FileKind::Folder)
        }
    }
}

/// Returns the SHA-256 of the bytes as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digit = |number: u8| char::from(b"0123456789abcdef"[usize::from(number)]);
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A range of bytes within one source. Both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A value and where it stands in its source. Reads as the value.
///
/// Equality, order and serialization are those of the value alone.
#[derive(Clone, Debug, Default)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: PartialOrd> PartialOrd for Spanned<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Spanned<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(deserializer)?;
        let span = spanned.span().into();
        Ok(Self { value: spanned.into_inner(), span })
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_root() {
        let path = SourcePath::new("content/db/restore.md").unwrap();
        assert_eq!(path.join("../queue.md").unwrap().as_str(), "content/queue.md");
        assert_eq!(path.join("../../x.md").unwrap().as_str(), "x.md");
        assert_eq!(path.join("../../../x.md"), None);
        assert_eq!(path.join("/etc/passwd"), None);
        assert_eq!(
            (path.folder(), path.name(), path.extension()),
            ("content/db", "restore.md", "md")
        );
    }

    #[test]
    fn a_position_counts_characters() {
        let source = Source::new(SourcePath::new("a").unwrap(), "é\nüx".into());
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(5), (2, 2));
        assert_eq!(source.position(4), (2, 1), "inside a character: its start");
        assert_eq!(source.position(2), (1, 2), "at the line feed");
        assert_eq!(source.position(3), (2, 1), "behind it");
        assert_eq!(source.position(99), (2, 3));
        let long =
            Source::new(SourcePath::new("a.md").unwrap(), "x\n".to_owned() + &"é".repeat(1_023));
        assert_eq!(long.position(2_048), (2, 1_024), "at the end of a block");
        assert_eq!(long.position(2_046), (2, 1_023));
    }
}
