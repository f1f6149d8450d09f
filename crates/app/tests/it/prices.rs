//! A small invented catalogue, sheets with prices a test can recognise, and searches over them.

use lintel_app::auth::Principal;
use lintel_app::catalogue::{self, Imported, NewCatalogue, Outcome};
use lintel_app::error::AppError;
use lintel_app::search::{self, SearchPurpose, SearchRequest, Searched};
use lintel_app::sheet::{self, SheetImport, SheetUpdate, SheetUpdated};
use lintel_domain::id::Instant;
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::organisation::Organisation;
use lintel_domain::product::{ProductTerms, RateKind};
use lintel_domain::scenario::PropertyKind;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::{Catalogue, Product, SheetRow};
use lintel_pricing::codec::{self, Parts};
use lintel_pricing::price::PriceRequest;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};

use crate::world::World;

/// The products of the small catalogue.
pub const CODES: [&str; 3] = ["FIX30", "FIX20", "FIX15"];
/// A ZIP code in California.
pub const ZIP: &str = "92649";

pub fn percent(thousandths: i64) -> Pct {
    Pct::new(thousandths * 1_000_000)
}

fn product(code: &str, years: u32) -> Product {
    Product {
        code: code.to_owned(),
        public_id: None,
        name: format!("Example {years} Year Fixed"),
        terms: ProductTerms {
            program: Program::Conventional,
            term_months: years * 12,
            amortization_months: years * 12,
            interest_only_months: 0,
            lender_paid_mi: false,
            rate_kind: RateKind::Fixed,
        },
        families: Vec::new(),
        lock_days: vec![30, 45],
        channels: Vec::new(),
        min_price: None,
        max_price: None,
        is_watchable: true,
        days: None,
    }
}

pub fn small_catalogue() -> Catalogue {
    let years = [30, 20, 15];
    Catalogue {
        products: CODES
            .iter()
            .zip(years)
            .map(|(c, y)| product(c, y))
            .collect(),
        ..Catalogue::default()
    }
}

pub fn new_catalogue(parts: Parts) -> NewCatalogue {
    NewCatalogue {
        parts,
        effective_at: None,
        note: "a test's".to_owned(),
        actor: "operator".to_owned(),
        is_dry_run: false,
    }
}

/// A sheet of two rates at two locks, all at one price, in thousandths of a percent.
pub fn update(code: &str, price: i64) -> SheetUpdate {
    let row = |lock_days, rate| SheetRow {
        lock_days,
        note_rate: percent(rate),
        price: percent(price),
    };
    SheetUpdate {
        public_id: None,
        code: Some(code.to_owned()),
        index: None,
        margin: None,
        rows: vec![row(30, 6000), row(30, 6500), row(45, 6000), row(45, 6500)],
    }
}

pub fn updates(price: i64) -> Vec<SheetUpdate> {
    CODES.iter().map(|code| update(code, price)).collect()
}

/// What a search asks for: a purchase of 400,000 with 300,000 borrowed.
pub fn request(zips: &[&str]) -> SearchRequest {
    let nowhere = PlaceFacts::NOWHERE;
    SearchRequest {
        scenario: Scenario {
            day: Date::FIRST,
            purpose: Purpose::Refinance,
            place: nowhere,
            home_price: Cents::new(40_000_000),
            loan_amount: Cents::ZERO,
            down_payment: None,
            subordinate_balance: Cents::ZERO,
            undrawn_line: Cents::ZERO,
            score: Some(750),
            monthly_income: Some(Cents::new(1_000_000)),
            monthly_debts: Some(Cents::new(50_000)),
            property: PropertyKind::SingleFamily,
            units: 1,
            occupancy: Occupancy::PrimaryResidence,
            flags: Flags::default(),
            finances_va_fee: false,
            finances_usda_fee: false,
            employment: None,
            documentation: None,
            homes_owned: None,
            channel: None,
            sub_channel: None,
            branch: None,
            criteria: Vec::new(),
        },
        purposes: vec![SearchPurpose {
            purpose: Purpose::Purchase,
            loan_amount: Cents::new(30_000_000),
            down_payment: None,
        }],
        zips: zips.iter().map(|zip| (*zip).to_owned()).collect(),
        wanted: PriceRequest::default(),
        lender: None,
        officer: None,
    }
}

/// The different prices in an answer, in thousandths of a percent.
pub fn prices(searched: &Searched) -> Vec<i64> {
    let mut prices: Vec<i64> = searched
        .found
        .iter()
        .flat_map(|found| &found.priced.products)
        .flat_map(|product| &product.rows)
        .map(|row| row.price.e9() / 1_000_000)
        .collect();
    prices.sort_unstable();
    prices.dedup();
    prices
}

impl World {
    pub async fn import(&self, org: &Organisation, new: NewCatalogue) -> Imported {
        catalogue::import(&self.app, org, new)
            .await
            .expect("imported")
    }

    /// Imports the small catalogue and sheets at one price.
    pub async fn priced(&self, org: &Organisation, price: i64) {
        let parts = codec::write(&small_catalogue());
        let imported = self.import(org, new_catalogue(parts)).await;
        assert!(
            matches!(imported.outcome, Outcome::Stored { .. }),
            "{imported:?}"
        );
        self.sheets(org, price, None).await;
    }

    pub async fn sheets(
        &self,
        org: &Organisation,
        price: i64,
        effective_at: Option<Instant>,
    ) -> Vec<SheetUpdated> {
        let import = SheetImport {
            updates: updates(price),
            effective_at,
            actor: "operator".to_owned(),
            source: "a file".to_owned(),
        };
        sheet::import(&self.app, org, import)
            .await
            .expect("written")
    }

    pub async fn search(&self, who: &Principal, zips: &[&str]) -> Searched {
        let searched: Result<Searched, AppError> = search::run(&self.app, who, request(zips)).await;
        searched.expect("answered")
    }
}
