//! Evidence that is recorded from the command line: checked first, asked for on a terminal, never in a pipe.

use std::io::Write as _;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::ledger::MORE;
use crate::project::{Project, Ran};

const PLAN: &str = r#"
[[escalation]]
level = 1
severities = ["SEV-1"]
contact = "amara"
hours = "24x7"
acknowledge-minutes = 15

[support]
days = 30
unit = "calendar"

[[support.commitment]]
title = "Weekly Sync"
text = "A meeting."
"#;

fn project() -> Project {
    let project = Project::queue(MORE);
    let plan = project.read("content/plan.toml");
    project.write("content/plan.toml", &format!("{plan}{PLAN}"));
    project
}

fn record(project: &Project, arguments: &str) -> Ran {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    project.run(&[&["record"], arguments.as_slice()].concat())
}

#[test]
fn every_kind_of_evidence_is_recorded_and_read() {
    let project = project();
    for arguments in [
        "session --module basics --hours 2.5 --trainer amara --attendees noor,luke --attendees amara",
        "certification --person noor --score 92 --certified-by amara --expires 2027-12-01 --note Good",
        "work --kind incident --severity SEV-1 --ticket INC-1 --performed-by noor,luke --observed-by amara --document drain --summary Drained",
        "escalation-test --level 1 --on 2026-12-17 --acknowledged-by amara --minutes 4 --channel phone",
        "support-event --commitment Weekly_Sync --summary Held",
        "exception --covers luke --reason Later --requested-by noor --approved-by amara --expires 2027-01-01",
        "decision --outcome no-go --by noor,amara --reason Early",
    ] {
        let arguments: Vec<String> =
            arguments.split(' ').map(|word| word.replace('_', " ")).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = project.run(&[&["record"], arguments.as_slice()].concat());
        assert_eq!(ran.code, Some(0), "{arguments:?} {ran:?}");
        assert!(!ran.stdout.contains("does not count"), "{ran:?}");
    }
    let check = project.run(&["check", "--format", "short"]);
    assert!(!check.stdout.contains("records/"), "{check:?}");
    assert_eq!(
        crate::project::names(&project.path("content/records")),
        ["decisions.toml", "practice.toml", "support.toml", "training.toml"]
    );
    let practice = project.read("content/records/practice.toml");
    assert_snapshot!(practice, @r#"
    [[work]] # 3867d6ad
    kind = "incident"
    severity = "SEV-1"
    ticket = "INC-1"
    on = 2026-12-18 # 3867d6ad
    performed-by = ["noor", "luke"]
    observed-by = ["amara"]
    document = "drain"
    summary = "Drained" # 3867d6ad

    [[escalation-test]] # 82379f31
    level = 1
    on = 2026-12-17
    acknowledged-by = "amara"
    minutes = 4 # 82379f31
    channel = "phone" # 82379f31
    "#);
    let status = project.run(&["status"]);
    assert!(status.stdout.contains("ready (1 of 1 criterion met)"), "{status:?}");
}

#[test]
fn what_the_project_does_not_have_is_refused() {
    let project = project();
    let says = |arguments: &str| {
        let ran = record(&project, arguments);
        assert_ne!(ran.code, Some(0), "{ran:?}");
        assert!(!project.path("content/records").exists());
        ran.stderr
    };
    let session = "session --module basics --hours 2 --attendees";
    assert_snapshot!(says(&format!("{session} nor")), @"
    error: nothing was recorded: there is no person `nor`
      = help: did you mean `noor`?
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says("session --module basic --hours 2 --attendees noor"), @"
    error: nothing was recorded: there is no training module `basic`
      = help: did you mean `basics`?
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says("escalation-test --level 4"), @"
    error: nothing was recorded: there is no escalation level `4`
      = help: name a level of an `[[escalation]]`
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says("escalation-test --level one"), @"
    error: invalid value 'one' for '--level <NUMBER>': it must be a whole number

    For more information, try '--help'.
    ");
    assert_snapshot!(says("certification --person noor --certified-by noor"), @"
    error: nothing was recorded: Noor Haddad cannot certify their own readiness
      = help: have it done by somebody who may, and record that
      = help: `--anyway` records it all the same
    ");
    assert_snapshot!(says("certification --person noor --certified-by amara --score 120"), @"error: `score` must be at most 100");
    assert_snapshot!(says("decision --outcome gone --by noor --reason x"), @"
    error: invalid value 'gone' for '--outcome <WORD>'
      [possible values: go, no-go, postponed]

      tip: a similar value exists: 'go'

    For more information, try '--help'.
    ");
    assert_snapshot!(says("exception --covers drain --reason x --requested-by noor --approved-by noor --expires 2027-01-01"), @"
    error: nothing was recorded: approved by the person who requested it
      = help: have another person approve it
      = help: `--anyway` records it all the same
    ");
    let anyway = record(&project, &format!("{session} nor --anyway"));
    assert_eq!(anyway.code, Some(0), "{anyway:?}");
    assert_snapshot!(anyway.stdout, @"content/records/training.toml:1: recorded that a training session took place (does not count: there is no person `nor`); the handover is now not ready (0 of 1 criterion met)");
}

#[test]
fn what_is_recorded_already_is_refused() {
    let project = project();
    let work = "work --kind incident --ticket INC-1 --performed-by noor --summary Drained";
    assert_eq!(record(&project, &work.replace("INC-1", "INC-0")).code, Some(0));
    assert_eq!(record(&project, work).code, Some(0));
    let again = record(&project, work);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert_snapshot!(again.stderr, @"
    error: nothing was recorded: it is recorded already, content/records/practice.toml:8
      = help: `--anyway` records it all the same
    ");
    assert_eq!(record(&project, &format!("{work} --anyway")).code, Some(0));
    assert_eq!(project.read("content/records/practice.toml").matches("[[work]]").count(), 3);
}

#[test]
fn what_is_missing_is_named_at_once_in_a_pipe() {
    let project = project();
    let ran = record(&project, "work --kind incident");
    assert_eq!(ran.code, Some(2));
    assert_snapshot!(ran.stderr, @"
    error: `--ticket`, `--performed-by`, `--summary` are missing
      = help: `handover record work --help` says what each is
    ");
    assert_snapshot!(record(&project, "certification --person noor").stderr, @"
    error: `--certified-by` is missing
      = help: `handover record certification --help` says what each is
    ");
}

#[test]
fn a_file_can_be_named() {
    let project = project();
    let test = "escalation-test --level 1 --acknowledged-by amara";
    assert_eq!(record(&project, &format!("{test} --file a.toml")).code, Some(0));
    let second = format!("{test} --minutes 2 --file content/records/z/b.toml");
    assert_eq!(record(&project, &second).code, Some(0));
    let ran = record(&project, &format!("{test} --minutes 3"));
    assert!(ran.stdout.starts_with("content/records/z/b.toml:7: "), "the last one: {ran:?}");
    for file in ["content/plan.toml", "../x.toml", "a.txt"] {
        let ran = record(&project, &format!("{test} --file {file}"));
        let said = format!("error: `{file}` is no file of records\n");
        assert!(ran.code == Some(2) && ran.stderr.starts_with(&said), "{ran:?}");
    }
}

/// Runs the program on a terminal of its own, and types.
#[cfg(target_os = "linux")]
fn typed(project: &Project, arguments: &str, typed: &str) -> (Option<i32>, String) {
    let command = format!("{} {arguments}", env!("CARGO_BIN_EXE_handover"));
    let mut child = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(project.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_missing_is_asked_on_a_terminal() {
    let project = project();
    let (code, said) =
        typed(&project, "record decision --by noor", "\u{1b}[B\rNobody was there.\r");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("reason (Why it was decided so)"), "{said}");
    let (code, said) = typed(&project, "record decision --by noor --no-input", "");
    assert_eq!(code, Some(2), "{said}");
    assert_snapshot!(project.read("content/records/decisions.toml"), @r#"
    [[decision]] # 5bed81fc
    on = 2026-12-18
    outcome = "no-go"
    by = ["noor"]
    reason = "Nobody was there." # 5bed81fc
    "#);
}
