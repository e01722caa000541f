//! `handover serve` and `handover watch` as they are run: over real HTTP, on a real disk, with a bound on every wait.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::project::{Project, SMALL, files, names, ran};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `handover serve` or `handover watch`, which ends with its owner.
pub(crate) struct Server {
    child: Child,
    lines: Receiver<String>,
    pub(crate) port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    /// Starts to serve a project on a free port.
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Self {
        let arguments: Vec<&str> =
            ["serve", "--port", "0"].iter().chain(arguments).copied().collect();
        let mut server = Self::run(project, &arguments);
        let line = server.line("http://");
        let port = line.split('/').nth(2).and_then(|host| host.rsplit_once(':'));
        server.port = port.and_then(|(_, port)| port.parse().ok()).expect("an address");
        server
    }

    fn run(project: &Project, arguments: &[&str]) -> Self {
        let mut command = project.command(arguments);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("it starts");
        let output = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        Self { child, lines, port: 0 }
    }

    /// Waits for a line of the terminal that has a text.
    fn line(&self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line =
                self.lines.recv_timeout(left).unwrap_or_else(|_| panic!("no line with {text}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Sends a request as it is written, but for `Connection`, and returns the answer.
    fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!("{}\r\nConnection: close\r\n\r\n", request.replace('\n', "\r\n"));
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers =
            headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Answer { status, headers, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\nHost: localhost:{}", self.port))
    }

    fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\nHost: localhost:{}\n{headers}", self.port))
    }

    /// Asks for a page until it is as expected.
    pub(crate) fn until(
        &self,
        path: &str,
        what: &str,
        expected: impl Fn(&Answer) -> bool,
    ) -> Answer {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(path);
            if expected(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{path} never has {what}: {}", answer.text());
        }
    }

    pub(crate) fn until_it_says(&self, path: &str, text: &str) {
        self.until(path, text, |answer| answer.text().contains(text));
    }

    /// Asserts that every page is what a clean build of the project writes.
    fn is_a_clean_build_of(&self, project: &Project) {
        let site = tempfile::tempdir().unwrap();
        let to = site.path().join("site");
        let ran = ran(project.command(&["build", "-d"]).arg(&to));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        for (path, bytes) in files(&to) {
            if path == ".handover" {
                continue;
            }
            let answer = self.get(&format!("/{}", encoded(&path)));
            assert_eq!(answer.status, 200, "{path}");
            if path.ends_with("/app.js") {
                // The one file with more in it: what keeps a page up to date.
                assert!(answer.body.starts_with(&bytes), "{path}");
                continue;
            }
            let (served, built) = (answer.text(), String::from_utf8_lossy(&bytes).into_owned());
            assert!(answer.body == bytes, "{path} is served as\n{served}\nand built as\n{built}");
        }
    }

    /// Presses Ctrl-C, and returns the exit code.
    #[cfg(unix)]
    fn interrupt(&mut self) -> Option<i32> {
        let process = self.child.id().to_string();
        let kill = std::process::Command::new("kill").args(["-INT", &process]).status().unwrap();
        assert!(kill.success());
        self.child.wait().unwrap().code()
    }
}

fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                text.push(byte.into());
            }
            byte => write!(text, "%{byte:02X}").unwrap(),
        }
    }
    text
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end.max(1)
    }
}

/// A project whose documents include, link and are listed, with a plan beside them.
fn project() -> Project {
    let project = Project::example();
    project.write("parts/shared.md", "Shared words.\n");
    project.write(
        "content/live/one.md",
        "# One\n\n{{#include ../../parts/shared.md}}\n\n[two](two.md)\n",
    );
    project.write("content/live/two.md", "# Two\n");
    project
}

