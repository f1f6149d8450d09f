//! Pictures made by hand, byte by byte, so that they can be wrong in every way.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

/// A picture without a pattern that scaling could hide: every pixel says where it is.
pub fn gradient(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let scale = |at: u32, of: u32| u8::try_from(at * 255 / of.max(1)).unwrap_or(255);
        image::Rgb([scale(x, width), scale(y, height), 128])
    };
    DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, pixel))
}

pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .expect("encoded");
    bytes
}

pub fn png_of(picture: &DynamicImage) -> Vec<u8> {
    encoded(picture, ImageFormat::Png)
}

pub fn jpg_of(picture: &DynamicImage) -> Vec<u8> {
    encoded(picture, ImageFormat::Jpeg)
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = 0_u32.wrapping_sub(crc & 1);
            crc = (crc >> 1) ^ (0xedb8_8320 & mask);
        }
    }
    !crc
}

fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16) | a
}

fn be(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("small").to_be_bytes()
}

pub fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut named = name.to_vec();
    named.extend_from_slice(data);
    let mut chunk = be(data.len()).to_vec();
    chunk.extend_from_slice(&named);
    chunk.extend_from_slice(&crc(&named).to_be_bytes());
    chunk
}

pub const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];

/// Depth in bits and PNG's number of the colour type.
pub fn header(width: u32, height: u32, depth: u8, color: u8) -> Vec<u8> {
    let mut data = width.to_be_bytes().to_vec();
    data.extend_from_slice(&height.to_be_bytes());
    data.extend_from_slice(&[depth, color, 0, 0, 0]);
    chunk(b"IHDR", &data)
}

/// Bytes in zlib's wrapping, stored and not compressed.
pub fn zlib_stored(bytes: &[u8]) -> Vec<u8> {
    let mut wrapped = vec![0x78, 0x01];
    let mut parts = bytes.chunks(65_535).peekable();
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len()).expect("short");
        wrapped.push(u8::from(parts.peek().is_none()));
        wrapped.extend_from_slice(&length.to_le_bytes());
        wrapped.extend_from_slice(&(!length).to_le_bytes());
        wrapped.extend_from_slice(part);
    }
    wrapped.extend_from_slice(&adler(bytes).to_be_bytes());
    wrapped
}

/// Zeros in zlib's wrapping, a thousand to one: fixed codes, each repeating 258 zeros.
pub fn zlib_zeros(at_least: usize) -> Vec<u8> {
    struct Bits(Vec<u8>, u32);
    impl Bits {
        fn push(&mut self, bit: bool) {
            if self.1.is_multiple_of(8) {
                self.0.push(0);
            }
            if bit && let Some(last) = self.0.last_mut() {
                *last |= 1 << (self.1 % 8);
            }
            self.1 += 1;
        }

        /// Huffman codes are written from their highest bit.
        fn code(&mut self, code: u32, length: u32) {
            for at in (0..length).rev() {
                self.push(code >> at & 1 == 1);
            }
        }
    }
    let mut bits = Bits(vec![0x78, 0x01], 16);
    // The last block, with fixed codes.
    for bit in [true, true, false] {
        bits.push(bit);
    }
    bits.code(0x30, 8); // the literal zero
    for _ in 0..at_least.div_ceil(258) {
        bits.code(0xc5, 8); // length 258
        bits.code(0, 5); // one byte back
    }
    bits.code(0, 7); // the end
    let length = at_least.div_ceil(258) * 258 + 1;
    let sum = (u32::try_from(length % 65_521).expect("small") << 16) | 1;
    bits.0.extend_from_slice(&sum.to_be_bytes());
    bits.0
}

/// A PNG from its chunks between header and end.
pub fn png(header: &[u8], middle: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    bytes.extend_from_slice(header);
    bytes.extend(middle.iter().flatten());
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

/// Adds chunks after the header of a PNG.
pub fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    let (start, rest) = png.split_at(8 + 25);
    [start, &chunks.concat(), rest].concat()
}

/// A JPEG's segment with its length.
pub fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).expect("short");
    let mut segment = vec![0xff, marker];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(body);
    segment
}

/// Adds a segment after the start of a JPEG.
pub fn with_segment(jpg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    [&jpg[..2], &segment(marker, body), &jpg[2..]].concat()
}

/// A note that says which way up the picture is, one to eight, as cameras write it.
pub fn orientation(turn: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    exif.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0]);
    exif
}

/// A frame header: components of one sample each.
pub fn frame(marker: u8, width: u16, height: u16, components: u8) -> Vec<u8> {
    let mut body = vec![8];
    body.extend_from_slice(&height.to_be_bytes());
    body.extend_from_slice(&width.to_be_bytes());
    body.push(components);
    for id in 1..=components {
        body.extend_from_slice(&[id, 0x11, 0]);
    }
    segment(marker, &body)
}

/// A JPEG that begins: start, flat quantisation, one-bit codes for "no difference" and "nothing
/// more", so that every block is two zero bits.
pub fn jpg_start() -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let mut table = vec![0];
    table.extend_from_slice(&[1; 64]);
    bytes.extend(segment(0xdb, &table));
    for class in [0x00, 0x10] {
        let mut codes = vec![class, 1];
        codes.extend_from_slice(&[0; 15]);
        codes.push(0);
        bytes.extend(segment(0xc4, &codes));
    }
    bytes
}

/// A scan header for components 1 to `components`, and the coded data.
pub fn scan(components: u8, spectrum: [u8; 3], data: &[u8]) -> Vec<u8> {
    let mut body = vec![components];
    for id in 1..=components {
        body.extend_from_slice(&[id, 0]);
    }
    body.extend_from_slice(&spectrum);
    let mut bytes = segment(0xda, &body);
    bytes.extend_from_slice(data);
    bytes
}

pub const END: [u8; 2] = [0xff, 0xd9];

/// Eight by eight pixels of cyan, magenta, yellow and black, all in the middle.
pub fn cmyk() -> Vec<u8> {
    let adobe = segment(0xee, b"Adobe\0\x64\0\0\0\0\0");
    let parts = [
        &jpg_start()[..],
        &adobe,
        &frame(0xc0, 8, 8, 4),
        &scan(4, [0, 63, 0], &[0]),
        &END,
    ];
    parts.concat()
}

/// A progressive picture of so many passes, each of them a few bytes and work for every block.
pub fn progressive(side: u16, scans: usize) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let mut table = vec![0];
    table.extend_from_slice(&[1; 64]);
    bytes.extend(segment(0xdb, &table));
    // One code for DC "no difference"; one for AC "so many blocks end here", of the longest run.
    for (class, symbol) in [(0x00, 0), (0x10, 0xe0)] {
        let mut codes = vec![class, 1];
        codes.extend_from_slice(&[0; 15]);
        codes.push(symbol);
        bytes.extend(segment(0xc4, &codes));
    }
    bytes.extend(frame(0xc2, side, side, 1));
    let blocks = usize::from(side).div_ceil(8).pow(2);
    bytes.extend(scan(1, [0, 0, 0], &vec![0; blocks.div_ceil(8)]));
    // A code and fourteen bits of run: 16,384 blocks and more in fifteen bits.
    let runs = vec![0; blocks.div_ceil(16_384) * 2];
    for _ in 1..scans {
        bytes.extend(scan(1, [1, 63, 0], &runs));
    }
    bytes.extend(END);
    bytes
}
