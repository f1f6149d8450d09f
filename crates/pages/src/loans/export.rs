//! The loan as a MISMO document, for whoever may take loans out.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use lintel_app::loan::{self, LoanCaller};
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::frame::{self, Frame, Part};
use crate::Answer;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct ExportPage {
    frame: Frame,
    action: String,
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    staff.require(Permission::ExportLoans)?;
    let page = ExportPage {
        frame: Frame::of(&staff, &record, Part::Export),
        action: Part::Export.href(&id),
    };
    frame::page(&staff, &page.frame).render(&page)
}

pub(super) async fn send(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    let loan = frame::public_id(&id)?;
    let caller = LoanCaller::Person(&staff.who);
    loan::find(staff.app(), &caller, &loan).await?;
    staff.require(Permission::ExportLoans)?;
    let written = loan::export(staff.app(), &caller, &loan).await?;
    let headers = [
        (CONTENT_TYPE, "application/xml".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"loan-{loan}-mismo-3.4.xml\""),
        ),
    ];
    Ok((headers, written.xml).into_response())
}

impl Template for ExportPage {
    const FILE: &'static str = "loans/export.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            frame: Frame::sample(Part::Export, true),
            action: crate::templates::HOSTILE.to_owned(),
        }]
    }
}
