//! A TOML tree and the JSON Schema of the type it is read as → what does not fit, each with its span.
//!
//! Knows the part of JSON Schema that schemars writes for our types, and the formats of [`mod@format`]. What does not fit is
//! taken out of the tree or replaced by a placeholder, so that afterwards the tree deserializes.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value as Schema;
use toml::Spanned as Item;
use toml::de::{DeArray, DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::parse::codes::{INVALID_VALUE, MISSING_KEY, UNKNOWN_KEY};
use crate::parse::format;
use crate::parse::toml::{Broken, Date, help};
use crate::source::{Source, Span};

/// Reports everything in the tree that does not fit the schema, and mends the tree.
pub fn fit<'i>(
    source: &'i Arc<Source>,
    schema: &'i Schema,
    root: &mut Item<DeValue<'i>>,
    broken: Broken,
) -> Vec<Diagnostic> {
    let mut fitting = Fitting { source, schema, broken, problems: Vec::new() };
    fitting.value(schema, root, "the file");
    fitting.problems
}

/// Tells whether a problem has a cause of its own beside text that does not parse.
pub fn is_beside(problem: &Diagnostic, syntax: &[Diagnostic]) -> bool {
    let lines =
        |span: Span| (problem.source.position(span.start).0, problem.source.position(span.end).0);
    let (first, last) = lines(problem.span);
    problem.code != &MISSING_KEY
        && syntax.iter().all(|broken| {
            let (start, end) = lines(broken.span);
            last < start || end < first
        })
}

struct Fitting<'i> {
    source: &'i Arc<Source>,
    /// The root, whose `$defs` hold what is referred to.
    schema: &'i Schema,
    broken: Broken,
    problems: Vec<Diagnostic>,
}

impl<'i> Fitting<'i> {
    /// Checks a value that is called `name`, and mends what is in it. `false` when the value itself does not fit.
    fn value(&mut self, schema: &'i Schema, value: &mut Item<DeValue<'i>>, name: &str) -> bool {
        let schema = self.resolve(schema);
        let span: Span = value.span().into();
        if let Some(items) = one_or_many(schema) {
            let inner = value.get_mut();
            if !inner.is_array() {
                let one = std::mem::replace(inner, DeValue::Boolean(false));
                let one = Item::new(span.start..span.end, one);
                *inner = DeValue::Array([one].into_iter().collect());
            }
            return self.value(items, value, name);
        }
        if let Some(on) = switch(schema) {
            return matches!(value.get_ref(), DeValue::Boolean(false))
                || self.value(on, value, name);
        }
        if let Some(variants) = tagged(schema) {
            return self.tagged(variants, value, name);
        }
        match self.misfit(schema, value.get_ref(), name) {
            Some((message, help)) => {
                let mut problem = Diagnostic::new(&INVALID_VALUE, self.source, span, message);
                problem.help = help;
                self.problems.push(problem);
                return false;
            }
            None => match value.get_mut() {
                DeValue::Table(table) => self.table(schema, table, span, name),
                DeValue::Array(_) => self.array(&schema["items"], value, name),
                _ => {}
            },
        }
        true
    }

    fn table(&mut self, schema: &'i Schema, table: &mut DeTable<'i>, span: Span, name: &str) {
        let place = self.place(span, name);
        let required: Vec<&str> = strings(&schema["required"]);
        if schema["additionalProperties"] == false {
            self.unknown_keys(schema, table, &place);
        }
        let keys: Vec<String> = table.keys().map(|key| key.get_ref().to_string()).collect();
        for key in keys {
            let known = schema["properties"].get(&*key);
            // What a map may hold is said once for all its keys; a schema that says nothing takes everything.
            let known = known.unwrap_or(&schema["additionalProperties"]);
            if !known.is_object() {
                continue;
            }
            let Some(value) = table.get_mut(&*key) else { continue };
            if self.value(known, value, &key) {
                continue;
            }
            let span = value.span();
            table.remove(&*key);
            if required.contains(&&*key) {
                let placeholder = self.placeholder(known, span.clone().into());
                table.insert(Item::new(span, Cow::Owned(key)), placeholder);
            }
        }
        for key in required {
            if !table.contains_key(key) {
                let known = &schema["properties"][key];
                let message = if place == FILE && self.resolve(known)["type"] == "object" {
                    format!("missing table `[{key}]`")
                } else {
                    format!("missing key `{key}` in {place}")
                };
                self.report(&MISSING_KEY, span, message).help = description(key, known);
                let placeholder = self.placeholder(known, span);
                table.insert(Item::new(span.start..span.end, Cow::Borrowed(key)), placeholder);
            }
        }
    }

