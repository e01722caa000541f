//! Images that are not there.

use crate::assess::Assessment;
use crate::check::place;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::nearest::Nearest;
use crate::link::{Portal, Target};
use crate::parse::document::LinkKind;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "broken-image",
        severity: Severity::Error,
        summary: "An image is not there.",
        docs: include_str!("broken_image.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    let nearest = Nearest::new(portal);
    for (document, link, target) in portal.astray() {
        if link.kind != LinkKind::Image || link.destination.trim().is_empty() {
            continue;
        }
        let (why, looked_for) = match target {
            Target::Missing { path } => ("does not exist".to_owned(), path.as_ref()),
            Target::Outside => ("lies outside the project".to_owned(), None),
            Target::Unreadable { reason, .. } => (format!("cannot be read: {reason}"), None),
            Target::Document { .. }
            | Target::Generated { .. }
            | Target::Asset { .. }
            | Target::External
            | Target::Unjudged { .. } => continue,
        };
        let (source, span) = place::link(document, link);
        let message = format!("image `{}`, which {why}", link.address());
        let mut diagnostic = Diagnostic::new(&RULE.code, &source, span, message);
        diagnostic.help = looked_for.and_then(|path| nearest.help(path, &source.path));
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn an_image_that_is_not_there() {
        assert_snapshot!(check(r#"
-- content/flow.md --
# Flow

![The flow of leads](img/flow.png)
<img src="../../flow.png" alt="Outside">
"#), @"
        content/flow.md:3:1: error[broken-image]: image `img/flow.png`, which does not exist
        content/flow.md:4:1: error[broken-image]: image `../../flow.png`, which lies outside the project
        ");
    }

    #[test]
    fn an_image_that_is_there() {
        assert_snapshot!(check(r#"
-- content/flow.md --
# Flow

![The flow of leads](img/flow.svg)
-- content/img/flow.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"#), @"");
    }

    #[test]
    fn a_picture_that_a_shortcode_of_hugo_names_by_its_beginning() {
        assert_snapshot!(check("
-- hugo.toml --
-- content/a/index.md --
# A

{{< imgproc sunset Fit \"300x200\" >}}The sun.{{< /imgproc >}}

{{< imgproc moon Fit \"300x200\" >}}The moon.{{< /imgproc >}}
-- content/a/Sunset-at-sea.jpg --
x
"), @"
        content/a/index.md:3:1: warning[missing-alt-text]: image `sunset` without alternative text
        content/a/index.md:5:1: error[broken-image]: image `moon`, which does not exist
        content/a/index.md:5:1: warning[missing-alt-text]: image `moon` without alternative text
        ");
    }
}
