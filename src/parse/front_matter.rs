//! Front matter: YAML between `---` lines, TOML between `+++` lines, or JSON between braces.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::history;
use crate::parse::codes::INVALID_FRONT_MATTER;
use crate::parse::node::{self, Malformed, Node, Value};
use crate::source::{Source, Span, Spanned};

/// The keys that a document can have, for "did you mean".
pub const KEYS: &[&str] = &[
    "id",
    "title",
    "kind",
    "owner",
    "reviewers",
    "severity",
    "alerts",
    "covers",
    "tags",
    "aliases",
    "weight",
    "draft",
    "review",
];

/// The keys of `review`; `valid-days` may also stand beside the others.
pub const REVIEW_KEYS: &[&str] = &["valid-days", "exempt"];

/// What a document says of itself. Every key is optional; keys of other tools are kept in `other`.
///
/// Spans are in the document's source.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// From the opening to the closing fence, in the source; empty when there is none.
    pub span: Span,
    pub id: Option<Spanned<String>>,
    pub title: Option<Spanned<String>>,
    /// `runbook`, `sop`, `architecture`, `reference`, or any other word.
    pub kind: Option<Spanned<String>>,
    /// The id of a person or a team of the plan; any name when there is no plan.
    pub owner: Option<Spanned<String>>,
    pub reviewers: Vec<Spanned<String>>,
    pub severity: Option<Spanned<String>>,
    pub alerts: Vec<Spanned<String>>,
    /// Globs of the code that it describes; none where it says `false`. They stand before those of its kind.
    pub covers: Option<Vec<Spanned<String>>>,
    pub tags: Vec<String>,
    pub aliases: Vec<Spanned<String>>,
    pub weight: Option<i64>,
    pub draft: bool,
    pub review: DocumentReview,
    /// Keys that are not ours, with the text of their value; the span is that of the key. Keys of `review` that are not ours
    /// are here as `review.KEY`.
    pub other: BTreeMap<String, Spanned<String>>,
}

/// `review = { valid-days = 30, exempt = "a list, nothing to act on" }`.
#[derive(Clone, Debug, Default)]
pub struct DocumentReview {
    /// Stands before the plan's `[review] valid-days`.
    pub valid_days: Option<u32>,
    /// Why nobody needs to review it.
    pub exempt: Option<Spanned<String>>,
}

const GLOB: &str = "write it as `deploy/**` or `deploy/{api,worker}/*.yaml`";

/// Reads the front matter of a document. Returns it, where the body begins, and what is wrong with it.
///
/// Where the first line is a fence and what follows is no front matter, the body begins at 0: a thematic break is not
/// front matter, and front matter that is not closed is reported and shown, since nobody can tell where it ends.
pub fn front_matter(source: &Arc<Source>) -> (FrontMatter, usize, Vec<Diagnostic>) {
    let mut reader = Reader { source, meta: FrontMatter::default(), problems: Vec::new() };
    let body = reader.read();
    (reader.meta, body, reader.problems)
}

