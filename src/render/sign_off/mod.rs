//! The facts → the sign-off sheet: the one page that is made for paper.
//!
//! The portal's copy is `sign-off.html` with `sign-off.css` and `qr.svg`; `sign-off-single.html` is the same in one file, to
//! be mailed or archived. Both have links within themselves alone, because a print turns others into paths of one machine.

mod paper;
mod plan;
mod qr;
mod readiness;
mod register;
mod signatures;
mod summary;
mod training;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::parse::plan::Plan;
use crate::render::site::CONTENT_SECURITY_POLICY;
use crate::render::status::Badge;
use crate::render::theme::Theme;
use crate::render::{Facts, Output, icon};

use paper::Margins;

/// The files of the sheet, and what a host must know to show the copy in one file.
pub struct Sheet {
    pub files: Output,
    /// The hash of the style of the copy in one file, as a policy names it.
    pub style: String,
}

/// The pages of the sheet.
pub const PAGES: &[&str] = &["sign-off.html", "sign-off-single.html"];

/// Tells whether a file is one of the sheet, where there is one.
pub fn is_of_sheet(path: &str) -> bool {
    PAGES.contains(&path) || matches!(path, "sign-off.css" | "qr.svg")
}

/// Returns the sheet; `None` without a plan, because there is nothing to sign.
///
/// # Errors
/// A template of the project's theme does not render.
pub fn sheet(facts: &Facts<'_>, theme: &Theme) -> Result<Option<Sheet>, Box<Diagnostic>> {
    let Some(plan) = &facts.portal.plan else { return Ok(None) };
    let code = code(facts, plan);
    let rules =
        theme.files.get("sign-off.css").map(|css| String::from_utf8_lossy(css)).unwrap_or_default();
    let linked = css(facts, plan, code.as_ref().map(|_| "url(\"qr.svg\")".to_owned()), &rules);
    let embedded = css(facts, plan, code.as_deref().map(paper::embedded), &rules);
    let style = paper::style_hash(&embedded);
    let mut page = Page {
        head: head(facts, plan),
        style: None,
        code: code
            .is_some()
            .then(|| r#"<img src="qr.svg" alt="QR code of the manifest digest">"#.to_owned()),
        summary: summary::summary(facts, plan),
        plan: plan::plan(facts, plan),
        readiness: readiness::readiness(facts, plan),
        register: register::register(facts),
        training: training::training(facts, plan),
        signatures: signatures::signatures(facts, plan),
    };
    let html = theme.render("sign-off.html", &page)?;
    page.head.policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    page.style = Some(embedded);
    page.code.clone_from(&code);
    let single = theme.render("sign-off.html", &page)?;
    let mut files = vec![
        ("sign-off.html".to_owned(), html),
        ("sign-off.css".to_owned(), linked),
        ("sign-off-single.html".to_owned(), single),
    ];
    files.extend(code.map(|svg| ("qr.svg".to_owned(), svg)));
    let files = files.into_iter().map(|(path, text)| (path, text.into_bytes().into())).collect();
    Ok(Some(Sheet { files, style }))
}

/// What the template of the sheet is given.
#[derive(Serialize)]
struct Page {
    head: Head,
    /// The stylesheet itself, in the copy in one file.
    style: Option<String>,
    /// The picture of the code, as HTML.
    code: Option<String>,
    summary: summary::Summary,
    plan: plan::PlanPart,
    readiness: readiness::ReadinessPart,
    register: register::Register,
    training: training::Training,
    signatures: signatures::Signatures,
}

/// What every part of the sheet says of itself.
#[derive(Serialize)]
struct Head {
    policy: String,
    lang: String,
    dir: String,
    title: String,
    /// `insurance-lead-gen 1.0`
    name: String,
    ready: bool,
    /// `DRAFT – NOT READY` or `READY FOR SIGNATURE`
    state: &'static str,
    /// The first 16 digits of the manifest's digest.
    digest: String,
    /// All of it, in lines.
    digest_lines: Vec<String>,
    service: String,
    version: String,
}

fn head(facts: &Facts<'_>, plan: &Plan) -> Head {
    let book = &facts.portal.config.book;
    let name = format!("{} {}", plan.handover.id.value, plan.handover.version.value);
    let (state, digest) = (state(facts), short_digest(facts));
    Head {
        policy: CONTENT_SECURITY_POLICY.to_owned(),
        lang: book.language.clone(),
        dir: book.text_direction.clone().unwrap_or_else(|| "ltr".to_owned()),
        title: format!(
            "{name} · {state} · manifest {digest} · Sign-off sheet: {}",
            plan.handover.service
        ),
        name,
        ready: facts.assessment.readiness.ready,
        state,
        digest,
        digest_lines: digest_lines(facts),
        service: plan.handover.service.clone(),
        version: plan.handover.version.value.clone(),
    }
}

fn state(facts: &Facts<'_>) -> &'static str {
    if facts.assessment.readiness.ready { "READY FOR SIGNATURE" } else { "DRAFT – NOT READY" }
}

fn code(facts: &Facts<'_>, plan: &Plan) -> Option<String> {
    let handover = &plan.handover;
    qr::svg(&qr::message(&handover.id, &handover.version, &facts.manifest.digest))
}

fn css(facts: &Facts<'_>, plan: &Plan, code: Option<String>, rules: &str) -> String {
    let options = &facts.portal.config.handover;
    let margins = Margins {
        paper: options.paper,
        name: &format!("{} · version {}", plan.handover.id.value, plan.handover.version.value),
        state: state(facts),
        digest: &short_digest(facts),
        service: &plan.handover.service,
        classification: options.classification.as_deref(),
        code,
    };
    format!("{}{rules}", paper::css(&margins))
}

/// Returns the digest's algorithm and first 16 digits, in fours: `v1:a09e 9e91 c8ea dbaf`.
fn short_digest(facts: &Facts<'_>) -> String {
    let (algorithm, digits) = split_digest(facts);
    format!("{algorithm}:{}", fours(&digits.chars().take(16).collect::<String>()))
}

/// Returns the whole digest in lines of 32 digits, in fours.
fn digest_lines(facts: &Facts<'_>) -> Vec<String> {
    let (_, digits) = split_digest(facts);
    let digits: Vec<char> = digits.chars().collect();
    digits.chunks(32).map(|line| fours(&line.iter().collect::<String>())).collect()
}

fn split_digest<'a>(facts: &Facts<'a>) -> (&'a str, &'a str) {
    facts.manifest.digest.split_once(':').unwrap_or(("v1", &facts.manifest.digest))
}

fn fours(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// Returns a text of at most so many characters, cut between words.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most).collect();
    let whole = start.rsplit_once(' ').map_or(&*start, |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ':', ';', '.']))
}

