//! The tags of template languages in a body: `{{< hint info >}}`, `{% endraw %}`, `{{ page.title }}`, `<%= partial "x" %>`.

use crate::parse::dialect::Dialect;
use crate::source::Span;

/// A tag as it is written.
#[derive(Debug)]
pub struct Tag<'a> {
    pub span: Span,
    pub form: Form,
    /// `hint` in `{{< hint info >}}` and in `{{< /hint >}}`; the first word of anything else.
    pub name: &'a str,
    /// What follows the name, without white space around it.
    pub rest: &'a str,
    /// It closes what the tag of its name opened.
    pub closes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{{< >}}` and `{{% %}}`
    Shortcode,
    /// The same between `/*` and `*/`, or in backslashes: to be shown.
    Escaped,
    /// `{% %}`
    Block,
    /// `{{ }}`
    Braces,
    /// `<%= %>` and `<% %>`
    Erb,
    /// `<%# %>`, `{# #}`
    Comment,
}

/// How a tag begins and ends, and which it is.
type Delimiters = (&'static str, &'static str, Form);

const HUGO: &[Delimiters] = &[("{{<", ">}}", Form::Shortcode), ("{{%", "%}}", Form::Shortcode)];
const LIQUID: &[Delimiters] = &[("{%", "%}", Form::Block), ("{{", "}}", Form::Braces)];
const TERA: &[Delimiters] =
    &[("{%", "%}", Form::Block), ("{{", "}}", Form::Braces), ("{#", "#}", Form::Comment)];
const ERB: &[Delimiters] = &[("<%", "%>", Form::Erb)];
const GITBOOK: &[Delimiters] = &[("{%", "%}", Form::Block)];

fn delimiters(dialect: Dialect) -> &'static [Delimiters] {
    match dialect {
        Dialect::Hugo => HUGO,
        Dialect::Zola => TERA,
        Dialect::Jekyll | Dialect::MkDocs => LIQUID,
        Dialect::GovUk => ERB,
        Dialect::Plain | Dialect::MdBook => GITBOOK,
    }
}

/// Returns the tags of a body, in order. None lies in another.
pub fn tags(body: &str, dialect: Dialect) -> Vec<Tag<'_>> {
    let delimiters = delimiters(dialect);
    let first = delimiters.first().and_then(|(open, ..)| open.chars().next()).unwrap_or('{');
    let mut tags = Vec::new();
    // An end that is not found once is not looked for again.
    let mut missing: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(found) = body[at..].find(first) {
        let start = at + found;
        at = start + 1;
        let opened = delimiters.iter().find(|(open, ..)| body[start..].starts_with(open));
        let Some((open, close, form)) = opened else { continue };
        if missing.contains(close) {
            continue;
        }
        let inner = start + open.len();
        let Some(length) = body[inner..].find(close) else {
            missing.push(close);
            continue;
        };
        let end = inner + length + close.len();
        tags.push(tag(&body[inner..inner + length], *form, Span { start, end }));
        at = end;
    }
    tags
}

fn tag(inner: &str, form: Form, span: Span) -> Tag<'_> {
    let escaped = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/"));
    if let (Form::Shortcode | Form::Braces | Form::Block, Some(inner)) = (form, escaped) {
        return Tag { span, form: Form::Escaped, name: "", rest: inner, closes: false };
    }
    if form == Form::Erb && inner.starts_with('#') {
        return Tag { span, form: Form::Comment, name: "", rest: &inner[1..], closes: false };
    }
    let words = inner.trim_matches(['-', '=', ' ', '\t', '\n', '\r']);
    let (words, closes) = match words.strip_prefix('/') {
        Some(words) => (words.trim_start(), true),
        None => (words, false),
    };
    let words = words.strip_suffix('/').unwrap_or(words).trim_end();
    let is_name = |char: char| char.is_alphanumeric() || "_-./".contains(char);
    let length = words.find(|char| !is_name(char)).unwrap_or(words.len());
    let (name, rest) = words.split_at(length);
    let (name, closes) = match name.strip_prefix("end") {
        Some(opened) if form == Form::Block => (opened, true),
        _ => (name, closes),
    };
    Tag { span, form, name, rest: rest.trim(), closes }
}

