//! `handover rename`: moves a document, and mends what names it.

mod disk;
mod edits;
mod identity;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::find;
use crate::cli::overlay::Overlay;
use crate::cli::project::{DayArguments, Project, ProjectFlag};
use crate::cli::rename::disk::Change;
use crate::cli::rename::edits::{Edits, Move};
use crate::cli::terminal::Terminal;
use crate::diagnostic::emit::counted;
use crate::error::IoError;
use crate::link::redirects::Redirect;
use crate::link::{self, Portal, Target};
use crate::load;
use crate::parse::dialect::is_document;
use crate::parse::project;
use crate::source::{Source, SourcePath, Tree};

/// Move a document, and mend every link and chapter that names it
///
/// The document keeps its id, and its old address leads to the new one. Everything is written, or nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The document: its id, or the path of its file
    #[arg(value_name = "OLD")]
    old: String,
    /// Its new path, as seen from the content folder or the project's; a folder keeps the name
    #[arg(value_name = "NEW")]
    new: String,
    #[command(flatten)]
    project: ProjectFlag,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&DayArguments::default().options(false)?);
    let portal = &judged.portal;
    let old = find::document(&arguments.old, &project, &judged)?.path.clone();
    let old = old.ok_or_else(|| Failure::new(format!("`{}` has no file", arguments.old)))?;
    let new = destination(&arguments.new, &old, portal)?;
    refuse(&project, portal, &old, &new)?;

    let source = Arc::clone(&portal.documents[&old].source);
    let only_moved =
        BTreeMap::from([(old.clone(), None), (new.clone(), Some(source.text.clone()))]);
    let tree = tree(&project, only_moved)?;
    let moved = link::portal(project::project(&tree), &tree);
    let folders = [portal, &moved].map(|portal| &portal.config.book.src.value);
    if folders[0] != folders[1] {
        let content = if folders[0].is_empty() { "." } else { folders[0] };
        let message = format!("with `{new}`, `{}/` would become the content folder", folders[1]);
        return Err(Failure::new(message).help(format!(
            "say in `book.toml` where the documents are: `src = \"{content}\"` below `[book]`"
        )));
    }
    let targets = moved.targets(&tree);
    let change = Move { portal, old: &old, new: &new, moved: &moved, targets: &targets };
    let (edits, unmended) = change.edits();
    if let Some((source, span, written)) = unmended.first() {
        let (line, column) = source.position(span.start);
        let place = format!("{}:{line}:{column}", source.path);
        return Err(Failure::new(format!("cannot mend `{written}` at {place}"))
            .help("write this link in another way first: nothing was changed"));
    }
    let texts = texts(portal, &project.tree, &edits)?;
    verify(&project, &change, &texts)?;

    let mended: usize =
        edits.iter().filter(|(path, _)| **path != old).map(|(_, it)| it.len()).sum();
    let changes = changes(&project, &change, &texts)?;
    let files = changes.iter().filter(|file| file.path != project.file(&new)).count();
    disk::apply(&project.file(&old), &project.file(&new), &changes)?;
    terminal.result(&format!("moved {old} to {new}"));
    if mended > 0 {
        let (mended, files) = (counted(mended, "place"), counted(files, "other file"));
        terminal.result(&format!("mended {mended} in {files}"));
    }
    if portal.plan.is_some() && files > 0 {
        terminal.note("documents whose links were mended have another text than the one that was reviewed: `handover status` names them");
    }
    Ok(Outcome::Fine)
}

/// Returns the path that the document is to have.
fn destination(name: &str, old: &SourcePath, portal: &Portal) -> Result<SourcePath, Failure> {
    let content = portal.config.book.src.value.as_str();
    let outside = || {
        Failure::new(format!("`{name}` lies outside the content folder"))
            .help(format!("name a path below `{content}/`"))
    };
    let is_folder = name.ends_with('/');
    let path = SourcePath::new(name).ok_or_else(outside)?;
    let path = match path.below(content) {
        Some(_) => path.as_str().to_owned(),
        None => format!("{content}/{path}").trim_start_matches('/').to_owned(),
    };
    let path = if is_folder { format!("{path}/{}", old.name()) } else { path };
    let path = SourcePath::new(&path).ok_or_else(outside)?;
    if is_document(portal.config.dialect, &path, content) {
        return Ok(path);
    }
    Err(Failure::new(format!("`{path}` would not be a document")).help(
        "give it a name that ends in `.md`, in a folder whose name does not begin with `_` or `.`",
    ))
}

