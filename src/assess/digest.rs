//! The digest of a document: a SHA-256 over what its reader reads, named by the algorithm, `v1:` and 64 hexadecimal digits.
//!
//! # The recipe, `v1`
//!
//! A digest is made of four parts, each the SHA-256 of a sequence of bytes:
//!
//! - **text**: the body without front matter, every line end a line feed, without the line feeds at its start and end. Where
//!   included text stands there is one zero byte instead of it. For a document without includes this is what `sha256sum`
//!   says of the text below the front matter.
//! - **includes**: the included text, in the order of the document, with line feeds as line ends, and a zero byte after each
//!   stretch of it, where the document's own text goes on or ends.
//! - **images**: for every image of the body that is a file of the project, in the order of the document, the SHA-256 of its
//!   bytes in 64 hexadecimal digits and a line feed; for one that is not there, the word `missing` and a line feed.
//! - **metadata**: what the front matter says of four keys, as compact JSON in this order:
//!   `{"title":"…","owner":"…","severity":"…","alerts":["…"]}`; `null` for a string that is not set.
//!
//! The digest is the SHA-256 of these five lines, each with a line feed at its end, the parts in 64 hexadecimal digits:
//!
//! ```text
//! handover v1
//! text HEX
//! includes HEX
//! images HEX
//! metadata HEX
//! ```
//!
//! # What is in it, and what is not
//!
//! Tags, weight, aliases, reviewers, line ends, a byte order mark and a newline at the end of the file change nothing that
//! was reviewed. Neither do names: a document or an included file that moves, and an image whose bytes stay, keep what they
//! give to the digest; but a link that is written differently is a change of the text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::assess::Part;
use crate::history::About;
use crate::link::{Portal, Target};
use crate::parse::document::{Document, LinkKind};
use crate::parse::front_matter::FrontMatter;
use crate::parse::project::Documents;
use crate::parse::records::DigestParts;
use crate::source::{Asset, SourcePath, beside, sha256};

/// A document's digest, and the short digests of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// `v1:` and 64 hexadecimal digits.
    pub whole: String,
    pub parts: DigestParts,
}

/// The digests of all documents.
pub type Digests = BTreeMap<SourcePath, Arc<Digest>>;

/// The digests as they were last, and what they were of.
#[derive(Default)]
pub struct Memory {
    documents: Arc<Documents>,
    targets: Arc<BTreeMap<SourcePath, Vec<Target>>>,
    assets: Arc<BTreeMap<SourcePath, Arc<Asset>>>,
    digests: Arc<Digests>,
}

/// Returns the digests of all documents of the portal.
pub fn digests(portal: &Portal) -> Arc<Digests> {
    digests_again(portal, &mut Memory::default())
}

/// The same, with what is remembered of the last time.
pub fn digests_again(portal: &Portal, memory: &mut Memory) -> Arc<Digests> {
    let same_assets = Arc::ptr_eq(&memory.assets, &portal.assets);
    let is_same = same_assets && Arc::ptr_eq(&memory.targets, &portal.targets);
    // A document that is the same may have other images than it had.
    let has_same_images = |path: &SourcePath| {
        let (before, after) = (memory.targets.get(path), portal.targets.get(path));
        let mut targets = after.into_iter().flatten();
        before == after
            && (same_assets || !targets.any(|target| matches!(target, Target::Asset { .. })))
    };
    let is_known = |path, document, known: Option<&Arc<Document>>| {
        let is_known = known.is_some_and(|known| Arc::ptr_eq(known, document));
        is_known && (is_same || has_same_images(path))
    };
    let unknown: Vec<(&SourcePath, &Arc<Document>)> = beside(&portal.documents, &memory.documents)
        .filter(|(path, document, known)| !is_known(path, document, *known))
        .map(|(path, document, _)| (path, document))
        .collect();
    if !unknown.is_empty() || memory.digests.len() != portal.documents.len() {
        let found: Vec<_> = unknown
            .par_iter()
            .map(|(path, document)| ((*path).clone(), Arc::new(digest(portal, path, document))))
            .collect();
        let digests = Arc::make_mut(&mut memory.digests);
        digests.extend(found);
        if digests.len() != portal.documents.len() {
            digests.retain(|path, _| portal.documents.contains_key(path));
        }
    }
    let digests = Arc::clone(&memory.digests);
    *memory = Memory {
        documents: Arc::clone(&portal.documents),
        targets: Arc::clone(&portal.targets),
        assets: Arc::clone(&portal.assets),
        digests: Arc::clone(&digests),
    };
    digests
}

