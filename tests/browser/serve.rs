//! A page that is open while its project is edited: it changes in place, and errors stand over the last good one.

use thirtyfour::prelude::*;

use super::harness::Browser;
use crate::project::Project;
use crate::serve::Server;

/// A page longer than the screen, with what a reader opens, types into and scrolls.
fn page(words: &str) -> String {
    let filler =
        |name: &str| format!("## {name}\n\n{}\n", "Some words of a runbook.\n\n".repeat(30));
    format!(
        "---\nowner: somebody\nreview: {{ exempt: nothing to act on }}\n---\n\n# Long\n\n{words}\n\n{}\n<details><summary>More</summary>\n\nHidden words.\n\n\
         </details>\n\n```console\n$ uptime\n```\n\n[restore](restore.md)\n\n{}",
        filler("First"),
        filler("Second")
    )
}

const SMALL: &str = crate::project::SMALL;

#[tokio::test]
async fn an_open_page_changes_in_place() {
    let project = Project::new(SMALL);
    project.write("content/long.md", &page("The first words."));
    let server = Server::start(&project, &[]);
    let browser = Browser::start().await;
    browser.open(&format!("http://127.0.0.1:{}/draft/long.html", server.port)).await;
    browser.until("return document.querySelector('figure.code .copy').textContent", "Copy").await;
    let held = "document.querySelector('#main article p a[href=\"restore.html\"]')";
    browser
        .eval(&format!(
            "window.same = true; document.querySelector('#main details').open = true; {held}.focus({{preventScroll: true}}); scrollTo({{top: 900, behavior: 'instant'}});"
        ))
        .await;
    let place = "return Math.round(document.getElementById('second').getBoundingClientRect().top)";
    let before = browser.eval(place).await;
    let words =
        "return document.querySelector('#main article').textContent.includes('The second words.')";
    for text in [
        "The second words.",
        "The second words.\n\nAnd more above the reader.",
        "The second words. And less.",
    ] {
        project.write("content/long.md", &page(text));
        let last = text.rsplit('\n').next().unwrap();
        let shown = format!(
            "return document.querySelector('#main article').textContent.includes('{last}')"
        );
        browser.until(&shown, true).await;
        browser.until(words, true).await;
        assert_eq!(
            browser.eval("return window.same === true").await,
            true,
            "the page was loaded again"
        );
        assert_eq!(browser.eval("return document.querySelector('#main details').open").await, true);
        assert_eq!(browser.eval(&format!("return document.activeElement === {held}")).await, true);
        assert_eq!(browser.eval(place).await, before, "what the reader looks at moved");
        let copies = "return document.querySelectorAll('figure.code .copy').length";
        assert_eq!(browser.eval(copies).await, 1);
    }
    // The navigation and the title change too, and a style makes the page be loaded again.
    project.write("content/long.md", &page("x").replace("# Long", "# Longer"));
    browser.until("return document.title.startsWith('Longer')", true).await;
    browser
        .until("return document.querySelector('#nav [aria-current]').textContent", "Longer")
        .await;
    assert_eq!(browser.eval("return window.same === true").await, true);
    project.write("themes/own/app.css", "body { color: rgb(1, 2, 3) }\n");
    let book = project.read("book.toml");
    project.write(
        "book.toml",
        &book.replace("[output.handover]", "[output.handover]\ntheme = \"own\""),
    );
    browser.until("return getComputedStyle(document.body).color", "rgb(1, 2, 3)").await;
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

#[tokio::test]
async fn errors_stand_over_the_last_good_page_until_they_are_mended() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    let browser = Browser::start().await;
    browser.open(&format!("http://127.0.0.1:{}/draft/restore.html", server.port)).await;
    browser.until("return document.querySelector('#main article') !== null", true).await;
    let shown = "return [...document.querySelectorAll('#handover-problems pre')].map(pre => pre.textContent).join()";
    project.write("content/plan.toml", "[[phase\n");
    browser.until(&format!("{shown}.includes('content/plan.toml:1')"), true).await;
    browser.until(&format!("{shown}.includes('[[phase')"), true).await;
    assert_eq!(
        browser.eval("return document.querySelector('#main article').textContent.includes('Call somebody.')").await,
        true
    );
    for scheme in ["light", "dark"] {
        browser.color_scheme(scheme).await;
        assert_eq!(browser.axe().await, Vec::<String>::new(), "{scheme}");
    }
    std::fs::remove_file(project.path("content/plan.toml")).unwrap();
    browser.until("return document.getElementById('handover-problems') === null", true).await;
    project.write("content/plan.toml", "[[phase\n");
    browser.until("return document.getElementById('handover-problems') !== null", true).await;
    // What is the same stays, with its focus; closed by the reader, it stays closed.
    browser
        .eval(
            "count = 0; seen = new EventSource('/__handover/events'); seen.onmessage = () => count++; \
             box = document.getElementById('handover-problems'); box.querySelector('button').focus()",
        )
        .await;
    browser.until("return count", 1).await;
    let restore = project.read("content/restore.md");
    project.write("content/restore.md", &format!("{restore}\nOr nobody.\n"));
    browser.until("return count > 1", true).await;
    assert_eq!(browser.eval("return document.activeElement.parentNode === box").await, true);
    browser.eval("count = 0; document.querySelector('#handover-problems button').click()").await;
    project.write("content/restore.md", &restore);
    browser.until("return count > 0", true).await;
    assert_eq!(
        browser.eval("return document.getElementById('handover-problems')").await,
        serde_json::Value::Null
    );
    browser.eval("seen.close()").await;
    project.write("content/plan.toml", "[[team\n");
    browser.until(&format!("{shown}.includes('[[team')"), true).await;
    std::fs::remove_file(project.path("content/plan.toml")).unwrap();
    browser.until("return document.getElementById('handover-problems') === null", true).await;
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

#[tokio::test]
async fn a_search_that_is_open_sees_edits_and_errors() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    let browser = Browser::start().await;
    browser.open(&format!("http://127.0.0.1:{}/draft/index.html", server.port)).await;
    browser.control('k').await;
    browser.until("return !!document.querySelector('dialog.find[open] select')", true).await;
    browser.press("call").await;
    let first =
        "return (document.querySelector('dialog [aria-selected=true] b') || {}).textContent";
    browser.until(first, "Restore").await;
    // Of another page than the one that is open.
    project.write(
        "content/restore.md",
        "# Restore\n\nCall somebody.\n\n## Later\n\nBring lanterns.\n",
    );
    server.until_it_says("/draft/restore.html", "lanterns");
    browser.until("return handoverSearch.find('lanterns').then(all => all.length)", 1).await;
    browser.control('a').await;
    browser.press("lanterns").await;
    browser.until(first, "Restore › Later").await;
    // Errors are seen and can be closed above the dialog, and stay when that is closed.
    project.write("content/plan.toml", "[[phase\n");
    let over = "const box = document.getElementById('handover-problems'); if (!box) return 'none'; \
         const at = box.querySelector('button').getBoundingClientRect(); \
         const seen = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2); \
         return box.parentNode.tagName + ' ' + (seen && seen.textContent)";
    browser.until(over, "DIALOG Close").await;
    assert_eq!(browser.axe().await, Vec::<String>::new());
    browser.press(Key::Escape).await;
    browser.until(over, "BODY Close").await;
    browser.control('k').await;
    browser.until(over, "DIALOG Close").await;
    browser.eval("document.querySelector('#handover-problems button').click()").await;
    browser.until(over, "none").await;
    browser.quit().await;
}

