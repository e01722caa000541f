//! Where pages stood before → where they stand now: the `aliases` of documents, and `[output.html.redirect]`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::link::targets::{Targets, is_external, normalized};
use crate::link::urls::plain_page;
use crate::link::{GENERATED_PAGES, Target, Url};
use crate::parse::config::Config;
use crate::parse::dialect::{Dialect, index_folder, is_markdown};
use crate::parse::document::Document;
use crate::source::{Source, SourcePath, Span};

/// A page that leads to another.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The address that it stands at; `None` where what is written is not the address of a page.
    pub from: Option<Url>,
    /// The anchor of that page that it is of, where it is not of the whole page.
    pub anchor: Option<String>,
    /// As it is written.
    pub written: String,
    /// What leads on: as it is written in `book.toml`, empty for an alias.
    pub destination: String,
    /// Where it leads in the end.
    pub to: Target,
    /// The redirects that it goes by, in order.
    pub through: Vec<Url>,
    /// What stands at its address already, so that it cannot.
    pub hidden_by: Option<HiddenBy>,
    pub source: Arc<Source>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HiddenBy {
    /// The page of a document, or one that is generated.
    Page,
    /// A redirect that comes first.
    Redirect(Arc<Source>, Span),
}

impl Redirect {
    /// Tells whether it leads in a circle.
    pub fn is_circle(&self) -> bool {
        let Some((last, before)) = self.through.split_last() else { return false };
        self.from.as_ref() == Some(last) || before.contains(last)
    }

    /// Returns the address of its page, and what that leads to, where it has one of its own.
    pub fn page(&self) -> Option<(&Url, &Target)> {
        self.leads().filter(|_| self.anchor.is_none())
    }

    /// Returns the address of the page that it stands on, its anchor there, and what that leads to.
    pub fn of_anchor(&self) -> Option<(&Url, &str, &Target)> {
        let anchor = self.anchor.as_deref()?;
        let (from, to) = self.leads()?;
        Some((from, anchor, to))
    }

    fn leads(&self) -> Option<(&Url, &Target)> {
        let leads = match &self.to {
            Target::Document { .. } | Target::Generated { .. } => true,
            Target::External => is_web(&self.destination),
            Target::Asset { .. }
            | Target::Missing { .. }
            | Target::Outside
            | Target::Unreadable { .. }
            | Target::Unjudged { .. } => false,
        };
        let from = self.from.as_ref().filter(|_| leads && self.hidden_by.is_none())?;
        Some((from, &self.to))
    }
}

/// Tells whether a destination is one that a page may send a reader to who has not asked for it.
pub fn is_web(destination: &str) -> bool {
    let destination = destination.trim().to_ascii_lowercase();
    ["https://", "http://", "//"].iter().any(|scheme| destination.starts_with(scheme))
}

/// Returns the redirects of a project, resolved, in the order of their addresses. Links to them lead on from now on.
pub fn redirects(
    config: &Config,
    documents: &BTreeMap<SourcePath, Arc<Document>>,
    urls: &BTreeMap<SourcePath, Url>,
    targets: &mut Targets<'_>,
) -> Vec<Redirect> {
    let content = config.book.src.value.as_str();
    let pages: BTreeSet<&str> = urls.values().map(|url| url.0.as_str()).collect();
    let is_page = |address: &str| pages.contains(address) || GENERATED_PAGES.contains(&address);
    let mut redirects: Vec<Redirect> = documents
        .iter()
        .flat_map(|(path, document)| aliases(path, document, content, config.dialect))
        .chain(of_settings(config))
        .collect();
    redirects.sort_by(in_order);
    let mut first: BTreeMap<Url, usize> = BTreeMap::new();
    for (index, redirect) in redirects.iter_mut().enumerate() {
        let Some(from) = &redirect.from else { continue };
        if redirect.anchor.is_some() {
            continue;
        }
        if is_page(&from.0) {
            redirect.hidden_by = Some(HiddenBy::Page);
        } else {
            first.entry(from.clone()).or_insert(index);
        }
    }
    let mut anchors: BTreeMap<(Url, String), usize> = BTreeMap::new();
    for index in 0..redirects.len() {
        let Some(from) = redirects[index].from.clone() else { continue };
        if redirects[index].anchor.is_some() {
            // It stands on the page of a document, or on one that leads on.
            let on = match targets.page_below(&from.0, None) {
                Some(Target::Document { path, .. }) => Some(path),
                _ => None,
            };
            let page = on
                .as_ref()
                .and_then(|path| urls.get(path))
                .or(first.contains_key(&from).then_some(&from))
                .cloned();
            redirects[index].from.clone_from(&page);
            let from = page.unwrap_or(from);
            let anchor = redirects[index].anchor.clone().unwrap_or_default();
            let is_there = || {
                let document = on.as_ref().and_then(|path| documents.get(path));
                document.is_some_and(|document| document.anchors.contains(&anchor))
            };
            redirects[index].hidden_by = match anchors.get(&(from.clone(), anchor.clone())) {
                Some(first) => {
                    let first: &Redirect = &redirects[*first];
                    Some(HiddenBy::Redirect(Arc::clone(&first.source), first.span))
                }
                None => is_there().then_some(HiddenBy::Page),
            };
            anchors.entry((from.clone(), anchor)).or_insert(index);
        } else if let Some(first) = first.get(&from).filter(|first| **first != index) {
            let first = &redirects[*first];
            let by = HiddenBy::Redirect(Arc::clone(&first.source), first.span);
            redirects[index].hidden_by = Some(by);
        }
        let (to, through) = follow(&redirects, &first, index, targets);
        (redirects[index].to, redirects[index].through) = (to, through);
    }
    redirects.sort_by(in_order);
    targets.lead_on(&redirects);
    redirects
}

