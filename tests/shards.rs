//! A site that several builds make, each its share, and that is put together from the shards.

use std::fs;

use handover::source::sha256;

use crate::project::{Project, Ran, files};
use crate::versions;

/// Builds the shards of a project, and returns their folders, below the project.
fn shards(project: &Project, of: usize, arguments: &[&str]) -> Vec<String> {
    let shard = |number: usize| {
        let folder = format!("shards/{number}");
        let shard = format!("{number}/{of}");
        let build = ["build", "--shard", &shard, "-d", &folder];
        let ran = project.run(&[&build, arguments].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains(&format!(": shard {number}/{of}, ")), "{}", ran.stdout);
        folder
    };
    (1..=of).map(shard).collect()
}

fn shard_of(project: &Project, shard: &str, folder: &str) {
    let ran = project.run(&["build", "--shard", shard, "-d", folder]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

/// Writes a file of a shard, and its digest into the list of the shard's files, as who forges one does.
fn forge(project: &Project, shard: &str, path: &str, text: &str) {
    let at = format!("{shard}/{path}");
    let listed = |text: &str| format!("{}  {path}\n", sha256(text.as_bytes()));
    let list = project.read(&format!("{shard}/.handover"));
    let list = match project.path(&at).exists() {
        true => list.replace(&listed(&project.read(&at)), &listed(text)),
        false => format!("{list}{}", listed(text)),
    };
    project.write(&format!("{shard}/.handover"), &list);
    project.write(&at, text);
}

fn merge(project: &Project, folders: &[String], destination: &str) -> Ran {
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    project.run(&[&["merge", "-d", destination], &folders[..]].concat())
}

#[test]
fn shards_together_are_the_site_that_one_build_makes() {
    let project = versions::project();
    let site = versions::built(&project, &["--all-versions"]);
    for of in [1, 3] {
        let folders = shards(&project, of, &["--all-versions"]);
        let together: usize =
            folders.iter().map(|folder| files(&project.path(folder)).len() - 2).sum();
        let versions = site.keys().filter(|path| path.starts_with(['0', '1']));
        assert_eq!(together, versions.count(), "each file is made once");
        let merged = merge(&project, &folders, "merged");
        assert_eq!(merged.code, Some(0), "{}", merged.stderr);
        assert_eq!(files(&project.path("merged")), site);
        let again = merge(&project, &folders, "merged");
        assert!(again.stdout.contains(", 0 files written, "), "{}", again.stdout);
        fs::remove_dir_all(project.path("shards")).unwrap();
        fs::remove_dir_all(project.path("merged")).unwrap();
    }
}

#[test]
fn the_example_can_be_built_in_shards() {
    let project = Project::example();
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let folders = shards(&project, 4, &[]);
    let reversed: Vec<String> = folders.into_iter().rev().collect();
    let merged = merge(&project, &reversed, "merged");
    assert_eq!(merged.code, Some(0), "{}", merged.stderr);
    assert_eq!(files(&project.path("merged")), files(&project.path("site")));
}

#[test]
fn what_is_not_all_of_one_build_is_not_merged() {
    let project = versions::project();
    let folders = shards(&project, 3, &[]);
    let refused = |folders: &[String], why: &str| {
        let ran = merge(&project, folders, "merged");
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
        assert!(ran.stderr.contains("= help: "), "{}", ran.stderr);
        assert!(!project.path("merged").exists());
    };
    refused(&folders[1..], "of 3 shards, 1 is missing");
    refused(&folders[2..], "of 3 shards, 1, 2 are missing");
    let twice = [&folders[..], &folders[1..2]].concat();
    refused(&twice, "`shards/2` and `shards/2` are both shard 2/3");
    refused(&["content".to_owned()], "`content` is no shard");

    let other = project.run(&["build", "--shard", "3/3", "-d", "other", "--today", "2026-12-19"]);
    assert_eq!(other.code, Some(0), "{}", other.stderr);
    let mixed = [&folders[..2], &["other".to_owned()]].concat();
    refused(&mixed, "`shards/1` and `other` are shards of different builds");
    // What the pages say of themselves is the same, and yet they would not go together.
    for (path, text) in [
        ("themes/mine/app.css", "body {}\n".to_owned()),
        ("content/SUMMARY.md", "- [Drain](drain.md)\n".to_owned()),
        ("content/new.md", project.read("content/new.md").replace('\n', "\r\n")),
    ] {
        let before = fs::read(project.path(path)).ok();
        let book = project.read("book.toml");
        project.write(
            "book.toml",
            &book.replace("[output.handover]\n", "[output.handover]\ntheme = \"mine\"\n"),
        );
        project.write(path, &text);
        shard_of(&project, "3/3", "other");
        refused(&mixed, "are shards of different builds");
        project.write("book.toml", &book);
        match before {
            Some(before) => fs::write(project.path(path), before).unwrap(),
            None => fs::remove_file(project.path(path)).unwrap(),
        }
    }

    let page = files(&project.path("shards/2"));
    let page = page.keys().find(|path| path.ends_with(".html")).unwrap();
    let page = format!("shards/2/{page}");
    let whole = project.read(&page);
    project.write(&page, &whole.replace("<h1", "<h2"));
    refused(&folders, &format!("`{page}` is not what the shard was made with"));
    fs::remove_file(project.path(&page)).unwrap();
    refused(&folders, &format!("`{page}` is not what the shard was made with"));
    project.write(&page, &whole);

    let label = project.read("shards/2/shard.json");
    project.write("shards/2/shard.json", &label.replace("\"1.1\"", "\"../x\""));
    refused(&folders, "`shards/2/shard.json` is not what the shard was made with");
    project.write("shards/2/shard.json", &label);
    for (from, to) in [
        ("\"1.1\"", "\"../x\""),
        ("\"of\": 3", "\"of\": 1000000000000"),
        ("\"shard\": 2", "\"shard\": 0"),
    ] {
        assert!(label.contains(from), "{label}");
        forge(&project, "shards/2", "shard.json", &label.replace(from, to));
        refused(&folders, "`shards/2` is no shard");
        forge(&project, "shards/2", "shard.json", &label);
    }
    forge(&project, "shards/2", "1.1/x.html", "");
    forge(&project, "shards/3", "1.1/x.html", "");
    refused(&folders, "`1.1/x.html` is in two shards");
    fs::remove_file(project.path("shards/2/1.1/x.html")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", project.path("shards/2/1.1/x.html")).unwrap();
    fs::remove_file(project.path("shards/3/1.1/x.html")).unwrap();
    shard_of(&project, "3/3", "shards/3");
    refused(&folders, "`shards/2/1.1/x.html` is not what the shard was made with");
    fs::remove_file(project.path("shards/2/1.1/x.html")).unwrap();
    shard_of(&project, "2/3", "shards/2");
    let list = project.read("shards/2/.handover");
    fs::remove_file(project.path("shards/2/.handover")).unwrap();
    refused(&folders, "`shards/2` is not whole");
    project.write("shards/2/.handover", &list);
    assert_eq!(merge(&project, &folders, "merged").code, Some(0));
}

#[test]
fn a_site_and_its_shards_do_not_overwrite_each_other() {
    let project = versions::project();
    let site = versions::built(&project, &[]);
    let shard = project.run(&["build", "--shard", "1/2"]);
    assert_eq!(shard.code, Some(2));
    assert!(shard.stderr.contains("cannot use `./site` for a shard: a site is there"), "{shard:?}");
    assert_eq!(files(&project.path("site")), site);
    let folders = shards(&project, 2, &[]);
    for destination in ["shards", "shards/1", "shards/1/out"] {
        let merged = merge(&project, &folders, destination);
        assert_eq!(merged.code, Some(2));
        assert!(merged.stderr.contains("shard `shards/1` stand in one another"), "{merged:?}");
    }
    let over = project.run(&["build", "-d", "shards/1"]);
    assert_eq!(over.code, Some(2));
    assert!(
        over.stderr.contains("cannot use `shards/1` for the site: a shard is there"),
        "{over:?}"
    );
    let held = project.run(&["verify", "0.9", "--site", "shards/1"]);
    assert!(held.stderr.contains("`shards/1` is a shard of a site"), "{held:?}");
    // What is merged is a site as any other.
    assert_eq!(merge(&project, &folders, "merged").code, Some(0));
    assert_eq!(project.run(&["build", "-d", "merged"]).code, Some(0));
    assert_eq!(files(&project.path("merged")), site);
    assert_eq!(project.run(&["clean", "-d", "merged"]).code, Some(0));
    assert!(!project.path("merged").exists());
    // The next build of a shard takes the place of the one before.
    assert_eq!(shards(&project, 2, &[]), folders);
    for wrong in ["0/2", "3/2", "2", "a/b"] {
        let ran = project.run(&["build", "--shard", wrong]);
        assert_eq!(ran.code, Some(2), "{wrong}");
    }
}
