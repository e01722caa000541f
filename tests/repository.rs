//! The repository itself: who may know whom, a word on every module, commands that work.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::project::{Project, repository};

/// Which modules each module may name; itself is understood.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("error", &[]),
    ("diagnostic", &["source"]),
    ("history", &["source"]),
    ("load", &["source", "error", "history"]),
    ("signature", &[]),
    ("diagram", &[]),
    ("parse", &["source", "diagnostic", "history", "signature", "diagram"]),
    ("difference", &["parse"]),
    ("link", &["source", "diagnostic", "parse"]),
    ("assess", &["source", "diagnostic", "history", "signature", "parse", "link"]),
    ("release", &["source", "diagnostic", "history", "parse", "link", "assess"]),
    ("check", &["source", "diagnostic", "parse", "link", "assess", "release"]),
    (
        "render",
        &[
            "source",
            "diagnostic",
            "diagram",
            "history",
            "difference",
            "parse",
            "link",
            "assess",
            "release",
        ],
    ),
    ("write", &["source", "error", "diagnostic", "parse", "render"]),
    ("serve", &["source", "load", "render", "write"]),
];

#[test]
fn modules_know_only_what_stands_below_them() {
    let src = repository().join("src");
    let mut wrong = Vec::new();
    let files = rust_files("src");
    let of_tests: BTreeSet<_> = files.iter().flat_map(|path| test_modules(path)).collect();
    for path in files.iter().filter(|path| !of_tests.contains(*path)) {
        let below = path.strip_prefix(&src).unwrap();
        let module = below.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            assert!(["cli", "fixture", "lib", "main"].contains(&module), "{module} has no layer");
            continue;
        };
        let text = fs::read_to_string(path).unwrap();
        for known in known(product(&text)).iter().filter(|known| *known != module) {
            if !allowed.contains(&known.as_str()) {
                wrong.push(format!("{}: crate::{known}", below.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns a file's text up to the module of its tests.
fn product(text: &str) -> &str {
    let tests = text.match_indices("#[cfg(test)]\n").find(|(at, mark)| {
        let next = text[at + mark.len()..].lines().next().unwrap_or_default();
        next.contains("mod ") && next.ends_with('{')
    });
    tests.map_or(text, |(at, _)| &text[..at])
}

/// Returns the files of the modules that a file declares for tests alone.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let folder = path.parent().unwrap();
    let declared = text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| rest.lines().next());
    let names = declared.filter_map(|line| line.split("mod ").nth(1)?.strip_suffix(';'));
    names.map(|name| folder.join(format!("{name}.rs"))).collect()
}

/// Returns the modules of the crate that a text names, also in groups such as `crate::{a::B, c}`.
fn known(text: &str) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => {
                known.insert(name(rest));
            }
            Some(group) => {
                let mut depth = 0;
                let mut parts = vec![String::new()];
                for character in group.chars() {
                    match character {
                        '}' if depth == 0 => break,
                        ',' if depth == 0 => parts.push(String::new()),
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        other => parts.last_mut().unwrap().push(other),
                    }
                }
                known.extend(parts.iter().map(|part| name(part)).filter(|part| !part.is_empty()));
            }
        }
    }
    known
}

#[test]
fn every_module_opens_with_a_word() {
    for path in rust_files("src").into_iter().chain(rust_files("tests")) {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let opens = first.starts_with("//! ") || first.starts_with("#![doc");
        assert!(opens, "{} does not open with `//!`", path.display());
    }
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string(repository().join("src/README.md")).unwrap();
    let lib = fs::read_to_string(repository().join("src/lib.rs")).unwrap();
    for module in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = module.trim_end_matches(';');
        assert!(map.contains(&format!("| `{module}` |")), "src/README.md does not name {module}");
    }
}

#[test]
fn every_problem_has_a_page() {
    let project = Project::new("");
    let list = project.run(&["explain"]).stdout;
    let ids: Vec<_> = list.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for id in ids {
        let page = project.run(&["explain", id]).stdout;
        assert!(page.starts_with(&format!("# {id}\n\n")), "{id}: {page}");
    }
}

#[test]
fn every_dependency_is_explained() {
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let contributing = fs::read_to_string(repository().join("CONTRIBUTING.md")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let tables = [
        &manifest["dependencies"],
        &manifest["dev-dependencies"],
        &manifest["target"]["cfg(unix)"]["dependencies"],
    ];
    for name in tables.iter().flat_map(|table| table.as_table().unwrap().keys()) {
        assert!(
            contributing.contains(&format!("| `{name}` |")),
            "CONTRIBUTING.md does not say why {name} is there"
        );
    }
}

/// The commands of the README that make something, but for those that build the program and run these tests.
#[test]
fn the_commands_of_the_readme_run() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let project = Project::example();
    let blocks =
        readme.split("```console\n").skip(1).map(|block| block.split("```").next().unwrap());
    let commands: Vec<_> =
        blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).collect();
    let ours: Vec<_> = commands
        .iter()
        .filter_map(|command| {
            command
                .strip_prefix("cargo run --release -- ")
                .or_else(|| command.strip_prefix("handover "))
        })
        .collect();
    assert!(ours.len() > 3, "{commands:?}");
    for command in ours {
        let arguments: Vec<_> = command.split("  #").next().unwrap().split_whitespace().collect();
        let ran = project.run(&arguments);
        assert!(ran.code == Some(0), "{command}: {ran:?}");
    }
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let entries = WalkDir::new(repository().join(folder)).sort_by_file_name().into_iter();
    let source = |path: &Path| path.extension().is_some_and(|extension| extension == "rs");
    let paths = entries
        .filter_entry(|entry| entry.file_name() != "node_modules")
        .map(|entry| entry.unwrap().into_path());
    paths.filter(|path| source(path)).collect()
}
