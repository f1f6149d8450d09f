//! `POST /update/user`: what mail a borrower wants.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::borrower::update_preferences;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest id and mail address that are looked at.
const TEXT_MAX: usize = 254;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let asked = read(&Reader::new(&data))?;
    let (id, email) = (asked.id.as_deref(), asked.email.as_deref());
    update_preferences(&face.app, &principal, id, email, asked.wants_mail)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(Node::Null)
}

struct Asked {
    id: Option<String>,
    email: Option<String>,
    wants_mail: Option<bool>,
}

fn read(data: &Reader<'_>) -> Result<Asked, LenderError> {
    let id = data.opt_text("userID", TEXT_MAX)?;
    let email = data.opt_email("email")?;
    if id.is_none() && email.is_none() {
        return Err(LenderError::missing("userID"));
    }
    let wants_mail = match data.opt_obj("user")? {
        Some(user) => user.opt_bit("prefEmailNotifications")?,
        None => None,
    };
    Ok(Asked {
        id,
        email,
        wants_mail,
    })
}
