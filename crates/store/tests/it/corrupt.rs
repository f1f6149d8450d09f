//! A row that cannot be is a fault that says where it stands, and never what stands there.

use lintel_domain::event::EventKind;
use lintel_domain::organisation::{LoanScope, OrganisationKind};
use lintel_store::db::Db;
use lintel_store::event::{NewEvent, list_after, record_in};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::loan::list::page;
use lintel_store::ratecard::{self, progress};
use lintel_store::{lead, organisation, product};
use lintel_testkit::both;

use crate::catalogue::{a_product, add_product};
use crate::leads::a_lead;
use crate::listing::whole;
use crate::ratecards::{a_job, add_job};
use crate::seed::{START, add_loan, add_org, add_staff, draft, org, person};

async fn spoil(db: &Db, table: &str, change: &str) {
    let mut tx = db.begin().await.expect("begun");
    let sql = format!("UPDATE {table} SET {change}");
    assert_eq!(
        tx.exec(&sql, Vec::new()).await.expect("spoiled"),
        1,
        "{sql}"
    );
    tx.commit().await.expect("committed");
}

#[track_caller]
fn is_corrupt<T: std::fmt::Debug>(result: Result<T, Fault>, place: &str, row: &str) {
    let fault = result.expect_err(place);
    assert_eq!(fault.kind(), FaultKind::Corrupt, "{place}: {fault}");
    let text = fault.chain();
    assert!(
        text.contains(place) && text.contains(row),
        "{place}, {row}: {text}"
    );
    assert!(
        !text.contains("nonsense"),
        "the value is in the message: {text}"
    );
}

both! {
    async fn organisations(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        spoil(&db, "organisation", "kind = 'nonsense'").await;
        is_corrupt(
            organisation::load(&db, &lender.public_id).await,
            "organisation.kind",
            "org-0001",
        );
        is_corrupt(
            organisation::list(&db, 5).await,
            "organisation.kind",
            "org-0001",
        );
        spoil(
            &db,
            "organisation",
            "kind = 'retail', public_id = 'nonsense'",
        )
        .await;
        is_corrupt(
            organisation::list(&db, 5).await,
            "organisation.public_id",
            "org-0001",
        );
    }

    async fn staff(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        add_staff(&db, &lender, &person(1)).await;
        spoil(&db, "staff", "public_id = 'nonsense'").await;
        let found = organisation::load_staff_by_los_id(&db, &lender.id, "LO-1").await;
        is_corrupt(found, "staff.public_id", "staff-0001");
    }

    async fn products(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        add_product(&db, &lender.id, &a_product(1)).await;
        spoil(&db, "product", "public_id = 'nonsense'").await;
        let listed = product::list(&db, &lender.id).await;
        is_corrupt(listed, "product.public_id", "product-0001");
    }

    async fn leads(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let stored = a_lead(&lender.id, 1);
        let mut tx = db.begin().await.expect("begun");
        assert!(lead::insert_in(&mut tx, &stored).await.expect("inserted"));
        tx.commit().await.expect("committed");
        spoil(&db, "lead", "uid = 'nonsense'").await;
        let loaded = lead::load(&db, &lender.id, &stored.id).await;
        is_corrupt(loaded, "lead.uid", "lead-0001");
    }

    async fn rate_card_jobs(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let job = a_job(&lender.id, 1, 1);
        add_job(&db, &job).await;
        spoil(&db, "ratecard_shard", "state = 'nonsense'").await;
        is_corrupt(progress(&db, &job.id).await, "ratecard_shard.state", "job-0001");
        spoil(&db, "ratecard_shard", "state = 'done'").await;
        let outputs = ratecard::outputs(&db, &job.id).await;
        is_corrupt(outputs, "ratecard_shard.output", "job-0001");
        spoil(&db, "ratecard_job", "state = 'nonsense'").await;
        is_corrupt(
            ratecard::load(&db, &job.id).await,
            "ratecard_job.state",
            "job-0001",
        );
    }

    async fn loans(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        add_staff(&db, &lender, &person(1)).await;
        let mut tx = db.begin().await.expect("begun");
        let mut draft = draft(1);
        draft.officer_row_id = Some(person(1).id);
        add_loan(&mut tx, &lender, &lender, &draft).await;
        tx.commit().await.expect("committed");
        let filter = whole(LoanScope::Lent(lender.id.clone()), &lender.id, true);
        for (column, change) in [
            ("purpose", "purpose = 'nonsense'"),
            ("program", "purpose = 'purchase', program = 'nonsense'"),
            ("occupancy", "program = 'va', occupancy = 'nonsense'"),
            (
                "property_type",
                "occupancy = NULL, property_type = 'nonsense'",
            ),
            ("public_id", "property_type = NULL, public_id = 'nonsense'"),
        ] {
            spoil(&db, "loan", change).await;
            is_corrupt(
                page(&db, &filter).await,
                &format!("loan.{column}"),
                "loan-0001",
            );
        }
        spoil(&db, "loan", "public_id = 'L0000001'").await;
        spoil(&db, "staff", "public_id = 'nonsense'").await;
        is_corrupt(page(&db, &filter).await, "staff.public_id", "staff-0001");
    }

    async fn events(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let mut tx = db.begin().await.expect("begun");
        let event = NewEvent {
            org_id: &lender.id,
            at: START,
            actor: "operator",
            kind: EventKind::StaffAdded,
            subject: "somebody",
            body: "{}",
        };
        record_in(&mut tx, &event).await.expect("recorded");
        tx.commit().await.expect("committed");
        spoil(&db, "event", "kind = 'nonsense'").await;
        is_corrupt(list_after(&db, &lender.id, 0).await, "event.kind", "1");
    }

    /// A driver's complaint is a fault too, with its cause kept for the operator.
    async fn statements_that_fail_keep_their_cause(db) {
        let result: Result<Vec<(i64,)>, Fault> = db.all("SELECT id FROM nowhere", Vec::new()).await;
        let fault = result.expect_err("no such table");
        assert_eq!(fault.kind(), FaultKind::Internal);
        assert!(!fault.kind().is_retryable());
        assert!(
            !fault.to_string().contains("nowhere"),
            "Display repeats its source"
        );
        assert!(fault.chain().contains("nowhere"), "{}", fault.chain());
    }
}
