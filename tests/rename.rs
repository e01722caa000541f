//! `handover rename` in real repositories.

use std::fs;

use insta::assert_snapshot;

use crate::project::Project;

const PROJECT: &str = r#"-- book.toml --
[book]
src = "src"

[output.html.redirect]
"/old.html" = "db/restore.html#steps" # moved in 2024
"/older.html" = "/db/restore.html"
-- src/SUMMARY.md --
# Summary

- [Start](README.md)
- [Restore](./db/restore.md)
- [Queue](queue/drain.md)
-- src/README.md --
# Start

[a](db/restore.md) [b](./db/restore.md#steps "db/restore.md") [c](/db/restore.html) [d][restore], [e](<db/restore.md>)
<a href="db/restore.md">f</a> [db/restore.md](db/restore.md) `[x](db/restore.md)`

[restore]: db/restore.md#steps "Restore"
-- src/queue/drain.md --
# Drain

See [restore](../db/restore.md) and [the script](../../drain.sh).

{{#include ../db/restore.md:6}}
-- src/db/restore.md --
# Restore

## Steps

[here](#steps) [this](restore.md#steps) [queue](../queue/drain.md) ![flow](flow.svg) [gone](gone.md) [x](https://example.com)
{{#include parts.txt}}
-- src/db/flow.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
-- src/db/parts.txt --
A part.
-- drain.sh --
exit 0
"#;

fn repository(fixture: &str) -> Project {
    let project = Project::new(fixture);
    project.git(1, &["init", "--quiet"]);
    project.commit(1, "Begin");
    project
}

#[test]
fn a_document_moves_with_all_that_names_it() {
    let project = repository(PROJECT);
    let before = project.run(&["check", "--format", "short"]).stdout;
    let ids = |project: &Project| project.run(&["digest", "db/restore"]).stdout;
    let digest = ids(&project);
    let moved = project.run(&["rename", "db/restore", "runbooks/My restore (1).md"]);
    assert_eq!(moved.code, Some(0), "{moved:?}");
    assert_snapshot!(moved.stdout, @"
    moved src/db/restore.md to src/runbooks/My restore (1).md
    mended 12 places in 4 other files
    ");
    project.git(1, &["add", "--all"]);
    assert_snapshot!(project.git(1, &["diff", "--cached", "--find-renames=40%", "--unified=0"]), @r#"
    diff --git a/book.toml b/book.toml
    index 80efc2d..d905c7e 100644
    --- a/book.toml
    +++ b/book.toml
    @@ -5,2 +5,2 @@ src = "src"
    -"/old.html" = "db/restore.html#steps" # moved in 2024
    -"/older.html" = "/db/restore.html"
    +"/old.html" = "runbooks/My restore (1).html#steps" # moved in 2024
    +"/older.html" = "/runbooks/My restore (1).html"
    diff --git a/src/README.md b/src/README.md
    index fa3f8c1..d63d6b9 100644
    --- a/src/README.md
    +++ b/src/README.md
    @@ -3,2 +3,2 @@
    -[a](db/restore.md) [b](./db/restore.md#steps "db/restore.md") [c](/db/restore.html) [d][restore], [e](<db/restore.md>)
    -<a href="db/restore.md">f</a> [db/restore.md](db/restore.md) `[x](db/restore.md)`
    +[a](runbooks/My%20restore%20%281%29.md) [b](./runbooks/My%20restore%20%281%29.md#steps "db/restore.md") [c](/runbooks/My%20restore%20%281%29.html) [d][restore], [e](<runbooks/My%20restore%20%281%29.md>)
    +<a href="runbooks/My%20restore%20%281%29.md">f</a> [db/restore.md](runbooks/My%20restore%20%281%29.md) `[x](db/restore.md)`
    @@ -6 +6 @@
    -[restore]: db/restore.md#steps "Restore"
    +[restore]: runbooks/My%20restore%20%281%29.md#steps "Restore"
    diff --git a/src/SUMMARY.md b/src/SUMMARY.md
    index 6a1a9a6..75c249c 100644
    --- a/src/SUMMARY.md
    +++ b/src/SUMMARY.md
    @@ -4 +4 @@
    -- [Restore](./db/restore.md)
    +- [Restore](./runbooks/My%20restore%20%281%29.md)
    diff --git a/src/db/restore.md b/src/db/restore.md
    deleted file mode 100644
    index f250871..0000000
    --- a/src/db/restore.md
    +++ /dev/null
    @@ -1,6 +0,0 @@
    -# Restore
    -
    -## Steps
    -
    -[here](#steps) [this](restore.md#steps) [queue](../queue/drain.md) ![flow](flow.svg) [gone](gone.md) [x](https://example.com)
    -{{#include parts.txt}}
    diff --git a/src/queue/drain.md b/src/queue/drain.md
    index c1113f2..1a916f4 100644
    --- a/src/queue/drain.md
    +++ b/src/queue/drain.md
    @@ -3 +3 @@
    -See [restore](../db/restore.md) and [the script](../../drain.sh).
    +See [restore](../runbooks/My%20restore%20%281%29.md) and [the script](../../drain.sh).
    @@ -5 +5 @@ See [restore](../db/restore.md) and [the script](../../drain.sh).
    -{{#include ../db/restore.md:6}}
    +{{#include ../runbooks/My restore (1).md:11}}
    diff --git a/src/runbooks/My restore (1).md b/src/runbooks/My restore (1).md
    new file mode 100644
    index 0000000..0a7a179
    --- /dev/null
    +++ b/src/runbooks/My restore (1).md	
    @@ -0,0 +1,11 @@
    +---
    +id: "db/restore"
    +aliases: ["/db/restore.html"]
    +---
    +
    +# Restore
    +
    +## Steps
    +
    +[here](#steps) [this](My%20restore%20%281%29.md#steps) [queue](../queue/drain.md) ![flow](../db/flow.svg) [gone](../db/gone.md) [x](https://example.com)
    +{{#include ../db/parts.txt}}
    "#);
    let after = project.run(&["check", "--format", "short"]).stdout;
    assert_eq!(after.lines().count(), before.lines().count(), "{before}\n{after}");
    assert_ne!(ids(&project), digest, "its links are written in another way");
    let back = project.run(&["rename", "db/restore", "src/db/restore.md"]);
    assert_eq!(back.code, Some(0), "{back:?}");
    assert!(!project.path("src/runbooks/My restore (1).md").exists());
}

#[test]
fn what_is_not_mended_is_not_moved() {
    let project = repository(PROJECT);
    let says = |arguments: &[&str]| {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        ran.stderr
    };
    assert_snapshot!([
        says(&["rename", "db/restore", "queue/drain.md"]),
        says(&["rename", "db/restore", "../outside.md"]),
        says(&["rename", "db/restore", "db/restore.txt"]),
        says(&["rename", "db/restor", "db/x.md"]),
    ].concat(), @"
    error: `src/queue/drain.md` exists already
    error: `../outside.md` lies outside the content folder
      = help: name a path below `src/`
    error: `src/db/restore.txt` would not be a document
      = help: give it a name that ends in `.md`, in a folder whose name does not begin with `_` or `.`
    error: no document `db/restor`
      = help: did you mean `db/restore`?
    ");
    fs::write(project.path("src/README.md"), "# Start\n\n[a](db/rest&#111;re.md)\n").unwrap();
    assert_snapshot!(says(&["rename", "db/restore", "x.md"]), @"
    error: cannot mend `db/restore.md` at src/README.md:3:1
      = help: write this link in another way first: nothing was changed
    ");
    assert!(project.path("src/db/restore.md").exists() && !project.path("src/x.md").exists());
    let status = project.git(1, &["status", "--short"]);
    assert_eq!(status, "M src/README.md");
}

#[test]
fn the_front_matter_that_is_there_gets_what_it_lacks() {
    let project = repository(
        "-- mkdocs.yml --\nsite_name: X\nnav:\n  - Home: index.md\n  - 'Restore': 'db/restore.md'\n\
         -- docs/index.md --\n# Home\n\nSee [restore](db/restore.md).\r\n\
         -- docs/db/restore.md --\n---\ntitle: Restore\naliases:\n  - /a/\n---\n\nText\n\
         -- docs/db/wiki.md --\n# Wiki\n\n[up](../index.md)\n",
    );
    fs::write(project.path("docs/db/bom.md"), "\u{feff}+++\r\ntitle = \"B\"\r\n+++\r\n# B\r\n")
        .unwrap();
    for (old, new) in [("db/restore", "restoring.md"), ("db/wiki", "wiki/"), ("db/bom", "b.md")] {
        let moved = project.run(&["rename", old, new]);
        assert_eq!(moved.code, Some(0), "{moved:?}");
    }
    assert_snapshot!(project.read("mkdocs.yml"), @"
    site_name: X
    nav:
      - Home: index.md
      - 'Restore': 'restoring.md'
    ");
    assert_snapshot!(project.read("docs/restoring.md"), @r#"
    ---
    id: "db/restore"
    title: Restore
    aliases:
      - /a/
      - "/db/restore.html"
    ---

    Text
    "#);
    assert_snapshot!(project.read("docs/wiki/wiki.md"), @r#"
    ---
    id: "db/wiki"
    aliases: ["/db/wiki.html"]
    ---

    # Wiki

    [up](../index.md)
    "#);
    assert_eq!(
        project.read("docs/b.md"),
        "\u{feff}+++\r\nid = \"db/bom\"\r\naliases = [\"/db/bom.html\"]\r\ntitle = \"B\"\r\n+++\r\n# B\r\n"
    );
    assert!(project.read("docs/index.md").ends_with("See [restore](restoring.md).\r\n"));
}

#[test]
fn the_first_page_leaves_its_address_to_the_portal() {
    let project = repository("-- README.md --\n# Start\n\n[a](a.md)\n-- a.md --\n# A\n");
    let moved = project.run(&["rename", "README.md", "about/README.md"]);
    assert_eq!(moved.code, Some(0), "{moved:?}");
    assert_snapshot!(project.read("about/README.md"), @r#"
    ---
    id: "README"
    ---

    # Start

    [a](../a.md)
    "#);
    let checked = project.run(&["check", "--format", "short"]);
    assert!(!checked.stdout.contains("redirect"), "{}", checked.stdout);
}

/// Moves a document in a tree, and returns the lines of its files that are new.
fn moved(fixture: &str, old: &str, new: &str) -> String {
    let project = repository(fixture);
    let moved = project.run(&["rename", old, new]);
    assert_eq!(moved.code, Some(0), "{moved:?}");
    project.git(1, &["add", "--all"]);
    let diff = project.git(1, &["diff", "--cached", "--find-renames=20%", "--unified=0"]);
    let new = diff.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++ "));
    new.map(|line| format!("{line}\n")).collect()
}

#[test]
fn links_stay_those_that_their_tool_can_follow() {
    assert_snapshot!(moved(
        "-- _config.yml --\ntitle: x\n\
         -- index.md --\n---\ntitle: I\n---\n[a]({% link _posts/2025-01-02-hello.md %}) [b]({% post_url 2025-01-02-hello %})\n\
         -- _posts/2025-01-02-hello.md --\n---\ntitle: Hello\n---\nText of the post.\n",
        "_posts/2025-01-02-hello.md", "_posts/2025-01-03-hello.md",
    ), @r#"
    +id: "_posts/2025-01-02-hello"
    +aliases: ["/2025/01/02/hello.html"]
    +[a]({% link _posts/2025-01-03-hello.md %}) [b]({% post_url 2025-01-03-hello %})
    "#);
    assert_snapshot!(moved(
        "-- config.toml --\nbase_url = \"/\"\n-- content/_index.md --\n[a](@/db/restore.md#x) [b](/db/restore/)\n\
         -- content/db/restore.md --\n+++\ntitle = \"Restore\"\n+++\n# X\n[up](@/_index.md)\n",
        "content/db/restore.md", "content/restore.md",
    ), @r#"
    +[a](@/restore.md#x) [b](/restore/)
    +id = "db/restore"
    +aliases = ["/db/restore/", "/db/restore.html"]
    "#);
    let hugo = "-- hugo.toml --\ntitle = \"X\"\n-- content/_index.md --\n[s](/docs/db/new-slug/) [r](docs/db/new-slug/#x) [m](docs/db/slugged.md) [n]({{< ref \"slugged.md\" >}})\n\
         -- content/docs/db/other.md --\n---\ntitle: Other\n---\nText, and nothing else.\n\
         -- content/docs/db/slugged.md --\n---\ntitle: Slugged\nslug: new-slug\n---\n## X\n[o](../other/) [p](/docs/db/other/)\n";
    assert_snapshot!(moved(hugo, "content/docs/db/slugged.md", "content/blog/slugged.md"), @r#"
    +[s](/blog/new-slug/) [r](blog/new-slug/#x) [m](blog/slugged.md) [n]({{< ref "slugged.md" >}})
    +id: "docs/db/slugged"
    +aliases: ["/docs/db/new-slug/", "/docs/db/new-slug.html"]
    +[o](../../docs/db/other/) [p](/docs/db/other/)
    "#);
    assert_snapshot!(moved(hugo, "content/docs/db/slugged.md", "content/docs/db/other name.md"), @r#"
    +[s](/docs/db/new-slug/) [r](docs/db/new-slug/#x) [m](docs/db/other%20name.md) [n]({{< ref "other name.md" >}})
    +id: "docs/db/slugged"
    "#);
}

#[test]
fn pages_of_a_wiki_are_called_by_their_new_name() {
    let wiki = "-- README.md --\n# Start\n\n[[One Two]] [[one two#X Y|here]] [[sub/Page One#X]] [[Called so]] ![[One Two]]\n\
         -- One Two.md --\n# One Two\n\n## X Y\n\nText of the page.\n\
         -- sub/Page One.md --\n# Called so\n\n## X\n\nText of the page.\n";
    assert_snapshot!(moved(wiki, "One Two.md", "Other.md"), @r#"
    +---
    +id: "One Two"
    +aliases: ["/One Two.html"]
    +---
    +
    +[[Other]] [[Other#X Y|here]] [[sub/Page One#X]] [[Called so]] ![[Other]]
    "#);
    assert_snapshot!(moved(wiki, "One Two.md", "sub/One Three.md"), @r#"
    +[[One Three]] [[One Three#X Y|here]] [[sub/Page One#X]] [[Called so]] ![[One Three]]
    +---
    +id: "One Two"
    +aliases: ["/One Two.html"]
    +---
    +
    "#);
    assert_snapshot!(moved(wiki, "sub/Page One.md", "deep/Page Uno.md"), @r#"
    +[[One Two]] [[one two#X Y|here]] [[deep/Page Uno#X]] [[Called so]] ![[One Two]]
    +---
    +id: "sub/Page One"
    +aliases: ["/sub/Page One.html"]
    +---
    +
    "#);
}

#[test]
fn front_matter_of_json_gets_keys_of_json() {
    let hugo = |aliases: &str| {
        format!(
            "-- hugo.toml --\ntitle = \"X\"\n-- content/_index.md --\n[a](db/restore.md)\n\
         -- content/db/restore.md --\n{{\n  \"title\": \"Restore\"{aliases}\n}}\n\nText of the document.\n",
        )
    };
    assert_snapshot!(moved(&hugo(""), "content/db/restore.md", "content/restore.md"), @r#"
    +[a](restore.md)
    +  "id": "db/restore",
    +  "aliases": ["/db/restore/", "/db/restore.html"],
    "#);
    assert_snapshot!(moved(&hugo(",\n  \"aliases\": [\n    \"/a/\"\n  ]"), "content/db/restore.md", "content/restore.md"), @r#"
    +[a](restore.md)
    +  "id": "db/restore",
    +    "/a/", "/db/restore/", "/db/restore.html"
    "#);
}

#[test]
fn what_a_tool_knows_beside_links_is_mended() {
    let hugo = |front: &str| {
        format!(
            "-- hugo.toml --\nbaseURL = \"https://x.org/sub/\"\n-- content/_index.md --\n# H\n[a](/sub/posts/one/) {{{{< ref \"posts/one.md\" >}}}}\n\
             -- content/posts/one.md --\n{front}\nText of the document.\n-- content/docs/_index.md --\n# D\n"
        )
    };
    let (old, new) = ("content/posts/one.md", "content/docs/one.md");
    assert_snapshot!(moved(&hugo("---\naliases: [rel-old, /abs]\n---"), old, new), @r#"
    +[a](/sub/docs/one/) {{< ref "docs/one.md" >}}
    +id: "posts/one"
    +aliases: ["/posts/rel-old", /abs, "/posts/one/", "/posts/one.html"]
    "#);
    assert_snapshot!(moved(&hugo("---\naliases: rel/old/\n---"), old, new), @r#"
    +[a](/sub/docs/one/) {{< ref "docs/one.md" >}}
    +id: "posts/one"
    +aliases: ["/posts/rel/old/", "/posts/one/", "/posts/one.html"]
    "#);
    assert_snapshot!(moved(&hugo("{\"title\": \"One\"}"), old, new), @r#"
    +[a](/sub/docs/one/) {{< ref "docs/one.md" >}}
    +{"id": "posts/one", "aliases": ["/posts/one/", "/posts/one.html"], "title": "One"}
    "#);
    assert_snapshot!(moved(
        "-- _config.yml --\ntitle: x\n-- index.md --\n# I\n{% link docs/a.md %} [x]({% link docs/a.md %}) {% link docs/a.md %}\n-- docs/a.md --\n---\ntitle: A\n---\nText of the document.\n",
        "docs/a.md", "g/a.md",
    ), @r#"
    +id: "docs/a"
    +aliases: ["/docs/a.html"]
    +{% link g/a.md %} [x]({% link g/a.md %}) {% link g/a.md %}
    "#);
}

#[test]
fn the_folder_of_the_documents_stays_the_same() {
    let project = repository("-- README.md --\n# Start\n\n[a](a.md)\n-- a.md --\n# A\n");
    let refused = project.run(&["rename", "a.md", "docs/a.md"]);
    assert_eq!(refused.code, Some(2));
    assert_snapshot!(refused.stderr, @r#"
    error: with `docs/a.md`, `docs/` would become the content folder
      = help: say in `book.toml` where the documents are: `src = "."` below `[book]`
    "#);
    fs::write(project.path("book.toml"), "[book]\nsrc = \".\"\n").unwrap();
    assert_eq!(project.run(&["rename", "a.md", "docs/a.md"]).code, Some(0));
    assert!(project.read("README.md").contains("[a](docs/a.md)"));
}

#[test]
fn redirects_of_mkdocs_lead_to_the_new_place() {
    assert_snapshot!(moved(
        "-- mkdocs.yml --\nsite_name: X\nplugins:\n  - redirects:\n      redirect_maps:\n        old.md: db/restore.md\n        \
         'older.md': 'db/restore.md#steps'\n\
         -- docs/index.md --\n# Home\n-- docs/db/restore.md --\n# Restore\n\n## Steps\n\nText of the document.\n",
        "docs/db/restore.md", "docs/restoring.md",
    ), @r#"
    +---
    +id: "db/restore"
    +aliases: ["/db/restore.html"]
    +---
    +
    +        old.md: restoring.md
    +        'older.md': "restoring.md#steps"
    "#);
}

#[test]
fn links_to_folders_lead_to_the_same_ones() {
    assert_snapshot!(moved(
        "-- README.md --\n# Home\n[x](a/old.md)\n-- a/old.md --\n---\nid: a/old\n---\n# Old\n[this](./) [up](../) [sub](s)\n\nText that is long enough.\n\
         -- a/x.txt --\nx\n-- a/s/x.txt --\nx\n",
        "a/old.md", "b/c/new.md",
    ), @r#"
    +[x](b/c/new.md)
    +aliases: ["/a/old.html"]
    +[this](../../a/) [up](../../) [sub](../../a/s)
    "#);
    assert_snapshot!(moved(
        "-- book.toml --\n[book]\ntitle = \"X\"\n-- src/SUMMARY.md --\n- [H](README.md)\n- [S](sub/README.md)\n\
         -- src/README.md --\n# H\n[a](sub/) [b](sub/index.html) [c](sub/README.md)\n-- src/sub/README.md --\n---\nid: sub/README\n---\n# S\n",
        "src/sub/README.md", "other/",
    ), @r#"
    +[a](other/) [b](other/index.html) [c](other/README.md)
    +- [S](other/README.md)
    +aliases: ["/sub/index.html"]
    "#);
}

#[test]
fn snippets_and_pictures_of_mkdocs_are_mended() {
    assert_snapshot!(moved(
        "-- mkdocs.yml --\nsite_name: X\nmarkdown_extensions:\n  - pymdownx.snippets:\n      base_path: docs\n\
         -- docs/index.md --\n# Home\n\n--8<-- \"b.md\"\n\n--8<-- \"b.md:1:2,-1:\"\n\n{% include-markdown \"b.md\" %}\n\
         -- docs/pic.png --\nx\n-- docs/b.md --\n# B\n\nText that is long enough to be known again.\n",
        "docs/b.md", "sub/c.md",
    ), @r#"
    +--8<-- "sub/c.md"
    +--8<-- "sub/c.md:6:7,-1:"
    +{% include-markdown "sub/c.md" %}
    +---
    +id: "b"
    +aliases: ["/b.html"]
    +---
    +
    "#);
    assert_snapshot!(moved(
        "-- mkdocs.yml --\nsite_name: X\n-- docs/index.md --\n# Home\n-- docs/pic.png --\nx\n\
         -- docs/b.md --\n---\nid: b\n---\n# B\n\n<img src=\"../pic.png\" alt=\"x\">\n\nText that is long enough.\n",
        "docs/b.md", "x/y/c.md",
    ), @r#"
    +aliases: ["/b.html"]
    +<img src="../../../pic.png" alt="x">
    "#);
}
