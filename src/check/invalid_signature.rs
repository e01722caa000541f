//! Signatures on releases that do not hold.

use crate::assess::Assessment;
use crate::assess::signatures::Validity;
use crate::check::{Rule, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;

pub(super) static RULE: Rule = Rule {
    code: Code {
        id: "invalid-signature",
        severity: Severity::Error,
        summary: "A signature on a release does not hold.",
        docs: include_str!("invalid_signature.md"),
        fatal: false,
    },
    run: Run::Project(run),
};

fn run(portal: &Portal, assessment: &Assessment, found: &mut Vec<Diagnostic>) {
    for (signed, judged) in portal.signatures.iter().zip(&assessment.signatures) {
        let Validity::Invalid(fault) = &judged.validity else { continue };
        let name = judged.name.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
        let version = &judged.version;
        let message = format!("the signature{name} on release `{version}` is not valid: {fault}");
        found.push(
            Diagnostic::new(&RULE.code, &signed.source, 0..0, message)
                .help(format!("see `handover verify {version}`; `handover sign` signs again")),
        );
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
    fn a_signature_that_does_not_hold() {
        assert_eq!(check(right()), "");
        assert_snapshot!(check(&right().replace("I hand", "We hand")), @"
        content/releases/0.9.toml:1:1: error[damaged-release]: release `0.9` was edited: its first line does not seal the rest
        content/releases/0.9.toml.sig:1:1: error[invalid-signature]: the signature of Marta Lindqvist on release `0.9` is not valid: it does not belong to the text: one of the two was changed
        ");
        let limited =
            right().replace("ssh-key = \"", "ssh-key = \"valid-before=\\\"20261201Z\\\" ");
        assert_snapshot!(check(&limited), @"content/releases/0.9.toml.sig:1:1: error[invalid-signature]: the signature of Marta Lindqvist on release `0.9` is not valid: the key SHA256:MV/7EljHQjNrtphwyYp7Ynpv46KCXxgSdpAPX8pciIg had expired: it counts up to 2026-12-01T00:00:00Z");
        assert_snapshot!(check("-- content/releases/0.9/marta.toml.sig --\nsigned\n"), @"content/releases/0.9/marta.toml.sig:1:1: error[invalid-signature]: the signature on release `0.9` is not valid: not an SSH signature: it does not begin with `-----BEGIN SSH SIGNATURE-----`");
    }
}
