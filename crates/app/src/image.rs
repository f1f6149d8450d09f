//! Pictures people send: looked at with care, made small, written again, kept under their own hash.
//!
//! A picture is somebody else's bytes until it was decoded and encoded anew. What is kept is our
//! encoding: no metadata, nothing after the end, no second meaning.

mod frame;
mod pixels;

use lintel_macros::boxed;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_domain::image::{ImageDraft, ImageKind, ImagePart, ImageRef, ImageSource, ImageUse};
use lintel_domain::refusal::Rule;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::image::{self, StoredImage};
use ring::digest::{SHA256, digest};

use crate::context::App;

/// Longest picture in bytes, once it is out of base 64.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Longest text in base 64 that is looked at: the picture, its line breaks, a prefix.
const MAX_TEXT: usize = 3 * 1024 * 1024;
/// Longest `data:` prefix.
const MAX_PREFIX: usize = 100;
/// Most work the pictures of one request may be together: pixels, as often as they are gone over.
/// Two of the worst there are, or some two hundred plain portraits.
const REQUEST_WORK: u64 = 640_000_000;
/// What a picture costs whatever its size: writing it anew.
const WORK_OF_EACH: u64 = 2_000_000;
/// Our own encodings are far below this: the largest is 600 by 300 pixels of four bytes.
const MAX_STORED_BYTES: u64 = 4 * 1024 * 1024;

/// Senders differ in whether they pad.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Why a picture was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageRefusal {
    /// Which part of it.
    pub part: ImagePart,
    /// What is wrong with that.
    pub rule: Rule,
}

const fn refused(part: ImagePart, rule: Rule) -> ImageRefusal {
    ImageRefusal { part, rule }
}

/// What a picture that cannot be decoded comes to.
const UNREADABLE: ImageRefusal = refused(ImagePart::Content, Rule::Malformed);

/// A picture that was decoded and encoded anew, in memory. Nothing of it is stored yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    /// What it will be called.
    pub name: ImageRef,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// How much work the pictures of one request may still be. Small files can be much work, and what
/// one request asks for, everybody else waits for.
#[derive(Debug)]
pub struct Budget {
    work_left: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            work_left: REQUEST_WORK,
        }
    }
}

impl Budget {
    /// As [`prepare`], for one of several pictures: once the budget is spent, the rest is refused.
    ///
    /// # Errors
    /// As [`prepare`].
    #[boxed]
    pub async fn prepare(
        &mut self,
        app: &App,
        draft: ImageDraft,
        purpose: ImageUse,
    ) -> Result<Result<Prepared, ImageRefusal>, Fault> {
        let (source, kind) = match sourced(draft) {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(left) = self.work_left.checked_sub(WORK_OF_EACH) else {
            return Ok(Err(UNREADABLE));
        };
        let (work, made) = app
            .heavy("looking at a picture", move || {
                let mut work = 0;
                // A decoder that stumbles over what it was sent is the sender's doing.
                let made = catch_unwind(AssertUnwindSafe(|| {
                    let (bytes, kind) = checked(kind, source, left, &mut work)?;
                    prepared(kind, &bytes, purpose)
                }));
                (work, made.unwrap_or(Err(UNREADABLE)))
            })
            .await?;
        // Tried in vain is work too.
        self.work_left = left.saturating_sub(work);
        Ok(made)
    }
}

/// Looks at a picture and makes it what will be kept: fitted to its use, never enlarged, the right
/// way up, without metadata.
///
/// # Errors
/// The outer error is ours: no processor free in time. The inner one is the sender's.
#[boxed]
pub async fn prepare(
    app: &App,
    draft: ImageDraft,
    purpose: ImageUse,
) -> Result<Result<Prepared, ImageRefusal>, Fault> {
    Budget::default().prepare(app, draft, purpose).await
}

/// What there is of a picture, and the kind it is said to be.
fn sourced(draft: ImageDraft) -> Result<(ImageSource, Option<ImageKind>), ImageRefusal> {
    let source = match draft.source {
        None => return Err(refused(ImagePart::Content, Rule::Missing)),
        Some(source) => source,
    };
    let kind = match (draft.kind, &source) {
        (Entry::Given(kind), _) => Some(kind),
        // A browser's upload need not say what it is.
        (Entry::Absent, ImageSource::Bytes(_)) => None,
        (Entry::Absent, ImageSource::Base64(_)) => {
            return Err(refused(ImagePart::Format, Rule::Missing));
        }
        (Entry::Unreadable, _) => return Err(refused(ImagePart::Format, Rule::Malformed)),
    };
    Ok((source, kind))
}

/// The bytes of a picture, its outside looked at: whole, of the kind it is said to be, and no more
/// work than is left. Says in `work` what decoding it will be.
fn checked(
    said: Option<ImageKind>,
    source: ImageSource,
    left: u64,
    work: &mut u64,
) -> Result<(Vec<u8>, ImageKind), ImageRefusal> {
    let bytes = bytes_of(source)?;
    let kind = frame::kind_of(&bytes).ok_or(UNREADABLE)?;
    if said.is_some_and(|said| said != kind) {
        return Err(refused(ImagePart::Format, Rule::Malformed));
    }
    let needed = frame::check(kind, &bytes).ok_or(UNREADABLE)?;
    if needed > left {
        return Err(UNREADABLE);
    }
    *work = needed;
    Ok((bytes, kind))
}

fn prepared(kind: ImageKind, bytes: &[u8], purpose: ImageUse) -> Result<Prepared, ImageRefusal> {
    let pixels = pixels::decode(kind, bytes).ok_or(UNREADABLE)?;
    let fitted = pixels::fit(pixels, purpose.fits_px());
    let (width_px, height_px) = (fitted.width(), fitted.height());
    let bytes = pixels::encode(kind, &fitted).ok_or(UNREADABLE)?;
    let hash: String = digest(&SHA256, &bytes)
        .as_ref()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    Ok(Prepared {
        name: ImageRef::new(&hash, kind).ok_or(UNREADABLE)?,
        width_px,
        height_px,
        bytes,
    })
}

/// The picture's bytes, bounded before anything is made of them.
fn bytes_of(source: ImageSource) -> Result<Vec<u8>, ImageRefusal> {
    let bytes = match source {
        ImageSource::Bytes(bytes) => bytes,
        ImageSource::Base64(text) => from_base64(&text)?,
    };
    if bytes.is_empty() {
        return Err(refused(ImagePart::Content, Rule::Missing));
    }
    if bytes.len() > MAX_BYTES {
        return Err(UNREADABLE);
    }
    Ok(bytes)
}

/// Base 64 as senders write it: with or without line breaks, padding and a `data:` prefix. What the
/// prefix says the picture is does not matter: the bytes say it.
fn from_base64(text: &str) -> Result<Vec<u8>, ImageRefusal> {
    if text.len() > MAX_TEXT {
        return Err(UNREADABLE);
    }
    let text = text.trim_ascii();
    let text = match text.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("data:") => {
            let (prefix, rest) = text.split_once(',').ok_or(UNREADABLE)?;
            let is_base64 = prefix.to_ascii_lowercase().ends_with(";base64");
            if prefix.len() > MAX_PREFIX || !is_base64 {
                return Err(UNREADABLE);
            }
            rest
        }
        Some(_) | None => text,
    };
    let solid: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(&solid).map_err(|_| UNREADABLE)
}

