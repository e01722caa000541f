//! A site that several builds make, each its share, and that is put together from the shards.

use std::fs;

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
    let merged = merge(&project, &folders, "shards");
    assert_eq!(merged.code, Some(2));
    assert!(merged.stderr.contains("the shard `shards/1` is in it"), "{merged:?}");
    // The next build of a shard takes the place of the one before.
    assert_eq!(shards(&project, 2, &[]), folders);
    for wrong in ["0/2", "3/2", "2", "a/b"] {
        let ran = project.run(&["build", "--shard", wrong]);
        assert_eq!(ran.code, Some(2), "{wrong}");
    }
}
