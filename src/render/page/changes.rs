//! What changed since the release before: documents with their texts side by side in one, criteria, the plan, the records;
//! and for each person what is new to them.

use serde::Serialize;

use crate::difference;
use crate::parse::plan::Person;
use crate::release::changes::news::{self, Knew, News};
use crate::release::changes::{
    Changes, CriterionChange, DocumentChange, DocumentState, Fate, State,
};
use crate::render::address;
use crate::render::difference::{self as shown, Difference};
use crate::render::page::{Html, readiness, since};
use crate::render::site::{Frame, Link, Site, TocEntry};
use crate::render::status::{self, Badge};
use crate::render::words::{self, Day};

#[derive(Serialize)]
struct Context {
    frame: Frame,
    /// `None` where no earlier version was released.
    since: Option<Since>,
    /// The people for whom something is new.
    people: Vec<Known>,
    /// The names of the others.
    up_to_date: Option<String>,
}

/// The changes since a release.
#[derive(Serialize)]
struct Since {
    from: Point,
    to: Point,
    /// "1 document added, 2 changed", or that nothing did.
    summary: String,
    /// What cannot be told, and why, as HTML.
    missing: Option<String>,
    groups: Vec<Group>,
    /// Documents whose text is the same, and whose status is not.
    restated: Vec<Item>,
    criteria: Vec<Criterion>,
    /// Parts of the plan, each with what changed in it as HTML.
    plan: Vec<(&'static str, Vec<String>)>,
    recorded: Option<String>,
    unrecorded: Option<String>,
}

/// A version and how it stood.
#[derive(Serialize)]
struct Point {
    version: String,
    day: Day,
    verdict: String,
}

/// Documents that the same became of.
#[derive(Serialize)]
struct Group {
    id: &'static str,
    title: &'static str,
    documents: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    anchor: String,
    title: Link,
    tone: &'static str,
    old: Option<Badge>,
    new: Option<Badge>,
    /// "`content/a.md` is now `content/b.md`", as HTML.
    moved: Option<String>,
    /// What changed beside the text, as HTML.
    about: Vec<String>,
    difference: Option<Difference>,
    /// What there is to say where no difference is shown.
    note: Option<&'static str>,
}

#[derive(Serialize)]
struct Criterion {
    name: Link,
    statement: String,
    old: Option<Badge>,
    new: Option<Badge>,
    words: Vec<String>,
}

/// A person and what is new to them.
#[derive(Serialize)]
struct Known {
    anchor: String,
    name: String,
    news: Vec<Fresh>,
}

#[derive(Serialize)]
struct Fresh {
    document: Link,
    /// "your review", said of somebody: "reviewed", "was taught in Basics".
    how: String,
    day: Day,
    unknown: bool,
    badge: Option<Badge>,
}

const ADDRESS: &str = "changes.html";

pub fn html(site: &Site<'_>) -> Html {
    let (people, others): (Vec<Known>, Vec<Known>) =
        people(site).into_iter().partition(|person| !person.news.is_empty());
    let others: Vec<String> = others.into_iter().map(|person| person.name).collect();
    let mut context = Context {
        frame: site.frame(ADDRESS, "Changes"),
        since: site.facts.changes.map(|changes| since_release(site, changes)),
        people,
        up_to_date: (!others.is_empty()).then(|| words::list(&others)),
    };
    context.frame.toc = toc(&context);
    site.theme.render("changes.html", &context)
}

fn toc(context: &Context) -> Vec<TocEntry> {
    let mut toc = Vec::new();
    if let Some(since) = &context.since {
        toc.extend(since.groups.iter().map(|group| {
            let nested =
                group.documents.iter().map(|it| TocEntry::new(&it.anchor, it.title.text.as_str()));
            TocEntry { nested: nested.collect(), ..TocEntry::new(group.id, group.title) }
        }));
        for (id, title, shown) in [
            ("restated", "Another status", !since.restated.is_empty()),
            ("criteria", "Criteria", !since.criteria.is_empty()),
            ("plan", "Plan", !since.plan.is_empty()),
            ("records", "Records", since.recorded.is_some() || since.unrecorded.is_some()),
        ] {
            toc.extend(shown.then(|| TocEntry::new(id, title)));
        }
    }
    if !context.people.is_empty() || context.up_to_date.is_some() {
        let nested = context.people.iter().map(|it| TocEntry::new(&it.anchor, it.name.as_str()));
        toc.push(TocEntry {
            nested: nested.collect(),
            ..TocEntry::new("new", "What is new for you")
        });
    }
    toc
}

fn since_release(site: &Site<'_>, changes: &Changes) -> Since {
    let phrase = |text: &String| words::capital(&site.phrase(ADDRESS, text));
    let topics = changes.plan.iter();
    Since {
        from: point(&changes.from),
        to: point(&changes.to),
        summary: summary(changes),
        missing: changes.missing.as_ref().map(|why| words::sentence(&phrase(why))),
        groups: groups(site, changes),
        restated: items(site, changes, Fate::Restated),
        criteria: changes.criteria.iter().map(criterion).collect(),
        plan: topics.map(|it| (it.title, it.words.iter().map(phrase).collect())).collect(),
        recorded: (!changes.recorded.is_empty()).then(|| words::list(&changes.recorded)),
        unrecorded: (!changes.unrecorded.is_empty()).then(|| words::list(&changes.unrecorded)),
    }
}

fn point(state: &State) -> Point {
    let verdict = if state.ready { "ready for sign-off" } else { "not ready" };
    let criteria = if state.total == 1 { "criterion" } else { "criteria" };
    let (done, total) = (state.met + state.waived, state.total);
    Point {
        version: state.name.clone(),
        day: state.date.into(),
        verdict: format!("{verdict}, {done} of {total} {criteria} met or waived"),
    }
}

/// Counts what became of the documents, in words.
fn summary(changes: &Changes) -> String {
    let counts = FATES.iter().filter_map(|(fate, _, _, word)| {
        let count = changes.documents.iter().filter(|it| it.fate == *fate).count();
        (count > 0).then_some((count, *word))
    });
    let counts = counts.enumerate().map(|(at, (count, word))| match at {
        0 => format!("{} {word}", words::count(count, "document")),
        _ => format!("{count} {word}"),
    });
    let mut counts: Vec<String> = counts.collect();
    if changes.is_empty() {
        return "nothing changed".to_owned();
    }
    if counts.is_empty() {
        counts.push("no document changed".to_owned());
    }
    words::list(&counts)
}

/// What becomes of a document, the id and title of its group, and the word for counts.
const FATES: [(Fate, &str, &str, &str); 5] = [
    (Fate::Added, "added", "Added", "added"),
    (Fate::Removed, "removed", "Removed", "removed"),
    (Fate::Renamed, "renamed", "Renamed", "renamed"),
    (Fate::Changed, "changed", "Changed", "changed"),
    (Fate::Restated, "restated", "Same text, another status", "with another status alone"),
];

fn groups(site: &Site<'_>, changes: &Changes) -> Vec<Group> {
    let groups = FATES.iter().filter(|(fate, ..)| *fate != Fate::Restated);
    let groups = groups.map(|(fate, id, title, _)| Group {
        id,
        title,
        documents: items(site, changes, *fate),
    });
    groups.filter(|group| !group.documents.is_empty()).collect()
}

fn items(site: &Site<'_>, changes: &Changes, fate: Fate) -> Vec<Item> {
    let documents = changes.documents.iter().filter(|it| it.fate == fate);
    documents.map(|it| item(site, changes, it)).collect()
}

fn item(site: &Site<'_>, changes: &Changes, change: &DocumentChange) -> Item {
    let badge =
        |state: &Option<DocumentState>| state.as_ref().map(|it| status::document(it.status));
    let (old, new) = (badge(&change.old), badge(&change.new));
    let named = change.new.as_ref().or(change.old.as_ref());
    let (id, title) = named.map_or(("", ""), |state| (&*state.id, &*state.title));
    let title = match &change.new {
        Some(state) => site.document(ADDRESS, &state.id),
        None => Link::new(title, None),
    };
    let hunks =
        change.texts.as_ref().map(|(old, new)| difference::difference(&old.body, &new.body));
    let about = change.texts.as_ref().map(|(old, new)| since::about(&old.about, &new.about));
    let about = about.unwrap_or_default();
    let difference = hunks.filter(|hunks| !hunks.is_empty()).map(|hunks| shown::difference(&hunks));
    let note = match (&difference, change.changed, &change.texts) {
        (None, true, Some(_)) if about.is_empty() => {
            Some("Nothing that a reader sees: only how the text is written.")
        }
        (None, true, None) if changes.missing.is_none() => Some("Its old text cannot be read."),
        _ => None,
    };
    Item {
        anchor: format!("document-{id}"),
        title,
        tone: new.or(old).map_or("none", |badge| badge.tone),
        moved: moved(change),
        old,
        new,
        about,
        difference,
        note,
    }
}

/// Says where a document stood and stands, and by which id.
fn moved(change: &DocumentChange) -> Option<String> {
    let (old, new) = (change.old.as_ref()?, change.new.as_ref()?);
    let code = |text: &str| format!("<code>{}</code>", words::escape(text));
    match (&old.path, &new.path) {
        (Some(before), Some(after)) if before != after => {
            Some(format!("{} is now {}", code(before), code(after)))
        }
        _ if old.id != new.id => Some(format!("id {} is now {}", code(&old.id), code(&new.id))),
        _ => None,
    }
}

fn criterion(change: &CriterionChange) -> Criterion {
    Criterion {
        name: match change.new {
            Some(_) => readiness::link(ADDRESS, &change.id),
            None => Link::new(change.id.as_str(), None),
        },
        statement: change.statement.clone(),
        old: change.old.map(status::criterion),
        new: change.new.map(status::criterion),
        words: change.words.iter().map(|words| words::capital(words)).collect(),
    }
}

/// Returns everybody of the plan who knew a document, each with what is new to them.
fn people(site: &Site<'_>) -> Vec<Known> {
    let people = site.facts.portal.plan.iter().flat_map(|plan| &plan.people);
    people.map(|person| known(site, person)).collect()
}

fn known(site: &Site<'_>, person: &Person) -> Known {
    let facts = &site.facts;
    let history = facts.history.as_ref().ok();
    let news = news::news(facts.portal, facts.assessment, history, &person.id);
    Known {
        anchor: format!("new-{}", person.id),
        name: person.name.clone(),
        news: news.iter().map(|news| fresh(site, news)).collect(),
    }
}

fn fresh(site: &Site<'_>, news: &News) -> Fresh {
    let portal = site.facts.portal;
    let assessed = site.facts.assessment.documents.get(&news.document);
    let how = match news.knew {
        Knew::Review { .. } => "reviewed".to_owned(),
        Knew::Training { record } => {
            let module = portal.records.sessions.get(record).map(|session| &session.module);
            let plan = portal.plan.as_ref();
            let title = plan.zip(module).and_then(|(plan, id)| {
                plan.modules.iter().find(|module| module.id == *id).map(|it| it.title.as_str())
            });
            format!("was taught in “{}”", title.unwrap_or_default())
        }
    };
    let mut document = site.document(ADDRESS, &news.document);
    // The page of a document shows what changed since it was reviewed, where that is known.
    if let (Knew::Review { .. }, Some(path)) = (news.knew, portal.ids.get(&news.document))
        && assessed.is_some_and(|assessed| assessed.compared.is_some())
        && let Some(url) = portal.urls.get(path)
    {
        document.href = Some(address::relative(ADDRESS, &url.0, Some("what-changed")));
    }
    Fresh {
        document,
        how,
        day: news.on.into(),
        unknown: news.unknown,
        badge: assessed.map(|assessed| status::document(assessed.status)),
    }
}
