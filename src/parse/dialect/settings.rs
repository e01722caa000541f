//! The settings of other tools: what `mkdocs.yml`, `hugo.toml`, `_config.yml` and `config/tech-docs.yml` say of the site
//! as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::parse::dialect::addressing::Addressing;
use crate::parse::dialect::critic::Critic;
use crate::parse::dialect::detect::{HUGO, JEKYLL, MKDOCS, SITE};
use crate::parse::dialect::inherit::{self, Inherited};
use crate::parse::dialect::marks::Marks;
use crate::parse::dialect::patterns::Patterns;
use crate::parse::dialect::unused::{self, Unused};
use crate::parse::dialect::{Dialect, stem};
use crate::parse::node::{self, Node, Value};
use crate::parse::summary::{Chapter, Summary, SummaryItem};
use crate::source::{FileKind, Source, SourcePath, Span, Spanned, Tree};

/// What the settings of a tool say, as far as it means something to a reader.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub source: Option<Arc<Source>>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    /// Where the site is published.
    pub site: Option<String>,
    /// What it says of the addresses there.
    pub addressing: Addressing,
    /// The folder of the documents.
    pub content: Option<String>,
    /// What templates can ask for, by name: `params` of Hugo, `extra` of Zola and MkDocs, all of Jekyll and of GOV.UK.
    pub variables: BTreeMap<String, String>,
    /// The folders that snippets are looked for in.
    pub snippets: Vec<String>,
    /// The snippets that stand below every document.
    pub appended: Vec<String>,
    /// The documents that are not in the navigation on purpose.
    pub unlisted: Patterns,
    /// The documents that are none of the site, and those that are not finished.
    excluded: Patterns,
    unfinished: Patterns,
    /// The languages that documents are written in, where there are several.
    languages: Vec<Language>,
    /// What stood at an address, and where it stands now.
    pub redirects: Vec<(String, Spanned<String>)>,
    /// Whether the documents of MkDocs are templates.
    pub macros: bool,
    /// Whether `:smile:` is a picture.
    pub emoji: bool,
    /// What marks words within a line.
    pub marks: Marks,
    /// What critics write into the text.
    pub critic: Critic,
    /// Pages of MkDocs are files of their own, and no folders.
    pub is_flat: bool,
    /// The files that these settings are inherited from.
    pub bases: Vec<Arc<Source>>,
    /// Whether the documents are a vault of Obsidian.
    pub vault: bool,
    pub unused: Vec<Unused>,
    /// The navigation, and the file that it stands in.
    nav: Option<(Arc<Source>, Node)>,
}

/// A language of a site.
#[derive(Clone, Debug)]
struct Language {
    code: String,
    /// The folder of its documents, below the content folder.
    folder: Option<String>,
    /// Its addresses do not begin with its code.
    is_default: bool,
}

/// What the path of a document says of its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub language: String,
    /// The path without what says the language.
    pub below: String,
    /// What its addresses begin with.
    pub prefix: String,
}

