//! Levels in `book.toml` for rules that do not exist.

use crate::assess::Assessment;
use crate::check::{self, Rule, Run};
use crate::diagnostic::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::source::{Source, Span};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unknown-rule",
        severity: Severity::Warning,
        summary: "`book.toml` sets the level of a rule that does not exist.",
        docs: include_str!("unknown_rule.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let Some(source) = &portal.config.source else { return };
    let codes = check::codes();
    for (id, level) in &portal.config.handover.rules {
        if codes.iter().any(|code| code.id == check::current(id)) {
            continue;
        }
        let span = key(source, id, level.span);
        let message = format!("rule `{id}` does not exist");
        let near = did_you_mean(id, codes.iter().map(|code| code.id));
        let help = near.map_or_else(
            || "`handover explain` lists the rules".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        found.push(Diagnostic::new(&RULE.code, source, span, message).help(help));
    }
}

/// Returns the place of a key, which stands before its value on the same line.
fn key(source: &Source, id: &str, value: Span) -> Span {
    let before = source.text.get(..value.start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    match before[line..].rfind(id) {
        Some(at) => Span { start: line + at, end: line + at + id.len() },
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_rule_that_does_not_exist() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover.rules]
broken-links = "warning"
"no-such-thing" = "allow"
-- content/db.md --
# Database
"#), @"
        book.toml:2:1: warning[unknown-rule]: rule `broken-links` does not exist
        book.toml:3:2: warning[unknown-rule]: rule `no-such-thing` does not exist
        ");
    }

    #[test]
    fn rules_that_exist() {
        assert_snapshot!(check(r#"
-- book.toml --
[output.handover.rules]
broken-link = "warning"
broken-include = "error"
-- content/db.md --
# Database
"#), @"");
    }
}
