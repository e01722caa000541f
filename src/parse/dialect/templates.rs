//! What the tags of template languages mean to a reader: references, figures, notes, code. What nobody can know without
//! running the tool stays as it is written, and is named.

use std::borrow::Cow;

use crate::parse::dialect::callout::{self, Shape};
use crate::parse::dialect::settings::Settings;
use crate::parse::dialect::tags::{Form, Tag, tags};
use crate::parse::dialect::{BY_NAME, Code, Dialect, is_markdown};
use crate::parse::front_matter::FrontMatter;
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// A body whose tags were taken, and the names and places of those that were not understood.
pub struct Rendered {
    pub rewriting: Option<Rewriting>,
    pub unknown: Vec<(String, Span)>,
}

/// What a document's tags can ask for.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub dialect: Dialect,
    pub settings: &'a Settings,
    pub meta: &'a FrontMatter,
    pub title: &'a str,
}

/// Puts what the tags of a body mean in their place.
pub fn templates(body: &str, known: Known<'_>) -> Rendered {
    let tags = tags(body, known.dialect);
    let mut unknown = Vec::new();
    if tags.is_empty() {
        return Rendered { rewriting: None, unknown };
    }
    let pairs = pairs(&tags);
    let code = Code::of(body);
    let mut out = Rewriting::default();
    let mut done = 0;
    let mut index = 0;
    while index < tags.len() {
        let tag = &tags[index];
        let pair = pairs[index];
        let in_code = code.holds(tag.span.start);
        // Those who show templates in code mean the code, but for the tools that run templates before they read Markdown.
        let shows = in_code && !runs_in_code(known.dialect);
        let meaning =
            if shows { Meaning::Shown } else { known.meaning(tag, pair.map(|at| &tags[at])) };
        index += 1;
        if matches!(meaning, Meaning::Shown) {
            continue;
        }
        out.copy(body, Span { start: done, end: tag.span.start });
        done = tag.span.end;
        match meaning {
            Meaning::Words(words) => out.put(&words, tag.span),
            Meaning::Name(path) => {
                // So much of a long line is looked at for each tag in it.
                let near = body.floor_char_boundary(tag.span.start.saturating_sub(1_000));
                let (before, after) = (&body[near..tag.span.start], &body[tag.span.end..]);
                out.put(
                    &match () {
                        () if in_code => path,
                        () if is_destination(before) => by_name(&path),
                        () if stands_alone(before, after) => {
                            format!("<a href=\"{}\">{}</a>", by_name(&path), in_html(&path))
                        }
                        () => path,
                    },
                    tag.span,
                );
            }
            Meaning::Block(words) => {
                let indent = indent(body, tag.span.start);
                let words = words.replace('\n', &format!("\n{indent}"));
                let before = if out.ends_line() || !indent.is_empty() { "" } else { "\n" };
                out.put(&format!("{before}{}", words.trim_end_matches(' ')), tag.span);
                let ends_line = words.ends_with('\n') && body[done..].starts_with('\n');
                done += usize::from(ends_line);
            }
            Meaning::Dropped => {
                // All up to where it is closed goes too.
                if let Some(close) = pair {
                    done = tags[close].span.end;
                    index = close + 1;
                }
            }
            Meaning::Verbatim => {
                if let Some(close) = pair {
                    out.copy(body, Span { start: done, end: tags[close].span.start });
                    done = tags[close].span.end;
                    index = close + 1;
                }
            }
            Meaning::Unknown => {
                if !is_part(tag, pair) {
                    unknown.push((written_name(tag), tag.span));
                }
                out.put(&shown(&body[tag.span.start..tag.span.end], in_code), tag.span);
            }
            Meaning::Escaped => {
                let written = &body[tag.span.start..tag.span.end];
                let written = written.replacen("/*", "", 1).replacen("*/", "", 1);
                out.put(&shown(&written, in_code), tag.span);
            }
            Meaning::Shown => {}
        }
    }
    out.copy(body, Span { start: done, end: body.len() });
    Rendered { rewriting: Some(out), unknown }
}

enum Meaning {
    /// It is no tag here.
    Shown,
    /// Itself, without what keeps it from being one.
    Escaped,
    /// Words in the line.
    Words(String),
    /// A document, where a link leads.
    Name(String),
    /// Lines of their own.
    Block(String),
    /// Nothing, with all that it encloses.
    Dropped,
    /// What it encloses, as it is.
    Verbatim,
    Unknown,
}