/// The lines of a front matter: where its fences and its text are.
struct Block {
    fence: Span,
    text: Span,
    end: usize,
    body: usize,
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    meta: FrontMatter,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self) -> usize {
        if let Some(body) = self.json() {
            return body;
        }
        let text = &self.source.text;
        let yaml = text.starts_with("---");
        if !yaml && !text.starts_with("+++") {
            return 0;
        }
        let Some(first) =
            text.split_inclusive('\n').next().filter(|line| line.trim_end().len() == 3)
        else {
            return 0;
        };
        let fence = Span { start: 0, end: 3 };
        let likely = begins_with_key(&text[first.len()..], if yaml { ':' } else { '=' });
        let Some(block) = block(text, fence, first.len(), yaml) else {
            if likely {
                let message = "front matter has no closing line";
                let help = format!("put a line `{}` after the last key", &text[..3]);
                self.report(fence, message.to_owned(), help);
            }
            return 0;
        };
        let inner = &text[block.text.start..block.text.end];
        let root = if yaml {
            match node::yaml(inner, block.text.start) {
                Ok(Node { value: Value::Text(_) | Value::Plain(_), .. }) if !likely => return 0,
                Ok(node) => Some(node),
                Err(_) if !likely => return 0,
                Err(error) => {
                    self.report_malformed(&error, "YAML");
                    None
                }
            }
        } else {
            let (node, errors) = node::toml(inner, block.text.start);
            if let Some(error) = errors.first() {
                self.report_malformed(error, "TOML");
            }
            Some(node)
        };
        self.meta.span = Span { start: 0, end: block.end };
        match root.map(|node| node.value) {
            None | Some(Value::Null) => {}
            Some(Value::Map(entries)) => self.take(entries),
            Some(Value::List(_) | Value::Text(_) | Value::Plain(_)) => self.report(
                block.fence,
                "front matter is not a list of keys and values".to_owned(),
                "write each line as `key: value`",
            ),
        }
        block.body
    }

    /// Reads what begins with a brace, where that is JSON with nothing behind it on its last line, and returns where the body
    /// begins.
    fn json(&mut self) -> Option<usize> {
        let source = Arc::clone(self.source);
        let text = &source.text;
        if !text.strip_prefix('{')?.trim_start().starts_with('"') {
            return None;
        }
        let end = object_end(text)?;
        let line = text[end..].split_inclusive('\n').next().unwrap_or_default();
        if !line.trim().is_empty() {
            return None;
        }
        let Ok(Node { value: Value::Map(entries), .. }) = node::yaml(&text[..end], 0) else {
            return None;
        };
        self.meta.span = Span { start: 0, end };
        self.take(entries);
        Some(end + line.len())
    }

    fn take(&mut self, entries: Vec<(Spanned<String>, Node)>) {
        for (key, node) in entries {
            match key.as_str() {
                "id" => self.meta.id = self.text(&key, node),
                "title" => self.meta.title = self.text(&key, node),
                "kind" => self.meta.kind = self.text(&key, node),
                "owner" => self.meta.owner = self.text(&key, node),
                "severity" => self.meta.severity = self.text(&key, node),
                "reviewers" => self.meta.reviewers = self.texts(&key, node),
                "alerts" => self.meta.alerts = self.texts(&key, node),
                "covers" => self.meta.covers = self.globs(&key, node),
                // Middleman's and Jekyll's names for it.
                "aliases" | "old_paths" | "redirect_from" => {
                    let aliases = self.texts(&key, node);
                    self.meta.aliases.extend(aliases);
                }
                "tags" => {
                    self.meta.tags =
                        self.texts(&key, node).into_iter().map(|tag| tag.value).collect();
                }
                "weight" => self.meta.weight = self.plain(&key, node, "a whole number"),
                "nav_order" | "sidebar_position" => {
                    let written = node.text().unwrap_or_default();
                    self.meta.weight = self.meta.weight.or(written.parse().ok());
                    self.other(key.value, key.span, &node);
                }
                "published" => {
                    self.meta.draft |= node.text().is_some_and(|written| written == "false");
                    self.other(key.value, key.span, &node);
                }
                "taxonomies" if let Some(tags) = node.entry("tags") => {
                    self.meta.tags.extend(tags.texts());
                }
                "draft" => self.meta.draft = self.truth(&key, node),
                "valid-days" | "review.valid-days" => self.valid_days(&key, node),
                "review.exempt" => self.meta.review.exempt = self.text(&key, node),
                "review" => self.review(&key, node),
                _ => self.other(key.value, key.span, &node),
            }
        }
    }

    fn review(&mut self, key: &Spanned<String>, node: Node) {
        match node.value {
            Value::Null => {}
            Value::Map(entries) => {
                for (key, node) in entries {
                    match key.as_str() {
                        "valid-days" => self.valid_days(&key, node),
                        "exempt" => self.exempt(&key, node),
                        _ => self.other(format!("review.{key}"), key.span, &node),
                    }
                }
            }
            Value::Text(_) | Value::Plain(_) | Value::List(_) => {
                self.mistyped(key, node.span, "a table with `valid-days` or `exempt`");
            }
        }
    }

    fn exempt(&mut self, key: &Spanned<String>, node: Node) {
        if let Value::Plain(_) = node.value {
            self.mistyped(key, node.span, "the reason why nobody has to review it, as a string");
        } else {
            self.meta.review.exempt = self.text(key, node);
        }
    }

    fn valid_days(&mut self, key: &Spanned<String>, node: Node) {
        self.meta.review.valid_days = self.plain(key, node, "a whole number of days");
    }

    /// Reads a string; numbers and dates are taken as they are written, since that is what their author sees.
    fn text(&mut self, key: &Spanned<String>, node: Node) -> Option<Spanned<String>> {
        match node.value {
            Value::Null => None,
            Value::Text(value) | Value::Plain(value) if !value.trim().is_empty() => {
                Some(Spanned { value: value.trim().to_owned(), span: node.span })
            }
            Value::Text(_) | Value::Plain(_) => {
                self.mistyped(key, node.span, "a string that is not empty");
                None
            }
            Value::List(_) | Value::Map(_) => {
                self.mistyped(key, node.span, "a string");
                None
            }
        }
    }

    fn texts(&mut self, key: &Spanned<String>, node: Node) -> Vec<Spanned<String>> {
        match node.value {
            Value::List(items) => {
                items.into_iter().filter_map(|item| self.text(key, item)).collect()
            }
            Value::Map(_) => {
                self.mistyped(key, node.span, "a string or a list of strings");
                Vec::new()
            }
            Value::Null | Value::Text(_) | Value::Plain(_) => {
                self.text(key, node).into_iter().collect()
            }
        }
    }

    fn globs(&mut self, key: &Spanned<String>, node: Node) -> Option<Vec<Spanned<String>>> {
        if matches!(&node.value, Value::Plain(written) if written.eq_ignore_ascii_case("false")) {
            return Some(Vec::new());
        }
        let is_set = !matches!(node.value, Value::Null);
        let mut globs = self.texts(key, node);
        globs.retain(|glob| {
            let wrong = history::glob(glob).err();
            if let Some(why) = &wrong {
                self.report(glob.span, format!("`{glob}` is no glob: {why}"), GLOB);
            }
            wrong.is_none()
        });
        is_set.then_some(globs)
    }

    /// Reads a number, also in quotes, as Hugo does.
    fn plain<T: std::str::FromStr>(
        &mut self,
        key: &Spanned<String>,
        node: Node,
        expected: &str,
    ) -> Option<T> {
        let number = match &node.value {
            Value::Null => return None,
            Value::Plain(written) | Value::Text(written) => written.trim().parse().ok(),
            Value::List(_) | Value::Map(_) => None,
        };
        if number.is_none() {
            self.mistyped(key, node.span, expected);
        }
        number
    }

    /// Reads a truth value, also in quotes, as Hugo does.
    fn truth(&mut self, key: &Spanned<String>, node: Node) -> bool {
        match &node.value {
            Value::Null => return false,
            Value::Plain(written) | Value::Text(written) => match &*written.to_ascii_lowercase() {
                "true" | "yes" | "on" | "y" => return true,
                "false" | "no" | "off" | "n" => return false,
                _ => {}
            },
            Value::List(_) | Value::Map(_) => {}
        }
        self.mistyped(key, node.span, "`true` or `false`");
        false
    }

    fn other(&mut self, key: String, span: Span, node: &Node) {
        self.meta.other.insert(key, Spanned { value: in_words(node), span });
    }

    fn mistyped(&mut self, key: &Spanned<String>, span: Span, expected: &str) {
        let span = if span.start == span.end { key.span } else { span };
        let help = "leave the key out where there is nothing to say";
        self.report(span, format!("`{key}` must be {expected}"), help);
    }

    fn report_malformed(&mut self, error: &Malformed, language: &str) {
        let message = format!("front matter is not valid {language}: {}", error.reason);
        self.problems.push(Diagnostic::new(
            &INVALID_FRONT_MATTER,
            self.source,
            error.span,
            message,
        ));
    }

    fn report(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.problems
            .push(Diagnostic::new(&INVALID_FRONT_MATTER, self.source, span, message).help(help));
    }
}

