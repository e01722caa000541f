//! `check --external` of a program that was built without it.

use chrono::NaiveDate;

use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::cli::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::link::Portal;

pub(super) fn dead_links(
    _: &Project,
    _: &Portal,
    _: NaiveDate,
    _: &Terminal,
) -> Result<Vec<Diagnostic>, Failure> {
    Err(Failure::new("this `handover` cannot ask other sites: it was built without that part")
        .help(
            "install a released one, or build it with `cargo build --release --features external`",
        ))
}