#[test]
fn two_hundred_edits_are_each_seen_and_leave_what_a_clean_build_gives() {
    let project = project();
    let server = Server::start(&project, &[]);
    server.until_it_says("/1.0/live/one.html", "Shared words.");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut extra: Vec<String> = Vec::new();
    for number in 0..200 {
        let mark = format!("Mark {number} of the edits");
        let page = match random.below(8) {
            // As most editors save: a new file that takes the old one's name.
            0 | 1 => {
                project.write("content/live/.one.md.swp", &format!("# One\n\n{mark}\n"));
                fs::rename(
                    project.path("content/live/.one.md.swp"),
                    project.path("content/live/one.md"),
                )
                .unwrap();
                "/1.0/live/one.html".to_owned()
            }
            2 => {
                project
                    .write("content/live/one.md", "# One\n\n{{#include ../../parts/shared.md}}\n");
                project.write("parts/shared.md", &format!("{mark}\n"));
                "/1.0/live/one.html".to_owned()
            }
            3 => {
                let path = format!("live/new-{number}/page.md");
                project.write(&format!("content/{path}"), &format!("# New\n\n{mark}\n"));
                extra.push(path.clone());
                format!("/1.0/{}", path.replace(".md", ".html"))
            }
            4 if !extra.is_empty() => {
                let path = extra.swap_remove(random.below(extra.len()));
                let folder = project.path(&format!("content/{path}"));
                fs::remove_dir_all(folder.parent().unwrap()).unwrap();
                let page = format!("/1.0/{}", path.replace(".md", ".html"));
                server.until(&page, "gone", |answer| answer.status == 404);
                continue;
            }
            5 if !extra.is_empty() => {
                let at = random.below(extra.len());
                let moved = format!("live/moved-{number}/page.md");
                let folder =
                    |path: &str| project.path("content").join(path).parent().unwrap().to_owned();
                fs::rename(folder(&extra[at]), folder(&moved)).unwrap();
                extra[at].clone_from(&moved);
                let page = format!("/1.0/{}", moved.replace(".md", ".html"));
                server.until(&page, "there", |answer| answer.status == 200);
                continue;
            }
            6 => {
                let plan = project.read("content/plan.toml");
                let title =
                    plan.lines().find(|line| line.starts_with("title = ")).unwrap().to_owned();
                let other = format!("title = \"{mark}\"");
                project.write("content/plan.toml", &plan.replacen(&title, &other, 1));
                "/1.0/llms.txt".to_owned()
            }
            _ => {
                let path = project.path("content/live/two.md");
                let mut file = fs::File::options().append(true).open(path).unwrap();
                writeln!(file, "\n{mark}").unwrap();
                "/1.0/live/two.html".to_owned()
            }
        };
        server.until_it_says(&page, &mark);
        if number % 20 == 0 {
            server.is_a_clean_build_of(&project);
        }
    }
    project.write("content/live/two.md", "# Two\n\nThe last edit.\n");
    server.until_it_says("/1.0/live/two.html", "The last edit.");
    server.is_a_clean_build_of(&project);
}

#[test]
fn a_burst_of_changes_ends_in_what_a_clean_build_gives() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    server.until_it_says("/draft/restore.html", "Call somebody.");
    for number in 0..500 {
        project.write(
            &format!("content/burst/{}/{number}.md", number % 20),
            &format!("# Number {number}\n"),
        );
    }
    project.write("content/restore.md", "# Restore\n\nAfter the burst.\n");
    server.until_it_says("/draft/restore.html", "After the burst.");
    server.until_it_says("/draft/burst/19/499.html", "Number 499");
    server.is_a_clean_build_of(&project);
}