/// Puts a picture's bytes into the blob store. Before the transaction that refers to it: bytes nobody
/// refers to do no harm, a reference to nothing does. Done twice equals done once.
///
/// # Errors
/// When the store does not take it.
#[boxed]
pub async fn keep(app: &App, picture: &Prepared) -> Result<(), Fault> {
    let name = blob_name(&picture.name);
    app.blobs().put(&name, picture.bytes.clone()).await
}

/// [`prepare`] and [`keep`] in one, for a request with one picture and nothing else to refuse.
///
/// # Errors
/// As both.
#[boxed]
pub async fn store(
    app: &App,
    draft: ImageDraft,
    purpose: ImageUse,
) -> Result<Result<Prepared, ImageRefusal>, Fault> {
    let made = prepare(app, draft, purpose).await?;
    if let Ok(picture) = &made {
        keep(app, picture).await?;
    }
    Ok(made)
}

/// Registers a picture in the transaction that refers to it: only registered ones are shown.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn register_in(tx: &mut Tx, picture: &Prepared, now: Instant) -> Result<(), Fault> {
    let stored = StoredImage {
        name: picture.name.clone(),
        width_px: picture.width_px,
        height_px: picture.height_px,
        size_bytes: u64::try_from(picture.bytes.len()).unwrap_or(u64::MAX),
    };
    image::insert_in(tx, &stored, now).await
}

fn blob_name(name: &ImageRef) -> String {
    let shelf = name.hash().get(..2).unwrap_or("00");
    format!("images/{shelf}/{name}")
}

/// Address of a picture, from its name as a column holds it.
///
/// # Errors
/// When nobody said where callers reach this installation.
pub fn url(app: &App, name: &str) -> Result<String, Fault> {
    let public_url = app
        .public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))?;
    Ok(format!("{public_url}/images/{name}"))
}

/// A picture ready to be shown. Its bytes never change, so its name is its version.
#[derive(Clone, PartialEq, Eq)]
pub struct Served {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What they are.
    pub media_type: &'static str,
    /// Entity tag, in its quotes.
    pub etag: String,
}

impl std::fmt::Debug for Served {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Served")
            .field("etag", &self.etag)
            .finish_non_exhaustive()
    }
}

/// Reads a picture by its name; `None` for anything that was never registered.
///
/// # Errors
/// Any fault of the database or of the blob store.
#[boxed]
pub async fn open(app: &App, name: &str) -> Result<Option<Served>, Fault> {
    let Some(name) = ImageRef::parse(name) else {
        return Ok(None);
    };
    if !image::is_registered(app.db(), &name).await? {
        return Ok(None);
    }
    let bytes = app.blobs().get(&blob_name(&name), MAX_STORED_BYTES).await?;
    if bytes.is_none() {
        tracing::error!(image = %name, "a registered picture is not in the blob store");
    }
    Ok(bytes.map(|bytes| Served {
        bytes,
        media_type: name.kind().media_type(),
        etag: format!("\"{}\"", name.hash()),
    }))
}

#[cfg(test)]
mod tests;
