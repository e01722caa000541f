//! How fresh the approvals are: for every document and week, the days since somebody approved its text last.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::assess::{Counts, DocumentAssessment, Status};
use crate::parse::records::Outcome;
use crate::render::site::{Link, Site};
use crate::render::words::Day;

/// So many weeks are shown at most, the last one up to the day that the portal is judged for.
const WEEKS: u64 = 6;

/// The table of that name.
#[derive(Serialize)]
pub struct Freshness {
    /// The last day of each week.
    weeks: Vec<Day>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    document: Link,
    /// Of each week; `None` before the first approval.
    ages: Vec<Option<Age>>,
}

#[derive(Serialize)]
struct Age {
    days: i64,
    /// It is older than an approval holds.
    over: bool,
}

/// Returns the table for documents in this order; `None` where nothing was approved.
pub fn freshness(
    site: &Site<'_>,
    from: &str,
    documents: &[&DocumentAssessment],
) -> Option<Freshness> {
    let today = site.facts.assessment.today;
    let weeks: Vec<NaiveDate> =
        (0..WEEKS).rev().filter_map(|week| today.checked_sub_days(Days::new(7 * week))).collect();
    let mut rows: Vec<Row> = documents
        .iter()
        .filter(|document| !matches!(document.status, Status::Missing | Status::Exempt))
        .map(|document| {
            let approved = approvals(site, document);
            let limit = limit(site, document);
            let age = |week: &NaiveDate| {
                let last = approved.iter().filter(|on| *on <= week).max()?;
                let days = week.signed_duration_since(*last).num_days();
                Some(Age { days, over: limit.is_some_and(|limit| days > i64::from(limit)) })
            };
            let document = site.document(from, &document.id);
            Row { document, ages: weeks.iter().map(age).collect() }
        })
        .collect();
    // Before the first approval there is nothing to see.
    let first = rows.iter().filter_map(|row| row.ages.iter().position(Option::is_some)).min()?;
    for row in &mut rows {
        row.ages.drain(..first);
    }
    Some(Freshness { weeks: weeks.into_iter().skip(first).map(Day::from).collect(), rows })
}

/// Returns the days on which a document was approved by somebody whose word counts.
fn approvals(site: &Site<'_>, document: &DocumentAssessment) -> Vec<NaiveDate> {
    let standing = &site.facts.assessment.standing.reviews;
    let counting =
        document.reviews.iter().filter(|index| standing.get(**index) == Some(&Counts::Yes));
    let reviews = counting.filter_map(|index| site.facts.portal.records.reviews.get(*index));
    let approvals = reviews.filter(|review| review.outcome == Outcome::Approved);
    approvals.map(|review| review.on.value.0).collect()
}

/// Returns for how many days an approval of a document holds.
fn limit(site: &Site<'_>, document: &DocumentAssessment) -> Option<u32> {
    let portal = site.facts.portal;
    let own = portal.document(&document.id).and_then(|document| document.meta.review.valid_days);
    own.or_else(|| portal.plan.as_ref()?.review.valid_days)
}

#[cfg(test)]
mod tests {
    use crate::fixture;

    /// The ages that the register shows for a document, week by week.
    fn ages(records: &str) -> Option<String> {
        let digest = "0".repeat(64);
        let records = records.replace("DIGEST", &format!("digest = \"v1:{digest}\""));
        let tree = fixture::tree(&format!(
            "-- content/plan.toml --\n[review]\nvalid-days = 7\n-- content/db.md --\n---\nowner: marta\n---\n# DB\n-- content/records/all.toml --\n{records}"
        ));
        let output = crate::build(&tree, &fixture::options()).output.unwrap();
        let html = std::str::from_utf8(&output["documents.html"]).unwrap().to_owned();
        let (_, row) = html.split_once("id=\"freshness-caption\"")?.1.split_once("<tbody>")?;
        let mut text = String::new();
        for cell in row.split("</table>").next()?.split("<td").skip(1) {
            let words = cell.split('<').filter_map(|piece| Some(piece.split_once('>')?.1));
            text += &format!("[{}]", words.collect::<String>().trim());
        }
        Some(text)
    }

    #[test]
    fn the_days_since_the_last_approval_are_counted_and_those_over_the_limit_marked() {
        let review = |on: &str, reviewer: &str, outcome: &str| {
            format!(
                "[[review]]\ndocument = \"db\"\nDIGEST\nreviewer = \"{reviewer}\"\non = {on}\noutcome = \"{outcome}\"\n"
            )
        };
        assert_eq!(ages(""), None);
        // Their owner's word does not count, nor do requests for changes.
        let not = review("2026-12-04", "marta", "approved")
            + &review("2026-12-04", "beatriz", "changes-requested");
        assert_eq!(ages(&not), None);
        let records = not + &review("2026-11-20", "beatriz", "approved");
        let shown = ages(&(records + &review("2026-12-11", "beatriz", "approved"))).unwrap();
        assert_eq!(shown, "[0][7][over the limit:  14][0][7]");
    }
}
