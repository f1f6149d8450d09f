//! The world a test plays in: the face over a fresh database, organisations with key pairs and
//! tokens, an invented loan document.

use std::sync::{Arc, LazyLock};

use axum::Router;
use lintel_app::admin::{self, NewOrganisation, NewStaff};
use lintel_app::auth::{Principal, check_pair};
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::loan::{Created, NewLoan, create};
use lintel_app::ports::{FixedClock, MemoryBlobs, SeededRng};
use lintel_app::token::issue;
use lintel_domain::credential::KeyPair;
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_domain::loan::Status;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::person::StaffMember;
use lintel_edge::Limits;
use lintel_edge::test_client::{Answer, TestClient};
use lintel_rule_book::RuleBook;
use lintel_store::borrower::{StoredAccount, insert_in};
use lintel_store::db::Db;
use lintel_wire_lender::error::ErrorStatus;
use lintel_wire_lender::router;
use serde_json::Value;

/// A noon in June 2026.
pub const NOON: Instant = Instant::from_seconds(1_780_315_200);

/// The invented loan document, the same the use cases are tested with.
pub const DOCUMENT: &str = include_str!("../../../app/tests/it/fixtures/loan.xml");

/// Reading the rule book takes longer than most tests.
static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

/// The face over an application, and the clock it looks at.
pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub client: TestClient,
}

/// An organisation that calls.
pub struct Party {
    pub org: Organisation,
    pub pair: KeyPair,
    pub token: String,
}

impl World {
    pub fn on(db: &Db) -> Self {
        Self::with(db, ErrorStatus::Code, &Limits::default())
    }

    pub fn with(db: &Db, status: ErrorStatus, limits: &Limits) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(NOON));
        let app = App::new(db.clone(), keys, clock.clone(), rng, RULES.clone());
        app.set_public_url("https://lintel.example.com");
        app.set_blobs(Arc::new(MemoryBlobs::default()));
        // A request id of our own, so that answers are the same on every run.
        let face = router(app.clone(), limits, status);
        let client = TestClient::new(face).with_header("x-request-id", "r-1");
        Self { app, clock, client }
    }

    pub fn router(&self) -> Router {
        router(self.app.clone(), &Limits::default(), ErrorStatus::Code)
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

    /// A retail lender without fees, ready to call.
    pub async fn lender(&self) -> Party {
        let org = self.org(OrganisationKind::Retail, None).await;
        self.party(&org).await
    }

    /// A vendor with a key pair. Its tokens are for one lender each, so it has none yet.
    pub async fn vendor(&self) -> Party {
        let org = self.org(OrganisationKind::Vendor, None).await;
        let made = admin::create_credential(&self.app, &org.public_id, "test")
            .await
            .expect("made");
        let pair = KeyPair::parse(&made.credential.api_id, &made.api_key).expect("its own shape");
        let token = String::new();
        Party { org, pair, token }
    }

    /// A key pair and a token of an organisation.
    pub async fn party(&self, org: &Organisation) -> Party {
        let made = admin::create_credential(&self.app, &org.public_id, "test")
            .await
            .expect("made");
        let pair = KeyPair::parse(&made.credential.api_id, &made.api_key).expect("its own shape");
        let token = issue(&self.app, &pair, None, "127.0.0.1")
            .await
            .expect("issued")
            .token;
        Party {
            org: org.clone(),
            pair,
            token,
        }
    }

    pub async fn staff(&self, org: &Organisation, n: usize, email: &str) -> StaffMember {
        let new = NewStaff {
            first_name: "Olive".to_owned(),
            last_name: "Officer".to_owned(),
            email: email.to_owned(),
            nmls: None,
            los_id: Some(format!("LO-{n}")),
        };
        admin::add_staff(&self.app, org, new)
            .await
            .expect("added")
            .expect("new")
    }

    /// A borrower's account, by its public id.
    pub async fn borrower(&self, org: &Organisation, email: &str) -> String {
        let public_id = self.app.public_id().expect("drawn");
        let account = StoredAccount {
            lender_org_id: org.lender_id().clone(),
            id: self.app.row_id().expect("drawn"),
            org_id: org.id.clone(),
            public_id: public_id.clone(),
            email: email.to_owned(),
            first_name: "Alice".to_owned(),
            last_name: "Firstimer".to_owned(),
            password_phc: None,
            is_active: true,
            created_at: NOON,
        };
        let mut tx = self.app.db().begin().await.expect("begun");
        assert!(insert_in(&mut tx, &account).await.expect("written"));
        tx.commit().await.expect("committed");
        public_id.to_string()
    }

    /// Hands in a loan below the wire.
    pub async fn loan(&self, party: &Party, los: &str, document: &str, status: &str) -> Created {
        let principal: Principal = check_pair(&self.app, &party.pair).await.expect("known");
        let new = NewLoan {
            los_loan_id: los.to_owned(),
            document: document.as_bytes().to_vec(),
            invite_borrowers: false,
            status: Some(Status {
                main: status.to_owned(),
                sub: String::new(),
            }),
            officer_email: None,
            crm_id: None,
        };
        create(&self.app, &principal, new).await.expect("taken")
    }

    /// Calls an endpoint the ordinary way, JSON wanted.
    pub async fn call(&self, party: &Party, endpoint: &str, data: &Value) -> Answer {
        let data = data.to_string();
        let mut fields = party.fields("json").to_vec();
        fields.push(("data", &data));
        self.post(endpoint, &fields).await
    }

    /// Calls an endpoint with these fields and nothing else.
    pub async fn post(&self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        self.client.post_form(&path(endpoint), fields).await
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
}

impl Party {
    /// Everything a call needs but its data.
    pub fn fields<'a>(&'a self, format: &'a str) -> [(&'a str, &'a str); 4] {
        [
            ("format", format),
            ("apiID", &self.pair.api_id),
            ("apiKey", &self.pair.api_key),
            ("accessToken", &self.token),
        ]
    }
}

/// Where an endpoint is.
pub fn path(endpoint: &str) -> String {
    format!("/api/lender{endpoint}")
}

/// Code and message of an error answer in JSON; panics with the answer when it is none.
#[track_caller]
pub fn error(answer: &Answer) -> (u64, String) {
    let body = answer.json();
    let error = &body["error"];
    match (error["code"].as_u64(), error["message"].as_str()) {
        (Some(code), Some(message)) => (code, message.to_owned()),
        _ => panic!("not an error: {}", answer.text()),
    }
}

/// The body of a successful answer; panics with the answer when it is none.
#[track_caller]
pub fn success(answer: &Answer) -> Value {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    let body = answer.json();
    assert!(body.get("error").is_none(), "{}", answer.text());
    body
}

#[track_caller]
pub fn is_error(answer: &Answer, code: u64, message: &str) {
    assert_eq!(error(answer), (code, message.to_owned()));
    assert_eq!(
        u64::from(answer.status.as_u16()),
        code,
        "the status line repeats the code"
    );
}
