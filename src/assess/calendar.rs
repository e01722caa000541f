//! The plan's calendar → dates: business days, phases, milestones, the support window and what repeats in it.
//!
//! A day off is a day of the weekend or a holiday. Where every day is off there are no business days, and no dates.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::assess::{
    CommitmentDates, MilestoneDate, Now, PhaseDates, Progress, Schedule, SupportWindow,
};
use crate::parse::plan::{
    Calendar, Commitment, DayUnit, Interval, Milestone, Phase, Plan, Weekday,
};

/// No calendar is longer than ten years.
const MOST_DAYS: u32 = 3650;

/// Which days are worked.
#[derive(Clone, Debug)]
pub struct Workdays {
    /// By days from Monday.
    weekend: [bool; 7],
    holidays: BTreeSet<NaiveDate>,
}

impl Workdays {
    pub fn new(calendar: &Calendar) -> Self {
        let mut weekend = [false; 7];
        for day in &calendar.weekend {
            weekend[*day as usize] = true;
        }
        let holidays = calendar.holidays.iter().map(|holiday| holiday.date.value.0).collect();
        Self { weekend, holidays }
    }

    pub fn is_day_off(&self, date: NaiveDate) -> bool {
        self.weekend[date.weekday().num_days_from_monday() as usize]
            || self.holidays.contains(&date)
    }

    /// Returns the first business day on or after a date; `None` when there is none.
    pub fn on_or_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        if self.weekend == [true; 7] {
            return None;
        }
        // Holidays are finite and a week has a worked day, so this ends.
        let mut date = date;
        while self.is_day_off(date) {
            date = date.succ_opt()?;
        }
        Some(date)
    }

    /// Returns business days one after another, the first of them on or after a date.
    fn from(&self, date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(self.on_or_after(date), |day| self.on_or_after(day.succ_opt()?))
    }
}

/// Works out the dates of a plan, and where the day lies in it. `None` without business days.
pub fn schedule(plan: &Plan, today: NaiveDate) -> Option<Schedule> {
    let calendar = plan.calendar.as_ref()?;
    let workdays = Workdays::new(calendar);
    let count = calendar.business_days.value.clamp(1, MOST_DAYS);
    let named = plan.phases.iter().filter_map(Phase::day_range).map(|(_, last)| last);
    let named =
        named.chain(plan.milestones.iter().filter_map(|milestone| Some(**milestone.day.as_ref()?)));
    // Phases and milestones beyond the plan have dates too; `check` says that they are beyond it.
    let most = named.fold(count, u32::max).min(MOST_DAYS);
    let mut days: Vec<NaiveDate> =
        workdays.from(calendar.start.value.0).take(most as usize).collect();
    let phases = plan.phases.iter().filter_map(|phase| phase_dates(phase, &days, today)).collect();
    let milestones: Vec<MilestoneDate> = plan
        .milestones
        .iter()
        .filter_map(|milestone| milestone_date(milestone, &days, today))
        .collect();
    let gate = plan.milestones.iter().find(|milestone| milestone.gate);
    let gate = gate.and_then(|gate| milestone_date(gate, &days, today)).map(|gate| gate.date);
    days.truncate(count as usize);
    let (start, end) = (*days.first()?, *days.last()?);
    let now = now(&days, today);
    Some(Schedule { start, end, days, phases, milestones, gate, now })
}

fn phase_dates(phase: &Phase, days: &[NaiveDate], today: NaiveDate) -> Option<PhaseDates> {
    let (first_day, last_day) = phase.day_range()?;
    let start = *days.get(first_day as usize - 1)?;
    let end = *days.get(last_day as usize - 1)?;
    let progress = progress(start, end, today);
    Some(PhaseDates { id: phase.id.value.clone(), first_day, last_day, start, end, progress })
}

