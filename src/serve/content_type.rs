//! What a file is, by its extension: only what a browser must know, and what people put beside runbooks.

/// Returns the content type of a file.
pub(super) fn content_type(path: &str) -> &'static str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" | "log" | "conf" | "toml" | "yaml" | "yml" | "ini" | "sh" | "sql" | "patch" => PLAIN,
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "woff2" => "font/woff2",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "" if name.starts_with('_') => PLAIN,
        _ => "application/octet-stream",
    }
}

pub(super) const PLAIN: &str = "text/plain; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_its_encoding() {
        assert_eq!(content_type("1.0/a.b/index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("_headers"), PLAIN);
        assert_eq!(content_type("assets/Photo.12345678.JPG"), "image/jpeg");
        assert_eq!(content_type("a.html/x"), "application/octet-stream");
    }
}
