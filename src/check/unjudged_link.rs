//! Links of which nobody can tell from the project whether they are good.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::check::{Rule, Run, place};
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
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    // A template stands for the beginning of many links: it is named once, where it stands first.
    let mut templates: BTreeMap<&str, (Diagnostic, usize)> = BTreeMap::new();
    for (document, link, target) in portal.astray() {
        let Target::Unjudged { why } = target else { continue };
        let of = match why {
            Unjudged::Outside => None,
            Unjudged::Template => Some(template(&link.destination)),
        };
        if let Some((_, others)) = of.and_then(|of| templates.get_mut(of)) {
            *others += 1;
            continue;
        }
        let why = match why {
            Unjudged::Outside => "leads out of the documents, to what is not in the project",
            Unjudged::Template => "a template of another tool makes",
        };
        let (source, span) = place::link(document, link);
        let message = format!("link to `{}`, which {why}", link.destination);
        let problem = Diagnostic::new(&RULE.code, &source, span, message)
            .help("write the whole address, from `https://` on");
        match of {
            None => found.push(problem),
            Some(of) => drop(templates.insert(of, (problem, 0))),
        }
    }
    found.extend(templates.into_values().map(|(mut problem, others)| {
        match others {
            0 => {}
            1 => problem.message.push_str(", as it does 1 other"),
            others => problem.message.push_str(&format!(", as it does {others} others")),
        }
        problem
    }));
}

/// Returns what of a destination the template is: `{{ base }}` of `{{ base }}/manual`.
fn template(destination: &str) -> &str {
    const SIGNS: &[(&str, &str)] = &[("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("${", "}")];
    let of = |(open, close): &(&str, &str)| {
        let start = destination.find(open)?;
        let end = start + destination[start..].find(close)? + close.len();
        Some(&destination[start..end])
    };
    SIGNS.iter().find_map(of).unwrap_or(destination)
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
    fn a_template_is_named_once() {
        assert_snapshot!(check("
-- content/a.md --
# A

[One]({{base}}/one), [two]({{base}}/two) and [three]({{other}}).
-- content/b.md --
# B

[Three]({{base}}/three).
"), @"
        content/a.md:3:1: warning[unjudged-link]: link to `{{base}}/one`, which a template of another tool makes, as it does 2 others
        content/a.md:3:46: warning[unjudged-link]: link to `{{other}}`, which a template of another tool makes
        ");
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
