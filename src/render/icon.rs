//! Icons: small SVG drawings on a grid of 16, beside the word that they stand for.

/// Returns the icon of a name as inline SVG, hidden from assistive technology; an empty string for an unknown name.
pub fn svg(name: &str) -> String {
    let shapes = shapes(name);
    if shapes.is_empty() {
        return String::new();
    }
    format!(r#"<svg class="i" viewBox="0 0 16 16" aria-hidden="true">{shapes}</svg>"#)
}

/// Returns what is drawn inside the grid: strokes, never fills, so that one class colors them all.
pub fn shapes(name: &str) -> &'static str {
    match name {
        "tick" => r#"<path d="M3 8.6l3.3 3.3L13 4.6"/>"#,
        "triangle" => r#"<path d="M8 2.2l6.3 11.4H1.7zM8 6.6v3M8 11.5v.2"/>"#,
        "clock" => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8l2.4 1.6"/>"#,
        "dashed-circle" => r#"<circle cx="8" cy="8" r="6" stroke-dasharray="2.5 2.2"/>"#,
        "return-arrow" => r#"<path d="M6.2 2.8L3 6l3.2 3.2M3.2 6h6a3.6 3.6 0 0 1 0 7.2H6.5"/>"#,
        "cross" => r#"<path d="M4 4l8 8M12 4l-8 8"/>"#,
        "barred-circle" => r#"<circle cx="8" cy="8" r="6"/><path d="M5 8h6"/>"#,
        "bar" => r#"<path d="M3 8h10"/>"#,
        "info" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.6M8 4.9v.2"/>"#,
        "bulb" => r#"<path d="M6.2 13.8h3.6M5.6 10.7a4.6 4.6 0 1 1 4.8 0v.8H5.6z"/>"#,
        "flag" => r#"<path d="M4 14V2.5h8.5l-2 3 2 3H4"/>"#,
        "stop" => r#"<path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM8 5v3.6M8 11v.2"/>"#,
        "search" => r#"<circle cx="7" cy="7" r="4.6"/><path d="M10.4 10.4L14 14"/>"#,
        "menu" => r#"<path d="M2.5 4h11M2.5 8h11M2.5 12h11"/>"#,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_hidden_and_takes_its_color_from_the_text() {
        let tick = svg("tick");
        assert!(tick.contains("aria-hidden=\"true\""));
        assert!(!tick.contains("style=") && !tick.contains("fill="));
        assert_eq!(svg("no-such-icon"), "");
    }
}
