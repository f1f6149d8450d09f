//! The outside of a picture, before a decoder sees it: which kind it is, how large it says it is,
//! whether it is there to its end.
//!
//! Decoders forgive a picture that was cut off, and some make room before they look. Chunks and
//! markers are walked here: PNG (W3C, third edition, section 5), JPEG (ITU-T T.81, annex B).

use lintel_domain::image::ImageKind;

/// Longest side in pixels.
const MAX_SIDE_PX: u32 = 6000;
/// Most pixels.
const MAX_PIXELS: u64 = 16_000_000;
/// Most passes over a progressive JPEG: each costs time over the whole picture and a few bytes.
const MAX_SCANS: u64 = 64;
/// What unpacking, turning and fitting a pixel costs, in passes of a decoder over it.
const PASSES_BESIDE: u64 = 3;
/// Most work one picture may be: twenty passes over the largest there may be.
const MAX_WORK: u64 = 320_000_000;

const PNG_SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];

/// Which kind of picture the bytes begin as.
pub(super) fn kind_of(bytes: &[u8]) -> Option<ImageKind> {
    if bytes.starts_with(&PNG_SIGNATURE) {
        Some(ImageKind::Png)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(ImageKind::Jpg)
    } else {
        None
    }
}

/// Checks that a picture is whole and of a size we decode, and answers how much work it is: its
/// pixels, as often as a decoder goes over them. `None` when it is not, or is too much work.
pub(super) fn check(kind: ImageKind, bytes: &[u8]) -> Option<u64> {
    let ((width, height), passes) = match kind {
        ImageKind::Png => (png_size(bytes)?, 1),
        ImageKind::Jpg => jpeg_size(bytes)?,
    };
    let pixels = u64::from(width) * u64::from(height);
    let is_fit = (1..=MAX_SIDE_PX).contains(&width)
        && (1..=MAX_SIDE_PX).contains(&height)
        && pixels <= MAX_PIXELS;
    // Far below what overflows: sixteen million pixels, some sixty passes.
    let work = is_fit.then(|| pixels * (passes + PASSES_BESIDE))?;
    (work <= MAX_WORK).then_some(work)
}

/// Walks the chunks up to the end mark. The first one says the size.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&PNG_SIGNATURE)?;
    let mut size = None;
    let mut has_data = false;
    // A chunk has twelve bytes at least, so this ends.
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (data, after) = after.split_at_checked(length)?;
        let (_checksum, after) = after.split_first_chunk::<4>()?;
        match (name, size) {
            (b"IHDR", None) => {
                let (width, data) = data.split_first_chunk::<4>()?;
                let (height, _) = data.split_first_chunk::<4>()?;
                size = Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)));
            }
            (_, None) | (b"IHDR", Some(_)) => return None,
            (b"IDAT", Some(_)) => has_data = true,
            (b"IEND", Some(_)) => return size.filter(|_| has_data),
            (_, Some(_)) => {}
        }
        rest = after;
    }
}

/// Walks the markers up to the end mark. Exactly one frame header says the size; the scans are
/// counted.
fn jpeg_size(bytes: &[u8]) -> Option<((u32, u32), u64)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut size = None;
    let mut scans = 0_u64;
    // Every round takes two bytes or more.
    loop {
        let (marker, after) = next_marker(rest)?;
        match marker {
            0xd9 => return size.filter(|_| scans > 0).map(|size| (size, scans)),
            // Restart marks outside a scan and marks of their own have no length.
            0x01 | 0xd0..=0xd7 => {
                rest = after;
                continue;
            }
            // A second picture within.
            0x00 | 0xd8 => return None,
            _ => {}
        }
        let (length, _) = after.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (segment, after) = after.split_at_checked(length)?;
        let body = segment.get(2..)?;
        rest = after;
        match marker {
            // Baseline, extended, progressive. Lossless, hierarchical and arithmetic ones are not read.
            0xc0..=0xc2 => {
                let found = frame_size(body)?;
                if size.replace(found).is_some() {
                    return None;
                }
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return None,
            0xda => {
                scans += 1;
                if size.is_none() || scans > MAX_SCANS {
                    return None;
                }
                rest = after_scan(rest)?;
            }
            _ => {}
        }
    }
}

/// The next marker and what follows it. Any number of 0xff may stand before one.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let bytes = bytes.strip_prefix(&[0xff])?;
    let at = bytes.iter().position(|b| *b != 0xff)?;
    let (_, rest) = bytes.split_at_checked(at)?;
    let (marker, rest) = rest.split_first()?;
    Some((*marker, rest))
}

fn frame_size(body: &[u8]) -> Option<(u32, u32)> {
    let [_precision, h1, h0, w1, w0, ..] = body else {
        return None;
    };
    let height = u16::from_be_bytes([*h1, *h0]);
    let width = u16::from_be_bytes([*w1, *w0]);
    Some((u32::from(width), u32::from(height)))
}

/// Skips a scan's coded data: up to a marker that is neither a stuffed zero nor a restart.
fn after_scan(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let step = bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        at += step;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return bytes.get(at..),
        }
    }
}
