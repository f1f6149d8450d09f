//! A bank that offers something, and partners who ask it.

use std::sync::{Arc, LazyLock};

use lintel_app::admin::{self, NewOrganisation};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, SeededRng};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::{Borrower, Property, Request};
use lintel_engine::{Cents, Date, Pct};
use lintel_rule_book::RuleBook;
use lintel_simulations::{Caller, Simulation, create};
use lintel_store::db::{Db, Val};
use lintel_store::index_average::{self, Average};
use lintel_store::offer::{self, Version};

/// The fictional bank's offer.
const OFFER: &str = include_str!("../../../../data/demo_bank/offer.toml");
/// A noon in June 2026.
pub const NOON: Instant = Instant::from_seconds(1_780_315_200);

/// Reading the rule book takes longer than most tests.
static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub bank: Organisation,
    /// Of the first intermediary.
    pub anna: Partner,
    /// Of the second, in the same network.
    pub bruno: Partner,
}

pub async fn world(db: &Db) -> World {
    let rng = Arc::new(SeededRng::new(11));
    let keys = KeyRing::in_memory(&*rng).expect("keys");
    let clock = Arc::new(FixedClock::at(NOON));
    let app = App::new(db.clone(), keys, clock.clone(), rng, RULES.clone());
    let bank = bank(&app, "Banco Exemplo").await;
    open(&app, &bank).await;
    let (anna, bruno) = (partner(&app, &bank, "Anna"), partner(&app, &bank, "Bruno"));
    World {
        app,
        clock,
        bank,
        anna,
        bruno,
    }
}

pub async fn bank(app: &App, name: &str) -> Organisation {
    let new = NewOrganisation {
        name: name.to_owned(),
        kind: OrganisationKind::Bank,
        parent: None,
        nmls: None,
    };
    admin::create_organisation(app, new).await.expect("set up")
}

/// Gives a bank the demo's offer and index values.
pub async fn open(app: &App, bank: &Organisation) {
    let version = Version {
        id: app.row_id().expect("an id"),
        effective_from: day("2026-01-01"),
        digest: OFFER.len().to_be_bytes().to_vec(),
        document: OFFER.to_owned(),
        created_by: "test".to_owned(),
        created_at: app.now(),
    };
    let months = ["2008-10-01", "2026-05-01", "2026-06-01", "2026-07-01"];
    let averages = months.map(|month| Average {
        tenor: "12M".to_owned(),
        month: day(month),
        average: Pct::new(2_187_000_000),
        source: "test".to_owned(),
    });
    let mut tx = app.db().begin().await.expect("begun");
    offer::insert_in(&mut tx, &bank.id, &version)
        .await
        .expect("kept");
    index_average::put_in(&mut tx, &bank.id, &averages, app.now())
        .await
        .expect("kept");
    tx.commit().await.expect("committed");
}

/// A partner of an intermediary of its own.
pub fn partner(app: &App, bank: &Organisation, name: &str) -> Partner {
    let id = || app.row_id().expect("an id");
    Partner {
        org_id: bank.id.clone(),
        network_id: id(),
        intermediary_id: id(),
        intermediary_name: format!("Intermediário {name}"),
        user_id: id(),
        user_name: format!("{name} Exemplo"),
    }
}

pub fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a day")
}

pub fn caller(partner: &Partner) -> Caller<'_> {
    Caller {
        partner,
        correlation: Some("c-1"),
    }
}

/// A request the bank answers.
pub fn asked(name: &str) -> Request {
    Request {
        product_purpose: Some(2),
        loan_purpose: Some(1),
        product_scheme: Some(1),
        branch: Some(1),
        amount: Some(Cents::new(18_000_000)),
        term_months: Some(360),
        rate_kind: Some(2),
        index_type: Some(5),
        cross_selling: Some(true),
        property: Some(Property {
            typology: Some(1),
            estimated_value: Some(Cents::new(23_000_000)),
            acquisition_amount: Some(Cents::new(22_500_050)),
            district: Some(11),
            county: Some(1106),
            ..Property::default()
        }),
        borrowers: vec![Borrower {
            kind: Some(1),
            name: Some(name.to_owned()),
            nif: Some("123456789".to_owned()),
            birth_date: Some(day("1990-02-28")),
            email: Some("cormorant@example.com".to_owned()),
            monthly_net_income: Some(Cents::new(350_000)),
            ..Borrower::default()
        }],
        ..Request::default()
    }
}

impl World {
    pub async fn make(&self, partner: &Partner, name: &str) -> Simulation {
        let request = asked(name);
        let made = create(&self.app, caller(partner), request, Vec::new()).await;
        made.unwrap_or_else(|e| panic!("{}", refusal_text(e)))
    }

    /// The one number a question has as its answer.
    pub async fn number(&self, sql: &str) -> i64 {
        let row: Option<(i64,)> = self
            .app
            .db()
            .maybe(sql, Vec::<Val>::new())
            .await
            .expect("asked");
        row.map_or(0, |(n,)| n)
    }

    pub async fn rows(&self, table: &str) -> i64 {
        self.number(&format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}"))
            .await
    }

    pub async fn events(&self) -> Vec<String> {
        let rows = lintel_store::event::list_after(self.app.db(), &self.bank.id, 0).await;
        rows.expect("events")
            .into_iter()
            .map(|e| e.kind.to_string())
            .collect()
    }

    /// Sets the clock to an instant.
    pub fn at(&self, instant: Instant) {
        let seconds = instant.seconds() - self.app.now().seconds();
        self.clock.advance(seconds);
    }
}

fn refusal_text(error: AppError) -> String {
    match error {
        AppError::Refused(refusal) => refusal.to_string(),
        other => format!("{other:?}"),
    }
}

#[track_caller]
pub fn refused<T>(outcome: Result<T, AppError>) -> Refusal {
    match outcome {
        Ok(_) => panic!("not refused"),
        Err(AppError::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
    }
}

pub fn unknown_id() -> RowId {
    RowId::new("0193f000-0000-7000-8000-000000000001".to_owned())
}
