//! What a reader sees change.

use std::fmt::Write as _;

use super::*;
use crate::fixture::Random;

/// One line a block: the sign, what it is, and its words with `[-removed-]` and `{+added+}`.
fn shown(old: &str, new: &str) -> String {
    let mut out = String::new();
    for hunk in difference(old, new) {
        let heading = hunk.heading.map(|heading| format!(" {heading}"));
        writeln!(out, "@@{}", heading.unwrap_or_default()).unwrap();
        for row in hunk.rows {
            let sign = match row.change {
                Change::Same => ' ',
                Change::Removed => '-',
                Change::Added => '+',
                Change::Changed => '~',
            };
            let cells: Vec<String> =
                row.cells.iter().map(|cell| cell.iter().map(run).collect()).collect();
            let kind = match row.kind {
                Kind::Heading(level) => format!("h{level}"),
                Kind::Paragraph => "p".into(),
                Kind::Item { depth, .. } => {
                    let number = row.number.map_or("*".into(), |number| number.to_string());
                    format!("{}{number}", ">".repeat(usize::from(depth) - 1))
                }
                Kind::Quote => "quote".into(),
                Kind::Code { language } => format!("code {language}"),
                Kind::Cells { head } => if head { "th" } else { "td" }.into(),
                Kind::Html => "html".into(),
                Kind::Rule => "rule".into(),
            };
            writeln!(out, "{sign} {kind}: {}", cells.join(" | ")).unwrap();
        }
    }
    out
}

fn run(run: &Run) -> String {
    let mut text = run.text.clone();
    let Style { strong, emphasis, struck, code, link, image } = &run.style;
    for (on, mark) in [(strong, "**"), (emphasis, "_"), (struck, "~~"), (code, "`")] {
        if *on {
            text = format!("{mark}{text}{mark}");
        }
    }
    if let Some(to) = link {
        text = format!("[{text}]({to})");
    }
    if let Some(to) = image {
        text = format!("![{text}]({to})");
    }
    match run.change {
        Change::Removed => format!("[-{text}-]"),
        Change::Added => format!("{{+{text}+}}"),
        Change::Same | Change::Changed => text,
    }
}

#[test]
fn how_it_is_written_is_no_difference() {
    let old = "# A\n\nOne two\nthree.\n\n* x\n* y\n\n# B\n\n\tcode\n";
    let new = "A\n=\n\nOne   two three.\n\n- x\n- y\n\n# B\n\n```\ncode\n```\n";
    assert_eq!(shown(old, new), "");
    assert_eq!(shown(old, &old.replace('\n', "\r\n")), "");
    assert_eq!(shown("", ""), "");
}

