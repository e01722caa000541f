//! A project → `Parsed`: which of its files is what. Each is read alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::history;
use crate::parse::alerts::{self, RuleFile};
use crate::parse::codes::{
    INVALID_VALUE, MISSING_CONTENT, UNREADABLE_FILE, UNREADABLE_PLAN, UNREADABLE_RULES,
};
use crate::parse::config::{self, Config};
use crate::parse::dialect::addressing::Addressing;
use crate::parse::dialect::{self, Dialect, detect, settings};
use crate::parse::document::{self, Document};
use crate::parse::plan::{self, Plan};
use crate::parse::records::{self, Records};
use crate::parse::release::{self, Release};
use crate::parse::signed::{self, Signed};
use crate::parse::summary::{self, Summary};
use crate::parse::version;
use crate::source::{FileKind, Listing, Source, SourcePath, Span, Tree, Unread};

/// What `parse` made of the project's files.
#[derive(Default)]
pub struct Parsed {
    pub config: Config,
    pub plan: Option<Plan>,
    pub records: Arc<Records>,
    /// From the oldest to the newest.
    pub releases: Vec<Arc<Release>>,
    /// On releases, in path order.
    pub signatures: Vec<Signed>,
    pub summary: Option<Summary>,
    /// Drafts among them.
    pub documents: Arc<Documents>,
    /// The files of alert rules, in path order.
    pub rules: Vec<Arc<RuleFile>>,
    pub problems: Vec<Diagnostic>,
}

/// Documents by their paths.
pub type Documents = BTreeMap<SourcePath, Arc<Document>>;

/// The files as they were read last. One whose text is the same is not read again.
#[derive(Default)]
pub struct Memory {
    content: String,
    dialect: Dialect,
    settings: Vec<Arc<Source>>,
    addressing: Addressing,
    documents: Arc<Documents>,
    /// Which files of the content folder are documents.
    paths: (Arc<Listing>, Vec<SourcePath>),
    config: Readings<Config>,
    plan: Readings<Option<Plan>>,
    summary: Readings<Summary>,
    records: Readings<Arc<Records>>,
    releases: Readings<Option<Arc<Release>>>,
    rules: Readings<Option<Arc<RuleFile>>>,
    /// The records of each file, and all of them.
    all_records: (Vec<Arc<Records>>, Arc<Records>),
}

/// What files were read as last, each with its text and its problems.
type Readings<T> = BTreeMap<SourcePath, (Arc<Source>, T, Vec<Diagnostic>)>;

/// Reads a file, or remembers what it was read as.
fn again<T: Clone>(
    memory: &mut Readings<T>,
    source: &Arc<Source>,
    problems: &mut Vec<Diagnostic>,
    read: impl FnOnce(&Arc<Source>) -> (T, Vec<Diagnostic>),
) -> T {
    let known = memory.get(&source.path).filter(|(known, ..)| Arc::ptr_eq(known, source));
    if let Some((_, value, found)) = known {
        problems.extend_from_slice(found);
        return value.clone();
    }
    let (value, found) = read(source);
    problems.extend_from_slice(&found);
    memory.insert(source.path.clone(), (Arc::clone(source), value.clone(), found));
    value
}