/// Reads the settings of the tool that a tree was written for. What is malformed counts as not there.
pub fn settings(tree: &Tree, dialect: Dialect, content: &str) -> Settings {
    let files: Vec<&str> = match dialect {
        Dialect::Plain => {
            return Settings { vault: is_vault(tree, content), ..Settings::default() };
        }
        Dialect::MdBook => return Settings::default(),
        Dialect::MkDocs => MKDOCS.to_vec(),
        Dialect::Hugo => [HUGO, SITE].concat(),
        Dialect::Zola => vec!["config.toml"],
        Dialect::Jekyll => JEKYLL.to_vec(),
        Dialect::GovUk => vec!["config/tech-docs.yml"],
    };
    let read = |path: &&str| SourcePath::new(path).and_then(|path| tree.source(&path).ok()?);
    // What a tool does where nobody tells it otherwise.
    let usual = || {
        let nothing = Node { span: Span::default(), value: Value::Null };
        Settings { addressing: Addressing::new(&nothing, dialect, None), ..Settings::default() }
    };
    let Some(source) = files.iter().find_map(read) else { return usual() };
    let root = match source.path.extension() {
        "toml" if dialect == Dialect::MkDocs => zensical(&node::toml(&source.text, 0).0),
        "toml" => node::toml(&source.text, 0).0,
        _ => match node::yaml(&source.text, 0) {
            Ok(root) => root,
            Err(_) => return Settings { source: Some(source), ..usual() },
        },
    };
    let root = if dialect == Dialect::Hugo { with_tables(root, tree) } else { root };
    let Inherited { root, nav, bases } = match dialect {
        Dialect::MkDocs => inherit::inherited(root, &source, tree),
        _ => Inherited { root, nav: None, bases: Vec::new() },
    };
    let text = |names: &[&str]| names.iter().find_map(|name| root.entry(name)?.text());
    let texts = |node: Option<&Node>| node.map(Node::texts).unwrap_or_default();
    let snippets = extension(&root, "pymdownx.snippets");
    let patterns = |key: &str| match root.entry(key).filter(|_| dialect == Dialect::MkDocs) {
        Some(node) => Patterns::new(&node.text().unwrap_or_default()),
        None => Patterns::default(),
    };
    let site = match dialect {
        Dialect::GovUk => text(&["host"]),
        Dialect::Jekyll => {
            text(&["url"]).map(|host| host + &text(&["baseurl"]).unwrap_or_default())
        }
        _ => text(&["site_url", "baseURL", "base_url"]),
    };
    let base = if dialect == Dialect::Jekyll { text(&["baseurl"]) } else { site.clone() };
    Settings {
        addressing: Addressing::new(&root, dialect, base.as_deref()),
        title: text(&["site_name", "title", "service_name"]),
        description: text(&["site_description", "description"]),
        language: text(&["languageCode", "default_language", "defaultContentLanguage", "lang"])
            .or_else(|| root.entry("theme")?.entry("language")?.text()),
        site,
        content: mounted(&root)
            .filter(|_| dialect == Dialect::Hugo)
            .or_else(|| text(&["docs_dir", "contentDir"]))
            .or_else(|| text(&["source"]).filter(|_| dialect == Dialect::Jekyll)),
        variables: variables(&root),
        unused: unused::of_tool(&source, &root, dialect),
        macros: dialect == Dialect::MkDocs
            && root.entry("plugins").is_some_and(|list| has(list, "macros")),
        emoji: match dialect {
            Dialect::MkDocs => uses(&root, "emoji"),
            Dialect::Zola => root
                .entry("markdown")
                .and_then(|markdown| markdown.entry("render_emoji")?.text())
                .is_some_and(|written| written == "true"),
            _ => text(&["enableEmoji"]).is_some_and(|written| written == "true"),
        },
        snippets: texts(snippets.and_then(|node| node.entry("base_path"))),
        appended: texts(snippets.and_then(|node| node.entry("auto_append"))),
        unlisted: patterns("not_in_nav"),
        excluded: match dialect {
            Dialect::Jekyll => jekylls(&texts(root.entry("exclude"))),
            _ => patterns("exclude_docs"),
        },
        unfinished: patterns("draft_docs"),
        languages: match dialect {
            Dialect::Hugo | Dialect::Zola => languages(&root),
            _ => Vec::new(),
        },
        redirects: if dialect == Dialect::MkDocs { redirects(&root) } else { Vec::new() },
        marks: if dialect == Dialect::MkDocs { marks(&root) } else { Marks::default() },
        vault: false,
        critic: if dialect == Dialect::MkDocs { critic(&root) } else { Critic::Off },
        is_flat: dialect == Dialect::MkDocs
            && text(&["use_directory_urls"]).is_some_and(|written| written == "false"),
        nav,
        bases,
        source: Some(source),
    }
}

/// Jekyll's patterns begin at the root, and a `*` of theirs goes over `/`.
fn jekylls(written: &[String]) -> Patterns {
    let anchor = |pattern: &String| match pattern.contains('*') {
        true => pattern.clone(),
        false => format!("/{}", pattern.trim_start_matches('/')),
    };
    Patterns::new(&written.iter().map(anchor).collect::<Vec<_>>().join("\n"))
}

