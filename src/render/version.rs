//! The files of one version, each made when it is asked for: `build` asks for all of them, `serve` for one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::render::page::{Page, print};
use crate::render::sign_off::{self, Sheet};
use crate::render::site::Site;
use crate::render::theme::Theme;
use crate::render::{Facts, Files, Made, Output, OutputPath, asset, feeds, redirect, search};

/// The files of a version. What is made of all documents at once is made once, when the first of its files is asked for.
pub struct Version<'a> {
    site: Site<'a>,
    /// Those that are not the page of a document.
    generated: BTreeMap<Cow<'a, str>, Page<'a>>,
    /// Images, downloads and diagrams.
    assets: OnceLock<Output>,
    search: OnceLock<Output>,
    sheet: OnceLock<Result<Option<Sheet>, Box<Diagnostic>>>,
    sitemap: OnceLock<Output>,
    /// The pages that lead on.
    redirects: OnceLock<Output>,
}

/// Files that are made together, or a page, which is made alone.
#[derive(Clone, Copy)]
pub enum Batch<'a> {
    Page(Page<'a>),
    Sheet,
    Search,
    /// Images, feeds, pages that lead on, and what the theme gives as it is.
    Rest,
}

impl<'a> Version<'a> {
    pub fn new(facts: Facts<'a>, theme: &'a Theme) -> Self {
        let site = Site::new(facts, theme);
        let generated = Page::generated(&site).into_iter();
        let generated = generated.map(|page| (page.address(&site), page)).collect();
        Self {
            site,
            generated,
            assets: OnceLock::new(),
            search: OnceLock::new(),
            sheet: OnceLock::new(),
            sitemap: OnceLock::new(),
            redirects: OnceLock::new(),
        }
    }

    pub fn facts(&self) -> &Facts<'a> {
        &self.site.facts
    }

    /// Tells whether there is a file at a path, without making it where that takes time.
    pub fn has(&self, path: &str) -> bool {
        self.page(path).is_some() || self.file(path).is_some()
    }

    fn page(&self, path: &str) -> Option<Page<'a>> {
        let document = self.site.facts.portal.pages.get(path).map(Page::Document);
        document.or_else(|| self.generated.get(path).copied())
    }

    /// Returns the hashes of the `<style>`s that a file has.
    pub fn styles(&self, path: &str) -> Vec<String> {
        if path == "sign-off-single.html" { self.all_styles() } else { Vec::new() }
    }

    /// Returns the pages, below the version's folder, those of the sheet among them.
    pub fn html(&self) -> impl Iterator<Item = &str> {
        let sheet = self.facts().portal.plan.iter().flat_map(|_| sign_off::PAGES);
        let documents = self.site.facts.portal.pages.keys().map(|url| url.0.as_str());
        let generated = self.generated.keys().map(|page| &**page);
        let generated = generated.filter(|page| !self.site.facts.portal.pages.contains_key(*page));
        documents.chain(generated).chain(sheet.copied())
    }

    /// Makes a page of each kind: a template that does not render is found before somebody asks for its page.
    ///
    /// # Errors
    /// A template of the project does not render.
    pub fn try_templates(&self) -> Result<(), Box<Diagnostic>> {
        let mut document = false;
        for page in Page::all(&self.site) {
            if !matches!(page, Page::Document(_)) || !std::mem::replace(&mut document, true) {
                page.html(&self.site)?;
            }
        }
        self.sheet().as_ref().map_err(Clone::clone).map(|_| ())
    }

    /// Returns the batches that are all files, those first that take longest to make, each with what it costs: about as much
    /// as so many bytes of Markdown.
    pub fn batches(&self) -> Vec<(Batch<'a>, usize)> {
        let documents = self.site.facts.portal.documents.values();
        let all: usize = documents.map(|document| document.text.body.len()).sum();
        let parts = print::parts(&self.site);
        let pages = Page::all(&self.site).into_iter().map(|page| {
            let cost = match page {
                Page::Document(path) => self.site.facts.portal.documents[path].text.body.len(),
                Page::Print if parts == 0 => all / 2,
                Page::PrintPart(_) => all / 2 / parts,
                _ => all / 50,
            };
            // What stands around the text takes its time too.
            (Batch::Page(page), 2000 + cost)
        });
        pages
            .chain([(Batch::Sheet, all / 50), (Batch::Search, all / 2), (Batch::Rest, all / 20)])
            .collect()
    }

    /// Makes a batch that is made of all documents at once, and tells when it begins; who asks for one of its files would make
    /// it too.
    pub fn prepare(&self, batch: Batch<'_>, observer: &dyn Fn(&'static str)) {
        match batch {
            Batch::Search => {
                observer("search");
                self.search();
            }
            Batch::Sheet => {
                observer("sign-off");
                // What is wrong with its template is said to who asks for the sheet.
                let _ = self.sheet();
            }
            Batch::Page(_) | Batch::Rest => {}
        }
    }

    /// Returns the paths of a batch.
    pub fn paths_of(&self, batch: Batch<'_>) -> Vec<OutputPath> {
        match batch {
            Batch::Page(page) => vec![page.address(&self.site).into_owned()],
            Batch::Sheet => match self.sheet() {
                Ok(sheet) => sheet.iter().flat_map(|sheet| sheet.files.keys().cloned()).collect(),
                Err(_) => sign_off::PAGES.iter().map(|path| (*path).to_owned()).collect(),
            },
            Batch::Search => self.search().keys().cloned().collect(),
            Batch::Rest => self.rest(),
        }
    }

    /// Returns the paths of what is neither a page of its own nor of the sheet or the search.
    fn rest(&self) -> Vec<OutputPath> {
        let theme = self.site.theme.files.keys().filter(|path| !sign_off::is_of_sheet(path));
        let given = theme.chain(feeds::FILES).map(|path| (*path).to_owned());
        let made = self.assets().keys().chain(self.sitemap().keys()).cloned();
        let mut rest: Vec<OutputPath> = given.chain(made).collect();
        // A page that leads on gives way to one that stands there.
        let taken: BTreeSet<&str> = rest.iter().map(String::as_str).chain(self.html()).collect();
        let free = self.redirects().keys().filter(|path| !taken.contains(path.as_str()));
        let free: Vec<OutputPath> = free.cloned().collect();
        rest.extend(free);
        rest
    }

    /// Makes the one page that prints all, however long it is.
    pub fn print(&self) -> Made {
        print::whole(&self.site).map(bytes)
    }

    /// Makes every file.
    ///
    /// # Errors
    /// A template of the project does not render.
    pub fn all(&self) -> Result<Output, Box<Diagnostic>> {
        let made = self.paths().into_par_iter().filter_map(|path| {
            let made = self.file(&path)?;
            Some(made.map(|bytes| (path, bytes)))
        });
        made.collect()
    }

    /// Returns a file that the theme gives as it is. The style of the sheet is not: there is more to it.
    fn theme_file(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.site.theme.files.get(path).filter(|_| !sign_off::is_of_sheet(path))
    }

    fn assets(&self) -> &Output {
        self.assets.get_or_init(|| asset::files(self.facts().portal))
    }

    fn search(&self) -> &Output {
        self.search.get_or_init(|| search::files(self.facts()))
    }

    fn sitemap(&self) -> &Output {
        self.sitemap.get_or_init(|| {
            let mut pages: Vec<&str> = self.html().collect();
            pages.sort_unstable();
            named(feeds::sitemap::sitemap(self.facts(), &pages))
        })
    }

    fn redirects(&self) -> &Output {
        self.redirects.get_or_init(|| redirect::files(self.facts()))
    }

    fn sheet(&self) -> &Result<Option<Sheet>, Box<Diagnostic>> {
        self.sheet.get_or_init(|| sign_off::sheet(self.facts(), self.site.theme))
    }

    fn feed(&self, path: &str) -> Option<String> {
        let has_sheet = self.facts().portal.plan.is_some();
        let has =
            |path: &str| self.page(path).is_some() || has_sheet && sign_off::PAGES.contains(&path);
        feeds::file(self.facts(), path, has, || self.all_styles())
    }

    /// Returns the hashes of the `<style>`s of pages in one file.
    fn all_styles(&self) -> Vec<String> {
        let sheet = self.sheet().as_ref().ok().and_then(Option::as_ref);
        sheet.iter().map(|sheet| sheet.style.clone()).collect()
    }
}

