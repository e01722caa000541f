//! Whatever goes in: only known tags and attributes come out, they nest, nothing is long in coming, and nothing panics.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixture;
use crate::parse::raw_html::{Piece, pieces};
use crate::render::markdown::{Place, html};
use crate::source::SourcePath;

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "annotation",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "circle",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mrow",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "mspace",
    "ol",
    "p",
    "path",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "semantics",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

const ATTRIBUTES: &[&str] = &[
    "abbr",
    "align",
    "alt",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "checked",
    "class",
    "colspan",
    "cx",
    "cy",
    "d",
    "datetime",
    "dir",
    "disabled",
    "display",
    "encoding",
    "height",
    "href",
    "id",
    "lang",
    "loading",
    "open",
    "r",
    "rel",
    "reversed",
    "role",
    "rowspan",
    "scope",
    "src",
    "start",
    "stretchy",
    "symmetric",
    "tabindex",
    "title",
    "type",
    "valign",
    "value",
    "viewbox",
    "width",
    "mathvariant",
    "stroke-dasharray",
];

fn body(markdown: &str, place: &Place<'_>) -> String {
    // What stands first on a line could otherwise be front matter or the next file of the fixture.
    let text = format!("\n{}", markdown.replace("\n-- ", "\n- - "));
    let portal = fixture::portal(&format!("-- src/a.md --\n{text}\n-- src/b.png --\nx"));
    html(&portal, &portal.documents[&SourcePath::new("src/a.md").unwrap()], place)
}

/// Fails where HTML holds what it should not, or does not nest, as a browser reads it.
fn assert_safe(markdown: &str) {
    let html = body(markdown, &Place::page("x/a.html"));
    for (piece, range) in pieces(&html) {
        let source = &html[range];
        match piece {
            Piece::Text => assert!(!source.contains('<'), "{markdown:?}\n{html}"),
            Piece::Hidden => panic!("{source}\n{markdown:?}\n{html}"),
            Piece::End { name } => {
                assert!(TAGS.contains(&name.as_str()), "{name}: {markdown:?}\n{html}");
            }
            Piece::Start(tag) => {
                assert!(TAGS.contains(&tag.name.as_str()), "{}: {markdown:?}\n{html}", tag.name);
                for (name, value) in &tag.attributes {
                    assert!(ATTRIBUTES.contains(&name.as_str()), "{name}: {markdown:?}\n{html}");
                    let is_address = name == "href" || name == "src";
                    assert!(
                        !is_address || is_harmless(name, value),
                        "{value}: {markdown:?}\n{html}"
                    );
                }
            }
        }
    }
    assert_nests(&html, markdown);
}

fn is_harmless(name: &str, address: &str) -> bool {
    match address.split_once(':') {
        None => !address.starts_with('/'),
        Some((scheme, _)) => {
            name == "href"
                && ["http", "https", "mailto", "ftp", "tel"].contains(&&*scheme.to_lowercase())
        }
    }
}

/// Puts a body into a page, lets a browser's parser build the tree, and looks whether the page is still around it.
fn assert_nests(html: &str, markdown: &str) {
    let all: BTreeSet<&str> = ATTRIBUTES.iter().copied().filter(|name| *name != "rel").collect();
    let tags = TAGS.iter().copied().chain(["main", "article"]);
    let page = format!("<main><article>{html}</article><p>after</p></main>");
    let tree = ammonia::Builder::new()
        .tags(tags.collect())
        .generic_attributes(all.into_iter().collect())
        .tag_attributes(Default::default())
        .id_prefix(None)
        .clean(&page)
        .to_string();
    assert!(tree.starts_with("<main><article>"), "{markdown:?}\n{html}\n{tree}");
    assert!(tree.ends_with("</article><p>after</p></main>"), "{markdown:?}\n{html}\n{tree}");
    assert_eq!(tree.matches("</article>").count(), 1, "{markdown:?}\n{html}\n{tree}");
}

