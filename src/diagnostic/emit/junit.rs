//! JUnit XML: a test case a file, with a failure for each of its problems.

use std::fmt::Write as _;

use crate::diagnostic::emit::Region;
use crate::diagnostic::emit::visible::one_line;
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn emit(diagnostics: &[Diagnostic]) -> String {
    let cases: Vec<&[Diagnostic]> =
        diagnostics.chunk_by(|a, b| a.source.path == b.source.path).collect();
    let failures = cases.iter().filter(|case| fails(case)).count();
    let tests = cases.len().max(1);
    let counts = format!(r#"tests="{tests}" failures="{failures}" errors="0""#);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write(&mut xml, format_args!("<testsuites name=\"handover\" {counts}>\n"));
    write(&mut xml, format_args!("  <testsuite name=\"handover check\" {counts}>\n"));
    if cases.is_empty() {
        xml.push_str("    <testcase classname=\"handover\" name=\"no problems\"/>\n");
    }
    for case in cases {
        self::case(&mut xml, case);
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// A file fails where it has an error; its warnings are shown with the output of its test.
fn fails(case: &[Diagnostic]) -> bool {
    case.iter().any(|found| found.severity == Severity::Error)
}

fn case(xml: &mut String, case: &[Diagnostic]) {
    let path = escape(case[0].source.path.as_str());
    write(
        xml,
        format_args!("    <testcase classname=\"handover\" name=\"{path}\" file=\"{path}\">\n"),
    );
    let line_of = |found: &Diagnostic| {
        let Region { line, column, .. } = Region::of(&found.source, found.span);
        let help = found.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
        escape(&format!(
            "{path}:{line}:{column}: {}[{}]: {}{help}",
            found.severity.name(),
            found.code.id,
            one_line(&found.message),
            path = found.source.path,
        ))
    };
    let errors: Vec<_> = case.iter().filter(|found| found.severity == Severity::Error).collect();
    if let Some(first) = errors.first() {
        let message = match errors.len() {
            1 => one_line(&first.message),
            number => format!("{number} errors").into(),
        };
        let lines: Vec<String> = errors.iter().map(|found| line_of(found)).collect();
        write(
            xml,
            format_args!(
                "      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                first.code.id,
                escape(&message),
                lines.join("\n"),
            ),
        );
    }
    let warnings: Vec<String> =
        case.iter().filter(|found| found.severity == Severity::Warning).map(line_of).collect();
    if !warnings.is_empty() {
        write(xml, format_args!("      <system-out>{}</system-out>\n", warnings.join("\n")));
    }
    xml.push_str("    </testcase>\n");
}

fn write(xml: &mut String, text: std::fmt::Arguments<'_>) {
    xml.write_fmt(text).expect("invariant: writing to a string");
}

/// Escapes markup, and replaces the characters that XML 1.0 cannot hold.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}