fn in_order(a: &Redirect, b: &Redirect) -> Ordering {
    (&a.from, &a.source.path, a.span).cmp(&(&b.from, &b.source.path, b.span))
}

/// Goes from a redirect to what it leads to in the end.
fn follow(
    redirects: &[Redirect],
    at: &BTreeMap<Url, usize>,
    start: usize,
    targets: &Targets<'_>,
) -> (Target, Vec<Url>) {
    let mut through = Vec::new();
    let mut seen = BTreeSet::from([start]);
    let mut redirect = &redirects[start];
    loop {
        // The target of an alias is known from the start.
        if redirect.destination.is_empty() {
            return (redirect.to.clone(), through);
        }
        if is_external(&redirect.destination) {
            return (Target::External, through);
        }
        let base = redirect.from.as_ref().map_or("", |from| from.0.as_str());
        let Some((below, anchor)) = resolved(base, &redirect.destination) else {
            return (Target::Outside, through);
        };
        let page = page_at(&below);
        let next = page.as_ref().and_then(|page| at.get(page));
        match targets.page_below(&below, anchor.as_deref()) {
            Some(found) => return (found, through),
            None => match next {
                Some(next) if seen.insert(*next) => {
                    through.extend(page);
                    redirect = &redirects[*next];
                }
                Some(_) => {
                    through.extend(page);
                    return (Target::Missing { path: None }, through);
                }
                None => return (targets.missing_below(&below), through),
            },
        }
    }
}

/// Returns the redirects that a document asks for. An alias without a `/` and without the ending of a page is another name of
/// it, for the search.
fn aliases<'a>(
    path: &'a SourcePath,
    document: &'a Document,
    content: &str,
    dialect: Dialect,
) -> impl Iterator<Item = Redirect> + 'a {
    let below = path.below(content).unwrap_or(path.as_str());
    // To Hugo every alias is an address, beside that of the page; to Zola, one from the root.
    let is_hugo = dialect == Dialect::Hugo;
    let base = match (&document.address, index_folder(below)) {
        (Some(address), _) if is_hugo => address.plain(),
        (_, Some(folder)) if is_hugo => folder,
        _ if dialect == Dialect::Zola => "",
        _ => below,
    };
    let base = base.to_owned();
    let is_tools = is_hugo || dialect == Dialect::Zola;
    let is_one = move |alias: &str| is_address(alias) || is_tools && !is_external(alias);
    let aliases = document.meta.aliases.iter().filter(move |alias| is_one(alias));
    aliases.map(move |alias| Redirect {
        from: resolved(&base, alias).and_then(|(below, _)| page_at(&below)),
        anchor: None,
        written: alias.value.clone(),
        destination: String::new(),
        to: Target::Document { path: path.clone(), anchor: None, anchor_found: true },
        through: Vec::new(),
        hidden_by: None,
        source: Arc::clone(&document.source),
        span: alias.span,
    })
}