#[tokio::test]
async fn a_project_that_begins_broken_opens_when_it_is_mended() {
    let project = Project::new(SMALL);
    project.write("content/plan.toml", "[[phase\n");
    let server = Server::start(&project, &[]);
    let browser = Browser::start().await;
    browser.open(&format!("http://127.0.0.1:{}/", server.port)).await;
    browser.until("return document.body.textContent.includes('content/plan.toml:1')", true).await;
    std::fs::remove_file(project.path("content/plan.toml")).unwrap();
    browser.until("return document.querySelector('#main h1') !== null", true).await;
    browser.quit().await;
}

#[tokio::test]
async fn pages_without_a_script_of_their_own_keep_up_too() {
    let project = Project::example();
    let server = Server::start(&project, &[]);
    let browser = Browser::start().await;
    browser.open(&format!("http://127.0.0.1:{}/1.0/sign-off.html", server.port)).await;
    let plan = project.read("content/plan.toml");
    let title = plan.lines().find(|line| line.starts_with("service = ")).unwrap();
    let text = "return document.body.textContent";
    project.write("content/plan.toml", &plan.replace(title, "service = \"Renamed service\""));
    browser.until(&format!("{text}.includes('Renamed service')"), true).await;
    project.write("content/plan.toml", "[[phase\n");
    browser.until(&format!("{text}.includes('content/plan.toml:1')"), true).await;
    assert_eq!(browser.eval(&format!("{text}.includes('Renamed service')")).await, true);
    project.write("content/plan.toml", &plan);
    browser.until("return document.getElementById('handover-problems') === null", true).await;
    // What is not there yet is shown when somebody writes it.
    browser.open(&format!("http://127.0.0.1:{}/1.0/live/later.html", server.port)).await;
    browser.until("return document.querySelector('h1').textContent", "Page not found").await;
    browser.eval("window.same = true").await;
    project.write("content/live/other.md", "# Other\n");
    server.until("/1.0/live/other.html", "there", |answer| answer.status == 200);
    assert_eq!(browser.eval("return window.same === true").await, true, "it was loaded again");
    project.write("content/live/later.md", "# Later\n");
    browser.until("return document.querySelector('h1').textContent", "Later").await;
    browser.quit().await;
}

