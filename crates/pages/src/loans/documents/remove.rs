//! Removing a paper, after asking.

use axum::extract::Path;
use lintel_app::document;
use lintel_app::loan::LoanCaller;
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::Paper;
use crate::Answer;
use crate::flash::Flash;
use crate::loans::frame::{self, Part};
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

/// Asks before a paper is removed.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentConfirmPage {
    paper: Paper,
    back: String,
    action: String,
}

pub(super) async fn confirm(staff: Staff, Path(id): Path<String>) -> Answer {
    let id = frame::public_id(&id)?;
    let caller = LoanCaller::Person(&staff.who);
    let (head, line) = document::find(staff.app(), &caller, &id).await?;
    staff.require(Permission::EditDocuments)?;
    let page = DocumentConfirmPage {
        paper: Paper::of(&line),
        back: Part::Documents.href(head.line.public_id.as_str()),
        action: format!("/lender/documents/{id}/remove"),
    };
    staff
        .page(&format!("Remove {}?", page.paper.name))
        .section(crate::layout::Section::Pipeline)
        .render(&page)
}

pub(super) async fn remove(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    let document = frame::public_id(&id)?;
    let caller = LoanCaller::Person(&staff.who);
    let (head, _) = document::find(staff.app(), &caller, &document).await?;
    document::remove(staff.app(), &caller, &document).await?;
    let back = Part::Documents.href(head.line.public_id.as_str());
    staff.go_with(&back, Flash::DocumentRemoved)
}

impl Template for DocumentConfirmPage {
    const FILE: &'static str = "loans/document_confirm.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        vec![Self {
            paper: Paper::sample(),
            back: text(),
            action: text(),
        }]
    }
}
