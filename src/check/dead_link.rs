//! Links to other sites that did not answer well, three days in a row. Whoever asked them says so; nothing here does.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{place, set_level};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::{Portal, Target};

/// A link to another site that is dead.
pub static DEAD_LINK: Code = Code {
    id: "dead-link",
    severity: Severity::Error,
    summary: "A link to another site failed three days in a row.",
    docs: include_str!("dead_link.md"),
    fatal: false,
};

/// Returns the addresses of other sites that documents link to.
pub fn addresses(portal: &Portal) -> BTreeSet<String> {
    let links = portal.targets.iter().filter_map(|(path, targets)| {
        let links = portal.documents.get(path)?.links.iter();
        Some(links.zip(targets).filter(|(_, target)| **target == Target::External))
    });
    links.flatten().filter_map(|(link, _)| address(&link.destination)).collect()
}

/// Returns the problem of each link to one of these addresses, with what was answered.
pub fn dead_links(portal: &Portal, dead: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for document in portal.documents.values() {
        for link in &document.links {
            let answer = address(&link.destination).and_then(|address| dead.get(&address));
            let Some(answer) = answer else { continue };
            let (source, span) = place::link(document, link);
            let destination = &link.destination;
            let message =
                format!("link to `{destination}`, which failed three days in a row: {answer}");
            let problem = Diagnostic::new(&DEAD_LINK, &source, span, message);
            found.push(problem.help("find where it stands now, or keep a copy in the project"));
        }
    }
    found.retain_mut(|problem| set_level(portal, problem));
    found
}

/// Returns the address that a link asks another site for: what stands behind a `#` is the reader's business.
fn address(destination: &str) -> Option<String> {
    let address = destination.trim().split('#').next().unwrap_or_default();
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Some(address.to_owned());
    }
    address.starts_with("//").then(|| format!("https:{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::emit::{Format, emit};
    use crate::fixture::portal;

    const DOCUMENT: &str = "\
-- content/a.md --
# A

[x](https://a.example/x#y) [x](//b.example) [x](mailto:a@a.example) [x](b.md) ![x](http://c.example/x.png)
-- content/b.md --
# B
";

    #[test]
    fn addresses_of_other_sites_are_asked_for_once() {
        let addresses: Vec<String> = addresses(&portal(DOCUMENT)).into_iter().collect();
        assert_eq!(
            addresses,
            ["http://c.example/x.png", "https://a.example/x", "https://b.example"]
        );
    }

    #[test]
    fn a_dead_link_is_reported_at_its_place_and_as_the_book_wants_it() {
        let dead = BTreeMap::from([("https://a.example/x".to_owned(), "404 Not Found".to_owned())]);
        let report =
            |fixture: &str| emit(Format::Short, &dead_links(&portal(fixture), &dead), false, 100);
        insta::assert_snapshot!(report(DOCUMENT), @"content/a.md:3:1: error[dead-link]: link to `https://a.example/x#y`, which failed three days in a row: 404 Not Found");
        let book = "-- book.toml --\n[output.handover.rules]\ndead-link = \"allow\"\n";
        assert_eq!(report(&format!("{book}{DOCUMENT}")), "");
    }
}
