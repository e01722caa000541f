//! The home page: ready or not, what is in the way, where the handover stands today, and who to call.

use chrono::NaiveDate;
use serde::Serialize;

use crate::assess::{Assessment, Counts, Now, Schedule, Status, SupportWindow, Verdict};
use crate::diagnostic::Severity;
use crate::parse::plan::{DayUnit, Plan, Side};
use crate::render::chart::timeline;
use crate::render::page::{Html, escalation, readiness, to};
use crate::render::site::{Frame, Link, Site, TocEntry};
use crate::render::status::{self, Badge};
use crate::render::words::{self, Day};

const ADDRESS: &str = "index.html";
/// How much of what is owed is shown.
const OWED: usize = 10;
/// How many dates to come are shown.
const DATES: usize = 6;

#[derive(Serialize)]
struct Context {
    frame: Frame,
    title: String,
    lead: Option<String>,
    /// Where the day lies in the plan.
    today: Option<String>,
    plan: bool,
    verdict: Option<Banner>,
    owed: Vec<Owed>,
    /// How much there is, where it is more than what is shown.
    all_owed: Option<usize>,
    cards: Vec<Card>,
    timeline: Option<String>,
    contacts: Vec<escalation::Level>,
    dates: Vec<Date>,
    /// The items of a list, as HTML.
    contents: String,
    /// How many problems `check` found: "2 errors and 1 warning".
    problems: Option<String>,
}

/// The verdict on the whole, or on a document.
#[derive(Serialize)]
pub struct Banner {
    #[serde(flatten)]
    pub badge: Badge,
    /// The first sentence.
    pub lead: String,
    pub text: String,
}

/// Something that is still owed.
#[derive(Serialize)]
pub struct Owed {
    /// HTML.
    pub what: String,
    pub criterion: Option<Link>,
    pub owner: Option<String>,
    pub due: Option<Day>,
}

#[derive(Serialize)]
struct Card {
    title: Link,
    figure: String,
    badge: Badge,
    note: String,
}

#[derive(Serialize)]
struct Date {
    day: Day,
    text: String,
}

pub fn html(site: &Site<'_>) -> Html {
    let portal = site.facts.portal;
    let assessment = site.facts.assessment;
    let plan = portal.plan.as_ref();
    let schedule = assessment.schedule.as_ref();
    let timeline = plan
        .zip(schedule)
        .map(|(plan, schedule)| timeline::timeline("timeline", schedule, plan, assessment.today));
    let mut context = Context {
        frame: site.frame(ADDRESS, "Overview"),
        title: portal.title().to_owned(),
        lead: plan.map_or(portal.config.book.description.clone(), |plan| {
            plan.handover.summary.clone().or_else(|| between(plan))
        }),
        today: schedule.map(|schedule| today(schedule, assessment.today)),
        plan: plan.is_some(),
        verdict: plan.map(|_| verdict(assessment)),
        all_owed: Some(assessment.open_items.len()).filter(|count| *count > OWED),
        owed: owed(site, ADDRESS).into_iter().take(OWED).collect(),
        cards: plan.map_or(Vec::new(), |_| cards(assessment)),
        timeline,
        contacts: escalation::levels(site),
        dates: plan.map_or(Vec::new(), |plan| {
            dates(plan, schedule, assessment.support.as_ref(), assessment.today)
        }),
        contents: if plan.is_none() { site.places.contents(ADDRESS) } else { String::new() },
        problems: problems(site),
    };
    let sections = [
        ("owed", "What is still owed", !context.owed.is_empty()),
        ("glance", "At a glance", !context.cards.is_empty()),
        ("timeline", "Timeline", context.timeline.is_some()),
        ("call", "Who to call", !context.contacts.is_empty()),
        ("dates", "Next dates", !context.dates.is_empty()),
        ("contents", "Documents", !context.contents.is_empty()),
    ];
    context.frame.toc = sections
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(id, text, _)| TocEntry::new(id, text))
        .collect();
    site.theme.render("home.html", &context)
}

/// Returns who hands over to whom.
fn between(plan: &Plan) -> Option<String> {
    let name = |side| plan.teams.iter().find(|team| team.side == side).map(|team| &team.name);
    let (from, to) = (name(Side::Relinquishing)?, name(Side::Receiving)?);
    Some(format!("Handover of operations. From: {from}. To: {to}."))
}

/// Returns where the day lies in the plan, as a sentence.
pub fn today(schedule: &Schedule, today: NaiveDate) -> String {
    let total = schedule.days.len();
    let gate = schedule.gate.map(Day::from);
    match schedule.now {
        Now::Before => format!("Starts on {}.", Day::from(schedule.start).long),
        Now::Day(day) => match gate {
            Some(gate) if gate.iso == today.to_string() => {
                format!("Business day {day} of {total}: the handover is today.")
            }
            Some(gate) => {
                format!("Business day {day} of {total}. The handover is on {}.", gate.long)
            }
            None => format!("Business day {day} of {total}."),
        },
        Now::DayOff(day) => format!("A day off, after business day {day} of {total}."),
        Now::After => match gate {
            Some(gate) => format!("The handover was on {}.", gate.long),
            None => format!("The plan ended on {}.", Day::from(schedule.end).long),
        },
    }
}

