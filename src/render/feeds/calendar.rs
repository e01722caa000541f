//! The facts → `calendar.ics`: phases, milestones, the support window and every date of a support commitment.
//!
//! Every event takes whole days, because a plan names no time of day; how long a meeting takes is in its text.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime};
use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};

use crate::parse::plan::{Commitment, DayUnit, Plan};
use crate::render::Facts;
use crate::render::feeds;

/// Returns the text of `calendar.ics`: RFC 5545, empty of events without a schedule.
///
/// The same event has the same `UID` in every version, so that a subscribed calendar moves it instead of doubling it.
pub fn calendar(facts: &Facts<'_>) -> String {
    let name = feeds::one_line(&format!("{} · {}", service(facts), feeds::title(facts)));
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//handover//handover//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", &*name),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    if let Some(plan) = &facts.portal.plan {
        let timezone = plan.calendar.as_ref().and_then(|calendar| calendar.timezone.as_ref());
        if let Some(timezone) = timezone {
            calendar.append_property(Property::new("X-WR-TIMEZONE", feeds::one_line(timezone)));
        }
        for entry in entries(facts, plan) {
            calendar.push(event(facts, plan, &entry));
        }
    }
    calendar.to_string()
}

/// One event of the calendar, over whole days.
struct Entry {
    /// Unique in the calendar, and stable: `phase-shadowing`.
    key: String,
    start: NaiveDate,
    /// The last day.
    end: NaiveDate,
    summary: String,
    description: String,
    page: &'static str,
}

fn entries(facts: &Facts<'_>, plan: &Plan) -> Vec<Entry> {
    let mut entries = schedule(facts, plan);
    entries.extend(support(facts, plan));
    let mut keys = BTreeSet::new();
    for entry in &mut entries {
        let key = entry.key.clone();
        let mut number = 1;
        while !keys.insert(entry.key.clone()) {
            number += 1;
            entry.key = format!("{key}-{number}");
        }
    }
    entries
}

fn schedule(facts: &Facts<'_>, plan: &Plan) -> Vec<Entry> {
    let Some(schedule) = &facts.assessment.schedule else { return Vec::new() };
    let phases = schedule.phases.iter().filter_map(|dates| {
        let phase = plan.phases.iter().find(|phase| phase.id.value == dates.id)?;
        let days = match (dates.first_day, dates.last_day) {
            (first, last) if first == last => format!("Business day {first}."),
            (first, last) => format!("Business days {first} to {last}."),
        };
        Some(Entry {
            key: format!("phase-{}", dates.id),
            start: dates.start,
            end: dates.end,
            summary: phase.title.clone(),
            description: format!("{}\n{days}", phase.activities),
            page: "plan.html",
        })
    });
    let milestones = schedule.milestones.iter().filter_map(|dates| {
        let milestone = plan.milestones.iter().find(|one| one.id.value == dates.id)?;
        let day = dates.day.map(|day| format!("\nBusiness day {day}.")).unwrap_or_default();
        let gate = if milestone.gate { "\nReadiness is judged on this day." } else { "" };
        Some(Entry {
            key: format!("milestone-{}", dates.id),
            start: dates.date,
            end: dates.date,
            summary: milestone.title.clone(),
            description: format!("{}{day}{gate}", milestone.activities),
            page: "plan.html",
        })
    });
    phases.chain(milestones).collect()
}

fn support(facts: &Facts<'_>, plan: &Plan) -> Vec<Entry> {
    let (Some(window), Some(support)) = (&facts.assessment.support, &plan.support) else {
        return Vec::new();
    };
    let unit = match window.unit {
        DayUnit::Calendar => "calendar",
        DayUnit::Business => "business",
    };
    let terms: Vec<String> = support.commitments.iter().map(terms).collect();
    let mut entries = vec![Entry {
        key: "support".into(),
        start: window.start,
        end: window.end,
        summary: format!("Post-handoff support ({} {unit} days)", window.days),
        description: terms.join("\n"),
        page: "plan.html#support",
    }];
    for dated in &window.commitments {
        let commitment =
            support.commitments.iter().find(|commitment| commitment.title.value == dated.title);
        let minutes = commitment.and_then(|commitment| commitment.minutes);
        let minutes = minutes.map(|minutes| format!(" ({minutes} minutes)")).unwrap_or_default();
        let count = dated.dates.len();
        for (index, &date) in dated.dates.iter().enumerate() {
            let number = index + 1;
            entries.push(Entry {
                key: format!("support-{}-{number}", slug(&dated.title)),
                start: date,
                end: date,
                summary: format!("{}{minutes}", dated.title),
                description: format!(
                    "{}\nNumber {number} of {count} in the support window. The plan sets no time of day.",
                    commitment.map_or("", |commitment| &commitment.text),
                ),
                page: "plan.html#support",
            });
        }
    }
    entries
}

