//! `Portal` + `Assessment` + `Theme` → the files of one version, each made when it is asked for.
//!
//! Never finds a problem that `check` could have found. A template never sees more than its context.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assess::Assessment;
use crate::assess::signatures::SignedRelease;
use crate::diagnostic::Diagnostic;
use crate::history::History;
use crate::link::Portal;
use crate::release::Manifest;
use crate::release::changes::Changes;

/// The path of a file below the version's folder, with `/`.
pub type OutputPath = String;

/// Files of one version, made.
pub type Output = BTreeMap<OutputPath, Arc<[u8]>>;

/// The bytes of a file, or what is wrong with the project's template that makes it.
pub type Made = Result<Arc<[u8]>, Box<Diagnostic>>;

/// The files of one version, each made when it is asked for.
pub trait Files: Sync {
    /// Returns the paths of all of them, those first that take longest to make.
    fn paths(&self) -> Vec<OutputPath>;

    /// Makes the file at a path; `None` where there is none.
    fn file(&self, path: &str) -> Option<Made>;
}

impl Files for Output {
    fn paths(&self) -> Vec<OutputPath> {
        self.keys().cloned().collect()
    }

    fn file(&self, path: &str) -> Option<Made> {
        self.get(path).cloned().map(Ok)
    }
}

/// All that a page may be made of.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub portal: &'a Portal,
    /// What the repository says of the project's past; where there is nothing, why.
    pub history: &'a Result<History, String>,
    pub assessment: &'a Assessment,
    pub manifest: &'a Manifest,
    /// What changed since the release before this version.
    pub changes: Option<&'a Changes>,
    /// What this is the portal of, where that is a release.
    pub release: Option<&'a SignedRelease>,
    /// What `check` found, sorted: pages show their own, the home page the counts.
    pub diagnostics: &'a [Diagnostic],
}

pub mod address;
pub mod asset;
pub mod chart;
pub mod difference;
pub mod feeds;
pub mod icon;
pub mod json;
pub mod markdown;
pub mod names;
pub mod nav;
pub mod page;
pub mod search;
pub mod shard;
pub mod past;
pub mod redirect;
pub mod sign_off;
pub mod signature;
pub mod site;
pub mod status;
pub mod theme;
pub mod version;
pub mod words;

#[cfg(test)]
mod tests {
    use crate::fixture;
    use crate::render::page::Page;
    use crate::render::site::Site;
    use crate::render::theme::Theme;
    use crate::render::version::Version;

    const PLAN: &str = r#"
-- book.toml --
[book]
src = "content"
-- content/plan.toml --
[handover]
id = "x"
title = "Handoff <Plan>"
service = "Billing & Co"
version = "1.0"
[calendar]
start = 2026-12-07
business-days = 10
[[team]]
id = "old"
side = "relinquishing"
name = "Old team"
[[team]]
id = "new"
side = "receiving"
name = "New team"
[[person]]
id = "ann"
name = "Ann"
role = "SRE"
team = "new"
lead = true
phone = "+44 20 7946 0101"
[[phase]]
id = "review"
title = "Review"
days = "1-4"
activities = "Read."
[[milestone]]
id = "gate"
title = "Gate"
day = 10
activities = "Sign."
gate = true
[[module]]
id = "m"
title = "Module"
hours = 3
audience = ["new"]
[[criterion]]
id = "trained"
statement = "Everybody is trained."
check = { type = "training-complete" }
[[escalation]]
level = 1
severities = ["SEV-1"]
contact = "ann"
hours = "24x7"
acknowledge-minutes = 15
[[document]]
id = "not-written"
title = "Not written yet"
-- content/runbooks/db.md --
---
kind: runbook
severity: SEV-1
owner: ann
---
# Database & co

## Diagnose

Look.
"#;

    fn build(fixture: &str) -> super::Output {
        let tree = fixture::tree(fixture);
        let judged = crate::judge(&tree, &fixture::options());
        let (theme, problems) = Theme::load(&tree, None);
        assert!(problems.is_empty());
        Version::new(judged.facts(), &theme).all().unwrap()
    }

