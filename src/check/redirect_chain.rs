//! Redirects that lead to a redirect.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "redirect-chain",
        severity: Severity::Warning,
        summary: "A redirect leads to another redirect.",
        docs: include_str!("redirect_chain.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for redirect in &*portal.redirects {
        let Some(next) = redirect.through.first().filter(|_| !redirect.is_circle()) else {
            continue;
        };
        let written = &redirect.written;
        let message =
            format!("redirect from `{written}` leads to another redirect, at `{}`", next.0);
        let problem = Diagnostic::new(&RULE.code, &redirect.source, redirect.span, message);
        found.push(problem.help("let it lead to where that one leads"));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_redirect_to_a_redirect() {
        assert_snapshot!(check("
-- book.toml --
[output.html.redirect]
'/a.html' = 'b.html'
'/b.html' = 'old/'
-- content/db.md --
---
aliases: /old/
---
# Database
"), @"
        book.toml:2:13: warning[redirect-chain]: redirect from `/a.html` leads to another redirect, at `b.html`
        book.toml:3:13: warning[redirect-chain]: redirect from `/b.html` leads to another redirect, at `old/index.html`
        ");
    }

    #[test]
    fn a_redirect_to_a_page_or_in_a_circle() {
        assert_snapshot!(check("
-- book.toml --
[output.html.redirect]
'/a.html' = 'db.html'
'/b.html' = 'db.html'
-- content/db.md --
# Database
"), @"");
    }
}
