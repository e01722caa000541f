//! What links lead to, tool by tool.

use crate::fixture::{check, portal};
use crate::link::{Portal, Target};
use crate::parse::dialect::BY_NAME;
use crate::source::SourcePath;

fn show(target: &Target) -> String {
    match target {
        Target::Document { path, anchor: None, .. } => format!("{path}"),
        Target::Document { path, anchor: Some(anchor), anchor_found: true } => {
            format!("{path} at {anchor}")
        }
        Target::Document { path, anchor: Some(anchor), .. } => format!("{path} lacks {anchor}"),
        Target::Generated { url, anchor } => {
            format!("generated {} {}", url.0, anchor.as_deref().unwrap_or_default())
        }
        Target::Asset { path } => format!("asset {path}"),
        Target::External => "external".to_owned(),
        Target::Missing { path: Some(path) } => format!("missing {path}"),
        Target::Missing { path: None } => "missing".to_owned(),
        Target::Outside => "outside".to_owned(),
        Target::Unreadable { path, reason } => format!("unreadable {path}: {reason}"),
        Target::Unjudged { why } => format!("unjudged: {why:?}"),
    }
}

fn targets(portal: &Portal, path: &str) -> String {
    let path = SourcePath::new(path).unwrap();
    let links = portal.documents[&path].links.iter();
    let targets = links.zip(&portal.targets[&path]);
    targets
        .map(|(link, target)| {
            format!("{} → {}\n", link.destination.replace(BY_NAME, "page:"), show(target))
        })
        .collect()
}

/// What the links of a document lead to in a tree of a tool.
fn by_the_rules_of(dialect: &str, from: &str, links: &str, files: &str) -> String {
    let book = format!("-- book.toml --\n[output.handover]\ndialect = \"{dialect}\"\n");
    let links: String = links.split_whitespace().map(|link| format!("[x]({link}) ")).collect();
    targets(&portal(&format!("{book}-- {from} --\n{links}\n{files}")), from)
}

