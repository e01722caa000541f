//! Requests → files of the site. Nothing is looked up on the disk by what a request says: a path names a file of the portal,
//! or nothing.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;

use crate::render::feeds::headers;
use crate::serve::Now;
use crate::serve::content_type::{PLAIN, content_type};
use crate::serve::host::Hosts;
use crate::serve::range::{Part, part};
use crate::serve::snapshot::Answer;
use crate::source::sha256;

/// What keeps an open page up to date. It comes with `app.js`, which every page has.
pub const LIVE_SCRIPT: &str = include_str!("live.js");

const LIVE_STYLE: &str = include_str!("live.css");

/// Below it are the server's own files: no version can be called so.
const OWN: &str = "__handover/";

/// What is sent with everything.
#[derive(Clone)]
struct App {
    shown: Receiver<Now>,
    hosts: Hosts,
}

/// Answers requests, until it is dropped.
///
/// # Errors
/// The listener is broken.
pub fn serve(
    listener: TcpListener,
    shown: Receiver<Now>,
    hosts: Hosts,
) -> impl Future<Output = std::io::Result<()>> {
    let app = Router::new().fallback(respond).with_state(App { shown, hosts });
    axum::serve(listener, app).into_future()
}

async fn respond(State(app): State<App>, request: Request) -> Response {
    let mut response = answer(app, request).await;
    let headers = response.headers_mut();
    for (name, value) in headers::OTHERS {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("invariant: it is a name");
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value(&headers::policy(&[])));
    }
    // No page elsewhere takes a file of ours for a script or a picture of its own.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("same-origin"));
    // A browser asks whether it still is the same, every time.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

async fn answer(app: App, request: Request) -> Response {
    let (method, asked) = (request.method(), request.headers());
    if !is_for_us(&app.hosts, &request) {
        let why = "this server does not answer to that name; start it with `--host NAME`\n";
        return plain(StatusCode::MISDIRECTED_REQUEST, why);
    }
    if is_taken_in_elsewhere(asked) {
        return plain(StatusCode::FORBIDDEN, "only for the pages of this server\n");
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let path = request.uri().path();
    let decoded = percent_decode_str(path.strip_prefix('/').unwrap_or(path)).decode_utf8();
    let Ok(path) = decoded else { return plain(StatusCode::NOT_FOUND, "there is no such page\n") };
    if let Some(own) = path.strip_prefix(OWN) {
        return match own {
            "events" if !is_same_origin(asked) => {
                plain(StatusCode::FORBIDDEN, "only for the pages of this server\n")
            }
            "events" => events(app.shown),
            "live.js" => {
                let script = LIVE_SCRIPT.replace("\"THEME\"", "\"\"");
                file(method, asked, "live.js", script.as_bytes())
            }
            "live.css" => file(method, asked, "live.css", LIVE_STYLE.as_bytes()),
            _ => plain(StatusCode::NOT_FOUND, "there is no such file\n"),
        };
    }
    let mut shown = app.shown;
    // The project is being read for the first time.
    let Ok(now) = shown.wait_for(|now| now.number > 0).await.map(|now| now.clone()) else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the server ends\n");
    };
    let Some(snapshot) = now.snapshot else { return broken(&now.problems) };
    match snapshot.ask(path.into_owned()).await {
        Some(Answer::File { path, bytes, policy }) => {
            let mut response = file(method, asked, &path, &bytes);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value(&policy));
            response
        }
        Some(Answer::Elsewhere(path)) => {
            let mut response = plain(StatusCode::FOUND, "");
            let location = format!("/{}", utf8_percent_encode(&path, ADDRESS));
            response.headers_mut().insert(header::LOCATION, value(&location));
            response
        }
        Some(Answer::Nothing(Some(page))) => {
            let page = if is_shown(asked) { live(&page, "missing") } else { page.to_vec() };
            whole(StatusCode::NOT_FOUND, content_type("404.html"), page)
        }
        Some(Answer::Nothing(None)) => plain(StatusCode::NOT_FOUND, "there is no such page\n"),
        Some(Answer::Broken(problem)) => broken(&[problem]),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "this page could not be made\n"),
    }
}

/// What stays as it is in an address.
const ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Tells whether the request names this server, and no other.
fn is_for_us(hosts: &Hosts, request: &Request) -> bool {
    let mut names = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (names.next(), names.next()) else { return false };
    let authority = request.uri().authority();
    host.to_str().is_ok_and(|host| hosts.has(host))
        && authority.is_none_or(|authority| hosts.has(authority.as_str()))
}

