//! Links of which nobody can tell from the project whether they are good.

use crate::assess::Assessment;
use crate::check::{Rule, place};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::{Portal, Target, Unjudged};

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "unjudged-link",
        severity: Severity::Warning,
        summary: "Whether a link is good cannot be seen from the project.",
        docs: include_str!("unjudged_link.md"),
        fatal: false,
    },
    run,
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for (path, targets) in &*portal.targets {
        let Some(document) = portal.documents.get(path) else { continue };
        for (link, target) in document.links.iter().zip(targets) {
            let Target::Unjudged { why } = target else { continue };
            let why = match why {
                Unjudged::Outside => "leads out of the documents, to what is not in the project",
                Unjudged::Template => "a template of another tool makes",
            };
            let (source, span) = place::link(document, link);
            let message = format!("link to `{}`, which {why}", link.destination);
            let problem = Diagnostic::new(&RULE.code, &source, span, message);
            found.push(problem.help("write the whole address, from `https://` on"));
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::fixture::check;

    #[test]
    fn a_link_to_the_forge_or_to_what_lies_beside_the_site() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [issue 3](../../../issues/3) and [the manual]({{ base }}/manual).
"), @"content/db.md:3:5: warning[unjudged-link]: link to `../../../issues/3`, which leads out of the documents, to what is not in the project");
        assert_snapshot!(check("
-- src/SUMMARY.md --
- [Database](db.md)
-- src/db.md --
# Database

See [the library](../std/index.html).
"), @"src/db.md:3:5: warning[unjudged-link]: link to `../std/index.html`, which leads out of the documents, to what is not in the project");
    }

    #[test]
    fn a_link_in_the_project_or_to_an_address() {
        assert_snapshot!(check("
-- content/db.md --
# Database

See [issue 3](https://git.example.com/ops/issues/3) and [the script](../restore.sh).
-- restore.sh --
exit 0
"), @"");
    }
}
