//! What readers take and what they note.

use lintel_domain::finding::CreditField as Field;

use super::{Body, Found, Given, Query};

fn noted(found: &Found) -> Vec<String> {
    found.take().iter().map(ToString::to_string).collect()
}

#[test]
fn absent_null_and_a_value_differ() {
    let (found, body) = (Found::new(), Body::of(r#"{"a":null,"b":5,"c":"  "}"#));
    let sent = body.object(&found).expect("an object");
    assert_eq!(sent.count("z", Field::Limit), Given::Absent);
    assert_eq!(sent.count("a", Field::Limit), Given::Null);
    assert_eq!(sent.count("b", Field::Limit), Given::Value(5));
    assert_eq!(sent.text("c", Field::MessageText, 9), Given::Null);
    assert_eq!(sent.count("z", Field::Limit).or(Some(1)), Some(1));
    assert_eq!(sent.count("a", Field::Limit).or(Some(1)), None);
    assert_eq!(sent.count("b", Field::Limit).or(Some(1)), Some(5));
    assert!(noted(&found).is_empty());
}

#[test]
fn ids_are_spelt_both_ways_and_must_agree() {
    let found = Found::new();
    let body = Body::of(r#"{"aId":1,"bID":2,"cId":3,"cID":3,"dId":4,"dID":5,"eId":null,"eID":6}"#);
    let sent = body.object(&found).expect("an object");
    let id = |stem| sent.id(stem, Field::LoanPurpose);
    assert_eq!(id("a"), Given::Value(1));
    assert_eq!(id("b"), Given::Value(2));
    assert_eq!(id("c"), Given::Value(3));
    assert!(noted(&found).is_empty());
    assert_eq!(id("d"), Given::Absent);
    assert_eq!(noted(&found), ["loan_purpose contradicts another field"]);
    assert_eq!(id("e"), Given::Absent);
    assert_eq!(noted(&found).len(), 1);
}

#[test]
fn amounts_are_exact() {
    for (sent, expected) in [
        ("200000", Some(20_000_000)),
        ("200000.00", Some(20_000_000)),
        ("0.1", Some(10)),
        ("2e5", Some(20_000_000)),
        ("100000.009", None),
        ("\"200000\"", None),
        ("true", None),
        ("1e300", None),
        ("99999999999999999999999999", None),
        ("-5", Some(-500)),
        ("0.10000000000000000000000001", None),
        ("{}", None),
    ] {
        let (found, body) = (Found::new(), Body::of(&format!("{{\"a\":{sent}}}")));
        let amount = body
            .object(&found)
            .expect("an object")
            .cents("a", Field::LoanAmount);
        assert_eq!(amount.value().map(|c| c.get()), expected, "{sent}");
        let is_noted = noted(&found) == ["loan_amount cannot be read"];
        assert_eq!(is_noted, expected.is_none(), "{sent}");
    }
}

#[test]
fn texts_dates_flags_and_contents() {
    let found = Found::new();
    let body = Body::of(
        r#"{"nul":"a\u0000b","lines":"a\nb","long":"ããããã","day":"2026-02-29","flag":1,
            "b64":"aGk","wrapped":"aG\r\nk=","bad64":"a*","big":"aGkh","entries":[{},3,{}],
            "id":"0193F000-0000-7000-8000-00000000000A"}"#,
    );
    let sent = body.object(&found).expect("an object");
    let text = |name| sent.text(name, Field::MessageText, 4).value();
    assert_eq!(text("nul"), None);
    assert_eq!(text("lines").as_deref(), Some("a\nb"));
    assert_eq!(text("long"), None);
    assert_eq!(
        sent.text_line("lines", Field::MessageSubject, 9).value(),
        None
    );
    assert_eq!(sent.date("day", Field::BirthDate).value(), None);
    assert_eq!(sent.flag("flag", Field::CrossSelling).value(), None);
    let content = |name| sent.base64(name, Field::DocumentContent, 2).value();
    assert_eq!(content("b64").as_deref(), Some(&b"hi"[..]));
    assert_eq!(content("wrapped").as_deref(), Some(&b"hi"[..]));
    assert_eq!(content("bad64"), None);
    assert_eq!(content("big"), None);
    let entries = sent
        .list("entries", Field::Borrowers, 3)
        .value()
        .expect("a list");
    assert_eq!(
        entries.iter().map(super::Obj::place).collect::<Vec<_>>(),
        [Some(0), Some(1), Some(2)]
    );
    assert!(sent.list("entries", Field::Borrowers, 2).value().is_none());
    let id = sent.unique_id("", Field::SimulationId);
    assert_eq!(id, Given::Absent, "the name is spelt Id or ID");
    assert_eq!(
        noted(&found),
        [
            "message_text cannot be read",
            "message_text is longer than 4",
            "message_subject cannot be read",
            "birth_date cannot be read",
            "cross_selling cannot be read",
            "document_content cannot be read",
            "document_content is longer than 2",
            "borrowers of entry 2 cannot be read",
            "borrowers is longer than 2",
        ]
    );
}

#[test]
fn below_the_least_is_told_by_who_knows_it() {
    let (found, body) = (Found::new(), Body::of(r#"{"a":-1,"b":0,"c":-1.5,"d":7}"#));
    let sent = body.object(&found).expect("an object");
    let read = |name| sent.positive(name, Field::LoanDuration);
    assert_eq!(
        ["a", "b", "c", "d"].map(read),
        [
            Given::Value(0),
            Given::Value(0),
            Given::Absent,
            Given::Value(7)
        ]
    );
    assert_eq!(noted(&found), ["loan_duration cannot be read"]);
}

#[test]
fn a_query_reads_like_a_body() {
    let found = Found::new();
    let text = "a=7&b=true&c=2026-01-31&d=%C3%A9+%26&e=&f=1&f=2&g=-1&h=%00";
    let query = Query::parse(Some(text)).expect("a query");
    let sent = query.object(&found);
    assert_eq!(sent.count("a", Field::Limit).value(), Some(7));
    assert_eq!(sent.flag("b", Field::IgnoreRules).value(), Some(true));
    let day = sent.date("c", Field::FilterFrom).value().expect("a day");
    assert_eq!(day.to_string(), "2026-01-31");
    assert_eq!(
        sent.text("d", Field::FilterText, 9).value().as_deref(),
        Some("é &")
    );
    assert_eq!(sent.text("e", Field::FilterText, 9), Given::Absent);
    assert!(noted(&found).is_empty());
    assert_eq!(sent.count("f", Field::Limit), Given::Absent);
    assert_eq!(sent.count("g", Field::Offset), Given::Absent);
    assert_eq!(sent.text("h", Field::FilterText, 9), Given::Absent);
    assert_eq!(
        noted(&found),
        [
            "limit is there twice",
            "offset is below 0",
            "filter_text cannot be read"
        ]
    );
    for bad in ["a=%", "a=%2", "a=%zz", "a=%ff", &"a&".repeat(101)] {
        assert!(Query::parse(Some(bad)).is_err(), "{bad}");
    }
}
