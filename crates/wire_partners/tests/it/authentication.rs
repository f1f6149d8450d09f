//! Signing in and out over HTTP: every name of every header, and one answer for everything wrong.

use std::collections::BTreeSet;

use axum::http::Method;
use lintel_app::by::By;
use lintel_edge::test_client::{Answer, TestClient};
use lintel_intermediaries::intermediary::{self, Switch};
use lintel_intermediaries::{network, user};
use lintel_testkit::both;
use serde_json::json;

use crate::house::{Caller, House, full, problem, send};

type Headers<'a> = Vec<(&'static str, &'a str)>;

async fn login(house: &House, headers: &[(&'static str, &str)]) -> Answer {
    let mut client = house.client.clone().with_header("x-correlation-id", "c-1");
    for (name, value) in headers {
        client = client.with_header(name, value);
    }
    client.post_raw(&full("/authentication"), "", b"").await
}

/// What `anna` signs in with, under the guide's names.
fn guide<'a>(anna: &'a Caller, number: &'a str) -> Headers<'a> {
    vec![
        ("xclientid", anna.client_id.as_str()),
        ("xclientsecret", anna.client_secret.as_str()),
        ("brokerid", number),
        ("username", anna.username.as_str()),
    ]
}

/// The same with one header's value changed, or without it.
fn but<'a>(headers: &Headers<'a>, name: &'static str, value: Option<&'a str>) -> Headers<'a> {
    let mut changed: Headers<'a> = headers
        .iter()
        .copied()
        .filter(|(n, _)| *n != name)
        .collect();
    changed.extend(value.map(|value| (name, value)));
    changed
}

fn bearer(house: &House, token: &str) -> TestClient {
    house
        .client
        .clone()
        .with_header("authorization", &format!("Bearer {token}"))
}

