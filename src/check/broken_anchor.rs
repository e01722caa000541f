//! Links to an anchor that the page does not have.

use crate::assess::Assessment;
use crate::check::place;
use crate::check::{Rule, Run};
use crate::diagnostic::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::{Portal, Target};
use crate::parse::dialect::GENERATED;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "broken-anchor",
        severity: Severity::Error,
        summary: "A link leads to a heading that the page does not have.",
        docs: include_str!("broken_anchor.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for (document, link, target) in portal.astray() {
        let Target::Document { path: to, anchor: Some(anchor), anchor_found: false } = target
        else {
            continue;
        };
        let page = portal.documents.get(to);
        if page.is_some_and(|page| page.templates.iter().any(|it| it.name == GENERATED)) {
            continue;
        }
        let (source, span) = place::link(document, link);
        let page =
            if *to == document.source.path { "this document".into() } else { format!("`{to}`") };
        let message = format!("link to `#{anchor}`, which {page} does not have");
        let mut diagnostic = Diagnostic::new(&RULE.code, &source, span, message);
        let anchors = portal.documents.get(to).map(|document| &document.anchors);
        let near = anchors.and_then(|all| did_you_mean(anchor, all.iter().map(String::as_str)));
        diagnostic.help = near.map(|near| format!("did you mean `#{near}`?"));
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_anchor_that_is_not_there() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [restore](restore.md#step) and [above](#top-of-all).
-- content/restore.md --
# Restore

## Steps
"), @"
        content/db.md:3:5: error[broken-anchor]: link to `#step`, which `content/restore.md` does not have
        content/db.md:3:36: error[broken-anchor]: link to `#top-of-all`, which this document does not have
        ");
    }

    #[test]
    fn an_anchor_that_is_there() {
        assert_snapshot!(check(r#"
-- content/db.md --
# Database

See [restore](restore.md#steps), [above](#database) and [here](#named).

<a id="named"></a>
-- content/restore.md --
# Restore

## Steps
"#), @"");
    }

    #[test]
    fn an_anchor_that_a_plugin_would_make() {
        assert_snapshot!(check("
-- zensical.toml --
[project]
nav = [{ \"Home\" = \"index.md\" }, { \"Commands\" = \"cli.md\" }]
-- docs/index.md --
# Home

See [the command](cli.md#portal-build), [`Portal`][portal.Portal] and [own](#none).
-- docs/cli.md --
::: mkdocs-click
    :module: portal.cli

Behind it.

```
::: in.code
```
"), @"
        docs/cli.md:1:1: warning[unknown-shortcode]: `:::` is shown as it is written
        docs/index.md:3:71: error[broken-anchor]: link to `#none`, which this document does not have
        ");
    }

    #[test]
    fn a_block_that_has_an_id() {
        assert_snapshot!(check("
-- docs/a.md --
# A

See [[b#^4f2a]], [[b#^none]] and [[1]](b.md).

To the power of [^1] or `x ^2`.

[^1]: Two.
-- docs/b.md --
# B

- First check the queue. ^4f2a
"), @"docs/a.md:3:18: error[broken-anchor]: link to `#^none`, which `docs/b.md` does not have");
    }

    #[test]
    fn words_behind_a_caret_are_no_id_outside_a_vault() {
        let files = "-- docs/a.md --\n# A\n\nPress ^C\n\nSee [[#^C]].\n";
        let shown = |files: &str| {
            crate::fixture::portal(files).documents.values().next().unwrap().text.body.clone()
        };
        assert!(shown(files).contains("Press ^C<a"), "{}", shown(files));
        let vault = format!("{files}-- .obsidian/app.json --\n{{}}\n");
        assert!(shown(&vault).contains("Press <a"), "{}", shown(&vault));
        assert_snapshot!(check(files), @"");
    }

    #[test]
    fn a_heading_with_emoji() {
        let hugo = "-- hugo.toml --\nenableEmoji = true\n-- content/a.md --\n";
        for tree in ["-- README.md --\n", hugo] {
            let body =
                "# A\n\n[a](#rocket-getting-started)\n\n## :rocket: Getting started\n\nText.\n";
            assert_eq!(check(&format!("{tree}{body}")), "");
        }
    }

    #[test]
    fn a_heading_with_an_id_of_its_own() {
        for tree in [
            "-- mkdocs.yml --\n-- docs/a.md --\n",
            "-- src/SUMMARY.md --\n[A](a.md)\n-- src/a.md --\n",
        ] {
            let body = "# A\n\n[a](#own) [b](#some-head)\n\n## Some head {#own}\n";
            let found = check(&format!("{tree}{body}"));
            assert_eq!(found.matches("link to `#some-head`").count(), 1, "{found}");
            assert_eq!(found.lines().count(), 1, "{found}");
        }
    }

    #[test]
    fn an_id_in_a_list_of_attributes() {
        assert_snapshot!(check("
-- mkdocs.yml --
markdown_extensions: [attr_list, def_list, tables]
-- docs/a.md --
# A

[a](#pp) [b](#tt) [c](#cc) [d](#none)

Text (1)
{ .annotate }

Para
{ #pp }

Term { #tt }
:   What it is.

| a | b |
|---|---|
| c { #cc } | d |

Words { #none } in a line.
"), @"docs/a.md:3:28: error[broken-anchor]: link to `#none`, which this document does not have");
    }

    #[test]
    fn a_term_of_a_book() {
        assert_snapshot!(check("
-- src/SUMMARY.md --
[Terms](terms.md)
-- src/terms.md --
# Terms

On-call `rota`
  : Who is [called](#on-call-rota), and [when](#when).
"), @"src/terms.md:4:41: error[broken-anchor]: link to `#when`, which this document does not have");
    }
}
