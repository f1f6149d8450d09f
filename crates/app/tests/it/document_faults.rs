//! Whatever fails on the way, at whichever step: nothing half is left.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use lintel_app::document::{self, Batch};
use lintel_app::error::{AppError, Fault, FaultKind};
use lintel_app::ports::{BlobFuture, BlobWriter, Blobs, MemoryBlobs};
use lintel_domain::condition::ConditionStatus;
use lintel_domain::event::EventKind;
use lintel_store::db::DbKind;
use lintel_testkit::both;

use crate::papers::{Archive, SEED, app_over, fetch, for_condition, misc, pdf, stage};

/// A store in memory whose steps fail from the one on that is said.
struct Failing {
    inner: MemoryBlobs,
    steps: Arc<Steps>,
}

/// Steps that may still be made; fewer than none: all.
struct Steps(AtomicI64);

impl Steps {
    fn step(&self) -> Result<(), Fault> {
        let left = self.0.load(Ordering::SeqCst);
        if left == 0 {
            return Err(Fault::new(FaultKind::Unavailable, "told to fail"));
        }
        self.0.store(left - 1, Ordering::SeqCst);
        Ok(())
    }

    fn fail_after(&self, steps: i64) {
        self.0.store(steps, Ordering::SeqCst);
    }
}

impl Blobs for Failing {
    fn put<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.put(name, bytes).await
        })
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.get(name, max_bytes).await
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.delete(name).await
        })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.exists(name).await
        })
    }

    fn begin<'a>(&'a self, name: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>> {
        Box::pin(async move {
            self.steps.step()?;
            let inner = self.inner.begin(name).await?;
            let steps = Arc::clone(&self.steps);
            let writer: Box<dyn BlobWriter> = Box::new(FailingWriter { inner, steps });
            Ok(writer)
        })
    }

    fn read<'a>(
        &'a self,
        name: &'a str,
        offset: u64,
        length: usize,
    ) -> BlobFuture<'a, Option<Bytes>> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.read(name, offset, length).await
        })
    }

    fn sweep(&self) -> BlobFuture<'_, u64> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.sweep().await
        })
    }
}

struct FailingWriter {
    inner: Box<dyn BlobWriter>,
    steps: Arc<Steps>,
}

impl BlobWriter for FailingWriter {
    fn write<'a>(&'a mut self, piece: Bytes) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            self.steps.step()?;
            self.inner.write(piece).await
        })
    }

    fn finish(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(async move {
            // The answer is lost: what was written is there all the same.
            let result = self.steps.step();
            self.inner.finish().await?;
            result
        })
    }

    fn abort(self: Box<Self>) -> BlobFuture<'static, ()> {
        self.inner.abort()
    }
}

async fn assert_nothing(archive: &Archive, step: impl std::fmt::Debug) {
    assert_eq!(archive.list().await, [], "{step:?}");
    assert_eq!(archive.world.rows("loan_document").await, 0, "{step:?}");
    assert_eq!(
        archive.events(EventKind::DocumentFiled).await,
        [],
        "{step:?}"
    );
    let open = archive.conditions().await;
    assert_eq!(open[0].status, ConditionStatus::Open, "{step:?}");
}

