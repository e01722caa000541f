//! Phases that go on after the day on which readiness is judged.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "phase-after-handover",
        severity: Severity::Warning,
        summary: "A phase goes on after the handover that it prepares.",
        docs: include_str!("phase_after_handover.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    let Some(gate) = plan.milestones.iter().find(|milestone| milestone.gate) else { return };
    let dates = assessment.schedule.iter().flat_map(|schedule| &schedule.milestones);
    let on = dates.clone().find(|known| known.id == *gate.id).and_then(|known| known.day);
    let Some(gate_day) = gate.day.as_ref().map(|day| day.value).or(on) else { return };
    let place = match (&gate.day, &gate.date) {
        (Some(day), _) => day.span,
        (None, Some(date)) => date.span,
        (None, None) => gate.id.span,
    };
    let end = plan.calendar.as_ref().map_or(u32::MAX, |calendar| calendar.business_days.value);
    for phase in &plan.phases {
        let (Some(days), Some((first, last))) = (&phase.days, phase.day_range()) else { continue };
        // What lies outside the plan is a problem of another kind.
        if last <= gate_day || last > end {
            continue;
        }
        let verb = if first > gate_day { "begins" } else { "goes on" };
        let message = format!("phase `{}` {verb} after `{}` on day {gate_day}", phase.id, gate.id);
        found.push(
            Diagnostic::new(&RULE.code, &plan.source, days.span, message)
                .note(&plan.source, place, "readiness is judged here")
                .help("end the phase by that day, move the handover, or make it a commitment of `[support]`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_phase_after_the_gate() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "watching"
title = "Watching"
days = "8-12"
activities = "Watch."

[[phase]]
id = "doing"
title = "Doing"
days = "13-15"
activities = "Do."

[[milestone]]
id = "official-handover"
title = "Official Handover"
day = 10
activities = "Sign."
gate = true
"#), @"
        content/plan.toml:4:8: warning[phase-after-handover]: phase `watching` goes on after `official-handover` on day 10
        content/plan.toml:10:8: warning[phase-after-handover]: phase `doing` begins after `official-handover` on day 10
        ");
    }

    #[test]
    fn a_phase_up_to_the_gate() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[phase]]
id = "watching"
title = "Watching"
days = "8-15"
activities = "Watch."
"#), @"");
    }
}
