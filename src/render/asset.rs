//! The files that documents bring: images, downloads and diagrams, with a part of their digest in their name.

use std::sync::Arc;

use crate::diagram::Drawing;
use crate::link::Portal;
use crate::render::Output;
use crate::source::{Asset, sha256};

/// Returns the address of an asset: `assets/NAME.DIGEST.EXTENSION`, of letters, digits, `.`, `-` and `_` alone.
pub fn url(asset: &Asset) -> String {
    let name = asset.path.name();
    let digest = &asset.digest[..8];
    let plain = |part: &str| -> String {
        part.chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '.' { c } else { '-' })
            .collect()
    };
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => {
            format!("assets/{}.{digest}.{}", plain(stem), plain(extension))
        }
        _ => format!("assets/{}.{digest}", plain(name)),
    }
}

/// Returns the address of a drawn diagram.
pub fn diagram_url(drawing: &Drawing) -> String {
    format!("diagrams/{}.svg", &sha256(drawing.svg.as_bytes())[..16])
}

/// Returns the assets and the drawn diagrams of all documents.
pub fn files(portal: &Portal) -> Output {
    let mut output = Output::new();
    for asset in portal.assets.values() {
        output.insert(url(asset), Arc::clone(&asset.bytes));
    }
    let diagrams = portal.documents.values().flat_map(|document| &document.diagrams);
    for drawing in diagrams.filter_map(|diagram| diagram.drawing.as_ref().ok()) {
        output.insert(diagram_url(drawing), drawing.svg.as_bytes().into());
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourcePath;

    #[test]
    fn an_asset_has_an_address_that_needs_no_escape() {
        let url = |path: &str| {
            let path = SourcePath::new(path).unwrap();
            url(&Asset { path, bytes: Arc::from(*b"x"), digest: sha256(b"x") })
        };
        assert_eq!(url("content/img/Data flow (2).tar.gz"), "assets/Data-flow--2-.tar.2d711642.gz");
        assert_eq!(url("é.png"), "assets/-.2d711642.png");
        assert_eq!(url("LICENSE"), "assets/LICENSE.2d711642");
        assert_eq!(url(".env"), "assets/.env.2d711642");
    }
}
