//! What changed between two texts, as a page shows it: blocks keep their form, and what is added or removed says so by
//! a sign, a line and hidden words, never by color alone.

use std::fmt::Write as _;

use serde::Serialize;

use crate::difference::{Change, Hunk, Kind, Row, Run};
use crate::render::words::escape;

/// So many blocks are shown.
const MOST_ROWS: usize = 200;

/// So many bytes of text are shown.
const MOST_TEXT: usize = 32 * 1024;

/// A difference for the component of that name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub html: String,
    /// How many blocks differ.
    pub changes: usize,
    /// How many of them are too many to be shown.
    pub left_out: usize,
}

/// Returns a difference as a page shows it: the beginning of one that is huge. Everything in it is escaped.
pub fn difference(hunks: &[Hunk]) -> Difference {
    let mut writer = Writer::default();
    let (mut rows, mut text) = (0, 0);
    let (mut changes, mut left_out) = (0, 0);
    for hunk in hunks {
        let mut begun = false;
        for row in &hunk.rows {
            rows += 1;
            text += row.cells.iter().flatten().map(|run| run.text.len()).sum::<usize>();
            let changed = usize::from(row.change != Change::Same);
            changes += changed;
            if rows > MOST_ROWS || text > MOST_TEXT {
                left_out += changed;
                continue;
            }
            if !begun {
                writer.begin(hunk);
                begun = true;
            }
            writer.row(row);
        }
        if begun {
            writer.end();
        }
    }
    Difference { html: writer.out, changes, left_out }
}

/// What is open, that the next row may go on in.
#[derive(Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    Code(String),
    Table,
}

#[derive(Default)]
struct Writer {
    out: String,
    open: Open,
    /// The lists that are open, each with an item that is: how deep they lie, and whether they are ordered.
    lists: Vec<(u8, bool)>,
}

impl Writer {
    fn begin(&mut self, hunk: &Hunk) {
        self.out.push_str("<div class=\"hunk\">\n");
        if let Some(heading) = &hunk.heading {
            let heading = escape(heading);
            _ = writeln!(self.out, "<p class=\"quiet small\">Under “{heading}”</p>");
        }
    }

    fn end(&mut self) {
        self.close_lists(0);
        self.close();
        self.out.push_str("</div>\n");
    }

    fn row(&mut self, row: &Row) {
        if !matches!(row.kind, Kind::Item { .. }) {
            self.close_lists(0);
        }
        let class = class(row.change);
        match &row.kind {
            Kind::Heading(_) => self.block(row, &format!("<p{class}><strong>"), "</strong></p>\n"),
            Kind::Paragraph => self.block(row, &format!("<p{class}>"), "</p>\n"),
            Kind::Quote => {
                self.block(row, &format!("<blockquote{class}>"), "</blockquote>\n");
            }
            Kind::Html => self.block(row, &format!("<p{class}><code>"), "</code></p>\n"),
            Kind::Rule => {
                self.close();
                let line = marked(row.change, "———", "");
                _ = writeln!(self.out, "<p{class}>{line}</p>");
            }
            Kind::Item { depth, ordered } => {
                self.close();
                self.item(*depth, *ordered);
                let number = row.number.filter(|_| *ordered);
                let value = number.map(|number| format!(" value=\"{number}\""));
                _ = write!(self.out, "<li{class}{}>", value.unwrap_or_default());
                self.cells(row, "", "");
            }
            Kind::Code { language } => self.line(row, language),
            Kind::Cells { head } => self.table_row(row, *head, &class),
        }
    }

    fn block(&mut self, row: &Row, before: &str, after: &str) {
        self.close();
        self.cells(row, before, after);
    }

    /// Opens and closes lists until an item of this depth can begin.
    fn item(&mut self, depth: u8, ordered: bool) {
        let deeper = self.lists.iter().position(|list| list.0 > depth);
        self.close_lists(deeper.unwrap_or(self.lists.len()));
        match self.lists.last() {
            Some(list) if *list == (depth, ordered) => self.out.push_str("</li>\n"),
            last => {
                if last.is_some_and(|list| list.0 == depth) {
                    self.close_lists(self.lists.len() - 1);
                }
                self.out.push_str(if ordered { "<ol>\n" } else { "<ul>\n" });
                self.lists.push((depth, ordered));
            }
        }
    }

    fn close_lists(&mut self, keep: usize) {
        for (_, ordered) in self.lists.drain(keep..).rev() {
            self.out.push_str(if ordered { "</li>\n</ol>\n" } else { "</li>\n</ul>\n" });
        }
    }