/// Refuses what cannot be moved, or not to there.
fn refuse(
    project: &Project,
    portal: &Portal,
    old: &SourcePath,
    new: &SourcePath,
) -> Result<(), Failure> {
    if fs::symlink_metadata(project.file(new)).is_ok() || portal.documents.contains_key(new) {
        return Err(Failure::new(format!("`{new}` exists already")));
    }
    // What is reached through a link stands elsewhere, and may be named from there.
    let mut at = PathBuf::new();
    for part in old.as_str().split('/') {
        at.push(part);
        let path = project.root.join(&at);
        let found =
            fs::symlink_metadata(&path).map_err(|error| IoError::new("read", &path, error))?;
        if found.is_symlink() {
            return Err(Failure::new(format!("`{old}` stands behind a symbolic link"))
                .help("move the file that the link leads to, and mend the link by hand"));
        }
    }
    Ok(())
}

/// Returns the project as it would be with these texts; `None` is no file.
fn tree(project: &Project, texts: BTreeMap<SourcePath, Option<String>>) -> Result<Tree, Failure> {
    Ok(Tree::new(Overlay { files: load::working_tree(&project.root)?, texts }))
}

/// Returns the files with their edits.
fn texts(
    portal: &Portal,
    tree: &Tree,
    edits: &Edits,
) -> Result<BTreeMap<SourcePath, (Arc<Source>, String)>, Failure> {
    let text = |(path, edits): (&SourcePath, &BTreeMap<_, _>)| {
        let known = portal.documents.get(path).map(|document| Arc::clone(&document.source));
        let source = match known {
            Some(source) => Some(source),
            None => tree.source(path).ok().flatten(),
        };
        let source = source.ok_or_else(|| Failure::new(format!("cannot read `{path}`")))?;
        let text = edits::edited(&source.text, edits);
        Ok((path.clone(), (source, text)))
    };
    edits.iter().map(text).collect()
}

/// Sees to it that everything leads to where it led, in the project as it will be.
fn verify(
    project: &Project,
    change: &Move<'_>,
    texts: &BTreeMap<SourcePath, (Arc<Source>, String)>,
) -> Result<(), Failure> {
    let Move { portal, old, new, .. } = *change;
    let mut changed: BTreeMap<SourcePath, Option<String>> =
        texts.iter().map(|(path, (_, text))| (path.clone(), Some(text.clone()))).collect();
    let text = changed.remove(old).flatten();
    let text = text.unwrap_or_else(|| portal.documents[old].source.text.clone());
    changed.insert(old.clone(), None);
    changed.insert(new.clone(), Some(text));
    let tree = tree(project, changed)?;
    let after = link::portal(project::project(&tree), &tree);
    let broken = |what: &str| {
        Failure::new(format!("cannot move `{old}`: {what}"))
            .help("nothing was changed; move it by hand, and see what `handover check` says")
    };
    for (path, document) in portal.documents.iter() {
        let moved = change.path(path);
        let same_id = after.documents.get(moved).is_some_and(|after| after.id == document.id);
        if !same_id {
            return Err(broken(&format!("`{path}` would have another id")));
        }
        let wanted: Vec<_> = portal.targets[path].iter().map(|it| change.target(it)).collect();
        if after.targets.get(moved) != Some(&wanted) {
            return Err(broken(&format!("a link of `{path}` would lead elsewhere")));
        }
    }
    for redirect in portal.redirects.iter() {
        let wanted = change.target(&redirect.to);
        // An alias may be written in another way, and is one of the same address.
        let is_alias = redirect.destination.is_empty();
        let is_same = |it: &&Redirect| match is_alias {
            true => it.from == redirect.from,
            false => it.written == redirect.written,
        };
        let mut same = after.redirects.iter().filter(is_same);
        if matches!(wanted, Target::Document { .. }) && !same.any(|after| after.to == wanted) {
            return Err(broken(&format!(
                "the redirect `{}` would lead elsewhere",
                redirect.written
            )));
        }
    }
    if after.documents.len() != portal.documents.len() {
        return Err(broken("a document would be lost"));
    }
    if let Some(new) = after.problems.get(portal.problems.len()..).and_then(<[_]>::first) {
        return Err(broken(&new.message));
    }
    let listed = |portal: &Portal| portal.nav.documents().len();
    if listed(&after) != listed(portal) {
        return Err(broken("a chapter would be lost"));
    }
    Ok(())
}

/// Returns the files to write. What is no text of ours in them, such as a byte order mark, stays.
fn changes(
    project: &Project,
    change: &Move<'_>,
    texts: &BTreeMap<SourcePath, (Arc<Source>, String)>,
) -> Result<Vec<Change>, Failure> {
    let file = |(path, (source, text)): (&SourcePath, &(Arc<Source>, String))| {
        let at = project.file(path);
        let before = fs::read(&at).map_err(|error| IoError::new("read", &at, error))?;
        let mark = before.len().saturating_sub(source.text.len());
        if before[mark..] != *source.text.as_bytes() {
            return Err(Failure::new(format!("`{path}` was changed meanwhile")).help("try again"));
        }
        let after = [&before[..mark], text.as_bytes()].concat();
        Ok(Change { path: project.file(change.path(path)), before, after })
    };
    texts.iter().map(file).collect()
}
