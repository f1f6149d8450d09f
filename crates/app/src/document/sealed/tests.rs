//! Sealed pieces: every cut, swap, join and change is found.

use std::sync::Arc;

use futures_util::StreamExt as _;
use proptest::prelude::*;

use super::*;
use crate::ports::{Blobs as _, MemoryBlobs, SeededRng};

fn ring() -> KeyRing {
    KeyRing::in_memory(&SeededRng::new(1)).expect("a ring")
}

fn row(id: &str) -> RowId {
    RowId::new(id.to_owned())
}

/// Content that differs from piece to piece.
fn content(bytes: usize) -> Vec<u8> {
    let spread = |at: usize| u8::try_from((at.wrapping_mul(31) ^ (at >> 8)) % 251).unwrap_or(0);
    (0..bytes).map(spread).collect()
}

/// The pieces, the sealed key, what the content came to.
fn sealed(keys: &KeyRing, id: &str, chunks: &[&[u8]]) -> (Vec<Bytes>, Vec<u8>, PlainFacts) {
    let rng = SeededRng::new(7);
    let (mut sealer, key) = Sealer::try_new(keys, &rng, &row(id)).expect("begun");
    let mut pieces = Vec::new();
    for chunk in chunks {
        pieces.extend(sealer.push(chunk).expect("pushed"));
    }
    let (last, facts) = sealer.finish().expect("finished");
    pieces.push(last);
    (pieces, key, facts)
}

/// What comes out before the first fault, and whether there was one.
fn opened(mut opener: Opener, kept: &[u8], step: usize) -> (Vec<u8>, bool) {
    let mut plain = Vec::new();
    for chunk in kept.chunks(step.max(1)) {
        match opener.push(chunk) {
            Ok(pieces) => pieces.iter().for_each(|p| plain.extend_from_slice(p)),
            Err(_) => return (plain, false),
        }
    }
    let whole = opener.finish().is_ok();
    (plain, whole)
}

fn opener(keys: &KeyRing, id: &str, key: &[u8], bytes: usize) -> Opener {
    let bytes = u64::try_from(bytes).expect("short");
    Opener::try_new(keys, &row(id), key, bytes).expect("the key opens")
}

const LENGTHS: [usize; 9] = [
    0,
    1,
    100,
    PIECE_BYTES - 1,
    PIECE_BYTES,
    PIECE_BYTES + 1,
    2 * PIECE_BYTES,
    3 * PIECE_BYTES - 1,
    3 * PIECE_BYTES + 5,
];

#[test]
fn what_is_sealed_comes_back_and_has_the_length_it_should() {
    let keys = ring();
    for length in LENGTHS {
        let plain = content(length);
        let (pieces, key, facts) = sealed(&keys, "d1", &[&plain]);
        let kept = pieces.concat();
        let plain_bytes = u64::try_from(length).expect("short");
        let kept_bytes = u64::try_from(kept.len()).expect("short");
        assert_eq!(sealed_length(plain_bytes), Some(kept_bytes));
        assert_eq!(plain_length(kept_bytes), Some(plain_bytes));
        assert_eq!(facts.bytes, plain_bytes);
        assert_eq!(facts.crc32, crc32fast::hash(&plain));
        let sha256 = digest::digest(&digest::SHA256, &plain);
        assert_eq!(&facts.sha256, sha256.as_ref());
        for step in [1, 1000, PIECE_BYTES, 1 << 20] {
            if step == 1 && length > 2 * PIECE_BYTES {
                continue;
            }
            let (back, whole) = opened(opener(&keys, "d1", &key, length), &kept, step);
            assert!(whole && back == plain, "{length} in steps of {step}");
        }
        // Nothing of the content can be seen in what is kept.
        if length > 100 {
            assert!(!kept.windows(16).any(|window| window == &plain[..16]));
        }
    }
}

#[test]
fn the_check_value_of_crc_32_is_the_published_one() {
    let (_, _, facts) = sealed(&ring(), "d1", &[b"1234", b"56789"]);
    assert_eq!(facts.crc32, 0xcbf4_3926);
}

#[test]
fn lengths_no_document_has_are_known() {
    for sealed in [0, 15, 65_552 + 1, 65_552 + 16, 2 * 65_552 + 7] {
        assert_eq!(plain_length(sealed), None, "{sealed}");
    }
    for plain in [0, 1, 65_535, 65_536, 65_537, 25 << 20, 1 << 40] {
        assert_eq!(sealed_length(plain).and_then(plain_length), Some(plain));
    }
    assert_eq!(sealed_length(u64::MAX), None);
    assert_eq!(plain_length(u64::MAX), None);
}

