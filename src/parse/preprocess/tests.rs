//! Real programs over real folders.

#![expect(clippy::disallowed_methods, reason = "programs are run on what stands on the disk")]

use std::fs;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::diagnostic::emit::{Format, emit};
use crate::fixture::{self, Random};
use crate::history::NoPast;
use crate::load::{self, Hint, WorkingTree};
use crate::{Judged, UNOBSERVED};

use super::*;

/// What programs begin with: `python3 pre.py MODE`, or that and `supports html`. Each run adds a line to `runs`.
const PROGRAM: &str = r#"-- pre.py --
import json, sys
mode = sys.argv[1]
if sys.argv[2:3] == ["supports"]:
    sys.exit(0 if sys.argv[3] == "html" and mode != "unsupporting" else 1)
context, book = json.load(sys.stdin)
open("runs", "a").write(mode + "\n")
def chapters(items):
    for item in items:
        if isinstance(item, dict) and "Chapter" in item:
            yield item["Chapter"]
            yield from chapters(item["Chapter"]["sub_items"])
def say(**keys):
    json.dump(keys, sys.stdout)
    sys.exit(0)
"#;

/// A book on disk that is looked at again and again.
struct Shelf {
    folder: TempDir,
    disk: Arc<WorkingTree>,
    tree: Tree,
    memory: crate::Memory,
}

impl Shelf {
    fn new(program: &str, files: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in fixture::files(&format!("{PROGRAM}{program}{files}")) {
            let path = folder.path().join(path.as_str());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let disk = Arc::new(load::working_tree(folder.path()).unwrap());
        let programs = load::program::programs(folder.path(), drop, |_| {}).unwrap();
        let tree = Tree::new(Arc::clone(&disk)).with_programs(programs);
        Self { folder, disk, tree, memory: crate::Memory::default() }
    }

    fn judged(&mut self) -> Judged {
        let memory = &mut self.memory;
        crate::judge_again(&self.tree, &NoPast::outside(), &fixture::options(), UNOBSERVED, memory)
    }

    fn edit(&mut self, path: &str, text: &str) {
        let path = self.folder.path().canonicalize().unwrap().join(path);
        fs::write(&path, text).unwrap();
        let hint = Hint::At([path].into());
        let moved = self.disk.refresh(&hint);
        self.tree.refresh(moved, &self.disk.suspects(&hint));
    }

    /// How often programs were run so far.
    fn runs(&self) -> usize {
        fs::read_to_string(self.folder.path().join("runs")).unwrap_or_default().lines().count()
    }
}

fn shown(problems: &[Diagnostic]) -> String {
    emit(Format::Short, problems, false, 100)
}

fn body<'a>(judged: &'a Judged, path: &str) -> &'a str {
    &judged.portal.documents[path].text.body
}

const BOOK: &str = "\
-- book.toml --
[book]
title = \"Orders\"
[preprocessor.say]
command = \"python3 pre.py say\"
word = \"queue\"
-- src/SUMMARY.md --
# Summary

[Start](README.md)
# Part
- [One](one.md)
  - [Two](two.md)
---
- [Later]()
-- src/README.md --
---
owner: somebody
---
# Start

