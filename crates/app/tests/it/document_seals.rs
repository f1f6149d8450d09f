//! Papers at rest: nobody reads them without the key ring, and nothing that was changed comes out.

use lintel_app::document;
use lintel_app::error::FaultKind;
use lintel_app::loan::LoanCaller;
use lintel_app::ports::Blobs as _;
use lintel_store::db::Val;
use lintel_testkit::both;

use crate::papers::{Archive, app_over, fetch, misc, pdf};
use crate::secrecy::dump;

const PIECE: usize = 65_536;
const SEALED_PIECE: usize = PIECE + 16;
const MARKER: &str = "fictional-marker-of-a-paper";

impl Archive {
    async fn blob(&self, name: &str) -> Vec<u8> {
        let read = self.blobs.get(name, u64::MAX).await.expect("read");
        read.expect("there")
    }

    /// Swaps a column of the two papers there are.
    async fn swap(&self, column: &str) {
        let db = self.app().db();
        let sql = format!("SELECT id, {column} FROM loan_document ORDER BY id");
        let values: Vec<(String, Val)> = if column == "blob_name" {
            let rows: Vec<(String, String)> = db.all(&sql, Vec::new()).await.expect("read");
            rows.into_iter().map(|(id, v)| (id, Val::from(v))).collect()
        } else {
            let rows: Vec<(String, Vec<u8>)> = db.all(&sql, Vec::new()).await.expect("read");
            rows.into_iter().map(|(id, v)| (id, Val::from(v))).collect()
        };
        let [(one, first), (two, second)] = &values[..] else {
            panic!("not two")
        };
        let mut tx = db.begin().await.expect("begun");
        let sql = format!("UPDATE loan_document SET {column} = $1 WHERE id = $2");
        for (id, value) in [(one, second), (two, first)] {
            let args = vec![value.clone(), Val::from(id.as_str())];
            assert_eq!(tx.exec(&sql, args).await.expect("changed"), 1);
        }
        tx.commit().await.expect("committed");
    }

    /// Changes what is kept under a name.
    async fn replace(&self, name: &str, bytes: Vec<u8>) {
        self.blobs.delete(name).await.expect("deleted");
        self.blobs.put(name, bytes).await.expect("put");
    }
}

