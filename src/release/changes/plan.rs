//! Two plans → what changed between them, in words, part by part.

use std::fmt::Display;

use chrono::NaiveDate;

use crate::assess::calendar;
use crate::assess::roster::{Roster, side_name};
use crate::assess::standing::act_name;
use crate::parse::plan::{
    Calendar, Commitment, DayUnit, Escalation, Interval, Milestone, Module, Objective, Person,
    Phase, Plan, RequiredDocument, Support, Team, Weekday,
};
use crate::release::changes::{Topic, became, pairs};
use crate::source::Spanned;

/// Returns what changed, by the parts of the plan; parts that did not change are left out.
pub(super) fn plan(old: &Plan, new: &Plan) -> Vec<Topic> {
    let names = Names { old: Roster::new(Some(old)), new: Roster::new(Some(new)) };
    let topics: [(&str, Words); 9] = [
        ("Handover", handover(old, new)),
        ("Calendar", dates(old, new)),
        ("Phases and milestones", schedule(old, new)),
        ("People and teams", people(old, new)),
        ("Training", training(&names, old, new)),
        ("Required documents", required(old, new)),
        ("Reviews", reviews(old, new)),
        ("Escalation and support", support(&names, old, new)),
        ("Signatures", signatories(&names, old, new)),
    ];
    let topics = topics.into_iter().filter(|(_, words)| !words.0.is_empty());
    topics.map(|(title, words)| Topic { title, words: words.0 }).collect()
}

/// Who is who, in both plans.
struct Names<'a> {
    old: Roster<'a>,
    new: Roster<'a>,
}

impl Names<'_> {
    fn of(&self, id: &str) -> String {
        let new = self.new.name(id);
        if new == id { self.old.name(id).to_owned() } else { new.to_owned() }
    }

    fn of_all(&self, ids: &[Spanned<String>]) -> Vec<String> {
        ids.iter().map(|id| self.of(id)).collect()
    }

    fn of_one(&self, id: Option<&Spanned<String>>) -> String {
        id.map(|id| self.of(id)).unwrap_or_default()
    }
}

/// What changed, one phrase each.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn say(&mut self, words: impl Display) {
        self.0.push(words.to_string());
    }

    /// Tells of a value that is another, as its two texts.
    fn value(&mut self, what: impl Display, old: impl Display, new: impl Display) {
        let (old, new) = (old.to_string(), new.to_string());
        if old != new {
            self.say(became(what, &old, &new));
        }
    }

    /// Tells of a text that is too long to be told twice.
    fn text(&mut self, what: impl Display, old: &str, new: &str) {
        if old != new {
            self.say(format!("{what}: “{new}”"));
        }
    }

    /// Tells what a list has that it had not, and what it has no more; of one that began or ends empty, all of it.
    fn list(&mut self, what: impl Display, old: &[String], new: &[String]) {
        if old.is_empty() || new.is_empty() {
            return self.value(what, old.join(", "), new.join(", "));
        }
        let alone = |one: &[String], other: &[String]| {
            let alone = one.iter().filter(|item| !other.contains(item)).cloned();
            alone.collect::<Vec<_>>().join(", ")
        };
        let (added, gone) = (alone(new, old), alone(old, new));
        match (added.is_empty(), gone.is_empty()) {
            (true, true) => {}
            (false, true) => self.say(format!("{what}: now with {added}")),
            (true, false) => self.say(format!("{what}: now without {gone}")),
            (false, false) => self.say(format!("{what}: now with {added}, without {gone}")),
        }
    }

    /// Tells what is new and what is gone, and has what stayed compared.
    fn each<'a, T>(
        &mut self,
        (old, new): (&'a [T], &'a [T]),
        id: impl Fn(&T) -> &str,
        name: impl Fn(&T) -> String,
        compare: impl Fn(&mut Self, &'a T, &'a T),
    ) {
        for pair in pairs(old, new, id) {
            match pair {
                (Some(old), Some(new)) => compare(self, old, new),
                (None, Some(new)) => self.say(format!("{} is new", name(new))),
                (Some(old), None) => self.say(format!("{} is gone", name(old))),
                (None, None) => {}
            }
        }
    }
}

