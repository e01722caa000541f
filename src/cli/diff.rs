//! `handover diff`: what changed from one version to another.

use std::fmt::Write as _;

use serde_json::json;

use crate::assess::{Status, Verdict};
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, Project, ProjectFlag};
use crate::cli::terminal::Terminal;
use crate::cli::{Outcome, find, reader};
use crate::diagnostic::did_you_mean;
use crate::diagnostic::emit::visible::one_line;
use crate::difference::difference;
use crate::parse::release::ReleaseFacts;
use crate::release::changes::news::{self, Knew, News};
use crate::release::changes::{
    self, Changes, Contents, DocumentChange, Fate, Released, Side, State,
};
use crate::release::frozen::{self, Freeze};
use crate::render::{names, status};
use crate::source::Tree;
use crate::{Judged, Options, UNOBSERVED};

/// Show what changed between two versions: documents, criteria, the plan and the records
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A release, or a commit, tag or branch of git; without it the release before the version of the working tree
    #[arg(value_name = "FROM")]
    from: Option<String>,
    /// The same, or `working-tree`, which it is when it is not said
    #[arg(value_name = "TO", default_value = WORKING_TREE, hide_default_value = true)]
    to: String,
    /// Show, too, what in the working tree changed since this person last reviewed it or was taught it: the id of a person
    #[arg(long = "as", value_name = "ID")]
    person: Option<String>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    /// Exit with 1 when something changed
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    project: ProjectFlag,
    #[command(flatten)]
    day: DayArguments,
}

const WORKING_TREE: &str = "working-tree";

/// A state that somebody named.
struct Named {
    name: String,
    facts: ReleaseFacts,
    files: Files,
}

/// Where the files of a state are.
enum Files {
    Working,
    Commit(Box<Judged>, Tree),
    /// Where they are not here, why.
    Release(Box<Result<Released, String>>),
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let options = arguments.day.options(false)?;
    let working = project.judge(&options);
    let to = named(&arguments.to, &project, &working, &options)?;
    let from = match (&arguments.from, working.portal.previous()) {
        (Some(from), _) => from.as_str(),
        (None, Some(previous)) => previous.version.as_str(),
        (None, None) => {
            let version = working.portal.version();
            let failure = Failure::new(format!("no version before `{version}` was released"));
            return Err(failure.help("name a commit, tag or branch to compare with"));
        }
    };
    let from = named(from, &project, &working, &options)?;
    let side = |named| side(named, &project, &working);
    let changes = changes::changes(&side(&from), &side(&to));
    let news = match &arguments.person {
        Some(id) => {
            find::person(id, &working)?;
            let history = working.history.as_ref().ok();
            Some((id, news::news(&working.portal, &working.assessment, history, id)))
        }
        None => None,
    };
    if arguments.json {
        let mut json = json!(changes);
        if let Some((_, news)) = &news {
            json["new"] = json!(news);
        }
        terminal.json(&format!("{json:#}"));
    } else {
        let mut text = shown(&changes, terminal.result_color);
        if let Some((id, news)) = &news {
            text.push_str(&shown_news(&working, id, news));
        }
        terminal.painted_result(&text);
    }
    let differs = arguments.exit_code && !changes.is_empty();
    Ok(if differs { Outcome::Problems } else { Outcome::Fine })
}

fn side<'a>(named: &'a Named, project: &'a Project, working: &'a Judged) -> Side<'a> {
    let contents = match &named.files {
        Files::Working => Ok(Contents::of(&working.portal, &project.tree)),
        Files::Commit(judged, tree) => Ok(Contents::of(&judged.portal, tree)),
        Files::Release(released) => match &**released {
            Ok(released) => Ok(released.contents()),
            Err(why) => Err(why.as_str()),
        },
    };
    Side { name: &named.name, facts: &named.facts, project: contents }
}

/// Finds the state of a name: the working tree, a release, or what git calls so.
fn named(
    name: &str,
    project: &Project,
    working: &Judged,
    options: &Options,
) -> Result<Named, Failure> {
    let portal = &working.portal;
    if name == WORKING_TREE {
        let name = format!("the working tree ({})", portal.version());
        return Ok(Named { name, facts: facts(working), files: Files::Working });
    }
    if let Some(release) = portal.release(name) {
        let files = Files::Release(Box::new(changes::released(portal, release, project.past())));
        return Ok(Named { name: name.to_owned(), facts: release.facts.clone(), files });
    }
    let found = project.git().map(|git| Some((git, git.commit(name).ok()?)));
    let Ok(Some((repository, commit))) = found else {
        let failure = Failure::new(match found {
            Ok(_) => format!("no release, commit, tag or branch `{name}`"),
            Err(why) => format!("no release `{name}`, and {why}"),
        });
        let known = portal.releases.iter().map(|release| release.name());
        return Err(match did_you_mean(name, known.chain([WORKING_TREE])) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("releases are the files in `releases/`; `git tag` lists the tags"),
        });
    };
    let unreadable = |why| Failure::new(format!("cannot read `{name}`: {why}"));
    let tree = Tree::new(repository.tree(commit).map_err(unreadable)?);
    let day = repository.day(commit).map_err(unreadable)?;
    let options = Options { fallback: day, fallback_from_clock: false, ..*options };
    let judged = crate::judge_with(&tree, &repository.past(commit), &options, UNOBSERVED);
    let facts = facts(&judged);
    Ok(Named { name: name.to_owned(), facts, files: Files::Commit(Box::new(judged), tree) })
}

fn facts(judged: &Judged) -> ReleaseFacts {
    let Judged { portal, assessment, manifest, .. } = judged;
    let freeze = Freeze { version: portal.version(), commit: None, draft: true };
    frozen::facts(portal, assessment, manifest, &freeze)
}