/// Returns the tag that closes each, by index, and the one that each closes.
fn pairs(tags: &[Tag<'_>]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        if !tag.closes {
            open.push(index);
            continue;
        }
        // How far back one looks is bounded, so that a thousand strays take no million steps.
        let near = open.iter().rev().take(200);
        let found = near.copied().find(|at| {
            tag.name.is_empty() && tags[*at].form == Form::Block || tags[*at].name == tag.name
        });
        if let Some(at) = found {
            pairs[at] = Some(index);
            pairs[index] = Some(at);
            while open.pop().is_some_and(|popped| popped != at) {}
        }
    }
    pairs
}

fn runs_in_code(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Hugo | Dialect::Jekyll | Dialect::Zola | Dialect::GovUk)
}

/// Returns the white space before a tag that its line begins with.
fn indent(body: &str, at: usize) -> &str {
    let before = body[..at].trim_end_matches(' ');
    let begins = before.is_empty() || before.ends_with('\n');
    if begins { &body[before.len()..at] } else { "" }
}

/// Tells whether a link leads where the text behind this one says.
fn is_destination(before: &str) -> bool {
    let before = without_site(before).trim_end_matches([' ', '<', '"', '\'']);
    ["](", "]:", "href=", "src="].iter().any(|start| before.ends_with(start))
}

/// Returns a text without the address of the site, which is the root here, at its end.
fn without_site(mut before: &str) -> &str {
    while let Some((rest, _)) = before.strip_suffix("}}").and_then(|rest| rest.rsplit_once("{{")) {
        before = rest;
    }
    before
}