/// Obsidian keeps its settings at the top of the vault: the project, or its documents.
fn is_vault(tree: &Tree, content: &str) -> bool {
    let folders = [".obsidian".to_owned(), format!("{content}/.obsidian")];
    let mut folders = folders.iter().filter_map(|folder| SourcePath::new(folder));
    folders.any(|folder| tree.kind(&folder) == Some(FileKind::Folder))
}

/// Returns the settings of Hugo with the tables that stand in files of their own: `config/_default/languages.toml`.
fn with_tables(mut root: Node, tree: &Tree) -> Node {
    for name in ["languages", "params", "permalinks", "taxonomies", "module"] {
        let read = |end: &&str| {
            let path = SourcePath::new(&format!("config/_default/{name}.{end}"))?;
            let source = tree.source(&path).ok()??;
            match *end {
                "toml" => Some(node::toml(&source.text, 0).0),
                _ => node::yaml(&source.text, 0).ok(),
            }
        };
        let is_known = root.entry(name).is_some();
        let table = ["toml", "yaml", "yml"].iter().find_map(read).filter(|_| !is_known);
        if let (Some(table), Value::Map(entries)) = (table, &mut root.value) {
            let span = Span { start: 0, end: 0 };
            entries.push((Spanned { value: name.to_owned(), span }, table));
        }
    }
    root
}

/// Returns the folder that Hugo takes for that of the content, where its modules name one.
fn mounted(root: &Node) -> Option<String> {
    let Value::List(mounts) = &root.entry("module")?.entry("mounts")?.value else { return None };
    let is_content = |target: &str| target == "content" || target.starts_with("content/");
    let mut content = mounts.iter().filter_map(|mount| {
        let (source, target) = (mount.entry("source")?.text()?, mount.entry("target")?.text()?);
        is_content(&target).then_some((source, target))
    });
    let (source, target) = content.next()?;
    (target == "content" && content.next().is_none()).then_some(source)
}

/// Returns what `zensical.toml` says as `mkdocs.yml` would say it: its table `project`, with the extensions of a package in
/// one list with the others.
fn zensical(root: &Node) -> Node {
    let mut root = root.entry("project").unwrap_or(root).clone();
    if let Value::Map(entries) = &mut root.value
        && let Some((_, Node { value: Value::Map(extensions), .. })) =
            entries.iter_mut().find(|(name, _)| name.value == "markdown_extensions")
    {
        let packages = extensions.extract_if(.., |(name, _)| name.value == "pymdownx");
        let packages: Vec<_> = packages.collect();
        for (package, options) in packages {
            let Value::Map(options) = options.value else { continue };
            extensions.extend(options.into_iter().map(|(name, node)| {
                let value = format!("{}.{}", package.value, name.value);
                (Spanned { value, ..name }, node)
            }));
        }
    }
    root
}

/// Returns the options of one of MkDocs' Markdown extensions.
fn extension<'a>(root: &'a Node, name: &str) -> Option<&'a Node> {
    options(root.entry("markdown_extensions")?, name)
}

/// Returns the options of an entry of a list of names, some of which have options.
fn options<'a>(list: &'a Node, name: &str) -> Option<&'a Node> {
    match &list.value {
        Value::List(items) => items.iter().find_map(|item| item.entry(name)),
        _ => list.entry(name),
    }
}

/// Tells whether a list of names, some of which have options, holds one.
fn has(list: &Node, name: &str) -> bool {
    match &list.value {
        Value::Map(entries) => entries.iter().any(|(own, _)| own.as_str() == name),
        _ => list.texts().iter().any(|own| own == name) || options(list, name).is_some(),
    }
}

/// Returns what the extensions of MkDocs that are on make of signs within a line.
fn marks(root: &Node) -> Marks {
    let is_on = |name: &str, option: &str| {
        let set = extension(root, &format!("pymdownx.{name}")).and_then(|node| node.entry(option));
        uses(root, name) && set.and_then(Node::text).is_none_or(|written| written != "false")
    };
    Marks {
        mark: is_on("mark", ""),
        insert: is_on("caret", "insert"),
        superscript: is_on("caret", "superscript"),
        subscript: is_on("tilde", "subscript"),
        keys: is_on("keys", ""),
        icons: is_on("emoji", ""),
    }
}

