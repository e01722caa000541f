//! The kinds of records and their keys, as the JSON Schema of the records names them: a new key needs no second list.

use serde_json::Value as Schema;
use toml::Value;

use crate::parse::records::SCHEMA;
use crate::parse::toml::Date;
use crate::write::ledger::text::date;

/// A kind of record that `handover record` writes.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// The name of its table: `session`.
    pub(super) table: &'static str,
    /// What it says, as a clause: "a training session took place".
    pub(super) about: &'static str,
    pub(super) fields: Vec<Field>,
}

/// A key of a record.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) required: bool,
    pub(super) form: Form,
}

/// How a value is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// One of these.
    Word(Vec<&'static str>),
    Day,
    Integer,
    Number,
    /// Several texts.
    List,
}

/// Returns every kind but `review`, which has commands of its own.
pub(super) fn kinds() -> Vec<Kind> {
    let tables = SCHEMA["properties"].as_object().into_iter().flatten();
    tables
        .filter(|(table, _)| *table != "review")
        .map(|(table, list)| {
            let schema = resolved(&list["items"]);
            let about = text(&schema["description"]);
            let about = about.split_once(": ").map_or(about, |(_, about)| about);
            Kind { table, about: about.trim_end_matches('.'), fields: fields(schema) }
        })
        .collect()
}

fn fields(schema: &'static Schema) -> Vec<Field> {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().map(text).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| Field {
            name,
            about: text(&property["description"]).trim_end_matches('.'),
            required: required.contains(&name.as_str()),
            form: form(resolved(property)),
        })
        .collect()
}

fn form(schema: &'static Schema) -> Form {
    if let Some(words) = schema["enum"].as_array() {
        return Form::Word(words.iter().map(text).collect());
    }
    match (text(&schema["type"]), text(&schema["format"])) {
        (_, "date") => Form::Day,
        ("integer", _) => Form::Integer,
        ("number", _) => Form::Number,
        ("array", _) => Form::List,
        // One value or several of them.
        _ if schema["anyOf"].is_array() => Form::List,
        _ => Form::Text,
    }
}

/// Returns what a reference leads to.
fn resolved(schema: &'static Schema) -> &'static Schema {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        Some(name) => &SCHEMA["$defs"][name],
        None => schema,
    }
}

fn text(value: &'static Schema) -> &'static str {
    value.as_str().unwrap_or_default()
}

impl Form {
    /// Reads a value.
    ///
    /// # Errors
    /// A phrase that says what it should be.
    pub(super) fn value(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("it must not be empty".into());
        }
        match self {
            Self::Text => Ok(Value::from(text)),
            Self::Word(words) if words.contains(&text) => Ok(Value::from(text)),
            Self::Word(words) => Err(format!("it must be one of: {}", words.join(", "))),
            Self::Day => Date::parse(text)
                .map(|day| date(day.0))
                .ok_or_else(|| "it must be a date such as 2026-11-30".into()),
            Self::Integer => {
                text.parse().map(Value::Integer).map_err(|_| "it must be a whole number".into())
            }
            Self::Number => match (text.parse(), text.parse::<f64>()) {
                (Ok(whole), _) => Ok(Value::Integer(whole)),
                (_, Ok(number)) if number.is_finite() => Ok(Value::Float(number)),
                _ => Err("it must be a number".into()),
            },
            Self::List => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Ok(Value::Array(parts.map(Value::from).collect()))
            }
        }
    }

    /// Returns what stands for the value in a help.
    pub(super) fn placeholder(&self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Word(_) => "WORD",
            Self::Day => "DATE",
            Self::Integer | Self::Number => "NUMBER",
            Self::List => "ID,…",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_has_a_command_and_every_key_a_flag() {
        let mut lines = String::new();
        for kind in kinds() {
            assert!(!kind.about.is_empty(), "{kind:?}");
            lines.push_str(kind.table);
            for field in kind.fields {
                assert!(!field.about.is_empty(), "{}: {field:?}", kind.table);
                let sign = if field.required { "!" } else { "" };
                let form = field.form.placeholder();
                lines.push_str(&format!(" {}{sign}={form}", field.name));
            }
            lines.push('\n');
        }
        insta::assert_snapshot!(lines, @"
        session module!=TEXT on!=DATE hours!=NUMBER trainer=TEXT attendees!=ID,… note=TEXT
        certification person!=TEXT on!=DATE score=NUMBER certified-by!=TEXT expires=DATE note=TEXT
        work kind!=TEXT severity=TEXT ticket!=TEXT on!=DATE performed-by!=ID,… observed-by=ID,… document=TEXT summary!=TEXT
        escalation-test level!=NUMBER on!=DATE acknowledged-by=TEXT minutes=NUMBER channel=TEXT note=TEXT
        support-event commitment!=TEXT on!=DATE summary!=TEXT
        exception covers!=TEXT reason!=TEXT on=DATE requested-by!=TEXT approved-by!=TEXT expires!=DATE
        decision on!=DATE outcome!=WORD by!=ID,… reason!=TEXT
        ");
    }

    #[test]
    fn a_value_has_the_type_of_its_key() {
        let read = |form: Form, text: &str| form.value(text).map(|value| value.to_string());
        for (form, text, value) in [
            (Form::Text, " a b ", "\"a b\""),
            (Form::Day, "2026-12-01", "2026-12-01"),
            (Form::Integer, "3", "3"),
            (Form::Number, "3", "3"),
            (Form::Number, "2.5", "2.5"),
            (Form::List, "ana, ben,", "[\"ana\", \"ben\"]"),
            (Form::Word(vec!["go"]), "go", "\"go\""),
        ] {
            assert_eq!(read(form.clone(), text), Ok(value.into()), "{form:?}");
        }
        for (form, text) in [
            (Form::Text, " "),
            (Form::Day, "tomorrow"),
            (Form::Integer, "3.5"),
            (Form::Number, "inf"),
            (Form::Word(vec!["go"]), "stop"),
        ] {
            assert!(form.value(text).is_err(), "{form:?}");
        }
    }
}
