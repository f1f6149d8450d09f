//! `POST /add-users`: people of a company made, or updated where the company knows them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::people::{AddedUsers, add_users};
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Field, ImagePart, LicensePart, PersonField, Rule};
use lintel_domain::staff::PersonDraft;

use super::draft::people;
use crate::call::{Call, Face};
use crate::draft::{LENDER, lender_id};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::rows::{Row, about_lender, row};
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let (lender, people) = read(&Reader::new(&data))?;
    let added = add_users(&face.app, &principal, &lender, people)
        .await
        .map_err(|e| about_lender(&e, words))?;
    Ok(render(&added))
}

fn read(data: &Reader<'_>) -> Result<(String, Vec<PersonDraft>), LenderError> {
    match lender_id(data) {
        Entry::Given(lender) => Ok((lender, people(data)?)),
        Entry::Absent | Entry::Unreadable => Err(LenderError::missing(LENDER)),
    }
}

/// Rows of this endpoint's own.
fn words(field: &Field, rule: Rule) -> Option<Row> {
    match (field, rule) {
        (Field::People, Rule::Missing) => row(501, "Array users cannot be empty."),
        (Field::Person { part, .. }, rule) => words_of_person(*part, rule),
        _ => None,
    }
}

fn words_of_person(part: PersonField, rule: Rule) -> Option<Row> {
    match (part, rule) {
        (PersonField::Timezone, _) => row(501, "Invalid timezone users.timezone"),
        (PersonField::Headshot(ImagePart::Format), Rule::Malformed) => row(
            501,
            "Invalid user headshot image format users.headshot.imageFormat.",
        ),
        (PersonField::Roles, Rule::Malformed) => row(501, "Invalid user role users.role."),
        (
            PersonField::License {
                part: LicensePart::State,
                ..
            },
            Rule::Malformed,
        ) => row(501, "Invalid license state licensing.state."),
        (PersonField::Licenses, Rule::Missing) => {
            row(501, "Array users.licensing cannot be empty.")
        }
        _ => None,
    }
}

fn render(added: &AddedUsers) -> Node {
    let users = added.people.iter().map(|(uid, id)| {
        Node::object([
            ("userID", Node::from(id.as_str())),
            ("userUID", Node::from(uid.clone())),
        ])
    });
    Node::object([
        ("brokerUID", Node::from(added.broker_uid.clone())),
        ("users", Node::List(users.collect())),
    ])
}