/// Tells whether what stands between two texts is words of their own, and no part of a link, of an element or of a word.
fn stands_alone(before: &str, after: &str) -> bool {
    let before = without_site(before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let opened = |open: char, close: char| {
        let at = line.rfind(open).filter(|at| Some(*at) > line.rfind(close))?;
        Some(&line[at + 1..])
    };
    let in_element = opened('<', '>').is_some_and(|rest| {
        rest.starts_with(|char: char| char.is_ascii_alphabetic()) && rest.contains('=')
    });
    let begins = before
        .chars()
        .next_back()
        .is_none_or(|char| char.is_whitespace() || "(>|*:\"“".contains(char));
    let ends = after
        .chars()
        .next()
        .is_none_or(|char| char.is_whitespace() || ".,;:!?)<|*{\"”".contains(char));
    begins && ends && !in_element && opened('[', ']').is_none() && !line.ends_with("](")
}

fn in_html(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Tells whether a tag goes with another that is named: `{% else %}`, `{% endif %}`, `<% end %>`.
fn is_part(tag: &Tag<'_>, pair: Option<usize>) -> bool {
    const PARTS: &[&str] = &["else", "elsif", "elif", "when", "end"];
    let is_code = matches!(tag.form, Form::Block | Form::Erb);
    tag.closes && pair.is_some()
        || is_code && PARTS.contains(&tag.name)
        || tag.form == Form::Erb && tag.rest.starts_with('}')
}

/// Returns the name of the kind of a tag: what closes is of the kind of what it closes.
fn written_name(tag: &Tag<'_>) -> String {
    let name = if tag.name.is_empty() { "…" } else { tag.name };
    match tag.form {
        Form::Shortcode | Form::Escaped => format!("{{{{< {name} >}}}}"),
        Form::Block => format!("{{% {name} %}}"),
        Form::Braces => format!("{{{{ {name} }}}}"),
        Form::Erb | Form::Comment => format!("<% {name} %>"),
    }
}

/// Returns what is shown of a tag: its own signs, none of which is one of Markdown's.
fn shown(tag: &str, in_code: bool) -> Cow<'_, str> {
    if in_code || !tag.contains('<') {
        return Cow::Borrowed(tag);
    }
    Cow::Owned(tag.replace('<', "&lt;"))
}

impl Known<'_> {
    fn meaning(&self, tag: &Tag<'_>, pair: Option<&Tag<'_>>) -> Meaning {
        match tag.form {
            Form::Escaped => Meaning::Escaped,
            Form::Comment => Meaning::Words(String::new()),
            Form::Erb => self.erb(tag),
            Form::Braces => self.braces(tag),
            Form::Shortcode | Form::Block => self.shortcode(tag, pair),
        }
    }

    /// A shortcode of Hugo, Zola or GitBook, or a tag of Liquid.
    fn shortcode(&self, tag: &Tag<'_>, pair: Option<&Tag<'_>>) -> Meaning {
        let opens = if tag.closes { pair } else { Some(tag) };
        let unknown = match self.dialect {
            Dialect::Plain if pair.is_some() => Meaning::Unknown,
            // Reported where it could not be included.
            Dialect::MkDocs if self.settings.macros && !tag.name.starts_with("include") => {
                Meaning::Unknown
            }
            Dialect::Plain | Dialect::MdBook | Dialect::MkDocs => Meaning::Shown,
            _ => Meaning::Unknown,
        };
        let Some(opens) = opens else { return unknown };
        let arguments = Arguments(opens.arguments());
        let name = opens.name.rsplit('/').next().unwrap_or_default().to_lowercase();
        let is_pair = pair.is_some();
        match &*name {
            "raw" | "rawhtml" | "verbatim" if is_pair => Meaning::Verbatim,
            "comment" if is_pair => Meaning::Dropped,
            // In the documentation of Hugo it holds code, in that of others Markdown.
            "code" | "code-toggle"
                if is_pair && opens.form == Form::Shortcode && self.dialect == Dialect::Hugo =>
            {
                if tag.closes {
                    return Meaning::Block("~~~~~~\n".to_owned());
                }
                let file = arguments.named(&["file"]).unwrap_or_default();
                let language = file.rsplit_once('.').map_or("", |(_, extension)| extension);
                let language = if name == "code-toggle" { "yaml" } else { language };
                Meaning::Block(format!("~~~~~~ {language}\n"))
            }
            "highlight" | "code-block" | "codeblock" | "mermaid" if is_pair => {
                if tag.closes {
                    return Meaning::Block("~~~~~~\n".to_owned());
                }
                let language = if name == "mermaid" {
                    "mermaid"
                } else {
                    arguments.nth(0).unwrap_or_default()
                };
                Meaning::Block(format!("~~~~~~ {language}\n"))
            }
            _ if let Some((shape, kind, title)) =
                callout_of(&name, &arguments).filter(|_| is_pair) =>
            {
                if tag.closes {
                    return Meaning::Block(format!("\n\n</{}>\n\n", shape.element()));
                }
                let titled = title.as_ref().map(|title| !title.is_empty());
                let own = title.filter(|title| !title.is_empty());
                let own = own.map(|title| format!("<span>{title}</span>\n\n")).unwrap_or_default();
                let opening = callout::opening_tag(shape, &kind, titled);
                Meaning::Block(format!("\n\n{opening}\n\n{own}"))
            }
            // They only hold others.
            "tabs" | "tabpane" | "columns" | "cards" | "steps" | "stepper" | "step" | "section"
            | "code" | "method"
                if is_pair =>
            {
                Meaning::Block("\n\n".to_owned())
            }
            "toc" | "tableofcontents" | "br" => Meaning::Words(String::new()),
            // The columns of a `method` of GitBook.
            "sample" | "common" if self.dialect == Dialect::Plain && !tag.closes => {
                Meaning::Words(String::new())
            }
            "figure" | "img" | "image" | "imgproc" if is_pair && tag.closes => {
                Meaning::Words(String::new())
            }
            _ if tag.closes => unknown,
            "ref" | "relref" | "link" | "post_url" => {
                match arguments.named(&["path"]).or(arguments.nth(0)) {
                    Some(path) => Meaning::Name(path.to_owned()),
                    None => unknown,
                }
            }
            "param" => match arguments.nth(0).and_then(|name| self.variable(name)) {
                Some(value) => Meaning::Words(value),
                None => Meaning::Unknown,
            },
            "figure" | "img" | "image" | "imgproc" => {
                figure(&arguments).map_or(unknown, Meaning::Block)
            }
            "youtube" | "vimeo" | "gist" | "embed" | "content-ref" => {
                match elsewhere(&name, &arguments) {
                    Some(address) => Meaning::Block(format!("\n\n<{address}>\n\n")),
                    None => unknown,
                }
            }
            "include_relative" if self.dialect == Dialect::Jekyll => Meaning::Shown,
            "include" if self.dialect == Dialect::Jekyll => self.include(&arguments),
            _ => unknown,
        }
    }

    /// `{% include note.html content="…" %}` of the themes for documentation.
    fn include(&self, arguments: &Arguments) -> Meaning {
        let name = arguments.nth(0).unwrap_or_default();
        let kind = name.rsplit('/').next().unwrap_or_default().trim_end_matches(".html");
        let words = arguments.named(&["content", "text", "body"]);
        match (callout_of(kind, arguments), words) {
            (Some((shape, kind, _)), Some(words)) => {
                let opening = callout::opening_tag(shape, &kind, None);
                Meaning::Block(format!("\n\n{opening}\n\n{words}\n\n</{}>\n\n", shape.element()))
            }
            // Reported where it could not be included.
            _ if is_markdown(name) => Meaning::Shown,
            _ => Meaning::Unknown,
        }
    }

    /// `{{ page.title }}` of Liquid, `{{ youtube(id="x") }}` of Zola and of MkDocs' macros.
    fn braces(&self, tag: &Tag<'_>) -> Meaning {
        if tag.rest.starts_with('(') {
            let arguments = Arguments(tag.arguments());
            let meaning = match tag.name {
                "figure" | "img" | "image" => figure(&arguments).map(Meaning::Block),
                name => elsewhere(name, &arguments)
                    .map(|address| Meaning::Block(format!("\n\n<{address}>\n\n"))),
            };
            return meaning.unwrap_or(Meaning::Unknown);
        }
        if self.dialect != Dialect::Jekyll {
            return Meaning::Shown;
        }
        if let Some((None, value)) = tag.arguments().first().filter(|_| tag.name.is_empty()) {
            return Meaning::Words(value.clone());
        }
        match self.variable(tag.name) {
            Some(value) => Meaning::Words(value),
            None => Meaning::Unknown,
        }
    }

    /// `<%= current_page.data.title %>` and the helpers of the template.
    fn erb(&self, tag: &Tag<'_>) -> Meaning {
        let arguments = Arguments(tag.arguments());
        match tag.name {
            "warning_text" => match arguments.nth(0) {
                Some(words) => {
                    let opening = callout::opening_tag(Shape::Note, "warning", None);
                    Meaning::Block(format!("\n\n{opening}\n\n{words}\n\n</aside>\n\n"))
                }
                None => Meaning::Unknown,
            },
            // Reported where it could not be included.
            "partial" => Meaning::Shown,
            "link_to" => match (arguments.nth(0), arguments.nth(1)) {
                (Some(words), Some(address)) => Meaning::Words(format!("[{words}](<{address}>)")),
                _ => Meaning::Unknown,
            },
            "image_tag" => match arguments.nth(0) {
                Some(address) => {
                    let alt = arguments.named(&["alt", ":alt"]).unwrap_or_default();
                    Meaning::Words(format!("![{alt}](</images/{address}>)"))
                }
                None => Meaning::Unknown,
            },
            "config" => {
                let key = tag.rest.rsplit("[:").next().unwrap_or_default().trim_end_matches(']');
                self.settings.variables.get(key).cloned().map_or(Meaning::Unknown, Meaning::Words)
            }
            name => match self.variable(name).filter(|_| tag.rest.is_empty()) {
                Some(value) => Meaning::Words(value),
                None => Meaning::Unknown,
            },
        }
    }

    /// Returns what a variable of the page or of the site holds.
    fn variable(&self, name: &str) -> Option<String> {
        let page = ["current_page.data.", "page.", "Page.", "Params."];
        if let Some(key) = page.iter().find_map(|prefix| name.strip_prefix(prefix)) {
            return match key {
                "title" | "Title" => Some(self.title.to_owned()),
                key => self.meta.other.get(key).map(|value| value.value.clone()),
            };
        }
        match name {
            "site.baseurl" | "site.url" => Some(String::new()),
            name => {
                let key = name.strip_prefix("site.").unwrap_or(name);
                let named = self.meta.other.get(key).map(|value| &value.value);
                named.or(self.settings.variables.get(key)).cloned()
            }
        }
    }
}

