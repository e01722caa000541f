//! The problems that `parse` and what stands around it report; those of the rules are in `check`.

use crate::diagnostic::{Code, Severity};

/// Every code of this stage, sorted by id, for lists and for `explain`.
pub static CODES: &[&Code] = &[
    &ABSENT_INCLUDE,
    &BROKEN_INCLUDE,
    &FAILED_PREPROCESSOR,
    &INVALID_FRONT_MATTER,
    &INVALID_SUMMARY,
    &INVALID_TOML,
    &INVALID_VALUE,
    &MISSING_CONTENT,
    &MISSING_KEY,
    &SURPLUS_CELLS,
    &UNDRAWN_DIAGRAM,
    &UNKNOWN_KEY,
    &UNREADABLE_FILE,
    &UNREADABLE_PLAN,
    &UNREADABLE_RULES,
    &UNSPACED_HEADING,
];

/// An include of another tool, of a file beside the documents that is not in the project.
pub static ABSENT_INCLUDE: Code = Code {
    id: "absent-include",
    severity: Severity::Warning,
    summary: "A tag of another tool takes in a file from beside the documents, which is not in the project.",
    docs: include_str!("absent_include.md"),
    fatal: false,
};

/// A `{{#include}}` whose file, lines or anchor are not there.
pub static BROKEN_INCLUDE: Code = Code {
    id: "broken-include",
    severity: Severity::Error,
    summary: "An include names a file, lines or an anchor that cannot be included.",
    docs: include_str!("broken_include.md"),
    fatal: false,
};

/// A program of `[preprocessor.NAME]` that did not do its work.
pub static FAILED_PREPROCESSOR: Code = Code {
    id: "failed-preprocessor",
    severity: Severity::Error,
    summary: "A preprocessor failed, took too long, or wrote what is no book.",
    docs: include_str!("failed_preprocessor.md"),
    fatal: false,
};

/// Front matter that is not YAML or TOML, or a key of ours with a value of another type.
pub static INVALID_FRONT_MATTER: Code = Code {
    id: "invalid-front-matter",
    severity: Severity::Error,
    summary: "Front matter does not parse, or a key has a value of the wrong type.",
    docs: include_str!("invalid_front_matter.md"),
    fatal: false,
};

/// Something in `SUMMARY.md` that is no chapter.
pub static INVALID_SUMMARY: Code = Code {
    id: "invalid-summary",
    severity: Severity::Error,
    summary: "`SUMMARY.md` holds something that is not a chapter, or names a chapter twice.",
    docs: include_str!("invalid_summary.md"),
    fatal: false,
};

/// A line of `book.toml`, the plan or the records that is no TOML.
pub static INVALID_TOML: Code = Code {
    id: "invalid-toml",
    severity: Severity::Error,
    summary: "`book.toml`, the plan, a file of records or a release is not valid TOML.",
    docs: include_str!("invalid_toml.md"),
    fatal: true,
};

/// A key of `book.toml`, the plan or the records whose value does not fit.
pub static INVALID_VALUE: Code = Code {
    id: "invalid-value",
    severity: Severity::Error,
    summary: "A key in `book.toml`, the plan or the records has a value that it cannot have.",
    docs: include_str!("invalid_value.md"),
    fatal: true,
};

/// The content folder of `book.toml` is not there.
pub static MISSING_CONTENT: Code = Code {
    id: "missing-content",
    severity: Severity::Error,
    summary: "The content folder that `book.toml` names does not exist, or leads out of the project.",
    docs: include_str!("missing_content.md"),
    fatal: true,
};

/// A table of the plan or the records that lacks a key.
pub static MISSING_KEY: Code = Code {
    id: "missing-key",
    severity: Severity::Error,
    summary: "A table in the plan or the records lacks a key that it must have.",
    docs: include_str!("missing_key.md"),
    fatal: true,
};

/// A Mermaid fence that cannot be drawn.
pub static UNDRAWN_DIAGRAM: Code = Code {
    id: "undrawn-diagram",
    severity: Severity::Warning,
    summary: "A Mermaid diagram cannot be drawn, and is shown as its source.",
    docs: include_str!("undrawn_diagram.md"),
    fatal: false,
};

/// A key of the plan, the records or `[output.handover]` that is none of ours.
pub static UNKNOWN_KEY: Code = Code {
    id: "unknown-key",
    severity: Severity::Error,
    summary: "A key in the plan, the records or `[output.handover]` is not one that `handover` knows.",
    docs: include_str!("unknown_key.md"),
    fatal: true,
};

/// A document that is there and cannot be taken in.
pub static UNREADABLE_FILE: Code = Code {
    id: "unreadable-file",
    severity: Severity::Error,
    summary: "A file cannot be read, or is not UTF-8.",
    docs: include_str!("unreadable_file.md"),
    fatal: false,
};

/// A file whose absence would change verdicts without a trace.
pub static UNREADABLE_PLAN: Code = Code {
    id: "unreadable-plan",
    severity: Severity::Error,
    summary: "`book.toml`, the plan or a file of records cannot be read.",
    docs: include_str!("unreadable_plan.md"),
    fatal: true,
};

/// What `alert-rules` names and is no file of alert rules.
pub static UNREADABLE_RULES: Code = Code {
    id: "unreadable-rules",
    severity: Severity::Error,
    summary: "A file of alert rules is not YAML, or `alert-rules` names none.",
    docs: include_str!("unreadable_rules.md"),
    fatal: false,
};

/// `##Heading`, where that is no heading.
pub static UNSPACED_HEADING: Code = Code {
    id: "unspaced-heading",
    severity: Severity::Warning,
    summary: "A heading has no space behind its `#`, and is none.",
    docs: include_str!("unspaced_heading.md"),
    fatal: false,
};

/// A cell of a table that stands behind the last column.
pub static SURPLUS_CELLS: Code = Code {
    id: "surplus-cells",
    severity: Severity::Warning,
    summary: "A row of a table has more cells than the table has columns: they are not shown.",
    docs: include_str!("surplus_cells.md"),
    fatal: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_documented() {
        assert!(CODES.is_sorted_by(|a, b| a.id < b.id));
        for code in CODES {
            assert!(code.docs.starts_with(&format!("# {}\n", code.id)), "{}", code.id);
        }
    }
}
