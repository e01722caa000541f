//! Where a document says, or its tool by the name of its file, that its page stands: `slug`, `url`, `path`, `permalink`,
//! languages, the dates of posts, and what the settings say of them all.

use crate::parse::dialect::permalinks;
use crate::parse::dialect::settings::Settings;
use crate::parse::dialect::{Dialect, index_folder, stem};
use crate::parse::front_matter::FrontMatter;

/// An address below the root of the site that is not that of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As the tool has it, without the slash that it begins with; one that ends in a slash is a folder's.
    pub theirs: String,
    /// That of our page.
    pub page: String,
}

/// Longer parts of a path are no names of files.
const LONGEST_PART: usize = 150;

/// Returns the address of a document, by its path below the content folder; `None` where that of its path is right.
pub fn address(
    dialect: Dialect,
    below: &str,
    meta: &FrontMatter,
    settings: &Settings,
) -> Option<Address> {
    let said =
        |key: &str| meta.other.get(key).map(|said| said.trim()).filter(|said| !said.is_empty());
    let spoken = settings.spoken(below);
    let rest = spoken.as_ref().map_or(below, |spoken| &spoken.below);
    let is_index = index_folder(rest).is_some();
    let own = index_folder(rest).unwrap_or(stem(rest));
    let prefix = spoken.as_ref().map_or("", |spoken| &spoken.prefix);
    let in_language = |address: &str| format!("{prefix}{address}/");
    let theirs = match dialect {
        Dialect::Hugo => match (said("url"), said("slug")) {
            (Some(url), _) if url.starts_with('/') => url.to_owned(),
            (Some(url), _) => format!("{prefix}{url}"),
            (None, _)
                if let Some(address) = permalinks::of_hugo(rest, meta, &settings.addressing) =>
            {
                format!("{prefix}{}", address.trim_start_matches('/'))
            }
            (None, Some(slug)) if !rest.ends_with("_index.md") => {
                in_language(&beside(own, &slug.to_lowercase().replace(' ', "-")))
            }
            _ => {
                spoken.as_ref()?;
                in_language(own)
            }
        },
        Dialect::Zola => match (said("path"), said("slug")) {
            (Some(path), _) => format!("{prefix}{path}/"),
            (None, Some(slug)) if !rest.ends_with("_index.md") => in_language(&beside(own, slug)),
            _ => match dated(own.rsplit('/').next().unwrap_or(own)) {
                Some((_, name)) => in_language(&beside(own, name)),
                None => {
                    spoken.as_ref()?;
                    in_language(own)
                }
            },
        },
        Dialect::Jekyll => jekyll(rest, said("permalink"), meta, settings)?,
        Dialect::Plain | Dialect::MdBook | Dialect::MkDocs | Dialect::GovUk => return None,
    };
    // The index of a folder has the address of that.
    let theirs = match theirs.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        _ => theirs,
    };
    let is_folder = theirs.ends_with('/');
    let parts: Vec<&str> =
        theirs.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let is_name = |part: &&str| {
        *part != ".." && part.len() <= LONGEST_PART && !part.chars().any(char::is_control)
    };
    let folders = &parts[..parts.len().saturating_sub(1)];
    if !parts.iter().all(is_name) || folders.iter().any(|part| part.ends_with(".html")) {
        return None;
    }
    let path = parts.join("/");
    let page = match &*path {
        "" => "index.html".to_owned(),
        path if path.ends_with(".html") && !is_folder => path.to_owned(),
        path if is_index => format!("{path}/index.html"),
        path => format!("{path}.html"),
    };
    let theirs = if is_folder && !path.is_empty() { format!("{path}/") } else { path };
    Some(Address { theirs, page })
}

impl Address {
    /// Returns the folder that links of the page are relative to.
    pub fn folder(&self) -> &str {
        self.theirs.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns the address without its end, by which it is looked for.
    pub fn plain(&self) -> &str {
        let theirs = self.theirs.trim_end_matches('/');
        theirs.strip_suffix(".html").unwrap_or(theirs)
    }
}

/// Tells whether a document says to its tool that it is to have no page.
pub fn is_hidden(dialect: Dialect, meta: &FrontMatter) -> bool {
    let says = |key: &str, what: &str| meta.other.get(key).is_some_and(|said| said.value == what);
    let build = |key: &str| {
        let words = meta.other.get(key).map_or("", |said| said.as_str());
        words.split(", ").any(|word| ["render: never", "render: false"].contains(&word))
    };
    match dialect {
        Dialect::Hugo => says("headless", "true") || build("build") || build("_build"),
        Dialect::Zola => says("render", "false"),
        _ => false,
    }
}

/// Returns an address beside another one.
fn beside(own: &str, name: &str) -> String {
    match own.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    }
}