/// Returns the digest of a document of the portal.
pub fn digest(portal: &Portal, path: &SourcePath, document: &Document) -> Digest {
    of(document, &images(portal, path, document))
}

/// Returns the digest of a document with these images.
fn of(document: &Document, images: &str) -> Digest {
    let (text, includes) = text_and_includes(document);
    let [text, includes, images, metadata] = [
        sha256(text.as_bytes()),
        sha256(includes.as_bytes()),
        sha256(images.as_bytes()),
        sha256(metadata(&document.meta).as_bytes()),
    ];
    let lines = format!(
        "handover v1\ntext {text}\nincludes {includes}\nimages {images}\nmetadata {metadata}\n"
    );
    let short = |digest: String| digest[..12].to_owned();
    Digest {
        whole: format!("v1:{}", sha256(lines.as_bytes())),
        parts: DigestParts {
            text: short(text),
            includes: short(includes),
            images: short(images),
            metadata: short(metadata),
        },
    }
}

/// Returns which parts differ between two sets of short digests.
pub fn changed(before: &DigestParts, after: &DigestParts) -> Vec<Part> {
    [
        (Part::Text, &before.text, &after.text),
        (Part::Include, &before.includes, &after.includes),
        (Part::Image, &before.images, &after.images),
        (Part::Metadata, &before.metadata, &after.metadata),
    ]
    .into_iter()
    .filter(|(_, before, after)| !before.eq_ignore_ascii_case(after))
    .map(|(part, ..)| part)
    .collect()
}

/// Tells whether a text is a digest of an algorithm that is known.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix("v1:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Returns the document's own text with a zero byte for each include, and the texts of the includes.
fn text_and_includes(document: &Document) -> (String, String) {
    let (body, pieces) = document.text.as_written();
    let (mut text, mut includes) = (String::new(), String::new());
    // How the text is cut into pieces does not matter, only whose it is.
    let mut own_before = true;
    for (index, piece) in pieces.iter().enumerate() {
        let end = pieces.get(index + 1).map_or(body.len(), |next| next.at);
        let slice = body.get(piece.at..end).unwrap_or_default();
        // What was put in by the rules of a directive, such as white space, is nobody's text.
        if slice.is_empty() || piece.stands_for.is_some() {
            continue;
        }
        let own = piece.source.path == document.source.path;
        if own {
            text.push_str(slice);
        } else {
            if own_before {
                text.push('\0');
            }
            includes.push_str(slice);
        }
        if own && !own_before {
            includes.push('\0');
        }
        own_before = own;
    }
    if !own_before {
        includes.push('\0');
    }
    let text = line_feeds(&text);
    (text.trim_matches('\n').to_owned(), line_feeds(&includes).into_owned())
}

fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

fn images(portal: &Portal, path: &SourcePath, document: &Document) -> String {
    let targets = portal.targets.get(path).map(Vec::as_slice).unwrap_or_default();
    let mut lines = String::new();
    for (link, target) in document.own_links(targets) {
        if link.kind != LinkKind::Image {
            continue;
        }
        match target {
            Target::Asset { path } => match portal.assets.get(path) {
                Some(asset) => lines.push_str(&asset.digest),
                None => lines.push_str("missing"),
            },
            Target::Missing { .. } | Target::Unreadable { .. } => lines.push_str("missing"),
            Target::Document { .. }
            | Target::Generated { .. }
            | Target::External
            | Target::Outside
            | Target::Unjudged { .. } => continue,
        }
        lines.push('\n');
    }
    lines
}

