//! What stands in a folder already: in words, and as the teams and the documents of a plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::emit::counted;
use crate::link::Portal;
use crate::parse::front_matter::FrontMatter;
use crate::parse::toml::quoted;
use crate::source::SourcePath;

/// The keys by which other tools name who looks after a document.
const OWNERS: &[&str] = &["owner_slack", "ms.author", "author"];

/// How many owners become people of the plan.
const MOST_OWNERS: usize = 30;

/// Says what was found, in a line.
pub(super) fn said(portal: &Portal) -> String {
    let content = portal.config.book.src.value.as_str();
    let place = if content.is_empty() { String::new() } else { format!(" in `{content}/`") };
    let documents = counted(portal.documents.len(), "document");
    let mut said = format!("found {}: {documents}{place}", portal.config.dialect.name());
    if let Some(summary) = &portal.summary {
        let (listed, path) = (portal.nav.documents().len(), &summary.source.path);
        said += &format!(", {listed} of them listed in `{path}`");
    }
    if !portal.drafts.is_empty() {
        said += &format!(", {}", counted(portal.drafts.len(), "draft"));
    }
    let owners = owners(portal);
    if !owners.is_empty() {
        said += &format!(", {}", counted(owners.len(), "owner"));
    }
    if !portal.alerts.all.is_empty() {
        said += &format!(", {}", counted(portal.alerts.all.len(), "alert"));
    }
    said
}

/// Returns the line of `book.toml` that names the alert rules which were found outside the folder that the documents are to
/// stand in.
pub(super) fn alert_rules(portal: &Portal, content: &str) -> Option<String> {
    let outside = |path: &&SourcePath| path.below(content).is_none();
    let paths = portal.alerts.all.iter().map(|alert| &alert.file.source.path).filter(outside);
    let globs: BTreeSet<String> = paths
        .map(|path| format!("{}/*.{}", path.folder(), path.extension()))
        .map(|glob| quoted(glob.trim_start_matches('/')))
        .collect();
    let globs: Vec<String> = globs.into_iter().collect();
    (!globs.is_empty()).then(|| format!("alert-rules = [{}]\n", globs.join(", ")))
}

/// Returns who looks after documents, and after how many, the one with the most first.
fn owners(portal: &Portal) -> Vec<(&str, usize)> {
    let default = portal.config.settings.variables.get("default_owner_slack");
    let default = default.map(|owner| owner.trim()).filter(|owner| !owner.is_empty());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for document in portal.documents.values() {
        if let Some(owner) = owner(&document.meta).or(default) {
            *counts.entry(owner).or_default() += 1;
        }
    }
    let mut owners: Vec<_> = counts.into_iter().collect();
    owners.sort_by(|(a, many), (b, more)| more.cmp(many).then(a.cmp(b)));
    owners
}

fn owner(meta: &FrontMatter) -> Option<&str> {
    let own = meta.owner.as_ref().map(|owner| owner.value.as_str());
    own.or_else(|| {
        let others = OWNERS.iter().filter_map(|key| meta.other.get(*key));
        others.map(|owner| owner.value.trim()).find(|owner| !owner.is_empty())
    })
}

/// Fills in the plan: who looks after the most documents is the team that hands over, the others are people of it, and every
/// document is one that must be there.
pub(super) fn filled_in(plan: &str, portal: &Portal) -> String {
    let owners = owners(portal);
    let mut plan = plan.to_owned();
    if let Some((first, _)) = owners.first() {
        let placeholder = quoted("The team that runs the service today");
        plan = plan.replacen(&placeholder, &quoted(first), 1);
        plan = plan.replace("\"relinquishing\"\nside", &format!("{}\nside", quoted(first)));
        plan = plan.replace("team = \"relinquishing\"", &format!("team = {}", quoted(first)));
    }
    let people = owners.iter().skip(1).take(MOST_OWNERS).map(|(owner, documents)| {
        let (id, role) =
            (quoted(owner), quoted(&format!("Owns {}", counted(*documents, "document"))));
        let team = quoted(owners[0].0);
        format!("[[person]]\nid = {id}\nname = {id}\nrole = {role}\nteam = {team}\n\n")
    });
    let people: String = people.collect();
    let documents: String = portal
        .ids
        .iter()
        .filter_map(|(id, path)| {
            let document = portal.documents.get(path)?;
            let mut table =
                format!("[[document]]\nid = {}\ntitle = {}\n", quoted(id), quoted(&document.title));
            if let Some(kind) = &document.meta.kind {
                table += &format!("kind = {}\n", quoted(kind));
            }
            Some(table + "\n")
        })
        .collect();
    let mut put = |before: &str, text: String| {
        if let Some(at) = plan.find(before).filter(|_| !text.is_empty()) {
            plan.insert_str(at, &text);
        }
    };
    put("# What happens on which business days.", people);
    if !documents.is_empty() {
        let remark = "# What must be there at the end: every document that was found, by its id.\n";
        put("# What must be so by then.", format!("{remark}{documents}"));
    }
    plan
}
