//! A server's life: start, token, loans, stop, start again.

use serde_json::json;

use super::client::{Credentials, get, refusal};
use super::documents;
use super::place::{Place, on_both};
use super::process::{Server, lintel, run};

on_both! {
    a_server_lives_stops_and_remembers => super::lives_and_remembers;
    the_token_ends_when_it_is_destroyed => super::token_ends;
}

fn lives_and_remembers(place: &Place) {
    let server = Server::start(place, &[]);
    let client = server.demo_client(place);
    let first = client
        .create("LIFE-1", &documents::loan(1))
        .expect("created");
    let second = client
        .create("LIFE-2", &documents::loan(2))
        .expect("created");
    assert_ne!(first, second);
    let (mut listed, total) = client.list();
    listed.sort();
    let mut expected = vec![first.clone(), second];
    expected.sort();
    assert_eq!((listed, total), (expected, 2));
    assert_eq!(get(&server.url, "/healthz").0, 200);
    assert!(
        get(&server.url, "/metrics")
            .1
            .contains("lintel_http_requests_total")
    );
    let before = Credentials::of_demo(place.folder());
    let (status, log) = server.stop();
    assert_eq!(status.code(), Some(0), "{log}");

    let server = Server::start(place, &[]);
    let after = Credentials::of_demo(place.folder());
    assert_eq!(
        (&before.api_id, &before.api_key),
        (&after.api_id, &after.api_key)
    );
    // The token of before the restart still works: it lives in the database.
    let answer = client_at(&client, &server).call("get-list-loans", json!({ "isActive": 1 }));
    assert_eq!(answer.expect("an answer")["totalCount"], 2);
    let client = server.demo_client(place);
    assert_eq!(
        client
            .create("LIFE-1", &documents::loan(1))
            .expect("repeated"),
        first
    );
    assert_eq!(client.list().1, 2);
    assert_eq!(server.stop().0.code(), Some(0));
    let check = run(&mut lintel(place, &["check"]));
    check.assert_no_fault();
    assert!(check.out.contains("chain intact"), "{check:?}");
}

/// The same caller, who has heard of the new address and asked for nothing.
fn client_at(client: &super::client::Client, server: &Server) -> super::client::Client {
    client.clone().moved_to(&server.url)
}

fn token_ends(place: &Place) {
    let server = Server::start(place, &[]);
    let client = server.demo_client(place);
    let answer = client
        .post("access-token/destroy", client.body(None))
        .expect("an answer");
    assert!(answer.get("error").is_none(), "{answer}");
    let answer = client
        .call("get-list-loans", json!({ "isActive": 1 }))
        .expect("an answer");
    assert_eq!(refusal(&answer).0, 401);
    let renewed = server.demo_client(place);
    assert_ne!(renewed.token, client.token);
    assert_eq!(renewed.list(), (Vec::new(), 0));
    assert_eq!(server.stop().0.code(), Some(0));
}
