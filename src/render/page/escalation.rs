//! The escalation page: who to call for what, how fast they answer, and whether anybody tried.

use serde::Serialize;

use crate::assess::{Answer, EscalationAssessment, Verdict};
use crate::parse::plan::Escalation;
use crate::render::names;
use crate::render::page::Html;
use crate::render::site::{Frame, Link, Site};
use crate::render::status::{self, Badge};
use crate::render::words::Day;

const ADDRESS: &str = "escalation.html";

#[derive(Serialize)]
struct Context {
    frame: Frame,
    plan: bool,
    levels: Vec<Level>,
}

/// A level of the matrix.
#[derive(Serialize)]
pub struct Level {
    pub level: u32,
    /// `1 · Support rota`
    pub title: String,
    pub severities: String,
    pub contact: String,
    pub role: Option<String>,
    /// Telephone, pager and mail of the contact, and the channel.
    pub ways: Vec<Link>,
    /// The telephone, and how else somebody is woken.
    pub at_night: Vec<Link>,
    pub hours: String,
    pub minutes: u32,
    pub test: Test,
}

/// The last test of a level that counts.
#[derive(Serialize)]
pub struct Test {
    pub on: Option<Day>,
    pub badge: Badge,
    /// "3 of 15 min", "Not tested".
    pub result: String,
    pub by: Option<String>,
}

pub fn html(site: &Site<'_>) -> Html {
    let mut frame = site.frame(ADDRESS, "Escalation");
    frame.wide = true;
    let plan = site.facts.portal.plan.is_some();
    site.theme.render("escalation.html", &Context { frame, plan, levels: levels(site) })
}

/// Returns the levels of the matrix, from the lowest.
pub fn levels(site: &Site<'_>) -> Vec<Level> {
    let Some(plan) = &site.facts.portal.plan else { return Vec::new() };
    let mut levels: Vec<Level> = plan
        .escalations
        .iter()
        .zip(&site.facts.assessment.escalations)
        .map(|(escalation, assessed)| level(site, escalation, assessed))
        .collect();
    levels.sort_by_key(|level| level.level);
    levels
}

fn level(site: &Site<'_>, escalation: &Escalation, assessed: &EscalationAssessment) -> Level {
    let number = escalation.level.value;
    let contact = escalation.contact.as_str();
    let person = names::person(site.facts.portal, contact);
    let phone = person.and_then(|person| person.phone.as_ref());
    let pager = person.and_then(|person| person.pager.as_ref());
    let email = person.and_then(|person| person.email.as_ref());
    let phone = phone.map(|phone| Link::new(phone.as_str(), telephone(phone)));
    let pager = pager.map(|pager| {
        let web = pager.starts_with("https://").then(|| pager.clone());
        Link::new(pager.as_str(), web.or_else(|| telephone(pager)))
    });
    let email = email.map(|email| Link::new(email.as_str(), format!("mailto:{email}")));
    let channel = escalation.channel.as_ref().map(|channel| Link::new(channel.as_str(), None));
    let at_night = phone.iter().chain(channel.as_ref().or(pager.as_ref())).cloned().collect();
    Level {
        level: number,
        title: match &escalation.title {
            Some(title) => format!("{number} · {title}"),
            None => format!("Level {number}"),
        },
        severities: escalation.severities.join(", "),
        contact: person.map_or(contact, |person| &person.name).to_owned(),
        role: person.map(|person| person.role.clone()),
        ways: [phone, pager, email, channel].into_iter().flatten().collect(),
        at_night,
        hours: escalation.hours.clone(),
        minutes: escalation.acknowledge_minutes,
        test: test(site, escalation, assessed),
    }
}

fn test(site: &Site<'_>, escalation: &Escalation, assessed: &EscalationAssessment) -> Test {
    let records = &site.facts.portal.records.escalation_tests;
    let Some(test) = assessed.test.and_then(|index| records.get(index)) else {
        let badge = status::criterion(Verdict::NotAssessed).with_word("Not tested");
        return Test { on: None, badge, result: badge.word.to_owned(), by: None };
    };
    let limit = escalation.acknowledge_minutes;
    let time = || format!("{} of {limit} min", test.minutes.unwrap_or_default());
    let (verdict, result) = match assessed.answer {
        Answer::InTime => (Verdict::Met, time()),
        Answer::Late => (Verdict::Unmet, time()),
        Answer::Nobody => (Verdict::Unmet, "nobody answered".to_owned()),
        Answer::Untimed | Answer::NotTested => {
            (Verdict::NotAssessed, "time not recorded".to_owned())
        }
    };
    Test {
        on: Some(test.on.value.0.into()),
        badge: status::criterion(verdict),
        result,
        by: test.acknowledged_by.as_ref().map(|by| site.name(&by.value).to_owned()),
    }
}

/// Returns the address that dials a number, when it is one.
fn telephone(number: &str) -> Option<String> {
    let digits: String = number
        .chars()
        .filter(|character| character.is_ascii_digit() || *character == '+')
        .collect();
    let dialable = number.chars().all(|character| "+0123456789 ()-./".contains(character));
    (dialable && digits.len() >= 3).then(|| format!("tel:{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialed_and_a_name_is_not() {
        assert_eq!(telephone("+44 20 7946 0101").as_deref(), Some("tel:+442079460101"));
        assert_eq!(telephone("leadgen-l2"), None);
    }
}
