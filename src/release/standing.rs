//! A release and what its project is now → what of it no longer stands.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::release::{Release, ReleaseFacts};
use crate::release::{Manifest, compare};
use crate::source::Span;

/// The plan's version is a release, and the project is no longer what was released.
pub static RELEASED_VERSION: Code = Code {
    id: "released-version",
    severity: Severity::Error,
    summary: "The plan builds as a version that was released, and the project has changed since.",
    docs: include_str!("released_version.md"),
    fatal: true,
};

/// So many entries are named in a message.
const NAMED: usize = 5;

/// Returns the names of the entries that a release and another manifest do not have in common, in byte order.
pub fn differing(release: &ReleaseFacts, now: &Manifest) -> Vec<String> {
    let mismatches = compare::entries(&release.manifest(), &now.entries);
    mismatches.into_iter().map(|mismatch| mismatch.entry).collect()
}

/// Returns what the entry of a manifest is of, as people say it: "document `restore`".
pub fn named(entry: &str) -> String {
    let path = |folder: &str| entry.strip_prefix(folder);
    match entry {
        "plan" => "the plan".to_owned(),
        "judged-for" => "the day".to_owned(),
        "readiness" => "the readiness".to_owned(),
        _ => match (path("document/"), path("criterion/"), path("records/"), path("asset/")) {
            (Some(id), ..) => format!("document `{id}`"),
            (_, Some(id), ..) => format!("criterion `{id}`"),
            (_, _, Some(file), _) => format!("the records in `{file}`"),
            (.., Some(file)) => format!("the file `{file}`"),
            (None, None, None, None) => format!("`{entry}`"),
        },
    }
}

/// Returns the entries as a phrase: the first of many.
pub fn listed(entries: &[String]) -> String {
    let mut named: Vec<String> = entries.iter().take(NAMED).map(|entry| named(entry)).collect();
    match entries.len().saturating_sub(NAMED) {
        0 => {}
        more => named.push(format!("{more} more")),
    }
    match named.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Reports a project that builds as a release and, judged as that release, is another.
pub fn problem(portal: &Portal, release: &Release, now: &Manifest) -> Option<Diagnostic> {
    let differing = differing(release, now);
    if differing.is_empty() {
        return None;
    }
    let (source, span) = match &portal.plan {
        Some(plan) => (&plan.source, plan.handover.version.span),
        None => (&release.source, Span::default()),
    };
    let (version, date, listed) = (portal.version(), release.date, listed(&differing));
    let message = format!("version `{version}` was released on {date}, and {listed} changed since");
    let help = "set `version` to the next one, or take the changes back";
    Some(Diagnostic::new(&RELEASED_VERSION, &Arc::clone(source), span, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let names = ["document/a", "gone", "records/r.toml"].map(str::to_owned);
        assert_eq!(listed(&names), "document `a`, `gone` and the records in `r.toml`");
        let many: Vec<String> = (0..9).map(|at| format!("criterion/{at}")).collect();
        assert!(listed(&many).ends_with("criterion `4` and 4 more"));
    }
}