/// Returns the front matter that the fence on the first line opens; `None` when no line closes it.
fn block(text: &str, fence: Span, start: usize, yaml: bool) -> Option<Block> {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let body = at + line.len();
        match line.trim_end() {
            "---" | "..." if yaml => {
                let text = Span { start, end: at };
                return Some(Block { fence, text, end: at + 3, body });
            }
            "+++" if !yaml => {
                let text = Span { start, end: at };
                return Some(Block { fence, text, end: at + 3, body });
            }
            _ => at = body,
        }
    }
    None
}

/// Returns where the object of JSON ends that a text begins with.
fn object_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            // What it escapes ends no string.
            b'\\' if in_string => drop(bytes.next()),
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Tells whether the first line that is neither blank nor a comment looks like `key: value`.
fn begins_with_key(text: &str, sign: char) -> bool {
    let mut lines = text.lines().map(str::trim);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let Some((key, value)) = line.split_once(sign) else {
        return line.starts_with('{') || line.starts_with('[') || line.starts_with("- ");
    };
    let name = key.trim().trim_matches(['"', '\'']);
    let worded = |char: char| char.is_alphanumeric() || "_-.".contains(char);
    !name.is_empty()
        && name.chars().all(worded)
        && (sign != ':' || value.is_empty() || value.starts_with(' '))
}

