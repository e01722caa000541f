//! The trend of readiness: a step line over the releases up to today, against all that is to be met.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::assess::Readiness;
use crate::parse::release::Release;
use crate::render::chart::{Drawing, INK, Number, QUIET, text_width};
use crate::render::words::{Day, list};

const WIDTH: f64 = 640.0;
const LEFT: f64 = 44.0;
/// Room for the last value, at the end of the line.
const RIGHT: f64 = 100.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 124.0;
const HEIGHT: f64 = 150.0;

/// How much was met on a day.
struct Point {
    name: String,
    day: NaiveDate,
    met: usize,
    total: usize,
}

/// Draws how many criteria were met or waived from release to release; `None` before the first one, or where nothing was to be met.
pub fn trend(
    id: &str,
    releases: &[Arc<Release>],
    readiness: &Readiness,
    (name, today): (&str, NaiveDate),
) -> Option<String> {
    let mut points: Vec<Point> = releases
        .iter()
        .filter(|release| release.total > 0 && release.date.0 < today)
        .map(|release| Point {
            name: release.version.value.clone(),
            day: release.date.0,
            met: (release.met + release.waived).min(release.total),
            total: release.total,
        })
        .collect();
    points.sort_by_key(|point| point.day);
    // Of several on one day, the last one is what the day came to.
    points.reverse();
    points.dedup_by_key(|point| point.day);
    points.reverse();
    let first = points.first()?.day;
    if readiness.total == 0 {
        return None;
    }
    points.push(Point {
        name: name.to_owned(),
        day: today,
        met: readiness.met + readiness.waived,
        total: readiness.total,
    });
    let days = (today - first).num_days().max(1) as f64;
    let x = |day: NaiveDate| {
        LEFT + (WIDTH - LEFT - RIGHT) * ((day - first).num_days() as f64 / days).min(1.0)
    };
    let y = |point: &Point| BOTTOM - (BOTTOM - TOP) * point.met as f64 / point.total as f64;
    let said: Vec<String> = points.iter().map(Point::said).collect();
    let mut drawing = Drawing::new(id, WIDTH, HEIGHT, "Criteria met", &list(&said));
    drawing.line((LEFT, BOTTOM), (WIDTH - RIGHT, BOTTOM));
    drawing.add(format_args!(
        r##"<path class="g-now" stroke="#17202b" stroke-width="1.5" stroke-dasharray="4 3" d="M{} {}H{}"/>"##,
        Number(LEFT),
        Number(TOP),
        Number(WIDTH - RIGHT),
    ));
    drawing.text(LEFT, TOP - 10.0, QUIET, "All criteria");
    let mut path = String::new();
    for point in &points {
        let (x, y) = (Number(x(point.day)), Number(y(point)));
        path += &if path.is_empty() { format!("M{x} {y}") } else { format!("H{x}V{y}") };
    }
    drawing.add(format_args!(
        r##"<path class="g-trend" fill="none" stroke="#1f4e8c" stroke-width="2.5" d="{path}"/>"##
    ));
    // A label that would stand on the one before it is left out; the last one never is.
    let last = points.last()?;
    let end = x(last.day) - text_width(&last.name) / 2.0 - 6.0;
    let mut free = 0.0;
    for point in &points {
        let (x, width) = (x(point.day), text_width(&point.name));
        drawing.rect(r##"class="g-bar" fill="#1f4e8c""##, x - 3.5, y(point) - 3.5, 7.0, 7.0);
        let is_last = std::ptr::eq(point, last);
        if is_last || x - width / 2.0 >= free && x + width / 2.0 <= end {
            let label = format!(r#"{QUIET} text-anchor="middle""#);
            drawing.text(x, BOTTOM + 18.0, &label, &point.name);
            free = x + width / 2.0 + 6.0;
        }
    }
    let value = format!("{} of {}", last.met, last.total);
    drawing.text(x(last.day) + 12.0, y(last) + 5.0, INK, &value);
    Some(drawing.finish())
}

impl Point {
    fn said(&self) -> String {
        let day = Day::from(self.day).long;
        format!("{} on {day}: {} of {}", self.name, self.met, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn drawn(releases: &[(&str, &str, usize, usize)], readiness: Readiness) -> Option<String> {
        let source = |(version, date, met, total): &(&str, &str, usize, usize)| {
            format!(
                "-- src/releases/{version}.toml --\nversion = '{version}'\nhandover = 'x'\ntitle = 'X'\ndate = {date}\ndraft = true\n\
                 ready = false\nmet = {met}\nwaived = 0\ntotal = {total}\ndigest = 'v1:0'\nentries = ''\n"
            )
        };
        let releases: String = releases.iter().map(source).collect();
        let judged = fixture::judged(&format!("-- src/a.md --\n# A\n{releases}"));
        let today = NaiveDate::from_ymd_opt(2026, 12, 18).unwrap();
        trend("trend", &judged.portal.releases, &readiness, ("now", today))
    }

    fn readiness(met: usize, total: usize) -> Readiness {
        Readiness { ready: false, met, waived: 1, total }
    }

    #[test]
    fn the_line_goes_from_release_to_release_up_to_today() {
        let drawing =
            drawn(&[("0.8", "2026-12-08", 0, 4), ("0.9", "2026-12-13", 2, 4)], readiness(2, 4));
        let drawing = drawing.unwrap();
        assert!(drawing.contains(
            "0.8 on 8 December 2026: 0 of 4, 0.9 on 13 December 2026: 2 of 4 and now on 18 December 2026: 3 of 4"
        ));
        assert!(drawing.contains(r#"d="M44 124H292V76H540V52""#), "{drawing}");
        assert!(drawing.contains(">3 of 4</text>"));
    }

    #[test]
    fn labels_do_not_stand_on_each_other() {
        let drawing = drawn(
            &[
                ("0.8", "2026-11-01", 0, 4),
                ("0.8.1", "2026-11-02", 1, 4),
                ("0.9", "2026-12-17", 2, 4),
            ],
            readiness(2, 4),
        );
        let drawing = drawing.unwrap();
        assert!(drawing.contains(">0.8</text>") && drawing.contains(">now</text>"));
        assert!(!drawing.contains(">0.8.1</text>") && !drawing.contains(">0.9</text>"));
    }

    #[test]
    fn without_a_release_or_a_criterion_nothing_is_drawn() {
        assert_eq!(drawn(&[], readiness(1, 4)), None);
        assert_eq!(drawn(&[("0.8", "2026-12-19", 0, 4)], readiness(1, 4)), None, "still to come");
        assert_eq!(
            drawn(&[("0.8", "2026-12-18", 0, 4)], readiness(1, 4)),
            None,
            "there is no line yet"
        );
        assert_eq!(drawn(&[("0.8", "2026-12-01", 0, 0)], readiness(0, 0)), None);
    }
}