    fn pages(output: &super::Output) -> impl Iterator<Item = (&str, &str)> {
        let html = output.iter().filter(|(path, _)| path.ends_with(".html"));
        html.map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
    }

    #[test]
    fn every_page_renders_with_and_without_a_plan() {
        for fixture in [PLAN, "-- src/a.md --\n# A\n", "-- src/empty.txt --\n"] {
            let output = build(fixture);
            let generated: Vec<&str> = pages(&output).map(|(path, _)| path).collect();
            for page in
                ["index", "plan", "readiness", "documents", "escalation", "search", "print", "404"]
            {
                assert!(generated.contains(&&*format!("{page}.html")), "{page}");
            }
        }
    }

    #[test]
    fn no_page_has_what_its_policy_forbids_or_an_address_that_is_not_relative() {
        for (path, html) in pages(&build(PLAN)) {
            for forbidden in
                ["style=", "<style", " onclick", "href=\"/", "src=\"/", "src=\"http", "<base"]
            {
                let own = forbidden == "<style" && path == "sign-off-single.html";
                assert!(own || !html.contains(forbidden), "{path}: {forbidden}");
            }
            assert_eq!(html.matches("<h1").count(), 1, "{path}");
            assert!(html.contains("http-equiv=\"Content-Security-Policy\""), "{path}");
        }
    }

    #[test]
    fn what_the_project_says_is_escaped() {
        let output = build(PLAN);
        let (_, home) = pages(&output).find(|(path, _)| *path == "index.html").unwrap();
        assert!(home.contains("<title>Overview · Billing &amp; Co 1.0</title>"));
        let (_, plan) = pages(&output).find(|(path, _)| *path == "plan.html").unwrap();
        assert!(plan.contains("Handoff &lt;Plan&gt;") && !plan.contains("<Plan>"));
    }

    #[test]
    fn the_frame_of_a_page_stays_small() {
        let fixture: String =
            (0..300).map(|n| format!("-- src/s{}/d{n}.md --\n# Document {n}\n", n % 20)).collect();
        let output = build(&fixture);
        for (path, html) in pages(&output).filter(|(path, _)| path.contains("/d")) {
            assert!(html.len() < 8 * 1024, "{path}: {}", html.len());
        }
    }