#[test]
fn alert_rules_are_followed_wherever_they_stand() {
    let rules = |alert: &str, runbook: &str| {
        format!("groups: [{{rules: [{{alert: {alert}, annotations: {{runbook: {runbook}}}}}]}}]\n")
    };
    let project = Project::new(SMALL);
    let book = project.read("book.toml");
    project.write("book.toml", &format!("{book}alert-rules = [\"ops/**/*.yml\"]\n"));
    project.write("ops/eu/queue.yml", &rules("Stuck", "restore"));
    let server = Server::start(&project, &[]);
    server.until_it_says("/draft/alerts.html", "Stuck");
    server.until_it_says("/draft/restore.html", "<code>Stuck</code>");
    project.write("ops/eu/queue.yml", &rules("Stalled", "restore"));
    server.until_it_says("/draft/restore.html", "<code>Stalled</code>");
    project.write("ops/us/queue.yml", &rules("Faraway", "restore"));
    server.until_it_says("/draft/restore.html", "<code>Faraway</code>");
    project.write("content/rules.yaml", &rules("Nearby", "restore"));
    server.until_it_says("/draft/restore.html", "<code>Nearby</code>");
    project.write("content/other.md", "# Other\n");
    project.write("content/rules.yaml", &rules("Nearby", "content/other.md"));
    server.until_it_says("/draft/other.html", "<code>Nearby</code>");
    server.is_a_clean_build_of(&project);
    fs::remove_dir_all(project.path("ops")).unwrap();
    fs::remove_file(project.path("content/rules.yaml")).unwrap();
    server.until("/draft/alerts.html", "gone", |answer| answer.status == 404);
}

#[test]
fn alert_rules_beside_the_project_are_followed_too() {
    let rules = |alert: &str| {
        format!("groups: [{{rules: [{{alert: {alert}, annotations: {{runbook: restore}}}}]}}]\n")
    };
    let project = Project::new(
        &SMALL
            .replace("-- book.toml --", "-- docs/book.toml --")
            .replace("-- content/", "-- docs/content/"),
    );
    project.git(1, &["init", "-q"]);
    let book = project.read("docs/book.toml");
    project.write("docs/book.toml", &format!("{book}alert-rules = [\"../**/*.yml\"]\n"));
    project.write("alerts/queue.yml", &rules("Stuck"));
    project.write("docs/content/rules.yml", &rules("Inside"));
    let server = Server::start(&project, &["docs"]);
    server.until_it_says("/draft/restore.html", "<code>Stuck</code>, <code>Inside</code></dd>");
    project.write("alerts/queue.yml", &rules("Stalled"));
    server.until_it_says("/draft/restore.html", "<code>Stalled</code>");
    project.write("beside.yml", &rules("Beside"));
    server.until_it_says("/draft/restore.html", "<code>Beside</code>");
}

#[test]
fn the_content_folder_may_go_and_return() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    server.until_it_says("/draft/restore.html", "Call somebody.");
    let mut events = Events::of(&server);
    for words in ["Once more.", "And again."] {
        fs::rename(project.path("content"), project.path("aside")).unwrap();
        events.until("does not exist");
        server.until_it_says("/draft/index.html", "The queue");
        fs::remove_dir_all(project.path("aside")).unwrap();
        project.write("content/restore.md", &format!("# Restore\n\n{words}\n"));
        server.until_it_says("/draft/restore.html", words);
        events.until("\"problems\":[]");
        project.write("content/restore.md", "# Restore\n\nEdited in the new folder.\n");
        server.until_it_says("/draft/restore.html", "Edited in the new folder.");
        project.write("content/index.md", "# The queue\n");
        server.until_it_says("/draft/index.html", "The queue");
    }
    server.is_a_clean_build_of(&project);
}

#[test]
fn a_checkout_and_a_commit_are_seen() {
    let project = Project::new(SMALL);
    project.git(1, &["init", "-q", "-b", "main"]);
    project.commit(1, "Begin");
    project.git(1, &["checkout", "-q", "-b", "other"]);
    project.write("content/restore.md", "# Restore\n\nOn the other branch.\n");
    project.commit(2, "Change");
    let server = Server::start(&project, &[]);
    server.until_it_says("/draft/restore.html", "On the other branch.");
    project.git(3, &["checkout", "-q", "main"]);
    server.until_it_says("/draft/restore.html", "Call somebody.");
    project.write("content/restore.md", "# Restore\n\nNot committed.\n");
    server.until_it_says("/draft/restore.html", "Not committed.");
    let commit = project.commit(4, "Commit it");
    server.until_it_says("/draft/restore.html", &commit[..10]);
    server.is_a_clean_build_of(&project);
}

