//! Pictures that belong to somebody, by the hash of their bytes. The bytes are in the blob store.

use lintel_domain::id::Instant;
use lintel_domain::image::{ImageKind, ImageRef};
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::At;
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO image (hash, media_type, width, height, size_bytes, \
     created_at_us) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
pub(crate) const BY_HASH: &str = "SELECT hash, media_type, size_bytes FROM image WHERE hash = $1";

/// A picture as registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// What it is called.
    pub name: ImageRef,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Length of the stored bytes.
    pub size_bytes: u64,
}

/// Registers a picture; one that is there already stays as it is.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, image: &StoredImage, now: Instant) -> Result<(), Fault> {
    let size = i64::try_from(image.size_bytes)
        .map_err(|_| Fault::internal("a picture's size does not fit its column"))?;
    let args = vals![
        image.name.hash(),
        image.name.kind().media_type(),
        image.width_px,
        image.height_px,
        size,
        now.micros(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Whether a picture is registered under exactly this name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_registered(db: &Db, name: &ImageRef) -> Result<bool, Fault> {
    let row: Option<(String, String, i64)> = db.maybe(BY_HASH, vals![name.hash()]).await?;
    let Some((hash, media_type, _)) = row else {
        return Ok(false);
    };
    let place = At {
        table: "image",
        id: &hash,
    };
    let kind = place.word("media_type", &media_type, kind_of)?;
    Ok(kind == name.kind())
}

fn kind_of(media_type: &str) -> Option<ImageKind> {
    let mut kinds = ImageKind::ALL.iter().copied();
    kinds.find(|kind| kind.media_type() == media_type)
}
