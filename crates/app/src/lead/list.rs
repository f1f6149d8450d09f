//! The list of leads, as staff look at it.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::lead::{LeadBorrower, PricedLoan};
use lintel_domain::organisation::Organisation;
use lintel_domain::signup::SignupFacts;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::lead::{self, LeadRow};

use super::{borrower_of, facts_of, loan_of};
use crate::context::App;
use crate::error::AppError;

/// Most leads of a page: each is unsealed.
const PAGE_MAX: u32 = 200;

/// A lead of the list.
#[derive(Debug, Clone)]
pub struct LeadLine {
    /// The id partners see.
    pub uid: PublicId,
    /// Whose lead.
    pub org_id: RowId,
    /// Name of that organisation.
    pub org_name: String,
    /// Row id of the officer.
    pub officer: Option<RowId>,
    /// The officer's name.
    pub officer_name: Option<String>,
    /// When it came.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When somebody signed up.
    pub signed_up_at: Option<Instant>,
    /// Who it is.
    pub borrower: LeadBorrower,
    /// The loan last asked for.
    pub loan: Option<PricedLoan>,
    /// What was said on the sign-up page.
    pub facts: Option<SignupFacts>,
}

impl LeadLine {
    pub(crate) fn open(app: &App, row: LeadRow) -> Result<Self, Fault> {
        let LeadRow {
            lead,
            org_name,
            officer_name,
        } = row;
        Ok(Self {
            borrower: borrower_of(app, &lead)?,
            loan: loan_of(app, &lead)?,
            facts: facts_of(app, &lead)?,
            officer_name: officer_name.map(|(first, last)| format!("{first} {last}")),
            org_name,
            uid: lead.uid,
            org_id: lead.org_id,
            officer: lead.officer_id,
            created_at: lead.created_at,
            updated_at: lead.updated_at,
            signed_up_at: lead.signup.map(|signup| signup.at),
        })
    }
}

/// A page of leads.
#[derive(Debug, Clone)]
pub struct LeadPage {
    /// How many there are on all pages.
    pub total: u64,
    /// Those of this page, newest first.
    pub lines: Vec<LeadLine>,
}

/// Lists an organisation's leads and its brokers', newest first; with an officer, only that officer's.
/// Leads that came with the wish not to be shown are left out until they sign up. At most 200 at a
/// time.
///
/// # Errors
/// Any fault of the database; a lead that cannot be read.
#[boxed]
pub async fn list(
    app: &App,
    org: &Organisation,
    officer: Option<&RowId>,
    limit: u32,
    offset: u32,
) -> Result<LeadPage, AppError> {
    let total = lead::count(app.db(), &org.id, officer).await?;
    let limit = limit.min(PAGE_MAX);
    let rows = lead::list(app.db(), &org.id, officer, limit, offset).await?;
    let lines: Result<Vec<LeadLine>, Fault> = rows
        .into_iter()
        .map(|row| LeadLine::open(app, row))
        .collect();
    Ok(LeadPage {
        total,
        lines: lines?,
    })
}