both! {
    async fn nothing_of_a_paper_can_be_read_at_rest(db) {
        let archive = Archive::on(&db).await;
        let mut sent = pdf(MARKER, 200_000);
        let at = sent.len() - 100;
        sent[at..at + MARKER.len()].copy_from_slice(MARKER.as_bytes());
        let filed = archive.file_one(&sent, "a", misc()).await;
        let [name] = &archive.blobs.names()[..] else { panic!("not one") };
        let kept = archive.blob(name).await;
        assert_eq!(kept.len(), 200_000 + 4 * 16);
        for plain in [MARKER, "%PDF-", "%%EOF", "Catalog"] {
            assert!(!kept.windows(plain.len()).any(|w| w == plain.as_bytes()), "{plain}");
        }
        let dump = dump(&db).await;
        assert!(!dump.finds(MARKER) && !dump.finds("%PDF-"));
        assert!(dump.finds(filed.id.as_str()), "the search can find something");
        assert!(!name.contains(filed.id.as_str()), "the name says nothing of the id");
        // The same bytes twice are not the same bytes at rest.
        archive.file_one(&sent, "b", misc()).await;
        let other = archive.blobs.names().into_iter().find(|n| n != name).expect("two");
        assert!(archive.blob(&other).await[..64] != kept[..64]);
    }

    async fn what_was_changed_does_not_come_out(db) {
        let archive = Archive::on(&db).await;
        let sent = pdf("sealed", 3 * PIECE + 10);
        let filed = archive.file_one(&sent, "a", misc()).await;
        let [name] = &archive.blobs.names()[..] else { panic!("not one") };
        let kept = archive.blob(name).await;
        let flipped = |at: usize| {
            let mut bytes = kept.clone();
            bytes[at] ^= 1;
            bytes
        };
        let swapped = || {
            let mut bytes = kept.clone();
            let (one, rest) = bytes.split_at_mut(SEALED_PIECE);
            one.swap_with_slice(&mut rest[..SEALED_PIECE]);
            bytes
        };
        let cases = [
            ("first byte", flipped(0), 0),
            ("first tag", flipped(SEALED_PIECE - 1), 0),
            ("second piece", flipped(SEALED_PIECE + 7), PIECE),
            ("last byte", flipped(kept.len() - 1), 3 * PIECE),
            ("swapped pieces", swapped(), 0),
            ("cut in a piece", kept[..kept.len() - 1].to_vec(), 3 * PIECE),
            ("cut between pieces", kept[..3 * SEALED_PIECE].to_vec(), 3 * PIECE),
            ("cut to nothing", Vec::new(), 0),
            ("a byte more", [&kept[..], b"x"].concat(), 3 * PIECE + 10),
            ("plain bytes", sent.clone(), 0),
        ];
        for (what, bytes, most) in cases {
            archive.replace(name, bytes).await;
            let (fault, before) = fetch(archive.one(&filed.id).await).await.expect_err(what);
            assert_eq!(fault.kind(), FaultKind::Corrupt, "{what}");
            assert!(before <= most && before < sent.len(), "{what}: {before}");
            assert!(!fault.to_string().contains("sealed paper"), "{what}");
            if most == 0 {
                assert!(archive.one(&filed.id).await.open().await.is_err(), "{what}");
            }
        }
        archive.blobs.delete(name).await.expect("deleted");
        let (_, before) = fetch(archive.one(&filed.id).await).await.expect_err("gone");
        assert_eq!(before, 0);
        archive.blobs.put(name, kept).await.expect("put");
        assert!(fetch(archive.one(&filed.id).await).await.expect("whole") == sent);
    }

    async fn papers_cannot_change_places(db) {
        let archive = Archive::on(&db).await;
        let mut filed = Vec::new();
        for text in ["one", "two"] {
            filed.push(archive.file_one(&pdf(text, 70_000), text, misc()).await.id);
        }
        let [one, two] = &archive.blobs.names()[..] else { panic!("not two") };
        let (first, second) = (archive.blob(one).await, archive.blob(two).await);
        archive.replace(one, second).await;
        archive.replace(two, first).await;
        for id in &filed {
            let (fault, before) = fetch(archive.one(id).await).await.expect_err("swapped");
            assert_eq!((fault.kind(), before), (FaultKind::Corrupt, 0));
        }
        // Nor with the rows' help: the keys are sealed for their rows.
        archive.swap("blob_name").await;
        for id in &filed {
            // Blob and name were both swapped: each paper has its own again.
            fetch(archive.one(id).await).await.expect("its own");
        }
        archive.swap("key_sealed").await;
        for id in &filed {
            let (_, before) = fetch(archive.one(id).await).await.expect_err("swapped");
            assert_eq!(before, 0);
        }
    }

    async fn another_ring_opens_nothing(db) {
        let archive = Archive::on(&db).await;
        let filed = archive.file_one(&pdf("sealed", 500), "a", misc()).await;
        let other = app_over(&db, archive.blobs.clone(), 99);
        let caller = LoanCaller::Program(&archive.who);
        let download = document::one(&other.app, &caller, &filed.id).await.expect("the row is there");
        assert_eq!(fetch(download).await.expect_err("no key").1, 0);
        let download = document::one(&other.app, &caller, &filed.id).await.expect("the row is there");
        assert!(download.open().await.is_err());
    }

    /// The seal would have to be broken for that; the hash is looked at all the same, and the last
    /// bytes wait for it.
    async fn the_hash_is_the_last_word(db) {
        let archive = Archive::on(&db).await;
        for bytes in [500, 3 * PIECE] {
            let filed = archive.file_one(&pdf("hashed", bytes), &bytes.to_string(), misc()).await;
            let mut tx = db.begin().await.expect("begun");
            let args = vec![Val::from(vec![7_u8; 32])];
            tx.exec("UPDATE loan_document SET sha256_hash = $1", args).await.expect("changed");
            tx.commit().await.expect("committed");
            let (fault, before) = fetch(archive.one(&filed.id).await).await.expect_err("another");
            assert_eq!(fault.kind(), FaultKind::Corrupt);
            assert_eq!(before, bytes.saturating_sub(PIECE));
        }
    }
}
