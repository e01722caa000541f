//! The programs that print: where they are looked for, and how each is called.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveTime};

use crate::cli::failure::Failure;
use crate::error::IoError;

/// How long an engine may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// A kind of program that prints, in the order in which they are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Brand {
    Chromium,
    Chrome,
    Edge,
    #[value(name = "weasyprint")]
    WeasyPrint,
}

impl Brand {
    const ALL: [Self; 4] = [Self::Chromium, Self::Chrome, Self::Edge, Self::WeasyPrint];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::WeasyPrint => "WeasyPrint",
        }
    }

    /// Returns the names of the program on PATH.
    fn commands(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser"],
            Self::Chrome => &["google-chrome", "google-chrome-stable", "chrome"],
            Self::Edge => &["microsoft-edge", "microsoft-edge-stable", "msedge"],
            Self::WeasyPrint => &["weasyprint"],
        }
    }

    /// Returns where the program's installers put it beside PATH.
    fn places(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["/Applications/Chromium.app/Contents/MacOS/Chromium"],
            Self::Chrome => &[
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                r"C:\Program Files\Google\Chrome\Application\chrome.exe",
                r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
            ],
            Self::Edge => &[
                "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
                r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
                r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
            ],
            Self::WeasyPrint => &["/opt/homebrew/bin/weasyprint", "/usr/local/bin/weasyprint"],
        }
    }
}

/// A program that was found.
pub(super) struct Engine {
    pub(super) brand: Brand,
    program: PathBuf,
}

impl Engine {
    /// Returns the engine that is asked for, or the first that is installed.
    pub(super) fn find(wanted: Option<Brand>) -> Result<Self, Failure> {
        let brands = wanted.map_or(Brand::ALL.to_vec(), |brand| vec![brand]);
        let path = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = env::split_paths(&path).collect();
        let found = brands
            .into_iter()
            .find_map(|brand| installed(brand, &folders).map(|program| Self { brand, program }));
        found.ok_or_else(|| {
            let message = match wanted {
                Some(brand) => format!("cannot print: {} is not installed", brand.name()),
                None => "cannot print: no Chromium, Chrome, Edge or WeasyPrint was found".to_owned(),
            };
            Failure::new(message).help(
                "install one of them: `apt install chromium` (Debian, Ubuntu), `dnf install chromium` (Fedora), \
                 `brew install --cask chromium` (macOS), or `pip install weasyprint`; or print `sign-off.html` from any browser",
            )
        })
    }

