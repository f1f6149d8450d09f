//! `POST /broker-setup-url`: a broker and its people made or updated, and where its set-up goes on.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::setup::{BrokerSetup, BrokerSetupOutcome, set_up_broker};
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{CompanyField, Field, PersonField, Rule};

use super::draft::company;
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::people::draft::people;
use crate::refusal::rows::{Row, row, told};
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let setup = read(&Reader::new(&data))?;
    let outcome = set_up_broker(&face.app, &principal, setup)
        .await
        .map_err(|e| told(&e, words))?;
    Ok(render(&outcome))
}

fn read(data: &Reader<'_>) -> Result<BrokerSetup, LenderError> {
    let reader = match data.entry_object("company") {
        Entry::Given(company) => company,
        // Then each member it needs is absent.
        Entry::Absent => Reader::without_members("company"),
        Entry::Unreadable => return Err(LenderError::missing("company")),
    };
    Ok(BrokerSetup {
        logged_in_uid: data.entry_text("loggedInUserUID"),
        company: company(&reader),
        people: people(data)?,
    })
}

/// Rows of this endpoint's own.
fn words(field: &Field, rule: Rule) -> Option<Row> {
    match (field, rule) {
        (Field::Company(CompanyField::LegalForm), _) => {
            row(501, "Invalid organization type company.organizationType.")
        }
        (Field::Company(CompanyField::Licenses), Rule::Missing) => {
            row(501, "Array company.licensing cannot be empty.")
        }
        (Field::People, Rule::Missing) => row(501, "Array users cannot be empty."),
        (Field::Person { part, .. }, rule) => words_of_person(*part, rule),
        _ => None,
    }
}

fn words_of_person(part: PersonField, rule: Rule) -> Option<Row> {
    match (part, rule) {
        (PersonField::Timezone, _) => row(501, "Invalid time zone users.timezone"),
        (PersonField::Roles, _) => row(501, "Invalid user role users.role"),
        (PersonField::Licenses, Rule::Missing) => {
            row(501, "Array user.licensing cannot be empty for users.role")
        }
        // An id that is taken has no row of its own.
        (PersonField::Email | PersonField::Uid, Rule::Conflict) => {
            row(502, "Duplicate user email users.email")
        }
        _ => None,
    }
}

fn render(outcome: &BrokerSetupOutcome) -> Node {
    let users = outcome.people.iter().map(|(uid, id)| {
        Node::object([
            ("userID", Node::from(id.as_str())),
            ("userUID", Node::from(uid)),
        ])
    });
    Node::object([
        ("lenderID", Node::from(outcome.broker.public_id.as_str())),
        ("redirectURL", Node::from(outcome.redirect_url.clone())),
        ("isSetUpCompleted", Node::bit(outcome.is_completed)),
        ("users", Node::List(users.collect())),
    ])
}
