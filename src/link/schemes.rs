//! The kinds of addresses elsewhere that a page links to.

/// The schemes that a link may have. A browser hands them to other programs or loads a page; none runs as script.
const SCHEMES: &[&str] = &[
    "ftp", "ftps", "git", "http", "https", "irc", "ircs", "mailto", "matrix", "msteams", "sftp",
    "sip", "sips", "slack", "sms", "ssh", "tel", "xmpp", "zoommtg",
];

/// Returns an address elsewhere as browsers look for the scheme in it: they drop what stands between, as in `java\nscript:`.
pub fn seen(destination: &str) -> String {
    destination.chars().filter(|char| !char.is_ascii_control() && *char != ' ').collect()
}

/// Tells whether pages link to an address, by its scheme.
pub fn may_lead(destination: &str) -> bool {
    let seen = seen(destination);
    seen.starts_with("//")
        || seen
            .split_once(':')
            .is_some_and(|(scheme, _)| SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()))
}
