//! Redirects that lead to nothing, or in a circle.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::redirects::{Redirect, is_web};
use crate::link::{Portal, Target};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "broken-redirect",
        severity: Severity::Error,
        summary: "A redirect leads to nothing, or in a circle.",
        docs: include_str!("broken_redirect.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for redirect in &*portal.redirects {
        let Some((why, help)) = why(redirect) else { continue };
        let message = format!("redirect from `{}`{why}", redirect.written);
        let problem = Diagnostic::new(&RULE.code, &redirect.source, redirect.span, message);
        found.push(problem.help(help));
    }
}

/// Says what is wrong with a redirect, after "redirect from `x`", and what to do.
fn why(redirect: &Redirect) -> Option<(String, &'static str)> {
    const NAME_A_PAGE: &str =
        "name a page of the portal, or an address that begins with `https://`";
    let to = &redirect.destination;
    if redirect.from.is_none() {
        return Some((
            ", which is not the address of a page".into(),
            "redirects stand at pages: `/old.html`, `/old/`",
        ));
    }
    if redirect.is_circle() {
        return Some((
            " leads in a circle".into(),
            "let one of the redirects of the circle lead to a page",
        ));
    }
    let why = match &redirect.to {
        Target::External if is_web(to) => return None,
        Target::External => "is no address of a site",
        Target::Missing { .. } => "does not exist",
        Target::Outside => "lies outside the portal",
        Target::Document { anchor_found: false, .. } => "the page does not have",
        Target::Document { .. }
        | Target::Generated { .. }
        | Target::Asset { .. }
        | Target::Unreadable { .. }
        | Target::Unjudged { .. } => return None,
    };
    let join = if why.starts_with("the page") { "an anchor that" } else { "which" };
    Some((format!(" to `{to}`, {join} {why}"), NAME_A_PAGE))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_redirect_to_nothing_or_in_a_circle() {
        assert_snapshot!(check("
-- book.toml --
[output.html.redirect]
'/a.html' = 'gone.html'
'/b.html' = 'c.html'
'/c.html' = '/b.html'
'/d.html' = 'ftp://example.com'
'/e.pdf' = 'db.html'
'/f.html' = 'db.html#gone'
'/g.html' = '../db.html'
'/h.html' = 'a.html'
-- content/db.md --
# Database
"), @"
        book.toml:2:13: error[broken-redirect]: redirect from `/a.html` to `gone.html`, which does not exist
        book.toml:3:13: error[broken-redirect]: redirect from `/b.html` leads in a circle
        book.toml:4:13: error[broken-redirect]: redirect from `/c.html` leads in a circle
        book.toml:5:13: error[broken-redirect]: redirect from `/d.html` to `ftp://example.com`, which is no address of a site
        book.toml:6:12: error[broken-redirect]: redirect from `/e.pdf`, which is not the address of a page
        book.toml:7:13: error[broken-redirect]: redirect from `/f.html` to `db.html#gone`, an anchor that the page does not have
        book.toml:8:13: error[broken-redirect]: redirect from `/g.html` to `../db.html`, which lies outside the portal
        book.toml:9:13: error[broken-redirect]: redirect from `/h.html` to `a.html`, which does not exist
        book.toml:9:13: warning[redirect-chain]: redirect from `/h.html` leads to another redirect, at `a.html`
        ");
    }

    #[test]
    fn a_redirect_to_a_page_or_another_site() {
        assert_snapshot!(check("
-- book.toml --
[output.html.redirect]
'/a.html' = 'db.html#database'
'/b/' = '../db.html'
'/c.html' = 'https://example.com/c'
-- content/db.md --
---
aliases: [/database/, Postgres]
---
# Database
"), @"");
    }
}
