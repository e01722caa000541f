//! `book.toml`: mdBook's `[book]` and `[build]` as they are, ours under `[output.handover]`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::parse::dialect::settings::Settings;
use crate::parse::dialect::unused::{self, Unused};
use crate::parse::dialect::{Dialect, hidden};
use crate::parse::node;
use crate::parse::preprocess::{self, Preprocessor};
use crate::parse::toml::{self, Broken, Date, OneOrMany, Switch};
use crate::source::{Source, Spanned};

/// What `book.toml` says. Every field has a default, so that a project without one builds.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, when there is one.
    pub source: Option<Arc<Source>>,
    pub book: Book,
    pub build: BuildOptions,
    pub handover: HandoverOptions,
    /// What `[output.handover] dialect` says, else what the tree shows.
    pub dialect: Dialect,
    /// `[output.html.redirect]`: what stood at an address, and where it stands now.
    pub redirects: BTreeMap<String, Spanned<String>>,
    /// `[output.html] site-url`: where mdBook's site stands.
    pub html_site: Option<String>,
    /// `[output.html.code.hidelines]`: what hidden lines of code begin with, by language.
    pub hidden: BTreeMap<String, String>,
    /// What the settings of that tool say.
    pub settings: Settings,
    /// The programs that mdBook would run over the text.
    pub preprocessors: Vec<Preprocessor>,
    /// What `book.toml` says to mdBook that is not used.
    pub(in crate::parse) unused: Vec<Unused>,
}

/// `[book]`. Keys that are not listed here are mdBook's business and are kept out of the way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct Book {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub description: Option<String>,
    /// The folder of the content, relative to the project's root.
    pub src: Spanned<String>,
    /// A BCP 47 language tag, for `<html lang>`.
    pub language: String,
    /// `ltr` or `rtl`, for `<html dir>`.
    pub text_direction: Option<String>,
}

/// `[build]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct BuildOptions {
    /// The folder that `build` writes, relative to the project's root; `site` when it is not set.
    pub build_dir: Option<String>,
}

/// `[output.handover]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct HandoverOptions {
    /// The day that the portal is judged for; `--today` comes first, `SOURCE_DATE_EPOCH` and the clock after it.
    pub today: Option<Date>,
    /// Where the site will stand, for the sitemap, the feed and `404.html`.
    pub site_url: Option<Spanned<String>>,
    /// The folder under `themes/` whose files replace those of the built-in theme.
    pub theme: Option<Spanned<String>>,
    /// The tool that the documents were written for, where the tree does not show it.
    pub dialect: Option<Dialect>,
    /// The paper of the sign-off sheet.
    pub paper: Paper,
    /// The git tag of a release: a name with `{version}` in it; `handover-{version}` when it is not set.
    #[schemars(extend("format" = "tag-pattern"))]
    pub release_tag: Option<String>,
    /// Shown on the sign-off sheet, for example "Internal".
    pub classification: Option<String>,
    /// Whether the programs of `[preprocessor.NAME]` are run; they are when it is not set.
    pub preprocessors: Option<bool>,
    /// How each rule is reported, by its id: `allow`, `warning` or `error`.
    pub rules: BTreeMap<String, Spanned<Level>>,
    /// The headings that a document of a kind must have, by kind: `runbook = ["Impact", "Diagnose"]`.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Globs of the code that documents describe, by kind: `runbook = ["deploy/**"]`. A document can name its own. When that
    /// code changes, an approved document is `changed`; `covers = false` looks at no code at all.
    pub covers: Switch<BTreeMap<String, OneOrMany<Glob>>>,
    /// Globs of files of alert rules beside those in the content folder, relative to `book.toml`: `../alerts/**/*.yml`.
    pub alert_rules: OneOrMany<Spanned<Glob>>,
    /// Where the runbooks are published that alerts name, where no other setting says it: `https://runbooks.example.com/`.
    #[schemars(extend("format" = "web-address"))]
    pub runbook_base: Option<Spanned<String>>,
}