impl Tag<'_> {
    /// Returns the arguments in order, each with the name that it may have: `info`, `title="T"`, `title: "T"`.
    pub fn arguments(&self) -> Vec<(Option<String>, String)> {
        let rest = self.rest.strip_prefix('(').map_or(self.rest, |rest| rest.trim_end_matches(')'));
        let mut arguments = Vec::new();
        let mut name: Option<String> = None;
        let mut words = rest.chars().peekable();
        while let Some(char) = words.peek().copied() {
            match char {
                '"' | '\'' | '`' | '“' | '”' => {
                    words.next();
                    let mut value = String::new();
                    while let Some(next) = words.next() {
                        match next {
                            '\\' if char != '`' => value.extend(words.next()),
                            '”' if "“”".contains(char) => break,
                            next if next == char => break,
                            next => value.push(next),
                        }
                    }
                    arguments.push((name.take(), value));
                }
                char if char.is_whitespace() || ",{}".contains(char) => drop(words.next()),
                // `:alt => "A cat"` of Ruby.
                '=' => {
                    words.next();
                    words.next_if_eq(&'>');
                    let key = arguments.pop_if(|(name, _)| name.is_none());
                    name = key.map(|(_, key)| key.trim_start_matches(':').to_owned());
                }
                _ => {
                    let mut word = String::new();
                    while let Some(next) = words.peek().copied() {
                        if next.is_whitespace() || next == ',' || next == '=' {
                            break;
                        }
                        word.push(next);
                        words.next();
                        if next == ':' && words.peek().is_none_or(|next| next.is_whitespace()) {
                            break;
                        }
                    }
                    if words.peek() == Some(&'=') {
                        words.next();
                        words.next_if_eq(&'>');
                        name = Some(word.trim_start_matches(':').to_owned());
                    } else if let Some(key) = word.strip_suffix(':').filter(|key| !key.is_empty()) {
                        name = Some(key.to_owned());
                    } else {
                        arguments.push((name.take(), word));
                    }
                }
            }
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str, dialect: Dialect) -> String {
        let show = |tag: &Tag<'_>| {
            let arguments: Vec<String> = tag
                .arguments()
                .into_iter()
                .map(|(name, value)| name.map_or(value.clone(), |name| format!("{name}={value}")))
                .collect();
            let close = if tag.closes { "/" } else { "" };
            format!("{:?} {close}{} [{}]\n", tag.form, tag.name, arguments.join("|"))
        };
        tags(body, dialect).iter().map(show).collect()
    }

    #[test]
    fn tags_are_read_by_the_rules_of_their_tool() {
        insta::assert_snapshot!(shown("{{< ref \"./a b.md#c\" >}} {{% hint style=`x` \"Two \\\"words\\\"\" %}}{{< /hint >}}{{< br />}}\n{{</* no */>}} {{ no }} {{< open", Dialect::Hugo), @r#"
        Shortcode ref [./a b.md#c]
        Shortcode hint [style=x|Two "words"]
        Shortcode /hint []
        Shortcode br []
        Escaped  [no]
        "#);
        insta::assert_snapshot!(shown("{{ page.title | escape }} {%- include a.html t=\"x\" -%}{% endraw %}", Dialect::Jekyll), @"
        Braces page.title [||escape]
        Block include [a.html|t=x]
        Block /raw []
        ");
        insta::assert_snapshot!(shown("<%= link_to 'T', \"/x\", class: \"y\" %><%# c %><% if x %>", Dialect::GovUk), @"
        Erb link_to [T|/x|class=y]
        Comment  [c]
        Erb if [x]
        ");
        insta::assert_snapshot!(shown("<%= image_tag 'x.png', { :alt => 'A cat', :b=>'c' } %>", Dialect::GovUk), @"Erb image_tag [x.png|alt=A cat|b=c]");
        insta::assert_snapshot!(shown("{{ youtube(id=\"1\", w=2) }}{% note(t=\"x\") %}{% end %}", Dialect::Zola), @"
        Braces youtube [id=1|w=2]
        Block note [t=x]
        Block / []
        ");
    }
}
