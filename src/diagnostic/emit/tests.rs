//! Every format, on the same problems.

use std::sync::Arc;

use insta::assert_snapshot;

use super::*;
use crate::diagnostic::Code;
use crate::source::SourcePath;

static BROKEN: Code = Code {
    id: "broken-link",
    severity: Severity::Error,
    summary: "A link leads nowhere.",
    docs: "# broken-link\n",
    fatal: false,
};
static OTHER: Code = Code {
    id: "label-mismatch",
    severity: Severity::Warning,
    summary: "A label does not agree with the days.",
    docs: "# label-mismatch\n",
    fatal: false,
};

fn source(path: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::new(SourcePath::new(path).unwrap(), text.into()))
}

fn find(source: &Source, text: &str) -> Span {
    let start = source.text.find(text).unwrap();
    Span { start, end: start + text.len() }
}

fn broken(text: &str, marked: &str) -> Vec<Diagnostic> {
    let source = source("content/runbooks/db.md", text);
    let span = find(&source, marked);
    vec![
        Diagnostic::new(&BROKEN, &source, span, "link to `db/restore.md`, which does not exist")
            .help("did you mean `database/restore.md`?"),
    ]
}

fn two() -> Vec<Diagnostic> {
    let mut all = broken("# Ünits\n\nSee [restore](db/restore.md).\n", "[restore](db/restore.md)");
    let plan = source("content/plan.toml", "business-days = 15\nlabel = \"Week 4\"\n");
    let days = find(&plan, "15");
    let doc = source("content/a, b.md", "one\ntwo 100%\n");
    let two = find(&doc, "two");
    all.push(
        Diagnostic::new(
            &OTHER,
            &plan,
            find(&plan, "\"Week 4\""),
            "label `Week 4` is \"late\" <20>",
        )
        .note(&plan, days, "the plan has 15 days")
        .note(&doc, two, "said here")
        .help("compress the phases\nor rename the labels"),
    );
    all
}

#[test]
fn for_people() {
    assert_snapshot!(emit(Format::Human, &two(), false, 100), @r#"
    error[broken-link]: link to `db/restore.md`, which does not exist
     --> content/runbooks/db.md:3:5
      |
    3 | See [restore](db/restore.md).
      |     ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `database/restore.md`?

    warning[label-mismatch]: label `Week 4` is "late" <20>
     --> content/plan.toml:2:9
      |
    1 | business-days = 15
      |                 -- the plan has 15 days
    2 | label = "Week 4"
      |         ^^^^^^^^
      |
     ::: content/a, b.md:2:1
      |
    2 | two 100%
      | --- said here
      |
      = help: compress the phases
              or rename the labels
    "#);
}

#[test]
fn short_is_a_line_each() {
    assert_snapshot!(emit(Format::Short, &two(), false, 100), @r#"
    content/runbooks/db.md:3:5: error[broken-link]: link to `db/restore.md`, which does not exist
    content/plan.toml:2:9: warning[label-mismatch]: label `Week 4` is "late" <20>
    "#);
}

#[test]
fn json_is_one_array() {
    assert_snapshot!(emit(Format::Json, &two(), false, 100), @r#"
    [
      {
        "id": "broken-link",
        "severity": "error",
        "message": "link to `db/restore.md`, which does not exist",
        "path": "content/runbooks/db.md",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 29,
        "help": "did you mean `database/restore.md`?"
      },
      {
        "id": "label-mismatch",
        "severity": "warning",
        "message": "label `Week 4` is \"late\" <20>",
        "path": "content/plan.toml",
        "line": 2,
        "column": 9,
        "end_line": 2,
        "end_column": 17,
        "help": "compress the phases\nor rename the labels"
      }
    ]
    "#);
    assert_eq!(emit(Format::Json, &[], false, 100), "[]\n");
}

#[test]
fn sarif_names_tool_rules_and_regions() {
    let log = emit(Format::Sarif, &two(), false, 100);
    assert_snapshot!(log.replace(env!("CARGO_PKG_VERSION"), "VERSION"), @r##"
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "handover",
              "version": "VERSION",
              "semanticVersion": "VERSION",
              "rules": [
                {
                  "id": "broken-link",
                  "shortDescription": {
                    "text": "A link leads nowhere."
                  },
                  "help": {
                    "text": "# broken-link\n",
                    "markdown": "# broken-link\n"
                  },
                  "defaultConfiguration": {
                    "level": "error"
                  }
                },
                {
                  "id": "label-mismatch",
                  "shortDescription": {
                    "text": "A label does not agree with the days."
                  },
                  "help": {
                    "text": "# label-mismatch\n",
                    "markdown": "# label-mismatch\n"
                  },
                  "defaultConfiguration": {
                    "level": "warning"
                  }
                }
              ]
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "ruleId": "broken-link",
              "level": "error",
              "message": {
                "text": "link to `db/restore.md`, which does not exist\ndid you mean `database/restore.md`?"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/runbooks/db.md"
                    },
                    "region": {
                      "startLine": 3,
                      "startColumn": 5,
                      "endLine": 3,
                      "endColumn": 29
                    }
                  }
                }
              ],
              "ruleIndex": 0
            },
            {
              "ruleId": "label-mismatch",
              "level": "warning",
              "message": {
                "text": "label `Week 4` is \"late\" <20>\ncompress the phases\nor rename the labels"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/plan.toml"
                    },
                    "region": {
                      "startLine": 2,
                      "startColumn": 9,
                      "endLine": 2,
                      "endColumn": 17
                    }
                  }
                }
              ],
              "ruleIndex": 1,
              "relatedLocations": [
                {
                  "id": 0,
                  "message": {
                    "text": "the plan has 15 days"
                  },
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/plan.toml"
                    },
                    "region": {
                      "startLine": 1,
                      "startColumn": 17,
                      "endLine": 1,
                      "endColumn": 19
                    }
                  }
                },
                {
                  "id": 1,
                  "message": {
                    "text": "said here"
                  },
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/a%2C%20b.md"
                    },
                    "region": {
                      "startLine": 2,
                      "startColumn": 1,
                      "endLine": 2,
                      "endColumn": 4
                    }
                  }
                }
              ]
            }
          ]
        }
      ]
    }
    "##);
}

