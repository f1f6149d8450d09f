//! Vendors a lender let in: what each may see, changing that, shutting one out.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use lintel_app::vendor::{self, GrantFlags, Granted};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_edge::one::one;
use serde::Serialize;

use super::page;
use super::parts::{Part, Tab, tabs};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show::When;
use crate::templates::Template;
use crate::visit::Staff;
use lintel_app::error::AppError;

const VENDORS: &str = "/lender/settings/vendors";

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(VENDORS, get(one(list)).post(one(connect)))
        .route("/lender/settings/vendors/{id}", post(one(change)))
        .route(
            "/lender/settings/vendors/{id}/withdraw",
            get(one(confirm)).post(one(withdraw)),
        )
}

/// The list, and the form that lets another one in.
#[derive(Serialize)]
pub(crate) struct VendorsPage {
    tabs: Vec<Tab>,
    vendors: Vec<VendorLine>,
    fields: Vec<Field>,
}

/// A vendor that was let in.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VendorLine {
    id: String,
    name: String,
    sees_loans: bool,
    sees_brokers: bool,
    since: When,
    is_active: bool,
}

impl VendorLine {
    fn of(granted: &Granted) -> Self {
        Self {
            id: granted.vendor.public_id.to_string(),
            name: granted.vendor.name.clone(),
            sees_loans: granted.sees_loans,
            sees_brokers: granted.sees_brokers,
            since: When::of(granted.since),
            is_active: granted.vendor.is_active,
        }
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let line = |flag| Self {
            id: text(),
            name: text(),
            sees_loans: flag,
            sees_brokers: flag,
            since: When::of(lintel_domain::id::Instant::from_seconds(0)),
            is_active: flag,
        };
        vec![line(true), line(false)]
    }
}

impl Template for VendorsPage {
    const FILE: &'static str = "settings/vendors.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |vendors| Self {
            tabs: super::parts::sample_tabs(),
            vendors,
            fields: Field::samples(),
        };
        vec![page(VendorLine::samples()), page(Vec::new())]
    }
}

/// Asks before a vendor is shut out.
#[derive(Serialize)]
pub(crate) struct VendorConfirmPage {
    tabs: Vec<Tab>,
    vendor: VendorLine,
}

impl Template for VendorConfirmPage {
    const FILE: &'static str = "settings/vendor_confirm.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |vendor| Self {
            tabs: super::parts::sample_tabs(),
            vendor,
        };
        VendorLine::samples().into_iter().map(page).collect()
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field::text("vendor", "Vendor ID")
            .hint("Eight letters and digits. The vendor tells you.")
            .auto("off")
            .required()
            .max(20)
            .half(),
        Field::checkbox("sees_loans", "May see loans").hint(
            "The pipeline and links for signing papers. Without it the vendor can only send leads.",
        ),
        Field::checkbox("sees_brokers", "May act for your brokers")
            .hint("The same access, for each broker that works with you."),
    ]
}

async fn list(staff: Staff) -> Answer {
    Part::Vendors.require(&staff)?;
    vendors_page(&staff, fields(), &Mistakes::default()).await
}

async fn vendors_page(staff: &Staff, fields: Vec<Field>, mistakes: &Mistakes) -> Answer {
    let granted = vendor::list(staff.app(), staff.org()).await?;
    page(staff, "Vendors")
        .mistakes(mistakes)
        .render(&VendorsPage {
            tabs: tabs(staff, Some(Part::Vendors)),
            vendors: granted.iter().map(VendorLine::of).collect(),
            fields,
        })
}

fn flags(form: &Posted) -> GrantFlags {
    GrantFlags {
        sees_loans: Some(form.is_on("sees_loans")),
        sees_brokers: Some(form.is_on("sees_brokers")),
    }
}

async fn connect(staff: Staff, form: Posted) -> Answer {
    Part::Vendors.require(&staff)?;
    let id = form.text("vendor").unwrap_or_default().to_ascii_uppercase();
    let mut mistakes = Mistakes::default();
    if id.is_empty() {
        mistakes.add("vendor", "Enter the vendor’s ID.");
    } else {
        match vendor::connect(staff.app(), &staff.who.principal(), &id, flags(&form)).await {
            Ok(()) => return staff.go_with(VENDORS, Flash::VendorConnected),
            Err(AppError::Refused(Refusal::NotFound { what: Noun::Vendor })) => {
                mistakes.add("vendor", "There is no vendor with this ID.");
            }
            Err(AppError::Refused(Refusal::Invalid { .. })) => {
                mistakes.add(
                    "vendor",
                    "This vendor is connected already, with the same access.",
                );
            }
            Err(error) => return Err(error.into()),
        }
    }
    let refill = |field: Field| field.with(&form).error(&mistakes);
    let fields = fields().into_iter().map(refill).collect();
    vendors_page(&staff, fields, &mistakes).await
}

/// A vendor with a living grant of this lender.
async fn known(staff: &Staff, id: &str) -> Result<Granted, Failure> {
    let granted = vendor::list(staff.app(), staff.org()).await?;
    let found = granted
        .into_iter()
        .find(|g| g.vendor.public_id.as_str() == id);
    found.ok_or(Failure::NotFound)
}

async fn change(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    Part::Vendors.require(&staff)?;
    known(&staff, &id).await?;
    match vendor::connect(staff.app(), &staff.who.principal(), &id, flags(&form)).await {
        // The same flags again change nothing, and that is what was asked for.
        Ok(()) | Err(AppError::Refused(Refusal::Invalid { .. })) => {
            staff.go_with(VENDORS, Flash::Saved)
        }
        Err(error) => Err(error.into()),
    }
}

async fn confirm(staff: Staff, Path(id): Path<String>) -> Answer {
    Part::Vendors.require(&staff)?;
    let granted = known(&staff, &id).await?;
    let title = format!("Disconnect {}?", granted.vendor.name);
    page(&staff, &title).render(&VendorConfirmPage {
        tabs: tabs(&staff, Some(Part::Vendors)),
        vendor: VendorLine::of(&granted),
    })
}

async fn withdraw(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    Part::Vendors.require(&staff)?;
    known(&staff, &id).await?;
    vendor::withdraw(staff.app(), &staff.who.principal(), &id).await?;
    staff.go_with(VENDORS, Flash::VendorWithdrawn)
}
