//! Who may do what, for reading.

use axum::Router;
use axum::routing::get;
use lintel_domain::permission::Permission;
use lintel_domain::role::Role;
use lintel_edge::one::one;
use serde::Serialize;

use super::page;
use super::parts::{Part, Tab, tabs};
use super::person_fields::role_hint;
use crate::Answer;
use crate::pages::Pages;
use crate::templates::Template;
use crate::visit::Staff;

pub(super) fn routes() -> Router<Pages> {
    Router::new().route("/lender/settings/roles", get(one(show)))
}

/// Roles and what they allow.
#[derive(Serialize)]
pub(crate) struct RolesPage {
    tabs: Vec<Tab>,
    permissions: Vec<&'static str>,
    roles: Vec<RoleLine>,
}

/// A role.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RoleLine {
    title: &'static str,
    about: &'static str,
    is_own: bool,
    /// One for each permission.
    may: Vec<bool>,
}

fn lines(own: impl Fn(Role) -> bool) -> Vec<RoleLine> {
    let line = |role: &Role| RoleLine {
        title: role.title(),
        about: role_hint(*role),
        is_own: own(*role),
        may: Permission::ALL.iter().map(|p| role.may(*p)).collect(),
    };
    Role::ALL.iter().map(line).collect()
}

fn permissions() -> Vec<&'static str> {
    Permission::ALL.iter().map(|p| p.title()).collect()
}

impl Template for RolesPage {
    const FILE: &'static str = "settings/roles.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            tabs: super::parts::sample_tabs(),
            permissions: permissions(),
            roles: lines(|role| role == Role::Admin),
        }]
    }
}

async fn show(staff: Staff) -> Answer {
    Part::Roles.require(&staff)?;
    let own = staff.person().roles;
    page(&staff, "Roles").render(&RolesPage {
        tabs: tabs(&staff, Some(Part::Roles)),
        permissions: permissions(),
        roles: lines(|role| own.has(role)),
    })
}
