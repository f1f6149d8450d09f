//! Proposals: the bank's binding offers for processes, as intermediaries see and answer them.
//!
//! A process has one open proposal at most: a newer one takes the place of the one before. Whoever
//! changes a proposal holds its process first. One that is over reads as expired at once; the sweep
//! writes it down. When a proposal is refused or expires the process stays approved, and the bank may
//! make another one.

mod answer;
mod expire;
pub(crate) mod issue;
mod list;
pub(crate) mod moves;
mod sheet;

pub use answer::{accept, cancel};
pub use expire::{ending, sweep};
use lintel_macros::boxed;
pub use list::{Filter, Line, Page, list};
pub use sheet::{bank_sheet, sheet};

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::lisbon;
use lintel_domain::proposal::ProposalStatus;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::Request;
use lintel_engine::Date;
use lintel_offer::Calculation;
use lintel_simulations::Caller;
use lintel_store::fault::Fault;
use lintel_store::process::Whose;
use lintel_store::proposal::{self as store, StoredProposal};

use crate::create::whose;
use crate::process::read_json;

/// A proposal with everything it offers.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its head, standing as it reads now.
    pub head: StoredProposal,
    /// The loan and its insurances, without borrowers and property.
    pub terms: Request,
    /// What that comes to.
    pub calculation: Calculation,
    /// What has to be met before the contract, a sentence each.
    pub conditions: Vec<String>,
}

impl Proposal {
    /// The last day it can be accepted, in Lisbon.
    #[must_use]
    pub fn last_day(&self) -> Date {
        lisbon::last_day(self.head.valid_until)
    }

    /// The last day of the time the borrowers are given to reflect, in Lisbon.
    ///
    /// # Errors
    /// When the calendar ends.
    pub fn reflection_ends(&self) -> Result<Date, Fault> {
        let days = self.calculation.bank.reflection_days;
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let day = lisbon::day_of(self.head.issued_at).add_days(days);
        day.map_err(|_| Fault::internal("the calendar ends"))
    }
}

/// How a proposal reads at an instant: one whose days are over has expired, whether or not that is
/// written down.
#[must_use]
pub fn standing(head: StoredProposal, now: Instant) -> StoredProposal {
    if head.status == ProposalStatus::Issued && head.valid_until <= now {
        return StoredProposal {
            status: ProposalStatus::Expired,
            status_at: head.valid_until,
            ..head
        };
    }
    head
}

/// The refusal of a proposal that is unknown or somebody else's.
pub(crate) fn unknown() -> AppError {
    Refusal::NotFound {
        what: Noun::Proposal,
    }
    .into()
}

/// A proposal with everything it offers.
///
/// # Errors
/// Not found for what is unknown or somebody else's, alike; any fault.
#[boxed]
pub async fn load(app: &App, whose: Whose<'_>, id: &RowId) -> Result<Proposal, AppError> {
    let head = store::find(app.db(), whose, id).await?;
    Ok(opened(app, head.ok_or_else(unknown)?).await?)
}

/// The proposals of a process, newest first. Whoever asks has found the process.
///
/// # Errors
/// Any fault.
pub(crate) async fn of_process(
    app: &App,
    org_id: &RowId,
    process: &RowId,
) -> Result<Vec<StoredProposal>, Fault> {
    let all = store::of_process(app.db(), org_id, process).await?;
    Ok(all.into_iter().map(|p| standing(p, app.now())).collect())
}

async fn opened(app: &App, head: StoredProposal) -> Result<Proposal, Fault> {
    let answer = store::answer(app.db(), &head).await?;
    Ok(Proposal {
        terms: terms_of(&head)?,
        calculation: read_json(&answer, ("proposal", "answer", &head.id))?,
        conditions: read_json(&head.conditions, ("proposal", "conditions", &head.id))?,
        head: standing(head, app.now()),
    })
}

fn terms_of(head: &StoredProposal) -> Result<Request, Fault> {
    read_json(&head.terms, ("proposal", "terms", &head.id))
}

/// A proposal of the caller's intermediary.
///
/// # Errors
/// Not found, alike, for what is unknown or another's; any fault.
#[boxed]
pub async fn one(app: &App, caller: Caller<'_>, id: &RowId) -> Result<Proposal, AppError> {
    load(app, whose(caller), id).await
}
