//! `handover sign`: a person's signature on a release, made by `ssh-keygen`.

pub(super) mod key;
pub(super) mod keygen;

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};

use crate::Judged;
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::keys::KeyArguments;
use crate::cli::project::{DayArguments, Project, ProjectArguments, now};
use crate::cli::terminal::Terminal;
use crate::diagnostic::shell;
use crate::parse::release::{Release, ReleasedSignatory};
use crate::parse::signed::Statement;
use crate::release::frozen;
use crate::signature::{Claim, Principal, Signature};
use crate::source::sha256;
use crate::write;

/// Sign a release with an SSH key
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The version that is signed; `handover release` froze it
    #[arg(value_name = "VERSION")]
    version: String,
    #[command(flatten)]
    project: ProjectArguments,
    /// Who signs: the id of a person, one of the release's signatories
    #[arg(long = "as", value_name = "ID")]
    person: String,
    /// The private key, or a public key that is in the agent; without it the person's key in the agent or in ~/.ssh
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// As what, where the person signs in more than one capacity
    #[arg(long, value_name = "TEXT")]
    capacity: Option<String>,
    /// Sign it though it is a draft
    #[arg(long)]
    draft: bool,
    #[command(flatten)]
    keys: KeyArguments,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&DayArguments::default().options(false)?);
    let release = release(&judged, &arguments.version)?;
    let signatory = may_sign(arguments, &judged, release)?;
    let signers = arguments.keys.signers(&judged)?;
    let people = judged.portal.plan.iter().flat_map(|plan| &plan.people);
    let person = people.into_iter().find(|person| person.id.value == signatory.person);
    let email = person.and_then(|person| person.email.as_deref());
    let principal = Principal { id: &signatory.person, email };
    let key = key::find(arguments.key.as_deref(), &signers, principal, &signatory.name)?;
    let at = now()?;
    let statement = statement(&project, release, signatory, at)?;
    terminal.note(&format!(
        "{} signs version {} as {}: “{}”",
        signatory.name, release.version, signatory.capacity, signatory.statement
    ));
    let text = statement.text();
    let armored = keygen::sign(key.path(), &text)?;
    let fingerprint = Signature::read(&armored).and_then(|signature| {
        let at = at.to_utc();
        let claim = Claim { text: text.as_bytes(), signer: principal, between: (at, at) };
        signature.verify(&signers, &claim).map(|()| signature.fingerprint())
    });
    let fingerprint = fingerprint.map_err(|refusal| {
        Failure::new(format!("nothing is signed: {refusal}")).help(format!(
            "sign with a key of {}: in the plan, `ssh-key` of their `[[person]]`",
            signatory.name
        ))
    })?;
    if at.date_naive() < release.date.0 {
        terminal.note(&format!(
            "the signature says that it was made on {}, before the day of the release, {}",
            at.date_naive(),
            release.date
        ));
    }
    let path = write(&project, &judged, &statement, &armored)?;
    let id = shell::quoted(&signatory.person);
    let (signature, signed) = (shell::quoted(&path), shell::quoted(path.trim_end_matches(".sig")));
    terminal.result(&format!(
        "{path}: signed by {} on {}, with the key {fingerprint}",
        signatory.name,
        at.to_rfc3339()
    ));
    terminal.result(&format!(
        "commit it with `{signed}`; anybody can check it:\n  handover verify {}\n  \
         ssh-keygen -Y verify -f ALLOWED_SIGNERS -I {id} -n handover -s {signature} < {signed}",
        release.version
    ));
    Ok(Outcome::Fine)
}

/// Returns the release of a version.
pub(super) fn release<'a>(judged: &'a Judged, version: &str) -> Result<&'a Release, Failure> {
    let releases = &judged.portal.releases;
    judged.portal.release(version).ok_or_else(|| {
        let failure = Failure::new(format!("there is no release `{version}`"));
        let names: Vec<String> =
            releases.iter().map(|release| format!("`{}`", release.name())).collect();
        if names.is_empty() {
            failure.help(format!("`handover release {version}` makes it"))
        } else {
            failure.help(format!("there are: {}", names.join(", ")))
        }
    })
}

