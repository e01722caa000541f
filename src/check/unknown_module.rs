//! Names of modules that the plan does not have.

use crate::assess::Assessment;
use crate::check::names;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::plan::Check;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-module",
        severity: Severity::Error,
        summary: "A name is not that of a training module of the plan.",
        docs: include_str!("unknown_module.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(plan) = &portal.plan else { return };
    for criterion in &plan.criteria {
        let Check::TrainingComplete { modules } = &*criterion.check else { continue };
        for name in modules {
            if names::modules(plan).any(|id| id == name.as_str()) {
                continue;
            }
            let message = format!("module `{name}` is not in the plan");
            let help =
                names::way_out(name, names::modules(plan), "add a `[[module]]` with this id");
            found.push(Diagnostic::new(&RULE.code, &plan.source, name.span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_module_that_is_not_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "architecture"
title = "System Architecture"
hours = 3

[[criterion]]
id = "training"
statement = "The training is complete."
check = { type = "training-complete", modules = ["architectur", "monitoring"] }
"#), @"
        content/plan.toml:9:50: error[unknown-module]: module `architectur` is not in the plan
        content/plan.toml:9:65: error[unknown-module]: module `monitoring` is not in the plan
        ");
    }

    #[test]
    fn a_module_that_is_there() {
        assert_snapshot!(check(r#"
-- content/plan.toml --
[[module]]
id = "architecture"
title = "System Architecture"
hours = 3

[[criterion]]
id = "training"
statement = "The training is complete."
check = { type = "training-complete", modules = ["architecture"] }
"#), @"");
    }
}