#[test]
fn words_change_within_a_paragraph() {
    let old = "# Restore\n\nCall the team.\n\nStop the writers, then restore the newest backup.\n\nDone.\n\nMore.\n";
    let new = "# Restore\n\nCall the team.\n\nStop all the writers, then restore **the last good** backup.\n\nDone.\n\nMore.\n";
    insta::assert_snapshot!(shown(old, new), @r"
    @@ Restore
      p: Call the team.
    ~ p: Stop {+all +}the writers, then restore [-the newest-]{+**the last good**+} backup.
      p: Done.
    ");
}

#[test]
fn blocks_come_and_go() {
    let old = "## Steps\n\n1. Stop the writers.\n2. Take a snapshot.\n3. Restore.\n\nSomething else entirely.\n";
    let new = "## Steps\n\n1. Stop the writers.\n2. Restore.\n   - Slowly.\n\nAn unrelated sentence about queues.\n";
    insta::assert_snapshot!(shown(old, new), @r"
    @@ Steps
      1: Stop the writers.
    - 2: [-Take a snapshot.-]
      2: Restore.
    + >*: {+Slowly.+}
    - p: [-Something else entirely.-]
    + p: {+An unrelated sentence about queues.+}
    ");
}

#[test]
fn code_changes_by_its_lines_and_tables_by_their_cells() {
    let old = "```sh\nkubectl get pods\nkubectl scale --replicas=3\n```\n\n| level | minutes |\n|---|---|\n| SEV-1 | 15 |\n| SEV-2 | 30 |\n";
    let new = "```sh\nkubectl get pods\nkubectl scale --replicas=5\n```\n\n| level | minutes |\n|---|---|\n| SEV-1 | 10 |\n| SEV-2 | 30 |\n";
    insta::assert_snapshot!(shown(old, new), @r"
    @@
      code sh: kubectl get pods
    - code sh: [-kubectl scale --replicas=3-]
    + code sh: {+kubectl scale --replicas=5+}
      th: level | minutes
    ~ td: SEV-1 | [-15-]{+10+}
      td: SEV-2 | 30
    ");
}

#[test]
fn a_link_that_leads_elsewhere_and_another_image_are_changes() {
    let old = "See [how](a.md) and ![the map](a.png) at `x y`. [ ]\n\n- [ ] todo\n";
    let new = "See [how](b.md) and ![the map](b.png) at `x z`. [ ]\n\n- [x] todo\n";
    insta::assert_snapshot!(shown(old, new), @r"
    @@
    ~ p: See [-[how](a.md)-]{+[how](b.md)+} and [-![the map](a.png)-]{+![the map](b.png)+} at [-`x y`-]{+`x z`+}. [ ]
    ~ *: [-☐-]{+☑+} todo
    ");
}

#[test]
fn scripts_without_blanks_change_by_their_signs() {
    insta::assert_snapshot!(shown("本番環境を再起動する手順。", "検証環境を再起動する手順。"), @r"
    @@
    ~ p: [-本番-]{+検証+}環境を再起動する手順。
    ");
}

#[test]
fn everything_of_one_side_is_shown_when_the_other_is_empty() {
    let body = "# A\n\ntext\n";
    insta::assert_snapshot!(shown("", body), @r"
    @@
    + h1: {+A+}
    + p: {+text+}
    ");
    insta::assert_snapshot!(shown(body, ""), @r"
    @@
    - h1: [-A-]
    - p: [-text-]
    ");
}

/// Returns a body of so many blocks, of which one in `every` is of another seed.
fn long(blocks: usize, every: usize, seed: usize) -> String {
    let mut random = Random::new(1);
    let mut body = String::new();
    for block in 0..blocks {
        let word = random.below(400);
        let seed = if block % every == 0 { seed } else { 0 };
        match block % 5 {
            0 => writeln!(body, "## Part {word} {seed}\n"),
            1 => writeln!(body, "- an item {word} of {seed}\n"),
            2 => writeln!(body, "```\nrun {word} {seed}\n```\n"),
            _ => writeln!(body, "Words {word} of a sentence {seed} that goes on for a while.\n"),
        }
        .unwrap();
    }
    body
}

#[test]
fn long_documents_are_compared_too() {
    let (old, new) = (long(10_000, 7, 1), long(10_000, 7, 2));
    let changed = |hunks: Vec<Hunk>| {
        hunks.iter().flat_map(|hunk| &hunk.rows).filter(|row| row.change != Change::Same).count()
    };
    assert!(changed(difference(&old, &new)) >= 1_400);
    assert!(changed(difference(&old, &long(10_000, 1, 3))) >= 10_000);
    assert!(changed(difference(&old, "short")) >= 10_000);
}

/// Whatever is compared, the runs of each side are its text, and equal texts do not differ.
#[test]
fn nothing_is_lost_in_a_difference() {
    let base = "# Title {#id}\n\nSome *text* with `code`, [a link](x.md) and ~~more~~ $x$.[^1]\n\n> [!NOTE]\n> quoted\n\n1. one\n   1. two\n2. three\n\n| a | b |\n|---|---|\n| 1 | <b>2</b> |\n\n<div>\n\n```rust\nfn x() {}\n```\n\nterm\n: definition\n\n[^1]: note\n";
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let mut edited: Vec<char> = base.chars().collect();
        for _ in 0..random.below(8) + 1 {
            let at = random.below(edited.len());
            match random.below(3) {
                0 => drop(edited.remove(at)),
                1 => edited.insert(at, ['\n', '*', '|', '`', 'é', '>', '[', '本'][random.below(8)]),
                _ => edited.truncate(at.max(20)),
            }
        }
        let edited: String = edited.into_iter().collect();
        assert_eq!(difference(&edited, &edited), []);
        let (there, back) = (difference(base, &edited), difference(&edited, base));
        let text = |hunks: &[Hunk], without: Change| -> String {
            let runs =
                hunks.iter().flat_map(|hunk| &hunk.rows).flat_map(|row| row.cells.iter().flatten());
            runs.filter(|run| run.change != without).map(|run| run.text.as_str()).collect()
        };
        assert_eq!(text(&there, Change::Removed), text(&back, Change::Added), "seed {seed}");
    }
}
