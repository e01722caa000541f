//! `Portal` + `Assessment` → diagnostics. One file a rule, and its page beside it.
//!
//! A rule changes nothing, prints nothing, knows no other rule, and makes no verdict of its own.

use crate::assess::Assessment;
use crate::diagnostic::{Code, Diagnostic};
use crate::link::Portal;

/// A rule: what it reports, and how it finds it.
pub struct Rule {
    pub code: Code,
    pub run: fn(&Portal, &Assessment, &mut Vec<Diagnostic>),
}

/// Every rule, sorted by id.
pub static RULES: &[&Rule] = &[];

/// Returns what `parse` left and what the rules find, with the severities that `book.toml` sets, sorted by place.
pub fn check(portal: &Portal, assessment: &Assessment) -> Vec<Diagnostic> {
    let mut diagnostics = portal.problems.clone();
    for rule in RULES {
        (rule.run)(portal, assessment, &mut diagnostics);
    }
    crate::diagnostic::sort(&mut diagnostics);
    diagnostics
}