/// A prefix of what was sealed may come out before the fault is found; nothing else ever does.
fn assert_refused(opener: Opener, kept: &[u8], plain: &[u8], what: &str) {
    let (back, whole) = opened(opener, kept, 50_000);
    assert!(!whole, "{what}");
    assert!(plain.starts_with(&back), "{what}");
}

#[test]
fn cut_swapped_repeated_and_joined_pieces_do_not_open() {
    let keys = ring();
    let length = 3 * PIECE_BYTES + 5;
    let plain = content(length);
    let (pieces, key, _) = sealed(&keys, "d1", &[&plain]);
    let kept = pieces.concat();
    let refuse = |kept: &[u8], what: &str| {
        assert_refused(opener(&keys, "d1", &key, length), kept, &plain, what);
    };
    for cut in [0, 1, 15, 16, 65_552, 65_553, 3 * 65_552, kept.len() - 1] {
        refuse(&kept[..cut], &format!("cut to {cut}"));
    }
    for gone in 0..pieces.len() {
        let mut others = pieces.clone();
        others.remove(gone);
        refuse(&others.concat(), &format!("without piece {gone}"));
    }
    for (one, other) in [(0, 1), (1, 2), (0, 2), (2, 3)] {
        let mut swapped = pieces.clone();
        swapped.swap(one, other);
        refuse(&swapped.concat(), &format!("{one} and {other} swapped"));
    }
    let mut repeated = pieces.clone();
    repeated.insert(1, pieces[0].clone());
    refuse(&repeated.concat(), "repeated");
    refuse(&[&kept[..], b"x"].concat(), "a byte more");
    refuse(&[&kept[..], &kept[..]].concat(), "twice");
    // A document that was cut at a piece's end, with a row that says so.
    let shorter = opener(&keys, "d1", &key, 3 * PIECE_BYTES);
    let cut = &kept[..3 * 65_552];
    assert_refused(shorter, cut, &plain, "cut, and the row too");
    // The last piece in the middle, as if two documents were joined.
    let (short, short_key, _) = sealed(&keys, "d1", &[&plain[..PIECE_BYTES]]);
    let joined = [short.concat(), kept].concat();
    let longer = opener(&keys, "d1", &short_key, length + PIECE_BYTES);
    assert_refused(longer, &joined, &plain, "joined");
}

#[test]
fn every_flipped_bit_is_found() {
    let keys = ring();
    let plain = content(40);
    let (pieces, key, _) = sealed(&keys, "d1", &[&plain]);
    let kept = pieces.concat();
    for at in 0..kept.len() {
        for bit in 0..8 {
            let mut changed = kept.clone();
            changed[at] ^= 1 << bit;
            assert_refused(opener(&keys, "d1", &key, 40), &changed, &[], "a bit");
        }
    }
    for at in 0..key.len() {
        let mut changed = key.clone();
        changed[at] ^= 1;
        assert!(Opener::try_new(&keys, &row("d1"), &changed, 40).is_err());
    }
}

#[test]
fn another_documents_pieces_and_keys_do_not_fit() {
    let keys = ring();
    let plain = content(100);
    let (one, one_key, _) = sealed(&keys, "d1", &[&plain]);
    let (two, two_key, _) = sealed(&keys, "d2", &[&plain]);
    assert_ne!(one, two);
    assert!(Opener::try_new(&keys, &row("d2"), &one_key, 100).is_err());
    let other = opener(&keys, "d2", &two_key, 100);
    assert_refused(other, &one.concat(), &[], "another document's bytes");
    // Even under the same key, the row is part of what is authenticated.
    let secret = [9_u8; KEY_BYTES];
    let seal = |id| Seal::try_new(&secret, &row(id)).expect("a key");
    let mut piece = b"the same".to_vec();
    let nonce = || nonce(0, true).expect("a nonce");
    seal("d1")
        .key
        .seal_in_place_append_tag(nonce(), seal("d1").aad(), &mut piece)
        .expect("sealed");
    let other = seal("d2");
    assert!(
        other
            .key
            .open_in_place(nonce(), other.aad(), &mut piece)
            .is_err()
    );
}

