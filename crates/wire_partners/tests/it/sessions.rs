//! Every route asks who calls.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Method;
use lintel_edge::test_client::TestClient;
use lintel_testkit::both;
use lintel_wire_partners::{PREFIX, WITHOUT_SESSION, paths};

use crate::house::{House, full, problem};

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// A path of a route with something in each of its places.
pub fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{') {
        Some(name) if name.contains("niqu") => "0193f000-0000-7000-8000-000000000001",
        Some(_) => "1",
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn refused(client: &TestClient, why: &str) {
    for path in paths() {
        for method in METHODS {
            if WITHOUT_SESSION.contains(&(method.as_str(), path)) {
                continue;
            }
            let place = full(&filled(path));
            let body = Body::from("{\"a\":\"");
            let answer = client
                .send(method.clone(), &place, Some("application/json"), body)
                .await;
            if answer.status == 405 {
                continue;
            }
            let found = problem(&answer, 401);
            assert_eq!(
                found,
                [("sessionToken".to_owned(), "020519".to_owned())],
                "{why}: {method} {path}"
            );
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

both! {
    async fn no_route_answers_without_a_session(db) {
        let house = House::on(&db).await;
        let client = house.client.clone().with_header("x-correlation-id", "c-1");
        refused(&client, "no token").await;
        let wrong = client.with_header("authorization", &format!("Bearer {}", "A".repeat(43)));
        refused(&wrong, "unknown token").await;
    }

    async fn every_refusal_of_a_session_is_the_same(db) {
        let house = House::on(&db).await;
        let place = full("/taxonomies/genders");
        let plain = house.client.clone().with_header("x-correlation-id", "c-1");
        let mut bodies = BTreeSet::new();
        for client in [
            plain.clone(),
            plain.clone().with_header("authorization", "Bearer "),
            plain.clone().with_header("authorization", &format!("Basic {}", house.anna.token)),
            plain.clone().with_header("authorization", "Bearer x"),
            plain.clone().with_header("sessiontoken", "x"),
            house.anna.with("sessiontoken", &house.bruno.token),
            house.anna.with("xclientid", "somebody-else"),
            house.anna.with("xbrokeruid", house.bruno.broker.id.as_str()),
        ] {
            let answer = client.get(&place).await;
            assert_eq!(answer.status, 401);
            bodies.insert(answer.text().into_owned());
        }
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        let other = plain.with_header("sessiontoken", &house.anna.token);
        assert_eq!(other.get(&place).await.status, 200);
        let with_all = house.anna.with("xbrokeruid", house.anna.broker.id.as_str());
        assert_eq!(with_all.get(&place).await.status, 200);
    }

    async fn a_session_ends(db) {
        let house = House::on(&db).await;
        let answer = house.anna.delete("/authentication").await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        assert!(answer.body.is_empty());
        assert_eq!(house.anna.get("/taxonomies").await.status, 401);
        assert_eq!(house.anna.delete("/authentication").await.status, 401);
        assert_eq!(house.bruno.get("/taxonomies").await.status, 200);
        house.clock.advance(30 * 60 - 1);
        assert_eq!(house.bruno.get("/taxonomies").await.status, 200, "used in time");
        house.clock.advance(30 * 60 + 1);
        assert_eq!(house.bruno.get("/taxonomies").await.status, 401, "not used in time");
    }
}

#[test]
fn what_is_open_only_shrinks() {
    let open = [("POST", "/authentication"), ("GET", "/openapi.json")];
    assert_eq!(WITHOUT_SESSION, open);
    assert_eq!(PREFIX, "/API/partnersPortal");
}
