//! The same input gives the same bytes, wherever and however it is built.

use crate::project::{Project, files, ran};

#[test]
fn folder_zone_locale_and_threads_leave_no_trace() {
    let [one, other] = [
        [("TZ", "UTC"), ("LANG", "C"), ("RAYON_NUM_THREADS", "1")],
        [("TZ", "Pacific/Auckland"), ("LANG", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "7")],
    ]
    .map(|environment| {
        let project = Project::example();
        let mut command = project.command(&["build", "-d", "out/site"]);
        let ran = ran(command.envs(environment));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        files(&project.path("out"))
    });
    let names: Vec<_> = one.keys().collect();
    assert_eq!(names, other.keys().collect::<Vec<_>>());
    assert!(names.len() > 50, "{names:?}");
    let different: Vec<_> = one.iter().filter(|(path, bytes)| other[*path] != **bytes).collect();
    assert!(
        different.is_empty(),
        "{:?}",
        different.iter().map(|(path, _)| path).collect::<Vec<_>>()
    );
}