/// Returns an address that names a document, to be looked for wherever it stands.
fn by_name(path: &str) -> String {
    let encoded: String = path
        .chars()
        .map(|char| match char {
            ' ' => "%20".into(),
            '"' => "%22".into(),
            '<' => "%3C".into(),
            '(' => "%28".into(),
            ')' => "%29".into(),
            char => String::from(char),
        })
        .collect();
    format!("{BY_NAME}{encoded}")
}

fn figure(arguments: &Arguments) -> Option<String> {
    let said = |name: &str| arguments.named(&[name]).filter(|said| !said.is_empty());
    let own = said("src").or(said("path")).or(arguments.nth(0));
    let address = own.or(said("link"))?;
    let (title, caption) = (said("title"), said("caption"));
    let alt = without_links(said("alt").or(caption).or(title).unwrap_or_default());
    let picture = format!("![{alt}](<{address}>)");
    let mut blocks = vec![match said("link").filter(|_| own.is_some()) {
        Some(link) => format!("[{picture}](<{link}>)"),
        None => picture,
    }];
    blocks.extend(title.map(|title| format!("**{}**", title.trim())));
    let credit = said("attr").map(|words| match said("attrlink") {
        Some(link) => format!("[{words}](<{link}>)"),
        None => words.to_owned(),
    });
    let words: Vec<String> = caption.map(str::to_owned).into_iter().chain(credit).collect();
    if !words.is_empty() {
        blocks.push(words.join(" "));
    }
    Some(format!("\n\n{}\n\n", blocks.join("\n\n")))
}