    fn line(&mut self, row: &Row, language: &str) {
        if self.open != Open::Code(language.to_owned()) {
            self.close();
            self.out.push_str("<pre tabindex=\"0\"><code>");
            self.open = Open::Code(language.to_owned());
        }
        let text: String = row.cells.iter().flatten().map(|run| escape(&run.text)).collect();
        let sign = match row.change {
            Change::Same | Change::Changed => ' ',
            Change::Removed => '−',
            Change::Added => '+',
        };
        _ = writeln!(self.out, "{sign} {}", marked(row.change, &text, ""));
    }

    fn table_row(&mut self, row: &Row, head: bool, class: &str) {
        if self.open != Open::Table || head {
            self.close();
            self.out.push_str(
                "<div class=\"tw\" role=\"group\" aria-label=\"Changed table\" tabindex=\"0\"><table>\n",
            );
            self.open = Open::Table;
        }
        _ = write!(self.out, "<tr{class}>");
        let (before, after) =
            if head { ("<th scope=\"col\">", "</th>") } else { ("<td>", "</td>") };
        self.cells(row, before, after);
        self.out.push_str("</tr>\n");
    }

    fn cells(&mut self, row: &Row, before: &str, after: &str) {
        for cell in &row.cells {
            self.out.push_str(before);
            let end = if row.change == Change::Changed { " end. " } else { "" };
            for runs in cell.chunk_by(|one, next| target(one) == target(next)) {
                self.out.push_str(&words(runs, end));
            }
            self.out.push_str(after);
        }
    }

    fn close(&mut self) {
        self.out.push_str(match std::mem::take(&mut self.open) {
            Open::Nothing => "",
            Open::Code(_) => "</code></pre>\n",
            Open::Table => "</table></div>\n",
        });
    }
}

/// Returns what puts the sign of a block into the gutter.
fn class(change: Change) -> String {
    match change {
        Change::Same => String::new(),
        Change::Removed => " class=\"del\"".to_owned(),
        Change::Added => " class=\"add\"".to_owned(),
        Change::Changed => " class=\"mod\"".to_owned(),
    }
}

/// Marks HTML as removed or added, for eyes and ears; `end` is for ears alone.
pub fn marked(change: Change, html: &str, end: &str) -> String {
    let (tag, word) = match change {
        Change::Same | Change::Changed => return html.to_owned(),
        Change::Removed => ("del", "removed"),
        Change::Added => ("ins", "added"),
    };
    let end =
        if end.is_empty() { String::new() } else { format!("<span class=\"vh\">{end}</span>") };
    format!("<{tag}><span class=\"vh\">{word}: </span>{html}{end}</{tag}>")
}

/// Returns what words stand for: an image or a link, and its address.
fn target(run: &Run) -> Option<(bool, &str)> {
    let image = run.style.image.as_deref().map(|address| (true, address));
    image.or(run.style.link.as_deref().map(|address| (false, address)))
}

/// Returns the words of one image, of one link, or of neither. A link says where it leads where that may be what changed,
/// and an image always which one it is.
fn words(runs: &[Run], end: &str) -> String {
    let text = |runs: &[Run]| runs.iter().map(styled).collect::<String>();
    let each = || {
        let parts = runs.chunk_by(|one, next| one.change == next.change);
        parts.map(|runs| marked(runs[0].change, &text(runs), end)).collect::<String>()
    };
    let Some((is_image, address)) = target(&runs[0]) else { return each() };
    let address = format!(" <code>{}</code>", escape(address));
    let whole =
        |text: String| if is_image { format!("[image {text}{address}]") } else { text + &address };
    let change = runs[0].change;
    if change != Change::Same && runs.iter().all(|run| run.change == change) {
        return marked(change, &whole(text(runs)), end);
    }
    if is_image { whole(each()) } else { each() }
}

