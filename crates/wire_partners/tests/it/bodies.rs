//! Bodies that cannot be read, on an endpoint that takes one.

use axum::body::Body;
use axum::http::Method;
use lintel_edge::Limits;
use lintel_edge::test_client::{Answer, TestClient};
use lintel_testkit::both;
use lintel_wire_partners::router;

use crate::house::{House, full, problem};

const PLACE: &str = "/simulations/validate";

async fn sent(client: &TestClient, kind: &str, bytes: &[u8]) -> Answer {
    client.post_raw(&full(PLACE), kind, bytes).await
}

fn of_body(code: &str) -> Vec<(String, String)> {
    vec![("body".to_owned(), code.to_owned())]
}

both! {
    async fn what_is_no_json_object_is_told_with_its_place(db) {
        let house = House::on(&db).await;
        let client = house.anna.with("accept-language", "en");
        let deep = format!("{}{}", "[".repeat(70), "]".repeat(70));
        let huge = format!("{{\"a\":{}}}", "9".repeat(100_000));
        for (bytes, code) in [
            (&b""[..], "010101"),
            (b"{", "010102"),
            (b"[]", "010102"),
            (b"null", "010102"),
            (b"\"x\"", "010102"),
            (b"{\"a\":\"\xff\"}", "010102"),
            (b"{\"a\":\"\x00\"}", "010102"),
            (b"{\"a\":NaN}", "010102"),
            (b"{\"a\":1,\"a\":2}", "010114"),
            (deep.as_bytes(), "010123"),
        ] {
            let answer = sent(&client, "application/json", bytes).await;
            assert_eq!(problem(&answer, 400), of_body(code), "{}", String::from_utf8_lossy(bytes));
        }
        let answer = sent(&client, "application/json", b"{\n \"a\": x}").await;
        let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.ends_with("(line 2, column 7)"), "{detail}");
        let answer = sent(&client, "application/json", b"{\"a\":1,\n\"a\":2}").await;
        let message = answer.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert_eq!(message, "Request body: is there twice (line 2, column 1).");
        // Unknown members may be anything.
        let answer = sent(&client, "application/json", huge.as_bytes()).await;
        assert!(!problem(&answer, 400).contains(&("body".to_owned(), "010102".to_owned())));
    }

    async fn only_json_is_taken(db) {
        let house = House::on(&db).await;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""] {
            let answer = sent(&house.anna.client(), kind, b"{}").await;
            assert_eq!(problem(&answer, 415), [("Content-Type".to_owned(), "010223".to_owned())], "{kind}");
        }
        for kind in ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"] {
            let answer = sent(&house.anna.client(), kind, b"{}").await;
            assert_eq!(answer.status, 400, "{kind}");
        }
        let packed = house.anna.with("content-encoding", "gzip");
        problem(&sent(&packed, "application/json", b"{}").await, 415);
    }

    async fn bodies_are_bounded(db) {
        let limits = Limits { body_bytes: 2000, json_nodes: 50, ..Limits::default() };
        let house = House::on(&db).await;
        let small = TestClient::new(router(house.app.clone(), &limits))
            .with_header("authorization", &format!("Bearer {}", house.anna.token));
        let answer = sent(&small, "application/json", &vec![b' '; 2001]).await;
        assert_eq!(problem(&answer, 413), of_body("010108"));
        let many = format!("[{}1]", "1,".repeat(60));
        let answer = sent(&small, "application/json", many.as_bytes()).await;
        assert_eq!(problem(&answer, 413), of_body("010123"));
        // Nothing is read of a body whose sender is nobody.
        let nobody = TestClient::new(router(house.app.clone(), &limits));
        let answer = sent(&nobody, "application/json", &vec![b' '; 2001]).await;
        problem(&answer, 401);
    }

    async fn queries_are_read_as_they_are(db) {
        let house = House::on(&db).await;
        for bad in ["a=%", "a=%ff", "a=%zz"] {
            let answer = house.anna.get(&format!("/simulations?{bad}")).await;
            assert_eq!(problem(&answer, 400), [("query".to_owned(), "011702".to_owned())], "{bad}");
        }
        let answer = house.anna.get("/simulations?lineCount=0&nextRecord=x").await;
        let fields: Vec<String> = problem(&answer, 400).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["lineCount", "nextRecord"]);
        let answer = house.anna.client().send(Method::GET, &full("/simulations?filterByText=%00"), None, Body::empty()).await;
        problem(&answer, 400);
    }
}
