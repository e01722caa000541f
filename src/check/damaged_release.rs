//! Releases that somebody edited.

use crate::assess::Assessment;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::release::Release;
use crate::release::frozen::{self, Damage};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "damaged-release",
        severity: Severity::Error,
        summary: "The file of a release is not as `handover release` wrote it.",
        docs: include_str!("damaged_release.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, _: &Assessment, found: &mut Vec<Diagnostic>) {
    for release in &portal.releases {
        let version = release.name();
        let mut report = |span: Span, message: String| {
            found.push(
                Diagnostic::new(&RULE.code, &release.source, span, message)
                    .help("take the file back to what was committed: a release never changes"),
            );
        };
        let damage = frozen::damage(release);
        // Where it is known what was edited, that somebody edited it is not said once more.
        let told = damage.iter().any(|one| *one != Damage::Seal);
        for damage in damage.iter().filter(|one| !told || **one != Damage::Seal) {
            let what = if *damage == Damage::LineEnds { "is damaged" } else { "was edited" };
            report(place(release, damage), format!("release `{version}` {what}: {damage}"));
        }
    }
}

fn place(release: &Release, damage: &Damage) -> Span {
    let of = |id: &str| {
        let documents = release.documents.iter().map(|document| &document.id);
        let mut ids = documents.chain(release.criteria.iter().map(|criterion| &criterion.id));
        ids.find(|known| known.value == id).map(|known| known.span)
    };
    match damage {
        Damage::Seal | Damage::LineEnds => Span::default(),
        Damage::Version(_) => release.version.span,
        Damage::Digest(_) => release.digest.span,
        Damage::Entry(name) => {
            let id = name.split_once('/').map_or(&**name, |(_, id)| id);
            of(id).unwrap_or(release.digest.span)
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::RULE;
    use crate::fixture::check;

    fn right() -> &'static str {
        let right = RULE.code.docs.split("## Right").nth(1).unwrap();
        right.split("```text\n").nth(1).unwrap().split("```").next().unwrap()
    }

    #[test]
    fn what_was_edited_is_named() {
        assert_eq!(check(right()), "");
        assert_snapshot!(check(&right().replace("met = 0", "met = 1")), @"content/releases/0.9.toml:14:10: error[damaged-release]: release `0.9` was edited: what it says of `readiness` is not what that entry was made from");
        assert_snapshot!(check(&right().replace("  plan", "  plans")), @"content/releases/0.9.toml:14:10: error[damaged-release]: release `0.9` was edited: the digest of its entries is v1:9445ed460c9562b035f6c441eb69b13a3e281e8f5ee6d27f8341c705006ce904");
        assert_snapshot!(check(&right().replace("I hand", "We hand")), @"content/releases/0.9.toml:1:1: error[damaged-release]: release `0.9` was edited: its first line does not seal the rest");
    }

    #[test]
    fn line_ends_that_a_checkout_changed_are_named() {
        let (path, file) = right().split_once('\n').unwrap();
        let file = file.replace('\n', "\r\n");
        assert_snapshot!(check(&format!("{path}\n{file}")), @"content/releases/0.9.toml:1:1: error[damaged-release]: release `0.9` is damaged: its line ends are not those it was written with; `content/releases/** -text` in `.gitattributes` keeps git from changing them");
    }

    #[test]
    fn a_release_has_the_name_of_its_version() {
        assert_snapshot!(check(&right().replace("releases/0.9.toml", "releases/1.0.toml")), @"content/releases/1.0.toml:5:11: error[damaged-release]: release `1.0` was edited: it says that it is version `0.9`");
    }
}