fn terms(commitment: &Commitment) -> String {
    format!("{}: {}", commitment.title.value, commitment.text)
}

fn event(facts: &Facts<'_>, plan: &Plan, entry: &Entry) -> Event {
    let service = feeds::one_line(&plan.handover.service);
    let summary = format!("{}: {service}", feeds::one_line(&entry.summary));
    let description: Vec<String> = entry.description.lines().map(feeds::one_line).collect();
    let mut event = Event::with_uid(&feeds::one_line(&format!(
        "{}@{}.handover",
        entry.key, plan.handover.id.value
    )));
    event
        .summary(&summary)
        .description(description.join("\n").trim())
        .timestamp(facts.assessment.today.and_time(NaiveTime::MIN).and_utc())
        .starts(entry.start)
        .ends(entry.end.checked_add_days(Days::new(1)).unwrap_or(entry.end))
        .add_property("TRANSP", "TRANSPARENT");
    if feeds::base(facts).is_some() {
        event.url(&feeds::address(facts, entry.page));
    }
    event.done()
}

fn service<'a>(facts: &Facts<'a>) -> &'a str {
    facts.portal.plan.as_ref().map_or("handover", |plan| &plan.handover.service)
}

fn slug(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::render::feeds::tests::PROJECT;

    fn text(project: &str) -> String {
        calendar(&fixture::judged(project).facts())
    }

    /// Joins folded lines, as a reader does.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn every_date_of_the_plan_is_an_event() {
        let lines = unfolded(&text(PROJECT));
        let events: Vec<String> = lines
            .iter()
            .filter(|line| {
                ["DTSTART", "DTEND", "SUMMARY", "UID"].iter().any(|key| line.starts_with(key))
            })
            .map(|line| line.replace(";VALUE=DATE", ""))
            .collect();
        let events: Vec<String> = events.chunks(4).map(|event| event.join(" ")).collect();
        insta::assert_snapshot!(events.join("\n"), @r"
        DTEND:20261218 DTSTART:20261214 SUMMARY:Review: Queue\; Co UID:phase-review@queue.handover
        DTEND:20261225 DTSTART:20261218 SUMMARY:Shadowing: Queue\; Co UID:phase-shadow@queue.handover
        DTEND:20261229 DTSTART:20261228 SUMMARY:Official Handover: Queue\; Co UID:milestone-gate@queue.handover
        DTEND:20270112 DTSTART:20261229 SUMMARY:Post-handoff support (14 calendar days): Queue\; Co UID:support@queue.handover
        DTEND:20270106 DTSTART:20270105 SUMMARY:Weekly Sync (60 minutes): Queue\; Co UID:support-weekly-sync-1@queue.handover
        ");
    }

    #[test]
    fn lines_end_as_they_must_and_none_is_too_long() {
        let text = text(PROJECT);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
        assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    }

    #[test]
    fn text_is_escaped_and_the_stamp_is_the_judged_day() {
        let lines = unfolded(&text(PROJECT));
        assert!(lines.contains(&r"X-WR-CALNAME:Queue\; Co · Handover\, of the queue".to_owned()));
        assert!(
            lines.contains(&r"DESCRIPTION:Read\, all of it.\nBusiness days 1 to 4.".to_owned())
        );
        let stamps: std::collections::BTreeSet<&String> =
            lines.iter().filter(|line| line.starts_with("DTSTAMP")).collect();
        assert_eq!(stamps.into_iter().collect::<Vec<_>>(), ["DTSTAMP:20261218T000000Z"]);
    }

    #[test]
    fn two_commitments_of_one_title_are_two_series() {
        let twice = PROJECT.replace("[[signatory]]\nperson = \"bob\"", "[[support.commitment]]\ntitle = \"Weekly sync\"\ntext = \"x\"\nevery = \"week\"\n[[signatory]]\nperson = \"bob\"");
        let lines = unfolded(&text(&twice));
        let ids: Vec<&String> = lines.iter().filter(|line| line.starts_with("UID:")).collect();
        let unique: std::collections::BTreeSet<&&String> = ids.iter().collect();
        assert_eq!((ids.len(), unique.len()), (6, 6));
    }

    #[test]
    fn a_calendar_without_a_plan_has_no_events() {
        assert!(!text("-- src/a.md --\n# A\n").contains("VEVENT"));
    }
}
