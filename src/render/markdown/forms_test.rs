//! The forms of other tools, each as a small document in and out.

use insta::assert_snapshot;

use crate::fixture;
use crate::render::markdown::{Place, html};

/// Returns the body of a document of a project with these settings, on its own page.
pub(super) fn page(settings: &str, path: &str, markdown: &str) -> String {
    let portal = fixture::portal(&format!("{settings}-- {path} --\n{markdown}"));
    let (found, document) =
        portal.documents.iter().find(|(found, _)| found.as_str() == path).expect("it is there");
    let html = html(&portal, document, &Place::page(&portal.urls[found].0));
    // What is drawn is the same for each kind.
    let mut shown = String::new();
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once("<svg") {
        shown.push_str(before);
        rest = after.split_once("</svg>").map_or("", |(_, rest)| rest);
    }
    shown + rest
}

pub(super) fn mkdocs(markdown: &str) -> String {
    page("-- mkdocs.yml --\n", "docs/a.md", markdown)
}

pub(super) fn hugo(markdown: &str) -> String {
    page(
        "-- hugo.toml --\nparams.repo = \"https://example.com/r\"\n-- content/other.md --\n# O\n",
        "content/a.md",
        markdown,
    )
}

pub(super) fn plain(markdown: &str) -> String {
    page("", "docs/a.md", markdown)
}

