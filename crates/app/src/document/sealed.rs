//! A document's bytes, sealed in pieces so that no whole file is ever in memory.
//!
//! Every document has a random key of its own, sealed with the key ring and bound to the document's
//! row. The content is cut into pieces of 64 KiB, each AES-256-GCM under that key. A piece's nonce is
//! its number and whether it is the last one, so pieces that are swapped, repeated, left out or cut
//! off at the end do not open; the row's id is authenticated with each, so another document's piece
//! does not either. A key seals one content only: it is drawn where the sealing begins.
//!
//! What is kept is the sealed pieces one behind the other: 16 bytes more for each begun 64 KiB, and
//! one piece for an empty document. This layout is for ever; another would need a mark in the row.

mod stream;

use bytes::Bytes;
use lintel_domain::id::RowId;
use lintel_store::fault::{Fault, FaultKind};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest;

use crate::keys::{KeyRing, Purpose};
use crate::ports::Rng;

pub use stream::plain_stream;

/// Bytes of a piece before it is sealed; the last one may be shorter.
pub const PIECE_BYTES: usize = 65_536;
/// Bytes sealing adds to a piece: the tag.
const TAG_BYTES: usize = 16;
/// Bytes of a document's key.
const KEY_BYTES: usize = 32;

const PIECE: u64 = 65_536;
const TAG: u64 = 16;
/// Most pieces: their number has four bytes in the nonce.
const MAX_PIECES: u64 = 1 << 32;

const fn pieces(plain: u64) -> u64 {
    if plain == 0 { 1 } else { plain.div_ceil(PIECE) }
}

/// Bytes kept for a document of so many; `None` when it is longer than can be sealed (256 TiB).
#[must_use]
pub const fn sealed_length(plain: u64) -> Option<u64> {
    let pieces = pieces(plain);
    if pieces > MAX_PIECES {
        return None;
    }
    plain.checked_add(pieces * TAG)
}

/// Bytes of the document of which so many are kept; `None` when no document comes to that.
#[must_use]
pub const fn plain_length(sealed: u64) -> Option<u64> {
    let pieces = sealed.div_ceil(PIECE + TAG);
    if pieces == 0 || pieces > MAX_PIECES {
        return None;
    }
    let last = sealed - (pieces - 1) * (PIECE + TAG);
    if last < TAG || (last == TAG && pieces > 1) {
        return None;
    }
    Some(sealed - pieces * TAG)
}

/// What a document's plain bytes come to. All three are kept in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlainFacts {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Their CRC-32 as zip files have it.
    pub crc32: u32,
}

/// Key and row of one document: what both directions need.
struct Seal {
    key: LessSafeKey,
    document: RowId,
}

impl Seal {
    fn try_new(secret: &[u8], document: &RowId) -> Result<Self, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, secret)
            .map_err(|_| Fault::internal("a document's key has the wrong length"))?;
        Ok(Self {
            key: LessSafeKey::new(key),
            document: document.clone(),
        })
    }

    fn aad(&self) -> Aad<&[u8]> {
        Aad::from(self.document.as_str().as_bytes())
    }
}

/// The number of a piece, big-endian, behind seven zeros; the last byte marks the last piece.
fn nonce(number: u64, is_last: bool) -> Result<Nonce, Fault> {
    let number = u32::try_from(number)
        .map_err(|_| Fault::internal("a document is longer than can be sealed"))?;
    let mut bytes = [0_u8; NONCE_LEN];
    bytes[7..11].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(is_last);
    Ok(Nonce::assume_unique_for_key(bytes))
}

/// Seals a document while its bytes come in, and works out what they come to. Holds one piece.
pub struct Sealer {
    seal: Seal,
    held: Vec<u8>,
    sealed: u64,
    bytes: u64,
    sha256: digest::Context,
    crc32: crc32fast::Hasher,
}

