//! `Portal` + `Assessment` → diagnostics. One file a rule, and its page beside it.
//!
//! A rule changes nothing, prints nothing, knows no other rule, and makes no verdict of its own. It says what it looks at: what
//! is found in one document need not be looked for again in the same document.

use rayon::prelude::*;

use crate::assess::{Assessment, DocumentAssessment};
use crate::check::again::Memory;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::Portal;
use crate::parse::codes::CODES;
use crate::parse::config::{Config, Level};
use crate::parse::document::Document;
use crate::parse::plan::Plan;
use crate::parse::records::Records;
use crate::source::{SourcePath, Span};

pub mod again;
pub mod dead_link;
pub mod evidence;
mod label;
mod names;
mod place;
mod sections;
mod status;

mod alert_without_runbook;
mod broken_anchor;
mod broken_image;
mod broken_link;
mod broken_redirect;
mod broken_reference;
mod bulk_review;
mod changed_document;
mod changes_requested;
mod damaged_release;
mod diagram_without_description;
mod duplicate_address;
mod duplicate_gate;
mod duplicate_id;
mod duplicate_redirect;
mod empty_link;
mod empty_section;
mod expired_exception;
mod expired_review;
mod future_record;
mod ineligible_reviewer;
mod invalid_signature;
mod label_mismatch;
mod likely_typo;
mod milestone_on_day_off;
mod milestone_outside_plan;
mod missing_alt_text;
mod missing_document;
mod missing_gate;
mod missing_lead;
mod missing_owner;
mod missing_runbook;
mod missing_section;
mod missing_team;
mod missing_title;
mod phase_after_handover;
mod phase_outside_plan;
mod phase_overlap;
mod redirect_chain;
mod remote_image;
mod self_approved_exception;
mod skipped_heading_level;
mod unjudged_link;
mod unknown_alert;
mod unknown_criterion;
mod unknown_document;
mod unknown_level;
mod unknown_module;
mod unknown_person;
mod unknown_record_target;
mod unknown_rule;
mod unknown_shortcode;
mod unknown_team;
mod unlisted_document;
mod unproven_objective;
mod unreviewed_document;
mod unscheduled_phase;
mod unsigned_review;
mod unused_setting;

/// A rule: what it reports, and how it finds it.
pub struct Rule {
    pub code: Code,
    pub run: Run,
}