both! {
    async fn a_blob_store_that_fails_at_any_step_leaves_nothing_half(db) {
        let failing = Arc::new(Failing {
            inner: MemoryBlobs::default(),
            steps: Arc::new(Steps(AtomicI64::new(-1))),
        });
        let world = app_over(&db, failing.clone(), SEED);
        let archive = Archive::of(world, Arc::new(MemoryBlobs::default())).await;
        let condition = archive.condition("Pay stubs", true).await;
        let papers = || vec![
            (pdf("one", 150_000), "a", misc()),
            (pdf("two", 70_000), "b", for_condition(&condition, true)),
        ];
        let mut step = 0;
        let filed = loop {
            failing.steps.fail_after(step);
            match archive.file(papers()).await {
                Ok(filed) => break filed,
                Err(AppError::Failed(fault)) => assert_eq!(fault.kind(), FaultKind::Unavailable),
                Err(other) => panic!("{other:?}"),
            }
            assert_nothing(&archive, step).await;
            // A store that fails cannot delete either: what it could not is on the list.
            let registered = archive.world.rows("blob_upload").await;
            let kept = i64::try_from(failing.inner.names().len()).expect("few");
            assert!(kept <= registered, "{step}: {kept} blobs, {registered} known");
            failing.steps.fail_after(-1);
            archive.world.clock.advance(2 * 3600 + 1);
            document::sweep(archive.app()).await.expect("swept");
            assert_eq!(failing.inner.names(), [""; 0], "{step}");
            assert_eq!(archive.world.rows("blob_upload").await, 0, "{step}");
            step += 1;
            assert!(step < 100, "it never succeeds");
        };
        // Two begun, five pieces, two finished.
        assert_eq!(step, 9);
        failing.steps.fail_after(-1);
        assert_eq!(failing.inner.names().len(), 2);
        assert_eq!(archive.world.rows("blob_upload").await, 0);
        for (filed, (sent, ..)) in filed.iter().zip(papers()) {
            assert!(fetch(archive.one(&filed.id).await).await.expect("whole") == sent);
        }
        failing.steps.fail_after(0);
        let download = archive.one(&filed[0].id).await;
        assert_eq!(fetch(download).await.expect_err("no store").1, 0);
        assert!(archive.one(&filed[0].id).await.open().await.is_err());
    }

    /// The blob store was told that a blob is whole, and its answer is lost: the blob may appear
    /// whenever the store gets round to it.
    async fn a_blob_that_appears_late_is_found(db) {
        let failing = Arc::new(Failing {
            inner: MemoryBlobs::default(),
            steps: Arc::new(Steps(AtomicI64::new(-1))),
        });
        let world = app_over(&db, failing.clone(), SEED);
        let archive = Archive::of(world, Arc::new(MemoryBlobs::default())).await;
        let registered = async || archive.world.rows("blob_upload").await;
        for is_awaited in [true, false] {
            let mut batch = Batch::open(archive.app()).await.expect("a place");
            stage(&mut batch, &pdf("whole", 500)).await.expect("staged");
            // One is begun and has its only piece; then the answer is lost.
            failing.steps.fail_after(2);
            stage(&mut batch, &pdf("lost", 500)).await.expect_err("no answer");
            failing.steps.fail_after(-1);
            let names = failing.inner.names();
            assert_eq!(names.len(), 2);
            if is_awaited {
                batch.discard().await;
                assert_eq!(failing.inner.names(), [""; 0], "deleted for now");
            } else {
                drop(batch);
                archive.world.clock.advance(61);
                document::sweep(archive.app()).await.expect("swept");
                assert_eq!(failing.inner.names().len(), 1);
            }
            assert_eq!(registered().await, 1, "the one that was lost");
            for name in names {
                if !failing.inner.exists(&name).await.expect("asked") {
                    failing.inner.put(&name, b"late".to_vec()).await.expect("put");
                }
            }
            archive.world.clock.advance(3600);
            document::sweep(archive.app()).await.expect("swept");
            assert_eq!(registered().await, 1);
            archive.world.clock.advance(3600 + 1);
            document::sweep(archive.app()).await.expect("swept");
            assert_eq!(registered().await, 0);
            // The test brought both back; only the lost one is expected to.
            assert_eq!(failing.inner.names().len(), 1);
            let other = failing.inner.names().remove(0);
            failing.inner.delete(&other).await.expect("deleted");
        }
    }

    /// Each table the filing transaction touches is missing once: the statement that needs it fails,
    /// and with it all of them.
    async fn a_database_that_fails_at_any_step_leaves_nothing_half(db) {
        let archive = Archive::on(&db).await;
        let condition = archive.condition("Pay stubs", true).await;
        let papers = || vec![
            (pdf("one", 5000), "a", misc()),
            (pdf("two", 7000), "b", for_condition(&condition, true)),
        ];
        let tables = ["outbox", "event", "event_head", "loan_document", "loan_condition", "loan"];
        let meddle = async |sql: String| {
            let mut tx = db.begin().await.expect("begun");
            if db.kind() == DbKind::Sqlite {
                // Only the name is to change, not what refers to it.
                tx.exec("PRAGMA legacy_alter_table = ON", Vec::new()).await.expect("set");
            }
            tx.exec(&sql, Vec::new()).await.expect("renamed");
            tx.commit().await.expect("committed");
        };
        for table in tables {
            meddle(format!("ALTER TABLE {table} RENAME TO {table}_away")).await;
            let filed = archive.file(papers()).await;
            assert!(matches!(filed, Err(AppError::Failed(_))), "{table}: {filed:?}");
            meddle(format!("ALTER TABLE {table}_away RENAME TO {table}")).await;
            assert_nothing(&archive, table).await;
            // The blobs went at once.
            archive.assert_tidy().await;
        }
        meddle("ALTER TABLE blob_upload RENAME TO blob_upload_away".to_owned()).await;
        archive.file(papers()).await.expect_err("not registered, not begun");
        meddle("ALTER TABLE blob_upload_away RENAME TO blob_upload".to_owned()).await;
        archive.assert_tidy().await;
        assert_nothing(&archive, "blob_upload").await;
        archive.file(papers()).await.expect("filed at last");
        archive.assert_tidy().await;
    }
}
