//! Redirects where something else stands already.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::link::redirects::HiddenBy;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "duplicate-redirect",
        severity: Severity::Warning,
        summary: "A redirect stands where a page or another redirect stands.",
        docs: include_str!("duplicate_redirect.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for redirect in &*portal.redirects {
        let (Some(from), Some(by)) = (&redirect.from, &redirect.hidden_by) else { continue };
        let (what, help) = match by {
            HiddenBy::Page => ("a page", "take it out: who comes to this address finds the page"),
            HiddenBy::Redirect(..) => ("another redirect", "leave one of the two"),
        };
        let message =
            format!("redirect from `{}`, where {what} stands: `{}`", redirect.written, from.0);
        let mut problem = Diagnostic::new(&RULE.code, &redirect.source, redirect.span, message);
        if let HiddenBy::Redirect(source, span) = by {
            problem = problem.note(source, *span, "the other redirect");
        }
        found.push(problem.help(help));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_redirect_where_something_stands() {
        assert_snapshot!(check("
-- content/db.md --
---
aliases: [queue.html, /plan.html, /old/]
---
# Database
-- content/queue.md --
---
aliases: /old/index.html
---
# Queue
"), @"
        content/db.md:2:11: warning[duplicate-redirect]: redirect from `queue.html`, where a page stands: `queue.html`
        content/db.md:2:23: warning[duplicate-redirect]: redirect from `/plan.html`, where a page stands: `plan.html`
        content/queue.md:2:10: warning[duplicate-redirect]: redirect from `/old/index.html`, where another redirect stands: `old/index.html`
        ");
    }

    #[test]
    fn a_redirect_where_nothing_stands() {
        assert_snapshot!(check("
-- content/db.md --
---
aliases: [postgres.html, /old/]
---
# Database
"), @"");
    }
}
