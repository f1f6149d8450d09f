//! Pictures somebody hands in: a logo, a favicon, a headshot; and what a stored one is called.

use std::fmt;

use crate::entry::Entry;
pub use crate::refusal::ImagePart;
use crate::words::words;

words! {
    /// Kinds of pictures that are taken. The spelling is also the ending of the stored name.
    ImageKind {
        /// Portable Network Graphics.
        Png = "png",
        /// JPEG.
        Jpg = "jpg",
    }
}

impl ImageKind {
    /// The kind as HTTP names it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpg => "image/jpeg",
        }
    }
}

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageUse {
    /// A company's mark, at the top of its pages.
    Logo,
    /// The small mark in a browser's tab.
    Favicon,
    /// A person's face.
    Headshot,
}

impl ImageUse {
    /// Width and height in pixels a picture of this use is fitted into. It is never enlarged.
    #[must_use]
    pub const fn fits_px(self) -> (u32, u32) {
        match self {
            Self::Logo => (600, 300),
            Self::Favicon => (128, 128),
            Self::Headshot => (512, 512),
        }
    }
}

/// The bytes of a picture, as they came. Its `Debug` shows how many.
#[derive(Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// As base 64, from a program.
    Base64(String),
    /// As they are, from a browser's upload.
    Bytes(Vec<u8>),
}

impl fmt::Debug for ImageSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64(text) => write!(f, "Base64({} characters)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

/// A picture somebody hands in, not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageDraft {
    /// The kind it is said to be. A browser's upload need not say: the bytes do.
    pub kind: Entry<ImageKind>,
    /// The picture.
    pub source: Option<ImageSource>,
}

/// Hexadecimal digits of a SHA-256.
const HASH_LEN: usize = 64;

/// What a stored picture is called: the SHA-256 of its bytes and its kind, `{hash}.{png|jpg}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageRef {
    hash: String,
    kind: ImageKind,
}

impl ImageRef {
    /// From the hash in small hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn new(hash: &str, kind: ImageKind) -> Option<Self> {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (hash.len() == HASH_LEN && hash.bytes().all(is_hex)).then(|| Self {
            hash: hash.to_owned(),
            kind,
        })
    }

    /// Reads a name; anything else is `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (hash, ending) = name.split_once('.')?;
        Self::new(hash, ImageKind::parse(ending)?)
    }

    /// The hash.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> ImageKind {
        self.kind
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.hash, self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_pictures_are_read_exactly() {
        let hash = "0a".repeat(32);
        for name in [format!("{hash}.png"), format!("{hash}.jpg")] {
            assert_eq!(ImageRef::parse(&name).expect("a name").to_string(), name);
        }
        for bad in [
            String::new(),
            hash.clone(),
            format!("{hash}."),
            format!("{hash}.gif"),
            format!("{hash}.png.png"),
            format!("{}.png", "0A".repeat(32)),
            format!("{}.png", "0a".repeat(31)),
            format!("../{hash}.png"),
        ] {
            assert_eq!(ImageRef::parse(&bad), None, "{bad}");
        }
    }
}
