//! `handover record`: what took place, written down as evidence. A command for each kind of record, a flag for each key.

mod fields;
mod ask;
mod known;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, Error, FromArgMatches, Subcommand};
use toml::Value;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectFlag};
use crate::cli::record::fields::{Field, Form, Kind, kinds};
use crate::cli::recording::{RecordingArguments, is_understood};
use crate::cli::status::verdict;
use crate::cli::terminal::Terminal;
use crate::render::names::why_not;
use crate::write::ledger::text::{Event, date};

/// Record what took place: training, work, tests, exceptions, decisions
#[derive(Debug, clap::Args)]
#[command(disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    given: Given,
}

/// What the flags of a command of `record` say.
#[derive(Debug)]
struct Given {
    kind: Kind,
    keys: Vec<(&'static str, Value)>,
    how: How,
}

/// The flags that all of them have.
#[derive(Debug, clap::Args)]
struct How {
    /// Ask for nothing, also on a terminal
    #[arg(long)]
    no_input: bool,
    #[command(flatten)]
    recording: RecordingArguments,
    #[command(flatten)]
    project: ProjectFlag,
    #[command(flatten)]
    day: DayArguments,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let Given { kind, keys, how } = &arguments.given;
    let project = how.project.open()?;
    let options = how.day.options(false)?;
    let judged = project.judge(&options);
    if !is_understood(&judged, terminal) {
        return Ok(Outcome::Problems);
    }
    let mut keys = keys.clone();
    if kind.fields.iter().any(|field| field.name == "on") && value(&keys, "on").is_none() {
        keys.push(("on", date(judged.assessment.today)));
    }
    let missing: Vec<&Field> = kind
        .fields
        .iter()
        .filter(|field| field.required && value(&keys, field.name).is_none())
        .collect();
    if !missing.is_empty() {
        if how.no_input || !terminal.asks {
            return Err(lacking(kind, &missing));
        }
        for field in missing {
            keys.push((field.name, ask::ask(field)?));
        }
    }
    let event = event(kind, &keys);
    let objections = [known::objection(&judged, &event)];
    let recorded =
        how.recording.record(&project, &judged, &options, &[event], &objections, terminal)?;
    let Some(recorded) = recorded else { return Ok(Outcome::Problems) };
    let why_not = recorded.counts.first().and_then(why_not);
    let why_not = why_not.map(|why| format!(" (does not count: {why})")).unwrap_or_default();
    terminal.result(&format!(
        "{}:{}: recorded that {}{why_not}; the handover is now {}",
        recorded.path,
        recorded.lines.first().copied().unwrap_or_default(),
        kind.about,
        verdict(&recorded.judged.portal, &recorded.judged.assessment.readiness)
    ));
    Ok(Outcome::Fine)
}

fn value<'a>(keys: &'a [(&'static str, Value)], name: &str) -> Option<&'a Value> {
    keys.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Returns the record, its keys in the order of the schema.
fn event(kind: &Kind, keys: &[(&'static str, Value)]) -> Event {
    let keys = kind.fields.iter().filter_map(|field| {
        value(keys, field.name).map(|value| (field.name.to_owned(), value.clone()))
    });
    Event { table: kind.table.to_owned(), keys: keys.collect() }
}

fn lacking(kind: &Kind, missing: &[&Field]) -> Failure {
    let flags: Vec<String> = missing.iter().map(|field| format!("`--{}`", field.name)).collect();
    let are = if flags.len() == 1 { "is" } else { "are" };
    Failure::new(format!("{} {are} missing", flags.join(", ")))
        .help(format!("`handover record {} --help` says what each is", kind.table))
}

impl Subcommand for Given {
    fn augment_subcommands(command: Command) -> Command {
        let command = command.subcommand_required(true).arg_required_else_help(true);
        kinds().into_iter().fold(command, |command, kind| {
            let flags = kind.fields.iter().map(flag);
            let own = How::augment_args(Command::new(kind.table).args(flags));
            command.subcommand(own.about(format!("Record that {}", kind.about)))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        kinds().iter().any(|kind| kind.table == name)
    }
}

fn flag(field: &Field) -> Arg {
    let flag = Arg::new(field.name)
        .long(field.name)
        .value_name(field.form.placeholder())
        .help(help(field));
    let form = field.form.clone();
    match &field.form {
        Form::Word(words) => {
            let words = PossibleValuesParser::new(words.iter().copied());
            flag.value_parser(words.map(Value::String))
        }
        Form::List => {
            flag.action(ArgAction::Append).value_parser(move |text: &str| form.value(text))
        }
        Form::Text | Form::Day | Form::Integer | Form::Number => flag
            // `--minutes -1` is a wrong number, not an unknown flag.
            .allow_hyphen_values(true)
            .value_parser(move |text: &str| form.value(text)),
    }
}

fn help(field: &Field) -> String {
    let more = match (field.name, field.required) {
        ("on", _) => "; without it the day that is judged for",
        (_, true) => " [required]",
        (_, false) => "",
    };
    format!("{}{more}", field.about)
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::new(ErrorKind::MissingSubcommand);
        let (table, matches) = matches.subcommand().ok_or_else(missing)?;
        let kind = kinds().into_iter().find(|kind| kind.table == table).ok_or_else(missing)?;
        let mut keys = Vec::new();
        for field in &kind.fields {
            let given = matches.get_many::<Value>(field.name).into_iter().flatten().cloned();
            if field.form == Form::List {
                let lists = given.filter_map(|list| list.as_array().cloned());
                let all: Vec<Value> = lists.flatten().collect();
                keys.extend((!all.is_empty()).then_some((field.name, Value::Array(all))));
            } else {
                keys.extend(given.map(|value| (field.name, value)));
            }
        }
        Ok(Self { kind, keys, how: How::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn no_key_of_a_record_is_a_flag_of_ours() {
        crate::cli::Arguments::command().debug_assert();
    }
}
