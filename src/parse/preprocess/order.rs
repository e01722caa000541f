//! The order in which programs are run: `before` and `after`, and their names where those leave it open, as mdBook has it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parse::codes::FAILED_PREPROCESSOR;
use crate::parse::preprocess::Preprocessor;
use crate::source::Source;

/// Returns the programs in the order in which they are run.
///
/// # Errors
/// Those that wait for each other, and those that wait for them.
pub(super) fn order(all: &[Preprocessor]) -> Result<Vec<&Preprocessor>, Vec<&Preprocessor>> {
    // `links` and `index` are mdBook's own: others can stand between them.
    let mut waits: BTreeMap<&str, BTreeSet<&str>> =
        ["links", "index"].into_iter().map(|name| (name, BTreeSet::new())).collect();
    waits.extend(all.iter().map(|it| (it.name.as_str(), BTreeSet::new())));
    for it in all {
        for after in &it.before {
            if let Some(waiting) = waits.get_mut(after.as_str()) {
                waiting.insert(&it.name);
            }
        }
        for before in &it.after {
            if waits.contains_key(before.as_str()) {
                waits.entry(&it.name).or_default().insert(before);
            }
        }
    }
    let mut queue = Vec::with_capacity(all.len());
    loop {
        let ready: Vec<&str> = waits
            .extract_if(.., |_, waits_for| waits_for.is_empty())
            .map(|(name, _)| name)
            .collect();
        if ready.is_empty() {
            break;
        }
        for name in ready {
            waits.values_mut().for_each(|waits_for| waits_for.retain(|other| *other != name));
            queue.extend(all.iter().find(|it| it.name == name));
        }
    }
    if waits.is_empty() {
        return Ok(queue);
    }
    Err(all.iter().filter(|it| waits.contains_key(it.name.as_str())).collect())
}

/// Reports programs that wait for each other.
pub(super) fn circle(source: &Arc<Source>, waiting: &[&Preprocessor]) -> Diagnostic {
    let names: Vec<String> = waiting.iter().map(|it| format!("`{}`", it.name)).collect();
    let message = format!("preprocessors wait for each other: {}", names.join(", "));
    let span = waiting.first().map(|it| it.span).unwrap_or_default();
    Diagnostic::new(&FAILED_PREPROCESSOR, source, span, message)
        .help("none is run: leave one `before` or `after` out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::node;
    use crate::parse::preprocess::of_book;

    fn shown(book: &str) -> String {
        let all = of_book(&node::toml(book, 0).0);
        let names = |list: Vec<&Preprocessor>| {
            list.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(" ")
        };
        match order(&all) {
            Ok(queue) => names(queue),
            Err(waiting) => format!("circle: {}", names(waiting)),
        }
    }

    #[test]
    fn the_order_is_that_of_mdbook() {
        let b_a = "[preprocessor.b]\n[preprocessor.a]\n";
        assert_eq!(shown(b_a), "a b");
        assert_eq!(shown("[preprocessor.b]\n[preprocessor.a]\nafter = ['b']\n"), "b a");
        assert_eq!(shown("[preprocessor.b]\nbefore = ['a']\n[preprocessor.a]\n"), "b a");
        // What waits for `links` comes behind all that does not.
        assert_eq!(shown("[preprocessor.z]\n[preprocessor.a]\nafter = ['links', 'gone']\n"), "z a");
        assert_eq!(shown("preprocessor.z = {}\npreprocessor.a.command = 'x y'\n"), "a z");
        assert_eq!(
            shown(
                "[preprocessor.a]\nafter = ['b']\n[preprocessor.b]\nafter = ['a']\n[preprocessor.c]\n"
            ),
            "circle: a b"
        );
    }
}
