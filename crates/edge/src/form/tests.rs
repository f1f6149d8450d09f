//! The same form in three content types, and what each of them refuses.

use super::*;
use crate::limits::Limits;
use crate::test_client::{Part, TestClient};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde_json::json;

/// Answers what it understood: the fields as JSON, then the files.
async fn echo(State(gate): State<BodyGate>, request: Request) -> String {
    match gate.form(request).await {
        Ok(form) => format!(
            "{} {:?}",
            Value::Object(form.fields().clone()),
            form.files()
        ),
        Err(error) => format!("{error:?}"),
    }
}

fn client() -> TestClient {
    let gate = BodyGate::new(&Limits {
        body_bytes: 100_000,
        ..Limits::default()
    });
    TestClient::new(Router::new().route("/", post(echo)).with_state(gate))
}

#[tokio::test]
async fn three_kinds_one_form() {
    let client = client();
    let expected = r#"{"format":"json","data":{"zip":"92649"}} []"#;
    let urlencoded = client
        .post_form("/", &[("format", "json"), ("data[zip]", "92649")])
        .await;
    assert_eq!(urlencoded.text(), expected);
    let parts = [
        Part::text("format", "json"),
        Part::text("data[zip]", "92649"),
    ];
    assert_eq!(client.post_multipart("/", &parts).await.text(), expected);
    let document = json!({"format": "json", "data": {"zip": "92649"}});
    assert_eq!(client.post_json("/", &document).await.text(), expected);
}

#[tokio::test]
async fn content_types() {
    let client = client();
    for (content_type, body, expected) in [
        ("", "", "{} []"),
        ("", "a=1", r#"{"a":"1"} []"#),
        ("application/json", "", "{} []"),
        ("multipart/form-data; boundary=x", "", "{} []"),
        (
            "Application/JSON; charset=UTF-8",
            r#"{"a":1.5}"#,
            r#"{"a":1.5} []"#,
        ),
        (
            "application/x-www-form-urlencoded;charset=iso-8859-1",
            "a=1",
            r#"{"a":"1"} []"#,
        ),
        ("application/json", "[1]", "BadJson { line: 1, column: 1 }"),
        (
            "application/json",
            "{\"a\":1,\n}",
            "BadJson { line: 2, column: 1 }",
        ),
        ("text/plain", "a=1", "UnsupportedType"),
        ("text/xml", "", "UnsupportedType"),
        ("multipart/mixed; boundary=x", "", "UnsupportedType"),
        (
            "multipart/form-data",
            "x",
            r#"BadMultipart("the boundary is missing or invalid")"#,
        ),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
            r#"BadMultipart("the parts are not well-formed or the last one is cut off")"#,
        ),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
            r#"BadMultipart("a part has no name")"#,
        ),
    ] {
        let answer = client.post_raw("/", content_type, body.as_bytes()).await;
        assert_eq!(answer.text(), expected, "{content_type}: {body}");
    }
}

#[tokio::test]
async fn bad_utf8_and_oversize_in_each_kind() {
    let client = client();
    let multipart = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xFF\r\n--x--";
    let refused = r#"BadForm("text is not valid UTF-8")"#;
    for (content_type, bytes) in [
        ("multipart/form-data; boundary=x", &multipart[..]),
        ("application/x-www-form-urlencoded", b"a=\xFF"),
        ("application/x-www-form-urlencoded", b"a=%FF"),
        ("application/json", b"{\"a\":\"\xFF\"}"),
    ] {
        assert_eq!(
            client.post_raw("/", content_type, bytes).await.text(),
            refused
        );
        let large = client
            .post_raw("/", content_type, &vec![b'a'; 100_001])
            .await;
        assert_eq!(large.text(), "TooLarge { limit: 100000 }");
    }
}

