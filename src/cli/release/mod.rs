//! `handover release`: freezes what is true today under a version.

mod clean;
mod tag;

use std::path::Path;

use crate::Judged;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, Project, ProjectArguments};
use crate::cli::terminal::Terminal;
use crate::cli::{Outcome, released, status};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::emit;
use crate::parse::format;
use crate::parse::release::ReleaseFacts;
use crate::release::frozen::{self, Freeze};
use crate::release::statement;
use crate::write;

/// Freeze a version: every document, the plan, the records and the verdicts, under one digest
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The version, such as 1.0
    #[arg(value_name = "VERSION", value_parser = version)]
    version: String,
    #[command(flatten)]
    project: ProjectArguments,
    /// Freeze it though the handover is not ready, for people to look at
    #[arg(long)]
    draft: bool,
    /// Commit the file of the release and tag the commit, with git
    #[arg(long)]
    tag: bool,
    /// Print an in-toto Statement of the release, as JSON; of one that exists too
    #[arg(long)]
    in_toto: bool,
    #[command(flatten)]
    day: DayArguments,
}

fn version(text: &str) -> Result<String, String> {
    let wrong = format::checker("folder-name").and_then(|check| check(text));
    wrong.map_or_else(|| Ok(text.to_owned()), |why| Err(why.to_owned()))
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let version = &*arguments.version;
    let project = arguments.project.open()?;
    let options = arguments.day.options(false)?;
    let judged = project.judge(&options);
    let broken = judged.portal.problems.iter().filter(|problem| problem.code.fatal);
    let broken: Vec<Diagnostic> = broken.cloned().collect();
    if !broken.is_empty() {
        terminal.problems(&broken);
        terminal.note("nothing is frozen before this is mended");
        return Ok(Outcome::Problems);
    }
    if let Some(release) = judged.portal.release(version) {
        if arguments.in_toto {
            terminal.json(&format!("{:#}", statement::statement(release)));
            return Ok(Outcome::Fine);
        }
        let (path, date) = (&release.source.path, release.date);
        return Err(Failure::new(format!(
            "version `{version}` is frozen since {date}, in `{path}`"
        ))
        .help("a release is never changed: choose the next version"));
    }
    let mut others = judged.portal.releases.iter();
    if let Some(other) = others.find(|other| other.name().eq_ignore_ascii_case(version)) {
        return Err(Failure::new(format!(
            "`{version}` and the release `{}` differ only in case",
            other.name()
        ))
        .help("on many disks these are one file: choose another version"));
    }
    for damage in judged.portal.releases.iter().filter_map(|it| released::damage(it)) {
        terminal.note(&damage.warning());
    }
    let commit = clean::commit(&project, &judged, &options)?;
    if arguments.tag && commit.is_none() {
        return Err(Failure::new("`--tag` needs a git repository"));
    }
    tag::possible(&project, &judged.portal.config.handover.tag(version))?;
    if !judged.assessment.readiness.ready && !arguments.draft {
        terminal.note(&refusal(&judged, version));
        return Ok(Outcome::Problems);
    }
    let freeze = Freeze { version, commit: commit.as_deref(), draft: arguments.draft };
    let facts = frozen::facts(&judged.portal, &judged.assessment, &judged.manifest, &freeze);
    publish(arguments, terminal, &project, &judged, &facts)?;
    Ok(Outcome::Fine)
}

/// Says why a handover that is not ready is not frozen.
fn refusal(judged: &Judged, version: &str) -> String {
    let verdict = status::verdict(&judged.portal, &judged.assessment.readiness);
    let mut lines = vec![format!("`{version}` is not frozen: the handover is {verdict}")];
    let owed = &judged.assessment.open_items;
    lines.extend(owed.iter().map(|item| format!("- {}", status::open_item(item, &judged.portal))));
    lines.push("  = help: `--draft` freezes it as it is, for people to look at".into());
    lines.join("\n")
}

/// Writes the file of the release, and says or does what comes next.
fn publish(
    arguments: &Arguments,
    terminal: &Terminal,
    project: &Project,
    judged: &Judged,
    facts: &ReleaseFacts,
) -> Result<(), Failure> {
    let (config, version) = (&judged.portal.config, &*facts.version.value);
    let path = frozen::path(&config.book.src.value, version)
        .ok_or_else(|| Failure::new(format!("`{version}` cannot name a file")))?;
    let file = project.file(&path);
    write::file::create(&file, &frozen::text(facts))?;
    let say = |text: &str| {
        if arguments.in_toto { terminal.note(text) } else { terminal.result(text) }
    };
    let draft = if facts.draft { "draft, " } else { "" };
    say(&format!(
        "{}: {}, {draft}{}, manifest {}",
        file.display(),
        emit::counted(facts.documents.len(), "document"),
        status::verdict(&judged.portal, &judged.assessment.readiness),
        facts.digest.value,
    ));
    if arguments.in_toto {
        terminal.json(&format!("{:#}", statement::statement(facts)));
    }
    let tag = config.handover.tag(version);
    let message = ["Freeze", &facts.handover, version];
    let message: Vec<&str> = message.into_iter().filter(|word| !word.is_empty()).collect();
    let message = message.join(" ");
    if arguments.tag {
        tag::tag(project, Path::new(path.as_str()), &tag, &message)?;
        say(&format!("committed and tagged as `{tag}`"));
    } else if project.repository().is_some() {
        say("next, commit it and tag the commit:");
        for command in tag::commands(project, Path::new(path.as_str()), &tag, &message) {
            say(&format!("  {}", tag::shown(&command)));
        }
    } else {
        say("without a git repository no commit is named, so its pages cannot be made again later");
    }
    if let Some(plan) = &judged.portal.plan {
        let (path, stated) = (&plan.source.path, judged.portal.version());
        terminal.note(&if stated == version {
            format!("`{path}` still builds as `{version}`: set its `version` to the next before you change anything")
        } else {
            format!("`{path}` says version `{stated}`, and this is frozen as `{version}`")
        });
    }
    Ok(())
}
