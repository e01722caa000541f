//! The width and height of an image, from its first bytes: a page that knows them does not jump when the image comes.

use crate::parse::raw_html::{Piece, pieces};

/// Returns the size in pixels of a PNG, GIF, JPEG, WebP or SVG; `None` where the bytes do not say.
pub(super) fn image_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (big(bytes, 16, 4)?, big(bytes, 20, 4)?)
    } else if bytes.starts_with(b"GIF8") {
        (little(bytes, 6, 2)?, little(bytes, 8, 2)?)
    } else if bytes.starts_with(b"\xff\xd8") {
        jpeg(bytes)?
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        webp(bytes)?
    } else {
        svg(bytes)?
    };
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn big(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// Walks the segments to the frame header.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
            }
            _ => at += 2 + usize::try_from(big(bytes, at + 2, 2)?).ok()?.max(2),
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((little(bytes, 26, 2)? & 0x3fff, little(bytes, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let bits = little(bytes, 21, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        _ => None,
    }
}

fn svg(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let root = pieces(&head).into_iter().find_map(|(piece, _)| match piece {
        Piece::Start(tag) if tag.name == "svg" => Some(tag),
        _ => None,
    })?;
    let pixels = |text: &str| {
        let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        (0.0..1e6).contains(&number).then_some(number.round() as u32)
    };
    let side = |name| root.attribute(name).and_then(pixels);
    if let (Some(width), Some(height)) = (side("width"), side("height")) {
        return Some((width, height));
    }
    let view: Vec<&str> =
        root.attribute("viewbox")?.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    Some((pixels(view.get(2)?)?, pixels(view.get(3)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_the_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\0\0\0\x03";
        assert_eq!(image_size(png), Some((258, 3)));
        assert_eq!(image_size(b"GIF89a\x02\x01\x03\0"), Some((258, 3)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc2\0\x11\x08\0\x03\x01\x02";
        assert_eq!(image_size(jpeg), Some((258, 3)));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x01\x01\0\x02\0\0";
        assert_eq!(image_size(webp), Some((258, 3)));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x01\x81\0\0";
        assert_eq!(image_size(lossless), Some((258, 3)));
        let svg = |attributes: &str| {
            image_size(format!("<?xml version='1.0'?>\n<svg {attributes}>").as_bytes())
        };
        assert_eq!(svg("width='258px' height=\"3\""), Some((258, 3)));
        assert_eq!(svg("width='100%' viewBox='0 0, 257.6 3'"), Some((258, 3)));
        assert_eq!(svg("viewBox='0 0'"), None);
    }

    #[test]
    fn no_cut_of_an_image_panics() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc2\0\x11\x08\0\x03\x01\x02";
        for end in 0..jpeg.len() {
            image_size(&jpeg[..end]);
        }
        assert_eq!(image_size(b"\xff\xd8\xff\xe0\0\0"), None);
        assert_eq!(image_size(b""), None);
    }
}
