//! The extensions of Python-Markdown that settings turn on, each as a small document in and out.

use insta::assert_snapshot;

use crate::render::markdown::forms_test::{mkdocs, page};

fn with(extensions: &str, markdown: &str) -> String {
    let settings = format!("-- mkdocs.yml --\nmarkdown_extensions: {extensions}\n");
    page(&settings, "docs/a.md", markdown)
}

const SIGNS: &str = "\
a ==mark *it*== ^^in it^^ H~2~O x^2^ ~~del~~ [^1] a==b==c ==no == \\==no== `==x==` 1 ^ 2 ^ 3 ~5 and ~6 ==== $x^2^$
https://example.com/~a/~b ~~a~b~~ **==over** it==

| ==cell== | ++ctrl+alt+\"<\"++ ++page-up++ |
|---|---|
| C++ and ++i; i++ ++ | ++enter+++ |
";

#[test]
fn marks_stand_where_their_extensions_are_on() {
    assert_snapshot!(with("[pymdownx.mark, pymdownx.caret, pymdownx.tilde, pymdownx.keys]", SIGNS), @r#"
    <p>a <mark>mark <em>it</em></mark> <ins>in it</ins> H<sub>2</sub>O x<sup>2</sup> <del>del</del> [^1] a==b==c <mark>no == ==no</mark> <code>==x==</code> 1 ^ 2 ^ 3 ~5 and ~6 ==== <code class="math">x^2^</code>
    <a href="https://example.com/~a/~b" rel="noreferrer">https://example.com/~a/~b</a> <del>a~b</del> <strong><mark>over</mark></strong> it</p>
    <div class="tw" role="region" aria-label="Table: A" tabindex="0"><table>
    <thead><tr><th scope="col"><mark>cell</mark></th><th scope="col"><kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>&lt;</kbd> <kbd>Page Up</kbd></th></tr></thead>
    <tbody>
    <tr><td>C++ and ++i; i++ ++</td><td><kbd>Enter</kbd>+</td></tr>
    </tbody></table></div>
    "#);
    assert_snapshot!(with("[{pymdownx.caret: {superscript: false}}, {pymdownx.tilde: {subscript: false}}]", SIGNS), @r#"
    <p>a ==mark <em>it</em>== <ins>in it</ins> H~2~O x^2^ <del>del</del> [^1] a==b==c ==no == ==no== <code>==x==</code> 1 ^ 2 ^ 3 ~5 and ~6 ==== <code class="math">x^2^</code>
    <a href="https://example.com/~a/~b" rel="noreferrer">https://example.com/~a/~b</a> <del>a~b</del> <strong>==over</strong> it==</p>
    <div class="tw" role="region" aria-label="Table: A" tabindex="0"><table>
    <thead><tr><th scope="col">==cell==</th><th scope="col">++ctrl+alt+&quot;&lt;&quot;++ ++page-up++</th></tr></thead>
    <tbody>
    <tr><td>C++ and ++i; i++ ++</td><td>++enter+++</td></tr>
    </tbody></table></div>
    "#);
    assert_snapshot!(mkdocs("==x== ^^y^^ x^2^ ++a++ :material-check:"), @"<p>==x== ^^y^^ x^2^ ++a++ :material-check:</p>");
}

#[test]
fn icons_are_shown_where_nothing_else_is() {
    assert_snapshot!(with("[attr_list, pymdownx.emoji]", "\
## :material-account-circle:{ .lg } Who

| a | b |
|---|---|
| :material-check: | :octicons-x-24: |
| :material-database-alert: | :fontawesome-brands-github: code |

[:fontawesome-brands-github:](https://example.com) [:octicons-link-16: Here](https://example.com)
`:material-check:` :material-: :rocket:
"), @r##"
    <h2 id="who"><span title="account circle"></span> Who<a class="anchor" href="#who" aria-label="Link to Who">#</a></h2>
    <div class="tw" role="region" aria-label="Table: Who" tabindex="0"><table>
    <thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>
    <tbody>
    <tr><td><span title="check">✓</span></td><td><span title="x">✗</span></td></tr>
    <tr><td><span title="database alert">database alert</span></td><td><span title="github"></span> code</td></tr>
    </tbody></table></div>
    <p><a href="https://example.com" rel="noreferrer"><span title="github">github</span></a> <a href="https://example.com" rel="noreferrer"><span title="link"></span> Here</a>
    <code>:material-check:</code> :material-: 🚀</p>
    "##);
}

#[test]
fn markdown_goes_on_in_html() {
    assert_snapshot!(mkdocs("\
<figure markdown=\"span\">
  ![Flow](flow.png){ width=\"300\" }
  <figcaption>The *flow*</figcaption>
</figure>
<div class=\"grid\" markdown>
- **a**
<div markdown=\"0\">
*b*
</div>
</div>

<div>
*raw*
</div>
<details markdown=\"1\">
<summary>More</summary>
Some *text*.
</details>
"), @r#"
    <figure>
    <p><span class="broken" title="there is no such image">Flow<span class="vh"> (missing image)</span></span></p>
      
    <figcaption>The *flow*</figcaption>
    </figure>
    <div>
    <ul>
    <li><strong>a</strong></li>
    </ul>
    <div>
    <p><em>b</em></p>
    </div>
    </div>
    <div>
    *raw*
    </div>
    <details>
    <summary>More</summary>
    <p>Some <em>text</em>.</p>
    </details>
    "#);
}

#[test]
fn blocks_between_slashes() {
    assert_snapshot!(mkdocs("\
/// tip | A *title*
Text.

//// details | More
    type: warning
    open: true

In it.
////
///

//// html | div.result
![a](b.png)
/// caption
Words below.
///
////

/// admonition | Own
    type: danger

- one
///

/// tab | First
Here.
///

A path: ///
/// 2
```
/// note
```
"), @r#"
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.1">

    <p class="note-title" id="note.1"><span>A <em>title</em></span></p>
    <p>Text.</p>
    <details open>
    <summary><span>More</span></summary>
    <p>In it.</p>
    </details>
    </div>
    <p><span class="broken" title="there is no such image">a<span class="vh"> (missing image)</span></span></p>
    <p>Words below.</p>
    <div class="note note-caution c-fail" role="note" aria-labelledby="note.2">

    <p class="note-title" id="note.2"><span>Own</span></p>
    <ul>
    <li>one</li>
    </ul>
    </div>
    <div class="tab">
    <p class="tab-title"><span>First</span></p>
    <p>Here.</p>
    </div>
    <p>A path: ///
    /// 2</p>
    <figure class="code"><pre tabindex="0"><code>/// note
    </code></pre></figure>
    "#);
}

#[test]
fn what_a_plugin_would_fill_in_is_shown_as_it_is() {
    assert_snapshot!(mkdocs("\
# A

::: portal.Portal
    options:
      show_source: true

Behind it.
"), @r#"
    <figure class="code"><pre tabindex="0"><code>::: portal.Portal
    options:
      show_source: true
    </code></pre></figure>
    <p>Behind it.</p>
    "#);
}
