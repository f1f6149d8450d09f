//! Headers under all their names, and contradictions.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use lintel_domain::finding::{CreditField, CreditRule};

use super::{is_guides, stated, token};

const UID: &str = "019AA5C0-0000-7000-8000-00000000abcd";

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        map.append(name, value);
    }
    map
}

fn conflicts(pairs: &[(&str, &str)]) -> Vec<CreditField> {
    let findings = stated(&headers(pairs)).expect_err("a contradiction");
    assert!(findings.iter().all(|f| f.rule == CreditRule::Conflict));
    findings.into_iter().map(|finding| finding.field).collect()
}

#[test]
fn every_alias_says_the_same() {
    for (id, secret, user) in [
        ("xClientID", "xClientSecret", "xUsername"),
        ("XCLIENTID", "xclientsecret", "USERNAME"),
        ("x-client-id", "X-Client-Secret", "username"),
    ] {
        let said = stated(&headers(&[
            (id, " net "),
            (secret, "s3"),
            (user, "Ana@Example.com"),
        ]));
        let said = said.expect("read");
        assert_eq!(said.client_id.as_deref(), Some("net"), "{id}");
        assert_eq!(said.client_secret.as_deref(), Some("s3"), "{secret}");
        assert_eq!(said.username.as_deref(), Some("ana@example.com"), "{user}");
        assert!(said.broker.is_empty() && !said.is_unreadable);
    }
}

#[test]
fn a_broker_has_a_uid_a_number_and_a_nif() {
    let broker = |pairs: &[(&str, &str)]| stated(&headers(pairs)).expect("read").broker;
    let by_uid = broker(&[("xBrokerUID", UID)]).unique_id.expect("an id");
    assert_eq!(by_uid.as_str(), UID.to_ascii_lowercase());
    assert_eq!(broker(&[("brokerID", "12345")]).number, Some(12_345));
    assert_eq!(broker(&[("brokerID", "0012345")]).number, Some(12_345));
    assert_eq!(broker(&[("correlationId", "12345")]).number, Some(12_345));
    for nif in ["123456789", "PT123456789", "pt123456789"] {
        let read = broker(&[("correlationId", nif)]).nif.expect("a NIF");
        assert_eq!(read.as_str(), "123456789");
    }
    let all = broker(&[
        ("xBrokerUID", UID),
        ("brokerID", "12345"),
        ("correlationId", "123456789"),
    ]);
    assert!(all.unique_id.is_some() && all.number.is_some() && all.nif.is_some());
}

#[test]
fn what_can_be_nobodys_name_is_unreadable() {
    for (name, value) in [
        ("xBrokerUID", "12345"),
        ("xBrokerUID", "019aa5c0-0000-7000-8000-00000000abc"),
        ("xBrokerUID", "019aa5c0_0000_7000_8000_00000000abcd"),
        ("brokerID", "0"),
        ("brokerID", "-5"),
        ("brokerID", "12 345"),
        ("brokerID", "123456789"),
        ("brokerID", "99999999999999999999"),
        ("correlationId", "123456780"),
        ("correlationId", "A12345678"),
        ("correlationId", "9f8b"),
        ("xUsername", "jos\u{e9}"),
        ("xClientID", "\u{1f994}"),
    ] {
        let said = stated(&headers(&[(name, value)])).expect("no contradiction");
        assert!(said.is_unreadable, "{name}: {value}");
    }
    let said = stated(&headers(&[("xClientID", ""), ("username", "  ")])).expect("read");
    assert!(said.client_id.is_none() && said.username.is_none() && !said.is_unreadable);
}

#[test]
fn aliases_that_differ_contradict_each_other() {
    assert_eq!(
        conflicts(&[("xClientID", "a"), ("x-client-id", "b")]),
        [CreditField::ClientId]
    );
    assert_eq!(
        conflicts(&[("xClientSecret", "a"), ("x-client-secret", "A")]),
        [CreditField::ClientSecret]
    );
    assert_eq!(
        conflicts(&[
            ("xUsername", "ana"),
            ("username", "bia"),
            ("xClientID", "a")
        ]),
        [CreditField::Username]
    );
    assert_eq!(
        conflicts(&[("brokerID", "1"), ("correlationId", "2")]),
        [CreditField::BrokerId]
    );
    assert_eq!(
        conflicts(&[
            ("correlationId", "123456789"),
            ("correlationId", "999999990")
        ]),
        [CreditField::BrokerId]
    );
    assert_eq!(
        conflicts(&[("xClientID", "a"), ("xClientID", "b")]),
        [CreditField::ClientId],
        "one header twice"
    );
    let same = [
        ("xUsername", "Ana"),
        ("username", "ana"),
        ("brokerID", "7"),
        ("correlationId", "07"),
    ];
    assert!(stated(&headers(&same)).is_ok());
}

#[test]
fn the_guides_names_ask_for_the_guides_answer() {
    assert!(is_guides(&headers(&[
        ("brokerID", "1"),
        ("username", "ana")
    ])));
    for other in [
        vec![("xBrokerUID", UID), ("username", "ana")],
        vec![("brokerID", "1"), ("xUsername", "ana")],
        vec![("correlationId", "123456789"), ("username", "ana")],
        vec![("brokerID", "1"), ("username", "ana"), ("xUsername", "ana")],
    ] {
        assert!(!is_guides(&headers(&other)), "{other:?}");
    }
}

#[test]
fn a_token_stands_in_either_header() {
    let shown = |pairs: &[(&str, &str)]| token(&headers(pairs));
    assert_eq!(
        shown(&[("Authorization", "Bearer abc")]).as_deref(),
        Some("abc")
    );
    assert_eq!(
        shown(&[("authorization", "bearer  abc ")]).as_deref(),
        Some("abc")
    );
    assert_eq!(shown(&[("sessionToken", "abc")]).as_deref(), Some("abc"));
    let both = [("sessionToken", "abc"), ("Authorization", "Bearer abc")];
    assert_eq!(shown(&both).as_deref(), Some("abc"));
    for none in [
        vec![],
        vec![("Authorization", "abc")],
        vec![("Authorization", "Basic YTpi")],
        vec![("sessionToken", "")],
        vec![("sessionToken", "abc"), ("Authorization", "Bearer abd")],
        vec![("Authorization", "Bearer a"), ("Authorization", "Bearer b")],
    ] {
        assert_eq!(shown(&none), None, "{none:?}");
    }
}
