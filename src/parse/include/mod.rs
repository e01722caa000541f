//! `{{#include path}}`: the text of other files in its place, in mdBook's form, and in those of the project's tool.
//!
//! Every byte of the body that comes out is known by the file and the offset that it came from. What cannot be included
//! is reported, and stays in the body as it is written.

mod selection;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::parse::codes::{ABSENT_INCLUDE, BROKEN_INCLUDE};
use crate::parse::config::Config;
use crate::parse::dialect::Dialect;
use crate::parse::dialect::includes::{self, Wanted, What};
use crate::parse::document::{Asked, Included, Piece, Text};
use crate::parse::include::selection::{
    Selection, argument_parts, between, ranged, section, select, unmarked,
};
use crate::source::{FileKind, Source, SourcePath, Span, Tree};

/// How deep files may include files.
const DEPTH: usize = 10;

/// How long a body may become by what it includes, and by how many includes: ten files that each include the next one
/// ten times would fill the memory.
const MOST_BYTES: usize = 16 << 20;
const MOST_INCLUDES: usize = 10_000;

/// Returns the body of a source from `start` on, with what it includes in its place.
pub fn text(
    tree: &Tree,
    source: &Arc<Source>,
    start: usize,
    config: &Config,
) -> (Text, Vec<Diagnostic>) {
    let text = Text {
        pieces: vec![Piece { at: 0, source: Arc::clone(source), start, stands_for: None }],
        ..Text::default()
    };
    let open = vec![(source.path.clone(), String::new())];
    let mut expansion =
        Expansion { tree, config, text, open, is_full: false, problems: Vec::new() };
    let all = Span { start, end: source.text.len() };
    expansion.append(source, all, "");
    for wanted in includes::appended(config) {
        let end = Span { start: all.end, end: all.end };
        expansion.put("\n\n", source, end);
        if let Err(refusal) = expansion.wanted(&wanted, "") {
            expansion.report(&BROKEN_INCLUDE, source, end, refusal);
        }
    }
    (expansion.text, expansion.problems)
}

struct Expansion<'a> {
    tree: &'a Tree,
    config: &'a Config,
    text: Text,
    /// The document and the includes that this text stands in, outermost first: the file, and what of it.
    open: Vec<(SourcePath, String)>,
    /// It is as long as it may become: what is left to include stays as it is written.
    is_full: bool,
    problems: Vec<Diagnostic>,
}

