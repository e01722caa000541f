//! The sign-off sheet on paper: printed by the engines that people have, and looked at.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::project::Project;

const DRAFT: &str = "2026-12-18";
const READY: &str = "2026-12-21";

/// Headings that must not stand alone at the foot of a page.
const HEADINGS: [&str; 12] = [
    "Contents",
    "Timeline",
    "Relinquishing team",
    "Receiving team",
    "Post-handoff support",
    "Exceptions being accepted",
    "Open items",
    "Decisions",
    "Training modules and certification",
    "Incidents and tasks handled",
    "Escalation tests",
    "Electronic signatures",
];

/// A printed sheet: what stands on each page, and what the portal says beside it.
struct Sheet {
    pdf: PathBuf,
    pages: Vec<Page>,
    facts: Value,
}

struct Page {
    width: f64,
    height: f64,
    words: Vec<Word>,
}

struct Word {
    top: f64,
    bottom: f64,
    text: String,
}

impl Sheet {
    /// Prints the sheet of a project, and asks for the facts.
    fn print(project: &Project, today: &str, engine: &str) -> Self {
        let pdf = format!("{today}-{engine}.pdf");
        let ran =
            project.run(&["pdf", "sign-off", "--today", today, "--engine", engine, "-o", &pdf]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let ran = project.run(&["status", "--json", "--today", today]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let pdf = project.path(&pdf);
        Self { pages: pages(&pdf), pdf, facts: serde_json::from_str(&ran.stdout).unwrap() }
    }

    fn digest(&self) -> &str {
        self.facts["manifest"]["digest"].as_str().unwrap()
    }

    /// Returns what its code says.
    fn message(&self) -> String {
        let handover = &self.facts["handover"];
        let (id, version) =
            (handover["id"].as_str().unwrap(), handover["version"].as_str().unwrap());
        format!("HANDOVER:{}", self.digest().replacen(':', &format!(":{id}:{version}:"), 1))
            .to_uppercase()
    }

    /// Returns the pages of a part, by what stands in their head.
    fn part(&self, head: &str) -> impl Iterator<Item = &Page> {
        let head = squeezed(head);
        self.pages.iter().filter(move |page| page.head().contains(&head))
    }
}

impl Page {
    /// Returns all words, without space, in the order of the text.
    fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }

    /// Returns the words of the margin above.
    fn head(&self) -> String {
        self.words.iter().filter(|word| word.bottom < HEAD).map(|word| word.text.as_str()).collect()
    }

    /// Returns the words between the margins.
    fn body(&self) -> Vec<&Word> {
        let foot = self.height - FOOT;
        self.words.iter().filter(|word| word.top >= HEAD && word.bottom <= foot).collect()
    }

    /// Returns the lowest line between the margins.
    fn last_line(&self) -> String {
        let body = self.body();
        let lowest = body.iter().map(|word| word.bottom).fold(0.0, f64::max);
        body.iter()
            .filter(|word| word.bottom > lowest - 3.0)
            .map(|word| word.text.as_str())
            .collect()
    }
}

/// The margins, in points.
const HEAD: f64 = 24.0 / 25.4 * 72.0;
const FOOT: f64 = 27.0 / 25.4 * 72.0;

/// Reads where each word of a PDF stands.
fn pages(pdf: &Path) -> Vec<Page> {
    let output = Command::new("pdftotext").args(["-bbox", pdf.to_str().unwrap(), "-"]).output();
    let output = output.expect("pdftotext is installed: package poppler-utils");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut pages: Vec<Page> = Vec::new();
    for line in text.lines() {
        let number = |key: &str| -> f64 {
            let (_, rest) = line.split_once(&format!("{key}=\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        if line.trim_start().starts_with("<page ") {
            pages.push(Page {
                width: number("width"),
                height: number("height"),
                words: Vec::new(),
            });
        } else if line.trim_start().starts_with("<word ") {
            let text = line.split_once('>').unwrap().1.rsplit_once("</word>").unwrap().0;
            let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
            let word = Word { top: number("yMin"), bottom: number("yMax"), text };
            pages.last_mut().unwrap().words.push(word);
        }
    }
    pages
}

/// Returns a text without space: lines break where they like.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Looks at what holds for every sheet.
fn inspect(sheet: &Sheet, ready: bool, size: (f64, f64)) {
    let name = sheet.pdf.display();
    let count = sheet.pages.len();
    let digits: Vec<char> = sheet.digest().split_once(':').unwrap().1.chars().take(16).collect();
    let manifest = format!("Manifestv1:{}…", digits.iter().collect::<String>());
    let state = squeezed(if ready { "READY FOR SIGNATURE" } else { "DRAFT – NOT READY" });
    for (index, page) in sheet.pages.iter().enumerate() {
        let (text, number) = (page.text(), index + 1);
        assert!((page.width - size.0).abs() < 1.0 && (page.height - size.1).abs() < 1.0, "{name}");
        assert!(
            text.contains(&format!("Page{number}of{count}")),
            "{name}, page {number}: its number"
        );
        assert!(text.contains(&manifest), "{name}, page {number}: the digest");
        assert!(page.head().contains(&state), "{name}, page {number}: the state");
        assert!(page.body().len() > 8, "{name}, page {number} is blank");
        let last = page.last_line();
        for heading in HEADINGS {
            assert_ne!(last, squeezed(heading), "{name}, page {number}: a heading stands alone");
        }
    }
    rows_are_whole(sheet);
    blocks_are_whole(sheet, ready);
}

/// A row of the register has its digest, its id and its status on one page.
fn rows_are_whole(sheet: &Sheet) {
    for document in sheet.facts["documents"].as_array().unwrap() {
        let id = squeezed(document["id"].as_str().unwrap());
        let Some(digest) = document["digest"].as_str() else { continue };
        let digest = &digest["v1:".len()..][..10];
        let mut register = sheet.part("C · Document register");
        let page = register.find(|page| page.text().contains(digest));
        let page = page.unwrap_or_else(|| panic!("{id} with {digest} is in the register"));
        assert!(page.text().contains(&id), "the row of {id} is split");
    }
}

/// A block to sign has its sentence, its line, the digest that it covers and its place for a date on one page.
fn blocks_are_whole(sheet: &Sheet, ready: bool) {
    let pages: Vec<&Page> = sheet.part("E · Sign-off").collect();
    let digest: String = sheet.digest().split_once(':').unwrap().1.chars().take(16).collect();
    let mut blocks = 0;
    for page in &pages {
        let text = page.text();
        let here = text.matches("SignatureS").count();
        blocks += here;
        for label in ["Nameandrole", "Date(YYYY-MM-DD)", "Place"] {
            assert_eq!(text.matches(label).count(), here, "{label} beside each line");
        }
        let covered = format!("manifestdigestv1:{digest}…andnothingelse");
        assert_eq!(
            text.matches(&covered).count(),
            here.div_ceil(2),
            "each row says what it covers"
        );
        let void = text.matches("Notvalidforsignature:draft").count();
        assert_eq!(void, if ready { 0 } else { here });
    }
    let last = pages.last().unwrap().text();
    assert_eq!(last.matches("Notsigned").count(), blocks, "the table of signatures is whole");
    assert!(last.contains(&format!("SignatureS{blocks}")), "and beside the last block");
    assert_eq!(pages[0].text().contains("Donotsign"), !ready);
}

/// Every page has the code, and it reads in gray at 150 dots an inch.
fn codes_read(sheet: &Sheet) {
    let prefix = sheet.pdf.with_extension("");
    let status = Command::new("pdftoppm")
        .args(["-r", "150", "-gray", sheet.pdf.to_str().unwrap(), prefix.to_str().unwrap()])
        .status()
        .expect("pdftoppm is installed: package poppler-utils");
    assert!(status.success());
    let name = prefix.file_name().unwrap().to_str().unwrap().to_owned();
    let folder = fs::read_dir(prefix.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let images: Vec<PathBuf> = folder
        .filter(|path| path.extension().is_some_and(|extension| extension == "pgm"))
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&name))
        .collect();
    assert_eq!(images.len(), sheet.pages.len());
    for image in images {
        let bytes = fs::read(&image).unwrap();
        let (width, height, pixels) = gray(&bytes);
        // The corner alone: the first page has the code in its text, too.
        let (left, top) = (width * 3 / 4, height * 9 / 10);
        let corner = |x: usize, y: usize| usize::from(pixels[(top + y) * width + left + x]);
        // The reader samples points, so it is given three between two of the picture's.
        let size = (3 * (width - left - 1), 3 * (height - top - 1));
        let mut image_of_code =
            rqrr::PreparedImage::prepare_from_greyscale(size.0, size.1, |x, y| {
                let (column, row, right, down) = (x / 3, y / 3, x % 3, y % 3);
                let upper = corner(column, row) * (3 - right) + corner(column + 1, row) * right;
                let lower =
                    corner(column, row + 1) * (3 - right) + corner(column + 1, row + 1) * right;
                u8::try_from((upper * (3 - down) + lower * down) / 9).unwrap()
            });
        let grids = image_of_code.detect_grids();
        assert_eq!(grids.len(), 1, "{}", image.display());
        assert_eq!(grids[0].decode().unwrap().1, sheet.message(), "{}", image.display());
    }
}

/// Reads a PGM: width, height and a byte a pixel.
fn gray(bytes: &[u8]) -> (usize, usize, &[u8]) {
    let mut fields = bytes.splitn(4, u8::is_ascii_whitespace);
    assert_eq!(fields.next(), Some(&b"P5"[..]));
    let mut number =
        || std::str::from_utf8(fields.next().unwrap()).unwrap().parse::<usize>().unwrap();
    let (width, height) = (number(), number());
    let pixels = &bytes[bytes.len() - width * height..];
    (width, height, pixels)
}

const A4: (f64, f64) = (595.3, 841.9);
const LETTER: (f64, f64) = (612.0, 792.0);

fn on(project: Project, paper: &str) -> Project {
    let book = project.read("book.toml").replace("paper = \"A4\"", &format!("paper = \"{paper}\""));
    assert!(book.contains(paper));
    project.write("book.toml", &book);
    project
}

#[test]
fn the_sheet_of_the_example_prints_as_a_draft_and_ready_on_both_papers() {
    for (paper, size) in [("A4", A4), ("Letter", LETTER)] {
        let project = on(Project::example(), paper);
        for (today, ready) in [(DRAFT, false), (READY, true)] {
            let sheet = Sheet::print(&project, today, "chromium");
            assert_eq!(sheet.facts["readiness"]["ready"], ready);
            inspect(&sheet, ready, size);
            codes_read(&sheet);
            let other = Sheet::print(&project, today, "weasyprint");
            inspect(&other, ready, size);
            codes_read(&other);
            assert_eq!(sheet.pages.len(), other.pages.len(), "{paper}, {today}: engines agree");
            assert!(
                (6..=9).contains(&sheet.pages.len()),
                "{paper}, {today}: {}",
                sheet.pages.len()
            );
        }
    }
}

#[test]
fn a_pdf_is_the_same_bytes_twice() {
    let project = Project::example();
    for (what, engine) in
        [("sign-off", "chromium"), ("sign-off", "weasyprint"), ("all", "chromium")]
    {
        let print = |name: &str| {
            let ran = project.run(&["pdf", what, "--engine", engine, "-o", name]);
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
            fs::read(project.path(name)).unwrap()
        };
        let pdf = print("1.pdf");
        assert!(pdf == print("2.pdf"), "{what} by {engine}");
        assert!(
            !pdf.windows(7).any(|window| window == b"file://"),
            "no path of this machine is in it"
        );
    }
}

/// Returns a project with many documents and signatories, and long words everywhere.
fn large(paper: &str) -> Project {
    let mut fixture = format!(
        "-- book.toml --\n[book]\nsrc = \"content\"\n[output.handover]\npaper = \"{paper}\"\n-- content/plan.toml --\n\
         [handover]\nid = \"a-service-with-a-rather-long-name-that-goes-on-and-on\"\ntitle = \"T\"\nversion = \"1.0\"\n\
         service = \"Pneumonoultramicroscopicsilicovolcanoconiosis Registration & Reimbursement Orchestration\"\n\
         [calendar]\nstart = 2026-12-07\nbusiness-days = 10\n\
         [[team]]\nid = \"old\"\nside = \"relinquishing\"\nname = \"Old\"\n\
         [[team]]\nid = \"new\"\nside = \"receiving\"\nname = \"New\"\n\
         [[milestone]]\nid = \"gate\"\ntitle = \"Gate\"\nday = 10\nactivities = \"Sign.\"\ngate = true\n\
         [[criterion]]\nid = \"documents\"\nstatement = \"All documents are reviewed.\"\n\
         check = {{ type = \"documents-reviewed\" }}\n"
    );
    for number in 1..=6 {
        let side = if number % 2 == 0 { "new" } else { "old" };
        write!(
            fixture,
            "[[person]]\nid = \"person-{number}\"\nname = \"Person Number {number} of a Family with Several Names\"\n\
             role = \"Principal Engineer for Everything\"\nteam = \"{side}\"\nlead = {}\n\
             [[signatory]]\nperson = \"person-{number}\"\ncapacity = \"Capacity {number}\"\n\
             statement = \"I accept, in my capacity as number {number}, what this sheet says on all of its pages, with the \
             exceptions and open items that are listed in part B, from the day of the last signature on.\"\n",
            number <= 2,
        )
        .unwrap();
    }
    for number in 1..=120 {
        let title = if number % 7 == 0 {
            format!(
                "Supercalifragilisticexpialidocious{} {number}",
                "Donaudampfschifffahrtsgesellschaft".repeat(3)
            )
        } else {
            format!(
                "What to do when the {number}th of the many queues between intake and delivery stops moving"
            )
        };
        write!(
            fixture,
            "-- content/runbooks/of-a-team/with-deep-folders/document-{number:03}.md --\n---\nowner: person-1\n\
             review: {{ exempt: a list of names }}\n---\n# {title}\n\nText.\n"
        )
        .unwrap();
    }
    Project::new(&fixture)
}

#[test]
fn many_documents_and_signatories_and_long_titles_fit() {
    for (paper, size) in [("A4", A4), ("Letter", LETTER)] {
        let project = large(paper);
        let sheet = Sheet::print(&project, DRAFT, "chromium");
        assert_eq!(sheet.facts["documents"].as_array().unwrap().len(), 120);
        assert_eq!(sheet.facts["readiness"]["ready"], true);
        inspect(&sheet, true, size);
        let register: Vec<&Page> = sheet.part("C · Document register").collect();
        assert!(register.len() > 5);
        for page in register {
            assert_eq!(
                page.text().matches("Approvedby").count(),
                1,
                "the head of the table repeats"
            );
        }
        codes_read(&sheet);
        let blocks: Vec<usize> = sheet
            .part("E · Sign-off")
            .map(|page| page.text().matches("SignatureS").count())
            .collect();
        assert_eq!(blocks.iter().sum::<usize>(), 6);
        assert_eq!(blocks.len(), 2, "{paper}: {blocks:?}");
    }
}

#[test]
fn a_sheet_needs_a_plan_and_an_engine() {
    let project = Project::new("-- src/a.md --\n# A\n");
    let ran = project.run(&["pdf", "sign-off"]);
    assert_eq!((ran.code, &*ran.stdout), (Some(2), ""));
    assert!(
        ran.stderr.contains("no plan was found, so there is nothing to sign"),
        "{}",
        ran.stderr
    );
    let ran = crate::project::ran(project.command(&["pdf", "all"]).env("PATH", project.path("")));
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("no Chromium, Chrome, Edge or WeasyPrint was found"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("apt install chromium"), "{}", ran.stderr);
}
