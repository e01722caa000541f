//! TOML as people write it: one run shows every problem of a file, each with its place.
//!
//! The text is parsed with recovery. Then the tree is walked along the JSON Schema of the type that it is read as, the
//! same schema that `handover schema` prints: keys that nobody knows, values that do not fit, and keys that are missing
//! are reported, and mended with placeholders so that what is left can be read by serde. One cause gives one diagnostic:
//! what is on a line that does not parse is not judged again.

use std::fmt::Write as _;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value as Schema;
use toml::Spanned as Item;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::parse::codes::{INVALID_TOML, INVALID_VALUE};
use crate::parse::shape;
use crate::source::{Source, Span};

/// A day: a TOML date, or the same as a string. Reads as a [`NaiveDate`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema,
)]
#[schemars(transparent)]
pub struct Date(#[schemars(with = "String", extend("format" = "date"))] pub NaiveDate);

/// One value, or an array of them. Reads as a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OneOrMany<T>(pub Vec<T>);

/// A setting that `false` turns off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch<T> {
    On(T),
    Off,
}

/// What happens to an item of an array of tables that something is wrong with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It stays, with placeholders for what is missing, so that what names it does not become a second problem.
    Mended,
    /// It is left out: evidence that is not understood is no evidence.
    LeftOut,
}

/// Reads a TOML text as a `T`, whose schema is `schema`, and returns what is wrong with it.
///
/// `None` only when not even the placeholders make a `T`, which is reported too.
pub fn read<T: DeserializeOwned>(
    source: &Arc<Source>,
    schema: &Schema,
    broken: Broken,
) -> (Option<T>, Vec<Diagnostic>) {
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    let syntax = syntax_problems(source, &errors);
    let mut root = Item::new(root.span(), DeValue::Table(root.into_inner()));
    let mut problems = shape::fit(source, schema, &mut root, broken);
    // A line that does not parse takes keys and values with it; they are not missing for a reason of their own.
    problems.retain(|problem| syntax.is_empty() || shape::is_beside(problem, &syntax));
    let value = T::deserialize(root.into_deserializer());
    let value = value.map_err(|error| {
        let span = span_in(source, error.span());
        problems.push(Diagnostic::new(&INVALID_VALUE, source, span, error.message().to_owned()));
    });
    problems.extend(syntax);
    crate::diagnostic::sort(&mut problems);
    (value.ok(), problems)
}

/// Returns what is wrong with the text as TOML, at most one problem a line: the first, which caused the others.
fn syntax_problems(source: &Arc<Source>, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = errors
        .iter()
        .map(|error| {
            let span = span_in(source, error.span());
            Diagnostic::new(&INVALID_TOML, source, span, sentence(error.message()))
        })
        .collect();
    crate::diagnostic::sort(&mut problems);
    problems.dedup_by_key(|problem| source.position(problem.span.start).0);
    problems
}

fn sentence(message: &str) -> String {
    format!("not valid TOML: {}", message.trim().replace('\n', ", "))
}

/// Returns the span moved out to character boundaries within the text; the end of the text when there is none.
fn span_in(source: &Source, span: Option<std::ops::Range<usize>>) -> Span {
    let text = &source.text;
    let span = span.unwrap_or(text.len()..text.len());
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span { start, end }
}

/// Returns the JSON Schema of a type as editors want it for TOML, which has no `null`.
pub fn schema_of<T: JsonSchema>() -> Schema {
    let mut schema = schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    without_null(&mut schema);
    schema
}

fn without_null(schema: &mut Schema) {
    if let Schema::Object(object) = schema {
        if object.get("default").is_some_and(Schema::is_null) {
            object.remove("default");
        }
        if let Some(Schema::Array(types)) = object.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".into(), only);
            }
        }
        if let Some(Schema::Array(branches)) = object.get_mut("anyOf") {
            branches.retain(|branch| branch["type"] != "null");
            if let [Schema::Object(only)] = branches.as_slice() {
                let only = only.clone();
                object.remove("anyOf");
                for (key, value) in only {
                    object.entry(key).or_insert(value);
                }
            }
        }
        object.values_mut().for_each(without_null);
    } else if let Schema::Array(items) = schema {
        items.iter_mut().for_each(without_null);
    }
}

/// Returns a text as a TOML string on one line.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(control))
                    .expect("invariant: writing to a string");
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns "did you mean `x`?", or the list of what there is.
pub fn help(name: &str, known: &[&str], list: &str) -> String {
    match did_you_mean(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("{list}: {}", known.join(", "))
        }
    }
}

