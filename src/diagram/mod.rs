//! The source of a Mermaid diagram → a picture as a file of its own.
//!
//! Text is measured with tables that are part of the program, so that a picture is the same on every machine.

mod width;

use std::sync::{Arc, LazyLock};

use merman::svg::{
    DeterministicTextMeasurer, MeasurementProfileId, SvgPipeline, SvgRenderOptions,
    TextMeasurementPolicy, TextMeasurementProfile, TextMeasurementProfileIdentity, TextStyle,
};
use merman::{
    Engine, MermaidConfig, OperationControl, ParseOptions, RenderError, RenderOutput,
    RenderRequest, Renderer, SvgEnvironment, SvgRequest,
};

/// A diagram as a file of its own.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub svg: Arc<str>,
    /// From `accTitle` and `accDescr`; `None` where the source has neither.
    pub alt: Option<String>,
    pub width: u32,
    pub height: u32,
}

/// Every picture is a file of its own, so that one id serves all.
const ID: &str = "diagram";

const FONTS: &str = "Arial, \"Liberation Sans\", Helvetica, sans-serif";

static RENDERER: LazyLock<Renderer> = LazyLock::new(|| {
    // Labels are laid out as HTML and then written as SVG text: laid out as SVG, those of states are not centered.
    let config = MermaidConfig::from_value(serde_json::json!({
        "layout": "dagre",
        "look": "classic",
        "theme": "default",
        "securityLevel": "strict",
        "fontFamily": FONTS,
        "themeVariables": { "fontFamily": FONTS, "edgeLabelBackground": "#ffffff" },
        "flowchart": { "wrappingWidth": 200, "nodeSpacing": 32, "rankSpacing": 40 },
        "gantt": { "axisFormat": "%m-%d" },
    }));
    Renderer::new()
        .with_engine(Engine::new().with_site_config(config))
        .with_parse_options(ParseOptions::strict())
});

static ENVIRONMENT: LazyLock<SvgEnvironment> = LazyLock::new(|| {
    let measurer = DeterministicTextMeasurer::default().with_width_callback(line_width);
    let id = MeasurementProfileId::new("arial").expect("invariant: a name");
    let identity = TextMeasurementProfileIdentity::new(id, "1").expect("invariant: a version");
    SvgEnvironment::deterministic().with_text_measurement_policy(TextMeasurementPolicy::uniform(
        TextMeasurementProfile::new(identity, measurer),
    ))
});

fn line_width(text: &str, style: &TextStyle) -> f64 {
    let bold = style.font_weight.as_deref().is_some_and(|weight| {
        weight.starts_with("bold") || weight.parse::<u32>().is_ok_and(|weight| weight >= 600)
    });
    width::width(text, bold) * style.font_size
}

/// Why a diagram cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undrawn {
    /// A phrase for "diagram cannot be drawn: …".
    pub reason: String,
    /// The line of the source, from 0, where that shows.
    pub line_index: Option<usize>,
}

/// Draws a diagram.
///
/// # Errors
/// The source is not understood.
pub fn draw(source: &str) -> Result<Drawing, Undrawn> {
    let request = SvgRequest {
        environment: ENVIRONMENT.clone(),
        pipeline: Some(SvgPipeline::resvg_safe()),
        options: SvgRenderOptions { diagram_id: Some(ID.into()), ..Default::default() },
        ..SvgRequest::default()
    };
    let undrawn = |reason: &str| Undrawn { reason: reason.to_owned(), line_index: None };
    match RENDERER.render(RenderRequest::svg(source, OperationControl::new(), request)) {
        Ok(RenderOutput::Svg(Some(output))) => {
            alone(output.svg()).ok_or_else(|| undrawn("the picture has no size"))
        }
        Ok(_) => Err(undrawn(NO_KIND)),
        Err(RenderError::Parse(error)) => {
            let message = error.terminal_safe_message();
            let reason = message.split_once("): ").map_or(&*message, |(_, reason)| reason);
            if reason.contains("No Mermaid diagram type") {
                return Err(undrawn(NO_KIND));
            }
            let place = error.terminal_diagnostic_details().span;
            let line_index = place.and_then(|span| {
                source.get(..span.start).map(|before| before.matches('\n').count())
            });
            Err(Undrawn { reason: phrase(reason), line_index })
        }
        Err(error) => Err(undrawn(&phrase(&error.to_string()))),
    }
}

