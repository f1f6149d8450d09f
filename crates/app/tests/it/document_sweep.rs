//! What is left behind goes, what has to be kept stays, and who is sweeping does not matter.

use std::sync::Arc;

use lintel_app::document::{self, Batch, DocumentDraft};
use lintel_app::error::{AppError, FaultKind};
use lintel_app::loan::{find, lock_in};
use lintel_domain::document::{FilingDraft, LoanDocType};
use lintel_domain::event::EventKind;
use lintel_domain::id::{DAY_SECONDS, PublicId};
use lintel_domain::loan::Lifecycle;
use lintel_engine::date::Date;
use lintel_store::document::upload;
use lintel_store::loan::write::set_lifecycle_in;
use lintel_testkit::both;

use crate::papers::{Archive, SEED, app_over, fetch, for_condition, misc, pdf, stage};
use crate::world::World;

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

impl Archive {
    async fn sweep(&self) {
        document::sweep(self.app()).await.expect("swept");
    }

    /// Ends the loan, as a change of its status does.
    async fn end_loan(&self, lifecycle: Lifecycle) {
        let head = find(self.app(), &self.caller(), &self.loan)
            .await
            .expect("there");
        let mut tx = self.app().db().begin().await.expect("begun");
        let now = self.app().now();
        set_lifecycle_in(&mut tx, &head.lender_id, &head.line.id, lifecycle, now)
            .await
            .expect("set");
        let head = lock_in(&mut tx, &self.caller(), &self.loan)
            .await
            .expect("locked");
        if !lifecycle.is_active() {
            document::recount_retention_in(self.app(), &mut tx, &head, now)
                .await
                .expect("counted");
        }
        tx.commit().await.expect("committed");
    }

    async fn keep_until(&self, id: &PublicId) -> Date {
        let lines = self.list().await;
        lines
            .into_iter()
            .find(|line| line.id == *id)
            .expect("there")
            .keep_until
    }

    /// Another node over the same database and store, with its own clock at the same time.
    fn other_node(&self) -> World {
        let other = app_over(self.app().db(), self.blobs.clone(), SEED);
        other
            .clock
            .advance(self.app().now().seconds() - other.app.now().seconds());
        other
    }
}

