//! `review show`: the status of a document, why, what policy asks for, and every review of it.

use std::fmt::Write as _;

use crate::Judged;
use crate::assess::DocumentAssessment;
use crate::assess::roster::side_name;
use crate::assess::standing::act_name;
use crate::assess::waiting::waiting;
use crate::cli::failure::Failure;
use crate::cli::project::{DayArguments, ProjectFlag};
use crate::cli::recording::is_understood;
use crate::cli::terminal::Terminal;
use crate::cli::{Outcome, find};
use crate::diagnostic::emit::counted;
use crate::diagnostic::emit::visible::one_line;
use crate::parse::plan::ReviewPolicy;
use crate::parse::records::Outcome as Said;
use crate::render::{names, status};

/// Show the status of a document, why, and all its reviews
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The document: its id, or the path of its file
    #[arg(value_name = "DOC")]
    document: String,
    #[command(flatten)]
    project: ProjectFlag,
    #[command(flatten)]
    day: DayArguments,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let project = arguments.project.open()?;
    let judged = project.judge(&arguments.day.options(false)?);
    if !is_understood(&judged, terminal) {
        return Ok(Outcome::Problems);
    }
    let document = find::document(&arguments.document, &project, &judged)?;
    terminal.result(&text(&judged, document));
    Ok(Outcome::Fine)
}

fn text(judged: &Judged, assessed: &DocumentAssessment) -> String {
    let Judged { portal, assessment, .. } = judged;
    let plan = portal.plan.as_ref();
    let document = portal.document(&assessed.id);
    let mut text = String::new();
    let mut line = |line: &str| {
        writeln!(text, "{}", one_line(line)).expect("invariant: writing to a string");
    };
    line(&assessed.id);
    line(&format!(
        "{}: {}",
        status::document(assessed.status).word.to_lowercase(),
        assessed.reasons.join("; ")
    ));
    line("");
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            line(&format!("{name:<11}{value}"));
        }
    };
    let queue = waiting(portal, assessment, judged.history.as_ref().ok());
    let turn = queue.iter().find(|it| it.document.id == assessed.id);
    let turn = turn.map(|it| it.people.iter().map(|id| names::name(portal, id)));
    let owner = names::document(portal, assessed).owner;
    fact("title", document.map(|document| document.title.clone()));
    fact("file", assessed.path.as_ref().map(ToString::to_string));
    fact("owner", owner.map(|owner| names::name(portal, owner).to_owned()));
    fact("digest", Some(assessed.digest.clone()));
    fact("policy", plan.map(|plan| policy(&plan.review)));
    fact("waits for", turn.map(|people| people.collect::<Vec<_>>().join(", ")));
    if assessed.reviews.is_empty() {
        line("");
        line("nobody has reviewed it yet");
        return text;
    }
    line("");
    for index in &assessed.reviews {
        let review = &portal.records.reviews[*index];
        let said = match review.outcome {
            Said::Approved => "approved",
            Said::ChangesRequested => "changes requested",
        };
        let earlier = !review.digest.eq_ignore_ascii_case(&assessed.digest);
        let earlier = if earlier { ", of an earlier text" } else { "" };
        let (row, _) = review.source.position(review.span.start);
        line(&format!(
            "{}  {} by {}, {}{earlier}  ({}:{row})",
            review.on,
            said,
            names::name(portal, &review.reviewer),
            act_name(review.act),
            review.source.path,
        ));
        if let Some(why) = assessment.standing.reviews.get(*index).and_then(names::why_not) {
            line(&format!("            does not count: {why}"));
        }
        for note in review.note.iter().flat_map(|note| note.trim().lines()) {
            line(&format!("            {note}"));
        }
    }
    text
}

/// Says what policy asks for.
fn policy(policy: &ReviewPolicy) -> String {
    let approvals = counted(policy.approvals.max(1) as usize, "approval");
    let mut text = format!("{approvals} by the {} side", side_name(policy.side));
    if policy.independent {
        text.push_str(", not by the owner");
    }
    if !policy.acts.is_empty() {
        let acts: Vec<&str> = policy.acts.iter().copied().map(act_name).collect();
        write!(text, ", who has {} it", acts.join(" or ")).expect("invariant: writing to a string");
    }
    if let Some(days) = policy.valid_days {
        let days = counted(days as usize, "day");
        write!(text, "; holds for {days}").expect("invariant: writing to a string");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Status;
    use crate::fixture::judged;

    #[test]
    fn all_that_is_known_of_a_review_is_shown() {
        let judged = judged(
            r#"
-- content/plan.toml --
[review]
acts = ["verified", "executed"]
valid-days = 90
-- content/queue.md --
---
owner: marta
---
# The queue
-- content/records/reviews.toml --
[[review]]
document = "queue"
digest = "v1:0000000000000000000000000000000000000000000000000000000000000000"
reviewer = "beatriz"
on = 2026-12-01
act = "verified"
outcome = "approved"
note = "Fine."

[[review]]
document = "queue"
digest = "v1:0000000000000000000000000000000000000000000000000000000000000000"
reviewer = "marta"
on = 2026-12-02
outcome = "approved"
"#,
        );
        let assessed = &judged.assessment.documents["queue"];
        assert_eq!(assessed.status, Status::Changed);
        insta::assert_snapshot!(text(&judged, assessed), @"
        queue
        changed: changed since the approval by Beatriz Nogueira on 2026-12-01

        title      The queue
        file       content/queue.md
        owner      Marta Lindqvist
        digest     v1:5fe191b8cdbcae982a126f71b28d37f0c3f8eed2654b8c22c578541be4cd10bb
        policy     1 approval by the receiving side, not by the owner, who has verified or executed it; holds for 90 days
        waits for  Beatriz Nogueira

        2026-12-01  approved by Beatriz Nogueira, verified, of an earlier text  (content/records/reviews.toml:1)
                    Fine.
        2026-12-02  approved by Marta Lindqvist, read, of an earlier text  (content/records/reviews.toml:10)
                    does not count: Marta Lindqvist is on the relinquishing side, and the receiving side approves
        ");
    }
}
