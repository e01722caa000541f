//! Who is who: the people and teams of the plan, by id, with their sides.

use std::collections::BTreeMap;

use crate::parse::plan::{Person, Plan, Side, Team};

/// The people and teams of a plan. Empty without a plan.
#[derive(Debug, Default)]
pub struct Roster<'a> {
    people: BTreeMap<&'a str, &'a Person>,
    teams: BTreeMap<&'a str, &'a Team>,
    in_order: &'a [Person],
}

impl<'a> Roster<'a> {
    /// The first of each id counts; `check` reports the others.
    pub fn new(plan: Option<&'a Plan>) -> Self {
        let Some(plan) = plan else { return Self::default() };
        let mut roster = Self { in_order: &plan.people, ..Self::default() };
        for person in &plan.people {
            roster.people.entry(&person.id.value).or_insert(person);
        }
        for team in &plan.teams {
            roster.teams.entry(&team.id.value).or_insert(team);
        }
        roster
    }

    pub fn knows(&self, person: &str) -> bool {
        self.people.contains_key(person)
    }

    /// Returns the name of a person or a team, else what was written.
    pub fn name<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        let team = || self.teams.get(id).map(|team| team.name.as_str());
        self.people.get(id).map(|person| person.name.as_str()).or_else(team).unwrap_or(id)
    }

    /// Returns the side that a person stands on; `None` when the person or the team is unknown.
    pub fn side(&self, person: &str) -> Option<Side> {
        let team = &self.people.get(person)?.team.value;
        self.teams.get(team.as_str()).map(|team| team.side)
    }

    /// Tells whether a person is the owner, or in the team that is.
    pub fn is_owner(&self, person: &str, owner: &str) -> bool {
        person == owner || self.people.get(person).is_some_and(|person| person.team.value == owner)
    }

    /// Returns the ids of the people that a person, a team or a side stands for, in the order of the plan.
    pub fn members(&self, name: &str) -> Vec<&'a str> {
        let side = side_of_name(name).filter(|_| !self.teams.contains_key(name));
        let belongs = |person: &&Person| {
            person.id.value == name
                || person.team.value == name
                || side.is_some() && self.side(&person.id.value) == side
        };
        self.in_order.iter().filter(belongs).map(|person| person.id.value.as_str()).collect()
    }

    /// Returns the ids of all people, in the order of the plan.
    pub fn everybody(&self) -> Vec<&'a str> {
        self.in_order.iter().map(|person| person.id.value.as_str()).collect()
    }

    /// Returns the ids of the people of a side, in the order of the plan.
    pub fn of_side(&self, side: Side) -> Vec<&'a str> {
        let mut ids = self.everybody();
        ids.retain(|id| self.side(id) == Some(side));
        ids
    }

    /// Returns who leads a side.
    pub fn lead(&self, side: Side) -> Option<&'a str> {
        let leads = |id: &&str| self.people.get(id).is_some_and(|person| person.lead);
        self.of_side(side).into_iter().find(leads)
    }

    /// Returns the person to turn to for a person or a team: a team's lead, else the first in it.
    pub fn speaker(&self, name: &str) -> Option<&'a str> {
        let members = self.members(name);
        let leads = |id: &&&str| self.people.get(*id).is_some_and(|person| person.lead);
        members.iter().find(leads).or(members.first()).copied()
    }
}

fn side_of_name(name: &str) -> Option<Side> {
    match name {
        "receiving" => Some(Side::Receiving),
        "relinquishing" => Some(Side::Relinquishing),
        _ => None,
    }
}

/// Returns what a side is called.
pub fn side_name(side: Side) -> &'static str {
    match side {
        Side::Receiving => "receiving",
        Side::Relinquishing => "relinquishing",
    }
}
