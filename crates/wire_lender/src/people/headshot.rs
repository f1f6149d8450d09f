//! `POST /update-headshot`: new pictures of people the company knows.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::people::set_headshots;
use lintel_domain::entry::Entry;
use lintel_domain::image::ImageDraft;
use lintel_domain::refusal::{Field, PersonField, Rule};

use super::draft::PEOPLE_MAX;
use crate::call::{Call, Face};
use crate::draft::{LENDER, lender_id, picture};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::rows::{Row, about_lender, one, row};
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let (lender, pictures) = read(&Reader::new(&data))?;
    set_headshots(&face.app, &principal, &lender, pictures)
        .await
        .map_err(|e| about_lender(&e, words))?;
    Ok(Node::Null)
}

type Pictures = Vec<(String, ImageDraft)>;

fn read(data: &Reader<'_>) -> Result<(String, Pictures), LenderError> {
    let people = match data.entry_objects("users", PEOPLE_MAX) {
        Entry::Given(people) => people,
        Entry::Absent => Vec::new(),
        Entry::Unreadable => return Err(LenderError::missing("users")),
    };
    if people.is_empty() {
        return Err(one(&Field::People, Rule::Missing, words));
    }
    let pictures = people.iter().map(headshot).collect::<Result<_, _>>()?;
    match lender_id(data) {
        Entry::Given(lender) => Ok((lender, pictures)),
        Entry::Absent | Entry::Unreadable => Err(LenderError::lender_id_invalid().at(LENDER)),
    }
}

fn headshot(person: &Reader<'_>) -> Result<(String, ImageDraft), LenderError> {
    // What is no text is nobody's id, and so is none.
    let uid = person.entry_text("userUID").given().unwrap_or_default();
    let picture = picture(person, "headshot");
    let picture = picture.ok_or_else(|| LenderError::missing(&person.path("headshot")))?;
    Ok((uid, picture))
}

/// Rows of this endpoint's own.
fn words(field: &Field, rule: Rule) -> Option<Row> {
    match (field, rule) {
        (Field::People, Rule::Missing) => row(501, "Array users cannot be empty."),
        (
            Field::Person {
                part: PersonField::Uid,
                ..
            },
            _,
        ) => row(501, "Parameter userUID users.userUID invalid."),
        _ => None,
    }
}
