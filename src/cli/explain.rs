//! `handover explain`: what a problem is, and what to do about it.

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::page;
use crate::cli::terminal::Terminal;
use crate::diagnostic::{Code, did_you_mean};

/// Explain a problem by its id, or list all ids
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What stands in brackets before a problem, such as `broken-link`
    #[arg(value_name = "ID")]
    id: Option<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let codes = crate::codes();
    let text = match &arguments.id {
        None => list(&codes),
        Some(id) => {
            let code = find(&codes, id)?;
            if terminal.reader {
                page::page(code.docs, terminal.width, terminal.result_color)
            } else {
                code.docs.into()
            }
        }
    };
    terminal.painted_result(&text);
    Ok(Outcome::Fine)
}

fn find<'a>(codes: &[&'a Code], id: &str) -> Result<&'a Code, Failure> {
    codes.iter().find(|code| code.id == crate::check::current(id)).copied().ok_or_else(|| {
        let failure = Failure::new(format!("no problem has the id `{id}`"));
        match did_you_mean(id, codes.iter().map(|code| code.id)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`handover explain` lists all ids"),
        }
    })
}

fn list(codes: &[&Code]) -> String {
    let longest = codes.iter().map(|code| code.id.len()).max().unwrap_or_default();
    let lines = codes.iter().map(|code| {
        let Code { id, severity, summary, .. } = code;
        format!("{id:longest$}  {:7}  {summary}\n", severity.name())
    });
    lines.collect()
}
