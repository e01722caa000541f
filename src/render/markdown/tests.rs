//! One small case a form, in and out together.

use insta::assert_snapshot;

use crate::fixture;
use crate::render::markdown::{Place, html};

/// Returns the body of the first document of a fixture, on its own page.
fn page(fixture: &str) -> String {
    let portal = fixture::portal(fixture);
    let (path, document) = portal.documents.first_key_value().unwrap();
    html(&portal, document, &Place::page(&portal.urls[path].0))
}

/// Returns a body that is the whole of one document.
fn body(markdown: &str) -> String {
    page(&format!("-- content/a.md --\n{markdown}"))
}

#[test]
fn paragraphs_and_inlines() {
    assert_snapshot!(body("A *b* **c** ~~d~~ `e<` f\\\ng  \nh & i \"j\" &copy;\n\n---\n> k\n"), @"
    <p>A <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code> f<br>
    g<br>
    h &amp; i &quot;j&quot; ©</p>
    <hr>
    <blockquote>
    <p>k</p>
    </blockquote>
    ");
}

#[test]
fn lists() {
    assert_snapshot!(body("- a\n- b\n  1. c\n\n3. d\n\n   e\n4. f\n"), @r#"
    <ul>
    <li>a</li>
    <li>b
    <ol>
    <li>c</li>
    </ol>
    </li>
    </ul>
    <ol start="3">
    <li>
    <p>d</p>
    <p>e</p>
    </li>
    <li>
    <p>f</p>
    </li>
    </ol>
    "#);
    assert_snapshot!(body("- [x] a\n- [ ] b\n\n  c\n"), @r#"
    <ul>
    <li class="task">
    <p><input type="checkbox" disabled checked aria-label="Done"> a</p>
    </li>
    <li class="task">
    <p><input type="checkbox" disabled aria-label="Open"> b</p>
    <p>c</p>
    </li>
    </ul>
    "#);
    assert_snapshot!(body("a\n: b\n: c\n"), @"
    <dl>
    <dt>a</dt>
    <dd>b</dd>
    <dd>c</dd>
    </dl>
    ");
}

#[test]
fn code_blocks() {
    assert_snapshot!(body("```rust,ignore\nlet a = 1;\n```\n\n    plain <\n\n```console\n$ ls\na\n```\n"), @r#"
    <figure class="code"><figcaption><span>rust</span></figcaption><pre tabindex="0"><code><span class="k">let</span> a = <span class="n">1</span>;
    </code></pre></figure>
    <figure class="code"><pre tabindex="0"><code>plain &lt;
    </code></pre></figure>
    <figure class="code"><figcaption><span>console</span></figcaption><pre tabindex="0"><code><span class="prompt">$ </span><span class="f">ls</span>
    <span class="out">a
    </span></code></pre></figure>
    "#);
}

#[test]
fn tables() {
    assert_snapshot!(body("| a | b | c |\n|:--|--:|:-:|\n| 1 | 2 | |\n| a sentence that needs more room than a word does | | |\n\n| | x |\n|-|-|\n| 1 | 2 |\n"), @r#"
    <div class="tw" role="region" aria-label="Table: A" tabindex="0"><table>
    <thead><tr><th scope="col">a</th><th scope="col" class="num">b</th><th scope="col" class="center">c</th></tr></thead>
    <tbody>
    <tr><td>1</td><td class="num">2</td><td class="center"></td></tr>
    <tr><td class="text">a sentence that needs more room than a word does</td><td class="num"></td><td class="center"></td></tr>
    </tbody></table></div>
    <div class="tw" role="region" aria-label="Table 2: A" tabindex="0"><table>
    <thead><tr><td></td><th scope="col">x</th></tr></thead>
    <tbody>
    <tr><td>1</td><td>2</td></tr>
    </tbody></table></div>
    "#);
}

#[test]
fn alerts() {
    assert_snapshot!(body("> [!WARNING]\n> Do *not*.\n\n> [!TIP]\n> - x\n"), @r#"
    <div class="note note-warning c-warn" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2.2l6.3 11.4H1.7zM8 6.6v3M8 11.5v.2"/></svg>Warning</p>
    <p>Do <em>not</em>.</p>
    </div>
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M6.2 13.8h3.6M5.6 10.7a4.6 4.6 0 1 1 4.8 0v.8H5.6z"/></svg>Tip</p>
    <ul>
    <li>x</li>
    </ul>
    </div>
    "#);
}

#[test]
fn footnotes() {
    assert_snapshot!(body("a[^x] b[^y] c[^x]\n\n[^y]: Y\n\n[^x]:\n    X\n\n        code\n[^z]: unused\n"), @r##"
    <p>a<sup><a href="#fn-x" id="fn-x.ref" aria-label="Footnote 1">1</a></sup> b<sup><a href="#fn-y" id="fn-y.ref" aria-label="Footnote 2">2</a></sup> c<sup><a href="#fn-x" id="fn-x.ref2" aria-label="Footnote 1">1</a></sup></p>
    <div class="footnotes"><ol>
    <li id="fn-x"><p>X</p>
    <figure class="code"><pre tabindex="0"><code>code
    </code></pre></figure>
     <a href="#fn-x.ref" aria-label="Back to where footnote 1 is named">↑</a> <a href="#fn-x.ref2" aria-label="Back to where footnote 1 is named">↑</a></li>
    <li id="fn-y"><p>Y <a href="#fn-y.ref" aria-label="Back to where footnote 2 is named">↑</a></p>
    </li>
    <li id="fn-z"><p>unused</p>
    </li>
    </ol></div>
    "##);
}

#[test]
fn formulas() {
    assert_snapshot!(body("so $x$ costs $5 and $10\n\n$$\n\\unknown\n$$\n"), @r#"
    <p>so <math display="inline"><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">x</annotation></semantics></math> costs $5 and $10</p>
    <p><code class="math">
    \unknown
    </code></p>
    "#);
}

#[test]
fn raw_html() {
    assert_snapshot!(body("<details>\n<summary>More <b>x</summary>\n\nA *b*\n\n</details>\n\nH<sub>2</sub>O<br>Run `a` <namespace> <kbd>x\n\nnext</div>\n"), @"
    <details>
    <summary>More <b>x</b></summary>
    <p>A <em>b</em></p>
    </details>
    <p>H<sub>2</sub>O<br>Run <code>a</code> &lt;namespace&gt; <kbd>x</kbd></p>
    <p>next</p>
    ");
    assert_snapshot!(body("<table><tr><td>a<td>b</table>\n\n<p align=\"center\" style=\"x\" onclick=y><IMG SRC=http://a.b/c.png></p>\n"), @r#"
    <div class="tw" role="region" aria-label="Table: A" tabindex="0"><table><tr><td>a<td>b</td></td></tr></table></div>
    <p align="center"><a href="http://a.b/c.png" rel="noreferrer">c.png</a><span class="quiet"> (image on another site)</span></p>
    "#);
}

#[test]
fn headings() {
    assert_snapshot!(body("# Title\n\n## A `b`\n\n### Main {#main}\n\n#\n\n# Again\n\n## C\n"), @r##"
    <h2 id="a-b">A <code>b</code><a class="anchor" href="#a-b" aria-label="Link to A b">#</a></h2>
    <h3 id="section.main">Main<a class="anchor" href="#section.main" aria-label="Link to Main">#</a></h3>
    <h2 id="again">Again<a class="anchor" href="#again" aria-label="Link to Again">#</a></h2>
    <h3 id="c">C<a class="anchor" href="#c" aria-label="Link to C">#</a></h3>
    "##);
}

#[test]
fn links() {
    assert_snapshot!(body("[a](https://a.b/c?d=1&e=[x]) <f@g.hi> [j](javascript:x) [](https://k.l) www.m.no ![p](https://q.r/s.png) [t](no.md)\n"), @r#"<p><a href="https://a.b/c?d=1&amp;e=%5Bx%5D" rel="noreferrer">a</a> <a href="mailto:f@g.hi" rel="noreferrer">f@g.hi</a> <span class="broken" title="this kind of address is not allowed">j<span class="vh"> (broken link)</span></span> <a href="https://k.l" rel="noreferrer">https://k.l</a> <a href="http://www.m.no" rel="noreferrer">www.m.no</a> <a href="https://q.r/s.png" rel="noreferrer">p</a><span class="quiet"> (image on another site)</span> <span class="broken" title="there is no such page or file">t<span class="vh"> (broken link)</span></span></p>"#);
}

/// A project in which a document may lead everywhere.
const PROJECT: &str = "
-- src/runbooks/a.md --
---
kind: runbook
---
# A

[b](../b.md#two-words) [no anchor](../b.md#three) [own](#steps) [none](#none) [gone](gone.md) [out](../../../x.md)
[file](files/dump%20all.sql) [![logo](logo.gif)](../b.md) ![ends](gone.png) <a href=\"../b.html\" title=\"t\">raw</a>
[ready](../readiness.html) [twice [nested](https://a.b)](../b.md)

## Steps

3. one
4. two

> 1. quoted

<img src=\"logo.gif\" width=\"50%\" alt=\"x\">
-- src/b.md --
# B

## Two words
-- src/runbooks/files/dump all.sql --
select 1;
-- src/runbooks/logo.gif --
GIF89a\u{1}\u{0}\u{2}\u{0}
";

#[test]
fn links_lead_to_pages_and_copies() {
    let portal = fixture::portal(PROJECT);
    let document = portal.document("runbooks/a").unwrap();
    let url = &portal.urls[&document.source.path].0;
    assert_snapshot!(html(&portal, document, &Place::page(url)), @r##"
    <p><a href="../b.html#two-words">b</a> <a href="../b.html">no anchor</a> <a href="#steps">own</a> <span class="broken" title="there is no such section">none<span class="vh"> (broken link)</span></span> <span class="broken" title="there is no such page or file">gone<span class="vh"> (broken link)</span></span> <span class="broken" title="it leads out of the project">out<span class="vh"> (broken link)</span></span>
    <a href="../assets/dump-all.4a45092c.sql">file</a> <a href="../b.html"><img src="../assets/logo.e6fa7caf.gif" alt="logo" width="1" height="2" loading="lazy"></a> <span class="broken" title="there is no such image">ends<span class="vh"> (missing image)</span></span> <a href="../b.html" title="t">raw</a>
    <a href="../readiness.html">ready</a> [twice <a href="https://a.b" rel="noreferrer">nested</a>](../b.md)</p>
    <h2 id="steps">Steps<a class="anchor" href="#steps" aria-label="Link to Steps">#</a></h2>
    <ol class="steps" start="3">
    <li>one</li>
    <li>two</li>
    </ol>
    <blockquote>
    <ol>
    <li>quoted</li>
    </ol>
    </blockquote>
    <img src="../assets/logo.e6fa7caf.gif" alt="x" width="50%" loading="lazy">
    "##);
}

#[test]
fn a_diagram_is_shown_within_the_measure_or_with_letters_of_13px() {
    assert_eq!(super::html::shown_size(300, 640), (300, 640));
    assert_eq!(super::html::shown_size(800, 268), (736, 247));
    assert_eq!(super::html::shown_size(1600, 800), (1300, 650));
}

#[test]
fn a_diagram_is_a_picture_with_its_source() {
    let html = body(
        "# T\n\n## Flow\n\n```mermaid\ngraph TD\n  a[Intake] --> b\n```\n\n```mermaid\nnonsense\n```\n",
    );
    let (before, after) = html.split_once("diagrams/").unwrap();
    assert_snapshot!(before, @r##"
    <h2 id="flow">Flow<a class="anchor" href="#flow" aria-label="Link to Flow">#</a></h2>
    <figure class="diagram"><div role="group" aria-label="Diagram" tabindex="0"><img src="
    "##);
    assert_snapshot!(after.split_once(".svg").unwrap().1, @r#"
    " alt="Diagram: Flow" width="196" height="164" loading="lazy"></div>
    <figcaption><a href="diagrams/24cc0b7a52ca8513.svg">Open the diagram</a></figcaption>
    <details><summary>Diagram source</summary><pre tabindex="0"><code>graph TD
      a[Intake] --&gt; b
    </code></pre></details></figure>
    <figure class="code"><figcaption><span>mermaid</span></figcaption><pre tabindex="0"><code>nonsense
    </code></pre></figure>
    <p class="quiet">This diagram could not be drawn: its first line names no kind of diagram</p>
    "#);
}