both! {
    async fn the_guides_names_get_the_guides_answer(db) {
        let house = House::on(&db).await;
        let number = house.anna.broker.number.to_string();
        let answer = login(&house, &guide(&house.anna, &number)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        let token = answer.json().as_str().expect("a bare string").to_owned();
        assert_eq!(token.len(), 43);
        let client = bearer(&house, &token);
        assert_eq!(client.get(&full("/taxonomies/genders")).await.status, 200);
    }

    async fn every_other_set_of_names_gets_an_object(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        let (id, number) = (anna.broker.id.as_str(), anna.broker.number.to_string());
        let loud = id.to_ascii_uppercase();
        let nif = anna.broker.nif.as_str();
        let with_country = format!("PT{nif}");
        let (client_id, secret) = (anna.client_id.as_str(), anna.client_secret.as_str());
        let user = anna.username.to_ascii_uppercase();
        let brokers: [Headers<'_>; 8] = [
            vec![("xbrokeruid", id)],
            vec![("xbrokeruid", &loud)],
            vec![("brokerid", &number)],
            vec![("correlationid", nif)],
            vec![("correlationid", &with_country)],
            vec![("correlationid", &number)],
            vec![("xbrokeruid", id), ("brokerid", &number), ("correlationid", nif)],
            vec![("brokerid", &number), ("correlationid", &number)],
        ];
        for broker in brokers {
            for names in [["xclientid", "xclientsecret"], ["x-client-id", "x-client-secret"]] {
                let mut headers = broker.clone();
                headers.extend([(names[0], client_id), (names[1], secret), ("xusername", &user)]);
                let answer = login(&house, &headers).await;
                assert_eq!(answer.status, 200, "{headers:?}: {}", answer.text());
                let body = answer.json();
                let token = body["sessionToken"].as_str().expect("a token");
                let whole = json!({ "sessionToken": token, "tokenType": "Bearer", "expiresIn": 1800 });
                assert_eq!(body, whole);
            }
        }
    }

    async fn whatever_is_wrong_the_answer_is_the_same(db) {
        let house = House::on(&db).await;
        let (anna, carla) = (&house.anna, &house.carla);
        let number = anna.broker.number.to_string();
        let right = guide(anna, &number);
        let theirs = carla.broker.number.to_string();
        let mut shut = Vec::new();
        let by = By::Operator(&house.bank);
        let bruno = house.bruno.broker.number.to_string();
        let what = Switch::ApiAccess;
        intermediary::switch(&house.app, &by, &bruno, what, false).await.expect("switched");
        shut.push(guide(&house.bruno, &bruno));
        let mut wrong: Vec<Headers<'_>> = vec![
            vec![],
            but(&right, "xclientid", None),
            but(&right, "xclientsecret", None),
            but(&right, "brokerid", None),
            but(&right, "username", None),
            but(&right, "xclientid", Some("nobody")),
            but(&right, "xclientid", Some("")),
            but(&right, "xclientsecret", Some("wrong")),
            but(&right, "xclientsecret", Some(&carla.client_secret)),
            but(&right, "xclientid", Some(&carla.client_id)),
            but(&right, "brokerid", Some(&theirs)),
            but(&right, "brokerid", Some("1")),
            but(&right, "brokerid", Some("99999999999999999999")),
            but(&right, "brokerid", Some("abc")),
            but(&right, "username", Some(&carla.username)),
            but(&right, "username", Some("jos\u{e9}")),
            but(&right, "xbrokeruid", Some(carla.broker.id.as_str())),
            but(&right, "xbrokeruid", Some("no-uuid")),
            but(&right, "correlationid", Some(carla.broker.nif.as_str())),
            but(&right, "correlationid", Some("123456788")),
        ];
        wrong.append(&mut shut);
        let mut answers = BTreeSet::new();
        for headers in wrong {
            let answer = login(&house, &headers).await;
            assert_eq!(answer.status, 401, "{headers:?}: {}", answer.text());
            // The one thing that differs between any two answers.
            let kept = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
            let all = kept.map(|(n, v)| format!("{n}: {v:?}"));
            let all: BTreeSet<String> = all.collect();
            answers.insert(format!("{all:?} {}", answer.text()));
            // Nobody is to wait for what another line tried.
            house.clock.advance(3600);
        }
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert_eq!(login(&house, &right).await.status, 200);
    }

    async fn names_that_contradict_each_other_are_refused(db) {
        let house = House::on(&db).await;
        let (anna, carla) = (&house.anna, &house.carla);
        let number = anna.broker.number.to_string();
        let nobody = vec![
            ("xclientid", "nobody"),
            ("xclientsecret", "x"),
            ("brokerid", "1"),
            ("username", "x"),
        ];
        for headers in [guide(anna, &number), nobody] {
            let mut sent = Vec::new();
            for (name, value) in [
                ("x-client-id", carla.client_id.as_str()),
                ("x-client-secret", carla.client_secret.as_str()),
                ("correlationid", "77"),
                ("xusername", carla.username.as_str()),
            ] {
                let answer = login(&house, &but(&headers, name, Some(value))).await;
                let found = problem(&answer, 400);
                assert_eq!(found.len(), 1, "{name}");
                sent.push(found[0].1.clone());
            }
            let differ: BTreeSet<&String> = sent.iter().collect();
            assert_eq!(differ.len(), 4, "each field has a code: {sent:?}");
        }
    }

    async fn who_fails_often_is_told_to_wait(db) {
        let house = House::on(&db).await;
        let number = house.anna.broker.number.to_string();
        let right = guide(&house.anna, &number);
        let wrong = but(&right, "xclientsecret", Some("wrong"));
        for _ in 0..6 {
            assert_eq!(login(&house, &wrong).await.status, 401);
            house.clock.advance(1);
        }
        let answer = login(&house, &wrong).await;
        assert_eq!(answer.header("retry-after"), "1");
        problem(&answer, 429);
        let others = house.bruno.broker.number.to_string();
        let other = login(&house, &guide(&house.bruno, &others)).await;
        assert_eq!(other.status, 200, "another user does not wait");
        house.clock.advance(1);
        assert_eq!(login(&house, &right).await.status, 200);
    }

    async fn access_that_is_withdrawn_ends_the_session(db) {
        let house = House::on(&db).await;
        let (app, by) = (&house.app, By::Operator(&house.bank));
        let place = "/taxonomies/genders";
        let [anna, bruno, carla] =
            [&house.anna, &house.bruno, &house.carla].map(|c| c.broker.number.to_string());
        let whom = (anna.as_str(), house.anna.username.as_str());
        user::switch(app, &by, whom, Switch::ApiAccess, false).await.expect("switched");
        problem(&house.anna.get(place).await, 401);
        let what = Switch::Active;
        intermediary::switch(app, &by, &bruno, what, false).await.expect("switched");
        problem(&house.bruno.get(place).await, 401);
        network::switch(app, &by, &house.carla.client_id, false).await.expect("switched");
        problem(&house.carla.get(place).await, 401);
        assert!(!carla.is_empty());
    }

    async fn a_stolen_token_is_nothing_after_signing_out(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        let out = send(&anna.client(), Method::DELETE, "/authentication", None).await;
        assert_eq!((out.status.as_u16(), out.body.len()), (204, 0));
        problem(&anna.get("/taxonomies").await, 401);
        let second = send(&anna.client(), Method::DELETE, "/authentication", None).await;
        problem(&second, 401);
        let answer = house.client.get(&full("/authentication")).await;
        assert!(answer.status == 405 || answer.status == 401, "{}", answer.status);
    }
}
