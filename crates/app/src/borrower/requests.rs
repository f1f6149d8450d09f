//! What a borrower asked for.

use lintel_domain::organisation::Organisation;
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::{lead, organisation, staff};

use super::SignedInBorrower;
use crate::context::App;
use crate::lead::LeadLine;

/// Most requests shown.
const MOST: u32 = 50;

/// A request of a borrower.
#[derive(Debug)]
pub struct Request {
    /// What was asked for.
    pub lead: LeadLine,
    /// Whom.
    pub org: Organisation,
    /// Who answers, when somebody does.
    pub officer: Option<Person>,
}

/// Lists what a borrower asked for at active organisations, newest first, fifty at most.
///
/// # Errors
/// Any fault of the database; a request that cannot be read.
#[boxed]
pub async fn requests(app: &App, who: &SignedInBorrower) -> Result<Vec<Request>, Fault> {
    let rows = lead::of_account(app.db(), &who.lender.id, &who.id, MOST).await?;
    let mut requests = Vec::with_capacity(rows.len());
    for row in rows {
        let org = organisation::load_by_id(app.db(), &row.lead.org_id).await?;
        let org = org.ok_or_else(|| Fault::corrupt("lead", "org_id", row.lead.id.as_str()))?;
        let lead = LeadLine::open(app, row)?;
        let mut officer = None;
        for org_id in [&org.id, &who.lender.id] {
            if let (Some(id), None) = (&lead.officer, &officer) {
                officer = staff::load_by_id(app.db(), org_id, id).await?;
            }
        }
        requests.push(Request {
            officer: officer.filter(|officer: &Person| officer.is_active),
            lead,
            org,
        });
    }
    Ok(requests)
}