#[test]
fn what_stops_a_build_leaves_the_last_good_pages() {
    let project = Project::example();
    let server = Server::start(&project, &[]);
    let good = server.until("/1.0/plan.html", "there", |answer| answer.status == 200);
    let plan = project.read("content/plan.toml");
    project.write("content/plan.toml", &format!("{plan}\n[[phase\n"));
    let mut events = Events::of(&server);
    let event = events.until("\"problems\":[\"");
    assert!(event.contains("content/plan.toml:") && event.contains("[[phase"), "{event}");
    assert_eq!(server.get("/1.0/plan.html").body, good.body);
    project.write("content/plan.toml", &plan);
    events.until("\"problems\":[]");
    server.is_a_clean_build_of(&project);
}

#[test]
fn a_project_that_begins_broken_says_so_until_it_is_mended() {
    let project = Project::new(SMALL);
    project.write("content/plan.toml", "[[phase\n");
    let server = Server::start(&project, &[]);
    let broken = server.get("/");
    assert_eq!(broken.status, 500);
    assert!(broken.text().contains("content/plan.toml:1"), "{}", broken.text());
    fs::remove_file(project.path("content/plan.toml")).unwrap();
    server.until("/draft/restore.html", "there", |answer| answer.status == 200);
}

#[test]
fn polling_sees_changes_too() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &["--poll"]);
    server.until_it_says("/draft/restore.html", "Call somebody.");
    project.write("content/new/page.md", "# New\n\nA new folder.\n");
    server.until_it_says("/draft/new/page.html", "A new folder.");
    project.write("content/new/page.md", "# New\n\nAn edit that is longer.\n");
    server.until_it_says("/draft/new/page.html", "An edit that is longer.");
    // Of the same length, at the same moment of a coarse clock.
    project.write("content/new/page.md", "# New\n\nAn edit that is largest.\n");
    server.until_it_says("/draft/new/page.html", "An edit that is largest.");
    fs::rename(project.path("content/new"), project.path("content/old")).unwrap();
    server.until("/draft/old/page.html", "there", |answer| answer.status == 200);
    server.until("/draft/new/page.html", "gone", |answer| answer.status == 404);
}

/// The event stream of a server.
struct Events(BufReader<TcpStream>);

impl Events {
    fn of(server: &Server) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(b"GET /__handover/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        Self(BufReader::new(stream))
    }

    /// Waits for an event that has a text.
    fn until(&mut self, text: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended before {text}");
            if line.starts_with("data: ") && line.contains(text) {
                return line;
            }
        }
    }
}

#[test]
fn a_server_answers_to_its_own_names_alone() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    let port = server.port;
    let status = |head: &str| server.send(head).status;
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}")]
    {
        assert_eq!(status(&format!("GET /draft/index.html HTTP/1.1\nHost: {host}")), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "10.0.0.1", ""] {
        let head = format!("GET /draft/index.html HTTP/1.1\nHost: {host}");
        assert_eq!(status(&head), 421, "{host}");
    }
    assert_eq!(status("GET /draft/index.html HTTP/1.1\nHost: localhost\nHost: evil.example"), 421);
    assert_eq!(status("GET http://evil.example/draft/index.html HTTP/1.1\nHost: localhost"), 421);
    let events = |headers: &str| {
        status(&format!("GET /__handover/events HTTP/1.1\nHost: localhost:{port}\n{headers}"))
    };
    for headers in [
        "Origin: http://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Origin: http://localhost:1",
    ] {
        assert_eq!(events(headers), 403, "{headers}");
    }
}

