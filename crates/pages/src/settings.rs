//! The settings of an organisation: company, people, branches, brokers, vendors, messages, credentials,
//! roles.
//!
//! Everybody sees the pages their roles open and no others; the use cases check once more.

mod branches;
mod brokers;
pub(crate) mod company;
pub(crate) mod company_fields;
mod credentials;
pub(crate) mod license_rows;
mod messages;
pub(crate) mod parts;
pub(crate) mod people;
pub(crate) mod person_fields;
mod roles;
pub(crate) mod states;
pub(crate) mod told;
mod vendors;

use axum::Router;
use axum::routing::get;
use lintel_app::lead;
use lintel_edge::one::one;
use serde::Serialize;

use crate::Answer;
use crate::layout::Section;
use crate::pages::Pages;
use crate::settings::parts::{Tab, tabs};
use crate::templates::Template;
use crate::visit::{PageBuilder, Staff};

#[cfg(test)]
pub(crate) use branches::{BranchPage, BranchesPage};
#[cfg(test)]
pub(crate) use brokers::{BrokerConfirmPage, BrokersPage};
#[cfg(test)]
pub(crate) use company::{BrandingPage, LicensesPage, ProfilePage};
#[cfg(test)]
pub(crate) use credentials::{CredentialConfirmPage, CredentialsPage};
#[cfg(test)]
pub(crate) use messages::MessagesPage;
#[cfg(test)]
pub(crate) use people::{PeoplePage, PersonConfirmPage, PersonPage, PersonReadPage};
#[cfg(test)]
pub(crate) use roles::RolesPage;
#[cfg(test)]
pub(crate) use vendors::{VendorConfirmPage, VendorsPage};

/// All routes of the settings.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/lender/settings", get(one(overview)))
        .merge(company::routes())
        .merge(people::routes())
        .merge(branches::routes())
        .merge(brokers::routes())
        .merge(vendors::routes())
        .merge(messages::routes())
        .merge(credentials::routes())
        .merge(roles::routes())
}

/// A page of the settings.
pub(crate) fn page<'a>(staff: &'a Staff, title: &str) -> PageBuilder<'a> {
    staff.page(title).section(Section::Settings)
}

/// What there is to set.
#[derive(Serialize)]
pub(crate) struct OverviewPage {
    organisation: String,
    signup_url: String,
    tabs: Vec<Tab>,
}

impl Template for OverviewPage {
    const FILE: &'static str = "settings/overview.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            organisation: crate::templates::HOSTILE.to_owned(),
            signup_url: "https://loans.example.com/app/signup/p/quay-street".to_owned(),
            tabs: parts::sample_tabs(),
        }]
    }
}

async fn overview(staff: Staff) -> Answer {
    let tabs = tabs(&staff, None);
    if tabs.is_empty() {
        return Err(crate::failure::Failure::Forbidden);
    }
    page(&staff, "Settings").render(&OverviewPage {
        organisation: staff.org().name.clone(),
        signup_url: lead::signup_url(staff.app(), staff.org()).await?,
        tabs,
    })
}
