//! Code → spans with one-letter classes: `k` keyword, `s` string, `c` comment, `n` number, `f` function, `t` type, `p`
//! property, `v` constant, and `add` and `del` in a diff. Text without a class has no span, and no character is lost.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use arborium::{GrammarStore, Highlighter};

use crate::render::markdown::escape::push;
use crate::render::markdown::lexer::lexer;

/// A piece of code that has a class. Pieces may nest; the inner one counts.
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    /// `None`: back to plain, as in the code within a string.
    pub(super) class: Option<&'static str>,
}

/// Longer code is plain: some grammars take the square of the length over hostile input, such as a row of opened strings.
const LONGEST: usize = 32 * 1024;

/// The grammars, compiled once a process, when they are first asked for: constants that are too large to write down.
static GRAMMARS: LazyLock<Arc<GrammarStore>> = LazyLock::new(|| Arc::new(GrammarStore::new()));

thread_local! {
    /// A parser cannot be shared between threads and is not cheap to make.
    static HIGHLIGHTER: RefCell<Highlighter> = RefCell::new(Highlighter::with_store(Arc::clone(&GRAMMARS)));
}

/// Appends code. `language` is in lower case, as people write it behind a fence; code of an unknown one is plain.
pub fn highlight(out: &mut String, language: &str, code: &str) {
    let name = name(language).filter(|_| code.len() <= LONGEST);
    let pieces = name.map(|name| match lexer(name) {
        Some(lexer) => lexer(code),
        None => grammar_pieces(name, code),
    });
    push_pieces(out, code, pieces.unwrap_or_default());
}

/// Tells whether coloring code of a language takes a grammar, and time.
pub(super) fn takes_grammar(language: &str) -> bool {
    name(language).is_some_and(|name| lexer(name).is_none())
}

/// Returns the one name that the lexer or the grammar of a language has.
fn name(language: &str) -> Option<&'static str> {
    Some(match language {
        "bash" | "console" | "ksh" | "sh" | "shell" | "shell-session" | "sh-session" | "zsh" => {
            "bash"
        }
        "c" | "h" => "c",
        "c#" | "c-sharp" | "cs" | "csharp" => "c-sharp",
        "c++" | "cc" | "cpp" | "cxx" | "hpp" => "cpp",
        "css" => "css",
        "diff" | "patch" => "diff",
        "containerfile" | "docker" | "dockerfile" => "dockerfile",
        "go" | "golang" => "go",
        "hcl" | "terraform" | "tf" | "tfvars" => "hcl",
        "htm" | "html" => "html",
        "cfg" | "editorconfig" | "ini" | "properties" | "systemd" => "ini",
        "java" => "java",
        "cjs" | "javascript" | "js" | "jsx" | "mjs" | "node" => "javascript",
        "json" | "json5" | "jsonc" | "jsonl" | "ndjson" => "json",
        "kotlin" | "kt" | "kts" => "kotlin",
        "lua" => "lua",
        "make" | "makefile" | "mk" => "make",
        "markdown" | "md" | "mdx" => "markdown",
        "conf" | "nginx" => "nginx",
        "php" => "php",
        "powershell" | "ps1" | "pwsh" => "powershell",
        "logql" | "promql" => "promql",
        "py" | "py3" | "python" | "python3" => "python",
        "gemfile" | "rb" | "ruby" => "ruby",
        "rs" | "rust" => "rust",
        "mysql" | "pgsql" | "postgres" | "postgresql" | "psql" | "sql" | "sqlite" => "sql",
        "toml" => "toml",
        "ts" | "tsx" | "typescript" => "typescript",
        "svg" | "xml" | "xsl" | "xslt" => "xml",
        "yaml" | "yml" => "yaml",
        _ => return None,
    })
}

fn grammar_pieces(grammar: &str, code: &str) -> Vec<Piece> {
    HIGHLIGHTER.with(|highlighter| {
        let mut highlighter = highlighter.borrow_mut();
        // A grammar is C code and a query; where one of them fails, the code stands there plain.
        let spans = catch_unwind(AssertUnwindSafe(|| highlighter.highlight_spans(grammar, code)));
        let Ok(Ok(mut spans)) = spans else {
            *highlighter = highlighter.fork();
            return Vec::new();
        };
        // Where two have one range the later pattern counts: it is the more special one. The key of a map is one always.
        spans.sort_by_key(|span| (span.capture == "string.special.key", span.pattern_index));
        spans
            .into_iter()
            .filter_map(|span| {
                let (start, end) = (span.start as usize, span.end as usize);
                Some(Piece { start, end, class: class(&span.capture)? })
            })
            .collect()
    })
}