#[test]
fn hugo_gives_each_page_a_folder() {
    insta::assert_snapshot!(by_the_rules_of("hugo", "content/db/restore.md", "\
../fail-over/ ../../queue/#how-to /db/FAIL-OVER ../gone/ fail%20over.md /pics/a.png ../../../../x/ a.png
{{<ref>}} ../../../outside.md /gone", "\
-- content/db/Fail Over.md --
-- content/queue/_index.md --
## How to
-- static/pics/a.png --
-- content/db/restore/a.png --
"), @"
        ../fail-over/ → content/db/Fail Over.md
        ../../queue/#how-to → content/queue/_index.md at how-to
        /db/FAIL-OVER → content/db/Fail Over.md
        ../gone/ → missing content/gone
        fail%20over.md → missing content/db/fail over.md
        /pics/a.png → asset static/pics/a.png
        ../../../../x/ → unjudged: Outside
        a.png → asset content/db/restore/a.png
        {{<ref>}} → unjudged: Template
        ../../../outside.md → unjudged: Outside
        /gone → missing content/gone
        ");
}

#[test]
fn mkdocs_looks_from_the_file_and_from_the_page() {
    insta::assert_snapshot!(by_the_rules_of("mkdocs", "docs/db/restore.md", "\
../fail_over/ fail_over.md#a-b_1 ../../queue/ /mkdocs.yml ../../CHANGELOG.md ../../gone.md ../../../gone.md", "\
-- mkdocs.yml --
-- CHANGELOG.md --
-- docs/db/fail_over.md --
# A & b
# A b
-- docs/queue.md --
"), @"
        ../fail_over/ → docs/db/fail_over.md
        fail_over.md#a-b_1 → docs/db/fail_over.md at a-b
        ../../queue/ → docs/queue.md
        /mkdocs.yml → missing docs/mkdocs.yml
        ../../CHANGELOG.md → asset CHANGELOG.md
        ../../gone.md → unjudged: Outside
        ../../../gone.md → unjudged: Outside
        ");
}

#[test]
fn zola_looks_from_its_content_and_middleman_for_images() {
    insta::assert_snapshot!(by_the_rules_of("zola", "content/db/restore.md", "@/queue.md @/gone.md ../../queue", "\
-- content/queue.md --
"), @"
        @/queue.md → content/queue.md
        @/gone.md → missing content/db/@/gone.md
        ../../queue → content/queue.md
        ");
    insta::assert_snapshot!(by_the_rules_of("govuk", "source/db/restore.html.md.erb", "\
queue.html queue queue..html ../images/a.png ../../images/a.png ../../../x.html #what-39-s-on", "\
-- source/db/queue.md.erb --
-- source/images/a.png --
"), @"
        queue.html → source/db/queue.md.erb
        queue → source/db/queue.md.erb
        queue..html → source/db/queue.md.erb
        ../images/a.png → asset source/images/a.png
        ../../images/a.png → asset source/images/a.png
        ../../../x.html → unjudged: Outside
        #what-39-s-on → source/db/restore.html.md.erb lacks what-39-s-on
        ");
}

#[test]
fn what_lies_on_the_forge_is_not_judged() {
    insta::assert_snapshot!(by_the_rules_of("plain", "docs/a.md", "../../../issues ../../../gone.md ../gone.md #a--b #a-b", "\
-- docs/b.md --
"), @"
        ../../../issues → unjudged: Outside
        ../../../gone.md → outside
        ../gone.md → missing gone.md
        #a--b → docs/a.md lacks a--b
        #a-b → docs/a.md lacks a-b
        ");
    insta::assert_snapshot!(by_the_rules_of("mdbook", "src/a.md", "../std/index.html ../../std/index.html gone.md /LICENSE", "\
-- LICENSE --
"), @"
        ../std/index.html → unjudged: Outside
        ../../std/index.html → unjudged: Outside
        gone.md → missing src/gone.md
        /LICENSE → missing src/LICENSE
        ");
}

const PROJECT: &str = "\
-- book.toml --
[output.handover]
dialect = \"plain\"
-- LICENSE --
-- tools/x.sh --
-- src/plan.toml --
[handover]
id = \"x\"
title = \"X\"
service = \"X\"
version = \"1\"
-- src/records/2026/reviews.toml --
-- src/SUMMARY.md --
-- src/README.md --
# Start
-- src/plan.md --
-- src/notes --
-- src/notes.md --
-- src/db/README.md --
## Two words {#zwei}
-- src/db/fail over.md --
## Über uns
<a id=\"raw\"></a>
-- src/db/50%25.png --
-- src/db/draft.md --
---
draft: true
---
-- src/empty/x.txt --
";

#[test]
fn a_document_is_found_by_its_file_and_by_its_address() {
    let links = "\
-- src/db/a.md --
# Here
[](fail%20over.md) [](<fail over.md>) [](./fail%20over.html) [](<fail over>) [](README.md) [](index.html) [](.) [](./)
[](../db) [](../db/) [](/db/fail%20over.md) [](/src/db/) [](../README.md) [](../plan.md) [](../plan-document.html)
[](../plan.html) [](..) [](../index.html) [](/) [](a.md?x=1) [](Fail%20over.md) [](../DB/a.md) [](draft.md)
";
    insta::assert_snapshot!(targets(&portal(&format!("{PROJECT}{links}")), "src/db/a.md"), @"
        fail%20over.md → src/db/fail over.md
        fail over.md → src/db/fail over.md
        ./fail%20over.html → src/db/fail over.md
        fail over → src/db/fail over.md
        README.md → src/db/README.md
        index.html → src/db/README.md
        . → src/db/README.md
        ./ → src/db/README.md
        ../db → src/db/README.md
        ../db/ → src/db/README.md
        /db/fail%20over.md → src/db/fail over.md
        /src/db/ → src/db/README.md
        ../README.md → src/README.md
        ../plan.md → src/plan.md
        ../plan-document.html → src/plan.md
        ../plan.html → src/plan.md
        .. → src/README.md
        ../index.html → generated index.html 
        / → src/README.md
        a.md?x=1 → src/db/a.md
        Fail%20over.md → missing src/db/Fail over.md
        ../DB/a.md → missing src/DB/a.md
        draft.md → missing src/db/draft.md
        ");
}

#[test]
fn an_anchor_is_found_as_it_is_written() {
    let links = "\
-- src/db/a.md --
# Here
[](#here) [](#Here) [](#) [](#top) [](a.md#here) [](#user-content-here) [](fail%20over.md#%C3%BCber-uns) [](fail%20over.md#über-uns)
[](fail%20over.md#raw) [](README.md#zwei) [](README.md#two-words) [](a.md#:~:text=x) [](../sign-off.html#e)
";
    insta::assert_snapshot!(targets(&portal(&format!("{PROJECT}{links}")), "src/db/a.md"), @"
        #here → src/db/a.md at here
        #Here → src/db/a.md lacks Here
        # → src/db/a.md
        #top → src/db/a.md
        a.md#here → src/db/a.md at here
        #user-content-here → src/db/a.md at here
        fail%20over.md#%C3%BCber-uns → src/db/fail over.md at über-uns
        fail%20over.md#über-uns → src/db/fail over.md at über-uns
        fail%20over.md#raw → src/db/fail over.md at raw
        README.md#zwei → src/db/README.md at zwei
        README.md#two-words → src/db/README.md lacks two-words
        a.md#:~:text=x → src/db/a.md
        ../sign-off.html#e → generated sign-off.html e
        ");
}

#[test]
fn other_files_are_assets_and_those_of_the_project_pages() {
    let links = "\
-- src/db/a.md --
[](../sign-off.html) [](../handover.json) [](/readiness.html) [](../plan.toml) [](../records/2026/reviews.toml)
[](../../book.toml) [](../SUMMARY.md) [](../../LICENSE) [](/LICENSE) [](../../tools/x.sh#L3) [](../../tools) [](../empty/)
![](50%25.png) ![](50%2525.png) ![](../notes) [](../notes) ![](gone.png) [](gone.md) [](/gone.md) []() [](../../../x.md)
[](https://x.org) [](//x.org) [](mailto:a@b.c) [](../../tools/x.sh/)
";
    let portal = portal(&format!("{PROJECT}{links}"));
    insta::assert_snapshot!(targets(&portal, "src/db/a.md"), @"
        ../sign-off.html → generated sign-off.html 
        ../handover.json → generated handover.json 
        /readiness.html → generated readiness.html 
        ../plan.toml → generated plan.html 
        ../records/2026/reviews.toml → generated readiness.html 
        ../../book.toml → generated index.html 
        ../SUMMARY.md → generated search.html 
        ../../LICENSE → asset LICENSE
        /LICENSE → asset LICENSE
        ../../tools/x.sh#L3 → asset tools/x.sh
        ../../tools → generated documents.html 
        ../empty/ → generated documents.html 
        50%25.png → asset src/db/50%25.png
        50%2525.png → asset src/db/50%25.png
        ../notes → asset src/notes
        ../notes → asset src/notes
        gone.png → missing src/db/gone.png
        gone.md → missing src/db/gone.md
        /gone.md → missing src/gone.md
         → missing
        ../../../x.md → outside
        https://x.org → external
        //x.org → external
        mailto:a@b.c → external
        ../../tools/x.sh/ → missing tools/x.sh
        ");
    let assets: Vec<_> = portal.assets.keys().map(SourcePath::as_str).collect();
    insta::assert_snapshot!(assets.join(" "), @"LICENSE src/db/50%25.png src/notes tools/x.sh");
}

#[test]
fn links_are_known_from_their_other_end() {
    let portal = portal(
        "\
-- src/a.md --
[](b.md) [](b.html) [](a.md)
-- src/b.md --
-- src/c.md --
[](b.md#x)
",
    );
    let back = &portal.backlinks[&SourcePath::new("src/b.md").unwrap()];
    assert_eq!(back.iter().map(SourcePath::as_str).collect::<Vec<_>>(), ["src/a.md", "src/c.md"]);
    assert_eq!(portal.backlinks.len(), 1);
}

#[test]
fn without_a_plan_the_first_page_is_home() {
    let portal =
        portal("-- docs/README.md --\n-- docs/x/a.md --\n[](..) [](../index.html) [](/)\n");
    insta::assert_snapshot!(targets(&portal, "docs/x/a.md"), @"
        .. → docs/README.md
        ../index.html → docs/README.md
        / → docs/README.md
        ");
}

#[test]
fn a_site_that_lies_below_a_folder_of_its_host() {
    for fixture in [
        "-- hugo.toml --\nbaseURL = \"https://x.org/sub/\"\n-- content/_index.md --\n# H\n[a](/sub/g/a/) [b](/sub/) [c](/g/a/) [d](/sub/gone/) [e](/sub/tags/x/)\n![f](/sub/p.png)\n-- content/g/a.md --\n# A\n-- static/p.png --\n",
        "-- config.toml --\nbase_url = \"https://x.org/sub\"\ntaxonomies = [{ name = \"tags\" }]\n-- content/_index.md --\n# H\n[a](/sub/g/a/) [b](/sub/) [c](/g/a/) [d](/sub/gone/) [e](/sub/tags/x/)\n![f](/sub/p.png)\n-- content/g/a.md --\n# A\n-- static/p.png --\n",
        "-- _config.yml --\nbaseurl: /sub\n-- index.md --\n# H\n[a](/sub/g/a.html) [b](/sub/) [c](/g/a.html) [d](/sub/gone/)\n![f](/sub/p.png)\n-- g/a.md --\n# A\n-- p.png --\n",
        "-- mkdocs.yml --\nsite_url: https://x.org/sub/\n-- docs/index.md --\n# H\n[a](/sub/g/a/) [b](/sub/) [c](/g/a.md) [d](/sub/gone/)\n![f](/sub/p.png)\n-- docs/g/a.md --\n# A\n-- docs/p.png --\n",
    ] {
        let found = check(fixture);
        let broken: Vec<&str> = found.lines().filter(|line| line.contains("[broken-")).collect();
        assert_eq!(broken.len(), 1, "{found}");
        assert!(broken[0].contains("link to `/sub/gone/`"), "{found}");
    }
}

#[test]
fn pages_of_taxonomies_are_those_that_the_settings_name() {
    let links = "# H\n[a](/systems/db/) [b](/tags/x/) [c](/de/systems/) [d](/categories/)\n";
    insta::assert_snapshot!(check(&format!("-- hugo.toml --\n[taxonomies]\nsystem = \"systems\"\n[languages.de]\n-- content/_index.md --\n{links}")), @"
    content/_index.md:2:1: warning[unjudged-link]: link to `/systems/db/`, which a template of another tool makes
    content/_index.md:2:19: error[broken-link]: link to `/tags/x/`, which does not exist
    content/_index.md:2:33: warning[unjudged-link]: link to `/de/systems/`, which a template of another tool makes
    content/_index.md:2:51: error[broken-link]: link to `/categories/`, which does not exist
    ");
    insta::assert_snapshot!(check(&format!("-- hugo.toml --\n-- content/_index.md --\n{links}")), @"
    content/_index.md:2:1: error[broken-link]: link to `/systems/db/`, which does not exist
    content/_index.md:2:19: warning[unjudged-link]: link to `/tags/x/`, which a template of another tool makes
    content/_index.md:2:33: error[broken-link]: link to `/de/systems/`, which does not exist
    content/_index.md:2:51: warning[unjudged-link]: link to `/categories/`, which a template of another tool makes
    ");
    let kept = check(&format!(
        "-- book.toml --\n[output.handover]\ndialect = \"hugo\"\n-- content/_index.md --\n{links}"
    ));
    assert!(kept.contains("unjudged-link]: link to `/tags/x/`"), "{kept}");
    insta::assert_snapshot!(check(&format!("-- config.toml --\nbase_url = \"/\"\ntaxonomies = [{{name = \"systems\"}}]\n-- content/_index.md --\n{links}")), @"
    content/_index.md:2:1: warning[unjudged-link]: link to `/systems/db/`, which a template of another tool makes
    content/_index.md:2:19: error[broken-link]: link to `/tags/x/`, which does not exist
    content/_index.md:2:33: error[broken-link]: link to `/de/systems/`, which does not exist
    content/_index.md:2:51: error[broken-link]: link to `/categories/`, which does not exist
    ");
}

#[test]
fn mkdocs_makes_no_files_of_names_but_where_it_is_told_to() {
    let links = "../index.md ../sub/a.md ../sub/a.html ../sub/a/ sub/a.md /sub/a.html ../sub/a/index.html ../pic.png";
    let files = "-- docs/index.md --\n-- docs/sub/a.md --\n-- docs/pic.png --\n";
    insta::assert_snapshot!(by_the_rules_of("mkdocs", "docs/f.md", links, files), @"
    ../index.md → unjudged: Outside
    ../sub/a.md → unjudged: Outside
    ../sub/a.html → unjudged: Outside
    ../sub/a/ → docs/sub/a.md
    sub/a.md → docs/sub/a.md
    /sub/a.html → missing docs/sub/a.html
    ../sub/a/index.html → docs/sub/a.md
    ../pic.png → asset docs/pic.png
    ");
    let links = "sub/a.html sub/a/ sub/a.md ../sub/a.html sub/ sub/index.html pic.png ../index.md";
    let files =
        format!("{files}-- docs/sub/index.md --\n-- mkdocs.yml --\nuse_directory_urls: false\n");
    insta::assert_snapshot!(by_the_rules_of("mkdocs", "docs/f.md", links, &files), @"
    sub/a.html → docs/sub/a.md
    sub/a/ → missing docs/sub/a
    sub/a.md → docs/sub/a.md
    ../sub/a.html → unjudged: Outside
    sub/ → docs/sub/index.md
    sub/index.html → docs/sub/index.md
    pic.png → asset docs/pic.png
    ../index.md → unjudged: Outside
    ");
}

#[test]
fn zola_writes_addresses_with_hyphens() {
    insta::assert_snapshot!(check("-- config.toml --\nbase_url = \"/\"\n-- content/_index.md --\n+++\n+++\n# H\n[a](/g/name-x/) [b](@/g/Name_X.md) [c](/g/name-y/)\n-- content/g/Name_X.md --\n# X\n[d](../name-z/)\n-- content/g/Name_Z.md --\n# Z\n"), @"content/_index.md:4:36: error[broken-link]: link to `/g/name-y/`, which does not exist");
}

#[test]
fn references_outside_of_links_are_judged() {
    insta::assert_snapshot!(check("-- hugo.toml --\n-- content/_index.md --\n# H\n{{< ref \"nope.md\" >}}\n\n- see {{< relref \"posts/gone\" >}}, {{< ref \"a.md#x\" >}} and `{{< ref \"nope.md\" >}}`\n\n1 < 2 \"{{< ref \"gone\" >}}\"\n\n<b data-x=\"{{< ref \"a.md\" >}}\">x</b> <b data-x={{< ref \"a.md\" >}}>x</b> [{{< ref \"a.md\" >}}](a.md)\n-- content/a.md --\n# A\n"), @"
    content/_index.md:2:1: error[broken-link]: link to `nope.md`, which does not exist
    content/_index.md:4:7: error[broken-link]: link to `posts/gone`, which does not exist
    content/_index.md:4:36: error[broken-anchor]: link to `#x`, which `content/a.md` does not have
    content/_index.md:6:8: error[broken-link]: link to `gone`, which does not exist
    ");
    insta::assert_snapshot!(check("-- _config.yml --\n-- index.md --\n# H\n{% link docs/nope.md %} {% post_url 2020-01-01-no %} {{ site.url }}{% link a.md %}\n-- a.md --\n# A\n"), @"
    index.md:2:1: error[broken-link]: link to `docs/nope.md`, which does not exist
    index.md:2:25: error[broken-link]: link to `2020-01-01-no`, which does not exist
    ");
}

#[test]
fn a_redirect_of_mkdocs_may_lead_to_a_page_of_ours() {
    insta::assert_snapshot!(check("\
-- book.toml --
[output.handover]
dialect = \"mkdocs\"
[output.html.redirect]
\"/old.html\" = \"db/restore.html\"
-- docs/db/restore.md --
# Restore
"), @"");
}

#[test]
fn mdbook_makes_an_index_of_a_readme() {
    let links =
        "sub/ sub/index.html sub/README.md sub/README.html sub/README/ sub/a.html sub/a/ sub/a";
    insta::assert_snapshot!(by_the_rules_of("mdbook", "src/f.md", links, "\
-- src/sub/README.md --
-- src/sub/a.md --
"), @"
    sub/ → src/sub/README.md
    sub/index.html → src/sub/README.md
    sub/README.md → src/sub/README.md
    sub/README.html → missing src/sub/README.html
    sub/README/ → missing src/sub/README
    sub/a.html → src/sub/a.md
    sub/a/ → missing src/sub/a
    sub/a → src/sub/a.md
    ");
}
