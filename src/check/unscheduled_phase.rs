//! Phases without `days`: the schedule cannot be known, and is not guessed.

use crate::assess::Assessment;
use crate::check::label;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::{Phase, Plan};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unscheduled-phase",
        severity: Severity::Error,
        summary: "A phase does not say on which business days it is.",
        docs: include_str!("unscheduled_phase.md"),
        fatal: true,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for phase in &plan.phases {
        if phase.days.is_some() {
            continue;
        }
        let message = format!("phase `{}` has no `days`", phase.id);
        let mut diagnostic = Diagnostic::new(&RULE.code, &plan.source, phase.id.span, message)
            .help(help(plan, phase));
        if let Some(label) = &phase.label
            && label::label(label).is_some()
        {
            diagnostic = diagnostic.note(&plan.source, label.span, "a label is for display only");
        }
        found.push(diagnostic);
    }
}

/// Says what the days would be by the label, and why that may not be what is meant.
fn help(plan: &Plan, phase: &Phase) -> String {
    let stated = "state the business days, such as `days = \"5-8\"`".to_owned();
    let Some(label) = phase.label.as_ref().and_then(|text| label::label(text)) else {
        return stated;
    };
    let calendar = plan.calendar.as_ref();
    let (first, last) = label.days(label::days_a_week(calendar));
    let by_label =
        if first == last { format!("\"{first}\"") } else { format!("\"{first}-{last}\"") };
    match calendar.map(|calendar| calendar.business_days.value) {
        Some(have) if last > have => format!(
            "{stated}; by the label it would be `days = {by_label}`, and the plan has {have} business days",
        ),
        _ => format!("{stated}; by the label it would be `days = {by_label}`"),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn phases_with_labels_alone() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
label = "Week 1"
activities = "Read."

[[phase]]
id = "doing"
title = "Doing"
label = "Week 4"
activities = "Do."

[[phase]]
id = "watching"
title = "Watching"
activities = "Watch."
"#), @"
        content/plan.toml:2:6: error[unscheduled-phase]: phase `reading` has no `days`
        content/plan.toml:8:6: error[unscheduled-phase]: phase `doing` has no `days`
        content/plan.toml:14:6: error[unscheduled-phase]: phase `watching` has no `days`
        ");
    }

    #[test]
    fn a_phase_with_days() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "reading"
title = "Reading"
days = "1-4"
activities = "Read."
"#), @"");
    }
}
