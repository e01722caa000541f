//! The facts → `feed.xml`: an Atom feed of what has happened up to the day, newest first.

use atom_syndication::{Entry, Feed, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use chrono::{NaiveDate, NaiveTime};

use crate::assess::Counts;
use crate::parse::records::{DecisionOutcome, Outcome};
use crate::render::feeds::{self, address};
use crate::render::past::{self, Origin};
use crate::render::{Facts, names};
use crate::source::{Spanned, sha256};

/// How many entries a feed has at most.
const LIMIT: usize = 100;

/// Returns the text of `feed.xml`. Links are absolute where `site-url` is set, else relative to the feed.
pub fn feed(facts: &Facts<'_>) -> String {
    let mut news = milestones(facts);
    news.extend(reviews(facts));
    news.extend(changes(facts));
    news.extend(training(facts));
    news.extend(practice(facts));
    news.extend(decisions(facts));
    news.sort_by(|a, b| {
        b.on.cmp(&a.on).then_with(|| (a.kind, &a.title, &a.key).cmp(&(b.kind, &b.title, &b.key)))
    });
    news.dedup_by(|a, b| a.kind == b.kind && a.key == b.key);
    news.truncate(LIMIT);
    let feed = Feed {
        title: Text::plain(feeds::one_line(feeds::title(facts))),
        id: urn(facts, "feed", ""),
        updated: midnight(news.first().map_or(facts.assessment.today, |newest| newest.on)),
        authors: vec![Person { name: author(facts), ..Person::default() }],
        generator: Some(Generator { value: "handover".into(), ..Generator::default() }),
        links: vec![
            Link { href: address(facts, "feed.xml"), rel: "self".into(), ..Link::default() },
            Link { href: address(facts, "index.html"), ..Link::default() },
        ],
        lang: Some(facts.portal.config.book.language.clone()),
        entries: news.iter().map(|one| entry(facts, one)).collect(),
        ..Feed::default()
    };
    let config = WriteConfig { write_document_declaration: true, indent_size: Some(1) };
    let bytes = feed.write_with_config(Vec::new(), config).expect("invariant: writing to memory");
    let mut text = String::from_utf8(bytes).expect("invariant: written from strings");
    text.push('\n');
    text
}

/// Something that happened.
struct News {
    on: NaiveDate,
    kind: &'static str,
    /// With the kind: what tells it from all others, in every version.
    key: String,
    title: String,
    summary: String,
    page: String,
}

fn milestones(facts: &Facts<'_>) -> Vec<News> {
    let (Some(plan), Some(schedule)) = (&facts.portal.plan, &facts.assessment.schedule) else {
        return Vec::new();
    };
    let milestones = schedule.milestones.iter().filter_map(|dates| {
        let milestone = plan.milestones.iter().find(|one| one.id.value == dates.id)?;
        Some((
            dates.date,
            format!("milestone-{}", dates.id),
            &milestone.title,
            &milestone.activities,
        ))
    });
    let phases = schedule.phases.iter().filter_map(|dates| {
        let phase = plan.phases.iter().find(|phase| phase.id.value == dates.id)?;
        Some((dates.start, format!("phase-{}", dates.id), &phase.title, &phase.activities))
    });
    milestones
        .chain(phases)
        .filter(|(on, ..)| *on <= facts.assessment.today)
        .map(|(on, key, title, activities)| News {
            on,
            kind: "plan",
            title: if key.starts_with("phase") { format!("{title} begins") } else { title.clone() },
            key,
            summary: activities.clone(),
            page: "plan.html".into(),
        })
        .collect()
}

fn reviews(facts: &Facts<'_>) -> Vec<News> {
    let portal = facts.portal;
    names::up_to_the_day(&portal.records.reviews, &facts.assessment.standing.reviews)
        .filter(|(_, counts)| **counts == Counts::Yes)
        .map(|(review, _)| {
            let path = portal.ids.get(&review.document.value);
            let document = path.and_then(|path| portal.documents.get(path));
            let title = document.map_or(&review.document.value, |document| &document.title);
            let outcome = match review.outcome {
                Outcome::Approved => "Approved",
                Outcome::ChangesRequested => "Changes requested",
            };
            let reviewer = names::name(portal, &review.reviewer.value);
            let url = path.and_then(|path| portal.urls.get(path)).map(|url| url.0.clone());
            News {
                on: review.on.value.0,
                kind: "review",
                key: format!(
                    "{}\n{}\n{}",
                    review.document.value, review.reviewer.value, review.on.value
                ),
                title: format!("{outcome}: {title}"),
                summary: sentence(format!("By {reviewer}"), review.note.as_deref()),
                page: url.unwrap_or_else(|| "documents.html".into()),
            }
        })
        .collect()
}

/// Returns the last changes of the documents that wait for another review.
fn changes(facts: &Facts<'_>) -> Vec<News> {
    let changed = facts.assessment.documents.values().filter(|one| one.compared.is_some());
    let changed = changed.filter_map(|assessed| {
        let path = assessed.path.as_ref()?;
        let Origin::Commit(commit) = past::origin(facts, path)? else { return None };
        let on = commit.date.date_naive();
        (on <= facts.assessment.today).then(|| News {
            on,
            kind: "change",
            key: format!("{}\n{}", assessed.id, commit.id),
            title: format!(
                "Changed since review: {}",
                names::document(facts.portal, assessed).title
            ),
            summary: sentence(commit.summary.clone(), Some(&format!("By {}.", commit.author))),
            page: facts.portal.urls[path].0.clone(),
        })
    });
    changed.collect()
}

fn training(facts: &Facts<'_>) -> Vec<News> {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    let sessions = names::up_to_the_day(&portal.records.sessions, &standing.sessions);
    let certifications =
        names::up_to_the_day(&portal.records.certifications, &standing.certifications);
    let module_title = |id: &str| {
        let mut modules = portal.plan.iter().flat_map(|plan| &plan.modules);
        modules
            .find(|module| module.id.value == id)
            .map_or(id.to_owned(), |module| module.title.clone())
    };
    let sessions =
        sessions.filter(|(_, counts)| **counts == Counts::Yes).map(|(session, _)| News {
            on: session.on.value.0,
            kind: "session",
            key: format!("{}\n{}", session.module.value, session.on.value),
            title: format!("Training held: {}", module_title(&session.module)),
            summary: sentence(
                format!(
                    "{} hours, attended by {}",
                    session.hours,
                    people(facts, &session.attendees)
                ),
                session.note.as_deref(),
            ),
            page: "plan.html#training".into(),
        });
    let certifications =
        certifications.filter(|(_, counts)| **counts == Counts::Yes).map(|(passed, _)| News {
            on: passed.on.value.0,
            kind: "certification",
            key: format!("{}\n{}", passed.person.value, passed.on.value),
            title: format!("Certified: {}", names::name(portal, &passed.person)),
            summary: sentence(
                format!("By {}", names::name(portal, &passed.certified_by)),
                passed.note.as_deref(),
            ),
            page: "plan.html#training".into(),
        });
    sessions.chain(certifications).collect()
}

fn practice(facts: &Facts<'_>) -> Vec<News> {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    let mut news = Vec::new();
    for (work, counts) in names::up_to_the_day(&portal.records.work, &standing.work) {
        if *counts == Counts::Yes {
            news.push(News {
                on: work.on.value.0,
                kind: "work",
                key: format!("{}\n{}", work.ticket, work.on.value),
                title: format!("Handled: {}", work.ticket),
                summary: sentence(
                    work.summary.clone(),
                    Some(&format!("Handled by {}.", people(facts, &work.performed_by))),
                ),
                page: "readiness.html#practice".into(),
            });
        }
    }
    let tests = names::up_to_the_day(&portal.records.escalation_tests, &standing.escalation_tests);
    for (test, counts) in tests {
        if *counts == Counts::Yes {
            let answer = match (&test.acknowledged_by, test.minutes) {
                (None, _) => "Nobody answered".to_owned(),
                (Some(by), None) => format!("Acknowledged by {}", names::name(portal, by)),
                (Some(by), Some(minutes)) => {
                    format!("Acknowledged by {} after {minutes} minutes", names::name(portal, by))
                }
            };
            news.push(News {
                on: test.on.value.0,
                kind: "escalation-test",
                key: format!("{}\n{}", test.level.value, test.on.value),
                title: format!("Escalation level {} tested", test.level.value),
                summary: sentence(answer, test.note.as_deref()),
                page: "escalation.html".into(),
            });
        }
    }
    for (event, counts) in
        names::up_to_the_day(&portal.records.support_events, &standing.support_events)
    {
        if *counts == Counts::Yes {
            news.push(News {
                on: event.on.value.0,
                kind: "support-event",
                key: format!("{}\n{}", event.commitment.value, event.on.value),
                title: event.commitment.value.clone(),
                summary: event.summary.clone(),
                page: "plan.html#support".into(),
            });
        }
    }
    news
}

fn decisions(facts: &Facts<'_>) -> Vec<News> {
    let (portal, standing) = (facts.portal, &facts.assessment.standing);
    let mut news = Vec::new();
    for (decision, counts) in names::up_to_the_day(&portal.records.decisions, &standing.decisions) {
        if *counts == Counts::Yes {
            let outcome = match decision.outcome {
                DecisionOutcome::Go => "go",
                DecisionOutcome::NoGo => "no-go",
                DecisionOutcome::Postponed => "postponed",
            };
            news.push(News {
                on: decision.on.value.0,
                kind: "decision",
                key: format!("{}\n{outcome}", decision.on.value),
                title: format!("Decision: {outcome}"),
                summary: sentence(
                    decision.reason.clone(),
                    Some(&format!("Decided by {}.", people(facts, &decision.by))),
                ),
                page: "readiness.html".into(),
            });
        }
    }
    for (exception, counts) in
        names::up_to_the_day(&portal.records.exceptions, &standing.exceptions)
    {
        if let (Some(on), Counts::Yes | Counts::Expired) = (&exception.on, counts) {
            let by = names::name(portal, &exception.approved_by);
            news.push(News {
                on: on.value.0,
                kind: "exception",
                key: format!("{}\n{}", exception.covers.value, on.value),
                title: format!("Exception granted: {}", exception.covers.value),
                summary: sentence(
                    exception.reason.clone(),
                    Some(&format!("Approved by {by}, until {}.", exception.expires.value)),
                ),
                page: "readiness.html#exceptions".into(),
            });
        }
    }
    news
}

fn entry(facts: &Facts<'_>, news: &News) -> Entry {
    Entry {
        title: Text::plain(feeds::one_line(&news.title)),
        id: urn(facts, news.kind, &news.key),
        updated: midnight(news.on),
        summary: Some(Text::plain(feeds::one_line(&news.summary))),
        links: vec![Link { href: address(facts, &news.page), ..Link::default() }],
        ..Entry::default()
    }
}

/// Returns an address that names one thing for ever: a UUID of the free form, out of a digest.
fn urn(facts: &Facts<'_>, kind: &str, key: &str) -> String {
    let handover = facts.portal.plan.as_ref().map_or(feeds::title(facts), |plan| &plan.handover.id);
    let hex = sha256(format!("{handover}\n{kind}\n{key}").as_bytes());
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..15],
        &hex[15..18],
        &hex[18..30]
    )
}