#[tokio::test]
async fn multipart_keeps_files_aside_and_the_last_of_a_name() {
    let parts = [
        Part::text("format", "xml"),
        Part::text("format", "json"),
        Part::file(
            "documents[]",
            "C:\\papers\\a.pdf",
            "application/pdf",
            b"%PDF-1.7 \xFF",
        ),
        Part::file("documents[]", "", "application/octet-stream", b""),
    ];
    let answer = client().post_multipart("/", &parts).await;
    let files = r#"[FilePart { name: "documents[]", 10 bytes, .. }]"#;
    assert_eq!(answer.text(), format!(r#"{{"format":"json"}} {files}"#));
}

#[tokio::test]
async fn multipart_part_limits() {
    let parts = vec![Part::text("a", "1"); MOST_PARTS];
    assert_eq!(
        client().post_multipart("/", &parts).await.text(),
        r#"{"a":"1"} []"#
    );
    let parts = vec![Part::text("a", "1"); MOST_PARTS + 1];
    assert_eq!(
        client().post_multipart("/", &parts).await.text(),
        "TooManyFields"
    );
    let parts = [Part::file(&"n".repeat(257), "f", "text/plain", b"x")];
    let refused = r#"BadMultipart("a field name is longer than 256 bytes")"#;
    assert_eq!(client().post_multipart("/", &parts).await.text(), refused);
}

fn form(fields: Value, files: &[(&str, &[u8])]) -> Form {
    let files = files.iter().map(|(name, content)| FilePart {
        name: (*name).to_owned(),
        file_name: "f".to_owned(),
        content_type: None,
        bytes: Bytes::copy_from_slice(content),
    });
    let Value::Object(fields) = fields else {
        panic!("not an object")
    };
    Form::new(fields, files.collect(), 100)
}

#[test]
fn text_comes_from_fields_or_textual_files() {
    let form = form(
        json!({"a": "1", "n": 1}),
        &[("data", b"{}"), ("pdf", b"\xFF")],
    );
    assert_eq!(form.text("a"), Some("1"));
    assert_eq!(form.text("n"), None);
    assert_eq!(form.text("data"), Some("{}"));
    assert_eq!(form.text("pdf"), None);
    assert_eq!(format!("{form:?}"), "Form { 2 fields, 2 files }");
}

#[test]
fn json_is_taken_once_from_wherever_it_is() {
    let fields = json!({
        "text": "{\"a\":1}", "object": {"a": 1}, "list": [1], "number": 1, "null": null,
        "blank": " ", "bad": "{", "many": "[1,2,3]",
    });
    let mut form = form(fields, &[("file", b"[1]"), ("pdf", b"\xFF")]);
    form.json_nodes = 3;
    let bad = |column| Some(Err(BodyError::BadJson { line: 1, column }));
    assert_eq!(form.take_json("text"), Some(Ok(json!({"a": 1}))));
    assert_eq!(form.take_json("text"), None);
    assert_eq!(form.take_json("object"), Some(Ok(json!({"a": 1}))));
    assert_eq!(form.take_json("list"), Some(Ok(json!([1]))));
    assert_eq!(form.take_json("file"), Some(Ok(json!([1]))));
    assert_eq!(form.take_json("number"), bad(1));
    assert_eq!(form.take_json("bad"), bad(1));
    assert_eq!(form.take_json("many"), Some(Err(BodyError::TooManyFields)));
    for absent in ["null", "blank", "pdf", "nothing"] {
        assert_eq!(form.take_json(absent), None, "{absent}");
    }
}

#[test]
fn weight_counts_what_could_become_values() {
    assert_eq!(separators(b"[1,{\"a\":[]}]"), 4);
    assert_eq!(separators(b"data=%5B1%2c%7B%5b%5D%7d%2F%"), 4);
    assert_eq!(separators(b"%2"), 0);
    assert_eq!(weight(10, [&b"[,"[..], b"{"]), 10 + 3 * NODE_BYTES);
}

#[tokio::test]
async fn a_dense_document_needs_more_room_than_its_length() {
    let limits = Limits {
        body_bytes: 200_000,
        body_budget_bytes: 4 * 1024 * 1024,
        budget_wait: std::time::Duration::from_millis(5),
        ..Limits::default()
    };
    let gate = BodyGate::new(&limits);
    let dense = || {
        let body = format!("{{\"a\":[{}0]}}", "0,".repeat(20_000));
        let mut request = Request::new(axum::body::Body::from(body));
        request
            .headers_mut()
            .insert(CONTENT_TYPE, "application/json".parse().unwrap());
        request
    };
    let first = gate.form(dense()).await.unwrap();
    assert_eq!(gate.form(dense()).await.unwrap_err(), BodyError::Busy);
    drop(first);
    assert!(gate.form(dense()).await.is_ok());
}
