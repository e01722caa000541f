//! Workflow commands of GitHub Actions, which become annotations on the changed lines.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::emit::Region;

pub(super) fn emit(diagnostics: &[Diagnostic]) -> String {
    let mut commands = String::new();
    for found in diagnostics {
        let Region { line, column, end_line, end_column } = Region::of(&found.source, found.span);
        let text = match &found.help {
            Some(help) => format!("{}\nhelp: {help}", found.message),
            None => found.message.clone(),
        };
        writeln!(
            commands,
            "::{} file={},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}",
            found.severity.name(),
            property(found.source.path.as_str()),
            property(found.code.id),
            data(&text),
        )
        .expect("invariant: writing to a string");
    }
    commands
}

/// Escapes what would end the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what would end a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