impl Date {
    /// Reads `2026-11-30`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |range: std::ops::Range<usize>| {
            text.get(range).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
            return None;
        }
        let year = digits(0..4)?.parse().ok()?;
        NaiveDate::from_ymd_opt(year, digits(5..7)?.parse().ok()?, digits(8..10)?.parse().ok()?)
            .map(Self)
    }

    /// Returns the day of a TOML date that has no time.
    pub fn of(datetime: &toml::value::Datetime) -> Option<Self> {
        match datetime {
            toml::value::Datetime { date: Some(date), time: None, offset: None } => {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
                    .map(Self)
            }
            _ => None,
        }
    }
}

impl Deref for Date {
    type Target = NaiveDate;
    fn deref(&self) -> &NaiveDate {
        &self.0
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

const DATE: &str = "a date such as 2026-11-30, without a time";

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DateVisitor;
        impl<'de> Visitor<'de> for DateVisitor {
            type Value = Date;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(DATE)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Date, E> {
                Date::parse(text).ok_or_else(|| E::custom(format!("expected {DATE}")))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Date, A::Error> {
                let map = MapAccessDeserializer::new(map);
                let datetime = toml::value::Datetime::deserialize(map)?;
                Date::of(&datetime)
                    .ok_or_else(|| serde::de::Error::custom(format!("expected {DATE}")))
            }
        }
        deserializer.deserialize_any(DateVisitor)
    }
}

impl<T: Default> Default for Switch<T> {
    fn default() -> Self {
        Self::On(T::default())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Switch<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SwitchVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for SwitchVisitor<T> {
            type Value = Switch<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`false` or a table")
            }
            fn visit_bool<E: serde::de::Error>(self, _off: bool) -> Result<Self::Value, E> {
                Ok(Switch::Off)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Switch::On)
            }
        }
        deserializer.deserialize_any(SwitchVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Switch<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Switch_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let on = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [{ "const": false }, on] })
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `shape::fit` has made one value an array of one, so that each item keeps its span.
        Vec::<T>::deserialize(deserializer).map(Self)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::edited;
    use crate::parse::{config, plan, records};
    use crate::source::SourcePath;

    fn source(text: &str) -> Arc<Source> {
        Arc::new(Source::new(SourcePath::new("x.toml").unwrap(), text.into()))
    }

    /// One line a problem: where, which, the text that is marked, the message and the help.
    fn shown(source: &Source, problems: &[Diagnostic]) -> String {
        let line = |problem: &Diagnostic| {
            let (line, column) = source.position(problem.span.start);
            let marked = &source.text[problem.span.start..problem.span.end];
            let help = problem.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
            format!("{line}:{column} {} [{marked}] {}{help}\n", problem.code.id, problem.message)
        };
        problems.iter().map(line).collect()
    }

    fn of_plan(text: &str) -> String {
        let source = source(text);
        shown(&source, &plan::plan(&source).1)
    }

    fn of_records(text: &str) -> String {
        let source = source(text);
        shown(&source, &records::records(&source).1)
    }

    fn of_config(text: &str) -> String {
        let source = source(text);
        shown(&source, &config::config(&source).1)
    }

    const HANDOVER: &str =
        "[handover]\nid = \"a\"\ntitle = \"A\"\nservice = \"S\"\nversion = \"1\"\n";

    #[test]
    fn every_problem_of_a_plan_is_named_at_its_place() {
        let plan = r#"[handover]
id = 5
titel = "x"
version = "latest"
[[phases]]
x = 1
[[phase]]
id = ""
days = "5-2"
[calendar]
start = 2026-11-30T10:00:00
business-days = 0
weekend = ["sunday", "satturday"]
holidays = "2026-12-08"
[[holidayy]]
"#;
        assert_eq!(
            of_plan(plan),
            r#"1:1 missing-key [[handover]] missing key `service` in `[handover]`; `service`: The system that changes hands.
2:6 invalid-value [5] `id` must be a string, not a whole number
3:1 unknown-key [titel] unknown key `titel` in `[handover]`; did you mean `title`?
4:11 invalid-value ["latest"] `version` cannot be `latest`; the portal uses this name itself: choose another, such as `1.0`
5:1 missing-key [[[phases]]] missing key `activities` in `[[phases]]`; `activities`: What happens in it.
5:1 missing-key [[[phases]]] missing key `id` in `[[phases]]`; `id`: A word of its own, for links and the calendar file.
5:1 missing-key [[[phases]]] missing key `title` in `[[phases]]`
5:3 unknown-key [phases] unknown table `phases`; did you mean `phase`?
6:1 unknown-key [x] unknown key `x` in `[[phases]]`; known keys: `id`, `title`, `label`, `days`, `activities`, `note`
7:1 missing-key [[[phase]]] missing key `activities` in `[[phase]]`; `activities`: What happens in it.
7:1 missing-key [[[phase]]] missing key `title` in `[[phase]]`
8:6 invalid-value [""] `id` must not be empty
9:8 invalid-value ["5-2"] `days` cannot be `5-2`; write the first and the last business day, such as "5-8", or one, such as "5"
11:9 invalid-value [2026-11-30T10:00:00] `start` must be a date such as 2026-11-30, without a time
12:17 invalid-value [0] `business-days` must be at least 1
13:22 invalid-value ["satturday"] an item of `weekend` cannot be `satturday`; did you mean `saturday`?
14:12 invalid-value ["2026-12-08"] `holidays` must be an array of tables; a list stands in brackets, also when it has one item: `[…]`
15:3 unknown-key [holidayy] unknown table `holidayy`; known keys: `handover`, `calendar`, `objective`, `team`, `person`, `phase`, `milestone`, `module`, `document`, `criterion`, `review`, `escalation`, `support`, `signatory`
"#
        );
        assert_eq!(of_plan(""), "1:1 missing-key [] missing table `[handover]`\n");
    }

    #[test]
    fn a_line_that_does_not_parse_is_one_problem() {
        let plan = "[handover]\nid = \"a\"\ntitel = \"x\nversion = \"latest\"\nservice = \"s\"\n";
        assert_eq!(
            of_plan(plan),
            r#"3:11 invalid-toml [] not valid TOML: invalid basic string, expected `"`
4:11 invalid-value ["latest"] `version` cannot be `latest`; the portal uses this name itself: choose another, such as `1.0`
"#
        );
        let twice = format!("{HANDOVER}id = \"b\"\n");
        assert_eq!(of_plan(&twice), "6:1 invalid-toml [id] not valid TOML: duplicate key\n");
    }

    #[test]
    fn a_check_is_judged_key_by_key() {
        let checks = r#"[[criterion]]
id = "a"
statement = "s"
check = { type = "work-handled", cuont = 3, kinds = "incident", by = 1 }
[[criterion]]
id = "b"
statement = "s"
check = {}
[[criterion]]
id = "c"
statement = "s"
check = { type = "manuel", x = 1 }
[[criterion]]
id = "d"
statement = "s"
[criterion.check]
type = "manual"
on = 2026-01-01T00:00:00Z
[[criterion]]
id = "e"
statement = "s"
check.type = "certification"
check.min-score = 101
"#;
        assert_eq!(
            of_plan(&format!("{checks}{HANDOVER}")),
            r#"4:34 unknown-key [cuont] unknown key `cuont` in `check`; did you mean `count`?
4:53 invalid-value ["incident"] `kinds` must be an array; a list stands in brackets, also when it has one item: `[…]`
4:70 invalid-value [1] `by` must be a string, not a whole number
8:9 missing-key [{}] missing key `type` in `check`; one of `certification`, `documents-reviewed`, `training-complete`, `work-handled`, `escalation-tested`, `manual`
12:18 invalid-value ["manuel"] `type` cannot be `manuel`; did you mean `manual`?
18:6 invalid-value [2026-01-01T00:00:00Z] `on` must be a date such as 2026-11-30, without a time
23:19 invalid-value [101] `min-score` must be at most 100
"#
        );
    }

    #[test]
    fn a_record_that_is_not_understood_is_left_out() {
        let text = r#"[[review]]
document = "x"
[[work]]
kind = "incident"
ticket = "INC-1"
on = "2026-01-01"
performed-by = "ana"
summary = "s"
[[work]]
kind = "incident"
ticket = "INC-2"
on = 2026-01-02
performed-by = ["ana", 5]
summary = "s"
[[support-evnt]]
commitment = "Weekly Sync"
on = 2026-01-02
summary = "s"
"#;
        assert_eq!(
            of_records(text),
            "1:1 missing-key [[[review]]] missing key `digest` in `[[review]]`; `digest`: What `handover digest DOC` printed for the text that was read: `v1:` and 64 hexadecimal digits.
1:1 missing-key [[[review]]] missing key `on` in `[[review]]`; `on`: The day of the review.
1:1 missing-key [[[review]]] missing key `outcome` in `[[review]]`; `outcome`: What the reviewer thinks of it.
1:1 missing-key [[[review]]] missing key `reviewer` in `[[review]]`; `reviewer`: The id of a person.
13:24 invalid-value [5] an item of `performed-by` must be a string, not a whole number
15:3 unknown-key [support-evnt] unknown table `support-evnt`; did you mean `support-event`?
"
        );
        let records = records::records(&source(text)).0;
        assert!(records.reviews.is_empty());
        let [work] = records.work.as_slice() else { panic!("one piece of work is whole") };
        assert_eq!((work.ticket.as_str(), work.performed_by[0].as_str()), ("INC-1", "ana"));
        assert_eq!(&text[work.span.start..work.span.end], "[[work]]");
        let name = work.performed_by[0].span;
        assert_eq!(&text[name.start..name.end], "\"ana\"");
    }

    #[test]
    fn a_table_that_occurs_often_has_two_brackets() {
        assert_eq!(
            of_plan(&format!("{HANDOVER}[phase]\nid = 'a'\n[[support]]\ndays = 30\n")),
            "6:1 invalid-value [[phase]] `phase` must be an array of tables; write two brackets around its name: `[[phase]]`\n8:1 invalid-value [[[support]]] `support` must be a table, not an array\n"
        );
    }

    #[test]
    fn a_week_has_a_worked_day() {
        let days = "'monday','tuesday','wednesday','thursday','friday','saturday','sunday'";
        let plan =
            format!("{HANDOVER}[calendar]\nstart=2026-11-30\nbusiness-days=1\nweekend=[{days}]\n");
        assert!(of_plan(&plan).contains("`weekend` can hold at most 6 items"));
    }

    /// Each table with its keys, those in capitals that it must have.
    #[test]
    fn the_schemas_name_every_key() {
        let keys = |schema: &Schema| {
            let required = schema["required"].to_string();
            let properties = schema["properties"].as_object().unwrap();
            let key = |key: &String| match required.contains(&format!("\"{key}\"")) {
                true => key.to_uppercase(),
                false => key.clone(),
            };
            properties.keys().map(key).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            keys(&plan::SCHEMA),
            "HANDOVER calendar objective team person phase milestone module document criterion review escalation support signatory"
        );
        assert_eq!(
            keys(&records::SCHEMA),
            "review session certification work escalation-test support-event exception decision"
        );
        let defs = &plan::SCHEMA["$defs"];
        assert_eq!(keys(&defs["Phase"]), "ID TITLE label days ACTIVITIES note");
        assert_eq!(keys(&defs["Calendar"]), "START BUSINESS-DAYS weekend holidays timezone");
        assert_eq!(keys(&defs["Check"]["oneOf"][0]), "TYPE by people min-score");
        for schema in [&plan::SCHEMA, &records::SCHEMA, &config::SCHEMA] {
            let text = schema.to_string();
            assert!(!text.contains("null"), "TOML has no null");
            assert!(text.contains("https://json-schema.org/draft/2020-12/schema"));
        }
    }

    #[test]
    fn what_mdbook_keeps_in_its_file_is_left_alone() {
        let book = r#"[book]
title = "x"
multilingual = false
authors = "me"
[preprocessor.toc]
command = "mdbook-toc"
[output.html]
mathjax-support = true
[output.handover]
today = "2026-1-1"
site-ulr = "https://example.com"
[output.handover.rules]
broken-link = "warn"
"#;
        assert_eq!(
            of_config(book),
            r#"4:11 invalid-value ["me"] `authors` must be an array; a list stands in brackets, also when it has one item: `[…]`
10:9 invalid-value ["2026-1-1"] `today` must be a date such as 2026-11-30, without a time
11:1 unknown-key [site-ulr] unknown key `site-ulr` in `[output.handover]`; did you mean `site-url`?
13:15 invalid-value ["warn"] `broken-link` cannot be `warn`; one of: `allow`, `warning`, `error`
"#
        );
        assert_eq!(of_config(""), "");
    }

    #[test]
    fn names_of_folders_are_safe() {
        let version = |name: &str| {
            of_plan(&HANDOVER.replace("version = \"1\"", &format!("version = '{name}'")))
        };
        for name in ["1", "1.0", "2026-12_rc-1", "v1", "Console", "com10"] {
            assert_eq!(version(name), "", "{name}");
        }
        for name in [
            "", ".", "..", "a/b", "a\\b", "Latest", ".git", "1.", "nul", "COM1.x", "ü", "a b", "-a",
        ] {
            assert!(version(name).contains("invalid-value"), "{name}");
        }
    }

    #[test]
    fn a_day_is_a_date_without_a_time() {
        for day in ["2024-02-29", "2026-11-30"] {
            assert_eq!(Date::parse(day).unwrap().to_string(), day);
        }
        for text in
            ["", "2026-1-1", "2026-02-29", "2026-11-30T00:00:00", "20261130xx", "+026-11-30"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    /// After any edit a file gives a plan, and spans that lie within the text on character boundaries.
    #[test]
    fn no_edit_makes_reading_panic() {
        for seed in 0..400 {
            let plan = edited(include_str!("plan_test.toml"), seed);
            let source = source(&plan);
            let (read, problems) = plan::plan(&source);
            assert!(read.is_some(), "seed {seed}: {}", shown(&source, &problems));
            shown(&source, &problems);
            let (_, problems) = records::records(&source);
            shown(&source, &problems);
            let (_, problems) = config::config(&source);
            shown(&source, &problems);
        }
    }

    #[test]
    fn the_whole_plan_is_read() {
        assert_eq!(of_plan(include_str!("plan_test.toml")), "");
    }
}