/// Returns what is made of what critics write in MkDocs.
fn critic(root: &Node) -> Critic {
    let mode = extension(root, "pymdownx.critic").and_then(|node| node.entry("mode")?.text());
    match mode.as_deref() {
        _ if !uses(root, "critic") => Critic::Off,
        Some("accept") => Critic::Accept,
        Some("reject") => Critic::Reject,
        _ => Critic::View,
    }
}

/// Returns the languages of a site of Hugo or Zola.
fn languages(root: &Node) -> Vec<Language> {
    let Some(Value::Map(entries)) = root.entry("languages").map(|node| &node.value) else {
        return Vec::new();
    };
    let text = |node: &Node, names: &[&str]| names.iter().find_map(|name| node.entry(name)?.text());
    let default = text(root, &["defaultContentLanguage", "default_language"]);
    let default = default.unwrap_or_else(|| "en".to_owned());
    let in_folder = text(root, &["defaultContentLanguageInSubdir"]).is_some_and(|it| it == "true");
    let content = text(root, &["contentDir"]).unwrap_or_else(|| "content".to_owned());
    let language = |(code, node): &(Spanned<String>, Node)| Language {
        folder: text(node, &["contentDir"]).and_then(|folder| {
            let folder = folder.trim_matches('/');
            Some(folder.strip_prefix(&content)?.trim_matches('/').to_owned())
                .filter(|folder| !folder.is_empty())
        }),
        is_default: code.value == default && !in_folder,
        code: code.value.clone(),
    };
    entries.iter().map(language).collect()
}

/// Returns what the plugin `redirects` of MkDocs is told: paths below the folder of the documents, or addresses.
fn redirects(root: &Node) -> Vec<(String, Spanned<String>)> {
    let maps = root
        .entry("plugins")
        .and_then(|plugins| options(plugins, "redirects")?.entry("redirect_maps"));
    let Some(Value::Map(entries)) = maps.map(|maps| &maps.value) else { return Vec::new() };
    let redirect = |(from, to): &(Spanned<String>, Node)| {
        let to = Spanned { value: to.text()?, span: to.span };
        Some((from.value.clone(), to))
    };
    entries.iter().filter_map(redirect).collect()
}

/// Tells whether one of MkDocs' Markdown extensions whose name ends so is on.
fn uses(root: &Node, end: &str) -> bool {
    let is = |name: &str| name.rsplit('.').next() == Some(end);
    // The plugin of Backstage turns these on.
    let of_backstage = ["caret", "emoji", "mark", "tilde"].contains(&end);
    if of_backstage
        && root
            .entry("plugins")
            .is_some_and(|node| node.texts().contains(&"techdocs-core".to_owned()))
    {
        return true;
    }
    match root.entry("markdown_extensions").map(|extensions| &extensions.value) {
        Some(Value::List(items)) => items.iter().any(|item| match named(item) {
            Some((name, _)) => is(name),
            None => item.text().is_some_and(|name| is(&name)),
        }),
        Some(Value::Map(entries)) => entries.iter().any(|(name, _)| is(name)),
        _ => false,
    }
}

fn variables(root: &Node) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for table in [Some(root), root.entry("params"), root.entry("extra")].into_iter().flatten() {
        if let Value::Map(entries) = &table.value {
            let texts =
                entries.iter().filter_map(|(key, node)| Some((key.value.clone(), node.text()?)));
            variables.extend(texts);
        }
    }
    variables
}

impl Settings {
    /// Returns the tool that gives pages such addresses: where each is a file, those of MkDocs are as those of mdBook.
    pub fn site_of(&self, dialect: Dialect) -> Dialect {
        if self.is_flat { Dialect::MdBook } else { dialect }
    }

