//! Papers for the document endpoints, and every way to send them.

use axum::body::Body;
use axum::http::Method;
use bytes::Bytes;
use lintel_edge::test_client::{Answer, Part};
use serde_json::{Map, Value, json};

use crate::world::{DOCUMENT, Party, World, path, success};

pub const UPLOAD: &str = "/upload-documents";
pub const DOWNLOAD: &str = "/download-documents";
pub const OF_CONDITION: &str = "/download-condition-documents";

/// Something that is a PDF as far as anybody looks, and differs from every other.
pub fn pdf(mark: &str, bytes: usize) -> Vec<u8> {
    let mut pdf = format!("%PDF-1.4\n% {mark}\n1 0 obj\n<< >>\nendobj\n").into_bytes();
    let mut n = 7_u8;
    while pdf.len() + 6 < bytes {
        n = n.wrapping_mul(31).wrapping_add(11);
        pdf.push(n);
    }
    pdf.extend_from_slice(b"\n%%EOF");
    pdf
}

/// Base64 in the ordinary alphabet, padded.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for group in bytes.chunks(3) {
        let at = |n: usize| usize::from(group.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let is_there = n <= group.len();
            let letter = ALPHABET[bits >> (18 - 6 * n) & 63];
            text.push(if is_there { char::from(letter) } else { '=' });
        }
    }
    text
}

/// A document of a loan.
pub fn misc(name: &str, content: &[u8]) -> Value {
    json!({
        "fileName": name, "fileFormat": "pdf", "fileContent": base64(content),
        "documentType": "LoanDoc", "loanDocType": "misc",
    })
}

/// A payload for a loan.
pub fn payload(loan: &str, documents: Value) -> Value {
    json!({ "loanPublicID": loan, "documents": documents })
}

/// A loan of a party.
pub async fn loan(world: &World, me: &Party, los: &str) -> String {
    let made = world.loan(me, los, DOCUMENT, "Start Application").await;
    made.public_id.to_string()
}

/// A condition of a loan.
pub async fn condition(world: &World, me: &Party, loan: &str, title: &str) -> String {
    let data = json!({ "loanPublicID": loan, "title": title, "type": "prior to docs" });
    let made = success(&world.call(me, "/create-condition", &data).await);
    made["conditionID"].as_str().expect("an id").to_owned()
}

/// Uploads documents that are taken; their ids.
pub async fn uploaded(world: &World, me: &Party, loan: &str, documents: Value) -> Vec<String> {
    let answer = world.call(me, UPLOAD, &payload(loan, documents)).await;
    let body = success(&answer);
    let documents = body["documents"].as_array().expect("a list");
    let id = |document: &Value| document["docID"].as_str().expect("an id").to_owned();
    documents.iter().map(id).collect()
}

/// Nothing of any upload is left.
pub async fn is_clean(world: &World) {
    let rows = (
        world.rows("loan_document").await,
        world.rows("blob_upload").await,
    );
    assert_eq!(rows, (0, 0), "documents, registered blobs");
}

/// One way to send a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `http_build_query` with JSON in `data`.
    Query,
    /// The same with an array in `data`.
    NestedQuery,
    /// An array as PHP's curl sends it.
    Multipart,
    /// The same, with `data` as a file.
    File,
    /// A part for each member.
    NestedMultipart,
    /// A JSON body with an object.
    Json,
    /// A JSON body with a text.
    JsonText,
    /// A JSON body whose first member is `data`.
    DataFirst,
}

pub const WAYS: [Way; 8] = [
    Way::Query,
    Way::NestedQuery,
    Way::Multipart,
    Way::File,
    Way::NestedMultipart,
    Way::Json,
    Way::JsonText,
    Way::DataFirst,
];

/// Bracket names of everything in a value.
fn flat(name: &str, value: &Value, to: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                flat(&format!("{name}[{member}]"), value, to);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                flat(&format!("{name}[{n}]"), value, to);
            }
        }
        Value::String(text) => to.push((name.to_owned(), text.clone())),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => to.push((name.to_owned(), value.to_string())),
    }
}

/// Sends a call in one way.
pub async fn send(
    world: &World,
    way: Way,
    endpoint: &str,
    fields: &[(&str, &str)],
    data: &Value,
) -> Answer {
    let at = path(endpoint);
    let text = data.to_string();
    let mut nested: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    flat("data", data, &mut nested);
    let nested: Vec<(&str, &str)> = nested.iter().map(|(n, v)| (&**n, &**v)).collect();
    let mut plain = fields.to_vec();
    plain.push(("data", &text));
    let parts = |fields: &[(&str, &str)]| -> Vec<Part> {
        fields.iter().map(|(n, v)| Part::text(n, v)).collect()
    };
    let members = fields.iter().map(|(n, v)| ((*n).to_owned(), json!(v)));
    let with = |data: Value| {
        let mut body: Map<String, Value> = members.clone().collect();
        body.insert("data".to_owned(), data);
        Value::Object(body)
    };
    match way {
        Way::Query => world.client.post_form(&at, &plain).await,
        Way::NestedQuery => world.client.post_form(&at, &nested).await,
        Way::Multipart => world.client.post_multipart(&at, &parts(&plain)).await,
        Way::File => {
            let mut parts = parts(fields);
            let file = Part::file("data", "data.json", "application/json", text.as_bytes());
            parts.push(file);
            world.client.post_multipart(&at, &parts).await
        }
        Way::NestedMultipart => world.client.post_multipart(&at, &parts(&nested)).await,
        Way::Json => world.client.post_json(&at, &with(data.clone())).await,
        Way::JsonText => world.client.post_json(&at, &with(Value::from(text))).await,
        Way::DataFirst => {
            let mut body = Map::new();
            body.insert("data".to_owned(), data.clone());
            body.extend(members);
            world.client.post_json(&at, &Value::Object(body)).await
        }
    }
}

/// Sends a body in small pieces.
pub async fn drip(world: &World, content_type: &str, body: &[u8], size: usize) -> Answer {
    let pieces: Vec<Result<Bytes, &str>> = body
        .chunks(size)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    pieces_of(world, content_type, pieces).await
}

/// Sends a body piece by piece; an error tears it.
pub async fn pieces_of(
    world: &World,
    content_type: &str,
    pieces: Vec<Result<Bytes, &'static str>>,
) -> Answer {
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let at = path(UPLOAD);
    world
        .client
        .send(Method::POST, &at, Some(content_type), body)
        .await
}
