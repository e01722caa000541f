//! Search in a browser: the words, what is found, and the dialog.

use std::fmt::Write as _;

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::harness::{Browser, Server, example};
use crate::project::Project;

/// What is typed, and what is found first: the id of a document, and the heading of the section where it is not the top.
const QUERIES: &[(&str, &str)] = &[
    ("Queue Backlog", "runbooks/queue-backlog"),
    ("queue back", "runbooks/queue-backlog"),
    ("runbooks/queue-backlog", "runbooks/queue-backlog"),
    ("LeadQueueBacklog", "runbooks/queue-backlog"),
    ("outboxstalled", "runbooks/queue-backlog"),
    ("PostgresPrimaryDown", "runbooks/postgres-failover"),
    ("postgres failover", "runbooks/postgres-failover"),
    ("postgresql restore", "runbooks/postgres-restore"),
    ("point in time recovery", "runbooks/postgres-restore"),
    ("pg_wal", "runbooks/postgres-failover › The volume is full"),
    ("volume full", "runbooks/postgres-failover › The volume is full"),
    ("promote a replica", "runbooks/postgres-failover › Promote a replica"),
    ("switchover", "runbooks/postgres-failover › Switchover on purpose"),
    ("pgbouncer", "runbooks/postgres-connections"),
    ("connection pool exhausted", "runbooks/postgres-connections"),
    ("dead letters", "runbooks/dead-letters"),
    ("dead-letter", "runbooks/dead-letters"),
    ("rabbitmq", "runbooks/rabbitmq-node"),
    ("memory alarm", "runbooks/rabbitmq-node › Memory alarm"),
    ("gdpr", "leads/consent"),
    ("erasure", "leads/consent › Requests from persons"),
    ("partner outage", "runbooks/partner-outage"),
    ("circuit breaker", "leads/partner-delivery › Circuit breaker"),
    ("budget spent", "runbooks/llm-outage"),
    ("prompt", "ai/workflows › Change a prompt or model"),
    ("region failover", "runbooks/region-failover"),
    ("node not ready", "runbooks/node-pressure"),
    ("crashloop", "runbooks/rabbitmq-node › Diagnose"),
    ("deploy", "sops/deploy-and-rollback"),
    ("change window", "sops/deploy-and-rollback › Change window"),
    ("vault", "sops/rotate-secrets"),
    ("incident commander", "sops/incident-response"),
    ("who is on call", "handover/escalation"),
    ("burn rate", "monitoring/slos › Burn rates"),
    ("glossary", "reference/glossary"),
    ("network policy", "architecture/network-zones"),
    ("daily checks", "sops/daily-checks"),
    ("consnt", "leads/consent"),
    ("rabbitmqq", "runbooks/rabbitmq-node"),
    ("status:unreviewed", "leads/consent"),
    ("owner:\"Hye-jin Park\" restore", "runbooks/postgres-restore"),
    // Parts of compound names: the index has `ilg-mq-server-0`, `ilg-pg-pooler-rw` and `llm_requests_total`.
    ("mq-server", "platform/queues › Everyday commands"),
    ("mq-server-0", "platform/queues › Everyday commands"),
    ("ilg-mq-server", "platform/queues › Everyday commands"),
    ("pg-rw", "architecture/network-zones › Zones"),
    ("pg-pooler", "architecture/network-zones › Zones"),
    ("pooler-rw", "architecture/network-zones › Zones"),
    ("requests_total", "monitoring/slos › Burn rates"),
    ("ilg.example.com", "sops/daily-checks › By hand"),
    ("stuck-leads", "leads/lifecycle › Re-drive stuck leads"),
    // A filter that is not finished does not filter yet.
    ("restore owner:", "runbooks/postgres-restore"),
    ("restore owner:\"Nobody", "runbooks/postgres-restore"),
    ("status: restore", "runbooks/postgres-restore"),
];

async fn opened(browser: &Browser, url: &str) {
    browser.open(url).await;
    browser.control('k').await;
    browser.until("return !!document.querySelector('dialog.find[open] select')", true).await;
}

