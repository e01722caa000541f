//! The code that leads from a sheet of paper to its manifest: a QR code as SVG.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The blank edge around a code, in modules, that readers need.
const QUIET: i32 = 4;

/// Returns what the code says: `HANDOVER:V1:ID:VERSION:64 DIGITS`, upper case, so that it is stored in few modules.
pub(super) fn message(id: &str, version: &str, digest: &str) -> String {
    format!("HANDOVER:V1:{id}:{version}:{}", digest.trim_start_matches("v1:")).to_uppercase()
}

/// Returns the code for a text, level M, 18 mm wide and its quiet zone around it; `None` when no code is large enough.
pub(super) fn svg(message: &str) -> Option<String> {
    let code = QrCode::encode_text(message, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    // In hundredths, by whole numbers: the same on every machine.
    let width = 1800 * side / code.size();
    let width = format!("{}.{:02}mm", width / 100, width % 100);
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let run = x - start;
                write!(path, "M{} {}h{run}v1h-{run}z", start + QUIET, y + QUIET)
                    .expect("invariant: writing to a string");
            }
            x += 1;
        }
    }
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img" aria-label="QR code of the manifest digest"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_fits_the_small_alphabet() {
        let message = message("insurance-lead-gen", "1.0", &format!("v1:{}", "0a".repeat(32)));
        assert_eq!(message, format!("HANDOVER:V1:INSURANCE-LEAD-GEN:1.0:{}", "0A".repeat(32)));
        assert!(qrcodegen::QrSegment::is_alphanumeric(&message));
        let code = QrCode::encode_text(&message, QrCodeEcc::Medium).unwrap();
        assert_eq!(code.version().value(), 5, "37 modules, almost half a millimeter each");
    }

    #[test]
    fn what_is_drawn_is_what_was_said() {
        let message = "HANDOVER:V1:A:1.0:00FF";
        let svg = svg(message).unwrap();
        let side: usize =
            svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let mut dark = vec![false; side * side];
        for run in svg.split("fill=\"#000\" d=\"M").nth(1).unwrap().split('M') {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let width: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            dark[y * side + x..y * side + x + width].fill(true);
        }
        let scale = 4;
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
                if dark[y / scale * side + x / scale] { 0 } else { 255 }
            });
        assert_eq!(image.detect_grids()[0].decode().unwrap().1, message);
    }

    #[test]
    fn a_text_for_which_no_code_is_large_enough_has_none() {
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}
