//! What is told, what is refused, and how long it may take.

use super::*;
use crate::guard::wrap;
use crate::test_client::TestClient;
use crate::{EdgeFault, Shape};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

fn data(mut form: Form) -> String {
    match form.take_json("data") {
        Some(Ok(data)) => data.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn numbers_stand_for_contents_in_their_order() {
    let body = r#"{"apiID":"me","data":{"documents":[{"fileContent":"b"},{"fileContent":"c"}]}}"#;
    let (form, kept) = of(JSON, body).await.unwrap();
    assert_eq!(kept.contents, [b"b", b"c"]);
    assert_eq!(kept.known, [Some("me".to_owned()), Some("me".to_owned())]);
    assert_eq!(form.text("apiID"), Some("me"));
    assert_eq!(
        data(form),
        r#"{"documents":[{"fileContent":"0"},{"fileContent":"1"}]}"#
    );
}

#[tokio::test]
async fn texts_are_known_as_soon_as_they_have_come() {
    let data = r#"{"documents":[{"fileContent":"b"}]}"#;
    let escaped = data.replace('"', "\\\"");
    let multipart = |first: (&str, &str), second: (&str, &str)| {
        let part = |(name, value)| {
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        format!("{}{}--XX--", part(first), part(second))
    };
    let me = ("apiID", "me");
    for (content_type, body, known) in [
        (
            JSON,
            format!(r#"{{"apiID":"me","data":{data}}}"#),
            Some("me"),
        ),
        (JSON, format!(r#"{{"data":{data},"apiID":"me"}}"#), None),
        (
            JSON,
            format!(r#"{{"apiID":"m\u0065","data":"{escaped}"}}"#),
            Some("me"),
        ),
        (
            JSON,
            format!(r#"{{"x":{{"apiID":"no"}},"data":"{escaped}"}}"#),
            None,
        ),
        (JSON, format!(r#"{{"apiID":7,"data":{data}}}"#), None),
        (
            JSON,
            format!(r#"{{"apiID":"{}","data":{data}}}"#, "x".repeat(999)),
            None,
        ),
        (URLENCODED, format!("apiID=m%65&data={data}"), Some("me")),
        (URLENCODED, format!("data={data}&apiID=me"), None),
        (URLENCODED, format!("apiID[]=me&data={data}"), None),
        (MULTIPART, multipart(me, ("data", data)), Some("me")),
        (MULTIPART, multipart(("data", data), me), None),
    ] {
        let (_, kept) = of(content_type, &body).await.unwrap();
        assert_eq!(kept.known, [known.map(ToOwned::to_owned)], "{body}");
        assert_eq!(kept.begins[0].is_urlencoded, content_type == URLENCODED);
    }
}

#[tokio::test]
async fn file_parts_can_be_contents() {
    let body = "--XX\r\nContent-Disposition: form-data; name=\"paper[]\"; filename=\"C:\\x\\a.pdf\"\r\n\
                Content-Type: application/pdf\r\n\r\n%PDF\r\n--X\r\n--XX\r\n\
                Content-Disposition: form-data; name=\"paper\"; filename=\"\"\r\n\r\n\r\n--XX\r\n\
                Content-Disposition: form-data; name=\"other\"; filename=\"b\"\r\n\r\nb\r\n--XX--\r\n";
    let (form, kept) = of(MULTIPART, body).await.unwrap();
    assert_eq!(kept.contents, [b"%PDF\r\n--X"]);
    let file = kept.begins[0].file.clone().unwrap();
    assert_eq!(
        (file.name.as_str(), file.file_name.as_str()),
        ("paper[]", "a.pdf")
    );
    let files: Vec<_> = form
        .files()
        .iter()
        .map(|f| (&*f.name, &f.bytes[..]))
        .collect();
    assert_eq!(files, [("paper[]", &b"0"[..]), ("other", b"b")]);
}

#[tokio::test]
async fn what_is_no_content_is_bounded() {
    let long = "x".repeat(BOUNDS.gathered_bytes);
    let refused = Stopped::Body(BodyError::TooMuchBeside {
        limit: BOUNDS.gathered_bytes,
    });
    for (content_type, body) in [
        (
            JSON,
            format!(r#"{{"data":{{"documents":[{{"fileName":"{long}"}}]}}}}"#),
        ),
        (
            JSON,
            format!(r#"{{"data":{{"documents":[{{"x":{{"fileContent":"{long}"}}}}]}}}}"#),
        ),
        (URLENCODED, format!("data[x][fileContent]={long}")),
        (URLENCODED, format!("a={long}")),
        (
            MULTIPART,
            format!("--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{long}"),
        ),
    ] {
        assert_eq!(of(content_type, &body).await.unwrap_err(), refused);
    }
    let content = format!(r#"{{"data":{{"documents":[{{"fileContent":"{long}"}}]}}}}"#);
    let (_, kept) = of(JSON, &content).await.unwrap();
    assert_eq!(kept.contents[0].len(), BOUNDS.gathered_bytes);
}

#[tokio::test]
async fn bodies_that_are_refused() {
    let mut too_large = vec![Bytes::from(vec![b'a'; 600_000]); 2];
    too_large.insert(0, Bytes::from_static(b"data[documents][0][fileContent]="));
    let stopped = streamed(URLENCODED, too_large).await.unwrap_err();
    assert_eq!(
        stopped,
        Stopped::Body(BodyError::TooLarge { limit: 1_048_576 })
    );
    for (content_type, body, error) in [
        ("text/plain", "a", BodyError::UnsupportedType),
        (JSON, "[]", BodyError::BadJson { line: 1, column: 1 }),
        (JSON, &"[".repeat(70), BodyError::TooDeep),
        (
            "multipart/form-data",
            "x",
            BodyError::BadMultipart("the boundary is missing or invalid".to_owned()),
        ),
    ] {
        assert_eq!(
            of(content_type, body).await.unwrap_err(),
            Stopped::Body(error)
        );
    }
    let (form, _) = of("", "").await.unwrap();
    assert!(form.fields().is_empty());
}

#[tokio::test]
async fn a_multipart_body_with_endless_heads_or_parts_is_refused() {
    let head = format!("--XX\r\nA: {}", "x".repeat(40_000));
    assert!(matches!(
        of(MULTIPART, &head).await.unwrap_err(),
        Stopped::Body(BodyError::BadMultipart(_))
    ));
    let part = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
    let body = part.repeat(2_001);
    let pieces = pieces(body.as_bytes(), || 4096);
    let stopped = streamed(MULTIPART, pieces).await.unwrap_err();
    assert_eq!(stopped, Stopped::Body(BodyError::TooManyFields));
}

#[tokio::test]
async fn a_sink_that_refuses_is_answered_after_the_rest_was_read() {
    let body = r#"{"data":{"documents":[{"fileContent":"b"},{"fileContent":"c"}]}}"#;
    let mut kept = Kept {
        refuse_from: Some(1),
        ..Kept::default()
    };
    let request = request(JSON, pieces(body.as_bytes(), || 5));
    let stopped = gate().stream(request, WANTED, BOUNDS, &mut kept).await;
    assert_eq!(stopped.unwrap_err(), Stopped::Sink("enough"));
    assert_eq!(kept.contents, [b"b"]);
}

#[tokio::test]
async fn a_torn_body_and_a_silent_one_are_named() {
    let begun = || {
        Ok(Bytes::from_static(
            b"{\"data\":{\"documents\":[{\"fileContent\":\"ab",
        ))
    };
    let torn = Body::from_stream(stream::iter([begun(), Err("gone")]));
    let mut request = Request::new(torn);
    let json = HeaderValue::from_static(JSON);
    request.headers_mut().insert(CONTENT_TYPE, json.clone());
    let mut kept = Kept::default();
    let stopped = gate().stream(request, WANTED, BOUNDS, &mut kept).await;
    assert_eq!(stopped.unwrap_err(), Stopped::Body(BodyError::Broken));
    assert!(kept.open, "what broke off has no end");

    let gate = BodyGate::new(&Limits {
        body_idle: Duration::from_millis(5),
        ..Limits::default()
    });
    let silent = stream::pending::<Result<Bytes, Infallible>>();
    let mut request = Request::new(Body::from_stream(silent));
    request.headers_mut().insert(CONTENT_TYPE, json);
    let stopped = gate
        .stream(request, WANTED, BOUNDS, &mut Kept::default())
        .await;
    assert_eq!(stopped.unwrap_err(), Stopped::Body(BodyError::TimedOut));
}

#[derive(Clone)]
struct Plain;

impl Shape for Plain {
    fn face(&self) -> &'static str {
        "plain"
    }

    fn fault(&self, kind: EdgeFault, _: &str) -> Response {
        format!("{kind:?}").into_response()
    }
}

/// Sends a drip for longer than a body may take; its handler asks for more time or does not.
async fn slow(extend: bool) -> String {
    let handler = async move |request: Request| {
        let deadline = request.extensions().get::<Deadline>().cloned().unwrap();
        if extend {
            deadline.extend(Duration::from_secs(60));
        }
        let gate = BodyGate::new(&Limits {
            body_total: Duration::from_millis(20),
            ..Limits::default()
        });
        let mut kept = Kept::default();
        match gate.stream(request, WANTED, BOUNDS, &mut kept).await {
            Ok(_) => format!("{} bytes", kept.contents.concat().len()),
            Err(stopped) => format!("{stopped:?}"),
        }
    };
    let limits = Limits {
        request: Duration::from_millis(200),
        ..Limits::default()
    };
    let router = Router::new().route("/", post(handler));
    let client = TestClient::new(wrap(router, Plain, &limits));
    let end = Instant::now() + Duration::from_millis(300);
    let drip = stream::unfold(0, move |n| async move {
        tokio::task::yield_now().await;
        let (piece, next): (&[u8], _) = match n {
            0 => (b"{\"data\":{\"documents\":[{\"fileContent\":\"QUJD", 1),
            1 if Instant::now() < end => (b"", 1),
            1 => (b"\"}]}}", 2),
            _ => return None,
        };
        Some((Ok::<_, Infallible>(Bytes::from_static(piece)), next))
    });
    let answer = client
        .send(Method::POST, "/", Some(JSON), Body::from_stream(drip))
        .await;
    answer.text().into_owned()
}

#[tokio::test]
async fn a_body_may_take_longer_only_when_its_handler_asked() {
    assert_eq!(slow(true).await, "4 bytes");
    assert_eq!(slow(false).await, "Body(TimedOut)");
}