impl Sealer {
    /// Draws a document's key. The second value is that key, sealed with the ring for the row
    /// `document`.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn try_new(
        keys: &KeyRing,
        rng: &dyn Rng,
        document: &RowId,
    ) -> Result<(Self, Vec<u8>), Fault> {
        let mut secret = [0_u8; KEY_BYTES];
        rng.fill(&mut secret)?;
        let key_sealed = keys.seal(Purpose::DocumentKey, document.as_str(), &secret, rng)?;
        let sealer = Self {
            seal: Seal::try_new(&secret, document)?,
            held: Vec::new(),
            sealed: 0,
            bytes: 0,
            sha256: digest::Context::new(&digest::SHA256),
            crc32: crc32fast::Hasher::new(),
        };
        Ok((sealer, key_sealed))
    }

    /// Takes the next bytes and gives the pieces that are whole, in order. A piece waits until it is
    /// known that more comes behind it.
    ///
    /// # Errors
    /// When the document becomes longer than can be sealed.
    pub fn push(&mut self, plain: &[u8]) -> Result<Vec<Bytes>, Fault> {
        self.sha256.update(plain);
        self.crc32.update(plain);
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(plain.len()).unwrap_or(u64::MAX));
        let mut pieces = Vec::new();
        let mut rest = plain;
        while !rest.is_empty() {
            if self.held.len() == PIECE_BYTES {
                pieces.push(self.seal_held(false)?);
            }
            if self.held.capacity() == 0 {
                self.held.reserve_exact(PIECE_BYTES + TAG_BYTES);
            }
            let (piece, behind) = rest.split_at(rest.len().min(PIECE_BYTES - self.held.len()));
            self.held.extend_from_slice(piece);
            rest = behind;
        }
        Ok(pieces)
    }

    /// Seals what is held as the last piece, and says what the document came to.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn finish(mut self) -> Result<(Bytes, PlainFacts), Fault> {
        let last = self.seal_held(true)?;
        let mut sha256 = [0_u8; 32];
        sha256.copy_from_slice(self.sha256.finish().as_ref());
        let facts = PlainFacts {
            bytes: self.bytes,
            sha256,
            crc32: self.crc32.finalize(),
        };
        Ok((last, facts))
    }

    fn seal_held(&mut self, is_last: bool) -> Result<Bytes, Fault> {
        let nonce = nonce(self.sealed, is_last)?;
        let mut piece = std::mem::take(&mut self.held);
        self.seal
            .key
            .seal_in_place_append_tag(nonce, self.seal.aad(), &mut piece)
            .map_err(|_| Fault::internal("sealing failed"))?;
        self.sealed += 1;
        Ok(Bytes::from(piece))
    }
}

/// Opens a sealed document while its bytes come out of the store. Holds one piece.
pub struct Opener {
    seal: Seal,
    held: Vec<u8>,
    /// Pieces opened.
    opened: u64,
    /// Pieces there must be, and the bytes of the last one as it is kept.
    pieces: u64,
    last_bytes: usize,
}

impl Opener {
    /// Opens the key of the document in the row `document`, which has `plain_bytes`.
    ///
    /// # Errors
    /// When the key cannot be opened: another row's, changed, or its ring key is gone.
    pub fn try_new(
        keys: &KeyRing,
        document: &RowId,
        key_sealed: &[u8],
        plain_bytes: u64,
    ) -> Result<Self, Fault> {
        let secret = keys.unseal(Purpose::DocumentKey, document.as_str(), key_sealed)?;
        let corrupt = || Fault::corrupt("loan_document", "byte_count", document.as_str());
        let sealed = sealed_length(plain_bytes).ok_or_else(corrupt)?;
        let pieces = pieces(plain_bytes);
        let last = sealed - (pieces - 1) * (PIECE + TAG);
        Ok(Self {
            seal: Seal::try_new(&secret, document)?,
            held: Vec::new(),
            opened: 0,
            pieces,
            last_bytes: usize::try_from(last).map_err(|_| corrupt())?,
        })
    }

    /// Takes the next bytes as they are kept, and gives the plain pieces that are whole. Nothing is
    /// given that was not found genuine.
    ///
    /// # Errors
    /// When a piece is not what was sealed in its place, or bytes come behind the last one.
    pub fn push(&mut self, sealed: &[u8]) -> Result<Vec<Bytes>, Fault> {
        let mut plain = Vec::new();
        let mut rest = sealed;
        while !rest.is_empty() {
            if self.opened == self.pieces {
                return Err(self.broken("there are bytes behind its end"));
            }
            let is_last = self.opened + 1 == self.pieces;
            let wanted = if is_last {
                self.last_bytes
            } else {
                PIECE_BYTES + TAG_BYTES
            };
            if self.held.capacity() == 0 {
                self.held.reserve_exact(wanted);
            }
            let (piece, behind) = rest.split_at(rest.len().min(wanted - self.held.len()));
            self.held.extend_from_slice(piece);
            rest = behind;
            if self.held.len() == wanted {
                let piece = self.open_held(is_last)?;
                if !piece.is_empty() {
                    plain.push(piece);
                }
            }
        }
        Ok(plain)
    }

    /// Says that the store has no more.
    ///
    /// # Errors
    /// When the last piece did not come.
    pub fn finish(self) -> Result<(), Fault> {
        if self.opened == self.pieces {
            return Ok(());
        }
        Err(self.broken("its end is missing"))
    }

    fn open_held(&mut self, is_last: bool) -> Result<Bytes, Fault> {
        let nonce = nonce(self.opened, is_last)?;
        let mut piece = std::mem::take(&mut self.held);
        let opened = self
            .seal
            .key
            .open_in_place(nonce, self.seal.aad(), &mut piece);
        let length = match opened {
            Ok(plain) => plain.len(),
            Err(_) => return Err(self.broken("a piece was changed")),
        };
        piece.truncate(length);
        self.opened += 1;
        Ok(Bytes::from(piece))
    }

    fn broken(&self, what: &str) -> Fault {
        let document = &self.seal.document;
        let told = format!("the kept bytes of document {document} cannot be opened: {what}");
        Fault::new(FaultKind::Corrupt, told)
    }
}

#[cfg(test)]
mod tests;