/// Makes a foreign message one of ours: a line that begins in lower case, but for an abbreviation.
fn phrase(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = line.trim_end_matches('.').chars();
    match chars.next() {
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => line,
    }
}

const NO_KIND: &str = "its first line names no kind of diagram";

/// Makes a picture a file of its own: a size in pixels, a white ground, nothing of the page that it was drawn for.
fn alone(svg: &str) -> Option<Drawing> {
    let (root, content) = svg.strip_prefix("<svg")?.split_once('>')?;
    let view_box = attribute(root, "viewBox")?;
    let mut numbers = view_box.split_ascii_whitespace().map(str::parse::<f64>);
    let [x, y, width, height] =
        [numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?]
            .map(|number| number.ok().filter(|number| number.is_finite()));
    let (x, y, width, height) = (x?, y?, width?.ceil().max(1.0), height?.ceil().max(1.0));
    // Labels that are a little wider than their measure, in another font, are not cut.
    let content = content
        .replace("style=\"overflow:hidden;", "style=\"overflow:visible;")
        .replace(" </text>", "</text>");
    let class =
        attribute(root, "class").map_or(String::new(), |class| format!(" class=\"{class}\""));
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" id=\"{ID}\"{class} \
         width=\"{width}\" height=\"{height}\" viewBox=\"{x} {y} {width} {height}\" role=\"img\">\
         <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" style=\"fill:#ffffff;stroke:none\"/>{content}"
    );
    let words: Vec<String> =
        ["title", "desc"].iter().filter_map(|name| element(&content, name)).collect();
    let alt = (!words.is_empty()).then(|| words.join(". "));
    Some(Drawing { svg: svg.into(), alt, width: width as u32, height: height as u32 })
}

/// Returns the value of an attribute of a tag that merman wrote: in double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Returns the text of the element with this name that the content begins with, or that follows such elements.
fn element(content: &str, name: &str) -> Option<String> {
    let head = content.split_once("<style").map_or(content, |(head, _)| head);
    let (_, rest) = head.split_once(&format!("<{name} "))?;
    let (_, rest) = rest.split_once('>')?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| text.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_stands_alone() {
        let source = "flowchart LR\n  accTitle: Intake\n  accDescr: Form to \"queue\" & back.\n  \
                      a[Web form<br>and more] -->|POST| b[(Queue)]\n  click a \"https://example.com\"\n";
        let drawing = draw(source).unwrap();
        assert_eq!(drawing.alt.as_deref(), Some("Intake. Form to \"queue\" & back"));
        let svg = &*drawing.svg;
        let size = format!("width=\"{}\" height=\"{}\" viewBox=\"", drawing.width, drawing.height);
        assert!(svg.contains(&size), "{size}");
        assert!(svg.contains(">Web form") && svg.contains("fill:#ffffff"));
        for forbidden in ["foreignObject", "<script", "@import", "url(http", "Recursive"] {
            assert!(!svg.contains(forbidden), "{forbidden}");
        }
        assert_eq!(draw(source).unwrap().svg, drawing.svg);
    }

    #[test]
    fn what_cannot_be_drawn_says_why_and_where() {
        insta::assert_debug_snapshot!(draw("flowchart LR\n  form --> [queue\n").unwrap_err(), @r#"
        Undrawn {
            reason: "unterminated node label (missing `]`)",
            line_index: Some(
                1,
            ),
        }
        "#);
        insta::assert_debug_snapshot!(draw("hello\n").unwrap_err(), @r#"
        Undrawn {
            reason: "its first line names no kind of diagram",
            line_index: None,
        }
        "#);
        assert!(draw("").is_err());
    }

    #[test]
    fn no_source_makes_drawing_panic() {
        let sources = [
            "flowchart TD\n a{x} -- yes --> b((y))\n subgraph s\n b --> c\n end\n",
            "sequenceDiagram\n A->>+B: hi\n alt ok\n B-->>-A: yes\n end\n",
            "stateDiagram-v2\n [*] --> A\n A --> [*]\n",
            "erDiagram\n A ||--o{ B : has\n A { int id PK }\n",
            "gantt\n dateFormat YYYY-MM-DD\n section S\n t :a, 2026-11-30, 4d\n",
            "pie title T\n \"a\" : 40\n",
        ];
        let mut random = crate::fixture::Random::new(7);
        for source in sources {
            for _ in 0..20 {
                let _drawn_or_not = draw(&random.edited(source));
            }
        }
    }
}
