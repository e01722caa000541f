//! What to do with each file of a site: decided here, done by `apply`.

use std::collections::BTreeMap;

use crate::write::marker::Files;

/// What happens to a file of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Replace,
    /// The bytes are the same: the file stays as it is, with its time.
    Keep,
    Remove,
}

/// Returns what leads from the old files to the new ones, by path.
pub fn plan(old: &Files, new: &Files) -> BTreeMap<String, Action> {
    let removed = old.keys().filter(|path| !new.contains_key(*path));
    let actions = removed.map(|path| (path.clone(), Action::Remove));
    let actions = actions.chain(new.iter().map(|(path, digest)| {
        let action = match old.get(path) {
            None => Action::Create,
            Some(old) if old == digest => Action::Keep,
            Some(_) => Action::Replace,
        };
        (path.clone(), action)
    }));
    actions.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_tells_old_from_new() {
        let files = |files: &[(&str, &str)]| -> Files {
            files.iter().map(|(path, digest)| ((*path).into(), (*digest).into())).collect()
        };
        let old = files(&[("gone", "1"), ("same", "2"), ("changed", "3")]);
        let new = files(&[("same", "2"), ("changed", "4"), ("new", "5")]);
        let actions: Vec<_> = plan(&old, &new).into_iter().collect();
        let expected = [
            ("changed", Action::Replace),
            ("gone", Action::Remove),
            ("new", Action::Create),
            ("same", Action::Keep),
        ];
        assert_eq!(actions, expected.map(|(path, action)| (path.to_owned(), action)));
        assert!(plan(&new, &new).values().all(|action| *action == Action::Keep));
    }
}
