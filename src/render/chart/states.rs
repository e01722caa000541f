//! The state of the register: one bar, a part a status, each with a fill of its own that black and white keeps.

use crate::assess::Status;
use crate::render::chart::{Drawing, INK, Number, text_width};
use crate::render::status::{self, Badge, STATUSES};
use crate::render::words;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 22.0;
const LEGEND_ROW: f64 = 24.0;

/// Draws the bar for the counts of each status; `None` where there is no document.
pub fn states(id: &str, count: impl Fn(Status) -> usize) -> Option<String> {
    let parts: Vec<(Status, Badge, usize)> = STATUSES
        .into_iter()
        .map(|status| (status, status::document(status), count(status)))
        .filter(|(.., count)| *count > 0)
        .collect();
    let total: usize = parts.iter().map(|(.., count)| count).sum();
    if total == 0 {
        return None;
    }
    let labels: Vec<String> =
        parts.iter().map(|(_, badge, count)| format!("{} {count}", badge.word)).collect();
    let mut places = Vec::new();
    let (mut x, mut row) = (0.0, 0.0);
    for label in &labels {
        let width = 22.0 + text_width(label) + 16.0;
        if x + width > WIDTH && x > 0.0 {
            (x, row) = (0.0, row + 1.0);
        }
        places.push((x, row));
        x += width;
    }
    let height = HEIGHT + 10.0 + LEGEND_ROW * (row + 1.0);
    let facts = words::count(total, "document");
    let mut drawing = Drawing::new(id, WIDTH, height, &facts, &labels.join(", "));
    let mut left = 0.0;
    for ((status, badge, count), (label, (x, row))) in parts.iter().zip(labels.iter().zip(&places))
    {
        let width = WIDTH * *count as f64 / total as f64;
        part(&mut drawing, *status, badge, left + 1.0, 1.0, width - 2.0, HEIGHT - 2.0);
        left += width;
        let y = HEIGHT + 10.0 + LEGEND_ROW * row;
        part(&mut drawing, *status, badge, x + 1.0, y + 3.0, 14.0, 14.0);
        drawing.text(x + 22.0, y + 15.0, INK, label);
    }
    Some(drawing.finish())
}

/// Draws a part: its outline, and strokes that tell it from the others without color.
fn part(
    drawing: &mut Drawing,
    status: Status,
    badge: &Badge,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
) {
    let color = match badge.tone {
        "pass" => "#17653a",
        "warn" => "#7a4a00",
        "fail" => "#a3161b",
        "info" => "#0b4f94",
        _ => "#4a5563",
    };
    let tone = badge.tone;
    let fill = if status == Status::Approved { color } else { "none" };
    let class = if status == Status::Approved { "g-tone g-full" } else { "g-tone" };
    let dashes = if status == Status::Exempt { r#" stroke-dasharray="3 3""# } else { "" };
    let look = format!(
        r#"class="{class} c-{tone}" fill="{fill}" stroke="{color}" stroke-width="1.5"{dashes}"#
    );
    drawing.rect(&look, x, y, width, height);
    let strokes = match status {
        Status::Approved | Status::Unreviewed | Status::Exempt => return,
        Status::Changed => hatch(x, y, width, height, true, false),
        Status::Expired => hatch(x, y, width, height, false, true),
        Status::ChangesRequested => hatch(x, y, width, height, true, true),
        Status::Missing => {
            let (left, right) = (Number(x), Number(x + width));
            let (top, bottom) = (Number(y), Number(y + height));
            format!("M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}")
        }
        Status::Waived => {
            format!("M{} {}h{}", Number(x), Number(y + height / 2.0), Number(width))
        }
    };
    drawing.add(format_args!(
        r#"<path class="g-tone c-{tone}" fill="none" stroke="{color}" stroke-width="1.5" d="{strokes}"/>"#
    ));
}

/// Returns slanted strokes within a rectangle, falling, rising or both.
fn hatch(x: f64, y: f64, width: f64, height: f64, rising: bool, falling: bool) -> String {
    let mut path = String::new();
    let step = 6.0;
    let mut at = -height;
    while at < width {
        // A stroke runs from the lower to the upper edge; what is outside the rectangle is cut off.
        let (start, end) = (at.max(0.0), (at + height).min(width));
        let (from, to) = (start - at, end - at);
        if end > start {
            let (left, right) = (Number(x + start), Number(x + end));
            if rising {
                let (low, high) = (Number(y + height - from), Number(y + height - to));
                path.push_str(&format!("M{left} {low}L{right} {high}"));
            }
            if falling {
                let (high, low) = (Number(y + from), Number(y + to));
                path.push_str(&format!("M{left} {high}L{right} {low}"));
            }
        }
        at += step;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_bar_in_the_order_of_the_statuses() {
        let drawing = states("s", |status| match status {
            Status::Approved => 3,
            Status::Unreviewed => 1,
            _ => 0,
        })
        .unwrap();
        assert!(drawing.contains(r#"x="1" y="1" width="478""#), "{drawing}");
        assert!(drawing.contains(r#"x="481" y="1" width="158""#), "{drawing}");
        assert!(drawing.contains("<title id=\"s-title\">4 documents</title>"));
        assert!(drawing.contains("Approved 3, Unreviewed 1"));
    }

    #[test]
    fn no_documents_no_bar() {
        assert_eq!(states("s", |_| 0), None);
    }

    #[test]
    fn strokes_stay_inside() {
        let path = hatch(10.0, 0.0, 9.0, 20.0, true, true);
        for number in path.split(['M', 'L', ' ']).filter(|part| !part.is_empty()) {
            let number: f64 = number.parse().unwrap();
            assert!((0.0..=20.0).contains(&number), "{path}");
        }
    }
}