fn styled(run: &Run) -> String {
    let style = &run.style;
    let mut html = escape(&run.text);
    for (on, tag) in [
        (style.code, "code"),
        (style.struck, "s"),
        (style.emphasis, "em"),
        (style.strong, "strong"),
    ] {
        if on {
            html = format!("<{tag}>{html}</{tag}>");
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::difference::difference as compare;

    fn html(old: &str, new: &str) -> String {
        difference(&compare(old, new)).html
    }

    #[test]
    fn words_are_marked_for_eyes_and_ears() {
        let old = "# A\n\nStop **the** writers, then restore [it](a.md).\n";
        let new = "# A\n\nStop **all** writers, then restore [it](b.md).\n";
        assert_snapshot!(html(old, new), @r#"
        <div class="hunk">
        <p><strong>A</strong></p>
        <p class="mod">Stop <del><span class="vh">removed: </span><strong>the</strong><span class="vh"> end. </span></del><ins><span class="vh">added: </span><strong>all</strong><span class="vh"> end. </span></ins> writers, then restore <del><span class="vh">removed: </span>it <code>a.md</code><span class="vh"> end. </span></del><ins><span class="vh">added: </span>it <code>b.md</code><span class="vh"> end. </span></ins>.</p>
        </div>
        "#);
    }

    #[test]
    fn links_and_images_say_where_they_lead_once() {
        let old = "See [how to restore](a.md) and [why](b.md). ![A chart of 5 days](x.png)\n";
        let new = "See [how to restore it](a.md) and [why](c.md). ![A chart of 7 days](x.png)\n";
        assert_snapshot!(html(old, new), @r#"
        <div class="hunk">
        <p class="mod">See how to restore<ins><span class="vh">added: </span> it<span class="vh"> end. </span></ins> and <del><span class="vh">removed: </span>why <code>b.md</code><span class="vh"> end. </span></del><ins><span class="vh">added: </span>why <code>c.md</code><span class="vh"> end. </span></ins>. [image A chart of <del><span class="vh">removed: </span>5<span class="vh"> end. </span></del><ins><span class="vh">added: </span>7<span class="vh"> end. </span></ins> days <code>x.png</code>]</p>
        </div>
        "#);
    }

    #[test]
    fn lists_tables_and_code_keep_their_form() {
        let old =
            "1. one\n   - deep\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\nx 1\ny\n```\n";
        let new = "1. one\n   - deep\n   - new\n2. two\n\n| a | b |\n|---|---|\n| 1 | 3 |\n| 4 | 5 |\n\n```sh\nx 2\ny\n```\n";
        assert_snapshot!(html(old, new), @r#"
        <div class="hunk">
        <ul>
        <li>deep</li>
        <li class="add"><ins><span class="vh">added: </span>new</ins></li>
        </ul>
        <ol>
        <li value="2">two</li>
        </ol>
        <div class="tw" role="group" aria-label="Changed table" tabindex="0"><table>
        <tr><th scope="col">a</th><th scope="col">b</th></tr>
        <tr class="mod"><td>1</td><td><del><span class="vh">removed: </span>2<span class="vh"> end. </span></del><ins><span class="vh">added: </span>3<span class="vh"> end. </span></ins></td></tr>
        <tr class="add"><td><ins><span class="vh">added: </span>4</ins></td><td><ins><span class="vh">added: </span>5</ins></td></tr>
        </table></div>
        <pre tabindex="0"><code>− <del><span class="vh">removed: </span>x 1</del>
        + <ins><span class="vh">added: </span>x 2</ins>
          y
        </code></pre>
        </div>
        "#);
    }

    #[test]
    fn what_the_texts_say_is_no_markup() {
        let old = "a <b> [x](\"><script>) `</code>`\n\n<script>alert(1)</script>\n\n---\n";
        let new = "a <i onclick=x> [x]('><script>) `</ins>`\n\n![<img>](<\"onerror=x>)\n\n```\n</pre>\n```\n\n# </h1><script>\n\nchanged\n";
        for html in [html(old, new), html(new, old), html("", old), html(new, "")] {
            for evil in ["<script", "<b>", "<i ", "<img", "</h1>", "\"onerror", "onclick=\""] {
                assert!(!html.contains(evil), "{evil}: {html}");
            }
            assert_eq!(html.matches("</pre>").count(), html.matches("<pre").count());
            assert_eq!(html.matches("</ins>").count(), html.matches("<ins>").count());
            assert_eq!(html.matches("</code>").count(), html.matches("<code>").count());
        }
    }

    #[test]
    fn a_huge_difference_is_cut() {
        let body =
            |count: usize| (0..count).map(|at| format!("Words {at}.\n\n")).collect::<String>();
        let cut = difference(&compare("", &body(1_000)));
        assert_eq!((cut.changes, cut.left_out), (1_000, 800));
        assert_eq!(cut.html.matches("<p class=\"add\">").count(), MOST_ROWS);
        let long = difference(&compare("", &"long ".repeat(100_000)));
        assert_eq!((long.changes, long.left_out, long.html.as_str()), (1, 1, ""));
        let none = difference(&compare("same", "same"));
        assert_eq!((none.changes, none.left_out), (0, 0));
    }

    #[test]
    fn whatever_is_compared_the_tags_are_balanced() {
        let base = "# T\n\nSome *text* `code`.\n\n> [!NOTE]\n> quoted\n\n1. one\n   1. two\n      - three\n2. four\n- five\n\n| a | b |\n|---|---|\n| 1 | <b>2</b> |\n\n<div>\n\n```rust\nfn x() {}\n```\n\n---\n";
        for seed in 0..200 {
            let edited = crate::fixture::edited(base, seed);
            let html = html(base, &edited);
            for tag in ["div", "p", "ul", "ol", "li", "table", "tr", "td", "th", "pre"] {
                let opened = html.matches(&format!("<{tag}>")).count()
                    + html.matches(&format!("<{tag} ")).count();
                let closed = html.matches(&format!("</{tag}>")).count();
                assert_eq!(opened, closed, "seed {seed}: {tag} in {html}");
            }
        }
    }
}
