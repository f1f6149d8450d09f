//! The description of the API against its routes, and against itself.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Method;
use lintel_testkit::both;
use lintel_wire_partners::paths;
use serde_json::Value;

use crate::house::{House, full};
use crate::sessions::filled;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every path with its methods in capitals.
fn described(api: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let paths = api["paths"].as_object().expect("paths");
    let of = |item: &Value| {
        let members = item.as_object().expect("an item").keys();
        members
            .filter(|m| METHODS.contains(&m.as_str()))
            .map(|m| m.to_uppercase())
            .collect()
    };
    paths
        .iter()
        .map(|(path, item)| (path.clone(), of(item)))
        .collect()
}

fn each<'a>(value: &'a Value, seen: &mut impl FnMut(&'a Value)) {
    seen(value);
    match value {
        Value::Array(entries) => entries.iter().for_each(|v| each(v, seen)),
        Value::Object(members) => members.values().for_each(|v| each(v, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn operations(api: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = api["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("an item") {
            if METHODS.contains(&method.as_str()) {
                all.push((path.as_str(), method.as_str(), operation));
            }
        }
    }
    all
}

both! {
    async fn what_is_described_is_routed_and_the_other_way_round(db) {
        let house = House::on(&db).await;
        let answer = house.client.get(&full("/openapi.json")).await;
        assert_eq!(answer.status, 200);
        let api = answer.json();
        let described = described(&api);
        let names: BTreeSet<String> = described.keys().cloned().collect();
        let routed: BTreeSet<String> = paths().iter().map(|p| (*p).to_owned()).collect();
        assert_eq!(names, routed);
        for (path, methods) in described {
            let any = Method::from_bytes(b"LINTEL").expect("a method");
            let answer = house.anna.client().send(any, &full(&filled(&path)), None, Body::empty()).await;
            assert_eq!(answer.status, 405, "{path}");
            let allowed = answer.header("allow").split(',').filter(|m| *m != "HEAD");
            let allowed: BTreeSet<String> = allowed.map(str::to_owned).collect();
            assert_eq!(allowed, methods, "{path}");
        }
    }

    async fn the_description_holds_together(db) {
        let house = House::on(&db).await;
        let api = house.client.get(&full("/openapi.json")).await.json();
        assert_eq!(api["openapi"], "3.1.0");
        let mut missing = BTreeSet::new();
        each(&api, &mut |value| {
            if let Some(Value::String(place)) = value.get("$ref") {
                let found = place.strip_prefix('#').and_then(|pointer| api.pointer(pointer));
                if found.is_none() {
                    missing.insert(place.clone());
                }
            }
        });
        assert!(missing.is_empty(), "{missing:?}");
        let mut ids = BTreeSet::new();
        for (path, method, operation) in operations(&api) {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let is_pascal = id.starts_with(|c: char| c.is_ascii_uppercase())
                && id.chars().all(|c| c.is_ascii_alphanumeric());
            assert!(is_pascal, "{method} {path}: {id:?}");
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|s| s.starts_with('2')), "{id}");
            for status in ["400", "500", "503"] {
                assert!(responses.contains_key(status), "{id} {status}");
            }
            let open = operation["security"] == Value::Array(Vec::new());
            assert!(open || responses.contains_key("401"), "{id}");
            let tags = operation["tags"].as_array().map_or(0, Vec::len);
            assert_eq!(tags, 1, "{id}");
        }
        let known: BTreeSet<&str> = api["tags"].as_array().expect("tags").iter()
            .filter_map(|t| t["name"].as_str()).collect();
        for (_, _, operation) in operations(&api) {
            let tag = operation["tags"][0].as_str().expect("a tag");
            assert!(known.contains(tag), "{tag}");
        }
    }
}
