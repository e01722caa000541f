//! `INHERIT: ../base.yml` of MkDocs: settings that stand in another file.

use std::sync::Arc;

use crate::parse::node::{self, Node, Value};
use crate::source::{Source, Span, Tree};

/// Nobody keeps more files for the settings of a site.
const MOST_BASES: usize = 16;

/// Settings, with what they inherit.
pub struct Inherited {
    pub root: Node,
    /// The navigation, and the file that it stands in.
    pub nav: Option<(Arc<Source>, Node)>,
    /// The files that are inherited, the nearest first.
    pub bases: Vec<Arc<Source>>,
}

/// Returns settings with what they do not say themselves, and a file says that they name. A base is read as MkDocs does:
/// tables are put together, and all else is what the nearer file says. What is inherited stands, for a reader, where the
/// file is named.
pub fn inherited(root: Node, source: &Arc<Source>, tree: &Tree) -> Inherited {
    let own_nav = root.entry("nav").map(|nav| (Arc::clone(source), nav.clone()));
    let mut inherited = Inherited { root, nav: own_nav, bases: Vec::new() };
    let Some(place) = inherited.root.entry("INHERIT").map(|base| base.span) else {
        return inherited;
    };
    let mut named = inherited.root.entry("INHERIT").and_then(Node::text);
    let mut from = Arc::clone(source);
    while let Some(name) = named.take()
        && inherited.bases.len() < MOST_BASES
    {
        let base = from.path.reach(&name).and_then(|path| tree.source(&path).ok()?);
        let Some(base) = base else { break };
        let Ok(mut root) = node::yaml(&base.text, 0) else { break };
        named = root.entry("INHERIT").and_then(Node::text);
        if inherited.nav.is_none() {
            inherited.nav = root.entry("nav").map(|nav| (Arc::clone(&base), nav.clone()));
        }
        put_at(&mut root, place);
        inherited.root = together(root, inherited.root);
        inherited.bases.push(Arc::clone(&base));
        from = base;
    }
    inherited
}

/// Puts all of a tree at one place.
fn put_at(node: &mut Node, place: Span) {
    node.span = place;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| put_at(item, place)),
        Value::Map(entries) => {
            for (name, node) in entries {
                name.span = place;
                put_at(node, place);
            }
        }
        Value::Null | Value::Text(_) | Value::Plain(_) => {}
    }
}

/// Returns a tree with what is put over it.
fn together(base: Node, over: Node) -> Node {
    let (mut entries, over_entries) = match (base.value, over.value) {
        (Value::Map(entries), Value::Map(over_entries)) => (entries, over_entries),
        (_, value) => return Node { span: over.span, value },
    };
    for (name, node) in over_entries {
        match entries.iter_mut().find(|(known, _)| known.value == name.value) {
            Some(known) => {
                let before = std::mem::replace(&mut known.1.value, Value::Null);
                let before = Node { span: known.1.span, value: before };
                *known = (name, together(before, node));
            }
            None => entries.push((name, node)),
        }
    }
    Node { span: over.span, value: Value::Map(entries) }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{check, portal};

    #[test]
    fn settings_that_are_inherited() {
        let fixture = "\
-- mkdocs.yml --
INHERIT: config/base.yml
site_name: Ours
markdown_extensions:
  pymdownx.mark: {}
-- config/base.yml --
INHERIT: ../far.yml
docs_dir: manual
site_name: Theirs
markdown_extensions:
  pymdownx.caret: {}
-- far.yml --
site_description: Far
plugins: [unheard-of]
nav:
  - index.md
  - gone.md
-- manual/index.md --
# Home
-- docs/never.md --
# Never
";
        let portal = portal(fixture);
        let book = &portal.config.book;
        let told = (book.title.as_deref(), book.description.as_deref());
        assert_eq!(told, (Some("Ours"), Some("Far")));
        let marks = portal.config.settings.marks;
        assert!(marks.mark && marks.insert);
        insta::assert_snapshot!(check(fixture), @"
        far.yml:5:5: error[broken-link]: link to `manual/gone.md`, which does not exist
        mkdocs.yml:1:10: warning[unused-setting]: plugin `unheard-of` is not run: what it would make of the text is not in the pages
        ");
        // A file that names itself.
        insta::assert_snapshot!(check("\
-- mkdocs.yml --
INHERIT: mkdocs.yml
-- docs/index.md --
# Home
"), @"");
    }
}