/// A status on the sheet: its shape drawn with its color in it, because print engines apply no styles inside a drawing.
#[derive(Clone, Debug, Serialize)]
struct Chip {
    tone: &'static str,
    word: String,
    icon: String,
}

impl From<Badge> for Chip {
    fn from(badge: Badge) -> Self {
        Self {
            tone: badge.tone,
            word: badge.word.to_owned(),
            icon: drawn(badge.shape, color(badge.tone)),
        }
    }
}

impl Chip {
    fn new(tone: &'static str, shape: &str, word: impl Into<String>) -> Self {
        Self { tone, word: word.into(), icon: drawn(shape, color(tone)) }
    }

    /// Returns the same status in white, for a filled box.
    fn filled(badge: Badge) -> Self {
        Self { icon: drawn(badge.shape, "#ffffff"), ..Self::from(badge) }
    }
}

fn color(tone: &str) -> &'static str {
    match tone {
        "pass" => "#17653a",
        "warn" => "#7a4a00",
        "fail" => "#a3161b",
        "info" => "#0b4f94",
        _ => "#4a5563",
    }
}

fn drawn(shape: &str, color: &str) -> String {
    format!(
        r#"<svg class="i" viewBox="0 0 16 16" width="11" height="11" aria-hidden="true" fill="none" stroke="{color}" stroke-width="2">{}</svg>"#,
        icon::shapes(shape)
    )
}