/// Returns the verdict on the handover.
pub fn verdict(assessment: &Assessment) -> Banner {
    let readiness = &assessment.readiness;
    let judged = Day::from(assessment.today).long;
    let waived =
        if readiness.waived > 0 { format!(", {} waived", readiness.waived) } else { String::new() };
    let text = if readiness.total == 0 {
        format!("The plan states no criterion for the gate, judged for {judged}.")
    } else {
        format!(
            "{} of {} met{waived}, judged for {judged}.",
            readiness.met,
            words::count(readiness.total, "criterion").replace("criterions", "criteria"),
        )
    };
    let (badge, lead) = if readiness.ready {
        (status::criterion(Verdict::Met), "Ready for sign-off")
    } else {
        (status::criterion(Verdict::Unmet), "Not ready for sign-off")
    };
    Banner { badge, lead: lead.to_owned(), text }
}

/// Returns everything that is still owed, with its owner.
pub fn owed<'a>(site: &Site<'a>, from: &str) -> Vec<Owed> {
    let items = site.facts.assessment.open_items.iter();
    items
        .map(|item| Owed {
            what: site.phrase(from, &item.what),
            criterion: item.criterion.as_ref().map(|id| readiness::link(from, id)),
            owner: item.owner.as_ref().map(|id| site.name(id).to_owned()),
            due: item.due.map(Day::from),
        })
        .collect()
}

fn cards(assessment: &Assessment) -> Vec<Card> {
    let readiness = &assessment.readiness;
    let open = readiness.total - (readiness.met + readiness.waived).min(readiness.total);
    let criteria = Card::of(
        to(ADDRESS, "readiness.html", None, "Criteria met"),
        (readiness.met, readiness.total),
        (open, status::criterion(Verdict::Unmet)),
    );
    let documents = &assessment.documents;
    let count = |statuses: &[Status]| {
        documents.values().filter(|document| statuses.contains(&document.status)).count()
    };
    let approved = count(&[Status::Approved]);
    let worst = documents.values().map(|document| document.status).min();
    let documents = Card::of(
        to(ADDRESS, "documents.html", None, "Documents approved"),
        (approved, documents.len()),
        (
            documents.len() - approved - count(&[Status::Waived, Status::Exempt]),
            status::document(worst.unwrap_or(Status::Unreviewed)),
        ),
    );
    let modules = assessment.training.len();
    let complete = assessment.training.iter().filter(|module| module.complete).count();
    let training = Card::of(
        to(ADDRESS, "plan.html", Some("training"), "Modules taught"),
        (complete, modules),
        (modules - complete, status::criterion(Verdict::NotAssessed)),
    );
    let exceptions = assessment.exceptions.iter();
    let live = exceptions.filter(|exception| exception.counts == Counts::Yes).count();
    let (badge, note) = if live == 0 {
        (status::document(Status::Exempt), "none granted".to_owned())
    } else {
        (status::document(Status::Waived), "in force".to_owned())
    };
    let title = to(ADDRESS, "readiness.html", Some("exceptions"), "Exceptions");
    vec![criteria, documents, training, Card { title, figure: live.to_string(), badge, note }]
}

impl Card {
    /// Returns the card for so many of a total, of which some are still open.
    fn of(title: Link, (done, total): (usize, usize), (open, look): (usize, Badge)) -> Self {
        let (badge, note) = match (total, open) {
            // Nothing to judge is not the same as nothing left.
            (0, _) => (status::document(Status::Exempt), "none stated".to_owned()),
            (_, 0) => (status::criterion(Verdict::Met), "none open".to_owned()),
            _ => (look, format!("{open} open")),
        };
        Self { title, figure: format!("{done} of {total}"), badge, note }
    }
}

/// Returns what comes next: milestones, phases, the support window and its meetings.
fn dates(
    plan: &Plan,
    schedule: Option<&Schedule>,
    support: Option<&SupportWindow>,
    today: NaiveDate,
) -> Vec<Date> {
    let mut dates: Vec<(NaiveDate, String)> = Vec::new();
    if let Some(schedule) = schedule {
        for phase in &schedule.phases {
            let title = plan.phases.iter().find(|planned| planned.id.as_str() == phase.id);
            let title = title.map_or(&phase.id, |phase| &phase.title);
            dates.push((phase.start, format!("{title} begins")));
        }
        for milestone in &schedule.milestones {
            let planned =
                plan.milestones.iter().find(|planned| planned.id.as_str() == milestone.id);
            let text = planned.map_or(milestone.id.clone(), |planned| {
                format!("{}: {}", planned.title, planned.activities)
            });
            dates.push((milestone.date, text));
        }
    }
    if let Some(support) = support {
        dates.push((support.start, format!("Support begins: {}", support_days(support))));
        dates.push((support.end, "Last day of support".to_owned()));
        for commitment in &support.commitments {
            dates.extend(commitment.dates.iter().map(|date| (*date, commitment.title.clone())));
        }
    }
    dates.retain(|(date, _)| *date >= today);
    dates.sort();
    dates.truncate(DATES);
    dates.into_iter().map(|(date, text)| Date { day: date.into(), text }).collect()
}

/// Returns the length of the support window in words.
pub fn support_days(support: &SupportWindow) -> String {
    let unit = match support.unit {
        DayUnit::Calendar => "calendar day",
        DayUnit::Business => "business day",
    };
    words::count(support.days as usize, unit)
}

fn problems(site: &Site<'_>) -> Option<String> {
    let count = |severity, noun| {
        let found = site.facts.diagnostics.iter().filter(|found| found.severity == severity);
        Some(found.count()).filter(|count| *count > 0).map(|count| words::count(count, noun))
    };
    let counts: Vec<String> =
        [count(Severity::Error, "error"), count(Severity::Warning, "warning")]
            .into_iter()
            .flatten()
            .collect();
    (!counts.is_empty()).then(|| words::list(&counts))
}
