//! Keys that make a repeated request harmless; the layer's own cases are tested beside its source.

use axum::http::Method;
use lintel_testkit::both;
use serde_json::json;

use crate::house::{House, full, problem, send};

const NOWHERE: &str = "/simulations/0193f000-0000-7000-8000-000000000001/messages";

both! {
    async fn a_key_answers_once(db) {
        let house = House::on(&db).await;
        let keyed = house.anna.with("idempotency-key", "k-1");
        let body = json!({ "subject": "Exemplo", "text": "Exemplo" });
        let first = send(&keyed, Method::POST, NOWHERE, Some(&body)).await;
        problem(&first, 404);
        assert_eq!(house.rows("idempotency").await, 1);
        let again = send(&keyed, Method::POST, NOWHERE, Some(&body)).await;
        problem(&again, 404);
        assert_eq!(again.header("idempotency-replayed"), "true");
        let other = send(&keyed, Method::POST, NOWHERE, Some(&json!({}))).await;
        assert_eq!(problem(&other, 422), [("Idempotency-Key".to_owned(), "010312".to_owned())]);
        // Another user's key is another key.
        let stranger = house.bruno.with("idempotency-key", "k-1");
        let answer = send(&stranger, Method::POST, NOWHERE, Some(&json!({ "text": 1 }))).await;
        assert_ne!(answer.status, 422);
        assert_eq!(answer.header("idempotency-replayed"), "");
        assert_eq!(house.rows("idempotency").await, 2);
    }

    async fn keys_cannot_be_anything(db) {
        let house = House::on(&db).await;
        let keyed = house.anna.with("idempotency-key", "a b");
        let answer = send(&keyed, Method::POST, NOWHERE, Some(&json!({}))).await;
        assert_eq!(problem(&answer, 400), [("Idempotency-Key".to_owned(), "010302".to_owned())]);
        // Signing in is never told again: its answer is a secret that moves on.
        let keyed = house.client.clone().with_header("idempotency-key", "a b");
        let answer = keyed.post_raw(&full("/authentication"), "", b"").await;
        assert_eq!(answer.status, 401);
        assert_eq!(house.rows("idempotency").await, 0);
    }
}