fn handover(old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let (before, after) = (&old.handover, &new.handover);
    words.value("title", &before.title, &after.title);
    words.value("service", &before.service, &after.service);
    let summary = |plan: &Plan| plan.handover.summary.clone().unwrap_or_default();
    words.text("summary", &summary(old), &summary(new));
    let name = |objective: &Objective| format!("objective “{}”", objective.text);
    words.each(
        (&old.objectives, &new.objectives),
        |it| &it.text,
        name,
        |words, old, new| {
            let criteria = |it: &Objective| codes(&it.criteria);
            words.list(format!("{}, criteria", name(new)), &criteria(old), &criteria(new));
        },
    );
    words
}

fn dates(old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let (before, after) = match (&old.calendar, &new.calendar) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => {
            words.say("the calendar is new");
            return words;
        }
        (Some(_), None) => {
            words.say("the calendar is gone");
            return words;
        }
        (None, None) => return words,
    };
    words.value("start", day(before.start.value.0), day(after.start.value.0));
    words.value("business days", &before.business_days, &after.business_days);
    let weekend = |calendar: &Calendar| joined(calendar.weekend.iter().copied().map(weekday));
    words.value("days off each week", weekend(before), weekend(after));
    for holiday in &after.holidays {
        if !before.holidays.iter().any(|one| one.date == holiday.date) {
            words.say(format!("holiday {} ({}) is new", day(holiday.date.value.0), holiday.name));
        }
    }
    for holiday in &before.holidays {
        if !after.holidays.iter().any(|one| one.date == holiday.date) {
            words.say(format!("holiday {} ({}) is gone", day(holiday.date.value.0), holiday.name));
        }
    }
    let zone = |calendar: &Calendar| calendar.timezone.clone().unwrap_or_default();
    words.value("time zone", zone(before), zone(after));
    words
}

/// Tells of days and, where the calendar gives them, of dates: those of a phase move when the start does.
fn schedule(old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let span = |plan: &Plan, phase: &Phase| -> String {
        let Some(days) = &phase.days else { return String::new() };
        let start = plan.calendar.as_ref().map(|calendar| calendar.start.value.0);
        let schedule = start.and_then(|start| calendar::schedule(plan, start));
        let dates = schedule
            .as_ref()
            .and_then(|schedule| schedule.phases.iter().find(|dates| dates.id == phase.id.value));
        match dates {
            Some(dates) => format!("days {days} ({} to {})", day(dates.start), day(dates.end)),
            None => format!("days {days}"),
        }
    };
    let name = |phase: &Phase| format!("phase “{}”", phase.title);
    words.each(
        (&old.phases, &new.phases),
        |it| &it.id,
        name,
        |words, before, after| {
            words.value(format!("{} is called", name(before)), &before.title, &after.title);
            words.value(name(after), span(old, before), span(new, after));
            words.text(
                format!("{}, activities", name(after)),
                &before.activities,
                &after.activities,
            );
        },
    );
    let date = |plan: &Plan, milestone: &Milestone| -> String {
        let start = plan.calendar.as_ref().map(|calendar| calendar.start.value.0);
        let schedule = start.and_then(|start| calendar::schedule(plan, start));
        let found = schedule.as_ref().and_then(|schedule| {
            schedule.milestones.iter().find(|date| date.id == milestone.id.value)
        });
        match (&milestone.day, found) {
            (Some(number), Some(found)) => format!("day {number} ({})", day(found.date)),
            (Some(number), None) => format!("day {number}"),
            (None, Some(found)) => day(found.date),
            (None, None) => String::new(),
        }
    };
    let name = |milestone: &Milestone| format!("milestone “{}”", milestone.title);
    words.each(
        (&old.milestones, &new.milestones),
        |it| &it.id,
        name,
        |words, before, after| {
            words.value(format!("{} is called", name(before)), &before.title, &after.title);
            words.value(name(after), date(old, before), date(new, after));
            words.value(format!("{} is the gate", name(after)), yes(before.gate), yes(after.gate));
            let criteria = |it: &Milestone| codes(&it.criteria);
            words.list(format!("{}, criteria", name(after)), &criteria(before), &criteria(after));
            words.text(
                format!("{}, activities", name(after)),
                &before.activities,
                &after.activities,
            );
        },
    );
    words
}