/// Returns the signatory who signs, and refuses what must not be signed.
fn may_sign<'a>(
    arguments: &Arguments,
    judged: &Judged,
    release: &'a Release,
) -> Result<&'a ReleasedSignatory, Failure> {
    let path = &release.source.path;
    if !frozen::damage(release).is_empty() {
        return Err(Failure::new(format!("`{path}` does not hold together"))
            .help(format!("`handover verify {}` says what is wrong", release.version)));
    }
    let person = &*arguments.person;
    let mut of_person = release.signatories.iter().filter(|one| one.person == person).peekable();
    if of_person.peek().is_none() {
        let signatories: Vec<String> =
            release.signatories.iter().map(|one| format!("`{}`", one.person)).collect();
        let known = judged.portal.plan.iter().flat_map(|plan| &plan.people);
        let known = known.into_iter().any(|known| known.id.value == person);
        let what = if known { "is no signatory of" } else { "is nobody in the plan, and not in" };
        let help = match signatories.as_slice() {
            [] => {
                "the release has none: add `[[signatory]]` to the plan, and release it".to_owned()
            }
            some => format!("its signatories are {}", some.join(", ")),
        };
        return Err(
            Failure::new(format!("`{person}` {what} the release `{}`", release.version)).help(help)
        );
    }
    if release.draft && !arguments.draft {
        return Err(Failure::new(format!("the release `{}` is a draft", release.version))
            .help("`--draft` signs it all the same; it hands nothing over"));
    }
    let capacities: Vec<&ReleasedSignatory> = of_person.collect();
    let names = || {
        let names: Vec<String> =
            capacities.iter().map(|one| format!("`{}`", one.capacity)).collect();
        names.join(", ")
    };
    match (&arguments.capacity, capacities.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::new(format!("`{person}` signs in more than one capacity"))
            .help(format!("say as what, with `--capacity`: {}", names()))),
        (Some(capacity), some) => {
            some.iter().find(|one| one.capacity == *capacity).copied().ok_or_else(|| {
                Failure::new(format!("`{person}` does not sign as `{capacity}`"))
                    .help(format!("one of: {}", names()))
            })
        }
    }
}

/// Returns what is signed.
fn statement(
    project: &Project,
    release: &Release,
    signatory: &ReleasedSignatory,
    at: DateTime<FixedOffset>,
) -> Result<Statement, Failure> {
    let path = &release.source.path;
    let file = project.tree.asset(path).ok().flatten();
    let file = file.ok_or_else(|| Failure::new(format!("cannot read `{path}`")))?;
    Ok(Statement {
        handover: release.handover.clone(),
        version: release.version.value.clone(),
        release: sha256(&file.bytes),
        digest: release.digest.value.clone(),
        draft: release.draft,
        person: signatory.person.clone(),
        name: signatory.name.clone(),
        capacity: signatory.capacity.clone(),
        statement: signatory.statement.clone(),
        at: at.to_rfc3339(),
    })
}

/// Writes the statement and the signature beside the release, under names that are free, and returns the path of the latter.
fn write(
    project: &Project,
    judged: &Judged,
    statement: &Statement,
    armored: &str,
) -> Result<String, Failure> {
    let content = &judged.portal.config.book.src.value;
    let folder = format!("{content}/releases/{}", statement.version);
    let folder = folder.trim_start_matches('/');
    let taken = |path: &str| {
        let there = |path: &str| fs::symlink_metadata(project.root.join(path)).is_ok();
        there(path) || there(&format!("{path}.sig"))
    };
    // An id is any text; it may be none of a file.
    let plain = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let stem: String = statement.person.chars().map(plain).collect();
    let stem = stem.trim_start_matches('.');
    let first = format!("{folder}/{stem}.toml");
    let mut others = (2..).map(|number| format!("{folder}/{stem}-{number}.toml"));
    let free = if taken(&first) { others.find(|path| !taken(path)) } else { Some(first) };
    let path = free.ok_or_else(|| Failure::new("no name is free for the signature"))?;
    let file = project.root.join(&path);
    write::file::create(&file, &statement.text())?;
    let signature = format!("{path}.sig");
    if let Err(error) = write::file::create(&project.root.join(&signature), armored) {
        let _ = fs::remove_file(&file);
        return Err(error.into());
    }
    Ok(signature)
}
