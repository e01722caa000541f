//! What any generator has to do at the least: reads Markdown files, parses them, colors their code, and writes pages. No
//! links, no navigation, no templates, no search, no checks. `floor CONTENT OUT`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use handover::render::markdown::highlight::highlight;
use mimalloc::MiMalloc;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};
use rayon::prelude::*;
use walkdir::WalkDir;

/// The same as that of `handover`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[expect(clippy::disallowed_methods, reason = "a program of its own")]
fn main() -> Result<()> {
    let folders: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [content, out] = folders.as_slice() else { return Err("usage: floor CONTENT OUT".into()) };
    let mut pages = Vec::new();
    for entry in WalkDir::new(content) {
        let entry = entry?;
        let new = out.join(entry.path().strip_prefix(content)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(new)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "md") {
            pages.push((entry.into_path(), new.with_extension("html")));
        }
    }
    pages.par_iter().try_for_each(|(path, new)| page(path, new))
}

#[expect(clippy::disallowed_methods, reason = "a program of its own")]
fn page(path: &Path, new: &Path) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let mut code: Option<(String, String)> = None;
    let events =
        Parser::new_ext(&text, Options::all()).filter_map(|event| match (event, &mut code) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))), _) => {
                code = Some((language.into_string(), String::new()));
                None
            }
            (Event::Text(line), Some((_, text))) => {
                text.push_str(&line);
                None
            }
            (Event::End(TagEnd::CodeBlock), block) => block.take().map(|(language, text)| {
                let mut html = String::from("<pre><code>");
                highlight(&mut html, &language, &text);
                html.push_str("</code></pre>\n");
                Event::Html(html.into())
            }),
            (event, _) => Some(event),
        });
    let mut page = String::from("<!doctype html>\n<meta charset=\"utf-8\">\n");
    html::push_html(&mut page, events);
    Ok(fs::write(new, page)?)
}