fn midnight(day: NaiveDate) -> FixedDateTime {
    day.and_time(NaiveTime::MIN).and_utc().fixed_offset()
}

fn author(facts: &Facts<'_>) -> String {
    let portal = facts.portal;
    let authors = &portal.config.book.authors;
    let service = portal.plan.as_ref().map(|plan| plan.handover.service.as_str());
    let name =
        if authors.is_empty() { service.unwrap_or("handover").into() } else { authors.join(", ") };
    feeds::one_line(&name)
}

fn people(facts: &Facts<'_>, ids: &[Spanned<String>]) -> String {
    let names: Vec<&str> = ids.iter().map(|id| names::name(facts.portal, &id.value)).collect();
    if names.is_empty() { "nobody".into() } else { names.join(", ") }
}

fn sentence(text: String, more: Option<&str>) -> String {
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    match more {
        Some(more) => format!("{text}{stop} {more}"),
        None => format!("{text}{stop}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::render::feeds::tests::PROJECT;

    fn read(project: &str) -> Feed {
        let judged = fixture::judged(project);
        let text = feed(&judged.facts());
        Feed::read_from(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_newest_comes_first_and_what_lies_ahead_not_at_all() {
        let feed = read(PROJECT);
        let entries: Vec<String> = feed
            .entries
            .iter()
            .map(|entry| format!("{} {}", entry.updated.date_naive(), entry.title.as_str()))
            .collect();
        insta::assert_snapshot!(entries.join("\n"), @r"
        2026-12-18 Decision: postponed
        2026-12-18 Escalation level 1 tested
        2026-12-18 Exception granted: drain
        2026-12-18 Shadowing begins
        2026-12-17 Certified: Ann
        2026-12-17 Handled: INC-1
        2026-12-16 Training held: Basics
        2026-12-15 Approved: Restore [it]
        2026-12-14 Review begins
        ");
        assert_eq!(feed.updated, feed.entries[0].updated);
    }

    #[test]
    fn ids_are_unique_and_links_are_relative_without_a_site_url() {
        let feed = read(PROJECT);
        let ids: std::collections::BTreeSet<&str> =
            feed.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids.len(), feed.entries.len());
        assert!(ids.iter().all(|id| id.starts_with("urn:uuid:") && id.len() == 45));
        assert!(feed.entries.iter().all(|entry| !entry.links[0].href.contains(':')));
    }

    #[test]
    fn links_are_absolute_with_a_site_url() {
        let site = "[output.handover]\nsite-url = \"https://a.example/x\"";
        let feed = read(&PROJECT.replace("[output.handover]", site));
        let elsewhere: Vec<&str> = feed
            .entries
            .iter()
            .map(|entry| entry.links[0].href.as_str())
            .filter(|href| !href.starts_with("https://a.example/x/1.0/"))
            .collect();
        assert_eq!(elsewhere, [""; 0]);
    }

    #[test]
    fn characters_that_xml_does_not_know_are_left_out() {
        let feed = read(&PROJECT.replace("Clear steps.", "Clear\\u0007 <steps> & \\uFFFF"));
        let entry = feed.entries.iter().find(|entry| entry.title.as_str().starts_with("Approved"));
        assert_eq!(entry.unwrap().summary.as_ref().unwrap().as_str(), "By Ann. Clear <steps> &");
    }
}
