//! What is written to the catalogue comes back as it was, on both databases.

use lintel_domain::fee::{FeeBasis, FeeTemplate, FinanceChargeRule, LeSection};
use lintel_domain::id::RowId;
use lintel_domain::loan::{Program, Purpose};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::product::{ArmFeatures, ArmIndex, Product, ProductTerms, RateKind};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_store::db::Db;
use lintel_store::{fee, product};
use lintel_testkit::both;

use crate::seed::{START, add_org, org, public_id, row};

pub fn arm() -> RateKind {
    RateKind::Adjustable(ArmFeatures {
        index: ArmIndex::Sofr30DayAverage,
        margin: Pct::new(2_750_000_000),
        first_adjustment_months: 60,
        first_cap: Pct::new(2_000_000_000),
        adjustment_months: 6,
        periodic_cap: Pct::new(1_000_000_000),
        lifetime_cap: Pct::new(5_000_000_000),
    })
}

pub fn a_product(n: usize, rate_kind: RateKind) -> Product {
    Product {
        id: row("product", n),
        public_id: public_id('P', n),
        code: format!("CODE{n}"),
        name: "Example 30 Year".to_owned(),
        terms: ProductTerms {
            program: Program::Conventional,
            term_months: 360,
            amortization_months: 360,
            interest_only_months: 0,
            lender_paid_mi: n.is_multiple_of(2),
            rate_kind,
        },
        index_value: match rate_kind {
            RateKind::Fixed => None,
            RateKind::Adjustable(_) => Some(Pct::new(4_123_456_789)),
        },
    }
}

pub fn a_fee(n: usize, basis: FeeBasis) -> FeeTemplate {
    FeeTemplate {
        id: row("fee", n),
        position: i64::try_from(n).expect("small"),
        name: format!("Example Fee {n}"),
        mismo_type: "Other".to_owned(),
        mismo_type_other: (n == 1).then(|| "Example".to_owned()),
        section: LeSection::C,
        basis,
        finance_charge: FinanceChargeRule::Excluded,
        program: (n == 1).then_some(Program::Va),
        purpose: (n == 1).then_some(Purpose::RefinanceCashOut),
        state: (n == 1).then(|| "TX".to_owned()),
        min_loan: (n == 1).then_some(Cents::new(1)),
        max_loan: (n == 1).then_some(Cents::new(99_999_999_999)),
        effective_from: Date::new(2026, 1, 1).expect("a day"),
        effective_to: (n == 1).then(|| Date::new(2026, 12, 31).expect("a day")),
    }
}

pub async fn add_product(db: &Db, org: &RowId, item: &Product) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let added = product::insert_in(&mut tx, org, item, START)
        .await
        .expect("inserted");
    tx.commit().await.expect("committed");
    added
}

pub async fn add_fee(db: &Db, org: &RowId, item: &FeeTemplate) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let added = fee::insert_in(&mut tx, org, item, START)
        .await
        .expect("inserted");
    tx.commit().await.expect("committed");
    added
}

both! {
    async fn products_come_back_in_order_of_their_codes(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let products = [a_product(1, RateKind::Fixed), a_product(2, arm())];
        for item in products.iter().rev() {
            assert!(add_product(&db, &lender.id, item).await);
        }
        assert_eq!(
            product::list(&db, &lender.id).await.expect("listed"),
            products
        );
        assert_eq!(
            product::list(&db, &row("org", 9)).await.expect("listed"),
            []
        );
    }

    async fn fees_come_back_in_order_of_their_positions(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let fees = [
            a_fee(1, FeeBasis::Flat(Cents::new(51_500))),
            a_fee(2, FeeBasis::PercentOfLoan(Pct::new(250_000_001))),
            a_fee(3, FeeBasis::InterestDays(15)),
        ];
        for item in fees.iter().rev() {
            assert!(add_fee(&db, &lender.id, item).await);
        }
        assert_eq!(fee::list(&db, &lender.id).await.expect("listed"), fees);
        assert_eq!(fee::list(&db, &row("org", 9)).await.expect("listed"), []);
    }
}
