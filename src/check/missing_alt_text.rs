//! Images that say nothing to readers who cannot see them.

use crate::check::place;
use crate::check::{Ground, Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::document::{Document, Link, LinkKind};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "missing-alt-text",
        severity: Severity::Warning,
        summary: "An image has no alternative text.",
        docs: include_str!("missing_alt_text.md"),
        fatal: false,
    },
    run: Run::Document(run),
};

fn run(_: &Ground<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    for link in &document.links {
        if link.kind != LinkKind::Image
            || !link.text.trim().is_empty()
            || is_decoration(document, link)
        {
            continue;
        }
        let (source, span) = place::link(document, link);
        let message = format!("image `{}` without alternative text", link.destination);
        found.push(Diagnostic::new(&RULE.code, &source, span, message).help(
            "say what it shows: `![what it shows](…)`; for decoration write `<img src=\"…\" alt=\"\">`",
        ));
    }
}

/// Tells whether an image is HTML that says on purpose that there is nothing to say.
fn is_decoration(document: &Document, link: &Link) -> bool {
    let html = document.text.body.get(link.span.start..link.span.end).unwrap_or_default();
    html.starts_with('<') && html.to_ascii_lowercase().contains("alt=")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_image_without_words() {
        assert_snapshot!(check(r#"
-- content/flow.md --
# Flow

![](flow.svg) and <img src="flow.svg">
-- content/flow.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"#), @"
        content/flow.md:3:1: warning[missing-alt-text]: image `flow.svg` without alternative text
        content/flow.md:3:19: warning[missing-alt-text]: image `flow.svg` without alternative text
        ");
    }

    #[test]
    fn an_image_with_words_or_for_decoration() {
        assert_snapshot!(check(r#"
-- content/flow.md --
# Flow

![The flow](flow.svg) and <img src="flow.svg" alt="">
-- content/flow.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"#), @"");
    }
}
