//! Text → `Config`, `Plan`, `Records`, `Release`, `Summary`, `Document`, `RuleFile`. One file at a time, with the files that it includes.
//!
//! Never fails: each function returns what it understood, and the problems.

pub mod codes;
pub mod toml;
pub mod shape;
pub mod format;
pub mod dialect;
pub mod config;
pub mod plan;
pub mod records;
pub mod release;
pub mod signed;
pub mod version;
pub mod node;
pub mod front_matter;
pub mod include;
pub mod rewrite;
pub mod summary;
pub mod markdown;
mod autolink;
pub mod raw_html;
pub mod slug;
pub mod placeholder;
pub mod contents;
pub mod document;
pub mod alerts;
pub mod preprocess;
pub mod project;
