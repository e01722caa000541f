//! The picker of versions and the word of a newer one, on a site with two releases and what comes after them.

use serde_json::Value;
use thirtyfour::prelude::*;

use crate::browser::harness::{Browser, Server};
use crate::versions::project;

/// What the menu says: each version, and the file that it leads to.
const MENU: &str = "return [...document.querySelectorAll('#versions a')].map(link => {
  const words = [...link.childNodes].map(node => node.textContent).join(', ');
  return link.ariaCurrent ? words : `${words} ${link.href.split('/').slice(-2).join('/')}`;
}).join('; ')";

const BANNER: &str = "const note = document.querySelector('main > .banner');
  return note && `${note.innerText} ${note.querySelector('a').href.split('/').slice(-2).join('/')}`";

const FOCUS: &str = "return document.activeElement.className || document.activeElement.textContent";

#[tokio::test]
async fn a_reader_stays_on_the_document_in_every_version() {
    let project = project();
    let built = project.run(&["build", "--all-versions"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    let site = project.path("site");
    let server = Server::of(&site.join("1.0"));
    let browser = Browser::start().await;
    let disk = format!("file://{}/1.0/", site.canonicalize().unwrap().display());
    for base in [server.url(""), server.deep_url(""), disk] {
        let base = base.trim_end_matches("1.0/");
        let cases = [
            ("1.0/recover.html", "1.1, not released 1.1/recover.html; 1.0; 0.9 0.9/restore.html"),
            ("1.0/plan.html", "1.1, not released 1.1/plan.html; 1.0; 0.9 0.9/plan.html"),
            (
                "1.1/new.html",
                "1.1, not released; 1.0, does not have this document 1.0/documents.html; 0.9, does not have this document 0.9/documents.html",
            ),
        ];
        for (page, menu) in cases {
            browser.open(&format!("{base}{page}")).await;
            browser.eventually("return !!document.querySelector('button.version')", true).await;
            browser.eval("document.querySelector('button.version').focus()").await;
            browser.press(Key::Enter).await;
            assert_eq!(browser.eventually(MENU, menu).await, menu, "{base}{page}");
            assert_eq!(browser.eval(BANNER).await, Value::Null);
        }
        // By keyboard: into the menu, back out of it, and to another version.
        browser.open(&format!("{base}1.0/recover.html")).await;
        browser.eventually("return !!document.querySelector('button.version')", true).await;
        browser.eval("document.querySelector('button.version').focus()").await;
        browser.press(Key::Enter).await;
        browser.press(Key::Tab).await;
        assert_eq!(browser.eval(FOCUS).await, "1.1not released");
        browser.press(Key::Escape).await;
        assert_eq!(browser.eval(FOCUS).await, "version");
        browser.press(Key::Enter).await;
        let last = "return document.querySelector('#versions li:last-child a').href.endsWith('restore.html')";
        browser.eventually(last, true).await;
        browser.press(Key::Tab + Key::Tab + Key::Tab).await;
        browser.press(Key::Enter).await;
        let heading = "return location.pathname.split('/').slice(-2).join('/')";
        assert_eq!(browser.eventually(heading, "0.9/restore.html").await, "0.9/restore.html");
        let newer = "You read 0.9; 1.0 is newer. 1.0/recover.html";
        assert_eq!(browser.eventually(BANNER, newer).await, newer, "{base}");
        browser.open(&format!("{base}0.9/old.html")).await;
        let lacks =
            "You read 0.9; 1.0 is newer. It does not have this document. 1.0/documents.html";
        assert_eq!(browser.eventually(BANNER, lacks).await, lacks, "{base}");
        assert_eq!(browser.console().await, Vec::<String>::new(), "{base}");
        if base.starts_with("http") {
            assert_eq!(browser.axe().await, Vec::<String>::new());
        }
    }
    browser.scripting(false).await;
    browser.open(&server.url("recover.html")).await;
    browser.scripting(true).await;
    let plain = "return document.querySelector('a.version').href.endsWith('/1.0/changes.html')";
    assert_eq!(browser.eval(plain).await, true);
    browser.quit().await;
}