    /// Reports the keys that the schema does not have, and takes them out of the table.
    fn unknown_keys(&mut self, schema: &'i Schema, table: &mut DeTable<'i>, place: &str) {
        let unknown: Vec<(String, Span)> = table
            .keys()
            .filter(|key| schema["properties"].get(&**key.get_ref()).is_none())
            .map(|key| (key.get_ref().to_string(), key.span().into()))
            .collect();
        for (key, span) in unknown {
            self.unknown_key(schema, table, &key, span, place);
            put_where_meant(schema, table, &key);
        }
    }

    fn unknown_key(
        &mut self,
        schema: &'i Schema,
        table: &DeTable<'i>,
        key: &str,
        span: Span,
        place: &str,
    ) {
        let known: Vec<&str> = schema["properties"]
            .as_object()
            .map(|properties| properties.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let shown = key.escape_debug();
        let message = match table.get(key).map(|value| &self.source.text[value.span()]) {
            Some(header) if header.starts_with('[') && place == FILE => {
                format!("unknown table `{shown}`")
            }
            _ => format!("unknown key `{shown}` in {place}"),
        };
        self.report(&UNKNOWN_KEY, span, message).help =
            (!known.is_empty()).then(|| help(key, &known, "known keys"));
    }

    fn array(&mut self, schema: &'i Schema, array: &mut Item<DeValue<'i>>, name: &str) {
        let DeValue::Array(items) = array.get_mut() else { return };
        let name = format!("an item of `{name}`");
        let fitting =
            std::mem::replace(items, DeArray::new()).into_iter().filter_map(|mut item| {
                let before = self.problems.len();
                let fits = self.value(schema, &mut item, &name);
                let whole = self.problems.len() == before;
                let stays = whole || self.broken == Broken::Mended || !item.get_ref().is_table();
                (fits && stays).then_some(item)
            });
        *items = fitting.collect();
    }

    /// Checks a table whose `type` says which of the variants it is, and turns it inside out, from
    /// `{ type = "x", … }` to `{ x = { … } }`: in the first form serde forgets the spans.
    fn tagged(
        &mut self,
        variants: &'i [Schema],
        value: &mut Item<DeValue<'i>>,
        name: &str,
    ) -> bool {
        let span: Span = value.span().into();
        let names: Vec<&str> = variants.iter().filter_map(tag).collect();
        let DeValue::Table(table) = value.get_mut() else {
            let message = format!("`{name}` must be a table with a `type`");
            self.report(&INVALID_VALUE, span, message);
            return false;
        };
        let Some(kind) = table.get("type") else {
            let message = format!("missing key `type` in `{name}`");
            self.report(&MISSING_KEY, span, message).help = Some(one_of(&names));
            return false;
        };
        let kind_span: Span = kind.span().into();
        let kind = kind.get_ref().as_str().unwrap_or_default().to_owned();
        let Some(variant) = variants.iter().find(|variant| tag(variant) == Some(&*kind)) else {
            let message = format!("`type` cannot be {}", self.shown(kind_span));
            self.report(&INVALID_VALUE, kind_span, message).help =
                Some(help(&kind, &names, "one of"));
            return false;
        };
        self.table(variant, table, span, name);
        table.remove("type");
        let content = Item::new(span.start..span.end, DeValue::Table(std::mem::take(table)));
        table.insert(Item::new(kind_span.start..kind_span.end, Cow::Owned(kind)), content);
        true
    }

    /// Returns why a value does not fit, and what would; looks at tables and arrays from outside only.
    fn misfit(
        &self,
        schema: &Schema,
        value: &DeValue<'_>,
        name: &str,
    ) -> Option<(String, Option<String>)> {
        let name = if name.contains('`') { name.to_owned() } else { format!("`{name}`") };
        let wanted = wanted(schema);
        let choices = choices(schema);
        let wrong =
            |wanted: &str| Some((format!("{name} must be {wanted}, not {}", kind_of(value)), None));
        match (schema["type"].as_str(), value) {
            _ if schema["format"] == "date" => match value {
                DeValue::Datetime(day) if Date::of(day).is_some() => None,
                DeValue::String(day) if Date::parse(day).is_some() => None,
                _ => Some((format!("{name} must be {wanted}"), None)),
            },
            _ if !choices.is_empty() => match value {
                DeValue::String(text) if choices.contains(&&**text) => None,
                DeValue::String(text) => Some((
                    format!("{name} cannot be `{}`", text.escape_debug()),
                    Some(help(text, &choices, "one of")),
                )),
                _ => wrong(&one_of(&choices)),
            },
            (Some("string"), DeValue::String(text)) => {
                if schema["minLength"].as_u64().unwrap_or(0) > 0 && text.trim().is_empty() {
                    return Some((format!("{name} must not be empty"), None));
                }
                let check = schema["format"].as_str().and_then(format::checker)?;
                check(text).map(|why| {
                    (format!("{name} cannot be `{}`", text.escape_debug()), Some(why.to_owned()))
                })
            }
            (Some("integer"), DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                number_misfit(schema, number.map(|number| number as f64), &name)
            }
            (Some("number"), DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                number_misfit(schema, number.map(|number| number as f64), &name)
            }
            (Some("number"), DeValue::Float(number)) => {
                number_misfit(schema, number.as_str().parse().ok(), &name)
            }
            (Some("array"), DeValue::Array(items)) => {
                let most = schema["maxItems"].as_u64()?;
                (items.len() as u64 > most)
                    .then(|| (format!("{name} can hold at most {most} items"), None))
            }
            (Some("boolean"), DeValue::Boolean(_))
            | (Some("object"), DeValue::Table(_))
            | (None, _) => None,
            (Some("array"), value) => {
                let help = if value.is_table() {
                    let key = name.trim_matches('`');
                    format!("write two brackets around its name: `[[{key}]]`")
                } else {
                    "a list stands in brackets, also when it has one item: `[…]`".to_owned()
                };
                Some((format!("{name} must be {wanted}"), Some(help)))
            }
            _ => wrong(&wanted),
        }
    }

    /// Follows `$ref`.
    fn resolve(&self, mut schema: &'i Schema) -> &'i Schema {
        while let Some(reference) = schema["$ref"].as_str() {
            let Some(target) =
                reference.strip_prefix('#').and_then(|path| self.schema.pointer(path))
            else {
                break;
            };
            schema = target;
        }
        schema
    }

    /// Returns a value that fits the schema and says nothing.
    fn placeholder(&self, schema: &'i Schema, span: Span) -> Item<DeValue<'i>> {
        let schema = self.resolve(schema);
        let literal =
            |text| DeValue::parse(text).map_or(DeValue::Boolean(false), |value| value.into_inner());
        let value = if one_or_many(schema).is_some() {
            DeValue::Array(DeArray::new())
        } else if let Some([variant, ..]) = tagged(schema) {
            let mut content = self.placeholder(variant, span);
            if let DeValue::Table(table) = content.get_mut() {
                table.remove("type");
            }
            let tag = Cow::Borrowed(tag(variant).unwrap_or_default());
            let mut table = DeTable::new();
            table.insert(Item::new(span.start..span.end, tag), content);
            DeValue::Table(table)
        } else if schema["format"] == "date" {
            literal("2000-01-01")
        } else if let Some(choice) = choices(schema).first() {
            DeValue::String(Cow::Borrowed(*choice))
        } else {
            match schema["type"].as_str() {
                Some("integer") => literal(if schema["minimum"] == 1 { "1" } else { "0" }),
                Some("number") => literal("0.0"),
                Some("boolean") => DeValue::Boolean(false),
                Some("array") => DeValue::Array(DeArray::new()),
                Some("object") => {
                    let mut table = DeTable::new();
                    for key in strings(&schema["required"]) {
                        let value = self.placeholder(&schema["properties"][key], span);
                        table.insert(Item::new(span.start..span.end, Cow::Borrowed(key)), value);
                    }
                    DeValue::Table(table)
                }
                _ => DeValue::String(Cow::Borrowed("")),
            }
        };
        Item::new(span.start..span.end, value)
    }

    fn report(&mut self, code: &'static Code, span: Span, message: String) -> &mut Diagnostic {
        self.problems.push(Diagnostic::new(code, self.source, span, message));
        self.problems.last_mut().expect("invariant: it was pushed the line before")
    }

    /// Returns how a table is called: by its header, or by the key it is the value of.
    fn place(&self, span: Span, name: &str) -> String {
        let header = &self.source.text[span.start..span.end];
        match header {
            "" if name == "the file" => FILE.into(),
            _ if header.starts_with('[') => format!("`{header}`"),
            _ if name.contains('`') => name.to_owned(),
            _ => format!("`{name}`"),
        }
    }

    fn shown(&self, span: Span) -> String {
        format!("`{}`", self.source.text[span.start..span.end].trim_matches(['"', '\'']))
    }
}

/// How the top level of a file is called.
const FILE: &str = "the file";

/// Takes an unknown key out of a table, and puts its value where it was meant to be when that is clear: what was said is
/// not missing too.
fn put_where_meant<'i>(schema: &'i Schema, table: &mut DeTable<'i>, key: &str) -> Option<()> {
    let (key, value) = table.remove_entry(key)?;
    let known = schema["properties"].as_object()?.keys().map(String::as_str);
    let near = did_you_mean(key.get_ref(), known)?;
    let span = value.span();
    match (table.get_mut(near).map(Item::get_mut), value.into_inner()) {
        (None, meant) => {
            table.insert(Item::new(key.span(), Cow::Borrowed(near)), Item::new(span, meant));
        }
        // `[[persn]]` between `[[person]]`: its items join the others.
        (Some(DeValue::Array(items)), DeValue::Array(more)) => {
            more.into_iter().for_each(|item| items.push(item));
        }
        (Some(_), _) => {}
    }
    Some(())
}

fn number_misfit(
    schema: &Schema,
    number: Option<f64>,
    name: &str,
) -> Option<(String, Option<String>)> {
    let most = if schema["format"] == "uint32" { f64::from(u32::MAX) } else { f64::MAX };
    let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
    let most = schema["maximum"].as_f64().unwrap_or(most);
    match number {
        Some(number) if number < least => Some((format!("{name} must be at least {least}"), None)),
        Some(number) if number <= most => None,
        Some(number) if number.is_finite() => {
            Some((format!("{name} must be at most {most}"), None))
        }
        _ => Some((format!("{name} is not a number that fits"), None)),
    }
}

/// Returns the array branch of "one value or an array of them".
fn one_or_many(schema: &Schema) -> Option<&Schema> {
    schema["anyOf"].as_array()?.iter().find(|branch| branch["type"] == "array")
}

/// Returns what a setting is that `false` turns off.
fn switch(schema: &Schema) -> Option<&Schema> {
    let [off, on] = schema["anyOf"].as_array()?.as_slice() else { return None };
    (off["const"] == false).then_some(on)
}

/// Returns the variants of an enum that is written as a table with a `type`.
fn tagged(schema: &Schema) -> Option<&[Schema]> {
    let variants = schema["oneOf"].as_array()?;
    variants.iter().all(|variant| tag(variant).is_some()).then_some(variants.as_slice())
}

fn tag(variant: &Schema) -> Option<&str> {
    variant["properties"]["type"]["const"].as_str()
}

/// Returns the strings that an enum may be.
fn choices(schema: &Schema) -> Vec<&str> {
    let mut names = strings(&schema["enum"]);
    for branch in schema["oneOf"].as_array().into_iter().flatten() {
        names.extend(branch["const"].as_str());
        names.extend(strings(&branch["enum"]));
    }
    names
}

fn strings(schema: &Schema) -> Vec<&str> {
    schema.as_array().into_iter().flatten().filter_map(Schema::as_str).collect()
}

/// Says what a key is for, in the words of the schema.
fn description(key: &str, schema: &Schema) -> Option<String> {
    let text = schema["description"].as_str()?;
    Some(format!("`{key}`: {}", text.replace('\n', " ")))
}

fn wanted(schema: &Schema) -> String {
    match schema["type"].as_str() {
        _ if schema["format"] == "date" => "a date such as 2026-11-30, without a time".into(),
        Some("string") => "a string".into(),
        Some("integer") => "a whole number".into(),
        Some("number") => "a number".into(),
        Some("boolean") => "true or false".into(),
        Some("array") => match schema["items"]["$ref"].as_str() {
            Some(_) => "an array of tables".into(),
            None => "an array".into(),
        },
        _ => "a table".into(),
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("one of {}", names.join(", "))
}