/// Reads every file of the project that has a form of ours.
pub fn project(tree: &Tree) -> Parsed {
    project_again(tree, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn project_again(tree: &Tree, memory: &mut Memory) -> Parsed {
    let (mut parsed, listing) = evidence_again(tree, memory);
    let files = &listing.0;
    let content = parsed.config.book.src.value.clone();
    let problems = &mut parsed.problems;
    if let Some(source) = read(tree, &below(&content, "SUMMARY.md"), problems) {
        parsed.summary = Some(again(&mut memory.summary, &source, problems, summary::summary));
    } else {
        parsed.summary = parsed.config.settings.summary(&content);
    }
    let releases = below(&content, "releases");
    let frozen: Vec<SourcePath> =
        files.iter().filter(|path| path.below(&releases).is_some()).cloned().collect();
    for path in frozen.iter().filter(|path| is_release(path, &content)) {
        if let Some(source) = read(tree, path.as_str(), problems) {
            let release = again(&mut memory.releases, &source, problems, |source| {
                let (release, problems) = release::release(source);
                (release.map(Arc::new), problems)
            });
            parsed.releases.extend(release);
        }
    }
    let (signatures, unread) = signed::signatures(tree, &content, &frozen);
    parsed.signatures = signatures;
    parsed.problems.extend(unread.iter().map(|unread| unreadable(unread, &content)));
    parsed.releases.sort_by(|a, b| version::by_age(a.name(), b.name()));
    parsed.documents = documents(tree, &parsed.config, &listing, memory, &mut parsed.problems);
    memory.documents = Arc::clone(&parsed.documents);
    parsed.rules = rules(tree, &parsed.config, files, memory, &mut parsed.problems);
    parsed
}

/// Reads the files of alert rules: those of the content folder, wherever they stand in it, and those that `book.toml` names.
/// A template among the former is no problem: nobody said that it is one.
fn rules(
    tree: &Tree,
    config: &Config,
    files: &[SourcePath],
    memory: &mut Memory,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Arc<RuleFile>> {
    let yaml = files.iter().filter(|path| matches!(path.extension(), "yaml" | "yml"));
    let mut asked: BTreeMap<SourcePath, bool> = yaml.map(|path| (path.clone(), false)).collect();
    let mut named = Vec::new();
    for pattern in &*config.handover.alert_rules {
        let paths = matching(tree, &pattern.value.0);
        asked.extend(paths.iter().map(|path| (path.clone(), true)));
        named.push((pattern, paths));
    }
    let (mut found, mut faulty) = (BTreeMap::new(), BTreeSet::new());
    for (path, is_asked) in asked {
        let before = problems.len();
        match tree.source(&path) {
            Ok(Some(source)) => {
                let mut own = Vec::new();
                let rules = again(&mut memory.rules, &source, &mut own, alerts::rules);
                found.extend(rules.map(|rules| (path.clone(), rules)));
                if is_asked || !own.is_empty() && !alerts::is_unfinished(&source.text) {
                    problems.append(&mut own);
                }
            }
            Err(unread) if is_asked => problems.push(unreadable(&unread, &config.book.src)),
            Ok(None) | Err(_) => {}
        }
        if problems.len() > before {
            faulty.insert(path);
        }
    }
    for (pattern, paths) in named {
        let Some(book) = &config.source else { break };
        if !paths.iter().any(|path| found.contains_key(path) || faulty.contains(path)) {
            let message = format!("`{}` names no file that has alert rules", pattern.value.0);
            let help = "name files relative to `book.toml`: those of the project without `..`, others of its repository with it";
            problems
                .push(Diagnostic::new(&UNREADABLE_RULES, book, pattern.span, message).help(help));
        }
    }
    found.into_values().collect()
}

/// Returns the files of the project, and of the repository around it, that a glob matches.
fn matching(tree: &Tree, written: &str) -> Vec<SourcePath> {
    let Some(place) = SourcePath::around(written) else { return Vec::new() };
    // What is in any folder around the project may be in the project.
    let inside = place.as_str().trim_start_matches("../");
    let within = inside.starts_with("**").then_some(inside).filter(|_| place.leads_out());
    let mut found = Vec::new();
    for glob in [Some(place.as_str()), within].into_iter().flatten() {
        let Ok(matcher) = history::glob(glob).map(|glob| glob.compile_matcher()) else { continue };
        let listing = tree.list(fixed_folder(glob));
        found.extend(listing.0.iter().filter(|path| matcher.is_match(path.as_str())).cloned());
    }
    found
}

/// Returns the folder that all files of a glob lie in.
fn fixed_folder(glob: &str) -> &str {
    let sign = glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len());
    glob[..sign].rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Reads the documents of the content folder, but for those that are remembered.
fn documents(
    tree: &Tree,
    config: &Config,
    listing: &Arc<Listing>,
    memory: &mut Memory,
    problems: &mut Vec<Diagnostic>,
) -> Arc<Documents> {
    let (content, dialect) = (config.book.src.as_str(), config.dialect);
    let settings = &config.settings;
    let sources: Vec<_> = settings.source.iter().chain(&settings.bases).cloned().collect();
    let is_same = memory.content == content
        && memory.dialect == dialect
        && memory.settings == sources
        && memory.addressing == settings.addressing;
    if !is_same {
        (memory.documents, memory.paths) = Default::default();
        (memory.content, memory.dialect) = (content.to_owned(), dialect);
        memory.settings = sources;
        memory.addressing.clone_from(&settings.addressing);
    }
    if !Arc::ptr_eq(&memory.paths.0, listing) {
        let paths = listing.0.iter().filter(|path| dialect::is_document(dialect, path, content));
        memory.paths = (Arc::clone(listing), paths.cloned().collect());
    }
    let paths = &memory.paths.1;
    let mut known = memory.documents.iter().peekable();
    let mut documents = Vec::with_capacity(paths.len());
    let mut unknown = Vec::new();
    for (path, source) in paths.iter().zip(tree.sources(paths)) {
        while known.next_if(|(other, _)| *other < path).is_some() {}
        let known = known.next_if(|(other, _)| *other == path).map(|(_, document)| document);
        match (source, known) {
            (Ok(Some(source)), Some(document)) if document.is_of(tree, &source) => {
                documents.push((path.clone(), Arc::clone(document)));
            }
            (Ok(Some(source)), _) => unknown.push(source),
            (Ok(None), _) => {}
            (Err(unread), _) => problems.push(unreadable(&unread, content)),
        }
    }
    if unknown.is_empty() && documents.len() == memory.documents.len() {
        return Arc::clone(&memory.documents);
    }
    let read = unknown.par_iter().map(|source| {
        let mut document = document::document(tree, source, config);
        let below = source.path.below(content).unwrap_or(source.path.as_str());
        if config.settings.leaves_out(below) {
            document.meta.draft = true;
            document.problems.clear();
        }
        (source.path.clone(), Arc::new(document))
    });
    documents.par_extend(read);
    Arc::new(documents.into_iter().collect())
}

/// Reads the settings, the plan and the records alone.
pub fn evidence(tree: &Tree) -> Parsed {
    evidence_again(tree, &mut Memory::default()).0
}

/// The same, with what is remembered of the last time. Returns every file of the content folder, too.
fn evidence_again(tree: &Tree, memory: &mut Memory) -> (Parsed, Arc<Listing>) {
    let mut parsed = Parsed::default();
    if let Some(source) = read(tree, "book.toml", &mut parsed.problems) {
        parsed.config = again(&mut memory.config, &source, &mut parsed.problems, config::config);
        parsed.problems.extend(missing_theme(tree, &parsed.config));
    }
    parsed.config.dialect = detect::dialect(tree, &parsed.config);
    let config = &parsed.config;
    let settings = settings::settings(tree, config.dialect, &config.book.src.value);
    parsed.config.take(settings);
    let content = content_folder(tree, &mut parsed);
    let listing = tree.list(&content);
    let (files, unread) = &*listing;
    parsed.config.settings.addressing.look_at(files, &content);
    parsed.problems.extend(unread.iter().map(|unread| unreadable(unread, &content)));
    let problems = &mut parsed.problems;
    if let Some(source) = read(tree, &below(&content, "plan.toml"), problems) {
        parsed.plan = again(&mut memory.plan, &source, problems, plan::plan);
    }
    let records = below(&content, "records");
    let mut all = Vec::new();
    for path in files.iter().filter(|path| path.below(&records).is_some()) {
        if is_records(path, &content)
            && let Some(source) = read(tree, path.as_str(), problems)
        {
            all.push(again(&mut memory.records, &source, problems, |source| {
                let (records, problems) = records::records(source);
                (Arc::new(records), problems)
            }));
        }
    }
    let known = &memory.all_records.0;
    let is_known = known.len() == all.len()
        && known.iter().zip(&all).all(|(known, records)| Arc::ptr_eq(known, records));
    if !is_known {
        let mut together = Records::default();
        all.iter().for_each(|records| together.append(Records::clone(records)));
        memory.all_records = (all, Arc::new(together));
    }
    parsed.records = Arc::clone(&memory.all_records.1);
    (parsed, listing)
}

fn below(content: &str, name: &str) -> String {
    format!("{content}/{name}").trim_start_matches('/').to_owned()
}

/// Settles which folder is the content folder, and returns it: what `book.toml` says, else the first of `src`, `content`
/// and `docs` that is there, else the project's folder, which is `""`.
fn content_folder(tree: &Tree, parsed: &mut Parsed) -> String {
    let is_folder = |folder: &str| {
        SourcePath::new(folder).and_then(|path| tree.kind(&path)) == Some(FileKind::Folder)
    };
    let written = parsed.config.book.src.clone();
    let stated = parsed.config.source.as_ref().filter(|_| written.span != Span::default());
    let is_root = !written.starts_with('/')
        && SourcePath::new(&format!("./{written}/x")).is_some_and(|path| path.as_str() == "x");
    let below = SourcePath::new(&written).filter(|_| !written.starts_with('/'));
    let folder = match (stated, below) {
        (Some(_), _) if is_root => String::new(),
        (Some(source), Some(path)) => {
            if !is_folder(path.as_str()) {
                // A link that leads out of the project is there, and is not followed.
                let (message, help) = match tree.source(&path) {
                    Err(unread) => (
                        format!("cannot read content folder `{written}`: {}", unread.reason),
                        "put the documents into the project, or `book.toml` into a folder that holds both",
                    ),
                    Ok(_) => (
                        format!("content folder `{written}` does not exist"),
                        "set `src` to the folder of the documents, relative to `book.toml`",
                    ),
                };
                parsed.problems.push(
                    Diagnostic::new(&MISSING_CONTENT, source, written.span, message).help(help),
                );
            }
            path.as_str().to_owned()
        }
        (stated, _) => {
            if let Some(source) = stated {
                let message = format!("content folder `{written}` lies outside the project");
                parsed.problems.push(
                    Diagnostic::new(&INVALID_VALUE, source, written.span, message).help(
                        "name a folder below that of `book.toml`, or move `book.toml` to a folder that holds both",
                    ),
                );
            }
            let config = &parsed.config;
            let said = config.settings.content.as_deref().and_then(SourcePath::new);
            let said = said.filter(|folder| is_folder(folder.as_str()));
            let usual = config.dialect.content_folders().iter().copied();
            match said {
                Some(folder) => folder.as_str().to_owned(),
                None => {
                    usual.into_iter().find(|folder| is_folder(folder)).unwrap_or_default().into()
                }
            }
        }
    };
    parsed.config.book.src.value.clone_from(&folder);
    folder
}

/// Reports a theme that `book.toml` names and the project does not have.
fn missing_theme(tree: &Tree, config: &Config) -> Option<Diagnostic> {
    let (source, name) = (config.source.as_ref()?, config.handover.theme.as_ref()?);
    let folder = SourcePath::new(&format!("themes/{}", name.value));
    let is_theme = folder.is_some_and(|folder| {
        folder.below("themes").is_some() && tree.kind(&folder) == Some(FileKind::Folder)
    });
    if is_theme {
        return None;
    }
    let listing = tree.list("themes");
    let files = listing.0.iter();
    let themes: BTreeSet<&str> =
        files.filter_map(|path| Some(path.below("themes")?.split_once('/')?.0)).collect();
    let help = match did_you_mean(name, themes.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if themes.is_empty() => {
            "leave `theme` out for the built-in theme, or make the folder".to_owned()
        }
        None => {
            let themes: Vec<String> = themes.iter().map(|name| format!("`{name}`")).collect();
            format!("there are: {}", themes.join(", "))
        }
    };
    let message = format!("theme `{name}` has no folder `themes/{name}`");
    Some(Diagnostic::new(&INVALID_VALUE, source, name.span, message).help(help))
}

pub fn is_records(path: &SourcePath, content: &str) -> bool {
    path.extension() == "toml"
        && path.below(content).is_some_and(|below| below.starts_with("records/"))
}

fn is_release(path: &SourcePath, content: &str) -> bool {
    let name = path.below(content).and_then(|below| below.strip_prefix("releases/"));
    path.extension() == "toml" && name.is_some_and(|name| !name.contains('/'))
}

fn read(tree: &Tree, path: &str, problems: &mut Vec<Diagnostic>) -> Option<Arc<Source>> {
    let path = SourcePath::new(path)?;
    tree.source(&path).unwrap_or_else(|unread| {
        // A folder that cannot be entered is reported once, where it is named.
        if SourcePath::new(path.folder())
            .is_some_and(|folder| tree.kind(&folder) != Some(FileKind::Folder))
        {
            return None;
        }
        let reason = &unread.reason;
        let message = format!("cannot read `{path}`: {reason}");
        problems.push(without_text(&UNREADABLE_PLAN, &path, message));
        None
    })
}

/// Reports a file of the content folder that cannot be taken in.
fn unreadable(unread: &Unread, content: &str) -> Diagnostic {
    let Unread { path, reason } = unread;
    let code = if is_records(path, content) || is_release(path, content) {
        &UNREADABLE_PLAN
    } else {
        &UNREADABLE_FILE
    };
    without_text(code, path, format!("cannot read `{path}`: {reason}"))
}

/// A problem of a whole file, whose text nobody has.
fn without_text(code: &'static Code, path: &SourcePath, message: String) -> Diagnostic {
    let source = Arc::new(Source::new(path.clone(), String::new()));
    Diagnostic::new(code, &source, 0..0, message)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::fixture::{self, portal};
    use crate::source::{FileKind, Files, SourcePath, Tree, Unread};

    /// A project some of whose files the system refuses to give.
    struct Refusing(BTreeMap<SourcePath, Vec<u8>>);

    impl Files for Refusing {
        fn list(&self, folder: &str) -> (Vec<SourcePath>, Vec<Unread>) {
            let path = SourcePath::new(&format!("{folder}/locked")).unwrap();
            let unread = Unread { path, reason: "permission denied".into() };
            (self.0.list(folder).0, vec![unread])
        }

        fn read(&self, path: &SourcePath) -> Result<Option<Vec<u8>>, String> {
            match path.name() {
                "refused.md" | "refused.toml" => Err("permission denied".into()),
                _ => self.0.read(path),
            }
        }

        fn kind(&self, path: &SourcePath) -> Option<FileKind> {
            self.0.kind(path)
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let mut files = fixture::files(
            "-- src/a.md --\n{{#include latin.txt}}\n[x](refused.md)\n-- src/refused.md --\n-- src/records/refused.toml --\n",
        );
        files.insert(SourcePath::new("src/latin.md").unwrap(), b"caf\xe9".to_vec());
        files.insert(SourcePath::new("src/latin.txt").unwrap(), b"caf\xe9".to_vec());
        let parsed = super::project(&Tree::new(Refusing(files)));
        let shown: Vec<String> = parsed
            .problems
            .iter()
            .chain(parsed.documents.values().flat_map(|document| &document.problems))
            .map(|problem| format!("{} {}", problem.code.id, problem.message))
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @"
        unreadable-file cannot read `src/locked`: permission denied
        unreadable-plan cannot read `src/records/refused.toml`: permission denied
        unreadable-file cannot read `src/latin.md`: not UTF-8 at byte 3
        unreadable-file cannot read `src/refused.md`: permission denied
        broken-include include of `latin.txt`, which cannot be read: not UTF-8 at byte 3
        ");
    }

    #[test]
    fn the_content_folder_is_what_the_book_says_or_what_is_there() {
        let folder = |fixture: &str| {
            let portal = portal(fixture);
            let documents: Vec<_> = portal.documents.keys().map(SourcePath::as_str).collect();
            format!("{:?} {documents:?}", portal.config.book.src.value)
        };
        let both = "-- src/a.md --\n-- docs/b.md --\n-- c.md --\n";
        assert_eq!(folder(both), r#""src" ["src/a.md"]"#);
        assert_eq!(folder("-- docs/b.md --\n-- c.md --\n"), r#""docs" ["docs/b.md"]"#);
        assert_eq!(
            folder("-- c.md --\n-- d/SUMMARY.md --\n-- SUMMARY.md --\n"),
            r#""" ["c.md", "d/SUMMARY.md"]"#
        );
        let book = |src: &str| folder(&format!("-- book.toml --\n[book]\nsrc = \"{src}\"\n{both}"));
        assert_eq!(book("./docs/"), r#""docs" ["docs/b.md"]"#);
        assert_eq!(book("."), r#""" ["c.md", "docs/b.md", "src/a.md"]"#);
        assert_eq!(book("gone"), r#""gone" []"#);
    }

    #[test]
    fn a_content_folder_that_is_not_there_is_named() {
        let check = |src: &str| {
            fixture::check(&format!("-- book.toml --\n[book]\nsrc = \"{src}\"\n-- a.md --\n# A\n"))
        };
        insta::assert_snapshot!(check("gone"), @"book.toml:2:7: error[missing-content]: content folder `gone` does not exist");
        insta::assert_snapshot!(check("../other"), @"book.toml:2:7: error[invalid-value]: content folder `../other` lies outside the project");
        insta::assert_snapshot!(check("/srv/docs"), @"book.toml:2:7: error[invalid-value]: content folder `/srv/docs` lies outside the project");
        assert_eq!((check("."), check("a/..")), (String::new(), String::new()));
    }

    #[test]
    fn a_theme_that_is_not_there_is_named() {
        let problems = |theme: &str, files: &str| {
            let book = format!("-- book.toml --\n[output.handover]\ntheme = \"{theme}\"\n");
            let found = fixture::diagnostics(&format!("{book}{files}-- content/a.md --\n# A\n"));
            let found = found.iter().filter(|problem| problem.source.path.as_str() == "book.toml");
            let shown = found.map(|problem| {
                let text = &problem.source.text[problem.span.start..problem.span.end];
                format!("{text}: {}; {}", problem.message, problem.help.as_deref().unwrap_or(""))
            });
            shown.collect::<Vec<_>>().join("\n")
        };
        let own = "-- themes/harbor/app.css --\n-- themes/readme.txt --\n";
        assert_eq!(problems("harbor", own), "");
        insta::assert_snapshot!(problems("habor", own), @r#""habor": theme `habor` has no folder `themes/habor`; did you mean `harbor`?"#);
        insta::assert_snapshot!(problems("zz", own), @r#""zz": theme `zz` has no folder `themes/zz`; there are: `harbor`"#);
        insta::assert_snapshot!(problems("../content", own), @r#""../content": theme `../content` has no folder `themes/../content`; there are: `harbor`"#);
        insta::assert_snapshot!(problems("zz", ""), @r#""zz": theme `zz` has no folder `themes/zz`; leave `theme` out for the built-in theme, or make the folder"#);
    }
}
