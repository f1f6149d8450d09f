//! Loans: arriving as documents, listed as a pipeline.

mod arrival;
mod caller;
mod create;
mod crm;
mod draft;
mod export;
mod full;
mod give;
mod history;
mod invite;
mod list;
pub(crate) mod officer;
mod read;
pub mod status;
pub mod wording;

pub use caller::{LoanCaller, find, lock_in, note_in, touch_in};
pub(crate) use create::check_los_loan_id;
pub use create::{Arrival, Created, NewLoan, create};
pub use crm::name;
pub use export::record_export;
pub use full::{FullLoan, full};
pub use give::{export, validate};
pub use history::{DoneBy, LoanEvent, Names};
pub use lintel_domain::application::Application;
use lintel_macros::boxed;
pub use lintel_mismo::{Validation, Written};
pub use lintel_store::loan::read::LoanHead;
pub use list::list;
pub use read::{LoanRecord, read};

use lintel_domain::id::RowId;
use lintel_store::fault::Fault;
use lintel_store::loan::write::{load_application, load_source};

use crate::context::App;
use crate::keys::Purpose;

/// Opens the stored application of a loan; `None` when there is no such loan.
///
/// # Errors
/// Any fault of the database or the key ring; a stored application this version cannot read.
#[boxed]
pub async fn application(
    app: &App,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Option<Application>, Fault> {
    let Some(sealed) = load_application(app.db(), lender_id, loan_id).await? else {
        return Ok(None);
    };
    let plain = app
        .keys()
        .unseal(Purpose::LoanApplication, loan_id.as_str(), &sealed)?;
    // The parser's message may quote what it read: it is left out.
    serde_json::from_slice(&plain)
        .map(Some)
        .map_err(|_| Fault::corrupt("loan_application", "application_sealed", loan_id.as_str()))
}

/// Opens the application of a loan that is there.
async fn opened(app: &App, head: &LoanHead) -> Result<Application, Fault> {
    let id = &head.line.id;
    let found = application(app, &head.lender_id, id).await?;
    found.ok_or_else(|| Fault::corrupt("loan_application", "loan_id", id.as_str()))
}

/// Opens the newest document of a loan; `None` when there is no such loan.
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn document(
    app: &App,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Option<Vec<u8>>, Fault> {
    let Some((sealed, _findings)) = load_source(app.db(), lender_id, loan_id).await? else {
        return Ok(None);
    };
    app.keys()
        .unseal(Purpose::LoanDocument, loan_id.as_str(), &sealed)
        .map(Some)
}
