//! A row that cannot be is a fault that says where it stands, and never what stands there.

use lintel_domain::event::EventKind;
use lintel_domain::fee::FeeBasis;
use lintel_domain::organisation::{LoanScope, OrganisationKind};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_store::db::Db;
use lintel_store::event::{NewEvent, list_after, record_in};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::loan::list::page;
use lintel_store::{fee, organisation, product};
use lintel_testkit::both;

use crate::catalogue::{a_fee, a_product, add_fee, add_product, arm};
use crate::listing::whole;
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
        add_product(&db, &lender.id, &a_product(1, arm())).await;
        for (column, change) in [
            ("program", "program = 'nonsense'"),
            ("arm_index", "program = 'va', arm_index = 'nonsense'"),
            (
                "arm_margin_pct_e9",
                "arm_index = 'libor', arm_margin_pct_e9 = NULL",
            ),
            (
                "arm_first_adjustment_months",
                "arm_margin_pct_e9 = 1, arm_first_adjustment_months = -1",
            ),
            (
                "term_months",
                "arm_first_adjustment_months = 60, term_months = 4294967296",
            ),
        ] {
            spoil(&db, "product", change).await;
            let place = format!("product.{column}");
            is_corrupt(product::list(&db, &lender.id).await, &place, "product-0001");
        }
    }

    async fn fees(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        add_fee(&db, &lender.id, &a_fee(1, FeeBasis::Flat(Cents::new(100)))).await;
        for (column, change) in [
            ("basis", "basis = 'nonsense'"),
            ("percent_pct_e9", "basis = 'percent_of_loan'"),
            (
                "interest_days",
                "basis = 'interest_days', interest_days = -1",
            ),
            ("le_section", "interest_days = 15, le_section = 'nonsense'"),
            (
                "finance_charge",
                "le_section = 'A', finance_charge = 'nonsense'",
            ),
            (
                "program",
                "finance_charge = 'by_type', program = 'nonsense'",
            ),
            ("purpose", "program = NULL, purpose = 'nonsense'"),
            (
                "effective_from",
                "purpose = NULL, effective_from = '2026-02-30'",
            ),
            (
                "effective_to",
                "effective_from = '2026-01-01', effective_to = 'nonsense'",
            ),
        ] {
            spoil(&db, "fee_template", change).await;
            let place = format!("fee_template.{column}");
            is_corrupt(fee::list(&db, &lender.id).await, &place, "fee-0001");
        }
        let percent = FeeBasis::PercentOfLoan(Pct::ZERO);
        let other = org(2, OrganisationKind::Retail, None);
        add_org(&db, &other).await;
        add_fee(&db, &other.id, &a_fee(2, percent)).await;
        assert_eq!(fee::list(&db, &other.id).await.expect("untouched").len(), 1);
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
