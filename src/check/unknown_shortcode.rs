//! Tags of template languages that only the tool itself can fill in.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::document::Template;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-shortcode",
        severity: Severity::Warning,
        summary: "A shortcode or another template tag is shown as text.",
        docs: include_str!("unknown_shortcode.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let mut kinds: BTreeMap<&str, Vec<&Template>> = BTreeMap::new();
    for template in portal.documents.values().flat_map(|document| &document.templates) {
        kinds.entry(&template.name).or_default().push(template);
    }
    for (name, templates) in kinds {
        let Some(first) = templates.first() else { continue };
        let others = match templates.len() - 1 {
            0 => String::new(),
            1 => ", here and in 1 other place".to_owned(),
            others => format!(", here and in {others} other places"),
        };
        let message = format!("`{name}` is shown as it is written{others}");
        found.push(
            Diagnostic::new(&RULE.code, &first.source, first.span, message)
                .help("write in Markdown what it stands for"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn each_kind_is_named_once() {
        assert_snapshot!(check(r#"
-- hugo.toml --
-- content/a.md --
# A

{{< chart "one" >}}

{{< chart "two" >}} and {{< badge >}}
-- content/b.md --
# B

{{< chart "three" >}}
"#), @"
        content/a.md:3:1: warning[unknown-shortcode]: `{{< chart >}}` is shown as it is written, here and in 2 other places
        content/a.md:5:25: warning[unknown-shortcode]: `{{< badge >}}` is shown as it is written
        ");
    }

    #[test]
    fn what_is_understood_or_is_no_tag() {
        assert_snapshot!(check(r"
-- hugo.toml --
-- content/a.md --
# A

{{< hint info >}}
Text with {{ .Values.image }}.
{{< /hint >}}
"), @"");
        assert_snapshot!(check("-- docs/a.md --\n# A\n\n{{< x >}} {% raw %} {{ y }} <%= z %>\n"), @"");
    }

    #[test]
    fn what_ends_a_block_is_of_its_kind() {
        assert_snapshot!(check("
-- config.toml --
base_url = \"/\"
-- content/a.md --
# A

{% if x %}one{% else %}two{% endif %}
"), @"content/a.md:3:1: warning[unknown-shortcode]: `{% if %}` is shown as it is written");
        assert_snapshot!(check("
-- hugo.toml --
-- content/a.md --
# A

{{< one >}}x{{< /one >}} see {{< relref \"b.md\" >}} and `{{< ref \"b.md\" >}}`, [b]({{< ref \"b.md\" >}})
-- content/b.md --
# B
"), @"content/a.md:3:1: warning[unknown-shortcode]: `{{< one >}}` is shown as it is written");
    }

    #[test]
    fn what_a_plugin_of_mkdocs_would_run() {
        let page = "-- docs/a.md --\n# A\n\n{% for x in y %}\n{% endfor %} `{% set a = 1 %}`\n";
        assert_snapshot!(check(&format!("-- mkdocs.yml --\nplugins:\n  - search\n  - macros:\n      x: y\n{page}")), @"
        docs/a.md:3:1: warning[unknown-shortcode]: `{% for %}` is shown as it is written
        mkdocs.yml:3:5: warning[unused-setting]: plugin `macros` is not run: what it would make of the text is not in the pages
        ");
        assert_snapshot!(check(&format!("-- mkdocs.yml --\nplugins: [search]\n{page}")), @"");
    }
}
