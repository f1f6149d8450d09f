//! Switching people off and on, and sending them a link to choose a password.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use lintel_app::by::By;
use lintel_app::{invite, people};
use lintel_domain::permission::Permission;
use lintel_domain::staff::AccountStatus;
use lintel_edge::one::one;
use serde::Serialize;

use super::person::known;
use super::{PEOPLE, PersonLine};
use crate::Answer;
use crate::fields::Mistakes;
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::settings::parts::{Part, Tab, tabs};
use crate::settings::{page, told};
use crate::templates::Template;
use crate::visit::Staff;

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/lender/settings/people/{id}/deactivate",
            get(one(confirm)).post(one(deactivate)),
        )
        .route("/lender/settings/people/{id}/activate", post(one(activate)))
        .route(
            "/lender/settings/people/{id}/send-link",
            post(one(send_link)),
        )
}

/// Asks before somebody is switched off.
#[derive(Serialize)]
pub(crate) struct PersonConfirmPage {
    tabs: Vec<Tab>,
    line: PersonLine,
}

impl Template for PersonConfirmPage {
    const FILE: &'static str = "settings/person_confirm.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |line| Self {
            tabs: crate::settings::parts::sample_tabs(),
            line,
        };
        PersonLine::samples().into_iter().map(page).collect()
    }
}

async fn confirm(staff: Staff, Path(id): Path<String>) -> Answer {
    staff.require(Permission::EditPeople)?;
    confirm_page(&staff, &id, &Mistakes::default()).await
}

async fn confirm_page(staff: &Staff, id: &str, mistakes: &Mistakes) -> Answer {
    let person = known(staff, id).await?;
    let title = format!("Switch off {}?", person.display_name());
    let path = format!("{PEOPLE}/{}", person.public_id);
    page(staff, &title)
        .mistakes(mistakes)
        .render(&PersonConfirmPage {
            tabs: tabs(staff, Some(Part::People)),
            line: PersonLine::of(&person, path),
        })
}

async fn deactivate(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    staff.require(Permission::EditPeople)?;
    let person = known(&staff, &id).await?;
    let by = By::Person(&staff.who);
    let off = AccountStatus::Inactive;
    match people::set_status(staff.app(), &by, &person.public_id, off).await {
        Ok(_) => staff.go_with(&format!("{PEOPLE}/{id}"), Flash::SwitchedOff),
        Err(error) => {
            let mistakes = told::mistakes(error, |_| false)?;
            confirm_page(&staff, &id, &mistakes).await
        }
    }
}

async fn activate(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    staff.require(Permission::EditPeople)?;
    let person = known(&staff, &id).await?;
    let by = By::Person(&staff.who);
    people::set_status(staff.app(), &by, &person.public_id, AccountStatus::Active).await?;
    staff.go_with(&format!("{PEOPLE}/{id}"), Flash::SwitchedOn)
}

async fn send_link(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    staff.require(Permission::EditPeople)?;
    let person = known(&staff, &id).await?;
    let is_sent = invite::send_password_link(staff.app(), &staff.who, &person.public_id).await?;
    let flash = if is_sent {
        Flash::LinkSent
    } else {
        Flash::LinkNotSent
    };
    staff.go_with(&format!("{PEOPLE}/{}", person.public_id), flash)
}