/// `2026-01-31-title` → `2026-01-31` and `title`
fn dated(name: &str) -> Option<(&str, &str)> {
    let (date, rest) = name.split_at_checked(10)?;
    let title = rest.strip_prefix(['-', '_'])?;
    (is_date(date) && !title.is_empty()).then_some((date, title))
}

fn is_date(date: &str) -> bool {
    date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    })
}

/// The address of a page, of a post, or of a document of a collection.
fn jekyll(
    below: &str,
    permalink: Option<&str>,
    meta: &FrontMatter,
    settings: &Settings,
) -> Option<String> {
    let own = stem(below);
    let name = own.rsplit('/').next().unwrap_or(own);
    let (folders, file) = below.rsplit_once('/').unwrap_or(("", below));
    let collection = folders.split('/').find_map(|folder| folder.strip_prefix('_'));
    let post = if collection == Some("posts") { dated(stem(file)) } else { None };
    let of_site = settings.variables.get("permalink").map(String::as_str);
    // As are the posts, so are the pages, where their addresses are folders.
    let is_pretty = of_site.is_some_and(|style| style == "pretty" || style.ends_with('/'));
    let given = permalink.or_else(|| settings.addressing.of_document(below, collection));
    let pattern = match (given, post, collection) {
        (Some(given), ..) => given,
        (None, Some(_), _) => match of_site.unwrap_or("date") {
            "date" => "/:categories/:year/:month/:day/:title.html",
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "ordinal" => "/:categories/:year/:y_day/:title.html",
            "none" => "/:categories/:title.html",
            pattern => pattern,
        },
        (None, None, Some(_)) if is_pretty => "/:collection/:path/",
        (None, None, Some(_)) => "/:collection/:path.html",
        (None, None, None) if is_pretty && index_folder(below).is_none() => "/:path/:basename/",
        (None, None, None) => return None,
    };
    let said = |key: &str| meta.other.get(key).map(|said| said.value.as_str());
    let (date, title) = post.unwrap_or(("", name));
    let date =
        said("date").and_then(|date| date.get(..10)).filter(|date| is_date(date)).unwrap_or(date);
    let above = folders.split('/').take_while(|folder| !folder.starts_with('_'));
    let own_categories = said("categories").or(said("category")).unwrap_or_default();
    let own_categories = own_categories.split([',', ' ']).filter(|word| !word.is_empty());
    let categories: Vec<String> = above.chain(own_categories).map(str::to_lowercase).collect();
    let path = match collection {
        Some(collection) => {
            let inner = own.split_once(&format!("_{collection}/"));
            inner.map_or(name, |(_, path)| path)
        }
        None => folders,
    };
    let mut address = String::new();
    for part in pattern.split('/') {
        let part = part
            .replace(":categories", &categories.join("/"))
            .replace(":year", date.get(..4).unwrap_or_default())
            .replace(":month", date.get(5..7).unwrap_or_default())
            .replace(":day", date.get(8..).unwrap_or_default())
            .replace(":title", said("slug").unwrap_or(title))
            .replace(":slug", said("slug").unwrap_or(title))
            .replace(":name", title)
            .replace(":basename", title)
            .replace(":collection", collection.unwrap_or_default())
            .replace(":path", path)
            .replace(":output_ext", ".html");
        if part.contains(':') {
            return None;
        }
        address.push_str(&part);
        address.push('/');
    }
    address.pop();
    Some(address)
}

#[cfg(test)]
mod tests {
    use crate::fixture::{check, portal};
    use crate::link::Target;
    use crate::parse::dialect::BY_NAME;
    use crate::source::SourcePath;

