//! SARIF 2.1.0, which code scanning services read.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::diagnostic::emit::Region;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Source;

/// What stands for itself in the path of an address.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn emit(diagnostics: &[Diagnostic]) -> String {
    let mut codes: Vec<&'static Code> = diagnostics.iter().map(|found| found.code).collect();
    codes.sort_by_key(|code| code.id);
    codes.dedup_by_key(|code| code.id);
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let results: Vec<Value> = diagnostics.iter().map(|found| result(found, &codes)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "handover",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.summary },
        "help": { "text": code.docs, "markdown": code.docs },
        "defaultConfiguration": { "level": code.severity.name() },
    })
}

fn result(diagnostic: &Diagnostic, codes: &[&'static Code]) -> Value {
    let text = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.code.id,
        "level": diagnostic.severity.name(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": place(&diagnostic.source, Region::of(&diagnostic.source, diagnostic.span)) }],
    });
    if let Some(index) = codes.iter().position(|code| code.id == diagnostic.code.id) {
        result["ruleIndex"] = json!(index);
    }
    if !diagnostic.notes.is_empty() {
        let related = diagnostic.notes.iter().enumerate().map(|(index, note)| {
            json!({
                "id": index,
                "message": { "text": note.message },
                "physicalLocation": place(&note.source, Region::of(&note.source, note.span)),
            })
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn place(source: &Source, region: Region) -> Value {
    json!({
        "artifactLocation": { "uri": utf8_percent_encode(source.path.as_str(), PATH).to_string() },
        "region": {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        },
    })
}
