//! The description is put together at all; what it says is held against the routes over HTTP.

use serde_json::Value as Json;

use super::{FRAGMENTS, assembled};

#[test]
fn the_fragments_are_json_and_none_hides_another() {
    let whole = assembled().expect("JSON");
    assert_eq!(whole["openapi"], "3.1.0");
    let mut paths = std::collections::BTreeSet::new();
    let mut schemas = std::collections::BTreeSet::new();
    for fragment in FRAGMENTS {
        let fragment: Json = serde_json::from_str(fragment).expect("JSON");
        for (path, item) in fragment["paths"].as_object().expect("paths") {
            for method in item.as_object().expect("an item").keys() {
                assert!(
                    paths.insert(format!("{method} {path}")),
                    "{method} {path} is there twice"
                );
            }
        }
        let named = fragment
            .pointer("/components/schemas")
            .and_then(Json::as_object);
        for name in named.into_iter().flat_map(|named| named.keys()) {
            assert!(schemas.insert(name.clone()), "schema {name} is there twice");
        }
    }
}