fn people(old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let name = |team: &Team| format!("team “{}”", team.name);
    words.each(
        (&old.teams, &new.teams),
        |it| &it.id,
        name,
        |words, before, after| {
            words.value(format!("{} is called", name(before)), &before.name, &after.name);
            words.value(
                format!("{} is", name(after)),
                side_name(before.side),
                side_name(after.side),
            );
        },
    );
    let rosters = (Roster::new(Some(old)), Roster::new(Some(new)));
    for pair in pairs(&old.people, &new.people, |person: &Person| &person.id.value) {
        let (before, after) = match pair {
            (None, Some(person)) => {
                let team = rosters.1.name(&person.team);
                words.say(format!("{} joined {team} as {}", person.name, person.role));
                continue;
            }
            (Some(person), None) => {
                words.say(format!("{} left {}", person.name, rosters.0.name(&person.team)));
                continue;
            }
            (Some(before), Some(after)) => (before, after),
            (None, None) => continue,
        };
        words.value(format!("{} is called", before.name), &before.name, &after.name);
        let name = &after.name;
        words.value(format!("{name}, role"), &before.role, &after.role);
        let teams = (rosters.0.name(&before.team), rosters.1.name(&after.team));
        if before.team != after.team {
            words.value(format!("{name}, team"), teams.0, teams.1);
        }
        words.value(format!("{name} leads the team"), yes(before.lead), yes(after.lead));
        for (what, before, after) in [
            ("email", &before.email, &after.email),
            ("phone", &before.phone, &after.phone),
            ("pager", &before.pager, &after.pager),
        ] {
            words.value(
                format!("{name}, {what}"),
                or_nothing(before.as_ref()),
                or_nothing(after.as_ref()),
            );
        }
    }
    words
}

fn training(names: &Names<'_>, old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let name = |module: &Module| format!("module “{}”", module.title);
    words.each(
        (&old.modules, &new.modules),
        |it| &it.id,
        name,
        |words, before, after| {
            words.value(format!("{} is called", name(before)), &before.title, &after.title);
            let of = |what: &str| format!("{}, {what}", name(after));
            words.value(of("hours"), before.hours, after.hours);
            let trainer = |it: &Module| names.of_one(it.trainer.as_ref());
            words.value(of("trainer"), trainer(before), trainer(after));
            let audience = |it: &Module| names.of_all(&it.audience);
            words.list(of("audience"), &audience(before), &audience(after));
            let documents = |it: &Module| joined(it.documents.iter());
            words.value(of("documents"), documents(before), documents(after));
        },
    );
    words
}

fn required(old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let name = |document: &RequiredDocument| match &document.title {
        Some(title) => format!("“{title}”, required as `{}`,", document.id),
        None => format!("required document `{}`", document.id),
    };
    words.each((&old.documents, &new.documents), |it| &it.id, name, |_, _, _| {});
    words
}

fn reviews(old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    let (before, after) = (&old.review, &new.review);
    words.value("the side that approves", side_name(before.side), side_name(after.side));
    words.value("approvals of a document", before.approvals, after.approvals);
    words.value(
        "an owner may approve their own document",
        yes(!before.independent),
        yes(!after.independent),
    );
    let holds =
        |days: Option<u32>| days.map_or("for ever".to_owned(), |days| format!("{days} days"));
    words.value("an approval holds", holds(before.valid_days), holds(after.valid_days));
    let acts = |plan: &Plan| match &*plan.review.acts {
        [] => "all".to_owned(),
        acts => joined(acts.iter().copied().map(act_name)),
    };
    words.value("acts that count", acts(old), acts(new));
    words
}

