//! Listing the pipeline: names to row ids, one page, what was asked to go with it.

use lintel_macros::boxed;
use std::collections::HashMap;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{LoanPage, LoanQuery, LoanView, oldest_status};
use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_store::event::of_subjects;
use lintel_store::fault::Fault;
use lintel_store::loan::list::{LoanFilter, borrowers, count, page};
use lintel_store::organisation;

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;

/// One page of the loans the caller may see. A filter that names somebody or something unknown, or
/// foreign, matches nothing.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    app: &App,
    principal: &Principal,
    query: &LoanQuery,
) -> Result<LoanPage, AppError> {
    let org = &principal.org;
    let Some(filter) = resolve(app, org, query).await? else {
        return Ok(LoanPage {
            total_count: 0,
            loans: Vec::new(),
            borrowers: Vec::new(),
            views: Vec::new(),
        });
    };
    let loans = page(app.db(), &filter).await?;
    let on_page = u64::try_from(loans.len()).unwrap_or(u64::MAX);
    let is_last = on_page < u64::from(filter.limit) && (on_page > 0 || filter.offset == 0);
    // The last page knows the total without counting.
    let total_count = if is_last {
        filter.offset.saturating_add(on_page)
    } else {
        count(app.db(), &filter).await?
    };
    let ids: Vec<RowId> = loans.iter().map(|l| l.id.clone()).collect();
    let borrowers = if query.with_borrowers {
        borrowers(app.db(), org.lender_id(), &ids).await?
    } else {
        Vec::new()
    };
    let views = if query.with_views {
        load_views(app, &org.id, &ids).await?
    } else {
        Vec::new()
    };
    Ok(LoanPage {
        total_count,
        loans,
        borrowers,
        views,
    })
}

/// Turns public names into row ids; `None` when one of them is nobody, so nothing can match.
async fn resolve(
    app: &App,
    org: &Organisation,
    query: &LoanQuery,
) -> Result<Option<LoanFilter>, Fault> {
    let mut officers = Vec::new();
    for public_id in [&query.participant_id, &query.officer_id]
        .into_iter()
        .flatten()
    {
        match organisation::load_staff(app.db(), public_id).await? {
            Some(person) => officers.push(person.id),
            None => return Ok(None),
        }
    }
    if let Some(los_id) = &query.officer_los_id {
        match organisation::load_staff_by_los_id(app.db(), &org.id, los_id).await? {
            Some(person) => officers.push(person.id),
            None => return Ok(None),
        }
    }
    if let Some(lender) = &query.wholesale_lender {
        let named = organisation::load(app.db(), lender).await?;
        if named.is_none_or(|l| l.id != *org.lender_id()) {
            return Ok(None);
        }
    }
    let now = app.now();
    Ok(Some(LoanFilter {
        scope: org.loan_scope(),
        lender_id: org.lender_id().clone(),
        is_active: query.is_active,
        created_from: query.created_from,
        created_before: query.created_before,
        officers,
        participant_email_folded: query.participant_email.as_deref().map(fold_email),
        ended: query
            .ended
            .iter()
            .map(|(end, days)| (*end, oldest_status(now, *days)))
            .collect(),
        property_state: query.property_state.clone(),
        modified_from: query.modified_from,
        newest_first: query.newest_first,
        limit: query.limit,
        offset: query.offset,
    }))
}

async fn load_views(app: &App, org_id: &RowId, loans: &[RowId]) -> Result<Vec<LoanView>, Fault> {
    let events = of_subjects(app.db(), org_id, EventKind::LoanViewed, loans).await?;
    named(app, events.into_iter()).await
}

/// Views name the viewer by id only: names are personal data and have no place in the audit log.
pub(super) async fn named(
    app: &App,
    events: impl Iterator<Item = (RowId, Instant, String)>,
) -> Result<Vec<LoanView>, Fault> {
    let mut names: HashMap<PublicId, String> = HashMap::new();
    let mut views = Vec::new();
    for (loan_id, at, body) in events {
        let user_id =
            viewer(&body).ok_or_else(|| Fault::corrupt("event", "body", loan_id.as_str()))?;
        if !names.contains_key(&user_id) {
            let person = organisation::load_staff(app.db(), &user_id).await?;
            let name =
                person.map_or_else(String::new, |p| format!("{} {}", p.first_name, p.last_name));
            names.insert(user_id.clone(), name);
        }
        views.push(LoanView {
            name: names.get(&user_id).cloned().unwrap_or_default(),
            user_id,
            at,
            loan_id,
        });
    }
    Ok(views)
}

/// Who viewed, as the event's body says.
fn viewer(body: &str) -> Option<PublicId> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    PublicId::parse(body.get("userID")?.as_str()?)
}
