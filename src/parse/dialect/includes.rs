//! Where other tools than mdBook put a file into a document: snippets and `include-markdown` of MkDocs, includes of Jekyll,
//! partials of the GOV.UK Tech Docs.

use crate::parse::config::Config;
use crate::parse::dialect::Dialect;
use crate::source::{SourcePath, Span};

/// A place where files are put in.
#[derive(Debug)]
pub struct Place {
    pub span: Span,
    pub wanted: Vec<Wanted>,
}

/// A file that is put in.
#[derive(Debug)]
pub struct Wanted {
    /// As it is written.
    pub written: String,
    /// Where it may lie, the likeliest first.
    pub paths: Vec<SourcePath>,
    pub what: What,
    /// Its links are relative to where it lies.
    pub keeps_links: bool,
}

/// What of a file is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    All,
    /// Ranges of lines. Those that count from the end are below 0.
    Lines(Vec<(Option<isize>, Option<isize>)>),
    /// What stands between the marks of a section of this name.
    Section(String),
    /// What stands behind the first text and before the second one.
    Between(Option<String>, Option<String>),
}

/// Returns where a part of a file puts other files in, in order.
pub fn places(text: &str, part: Span, from: &SourcePath, config: &Config) -> Vec<Place> {
    match config.dialect {
        Dialect::MkDocs => {
            let mut places = snippets(text, part, config);
            places.extend(tags(text, part, "{%", "%}", |inner| {
                include_markdown(inner, from, config)
            }));
            places.sort_by_key(|place| place.span);
            places
        }
        Dialect::Jekyll => tags(text, part, "{%", "%}", |inner| jekyll(inner, from, config)),
        Dialect::GovUk => tags(text, part, "<%=", "%>", |inner| partial(inner, from, config)),
        Dialect::Plain | Dialect::MdBook | Dialect::Hugo | Dialect::Zola => Vec::new(),
    }
}

/// Returns the snippets that stand below every document.
pub fn appended(config: &Config) -> Vec<Wanted> {
    config.settings.appended.iter().filter_map(|written| snippet(written, config)).collect()
}

fn tags(
    text: &str,
    part: Span,
    open: &str,
    close: &str,
    wanted: impl Fn(&str) -> Option<Wanted>,
) -> Vec<Place> {
    let mut places = Vec::new();
    let mut at = part.start;
    while let Some(found) = text[at..part.end].find(open) {
        let start = at + found;
        let inner = start + open.len();
        let Some(length) = text[inner..part.end].find(close) else { break };
        at = inner + length + close.len();
        let inner = text[inner..inner + length].trim_matches(['-', ' ', '\t', '\r', '\n']);
        if let Some(wanted) = wanted(inner) {
            places.push(Place { span: Span { start, end: at }, wanted: vec![wanted] });
        }
    }
    places
}

/// `--8<-- "file.md"` on a line, or lines of names between two lines of `--8<--`.
fn snippets(text: &str, part: Span, config: &Config) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut block: Option<Place> = None;
    let mut at = part.start;
    for line in text[part.start..part.end].split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        let written = line.trim();
        let end = start + written.len();
        at += line.len();
        let escaped = written.strip_prefix(';').filter(|_| block.is_none());
        let scissors = escaped.unwrap_or(written).trim_start_matches('-');
        let is_mark = scissors.len() < written.len() && scissors.starts_with("8<-");
        if is_mark && escaped.is_some_and(|escaped| escaped.starts_with('-')) {
            // Its semicolon goes, and it is shown.
            places.push(Place { span: Span { start, end: start + 1 }, wanted: Vec::new() });
            continue;
        }
        let rest = scissors.trim_start_matches("8<").trim_start_matches('-').trim();
        match &mut block {
            Some(_) if is_mark && rest.is_empty() => {
                if let Some(mut place) = block.take() {
                    place.span.end = end;
                    places.push(place);
                }
            }
            Some(place) if !written.is_empty() && !written.starts_with(';') => {
                place.wanted.extend(snippet(written.trim_matches('"'), config));
            }
            Some(_) => {}
            None if is_mark && rest.is_empty() => {
                block = Some(Place { span: Span { start, end }, wanted: Vec::new() });
            }
            None if is_mark => {
                let name =
                    rest.strip_prefix(['"', '\'']).and_then(|name| name.strip_suffix(['"', '\'']));
                let wanted = name.and_then(|name| snippet(name, config));
                places.extend(
                    wanted.map(|wanted| Place { span: Span { start, end }, wanted: vec![wanted] }),
                );
            }
            None => {}
        }
    }
    places
}

