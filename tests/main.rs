//! What holds at the boundaries of the program: the command line, the site on disk, the repository itself.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the program is run, what it left on the disk is looked at, and a test may panic"
)]

mod project;

mod browser;
mod command_line;
mod commonmark;
mod determinism;
mod external;
mod ledger;
mod history;
mod release;
mod publish;
mod preprocess;
mod random_edits;
mod record;
mod rename;
mod repository;
mod serve;
mod shards;
mod sheet;
mod versions;
mod signatures;
