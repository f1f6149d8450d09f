//! The description of this API, OpenAPI 3.1, put together from the fragments of its modules.
//!
//! A fragment says what is special about its operations; what all of them have in common is added here,
//! so that it is said the same way everywhere.

mod answers;
mod taxonomies;

use lintel_edge::one::one;
use std::sync::LazyLock;

use axum::routing::get;
use serde_json::{Map, Value as Json};

use crate::answer::Answer;
use crate::routes::Routes;
use crate::write::Value;

/// What everything refers to.
const COMMONS: &str = include_str!("../openapi/commons.json");

/// Fragments of the modules, in the order shown.
const FRAGMENTS: &[&str] = &[
    include_str!("../openapi/authentication.json"),
    include_str!("../openapi/callback.json"),
    include_str!("../openapi/description.json"),
    include_str!("../openapi/process.json"),
    include_str!("../openapi/proposal.json"),
    include_str!("../openapi/simulation.json"),
];

/// The finished description. It is the same for every caller.
static DESCRIPTION: LazyLock<Json> = LazyLock::new(|| assembled().unwrap_or(Json::Null));

/// Mounted by the crate's router.
pub(crate) fn routes() -> Routes {
    Routes::new().at("/openapi.json", get(one(served)))
}

async fn served() -> Answer {
    Answer::ok(Value::from(DESCRIPTION.clone())).etag_of_content()
}

/// Commons and fragments as one document.
fn assembled() -> Result<Json, serde_json::Error> {
    let mut whole: Json = serde_json::from_str(COMMONS)?;
    merge(&mut whole, taxonomies::fragment());
    for fragment in FRAGMENTS {
        merge(&mut whole, serde_json::from_str(fragment)?);
    }
    if let Some(Json::Object(paths)) = whole.get_mut("paths") {
        for (path, item) in paths.iter_mut() {
            if let Json::Object(item) = item {
                finish(path, item);
            }
        }
    }
    Ok(whole)
}

/// Adds the members of objects to each other; of anything else the first stays.
fn merge(into: &mut Json, from: Json) {
    if let (Json::Object(into), Json::Object(from)) = (into, from) {
        for (name, value) in from {
            match into.get_mut(&name) {
                Some(there) => merge(there, value),
                None => {
                    into.insert(name, value);
                }
            }
        }
    }
}

fn finish(path: &str, item: &mut Map<String, Json>) {
    for (method, operation) in item.iter_mut() {
        if let Json::Object(operation) = operation
            && METHODS.contains(&method.as_str())
        {
            answers::complete(path, method, operation);
        }
    }
}

/// What a path item's members may be besides what they share.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[cfg(test)]
mod tests;