#[test]
fn nothing_but_the_site_can_be_asked_for() {
    let project = Project::new(SMALL);
    project.write("secret.txt", "secret");
    project.write("content/secret.txt", "secret");
    let server = Server::start(&project, &[]);
    #[cfg(unix)]
    {
        assert_eq!(project.run(&["build"]).code, Some(0));
        // A version that somebody replaced by a link to elsewhere.
        fs::rename(project.path("site/draft"), project.path("site/0.1")).unwrap();
        let marker = project.read("site/.handover").replace("draft/", "0.1/");
        project.write("site/.handover", &marker);
        fs::remove_file(project.path("site/0.1/restore.html")).unwrap();
        std::os::unix::fs::symlink("../../secret.txt", project.path("site/0.1/restore.html"))
            .unwrap();
        std::os::unix::fs::symlink("..", project.path("site/up")).unwrap();
        project.write("content/restore.md", "# Restore\n\nEdited.\n");
        server.until_it_says("/draft/restore.html", "Edited.");
    }
    for path in [
        "/secret.txt",
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/draft/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/draft/..%252f..%252fsecret.txt",
        "/draft//etc/passwd",
        "//etc/passwd",
        "/draft/..\\..\\secret.txt",
        "/%00",
        "/draft/index.html%00.js",
        "/%ff",
        "/book.toml",
        "/content/restore.md",
        "/site/draft/index.html",
        "/.handover",
        "/draft/secret.txt",
        "/up/secret.txt",
        "/0.1/restore.html",
        "/__handover/../book.toml",
        "/__handover/x",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("secret\n") && answer.body != b"secret", "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let answer = server.send(&format!("{method} /draft/index.html HTTP/1.1\nHost: localhost"));
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
}

#[test]
fn a_file_is_sent_whole_in_part_or_not_again() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    let whole = server.get("/draft/restore.html");
    assert_eq!(whole.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(whole.header("cache-control"), "no-cache");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.header("referrer-policy"), "no-referrer");
    assert_eq!(whole.header("cross-origin-opener-policy"), "same-origin");
    assert!(whole.header("content-security-policy").ends_with("; frame-ancestors 'self'"));
    // A browser that shows a page without a script gets one with it, and everybody else the page as it is.
    let missing = server.get("/draft/gone.html");
    let shown = server.get_with("/draft/gone.html", "Sec-Fetch-Dest: document");
    assert_eq!((missing.status, shown.status), (404, 404));
    assert!(!missing.text().contains("live.js") && shown.text().contains("live.js"));
    assert_eq!(whole.body, server.get_with("/draft/restore.html", "Sec-Fetch-Dest: document").body);
    let tag = whole.header("etag").to_owned();
    let path = "/draft/restore.html?x=1";
    let same = server.get_with(path, &format!("If-None-Match: \"x\", W/{tag}"));
    assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, &*tag));
    assert_eq!(server.get_with(path, "If-None-Match: \"x\"").status, 200);
    let part = server.get_with(path, "Range: bytes=2-5");
    let range = format!("bytes 2-5/{}", whole.body.len());
    assert_eq!((part.status, part.header("content-range")), (206, &*range));
    assert_eq!(part.body, whole.body[2..6]);
    assert_eq!(server.get_with(path, "Range: bytes=-4").body, whole.body[whole.body.len() - 4..]);
    assert_eq!(server.get_with(path, "Range: bytes=2-5\nIf-Range: \"x\"").status, 200);
    let none = server.get_with(path, "Range: bytes=9999999-");
    let range = format!("bytes */{}", whole.body.len());
    assert_eq!((none.status, none.header("content-range")), (416, &*range));
    let head = server.send("HEAD /draft/restore.html HTTP/1.1\nHost: localhost");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), whole.body.len().to_string());
    let root = server.get("/");
    assert_eq!((root.status, root.header("location")), (302, "/draft/index.html"));
    assert_eq!(server.get("/draft").header("location"), "/draft/");
    assert_eq!(server.get("/draft/").body, server.get("/draft/index.html").body);
    // From there the styles would stand at another address.
    assert_eq!(server.get("/draft//").status, 404);
}

#[test]
fn versions_on_the_disk_are_served_beside_the_one_that_is_written() {
    let project = Project::example();
    assert_eq!(project.run(&["build"]).code, Some(0));
    let plan =
        project.read("content/plan.toml").replacen("version = \"1.0\"", "version = \"1.1\"", 1);
    project.write("content/plan.toml", &plan);
    let server = Server::start(&project, &[]);
    assert_eq!(server.get("/").header("location"), "/1.1/index.html");
    let built = fs::read(project.path("site/1.0/plan.html")).unwrap();
    assert_eq!(server.get("/1.0/plan.html").body, built);
    assert!(server.get("/versions.js").text().contains("[\"1.0\",\"1.1\"]"));
    let sheet = server.get("/1.0/sign-off-single.html");
    assert!(sheet.header("content-security-policy").contains("style-src 'self' 'sha256-"));
    let sheet = server.get("/1.1/sign-off-single.html");
    assert!(sheet.header("content-security-policy").contains("style-src 'self' 'sha256-"));
}