/// What a rule looks at. What it is not handed it cannot see, so that what it found holds as long as that is the same.
pub enum Run {
    /// The whole project.
    Project(fn(&Portal, &Assessment, &mut Vec<Diagnostic>)),
    /// One document.
    Document(fn(&Ground<'_>, &Document, &mut Vec<Diagnostic>)),
    /// One document, and what is true of it.
    Verdict(fn(&Ground<'_>, &Document, &DocumentAssessment, &mut Vec<Diagnostic>)),
}

/// What a document is held against.
pub struct Ground<'a> {
    pub config: &'a Config,
    pub plan: Option<&'a Plan>,
    pub records: &'a Records,
}

/// Every rule, sorted by id.
pub static RULES: &[&Rule] = &[
    &alert_without_runbook::RULE,
    &broken_anchor::RULE,
    &broken_image::RULE,
    &broken_link::RULE,
    &broken_redirect::RULE,
    &broken_reference::RULE,
    &bulk_review::RULE,
    &changed_document::RULE,
    &changes_requested::RULE,
    &damaged_release::RULE,
    &diagram_without_description::RULE,
    &duplicate_address::RULE,
    &duplicate_gate::RULE,
    &duplicate_id::RULE,
    &duplicate_redirect::RULE,
    &empty_link::RULE,
    &empty_section::RULE,
    &expired_exception::RULE,
    &expired_review::RULE,
    &future_record::RULE,
    &ineligible_reviewer::RULE,
    &invalid_signature::RULE,
    &label_mismatch::RULE,
    &likely_typo::RULE,
    &milestone_on_day_off::RULE,
    &milestone_outside_plan::RULE,
    &missing_alt_text::RULE,
    &missing_document::RULE,
    &missing_gate::RULE,
    &missing_lead::RULE,
    &missing_owner::RULE,
    &missing_runbook::RULE,
    &missing_section::RULE,
    &missing_team::RULE,
    &missing_title::RULE,
    &phase_after_handover::RULE,
    &phase_outside_plan::RULE,
    &phase_overlap::RULE,
    &redirect_chain::RULE,
    &remote_image::RULE,
    &self_approved_exception::RULE,
    &skipped_heading_level::RULE,
    &unjudged_link::RULE,
    &unknown_alert::RULE,
    &unknown_criterion::RULE,
    &unknown_document::RULE,
    &unknown_level::RULE,
    &unknown_module::RULE,
    &unknown_person::RULE,
    &unknown_record_target::RULE,
    &unknown_rule::RULE,
    &unknown_shortcode::RULE,
    &unknown_team::RULE,
    &unlisted_document::RULE,
    &unproven_objective::RULE,
    &unreviewed_document::RULE,
    &unscheduled_phase::RULE,
    &unsigned_review::RULE,
    &unused_setting::RULE,
];

/// Ids that were renamed, and what they are now. An id is never used again for something else.
static RENAMED: &[(&str, &str)] = &[];

/// Returns what `parse` left and what the rules find, with the severities that `book.toml` sets, sorted by place.
pub fn check(portal: &Portal, assessment: &Assessment) -> Vec<Diagnostic> {
    check_again(portal, assessment, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn check_again(
    portal: &Portal,
    assessment: &Assessment,
    memory: &mut Memory,
) -> Vec<Diagnostic> {
    let mut diagnostics = memory.found(portal, assessment);
    diagnostics.par_extend(RULES.par_iter().flat_map_iter(|rule| {
        let mut found = Vec::new();
        if let Run::Project(run) = rule.run {
            run(portal, assessment, &mut found);
        }
        found
    }));
    // A table that is not understood was mended with placeholders: what rules make of those is no problem of its own.
    let broken = portal.problems.iter().filter(|problem| problem.code.fatal);
    let broken: Vec<(&SourcePath, Span)> =
        broken.map(|problem| (&problem.source.path, place::table_around(problem))).collect();
    diagnostics.retain(|diagnostic| {
        !broken.iter().any(|(path, table)| {
            **path == diagnostic.source.path
                && (table.start..=table.end).contains(&diagnostic.span.start)
        })
    });
    diagnostics.extend_from_slice(&portal.problems);
    diagnostics.iter_mut().for_each(|diagnostic| place_in_file(portal, diagnostic));
    diagnostics.retain_mut(|diagnostic| set_level(portal, diagnostic));
    crate::diagnostic::sort(&mut diagnostics);
    diagnostics.dedup_by(|a, b| {
        a.code.id == b.code.id
            && a.span == b.span
            && a.source.path == b.source.path
            && a.message == b.message
    });
    diagnostics
}

/// Returns what a release does not use, and the working tree does: programs.
pub fn unused_in_release(working: &[Diagnostic], release: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_unused = |problem: &Diagnostic| problem.code.id == unused_setting::RULE.code.id;
    let is_known = |problem: &Diagnostic| {
        working.iter().any(|known| is_unused(known) && known.span == problem.span)
    };
    release.into_iter().filter(|problem| is_unused(problem) && !is_known(problem)).collect()
}

/// Gives a problem of a document that a program wrote the place of the table that names the program: there is no other file.
fn place_in_file(portal: &Portal, diagnostic: &mut Diagnostic) {
    let document = portal.documents.get(&diagnostic.source.path);
    if let Some((source, span)) = document.and_then(|document| document.added_by.clone()) {
        diagnostic.message = format!("{}: {}", diagnostic.source.path, diagnostic.message);
        (diagnostic.source, diagnostic.span) = (source, span);
    }
}

/// Returns the codes of `parse` and of the rules, sorted by id.
pub fn codes() -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = RULES.iter().map(|rule| &rule.code).collect();
    codes.extend(CODES);
    codes.push(&dead_link::DEAD_LINK);
    codes.sort_by_key(|code| code.id);
    codes
}

/// Returns what an id is today: itself, unless it was renamed.
pub fn current(id: &str) -> &str {
    RENAMED.iter().find(|(old, _)| *old == id).map_or(id, |(_, new)| new)
}

/// Sets the severity that `book.toml` asks for, and tells whether to report the problem at all.
fn set_level(portal: &Portal, diagnostic: &mut Diagnostic) -> bool {
    if diagnostic.code.fatal {
        return true;
    }
    let rules = &portal.config.handover.rules;
    let level = rules.iter().find(|(id, _)| current(id) == diagnostic.code.id);
    match level.map(|(_, level)| level.value) {
        None => {}
        Some(Level::Allow) => return false,
        Some(Level::Warning) => diagnostic.severity = Severity::Warning,
        Some(Level::Error) => diagnostic.severity = Severity::Error,
    }
    true
}

#[cfg(test)]
mod tests;
