//! The formats that JSON Schema has no word for: what a text must be like beside being a string.

use crate::signature::keys::{AllowedKey, Revoked};

/// Returns the check of a format: it says what a text must be when it is not. `None` for formats that are only names.
pub fn checker(name: &str) -> Option<fn(&str) -> Option<&'static str>> {
    match name {
        "folder-name" => Some(folder_name),
        "business-days" => Some(business_days),
        "glob" => Some(glob),
        "web-address" => Some(web_address),
        "tag-pattern" => Some(tag_pattern),
        "ssh-key" => Some(ssh_key),
        "revoked-ssh-key" => Some(revoked_ssh_key),
        "date-time" => Some(date_time),
        _ => None,
    }
}

fn folder_name(text: &str) -> Option<&'static str> {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let stem = text.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let device = matches!(&*stem, "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].iter().any(|name| {
            stem.strip_prefix(name).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
        });
    let lower = text.to_ascii_lowercase();
    if !text.chars().all(safe) {
        Some("it names a folder: use letters, digits, `.`, `_` and `-`")
    } else if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || text.ends_with('.') {
        Some("it names a folder: begin with a letter or a digit, and do not end with a dot")
    } else if matches!(
        &*lower,
        "latest" | "index.html" | "404.html" | "versions.js" | "redirect.js"
    ) {
        Some("the portal uses this name itself: choose another, such as `1.0`")
    } else if device {
        Some("it names a folder, and Windows keeps this name for a device")
    } else if text.len() > 100 {
        Some("it names a folder: use at most 100 characters")
    } else {
        None
    }
}

fn glob(text: &str) -> Option<&'static str> {
    let wrong = crate::history::glob(text).is_err();
    wrong.then_some("it is no glob: write `deploy/**` or `deploy/{api,worker}/*.yaml`")
}

fn web_address(text: &str) -> Option<&'static str> {
    let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let wrong = host.is_none_or(|host| host.is_empty() || host.contains(char::is_whitespace));
    wrong.then_some("it is where a site stands: write `https://runbooks.example.com/`")
}

/// Tells whether git takes a text as the name of a tag.
pub fn is_tag(name: &str) -> bool {
    !name.contains(|c: char| c.is_control() || " ~^:?*[\\{}".contains(c))
        && !["..", "//", "@{", "/."].iter().any(|no| name.contains(no))
        && !name.starts_with(['/', '-', '.'])
        && !name.ends_with(['/', '.'])
        && !name.split('/').any(|part| part.ends_with(".lock"))
}

/// What git takes as the name of a tag, with one place for the version.
fn tag_pattern(text: &str) -> Option<&'static str> {
    let once = text.matches("{version}").count() == 1;
    let wrong = !once || !is_tag(&text.replace("{version}", "1.0"));
    wrong.then_some("it names a git tag: write `{version}` once, such as `handover-{version}`")
}

fn ssh_key(text: &str) -> Option<&'static str> {
    AllowedKey::read(text).is_err().then_some(
        "write an OpenSSH public key, `ssh-ed25519 AAAA…`; before it can stand `valid-after=\"20261101Z\"`, `valid-before` and `namespaces`",
    )
}

fn revoked_ssh_key(text: &str) -> Option<&'static str> {
    let wrong = Revoked::read(text).is_err();
    wrong
        .then_some("write an OpenSSH public key, `ssh-ed25519 AAAA…`, or a fingerprint, `SHA256:…`")
}

fn date_time(text: &str) -> Option<&'static str> {
    let wrong = chrono::DateTime::parse_from_rfc3339(text).is_err();
    wrong.then_some("write a moment with its zone, such as `2026-12-18T15:02:11+01:00`")
}

fn business_days(text: &str) -> Option<&'static str> {
    crate::parse::plan::day_range(text).is_none().then_some(
        "write the first and the last business day, such as \"5-8\", or one, such as \"5\"",
    )
}
