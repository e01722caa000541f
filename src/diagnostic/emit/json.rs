//! JSON: one array, an object a problem.

use serde::Serialize;

use crate::diagnostic::emit::Region;
use crate::diagnostic::{Diagnostic, Severity};

/// A problem as others read it. Fields are added, never renamed.
#[derive(Serialize)]
struct Item<'a> {
    id: &'static str,
    severity: Severity,
    message: &'a str,
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    help: Option<&'a str>,
}

pub(super) fn emit(diagnostics: &[Diagnostic]) -> String {
    let items: Vec<Item<'_>> = diagnostics.iter().map(item).collect();
    let mut json =
        serde_json::to_string_pretty(&items).expect("invariant: strings and numbers serialize");
    json.push('\n');
    json
}

fn item(diagnostic: &Diagnostic) -> Item<'_> {
    let Region { line, column, end_line, end_column } =
        Region::of(&diagnostic.source, diagnostic.span);
    Item {
        id: diagnostic.code.id,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        path: diagnostic.source.path.as_str(),
        line,
        column,
        end_line,
        end_column,
        help: diagnostic.help.as_deref(),
    }
}
