//! Code blocks: a figure with the language above it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::parse::dialect::hidden::KEY;
use crate::render::markdown::console;
use crate::render::markdown::escape::push;
use crate::render::markdown::highlight::{highlight, takes_grammar};
use crate::source::sha256;

/// The code blocks that were colored by a grammar last, by what stands in them: that takes its time, and each block stands
/// on its document's page and on the one that prints all, which are made soon after one another.
#[derive(Debug, Default)]
pub struct Blocks(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    blocks: BTreeMap<String, Arc<str>>,
    /// The bytes of all of them.
    size: usize,
}

/// More than this is forgotten: pages are not to be held in memory.
const MOST: usize = 64 * 1024 * 1024;

impl Blocks {
    /// Appends a code block as [`push_block`] does.
    pub(super) fn push(&self, out: &mut String, info: &str, text: &str) {
        if !takes_grammar(&language(info).to_ascii_lowercase()) {
            return push_block(out, info, text);
        }
        let key = sha256(format!("{info}\n{text}").as_bytes());
        let known = self.kept().blocks.get(&key).cloned();
        let html = known.unwrap_or_else(|| {
            let mut html = String::new();
            push_block(&mut html, info, text);
            let html: Arc<str> = html.into();
            let mut kept = self.kept();
            kept.size += key.len() + html.len();
            if kept.size > MOST {
                *kept = Kept::default();
            }
            kept.blocks.insert(key, Arc::clone(&html));
            html
        });
        out.push_str(&html);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().expect("invariant: nothing panics with the lock")
    }
}

/// Appends a code block. `info` is what stands behind its fence; words behind the language are for other tools.
pub(super) fn push_block(out: &mut String, info: &str, text: &str) {
    let language = language(info);
    out.push_str("<figure class=\"code\">");
    let title = title(info);
    if !language.is_empty() || title.is_some() {
        out.push_str("<figcaption><span>");
        push(out, language);
        if let Some(title) = title {
            out.push_str(if language.is_empty() { "" } else { ": " });
            push(out, title);
        }
        out.push_str("</span></figcaption>");
    }
    let name = language.to_ascii_lowercase();
    if let Some(hidden) = hidden(info, &name) {
        let lines = || text.split_inclusive('\n');
        let shown = lines().filter(|line| hidden.bare(line).is_none());
        let shown: String = shown.map(|line| hidden.shown(line)).collect();
        out.push_str("<pre tabindex=\"0\"><code>");
        highlight(out, &name, &shown);
        out.push_str("</code></pre>");
        if lines().any(|line| hidden.bare(line).is_some()) {
            out.push_str("<details><summary>All lines</summary><pre tabindex=\"0\"><code>");
            let all = lines().map(|line| hidden.bare(line).unwrap_or_else(|| hidden.shown(line)));
            highlight(out, &name, &all.collect::<String>());
            out.push_str("</code></pre></details>");
        }
        out.push_str("</figure>\n");
        return;
    }
    out.push_str("<pre tabindex=\"0\"><code>");
    if console::is_session(&name, text) {
        console::push_session(out, text);
    } else {
        highlight(out, &name, text);
    }
    out.push_str("</code></pre></figure>\n");
}

/// How code marks the lines that a reader does not see at once.
enum Hidden<'a> {
    /// `# fn main() {`, which only the compiler is to see; `## x` is the line `# x`.
    Rust,
    /// What `hidelines=~` says.
    Behind(&'a str),
}

fn hidden<'a>(info: &'a str, language: &str) -> Option<Hidden<'a>> {
    if language == "rust" {
        return Some(Hidden::Rust);
    }
    let sign = info.split([' ', '\t', ',']).find_map(|word| word.strip_prefix(KEY))?;
    (!sign.is_empty()).then_some(Hidden::Behind(sign))
}

impl Hidden<'_> {
    /// Returns a hidden line without its sign; `None` for one that is shown.
    fn bare(&self, line: &str) -> Option<String> {
        let text = line.trim_start();
        let indent = &line[..line.len() - text.len()];
        let rest = match self {
            Self::Rust if text.trim_end() == "#" => &text[1..],
            Self::Rust => text.strip_prefix("# ")?,
            Self::Behind(sign) => text.strip_prefix(sign)?,
        };
        Some(format!("{indent}{rest}"))
    }

    /// Returns a line that is shown.
    fn shown(&self, line: &str) -> String {
        let text = line.trim_start();
        match self {
            Self::Rust if text.starts_with("##") => {
                format!("{}{}", &line[..line.len() - text.len()], &text[1..])
            }
            _ => line.to_owned(),
        }
    }
}

/// Returns the name of the file that a fence shows, as other tools write it: `title="compose.yml"`.
fn title(info: &str) -> Option<&str> {
    ["title", "filename", "file", "name"].iter().find_map(|key| {
        let (before, rest) = info.split_once(&format!("{key}=\""))?;
        let title = rest.split_once('"')?.0.trim();
        (before.ends_with([' ', '{', ',']) && !title.is_empty()).then_some(title)
    })
}

/// Returns the language of a fence: `rust,ignore`, `{.yaml}` and `bash title="x"` all begin with one.
fn language(info: &str) -> &str {
    let info = info.trim_start_matches(['{', '.', ' ']);
    info.split([' ', '\t', ',', '{', '}', '=', ':']).next().unwrap_or_default()
}
