//! `handover check --external`, against a server on this machine.

use crate::project::{Project, SMALL};

#[cfg(not(feature = "external"))]
#[test]
fn a_program_that_was_built_without_it_says_so() {
    let project = Project::new(SMALL);
    let check = project.run(&["check", "--external"]);
    assert_eq!(check.code, Some(2), "{check:?}");
    assert!(check.stderr.contains("--features external"), "{check:?}");
}

#[cfg(feature = "external")]
mod asked {
    use std::collections::BTreeMap;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::thread;

    use super::{Project, SMALL};

    /// How often each path was asked for.
    type Asked = Arc<Mutex<BTreeMap<String, usize>>>;

    /// Starts a server that answers with the status that a path names, and returns its port.
    fn server() -> (u16, Asked) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Asked::default();
        let counts = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(mut stream), counts) = (stream, Arc::clone(&counts)) else { return };
                thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let first = lines.next().unwrap().unwrap();
                    let path = first.split(' ').nth(1).unwrap().to_owned();
                    for line in lines.map_while(Result::ok) {
                        if line.is_empty() {
                            break;
                        }
                    }
                    let status = path.trim_start_matches('/').split('-').next().unwrap().to_owned();
                    *counts.lock().unwrap().entry(path).or_default() += 1;
                    let _ = write!(
                        stream,
                        "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    );
                });
            }
        });
        (port, asked)
    }

    #[test]
    fn a_link_fails_on_the_third_day_in_a_row() {
        let (port, asked) = server();
        let links = ["200-a", "200-b#part", "404-gone", "403-guarded", "429-busy"];
        let links: String =
            links.iter().map(|link| format!("[x](http://127.0.0.1:{port}/{link})\n")).collect();
        let project = Project::new(&format!("{SMALL}\n{links}"));
        let check =
            |day: &str| project.run(&["check", "--external", "--format", "short", "--today", day]);
        for day in ["2026-12-01", "2026-12-02", "2026-12-02"] {
            let check = check(day);
            assert_eq!((check.code, &*check.stdout), (Some(0), ""), "{check:?}");
            assert!(check.stderr.contains("1 link failed"), "{check:?}");
        }
        let third = check("2026-12-03");
        assert_eq!(third.code, Some(1), "{third:?}");
        assert!(third.stdout.starts_with("content/restore.md:12:1: error[dead-link]"), "{third:?}");
        assert_eq!(third.stdout.lines().count(), 1);
        assert!(third.stdout.contains("404"), "{third:?}");
        let asked = asked.lock().unwrap();
        assert_eq!(asked["/200-a"], 3, "a good answer holds for the day");
        assert!(asked["/404-gone"] >= 4, "{asked:?}");
        assert!(!asked.keys().any(|path| path.contains('#')));
        assert!(project.run(&["check"]).code == Some(0), "nobody is asked without the flag");
    }

    #[test]
    fn many_addresses_are_asked_for_at_once() {
        let (port, asked) = server();
        let links: String =
            (0..30).map(|n| format!("[x](http://127.0.0.1:{port}/200-{n})\n")).collect();
        let project = Project::new(&format!("{SMALL}\n{links}"));
        let check = project.run(&["check", "--external"]);
        assert_eq!(check.code, Some(0), "{check:?}");
        assert!(check.stderr.contains("asked for 30 links"), "{check:?}");
        assert_eq!(asked.lock().unwrap().len(), 30);
    }
}