    /// Prints a page; returns the PDF. `workshop` is a folder for what the engine leaves lying about.
    pub(super) fn print(
        &self,
        page: &Path,
        workshop: &Path,
        day: NaiveDate,
    ) -> Result<Vec<u8>, Failure> {
        let (target, said) = (workshop.join("printed.pdf"), workshop.join("said.txt"));
        let mut command = match self.brand {
            Brand::WeasyPrint => self.weasyprint(page, &target)?,
            Brand::Chromium | Brand::Chrome | Brand::Edge => {
                self.browser(page, &target, workshop)?
            }
        };
        let log = File::create(&said).map_err(|error| IoError::new("write", &said, error))?;
        let epoch = day.and_time(NaiveTime::MIN).and_utc().timestamp().to_string();
        let child = command
            .env("TZ", "UTC")
            .env("SOURCE_DATE_EPOCH", epoch)
            .current_dir(workshop)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| IoError::new("run", &self.program, error))?;
        let status =
            wait(child, PATIENCE).map_err(|error| IoError::new("run", &self.program, error))?;
        match (status, fs::read(&target)) {
            (Some(status), Ok(pdf)) if status.success() && pdf.starts_with(b"%PDF-") => Ok(pdf),
            (status, _) => Err(self.failed(status, &said)),
        }
    }

    fn browser(&self, page: &Path, target: &Path, workshop: &Path) -> Result<Command, Failure> {
        let profile = workshop.join("profile");
        fs::create_dir(&profile).map_err(|error| IoError::new("make", &profile, error))?;
        let mut command = Command::new(&self.program);
        command
            .args([
                "--headless",
                "--no-pdf-header-footer",
                "--generate-pdf-document-outline",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-sync",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-domain-reliability",
                "--no-first-run",
                "--no-default-browser-check",
                // A page names nothing on the web; if it did, it would not be asked for.
                "--host-resolver-rules=MAP * ~NOTFOUND",
            ])
            .arg(option("--user-data-dir=", &profile))
            .arg(option("--print-to-pdf=", target));
        // The sandbox refuses to start as root; anybody else has it.
        if is_root(&profile) {
            command.arg("--no-sandbox");
        }
        command.arg(address(page));
        Ok(command)
    }

    fn weasyprint(&self, page: &Path, target: &Path) -> Result<Command, Failure> {
        let help = Command::new(&self.program)
            .arg("--help")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| IoError::new("run", &self.program, error))?;
        let mut command = Command::new(&self.program);
        if String::from_utf8_lossy(&help.stdout).contains("pdf/ua-1") {
            command.args(["--pdf-variant", "pdf/ua-1"]);
        }
        // Without a name of its own the file would get one out of chance.
        command.args(["--pdf-identifier", "handover"]).arg(page).arg(target);
        Ok(command)
    }

    fn failed(&self, status: Option<ExitStatus>, said: &Path) -> Failure {
        let name = self.brand.name();
        let message = match status {
            None => format!("{name} did not print within {} minutes", PATIENCE.as_secs() / 60),
            Some(status) if status.success() => format!("{name} ended without printing"),
            Some(status) => format!("{name} failed: {status}"),
        };
        let mut text = String::new();
        let last = File::open(said).and_then(|mut file| file.read_to_string(&mut text)).ok();
        let last = last.and_then(|_| text.lines().rfind(|line| !line.trim().is_empty()));
        match last {
            Some(line) => Failure::new(message).help(format!("it said: {}", line.trim())),
            None => Failure::new(message),
        }
    }
}

fn installed(brand: Brand, folders: &[PathBuf]) -> Option<PathBuf> {
    let on_path = brand.commands().iter().flat_map(|command| {
        let name = format!("{command}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&name))
    });
    let mut candidates = on_path.chain(brand.places().iter().map(PathBuf::from));
    candidates.find(|program| program.is_file())
}

/// Waits for a child, and ends it when it takes too long: `None`.
fn wait(mut child: Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn option(name: &str, path: &Path) -> std::ffi::OsString {
    let mut option = std::ffi::OsString::from(name);
    option.push(path);
    option
}

/// Returns a file's address for a browser.
fn address(path: &Path) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'?');
    let path = path.to_string_lossy().replace('\\', "/");
    let root = if path.starts_with('/') { "" } else { "/" };
    format!("file://{root}{}", utf8_percent_encode(&path, PATH))
}

/// Tells whether this process is that of root: whether what it has just made belongs to root.
#[cfg(unix)]
fn is_root(made: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(made).is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_made: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_looked_for_on_path_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let name = |command: &str| format!("{command}{}", env::consts::EXE_SUFFIX);
        let folders = [folder.path().join("none"), folder.path().to_owned()];
        fs::write(folder.path().join(name("chromium-browser")), "").unwrap();
        let found = installed(Brand::Chromium, &folders).unwrap();
        assert_eq!(found, folder.path().join(name("chromium-browser")));
        fs::write(folder.path().join(name("chromium")), "").unwrap();
        assert_eq!(
            installed(Brand::Chromium, &folders).unwrap(),
            folder.path().join(name("chromium"))
        );
    }

    #[test]
    fn an_address_keeps_its_path_whole() {
        assert_eq!(
            address(Path::new("/tmp/a b#c%/é.html")),
            "file:///tmp/a%20b%23c%25/%C3%A9.html"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let child = Command::new("sleep").arg("600").spawn().unwrap();
        assert_eq!(wait(child, Duration::ZERO).unwrap(), None);
    }
}