/// A pattern of paths: `deploy/**`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Glob(#[schemars(extend("format" = "glob"))] pub String);

impl Config {
    /// Returns what is set for other tools and not used.
    pub fn unused(&self) -> impl Iterator<Item = &Unused> {
        self.unused.iter().chain(&self.settings.unused)
    }

    /// Takes what the settings of another tool say, where `book.toml` does not.
    pub fn take(&mut self, settings: Settings) {
        let book = &mut self.book;
        book.title = book.title.take().or_else(|| settings.title.clone());
        book.description = book.description.take().or_else(|| settings.description.clone());
        if let Some(language) = settings.language.clone().filter(|_| self.source.is_none()) {
            book.language = language;
        }
        self.settings = settings;
    }
}

impl HandoverOptions {
    /// Returns the git tag of a release.
    pub fn tag(&self, version: &str) -> String {
        let pattern = self.release_tag.as_deref().unwrap_or("handover-{version}");
        pattern.replace("{version}", version)
    }
}

/// What `[output.handover.rules]` can say of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Allow,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            title: None,
            authors: Vec::new(),
            description: None,
            src: Spanned { value: "src".into(), ..Spanned::default() },
            language: "en".into(),
            text_direction: None,
        }
    }
}

/// The file as it is written. What other programs keep in it is theirs.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "book.toml")]
struct BookFile {
    book: Book,
    build: BuildOptions,
    output: Outputs,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Outputs {
    handover: HandoverOptions,
    html: HtmlOptions,
}

/// What counts of mdBook's own settings.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
struct HtmlOptions {
    /// From an address to another, or to another site.
    redirect: BTreeMap<String, Spanned<String>>,
    /// Where mdBook's site stands: alerts may name its pages.
    site_url: Option<String>,
}

/// The JSON Schema of `book.toml`.
pub static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(toml::schema_of::<BookFile>);

/// Reads `book.toml`. What is wrong with a key is reported, and the key's default is used.
pub fn config(source: &Arc<Source>) -> (Config, Vec<Diagnostic>) {
    let (file, problems) = toml::read::<BookFile>(source, &SCHEMA, Broken::Mended);
    let root = node::toml(&source.text, 0).0;
    let BookFile { book, build, output } = file.unwrap_or_default();
    let config = Config {
        source: Some(Arc::clone(source)),
        book,
        build,
        handover: output.handover,
        redirects: output.html.redirect,
        html_site: output.html.site_url,
        hidden: hidden::of_book(&root),
        preprocessors: preprocess::of_book(&root),
        unused: unused::of_book(source, &root),
        ..Config::default()
    };
    (config, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourcePath;

    fn covers(text: &str) -> String {
        let path = SourcePath::new("book.toml").unwrap();
        let source = Arc::new(Source::new(path, format!("[output.handover]\n{text}")));
        let (config, problems) = config(&source);
        let problems: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        format!("{:?} {problems:?}", config.handover.covers)
    }

    #[test]
    fn covered_code_is_said_by_kind_or_turned_off() {
        for (text, expected) in [
            ("", "On({}) []"),
            (
                "covers.runbook = ['deploy/**']\ncovers.sop = 'x'",
                r#"On({"runbook": OneOrMany([Glob("deploy/**")]), "sop": OneOrMany([Glob("x")])}) []"#,
            ),
            ("covers = false", "Off []"),
            ("covers = true", r#"On({}) ["`covers` must be a table, not true or false"]"#),
            (
                "covers.runbook = ['{a', 'b']",
                r#"On({"runbook": OneOrMany([Glob("b")])}) ["an item of `runbook` cannot be `{a`"]"#,
            ),
            (
                "covers.runbook = 3",
                r#"On({"runbook": OneOrMany([])}) ["an item of `runbook` must be a string, not a whole number"]"#,
            ),
        ] {
            assert_eq!(covers(text), expected, "{text}");
        }
    }
}