/// Returns the redirects of `book.toml` and of `mkdocs.yml`.
fn of_settings(config: &Config) -> impl Iterator<Item = Redirect> {
    let redirect = |source: &Arc<Source>, from: &str, destination: String, span: Span| {
        let resolved = resolved("", from);
        let anchor = resolved.as_ref().and_then(|(_, anchor)| anchor.clone());
        let anchor = anchor.filter(|anchor| !anchor.is_empty());
        Redirect {
            from: resolved.and_then(|(below, _)| page_at(&below)),
            anchor: anchor.map(|anchor| percent_decode_str(&anchor).decode_utf8_lossy().into()),
            written: from.to_owned(),
            destination,
            to: Target::Missing { path: None },
            through: Vec::new(),
            hidden_by: None,
            source: Arc::clone(source),
            span,
        }
    };
    let of_book = config.source.iter().flat_map(move |source| {
        config
            .redirects
            .iter()
            .map(move |(from, to)| redirect(source, from, to.trim().to_owned(), to.span))
    });
    let settings = &config.settings;
    let of_tool = settings.source.iter().flat_map(move |source| {
        settings.redirects.iter().map(move |(from, to)| {
            // Its paths begin at the content folder.
            let to_page = if is_external(to) { to.value.clone() } else { format!("/{to}") };
            redirect(source, from, to_page, to.span)
        })
    });
    of_book.chain(of_tool)
}

fn is_address(alias: &str) -> bool {
    let is_page = alias.ends_with(".html") || alias.ends_with(".htm") || is_markdown(alias);
    !is_external(alias) && (alias.contains('/') || is_page)
}

/// Returns an address, relative to the content folder, and its anchor: what is written stands in the file `base`.
fn resolved(base: &str, written: &str) -> Option<(String, Option<String>)> {
    let (path, anchor) = match written.trim().split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (written.trim(), None),
    };
    let path = path.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let below = match decoded.strip_prefix('/') {
        Some(absolute) => normalized(absolute)?,
        None => normalized(&format!("{folder}/{decoded}"))?,
    };
    let is_folder = decoded.is_empty() || decoded.ends_with(['/', '.']);
    Some((if is_folder { format!("{below}/") } else { below }, anchor))
}