The {{word}} of {{#include part.txt}}.

See [nothing](gone.md).
-- src/part.txt --
all {{word}}s
-- src/one.md --
# One
-- src/two.md --
# Two
";

const SAY: &str = r##"
word = context["config"]["preprocessor"]["say"]["word"]
for chapter in chapters(book["items"]):
    chapter["content"] = chapter["content"].replace("# Start\n", "# Start\n\nNew\n\n[new](new.md)\n").replace("{{word}}", word)
say(items=book["items"])
"##;

#[test]
fn the_reader_reads_what_a_program_made() {
    let mut shelf = Shelf::new(SAY, BOOK);
    let judged = shelf.judged();
    assert_snapshot!(body(&judged, "src/README.md"), @"
    # Start

    New

    [new](new.md)

    The queue of all queues.

    See [nothing](gone.md).
    ");
    // What was there stands where it stood, what is new at a line beside it.
    assert_snapshot!(shown(&judged.diagnostics), @"
    src/README.md:6:1: error[broken-link]: link to `new.md`, which does not exist
    src/README.md:8:5: error[broken-link]: link to `gone.md`, which does not exist
    ");
    // What was reviewed is the text of the file.
    let unprocessed = fixture::judged(BOOK);
    for (id, document) in &*judged.assessment.documents {
        assert_eq!(document.digest, unprocessed.assessment.documents[id].digest, "{id}");
    }
    assert_eq!(judged.manifest, unprocessed.manifest);
}

#[test]
fn a_program_is_told_what_mdbook_tells_it() {
    let program = r#"
def show(items, depth):
    for item in items:
        if isinstance(item, str) or "PartTitle" in item:
            print("  " * depth, item, file=log)
        else:
            c = item["Chapter"]
            number = c["number"] and ".".join(map(str, c["number"]))
            print("  " * depth, c["name"], number, c["path"], c["source_path"], c["parent_names"], repr(c["content"]), file=log)
            show(c["sub_items"], depth + 1)
log = open("log", "w")
context.pop("root")
print(json.dumps(context, sort_keys=True), sorted(book), file=log)
show(book["items"], 0)
say(sections=book["sections"])
"#;
    let mut shelf = Shelf::new(program, BOOK);
    assert_snapshot!(shown(&shelf.judged().diagnostics), @"src/README.md:8:5: error[broken-link]: link to `gone.md`, which does not exist");
    assert_snapshot!(fs::read_to_string(shelf.folder.path().join("log")).unwrap(), @r##"
    {"config": {"book": {"authors": [], "language": "en", "src": "src", "title": "Orders"}, "preprocessor": {"say": {"command": "python3 pre.py say", "word": "queue"}}}, "mdbook_version": "0.5.4", "renderer": "html"} ['__non_exhaustive', 'items', 'sections']
     Start None index.md README.md [] '# Start\n\nThe {{word}} of all {{word}}s.\n\nSee [nothing](gone.md).\n'
     {'PartTitle': 'Part'}
     One 1 one.md one.md [] '# One\n'
       Two 1.1 two.md two.md ['One'] '# Two\n'
     Separator
     Later 2 None None [] ''
    "##);
}

#[test]
fn programs_of_both_generations_are_understood() {
    let mark = "\nfor list in LISTS:\n    for chapter in chapters(book[list]):\n        chapter['content'] += '\\nMarked'\n";
    for (lists, said) in [
        ("['items']", "say(items=book['items'])"),
        ("['sections']", "say(sections=book['sections'], __non_exhaustive=None)"),
        ("['sections']", "say(**book)"),
        ("['items']", "say(**book)"),
        ("['items', 'sections']", "say(**book)"),
    ] {
        let program = format!("{}{said}\n", mark.replace("LISTS", lists));
        let judged = Shelf::new(&program, BOOK).judged();
        assert_eq!(body(&judged, "src/two.md"), "# Two\n\nMarked", "{lists} {said}");
    }
}

#[test]
fn a_program_changes_what_is_listed() {
    let program = r##"
all = book["items"]
all[0]["Chapter"]["name"] = "Begin"
one = all[2]["Chapter"]
one["sub_items"] = []
new = dict(one, name="Authors", content="# Authors\n\n[gone](gone.md)\n", path="x/authors.md", source_path=None, sub_items=[])
all.append({"Chapter": new})
say(items=all)
"##;
    let mut shelf = Shelf::new(program, BOOK);
    let judged = shelf.judged();
    let listed = |judged: &Judged| -> Vec<String> {
        let sections = judged.portal.nav.sections.iter();
        let shown = sections.flat_map(|section| &section.items).map(|item| {
            let path = item.document.as_ref().map_or("-", |path| path.as_str());
            format!("{} {} {path}", item.number.as_deref().unwrap_or(""), item.title)
        });
        shown.collect()
    };
    assert_snapshot!(listed(&judged).join("\n"), @"
     Begin src/README.md
    1. One src/one.md
    2. Later -
    3. Authors src/x/authors.md
    ");
    assert_eq!(judged.portal.documents.len(), 3);
    assert!(judged.portal.drafts.contains("src/two.md"));
    assert_snapshot!(shown(&judged.diagnostics), @"
    book.toml:3:15: error[broken-link]: src/x/authors.md: link to `gone.md`, which does not exist
    src/README.md:8:5: error[broken-link]: link to `gone.md`, which does not exist
    ");
    // Nothing that hangs on the book is made anew where nothing is another.
    let again = shelf.judged();
    assert!(Arc::ptr_eq(&judged.portal.documents, &again.portal.documents));
    assert!(Arc::ptr_eq(&judged.portal.nav, &again.portal.nav));
    assert_eq!(shelf.runs(), 1);
    // A program that ends to do so leaves no trace.
    shelf.edit("book.toml", "[book]\ntitle = \"Orders\"\n");
    assert_eq!(listed(&shelf.judged()), listed(&fixture::judged(BOOK)));
}

#[test]
fn programs_run_when_what_they_see_has_changed() {
    let mut shelf = Shelf::new(SAY, BOOK);
    shelf.judged();
    shelf.judged();
    shelf.edit("src/other.txt", "x");
    shelf.judged();
    assert_eq!(shelf.runs(), 1);
    shelf.edit("src/two.md", "# Two\n\n{{word}}\n");
    assert_eq!(body(&shelf.judged(), "src/two.md"), "# Two\n\nqueue\n");
    assert_eq!(shelf.runs(), 2);
    shelf.edit("src/part.txt", "{{word}}");
    assert!(body(&shelf.judged(), "src/README.md").contains("The queue of queue."));
    assert_eq!(shelf.runs(), 3);
    // A program of the project is a file of it.
    let program = format!("{PROGRAM}{SAY}").replace("-- pre.py --\n", "").replace("New", "Newer");
    shelf.edit("pre.py", &program);
    assert!(body(&shelf.judged(), "src/README.md").contains("Newer"));
    assert_eq!(shelf.runs(), 4);
}

#[test]
fn one_program_sees_what_the_one_before_it_made() {
    let book = "\
-- book.toml --
[preprocessor.b]
command = \"python3 pre.py b\"
before = [\"a\"]
[preprocessor.a]
command = \"python3 pre.py a\"
[preprocessor.c]
command = \"python3 pre.py c\"
renderers = [\"epub\"]
-- src/a.md --
# A
";
    let program = "for chapter in chapters(book['items']):\n    chapter['content'] += mode\nsay(items=book['items'])\n";
    let mut shelf = Shelf::new(program, book);
    assert_eq!(body(&shelf.judged(), "src/a.md"), "# A\nba");
    assert_eq!(shelf.runs(), 2);
}

#[test]
fn a_picture_that_a_program_makes_is_there() {
    let program = r#"
open("src/made.svg", "w").write("<svg xmlns='http://www.w3.org/2000/svg'/>")
for chapter in chapters(book["items"]):
    chapter["content"] += "\n![Made](made.svg)\n"
say(items=book["items"])
"#;
    let book =
        "-- book.toml --\npreprocessor.x.command = 'python3 pre.py x'\n-- src/a.md --\n# A\n";
    let mut shelf = Shelf::new(program, book);
    let judged = shelf.judged();
    assert_snapshot!(shown(&judged.diagnostics), @"");
    // What comes after it is seen too.
    shelf.edit("src/b.md", "# B\n");
    assert_eq!(shelf.judged().portal.documents.len(), 2);
    let digest = |judged: &Judged| judged.assessment.documents["a"].digest.clone();
    assert_eq!(digest(&judged), digest(&fixture::judged(book)));
}

#[test]
fn what_fails_is_run_again_at_the_next_look() {
    let program = "import os, tempfile\ntempfile.mkstemp(suffix='.md', dir='src')\n\
        say(items=[]) if os.path.exists('good') else sys.exit(3)\n";
    let book =
        "-- book.toml --\npreprocessor.x.command = 'python3 pre.py x'\n-- src/a.md --\n# A\n";
    let mut shelf = Shelf::new(program, book);
    assert!(shown(&shelf.judged().diagnostics).contains("failed-preprocessor"));
    // What the program leaves behind is no reason to look again.
    let hint = Hint::At([shelf.folder.path().canonicalize().unwrap().join("src")].into());
    assert!(!shelf.disk.refresh(&hint));
    shelf.edit("good", "");
    assert!(!shown(&shelf.judged().diagnostics).contains("failed-preprocessor"));
    assert_eq!(shelf.runs(), 2);
}

#[test]
fn what_fails_is_said_at_its_table() {
    let said = |table: &str, program: &str| {
        let book =
            format!("-- book.toml --\n[book]\ntitle = 'x'\n\n{table}\n-- src/a.md --\n# A\n");
        let judged = Shelf::new(program, &book).judged();
        assert_eq!(body(&judged, "src/a.md"), "# A\n");
        shown(&judged.diagnostics)
    };
    let run = |program: &str| said("[preprocessor.x]\ncommand = 'python3 pre.py x'", program);
    assert_snapshot!(run("print('oh no', file=sys.stderr); sys.exit(3)\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: it ended with exit code 3: oh no");
    assert_snapshot!(run("print('no JSON')\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: what it wrote is no book: expected ident at line 1 column 2");
    assert_snapshot!(run("pass\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: what it wrote is no book: it wrote nothing");
    assert_snapshot!(run("say(items=[{'Chapter': {'name': 'A'}}])\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: what it wrote is no book: missing field `content` at line 1 column 36");
    assert_snapshot!(run("say(book=[])\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: what it wrote is no book: it has neither `items` nor `sections`");
    assert_snapshot!(run("say(items=[{'Chapter': {'name': 'A', 'content': '', 'path': 'a.md', 'sub_items': [{'Chapter': {'name': 'B', 'content': '', 'path': 'x/' + 'b' * 248 + '.md'}}]}}])\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: the path of chapter `B` has a part of more than 250 bytes");
    assert_snapshot!(run("say(items=[{'Chapter': {'name': 'C', 'content': '', 'path': 'q\\nb.html\\nzz.md'}}])\n"), @"book.toml:4:15: error[failed-preprocessor]: preprocessor `x` failed: the path of chapter `C` has a control character");
    assert_snapshot!(said("[preprocessor]\nx.command = '\"'", ""), @r#"book.toml:5:1: error[failed-preprocessor]: preprocessor `x` failed: `"` is no command"#);
    assert_snapshot!(said("[preprocessor.x]\ncommand = 'python3 pre.py unsupporting'", ""), @"book.toml:4:15: warning[unused-setting]: preprocessor `x` is not run, as it does not support `html`: what it would make of the text is not in the pages");
    assert_snapshot!(said("[preprocessor.variables]", ""), @"book.toml:4:15: warning[unused-setting]: preprocessor `variables` is not run, as `mdbook-variables` is not installed: its placeholders stay as they are written");
    assert_snapshot!(said("[preprocessor.that-nobody-has]", ""), @"book.toml:4:15: warning[unused-setting]: preprocessor `that-nobody-has` is not run, as `mdbook-that-nobody-has` is not installed: what it would make of the text is not in the pages");
    assert_snapshot!(said("[preprocessor.x]\ncommand = './tools/absent'", ""), @"book.toml:4:15: warning[unused-setting]: preprocessor `x` is not run, as `./tools/absent` is not installed: what it would make of the text is not in the pages");
    assert_eq!(said("[preprocessor.that-nobody-has]\noptional = true", ""), "");
    assert_eq!(said("[preprocessor.mermaid]\n[preprocessor.links]", ""), "");
    let off =
        "[preprocessor.x]\ncommand = 'python3 pre.py x'\n[output.handover]\npreprocessors = false";
    assert_snapshot!(said(off, "sys.exit(1)\n"), @"book.toml:4:15: warning[unused-setting]: preprocessor `x` is not run: what it would make of the text is not in the pages");
}

#[test]
fn every_line_stands_for_one() {
    let old = "one\r\ntwo\n\nthree\nfour";
    let mut random = Random::new(23);
    for _ in 0..150 {
        let new = random.edited(old);
        let book = "-- book.toml --\n-- src/a.md --\n";
        let tree = fixture::tree(&format!("{book}{old}"));
        let config = crate::parse::config::Config::default();
        let path = SourcePath::new("src/a.md").unwrap();
        let source = tree.source(&path).unwrap().unwrap();
        let read = Arc::new(crate::parse::document::document(&tree, &source, &config));
        let made = crate::parse::document::processed(&tree, &read, &new, &config);
        for (at, _) in made.text.body.char_indices() {
            let (source, span) = made.text.locate(Span { start: at, end: at });
            assert!(source.text.get(span.start..span.end).is_some(), "{new:?}");
        }
    }
}
