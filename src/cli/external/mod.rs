//! `check --external`: asks other sites for what documents link to, and remembers what they answered.

mod ask;
mod memory;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::check::dead_link;
use crate::cli::external::memory::Memory;
use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::cli::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::emit::counted;
use crate::link::Portal;

/// What other sites answered: an address fails with a reason.
type Answers = BTreeMap<String, Result<(), String>>;

/// Asks for every address that was not found good on that day already, and returns the links that are dead.
pub(super) fn dead_links(
    project: &Project,
    portal: &Portal,
    day: NaiveDate,
    terminal: &Terminal,
) -> Result<Vec<Diagnostic>, Failure> {
    let path = project.root.join(memory::FILE);
    let mut memory = Memory::read(&path)?;
    memory.keep(&dead_link::addresses(portal));
    let asked = memory.unanswered(day);
    let answers = ask::ask(&asked)?;
    memory.note(answers, day);
    memory.write(&path)?;
    let dead = memory.dead();
    let waiting = memory.failing().saturating_sub(dead.len());
    let mut said = format!("asked for {}", counted(asked.len(), "link"));
    if waiting > 0 {
        said += &format!(
            "; {} failed and will be reported after three days in a row",
            counted(waiting, "link")
        );
    }
    terminal.note(&said);
    Ok(dead_link::dead_links(portal, &dead))
}
