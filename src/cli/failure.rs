//! Why a command could not run, as one line for people, and the way out where there is one.

use std::fmt;

use crate::error::IoError;
use crate::write::error::WriteError;
use crate::write::ledger::LedgerError;

#[derive(Debug)]
pub(super) struct Failure {
    /// A lower-case phrase without a full stop.
    message: String,
    help: Option<String>,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    #[must_use]
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl Failure {
    /// Returns it as a remark of a command that goes on all the same.
    pub(super) fn warning(&self) -> String {
        self.said("warning")
    }

    /// Returns why, without the way out: for a line that says more.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    fn said(&self, severity: &str) -> String {
        let help = self.help.as_ref().map(|help| format!("\n  = help: {help}"));
        format!("{severity}: {}{}", self.message, help.unwrap_or_default())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said("error"))
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<IoError> for Failure {
    fn from(error: IoError) -> Self {
        Self::new(error.to_string())
    }
}
