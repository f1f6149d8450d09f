//! Uploads that are refused leave nothing: mistakes, hostile bodies, credentials that are no good.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use lintel_app::document::Batch;
use lintel_app::document::rules::DocumentRules;
use lintel_domain::organisation::OrganisationKind;
use lintel_edge::Limits;
use lintel_testkit::both;
use lintel_wire_lender::error::ErrorStatus;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::papers::{
    UPLOAD, Way, base64, condition, drip, is_clean, loan, misc, payload, pdf, pieces_of, send,
    uploaded,
};
use crate::world::{Party, World, error, is_error, path, success};

fn missing(name: &str) -> String {
    format!("Parameter {name} missing or invalid format.")
}

/// Field and reason of every detail of an error.
fn reasons(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let details = body["error"]["details"].as_array().expect("details");
    details
        .iter()
        .map(|detail| (text(&detail["field"]), text(&detail["reason"])))
        .collect()
}

/// Fields that are sent otherwise than in a good call.
type Changes<'a> = &'a [(&'a str, &'a str)];

both! {
    async fn contents_that_are_none(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let good = base64(&pdf("good", 900));
        for (content, reason) in [
            (Value::Null, "there is no content"),
            // In a urlencoded form a space is a plus sign.
            (json!(" "), "not base64"),
            (json!("\r\n"), "empty"),
            (json!(""), "empty"),
            (json!(7), "not a text"),
            (json!(true), "not a text"),
            (json!([good]), "not a text"),
            (json!({ "fileContent": good }), "not a text"),
            (json!("%%%"), "not base64"),
            (json!(format!("{good}=")), "not base64"),
            (json!(format!("{good}\u{0}")), "not base64"),
            (json!(format!("é{good}")), "not base64"),
            (json!("Z"), "not base64"),
            (json!(format!("data:application/pdf,{good}")), "not base64"),
            (json!(base64(b"\x89PNG\r\n\x1a\n not a PDF at all")), "not a PDF"),
            (json!(base64(b"GIF89a%PDF-")), "not a PDF"),
            (json!(base64(&good.clone().into_bytes())), "not a PDF"),
        ] {
            let mut document = misc("W2", b"");
            document["fileContent"] = content.clone();
            for list in ["documents", "uploads"] {
                let data = json!({ "loanPublicID": loan, list: [misc("ok", &pdf("ok", 900)), document] });
                let answer = world.call(&me, UPLOAD, &data).await;
                let field = format!("{list}[1].fileContent");
                is_error(&answer, 501, &missing(&field));
                assert_eq!(reasons(&answer.json()), [(field, reason.to_owned())], "{content}");
            }
        }
        is_clean(&world).await;
    }

    async fn every_mistake_is_told(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let other = crate::papers::loan(&world, &me, "LOS-2").await;
        let elsewhere = condition(&world, &me, &other, "Latest pay slip").await;
        let mut documents = vec![misc("ok", &pdf("ok", 900))];
        for (name, value) in [
            ("fileName", json!("..")),
            ("fileFormat", json!("docx")),
            ("documentType", json!("Other")),
            ("loanDocType", json!("holiday")),
        ] {
            let mut document = misc("W2", &pdf("x", 900));
            document[name] = value;
            documents.push(document);
        }
        let mut of_condition = misc("slip", &pdf("slip", 900));
        of_condition["documentType"] = json!("LoanConditionDocument");
        of_condition["autoSatisfyCondition"] = json!("perhaps");
        documents.push(of_condition.clone());
        documents.push(json!({}));
        let data = payload(&loan, json!(documents));
        let answer = world.call(&me, UPLOAD, &data).await;
        is_error(&answer, 501, &missing("documents[1].fileName"));
        let fields: Vec<String> = reasons(&answer.json()).into_iter().map(|(f, _)| f).collect();
        let expected = [
            "documents[1].fileName",
            "documents[2].fileFormat",
            "documents[3].documentType",
            "documents[4].loanDocType",
            "documents[5].conditionID",
            "documents[5].autoSatisfyCondition",
            "documents[6].fileName",
            "documents[6].fileContent",
            "documents[6].documentType",
        ];
        assert_eq!(fields, expected);
        // Without a loan: the loan first, then the same.
        let mut nowhere = data.clone();
        nowhere["loanPublicID"] = json!({});
        let answer = world.call(&me, UPLOAD, &nowhere).await;
        is_error(&answer, 501, &missing("loanPublicID"));
        let fields: Vec<String> = reasons(&answer.json()).into_iter().map(|(f, _)| f).collect();
        assert_eq!(fields[0], "loanPublicID");
        assert_eq!(fields[1..], expected);
        // Another loan's condition is none.
        of_condition["autoSatisfyCondition"] = json!(1);
        of_condition["conditionID"] = json!(elsewhere);
        let answer = world.call(&me, UPLOAD, &payload(&loan, json!([of_condition]))).await;
        is_error(&answer, 501, &missing("documents[0].conditionID"));
        is_clean(&world).await;
    }

    async fn lists_that_are_none(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let item = misc("W2", &pdf("x", 900));
        for (documents, path) in [
            (Value::Null, "documents"),
            (json!([]), "documents"),
            (json!("text"), "documents"),
            (json!(7), "documents"),
            (json!([7]), "documents"),
            (json!([[item]]), "documents"),
            (json!({ "a": item }), "documents"),
            (json!(vec![item.clone(); 101]), "documents"),
        ] {
            let answer = world.call(&me, UPLOAD, &payload(&loan, documents)).await;
            is_error(&answer, 501, &missing(path));
        }
        is_clean(&world).await;
        // Gaps in PHP's indices are none in the list.
        let gaps = payload(&loan, json!({ "3": item, "7": misc("x", &pdf("y", 900)) }));
        let answer = success(&world.call(&me, UPLOAD, &gaps).await);
        assert_eq!(answer["documents"].as_array().map(Vec::len), Some(2));
    }

    /// Credentials before the contents and behind them: the contract's order either way, and nothing
    /// is kept.
    async fn the_order_of_checks_holds(db) {
        let world = World::on(&db);
        let late = world.lender().await;
        world.pass_days(26);
        let (me, other) = (world.lender().await, world.lender().await);
        let loan = loan(&world, &me, "LOS-1").await;
        let good = payload(&loan, json!([misc("W2", &pdf("x", 30_000))]));
        let unknown = "0".repeat(40);
        let cases: [(Changes<'_>, Value, u64, String); 11] = [
            (&[("format", "yaml"), ("apiID", "?")], good.clone(), 400, "Parameter format missing or invalid.".to_owned()),
            (&[("apiID", "not an id"), ("accessToken", "short")], json!([]), 401, missing("apiID and/or apiKey")),
            (&[("apiKey", "")], good.clone(), 401, missing("apiID and/or apiKey")),
            (&[("accessToken", "short")], json!([]), 401, missing("accessToken")),
            (&[("apiKey", "wrong")], json!([good]), 401, missing("data")),
            (&[("apiKey", "wrong")], good.clone(), 401, "Parameter apiID and/or apiKey invalid.".to_owned()),
            (&[("apiID", "nobody"), ("accessToken", &unknown)], good.clone(), 401, "Parameter apiID and/or apiKey invalid.".to_owned()),
            (&[("accessToken", &other.token)], good.clone(), 401, "Parameter accessToken mismatch.".to_owned()),
            (&[("accessToken", &unknown)], good.clone(), 401, "Parameter accessToken invalid.".to_owned()),
            (&[], json!({ "documents": [{ "fileContent": "?" }] }), 501, missing("loanPublicID")),
            (&[], payload("NOBODY00", good["documents"].clone()), 501, missing("loanPublicID")),
        ];
        let ways = [Way::Query, Way::Multipart, Way::Json, Way::JsonText, Way::DataFirst];
        for (changes, data, code, message) in &cases {
            let mut fields = me.fields("json").to_vec();
            for (name, value) in *changes {
                let field = fields.iter_mut().find(|(n, _)| n == name).expect("a field");
                field.1 = value;
            }
            for way in ways {
                let answer = send(&world, way, UPLOAD, &fields, data).await;
                assert_eq!(error(&answer), (*code, message.clone()), "{way:?} {changes:?}");
            }
        }
        for way in ways {
            let answer = send(&world, way, UPLOAD, &late.fields("json"), &good).await;
            is_error(&answer, 401, "This accessToken is expired.");
        }
        is_clean(&world).await;
    }

    /// Credentials in a query string, and two of them.
    async fn credentials_that_contradict_each_other(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let loan = loan(&world, &me, "LOS-1").await;
        let data = payload(&loan, json!([misc("W2", &pdf("x", 3_000))])).to_string();
        let mut fields = me.fields("json").to_vec();
        fields.push(("data", &data));
        let shape = missing("apiID and/or apiKey");
        let at = format!("{}?apiKey={}", path(UPLOAD), "x");
        is_error(&world.client.post_form(&at, &fields).await, 401, &shape);
        // The last of a name counts, but not over contents that came under another.
        for (name, value) in other.fields("json") {
            fields.push((name, value));
        }
        is_error(&world.post(UPLOAD, &fields).await, 401, &shape);
        // Bad ones first: the contents are gone, whatever comes later.
        let mut later = vec![("apiID", "nobody"), ("apiKey", "nothing"), ("accessToken", &*other.token)];
        later.push(("data", &data));
        later.extend(me.fields("json"));
        is_error(&world.post(UPLOAD, &later).await, 401, &shape);
        is_clean(&world).await;
    }

    async fn hostile_bodies(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let head = |data: &str| {
            let fields = me.fields("json").map(|(n, v)| format!("\"{n}\":\"{v}\","));
            format!("{{{}\"data\":{data}}}", fields.join(""))
        };
        let content = base64(&pdf("x", 2_000));
        let document = format!(
            "{{\"fileName\":\"W2\",\"documentType\":\"LoanDoc\",\"loanDocType\":\"misc\",\"fileContent\":\"{content}\"}}"
        );
        let of = |documents: &str| head(&format!("{{\"loanPublicID\":\"{loan}\",\"documents\":[{documents}]}}"));
        let many = vec![document.as_str(); 10_000].join(",");
        let empties = vec!["{\"fileContent\":\"\"}"; 10_000].join(",");
        let unused = format!("{{\"documents\":[{empties}],\"documents\":[{document}],\"loanPublicID\":\"{loan}\"}}");
        let deep = format!("{{\"x\":{}", "[".repeat(100_000));
        let long = format!("{{\"fileName\":\"{}\"}}", "x".repeat(2_000_000));
        let foreign = format!("{{\"x\":{{\"fileContent\":\"{}\"}}}}", "A".repeat(2_000_000));
        let text = |code: u64, message: &str| (code, message.to_owned());
        let beside = text(413, "Request has more than 1048576 bytes beside its documents.");
        for (body, expected) in [
            (of(&many), text(501, &missing("documents"))),
            (of(&empties), text(501, &missing("documents"))),
            (head(&unused), text(501, &missing("documents[0].fileContent"))),
            (head(&deep), text(400, "Request is nested too deeply.")),
            (of(&long), beside.clone()),
            (of(&foreign), beside.clone()),
            (format!("{{\"{}\":1}}", "k".repeat(2_000_000)), beside),
        ] {
            let answer = drip(&world, "application/json", body.as_bytes(), 60_000).await;
            assert_eq!(error(&answer), expected, "{}", &body[..200.min(body.len())]);
        }
        for broken in ["\u{0}", "\\ud800", "\\q", "\n", "\\u00"] {
            let bad = document.replace(&content, &format!("{content}{broken}"));
            let answer = drip(&world, "application/json", of(&bad).as_bytes(), 1_000).await;
            assert_eq!(error(&answer).0, 400, "{broken:?} {}", answer.text());
        }
        let whole = of(&document);
        for cut in [whole.len() - 1, whole.len() - 30, whole.len() / 2, 10] {
            let answer = drip(&world, "application/json", &whole.as_bytes()[..cut], 700).await;
            assert_eq!(error(&answer).0, 400, "{cut}");
        }
        is_clean(&world).await;
        let answer = drip(&world, "application/json", whole.as_bytes(), 13).await;
        success(&answer);
    }

    async fn bodies_that_break_off_or_never_end(db) {
        let world = World::on(&db);
        world.app.set_document_rules(DocumentRules {
            max_bytes: 1024 * 1024,
            request_bytes: 8 * 1024 * 1024,
            ..DocumentRules::default()
        });
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let fields = me.fields("json").map(|(name, value)| format!("{name}={value}"));
        let head = format!(
            "{}&data[loanPublicID]={loan}&data[documents][0][fileContent]=",
            fields.join("&")
        );
        let kind = "application/x-www-form-urlencoded";
        let content = Bytes::from(base64(&pdf("x", 300_000)).replace('+', "%2B"));
        let torn = vec![Ok(Bytes::from(head.clone())), Ok(content.clone()), Err("gone")];
        let answer = pieces_of(&world, kind, torn).await;
        is_error(&answer, 400, "Request body broke off.");
        is_clean(&world).await;
        // One document is larger than it may be; then all of them together.
        let mut pieces = vec![Ok(Bytes::from(head))];
        let megabyte = Bytes::from(vec![b'A'; 1024 * 1024]);
        pieces.extend(std::iter::repeat_n(Ok(megabyte.clone()), 3));
        let answer = pieces_of(&world, kind, pieces.clone()).await;
        is_error(&answer, 501, &missing("documents[0].fileName"));
        let told = reasons(&answer.json());
        let too_large = ("documents[0].fileContent", "larger than a document may be");
        assert!(told.iter().any(|(f, r)| (f.as_str(), r.as_str()) == too_large), "{told:?}");
        pieces.extend(std::iter::repeat_n(Ok(megabyte), 8));
        let answer = pieces_of(&world, kind, pieces).await;
        is_error(&answer, 413, "Request body is larger than 8388608 bytes.");
        is_clean(&world).await;
    }

    /// Whoever sends too much under a token that is over hears of the token.
    async fn bad_credentials_are_told_of_a_body_that_is_not_read(db) {
        let world = World::on(&db);
        world.app.set_document_rules(DocumentRules {
            request_bytes: 1024 * 1024,
            ..DocumentRules::default()
        });
        let late = world.lender().await;
        world.pass_days(26);
        let loan = loan(&world, &late, "LOS-1").await;
        let data = payload(&loan, json!([misc("W2", &pdf("x", 2_000_000))]));
        let answer = send(&world, Way::Json, UPLOAD, &late.fields("json"), &data).await;
        // What is announced as too long is not read at all.
        assert_eq!(error(&answer).0, 413);
        let fields = late.fields("xml").map(|(name, value)| format!("{name}={value}"));
        let body = format!("{}&data[documents][0][fileContent]={}", fields.join("&"), "A".repeat(2_000_000));
        let kind = "application/x-www-form-urlencoded";
        let answer = drip(&world, kind, body.as_bytes(), 60_000).await;
        assert_eq!(answer.status.as_u16(), 401);
        let xml = "<response><error><code>401</code><message>This accessToken is expired.";
        assert!(answer.text().contains(xml), "{}", answer.text());
        is_clean(&world).await;
    }

    async fn multipart_bodies_that_are_none(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let data = payload(&loan, json!([misc("W2", &pdf("x", 3_000))])).to_string();
        let mut body = String::new();
        for (name, value) in me.fields("json").into_iter().chain([("data", &*data)]) {
            body.push_str(&format!(
                "--BOUND\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        let whole = format!("{body}--BOUND--\r\n");
        let kind = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
        for (kind, body) in [
            (kind("OTHER"), whole.as_str()),
            (kind("BOUND"), body.as_str()),
            (kind("BOUND"), &body[..body.len() / 2]),
            (kind("BOUND"), &whole[10..]),
            ("multipart/form-data".to_owned(), whole.as_str()),
        ] {
            let answer = drip(&world, &kind, body.as_bytes(), 500).await;
            let code = error(&answer).0;
            assert!(code == 400, "{kind} {}", answer.text());
        }
        is_clean(&world).await;
        success(&drip(&world, &kind("BOUND"), whole.as_bytes(), 77).await);
    }

    /// Who says nothing of himself before his papers waits for nobody's place.
    async fn one_stranger_at_a_time(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let data = payload(&loan, json!([misc("W2", &pdf("x", 60_000))]));
        let upload = |way| {
            let (world, me, data) = (&world, &me, &data);
            async move { send(world, way, UPLOAD, &me.fields("json"), data).await }
        };
        // The first has begun its content and sends no more. It is asked for more once that was taken.
        let taken = Arc::new(Notify::new());
        let asked = Arc::clone(&taken);
        let begun = Bytes::from_static(b"{\"data\":{\"documents\":[{\"fileContent\":\"JVBE");
        let silence = stream::once(async move {
            asked.notify_one();
            std::future::pending::<Result<Bytes, Infallible>>().await
        });
        let body = Body::from_stream(stream::iter([Ok(begun)]).chain(silence));
        let at = path(UPLOAD);
        let stuck = world.client.send(Method::POST, &at, Some("application/json"), body);
        let others = async {
            taken.notified().await;
            let told = upload(Way::DataFirst).await;
            is_error(&told, 503, "Server is busy, try again in a moment.");
            success(&upload(Way::Json).await);
        };
        tokio::select! {
            answer = stuck => panic!("not stuck: {}", answer.text()),
            () = others => (),
        }
        success(&upload(Way::DataFirst).await);
        // One document before the credentials, not two; nothing of them is kept. What the one that
        // hung up had begun is swept later.
        let begun = world.rows("blob_upload").await;
        let papers = [misc("W2", &pdf("y", 60_000)), misc("W3", &pdf("z", 60_000))];
        let two = payload(&loan, json!(papers));
        let told = send(&world, Way::DataFirst, UPLOAD, &me.fields("json"), &two).await;
        is_error(&told, 503, "Server is busy, try again in a moment.");
        assert_eq!(world.rows("loan_document").await, 1);
        assert_eq!(world.rows("blob_upload").await, begun);
        success(&send(&world, Way::Json, UPLOAD, &me.fields("json"), &two).await);
    }

    /// One organisation's calls leave a place for everybody else.
    async fn an_organisation_has_all_places_but_one(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let mut taken = Vec::new();
        for _ in 1..world.app.document_rules().uploads_at_once {
            let place = Batch::open_for(&world.app, &me.org.id).await;
            taken.push(place.expect("a place"));
        }
        let loans = [loan(&world, &me, "LOS-1").await, loan(&world, &other, "LOS-1").await];
        let data = |loan: &str| payload(loan, json!([misc("W2", &pdf("x", 900))]));
        let (mine, theirs) = (data(&loans[0]), data(&loans[1]));
        // Known only behind its content: told at once. What came first is not kept.
        let told = send(&world, Way::DataFirst, UPLOAD, &me.fields("json"), &mine).await;
        is_error(&told, 503, "Server is busy, try again in a moment.");
        is_clean(&world).await;
        success(&send(&world, Way::Json, UPLOAD, &other.fields("json"), &theirs).await);
        success(&send(&world, Way::DataFirst, UPLOAD, &other.fields("json"), &theirs).await);
        taken.pop();
        success(&send(&world, Way::DataFirst, UPLOAD, &me.fields("json"), &mine).await);
        success(&send(&world, Way::Json, UPLOAD, &me.fields("json"), &mine).await);
    }

    async fn the_error_status_can_be_ok(db) {
        let world = World::with(&db, ErrorStatus::Ok, &Limits::default());
        let org = world.org(OrganisationKind::Retail, None).await;
        let me: Party = world.party(&org).await;
        let answer = world.call(&me, UPLOAD, &json!({})).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(error(&answer), (501, missing("loanPublicID")));
        let loan = loan(&world, &me, "LOS-1").await;
        let ids = uploaded(&world, &me, &loan, json!([misc("W2", &pdf("x", 900))])).await;
        assert_eq!(ids.len(), 1);
    }
}