fn milestone_date(
    milestone: &Milestone,
    days: &[NaiveDate],
    today: NaiveDate,
) -> Option<MilestoneDate> {
    let (day, date) = match (&milestone.date, &milestone.day) {
        (Some(date), _) => {
            let date = date.value.0;
            (days.binary_search(&date).ok().map(|index| index as u32 + 1), date)
        }
        (None, Some(day)) => {
            let index = day.value.checked_sub(1)?;
            (Some(day.value), *days.get(index as usize)?)
        }
        (None, None) => return None,
    };
    let progress = progress(date, date, today);
    Some(MilestoneDate { id: milestone.id.value.clone(), day, date, progress })
}

fn progress(start: NaiveDate, end: NaiveDate, today: NaiveDate) -> Progress {
    if end < today {
        Progress::Done
    } else if start <= today {
        Progress::Current
    } else {
        Progress::ToCome
    }
}

fn now(days: &[NaiveDate], today: NaiveDate) -> Now {
    match days.binary_search(&today) {
        Ok(index) => Now::Day(index as u32 + 1),
        Err(0) => Now::Before,
        Err(index) if index == days.len() => Now::After,
        Err(index) => Now::DayOff(index as u32),
    }
}

/// Works out the support window, which opens the day after the gate. `None` without a gate.
pub fn support(plan: &Plan, schedule: Option<&Schedule>) -> Option<SupportWindow> {
    let support = plan.support.as_ref()?;
    let workdays = Workdays::new(plan.calendar.as_ref()?);
    let start = schedule?.gate?.succ_opt()?;
    let days = support.days.value.clamp(1, MOST_DAYS);
    let end = match support.unit {
        DayUnit::Calendar => start.checked_add_days(Days::new(u64::from(days) - 1))?,
        DayUnit::Business => workdays.from(start).nth(days as usize - 1)?,
    };
    let dates = |commitment: &Commitment| CommitmentDates {
        title: commitment.title.value.clone(),
        dates: repeated(commitment, &workdays, start, end),
    };
    let commitments = support.commitments.iter().map(dates).collect();
    Some(SupportWindow { start, end, days, unit: support.unit, commitments })
}

/// Returns the dates of what repeats: the first is one interval after the window opens, or its first such day of the
/// week. A day off moves to the next business day, which does not move the dates after it.
fn repeated(
    commitment: &Commitment,
    workdays: &Workdays,
    start: NaiveDate,
    end: NaiveDate,
) -> Vec<NaiveDate> {
    let Some(every) = commitment.every else { return Vec::new() };
    let weekday = commitment
        .weekday
        .filter(|_| matches!(every, Interval::Week | Interval::Fortnight))
        .and_then(|weekday| first_weekday(start, weekday));
    let first = weekday.or_else(|| after(start, every, 1));
    let nominal = (0..).map_while(|count| after(first?, every, count));
    let mut dates: Vec<NaiveDate> = nominal
        .take_while(|date| *date <= end)
        .filter_map(|date| workdays.on_or_after(date))
        .filter(|date| *date <= end)
        .collect();
    dates.dedup();
    dates
}

fn after(date: NaiveDate, every: Interval, count: u32) -> Option<NaiveDate> {
    match every {
        Interval::Day => date.checked_add_days(Days::new(u64::from(count))),
        Interval::Week => date.checked_add_days(Days::new(7 * u64::from(count))),
        Interval::Fortnight => date.checked_add_days(Days::new(14 * u64::from(count))),
        Interval::Month => date.checked_add_months(Months::new(count)),
    }
}