    /// The pages, the redirects, and where the links of the document lead.
    fn shown(fixture: &str, path: &str) -> String {
        let portal = portal(fixture);
        let mut out: String =
            portal.urls.iter().map(|(path, url)| format!("{path} {}\n", url.0)).collect();
        for redirect in portal.redirects.iter() {
            out +=
                &format!("{} ⇒ {:?}\n", redirect.written, redirect.from.as_ref().map(|url| &url.0));
        }
        let path = SourcePath::new(path).unwrap();
        for (link, target) in portal.documents[&path].links.iter().zip(&portal.targets[&path]) {
            let to = match target {
                Target::Document { path, .. } => path.to_string(),
                other => format!("{other:?}"),
            };
            out += &format!("{} → {to}\n", link.destination.replace(BY_NAME, "page:"));
        }
        out
    }

    #[test]
    fn slugs_and_urls_of_hugo() {
        let fixture = "\
-- hugo.toml --
-- content/_index.md --
# Home
[r]({{< ref \"restore\" >}}) [f](db/restore.md) [new](/db/recover/) [rel](db/recover) [old](/db/restore/)
[u](/over/here/) [h](/x.html) [b](/bundle-two/) [hidden](headless/index.md) [alias](/db/was/)
-- content/db/_index.md --
---
slug: unused
aliases: [base]
---
-- content/db/restore.md --
---
slug: Recover
aliases: [was, /was/too]
---
[sibling](../other/) [child](#x)
## X
-- content/db/other.md --
---
url: /over/here/
---
-- content/x.md --
---
url: x.html
---
-- content/bundle/index.md --
---
slug: Bundle two
---
-- content/headless/index.md --
---
headless: true
---
-- content/evil.md --
---
url: /../../etc/passwd
---
";
        insta::assert_snapshot!(shown(fixture, "content/_index.md"), @r#"
        content/_index.md index.html
        content/bundle/index.md bundle-two/index.html
        content/db/_index.md db/index.html
        content/db/other.md over/here.html
        content/db/restore.md db/recover.html
        content/evil.md evil.html
        content/x.md x.html
        base ⇒ Some("base/index.html")
        was ⇒ Some("db/was/index.html")
        /was/too ⇒ Some("was/too/index.html")
        page:restore → content/db/restore.md
        db/restore.md → content/db/restore.md
        /db/recover/ → content/db/restore.md
        db/recover → content/db/restore.md
        /db/restore/ → Missing { path: Some(SourcePath("content/db/restore")) }
        /over/here/ → content/db/other.md
        /x.html → content/x.md
        /bundle-two/ → content/bundle/index.md
        headless/index.md → Missing { path: Some(SourcePath("content/headless/index.md")) }
        /db/was/ → content/db/restore.md
        "#);
        insta::assert_snapshot!(shown(fixture, "content/db/restore.md").lines().rev().take(2).collect::<Vec<_>>().join("\n"), @r#"
        #x → content/db/restore.md
        ../other/ → Missing { path: Some(SourcePath("content/other")) }
        "#);
        insta::assert_snapshot!(check(fixture), @"
        content/_index.md:2:85: error[broken-link]: link to `/db/restore/`, which does not exist
        content/_index.md:3:49: error[broken-link]: link to `headless/index.md`, which is a draft and has no page
        content/bundle/index.md:1:1: warning[missing-title]: document without a title, shown as `Bundle`
        content/db/_index.md:1:1: warning[missing-title]: document without a title, shown as `Db`
        content/db/other.md:1:1: warning[missing-title]: document without a title, shown as `Other`
        content/db/restore.md:1:1: warning[missing-title]: document without a title, shown as `Restore`
        content/db/restore.md:5:1: error[broken-link]: link to `../other/`, which does not exist
        content/evil.md:1:1: warning[missing-title]: document without a title, shown as `Evil`
        content/x.md:1:1: warning[missing-title]: document without a title, shown as `X`
        ");
    }

    #[test]
    fn languages_of_hugo() {
        insta::assert_snapshot!(shown("\
-- hugo.yaml --
defaultContentLanguage: en
languages:
  en: {}
  de: { languageName: Deutsch }
-- content/_index.md --
-- content/_index.de.md --
-- content/db/restore.md --
-- content/db/restore.de.md --
[a]({{< ref \"queue\" >}}) [b](queue.md) [c](../queue/) [d](/db/queue/) [e](queue.en.md) [only](only.md)
-- content/db/queue.md --
-- content/db/queue.de.md --
-- content/db/only.md --
", "content/db/restore.de.md"), @r#"
        content/_index.de.md de/index.html
        content/_index.md index.html
        content/db/only.md db/only.html
        content/db/queue.de.md de/db/queue.html
        content/db/queue.md db/queue.html
        content/db/restore.de.md de/db/restore.html
        content/db/restore.md db/restore.html
        page:queue → content/db/queue.de.md
        queue.md → content/db/queue.de.md
        ../queue/ → content/db/queue.de.md
        /db/queue/ → content/db/queue.md
        queue.en.md → Missing { path: Some(SourcePath("content/db/queue.en.md")) }
        only.md → content/db/only.md
        "#);
        insta::assert_snapshot!(shown("\
-- hugo.toml --
-- config/_default/languages.toml --
[en]
contentDir = \"content/en\"
[de]
contentDir = \"content/de\"
-- content/de/a.md --
[b](b.md) [ref]({{< ref \"b\" >}}) [abs](/b/) [de](/de/b/)
-- content/de/b.md --
-- content/en/a.md --
-- content/en/b.md --
", "content/de/a.md"), @"
        content/de/a.md de/a.html
        content/de/b.md de/b.html
        content/en/a.md a.html
        content/en/b.md b.html
        b.md → content/de/b.md
        page:b → content/de/b.md
        /b/ → content/en/b.md
        /de/b/ → content/de/b.md
        ");
    }

    #[test]
    fn addresses_of_zola() {
        insta::assert_snapshot!(shown("\
-- config.toml --
base_url = \"/\"
default_language = \"en\"
[languages.de]
-- content/_index.md --
[a](@/db/restore.md) [b](@/2026-01-31-note.md) [c](/note/) [d](/db/recover) [e](/far/away/) [f](@/gone.md)
-- content/db/restore.md --
+++
slug = \"recover\"
+++
-- content/db/far.md --
+++
path = \"far/away\"
+++
-- content/2026-01-31-note.md --
-- content/db/restore.de.md --
", "content/_index.md"), @r#"
        content/2026-01-31-note.md note.html
        content/_index.md index.html
        content/db/far.md far/away.html
        content/db/restore.de.md de/db/restore.html
        content/db/restore.md db/recover.html
        @/db/restore.md → content/db/restore.md
        @/2026-01-31-note.md → content/2026-01-31-note.md
        /note/ → content/2026-01-31-note.md
        /db/recover → content/db/restore.md
        /far/away/ → content/db/far.md
        @/gone.md → Missing { path: Some(SourcePath("content/@/gone.md")) }
        "#);
    }

    #[test]
    fn permalinks_and_posts_of_jekyll() {
        insta::assert_snapshot!(shown("\
-- _config.yml --
title: x
-- index.md --
[a]({% post_url 2026-01-31-out-age %}) [b]({% link _posts/2026-01-31-out-age.md %}) [c](/ops/2026/01/31/out-age.html)
[d](/how/to/) [e](how.md) [f](/docs/deep/x.html) [g]({% link _docs/deep/x.md %}) [h](/flat.html) [i](/flat) [gone]({% post_url 2026-01-01-gone %})
-- _posts/2026-01-31-out-age.md --
---
categories: [Ops]
---
-- how.md --
---
permalink: /how/to/
---
-- _docs/deep/x.md --
-- f.md --
---
permalink: /:basename/../flat.html
---
-- g.md --
---
permalink: /flat.html
---
", "index.md"), @r#"
        _docs/deep/x.md docs/deep/x.html
        _posts/2026-01-31-out-age.md ops/2026/01/31/out-age.html
        f.md f.html
        g.md flat.html
        how.md how/to.html
        index.md index.html
        page:2026-01-31-out-age → _posts/2026-01-31-out-age.md
        page:_posts/2026-01-31-out-age.md → _posts/2026-01-31-out-age.md
        /ops/2026/01/31/out-age.html → _posts/2026-01-31-out-age.md
        /how/to/ → how.md
        how.md → how.md
        /docs/deep/x.html → _docs/deep/x.md
        page:_docs/deep/x.md → _docs/deep/x.md
        /flat.html → g.md
        /flat → g.md
        page:2026-01-01-gone → Missing { path: Some(SourcePath("2026-01-01-gone")) }
        "#);
    }

    #[test]
    fn permalinks_of_hugo() {
        let fixture = "\
-- hugo.toml --
[permalinks]
posts = \"/blog/:year/:monthname/:weekday/:yearday/:sections[1:]/:slug/\"
docs = \"/d/:sections/:contentbasename\"
\"/\" = \"/root/:slugorfilename.html\"
odd = \"/:unknown/\"
[permalinks.section]
posts = \"/blogs/\"
-- content/_index.md --
[a](/blog/2026/february/2/34/my-title-more/) [b](posts/one.md) [c](/d/docs/a-b/) [d](/root/top.html) [e](/posts/one/) [f](/odd/x/)
-- content/posts/_index.md --
-- content/posts/one.md --
---
title: My Title, & More!
date: 2026-02-03
---
-- content/posts/deep/_index.md --
-- content/posts/deep/er/x.md --
---
title: X_y é
slug: ''
---
-- content/posts/bund/index.md --
---
title: Bundle One
---
-- content/posts/own.md --
---
url: /own/
slug: other
---
-- content/docs/A b.md --
-- content/top.md --
-- content/odd/x.md --
";
        insta::assert_snapshot!(shown(fixture, "content/_index.md"), @r#"
        content/_index.md index.html
        content/docs/A b.md d/docs/a-b.html
        content/odd/x.md odd/x.html
        content/posts/_index.md blogs/index.html
        content/posts/bund/index.md blog/1/january/1/1/bundle-one/index.html
        content/posts/deep/_index.md blogs/index-2.html
        content/posts/deep/er/x.md blog/1/january/1/1/deep/x_y-é.html
        content/posts/one.md blog/2026/february/2/34/my-title-more.html
        content/posts/own.md own.html
        content/top.md root/top.html
        /blog/2026/february/2/34/my-title-more/ → content/posts/one.md
        posts/one.md → content/posts/one.md
        /d/docs/a-b/ → content/docs/A b.md
        /root/top.html → content/top.md
        /posts/one/ → Missing { path: Some(SourcePath("content/posts/one")) }
        /odd/x/ → content/odd/x.md
        "#);
        let pages = |table: &str| {
            let fixture = format!(
                "-- hugo.yaml --\npermalinks:\n  page: {{ posts: '{table}' }}\n-- content/posts/_index.md --\n-- content/posts/deep/_index.md --\n-- content/posts/deep/x.md --\n"
            );
            let portal = portal(&fixture);
            let url = portal.urls.iter().find(|(path, _)| path.name() == "x.md");
            url.map(|(_, url)| url.0.clone()).unwrap()
        };
        assert_eq!(
            pages("/:sections[0]/:sections[last]/:sections[:1]/:filename.html"),
            "posts/deep/posts/x.html"
        );
        assert_eq!(pages("/:section/:sections[5]/:month-:day-:title"), "posts/01-01-x.html");
        assert_eq!(pages("/:sections[x]/"), "posts/deep/x.html");
    }

    #[test]
    fn the_settings_of_jekyll_say_permalinks() {
        insta::assert_snapshot!(shown("\
-- _config.yml --
permalink: pretty
collections:
  docs: { output: true, permalink: /manual/:path/ }
  plain: { output: true, permalink: pretty }
defaults:
  - scope: { path: '', type: pages }
    values: { layout: x }
  - scope: { path: g }
    values: { permalink: /guide/:basename.html }
  - scope: { path: g/deep, type: pages }
    values: { permalink: /:path/d/:basename/ }
-- index.md --
[a](/manual/b/) [b](/manual/sub/) [c](/docs/a/) [d](/plain/x/) [e](/guide/a.html) [f](/g/deep/d/a/) [g](/docs/b.html)
-- _docs/a.md --
-- _docs/b.md --
-- _docs/sub/index.md --
-- _plain/x.md --
-- docs/a.md --
[sibling](../c/)
-- docs/c.md --
-- g/a.md --
-- g/deep/a.md --
-- glass.md --
", "index.md"), @r#"
        _docs/a.md manual/a.html
        _docs/b.md manual/b.html
        _docs/sub/index.md manual/sub/index/index.html
        _plain/x.md plain/x.html
        docs/a.md docs/a.html
        docs/c.md docs/c.html
        g/a.md guide/a.html
        g/deep/a.md g/deep/d/a.html
        glass.md glass.html
        index.md index.html
        /manual/b/ → _docs/b.md
        /manual/sub/ → Missing { path: Some(SourcePath("manual/sub")) }
        /docs/a/ → docs/a.md
        /plain/x/ → _plain/x.md
        /guide/a.html → g/a.md
        /g/deep/d/a/ → g/deep/a.md
        /docs/b.html → Missing { path: Some(SourcePath("docs/b.html")) }
        "#);
    }
}