fn support(names: &Names<'_>, old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    // Levels are numbers; ids are texts.
    let levels = |plan: &Plan| -> Vec<(String, Escalation)> {
        plan.escalations.iter().map(|level| (level.level.to_string(), level.clone())).collect()
    };
    let (before, after) = (levels(old), levels(new));
    for pair in pairs(&before, &after, |(id, _)| id) {
        let (id, before, after) = match pair {
            (Some((id, before)), Some((_, after))) => (id, before, after),
            (None, Some((id, level))) => {
                words.say(format!("level {id}, {}, is new", names.of(&level.contact)));
                continue;
            }
            (Some((id, _)), None) => {
                words.say(format!("level {id} is gone"));
                continue;
            }
            (None, None) => continue,
        };
        let of = |what: &str| format!("level {id}, {what}");
        words.value(of("contact"), names.of(&before.contact), names.of(&after.contact));
        words.value(of("hours"), &before.hours, &after.hours);
        words.value(of("minutes"), before.acknowledge_minutes, after.acknowledge_minutes);
        words.list(of("severities"), &before.severities, &after.severities);
        words.value(
            of("channel"),
            or_nothing(before.channel.as_ref()),
            or_nothing(after.channel.as_ref()),
        );
    }
    let (before, after) = match (&old.support, &new.support) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(after)) => {
            words.say(format!("support of {} is new", window(after)));
            return words;
        }
        (Some(_), None) => {
            words.say("support is gone");
            return words;
        }
        (None, None) => return words,
    };
    words.value("support", window(before), window(after));
    let commitments = (&*before.commitments, &*after.commitments);
    let name = |it: &Commitment| format!("commitment “{}”", it.title);
    words.each(
        commitments,
        |it| &it.title,
        name,
        |words, before, after| {
            words.text(name(after), &before.text, &after.text);
            let every = |it: &Commitment| it.every.map(interval).unwrap_or_default();
            words.value(format!("{}, every", name(after)), every(before), every(after));
            let minutes = |it: &Commitment| it.minutes.map(|it| it.to_string()).unwrap_or_default();
            words.value(format!("{}, minutes", name(after)), minutes(before), minutes(after));
        },
    );
    words
}

fn signatories(names: &Names<'_>, old: &Plan, new: &Plan) -> Words {
    let mut words = Words::default();
    for pair in pairs(&old.signatories, &new.signatories, |it| &it.person.value) {
        match pair {
            (None, Some(it)) => {
                words.say(format!("{} signs as {}", names.of(&it.person), it.capacity));
            }
            (Some(it), None) => {
                words.say(format!("{} does not sign any more", names.of(&it.person)));
            }
            (Some(before), Some(after)) => {
                let name = names.of(&after.person);
                words.value(format!("{name} signs as"), &before.capacity, &after.capacity);
                words.text(format!("{name} signs"), &before.statement, &after.statement);
            }
            (None, None) => {}
        }
    }
    words
}

fn window(support: &Support) -> String {
    let unit = match support.unit {
        DayUnit::Calendar => "calendar",
        DayUnit::Business => "business",
    };
    format!("{} {unit} days", support.days)
}