/// `file.md`, `file.md:3:5`, `file.md:1:1,5:`, `file.md:section`.
fn snippet(written: &str, config: &Config) -> Option<Wanted> {
    if written.contains("://") {
        return None;
    }
    let (name, what) = match written.split_once(':') {
        None => (written, What::All),
        Some((name, what)) => match ranges(what) {
            Some(ranges) => (name, What::Lines(ranges)),
            None => (name, What::Section(what.to_owned())),
        },
    };
    let name = name.trim();
    let paths = snippet_folders(config)
        .filter_map(|folder| SourcePath::around(&format!("{folder}/{name}")))
        .collect();
    Some(Wanted { written: name.to_owned(), paths, what, keeps_links: false })
}

/// Returns the folders that snippets are looked for in, the likeliest first.
pub fn snippet_folders(config: &Config) -> impl Iterator<Item = &str> {
    let own = config.settings.snippets.iter().map(String::as_str);
    own.chain(["", config.book.src.as_str()])
}

/// `3:5`, `:5`, `1:1,5:-2`: the first and the last line of each range.
fn ranges(written: &str) -> Option<Vec<(Option<isize>, Option<isize>)>> {
    let number = |written: &str| match written {
        "" => Some(None),
        written => written.parse().ok().map(Some),
    };
    let range = |written: &str| {
        let (first, last) = written.split_once(':').unwrap_or((written, ""));
        Some((number(first)?, number(last)?))
    };
    written.split(',').map(range).collect()
}

/// `include-markdown "../README.md" start="…" end="…"`, `include "file"`.
fn include_markdown(inner: &str, from: &SourcePath, config: &Config) -> Option<Wanted> {
    let rest = inner.strip_prefix("include-markdown").or_else(|| inner.strip_prefix("include"))?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let (written, options) = rest[1..].split_once(quote)?;
    let paths = match written.strip_prefix('/') {
        Some(absolute) => SourcePath::new(&format!("./{}/{absolute}", config.book.src.as_str()))
            .into_iter()
            .collect(),
        None => from.reach(written).into_iter().collect(),
    };
    let option = |name: &str| {
        let (_, rest) = options.split_once(&format!("{name}="))?;
        let quote = rest.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
        Some(rest[1..].split_once(quote)?.0.replace("\\n", "\n"))
    };
    let what = match (option("start"), option("end")) {
        (None, None) => What::All,
        (start, end) => What::Between(start, end),
    };
    let keeps_links = !options.contains("rewrite-relative-urls=false");
    Some(Wanted { written: written.to_owned(), paths, what, keeps_links })
}

/// `include_relative steps.md`, `include steps.md` out of `_includes`. What is no Markdown is for the theme.
fn jekyll(inner: &str, from: &SourcePath, config: &Config) -> Option<Wanted> {
    let (tag, rest) = inner.split_once(char::is_whitespace)?;
    let written = rest.split_whitespace().next()?.trim_matches(['"', '\'']);
    let is_text = [".md", ".markdown", ".txt"].iter().any(|end| written.ends_with(end));
    let path = match tag {
        "include_relative" => from.reach(written),
        "include" if is_text => {
            SourcePath::new(&format!("./{}/_includes/{written}", config.book.src.as_str()))
        }
        _ => return None,
    };
    Some(Wanted {
        written: written.to_owned(),
        paths: path.into_iter().collect(),
        what: What::All,
        keeps_links: false,
    })
}

/// `partial 'partials/steps'`, which is the file `partials/_steps.md.erb` or its like.
fn partial(inner: &str, from: &SourcePath, config: &Config) -> Option<Wanted> {
    let rest = inner.strip_prefix("partial")?.trim_start_matches(['(', ' ']);
    let quote = rest.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let (written, _) = rest[1..].split_once(quote)?;
    let (folder, name) = written.rsplit_once('/').unwrap_or(("", written));
    let name = name.trim_start_matches('_');
    let content = config.book.src.as_str();
    let paths = [content, from.folder()].into_iter().flat_map(|base| {
        ["", ".md", ".md.erb", ".html.md.erb", ".erb", ".html.erb"].into_iter().flat_map(
            move |end| {
                ["_", ""].into_iter().filter_map(move |mark| {
                    SourcePath::new(&format!("./{base}/{folder}/{mark}{name}{end}"))
                })
            },
        )
    });
    Some(Wanted {
        written: written.to_owned(),
        paths: paths.collect(),
        what: What::All,
        keeps_links: false,
    })
}