#[tokio::test]
async fn words_are_those_of_the_index() {
    let (_, version) = example();
    let browser = Browser::start().await;
    opened(&browser, &format!("file://{}/index.html", version.display())).await;
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../../src/render/search/tokens.json")).unwrap();
    assert!(vectors.len() > 10);
    for vector in vectors {
        let script = format!("return handoverSearch.words({})", vector["text"]);
        assert_eq!(browser.eval(&script).await, vector["words"], "{}", vector["text"]);
    }
    browser.quit().await;
}

#[tokio::test]
async fn what_is_looked_for_comes_first_and_has_its_text() {
    let (_, version) = example();
    let server = Server::start();
    let browser = Browser::start().await;
    let disk = format!("file://{}/runbooks/postgres-failover.html", version.display());
    for url in [disk, server.deep_url("index.html")] {
        opened(&browser, &url).await;
        for (query, expected) in QUERIES {
            let script = format!(
                "return handoverSearch.find({}).then(all => all.map(one => [one.id + (one.heading ? ' › ' + one.heading : ''), \
                 one.href, one.text]))",
                json!(query)
            );
            let found = browser.eval(&script).await;
            assert_eq!(found[0][0], *expected, "{query}");
            for result in found.as_array().unwrap() {
                let [id, href, text] = [0, 1, 2].map(|at| result[at].as_str().unwrap());
                assert!(!text.is_empty(), "{query}: {id} has no text");
                let (page, anchor) = href.split_once('#').unwrap_or((href, ""));
                let html = std::fs::read_to_string(version.join(page)).unwrap();
                assert!(anchor.is_empty() || html.contains(&format!("id=\"{anchor}\"")), "{href}");
            }
        }
        for nothing in ["xyzzy", "the", "10.0.0.1", "status:nonsense", "owner:", "owner:\"Hye"] {
            let script = format!("return handoverSearch.find({})", json!(nothing));
            assert_eq!(browser.eval(&script).await, json!([]), "{nothing}");
        }
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
    browser.quit().await;
}

#[tokio::test]
async fn the_dialog_is_used_from_the_keyboard() {
    let server = Server::start();
    let browser = Browser::start().await;
    let said = "return document.querySelector('dialog .said').textContent";
    let selected = "return document.querySelector('dialog [aria-selected=true] b').textContent";
    for (width, scheme) in [(1440, "light"), (360, "dark")] {
        browser.width(width).await;
        browser.color_scheme(scheme).await;
        browser.open(&server.url("readiness.html")).await;
        let untouched =
            "return performance.getEntriesByType('resource').some(one => /search/.test(one.name))";
        assert_eq!(
            browser.eval(untouched).await,
            false,
            "nothing is loaded before it is asked for"
        );
        browser.eval("document.querySelector('.top .search').focus()").await;
        browser.press("/").await;
        browser.until("return !!document.querySelector('dialog.find[open] select')", true).await;
        assert_eq!(browser.axe().await, Vec::<String>::new(), "empty, {width}");
        browser.press("queue").await;
        browser.until(&format!("{said}.replace(/[0-9]+/, 'n')"), "n results").await;
        let first = browser.eval(selected).await;
        assert_eq!(browser.axe().await, Vec::<String>::new(), "with results, {width}");
        let scrolls =
            "const d = document.querySelector('dialog'); return d.scrollWidth > d.clientWidth";
        assert_eq!(browser.eval(scrolls).await, false, "{width}");
        browser.press(Key::Down).await;
        assert_ne!(browser.eval(selected).await, first);
        browser.press(Key::Up).await;
        browser.press(Key::Up).await;
        assert_ne!(browser.eval(selected).await, first, "it goes round");
        browser.press(Key::Escape).await;
        assert_eq!(browser.eval("return !!document.querySelector('dialog[open]')").await, false);
        assert_eq!(browser.eval("return document.activeElement.className").await, "search");
        browser.control('k').await;
        browser.press("xyzzy").await;
        browser.until(said, "Nothing found for “xyzzy”").await;
        // What is pasted by mistake is not said back.
        browser.eval("const field = document.querySelector('dialog input'); field.value = 'xyzzy '.repeat(4000); \
             field.dispatchEvent(new Event('input'))").await;
        browser.until(&format!("{said}.length"), 81).await;
        browser.control('a').await;
        browser.press("owner:").await;
        browser.until(said, "").await;
        browser.control('a').await;
        browser.press("change window").await;
        browser.until(selected, "Deploy and roll back › Change window").await;
        browser.press(Key::Enter).await;
        let there = "return location.pathname.split('/').pop() + location.hash";
        browser.until(there, "deploy-and-rollback.html#change-window").await;
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
    browser.quit().await;
}

#[tokio::test]
async fn enter_opens_what_was_asked_last() {
    let server = Server::start();
    let browser = Browser::start().await;
    opened(&browser, &server.url("readiness.html")).await;
    browser.press("change window").await;
    let selected =
        "return (document.querySelector('dialog [aria-selected=true] b') || {}).textContent";
    browser.until(selected, "Deploy and roll back › Change window").await;
    // The results of the last letters have not come yet.
    browser
        .eval(
            "const field = document.querySelector('dialog input'); field.value = 'queue backlog'; \
             field.dispatchEvent(new Event('input')); \
             field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))",
        )
        .await;
    browser.until("return location.pathname.split('/').pop()", "queue-backlog.html").await;
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

#[tokio::test]
async fn filters_narrow_and_the_address_keeps_the_question() {
    let server = Server::start();
    let browser = Browser::start().await;
    browser.width(1440).await;
    browser.open(&server.url("search.html#q=rabbitmq")).await;
    let first = "return (document.querySelector('#find li b') || {}).textContent";
    browser.until(first, "RabbitMQ node down or blocked").await;
    assert_eq!(browser.axe().await, Vec::<String>::new());
    let select = browser.driver.find(By::Css("#find select")).await.unwrap();
    select.send_keys("Changed").await.unwrap();
    browser.until("return document.querySelector('#find .said').textContent", "1 result").await;
    assert_eq!(browser.eval(first).await, "Queue backlog");
    browser.eval("document.querySelector('#find input').focus()").await;
    browser.control('a').await;
    browser.press("backlog").await;
    browser.until("return location.hash", "#q=backlog").await;
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

#[tokio::test]
async fn an_index_that_does_not_come_is_said() {
    let (_, version) = example();
    let folder = tempfile::tempdir().unwrap();
    for file in ["index.html", "app.js", "app.css", "theme.js", "search.js", "search.css"] {
        std::fs::copy(version.join(file), folder.path().join(file)).unwrap();
    }
    let browser = Browser::start().await;
    browser.open(&format!("file://{}/index.html", folder.path().display())).await;
    browser.control('k').await;
    let said = "return (document.querySelector('dialog .said') || {}).textContent";
    let words = "The index of the search cannot be loaded. All contents lists every page.";
    browser.until(said, words).await;
    browser.quit().await;
}

/// A portal so large that its index is in parts: two thousand documents and a hundred.
fn large() -> Project {
    let mut fixture = "-- book.toml --\n[book]\nsrc = \"content\"\n".to_owned();
    for number in 0..2100 {
        let (owner, shelf) = (["Ada", "Grace", "Edsger"][number % 3], number % 40);
        let path = format!("content/shelf{shelf}/pump{number}.md");
        let text = format!(
            "Open valve{number} of the station, number{}, slowly.\n\n## Drain\n\nEmpty the tank.",
            number / 7
        );
        write!(fixture, "-- {path} --\n---\nowner: {owner}\n---\n# Pump {number}\n\n{text}\n")
            .unwrap();
    }
    let project = Project::new(&fixture);
    let ran = project.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    project
}

#[tokio::test]
async fn the_index_of_a_large_portal_comes_in_parts() {
    let project = large();
    let version = std::fs::read_dir(project.path("site"))
        .unwrap()
        .filter_map(Result::ok)
        .find(|entry| entry.path().join("search/words.js").is_file());
    let version = version.expect("a version with an index in parts").path();
    let server = Server::of(&version);
    let browser = Browser::start().await;
    let name = version.file_name().unwrap().to_str().unwrap();
    let served = server.deep_url("index.html").replace("/1.0/", &format!("/{name}/"));
    for url in [format!("file://{}/index.html", version.display()), served] {
        for (query, first) in [
            ("pump 1234", "shelf34/pump1234"),
            ("shelf34/pump1234", "shelf34/pump1234"),
            ("valve1234", "shelf34/pump1234"),
            ("valve123", "shelf3/pump123"),
            ("number299", "shelf13/pump2093"),
            ("statoin", "shelf0/pump0"),
            ("owner:grace valve10", "shelf10/pump10"),
        ] {
            // Each as the first question: what was loaded for another one does not help.
            browser.open("about:blank").await;
            opened(&browser, &url).await;
            browser.eval("parts = []; append = document.head.append; \
                 document.head.append = function (part) { parts.push(part.src); append.call(this, part); }").await;
            let script = format!(
                "return handoverSearch.find({}).then(all => [all[0].id, all.every(one => one.text)])",
                json!(query)
            );
            assert_eq!(browser.eval(&script).await, json!([first, true]), "{query}");
            let parts = browser.eval("return parts").await;
            let loaded = parts.as_array().unwrap().iter().map(|part| part.as_str().unwrap());
            let sizes = loaded.chain(["index.js"]).map(|part| {
                let part = part.rsplit('/').next().unwrap();
                std::fs::metadata(version.join("search").join(part)).unwrap().len()
            });
            let size: u64 = sizes.sum();
            assert!(size > 0 && size < 300_000, "{query}: {size} bytes in {parts}");
        }
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
    browser.quit().await;
}

/// Loads the index, then writes another one in its place, in which every number is another.
#[tokio::test]
async fn an_index_that_is_written_anew_under_an_open_page_is_taken_whole() {
    let project = large();
    let version = project.path("site/draft");
    let served = Server::of(&version);
    let browser = Browser::start().await;
    let first = |query: &str| {
        format!(
            "return handoverSearch.find({}).then(all => all.length && [all[0].id, all[0].text])",
            json!(query)
        )
    };
    let pump = |number: u32| {
        let text = format!("Open valve{number} of the station, number{}, slowly.", number / 7);
        json!([format!("shelf{}/pump{number}", number % 40), text])
    };
    let urls = [
        format!("file://{}/index.html", version.display()),
        served.url("index.html").replace("/1.0/", "/draft/"),
    ];
    for (at, url) in urls.iter().enumerate() {
        opened(&browser, url).await;
        assert_eq!(browser.eval(&first("valve1234")).await, pump(1234));
        project.write(
            &format!("content/0aaa{at}.md"),
            &format!("# Before all\n\n## One\n\n## Two\n\nUnheard{at}.\n"),
        );
        assert_eq!(project.run(&["build"]).code, Some(0));
        for number in [7, 400, 1999] {
            let found = browser.eval(&first(&format!("valve{number}"))).await;
            assert_eq!(found, pump(number), "{url}");
        }
        assert_eq!(browser.eval(&first(&format!("unheard{at}"))).await[0], format!("0aaa{at}"));
    }
    // Parts of one index beside the head of another: half of a copy.
    let index = version.join("search/index.js");
    let text = std::fs::read_to_string(&index).unwrap();
    let (text, _) = text.rsplit_once(",\"").unwrap();
    std::fs::write(&index, format!("{text},\"another\");\n")).unwrap();
    opened(&browser, &urls[0]).await;
    browser.press("valve3").await;
    let said = "return document.querySelector('dialog .said').textContent";
    let words = "The index of the search has changed. All contents lists every page.";
    browser.until(said, words).await;
    browser.quit().await;
}