impl Expansion<'_> {
    /// Puts a part of a source behind the body, and the files that it includes. `indent` stands before each line but the
    /// first, as before the include that the part comes in by.
    fn append(&mut self, source: &Arc<Source>, part: Span, indent: &str) {
        let places = includes::places(&source.text, part, &source.path, self.config);
        let mut done = part.start;
        for place in places {
            if place.span.start < done || self.is_full {
                continue;
            }
            self.directives(source, Span { start: done, end: place.span.start }, indent);
            done = place.span.end;
            let inner = self.indent(indent);
            for (index, wanted) in place.wanted.iter().enumerate() {
                if index > 0 {
                    self.put(&format!("\n{inner}"), source, place.span);
                }
                if let Err(refusal) = self.wanted(wanted, &inner) {
                    let is_beside = self.is_beside(wanted);
                    let code = if is_beside { &ABSENT_INCLUDE } else { &BROKEN_INCLUDE };
                    self.report(code, source, place.span, refusal);
                    self.copy(source, place.span, "");
                    break;
                }
            }
        }
        self.directives(source, Span { start: done, end: part.end }, indent);
    }

    /// Tells whether a file would stand outside the content folder, where something may make it, and is not there.
    fn is_beside(&self, wanted: &Wanted) -> bool {
        let content = self.config.book.src.as_str();
        !wanted.paths.is_empty()
            && wanted
                .paths
                .iter()
                .all(|path| path.below(content).is_none() && self.tree.kind(path).is_none())
    }

    /// Puts a part of a source behind the body, and the files that mdBook's directives in it include.
    fn directives(&mut self, source: &Arc<Source>, part: Span, indent: &str) {
        let mut done = part.start;
        while !self.is_full
            && let Some(found) = next(&source.text, done, part.end)
        {
            self.copy(source, Span { start: done, end: found.span.start }, indent);
            done = found.span.end;
            let result = match found.directive {
                Directive::Escaped => {
                    let shown = Span { start: found.span.start + 1, end: found.span.end };
                    self.copy(source, shown, "");
                    Ok(())
                }
                Directive::Title(title) => {
                    self.text.title.get_or_insert_with(|| title.to_owned());
                    Ok(())
                }
                Directive::Include(argument) => {
                    let inner = self.indent(indent);
                    self.include(source, argument, &inner)
                }
                Directive::Playground(argument) => self.playground(source, argument, found.span),
            };
            if let Err(refusal) = result {
                self.report(&BROKEN_INCLUDE, source, found.span, refusal);
                self.copy(source, found.span, "");
            }
        }
        self.copy(source, Span { start: done, end: part.end }, indent);
    }

    fn report(&mut self, code: &'static Code, source: &Arc<Source>, span: Span, refusal: Refusal) {
        let problem = Diagnostic::new(code, source, span, refusal.message);
        self.problems.push(match refusal.help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }

    /// Returns the white space that the line begins with which the body ends in; more of it than `outer` is rare.
    fn indent(&self, outer: &str) -> String {
        let body = &self.text.body;
        let before = body.trim_end_matches([' ', '\t']);
        let begins = before.is_empty() || before.ends_with('\n');
        if begins { body[before.len()..].to_owned() } else { outer.to_owned() }
    }

    fn copy(&mut self, source: &Arc<Source>, part: Span, indent: &str) {
        if indent.is_empty() {
            return self.copy_lines(source, part);
        }
        let mut at = part.start;
        for line in source.text[part.start..part.end].split_inclusive('\n') {
            let span = Span { start: at, end: at + line.len() };
            if at > part.start && !line.trim().is_empty() {
                self.put(indent, source, Span { start: at, end: at });
            }
            self.copy_lines(source, span);
            at = span.end;
        }
    }

    fn copy_lines(&mut self, source: &Arc<Source>, part: Span) {
        if part.start == part.end {
            return;
        }
        let at = self.text.body.len();
        let piece = Piece { at, source: Arc::clone(source), start: part.start, stands_for: None };
        match self.text.pieces.last_mut() {
            Some(last) if last.at == at => *last = piece,
            _ => self.text.pieces.push(piece),
        }
        self.text.body.push_str(&source.text[part.start..part.end]);
    }

    /// Puts words behind the body that stand for a part of a source.
    fn put(&mut self, words: &str, source: &Arc<Source>, part: Span) {
        let at = self.text.body.len();
        let stands_for = Some(part.end - part.start);
        let piece = Piece { at, source: Arc::clone(source), start: part.start, stands_for };
        match self.text.pieces.last_mut() {
            Some(last) if last.at == at => *last = piece,
            _ => self.text.pieces.push(piece),
        }
        self.text.body.push_str(words);
    }

    fn include(&mut self, from: &Arc<Source>, argument: &str, indent: &str) -> Result<(), Refusal> {
        let (written, selection) = argument_parts(argument);
        let path = from.path.reach(written).ok_or_else(|| Refusal::outside(written))?;
        let what = argument.split_once(':').map_or("", |(_, what)| what);
        let source = self.opened(&path, written, what)?;
        let parts = select(&source, &selection, written)?;
        self.enter(&source, parts, written, what, indent)
    }

    /// `{{#playground example.rs editable}}`: a whole file, as Rust.
    fn playground(
        &mut self,
        from: &Arc<Source>,
        argument: &str,
        span: Span,
    ) -> Result<(), Refusal> {
        let (written, options) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
        let path = from.path.reach(written).ok_or_else(|| Refusal::outside(written))?;
        let source = self.opened(&path, written, "")?;
        let all = Span { start: 0, end: source.text.len() };
        let options: Vec<&str> =
            std::iter::once("rust").chain(options.split_whitespace()).collect();
        self.put(&format!("~~~~~~{}\n", options.join(",")), from, span);
        self.enter(&source, vec![all], written, "", "")?;
        let end = if self.text.body.ends_with('\n') { "~~~~~~\n" } else { "\n~~~~~~\n" };
        self.put(end, from, span);
        Ok(())
    }

    /// Puts in a file that another tool's form asks for.
    fn wanted(&mut self, wanted: &Wanted, indent: &str) -> Result<(), Refusal> {
        let written = &wanted.written;
        let there = wanted.paths.iter().find(|path| {
            let asked = Asked::of(self.tree, path);
            let is_there = !matches!(asked.said, Ok(None));
            self.text.asked.push(asked);
            is_there
        });
        let Some(path) = there.or(wanted.paths.first()) else {
            return Err(Refusal::outside(written));
        };
        let what = match &wanted.what {
            What::All => String::new(),
            what => format!("{what:?}"),
        };
        let source = self.opened(path, written, &what)?;
        let parts = match &wanted.what {
            What::All => select(&source, &Selection::All, written)?,
            What::Lines(ranges) => {
                let parts = ranged(&source.text, ranges);
                if parts.is_empty() {
                    let message =
                        format!("include of lines of `{written}`, which it does not have");
                    return Err(Refusal::new(message));
                }
                parts
            }
            What::Section(name) => section(&source.text, name).ok_or_else(|| Refusal {
                message: format!("include of `{name}` of `{written}`, which has no such section"),
                help: Some(format!(
                    "put `--8<-- [start:{name}]` and `--8<-- [end:{name}]` around it"
                )),
            })?,
            What::Between(start, end) => {
                between(&source, start.as_deref(), end.as_deref(), written)?
            }
        };
        let is_snippet = self.config.dialect == Dialect::MkDocs && !wanted.keeps_links;
        let parts = if is_snippet { unmarked(&source.text, parts) } else { parts };
        if wanted.keeps_links {
            self.text.rebased.insert(path.clone());
        }
        self.enter(&source, parts, written, &what, indent)
    }

    /// Returns a file to include, unless it is open already or too many are.
    fn opened(
        &mut self,
        path: &SourcePath,
        written: &str,
        what: &str,
    ) -> Result<Arc<Source>, Refusal> {
        if self.open.iter().any(|(open, of)| open == path && of == what) {
            let message = format!("include of `{written}`, which includes this file");
            return Err(Refusal::new(message));
        }
        if self.open.len() > DEPTH {
            let message = format!("include of `{written}`, {DEPTH} files deep");
            return Err(Refusal::new(message));
        }
        self.source(path, written)
    }

    fn enter(
        &mut self,
        source: &Arc<Source>,
        parts: Vec<Span>,
        written: &str,
        what: &str,
        indent: &str,
    ) -> Result<(), Refusal> {
        let length: usize = parts.iter().map(|part| part.end - part.start).sum();
        if self.text.body.len() + length > MOST_BYTES || self.text.included.len() >= MOST_INCLUDES {
            let message = format!("include of `{written}` makes the page too long");
            self.is_full = true;
            return Err(Refusal::new(message));
        }
        let text = parts.iter().map(|part| &source.text[part.start..part.end]).collect();
        self.text.included.push(Included { path: source.path.clone(), text });
        self.open.push((source.path.clone(), what.to_owned()));
        for (index, part) in parts.into_iter().enumerate() {
            let first = source.text[part.start..part.end].split('\n').next().unwrap_or_default();
            // The first part stands where its include does. Another begins a line of its own.
            if index > 0 && !indent.is_empty() && !first.trim().is_empty() {
                self.put(indent, source, Span { start: part.start, end: part.start });
            }
            self.append(source, part, indent);
        }
        self.open.pop();
        Ok(())
    }

    fn source(&mut self, path: &SourcePath, written: &str) -> Result<Arc<Source>, Refusal> {
        let asked = Asked::of(self.tree, path);
        self.text.asked.push(asked.clone());
        match asked.said {
            Ok(Some(source)) => Ok(source),
            Ok(None) if asked.kind == Some(FileKind::Folder) => {
                Err(Refusal::new(format!("include of `{written}`, which is a folder")))
            }
            Ok(None) if path.leads_out() => Err(Refusal::outside(written)),
            Ok(None) => Err(Refusal {
                message: format!("include of `{written}`, which does not exist"),
                help: (written != path.as_str()).then(|| format!("looked for `{path}`")),
            }),
            Err(unread) => {
                let reason = unread.reason;
                Err(Refusal::new(format!("include of `{written}`, which cannot be read: {reason}")))
            }
        }
    }
}

