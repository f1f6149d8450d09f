//! What goes wrong before an endpoint can answer, and what every answer carries.

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use lintel_edge::Limits;
use lintel_testkit::both;

use crate::house::{House, full, problem};

both! {
    async fn unknown_paths_and_methods(db) {
        let house = House::on(&db).await;
        for path in ["/nothing", "", "/", "/taxonomies/", "/taxonomies/nothing", "/%ff", "/simulations//"] {
            let answer = house.anna.get(path).await;
            assert_eq!(problem(&answer, 404), [("path".to_owned(), "010403".to_owned())], "{path}");
        }
        for path in ["/taxonomies", "/taxonomies/genders"] {
            let answer = house.anna.delete(path).await;
            assert_eq!(problem(&answer, 405), [("method".to_owned(), "010423".to_owned())]);
            assert!(answer.header("allow").contains("GET"), "{path}: {:?}", answer.headers);
        }
        let answer = house.anna.client().send(Method::GET, &full("/authentication"), None, Body::empty()).await;
        problem(&answer, 405);
        assert_eq!(answer.header("allow"), "POST,DELETE");
    }

    async fn the_prefix_is_taken_in_any_letter_case(db) {
        let house = House::on(&db).await;
        for path in ["/api/partnersPortal/taxonomies/genders", "/API/PARTNERSPORTAL/taxonomies/genders"] {
            assert_eq!(house.anna.client().get(path).await.status, 200, "{path}");
        }
        let answer = house.anna.client().get("/api/partnersPortal/Taxonomies/genders").await;
        assert_eq!(answer.status, 404);
        assert_eq!(house.client.get("/api/partnersPortalX").await.status, 404);
    }

    async fn every_answer_carries_its_headers(db) {
        let house = House::on(&db).await;
        let answer = house.anna.get("/taxonomies/genders").await;
        assert_eq!(answer.header("x-correlation-id"), "c-1");
        assert_eq!(answer.header("content-language"), "pt-PT");
        assert_eq!(answer.header("vary"), "Accept-Language");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let english = house.anna.with("accept-language", "en;q=0.9, pt;q=0.1");
        let answer = english.get(&full("/nothing")).await;
        assert_eq!(answer.header("content-language"), "en");
        assert_eq!(answer.json()["title"], "Not Found");
        let wild = house.client.clone().with_header("x-correlation-id", "a b");
        let made = wild.get(&full("/nothing")).await;
        assert_eq!(made.header("x-correlation-id").len(), 36);
        assert_eq!(made.header("cache-control"), "no-store");
        // Whatever is wanted, JSON is given.
        let answer = house.anna.with("accept", "text/html").get(&full("/taxonomies")).await;
        assert_eq!(answer.status, 200);
    }

    async fn a_full_house_is_busy(db) {
        let limits = Limits { in_flight: 512, request: Duration::from_millis(1), body_total: Duration::from_millis(1), ..Limits::default() };
        let house = House::with(&db, &Limits::default()).await;
        let none = Limits { in_flight: 0, ..limits };
        let shut = lintel_edge::test_client::TestClient::new(lintel_wire_partners::router(house.app.clone(), &none));
        let answer = shut.get(&full("/taxonomies")).await;
        assert!(problem(&answer, 503).is_empty());
        assert_eq!(answer.header("retry-after"), "2");
    }
}