#[test]
fn the_same_content_is_never_sealed_alike() {
    let keys = ring();
    let rng = SeededRng::new(3);
    let mut kept = Vec::new();
    for _ in 0..3 {
        let (sealer, key) = Sealer::try_new(&keys, &rng, &row("d1")).expect("begun");
        kept.push((sealer.finish().expect("finished").0, key));
    }
    assert!(kept[0] != kept[1] && kept[1] != kept[2]);
}

#[tokio::test]
async fn a_stream_gives_the_content_or_an_error() {
    let keys = ring();
    let length = 40 * PIECE_BYTES + 11;
    let plain = content(length);
    let (pieces, key, _) = sealed(&keys, "d1", &[&plain]);
    let kept = pieces.concat();
    let blobs = Arc::new(MemoryBlobs::default());
    blobs.put("whole", kept.clone()).await.expect("put");
    let cut = kept[..kept.len() - 20].to_vec();
    blobs.put("cut", cut).await.expect("put");
    let read = |name: &str| {
        let opener = opener(&keys, "d1", &key, length);
        plain_stream(blobs.clone(), name.to_owned(), opener).collect::<Vec<_>>()
    };
    let whole: Result<Vec<Bytes>, Fault> = read("whole").await.into_iter().collect();
    assert_eq!(whole.expect("read").concat(), plain);
    // Nobody asked the store for more than a stretch at once.
    assert!(blobs.largest_read() <= 1 << 20);
    let cut = read("cut").await;
    let fault = cut.last().expect("an end").as_ref().expect_err("cut");
    assert_eq!(fault.kind(), FaultKind::Corrupt);
    let none = read("none").await;
    assert_eq!(none.len(), 1);
    assert!(none[0].is_err());
}

/// The stated bound, from the first byte to the last: nobody ever holds more than a piece on the way
/// in, or two stretches on the way out, however long the document is.
#[tokio::test]
async fn no_whole_document_is_ever_in_one_hand() {
    let keys = ring();
    let blobs = Arc::new(MemoryBlobs::default());
    let rng = SeededRng::new(5);
    let (mut sealer, key) = Sealer::try_new(&keys, &rng, &row("d1")).expect("begun");
    let mut writer = blobs.begin("documents/d1").await.expect("begun");
    let came_in = content(90_000);
    let mut length = 0;
    for _ in 0..233 {
        length += came_in.len();
        let pieces = sealer.push(&came_in).expect("pushed");
        assert!(pieces.len() <= 2 && sealer.held.capacity() <= PIECE_BYTES + TAG_BYTES);
        for piece in pieces {
            writer.write(piece).await.expect("written");
        }
    }
    let (last, facts) = sealer.finish().expect("finished");
    writer.write(last).await.expect("written");
    writer.finish().await.expect("finished");
    assert_eq!(facts.bytes, u64::try_from(length).expect("short"));
    assert_eq!(blobs.largest_write(), PIECE_BYTES + TAG_BYTES);
    let opener = opener(&keys, "d1", &key, length);
    let mut out = Box::pin(plain_stream(
        blobs.clone(),
        "documents/d1".to_owned(),
        opener,
    ));
    let mut read = 0;
    while let Some(piece) = out.next().await {
        let piece = piece.expect("genuine");
        assert!(piece.len() <= PIECE_BYTES);
        read += piece.len();
    }
    assert_eq!(read, length);
    assert_eq!(blobs.largest_read(), crate::ports::STRETCH_BYTES);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn chunks_do_not_matter(
        length in 0..(3 * PIECE_BYTES + 10),
        cuts in proptest::collection::vec(0..100_000_usize, 0..20),
        step in 1..200_000_usize,
    ) {
        let keys = ring();
        let plain = content(length);
        let mut chunks = Vec::new();
        let mut rest = &plain[..];
        for cut in cuts {
            let (chunk, behind) = rest.split_at(cut.min(rest.len()));
            chunks.push(chunk);
            rest = behind;
        }
        chunks.push(rest);
        let (pieces, key, facts) = sealed(&keys, "d1", &chunks);
        let (at_once, _, same) = sealed(&keys, "d1", &[&plain]);
        prop_assert_eq!(facts, same);
        prop_assert_eq!(&pieces, &at_once);
        prop_assert!(pieces.iter().all(|piece| piece.len() <= PIECE_BYTES + TAG_BYTES));
        let kept = pieces.concat();
        let (back, whole) = opened(opener(&keys, "d1", &key, length), &kept, step);
        prop_assert!(whole && back == plain);
    }
}
