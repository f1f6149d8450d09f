//! The people who asked for a loan, newest first.

use lintel_app::lead::{self, LeadLine};
use lintel_domain::permission::Permission;
use serde::Serialize;

use crate::Answer;
use crate::failure::Failure;
use crate::home::Pager;
use crate::layout::Section;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

/// Leads on one page.
const ON_PAGE: u32 = 25;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct LeadsPage {
    is_own_only: bool,
    rows: Vec<RowView>,
    total: String,
    pager: Pager,
}

#[derive(Debug, Serialize)]
struct RowView {
    uid: String,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    wants: String,
    offer: String,
    place: String,
    officer: Option<String>,
    company: Option<String>,
    came: When,
    signed_up: Option<When>,
}

impl RowView {
    fn of(line: &LeadLine, own: &lintel_domain::id::RowId) -> Self {
        let borrower = &line.borrower;
        let names = [&borrower.first_name, &borrower.last_name];
        let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
        let loan = line.loan.as_ref();
        let place = loan.map_or_else(
            || [borrower.city.as_deref(), borrower.state.as_deref()],
            |loan| [loan.city.as_deref(), loan.state.as_deref()],
        );
        let place: Vec<&str> = place.into_iter().flatten().collect();
        Self {
            uid: line.uid.to_string(),
            name: if names.is_empty() {
                "No name given".to_owned()
            } else {
                names.join(" ")
            },
            email: borrower.email.clone(),
            phone: borrower.phone_primary.as_deref().map(show::phone),
            wants: loan.map_or_else(String::new, |loan| {
                let purpose = loan.purpose.map(|purpose| show::words(purpose.as_str()));
                let price = loan.home_price.map(show::whole_money);
                let price = price.map(|price| format!("home {price}"));
                let parts: Vec<String> = purpose.into_iter().chain(price).collect();
                parts.join(", ")
            }),
            offer: loan.map_or_else(String::new, |loan| {
                let rate = loan.note_rate.map(show::percent);
                let apr = loan.apr.map(|apr| format!("(APR {})", show::percent(apr)));
                let parts: Vec<String> = rate.into_iter().chain(apr).collect();
                parts.join(" ")
            }),
            place: place.join(", "),
            officer: line.officer_name.clone(),
            company: (line.org_id != *own).then(|| line.org_name.clone()),
            came: When::of(line.created_at),
            signed_up: line.signed_up_at.map(When::of),
        }
    }
}

pub(super) async fn show(staff: Staff) -> Answer {
    let sees_all = staff.may(Permission::SeeAllLoans);
    if !sees_all && !staff.may(Permission::SeeOwnLoans) {
        return Err(Failure::Forbidden);
    }
    let page = staff.query().page();
    let offset = (page - 1).saturating_mul(ON_PAGE);
    let officer = (!sees_all).then_some(&staff.person().id);
    let found = lead::list(staff.app(), staff.org(), officer, ON_PAGE, offset).await?;
    let path = |page: u32| format!("/lender/leads?page={page}");
    let shown = u64::from(offset) + u64::try_from(found.lines.len()).unwrap_or(0);
    let view = LeadsPage {
        is_own_only: !sees_all,
        rows: found
            .lines
            .iter()
            .map(|line| RowView::of(line, &staff.org().id))
            .collect(),
        total: show::grouped(found.total),
        pager: Pager {
            before: (page > 1).then(|| path(page - 1)),
            after: (shown < found.total && !found.lines.is_empty()).then(|| path(page + 1)),
        },
    };
    staff.page("Leads").section(Section::Leads).render(&view)
}

impl Template for LeadsPage {
    const FILE: &'static str = "loans/leads.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        use lintel_domain::id::Instant;
        let text = || HOSTILE.to_owned();
        let row = |is_full: bool| RowView {
            uid: text(),
            name: text(),
            email: is_full.then(text),
            phone: is_full.then(text),
            wants: if is_full { text() } else { String::new() },
            offer: text(),
            place: text(),
            officer: is_full.then(text),
            company: is_full.then(text),
            came: When::of(Instant::from_seconds(0)),
            signed_up: is_full.then(|| When::of(Instant::from_seconds(0))),
        };
        let full = Self {
            is_own_only: true,
            rows: vec![row(true), row(false)],
            total: text(),
            pager: Pager {
                before: Some(text()),
                after: Some(text()),
            },
        };
        let empty = Self {
            is_own_only: false,
            rows: Vec::new(),
            total: "0".to_owned(),
            pager: Pager::default(),
        };
        vec![full, empty]
    }
}