impl Files for Version<'_> {
    fn paths(&self) -> Vec<OutputPath> {
        self.batches().into_iter().flat_map(|(batch, _)| self.paths_of(batch)).collect()
    }

    fn file(&self, path: &str) -> Option<Made> {
        if let Some(page) = self.page(path) {
            return Some(page.html(&self.site).map(bytes));
        }
        if let Some(file) = self.theme_file(path) {
            return Some(Ok(Arc::clone(file)));
        }
        let together = match path.split_once('/').map_or(path, |(folder, _)| folder) {
            "assets" | "diagrams" => self.assets(),
            "search" => self.search(),
            name if name.starts_with("sitemap") => self.sitemap(),
            _ if sign_off::is_of_sheet(path) && self.facts().portal.plan.is_some() => {
                return match self.sheet() {
                    Ok(sheet) => sheet.as_ref()?.files.get(path).cloned().map(Ok),
                    Err(problem) => Some(Err(problem.clone())),
                };
            }
            _ if feeds::FILES.contains(&path) => {
                return self.feed(path).map(|text| Ok(bytes(text)));
            }
            _ => self.redirects(),
        };
        together.get(path).or_else(|| self.redirects().get(path)).cloned().map(Ok)
    }
}

fn named(files: Vec<(OutputPath, String)>) -> Output {
    files.into_iter().map(|(path, text)| (path, bytes(text))).collect()
}

/// Returns a text as it is kept: without the room that it grew into.
fn bytes(text: String) -> Arc<[u8]> {
    text.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_file_alone_is_as_it_is_among_all() {
        for fixture in [
            feeds::tests::PROJECT,
            "-- src/a.md --\n---\naliases: [/b/, /assets/c.html]\n---\n# A\n\n![x](x.png)\n-- src/x.png --\nx\n",
        ] {
            let fixture = fixture.replace(
                "[output.handover]",
                "[output.handover]\nsite-url = \"https://a.example\"",
            );
            let judged = fixture::judged(&fixture);
            let (theme, _) = Theme::load(&fixture::tree(&fixture), None);
            let all = Version::new(judged.facts(), &theme).all().unwrap();
            let version = Version::new(judged.facts(), &theme);
            for (path, bytes) in &all {
                assert_eq!(version.file(path).unwrap().ok().as_ref(), Some(bytes), "{path}");
                assert!(version.has(path), "{path}");
            }
            let mut pages: Vec<&str> = version.html().collect();
            pages.sort_unstable();
            let leads = |path: &&String| version.redirects().contains_key(path.as_str());
            let html = all.keys().filter(|path| path.ends_with(".html"));
            let made: Vec<&String> = html.filter(|path| !leads(path)).collect();
            assert_eq!(pages, made);
            for path in
                ["", "a", "search/", "search/x.js", "assets/x", "sitemap-1.xml", "app.css/x", "qr"]
            {
                assert!(version.file(path).is_none(), "{path}");
            }
        }
    }
}
