//! An intermediary's processes, newest first.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::process::ProcessStatus;
use lintel_domain::simulation::Request;
use lintel_engine::Date;
use lintel_macros::boxed;
use lintel_simulations::{Caller, search};
use lintel_store::process::{self as store, ListFilter, StoredProcess};
use lintel_store::stretch::Step;

use crate::create::whose;
use crate::edit::refuse;
use crate::process::{Borrower, open_borrower, terms_of};

/// What is looked for, and where the page begins.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In a borrower's name, as a NIF, or in the branch's name.
    pub text: Option<String>,
    /// Standing so since this day or later.
    pub from: Option<Date>,
    /// Standing so since this day or earlier.
    pub to: Option<Date>,
    /// Standing so.
    pub status: Option<ProcessStatus>,
    /// Rows, 1 to 100.
    pub lines: u32,
    /// Rows behind this one: older ones.
    pub next: Option<RowId>,
    /// Rows before this one: newer ones.
    pub previous: Option<RowId>,
}

/// A process as lists show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its head.
    pub head: StoredProcess,
    /// What is asked.
    pub terms: Request,
    /// The key borrower.
    pub key_borrower: Option<Borrower>,
}

/// A page of processes.
#[derive(Debug, Clone)]
pub struct Page {
    /// The processes, newest first.
    pub lines: Vec<Line>,
    /// How many the filter finds.
    pub total: u64,
    /// Whether there are more in the direction that was walked.
    pub has_more: bool,
}

/// A page of the caller's processes.
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
    let text = filter.text.as_deref();
    let like = text.map(search::pattern).filter(|like| !like.is_empty());
    let hash = text.map(|text| search::nif_hash(app, text)).transpose()?;
    // No borrower has a hash of no bytes.
    let hash = hash.flatten().unwrap_or_default();
    let stored = ListFilter {
        org_id: &caller.partner.org_id,
        intermediary_id: &caller.partner.intermediary_id,
        status: filter.status,
        status_from: filter.from.map(lisbon::start_of),
        status_before: filter.to.map(lisbon::end_of),
        text: like.as_deref().map(|like| (like, hash.as_slice())),
    };
    let step = Step::of(filter.next.as_ref(), filter.previous.as_ref());
    let found = store::list(app.db(), &stored, step, filter.lines.clamp(1, 100)).await?;
    let mut lines = Vec::with_capacity(found.rows.len());
    for head in found.rows {
        lines.push(line_of(app, head).await?);
    }
    let total = store::count(app.db(), &stored).await?;
    Ok(Page {
        lines,
        total,
        has_more: found.has_more,
    })
}

async fn line_of(app: &App, head: StoredProcess) -> Result<Line, AppError> {
    let borrowers = store::borrowers(app.db(), &head.org_id, &head.id).await?;
    let key = borrowers.into_iter().find(|borrower| borrower.is_key);
    Ok(Line {
        terms: terms_of(&head)?,
        key_borrower: key.map(|stored| open_borrower(app, stored)).transpose()?,
        head,
    })
}
