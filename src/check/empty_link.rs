//! Links and images without an address.

use crate::check::{Ground, Rule, Run, place};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::{Document, LinkKind};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "empty-link",
        severity: Severity::Warning,
        summary: "A link or an image has no address.",
        docs: include_str!("empty_link.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    for link in document.links.iter().filter(|link| link.destination.trim().is_empty()) {
        let (source, span) = place::link(document, link);
        let what = match link.kind {
            LinkKind::Link => "link",
            LinkKind::Image => "image",
        };
        let message = format!("{what} `{}` without an address", link.text.trim());
        let problem = Diagnostic::new(&RULE.code, &source, span, message);
        found.push(
            problem.help("put the address between the parentheses, or take the brackets off"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_link_without_an_address() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [restore]() and ![the tables]().
"), @"
        content/db.md:3:5: warning[empty-link]: link `restore` without an address
        content/db.md:3:21: warning[empty-link]: image `the tables` without an address
        ");
    }

    #[test]
    fn a_link_with_an_address() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [restore](#database), [the top](#).
"), @"");
    }
}
