//! The layer around an endpoint that counts how often it is reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use lintel_app::admin::{NewOrganisation, create_organisation};
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, SeededRng};
use lintel_domain::id::{DAY_SECONDS, Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_domain::organisation::OrganisationKind;
use lintel_edge::Limits;
use lintel_edge::test_client::{Answer, TestClient};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_testkit::both;
use tokio::sync::Semaphore;

use super::answered;
use crate::answer::Answer as Success;
use crate::call::{Face, Session};
use crate::correlation::Correlation;
use crate::dress::PartnersShape;
use crate::language::Language;
use crate::problem::Problem;
use crate::read::{Body as Sent, Found};
use crate::write::Object;

struct Stage {
    clock: Arc<FixedClock>,
    reached: Arc<AtomicU32>,
    /// Shut until a permit is added.
    gate: Arc<Semaphore>,
    router: Router,
    db: Db,
}

/// What the endpoint does by the body's `do`: fails, crashes, refuses, never ends, answers when it is
/// let; else counts.
async fn endpoint(reached: Arc<AtomicU32>, gate: Arc<Semaphore>, body: Sent) -> Response {
    let count = reached.fetch_add(1, Ordering::SeqCst) + 1;
    let found = Found::new();
    let Ok(sent) = body.object(&found) else {
        return Problem::internal().into_response();
    };
    let what = sent
        .text("do", lintel_domain::finding::CreditField::EchoBody, 20)
        .value();
    match what.as_deref() {
        Some("fail") => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some("busy") => Problem::busy().into_response(),
        Some("refuse") => Problem::not_found().into_response(),
        Some("hang") => std::future::pending().await,
        Some("crash") => panic!("an endpoint's mistake, made for a test"),
        Some("slow") => {
            // What it was asked for is done; its answer is not.
            drop(gate.acquire().await);
            Success::created(Object::new().with("count", count).done()).into_response()
        }
        Some(_) | None => {
            tokio::task::yield_now().await;
            let shown = Object::new().with("count", count).done();
            Success::created(shown)
                .location("/x/1")
                .revision(3)
                .into_response()
        }
    }
}

impl Stage {
    async fn on(db: &Db) -> Self {
        Self::with(db, &Limits::default()).await
    }

    async fn with(db: &Db, limits: &Limits) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(Instant::from_seconds(1_780_315_200)));
        let rules = RuleBook::embedded().expect("the rule book");
        let app = App::new(db.clone(), keys, clock.clone(), rng, rules);
        let new = NewOrganisation {
            name: "Banco Exemplo".to_owned(),
            kind: OrganisationKind::Bank,
            parent: None,
            nmls: None,
        };
        let bank = create_organisation(&app, new).await.expect("set up");
        let face = Face::new(app, limits);
        let (reached, gate) = (Arc::new(AtomicU32::new(0)), Arc::new(Semaphore::new(0)));
        let (counted, shut, layer) = (reached.clone(), gate.clone(), face.clone());
        let run = post(move |body: Sent| endpoint(counted.clone(), shut.clone(), body));
        let router = Router::new().route("/x", run.clone()).route("/y", run);
        let router = router.with_state(face).layer(from_fn(
            move |mut request: Request, next: axum::middleware::Next| {
                let (face, org_id) = (layer.clone(), bank.id.clone());
                let user = request.headers().get("user").map(|v| v.as_bytes().to_vec());
                let session = session(org_id, user.as_deref().unwrap_or(b"1"));
                let correlation = Correlation::of(request.headers());
                request.extensions_mut().insert(session);
                request.extensions_mut().insert(Language::English);
                request.extensions_mut().insert(correlation);
                async move { answered(&face, request, next).await }
            },
        ));
        Self {
            clock,
            reached,
            gate,
            router: lintel_edge::wrap(router, PartnersShape, limits),
            db: db.clone(),
        }
    }

    async fn post(&self, key: &str, path: &str, body: &str) -> Answer {
        let client = TestClient::new(self.router.clone()).with_header("idempotency-key", key);
        client
            .post_raw(path, "application/json", body.as_bytes())
            .await
    }

    fn reached(&self) -> u32 {
        self.reached.load(Ordering::SeqCst)
    }
}

fn session(org_id: RowId, user: &[u8]) -> Session {
    let id = |text: &str| RowId::new(text.to_owned());
    let partner = Partner {
        org_id,
        network_id: id("n"),
        intermediary_id: id("i"),
        intermediary_name: "Intermediário Exemplo".to_owned(),
        user_id: id(&String::from_utf8_lossy(user)),
        user_name: "Ana Exemplo".to_owned(),
    };
    Session {
        partner: partner.into(),
        token: "t".into(),
    }
}