const VECTORS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.y/z.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"b.png\" onload=\"alert(1)\" style=\"x:y\" srcset=\"http://a/b 2x\">",
    "<img src=`javascript:alert(1)`>",
    "<img src=javascript:alert(1)>",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<svg onload=alert(1)><path/></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\" &#106;avascript&colon;alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:x\">x</a><a href=\"file:///etc/passwd\">y</a><a href=\"blob:x\">z</a>",
    "<a href=\"/absolute\">x</a> [x](/absolute) [y](//host/x)",
    "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](&#x6A;avascript:x) [x](java%0ascript:x)",
    "[x](<java\\\nscript:alert(1)>) ![x](javascript:x) ![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x] [y][x] ![x]",
    "<javascript:alert(1)> <data:x>",
    "<iframe src=\"javascript:alert(1)\"></iframe><iframe srcdoc=\"<script>x</script>\">",
    "<object data=x></object><embed src=x><applet code=x></applet>",
    "<form action=x><input type=text name=y autofocus onfocus=alert(1)><button formaction=javascript:x>b</button></form>",
    "<base href=//evil/><meta http-equiv=refresh content=0><link rel=stylesheet href=x>",
    "<style>@import 'x';</style><p style=\"background:url(javascript:x)\">",
    "<details open ontoggle=alert(1)>x</details>",
    "<div id=x class=y role=alert aria-live=assertive tabindex=5 contenteditable onclick=x>z</div>",
    "</p></article></main></body></html><h1>out</h1>",
    "</div></div></div></table></td></section>",
    "<p><div><b><i></p></b></div></i>",
    "<table><tr><td></table></table></div><td>",
    "<table><b><a href=http://x.y>z",
    "<a href=http://x.y><table><a href=http://x.y>",
    "<template><script>x</script></template><noscript><img src=x onerror=y></noscript>",
    "<textarea></textarea><img src=x onerror=y><title></title><xmp><script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=y> -->",
    "<![CDATA[><script>alert(1)</script>]]>",
    "<?xml ><img src=x onerror=y> ?>",
    "<plaintext>",
    "<x onclick=alert(1)>y</x><x/onclick=alert(1)>",
    "<b/onclick=alert(1)>x<b\u{0}onclick=x>",
    "<button><a><select><option><p>x",
    "![<img src=x onerror=alert(1)>](b.png \"\\\" onerror=alert(1)\")",
    "[<img src=x onerror=alert(1)>](b.png \"\\\" onclick=alert(1)\")",
    "`<script>` and\n```<script>\n</code></pre><script>alert(1)</script>\n```",
    "```\"><script>alert(1)</script>\n```",
    "```html\n<script>alert('</code>')</script>\n```",
    "```mermaid\ngraph TD; a[\"<script>alert(1)</script>\"]-->b\n```",
    "$<script>alert(1)</script>$ $$\\text{</math><img src=x onerror=y>}$$",
    "# <script>x</script> a {#\"onclick=x}\n## b {#x onclick=y .z style=w}",
    "[^\"><script>]: x\n\ny[^\"><script>]",
    "| <script> | <b> |\n|---|---|\n| </td></tr></table> | <img src=x onerror=y> |",
    "> [!NOTE]\n> </div></div><script>x</script>",
    "- [ ] <li></li></ul><input type=checkbox checked>",
    "<b>\n\n- x\n\n</b>\n\n> <i>\n\n</i>",
    "<https://x.y/\"onclick=alert(1)>",
    "https://x.y/\"><script>alert(1)</script>",
    "www.x.y/<img src=x onerror=y>",
];

#[test]
fn nothing_that_acts_gets_through() {
    for vector in VECTORS {
        assert_safe(vector);
        let lines = |prefix: &str| {
            vector.lines().map(|line| format!("{prefix}{line}\n")).collect::<String>()
        };
        for markdown in [
            format!("text {vector} text\n\nafter"),
            lines("> "),
            format!("- {}", lines("  ").trim_start()),
            format!("<details><summary>x</summary>\n\n{vector}\n\n</details>\n\nafter"),
            format!("| a |\n|---|\n| {} |\n", vector.lines().next().unwrap()),
            format!("## {}\n\nx[^1]\n\n[^1]: {vector}\n", vector.lines().next().unwrap()),
        ] {
            assert_safe(&markdown);
        }
    }
}

/// A small generator with a seed: the same cases in every run.
struct Seed(u64);

