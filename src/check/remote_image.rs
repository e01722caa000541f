//! Images that readers would fetch from another site.

use crate::check::place;
use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::{Document, LinkKind};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "remote-image",
        severity: Severity::Warning,
        summary: "An image is fetched from another site.",
        docs: include_str!("remote_image.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    for link in &document.links {
        if link.kind != LinkKind::Image || !is_remote(&link.destination) {
            continue;
        }
        let (source, span) = place::link(document, link);
        let message = format!("image `{}` from another site", link.destination);
        found.push(
            Diagnostic::new(&RULE.code, &source, span, message)
                .help("keep a copy of it beside the document, and name that"),
        );
    }
}

fn is_remote(destination: &str) -> bool {
    let destination = destination.trim().to_ascii_lowercase();
    ["http:", "https:", "//"].iter().any(|start| destination.starts_with(start))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_image_of_another_site() {
        assert_snapshot!(check("
-- content/db.md --
# Database

[![Build](https://ci.example.com/badge.svg)](https://ci.example.com/)
"), @"content/db.md:3:2: warning[remote-image]: image `https://ci.example.com/badge.svg` from another site");
    }

    #[test]
    fn an_image_of_our_own() {
        assert_snapshot!(check(r#"
-- content/db.md --
# Database

![A dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)
![The flow](flow.svg)
-- content/flow.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"#), @"");
    }
}