#[cfg(test)]
mod tests {
    use crate::fixture::judged;

    /// The body of the document `a`, where its links lead from, and the problems.
    fn shown(fixture: &str) -> String {
        let judged = judged(fixture);
        let portal = &judged.portal;
        let (path, document) = portal
            .documents
            .iter()
            .find(|(path, _)| path.name().starts_with("a."))
            .expect("it is there");
        let mut out = document.text.body.clone();
        for (link, target) in document.links.iter().zip(&portal.targets[path]) {
            out += &format!("\n{} → {target:?}", link.destination);
        }
        for problem in &document.problems {
            let (line, column) = problem.source.position(problem.span.start);
            out += &format!("\n{}:{line}:{column}: {}", problem.source.path, problem.message);
        }
        out
    }

    #[test]
    fn snippets_of_mkdocs() {
        insta::assert_snapshot!(shown("\
-- mkdocs.yml --
markdown_extensions:
  - pymdownx.snippets:
      base_path: [parts]
      auto_append: [abbr.md]
-- docs/a.md --
--8<-- \"one.md\"

    --8<-- \"code.sh:2:3\"

--8<-- \"code.sh:work\"

--8<-- \"code.sh:1:1,-1:,3\"

--8<-- \"code.sh\"

-8<-
one.md
; no.md
deep/two.md
-8<-

;--8<-- \"escaped.md\"
`--8<-- \"one.md\"`
--8<-- \"gone.md\"
--8<-- \"code.sh:9:\"
-- parts/one.md --
---
title: unseen
---
One.
-- parts/abbr.md --
*[SLO]: Service level objective
-- docs/code.sh --
first
# --8<-- [start:work]
work
# --8<-- [end:work]
# last
-- parts/deep/two.md --
Two
lines.
"), @r#"
        One.

            work

        work

        first
        # last
        work
        # last

        first
        work
        # last

        One.
        Two
        lines.

        --8<-- "escaped.md"
        `--8<-- "one.md"`
        --8<-- "gone.md"
        --8<-- "code.sh:9:"



        docs/a.md:19:1: include of `gone.md`, which does not exist
        docs/a.md:20:1: include of lines of `code.sh`, which it does not have
        "#);
    }

    #[test]
    fn included_markdown_keeps_its_links() {
        insta::assert_snapshot!(shown("\
-- mkdocs.yml --
-- docs/a.md --
{%
  include-markdown \"../CHANGELOG.md\"
  start=\"<!-- begin -->\"
  end=\"<!-- end -->\"
%}
[own](b.md)
{% include-markdown \"../gone.md\" %}
-- docs/b.md --
# B
-- CHANGELOG.md --
Unseen.
<!-- begin -->
See [b](docs/b.md).
<!-- end -->
Unseen.
"), @r#"
        See [b](docs/b.md).

        [own](b.md)
        {% include-markdown "../gone.md" %}

        docs/b.md → Document { path: SourcePath("docs/b.md"), anchor: None, anchor_found: true }
        b.md → Document { path: SourcePath("docs/b.md"), anchor: None, anchor_found: true }
        docs/a.md:7:1: include of `../gone.md`, which does not exist
        "#);
    }

    #[test]
    fn includes_of_jekyll_and_partials_of_govuk() {
        insta::assert_snapshot!(shown("\
-- _config.yml --
-- a.md --
{% include_relative steps.md %} {% include note.md %} {% include note.md text=\"W\" %} {% include widget.html %}
-- steps.md --
Steps
-- _includes/note.md --
Note
"), @"Steps Note Note {% include widget.html %}");
        insta::assert_snapshot!(shown("\
-- config/tech-docs.yml --
-- source/a.html.md.erb --
<%= partial 'documentation/steps' %>
<%= partial(\"gone\") %>
-- source/documentation/_steps.md.erb --
Steps
"), @r#"
        Steps
        <%= partial("gone") %>

        source/a.html.md.erb:2:1: include of `gone`, which does not exist
        "#);
    }
}
