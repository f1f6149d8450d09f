//! `POST /get-internal-users`: the people of the caller who have a role.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::context::App;
use lintel_app::image;
use lintel_app::people::{InternalUsers, internal_users};
use lintel_domain::entry::Entry;
use lintel_domain::image::ImageRef;
use lintel_domain::license::StateCode;
use lintel_domain::role::Role;
use lintel_domain::staff::Person;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::people::parse_role;
use crate::quirks::dashed_phone;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Most states that are asked for: there are 56.
const STATES_MAX: usize = 200;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let asked = read(&Reader::new(&data))?;
    let people = internal_users(&face.app, &principal.org, asked)
        .await
        .map_err(|e| lender_error(&e))?;
    render(&face.app, &people)
}

fn read(data: &Reader<'_>) -> Result<InternalUsers, LenderError> {
    let Entry::Given(role) = data.entry_as("subRole", parse_role) else {
        return Err(LenderError::missing("subRole"));
    };
    let branch = data.opt_public_id("branchID")?;
    // What is applicable only to loan officers is not looked at for anybody else.
    let (licensed, assignable) = if role == Role::LoanOfficer {
        (states(data)?, data.opt_bit("assignable")?)
    } else {
        (Vec::new(), None)
    };
    Ok(InternalUsers {
        role,
        branch,
        licensed,
        assignable,
    })
}

/// The states asked for: none, one, or a list.
fn states(data: &Reader<'_>) -> Result<Vec<StateCode>, LenderError> {
    let texts = match data.entry_texts("licensed", STATES_MAX) {
        Entry::Absent => return Ok(Vec::new()),
        Entry::Given(texts) => texts,
        Entry::Unreadable => return Err(LenderError::invalid("licensed")),
    };
    let is_list = data.is_list("licensed");
    let state = |(place, text): (usize, &String)| {
        let state = StateCode::parse(&text.trim().to_ascii_uppercase());
        state.ok_or_else(|| match is_list {
            true => LenderError::invalid(&format!("licensed[{place}]")),
            false => LenderError::invalid("licensed"),
        })
    };
    texts.iter().enumerate().map(state).collect()
}

/// The list, each person as `/api/partner/lender/users` shows them too.
pub fn render(app: &App, people: &[Person]) -> Result<Node, LenderError> {
    let people = people.iter().map(|person| one(app, person));
    Ok(Node::List(people.collect::<Result<_, _>>()?))
}

fn one(app: &App, person: &Person) -> Result<Node, LenderError> {
    let url =
        |name: &ImageRef| image::url(app, &name.to_string()).map_err(|e| lender_error(&e.into()));
    let headshot = person.headshot.as_ref().map(url).transpose()?;
    Ok(Node::object([
        ("firstName", Node::from(&person.first_name)),
        (
            "firstNamePreferred",
            Node::from(person.preferred_name.clone()),
        ),
        ("middleName", Node::from(person.middle_name.clone())),
        ("lastName", Node::from(&person.last_name)),
        (
            "phonePrimary",
            Node::from(person.phone.as_deref().map(dashed_phone)),
        ),
        ("email", Node::from(&person.email)),
        ("nmls", Node::from(person.nmls.clone())),
        ("userID", Node::from(person.public_id.as_str())),
        ("headshotURL", Node::from(headshot)),
    ]))
}
