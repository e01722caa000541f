//! LaTeX math → MathML. What cannot be converted is shown as it is written.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage};

use crate::parse::raw_html::{Piece, Tag, pieces};
use crate::render::markdown::escape::{attribute, push};

/// Longer than a formula, and short enough for any algorithm.
const LONGEST: usize = 4096;

const ELEMENTS: &[&str] = &[
    "math",
    "menclose",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
];

const ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnalign",
    "depth",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// Appends a formula as MathML, with its source as an annotation; or its source as code.
pub(super) fn push_math(out: &mut String, source: &str, is_display: bool) {
    match mathml(source, is_display).and_then(|mathml| clean(&mathml)) {
        Some(mathml) => {
            let (tag, content) = mathml.split_at(mathml.find('>').map_or(0, |at| at + 1));
            out.push_str(tag);
            out.push_str("<semantics><mrow>");
            out.push_str(content.strip_suffix("</math>").unwrap_or(content));
            out.push_str("</mrow><annotation encoding=\"application/x-tex\">");
            push(out, source);
            out.push_str("</annotation></semantics></math>");
        }
        None => {
            out.push_str("<code class=\"math\">");
            push(out, source);
            out.push_str("</code>");
        }
    }
}

fn mathml(source: &str, is_display: bool) -> Option<String> {
    if source.len() > LONGEST {
        return None;
    }
    let storage = Storage::new();
    let events: Vec<_> = Parser::new(source, &storage).collect::<Result<_, _>>().ok()?;
    let config = RenderConfig {
        display_mode: if is_display { DisplayMode::Block } else { DisplayMode::Inline },
        ..RenderConfig::default()
    };
    let mut mathml = Vec::new();
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    pulldown_latex::write_mathml(&mut mathml, events, config).ok()?;
    String::from_utf8(mathml).ok()
}

/// Writes every tag anew: elements and attributes from lists, no style. `None` where something else is among them.
fn clean(mathml: &str) -> Option<String> {
    let mut cleaned = String::with_capacity(mathml.len());
    let mut open: Vec<String> = Vec::new();
    for (piece, range) in pieces(mathml) {
        match piece {
            Piece::Text => {
                cleaned.push_str(&mathml[range].replace('<', "&lt;").replace('>', "&gt;"));
            }
            Piece::Hidden => return None,
            Piece::Start(Tag { name, attributes }) => {
                if !ELEMENTS.contains(&name.as_str()) {
                    return None;
                }
                cleaned.push('<');
                cleaned.push_str(&name);
                for (key, value) in
                    attributes.iter().filter(|(key, _)| ATTRIBUTES.contains(&key.as_str()))
                {
                    attribute(&mut cleaned, key, value);
                }
                cleaned.push('>');
                if mathml[range].ends_with("/>") {
                    cleaned.push_str(&format!("</{name}>"));
                } else {
                    open.push(name);
                }
            }
            Piece::End { name } => {
                if open.pop()? != name {
                    return None;
                }
                cleaned.push_str(&format!("</{name}>"));
            }
        }
    }
    open.is_empty().then_some(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn math(source: &str) -> String {
        let mut out = String::new();
        push_math(&mut out, source, false);
        out
    }

    #[test]
    fn a_formula_is_mathml_and_keeps_its_source() {
        insta::assert_snapshot!(math(r"x^2 < \frac{a}{b}"), @r#"<math display="inline"><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac></mrow><annotation encoding="application/x-tex">x^2 &lt; \frac{a}{b}</annotation></semantics></math>"#);
    }

    #[test]
    fn nothing_but_mathml_comes_out() {
        for source in [
            r"\color{red}{x}",
            r"\operatorname{<img src=x onerror=alert(1)>}",
            r"\text{</math><script>x</script>}",
            r"\begin{array}{c|c} 1 & 2 \\[3em] 3 & 4 \end{array}",
            r"\hspace{-1em}\fbox{y}",
            r"a & b",
            r"\unknown{x}",
            r"\frac{",
            "]]>",
            r"\href{javascript:alert(1)}{x}",
            r"<b>",
            r"\def\a{\a\a}\a",
            "\0",
        ] {
            let html = math(source);
            for forbidden in [" style=", "<script", "<img", " href=", "<b>"] {
                assert!(!html.contains(forbidden), "{source}: {html}");
            }
            let plain = crate::render::markdown::escape::escape(source);
            assert!(html.contains(&plain), "the source stays: {source}: {html}");
        }
    }
}