/// Returns a value as one line of text.
fn in_words(node: &Node) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Text(text) | Value::Plain(text) => text.clone(),
        Value::List(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| format!("{key}: {}", in_words(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Random;
    use crate::source::SourcePath;

    fn source(text: &str) -> Arc<Source> {
        let path = SourcePath::new("a.md").unwrap();
        Arc::new(Source::new(path, text.to_owned()))
    }

    /// The fields that are set, each with the text that its span covers, then the body and the problems.
    fn shown(text: &str) -> String {
        let source = source(text);
        let (meta, body, problems) = front_matter(&source);
        let at = |span: Span| &source.text[span.start..span.end];
        let mut out = String::new();
        for (name, value) in [
            ("id", &meta.id),
            ("title", &meta.title),
            ("kind", &meta.kind),
            ("owner", &meta.owner),
            ("severity", &meta.severity),
            ("exempt", &meta.review.exempt),
        ] {
            if let Some(value) = value {
                out += &format!("{name} {value:?} at {:?}\n", at(value.span), value = value.value);
            }
        }
        for (name, values) in [
            ("reviewers", &meta.reviewers),
            ("alerts", &meta.alerts),
            ("covers", meta.covers.as_ref().unwrap_or(&Vec::new())),
            ("aliases", &meta.aliases),
        ] {
            for value in values {
                out += &format!("{name} {:?} at {:?}\n", value.value, at(value.span));
            }
        }
        for (name, value) in &meta.other {
            out += &format!("other {name} {:?} at {:?}\n", value.value, at(value.span));
        }
        if !meta.tags.is_empty() || meta.weight.is_some() || meta.draft {
            out +=
                &format!("tags {:?}, weight {:?}, draft {}\n", meta.tags, meta.weight, meta.draft);
        }
        if let Some(days) = meta.review.valid_days {
            out += &format!("valid for {days} days\n");
        }
        for problem in &problems {
            let (line, column) = source.position(problem.span.start);
            out += &format!("{line}:{column} {:?}: {}\n", at(problem.span), problem.message);
        }
        out += &format!("body {:?}", &source.text[body..]);
        out
    }

    #[test]
    fn yaml_and_toml_say_the_same() {
        insta::assert_snapshot!(shown("\
---
id: db-restore # stable
title: \"Restore: the database\"
kind: runbook
owner: amara
severity: 1
reviewers: [luke, 'noor']
alerts: PgDown
covers:
  - charts/pg/**
tags: [db]
aliases: old/restore.md
weight: 10
draft: true
review:
  valid-days: 30
  exempt: a list
  valid_day: 3
last_reviewed_on: 2026-11-30
owner_slack: \"#db\"
---
# Body
"), @r##"
        id "db-restore" at "db-restore"
        title "Restore: the database" at "\"Restore: the database\""
        kind "runbook" at "runbook"
        owner "amara" at "amara"
        severity "1" at "1"
        exempt "a list" at "a list"
        reviewers "luke" at "luke"
        reviewers "noor" at "'noor'"
        alerts "PgDown" at "PgDown"
        covers "charts/pg/**" at "charts/pg/**"
        aliases "old/restore.md" at "old/restore.md"
        other last_reviewed_on "2026-11-30" at "last_reviewed_on"
        other owner_slack "#db" at "owner_slack"
        other review.valid_day "3" at "valid_day"
        tags ["db"], weight Some(10), draft true
        valid for 30 days
        body "# Body\n"
        "##);
        insta::assert_snapshot!(shown("\
+++
id = \"db-restore\"
reviewers = \"luke\"
alerts = ['PgDown', 'PgSlow']
weight = -1
draft = false
review = { valid-days = 30 }
date = 2026-11-30
[extra]
a = [1, 2]
+++
# Body
"), @r##"
        id "db-restore" at "\"db-restore\""
        reviewers "luke" at "\"luke\""
        alerts "PgDown" at "'PgDown'"
        alerts "PgSlow" at "'PgSlow'"
        other date "2026-11-30" at "date"
        other extra "a: 1, 2" at "extra"
        tags [], weight Some(-1), draft false
        valid for 30 days
        body "# Body\n"
        "##);
    }

    #[test]
    fn covers_are_globs_or_false() {
        let covers = |value: &str| {
            let source = source(&format!("---\ncovers: {value}\n---\n"));
            let (meta, _, problems) = front_matter(&source);
            let globs = meta
                .covers
                .map(|globs| globs.into_iter().map(|glob| glob.value).collect::<Vec<_>>());
            let problems: Vec<_> = problems.into_iter().map(|problem| problem.message).collect();
            format!("{globs:?} {problems:?}")
        };
        assert_eq!(covers("false"), "Some([]) []");
        assert_eq!(covers(""), "None []");
        assert_eq!(covers("[deploy/**, x]"), r#"Some(["deploy/**", "x"]) []"#);
        assert_eq!(
            covers("['a/{b', c]"),
            r#"Some(["c"]) ["`a/{b` is no glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"]"#
        );
    }

    #[test]
    fn line_ends_and_blanks_do_not_matter() {
        insta::assert_snapshot!(shown("---\r\ntitle: A\r\ntags:\r\n- b\r\n---\r\n\r\nText\r\n"), @r#"
        title "A" at "A"
        tags ["b"], weight None, draft false
        body "\r\nText\r\n"
        "#);
        insta::assert_snapshot!(shown("---\t\ntitle: A\n...\nText"), @r#"
        title "A" at "A"
        body "Text"
        "#);
        insta::assert_snapshot!(shown("---\n---\nText"), @r#"body "Text""#);
        insta::assert_snapshot!(shown("---\n# nothing yet\ntitle:\nweight: ~\n---"), @r#"body """#);
        insta::assert_snapshot!(shown("+++\n+++"), @r#"body """#);
    }

    #[test]
    fn json_stands_between_braces() {
        insta::assert_snapshot!(shown("{\"title\": \"A\", \"draft\": true} \nText"), @r#"
        title "A" at "\"A\""
        tags [], weight None, draft true
        body "Text"
        "#);
        insta::assert_snapshot!(shown("{\n\"title\": \"\\\"}\",\n\"menu\": {\n\"x\": 1\n}\n}\nText"), @r##"
        title "\"}" at "\"\\\"}\""
        other menu "x: 1" at "\"menu\""
        body "Text"
        "##);
        for text in
            ["{\"a\": 1} is JSON\n", "{\"a\" 1}\n", "{\"a\": \"}\n", "{{ x }}\n", "{a: 1}\n"]
        {
            assert_eq!(shown(text), format!("body {text:?}"));
        }
    }

    #[test]
    fn numbers_and_truth_values_may_stand_in_quotes() {
        insta::assert_snapshot!(shown("---\nweight: \"3\"\ndraft: 'true'\nvalid-days: '30'\n---\n"), @r#"
        tags [], weight Some(3), draft true
        valid for 30 days
        body ""
        "#);
        insta::assert_snapshot!(shown("---\nweight: \"3 kg\"\ndraft: ''\n---\n"), @r#"
        2:9 "\"3 kg\"": `weight` must be a whole number
        3:8 "''": `draft` must be `true` or `false`
        body ""
        "#);
    }

    #[test]
    fn a_thematic_break_is_not_front_matter() {
        for text in [
            "---\n",
            "---\n\nText\n",
            "---\nJust a line\n---\n",
            "----\na: b\n---\n",
            "+++\n",
            " ---\na: b\n---",
        ] {
            assert_eq!(shown(text), format!("body {text:?}"));
        }
    }

    #[test]
    fn what_is_wrong_is_named_at_its_place() {
        insta::assert_snapshot!(shown("---\ntitle: A\n\n# Body\n"), @r#"
        1:1 "---": front matter has no closing line
        body "---\ntitle: A\n\n# Body\n"
        "#);
        insta::assert_snapshot!(shown("---\n- a\n- b\n---\nText"), @r#"
        1:1 "---": front matter is not a list of keys and values
        body "Text"
        "#);
        insta::assert_snapshot!(shown("---\ntitle: [A\nowner: b\n---\nText"), @r#"
        3:6 "": front matter is not valid YAML: illegal placement of ':' indicator
        body "Text"
        "#);
        insta::assert_snapshot!(shown("---\ntitle: A\ntitle: B\n---\nText"), @r#"
        3:1 "title": front matter is not valid YAML: duplicate mapping key: title
        body "Text"
        "#);
        insta::assert_snapshot!(shown("+++\ntitle = A\nowner = \"b\"\n+++\nText"), @r#"
        title "A" at "A"
        owner "b" at "\"b\""
        2:9 "A": front matter is not valid TOML: string values must be quoted, expected literal string
        body "Text"
        "#);
        insta::assert_snapshot!(shown("\
---
title: [a, b]
weight: first
draft: maybe
reviewers: { a: b }
alerts: [ok, [no]]
review: 30
id: ''
owner: amara
---
"), @r#"
        owner "amara" at "amara"
        alerts "ok" at "ok"
        2:8 "[": `title` must be a string
        3:9 "first": `weight` must be a whole number
        4:8 "maybe": `draft` must be `true` or `false`
        5:12 "{": `reviewers` must be a string or a list of strings
        6:14 "[": `alerts` must be a string
        7:9 "30": `review` must be a table with `valid-days` or `exempt`
        8:5 "''": `id` must be a string that is not empty
        body ""
        "#);
        insta::assert_snapshot!(shown("---\nreview: { valid-days: long, exempt: true }\n---\n"), @r#"
        2:23 "long": `valid-days` must be a whole number of days
        2:37 "true": `exempt` must be the reason why nobody has to review it, as a string
        body ""
        "#);
    }

    #[test]
    fn no_text_makes_reading_panic() {
        let texts = [
            "---\nid: a\ntags: [x, y]\nreview:\n  valid-days: 3\nnote: |\n  é\n---\n# B\n",
            "+++\nid = \"a\"\nreview = { exempt = \"é\" }\n[x]\ny = 1\n+++\n# B\n",
        ];
        let mut random = Random::new(3);
        for _ in 0..2_000 {
            let which = random.below(2);
            let text = random.edited(texts[which]);
            let source = source(&text);
            let (meta, body, problems) = front_matter(&source);
            let spans = problems.iter().map(|problem| problem.span).chain([meta.span]);
            let spans = spans.chain(meta.other.values().map(|value| value.span));
            for span in spans.chain(meta.id.iter().map(|id| id.span)) {
                assert!(text.get(span.start..span.end).is_some(), "{text:?} {span:?}");
            }
            assert!(text.is_char_boundary(body));
        }
    }
}
