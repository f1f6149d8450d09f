//! A sealed document out of the blob store, as a stream of plain pieces.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use lintel_store::fault::Fault;

use super::Opener;
use crate::ports::{BlobPieces, Blobs};

/// A stream that is under way: what comes from the store, and what was opened of it already.
struct Under {
    pieces: BlobPieces,
    opener: Opener,
    ready: VecDeque<Bytes>,
}

/// The plain bytes of the document kept as `blob_name`, piece by piece. Nothing is asked of the store
/// before the first piece is; two stretches of a blob are in memory at most. Ends with an error when
/// something was changed, cut off or is missing: the pieces before it were genuine.
pub fn plain_stream(
    blobs: Arc<dyn Blobs>,
    blob_name: String,
    opener: Opener,
) -> impl Stream<Item = Result<Bytes, Fault>> + Send + 'static {
    let under = Under {
        pieces: BlobPieces::new(blobs, blob_name),
        opener,
        ready: VecDeque::new(),
    };
    stream::try_unfold(under, next)
}

async fn next(mut under: Under) -> Result<Option<(Bytes, Under)>, Fault> {
    loop {
        if let Some(piece) = under.ready.pop_front() {
            return Ok(Some((piece, under)));
        }
        match under.pieces.next().await? {
            Some(sealed) => under.ready.extend(under.opener.push(&sealed)?),
            None => return under.opener.finish().map(|()| None),
        }
    }
}