#[test]
fn admonitions_of_mkdocs_hold_blocks() {
    assert_snapshot!(mkdocs("\
Before
!!! warning \"Mind *this* [gap](b.md)\"

    One.

    - a
    - b

        !!! note
            Nested.

    ```yaml
    key: !!! no
    ```

After.

??? note
    Folded.
???+ tip \"Open\"
    Unfolded.

!!! danger \"\"
    No title.

!!! info inline end \"1. Two\"
\tTabs.
"), @r#"
    <p>Before</p>
    <div class="note note-warning c-warn" role="note" aria-labelledby="note.1">

    <p class="note-title" id="note.1"><span>Mind <em>this</em> <span class="broken" title="there is no such page or file">gap<span class="vh"> (broken link)</span></span></span></p>
    <p>One.</p>
    <ul>
    <li>
    <p>a</p>
    </li>
    <li>
    <p>b</p>
      
    <div class="note note-note c-info" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2">Note</p>

    <p>Nested.</p>
      
    </div>
    </li>
    </ul>
    <figure class="code"><figcaption><span>yaml</span></figcaption><pre tabindex="0"><code><span class="p">key</span>: <span class="s">!!! no</span>
    </code></pre></figure>
    </div>
    <p>After.</p>
    <details><summary>Note</summary>

    <p>Folded.</p>
    </details>
    <details open>
    <summary><span>Open</span></summary>
    <p>Unfolded.</p>
    </details>
    <div class="note note-caution c-fail" role="note" aria-labelledby="note.3">

    <p>No title.</p>
    </div>
    <div class="note note-note c-info" role="note" aria-labelledby="note.4">

    <p class="note-title" id="note.4"><span>1. Two</span></p>
    <p>Tabs.</p>
    </div>
    "#);
}

#[test]
fn admonitions_stand_in_lists_and_end_with_what_they_hold() {
    assert_snapshot!(mkdocs("\
1. Step

    !!! note
        Inside.

        ```sh
        unclosed

2. Next
"), @r#"
    <ol>
    <li>
    <p>Step</p>
     
    <div class="note note-note c-info" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Note</p>

    <p>Inside.</p>
    <figure class="code"><figcaption><span>sh</span></figcaption><pre tabindex="0"><code><span class="f">unclosed</span>

    </code></pre></figure>
     
    </div>
    </li>
    <li>
    <p>Next</p>
    </li>
    </ol>
    "#);
}

#[test]
fn tabs_are_shown_in_order() {
    assert_snapshot!(mkdocs("\
=== \"Linux\"

    ```sh
    apt
    ```

=== \"macOS\"

    brew

Heading
===
"), @r##"
    <div class="tab">
    <p class="tab-title"><span>Linux</span></p>
    <figure class="code"><figcaption><span>sh</span></figcaption><pre tabindex="0"><code><span class="f">apt</span>
    </code></pre></figure>
    </div>
    <div class="tab">
    <p class="tab-title"><span>macOS</span></p>
    <p>brew</p>
    </div>
    "##);
}

#[test]
fn containers_and_callouts_of_any_kind() {
    assert_snapshot!(plain("\
::: warning Mind the gap
One *two*.

:::: tip
Inner.
::::
:::

:::note[Title]
Text
:::

> [!info]- Folded **title**
> Text
> ```sh
> x
> ```
> > [!bug]
> > Inner

> [!NOTE]
> As on GitHub.

> [!question] Why?
"), @r#"
    <div class="note note-warning c-warn" role="note" aria-labelledby="note.1">

    <p class="note-title" id="note.1"><span>Mind the gap</span></p>
    <p>One <em>two</em>.</p>
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2">Tip</p>

    <p>Inner.</p>
    </div>
    </div>
    <div class="note note-note c-info" role="note" aria-labelledby="note.3">

    <p class="note-title" id="note.3"><span>Title</span></p>
    <p>Text</p>
    </div>
    <details>
    <summary><span>Folded <strong>title</strong></span></summary>
    <p>Text</p>
    <figure class="code"><figcaption><span>sh</span></figcaption><pre tabindex="0"><code><span class="f">x</span>
    </code></pre></figure>
    <div class="note note-caution c-fail" role="note" aria-labelledby="note.4">
    <p class="note-title" id="note.4">Bug</p>

    <p>Inner</p>
    </div>
    </details>
    <div class="note note-note c-info" role="note" aria-labelledby="note.5">
    <p class="note-title" id="note.5">Note</p>
    <p>As on GitHub.</p>
    </div>
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.6">

    <p class="note-title" id="note.6"><span>Why?</span></p>
    </div>
    "#);
    assert_snapshot!(plain("\
```admonish danger \"Stop\"
Text with `code`.
```

~~~ad-note
Text
~~~

::: {.callout-tip}
Quarto
:::

::: details More
Folded
:::

```
::: note
!!! note
    code
```

:::
"), @r#"
    <div class="note note-caution c-fail" role="note" aria-labelledby="note.1">

    <p class="note-title" id="note.1"><span>Stop</span></p>
    <p>Text with <code>code</code>.</p>
    </div>
    <div class="note note-note c-info" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2">Note</p>

    <p>Text</p>
    </div>
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.3">
    <p class="note-title" id="note.3">Tip</p>

    <p>Quarto</p>
    </div>
    <details>
    <summary><span>More</span></summary>
    <p>Folded</p>
    </details>
    <figure class="code"><pre tabindex="0"><code>::: note
    !!! note
        code
    </code></pre></figure>
    <p>:::</p>
    "#);
}

#[test]
fn shortcodes_of_hugo() {
    assert_snapshot!(hugo("\
{{< hint warning >}}
**Mind** [the]({{< ref \"./other.md\" >}}) gap, [repo]({{< param repo >}}/x).
{{< /hint >}}

{{% notice tip \"Title\" %}}
x
{{% /notice %}}

{{< figure src=\"other.png\" alt=\"Alt\" caption=\"Caption\" >}}

{{< highlight go \"linenos=table\" >}}
func main() {}
{{< /highlight >}}

{{< details \"More\" >}}
Inside
{{< /details >}}

{{< tabs \"id\" >}}
{{< tab \"One\" >}}
1
{{< /tab >}}
{{< tab \"Two\" >}}
2
{{< /tab >}}
{{< /tabs >}}

{{< unknown <b> >}} `{{< inline >}}` {{</* shown */>}} {{< youtube abc >}}
"), @r#"
    <div class="note note-warning c-warn" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Warning</p>

    <p><strong>Mind</strong> <a href="other.html">the</a> gap, <a href="https://example.com/r/x" rel="noreferrer">repo</a>.</p>
    </div>
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.2">

    <p class="note-title" id="note.2"><span>Title</span></p>
    <p>x</p>
    </div>
    <p><span class="broken" title="there is no such image">Alt<span class="vh"> (missing image)</span></span></p>
    <p>Caption</p>
    <figure class="code"><figcaption><span>go</span></figcaption><pre tabindex="0"><code><span class="k">func</span> <span class="f">main</span>() {}
    </code></pre></figure>
    <details>
    <summary><span>More</span></summary>
    <p>Inside</p>
    </details>
    <div class="tab">
    <p class="tab-title"><span>One</span></p>
    <p>1</p>
    </div>
    <div class="tab">
    <p class="tab-title"><span>Two</span></p>
    <p>2</p>
    </div>
    <p>{{&lt; unknown &lt;b&gt; &gt;}} <code>{{&lt; inline &gt;}}</code> {{&lt; shown &gt;}}</p>
    <p><a href="https://www.youtube.com/watch?v=abc" rel="noreferrer">https://www.youtube.com/watch?v=abc</a></p>
    "#);
}

#[test]
fn tags_of_jekyll_and_zola() {
    assert_snapshot!(page("-- _config.yml --\nowner: Ops\n-- _docs/b.md --\n# B\n", "a.md", "\
---
title: Page
team: Blue
---
{{ page.title }} of {{ site.owner }}, {{ page.team }}, [b]({% link _docs/b.md %}) {{ \"/x\" | relative_url }} {{ site.gone }}

{% highlight ruby %}
puts
{% endhighlight %}

{% raw %}{{ shown }}{% endraw %}{% comment %}gone{% endcomment %}

{% include note.html content=\"Mind it.\" %}
"), @r#"
    <p>Page of Ops, Blue, <a href="docs/b.html">b</a> /x {{ site.gone }}</p>
    <figure class="code"><figcaption><span>ruby</span></figcaption><pre tabindex="0"><code><span class="f">puts</span>
    </code></pre></figure>
    <p>{{ shown }}</p>
    <div class="note note-note c-info" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Note</p>

    <p>Mind it.</p>
    </div>
    "#);
    assert_snapshot!(page("-- config.toml --\nbase_url = \"/\"\n", "content/a.md", "\
{% note(title=\"T\") %}
Inside
{% end %}

{{ youtube(id=\"x\") }} {{ chart(id=\"x\") }}
"), @r#"
    <div class="note note-note c-info" role="note" aria-labelledby="note.1">

    <p class="note-title" id="note.1"><span>T</span></p>
    <p>Inside</p>
    </div>
    <p><a href="https://www.youtube.com/watch?v=x" rel="noreferrer">https://www.youtube.com/watch?v=x</a></p>
    <p>{{ chart(id=&quot;x&quot;) }}</p>
    "#);
}

#[test]
fn the_template_of_govuk() {
    assert_snapshot!(page("-- config/tech-docs.yml --\nservice_name: Platform\n", "source/a.html.md.erb", "\
---
title: Our team
owner_slack: \"#team\"
---

# <%= current_page.data.title %>

<%= warning_text('Mind the gap.') %>

Of <%= config[:tech_docs][:service_name] %>, <%= link_to 'home', '/' %><%# unseen %>.

<% if x %>`<%= partial 'gone' %>`<% end %>
"), @r#"
    <div class="note note-warning c-warn" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Warning</p>

    <p>Mind the gap.</p>
    </div>
    <p>Of Platform, <a href="index.html">home</a>.</p>
    <p>&lt;% if x %&gt;<code>&lt;%= partial 'gone' %&gt;</code>&lt;% end %&gt;</p>
    "#);
}

#[test]
fn hints_of_gitbook() {
    assert_snapshot!(plain("\
{% hint style=\"danger\" %}
Text
{% endhint %}

{% tabs %}
{% tab title=\"One\" %}
1
{% endtab %}
{% endtabs %}

`{% hint %}` {% other %}
"), @r#"
    <div class="note note-caution c-fail" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Danger</p>

    <p>Text</p>
    </div>
    <div class="tab">
    <p class="tab-title"><span>One</span></p>
    <p>1</p>
    </div>
    <p><code>{% hint %}</code> {% other %}</p>
    "#);
}

#[test]
fn what_programs_of_mdbook_would_make() {
    let book = "-- book.toml --\n[preprocessor.admonish]\n[preprocessor.toc]\n";
    assert_snapshot!(page(book, "src/a.md", "\
{{#toc}}

<!-- toc -->

```admonish warning.wide title=\"A *title*\" collapsible=true
Text
```

```admonish title=\"Only a title\"
Text
```
"), @r#"

    <details>
    <summary><span>A <em>title</em></span></summary>
    <p>Text</p>
    </details>
    <div class="note note-note c-info" role="note" aria-labelledby="note.1">

    <p class="note-title" id="note.1"><span>Only a title</span></p>
    <p>Text</p>
    </div>
    "#);
}

#[test]
fn habits_of_python_markdown() {
    assert_snapshot!(page("-- mkdocs.yml --\nmarkdown_extensions: [pymdownx.emoji, attr_list, abbr]\n", "docs/a.md", "\
[TOC]

## Restore {: #restore .big }
##Without space
## Plain {#plain}

The SLO of `SLO` {: .lead }
[two](two words.md){: target=_blank } [b](b.md){ .button } :rocket: `:rocket:` 12:30:45 a:key:b :no-emoji:

Text {not a list} and { 1 }.
{: #marked }

*[SLO]: Service \"level\" objective
*[SLOW]: unseen
"), @r##"
    <h2 id="restore">Restore<a class="anchor" href="#restore" aria-label="Link to Restore">#</a></h2>
    <h2 id="without-space">Without space<a class="anchor" href="#without-space" aria-label="Link to Without space">#</a></h2>
    <h2 id="plain">Plain<a class="anchor" href="#plain" aria-label="Link to Plain">#</a></h2>
    <p>The <abbr title="Service &quot;level&quot; objective">SLO</abbr> of <code>SLO</code>
    <span class="broken" title="there is no such page or file">two<span class="vh"> (broken link)</span></span> <span class="broken" title="there is no such page or file">b<span class="vh"> (broken link)</span></span> 🚀 <code>:rocket:</code> 12:30:45 a:key:b :no-emoji:</p>
    <p>Text {not a list} and { 1 }.
    <span id="marked"></span></p>
    "##);
}

#[test]
fn fences_of_other_tools() {
    assert_snapshot!(plain("\
```rust,editable,ignore
# fn main() {
let x = 1;
#
# }
```

``` { .yaml title=\"compose.yml\" linenums=\"1\" }
a: 1
```

```sh {filename=\"x.sh\"}
# a comment
```
"), @r#"
    <figure class="code"><figcaption><span>rust</span></figcaption><pre tabindex="0"><code><span class="k">let</span> x = <span class="n">1</span>;
    </code></pre><details><summary>All lines</summary><pre tabindex="0"><code><span class="k">fn</span> <span class="f">main</span>() {
    <span class="k">let</span> x = <span class="n">1</span>;

    }
    </code></pre></details></figure>
    <figure class="code"><figcaption><span>yaml: compose.yml</span></figcaption><pre tabindex="0"><code><span class="p">a</span>: <span class="n">1</span>
    </code></pre></figure>
    <figure class="code"><figcaption><span>sh: x.sh</span></figcaption><pre tabindex="0"><code><span class="c"># a comment</span>
    </code></pre></figure>
    "#);
}

#[test]
fn habits_of_plain_folders() {
    assert_snapshot!(plain("\
[[_TOC_]]

## Note {: #x }
##No heading
*[SLO]: text

#!/bin/sh #tag #1
:tada: {#id} $5

    ##code
"), @r##"
    <h2 id="x">Note<a class="anchor" href="#x" aria-label="Link to Note">#</a></h2>
    <p>##No heading
    *[SLO]: text</p>
    <p>#!/bin/sh #tag #1
    🎉 {#id} $5</p>
    <figure class="code"><pre tabindex="0"><code>##code
    </code></pre></figure>
    "##);
}

#[test]
fn pictures_and_references_of_hugo() {
    assert_snapshot!(hugo("\
{{< figure src=\"/p.png\" title=\"Title\" alt=\"Alt\" caption=\"A *caption*\" attr=\"Source\" attrlink=\"https://a.example/\" link=\"https://b.example/\" >}}

{{< figure src=\"p.png\" caption=\"See [x](other.md) [y]\" >}}

{{< figure src=\"p.png\" attr=\"Source\" >}}

{{< ref \"other.md\" >}} and ({{< ref \"./other.md\" >}}).

<div>{{< ref \"other.md\" >}}</div>

## Heading {id=\"own\"}
"), @r##"
    <p><a href="https://b.example/" rel="noreferrer"><span class="broken" title="there is no such image">Alt<span class="vh"> (missing image)</span></span></a></p>
    <p><strong>Title</strong></p>
    <p>A <em>caption</em> <a href="https://a.example/" rel="noreferrer">Source</a></p>
    <p><span class="broken" title="there is no such image">See x y<span class="vh"> (missing image)</span></span></p>
    <p>See <a href="other.html">x</a> [y]</p>
    <p><span class="broken" title="there is no such image">p.png<span class="vh"> (missing image)</span></span></p>
    <p>Source</p>
    <p><a href="other.html">other.md</a> and (<a href="other.html">./other.md</a>).</p>
    <div><a href="other.html">other.md</a></div>
    <h2 id="own">Heading<a class="anchor" href="#own" aria-label="Link to Heading">#</a></h2>
    "##);
}

#[test]
fn an_attribute_can_be_an_id() {
    assert_snapshot!(mkdocs("## One {: id=\"one-own\" .x }\n\n## Two { id='two-own' }\n\nText\n{: id=three }\n"), @r##"
    <h2 id="one-own">One<a class="anchor" href="#one-own" aria-label="Link to One">#</a></h2>
    <h2 id="two-own">Two<a class="anchor" href="#two-own" aria-label="Link to Two">#</a></h2>
    <p>Text
    <span id="three"></span></p>
    "##);
    assert_snapshot!(plain("## One {id=\"own\"}\n\n## Two {#two id=other}\n"), @r##"
    <h2 id="own">One<a class="anchor" href="#own" aria-label="Link to One">#</a></h2>
    <h2 id="two">Two<a class="anchor" href="#two" aria-label="Link to Two">#</a></h2>
    "##);
}

#[test]
fn hidden_lines_of_mdbook() {
    let book =
        "-- book.toml --\n[output.html.code.hidelines]\npython = \"~\"\n-- src/SUMMARY.md --\n";
    assert_snapshot!(page(book, "src/a.md", "\
```python
~hidden = 1
seen
```

```sh,hidelines=!!
!!hidden
  !!hidden too
seen
```

```rust
## [x]
# fn main() {
let a;
```
"), @r#"
    <figure class="code"><figcaption><span>python</span></figcaption><pre tabindex="0"><code>seen
    </code></pre><details><summary>All lines</summary><pre tabindex="0"><code>hidden = <span class="n">1</span>
    seen
    </code></pre></details></figure>
    <figure class="code"><figcaption><span>sh</span></figcaption><pre tabindex="0"><code><span class="f">seen</span>
    </code></pre><details><summary>All lines</summary><pre tabindex="0"><code><span class="f">hidden
      hidden</span> too
    <span class="f">seen</span>
    </code></pre></details></figure>
    <figure class="code"><figcaption><span>rust</span></figcaption><pre tabindex="0"><code><span class="p"># [x]</span>
    <span class="k">let</span> a;
    </code></pre><details><summary>All lines</summary><pre tabindex="0"><code><span class="p"># [x]</span>
    <span class="k">fn</span> main() {
    <span class="k">let</span> a;
    </code></pre></details></figure>
    "#);
}