fn interval(interval: Interval) -> &'static str {
    match interval {
        Interval::Day => "day",
        Interval::Week => "week",
        Interval::Fortnight => "fortnight",
        Interval::Month => "month",
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn or_nothing(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

fn codes(ids: &[Spanned<String>]) -> Vec<String> {
    ids.iter().map(|id| format!("`{id}`")).collect()
}

fn joined<T: Display>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{Source, SourcePath};

    const PLAN: &str = include_str!("../../parse/plan_test.toml");

    fn told(edits: &[(&str, &str)]) -> String {
        let read = |text: &str| {
            let path = SourcePath::new("plan.toml").unwrap();
            crate::parse::plan::plan(&Arc::new(Source::new(path, text.to_owned()))).0.unwrap()
        };
        let mut text = PLAN.to_owned();
        for (from, to) in edits {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        let topics = plan(&read(PLAN), &read(&text));
        let lines =
            topics.iter().map(|topic| format!("{}\n  {}\n", topic.title, topic.words.join("\n  ")));
        lines.collect()
    }

    #[test]
    fn a_plan_that_is_the_same_has_no_changes() {
        assert_eq!(told(&[]), "");
    }

    #[test]
    fn what_changed_is_told_in_words() {
        let edits = [
            ("service = \"Lead Gen\"", "service = \"Leads\""),
            ("start = 2026-11-30", "start = 2026-12-07"),
            (
                "[{ date = 2026-12-08, name = \"Immaculate Conception\" }]",
                "[{ date = 2026-12-25, name = \"Christmas\" }]",
            ),
            ("[\"certification\", \"documents-reviewed\"]", "[\"certification\", \"access\"]"),
            ("name = \"New team\"", "name = \"Operations\""),
            ("role = \"DevOps Engineer\"", "role = \"SRE\""),
            ("id = \"marta\"\nname = \"Marta Lindqvist\"", "id = \"noor\"\nname = \"Noor Haddad\""),
            ("days = \"1-4\"", "days = \"1-5\""),
            ("hours = 3.5", "hours = 4"),
            ("trainer = \"marta\"", "trainer = \"noor\""),
            (
                "\n[[document]]\nid = \"architecture/overview\"",
                "\n[[document]]\nid = \"architecture/all\"",
            ),
            ("approvals = 1", "approvals = 2"),
            ("valid-days = 90", ""),
            ("acknowledge-minutes = 15", "acknowledge-minutes = 30"),
            ("unit = \"calendar\"", "unit = \"business\""),
            ("text = \"A 1-hour meeting — trends and questions.\"", "text = \"A meeting.\""),
            ("every = \"week\"", "every = \"fortnight\""),
            ("statement = \"I accept operational responsibility.\"", "statement = \"I accept.\""),
        ];
        insta::assert_snapshot!(told(&edits), @"
        Handover
          service: Lead Gen → Leads
          objective “Ensure the receiving team has full operational knowledge.”, criteria: now with `access`, without `documents-reviewed`
        Calendar
          start: 30 Nov 2026 → 7 Dec 2026
          holiday 25 Dec 2026 (Christmas) is new
          holiday 8 Dec 2026 (Immaculate Conception) is gone
        Phases and milestones
          phase “Documentation Review”: days 1-4 (30 Nov 2026 to 3 Dec 2026) → days 1-5 (7 Dec 2026 to 11 Dec 2026)
          milestone “Official Handover”: day 15 (21 Dec 2026) → day 15 (28 Dec 2026)
        People and teams
          team “New team” is called: New team → Operations
          Noor Haddad joined Current team as Platform Architect
          Beatriz Nogueira, role: DevOps Engineer → SRE
          Marta Lindqvist left Current team
        Training
          module “System Architecture & Data Flow”, hours: 3.5 → 4
          module “System Architecture & Data Flow”, trainer: Marta Lindqvist → Noor Haddad
        Required documents
          “Architecture”, required as `architecture/all`, is new
          “Architecture”, required as `architecture/overview`, is gone
        Reviews
          approvals of a document: 1 → 2
          an approval holds: 90 days → for ever
        Escalation and support
          level 3, minutes: 15 → 30
          support: 30 calendar days → 30 business days
          commitment “Weekly Sync”: “A meeting.”
          commitment “Weekly Sync”, every: week → fortnight
        Signatures
          Beatriz Nogueira signs: “I accept.”
        ");
    }
}
