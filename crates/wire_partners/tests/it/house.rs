//! The house a test plays in: the face over a fresh database, a bank with two networks, intermediaries
//! and users who are signed in.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::Method;
use lintel_app::admin::{self, NewOrganisation};
use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{Blobs, FixedClock, MemoryBlobs, SeededRng};
use lintel_callbacks::port::MemoryPort;
use lintel_callbacks::{Office, Rules};
use lintel_domain::id::Instant;
use lintel_domain::intermediary::Intermediary;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_edge::Limits;
use lintel_edge::test_client::{Answer, TestClient};
use lintel_intermediaries::intermediary::{self, NewIntermediary};
use lintel_intermediaries::network;
use lintel_intermediaries::user::{self, NewUser};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_wire_partners::{PREFIX, callback_words, router, with_callbacks};
use serde_json::Value;

/// A noon in June 2026.
pub const NOON: Instant = Instant::from_seconds(1_780_315_200);

/// Reading the rule book takes longer than most tests.
static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

/// The face over an application, the clock it looks at, and who calls.
pub struct House {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub bank: Organisation,
    /// Where callbacks go.
    pub port: Arc<MemoryPort>,
    /// What they are delivered with.
    pub office: Office,
    /// Without any header of its own.
    pub client: TestClient,
    /// First intermediary of the first network.
    pub anna: Caller,
    /// Second intermediary of the first network.
    pub bruno: Caller,
    /// First intermediary of the second network.
    pub carla: Caller,
}

/// A user who is signed in.
#[derive(Clone)]
pub struct Caller {
    pub client_id: String,
    pub client_secret: String,
    pub broker: Intermediary,
    pub username: String,
    pub token: String,
    router: Router,
}

impl House {
    pub async fn on(db: &Db) -> Self {
        Self::with(db, &Limits::default()).await
    }

    pub async fn with(db: &Db, limits: &Limits) -> Self {
        Self::keeping(db, limits, Arc::new(MemoryBlobs::default())).await
    }

    /// One whose papers lie somewhere else.
    pub async fn keeping(db: &Db, limits: &Limits, blobs: Arc<dyn Blobs>) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(NOON));
        let app = App::new(db.clone(), keys, clock.clone(), rng, RULES.clone());
        app.set_public_url("https://lintel.example.com");
        app.set_blobs(blobs);
        let bank = bank(&app, "Banco Exemplo").await;
        let port = Arc::new(MemoryPort::default());
        let office = Office::new(port.clone(), callback_words(), Rules::default());
        let face = with_callbacks(router(app.clone(), limits), office.clone());
        let by = By::Operator(&bank);
        let (one, other) = (
            network::add(&app, &by, "Rede Exemplo Um")
                .await
                .expect("made"),
            network::add(&app, &by, "Rede Exemplo Dois")
                .await
                .expect("made"),
        );
        let of =
            |made: &network::Made| (made.network.client_id.clone(), made.client_secret.clone());
        let anna = Caller::settle(&app, &face, &bank, of(&one), ("Anna", "500000000")).await;
        let bruno = Caller::settle(&app, &face, &bank, of(&one), ("Bruno", "501234560")).await;
        let carla = Caller::settle(&app, &face, &bank, of(&other), ("Carla", "503456780")).await;
        Self {
            client: TestClient::new(face),
            app,
            clock,
            bank,
            port,
            office,
            anna,
            bruno,
            carla,
        }
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

async fn bank(app: &App, name: &str) -> Organisation {
    let new = NewOrganisation {
        name: name.to_owned(),
        kind: OrganisationKind::Bank,
        parent: None,
        nmls: None,
    };
    admin::create_organisation(app, new).await.expect("set up")
}

impl Caller {
    /// An intermediary with one user, who signs in over HTTP.
    async fn settle(
        app: &App,
        router: &Router,
        bank: &Organisation,
        (client_id, client_secret): (String, String),
        (name, nif): (&str, &str),
    ) -> Self {
        let by = By::Operator(bank);
        let new = NewIntermediary {
            client_id: client_id.clone(),
            name: format!("Intermediário Exemplo {name}"),
            nif: nif.to_owned(),
            email: format!("{name}@example.com"),
            ..NewIntermediary::default()
        };
        let broker = intermediary::add(app, &by, new).await.expect("added");
        let new = NewUser {
            broker: broker.number.to_string(),
            username: format!("{name}@example.com"),
            name: format!("{name} Exemplo"),
            email: format!("{name}@example.com"),
        };
        let username = user::add(app, &by, &new).await.expect("added").username;
        let mut caller = Self {
            client_id,
            client_secret,
            broker,
            username,
            token: String::new(),
            router: router.clone(),
        };
        let answer = caller.sign_in().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let token = answer.json()["sessionToken"].as_str().map(str::to_owned);
        caller.token = token.expect("a token");
        caller
    }

    /// Signs in with the names of the reference.
    pub async fn sign_in(&self) -> Answer {
        let id = self.broker.id.as_str();
        TestClient::new(self.router.clone())
            .with_header("xclientid", &self.client_id)
            .with_header("xclientsecret", &self.client_secret)
            .with_header("xbrokeruid", id)
            .with_header("xusername", &self.username)
            .post_raw(&format!("{PREFIX}/authentication"), "", b"")
            .await
    }

    /// A client with this user's session.
    pub fn client(&self) -> TestClient {
        TestClient::new(self.router.clone())
            .with_header("authorization", &format!("Bearer {}", self.token))
            .with_header("x-correlation-id", "c-1")
    }

    /// The same with one more header.
    pub fn with(&self, name: &'static str, value: &str) -> TestClient {
        self.client().with_header(name, value)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.client().get(&full(path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.client().post_json(&full(path), body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        send(&self.client(), method, path, body).await
    }
}

/// Sends JSON, or nothing, to a path below the prefix.
pub async fn send(client: &TestClient, method: Method, path: &str, body: Option<&Value>) -> Answer {
    let kind = body.map(|_| "application/json");
    let bytes = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    client.send(method, &full(path), kind, bytes).await
}

/// A path with the prefix.
pub fn full(path: &str) -> String {
    format!("{PREFIX}{path}")
}

/// The fields and codes of a problem; panics with the answer when it is none.
#[track_caller]
pub fn problem(answer: &Answer, status: u16) -> Vec<(String, String)> {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let length = answer.header("content-length");
    assert!(length.is_empty() || length == answer.body.len().to_string());
    let body = answer.json();
    assert_eq!(body["status"], status);
    assert_eq!(body["correlationId"], answer.header("x-correlation-id"));
    let errors = body["errors"].as_array().expect("errors");
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    errors
        .iter()
        .map(|e| (text(&e["field"]), text(&e["code"])))
        .collect()
}
