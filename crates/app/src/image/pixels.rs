//! From bytes to pixels and back: decoding within limits, turning, fitting, encoding.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops::FilterType as Resampling;
use image::{DynamicImage, ImageDecoder, Limits, RgbaImage};
use lintel_domain::image::ImageKind;

/// Most bytes a decoder may have at once: sixteen million pixels of four bytes, and its tables.
const MAX_DECODER_BYTES: u64 = 72 * 1024 * 1024;
/// Quality of written JPEG, out of a hundred.
const JPEG_QUALITY: u8 = 88;
/// A picture this many times too large is first made smaller by plain averages, which needs no
/// room beside the result.
const COARSE_FACTOR: u32 = 3;

/// Decodes the first frame and turns it the right way up: eight bits a channel, three channels or,
/// with transparency, four. `None` when it cannot be decoded within the limits.
pub(super) fn decode(kind: ImageKind, bytes: &[u8]) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let cursor = Cursor::new(bytes);
    match kind {
        ImageKind::Png => upright(PngDecoder::with_limits(cursor, limits).ok()?),
        ImageKind::Jpg => upright(JpegDecoder::new(cursor).ok()?),
    }
}

fn upright(mut decoder: impl ImageDecoder) -> Option<DynamicImage> {
    if decoder.total_bytes() > MAX_DECODER_BYTES {
        return None;
    }
    // A note on orientation that cannot be read is as good as none.
    let orientation = decoder.orientation().ok();
    let decoded = DynamicImage::from_decoder(decoder).ok()?;
    let mut plain = plain(decoded);
    if let Some(orientation) = orientation {
        plain.apply_orientation(orientation);
    }
    Some(plain)
}

/// Two layouts are enough to scale and to write.
fn plain(decoded: DynamicImage) -> DynamicImage {
    if decoded.color().has_alpha() {
        DynamicImage::ImageRgba8(decoded.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(decoded.into_rgb8())
    }
}

/// Makes a picture small enough for a box, keeping its shape. Never larger than it was, and no side
/// less than one pixel.
pub(super) fn fit(picture: DynamicImage, (box_width, box_height): (u32, u32)) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    if width <= box_width && height <= box_height {
        return picture;
    }
    let (new_width, new_height) =
        if u64::from(width) * u64::from(box_height) >= u64::from(height) * u64::from(box_width) {
            (box_width, scaled(height, box_width, width))
        } else {
            (scaled(width, box_height, height), box_height)
        };
    let mut picture = weighted(picture);
    let (coarse_width, coarse_height) = (
        new_width.saturating_mul(COARSE_FACTOR),
        new_height.saturating_mul(COARSE_FACTOR),
    );
    if width > coarse_width && height > coarse_height {
        picture = picture.thumbnail_exact(coarse_width, coarse_height);
    }
    unweighted(picture.resize_exact(new_width, new_height, Resampling::CatmullRom))
}

/// `side × to ÷ from`, rounded half up, at least one: to the nearest pixel keeps the shape best.
fn scaled(side: u32, to: u32, from: u32) -> u32 {
    let from = u64::from(from.max(1));
    let rounded = (u64::from(side) * u64::from(to) + from / 2) / from;
    u32::try_from(rounded.max(1)).unwrap_or(to)
}

/// Multiplies colours by their opacity, so that what nobody sees does not colour what is beside it.
fn weighted(picture: DynamicImage) -> DynamicImage {
    with_rgba(picture, |[r, g, b, a]| {
        let by = |c: u8| channel((u32::from(c) * u32::from(a) + 127) / 255);
        [by(r), by(g), by(b), a]
    })
}

/// Undoes [`weighted`].
fn unweighted(picture: DynamicImage) -> DynamicImage {
    with_rgba(picture, |[r, g, b, a]| {
        let opacity = u32::from(a);
        let by = |c: u8| {
            let whole = u32::from(c) * 255 + opacity / 2;
            channel(whole.checked_div(opacity).unwrap_or(0))
        };
        [by(r), by(g), by(b), a]
    })
}

fn channel(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn with_rgba(picture: DynamicImage, change: impl Fn([u8; 4]) -> [u8; 4]) -> DynamicImage {
    let DynamicImage::ImageRgba8(mut pixels) = picture else {
        return picture;
    };
    for pixel in RgbaImage::pixels_mut(&mut pixels) {
        pixel.0 = change(pixel.0);
    }
    DynamicImage::ImageRgba8(pixels)
}

/// Writes a picture anew. `None` when the encoder refuses, which it has no reason to.
pub(super) fn encode(kind: ImageKind, picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    match kind {
        ImageKind::Png => {
            let (quality, filter) = (CompressionType::Best, FilterType::Adaptive);
            let encoder = PngEncoder::new_with_quality(&mut bytes, quality, filter);
            picture.write_with_encoder(encoder).ok()?;
        }
        ImageKind::Jpg => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            picture.to_rgb8().write_with_encoder(encoder).ok()?;
        }
    }
    Some(bytes)
}