#[test]
fn github_commands_are_escaped() {
    assert_snapshot!(emit(Format::Github, &two(), false, 100), @r#"
    ::error file=content/runbooks/db.md,line=3,col=5,endLine=3,endColumn=29,title=broken-link::link to `db/restore.md`, which does not exist%0Ahelp: did you mean `database/restore.md`?
    ::warning file=content/plan.toml,line=2,col=9,endLine=2,endColumn=17,title=label-mismatch::label `Week 4` is "late" <20>%0Ahelp: compress the phases%0Aor rename the labels
    "#);
}

#[test]
fn junit_is_escaped() {
    assert_snapshot!(emit(Format::Junit, &two(), false, 100), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="handover" tests="2" failures="1" errors="0">
      <testsuite name="handover check" tests="2" failures="1" errors="0">
        <testcase classname="handover" name="content/runbooks/db.md" file="content/runbooks/db.md">
          <failure type="broken-link" message="link to `db/restore.md`, which does not exist">content/runbooks/db.md:3:5: error[broken-link]: link to `db/restore.md`, which does not exist
    help: did you mean `database/restore.md`?</failure>
        </testcase>
        <testcase classname="handover" name="content/plan.toml" file="content/plan.toml">
          <system-out>content/plan.toml:2:9: warning[label-mismatch]: label `Week 4` is &quot;late&quot; &lt;20&gt;
    help: compress the phases
    or rename the labels</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
    assert_snapshot!(emit(Format::Junit, &[], false, 100), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="handover" tests="1" failures="0" errors="0">
      <testsuite name="handover check" tests="1" failures="0" errors="0">
        <testcase classname="handover" name="no problems"/>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn the_summary_counts() {
    assert_eq!(summary(&two()), "1 error, 1 warning in 2 files");
    assert_eq!(summary(&two()[..1]), "1 error in 1 file");
    assert_eq!(summary(&[]), "no problems");
}

#[test]
fn color_is_only_added_when_asked_for() {
    assert!(emit(Format::Human, &two(), true, 100).contains("\u{1b}["));
    assert!(!emit(Format::Human, &two(), false, 100).contains('\u{1b}'));
}

#[test]
fn crlf_and_tabs_keep_their_place() {
    let found = broken("one\r\n\tSee [x](y).\r\nthree\r\n", "[x](y)");
    assert_snapshot!(emit(Format::Human, &found, false, 100), @"
    error[broken-link]: link to `db/restore.md`, which does not exist
     --> content/runbooks/db.md:2:6
      |
    2 |     See [x](y).
      |         ^^^^^^
      |
      = help: did you mean `database/restore.md`?
    ");
}

#[test]
fn a_span_over_a_line_end() {
    let found = broken("one\r\nlink [x](\r\ny).\r\nthree\r\n", "[x](\r\ny)");
    assert_snapshot!(emit(Format::Human, &found, false, 100), @"
    error[broken-link]: link to `db/restore.md`, which does not exist
     --> content/runbooks/db.md:2:6
      |
    2 |   link [x](
      |  ______^
    3 | | y).
      | |__^
      |
      = help: did you mean `database/restore.md`?
    ");
    let found = broken("one\r\ntwo\r\nthree\r\n", "two\r\n");
    assert_snapshot!(emit(Format::Human, &found, false, 100), @"
    error[broken-link]: link to `db/restore.md`, which does not exist
     --> content/runbooks/db.md:2:1
      |
    2 | two
      | ^^^
      |
      = help: did you mean `database/restore.md`?
    ");
}

#[test]
fn a_long_span_marks_its_first_line() {
    let fence = format!("```mermaid\n{}```", "a --> b\n".repeat(20));
    let found = broken(&format!("text\n\n{fence}\n"), &fence);
    assert_snapshot!(emit(Format::Human, &found, false, 100), @"
    error[broken-link]: link to `db/restore.md`, which does not exist
     --> content/runbooks/db.md:3:1
      |
    3 | ```mermaid
      | ^^^^^^^^^^
      |
      = help: did you mean `database/restore.md`?
    ");
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = format!("{}[x](y){}", "before ".repeat(10_000), " after".repeat(10_000));
    assert_snapshot!(emit(Format::Human, &broken(&text, "[x](y)"), false, 100), @"
    error[broken-link]: link to `db/restore.md`, which does not exist
     --> content/runbooks/db.md:1:70001
      |
    1 | ...before before before before before before [x](y) after after after after after after after...
      |                                              ^^^^^^
      |
      = help: did you mean `database/restore.md`?
    ");
    let long = "é".repeat(10_000);
    let drawn = emit(Format::Human, &broken(&long, &long), false, 100);
    assert!(drawn.len() < 2_000, "{} bytes", drawn.len());
}

#[test]
fn many_problems_of_one_line_are_cut_from_it() {
    let text = "[x](y) ".repeat(20_000);
    let source = source("a.md", &text);
    let problem = |index: usize| {
        let start = index * 7;
        Diagnostic::new(&BROKEN, &source, start..start + 6, "link to `y`, which does not exist")
            .note(&source, 139_993..139_999, "the last one")
    };
    let found: Vec<Diagnostic> = (0..200).map(|index| problem(index * 100)).collect();
    let drawn = emit(Format::Human, &found, false, 60);
    assert!(drawn.len() < found.len() * 1_000, "{} bytes", drawn.len());
    assert_snapshot!(drawn.split("\n\n").nth(100).unwrap_or_default(), @"
    error[broken-link]: link to `y`, which does not exist
     --> a.md:1:70001
      |
    1 | ... [x](y) [x](y) [x](y) [x](y) [x](y) [x](y) [x](y) ...
      |                          ^^^^^^
      |
     ::: a.md:1:139994
      |
    1 | ... [x](y) [x](y) [x](y) 
      |                   ------ the last one
    ");
}

#[test]
fn an_empty_source_has_a_place_and_no_text() {
    assert_snapshot!(emit(Format::Human, &broken("", ""), false, 100), @"
    error[broken-link]: link to `db/restore.md`, which does not exist
    --> content/runbooks/db.md:1:1
     = help: did you mean `database/restore.md`?
    ");
    assert_snapshot!(emit(Format::Short, &broken("", ""), false, 100), @"content/runbooks/db.md:1:1: error[broken-link]: link to `db/restore.md`, which does not exist");
}

#[test]
fn a_name_cannot_forge_a_line() {
    let source = source("a.md", "x\n");
    let found = [Diagnostic::new(&BROKEN, &source, 0..1, "link to `a\nb.md:1:1: error\u{1b}[2J`")];
    assert_snapshot!(emit(Format::Short, &found, false, 100), @r"a.md:1:1: error[broken-link]: link to `a\nb.md:1:1: error\u{1b}[2J`");
    assert_snapshot!(emit(Format::Junit, &found, false, 100), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="handover" tests="1" failures="1" errors="0">
      <testsuite name="handover check" tests="1" failures="1" errors="0">
        <testcase classname="handover" name="a.md" file="a.md">
          <failure type="broken-link" message="link to `a\nb.md:1:1: error\u{1b}[2J`">a.md:1:1: error[broken-link]: link to `a\nb.md:1:1: error\u{1b}[2J`</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
    assert!(!emit(Format::Human, &found, false, 100).contains('\u{1b}'));
}

#[test]
fn any_span_in_any_text_is_emitted() {
    let pieces = [
        "",
        "a",
        "é",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "日本",
        "\u{1b}",
        "\u{200b}",
        "👩‍👩‍👧",
        "[x](y)",
        "   ",
    ];
    let mut seed = 7_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..2_000 {
        let text: String = (0..next(12)).map(|_| pieces[next(pieces.len())]).collect();
        let source = source("a.md", &text);
        let mut span = || Span { start: next(text.len() + 3), end: next(text.len() + 3) };
        let found = Diagnostic::new(&BROKEN, &source, span(), "a `name`")
            .note(&source, span(), "here too")
            .help("mend it");
        for format in <Format as clap::ValueEnum>::value_variants() {
            let text = emit(*format, std::slice::from_ref(&found), false, 80);
            assert!(!text.is_empty());
        }
    }
}
