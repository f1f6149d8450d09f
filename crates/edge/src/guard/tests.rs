//! Every fault in the face's shape, every header on every answer.

use super::*;
use crate::test_client::TestClient;
use crate::{ClientAddr, RequestId, TrustedProxies};
use axum::Extension;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::time::Duration;

#[derive(Clone)]
struct Plain;

impl Shape for Plain {
    fn face(&self) -> &'static str {
        "plain"
    }

    fn fault(&self, kind: EdgeFault, request_id: &str) -> Response {
        let status = match kind {
            EdgeFault::NotFound => StatusCode::NOT_FOUND,
            EdgeFault::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            EdgeFault::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            EdgeFault::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            EdgeFault::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, format!("{kind:?} {request_id}")).into_response()
    }
}

fn panics() -> Response {
    panic!("on purpose")
}

fn client(change: impl FnOnce(&mut Limits)) -> TestClient {
    let mut limits = Limits::default();
    change(&mut limits);
    let router = Router::new()
        .route("/ok", post(async || "fine"))
        .route(
            "/cached",
            get(async || ([(CACHE_CONTROL, "max-age=60")], "asset")),
        )
        .route("/panic", get(async || panics()))
        .route("/hang", get(async || std::future::pending::<&str>().await))
        .route(
            "/who",
            get(
                async |Extension(addr): Extension<ClientAddr>,
                       Extension(id): Extension<RequestId>| {
                    format!("{} {id}", addr.0)
                },
            ),
        );
    TestClient::new(wrap(router, Plain, &limits)).with_header("x-request-id", "call-1")
}

#[tokio::test]
async fn each_fault_is_in_the_face_s_shape() {
    let client = client(|limits| limits.request = Duration::from_millis(5));
    for (path, status, text) in [
        ("/nowhere", 404, "NotFound call-1"),
        ("/ok", 405, "MethodNotAllowed call-1"),
        ("/panic", 500, "Panicked call-1"),
        ("/hang", 504, "TimedOut call-1"),
    ] {
        let answer = client.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.text()),
            (status, text),
            "{path}"
        );
        assert_security_headers(&answer);
    }
    assert_eq!(client.get("/ok").await.header("allow"), "POST");
}

fn assert_security_headers(answer: &crate::test_client::Answer) {
    assert_eq!(answer.header("x-request-id"), "call-1");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_good_answer_passes_with_headers() {
    let client = client(|_| ());
    let answer = client.post_raw("/ok?apiKey=secret", "", b"").await;
    assert_eq!((answer.status, &*answer.text()), (StatusCode::OK, "fine"));
    assert_security_headers(&answer);
    assert_eq!(
        client.get("/cached").await.header("cache-control"),
        "max-age=60"
    );
}

#[tokio::test]
async fn more_than_the_allowed_requests_in_flight_are_shed_and_slots_come_back() {
    let client = client(|limits| {
        limits.in_flight = 1;
        limits.request = Duration::from_millis(20);
    });
    // Polled in order: the first takes the only slot and hangs, the second finds it taken.
    let (hung, shed) = tokio::join!(client.get("/hang"), client.get("/who"));
    assert_eq!(hung.text(), "TimedOut call-1");
    assert_eq!(shed.text(), "Overloaded call-1");
    assert_eq!(client.get("/panic").await.text(), "Panicked call-1");
    assert_eq!(client.get("/who").await.text(), "127.0.0.1 call-1");
}

#[tokio::test]
async fn handlers_see_the_client_s_address_and_a_fresh_id_when_none_is_good() {
    let client = client(|limits| {
        limits.trusted_proxies = TrustedProxies::try_new(&["127.0.0.0/8"]).unwrap();
    });
    let client = client
        .with_header("x-forwarded-for", "203.0.113.7")
        .with_header("x-request-id", "<");
    let answer = client.get("/who").await;
    let id = answer.header("x-request-id");
    assert_eq!(id.len(), 36);
    assert_eq!(answer.text(), format!("203.0.113.7 {id}"));
}

#[tokio::test]
async fn faults_of_a_nested_face_stay_in_its_shape() {
    let face = wrap(
        Router::new().route("/ok", post(async || "fine")),
        Plain,
        &Limits::default(),
    );
    let client = TestClient::new(Router::new().nest("/api/face", face));
    let answer = client.get("/api/face/nowhere").await;
    assert!(answer.text().starts_with("NotFound "), "{}", answer.text());
    let answer = client.get("/api/face/ok").await;
    assert!(
        answer.text().starts_with("MethodNotAllowed "),
        "{}",
        answer.text()
    );
    assert_eq!(client.get("/elsewhere").await.text(), "");
}
