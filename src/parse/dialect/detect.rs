//! A tree → the tool that it was written for, by the files that tool cannot do without.

use crate::parse::config::Config;
use crate::parse::dialect::Dialect;
use crate::source::{FileKind, SourcePath, Tree};

/// Returns the dialect of a tree: what `book.toml` says, else whose settings stand in the tree, else plain.
pub fn dialect(tree: &Tree, config: &Config) -> Dialect {
    if let Some(stated) = config.handover.dialect {
        return stated;
    }
    let is = |path: &str, kind: FileKind| {
        SourcePath::new(path).and_then(|path| tree.kind(&path)) == Some(kind)
    };
    let any = |paths: &[&str]| paths.iter().any(|path| is(path, FileKind::File));
    let src = &config.book.src.value;
    if config.source.is_some() && is(&format!("./{src}/SUMMARY.md"), FileKind::File) {
        return Dialect::MdBook;
    }
    if any(MKDOCS) {
        return Dialect::MkDocs;
    }
    if any(&["config/tech-docs.yml", "source/index.html.md.erb"]) {
        return Dialect::GovUk;
    }
    if any(HUGO) {
        return Dialect::Hugo;
    }
    if is("content", FileKind::Folder) && any(SITE) {
        return if is_zola(tree) { Dialect::Zola } else { Dialect::Hugo };
    }
    if any(JEKYLL) {
        return Dialect::Jekyll;
    }
    if is("src/SUMMARY.md", FileKind::File) {
        return Dialect::MdBook;
    }
    Dialect::Plain
}

pub const MKDOCS: &[&str] =
    &["mkdocs.yml", "mkdocs.yaml", "zensical.toml", "zensical.yml", "zensical.yaml"];

pub const HUGO: &[&str] = &[
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config/_default/hugo.toml",
    "config/_default/hugo.yaml",
    "config/_default/config.toml",
    "config/_default/config.yaml",
];

pub const JEKYLL: &[&str] = &["_config.yml", "_config.yaml", "_config.toml"];

/// Those of Hugo before it had a name of its own, and of Zola.
pub const SITE: &[&str] = &["config.toml", "config.yaml", "config.yml", "config.json"];

/// Zola cannot do without `base_url`, which Hugo calls `baseURL`.
fn is_zola(tree: &Tree) -> bool {
    let source = SourcePath::new("config.toml").and_then(|path| tree.source(&path).ok()?);
    source.is_some_and(|source| {
        let mut lines = source.text.lines().map(str::trim_start);
        lines.any(|line| {
            line.strip_prefix("base_url").is_some_and(|rest| rest.trim_start().starts_with('='))
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::fixture::portal;

    #[test]
    fn a_tree_shows_what_it_was_written_for() {
        for (files, expected) in [
            ("-- docs/a.md --\n", "plain Markdown"),
            ("-- book.toml --\n-- src/a.md --\n", "plain Markdown"),
            ("-- book.toml --\n-- src/SUMMARY.md --\n", "mdBook"),
            ("-- src/SUMMARY.md --\n", "mdBook"),
            ("-- book.toml --\n[book]\nsrc = \"x\"\n-- x/SUMMARY.md --\n", "mdBook"),
            ("-- mkdocs.yml --\n-- docs/a.md --\n", "MkDocs"),
            ("-- zensical.toml --\n-- docs/a.md --\n", "MkDocs"),
            ("-- book.toml --\n-- mkdocs.yml --\n-- docs/a.md --\n", "MkDocs"),
            ("-- hugo.toml --\n-- content/a.md --\n", "Hugo"),
            ("-- config.yaml --\n-- content/a.md --\n", "Hugo"),
            ("-- config.toml --\nbaseURL = \"/\"\n-- content/a.md --\n", "Hugo"),
            ("-- config.toml --\nbase_url = \"/\"\n-- content/a.md --\n", "Zola"),
            ("-- config.toml --\n-- docs/a.md --\n", "plain Markdown"),
            ("-- _config.yml --\n-- a.md --\n", "Jekyll"),
            ("-- config/tech-docs.yml --\n-- source/a.html.md.erb --\n", "GOV.UK Tech Docs"),
            (
                "-- mkdocs.yml --\n-- book.toml --\n[output.handover]\ndialect = \"plain\"\n-- docs/a.md --\n",
                "plain Markdown",
            ),
        ] {
            assert_eq!(portal(files).config.dialect.name(), expected, "{files}");
        }
    }
}
