//! A real Chromium over its driver, and a real nginx that serves the built example with the headers that it ships.

use std::io::{BufRead as _, BufReader, Lines};
use std::mem::ManuallyDrop;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;

/// So long is waited for what must come: tests run beside each other, and beside the programs that they start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A child process that ends with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the site of the example project, built once for all tests, and the folder of its version.
pub(crate) fn example() -> &'static (TempDir, PathBuf) {
    static SITE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    SITE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let status = Command::new(env!("CARGO_BIN_EXE_handover"))
            .args(["build", env!("CARGO_MANIFEST_DIR"), "-d"])
            .arg(&site)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "the example builds");
        let version = site.join("1.0");
        (folder, version)
    })
}

/// Returns one page of each type: the generated ones, and the documents with the most unusual content.
pub(crate) fn page_types() -> Vec<String> {
    let (_, version) = example();
    let generated = [
        "index",
        "plan",
        "readiness",
        "documents",
        "alerts",
        "escalation",
        "changes",
        "releases",
        "search",
        "sign-off",
        "print",
    ];
    let mut pages: Vec<String> = generated.iter().map(|name| format!("{name}.html")).collect();
    let facts: Value =
        serde_json::from_slice(&std::fs::read(version.join("handover.json")).unwrap()).unwrap();
    for status in ["approved", "changed", "changes-requested", "exempt", "waived"] {
        let document = facts["documents"]
            .as_array()
            .unwrap()
            .iter()
            .find(|document| document["status"] == status);
        pages.push(
            document.expect("the example has every status")["page"].as_str().unwrap().to_owned(),
        );
    }
    for marker in ["class=\"diff\"", "class=\"diagram\"", "<math", "class=\"prompt\"", "footnote"] {
        let page = facts["documents"].as_array().unwrap().iter().find_map(|document| {
            let page = document["page"].as_str()?;
            std::fs::read_to_string(version.join(page))
                .unwrap()
                .contains(marker)
                .then(|| page.to_owned())
        });
        pages.push(page.unwrap_or_else(|| panic!("the example has a page with `{marker}`")));
    }
    pages.sort();
    pages.dedup();
    pages
}

/// The example's site behind nginx, with the headers of the `_headers` file that the build ships.
pub(crate) struct Server {
    _process: Process,
    _folder: TempDir,
    port: u16,
}

impl Server {
    /// Starts nginx on a free port of the loopback interface: the site stands at `/` and at `/deep/path/`.
    pub(crate) fn start() -> Self {
        Self::of(&example().1)
    }

    /// The same for the site that a version's folder stands in.
    pub(crate) fn of(version: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let headers: String = shipped_headers(version)
            .iter()
            .map(|(name, value)| format!("    add_header {name} \"{value}\" always;\n"))
            .collect();
        let here = folder.path().display();
        let root = version.parent().unwrap().display();
        std::fs::write(
            folder.path().join("nginx.conf"),
            format!(
                "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; text/css css; text/javascript js; image/svg+xml svg; image/png png; application/json json; }}
  access_log off; client_body_temp_path {here}/b; proxy_temp_path {here}/p; fastcgi_temp_path {here}/f;
  uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
  server {{
    listen 127.0.0.1:{port};
{headers}
    location /deep/path/ {{ alias {root}/; }}
    location / {{ root {root}; error_page 404 /1.0/404.html; }}
  }}
}}
"
            ),
        )
        .unwrap();
        let nginx = Command::new("nginx")
            .args(["-e", "error.log", "-c", "nginx.conf", "-p"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is installed");
        let server = Self { _process: Process(nginx), _folder: folder, port };
        wait_for(port);
        server
    }

    /// Returns the address of a page of the version, below a path that nobody told the build.
    pub(crate) fn deep_url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/deep/path/1.0/{path}", self.port)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/1.0/{path}", self.port)
    }

    /// The same by a host name, which is not a secure context: `portal.test` is mapped to the loopback interface.
    pub(crate) fn insecure_url(&self, path: &str) -> String {
        format!("http://portal.test:{}/1.0/{path}", self.port)
    }
}

