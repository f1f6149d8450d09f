//! What every operation has in common.

use serde_json::{Map, Value as Json, json};

use crate::enter::OPEN;

/// Adds to an operation what its path and method imply and what it does not say itself.
pub(super) fn complete(path: &str, method: &str, operation: &mut Map<String, Json>) {
    let facts = Facts::of(path, method, operation);
    parameters(path, &facts, operation);
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Json::Object(responses) = responses else {
        return;
    };
    for response in responses.values_mut() {
        with_headers(response, facts.is_get);
    }
    for (status, applies) in facts.problems() {
        if applies && !responses.contains_key(status) {
            let place = format!("#/components/responses/Problem{status}");
            responses.insert(status.to_owned(), json!({ "$ref": place }));
        }
    }
    if facts.has_tag && !responses.contains_key("304") {
        let place = "#/components/responses/NotModified";
        responses.insert("304".to_owned(), json!({ "$ref": place }));
    }
}

struct Facts {
    is_get: bool,
    is_post: bool,
    is_change: bool,
    is_open: bool,
    is_taxonomy: bool,
    has_place: bool,
    has_body: bool,
    has_tag: bool,
    may_throttle: bool,
}

impl Facts {
    fn of(path: &str, method: &str, operation: &Map<String, Json>) -> Self {
        let upper = method.to_ascii_uppercase();
        let is_get = method == "get";
        Self {
            is_get,
            is_post: method == "post",
            is_change: matches!(method, "put" | "patch" | "delete"),
            is_open: OPEN.contains(&(upper.as_str(), path)),
            is_taxonomy: path.starts_with("/taxonomies"),
            has_place: path.contains('{'),
            has_body: operation.contains_key("requestBody"),
            has_tag: is_get && !path.ends_with("/email"),
            may_throttle: ["/authentication", "/email", "/echo"]
                .iter()
                .any(|end| path.ends_with(end))
                || (method == "put" && path.contains("/callbacks/")),
        }
    }

    fn problems(&self) -> [(&'static str, bool); 12] {
        let has_session = !self.is_open;
        let has_key = self.is_post && has_session;
        let changes = !self.is_get && (self.has_place || has_key);
        [
            ("400", true),
            ("401", has_session || self.is_post),
            ("404", self.has_place),
            ("408", self.has_body),
            ("409", changes),
            ("412", self.is_change && self.has_place),
            ("413", self.has_body || has_key),
            ("415", self.has_body || has_key),
            ("422", has_key),
            ("429", self.may_throttle),
            ("500", true),
            ("503", true),
        ]
    }
}

/// Adds parameters: those of the path that are not described, which are UniqueIDs, and headers.
fn parameters(path: &str, facts: &Facts, operation: &mut Map<String, Json>) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Json::Array(parameters) = parameters else {
        return;
    };
    let known: Vec<String> = parameters
        .iter()
        .filter_map(|p| p.get("name").and_then(Json::as_str))
        .map(str::to_owned)
        .collect();
    let places = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    for place in places.filter(|place| !known.iter().any(|name| name == place)) {
        parameters.push(json!({
            "name": place, "in": "path", "required": true,
            "schema": { "$ref": "#/components/schemas/UniqueID" }
        }));
    }
    let has_key = facts.is_post && !facts.is_open;
    for (name, applies) in [
        ("CorrelationId", true),
        ("AcceptLanguage", true),
        ("IdempotencyKey", has_key),
        (
            "IfMatch",
            facts.is_change && facts.has_place && !facts.is_taxonomy,
        ),
        ("IfNoneMatch", facts.has_tag),
    ] {
        if applies {
            let place = format!("#/components/parameters/{name}");
            parameters.push(json!({ "$ref": place }));
        }
    }
}

fn with_headers(response: &mut Json, is_get: bool) {
    let Json::Object(response) = response else {
        return;
    };
    if response.contains_key("$ref") {
        return;
    }
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    let Json::Object(headers) = headers else {
        return;
    };
    for (header, name, applies) in [
        ("x-correlation-id", "CorrelationId", true),
        ("Content-Language", "ContentLanguage", true),
        ("ETag", "ETag", is_get),
    ] {
        if applies && !headers.contains_key(header) {
            let place = format!("#/components/headers/{name}");
            headers.insert(header.to_owned(), json!({ "$ref": place }));
        }
    }
}