/// Returns what the digest of a document is of, beside its text, for those who ask what changed.
pub fn about(portal: &Portal, path: &SourcePath, document: &Document) -> About {
    let meta = &document.meta;
    let said = [("title", &meta.title), ("owner", &meta.owner), ("severity", &meta.severity)];
    let said =
        said.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?.value.clone())));
    let alerts: Vec<&str> = meta.alerts.iter().map(|alert| alert.value.as_str()).collect();
    let alerts = (!alerts.is_empty()).then(|| ("alerts", alerts.join(", ")));
    let targets = portal.targets.get(path).map(Vec::as_slice).unwrap_or_default();
    let images = document.own_links(targets).filter_map(|(link, target)| match target {
        Target::Asset { path } if link.kind == LinkKind::Image => {
            Some((path.clone(), portal.assets.get(path)?.digest.clone()))
        }
        _ => None,
    });
    About { metadata: said.chain(alerts).collect(), images: images.collect() }
}

fn metadata(meta: &FrontMatter) -> String {
    #[derive(Serialize)]
    struct Metadata<'a> {
        title: Option<&'a str>,
        owner: Option<&'a str>,
        severity: Option<&'a str>,
        alerts: Vec<&'a str>,
    }
    let metadata = Metadata {
        title: meta.title.as_ref().map(|title| title.value.as_str()),
        owner: meta.owner.as_ref().map(|owner| owner.value.as_str()),
        severity: meta.severity.as_ref().map(|severity| severity.value.as_str()),
        alerts: meta.alerts.iter().map(|alert| alert.value.as_str()).collect(),
    };
    serde_json::to_string(&metadata).expect("invariant: strings serialize")
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::fixture;
    use crate::parse::document::{Link, Piece};
    use crate::source::Source;

    fn portal() -> Portal {
        let mut portal = fixture::portal("-- src/a.md --\n# A\n\nText.\n-- b.md --\nMore.\n");
        Arc::make_mut(&mut portal.documents).retain(|path, _| path.as_str() == "src/a.md");
        portal
    }

    /// The digest of the only document after an edit of it.
    fn edited(edit: impl FnOnce(&mut Document)) -> Digest {
        let portal = portal();
        let (path, document) = portal.documents.iter().next().unwrap();
        let mut document = Document::clone(document);
        edit(&mut document);
        digest(&portal, path, &document)
    }

    fn source(path: &str) -> Arc<Source> {
        Arc::new(Source::new(SourcePath::new(path).unwrap(), String::new()))
    }

    fn include(document: &mut Document, path: &str, body: &str, from: usize, to: usize) {
        let own = Arc::clone(&document.source);
        document.text.body = body.into();
        document.text.pieces = vec![
            Piece { at: 0, source: Arc::clone(&own), start: 0, stands_for: None },
            Piece { at: from, source: source(path), start: 0, stands_for: None },
            Piece { at: to, source: own, start: to, stands_for: None },
        ];
    }

    #[test]
    fn the_recipe_can_be_followed_by_hand() {
        let digest = edited(|_| {});
        // printf '# A\n\nText.' | sha256sum
        assert_eq!(digest.parts.text, "dc2724d5bd6f");
        // printf '{"title":null,"owner":null,"severity":null,"alerts":[]}' | sha256sum
        assert_eq!(digest.parts.metadata, "13f1ea3f9b70");
        assert_eq!(
            digest.whole,
            "v1:88e7fcd38c4cd008239e7b56ed0cad3572269fdc71457dcfac17b355bceaa15a"
        );
        assert!(is_digest(&digest.whole));
    }

    #[test]
    fn what_the_reader_does_not_see_changes_nothing() {
        let before = edited(|_| {});
        for body in ["# A\r\n\r\nText.\r\n", "\n# A\n\nText.", "# A\n\nText.\n\n\n"] {
            assert_eq!(edited(|document| document.text.body = body.into()), before, "{body:?}");
        }
        let tagged = edited(|document| {
            document.meta.tags = vec!["new".into()];
            document.meta.weight = Some(3);
            document.meta.reviewers = vec![spanned("ana")];
            document.meta.review.valid_days = Some(30);
            document.id = "another".into();
        });
        assert_eq!(tagged, before);
    }

    #[test]
    fn each_part_tells_of_its_own_change() {
        let before = edited(|_| {}).parts;
        let text = edited(|document| document.text.body.push_str("One more.\n"));
        assert_eq!(changed(&before, &text.parts), [Part::Text]);
        for meta in [
            |meta: &mut FrontMatter| meta.title = Some(spanned("A")),
            |meta: &mut FrontMatter| meta.owner = Some(spanned("")),
            |meta: &mut FrontMatter| meta.severity = Some(spanned("SEV-1")),
            |meta: &mut FrontMatter| meta.alerts = vec![spanned("QueueBacklog")],
        ] {
            let metadata = edited(|document| meta(&mut document.meta));
            assert_eq!(changed(&before, &metadata.parts), [Part::Metadata]);
        }
        let including =
            edited(|document| include(document, "b.md", "# A\nMore.\nEnd\n", 4, 10)).parts;
        let other = edited(|document| include(document, "b.md", "# A\nLess.\nEnd\n", 4, 10)).parts;
        assert_eq!(changed(&including, &other), [Part::Include]);
        let moved = edited(|document| include(document, "c.md", "# A\nMore.\nEnd\n", 4, 10)).parts;
        assert_eq!(changed(&including, &moved), []);
        let taken_over = edited(|document| document.text.body = "# A\nMore.\nEnd\n".into());
        assert_eq!(changed(&including, &taken_over.parts), [Part::Text, Part::Include]);
    }

    #[test]
    fn images_count_by_their_bytes() {
        let of = |digests: [Option<&str>; 2]| {
            let mut portal = portal();
            let (path, document) = portal.documents.iter().next().unwrap();
            let (path, mut document) = (path.clone(), Document::clone(document));
            let mut targets = Vec::new();
            for (index, digest) in digests.into_iter().enumerate() {
                let asset = SourcePath::new(&format!("{index}.png")).unwrap();
                document.links.push(Link {
                    kind: LinkKind::Image,
                    destination: asset.as_str().to_owned(),
                    text: String::new(),
                    span: crate::source::Span { start: index, end: index },
                    base: None,
                });
                if let Some(digest) = digest {
                    let digest = digest.to_owned();
                    let bytes = Vec::new().into();
                    let path = asset.clone();
                    let asset = Arc::new(Asset { path, bytes, digest });
                    Arc::make_mut(&mut portal.assets).insert(asset.path.clone(), asset);
                }
                targets.push(Target::Asset { path: asset });
            }
            Arc::make_mut(&mut portal.targets).insert(path.clone(), targets);
            digest(&portal, &path, &document).parts
        };
        let before = of([Some("aa"), Some("bb")]);
        assert_eq!(changed(&before, &of([Some("aa"), Some("bb")])), []);
        for after in [[Some("aa"), Some("cc")], [Some("bb"), Some("aa")], [Some("aa"), None]] {
            assert_eq!(changed(&before, &of(after)), [Part::Image], "{after:?}");
        }
    }

    #[test]
    fn a_digest_names_its_algorithm() {
        let hex = "0".repeat(64);
        assert!(is_digest(&format!("v1:{hex}")));
        for text in [hex.clone(), format!("v2:{hex}"), format!("v1:{}", &hex[1..]), "v1:".into()] {
            assert!(!is_digest(&text), "{text}");
        }
        assert!(!is_digest(&format!("v1:{}", hex.replacen('0', "g", 1))));
    }

    fn spanned(text: &str) -> crate::source::Spanned<String> {
        crate::source::Spanned { value: text.into(), ..Default::default() }
    }
}