    /// Returns the language that the path of a document says, `db/restore.de.md` or one in the folder of a language; `None`
    /// where it says none.
    pub fn spoken(&self, below: &str) -> Option<Spoken> {
        let whole = stem(below);
        self.languages.iter().find_map(|language| {
            let Language { code, folder, is_default } = language;
            let by_folder = folder.as_ref().and_then(|folder| {
                Some(below.strip_prefix(folder.as_str())?.strip_prefix('/')?.to_owned())
            });
            let by_name = || {
                let name = whole.strip_suffix(code.as_str())?.strip_suffix('.')?;
                let is_named = !name.is_empty() && !name.ends_with('/');
                is_named.then(|| format!("{name}{}", &below[whole.len()..]))
            };
            Some(Spoken {
                below: by_folder.or_else(by_name)?,
                language: code.clone(),
                prefix: if *is_default { String::new() } else { format!("{code}/") },
            })
        })
    }

    /// Returns what a document of this name may be called in a language, the likeliest first.
    pub fn in_language(&self, name: &str, language: &str) -> Vec<String> {
        let folders = self.languages.iter().filter(|other| other.code == language);
        let in_folder = folders.filter_map(|language| language.folder.as_ref());
        let in_folder =
            in_folder.map(|folder| format!("{folder}/{}", name.trim_start_matches('/')));
        let by_name = format!("{}.{language}{}", stem(name), &name[stem(name).len()..]);
        [by_name].into_iter().chain(in_folder).collect()
    }

    /// Tells whether a document is left out of the site, by its path below the content folder.
    pub fn leaves_out(&self, below: &str) -> bool {
        self.excluded.hold(below) || self.unfinished.hold(below)
    }

    /// Returns the order of the documents that `nav` says; `None` where there is none.
    pub fn summary(&self, content: &str) -> Option<Summary> {
        let (source, nav) = self.nav.as_ref()?;
        let Value::List(entries) = &nav.value else { return None };
        let mut items = Vec::new();
        let mut in_part = false;
        for entry in entries {
            match named(entry) {
                Some((title, Node { value: Value::List(nested), .. })) => {
                    items.push(SummaryItem::PartTitle(title.to_owned()));
                    let chapters = nested.iter().filter_map(|entry| chapter(entry, content));
                    items.extend(chapters.map(SummaryItem::Chapter));
                    in_part = true;
                }
                _ => {
                    if in_part {
                        items.push(SummaryItem::Separator);
                        in_part = false;
                    }
                    items.extend(chapter(entry, content).map(SummaryItem::Chapter));
                }
            }
        }
        let unlisted = self.unlisted.clone();
        Some(Summary { source: Arc::clone(source), items, unlisted })
    }
}

/// Returns the name and the value of an entry of `nav`: `Home: index.md`.
fn named(entry: &Node) -> Option<(&str, &Node)> {
    match &entry.value {
        Value::Map(entries) => entries.first().map(|(name, node)| (name.as_str(), node)),
        _ => None,
    }
}

/// Returns the chapter that an entry of `nav` is; `None` for one that leads elsewhere.
fn chapter(entry: &Node, content: &str) -> Option<Chapter> {
    let (title, node) = named(entry).unwrap_or(("", entry));
    let mut nested = Vec::new();
    let mut path = None;
    let mut span = Span { start: node.span.start, end: node.span.start };
    match &node.value {
        Value::List(entries) => {
            nested = entries.iter().filter_map(|entry| chapter(entry, content)).collect();
        }
        Value::Text(written) | Value::Plain(written) => {
            if written.contains("://") || written.starts_with("mailto:") {
                return None;
            }
            span = node.span;
            path = SourcePath::new(format!("{content}/{written}").trim_start_matches('/'));
        }
        Value::Null | Value::Map(_) => return None,
    }
    Some(Chapter { title: title.to_owned(), path, span, nested, is_numbered: false })
}

#[cfg(test)]
mod tests {
    use crate::fixture::{check, nav, portal};

