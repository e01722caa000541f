//! What holds at the boundaries of the program: the command line, the site on disk, the repository itself.

#![expect(
    clippy::disallowed_methods,
    reason = "the program is run, and what it left on the disk is looked at"
)]

mod project;

mod command_line;
mod commonmark;
mod determinism;
mod publish;
mod repository;
