//! `POST /set-account-status`: companies and people switched on and off.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::status::{StatusDraft, set_account_status};
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Field, Rule, StatusPart};

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::people::STATUSES;
use crate::refusal::rows::{Row, row, told};
use crate::tree::Node;

/// Most companies, and most people, of one request that are looked at.
const ENTRIES_MAX: usize = 1000;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let companies = changes(&data, "companies", "lenderID")?;
    let people = changes(&data, "users", "userUID")?;
    set_account_status(&face.app, &principal, companies, people)
        .await
        .map_err(|e| told(&e, words))?;
    Ok(Node::Null)
}

/// One of the two lists; absent is empty.
fn changes(data: &Reader<'_>, list: &str, id: &str) -> Result<Vec<StatusDraft>, LenderError> {
    let entries = match data.entry_objects(list, ENTRIES_MAX) {
        Entry::Absent => Vec::new(),
        Entry::Given(entries) => entries,
        Entry::Unreadable => return Err(LenderError::invalid(list)),
    };
    let change = |entry: &Reader<'_>| StatusDraft {
        // What is no text is nobody's id, and so is none: one row says both.
        id: entry.entry_text(id).given(),
        status: entry.entry_word("status", STATUSES),
    };
    Ok(entries.iter().map(change).collect())
}

/// Rows of this endpoint's own.
fn words(field: &Field, rule: Rule) -> Option<Row> {
    match (field, rule) {
        (Field::Statuses, Rule::Missing) => row(501, "Array companies and users cannot be empty."),
        (Field::CompanyStatus { part, .. }, _) => match part {
            StatusPart::Status => row(501, "Invalid status companies.status."),
            StatusPart::Id => row(501, "Parameter lenderID missing, invalid or mismatch."),
        },
        (Field::PersonStatus { part, .. }, rule) => match (part, rule) {
            (StatusPart::Status, _) => row(501, "Invalid status users.status."),
            (StatusPart::Id, Rule::Missing | Rule::Malformed) => {
                row(501, "Parameter userUID missing or invalid.")
            }
            (StatusPart::Id, Rule::Conflict) => row(501, "Parameter userUID mismatch."),
        },
        _ => None,
    }
}
