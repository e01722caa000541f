//! `Portal` + `Assessment` + `Theme` → `Output`: every file of one version.
//!
//! Never finds a problem that `check` could have found. A template never sees more than its context.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assess::Assessment;
use crate::link::Portal;
use crate::release::Manifest;

/// The path of a file below the version's folder, with `/`.
pub type OutputPath = String;

/// Every file of one version.
pub type Output = BTreeMap<OutputPath, Arc<[u8]>>;

/// All that a page may be made of.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub portal: &'a Portal,
    pub assessment: &'a Assessment,
    pub manifest: &'a Manifest,
    /// What `check` found, sorted: pages show their own, the home page the counts.
    pub diagnostics: &'a [crate::diagnostic::Diagnostic],
}

pub mod feeds;
pub mod json;
pub mod markdown;
pub mod names;

/// Returns every file of the version. The theme's overrides are read from the tree.
pub fn render(facts: &Facts<'_>, _tree: &crate::source::Tree) -> Output {
    let mut output = Output::new();
    feeds::add(facts, &mut output);
    output
}