/// Returns the class of a capture; `Some(None)` is plain on purpose, `None` says nothing.
fn class(capture: &str) -> Option<Option<&'static str>> {
    let (first, rest) = capture.split_once('.').unwrap_or((capture, ""));
    Some(Some(match (first, rest) {
        ("keyword" | "type", "operator" | "qualifier") => "k",
        ("string", "special.key") => "p",
        ("constant", "builtin") => "n",
        (
            "keyword" | "conditional" | "repeat" | "include" | "import" | "exception"
            | "storageclass" | "preproc" | "charset" | "media" | "supports" | "keyframes" | "tag",
            _,
        )
        | ("markup", "heading")
        | ("text", "title") => "k",
        ("string" | "escape" | "regex" | "character", _)
        | ("markup", "raw" | "link")
        | ("text", "literal" | "uri") => "s",
        ("comment", _) => "c",
        ("number" | "float" | "boolean", _) => "n",
        ("function" | "method", _) => "f",
        ("type" | "constructor" | "namespace" | "module", _) | ("text", "reference") => "t",
        ("property" | "field" | "attribute" | "label", _) => "p",
        ("constant", _) | ("variable", "builtin") => "v",
        ("embedded" | "none", _) => return Some(None),
        _ => return None,
    }))
}

/// Appends code with its pieces as spans.
fn push_pieces(out: &mut String, code: &str, mut pieces: Vec<Piece>) {
    pieces.retain(|piece| {
        piece.start < piece.end
            && code.is_char_boundary(piece.start)
            && code.is_char_boundary(piece.end)
    });
    pieces.sort_by_key(|piece| (piece.start, std::cmp::Reverse(piece.end)));
    let mut line = Line { out, code, from: 0, class: None, at: 0 };
    // The ends and classes of the pieces around the current place, the innermost last.
    let mut around: Vec<(usize, Option<&'static str>)> = Vec::new();
    for piece in pieces {
        while let Some(&(end, class)) = around.last()
            && end <= piece.start
        {
            line.to(end, class);
            around.pop();
        }
        let outer = around.last().copied();
        line.to(piece.start, outer.and_then(|(_, class)| class));
        let end = outer.map_or(piece.end, |(end, _)| end.min(piece.end));
        around.push((end, piece.class));
    }
    while let Some((end, class)) = around.pop() {
        line.to(end, class);
    }
    line.to(code.len(), None);
    line.flush();
}

/// Code on its way out: what has one class is one span.
struct Line<'a> {
    out: &'a mut String,
    code: &'a str,
    /// Where the current span begins.
    from: usize,
    class: Option<&'static str>,
    at: usize,
}