/// Returns words without the brackets and the addresses of their links.
fn without_links(words: &str) -> String {
    let mut parts = words.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |it| it.1));
    text.replace(['[', ']'], "")
}

/// Returns the address of what a shortcode would load from elsewhere.
fn elsewhere(name: &str, arguments: &Arguments) -> Option<String> {
    let first = arguments.named(&["id", "url", "src"]).or(arguments.nth(0))?;
    Some(match name {
        "youtube" => format!("https://www.youtube.com/watch?v={first}"),
        "vimeo" => format!("https://vimeo.com/{first}"),
        "gist" => match arguments.nth(1) {
            Some(id) => format!("https://gist.github.com/{first}/{id}"),
            None => first.to_owned(),
        },
        "embed" if first.contains("://") => first.to_owned(),
        _ => return None,
    })
}

/// Returns the callout that a shortcode is, its kind and its title.
fn callout_of(name: &str, arguments: &Arguments) -> Option<(Shape, String, Option<String>)> {
    let title = arguments.named(&["title", "header", "summary", "name"]);
    let own = |title: Option<&str>| title.map(str::to_owned);
    Some(match name {
        "hint" | "notice" | "alert" | "callout" | "admonition" | "panel" => {
            let kind = arguments.named(&["style", "type", "level", "color", "class", "context"]);
            let kind = kind.or(arguments.nth(0)).unwrap_or("note").to_lowercase();
            let title = title.or(arguments.nth(1));
            (Shape::Note, kind, own(title))
        }
        "note" | "tip" | "info" | "warning" | "caution" | "danger" | "important" | "attention"
        | "success" | "error" | "pageinfo" => {
            let kind = if name == "pageinfo" { "info" } else { name };
            (Shape::Note, kind.to_owned(), own(title.or(arguments.nth(0))))
        }
        "details" | "expand" | "collapse" | "spoiler" => {
            let title = title.or(arguments.nth(0)).unwrap_or("Details");
            (Shape::Details, "details".to_owned(), own(Some(title)))
        }
        "tab" => (Shape::Tab, String::new(), own(title.or(arguments.nth(0)))),
        _ => return None,
    })
}

struct Arguments(Vec<(Option<String>, String)>);

impl Arguments {
    /// Returns the nth argument that has no name.
    fn nth(&self, index: usize) -> Option<&str> {
        let mut unnamed = self.0.iter().filter(|(name, _)| name.is_none());
        unnamed.nth(index).map(|(_, value)| value.as_str())
    }

    fn named(&self, names: &[&str]) -> Option<&str> {
        let is = |name: &Option<String>| name.as_deref().is_some_and(|name| names.contains(&name));
        self.0.iter().find(|(name, _)| is(name)).map(|(_, value)| value.as_str())
    }
}