both! {
    async fn a_call_that_breaks_off_leaves_nothing_after_the_next_sweep(db) {
        let archive = Archive::on(&db).await;
        let stays = archive.file_one(&pdf("stays", 500), "a", misc()).await;
        let mut batch = Batch::open(archive.app()).await.expect("a place");
        let _staged = stage(&mut batch, &pdf("whole", 200_000)).await.expect("staged");
        let mut sheet = batch.start().await.expect("begun");
        sheet.write(&pdf("half", 90_000)).await.expect("taken");
        assert_eq!(archive.world.rows("blob_upload").await, 2);
        drop(sheet);
        drop(batch);
        archive.sweep().await;
        assert_eq!(archive.world.rows("blob_upload").await, 2, "it rests a minute");
        archive.world.clock.advance(61);
        archive.sweep().await;
        archive.assert_tidy().await;
        assert!(fetch(archive.one(&stays.id).await).await.is_ok());
        // The place is free again.
        for _ in 0..20 {
            drop(Batch::open(archive.app()).await.expect("a place"));
        }
    }

    async fn what_a_dead_process_left_goes_after_two_hours(db) {
        let archive = Archive::on(&db).await;
        let mut batch = Batch::open(archive.app()).await.expect("a place");
        let staged = stage(&mut batch, &pdf("whole", 200_000)).await.expect("staged");
        // As if killed: nobody hears of it.
        std::mem::forget(batch);
        drop(staged);
        let other = archive.other_node();
        archive.world.clock.advance(2 * 3600);
        other.clock.advance(2 * 3600);
        document::sweep(&other.app).await.expect("swept");
        assert_eq!(archive.blobs.names().len(), 1, "it might still be coming in");
        other.clock.advance(1);
        archive.world.clock.advance(1);
        let (one, two) = tokio::join!(document::sweep(&other.app), document::sweep(archive.app()));
        one.and(two).expect("swept");
        archive.assert_tidy().await;
        assert_eq!(archive.blobs.names(), [""; 0]);
    }

    async fn a_paper_that_was_swept_cannot_be_filed(db) {
        let archive = Archive::on(&db).await;
        let mut batch = Batch::open(archive.app()).await.expect("a place");
        let staged = stage(&mut batch, &pdf("slow", 500)).await.expect("staged");
        let late = stage(&mut batch, &pdf("late", 500)).await.expect("staged");
        let mut sheet = batch.start().await.expect("begun");
        archive.world.clock.advance(2 * 3600 + 1);
        assert!(sheet.write(b"more").await.is_err(), "no paper takes that long");
        assert!(sheet.finish().await.is_err());
        document::sweep(&archive.other_node().app).await.expect("swept");
        let drafts = [staged, late].map(|staged| DocumentDraft::new(staged, "a".to_owned(), misc()));
        let filed = batch.file(&archive.caller(), &archive.loan, drafts.into()).await;
        let Err(AppError::Failed(fault)) = filed else { panic!("{filed:?}") };
        assert_eq!(fault.kind(), FaultKind::Busy);
        assert_eq!(archive.list().await, []);
        archive.assert_tidy().await;
    }

    async fn a_hundred_and_more_left_blobs_go_in_one_sweep(db) {
        let archive = Archive::on(&db).await;
        for _ in 0..3 {
            let mut batch = Batch::open(archive.app()).await.expect("a place");
            for n in 0..80 {
                stage(&mut batch, &pdf(&format!("{n}"), 200)).await.expect("staged");
            }
            std::mem::forget(batch);
        }
        assert_eq!(archive.blobs.names().len(), 240);
        archive.world.clock.advance(3 * 3600);
        archive.sweep().await;
        archive.assert_tidy().await;
    }

    async fn papers_are_kept_as_long_as_their_kind_asks(db) {
        let archive = Archive::on(&db).await;
        let condition = archive.condition("Pay stubs", false).await;
        let mut filed = Vec::new();
        for (n, (filing, until)) in [
            (FilingDraft::Loan(LoanDocType::ClosingDisclosures), "2031-06-01"),
            (FilingDraft::Loan(LoanDocType::InitialDisclosures), "2029-06-01"),
            (FilingDraft::Loan(LoanDocType::DeclineLetter), "2028-07-01"),
            (misc(), "2031-06-01"),
            (for_condition(&condition, false), "2029-06-01"),
        ].into_iter().enumerate() {
            let one = archive.file_one(&pdf("kept", 300 + n), "a", filing).await;
            assert_eq!(archive.keep_until(&one.id).await, day(until), "{n}");
            filed.push(one.id);
        }
        // It is counted from the end of the loan, when that comes later, and never shortened.
        archive.world.pass_days(100);
        archive.end_loan(Lifecycle::Funded).await;
        for (id, until) in filed.iter().zip([
            "2031-09-09", "2029-09-09", "2028-10-09", "2031-09-09", "2029-09-09",
        ]) {
            assert_eq!(archive.keep_until(id).await, day(until));
        }
        archive.world.clock.advance(-50 * DAY_SECONDS);
        archive.end_loan(Lifecycle::Archived).await;
        assert_eq!(archive.keep_until(&filed[2]).await, day("2028-10-09"));
    }

    async fn a_removed_paper_is_destroyed_when_its_time_is_over(db) {
        let archive = Archive::on(&db).await;
        let letter = || FilingDraft::Loan(LoanDocType::WithdrawalLetter);
        let stays = archive.file_one(&pdf("stays", 400), "a", letter()).await;
        let goes = archive.file_one(&pdf("goes", 500), "b", letter()).await;
        document::remove(archive.app(), &archive.caller(), &goes.id).await.expect("removed");
        archive.sweep().await;
        assert_eq!(archive.blobs.names().len(), 2);
        // While the loan is open nobody knows from when to count.
        archive.world.pass_days(5000);
        archive.sweep().await;
        assert_eq!(archive.blobs.names().len(), 2);
        archive.end_loan(Lifecycle::Withdrawn).await;
        archive.sweep().await;
        assert_eq!(archive.blobs.names().len(), 2);
        // 25 months from 2040-02-08: until 2042-03-08, that day included.
        archive.world.pass_days(28 + 365 + 365 + 1);
        archive.sweep().await;
        assert_eq!(archive.blobs.names().len(), 2, "its last day");
        archive.world.pass_days(1);
        let other = archive.other_node();
        let (one, two) = tokio::join!(archive.sweep(), document::sweep(&other.app));
        two.expect("swept");
        let () = one;
        archive.assert_tidy().await;
        let destroyed = archive.events(EventKind::DocumentDestroyed).await;
        assert_eq!(destroyed.len(), 1, "told once");
        assert!(destroyed[0].body.contains(goes.id.as_str()));
        assert!(fetch(archive.one(&stays.id).await).await.is_ok(), "nobody removed it");
        // Its number is not used again while an older one is remembered; after that nobody asks.
        archive.sweep().await;
        assert_eq!(archive.events(EventKind::DocumentDestroyed).await.len(), 1);
    }

    /// Between the look for papers that are due and the end of one there may be minutes.
    async fn a_paper_that_is_needed_again_is_not_destroyed(db) {
        let archive = Archive::on(&db).await;
        let letter = FilingDraft::Loan(LoanDocType::WithdrawalLetter);
        let goes = archive.file_one(&pdf("goes", 500), "b", letter).await;
        document::remove(archive.app(), &archive.caller(), &goes.id).await.expect("removed");
        archive.end_loan(Lifecycle::Withdrawn).await;
        archive.world.pass_days(2000);
        let today = day("2031-11-22");
        let found = upload::due(archive.app().db(), today, None, 10).await.expect("looked");
        let [due] = &found[..] else { panic!("{found:?}") };
        let destroy = async |commits: bool| {
            let mut tx = archive.app().db().begin().await.expect("begun");
            let is_gone = upload::destroy_in(&mut tx, due, today).await.expect("asked");
            if commits {
                tx.commit().await.expect("committed");
            }
            is_gone
        };
        let row = |change: &str| format!("UPDATE loan_document SET {change}");
        archive.end_loan(Lifecycle::Active).await;
        assert!(!destroy(true).await, "its loan is open again");
        archive.end_loan(Lifecycle::Withdrawn).await;
        assert!(!destroy(true).await, "its time was counted anew");
        archive.world.meddle(&row("keep_until = '2031-11-21'")).await;
        assert!(destroy(false).await, "and that came to nothing");
        assert_eq!(archive.world.rows("blob_upload").await, 0);
        assert_eq!(archive.blobs.names().len(), 1);
        // Killed right behind the transaction: the blob is one that belongs to no paper.
        assert!(destroy(true).await);
        assert!(!destroy(true).await, "once");
        assert_eq!(archive.world.rows("loan_document").await, 0);
        assert_eq!(archive.world.rows("blob_upload").await, 1);
        assert_eq!(archive.blobs.names().len(), 1);
        document::sweep(&archive.other_node().app).await.expect("swept");
        archive.assert_tidy().await;
    }

    /// A sweep that dies behind the blob leaves the row, and the next one comes to the end.
    async fn a_sweep_that_died_half_way_is_finished_by_the_next(db) {
        let archive = Archive::on(&db).await;
        let letter = FilingDraft::Loan(LoanDocType::WithdrawalLetter);
        let goes = archive.file_one(&pdf("goes", 500), "b", letter).await;
        document::remove(archive.app(), &archive.caller(), &goes.id).await.expect("removed");
        archive.end_loan(Lifecycle::Withdrawn).await;
        let mut batch = Batch::open(archive.app()).await.expect("a place");
        stage(&mut batch, &pdf("left", 500)).await.expect("staged");
        std::mem::forget(batch);
        archive.world.meddle("UPDATE blob_upload SET started_at_us = 0").await;
        for name in archive.blobs.names() {
            let blobs: Arc<dyn lintel_app::ports::Blobs> = archive.blobs.clone();
            blobs.delete(&name).await.expect("deleted");
        }
        archive.world.pass_days(2000);
        archive.sweep().await;
        archive.assert_tidy().await;
        assert_eq!(archive.world.rows("loan_document").await, 0);
        assert_eq!(archive.events(EventKind::DocumentDestroyed).await.len(), 1);
    }
}
