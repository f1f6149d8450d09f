//! The world a test plays in: an application on a fresh database, organisations, documents.

use std::sync::Arc;

use lintel_app::admin::{self, NewOrganisation};
use lintel_app::auth::Principal;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::KeyRing;
use lintel_app::loan::{Created, NewLoan, create};
use lintel_app::ports::{FixedClock, MemoryBlobs, SeededRng};
use lintel_domain::credential::KeyPair;
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Denial, Refusal};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;

/// A noon in 2026.
pub const NOON: Instant = Instant::from_seconds(1_780_315_200);

/// An application and the clock it looks at.
pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
}

impl World {
    pub fn on(db: &Db) -> Self {
        Self::with_rules(db, RuleBook::embedded().expect("the rule book"))
    }

    pub fn with_rules(db: &Db, rules: RuleBook) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(NOON));
        let app = App::new(db.clone(), keys, clock.clone(), rng, rules);
        app.set_blobs(Arc::new(MemoryBlobs::default()));
        Self { app, clock }
    }

    pub fn clock_seconds(&self) -> i64 {
        self.app.now().seconds()
    }

    pub fn pass_days(&self, days: i64) {
        self.clock.advance(days * DAY_SECONDS);
    }

    pub async fn org(&self, kind: OrganisationKind, parent: Option<&Organisation>) -> Organisation {
        let new = NewOrganisation {
            name: format!("Example {kind}"),
            kind,
            parent: parent.map(|p| p.public_id.clone()),
            nmls: None,
        };
        admin::create_organisation(&self.app, new)
            .await
            .expect("set up")
    }

    pub async fn lender(&self) -> Organisation {
        self.org(OrganisationKind::Retail, None).await
    }

    /// A fresh key pair of an organisation.
    pub async fn pair(&self, org: &Organisation) -> KeyPair {
        let made = admin::create_credential(&self.app, &org.public_id, "test")
            .await
            .expect("made");
        KeyPair::parse(&made.credential.api_id, &made.api_key).expect("a pair has its own shape")
    }

    /// Who calls with a fresh key pair of an organisation.
    pub async fn principal(&self, org: &Organisation) -> Principal {
        let api_id = self.pair(org).await.api_id;
        Principal {
            org: org.clone(),
            api_id,
        }
    }

    pub async fn send(
        &self,
        who: &Principal,
        los: &str,
        document: &str,
    ) -> Result<Created, AppError> {
        create(&self.app, who, new_loan(los, document)).await
    }

    /// How many rows a table has.
    pub async fn rows(&self, table: &str) -> i64 {
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}");
        let row: Option<(i64,)> = self
            .app
            .db()
            .maybe(&sql, Vec::new())
            .await
            .expect("counted");
        row.map_or(0, |(n,)| n)
    }

    /// Changes rows behind the application's back.
    pub async fn meddle(&self, sql: &str) {
        let mut tx = self.app.db().begin().await.expect("begun");
        assert!(
            tx.exec(sql, Vec::new()).await.expect("changed") > 0,
            "{sql} touched nothing"
        );
        tx.commit().await.expect("committed");
    }
}

pub fn new_loan(los: &str, document: &str) -> NewLoan {
    NewLoan {
        los_loan_id: los.to_owned(),
        document: document.as_bytes().to_vec(),
        invite_borrowers: false,
        status: None,
        officer_email: None,
        crm_id: None,
    }
}

/// The invented loan document; every value in it that a test looks for is below.
pub const DOCUMENT: &str = include_str!("fixtures/loan.xml");
/// What must never be stored in clear: tax ids, birth dates, account numbers.
pub const SECRETS: [&str; 6] = [
    "900661234",
    "900665678",
    "1984-07-19",
    "1986-02-28",
    "ACCT-770055123",
    "DEBT-440099321",
];

/// The document with another loan amount, and so another hash.
pub fn document(amount: &str) -> String {
    assert!(DOCUMENT.contains("160000.00"));
    DOCUMENT.replace("160000.00", amount)
}

/// What an error denies.
#[track_caller]
pub fn denial<T: std::fmt::Debug>(result: Result<T, AppError>) -> Denial {
    match result {
        Err(AppError::Refused(Refusal::Denied(denial))) => denial,
        other => panic!("expected a denial, got {other:?}"),
    }
}

/// What an error refuses.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(result: Result<T, AppError>) -> Refusal {
    match result {
        Err(AppError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