/// Returns all that changed, in words and with the texts compared.
fn shown(changes: &Changes, color: bool) -> String {
    let mut text = String::new();
    put(&mut text, &state(&changes.from));
    put(&mut text, &format!("→ {}", state(&changes.to)));
    if let Some(missing) = &changes.missing {
        put(&mut text, "");
        put(&mut text, &format!("Not everything can be told: {missing}"));
    }
    if changes.is_empty() {
        put(&mut text, "");
        put(&mut text, "Nothing changed");
    }
    if !changes.documents.is_empty() {
        put(&mut text, "");
        put(&mut text, "Documents");
    }
    for change in &changes.documents {
        put(&mut text, &document(change));
        if let Some((old, new)) = &change.texts {
            for key in about(change) {
                put(&mut text, &format!("    {key}"));
            }
            for line in reader::text(&difference(&old.body, &new.body), color).lines() {
                text.push_str(format!("    {line}").trim_end());
                text.push('\n');
            }
        }
    }
    if !changes.criteria.is_empty() {
        put(&mut text, "");
        put(&mut text, "Criteria");
    }
    for change in &changes.criteria {
        let word = |verdict: Option<Verdict>| verdict.map(|it| status::criterion(it).word);
        put(
            &mut text,
            &format!("  {}: {}", change.id, from_to(word(change.old), word(change.new))),
        );
        change.words.iter().for_each(|words| put(&mut text, &format!("    {words}")));
    }
    if !changes.plan.is_empty() {
        put(&mut text, "");
        put(&mut text, "Plan");
    }
    for topic in &changes.plan {
        put(&mut text, &format!("  {}", topic.title));
        topic.words.iter().for_each(|words| put(&mut text, &format!("    {words}")));
    }
    let records = [("recorded since", &changes.recorded), ("gone", &changes.unrecorded)];
    if records.iter().any(|(_, words)| !words.is_empty()) {
        put(&mut text, "");
        put(&mut text, "Records");
    }
    for (what, words) in records.iter().filter(|(_, words)| !words.is_empty()) {
        put(&mut text, &format!("  {what}: {}", words.join(", ")));
    }
    text
}

/// Puts a line, which may have anything in it that files have.
fn put(text: &mut String, line: &str) {
    writeln!(text, "{}", one_line(line)).expect("invariant: writing to a string");
}

fn state(state: &State) -> String {
    let State { name, date, ready, met, waived, total } = state;
    let verdict = if *ready { "ready" } else { "not ready" };
    let criteria = if *total == 1 { "criterion" } else { "criteria" };
    format!(
        "{name}, judged for {date}: {verdict}, {} of {total} {criteria} met or waived",
        met + waived
    )
}

fn document(change: &DocumentChange) -> String {
    let fate = match change.fate {
        Fate::Added => "added",
        Fate::Removed => "removed",
        Fate::Renamed => "renamed",
        Fate::Changed => "changed",
        Fate::Restated => "status",
    };
    let (old, new) = (change.old.as_ref(), change.new.as_ref());
    let id = new.or(old).map_or("", |state| &state.id);
    let word = |status: Status| status::document(status).word;
    let status = from_to(old.map(|it| word(it.status)), new.map(|it| word(it.status)));
    let mut line = format!("  {fate:<8} {id}: {status}");
    if let (Some(old), Some(new)) = (old, new) {
        if old.id != new.id {
            let _ = write!(line, "; id was {}", old.id);
        }
        if let (Some(before), Some(after)) = (&old.path, &new.path)
            && before != after
        {
            let _ = write!(line, "; {before} → {after}");
        }
    }
    line
}

/// Names what changed of a document beside its text.
fn about(change: &DocumentChange) -> Vec<String> {
    let Some((old, new)) = &change.texts else { return Vec::new() };
    let (before, after) = (&old.about, &new.about);
    let keys = before.metadata.keys().chain(after.metadata.keys());
    let keys: std::collections::BTreeSet<_> = keys.collect();
    let said = |value: Option<&String>| value.map_or("nothing", String::as_str).to_owned();
    let changed =
        keys.into_iter().filter(|key| before.metadata.get(*key) != after.metadata.get(*key));
    let mut words: Vec<String> = changed
        .map(|key| {
            let (old, new) = (before.metadata.get(key), after.metadata.get(key));
            format!("{key}: {} → {}", said(old), said(new))
        })
        .collect();
    if before.images != after.images {
        words.push("its images changed".to_owned());
    }
    words
}

fn from_to(old: Option<&str>, new: Option<&str>) -> String {
    match (old, new) {
        (Some(old), Some(new)) if old == new => new.to_lowercase(),
        (Some(old), Some(new)) => format!("{} → {}", old.to_lowercase(), new.to_lowercase()),
        (None, Some(new)) => format!("new, {}", new.to_lowercase()),
        (Some(old), None) => format!("gone, was {}", old.to_lowercase()),
        (None, None) => String::new(),
    }
}

fn shown_news(judged: &Judged, person: &str, news: &[News]) -> String {
    let mut text = String::from("\n");
    put(&mut text, &format!("New for {}", names::name(&judged.portal, person)));
    for one in news {
        let how = match one.knew {
            Knew::Review { .. } => "reviewed",
            Knew::Training { .. } => "was taught",
        };
        let unknown = if one.unknown { "; whether it changed is not known" } else { "" };
        put(&mut text, &format!("  {}: {how} on {}{unknown}", one.document, one.on));
    }
    if !news::knows(&judged.portal, &judged.assessment, person) {
        text.push_str("  all of it: they have reviewed no document, and were taught none\n");
    } else if news.is_empty() {
        text.push_str("  nothing\n");
    }
    text
}
