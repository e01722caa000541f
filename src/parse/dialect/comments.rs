//! What authors write to each other: `%%…%%` in a vault of Obsidian, `{::comment}…{:/comment}` of kramdown. No page shows it.

use crate::parse::dialect::{Code, Dialect};
use crate::parse::rewrite::Rewriting;
use crate::source::Span;

/// Returns the body without its comments; `None` where it has none.
pub fn comments(body: &str, dialect: Dialect, in_vault: bool) -> Option<Rewriting> {
    let (open, closes): (&str, &[&str]) = match dialect {
        Dialect::Jekyll => ("{::comment}", &["{:/comment}", "{:/}"]),
        _ if in_vault => ("%%", &["%%"]),
        _ => return None,
    };
    if !body.contains(open) {
        return None;
    }
    let code = Code::of(body);
    let mut out = Rewriting::default();
    let (mut at, mut done) = (0, 0);
    while let Some(start) = body[at..].find(open).map(|found| at + found) {
        at = start + open.len();
        if code.holds(start) {
            continue;
        }
        let ends = |close: &&str| body[at..].find(*close).map(|found| at + found + close.len());
        let Some(end) = closes.iter().filter_map(ends).min() else { break };
        out.copy(body, Span { start: done, end: start });
        (at, done) = (end, end);
    }
    (done > 0).then(|| {
        out.copy(body, Span { start: done, end: body.len() });
        out
    })
}

#[cfg(test)]
mod tests {
    use crate::fixture::portal;

    fn shown(files: &str) -> String {
        portal(files).documents.values().next().unwrap().text.body.clone()
    }

    #[test]
    fn comments_are_not_shown() {
        let body = "a %%hidden%% b `%%` %% c\n{::comment}no{:/comment} d\n";
        let vault = format!("-- docs/a.md --\n{body}-- .obsidian/app.json --\n{{}}\n");
        assert_eq!(shown(&vault), "a  b `%%` %% c\n{::comment}no{:/comment} d\n");
        assert_eq!(shown(&format!("-- docs/a.md --\n{body}")), body);
        let jekyll = format!("-- _config.yml --\n-- a.md --\n{body}\n1. TOC\n{{:toc}}\n\n2. x\n");
        assert_eq!(shown(&jekyll), "a %%hidden%% b `%%` %% c\n d\n\n\n\n\n2. x\n");
    }

    #[test]
    fn what_jekyll_leaves_out_is_no_page() {
        let files = "-- _config.yml --\nexclude: [drafts/, notes.md]\n-- a.md --\n-- notes.md --\n\
            -- drafts/b.md --\n-- x/notes.md --\n";
        let portal = portal(files);
        let paths: Vec<&str> = portal.urls.keys().map(|path| path.as_str()).collect();
        assert_eq!(paths, ["a.md", "x/notes.md"]);
    }
}