impl Line<'_> {
    /// Goes on to a place; what lies between has this class.
    fn to(&mut self, end: usize, class: Option<&'static str>) {
        if end <= self.at {
            return;
        }
        // A blank has no color.
        let is_blank = self.code[self.at..end].trim().is_empty();
        if class != self.class && !is_blank {
            self.flush();
            self.class = class;
        }
        self.at = end;
    }

    fn flush(&mut self) {
        let text = &self.code[self.from..self.at];
        self.from = self.at;
        match self.class {
            Some(class) if !text.trim().is_empty() => {
                let word = text.trim_end();
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
                push(self.out, word);
                self.out.push_str("</span>");
                self.out.push_str(&text[word.len()..]);
            }
            _ => push(self.out, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::markdown::escape::escape;

    const LANGUAGES: &[&str] = &[
        "bash",
        "c",
        "c-sharp",
        "cpp",
        "css",
        "diff",
        "dockerfile",
        "go",
        "hcl",
        "html",
        "ini",
        "java",
        "javascript",
        "json",
        "kotlin",
        "lua",
        "make",
        "markdown",
        "nginx",
        "php",
        "powershell",
        "promql",
        "python",
        "ruby",
        "rust",
        "sql",
        "toml",
        "typescript",
        "xml",
        "yaml",
    ];

    fn html(language: &str, code: &str) -> String {
        let mut out = String::new();
        highlight(&mut out, language, code);
        out
    }

    /// Returns the HTML without its spans.
    fn without_spans(html: &str) -> String {
        let mut plain = String::new();
        for (at, part) in html.split('<').enumerate() {
            plain += if at == 0 { part } else { part.split_once('>').unwrap().1 };
        }
        plain
    }

    /// Text in which each language finds something, and things that no language expects.
    const CODE: &str = "# comment // c -- d /* e */ <!-- f -->\nkey: \"value\" # x\nSELECT a FROM b WHERE c = 'd' AND 1 < 2;\n\
        def f(x): return x + 1\nfn main() { let a: Vec<u8> = vec![1]; }\n<a href=\"b\">é ü 漢字 \u{1f600}</a>\n[section]\nkey = 1.5e3\n\
        - list\n+ added\n- removed\nif [ \"$A\" = b ]; then echo \"${B:-c} $(date)\"; fi\n{\"a\": [true, null]}\nserver { listen 80; }\n\
        sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m])) > 0.1\r\n\tresource \"a\" \"b\" { c = var.d }\n<?php echo $a; ?> `x` ''' \"\"\" \\ \0 $$ {{ }} @a";

    #[test]
    fn no_character_is_lost_in_any_language() {
        for language in LANGUAGES {
            assert!(name(language).is_some(), "{language}");
            for code in
                [CODE, "", "\n", "é", "\"", "'''", "/*", "<", "\0", "\r\n\r\n", "a\u{2028}b"]
            {
                assert_eq!(
                    without_spans(&html(language, code)),
                    escape(code),
                    "{language}: {code:?}"
                );
            }
        }
    }

    #[test]
    fn every_language_colors_something() {
        for language in LANGUAGES {
            assert!(html(language, CODE).contains("<span class="), "{language}");
        }
    }

    #[test]
    fn an_unknown_language_is_plain() {
        assert_eq!(html("brainfuck", "a < b & \"c\""), "a &lt; b &amp; &quot;c&quot;");
    }

    #[test]
    fn each_kind_of_word_has_its_class() {
        insta::assert_snapshot!(html("bash", "# stop\nkubectl -n \"$NS\" get pods | grep 'x' && exit 1\n"), @r#"
        <span class="c"># stop</span>
        <span class="f">kubectl</span> <span class="v">-n</span> <span class="s">&quot;</span><span class="p">$NS</span><span class="s">&quot;</span> get pods | <span class="f">grep</span> <span class="s">'x'</span> &amp;&amp; <span class="k">exit</span> <span class="n">1</span>
        "#);
        insta::assert_snapshot!(html("yaml", "a: true # yes\nb: \"x\"\nc: [1, word]\n"), @r#"
        <span class="p">a</span>: <span class="n">true</span> <span class="c"># yes</span>
        <span class="p">b</span>: <span class="s">&quot;x&quot;</span>
        <span class="p">c</span>: [<span class="n">1</span>, <span class="s">word</span>]
        "#);
        insta::assert_snapshot!(html("json", "{\"a\": [1, true, \"x\"]}"), @r#"{<span class="p">&quot;a&quot;</span>: [<span class="n">1</span>, <span class="n">true</span>, <span class="s">&quot;x&quot;</span>]}"#);
        insta::assert_snapshot!(html("sql", "SELECT count(*) FROM leads WHERE state = 'queued' -- c\n  LIMIT 5;"), @r#"
        <span class="k">SELECT</span> <span class="f">count</span>(*) <span class="k">FROM</span> <span class="t">leads</span> <span class="k">WHERE</span> state = <span class="s">'queued'</span> <span class="c">-- c</span>
          <span class="k">LIMIT</span> <span class="n">5</span>;
        "#);
        insta::assert_snapshot!(html("hcl", "resource \"aws_db\" \"main\" {\n  size = 5 # GB\n}"), @r#"
        <span class="k">resource</span> <span class="s">&quot;aws_db&quot; &quot;main&quot;</span> {
          <span class="p">size</span> = <span class="n">5</span> <span class="c"># GB</span>
        }
        "#);
        insta::assert_snapshot!(html("python", "def f(x: int) -> str:\n    return f\"{x!r} a\"\n"), @r#"
        <span class="k">def</span> <span class="f">f</span>(x: <span class="t">int</span>) -&gt; <span class="t">str</span>:
            <span class="k">return</span> <span class="s">f&quot;</span>{x!r}<span class="s"> a&quot;</span>
        "#);
        insta::assert_snapshot!(html("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same\n"), @r#"
        <span class="k">--- a
        +++ b</span>
        <span class="f">@@ -1 +1 @@</span>
        <span class="del">-old</span>
        <span class="add">+new</span>
         same
        "#);
        insta::assert_snapshot!(html("promql", "sum by (job) (rate(http_total{code=~\"5..\"}[5m])) > 0.1 # c"), @r#"<span class="f">sum</span> <span class="k">by</span> (job) (<span class="f">rate</span>(http_total{<span class="p">code</span>=~<span class="s">&quot;5..&quot;</span>}[<span class="n">5m</span>])) &gt; <span class="n">0.1</span> <span class="c"># c</span>"#);
        insta::assert_snapshot!(html("dockerfile", "FROM rust:1.95 AS build\nRUN cargo build --release\n"), @r#"
        <span class="k">FROM</span> rust:1.95 <span class="k">AS</span> build
        <span class="k">RUN</span> cargo build --release
        "#);
        insta::assert_snapshot!(html("nginx", "# c\nserver {\n  listen 80;\n  location ~ ^/a { proxy_pass http://up$request_uri; }\n  if ($host = \"a;b\") { return 301 5s; }\n}"), @r#"
        <span class="c"># c</span>
        <span class="k">server</span> {
          <span class="k">listen</span> <span class="n">80</span>;
          <span class="k">location</span> ~ ^/a { <span class="k">proxy_pass</span> http://up<span class="v">$request_uri</span>; }
          <span class="k">if</span> (<span class="v">$host</span> = <span class="s">&quot;a;b&quot;</span>) { <span class="k">return</span> <span class="n">301 5s</span>; }
        }
        "#);
        insta::assert_snapshot!(html("toml", "[a]\nb = 1 # c\n"), @r#"
        [<span class="p">a</span>]
        <span class="p">b</span> = <span class="n">1</span> <span class="c"># c</span>
        "#);
    }
}
