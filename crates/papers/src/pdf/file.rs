//! A file of numbered objects: small ones packed together, streams deflated, and the table of where
//! each begins as a stream (PDF 1.5 and later).

use std::fmt::Write as _;

use miniz_oxide::deflate::compress_to_vec_zlib;

/// Number of an object, from 1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(usize);

impl std::fmt::Display for Id {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} 0 R", self.0)
    }
}

enum Body {
    /// Reserved and not yet written; stays null.
    Open,
    Plain(String),
    Stream {
        entries: String,
        bytes: Vec<u8>,
    },
}

/// The objects so far.
pub(crate) struct File {
    bodies: Vec<Body>,
}

/// How many small objects share a stream. Readers unpack a whole stream to get at one object.
const PACK: usize = 250;
/// How hard to deflate: level 5 saves a sixth of the size and doubles the time of a paper.
const LEVEL: u8 = 1;

impl File {
    pub(crate) const fn new() -> Self {
        Self { bodies: Vec::new() }
    }

    /// A number for an object written later.
    pub(crate) fn reserve(&mut self) -> Id {
        self.bodies.push(Body::Open);
        Id(self.bodies.len())
    }

    fn set(&mut self, id: Id, body: Body) {
        if let Some(place) = self.bodies.get_mut(id.0.saturating_sub(1)) {
            *place = body;
        }
    }

    /// Writes an object without a stream.
    pub(crate) fn put(&mut self, id: Id, body: String) {
        self.set(id, Body::Plain(body));
    }

    /// Writes a deflated stream; `entries` are further entries of its dictionary.
    pub(crate) fn put_stream(&mut self, id: Id, entries: &str, bytes: &[u8]) {
        let bytes = compress_to_vec_zlib(bytes, LEVEL);
        let entries = format!("{entries}/Filter/FlateDecode");
        self.set(id, Body::Stream { entries, bytes });
    }

    /// Writes a stream as it is: metadata must be readable without a PDF reader.
    pub(crate) fn put_bare_stream(&mut self, id: Id, entries: &str, bytes: Vec<u8>) {
        let entries = entries.to_owned();
        self.set(id, Body::Stream { entries, bytes });
    }

    /// The whole file. `trailer` are the entries of the trailer (root, info, id).
    pub(crate) fn finish(mut self, trailer: &str) -> Vec<u8> {
        let homes = self.pack();
        let table_id = self.reserve();
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = vec![0_usize; self.bodies.len()];
        for (at, body) in self.bodies.iter().enumerate() {
            if let Body::Stream { entries, bytes } = body {
                if let Some(offset) = offsets.get_mut(at) {
                    *offset = out.len();
                }
                stream(&mut out, at + 1, entries, bytes);
            }
        }
        let start = out.len();
        if let Some(offset) = offsets.get_mut(table_id.0.saturating_sub(1)) {
            *offset = start;
        }
        let mut table = Vec::with_capacity((offsets.len() + 1) * 7);
        entry(&mut table, 0, 0, 65_535);
        for (at, offset) in offsets.iter().enumerate() {
            match homes.get(at).copied().flatten() {
                Some((home, place)) => entry(&mut table, 2, home, place),
                None => entry(&mut table, 1, *offset, 0),
            }
        }
        let entries = format!(
            "/Type/XRef/W[1 4 2]/Size {}{trailer}/Filter/FlateDecode",
            offsets.len() + 1
        );
        let table = compress_to_vec_zlib(&table, LEVEL);
        stream(&mut out, table_id.0, &entries, &table);
        out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        out
    }

    /// Packs the plain objects into streams. Where each went: number of the stream, place in it.
    fn pack(&mut self) -> Vec<Option<(usize, usize)>> {
        let mut homes = vec![None; self.bodies.len()];
        let plain: Vec<usize> = (0..self.bodies.len())
            .filter(|at| !matches!(self.bodies.get(*at), Some(Body::Stream { .. })))
            .collect();
        for group in plain.chunks(PACK) {
            let id = self.reserve();
            let (mut index, mut text) = (String::new(), String::new());
            for (place, at) in group.iter().enumerate() {
                let _ = write!(index, "{} {} ", at + 1, text.len());
                match self.bodies.get(*at) {
                    Some(Body::Plain(body)) => text.push_str(body),
                    Some(Body::Open | Body::Stream { .. }) | None => text.push_str("null"),
                }
                text.push('\n');
                if let Some(home) = homes.get_mut(*at) {
                    *home = Some((id.0, place));
                }
            }
            let entries = format!("/Type/ObjStm/N {}/First {}", group.len(), index.len());
            index.push_str(&text);
            self.put_stream(id, &entries, index.as_bytes());
        }
        homes
    }
}

fn stream(out: &mut Vec<u8>, number: usize, entries: &str, bytes: &[u8]) {
    let head = format!(
        "{number} 0 obj\n<<{entries}/Length {}>>\nstream\n",
        bytes.len()
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

/// One line of the table: a byte, four bytes, two bytes.
fn entry(table: &mut Vec<u8>, kind: u8, first: usize, second: usize) {
    table.push(kind);
    let first = u32::try_from(first).unwrap_or(u32::MAX);
    table.extend_from_slice(&first.to_be_bytes());
    let second = u16::try_from(second).unwrap_or(u16::MAX);
    table.extend_from_slice(&second.to_be_bytes());
}

/// A text of the dictionaries (titles, bookmarks): UTF-16 with its mark, in hexadecimal.
pub(crate) fn text_string(text: &str) -> String {
    let mut out = String::from("<FEFF");
    for unit in text
        .chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .encode_utf16()
    {
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    out
}
