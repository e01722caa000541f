//! Where results and remarks go, and whether in color. The one place that prints.

use std::env;
use std::io::{self, IsTerminal as _, Write};

use clap::builder::StyledStr;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::emit::visible::{self, visible};
use crate::diagnostic::emit::{self, Format};

/// What is known of the terminal, or of what stands in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    pub(super) result_color: bool,
    pub(super) note_color: bool,
    /// A person reads the results.
    pub(super) reader: bool,
    /// A person looks at the remarks while the command runs.
    pub(super) watched: bool,
    /// A person can be asked.
    pub(super) asks: bool,
    /// Columns; 0 where there is no terminal.
    pub(super) width: usize,
}

impl Terminal {
    /// Looks at the streams and at what the environment says of color.
    pub(super) fn detect() -> Self {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty() && value != "0");
        let never = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let always = set("CLICOLOR_FORCE").is_some();
        let color = |is_terminal: bool| !never && (always || is_terminal && !dumb);
        let reader = io::stdout().is_terminal();
        let watched = io::stderr().is_terminal();
        Self {
            result_color: color(reader),
            note_color: color(watched),
            reader,
            watched: watched && !dumb,
            asks: io::stdin().is_terminal() && watched && !dumb,
            width: terminal_size::terminal_size().map_or(0, |(width, _)| width.0.into()),
        }
    }

    /// Prints a result, a line or several, on the standard output. What in it would act on the terminal is spelled out.
    pub(super) fn result(&self, text: &str) {
        print(io::stdout().lock(), &visible(text));
    }

    /// Prints a result that is JSON.
    pub(super) fn json(&self, text: &str) {
        print(io::stdout().lock(), &visible::json(text));
    }

    /// Prints a result that may have our colors: the escapes that come out of files are spelled out already.
    pub(super) fn painted_result(&self, text: &str) {
        print(io::stdout().lock(), &visible::painted(text));
    }

    /// Prints a remark on the standard error. What in it would act on the terminal is spelled out.
    pub(super) fn note(&self, text: &str) {
        print(io::stderr().lock(), &visible(text));
    }

    /// Prints what is wrong with a project, for people, as a remark.
    pub(super) fn problems(&self, problems: &[Diagnostic]) {
        let text = emit::emit(Format::Human, problems, self.note_color, self.width);
        print(io::stderr().lock(), &text);
    }

    pub(super) fn styled_result(&self, text: &StyledStr) {
        self.painted_result(&styled(text, self.result_color));
    }

    pub(super) fn styled_note(&self, text: &StyledStr) {
        print(io::stderr().lock(), &styled(text, self.note_color));
    }
}

fn styled(text: &StyledStr, color: bool) -> String {
    if color { text.ansi().to_string() } else { text.to_string() }
}

/// Prints a text and ends its last line. A reader that went away is no error: it has seen enough.
fn print(mut stream: impl Write, text: &str) {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let _ = write!(stream, "{text}{end}").and_then(|()| stream.flush());
}