/// Returns the page at an address below the content folder; `None` where it is that of another file, such as a picture.
fn page_at(below: &str) -> Option<Url> {
    let trimmed = below.trim_matches('/');
    let name = trimmed.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_folder = trimmed.is_empty() || below.ends_with('/');
    Some(Url(match ending {
        _ if trimmed.is_empty() => "index.html".to_owned(),
        _ if is_folder => format!("{trimmed}/index.html"),
        "html" | "htm" => trimmed.to_owned(),
        _ if is_markdown(name) => plain_page(trimmed),
        // `v1.2` is a folder, `plan.pdf` is not.
        ending if ending.chars().all(|char| char.is_ascii_alphabetic()) && !ending.is_empty() => {
            return None;
        }
        _ => format!("{trimmed}/index.html"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::portal;

    fn shown(fixture: &str) -> String {
        let portal = portal(fixture);
        let show = |redirect: &Redirect| {
            let from = redirect.from.as_ref().map_or("no page", |url| &url.0);
            let to = match &redirect.to {
                Target::Document { path, anchor, .. } => {
                    format!(
                        "{path}{}",
                        anchor.as_ref().map(|id| format!("#{id}")).unwrap_or_default()
                    )
                }
                Target::Generated { url, .. } => url.0.clone(),
                Target::External => redirect.destination.clone(),
                to => format!("{to:?}"),
            };
            let through: Vec<&str> = redirect.through.iter().map(|url| url.0.as_str()).collect();
            let hidden = if redirect.hidden_by.is_some() { " hidden" } else { "" };
            let anchor = redirect.anchor.as_ref().map(|id| format!("#{id}")).unwrap_or_default();
            format!("{from}{anchor} → {to} {through:?}{hidden}\n")
        };
        portal.redirects.iter().map(show).collect()
    }

    #[test]
    fn aliases_that_are_addresses_lead_to_their_document() {
        insta::assert_snapshot!(shown("\
-- src/db/restore.md --
---
aliases: [Recovery, old.md, /restore/, ../db-restore.html, /v1.2, /old%20name/, /x.pdf, README.md, /../../x/]
---
"), @"
        no page → src/db/restore.md []
        no page → src/db/restore.md []
        db-restore.html → src/db/restore.md []
        db/index.html → src/db/restore.md []
        db/old.html → src/db/restore.md []
        old name/index.html → src/db/restore.md []
        restore/index.html → src/db/restore.md []
        v1.2/index.html → src/db/restore.md []
        ");
    }

    #[test]
    fn those_of_mkdocs_begin_at_the_content() {
        insta::assert_snapshot!(shown("\
-- mkdocs.yml --
plugins:
  - search
  - redirects:
      redirect_maps:
        old.md: db/restore.md
        db/old.md: db/restore.md#steps
        'moved/index.md': 'https://example.com/moved'
        gone.md: nothing.md
-- docs/db/restore.md --
## Steps
"), @r#"
        db/old.html → docs/db/restore.md#steps []
        gone.html → Missing { path: Some(SourcePath("docs/nothing.md")) } []
        moved/index.html → https://example.com/moved []
        old.html → docs/db/restore.md []
        "#);
    }

    #[test]
    fn those_of_the_book_are_followed_to_their_end() {
        insta::assert_snapshot!(shown("\
-- book.toml --
[output.html.redirect]
\"/a.html\" = \"db/restore.html#steps\"
\"/db/b.html\" = \"restore.html\"
\"/c.html\" = \"/a.html\"
\"/d.html\" = \"https://example.com/d\"
\"/e.html\" = \"f.html\"
\"/f.html\" = \"e.html\"
\"/g.html\" = \"gone.html\"
\"/h.html\" = \"/old/\"
\"/db/restore.html\" = \"/a.html\"
\"/i.html\" = \"plan.html\"
\"/j.html#x\" = \"a.html\"
\"/db/restore.html#x\" = \"/i.html\"
\"/c.html#x\" = \"db/restore.html#steps\"
\"/k.html\" = \"../../k.html\"
-- src/db/restore.md --
---
aliases: [/old/, /a.html]
---
## Steps
"), @r#"
        no page#x → src/db/restore.md#steps ["a.html"]
        a.html → src/db/restore.md#steps []
        a.html → src/db/restore.md [] hidden
        c.html → src/db/restore.md#steps ["a.html"]
        c.html#x → src/db/restore.md#steps []
        d.html → https://example.com/d []
        db/b.html → src/db/restore.md []
        db/restore.html → src/db/restore.md#steps ["a.html"] hidden
        db/restore.html#x → plan.html ["i.html"]
        e.html → Missing { path: None } ["f.html", "e.html"]
        f.html → Missing { path: None } ["e.html", "f.html"]
        g.html → Missing { path: Some(SourcePath("src/gone.html")) } []
        h.html → src/db/restore.md ["old/index.html"]
        i.html → plan.html []
        k.html → Outside []
        old/index.html → src/db/restore.md []
        "#);
    }

    #[test]
    fn those_of_anchors_stand_on_their_page() {
        let fixture = "\
-- book.toml --
[output.html.redirect]
'/a.html#moved' = 'db/restore.html#steps'
'/a.html#out' = 'https://example.com/x'
'/a.html#here' = 'db/restore.html'
'/a.html#circle' = 'a.html#circle'
'/old.html' = 'a.html'
'/old.html#part' = 'db/restore.html'
'/nowhere.html#x' = 'a.html'
-- src/SUMMARY.md --
- [A](a.md)
- [R](db/restore.md)
-- src/a.md --
# A
[moved](#moved) [out](a.md#out) [old](old.html#part)
## Here
-- src/db/restore.md --
# R
[moved](../a.md#moved) [gone](../a.md#gone)
## Steps
";
        insta::assert_snapshot!(shown(fixture), @"
        no page#x → src/a.md []
        index.html#moved → src/db/restore.md#steps []
        index.html#out → https://example.com/x []
        index.html#here → src/db/restore.md [] hidden
        index.html#circle → src/a.md#circle []
        old.html → src/a.md []
        old.html#part → src/db/restore.md []
        ");
        insta::assert_snapshot!(crate::fixture::check(fixture), @"
        book.toml:4:18: warning[duplicate-redirect]: redirect from `/a.html#here`, where a page stands: `index.html`
        book.toml:5:20: error[broken-redirect]: redirect from `/a.html#circle` to `a.html#circle`, an anchor that the page does not have
        book.toml:8:21: error[broken-redirect]: redirect from `/nowhere.html#x`, which is not the address of a page
        src/db/restore.md:2:24: error[broken-anchor]: link to `#gone`, which `src/a.md` does not have
        ");
        let judged = crate::fixture::judged(fixture);
        let targets = judged.portal.targets.values().flatten();
        let targets: Vec<String> = targets.map(|target| format!("{target:?}\n")).collect();
        insta::assert_snapshot!(targets.concat(), @r#"
        Document { path: SourcePath("src/db/restore.md"), anchor: Some("steps"), anchor_found: true }
        Document { path: SourcePath("src/a.md"), anchor: Some("out"), anchor_found: true }
        Document { path: SourcePath("src/db/restore.md"), anchor: None, anchor_found: true }
        Document { path: SourcePath("src/db/restore.md"), anchor: Some("steps"), anchor_found: true }
        Document { path: SourcePath("src/a.md"), anchor: Some("gone"), anchor_found: false }
        "#);
    }
}
