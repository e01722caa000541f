//! A permalink of Hugo and a document → the address that its tool gives the page.

use chrono::{Datelike as _, NaiveDate};

use crate::parse::dialect::addressing::Addressing;
use crate::parse::dialect::{index_folder, stem};
use crate::parse::front_matter::FrontMatter;

/// Returns the address that the settings give a page, by its path below the content folder of its language; `None` where they
/// say nothing of it that we know.
pub(super) fn of_hugo(below: &str, meta: &FrontMatter, addressing: &Addressing) -> Option<String> {
    let is_section = below.ends_with("_index.md");
    let own = index_folder(below).unwrap_or(stem(below));
    // The first page has the address of the site.
    if own.is_empty() {
        return None;
    }
    let (above, name) = own.rsplit_once('/').unwrap_or(("", own));
    let section = if is_section { own } else { above };
    let first = section.split('/').next().unwrap_or_default();
    let pattern = addressing.of_section(is_section, first)?;
    let page = Page { name, section, meta, addressing };
    let mut address = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once(':') {
        address.push_str(before);
        let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let length = behind.find(|char| !is_name(char)).unwrap_or(behind.len());
        let (token, behind) = behind.split_at(length);
        let slice = behind.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (slice, behind) = slice.map_or((None, behind), |(slice, rest)| (Some(slice), rest));
        address.push_str(&page.token(token, slice)?);
        rest = behind;
    }
    address.push_str(rest);
    let is_file = address.ends_with(".html") || address.ends_with('/');
    Some(if is_file { address } else { address + "/" })
}

/// What the parts of a pattern can ask for.
struct Page<'a> {
    /// The name of the file, or of the folder whose index it is.
    name: &'a str,
    /// The folder of the section that it stands in.
    section: &'a str,
    meta: &'a FrontMatter,
    addressing: &'a Addressing,
}

impl Page<'_> {
    fn token(&self, token: &str, slice: Option<&str>) -> Option<String> {
        if let Some(slice) = slice {
            let sections = self.sections();
            let part = if token == "sections" { part(&sections, slice)? } else { return None };
            return Some(part.join("/"));
        }
        let title = || self.meta.title.as_ref().map_or(self.name, |title| title.as_str());
        let slug = self.meta.other.get("slug").map(|slug| slug.trim());
        let slug = slug.filter(|slug| !slug.is_empty());
        let date = self.date();
        Some(match token {
            "year" => date.year().to_string(),
            "month" => format!("{:02}", date.month()),
            "monthname" => date.format("%B").to_string().to_lowercase(),
            "day" => format!("{:02}", date.day()),
            "weekday" => date.weekday().num_days_from_sunday().to_string(),
            "weekdayname" => date.format("%A").to_string().to_lowercase(),
            "yearday" => date.ordinal().to_string(),
            "section" => self.sections().first().cloned().unwrap_or_default(),
            "sections" => self.sections().join("/"),
            "title" => in_address(title()),
            "slug" => in_address(slug.unwrap_or_else(title)),
            "slugorfilename" | "slugorcontentbasename" => in_address(slug.unwrap_or(self.name)),
            "filename" | "contentbasename" => in_address(self.name),
            _ => return None,
        })
    }

    /// Returns the names of the sections that it stands in. A folder without a page of its own is none.
    fn sections(&self) -> Vec<String> {
        let ends = self.section.match_indices('/').map(|(at, _)| at).chain([self.section.len()]);
        let folders = ends.map(|end| &self.section[..end]).filter(|folder| !folder.is_empty());
        let sections = folders.filter(|folder| self.addressing.is_section(folder));
        sections.map(|folder| in_address(folder.rsplit('/').next().unwrap_or(folder))).collect()
    }

    /// Returns the day that a page says it is of; Hugo's first one where it says none.
    fn date(&self) -> NaiveDate {
        let said = ["date", "publishDate", "publishdate", "lastmod"].into_iter().find_map(|key| {
            NaiveDate::parse_from_str(self.meta.other.get(key)?.get(..10)?, "%Y-%m-%d").ok()
        });
        said.unwrap_or_else(|| NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default())
    }
}

/// Returns what `[1:]`, `[0]` or `[last]` takes of a list.
fn part<'a>(list: &'a [String], slice: &str) -> Option<&'a [String]> {
    let number = |written: &str| match written {
        "last" => Some(list.len().saturating_sub(1)),
        written => written.parse().ok().map(|number: usize| number.min(list.len())),
    };
    let (from, to) = match slice.split_once(':') {
        Some((from, to)) => (
            if from.is_empty() { 0 } else { number(from)? },
            if to.is_empty() { list.len() } else { number(to)? },
        ),
        None => (number(slice)?, (number(slice)? + 1).min(list.len())),
    };
    Some(list.get(from..to).unwrap_or_default())
}

/// Returns words as Hugo puts them into an address.
fn in_address(words: &str) -> String {
    let mut address = String::new();
    let mut is_behind_space = false;
    for char in words.to_lowercase().chars() {
        if char.is_whitespace() {
            is_behind_space = !address.is_empty();
        } else if char.is_alphanumeric() || "._#+~-@".contains(char) {
            if is_behind_space && char != '-' {
                address.push('-');
            }
            is_behind_space = false;
            address.push(char);
        }
    }
    address
}
