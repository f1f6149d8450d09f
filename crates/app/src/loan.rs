//! Loans: arriving as documents, listed as a pipeline.

mod create;
mod draft;
mod export;
mod list;
mod read;

pub use create::{Arrival, Created, NewLoan, create};
pub use export::record_export;
pub use lintel_domain::application::Application;
pub use lintel_store::loan::read::LoanHead;
pub use list::list;
pub use read::{DoneBy, LoanEvent, LoanRecord, read};

use lintel_domain::id::RowId;
use lintel_store::fault::Fault;
use lintel_store::loan::write::{load_application, load_source};

use crate::context::App;
use crate::keys::Purpose;

/// Opens the stored application of a loan; `None` when there is no such loan.
///
/// # Errors
/// Any fault of the database or the key ring; a stored application this version cannot read.
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

/// Opens the newest document of a loan; `None` when there is no such loan.
///
/// # Errors
/// Any fault of the database or the key ring.
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