fn first_weekday(date: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let ahead = (weekday as u64 + 7 - u64::from(date.weekday().num_days_from_monday())) % 7;
    date.checked_add_days(Days::new(ahead))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{Source, SourcePath};

    fn plan(text: &str) -> Plan {
        let handover = "[handover]\nid = 'a'\ntitle = 'A'\nservice = 'S'\nversion = '1'\n";
        let text = format!("{handover}{text}");
        let source = Arc::new(Source::new(SourcePath::new("plan.toml").unwrap(), text));
        let (plan, problems) = crate::parse::plan::plan(&source);
        assert!(problems.is_empty(), "{:?}", problems[0].message);
        plan.unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(start: &str, days: u32, rest: &str) -> Schedule {
        let plan = plan(&format!("[calendar]\nstart = {start}\nbusiness-days = {days}\n{rest}\n"));
        schedule(&plan, day("2026-12-18")).unwrap()
    }

    fn dates(days: &[NaiveDate]) -> String {
        days.iter().map(|day| day.format("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        let cases = [
            // The example: 15 days from a Monday with one holiday.
            (
                "2026-11-30",
                15,
                "holidays = [{ date = 2026-12-08, name = 'h' }]",
                "11-30 12-01 12-02 12-03 12-04 12-07 12-09 12-10 12-11 12-14 12-15 12-16 12-17 12-18 12-21",
            ),
            // Over the end of the year.
            (
                "2026-12-30",
                4,
                "holidays = [{ date = 2027-01-01, name = 'h' }]",
                "12-30 12-31 01-04 01-05",
            ),
            // A holiday on the first day, and a start on a Saturday.
            ("2026-12-25", 2, "holidays = [{ date = 2026-12-25, name = 'h' }]", "12-28 12-29"),
            ("2026-11-28", 2, "", "11-30 12-01"),
            // A leap day.
            ("2028-02-28", 3, "", "02-28 02-29 03-01"),
            // Other weekends: Friday and Saturday, none, six days.
            ("2026-11-30", 5, "weekend = ['friday', 'saturday']", "11-30 12-01 12-02 12-03 12-06"),
            ("2026-11-28", 3, "weekend = []", "11-28 11-29 11-30"),
            (
                "2026-11-30",
                2,
                "weekend = ['tuesday','wednesday','thursday','friday','saturday','sunday']",
                "11-30 12-07",
            ),
        ];
        for (start, count, rest, expected) in cases {
            assert_eq!(dates(&calendar(start, count, rest).days), expected, "{start} {rest}");
        }
    }

    #[test]
    fn a_week_without_a_worked_day_has_no_business_days() {
        let all = Workdays { weekend: [true; 7], holidays: BTreeSet::new() };
        assert_eq!(all.on_or_after(day("2026-11-30")), None);
        assert_eq!(all.from(NaiveDate::MAX).count(), 0);
        let none = Workdays { weekend: [false; 7], holidays: BTreeSet::new() };
        assert_eq!(none.from(NaiveDate::MAX).count(), 1, "time ends");
    }

    const EXAMPLE: &str = "[calendar]
start = 2026-11-30
business-days = 15
holidays = [{ date = 2026-12-08, name = 'h' }]
[[phase]]
id = 'one'
title = 'One'
days = '5-8'
activities = 'a'
[[phase]]
id = 'unscheduled'
title = 'Two'
label = 'Week 2'
activities = 'a'
[[phase]]
id = 'beyond'
title = 'Three'
days = '15-16'
activities = 'a'
[[milestone]]
id = 'handover'
title = 'Handover'
day = 15
gate = true
activities = 'a'
[[milestone]]
id = 'fixed'
title = 'Fixed'
date = 2026-12-08
activities = 'a'
[[milestone]]
id = 'worked'
title = 'Worked'
date = 2026-12-09
activities = 'a'
";

    #[test]
    fn phases_and_milestones_have_dates() {
        let schedule = schedule(&plan(EXAMPLE), day("2026-12-09")).unwrap();
        let phases: Vec<_> = schedule
            .phases
            .iter()
            .map(|phase| format!("{} {} {} {:?}", phase.id, phase.start, phase.end, phase.progress))
            .collect();
        assert_eq!(
            phases,
            ["one 2026-12-04 2026-12-10 Current", "beyond 2026-12-21 2026-12-22 ToCome",]
        );
        let milestones: Vec<_> = schedule
            .milestones
            .iter()
            .map(|milestone| (milestone.day, milestone.date.to_string(), milestone.progress))
            .collect();
        assert_eq!(
            milestones,
            [
                (Some(15), "2026-12-21".to_owned(), Progress::ToCome),
                (None, "2026-12-08".to_owned(), Progress::Done),
                (Some(7), "2026-12-09".to_owned(), Progress::Current),
            ]
        );
        assert_eq!(schedule.gate, Some(day("2026-12-21")));
        assert_eq!(schedule.end, day("2026-12-21"), "a phase beyond the plan does not extend it");
    }

    #[test]
    fn the_day_lies_somewhere_in_the_plan() {
        for (today, expected) in [
            ("2026-11-29", Now::Before),
            ("2026-11-30", Now::Day(1)),
            ("2026-12-05", Now::DayOff(5)),
            ("2026-12-08", Now::DayOff(6)),
            ("2026-12-09", Now::Day(7)),
            ("2026-12-21", Now::Day(15)),
            ("2026-12-22", Now::After),
        ] {
            assert_eq!(schedule(&plan(EXAMPLE), day(today)).unwrap().now, expected, "{today}");
        }
    }

    fn window(unit: &str, days: u32, commitment: &str) -> (String, String) {
        let plan = plan(&format!(
            "{EXAMPLE}[support]\ndays = {days}\nunit = '{unit}'\n[[support.commitment]]\ntitle = 't'\ntext = 't'\n{commitment}"
        ));
        let schedule = schedule(&plan, day("2026-12-09"));
        let window = support(&plan, schedule.as_ref()).unwrap();
        assert_eq!(window.start, day("2026-12-22"));
        (window.end.to_string(), dates(&window.commitments[0].dates))
    }

    #[test]
    fn the_support_window_opens_the_day_after_the_gate() {
        for (unit, days, commitment, end, expected) in [
            ("calendar", 30, "every = 'week'", "2027-01-20", "12-29 01-05 01-12 01-19"),
            (
                "calendar",
                30,
                "every = 'week'\nweekday = 'saturday'",
                "2027-01-20",
                "12-28 01-04 01-11 01-18",
            ),
            (
                "calendar",
                30,
                "every = 'fortnight'\nweekday = 'tuesday'",
                "2027-01-20",
                "12-22 01-05 01-19",
            ),
            ("calendar", 60, "every = 'month'", "2027-02-19", "01-22"),
            ("calendar", 5, "every = 'day'", "2026-12-26", "12-23 12-24 12-25"),
            ("calendar", 1, "every = 'week'", "2026-12-22", ""),
            ("calendar", 30, "", "2027-01-20", ""),
            ("business", 30, "every = 'month'", "2027-02-01", "01-22"),
        ] {
            let actual = window(unit, days, commitment);
            assert_eq!(actual, (end.to_owned(), expected.to_owned()), "{unit} {days} {commitment}");
        }
    }

    #[test]
    fn without_a_gate_there_is_no_window() {
        let plan = plan(
            "[calendar]\nstart = 2026-11-30\nbusiness-days = 5\n[support]\ndays = 30\nunit = 'calendar'\n",
        );
        let schedule = schedule(&plan, day("2026-12-09"));
        assert_eq!(support(&plan, schedule.as_ref()), None);
    }

    #[test]
    fn business_days_are_worked_and_ascend_whatever_the_calendar() {
        let mut random = 7_u64;
        for _ in 0..200 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let bits = random >> 33;
            let weekend = std::array::from_fn(|index| bits >> index & 1 == 1);
            let start = day("2023-12-20") + Days::new(bits % 1000);
            let holidays = (0..40).map(|n| start + Days::new(bits.rotate_left(n) % 90)).collect();
            let workdays = Workdays { weekend, holidays };
            let days: Vec<_> = workdays.from(start).take(30).collect();
            assert_eq!(days.len(), if weekend == [true; 7] { 0 } else { 30 });
            assert!(days.is_sorted_by(|a, b| a < b));
            assert!(days.iter().all(|day| !workdays.is_day_off(*day)));
        }
    }
}
