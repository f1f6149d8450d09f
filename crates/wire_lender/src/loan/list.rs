//! `POST /get-list-loans`: one page of the pipeline.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::loan::list;
use lintel_domain::id::{DAY_SECONDS, Instant, PublicId, RowId};
use lintel_domain::loan::{LoanPage, LoanQuery, PAGE_LIMIT};

use super::line::{BORROWER_FIELDS, VIEW_FIELDS, borrower, line, view};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::{Reader, start_of};
use crate::names::ENDED_STATUSES;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest mail address.
const EMAIL_MAX: usize = 254;
/// Longest id of another system.
const FOREIGN_ID_MAX: usize = 100;
/// Longest look back at ended loans, in days (a hundred years).
const SINCE_MAX_DAYS: i64 = 36_500;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let asked = read(&Reader::new(&data))?;
    let page = list(&face.app, &principal, &asked.query)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(render(&page, &asked))
}

/// The query, and which members of the add-ons to show.
pub struct Asked {
    /// What to look for.
    pub query: LoanQuery,
    borrower_fields: Option<Vec<String>>,
    view_fields: Option<Vec<String>>,
}

/// Reads the query.
pub fn read(data: &Reader<'_>) -> Result<Asked, LenderError> {
    let mut query = LoanQuery::all(data.req_bit("isActive")?);
    if data.opt_enum("action", &[("DateRange", ())])?.is_some() {
        let from = data.req_date("dateFrom")?;
        let to = data.req_date("dateTo")?;
        if to < from {
            return Err(LenderError::invalid("dateTo"));
        }
        query.created_from = Some(start_of(from));
        query.created_before = Some(start_of(to).plus_seconds(DAY_SECONDS));
    }
    query.participant_id = public_id(data, "userID")?;
    query.participant_email = data.opt_text("userEmail", EMAIL_MAX)?;
    if query
        .participant_email
        .as_ref()
        .is_some_and(|email| !email.contains('@'))
    {
        return Err(LenderError::invalid("userEmail"));
    }
    let order = data.opt_enum("sortBy", &[("asc", false), ("desc", true)])?;
    query.newest_first = order.unwrap_or(true);
    let limit = data.opt_int("limit", 1..=i64::from(PAGE_LIMIT))?;
    query.limit = limit
        .and_then(|n| u32::try_from(n).ok())
        .unwrap_or(PAGE_LIMIT);
    let offset = data.opt_int("offset", 0..=i64::MAX)?;
    query.offset = offset.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    if let Some(filter) = data.opt_obj("filter")? {
        read_filter(&filter, &mut query)?;
    }
    let borrower_fields = fields(data, "withBorrower", BORROWER_FIELDS)?;
    let view_fields = fields(data, "loanViews", VIEW_FIELDS)?;
    query.with_borrowers = borrower_fields.is_some();
    query.with_views = view_fields.is_some();
    Ok(Asked {
        query,
        borrower_fields,
        view_fields,
    })
}

fn read_filter(filter: &Reader<'_>, query: &mut LoanQuery) -> Result<(), LenderError> {
    if let Some(status) = filter.opt_obj("status")? {
        for (name, lifecycle) in ENDED_STATUSES {
            if let Some(ended) = status.opt_obj(name)? {
                let days = ended.req_int("since", 0..=SINCE_MAX_DAYS)?;
                query
                    .ended
                    .push((*lifecycle, u32::try_from(days).unwrap_or(0)));
            }
        }
    }
    if let Some(property) = filter.opt_obj("property")? {
        let state = property.req_text("state", 2)?;
        if state.len() != 2 || !state.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(LenderError::missing(&property.path("state")));
        }
        query.property_state = Some(state.to_ascii_uppercase());
    }
    query.wholesale_lender = public_id(filter, "wholesaleLenderUID")?;
    if let Some(officer) = filter.opt_obj("loanOfficer")? {
        query.officer_id = public_id(&officer, "loanOfficerUID")?;
        query.officer_los_id = officer.opt_text("loanOfficerLOSUID", FOREIGN_ID_MAX)?;
    }
    let modified = filter.opt_int("timestampLastModified", 0..=i64::MAX)?;
    query.modified_from = modified.map(Instant::from_seconds);
    Ok(())
}

fn public_id(reader: &Reader<'_>, name: &str) -> Result<Option<PublicId>, LenderError> {
    let Some(text) = reader.opt_text(name, FOREIGN_ID_MAX)? else {
        return Ok(None);
    };
    PublicId::parse(&text)
        .map(Some)
        .ok_or_else(|| LenderError::invalid(&reader.path(name)))
}

/// The members asked for, each one of those there are; `None` when the add-on was not asked for.
fn fields(
    data: &Reader<'_>,
    name: &str,
    allowed: &[&str],
) -> Result<Option<Vec<String>>, LenderError> {
    let Some(asked) = data.opt_list_of_text(name, allowed.len(), FOREIGN_ID_MAX)? else {
        return Ok(None);
    };
    if asked.iter().any(|field| !allowed.contains(&field.as_str())) {
        return Err(LenderError::invalid(name));
    }
    Ok(Some(asked))
}

/// Writes a page of loans.
pub fn render(page: &LoanPage, asked: &Asked) -> Node {
    let mut borrowers: HashMap<&RowId, Vec<Node>> = HashMap::new();
    for b in &page.borrowers {
        let wanted = asked.borrower_fields.as_deref().unwrap_or_default();
        borrowers
            .entry(&b.loan_id)
            .or_default()
            .push(borrower(b, wanted));
    }
    let mut views: HashMap<&RowId, Vec<Node>> = HashMap::new();
    for v in &page.views {
        let wanted = asked.view_fields.as_deref().unwrap_or_default();
        views.entry(&v.loan_id).or_default().push(view(v, wanted));
    }
    let loans = page.loans.iter().map(|loan| {
        let mut node = line(loan);
        if asked.borrower_fields.is_some() {
            node.push(
                "borrowers",
                Node::List(borrowers.remove(&loan.id).unwrap_or_default()),
            );
        }
        if asked.view_fields.is_some() {
            node.push(
                "loanViews",
                Node::List(views.remove(&loan.id).unwrap_or_default()),
            );
        }
        node
    });
    let loans = Node::List(loans.collect());
    let total = i64::try_from(page.total_count).unwrap_or(i64::MAX);
    Node::object([("totalCount", Node::Int(total)), ("loans", loans)])
}