    /// The article of a page, without blank lines.
    fn article(output: &super::Output, page: &str) -> String {
        let (_, html) = pages(output).find(|(path, _)| *path == page).unwrap();
        let start = html.find("<article>").unwrap() + "<article>".len();
        let lines = html[start..html.find("</article>").unwrap()].lines();
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_runbook_says_first_whether_to_trust_it_and_whom_to_wake() {
        let html = article(&build(PLAN), "runbooks/db.html");
        let without_digest = html
            .replace(&html[html.find("v1:").unwrap()..html.rfind("</code></dd>").unwrap()], "…");
        insta::assert_snapshot!(without_digest, @r##"
        <h1 id="database--co">Database &amp; co</h1>
        <p class="status"><span class="chip c-fail"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6" stroke-dasharray="2.5 2.2"/></svg>Unreviewed</span> <span class="kind">runbook</span></p>
        <div class="banner c-fail" role="note"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6" stroke-dasharray="2.5 2.2"/></svg><div><p><strong>This text is not reviewed.</strong> Nobody whose word counts has approved it yet. Check each step before you rely on it.</p><p class="small">A reviewer settles it with <code>handover review approve runbooks/db --as …</code>.</p></div></div>
        <section class="first" aria-label="First things"><dl class="facts">
        <dt>Severity</dt><dd><strong>SEV-1</strong></dd>
        <dt>First check</dt><dd><a href="#diagnose">Diagnose</a></dd>
        <dt>Who to wake</dt><dd><a href="../escalation.html#level-1">Level 1</a>: <strong>Ann</strong>, <a href="tel:+442079460101">+44 20 7946 0101</a>; 24x7, answers within 15 min</dd>
        </dl></section>
        <dl class="meta">
        <div><dt>Owner</dt><dd>Ann</dd></div>
        <div class="long"><dt>Digest</dt><dd><code class="digest" data-copy="…</code></dd></div>
        </dl>
        <h2 id="diagnose">Diagnose<a class="anchor" href="#diagnose" aria-label="Link to Diagnose">#</a></h2>
        <p>Look.</p>
        <details class="problems"><summary>1 problem found in this text</summary>
        <ul>
        <li>Line 6: document <a href="db.html">Database &amp; co</a>: nobody whose word counts has approved it yet <code>unreviewed-document</code></li>
        </ul></details>
        "##);
    }

    #[test]
    fn a_criterion_is_shown_with_what_is_missing() {
        insta::assert_snapshot!(article(&build(PLAN), "readiness.html"), @r##"
        <h1>Readiness</h1>
        <div class="banner verdict c-fail" role="note"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"/></svg><div><p><strong>Not ready for sign-off</strong></p><p>0 of 1 criterion met, judged for 18 December 2026.</p></div></div>
        <h2 id="criteria">Criteria</h2>
        <section class="criterion c-fail" aria-labelledby="criterion-trained">
        <p class="head"><code>trained</code><span class="chip c-fail"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"/></svg>Unmet</span></p>
        <h3 id="criterion-trained">Everybody is trained.</h3>
        <dl class="facts">
        <dt>Target</dt><dd>1 module attended by everybody they are for</dd>
        <dt>Actual</dt><dd>0 of 1 attended by all</dd>
        <dt>Missing</dt><dd><ul><li>Module: Ann, 0 of 3 hours</li></ul></dd>
        <dt>Owner</dt><dd>Ann</dd>
        </dl>
        </section>
        <h2 id="exceptions">Exceptions</h2>
        <p>None was granted.</p>
        <h2 id="owed">What is still owed</h2>
        <div class="tw" role="region" aria-labelledby="owed-caption" tabindex="0"><table><caption class="vh" id="owed-caption">What is still owed</caption>
        <thead><tr><th scope="col">What</th><th scope="col">For</th><th scope="col">Owner</th><th scope="col">Due</th></tr></thead>
        <tbody>
        <tr><td class="text">Attend Module: 0 of 3 hours</td><td><a href="#criterion-trained">trained</a></td><td>Ann</td><td class="nowrap"><time datetime="2026-12-18">18 Dec 2026</time></td></tr>
        </tbody></table></div>
        "##);
    }

    #[test]
    fn a_criterion_may_be_called_as_a_section_of_the_page() {
        let plan = PLAN.replace("\"trained\"", "\"owed\"");
        assert_ne!(plan, PLAN);
        let readiness = article(&build(&plan), "readiness.html");
        assert_eq!(readiness.matches("id=\"owed\"").count(), 1);
        assert_eq!(readiness.matches("id=\"criterion-owed\"").count(), 1);
    }

    #[test]
    fn a_portal_without_a_plan_says_so() {
        let output = build("-- src/a.md --\n# A\n");
        let (_, home) = pages(&output).find(|(path, _)| *path == "index.html").unwrap();
        assert!(home.contains("No plan was found."));
        assert!(!home.contains("sign-off.html"));
    }

    #[test]
    fn a_document_that_opens_a_project_without_a_plan_is_its_home_page() {
        let output = build("-- src/README.md --\n# Welcome\n-- src/a.md --\n# A\n");
        let (_, home) = pages(&output).find(|(path, _)| *path == "index.html").unwrap();
        assert!(home.contains("<h1 id=\"welcome\">Welcome</h1>"), "{home}");
        assert!(home.contains("No plan was found."));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        assert_eq!(build(PLAN), build(PLAN));
    }

    #[test]
    fn every_page_has_an_address_of_its_own() {
        let tree = fixture::tree(PLAN);
        let judged = crate::judge(&tree, &fixture::options());
        let theme = Theme::load(&tree, None).0;
        let site = Site::new(judged.facts(), &theme);
        let pages = Page::all(&site);
        let addresses: std::collections::BTreeSet<_> =
            pages.iter().map(|page| page.address(&site)).collect();
        assert_eq!(addresses.len(), pages.len());
    }
}
