//! Bodies of three kinds, nested names, credentials in the wrong place, and everything that goes
//! wrong before an endpoint is reached: always in this API's own shape.

use axum::body::Body;
use axum::http::Method;
use lintel_edge::Limits;
use lintel_edge::test_client::{Answer, Part};
use lintel_testkit::both;
use lintel_wire_lender::error::ErrorStatus;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, Party, World, error, is_error, path, success};

const LIST: &str = "/get-list-loans";
const PAIR_SHAPE: &str = "Parameter apiID and/or apiKey missing or invalid format.";

/// Credentials as members of a JSON body.
fn document_of(me: &Party, data: Value) -> Value {
    let mut body = json!({ "data": data });
    for (name, value) in me.fields("json") {
        body[name] = Value::from(value);
    }
    body
}

fn with<'a>(me: &'a Party, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = me.fields("json").to_vec();
    fields.extend(more);
    fields
}

both! {
    /// The same call in every way the contract allows gets the same bytes back.
    async fn all_kinds_of_bodies_are_the_same_call(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        world
            .loan(&me, "LOS-1", DOCUMENT, "Start Application")
            .await;
        let data = r#"{"isActive":"true","limit":"5","withBorrower":["firstName"]}"#;
        let at = path(LIST);
        let urlencoded = world.post(LIST, &with(&me, &[("data", data)])).await;
        let parts: Vec<Part> = with(&me, &[("data", data)])
            .iter()
            .map(|(name, text)| Part::text(name, text))
            .collect();
        let mut as_file = parts.clone();
        as_file.pop();
        as_file.push(Part::file(
            "data",
            "data.json",
            "application/json",
            data.as_bytes(),
        ));
        let object: Value = serde_json::from_str(data).expect("JSON");
        let nested = [
            ("data[isActive]", "true"),
            ("data[limit]", "5"),
            ("data[withBorrower][]", "firstName"),
        ];
        let nested_parts: Vec<Part> = with(&me, &nested)
            .iter()
            .map(|(name, text)| Part::text(name, text))
            .collect();
        let answers = [
            world.client.post_multipart(&at, &parts).await,
            world.client.post_multipart(&at, &as_file).await,
            world
                .client
                .post_json(&at, &document_of(&me, Value::from(data)))
                .await,
            world.client.post_json(&at, &document_of(&me, object)).await,
            world.post(LIST, &with(&me, &nested)).await,
            world.client.post_multipart(&at, &nested_parts).await,
        ];
        assert_eq!(success(&urlencoded)["totalCount"], 1);
        for (n, answer) in answers.iter().enumerate() {
            assert_eq!(answer.text(), urlencoded.text(), "way {n}");
        }
    }

    async fn data_of_the_wrong_kind(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let deep = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
        for data in [
            "",
            " ",
            "null",
            "true",
            "7",
            "\"text\"",
            "[]",
            "{",
            "{}{}",
            "{\"a\":1,}",
            "NaN",
            &deep,
        ] {
            let answer = world.post(LIST, &with(&me, &[("data", data)])).await;
            is_error(&answer, 401, "Parameter data missing or invalid format.");
        }
        for data in [Value::Null, json!(1), json!(true), json!([]), json!("[]")] {
            let answer = world
                .client
                .post_json(&path(LIST), &document_of(&me, data))
                .await;
            is_error(&answer, 401, "Parameter data missing or invalid format.");
        }
    }

    /// Query strings end up in logs: credentials there are refused even when the body has them too.
    async fn credentials_in_the_query_string_are_refused(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let fields = with(&me, &[("data", r#"{"isActive":"true"}"#)]);
        let query = |text: &str| format!("{LIST}?{text}");
        success(&world.post(&query("trace=1"), &fields).await);
        for text in [
            "apiKey=x",
            "apiID=x",
            "accessToken=x",
            "a=1&apikey=x",
            "APIKEY",
            "b&accesstoken=",
            "api%4Bey=x",
            "%61piID",
            "apiKey[]=x",
        ] {
            is_error(&world.post(&query(text), &fields).await, 401, PAIR_SHAPE);
        }
        let all = form_of(&me);
        is_error(
            &world.post(&query(&all), &[("format", "json")]).await,
            401,
            PAIR_SHAPE,
        );
        let answer = world.post(&query(&all), &[]).await;
        is_error(&answer, 400, "Parameter format missing or invalid.");
    }

    async fn unknown_paths_and_methods(db) {
        let world = World::on(&db);
        for unknown in [
            "/api/lender/nothing",
            "/api/lender",
            "/api/lender/",
            "/api/lender/access-token/",
            "/x",
        ] {
            let answer = world.client.post_form(unknown, &[("format", "json")]).await;
            is_error(&answer, 404, "Unknown endpoint.");
        }
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = world
                .client
                .send(method, &path(LIST), None, Body::empty())
                .await;
            is_error(&answer, 405, "Method not allowed, use POST.");
        }
    }

    async fn bodies_that_cannot_be_read(db) {
        let limits = Limits {
            body_bytes: 2000,
            ..Limits::default()
        };
        let world = World::with(&db, ErrorStatus::Code, &limits);
        let at = path(LIST);
        let raw = async |kind: &str, bytes: &[u8]| world.client.post_raw(&at, kind, bytes).await;
        is_error(
            &raw("application/json", &[b' '; 2001]).await,
            413,
            "Request body is larger than 2000 bytes.",
        );
        for kind in [
            "text/plain",
            "application/xml",
            "multipart/mixed",
            "nonsense",
        ] {
            let answer = raw(kind, b"format=json").await;
            let (code, message) = error(&answer);
            assert_eq!((code, answer.status.as_u16()), (415, 415), "{kind}");
            assert!(
                message.starts_with("Content type is not supported"),
                "{message}"
            );
        }
        for (kind, bytes) in [
            ("application/json", &b"{\"format\":"[..]),
            ("application/json", b"[]"),
            ("application/json", b"\xff"),
            ("application/x-www-form-urlencoded", b"a=%FF"),
            ("multipart/form-data", b"x"),
            (
                "multipart/form-data; boundary=b",
                b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
            ),
        ] {
            let answer = raw(kind, bytes).await;
            let (code, message) = error(&answer);
            assert_eq!(
                (code, answer.status.as_u16()),
                (400, 400),
                "{kind}: {message}"
            );
            assert!(
                message.starts_with("Request body is not"),
                "{kind}: {message}"
            );
        }
        let format = "Parameter format missing or invalid.";
        for (kind, bytes) in [
            ("", &b""[..]),
            ("", b"a=1"),
            ("application/json", b""),
            ("application/json", b"{}"),
        ] {
            is_error(&raw(kind, bytes).await, 400, format);
        }
    }

    /// For clients that take a status of 400 and more for a broken connection.
    async fn error_status_ok(db) {
        let limits = Limits {
            body_bytes: 2000,
            ..Limits::default()
        };
        let world = World::with(&db, ErrorStatus::Ok, &limits);
        let me = world.lender().await;
        let long = "x".repeat(2001);
        let answers: [(u64, Answer); 6] = [
            (400, world.post(LIST, &[]).await),
            (401, world.post(LIST, &[("format", "json")]).await),
            (501, world.call(&me, LIST, &json!({})).await),
            (404, world.post("/nothing", &[]).await),
            (405, world.client.get(&path(LIST)).await),
            (413, world.post(LIST, &[("format", &long)]).await),
        ];
        for (code, answer) in answers {
            assert_eq!(answer.status.as_u16(), 200);
            assert_eq!(error(&answer).0, code);
        }
        let xml = world.post(LIST, &[("format", "xml")]).await;
        assert_eq!(xml.status.as_u16(), 200);
        assert!(
            xml.text().contains("<error><code>401</code>"),
            "{}",
            xml.text()
        );
    }

    async fn headers(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        for (format, kind) in [
            ("json", "application/json; charset=utf-8"),
            ("xml", "application/xml; charset=utf-8"),
        ] {
            let fields = me.fields(format);
            for answer in [
                world.post("/access-token", &fields).await,
                world.post(LIST, &fields).await,
            ] {
                assert_eq!(answer.header("content-type"), kind);
                assert_eq!(answer.header("x-request-id"), "r-1");
                assert_eq!(answer.header("cache-control"), "no-store");
                assert_eq!(answer.header("x-content-type-options"), "nosniff");
            }
        }
        let answer = world.post(LIST, &me.fields("json")).await;
        assert_eq!(answer.json()["error"]["requestId"], "r-1");
    }

    /// Extra fields are ignored wherever they stand; a name sent twice keeps its last value.
    async fn extra_and_repeated_fields(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let data = r#"{"isActive":"true","unknown":{"deep":[1]},"filter":{"unknown":1}}"#;
        let mut fields = vec![
            ("format", "yaml"),
            ("apiID", "wrong"),
            ("extra", "1"),
            ("extra[a][b]", "2"),
        ];
        fields.extend(with(&me, &[("data", data)]));
        success(&world.post(LIST, &fields).await);
    }
}

/// A caller's credentials as a query string.
fn form_of(me: &Party) -> String {
    me.fields("json")
        .map(|(name, value)| format!("{name}={value}"))
        .join("&")
}