/// Why something cannot be included.
struct Refusal {
    message: String,
    help: Option<String>,
}

impl Refusal {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }

    fn outside(written: &str) -> Self {
        Self::new(format!("include of `{written}`, which lies outside the project"))
    }
}

/// `{{#include …}}`, or what a backslash keeps from being one.
struct Found<'a> {
    span: Span,
    directive: Directive<'a>,
}

enum Directive<'a> {
    Include(&'a str),
    Playground(&'a str),
    Title(&'a str),
    Escaped,
}

/// Returns the first include, or escaped directive, between two offsets.
fn next(text: &str, start: usize, end: usize) -> Option<Found<'_>> {
    let mut from = start;
    let (mut close, mut line_end) = (start, start);
    while let Some(at) = text[from..end].find("{{") {
        let open = from + at;
        from = open + 2;
        let Some(inner) = text[from..end].trim_start_matches([' ', '\t']).strip_prefix('#') else {
            continue;
        };
        // Braces that close are looked for once for all that open before them, so a line of braces takes linear time.
        let inner = end - inner.len();
        if close < inner {
            close = inner + text[inner..end].find('}')?;
        }
        if line_end < inner {
            line_end = text[inner..end].find('\n').map_or(end, |at| inner + at);
        }
        if !text[close..end].starts_with("}}") {
            continue;
        }
        let span = Span { start: open, end: close + 2 };
        let is_escaped = open > start && text.as_bytes()[open - 1] == b'\\';
        // mdBook takes all that stands up to the last braces of the line as it is.
        if is_escaped
            && close < line_end
            && let Some(last) = text[open..line_end].rfind("}}")
        {
            let span = Span { start: open - 1, end: open + last + 2 };
            return Some(Found { span, directive: Directive::Escaped });
        }
        let written = &text[inner..close];
        let (name, argument) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
        let mut argument = argument.trim();
        if line_end < close {
            // White space may be the end of a line. What is not closed does not reach over what opens behind it.
            if written.contains("{{") {
                continue;
            }
            if name != "title" {
                argument = argument.split_whitespace().next().unwrap_or_default();
            }
        }
        let directive = match name {
            "include" | "rustdoc_include" => Directive::Include(argument),
            "playground" | "playpen" => Directive::Playground(argument),
            "title" => Directive::Title(argument),
            _ => continue,
        };
        if !argument.is_empty() {
            return Some(Found { span, directive });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{self, Random};

    /// The body of `src/a.md`, what it includes, and the problems.
    fn shown(files: &str) -> String {
        let tree = fixture::tree(files);
        let source = tree.source(&SourcePath::new("src/a.md").unwrap()).unwrap().unwrap();
        let (text, problems) = text(&tree, &source, 0, &Config::default());
        holds_together(&text);
        let mut out = text.body.clone();
        for included in &text.included {
            out += &format!("<{}> {:?}\n", included.path, included.text);
        }
        for problem in problems {
            let (line, column) = problem.source.position(problem.span.start);
            out += &format!("{}:{line}:{column}: {}\n", problem.source.path, problem.message);
        }
        out
    }

    /// Every byte of a body is that of the source that its piece names.
    fn holds_together(text: &Text) {
        for (index, piece) in text.pieces.iter().enumerate() {
            if piece.stands_for.is_some() {
                continue;
            }
            let end = text.pieces.get(index + 1).map_or(text.body.len(), |next| next.at);
            let length = end - piece.at;
            let from = piece.source.text.get(piece.start..piece.start + length);
            assert_eq!(from, text.body.get(piece.at..end), "{text:?}");
        }
    }

    #[test]
    fn lines_and_anchors_are_those_of_mdbook() {
        let steps = "-- src/steps.md --\none\ntwo\nthree\nfour\n";
        let show =
            |what: &str| shown(&format!("-- src/a.md --\n<{{{{#include {what}}}}}>\n{steps}"));
        insta::assert_snapshot!(show("steps.md"), @r#"
        <one
        two
        three
        four>
        <src/steps.md> "one\ntwo\nthree\nfour"
        "#);
        insta::assert_snapshot!(show("./steps.md:2"), @r#"
        <two>
        <src/steps.md> "two"
        "#);
        insta::assert_snapshot!(show("steps.md:3:"), @r#"
        <three
        four>
        <src/steps.md> "three\nfour"
        "#);
        insta::assert_snapshot!(show("steps.md::2"), @r#"
        <one
        two>
        <src/steps.md> "one\ntwo"
        "#);
        insta::assert_snapshot!(show("steps.md:2:3"), @r#"
        <two
        three>
        <src/steps.md> "two\nthree"
        "#);
        insta::assert_snapshot!(show("steps.md:2:99"), @r#"
        <two
        three
        four>
        <src/steps.md> "two\nthree\nfour"
        "#);
        insta::assert_snapshot!(show("steps.md:9"), @"
        <{{#include steps.md:9}}>
        src/a.md:1:2: include of line 9 of `steps.md`, which has 4
        ");
        insta::assert_snapshot!(show("steps.md:0"), @r#"
        <one>
        <src/steps.md> "one"
        "#);
    }

    #[test]
    fn anchors_leave_out_their_lines() {
        let script = "\
-- src/x.sh --
# ANCHOR: all
drain
# ANCHOR: stop
scale 0
# ANCHOR_END: stop
check
# ANCHOR_END: all
never
# ANCHOR: open
to the end
";
        let show = |name: &str| {
            shown(&format!("-- src/a.md --\n```sh\n{{{{#include x.sh:{name}}}}}\n```\n{script}"))
        };
        insta::assert_snapshot!(show("all"), @r#"
        ```sh
        drain
        scale 0
        check
        ```
        <src/x.sh> "drain\nscale 0\ncheck"
        "#);
        insta::assert_snapshot!(show("stop"), @r#"
        ```sh
        scale 0
        ```
        <src/x.sh> "scale 0"
        "#);
        insta::assert_snapshot!(show("open"), @r#"
        ```sh
        to the end
        ```
        <src/x.sh> "to the end"
        "#);
        let in_list = "- step\n\n  ```sh\n  {{#include x.sh:all}}\n  ```\n";
        insta::assert_snapshot!(shown(&format!("-- src/a.md --\n{in_list}{script}")), @r#"
        - step

          ```sh
          drain
          scale 0
          check
          ```
        <src/x.sh> "drain\nscale 0\ncheck"
        "#);
        insta::assert_snapshot!(show("none"), @"
        ```sh
        {{#include x.sh:none}}
        ```
        src/a.md:2:1: include of `none` of `x.sh`, which has no such anchor
        ");
    }

    #[test]
    fn what_is_included_may_include_from_where_it_stands() {
        insta::assert_snapshot!(shown("\
-- src/a.md --
{{ #include parts/b.md }} and \\{{#include x.md}} and {{#title X}}
-- src/parts/b.md --
---
title: a document
---
B, {{#include ../../c.txt}}
-- c.txt --
C"), @r#"
        B, C and {{#include x.md}} and {{#title X}}
        <src/parts/b.md> "B, {{#include ../../c.txt}}"
        <c.txt> "C"
        "#);
    }

    #[test]
    fn white_space_and_escapes_are_those_of_mdbook() {
        insta::assert_snapshot!(shown("\
-- src/a.md --
{{#include
b.md}} and {{#include x
{{#include b.md}}
\\{{#include b.md}} and {{#include b.md}} so
{{#include b.md}}
-- src/b.md --
B"), @r#"
        B and {{#include x
        B
        {{#include b.md}} and {{#include b.md}} so
        B
        <src/b.md> "B"
        <src/b.md> "B"
        <src/b.md> "B"
        "#);
    }

    #[test]
    fn what_cannot_be_included_stays_and_is_named() {
        insta::assert_snapshot!(shown("\
-- src/a.md --
{{#include gone.md}}
{{#include ../../etc/passwd}}
{{#include /etc/passwd}}
{{#include a.md}}
{{#include b.md}}
{{#include}} {{#include x
-- src/b.md --
b {{#include a.md}}
{{#include b.md:1}}"), @r#"
        {{#include gone.md}}
        {{#include ../../etc/passwd}}
        {{#include /etc/passwd}}
        {{#include a.md}}
        b {{#include a.md}}
        b {{#include a.md}}
        {{#include}} {{#include x
        <src/b.md> "b {{#include a.md}}\n{{#include b.md:1}}"
        <src/b.md> "b {{#include a.md}}"
        src/a.md:1:1: include of `gone.md`, which does not exist
        src/a.md:2:1: include of `../../etc/passwd`, which lies outside the project
        src/a.md:3:1: include of `/etc/passwd`, which lies outside the project
        src/a.md:4:1: include of `a.md`, which includes this file
        src/b.md:1:3: include of `a.md`, which includes this file
        src/b.md:1:3: include of `a.md`, which includes this file
        "#);
    }

    #[test]
    fn includes_of_includes_come_to_an_end() {
        let mut files = String::from("-- src/a.md --\n{{#include 0.md}}\n");
        for depth in 0..12 {
            let line = format!("{{{{#include {}.md}}}}\n", depth + 1).repeat(10);
            files += &format!("-- src/{depth}.md --\n{line}");
        }
        files += "-- src/12.md --\nthe end\n";
        let tree = fixture::tree(&files);
        let source = tree.source(&SourcePath::new("src/a.md").unwrap()).unwrap().unwrap();
        let (text, problems) = text(&tree, &source, 0, &Config::default());
        holds_together(&text);
        assert!(text.included.len() <= MOST_INCLUDES && !problems.is_empty());
    }

    #[test]
    fn braces_take_linear_time() {
        let line = "{{#{{#include {{".repeat(50_000);
        assert!(shown(&format!("-- src/a.md --\n{line}")).contains("{{#include"));
    }

    #[test]
    fn the_other_directives_of_mdbook() {
        insta::assert_snapshot!(shown("\
-- src/a.md --
{{#title Another title}}
{{#playground ex.rs editable}}
{{#rustdoc_include ex.rs:2}}

- item

  {{#include ../parts/two.md}}
\\{{#title shown}} {{#unknown x}}
-- src/ex.rs --
fn main() {
    run();
}
-- parts/two.md --
One.

  - {{#include three.md}}
-- parts/three.md --
Two
three.
"), @r#"
        ~~~~~~rust,editable
        fn main() {
            run();
        }
        ~~~~~~

            run();

        - item

          One.

            - Two
          three.
        {{#title shown}} {{#unknown x}}
        <src/ex.rs> "fn main() {\n    run();\n}\n"
        <src/ex.rs> "    run();"
        <parts/two.md> "One.\n\n  - {{#include three.md}}"
        <parts/three.md> "Two\nthree."
        "#);
    }

    #[test]
    fn no_text_makes_including_panic() {
        let files = "\
-- src/a.md --
# A é
{{#include b.md:2:3}} \\{{#include b.md}}
{{#include b.md:x}}
{{#include c/d.md}}
-- src/b.md --
ü
ANCHOR: x
{{#include c/d.md::1}}
ANCHOR_END: x
-- src/c/d.md --
{{#include ../b.md:1}}
";
        let mut random = Random::new(5);
        for _ in 0..1_000 {
            let edited = random.edited(files);
            let tree = fixture::tree(&format!(
                "-- src/a.md --\n{}",
                edited.replace("-- src/a.md --\n", "")
            ));
            let source = tree.source(&SourcePath::new("src/a.md").unwrap()).unwrap().unwrap();
            let (text, problems) = text(&tree, &source, 0, &Config::default());
            holds_together(&text);
            for problem in problems {
                let span = problem.span;
                assert!(problem.source.text.get(span.start..span.end).is_some(), "{edited}");
            }
        }
    }
}
