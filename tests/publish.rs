//! What becomes of a site when the disk, another build or a kill comes in between.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, SMALL, files, names, ran};

/// A project whose site differs with its text, large enough that publishing takes a while.
fn large(text: &str) -> Project {
    let project = Project::new(SMALL);
    edit(&project, text);
    project
}

fn edit(project: &Project, text: &str) {
    for number in 0..24 {
        project.write(
            &format!("content/pages/{number}.md"),
            &format!("# Page {number}\n\n{}\n", text.repeat(200)),
        );
    }
}

fn built(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    files(&project.path("site"))
}

#[test]
fn a_killed_build_leaves_the_old_site_or_the_new_one() {
    let project = large("two ");
    let new = built(&project);
    edit(&project, "one ");
    let start = Instant::now();
    let old = built(&project);
    let whole = start.elapsed();
    assert_ne!(old, new);
    edit(&project, "two ");
    let (mut killed, mut kept) = (0, 0);
    for step in 0..16 {
        // The old site again, then a build that lives for a part of the time that it needs.
        let mut child = project
            .command(&["build"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + whole.mul_f64(f64::from(step) / 14.0);
        while Instant::now() < end && child.try_wait().unwrap().is_none() {
            std::thread::park_timeout(Duration::from_micros(200));
        }
        let _ = child.kill();
        killed += i32::from(!child.wait().unwrap().success());
        let there = files(&project.path("site"));
        assert!(there == old || there == new, "half a site after step {step}");
        if there == old {
            kept += 1;
        } else {
            edit(&project, "one ");
            assert!(built(&project) == old);
            edit(&project, "two ");
        }
    }
    assert!(killed > 0 && kept > 0, "{killed} killed, {kept} kept");
    assert!(built(&project) == new);
    assert_eq!(
        names(&project.path("")),
        ["book.toml", "content", "site"],
        "nothing is left beside it"
    );
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let [one, two] = [large("one "), large("two ")];
    let sites = [built(&one), built(&two)];
    let shared = Project::new("");
    let destination = shared.path("site");
    for _ in 0..3 {
        let builds = [&one, &two, &one, &two].map(|project| {
            let mut command = project.command(&["build", "-d"]);
            command.arg(&destination).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        });
        for build in builds {
            let output = build.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(sites.contains(&files(&destination)));
    }
    assert_eq!(names(&shared.path("")), ["site"]);
}

/// A file may not grow over a bound: the first page that does is as good as a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_site() {
    let project = large("one ");
    let old = built(&project);
    project.write("content/pages/large.md", &format!("# Large\n\n{}\n", "two ".repeat(40_000)));
    let bounded = |script: &str| {
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg("sh").arg(env!("CARGO_BIN_EXE_handover"));
        ran(command.current_dir(project.path("")))
    };
    let refused = bounded("trap '' XFSZ; ulimit -f 64; exec \"$1\" build");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("error: cannot write `"), "{refused:?}");
    assert!(files(&project.path("site")) == old);
    assert_eq!(names(&project.path("")), ["book.toml", "content", "site"]);
    let killed = bounded("ulimit -f 64; exec \"$1\" build");
    assert_eq!(killed.code, None, "{killed:?}");
    assert!(files(&project.path("site")) == old);
    assert_ne!(built(&project), old);
    assert_eq!(names(&project.path("")), ["book.toml", "content", "site"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new(SMALL);
    let locked = project.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write everywhere: there is nothing to see then.
    if fs::write(locked.join("x"), "").is_err() {
        let ran = project.run(&["build", "-d", "locked/site"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("permission denied"), "{ran:?}");
        assert!(ran.stderr.contains("= help: "), "{ran:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_where_nothing_can_be_is_said() {
    let ran = Project::new(SMALL).run(&["build", "-d", "/proc/site"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    insta::assert_snapshot!(ran.stderr, @r"
    error: cannot prepare the site beside `/proc/site`: cannot create `/proc/.site.handover`: no such file or directory
      = help: a site is prepared beside its folder and swapped in; where that may not be written, name a folder below: `-d /proc/site/site`
    ");
}

#[test]
fn what_is_not_ours_is_refused_by_name() {
    let project = Project::new(SMALL);
    project.write("public/photo.jpg", "mine");
    let ran = project.run(&["build", "-d", "public"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("it holds what `handover` did not write: `photo.jpg`"), "{ran:?}");
    assert_eq!(names(&project.path("public")), ["photo.jpg"]);
}

#[test]
fn a_page_that_is_also_a_folder_is_refused_and_the_next_build_works() {
    let project = Project::new(SMALL);
    project.write("content/restore.html/x.md", "# X\n");
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let why = "restore.html` is both a file and a folder";
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
    assert!(!project.path("site").exists());
    fs::remove_dir_all(project.path("content/restore.html")).unwrap();
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn a_page_whose_name_no_disk_holds_is_said_and_the_next_build_works() {
    let project = Project::new(SMALL);
    let name = format!("content/{}.md", "x".repeat(252));
    project.write(&name, "# Long\n");
    let refused = project.run(&["build"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("cannot write"), "{refused:?}");
    fs::remove_file(project.path(&name)).unwrap();
    built(&project);
    assert!(!project.path(".site.handover").exists());
}
