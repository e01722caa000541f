//! The timeline: a row a phase or milestone, a column a working day or holiday.

use chrono::{Datelike as _, NaiveDate};

use crate::assess::{Now, Progress, Schedule};
use crate::parse::plan::Plan;
use crate::render::chart::{Drawing, INK, Number, QUIET, fitted, text_width};
use crate::render::words;

const WIDTH: f64 = 640.0;
const LABELS: f64 = 168.0;
const HEAD: f64 = 44.0;
const ROW: f64 = 28.0;
const FOOT: f64 = 26.0;
const BAR: &str = r##"class="g-bar" fill="#1f4e8c" stroke="#1f4e8c""##;
const OPEN: &str = r##"class="g-open" fill="#ffffff" stroke="#1f4e8c""##;

/// A column: a business day with its number, or a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Column {
    date: NaiveDate,
    day: Option<usize>,
}

/// Where everything stands, before it is drawn.
struct Geometry {
    columns: Vec<Column>,
    column_width: f64,
}

impl Geometry {
    fn new(schedule: &Schedule, holidays: impl Iterator<Item = NaiveDate>) -> Self {
        let days = schedule.days.iter().enumerate();
        let mut columns: Vec<Column> =
            days.map(|(index, &date)| Column { date, day: Some(index + 1) }).collect();
        columns.extend(
            holidays
                .filter(|date| (schedule.start..=schedule.end).contains(date))
                .map(|date| Column { date, day: None }),
        );
        columns.sort_by_key(|column| (column.date, column.day.is_none()));
        columns.dedup_by_key(|column| column.date);
        let column_width = (WIDTH - LABELS) / columns.len().max(1) as f64;
        Self { columns, column_width }
    }

    fn x(&self, index: usize) -> f64 {
        LABELS + self.column_width * index as f64
    }

    /// Returns the left edge of a day; that of the next column where it has none.
    fn left(&self, date: NaiveDate) -> f64 {
        self.x(self.columns.partition_point(|column| column.date < date))
    }

    /// Returns the right edge of a day; that of the column before it where it has none.
    fn right(&self, date: NaiveDate) -> f64 {
        self.x(self.columns.partition_point(|column| column.date <= date))
    }
}

