//! The `_headers` of every version → that of the site, which static hosts read at the root of what they serve.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::write::front::LATEST;

pub(super) const FILE: &str = "_headers";

/// Returns the rules of every version for its own folder, and those of the newest release for what leads to it.
///
/// No two rules are about one address: hosts would send the policies of both, and browsers hold pages to both.
pub(super) fn headers<'a>(
    versions: &[String],
    latest: &str,
    text_of: impl Fn(&str) -> Option<Cow<'a, str>>,
) -> Option<String> {
    let mut headers = String::new();
    let mut entrances = String::new();
    for version in versions {
        let Some(text) = text_of(version) else { continue };
        rules(&mut headers, &text, |path| format!("/{version}{path}"));
        if version == latest {
            for place in ["/".to_owned(), "/:file".to_owned(), format!("/{LATEST}/*")] {
                rules(&mut entrances, &text, |_| place.clone());
            }
        }
    }
    headers.push_str(&entrances);
    (!headers.is_empty()).then_some(headers)
}

/// Writes the rules of a version for other paths. A rule is a path, and below it what is sent, each line with a margin.
fn rules(headers: &mut String, text: &str, path: impl Fn(&str) -> String) {
    for line in text.lines() {
        let line: Cow<'_, str> =
            if line.starts_with('/') { path(line.trim_end()).into() } else { line.into() };
        writeln!(headers, "{line}").expect("invariant: writing to a string");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_own_rules() {
        let versions = ["1.0", "1.1", "1.2"].map(str::to_owned);
        let text = headers(&versions, "1.1", |version| {
            (version != "1.2").then(|| format!("/*\n  Policy: {version}\n").into())
        });
        insta::assert_snapshot!(text.unwrap(), @"
        /1.0/*
          Policy: 1.0
        /1.1/*
          Policy: 1.1
        /
          Policy: 1.1
        /:file
          Policy: 1.1
        /latest/*
          Policy: 1.1
        ");
        assert_eq!(headers(&versions, "1.1", |_| None), None);
    }
}
