//! Odd documents, of any tool: nothing is lost, nothing panics, and much of one form takes no more than its share of time.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::fixture;
use crate::render::markdown::forms_test::{hugo, mkdocs, plain};
use crate::render::markdown::{Place, html};

#[test]
fn odd_files_are_shown_whole() {
    assert_snapshot!(plain("\u{feff}# Title\r\n\r\n::: tip\r\nText\r\n:::\r\n\r\n!!! note\r\n    In\r\n\r\n```sh\r\nunclosed\r\n"), @r#"
    <div class="note note-tip c-pass" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Tip</p>

    <p>Text</p>
    </div>
    <div class="note note-note c-info" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2">Note</p>

    <p>In</p>
    </div>
    <figure class="code"><figcaption><span>sh</span></figcaption><pre tabindex="0"><code><span class="f">unclosed</span>
    </code></pre></figure>
    "#);
    assert_snapshot!(mkdocs("!!! note\n\tTab\n\n\t\tcode\n\n!!! note"), @r#"
    <div class="note note-note c-info" role="note" aria-labelledby="note.1">
    <p class="note-title" id="note.1">Note</p>

    <p>Tab</p>
    <figure class="code"><pre tabindex="0"><code>code
    </code></pre></figure>
    </div>
    <div class="note note-note c-info" role="note" aria-labelledby="note.2">
    <p class="note-title" id="note.2">Note</p>

    </div>
    "#);
    assert_snapshot!(hugo("{\n  \"title\": \"J\",\n  \"tags\": [\"x\"]\n}\nBody\n"), @"<p>Body</p>");
    assert_snapshot!(hugo("{\n no json\n}\n"), @"
    <p>{
    no json
    }</p>
    ");
}

#[test]
fn no_document_of_any_tool_makes_reading_panic() {
    let form = "\
!!! note \"é [x](y)\"
    - a {: #b .c}

        ??? tip
            ü

=== \"T\"
    x
::: warning é
> [!bug]- [[page#h|é]]
:::
{{< hint \"é\" >}}x{{< /hint >}}{{% ref `x` %}}{{</* é */>}}
{% raw %}é{% endraw %}{% include x.md a=\"é\" %}{{ page.title | é }}
<%= warning_text('é') %><%= partial \"é\" %>
--8<-- \"é:1:2\"
--8<--
é
--8<--
*[é]: ü
:rocket: é ##é
{% include-markdown \"a.md\" start=\"é\" %}
";
    let mut random = fixture::Random::new(23);
    let settings = [
        "-- mkdocs.yml --\nmarkdown_extensions: [pymdownx.emoji]\n-- docs/a.md --\n",
        "-- hugo.toml --\n-- content/a.md --\n",
        "-- config.toml --\nbase_url = 1\n-- content/a.md --\n",
        "-- _config.yml --\n-- a.md --\n",
        "-- config/tech-docs.yml --\n-- source/a.html.md.erb --\n",
        "-- docs/a.md --\n",
    ];
    for round in 0..1_200 {
        let settings = settings[round % settings.len()];
        let body = random.edited(form).replace("\n-- ", "\n- ");
        let portal = fixture::portal(&format!("{settings}{body}"));
        for (path, document) in portal.documents.iter() {
            html(&portal, document, &Place::page(&portal.urls[path].0));
            for link in &document.links {
                let (source, span) = document.text.locate(link.span);
                assert!(source.text.get(span.start..span.end).is_some(), "{body}");
            }
        }
    }
}

/// Four times the input takes about four times as long; what took the square of it would take sixteen times.
#[test]
fn many_forms_take_linear_time() {
    let mkdocs = "-- mkdocs.yml --\nmarkdown_extensions: [pymdownx.emoji]\n-- docs/a.md --\n";
    let hugo = "-- hugo.toml --\n-- content/a.md --\n";
    let jekyll = "-- _config.yml --\n-- a.md --\n";
    let govuk = "-- config/tech-docs.yml --\n-- source/a.html.md.erb --\n";
    let plain = "-- docs/a.md --\n";
    for (settings, repeated) in [
        (mkdocs, "!!! note\n"),
        (mkdocs, "!!! note \"a\"\n\n    b\n\n"),
        (mkdocs, "=== \"a\"\n"),
        (mkdocs, "{: #a }"),
        (mkdocs, "{"),
        (mkdocs, "](a b"),
        (mkdocs, ":rocket:"),
        (mkdocs, "*[a]: b\na "),
        (mkdocs, "--8<-- \"x\"\n"),
        (mkdocs, "--8<--\nx\n"),
        (mkdocs, "{% include-markdown \"x"),
        (hugo, "{{< a >}}"),
        (hugo, "{{< /a >}}"),
        (hugo, "{{< note >}}\n"),
        (hugo, "{{< note >}}a{{< /note >}}"),
        (hugo, "{{<"),
        (hugo, "{{% a \""),
        (jekyll, "{% raw %}"),
        (jekyll, "{% if %}{{ a }}"),
        (govuk, "<%= a"),
        (govuk, "<%= partial 'a' %>"),
        (plain, "::: a\n"),
        (plain, ":::: a\n:::\n"),
        (plain, "> [!a]\n"),
        (plain, "[["),
        (plain, "[[a|b]] "),
        (plain, "[[a "),
        (plain, "##a\n"),
        (plain, "```admonish\n"),
        (plain, ":a "),
    ] {
        let time = |times: usize| {
            let fixture = format!("{settings}{}", repeated.repeat(times));
            let tree = fixture::tree(&fixture);
            let begun = Instant::now();
            crate::parse::project::project(&tree);
            begun.elapsed()
        };
        // Where other work takes the machine's time, another try has the time that there is without it.
        let (mut once, mut four) = (time(2_500), time(10_000));
        let most = |once: Duration| once * 9 + Duration::from_millis(400);
        for _ in 0..4 {
            if four <= most(once) {
                break;
            }
            (once, four) = (once.min(time(2_500)), four.min(time(10_000)));
        }
        assert!(four <= most(once), "{repeated:?}: {once:?} then {four:?}");
    }
}