#[tokio::test]
async fn a_template_that_does_not_render_leaves_the_last_good_pages() {
    let project = Project::new(SMALL);
    let book = project.read("book.toml");
    project.write(
        "book.toml",
        &book.replace("[output.handover]", "[output.handover]\ntheme = \"own\""),
    );
    project.write("themes/own/app.css", "body { color: rgb(1, 2, 3) }\n");
    let server = Server::start(&project, &[]);
    let browser = Browser::start().await;
    browser.open(&format!("http://127.0.0.1:{}/draft/restore.html", server.port)).await;
    browser.until("return document.querySelector('#main article') !== null", true).await;
    let template =
        "{% extends \"base.html\" %}\n{% block article %}{{ title.nope.nope }}{% endblock %}\n";
    project.write("themes/own/document.html", template);
    let shown = "return [...document.querySelectorAll('#handover-problems pre')].map(pre => pre.textContent).join()";
    browser.until(&format!("{shown}.includes('broken-template')"), true).await;
    browser.eval("location.reload()").await;
    browser
        .until(
            "return document.querySelector('#main article').textContent.includes('Call somebody.')",
            true,
        )
        .await;
    std::fs::remove_file(project.path("themes/own/document.html")).unwrap();
    browser.until("return document.getElementById('handover-problems') === null", true).await;
    browser.quit().await;
}

#[tokio::test]
async fn a_page_of_another_server_gets_nothing() {
    let project = Project::new(SMALL);
    let server = Server::start(&project, &[]);
    server.until("/draft/search/d0.js", "the index", |answer| answer.status == 200);
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "<!doctype html><script>got = []; handoverIndex = (name, data) => got.push(name)</script>\
         <script src=\"http://127.0.0.1:{0}/draft/search/d0.js\" onload=\"got.push('loaded')\" onerror=\"got.push('refused')\"></script>\
         <a href=\"http://127.0.0.1:{0}/draft/restore.html\">Restore</a>",
        server.port
    );
    std::fs::write(folder.path().join("page.html"), page).unwrap();
    let browser = Browser::start().await;
    browser.open(&format!("file://{}/page.html", folder.path().display())).await;
    browser.until("return got.join()", "refused").await;
    browser.eval("document.querySelector('a').click()").await;
    browser.until("return !!document.querySelector('#main h1')", true).await;
    browser.quit().await;
}
