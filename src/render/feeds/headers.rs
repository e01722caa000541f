//! The headers that a static host should send, as files of the common hosts.
//!
//! Every page says its policy in a `<meta>` too, so that a portal opened from disk has it; `frame-ancestors` works in a
//! header alone.

use crate::render::site::CONTENT_SECURITY_POLICY;

/// The other headers of every file, by name.
pub const OTHERS: [(&str, &str); 3] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

/// Returns the policy as it is sent in a header; `styles` are the hashes of the `<style>`s of single-file pages.
pub fn policy(styles: &[String]) -> String {
    let hashes: String = styles.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    let policy =
        CONTENT_SECURITY_POLICY.replace("style-src 'self'", &format!("style-src 'self'{hashes}"));
    format!("{policy}; frame-ancestors 'self'")
}

/// Returns the text of `_headers`, which Netlify and Cloudflare Pages read from the root of a site.
pub fn netlify(styles: &[String]) -> String {
    let mut text = format!("/*\n  Content-Security-Policy: {}\n", policy(styles));
    for (name, value) in OTHERS {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    text
}

/// Returns the text of `headers.nginx.conf`, to be included in a `location` block.
pub fn nginx(styles: &[String]) -> String {
    let mut text = format!("add_header Content-Security-Policy \"{}\" always;\n", policy(styles));
    for (name, value) in OTHERS {
        text.push_str(&format!("add_header {name} \"{value}\" always;\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_adds_who_may_frame_and_which_style_is_known() {
        let text = netlify(&["abc=".into()]);
        assert!(text.starts_with("/*\n  Content-Security-Policy: default-src 'none'; "));
        assert!(text.contains("style-src 'self' 'sha256-abc='; "));
        assert!(text.contains("; frame-ancestors 'self'\n"));
        assert!(nginx(&[]).contains("style-src 'self'; "));
    }
}