    const MKDOCS: &str = "\
-- mkdocs.yml --
site_name: !ENV [SITE_NAME, 'Platform docs']
docs_dir: handbook
theme: { name: material, language: de }
markdown_extensions:
  - toc: { permalink: true }
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
  - pymdownx.tabbed:
      slugify: !!python/object/apply:pymdownx.slugs.slugify
        kwds: { case: lower }
nav:
  - index.md
  - Runbooks:
      - Restore: 'db/restore.md'
      - Deep:
          - db/deep.md
  - Elsewhere: https://example.com
  - Last: last.md
not_in_nav: |
  /notes/*
-- handbook/index.md --
# Welcome
-- handbook/db/restore.md --
-- handbook/db/deep.md --
# Very deep
-- handbook/last.md --
-- handbook/notes/x.md --
# X
-- handbook/left.md --
# Left
";

    #[test]
    fn the_settings_of_mkdocs_are_those_of_the_site() {
        insta::assert_snapshot!(nav(MKDOCS), @"
        []
          Welcome handbook/index.md
        [Runbooks]
          Restore handbook/db/restore.md
          Deep -
            Very deep handbook/db/deep.md
        []
          Last handbook/last.md
        ");
        let portal = portal(MKDOCS);
        assert_eq!(portal.title(), "Platform docs");
        assert_eq!(portal.config.book.language, "de");
        insta::assert_snapshot!(check(MKDOCS), @"handbook/left.md:1:1: warning[unlisted-document]: `left.md` is not in `mkdocs.yml`");
    }

    #[test]
    fn what_mkdocs_leaves_out_is_no_page() {
        let fixture = "\
-- mkdocs.yml --
exclude_docs: |
  *.tmp.md
  /old/
  !kept.md
draft_docs: later.md
-- docs/index.md --
# Home
[tmp](x.tmp.md) [old](old/a.md) [kept](old/kept.md) [later](later.md)
-- docs/x.tmp.md --
# Tmp
[broken](gone.md)
-- docs/old/a.md --
# Old
--8<-- \"gone.md\"
-- docs/old/kept.md --
# Kept
-- docs/later.md --
# Later
";
        let portal = portal(fixture);
        let pages: Vec<&str> = portal.urls.values().map(|url| url.0.as_str()).collect();
        assert_eq!(pages, ["index.html", "old/kept.html"]);
        insta::assert_snapshot!(check(fixture), @"
        docs/index.md:2:1: error[broken-link]: link to `x.tmp.md`, which is left out of the site and has no page
        docs/index.md:2:17: error[broken-link]: link to `old/a.md`, which is left out of the site and has no page
        docs/index.md:2:53: error[broken-link]: link to `later.md`, which is left out of the site and has no page
        ");
    }

    #[test]
    fn the_settings_of_other_tools_name_the_site() {
        for (file, title) in [
            ("-- hugo.toml --\ntitle = \"T\"\nlanguageCode = \"en-us\"\n-- content/a.md --\n", "T"),
            ("-- config.yaml --\ntitle: U\n-- content/a.md --\n", "U"),
            (
                "-- hugo.json --\n{\"title\": \"J\", \"contentDir\": \"content\"}\n-- content/a.md --\n",
                "J",
            ),
            ("-- config.toml --\nbase_url = \"/\"\ntitle = \"Z\"\n-- content/a.md --\n", "Z"),
            ("-- _config.yml --\ntitle: Y\n-- a.md --\n", "Y"),
            ("-- config/tech-docs.yml --\nservice_name: S\n-- source/a.html.md.erb --\n", "S"),
            ("-- _config.yml --\ntitle: [\n-- a.md --\n", "Documentation"),
            (
                "-- book.toml --\n[book]\ntitle = \"Ours\"\n-- mkdocs.yml --\nsite_name: M\n-- docs/a.md --\n",
                "Ours",
            ),
        ] {
            assert_eq!(portal(file).title(), title, "{file}");
        }
    }

    #[test]
    fn the_content_of_hugo_can_be_mounted() {
        let content = |mounts: &str| {
            portal(&format!(
                "-- config/_default/hugo.yaml --\nmodule:\n  mounts:\n{mounts}-- manual/a.md --\n# A\n-- content/b.md --\n# B\n"
            ))
            .config
            .book
            .src
            .value
        };
        let one =
            "    - { source: manual, target: content }\n    - { source: x, target: static }\n";
        assert_eq!(content(one), "manual");
        assert_eq!(content("    - { source: manual, target: content/manual }\n"), "content");
        assert_eq!(content("    - { source: x, target: static }\n"), "content");
    }
}
