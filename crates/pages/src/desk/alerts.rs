//! The alerts somebody has not put away yet.

use axum::extract::Path;
use lintel_desk::alert;
use lintel_domain::id::PublicId;
use serde::Serialize;

use super::{ALERTS, AlertView, back_to};
use crate::Answer;
use crate::failure::Failure;
use crate::flash::Flash;
use crate::home::Pager;
use crate::layout::Section;
use crate::posted::Posted;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;

/// Alerts on one page.
const ON_PAGE: u32 = 50;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct AlertsPage {
    total: String,
    rows: Vec<AlertView>,
    pager: Pager,
    back: String,
}

/// The list at a page from 1.
fn path(at: u32) -> String {
    if at > 1 {
        return format!("{ALERTS}?page={at}");
    }
    ALERTS.to_owned()
}

pub(super) async fn list(staff: Staff) -> Answer {
    let at = staff.query().page();
    let offset = (at - 1).saturating_mul(ON_PAGE);
    let found = alert::list(staff.app(), &staff.who, ON_PAGE, offset).await?;
    let last = u64::from(offset) + u64::try_from(found.lines.len()).unwrap_or(0);
    let view = AlertsPage {
        total: match found.total {
            1 => "1 alert".to_owned(),
            n => format!("{} alerts", show::grouped(n)),
        },
        pager: Pager {
            before: (at > 1).then(|| path(at - 1)),
            after: (last < found.total && !found.lines.is_empty()).then(|| path(at + 1)),
        },
        rows: found.lines.iter().map(AlertView::of).collect(),
        back: path(at),
    };
    staff.page("Alerts").section(Section::Alerts).render(&view)
}

pub(super) async fn put_away(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = PublicId::parse(&id).ok_or(Failure::NotFound)?;
    alert::put_away(staff.app(), &staff.who, &id).await?;
    staff.go_with(&back_to(form.raw("back"), ALERTS), Flash::AlertPutAway)
}

impl Template for AlertsPage {
    const FILE: &'static str = "desk/alerts.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |rows: Vec<AlertView>, link: Option<String>| Self {
            total: text(),
            rows,
            pager: Pager {
                before: link.clone(),
                after: link,
            },
            back: text(),
        };
        vec![
            page(AlertView::samples(), Some(text())),
            page(Vec::new(), None),
        ]
    }
}
