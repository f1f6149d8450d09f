//! `POST /connect-vendor`: what a vendor may do with the caller's data.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::vendor::{GrantFlags, connect};
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Where the vendor is named.
const VENDOR: &str = "vendor";

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let (vendor, flags) = read(&Reader::new(&data))?;
    connect(&face.app, &principal, &vendor, flags)
        .await
        .map_err(|e| refused(&e))?;
    Ok(Node::object([("success", Node::from(true))]))
}

fn read(data: &Reader<'_>) -> Result<(String, GrantFlags), LenderError> {
    let Entry::Given(vendor) = data.entry_text(VENDOR) else {
        return Err(vendor_invalid());
    };
    let flags = GrantFlags {
        sees_loans: data.opt_bit("allowLoanLevelAccess")?,
        sees_brokers: data.opt_bit("allowBrokerAccess")?,
    };
    Ok((vendor, flags))
}

fn refused(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound { what: Noun::Vendor }) => vendor_invalid(),
        AppError::Refused(Refusal::Invalid {
            field: Field::VendorGrant,
            rule: Rule::Conflict,
        }) => {
            let message = "The vendor and lender relationship already exists.";
            LenderError::new(501, message).at(VENDOR)
        }
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}

fn vendor_invalid() -> LenderError {
    LenderError::new(501, "The provided vendor ID is invalid.").at(VENDOR)
}