both! {
    async fn an_answer_is_told_again_for_a_day(db) {
        let stage = Stage::on(&db).await;
        let first = stage.post("k", "/x", "{\"a\":1}").await;
        assert_eq!((first.status.as_u16(), stage.reached()), (201, 1));
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = stage.post("k", "/x", "{\"a\":1}").await;
        assert_eq!((again.status.as_u16(), stage.reached()), (201, 1));
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("idempotency-replayed"), "true");
        for name in ["etag", "location", "content-type"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
        for (path, body) in [("/x", "{\"a\":2}"), ("/y", "{\"a\":1}"), ("/x?b", "{\"a\":1}"), ("/x", "")] {
            assert_eq!(stage.post("k", path, body).await.status, 422, "{path} {body}");
        }
        assert_eq!(stage.post("other", "/x", "{\"a\":1}").await.status, 201);
        assert_eq!(stage.reached(), 2);
        let client = TestClient::new(stage.router.clone()).with_header("idempotency-key", "k");
        let stranger = client.with_header("user", "2");
        assert_eq!(stranger.post_raw("/x", "application/json", b"{\"a\":2}").await.status, 201);
        stage.clock.advance(DAY_SECONDS - 1);
        assert_eq!(stage.post("k", "/x", "{\"a\":2}").await.status, 422);
        stage.clock.advance(1);
        assert_eq!(stage.post("k", "/x", "{\"a\":2}").await.status, 201);
        assert_eq!(stage.reached(), 4);
    }

    async fn refusals_are_kept_and_our_faults_are_not(db) {
        let stage = Stage::on(&db).await;
        let first = stage.post("k", "/x", "{\"do\":\"refuse\"}").await;
        assert_eq!(first.status, 404);
        let again = stage.post("k", "/x", "{\"do\":\"refuse\"}").await;
        assert_eq!((&again.body, again.status), (&first.body, first.status));
        assert_eq!(again.header("content-type"), "application/problem+json");
        assert_eq!(stage.reached(), 1);
        for what in ["fail", "busy"] {
            let body = format!("{{\"do\":\"{what}\"}}");
            let before = stage.reached();
            assert!(stage.post(what, "/x", &body).await.status.is_server_error());
            assert!(stage.post(what, "/x", &body).await.status.is_server_error());
            assert_eq!(stage.reached(), before + 2, "{what}");
        }
    }

    async fn a_claim_that_died_is_taken_over(db) {
        let stage = Stage::on(&db).await;
        let body = "{\"do\":\"hang\"}";
        let cut = tokio::time::timeout(Duration::from_millis(300), stage.post("k", "/x", body)).await;
        assert!(cut.is_err());
        assert_eq!(stage.reached(), 1);
        let waiting = stage.post("k", "/x", body).await;
        assert_eq!(waiting.status, 409);
        // The longest request and half a minute.
        stage.clock.advance(60);
        let taken = tokio::time::timeout(Duration::from_millis(300), stage.post("k", "/x", body)).await;
        assert!(taken.is_err());
        assert_eq!(stage.reached(), 2);
    }

    async fn who_hangs_up_finds_the_answer(db) {
        let stage = Stage::on(&db).await;
        let body = "{\"do\":\"slow\"}";
        let cut = tokio::time::timeout(Duration::from_millis(300), stage.post("k", "/x", body)).await;
        assert!(cut.is_err());
        assert_eq!(stage.reached(), 1);
        stage.gate.add_permits(1);
        let again = stage.post("k", "/x", body).await;
        assert_eq!((again.status.as_u16(), stage.reached()), (201, 1), "{}", again.text());
        assert_eq!(again.header("idempotency-replayed"), "true");
    }

    async fn who_is_given_up_finds_the_answer(db) {
        let limits = Limits { request: Duration::from_secs(2), ..Limits::default() };
        let stage = Stage::with(&db, &limits).await;
        let body = "{\"do\":\"slow\"}";
        assert_eq!(stage.post("k", "/x", body).await.status, 503);
        stage.gate.add_permits(1);
        let again = stage.post("k", "/x", body).await;
        assert_eq!((again.status.as_u16(), stage.reached()), (201, 1), "{}", again.text());
    }

    async fn a_crash_is_a_fault_and_frees_the_key(db) {
        let stage = Stage::on(&db).await;
        for n in 1..=2 {
            assert_eq!(stage.post("k", "/x", "{\"do\":\"crash\"}").await.status, 500);
            assert_eq!(stage.reached(), n);
        }
    }

    async fn work_that_nobody_waits_for_has_so_many_places(db) {
        let limits = Limits { in_flight: 2, ..Limits::default() };
        let stage = Stage::with(&db, &limits).await;
        let body = "{\"do\":\"slow\"}";
        for key in ["a", "b"] {
            let cut = tokio::time::timeout(Duration::from_millis(300), stage.post(key, "/x", body)).await;
            assert!(cut.is_err());
        }
        assert_eq!(stage.post("c", "/x", body).await.status, 503);
        assert_eq!(stage.reached(), 2);
        stage.gate.add_permits(1);
        for key in ["a", "b", "c"] {
            let mut answer = stage.post(key, "/x", body).await;
            // Its place is free a moment after its answer is there.
            while answer.status == 503 {
                answer = stage.post(key, "/x", body).await;
            }
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        assert_eq!(stage.reached(), 3);
    }

    async fn two_at_once_are_answered_once(db) {
        let stage = Stage::on(&db).await;
        let (one, other) = tokio::join!(stage.post("k", "/x", "{}"), stage.post("k", "/x", "{}"));
        assert_eq!(stage.reached(), 1);
        assert_eq!(one.body, other.body);
        let replayed = [&one, &other].iter().filter(|a| !a.header("idempotency-replayed").is_empty()).count();
        assert_eq!(replayed, 1);
    }

    async fn keys_are_visible_and_short_and_one(db) {
        let stage = Stage::on(&db).await;
        let long = "x".repeat(255);
        assert_eq!(stage.post(&long, "/x", "{}").await.status, 201);
        for bad in ["", " ", "a b", &"x".repeat(256)] {
            assert_eq!(stage.post(bad, "/x", "{}").await.status, 400, "{bad:?}");
        }
        let mut tx = stage.db.begin().await.expect("begun");
        let now = Instant::from_seconds(1_780_315_200);
        assert_eq!(lintel_store::idempotency::sweep_in(&mut tx, now.plus_seconds(-1), 9).await.expect("swept"), 0);
        assert_eq!(lintel_store::idempotency::sweep_in(&mut tx, now, 9).await.expect("swept"), 1);
        tx.commit().await.expect("committed");
        let client = TestClient::new(stage.router.clone());
        let plain = client.send(axum::http::Method::POST, "/x", Some("application/json"), Body::from("{}")).await;
        assert_eq!(plain.status, 201);
    }
}
