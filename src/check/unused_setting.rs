//! Settings of other tools that do nothing here.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unused-setting",
        severity: Severity::Warning,
        summary: "A style, script, theme or program that another tool is set to use is not used.",
        docs: include_str!("unused_setting.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for unused in portal.config.unused() {
        let message = unused.message.clone();
        found.push(
            Diagnostic::new(&RULE.code, &unused.source, unused.span, message)
                .help("set `unused-setting = \"allow\"` where nothing is missed"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn what_another_tool_would_use() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.html]
additional-css = ["theme/extra.css"]
additional-js = []

[preprocessor.gettext]
after = ["links"]

[preprocessor.mermaid]
command = "mdbook-mermaid"
-- src/a.md --
# A
"#), @"
        book.toml:2:1: warning[unused-setting]: `additional-css` is not used: the pages have the style of `handover`
        book.toml:5:15: warning[unused-setting]: preprocessor `gettext` is not run: the text is not translated
        ");
        assert_snapshot!(check("
-- mkdocs.yml --
theme: { name: material, custom_dir: overrides }
extra_css: [a.css]
plugins:
  - search
  - macros
  - table-reader: { data_path: docs }
-- docs/a.md --
# A
"), @"
        mkdocs.yml:1:26: warning[unused-setting]: `custom_dir` is not used: the pages have the theme of `handover`
        mkdocs.yml:2:1: warning[unused-setting]: `extra_css` is not used: the pages have the style of `handover`
        mkdocs.yml:5:5: warning[unused-setting]: plugin `macros` is not run: what it would make of the text is not in the pages
        mkdocs.yml:6:5: warning[unused-setting]: plugin `table-reader` is not run: what it would make of the text is not in the pages
        ");
    }

    #[test]
    fn a_plain_book() {
        assert_snapshot!(check("-- book.toml --\n[output.html]\ndefault-theme = \"light\"\n-- src/a.md --\n# A\n"), @"");
    }
}