/// Draws the timeline; `id` is unique on its page.
pub fn timeline(id: &str, schedule: &Schedule, plan: &Plan, today: NaiveDate) -> String {
    let calendar = plan.calendar.as_ref();
    let holidays = calendar.into_iter().flat_map(|calendar| {
        let weekend = |date: NaiveDate| {
            let weekday = date.weekday().num_days_from_monday();
            calendar.weekend.iter().any(|&day| day as u32 == weekday)
        };
        let dates = calendar.holidays.iter().map(|holiday| holiday.date.value.0);
        dates.filter(move |date| !weekend(*date))
    });
    let geometry = Geometry::new(schedule, holidays);
    let rows = schedule.phases.len() + schedule.milestones.len();
    let bottom = HEAD + ROW * rows as f64;
    let title = format!("Timeline, {}", words::days(schedule.start, schedule.end));
    let mut drawing = Drawing::new(id, WIDTH, bottom + FOOT, &title, &facts(schedule, plan, today));
    head(&mut drawing, &geometry, bottom);
    let mut top = HEAD;
    for phase in &schedule.phases {
        row(&mut drawing, top, phase_title(plan, &phase.id));
        let (left, right) = (geometry.left(phase.start), geometry.right(phase.end));
        let elapsed = match phase.progress {
            Progress::Done => right,
            Progress::Current => geometry.right(today).min(right),
            Progress::ToCome => left,
        };
        let (y, height) = (top + 7.0, ROW - 14.0);
        if elapsed < right {
            drawing.rect(OPEN, left + 1.0, y, right - left - 2.0, height);
        }
        if elapsed > left {
            drawing.rect(BAR, left + 1.0, y, elapsed - left - 2.0, height);
        }
        top += ROW;
    }
    for milestone in &schedule.milestones {
        row(&mut drawing, top, milestone_title(plan, &milestone.id));
        let (left, right) = (geometry.left(milestone.date), geometry.right(milestone.date));
        let look = if milestone.progress == Progress::Done { BAR } else { OPEN };
        let (x, y) = (Number((left + right) / 2.0), Number(top + 5.0));
        drawing.add(format_args!(r#"<path {look} stroke-width="2" d="M{x} {y}l9 9-9 9-9-9z"/>"#));
        top += ROW;
    }
    drawing.line((0.0, bottom), (WIDTH, bottom));
    foot(&mut drawing, &geometry, schedule, today, bottom);
    drawing.finish()
}

/// Draws week lines, dates and day numbers, as many as there is room for.
fn head(drawing: &mut Drawing, geometry: &Geometry, bottom: f64) {
    let mut label_end = 0.0;
    let mut week = None;
    for (index, column) in geometry.columns.iter().enumerate() {
        let x = geometry.x(index);
        if column.day.is_none() {
            drawing.rect(
                r##"class="g-soft" fill="#f5f7fa""##,
                x,
                HEAD - 20.0,
                geometry.column_width,
                bottom - HEAD + 20.0,
            );
            let mut stripe = x;
            while stripe < x + geometry.column_width {
                drawing.line((stripe, bottom), (stripe + 4.0, HEAD - 20.0));
                stripe += 7.0;
            }
        }
        if week.replace(column.date.iso_week()) != Some(column.date.iso_week()) {
            let label = column.date.format("%-d %b").to_string();
            // The last label may stand over the edge of its week.
            let start = (x + 4.0).min(WIDTH - text_width(&label));
            if start >= label_end {
                drawing.line((x, 4.0), (x, bottom));
                bold(drawing, x + 4.0, 16.0, &label);
                label_end = start + text_width(&label) + 6.0;
            }
        }
        if geometry.column_width >= 18.0 {
            let label = column.day.map_or("H".to_owned(), |day| day.to_string());
            let middle = x + geometry.column_width / 2.0;
            drawing.text(middle, 37.0, &format!(r#"{QUIET} text-anchor="middle""#), &label);
        }
    }
}

/// Writes a bold text that begins at `x`, or where there is no room for it in some font, ends with the drawing.
fn bold(drawing: &mut Drawing, x: f64, y: f64, text: &str) {
    let is_at_edge = x + 1.3 * text_width(text) > WIDTH;
    let (x, anchor) = if is_at_edge { (WIDTH, r#" text-anchor="end""#) } else { (x, "") };
    drawing.text(x, y, &format!(r#"{INK} font-weight="600"{anchor}"#), text);
}

fn row(drawing: &mut Drawing, top: f64, title: &str) {
    drawing.line((0.0, top), (WIDTH, top));
    drawing.text(0.0, top + 19.0, INK, &fitted(title, LABELS - 8.0));
}

fn foot(
    drawing: &mut Drawing,
    geometry: &Geometry,
    schedule: &Schedule,
    today: NaiveDate,
    bottom: f64,
) {
    let y = bottom + 18.0;
    let holidays = geometry.columns.iter().any(|column| column.day.is_none());
    let legend = if holidays {
        "Filled: done. Outlined: to come. H: holiday."
    } else {
        "Filled: done. Outlined: to come."
    };
    drawing.text(0.0, y, QUIET, legend);
    let day = match schedule.now {
        Now::Before | Now::After => return,
        Now::Day(day) => format!("day {day}"),
        Now::DayOff(day) => format!("after day {day}"),
    };
    let x = geometry.right(today);
    let label = format!("Today: {}, {day}", today.format("%-d %b"));
    let (line_x, top, end) = (Number(x), Number(HEAD - 20.0), Number(bottom + 4.0));
    drawing.add(format_args!(
        r##"<path class="g-now" stroke="#17202b" stroke-width="1.5" stroke-dasharray="4 3" d="M{line_x} {top}V{end}"/>"##
    ));
    let start = (x - text_width(&label) / 2.0).max(text_width(legend) + 12.0);
    bold(drawing, start, y, &label);
}

/// Returns what the drawing shows, for those who do not see it.
fn facts(schedule: &Schedule, plan: &Plan, today: NaiveDate) -> String {
    let state = |progress| match progress {
        Progress::Done => "done",
        Progress::Current => "under way",
        Progress::ToCome => "to come",
    };
    let phases = schedule.phases.iter().map(|phase| {
        let dates = words::days(phase.start, phase.end);
        format!("{}: {dates}, {}.", phase_title(plan, &phase.id), state(phase.progress))
    });
    let milestones = schedule.milestones.iter().map(|milestone| {
        let date = words::days(milestone.date, milestone.date);
        format!("{}: {date}, {}.", milestone_title(plan, &milestone.id), state(milestone.progress))
    });
    let today = format!("Today is {}.", words::days(today, today));
    phases.chain(milestones).chain([today]).collect::<Vec<_>>().join(" ")
}

fn phase_title<'a>(plan: &'a Plan, id: &'a str) -> &'a str {
    plan.phases.iter().find(|phase| phase.id.as_str() == id).map_or(id, |phase| &phase.title)
}

fn milestone_title<'a>(plan: &'a Plan, id: &'a str) -> &'a str {
    let milestone = plan.milestones.iter().find(|milestone| milestone.id.as_str() == id);
    milestone.map_or(id, |milestone| &milestone.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Five business days from a Monday, with a holiday on Wednesday.
    fn schedule() -> Schedule {
        let days = ["2026-12-07", "2026-12-08", "2026-12-10", "2026-12-11", "2026-12-14"];
        Schedule {
            start: date("2026-12-07"),
            end: date("2026-12-14"),
            days: days.map(date).into(),
            phases: Vec::new(),
            milestones: Vec::new(),
            gate: None,
            now: Now::Day(2),
        }
    }

    #[test]
    fn a_holiday_within_the_plan_is_a_column() {
        let geometry =
            Geometry::new(&schedule(), [date("2026-12-09"), date("2027-01-01")].into_iter());
        let days: Vec<Option<usize>> = geometry.columns.iter().map(|column| column.day).collect();
        assert_eq!(days, [Some(1), Some(2), None, Some(3), Some(4), Some(5)]);
        assert_eq!(geometry.left(date("2026-12-07")), LABELS);
        assert!((geometry.right(date("2026-12-14")) - WIDTH).abs() < 0.001);
    }

    #[test]
    fn a_day_off_stands_on_the_edge_between_its_neighbors() {
        let geometry = Geometry::new(&schedule(), std::iter::empty());
        let saturday = date("2026-12-12");
        assert_eq!(geometry.left(saturday), geometry.right(saturday));
        assert_eq!(geometry.left(saturday), geometry.left(date("2026-12-14")));
    }

    #[test]
    fn a_day_outside_the_plan_stays_in_the_drawing() {
        let geometry = Geometry::new(&schedule(), std::iter::empty());
        assert_eq!(geometry.left(date("2020-01-01")), LABELS);
        assert!(geometry.right(date("2030-01-01")) <= WIDTH);
    }

    #[test]
    fn the_date_of_a_week_at_the_edge_ends_there() {
        // A Monday at the end of three weeks.
        let days = (0..15).map(|day| date("2026-11-30") + chrono::Days::new(day / 5 * 7 + day % 5));
        let days: Vec<NaiveDate> = days.chain([date("2026-12-21")]).collect();
        let schedule = Schedule { days, end: date("2026-12-21"), ..schedule() };
        let mut drawing = Drawing::new("x", WIDTH, 100.0, "", "");
        head(&mut drawing, &Geometry::new(&schedule, std::iter::empty()), 90.0);
        let svg = drawing.finish();
        let end = |label: &str| {
            let (before, _) = svg.split_once(&format!(">{label}<")).unwrap();
            before.rsplit('<').next().unwrap().contains("text-anchor=\"end\"")
        };
        assert_eq!(["30 Nov", "14 Dec", "21 Dec"].map(end), [false, false, true], "{svg}");
    }

    #[test]
    fn an_empty_plan_has_no_columns_and_does_not_divide_by_zero() {
        let schedule = Schedule { days: Vec::new(), ..schedule() };
        let geometry = Geometry::new(&schedule, std::iter::empty());
        assert!(geometry.column_width.is_finite());
    }
}
