//! Code blocks: a figure with the language above it.

use crate::render::markdown::console;
use crate::render::markdown::escape::push;
use crate::render::markdown::highlight::highlight;

/// Appends a code block. `info` is what stands behind its fence; words behind the language are for other tools.
pub(super) fn push_block(out: &mut String, info: &str, text: &str) {
    let language = language(info);
    out.push_str("<figure class=\"code\">");
    if !language.is_empty() {
        out.push_str("<figcaption><span>");
        push(out, language);
        out.push_str("</span></figcaption>");
    }
    out.push_str("<pre tabindex=\"0\"><code>");
    let name = language.to_ascii_lowercase();
    if console::is_session(&name, text) {
        console::push_session(out, text);
    } else {
        highlight(out, &name, text);
    }
    out.push_str("</code></pre></figure>\n");
}

/// Returns the language of a fence: `rust,ignore`, `{.yaml}` and `bash title="x"` all begin with one.
fn language(info: &str) -> &str {
    let info = info.trim_start_matches(['{', '.', ' ']);
    info.split([' ', '\t', ',', '{', '}', '=', ':']).next().unwrap_or_default()
}