impl Seed {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

#[test]
fn any_mixture_nests() {
    let pieces = [
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
        "<a href=\"http://x.y\">",
        "</a>",
        "<a name=q>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        "<h3>",
        "</h3>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<img src=b.png>",
        "<br>",
        "<x>",
        "</x>",
        "<caption>",
        "<thead>",
        "<font>",
        "<center>",
        "</center>",
        "<code>",
        "</code>",
        "<ruby>",
        "<rt>",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "[",
        "](http://z)",
        "](b.png)",
        "![",
        "$",
        "$$",
        "~~",
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n> ",
        "\n# ",
        "\n\n| a | b |\n|---|---|\n| ",
        " | ",
        "\n    ",
        "[^1]",
        "\n\n[^1]: ",
        "\n: ",
        "&lt;",
        "&#0;",
        "\\",
        "a",
        " ",
        "é",
        "\u{1f600}",
        "\0",
        "\r\n",
        "\t",
        "<",
        ">",
        "\"",
        "'",
        "\n> [!TIP]\n> ",
        "- [x] ",
        "www.a.b",
        "http://",
    ];
    let mut seed = Seed(7);
    for _ in 0..1500 {
        let length = 1 + seed.below(24);
        let markdown: String = (0..length).map(|_| pieces[seed.below(pieces.len())]).collect();
        assert_safe(&markdown);
    }
}

#[test]
fn any_bytes_are_printed() {
    let mut seed = Seed(11);
    let vectors = VECTORS.join("\n\n");
    for _ in 0..200 {
        let mut bytes = vectors.clone().into_bytes();
        let start = seed.below(bytes.len());
        bytes.drain(..start);
        bytes.truncate(300);
        for _ in 0..10 {
            let at = seed.below(bytes.len());
            bytes[at] = u8::try_from(seed.below(256)).unwrap();
        }
        assert_safe(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn ids_are_of_the_document_they_stand_in() {
    let prefixes = BTreeMap::from([(SourcePath::new("src/a.md").unwrap(), "doc-1-".to_owned())]);
    let place = Place {
        url: "print.html",
        id_prefix: "doc-1-",
        heading_shift: 1,
        same_page: Some(&prefixes),
        blocks: None,
    };
    let html = body(
        "# T\n\n## A\n\n[a](#a) [t](a.md) [n](#none) b[^1]\n\n[^1]: c\n\n<a id=d name=e></a><div id=f>\n\n> [!TIP]\n> x\n",
        &place,
    );
    for (piece, _) in pieces(&html) {
        let Piece::Start(tag) = piece else { continue };
        for name in ["id", "aria-labelledby"] {
            assert!(tag.attribute(name).is_none_or(|id| id.starts_with("doc-1-")), "{html}");
        }
        assert!(tag.attribute("href").is_none_or(|href| href.starts_with("#doc-1")), "{html}");
    }
    assert!(html.contains("<h3 id=\"doc-1-a\">A</h3>"), "{html}");
    assert!(html.contains("<a href=\"#doc-1\">t</a>"), "{html}");
}

/// Twice the input gives twice the output; what took the square of it would not come to an end here.
#[test]
fn hostile_input_takes_linear_time() {
    let cases: &[(&str, &str, &str)] = &[
        ("", "[", ""),
        ("", "[a](", ""),
        ("", "![", ""),
        ("", "*a **b ", ""),
        ("", "_a __b_ ", ""),
        ("", "<b>", ""),
        ("", "</b>", ""),
        ("", "<b></i>", ""),
        ("", "<a href=x>", ""),
        ("", "<table><tr><td>", ""),
        ("x ", "<!--", ""),
        ("", "`a``b", ""),
        ("", "$a$$b", ""),
        ("", "www.", ""),
        ("", "_www.", ""),
        ("", "a@", ""),
        ("", "http://a", ""),
        ("http://a/", ")", ""),
        ("http://a/", "(", ")"),
        ("", "http://a.b/&amp;", ""),
        ("", "- a\n", ""),
        ("", "[^1]", "\n\n[^1]: x"),
        ("", "- [x] a\n", ""),
        ("|a|\n|-|\n", "|b|\n", ""),
        ("", "## a\n", ""),
        ("```bash\n", "$(\"'", "\n```"),
        ("```yaml\n", "- a: [\n", "\n```"),
        ("```json\n", "[", "\n```"),
        ("```html\n", "<a b='", "\n```"),
        ("```python\n", "f(", "\n```"),
        ("```rust\n", "r#\"", "\n```"),
        ("```sql\n", "SELECT (", "\n```"),
        ("```promql\n", "a by \"", "\n```"),
        ("```console\n", "$ cat <<E\n", "\n```"),
        ("", "```\n```\n", ""),
        ("", "&", ""),
        ("", "\\\n", ""),
    ];
    for (before, repeated, after) in cases {
        let size = |times: usize| {
            let markdown = format!("{before}{}{after}", repeated.repeat(times));
            body(&markdown, &Place::page("a.html")).len()
        };
        let (once, twice) = (size(1_000), size(2_000));
        assert!(twice <= once * 5 / 2 + 1_000, "{repeated:?}: {once} then {twice}");
    }
}
