//! What GitHub adds to CommonMark, where the dialect is plain: tables, task lists, strikethrough, addresses, footnotes.

use insta::assert_snapshot;

use crate::fixture;
use crate::render::markdown::{Place, html};

/// Returns a body in short: without what pages put around tables and headings.
fn gfm(markdown: &str) -> String {
    let portal = fixture::portal(&format!("-- docs/a.md --\n{markdown}"));
    let (path, document) = portal.documents.first_key_value().unwrap();
    let html = html(&portal, document, &Place::page(&portal.urls[path].0));
    html.replace("<div class=\"tw\" role=\"region\" aria-label=\"Table: A\" tabindex=\"0\">", "")
        .replace("</table></div>", "</table>")
        .replace(" rel=\"noreferrer\"", "")
}

#[test]
fn tables() {
    // Alignment, missing and surplus cells, escaped bars, code with bars, inlines.
    assert_snapshot!(gfm("\
| one | two | three |
|:----|:---:|------:|
| *a* | b \\| c | `d \\| e` |
| f
| g | h | i | lost |
"), @r#"
    <table>
    <thead><tr><th scope="col">one</th><th scope="col" class="center">two</th><th scope="col" class="num">three</th></tr></thead>
    <tbody>
    <tr><td><em>a</em></td><td class="center">b | c</td><td class="num"><code>d | e</code></td></tr>
    <tr><td>f</td><td class="center"></td><td class="num"></td></tr>
    <tr><td>g</td><td class="center">h</td><td class="num">i</td></tr>
    </tbody></table>
    "#);
    // It ends at a blank line and at another block; a paragraph right above is none of it.
    assert_snapshot!(gfm("Text\n\na | b\n-|-\n1 | 2\n> quote\n\n| a |\n|---|\n\nafter\n"), @r#"
    <p>Text</p>
    <table>
    <thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>
    <tbody>
    <tr><td>1</td><td>2</td></tr>
    </tbody></table>
    <blockquote>
    <p>quote</p>
    </blockquote>
    <div class="tw" role="region" aria-label="Table 2: A" tabindex="0"><table>
    <thead><tr><th scope="col">a</th></tr></thead>
    </table>
    <p>after</p>
    "#);
    // As many dashes as heads, else it is no table.
    assert_snapshot!(gfm("| a | b |\n| --- |\n| c |\n"), @"
    <p>| a | b |
    | --- |
    | c |</p>
    ");
    assert_snapshot!(gfm("- | a |\n  |---|\n  | b |\n"), @r#"
    <ul>
    <li>
    <table>
    <thead><tr><th scope="col">a</th></tr></thead>
    <tbody>
    <tr><td>b</td></tr>
    </tbody></table>
    </li>
    </ul>
    "#);
}

#[test]
fn task_lists() {
    assert_snapshot!(gfm("- [ ] open\n- [x] done\n- [X] done\n  1. [ ] nested\n- [] none\n- [ ]none\n- \\[ ] none\n\n[ ] none\n"), @r#"
    <ul>
    <li class="task"><input type="checkbox" disabled aria-label="Open"> open</li>
    <li class="task"><input type="checkbox" disabled checked aria-label="Done"> done</li>
    <li class="task"><input type="checkbox" disabled checked aria-label="Done"> done
    <ol>
    <li class="task"><input type="checkbox" disabled aria-label="Open"> nested</li>
    </ol>
    </li>
    <li>[] none</li>
    <li>[ ]none</li>
    <li>[ ] none</li>
    </ul>
    <p>[ ] none</p>
    "#);
}

#[test]
fn strikethrough() {
    assert_snapshot!(gfm("~~two~~ ~one~ ~~~three~~~ ~~a\n\nb~~ a~~b~~c `~~code~~` \\~~no\\~~\n"), @"
    <p><del>two</del> <del>one</del> ~~~three~~~ ~~a</p>
    <p>b~~ a<del>b</del>c <code>~~code~~</code> ~<del>no~</del></p>
    ");
}

#[test]
fn addresses() {
    assert_snapshot!(gfm("\
www.example.com, (www.example.com/a_(b)) and https://example.com/a?b=c&d=e. http://a.b/~c_d*

www.example.com/a&amp; <https://in.brackets> `https://in.code` [https://in.link](https://b.c)

a.b+c@d.example, a@b a@b.c- mailto:a@b.example xmpp:a@b.example ftp://example.com x.www.example.com
"), @r#"
    <p><a href="http://www.example.com">www.example.com</a>, (<a href="http://www.example.com/a_(b)">www.example.com/a_(b)</a>) and <a href="https://example.com/a?b=c&amp;d=e">https://example.com/a?b=c&amp;d=e</a>. <a href="http://a.b/~c_d">http://a.b/~c_d</a>*</p>
    <p><a href="http://www.example.com/a">www.example.com/a</a>&amp; <a href="https://in.brackets">https://in.brackets</a> <code>https://in.code</code> <a href="https://b.c">https://in.link</a></p>
    <p><a href="mailto:a.b+c@d.example">a.b+c@d.example</a>, a@b a@b.c- mailto:a@b.example xmpp:a@b.example <a href="ftp://example.com">ftp://example.com</a> x.www.example.com</p>
    "#);
}

#[test]
fn raw_tags_that_github_does_not_let_through() {
    assert_snapshot!(gfm("<strong> <title> <style> <em>\n\n<blockquote>\n  <xmp> is disallowed. <XMP> too\n</blockquote>\n"), @"
    <p><strong>   <em></em></strong></p>
    <blockquote>
       is disallowed. &lt;XMP&gt; too
    &lt;/blockquote&gt;
    </blockquote>
    ");
}

#[test]
fn footnotes_and_alerts() {
    assert_snapshot!(gfm("A[^1] b[^long] a[^1] [^none]\n\n[^1]: One *x*\n[^long]: Two\n\n    three\n\n> [!WARNING]\n> Mind.\n\n> [!OTHER]\n> Kind.\n"), @r##"
    <p>A<sup><a href="#fn-1" id="fn-1.ref" aria-label="Footnote 1">1</a></sup> b<sup><a href="#fn-long" id="fn-long.ref" aria-label="Footnote 2">2</a></sup> a<sup><a href="#fn-1" id="fn-1.ref2" aria-label="Footnote 1">1</a></sup> [^none]</p>
    <div class="note note-warning c-warn" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2.2l6.3 11.4H1.7zM8 6.6v3M8 11.5v.2"/></svg>Warning</p>
    <p>Mind.</p>
    </div>
    <div class="note note-note c-info" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.6M8 4.9v.2"/></svg>Other</p>

    <p>Kind.</p>
    </div>
    <div class="footnotes"><ol>
    <li id="fn-1"><p>One <em>x</em> <a href="#fn-1.ref" aria-label="Back to where footnote 1 is named">↑</a> <a href="#fn-1.ref2" aria-label="Back to where footnote 1 is named">↑</a></p>
    </li>
    <li id="fn-long"><p>Two</p>
    <p>three <a href="#fn-long.ref" aria-label="Back to where footnote 2 is named">↑</a></p>
    </li>
    </ol></div>
    "##);
}