#[test]
fn versions_that_another_terminal_builds_are_there_at_once() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    server.until_it_says("/draft/restore.html", "Call somebody.");
    assert_eq!(server.get("/1.0/plan.html").status, 404);
    let other = Project::example();
    let site = project.path("site");
    let build = ran(other.command(&["build", "-d"]).arg(&site));
    assert_eq!(build.code, Some(0), "{build:?}");
    let built = fs::read(site.join("1.0/plan.html")).unwrap();
    assert_eq!(server.get("/1.0/plan.html").body, built);
    assert!(server.get("/versions.js").text().contains("[\"draft\",\"1.0\"]"));
    assert_eq!(ran(other.command(&["clean", "-d"]).arg(&site)).code, Some(0));
    assert_eq!(server.get("/1.0/plan.html").status, 404);
    assert!(server.get("/versions.js").text().contains("[\"draft\"]"));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    let port = server.port.to_string();
    let ran = project.run(&["serve", "--port", &port]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.stderr.contains(&format!("port {port}")) && ran.stderr.contains("--port"),
        "{ran:?}"
    );
}

#[cfg(unix)]
#[test]
fn control_c_ends_at_once_and_leaves_nothing() {
    let project = Project::new(SMALL);
    let before = files(&project.path(""));
    let mut server = Server::start(&project, &[]);
    server.until_it_says("/draft/restore.html", "Call somebody.");
    let mut events = Events::of(&server);
    events.until("problems");
    let pressed = Instant::now();
    assert_eq!(server.interrupt(), Some(0));
    assert!(pressed.elapsed() < Duration::from_secs(5));
    assert_eq!(files(&project.path("")), before);
}

#[test]
fn a_line_says_what_was_made_and_why_nothing_was() {
    let project = Project::new(SMALL);
    project.write("content/plan.toml", "[[phase\n");
    let server = Server::start(&project, &[]);
    let line = server.line("yet");
    assert!(line.ends_with("3 errors in 3 files: nothing was made yet"), "{line}");
    fs::remove_file(project.path("content/plan.toml")).unwrap();
    server.line("rebuilt");
    project.write("content/plan.toml", "[[phase\n");
    let line = server.line("stays");
    assert!(line.ends_with("3 errors in 3 files: what was made before stays"), "{line}");
    fs::remove_file(project.path("content/plan.toml")).unwrap();
    drop(server);

    let watch = Server::run(&project, &["watch"]);
    watch.line("built in");
    project.write("site/foreign.txt", "mine");
    for text in ["one", "two"] {
        project.write("content/restore.md", &format!("# Restore\n\n{text}\n"));
        let line = watch.line("stays");
        assert!(line.contains("foreign.txt") && !line.contains("no problems"), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn watch_publishes_what_changes() {
    let project = Project::new(SMALL);
    let mut watch = Server::run(&project, &["watch"]);
    watch.line("built in");
    assert!(project.read("site/draft/restore.html").contains("Call somebody."));
    project.write("content/restore.md", "# Restore\n\nAn edit.\n");
    watch.line("1 file changed");
    assert!(project.read("site/draft/restore.html").contains("An edit."));
    project.write("content/plan.toml", "[[phase\n");
    watch.line("stays");
    assert!(project.read("site/draft/restore.html").contains("An edit."));
    fs::remove_file(project.path("content/plan.toml")).unwrap();
    watch.line("rebuilt");
    assert_eq!(watch.interrupt(), Some(0));
    assert_eq!(names(&project.path("")), ["book.toml", "content", "site"]);
}