/// Returns the headers that the build ships for all pages, as name and value.
pub(crate) fn shipped_headers(version: &Path) -> Vec<(String, String)> {
    let text =
        std::fs::read_to_string(version.join("_headers")).expect("the build ships a headers file");
    text.lines()
        .skip_while(|line| line.trim() != "/*")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .filter_map(|line| line.trim().split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The driver and the browser that it started, which is known by its profile and ends with it.
struct Driver {
    _process: Process,
    profile: PathBuf,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let profile = format!("user-data-dir={}", self.profile.display());
        let _ = Command::new("pkill").args(["-KILL", "-f", "--", &profile]).status();
    }
}

/// A headless Chromium with a profile of its own.
pub(crate) struct Browser {
    /// Not dropped where a test fails: a session that is dropped waits for a runtime that no longer turns.
    pub(crate) driver: ManuallyDrop<WebDriver>,
    _process: Driver,
    /// Kept open: the driver goes on writing.
    _output: Lines<BufReader<ChildStdout>>,
    _profile: TempDir,
}

impl Browser {
    pub(crate) async fn start() -> Self {
        let mut chromedriver = Command::new("chromedriver")
            .args(["--port=0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed");
        let mut output = BufReader::new(chromedriver.stdout.take().unwrap()).lines();
        let port = output
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.trim_end_matches('.')
                    .rsplit_once("successfully on port ")?
                    .1
                    .parse::<u16>()
                    .ok()
            })
            .expect("chromedriver says its port");
        let profile = tempfile::tempdir().unwrap();
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP portal.test 127.0.0.1",
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        capabilities.set_browser_log_level(thirtyfour::LoggingPrefsLogLevel::All).unwrap();
        let driver =
            WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await.unwrap();
        // A large page takes axe its time where other tests run beside it.
        driver.set_script_timeout(Duration::from_secs(180)).await.unwrap();
        let process =
            Driver { _process: Process(chromedriver), profile: profile.path().to_owned() };
        Self {
            driver: ManuallyDrop::new(driver),
            _process: process,
            _output: output,
            _profile: profile,
        }
    }

    pub(crate) async fn open(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    pub(crate) async fn quit(self) {
        ManuallyDrop::into_inner(self.driver).quit().await.unwrap();
    }

    /// Sends a command of the DevTools protocol.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap()
    }

    /// Makes the page as wide as a phone or a screen; scrollbars overlay, as on phones.
    pub(crate) async fn width(&self, width: u32) {
        let size =
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Sets what the system prefers: `light` or `dark`.
    pub(crate) async fn color_scheme(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    pub(crate) async fn scripting(&self, on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": !on})).await;
    }

    /// Returns what a script on the page returns.
    pub(crate) async fn eval(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Waits until a script returns what is expected, and returns what it returned last. While a page is being loaded, a
    /// script may find nothing to look at.
    pub(crate) async fn eventually(&self, script: &str, expected: impl Into<Value>) -> Value {
        let expected = expected.into();
        let end = Instant::now() + PATIENCE;
        loop {
            let found = match self.driver.execute(script, Vec::new()).await {
                Ok(found) => found.json().clone(),
                Err(error) => Value::String(format!("{script}: {error}")),
            };
            if found == expected || Instant::now() > end {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Presses keys where the focus is.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Presses a key while Control is held.
    pub(crate) async fn control(&self, key: char) {
        let chain = self.driver.action_chain().key_down(Key::Control).key_down(key);
        chain.key_up(key).key_up(Key::Control).perform().await.unwrap();
    }

    /// Waits until a script returns what is expected.
    pub(crate) async fn until(&self, script: &str, expected: impl Into<Value>) {
        let expected = expected.into();
        assert_eq!(self.eventually(script, expected.clone()).await, expected, "{script}");
    }

    /// Returns every console message since the last call, of any level.
    pub(crate) async fn console(&self) -> Vec<String> {
        self.driver.browser_log().await.unwrap().into_iter().map(|entry| entry.message).collect()
    }

    /// Returns what axe-core finds on the page: `rule: target`, one line each.
    pub(crate) async fn axe(&self) -> Vec<String> {
        static AXE: OnceLock<String> = OnceLock::new();
        let axe = AXE.get_or_init(|| {
            let path =
                concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node_modules/axe-core/axe.min.js");
            std::fs::read_to_string(path).expect("axe-core is installed: `npm ci --prefix tests`")
        });
        self.driver.execute(&**axe, Vec::new()).await.unwrap();
        let script = "const done = arguments[arguments.length - 1];
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
            axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}).then(
              found => done(found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`))),
              error => done([String(error)]));";
        let found = self.driver.execute_async(script, Vec::new()).await.unwrap();
        serde_json::from_value(found.json().clone()).unwrap()
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something listens on the port.
fn wait_for(port: u16) {
    let address = ([127, 0, 0, 1], port).into();
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect_timeout(&address, PATIENCE).is_err() {
        assert!(Instant::now() < end, "nothing listens on port {port}");
        std::thread::yield_now();
    }
}
