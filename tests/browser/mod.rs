//! What only a browser can show, on the built example: accessibility, layout, themes, keyboard, no JavaScript, any host.
//! A console message of any kind fails the test.

mod harness;
mod search;
mod serve;
mod versions;

use harness::{Browser, Server, example, page_types};
use serde_json::Value;
use thirtyfour::prelude::*;

/// Every page type, as a phone and as a screen shows it, light and dark: axe-core finds nothing, nothing but tables and
/// code scrolls sideways, the console stays empty. Below a deep path, with the headers that are shipped.
#[tokio::test]
async fn every_page_type_is_accessible_at_every_width_and_theme() {
    let server = Server::start();
    let browser = Browser::start().await;
    let mut wrong = Vec::new();
    for page in page_types() {
        for width in [320, 390, 1440] {
            for scheme in ["light", "dark"] {
                browser.width(width).await;
                browser.color_scheme(scheme).await;
                browser.open(&server.deep_url(&page)).await;
                let place = format!("{page}, {width} {scheme}");
                let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
                match browser.eval(overflow).await.as_i64() {
                    Some(0) => {}
                    by => wrong.push(format!("{place}: scrolls sideways by {by:?}")),
                }
                // Rules look at the same markup at both widths and themes; 320 is for the layout alone.
                if width != 320 {
                    wrong.extend(
                        browser.axe().await.iter().map(|found| format!("{place}: {found}")),
                    );
                }
                wrong.extend(
                    browser
                        .console()
                        .await
                        .iter()
                        .map(|message| format!("{place}: console: {message}")),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
    browser.quit().await;
}

/// Every single page, opened from disk and from the root of a server: no console message, one `h1`, every local link and
/// picture leads to a file that is there.
#[tokio::test]
async fn every_page_opens_from_disk_and_from_a_server() {
    let (_, version) = example();
    let server = Server::start();
    let browser = Browser::start().await;
    let mut pages = Vec::new();
    for entry in walkdir::WalkDir::new(version) {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|extension| extension == "html") {
            pages.push(entry.path().strip_prefix(version).unwrap().to_str().unwrap().to_owned());
        }
    }
    pages.sort();
    assert!(pages.len() > 30, "{} pages", pages.len());
    let mut wrong = Vec::new();
    for page in pages {
        for url in [format!("file://{}/{page}", version.display()), server.url(&page)] {
            browser.open(&url).await;
            wrong.extend(browser.console().await.iter().map(|message| format!("{url}: {message}")));
            let script = "const here = location.href.split('#')[0];
                const links = [...document.querySelectorAll('a[href], link[href], script[src], img[src]')];
                return {
                  headings: document.querySelectorAll('h1').length,
                  pictures: [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src),
                  links: links.map(l => (l.href || l.src).split('#')[0]).filter(u => u !== here && !/^(https?|mailto|tel):/.test(u)),
                  anchors: [...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURIComponent(a.hash.slice(1)))
                    .filter(id => id && !document.getElementById(id)),
                };";
            let found = browser.eval(script).await;
            if found["headings"] != 1 {
                wrong.push(format!("{url}: {} h1", found["headings"]));
            }
            for (what, list) in [("picture", &found["pictures"]), ("anchor", &found["anchors"])] {
                wrong.extend(
                    list.as_array().unwrap().iter().map(|it| format!("{url}: dead {what} {it}")),
                );
            }
            for link in found["links"].as_array().unwrap() {
                let path = link.as_str().unwrap().trim_start_matches("file://");
                let path = percent_encoding::percent_decode_str(path).decode_utf8().unwrap();
                if link.as_str().unwrap().starts_with("file:")
                    && !std::path::Path::new(&*path).is_file()
                {
                    wrong.push(format!("{url}: dead link {link}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
    browser.quit().await;
}

/// Without JavaScript every word of every page type is there, and no control is shown that would need it.
#[tokio::test]
async fn reading_needs_no_javascript() {
    let server = Server::start();
    let browser = Browser::start().await;
    browser.width(1440).await;
    for page in page_types() {
        let words = "return document.querySelector('main').innerText.replace(/\\s+/g, ' ')";
        browser.scripting(false).await;
        browser.open(&server.url(&page)).await;
        let without = browser.eval(words).await;
        let controls = "return [...document.querySelectorAll('button, input, select')]
            .filter(c => c.checkVisibility() && !c.disabled && !c.hasAttribute('popovertarget')).map(c => c.outerHTML)";
        assert_eq!(browser.eval(controls).await, Value::Array(Vec::new()), "{page}: dead controls");
        browser.scripting(true).await;
        browser.open(&server.url(&page)).await;
        let with = browser.eval(words).await;
        let missing: Vec<&str> = words_of(&with)
            .filter(|word| !words_of(&without).any(|other| other == *word))
            .collect();
        let made_by_script = ["Copy", "Filter", "Reset"];
        assert!(
            missing.iter().all(|word| made_by_script.contains(word)
                || ["documents.html", "alerts.html", "search.html"].contains(&&*page)),
            "{page}: {missing:?}"
        );
    }
    browser.quit().await;
}

fn words_of(text: &Value) -> impl Iterator<Item = &str> {
    text.as_str().unwrap().split(' ')
}

/// The theme goes from auto to light to dark, is kept over a reload, and shows from the first frame.
#[tokio::test]
async fn the_theme_is_chosen_and_kept() {
    let server = Server::start();
    let browser = Browser::start().await;
    browser.width(1440).await;
    browser.color_scheme("light").await;
    browser.open(&server.url("index.html")).await;
    let background = "return getComputedStyle(document.body).backgroundColor";
    assert_eq!(browser.eval(background).await, "rgb(255, 255, 255)");
    let button = browser.driver.find(By::Css("button[aria-label^='Theme:']")).await.unwrap();
    assert_eq!(button.attr("aria-label").await.unwrap().unwrap(), "Theme: auto. Change theme");
    button.click().await.unwrap();
    assert_eq!(button.attr("aria-label").await.unwrap().unwrap(), "Theme: light. Change theme");
    button.click().await.unwrap();
    assert_eq!(button.attr("aria-label").await.unwrap().unwrap(), "Theme: dark. Change theme");
    assert_eq!(browser.eval(background).await, "rgb(17, 22, 29)");
    browser.open(&server.url("plan.html")).await;
    assert_eq!(browser.eval(background).await, "rgb(17, 22, 29)");
    assert_eq!(browser.eval("return localStorage['handover:theme']").await, "dark");
    let button = browser.driver.find(By::Css("button[aria-label^='Theme:']")).await.unwrap();
    button.click().await.unwrap();
    assert_eq!(
        browser.eval("return localStorage.getItem('handover:theme')").await,
        Value::Null,
        "auto is the absence"
    );
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

/// From the keyboard: the skip link comes first and leads to the article; the drawer opens, closes with Escape and gives
/// the focus back; what has the focus is never under the header.
#[tokio::test]
async fn the_keyboard_reaches_everything() {
    let server = Server::start();
    let browser = Browser::start().await;
    let focus = "const e = document.activeElement; return e === document.body ? 'body' : (e.getAttribute('aria-label') || e.textContent).trim()";
    browser.width(1440).await;
    browser.open(&server.url("readiness.html")).await;
    browser.press(Key::Tab).await;
    assert!(
        browser.eval(focus).await.as_str().unwrap().starts_with("Skip to"),
        "{}",
        browser.eval(focus).await
    );
    browser.press(Key::Enter).await;
    assert_eq!(browser.eval("return document.activeElement.id").await, "main");
    for _ in 0..40 {
        browser.press(Key::Tab).await;
        let hidden = "const e = document.activeElement, h = document.querySelector('header.top').getBoundingClientRect();
            const r = e.getBoundingClientRect();
            return e !== document.body && !e.closest('header.top') && r.height > 0 && r.bottom > 0 && r.bottom <= h.bottom ? e.outerHTML : null";
        assert_eq!(browser.eval(hidden).await, Value::Null, "under the header");
    }
    browser.width(390).await;
    browser.open(&server.url("readiness.html")).await;
    let menu = browser.driver.find(By::Css("button[popovertarget='nav']")).await.unwrap();
    browser.eval("document.querySelector(\"button[popovertarget='nav']\").focus()").await;
    browser.press(Key::Enter).await;
    assert_eq!(
        browser.eval("return document.querySelector('#nav').matches(':popover-open')").await,
        true
    );
    assert_eq!(browser.axe().await, Vec::<String>::new(), "with the drawer open");
    browser.press(Key::Escape).await;
    assert_eq!(
        browser.eval("return document.querySelector('#nav').matches(':popover-open')").await,
        false
    );
    assert_eq!(
        browser.driver.active_element().await.unwrap().outer_html().await.unwrap(),
        menu.outer_html().await.unwrap()
    );
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

/// The register is filtered by words and status, says how many are left, and is sorted by a column; the filter survives in
/// the address.
#[tokio::test]
async fn the_register_is_filtered_and_sorted() {
    let server = Server::start();
    let browser = Browser::start().await;
    browser.width(1440).await;
    browser.open(&server.url("documents.html")).await;
    let rows = "return [...document.querySelectorAll('table.register tbody tr')].filter(r => r.checkVisibility()).length";
    let all = browser.eval(rows).await.as_u64().unwrap();
    assert!(all >= 24, "{all} rows");
    let select = browser.driver.find(By::Css("form.filter select[name='status']")).await.unwrap();
    select.send_keys("approved").await.unwrap();
    let approved = browser.eval(rows).await.as_u64().unwrap();
    assert!(0 < approved && approved < all, "{approved} of {all}");
    let count = format!("{approved} of {all} documents");
    let said =
        browser.eventually("return document.querySelector('#live').textContent", &*count).await;
    assert_eq!(said, count);
    let address = browser.driver.current_url().await.unwrap().to_string();
    browser.open(&server.url("index.html")).await;
    browser.open(&address).await;
    assert_eq!(browser.eval(rows).await.as_u64().unwrap(), approved, "{address}");
    let column = browser.driver.find(By::Css("table.register thead th button")).await.unwrap();
    column.click().await.unwrap();
    let titles = "return [...document.querySelectorAll('table.register tbody tr')].filter(r => r.checkVisibility())
        .map(r => r.querySelector('th').innerText)";
    let once: Vec<String> = serde_json::from_value(browser.eval(titles).await).unwrap();
    column.click().await.unwrap();
    let twice: Vec<String> = serde_json::from_value(browser.eval(titles).await).unwrap();
    assert_eq!(once, twice.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.quit().await;
}

/// Copy gives the commands alone, without prompts and output, also on plain HTTP, where there is no clipboard interface.
#[tokio::test]
async fn commands_are_copied_without_their_prompts() {
    let (_, version) = example();
    let server = Server::start();
    let browser = Browser::start().await;
    browser.width(1440).await;
    let page = page_types()
        .into_iter()
        .find(|page| {
            std::fs::read_to_string(version.join(page)).unwrap().contains("class=\"prompt\"")
        })
        .unwrap();
    browser.open(&server.insecure_url(&page)).await;
    assert_eq!(browser.eval("return window.isSecureContext").await, false);
    browser
        .eval(
            "window.copied = null; document.addEventListener('copy', () => { window.copied = String(document.getSelection())
                || document.activeElement.value; }, true);",
        )
        .await;
    let script = "const figure = document.querySelector('figure.code:has(.prompt)'); const button = figure.querySelector('button');
        button.focus(); return figure.innerText";
    let shown = browser.eval(script).await;
    browser.press(Key::Enter).await;
    let copied = browser.eval("return window.copied").await;
    let copied = copied.as_str().expect("something was copied");
    assert!(
        !copied.trim().is_empty() && !copied.lines().any(|line| line.starts_with("$ ")),
        "{copied:?}"
    );
    assert!(
        copied.lines().all(|line| shown.as_str().unwrap().contains(line.trim())),
        "{copied:?} of {shown}"
    );
    let prompts = browser.eval("return document.querySelector('figure.code:has(.prompt)').querySelectorAll('.prompt').length").await;
    assert!(copied.trim().lines().count() as u64 >= prompts.as_u64().unwrap());
    // The browser says that it ignores one of the headers where there is no TLS, and nothing else.
    let said: Vec<_> = browser.console().await;
    assert!(said.iter().all(|message| message.contains("Cross-Origin-Opener-Policy")), "{said:?}");
    browser.quit().await;
}