/// Tells whether a page of another server wants a file for itself. A link from there to a page of ours is fine.
fn is_taken_in_elsewhere(asked: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| asked.get(name).is_some_and(|it| it == value);
    let is_elsewhere = is("sec-fetch-site", "cross-site") || is("sec-fetch-site", "same-site");
    is_elsewhere && !(is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document"))
}

/// Tells whether a page of this server asks, or no page at all.
fn is_same_origin(asked: &HeaderMap) -> bool {
    let text = |name: &str| asked.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = text("host").unwrap_or_default();
    site && text("origin").is_none_or(|origin| {
        origin.strip_prefix("http://").is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    })
}

/// Tells, now and after every change, which state is shown and which errors the project has.
fn events(shown: Receiver<Now>) -> Response {
    let states = stream::unfold((shown, true), |(mut shown, first)| async move {
        if !first || shown.borrow().number == 0 {
            shown.changed().await.ok()?;
        }
        let now = shown.borrow_and_update().clone();
        let theme = now.snapshot.as_ref().map_or("", |snapshot| &snapshot.theme);
        let state =
            serde_json::json!({ "number": now.number, "theme": theme, "problems": &*now.problems });
        Some((Ok::<_, Infallible>(Event::default().data(state.to_string())), (shown, false)))
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(states).keep_alive(alive).into_response()
}

/// Returns a file, a part of it, or that it is what the browser has.
fn file(method: &Method, asked: &HeaderMap, path: &str, bytes: &[u8]) -> Response {
    let digest = &sha256(bytes)[..32];
    let is_bare = is_shown(asked)
        && content_type(path) == content_type("x.html")
        && has(bytes, b"connect-src ")
        && !has(bytes, b"app.js\"");
    let with_script = is_bare.then(|| live(bytes, "bare"));
    let tag = if is_bare { format!("\"{digest}-live\"") } else { format!("\"{digest}\"") };
    let bytes = with_script.as_deref().unwrap_or(bytes);
    let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let is_known = |tags: &str| {
        let mut tags = tags.split(',').map(|tag| tag.trim().trim_start_matches("W/"));
        tags.any(|known| known == tag || known == "*")
    };
    let mut response = if text(header::IF_NONE_MATCH).is_some_and(is_known) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let wanted = text(header::RANGE).filter(|_| *method == Method::GET);
        let wanted = wanted.filter(|_| text(header::IF_RANGE).is_none_or(|known| known == tag));
        match wanted.map_or(Part::Whole, |wanted| part(wanted, bytes.len())) {
            Part::Whole => whole(StatusCode::OK, content_type(path), bytes.to_vec()),
            Part::Of(range) => {
                let said = format!("bytes {}-{}/{}", range.start, range.end - 1, bytes.len());
                let part = bytes[range].to_vec();
                let mut response = whole(StatusCode::PARTIAL_CONTENT, content_type(path), part);
                response.headers_mut().insert(header::CONTENT_RANGE, value(&said));
                response
            }
            Part::Unsatisfiable => {
                let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE, "no such part\n");
                let said = format!("bytes */{}", bytes.len());
                response.headers_mut().insert(header::CONTENT_RANGE, value(&said));
                response
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&tag));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::VARY, HeaderValue::from_static("Sec-Fetch-Dest"));
    // A script can read this of the page that it is on, but not the tag.
    let timing = HeaderName::from_static("server-timing");
    headers.insert(timing, value(&format!("page;desc=\"{digest}\"")));
    response
}

fn has(page: &[u8], text: &[u8]) -> bool {
    page.windows(text.len()).any(|part| part == text)
}

/// Tells whether a browser asks for a page to show it.
fn is_shown(asked: &HeaderMap) -> bool {
    asked.get("sec-fetch-dest").is_some_and(|what| what == "document")
}

/// Returns a page with the script that keeps it up to date, for a browser that shows it: it has none by itself.
fn live(page: &[u8], kind: &str) -> Vec<u8> {
    const TITLE: &[u8] = b"<title>";
    let at = page.windows(TITLE.len()).position(|part| part == TITLE).unwrap_or(0);
    let script = format!("<script src=\"/{OWN}live.js\" data-page=\"{kind}\" defer></script>\n");
    [&page[..at], script.as_bytes(), &page[at..]].concat()
}

/// Returns the page that stands for all pages while there is none: what is wrong with the project.
fn broken(problems: &[String]) -> Response {
    let escaped = |text: &String| text.replace('&', "&amp;").replace('<', "&lt;");
    let problems: Vec<String> = problems.iter().map(escaped).collect();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Problems</title>\n\
         <link rel=\"stylesheet\" href=\"/{OWN}live.css\">\n<script src=\"/{OWN}live.js\" data-page=\"broken\" defer></script>\n\
         <h1>The portal cannot be made</h1>\n<pre>{}</pre>\n</html>\n",
        problems.join("\n\n")
    );
    whole(StatusCode::INTERNAL_SERVER_ERROR, content_type("x.html"), page.into_bytes())
}

fn plain(status: StatusCode, text: &str) -> Response {
    whole(status, PLAIN, text.as_bytes().to_vec())
}

fn whole(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind))];
    (status, headers, Body::from(bytes)).into_response()
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
