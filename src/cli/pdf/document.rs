//! What is changed of a page before it is printed, and of a PDF after: nothing of this machine or this minute stays in it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;

/// Returns the page without the addresses of links that lead to other files.
///
/// A print engine would make them paths of the folder that the page was printed from.
pub(super) fn without_local_links(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<a ") {
        let Some(length) = rest[at..].find('>') else { break };
        let (before, tag) = (&rest[..at], &rest[at..at + length]);
        text.push_str(before);
        match local_address(tag) {
            Some((start, end)) => {
                text.push_str(&tag[..start]);
                text.push_str(&tag[end..]);
            }
            None => text.push_str(tag),
        }
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    text
}

/// Returns where the `href` of a tag stands, when it leads to another file of the portal.
fn local_address(tag: &str) -> Option<(usize, usize)> {
    let start = tag.find(" href=\"")?;
    let value = start + " href=\"".len();
    let end = value + tag[value..].find('"')?;
    let address = &tag[value..end];
    let scheme = address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    (!address.starts_with('#') && !scheme).then_some((start, end + 1))
}

/// Returns the PDF with the judged day in place of the time at which it was printed. Its length does not change.
pub(super) fn dated(mut pdf: Vec<u8>, day: NaiveDate) -> Vec<u8> {
    const DIGITS: usize = "20261218000000".len();
    let time = day.format("%Y%m%d000000").to_string();
    for key in [&b"/CreationDate (D:"[..], b"/ModDate (D:"] {
        let mut from = 0;
        while let Some(at) = find(&pdf[from..], key) {
            let start = from + at + key.len();
            if let Some(old) = pdf.get_mut(start..start + DIGITS)
                && old.iter().all(u8::is_ascii_digit)
                && time.len() == DIGITS
            {
                old.copy_from_slice(time.as_bytes());
            }
            from = start;
        }
    }
    pdf
}

/// Returns the PDF with its structure's names counted from one, in the order they had. Its length does not change.
///
/// Chromium names them after a counter that other work of the browser also moves on, so that two prints of one page differ.
pub(super) fn counted(mut pdf: Vec<u8>) -> Vec<u8> {
    let places = node_numbers(&pdf);
    let numbers: BTreeSet<Vec<u8>> =
        places.iter().map(|place| pdf[place.clone()].to_vec()).collect();
    let ranks: BTreeMap<Vec<u8>, usize> = numbers.into_iter().zip(1..).collect();
    for place in places {
        let rank = ranks[&pdf[place.clone()]];
        let number = format!("{rank:0width$}", width = place.len());
        pdf[place].copy_from_slice(number.as_bytes());
    }
    pdf
}

/// Returns where the numbers of names such as `(node00000124)` stand.
fn node_numbers(pdf: &[u8]) -> Vec<Range<usize>> {
    const KEY: &[u8] = b"(node";
    const DIGITS: usize = 8;
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&pdf[from..], KEY) {
        from += at + KEY.len();
        let digits = from..from + DIGITS;
        if let Some(number) = pdf.get(digits.clone())
            && number.iter().all(u8::is_ascii_digit)
            && pdf.get(digits.end) == Some(&b')')
        {
            places.push(digits);
        }
    }
    places
}

fn find(bytes: &[u8], key: &[u8]) -> Option<usize> {
    bytes.windows(key.len()).position(|window| window == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_page_and_to_the_web_stay() {
        let html = "<p><a class=\"x\" href=\"../a.html#b\" rel=\"y\">a</a> <a href=\"#c\">c</a> \
                    <a href=\"https://e.example/\">e</a> <a href=\"tel:+44\">t</a> <abbr href=\"x\">";
        assert_eq!(
            without_local_links(html),
            "<p><a class=\"x\" rel=\"y\">a</a> <a href=\"#c\">c</a> \
             <a href=\"https://e.example/\">e</a> <a href=\"tel:+44\">t</a> <abbr href=\"x\">"
        );
    }

    #[test]
    fn a_page_that_ends_in_a_tag_is_kept_as_it_is() {
        for html in ["", "<a ", "<a href=\"x", "<a href=\"x>", "é<a href=x>"] {
            assert_eq!(without_local_links(html), html);
        }
    }

    #[test]
    fn no_page_panics_and_nothing_but_addresses_goes() {
        let page =
            "<p>é<a class=\"x\" href=\"a b.html\">ö</a><a href=\"#c\">ü</a> <a name=x>".repeat(4);
        let mut random = crate::fixture::Random::new(7);
        for _ in 0..2000 {
            let page = random.edited(&page);
            let without = without_local_links(&page);
            assert!(without.len() <= page.len());
            assert_eq!(
                without_local_links(&without).matches("</a>").count(),
                page.matches("</a>").count()
            );
        }
    }

    #[test]
    fn dates_are_those_of_the_judged_day_and_the_length_stays() {
        let pdf = b"1 0 obj <</CreationDate (D:20261122142251+00'00')\n/ModDate (D:20261122142251+00'00')>> /ModDate (D:2"
            .to_vec();
        let day = NaiveDate::from_ymd_opt(2026, 12, 18).unwrap();
        let dated = dated(pdf.clone(), day);
        assert_eq!(dated.len(), pdf.len());
        let text = String::from_utf8(dated).unwrap();
        assert_eq!(text.matches("(D:20261218000000+00'00')").count(), 2);
    }

    #[test]
    fn names_of_nodes_are_counted_from_one_in_their_order() {
        let counted = |pdf: &str| String::from_utf8(counted(pdf.as_bytes().to_vec())).unwrap();
        let first = "/ID (node00000127) [(node00000125) (node00000124)] /ID (node00000125)";
        let later = "/ID (node00000131) [(node00000126) (node00000125)] /ID (node00000126)";
        assert_eq!(
            counted(first),
            "/ID (node00000003) [(node00000002) (node00000001)] /ID (node00000002)"
        );
        assert_eq!(counted(first), counted(later));
        for other in
            ["(node0000012)", "(node000001234)", "(node0000012x)", "(node00000123", "(node"]
        {
            assert_eq!(counted(other), other);
        }
    }
}
