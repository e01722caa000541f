//! Names on the command line → the documents and people that they mean.

use std::path::Path;

use crate::Judged;
use crate::assess::DocumentAssessment;
use crate::cli::failure::Failure;
use crate::cli::project::{self, Project};
use crate::diagnostic::did_you_mean;
use crate::parse::plan::Person;
use crate::source::SourcePath;

/// Returns the document of an id, or of a path as seen from the content folder, the root or the current folder.
pub(super) fn document<'a>(
    name: &str,
    project: &Project,
    judged: &'a Judged,
) -> Result<&'a DocumentAssessment, Failure> {
    let documents = &judged.assessment.documents;
    let content = &judged.portal.config.book.src.value;
    let paths =
        [Some(format!("{content}/{name}")), Some(name.to_owned()), below_root(name, project)];
    let paths: Vec<_> =
        paths.into_iter().flatten().filter_map(|path| SourcePath::new(&path)).collect();
    let by_path = || {
        documents.values().find(|one| one.path.as_ref().is_some_and(|path| paths.contains(path)))
    };
    let found = documents.get(name).or_else(by_path).filter(|found| !found.digest.is_empty());
    found.map(|found| &**found).ok_or_else(|| {
        let failure = Failure::new(format!("no document `{name}`"));
        match did_you_mean(name, documents.keys().map(String::as_str)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`handover status --json` lists the ids of all documents"),
        }
    })
}

/// Returns the person of an id.
pub(super) fn person<'a>(id: &str, judged: &'a Judged) -> Result<&'a Person, Failure> {
    let people = judged.portal.plan.as_ref().map_or(&[][..], |plan| &plan.people);
    people.iter().find(|person| *person.id == *id).ok_or_else(|| {
        let failure = Failure::new(format!("no person `{id}`"));
        match did_you_mean(id, people.iter().map(|person| person.id.as_str())) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("name a `[[person]]` of the plan by its `id`"),
        }
    })
}

/// Returns a path as seen from the current folder as one below the project's root.
fn below_root(name: &str, project: &Project) -> Option<String> {
    let root = project.root.canonicalize().ok()?;
    let path = project::current_folder().ok()?.join(Path::new(name)).canonicalize().ok()?;
    let parts = path.strip_prefix(&root).ok()?.components();
    let parts: Option<Vec<_>> = parts.map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
