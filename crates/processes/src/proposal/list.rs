//! An intermediary's proposals, newest first.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::proposal::ProposalStatus;
use lintel_domain::simulation::Request;
use lintel_engine::Date;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_store::proposal::{self as store, ListFilter, StoredProposal};
use lintel_store::stretch::Step;

use super::{standing, terms_of};
use crate::create::whose;
use crate::edit::refuse;

/// What is looked for, and where the page begins.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Standing so.
    pub status: Option<ProposalStatus>,
    /// Standing so since this day or later.
    pub from: Option<Date>,
    /// Standing so since this day or earlier.
    pub to: Option<Date>,
    /// Rows, 1 to 100.
    pub lines: u32,
    /// Rows behind this one: older ones.
    pub next: Option<RowId>,
    /// Rows before this one: newer ones.
    pub previous: Option<RowId>,
}

/// A proposal as lists show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its head, standing as it reads now.
    pub head: StoredProposal,
    /// What it offers.
    pub terms: Request,
}

/// A page of proposals.
#[derive(Debug, Clone)]
pub struct Page {
    /// The proposals, newest first.
    pub lines: Vec<Line>,
    /// How many the filter finds.
    pub total: u64,
    /// Whether there are more in the direction that was walked.
    pub has_more: bool,
}

/// A page of the caller's proposals.
///
/// # Errors
/// A cursor that is none of the caller's, and days the wrong way round; any fault.
#[boxed]
pub async fn list(app: &App, caller: Caller<'_>, filter: &Filter) -> Result<Page, AppError> {
    let mut found = Vec::new();
    for (cursor, field) in [
        (&filter.next, CreditField::NextRecord),
        (&filter.previous, CreditField::PreviousRecord),
    ] {
        if let Some(id) = cursor
            && store::find(app.db(), whose(caller), id).await?.is_none()
        {
            found.push(Finding::new(field, CreditRule::Unknown));
        }
    }
    let days = filter.from.zip(filter.to);
    if days.is_some_and(|(from, to)| to < from) {
        found.push(Finding::new(CreditField::FilterTo, CreditRule::Conflict));
    }
    refuse(found)?;
    let now = app.now();
    let stored = ListFilter {
        org_id: &caller.partner.org_id,
        intermediary_id: &caller.partner.intermediary_id,
        status: filter.status,
        status_from: filter.from.map(lisbon::start_of),
        status_before: filter.to.map(lisbon::end_of),
        process_id: None,
        now,
    };
    let step = Step::of(filter.next.as_ref(), filter.previous.as_ref());
    let found = store::list(app.db(), &stored, step, filter.lines.clamp(1, 100)).await?;
    let line = |head: StoredProposal| {
        Ok(Line {
            terms: terms_of(&head)?,
            head: standing(head, now),
        })
    };
    let lines: Result<Vec<Line>, AppError> = found.rows.into_iter().map(line).collect();
    Ok(Page {
        lines: lines?,
        total: store::count(app.db(), &stored).await?,
        has_more: found.has_more,
    })
}
