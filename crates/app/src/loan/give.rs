//! MISMO documents that are not taken in: a loan given out as one, and one that is only looked at.

use lintel_domain::event::EventKind;
use lintel_domain::id::{DAY_SECONDS, Instant, PublicId};
use lintel_domain::permission::Permission;
use lintel_macros::boxed;
use lintel_mismo::{Carried, Limits, Validation, WriteFacts, Written};
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;
use serde_json::json;

use super::caller::{LoanCaller, find, note_in};
use super::{document, opened};
use crate::context::App;
use crate::error::AppError;
use crate::quote::day_of;

/// How the document names this system.
const SYSTEM_NAME: &str = "Lintel";

/// Writes a loan as a MISMO 3.4 document, and notes that it was given out. Everything the document it
/// came from says is in it, also what the application has no place for: the source is read again, so
/// that what is typed and what is carried come from one reading. A source this version cannot read any
/// more leaves the application as it was stored.
///
/// # Errors
/// Not permitted for a person whose roles do not allow taking loans out; not found, alike, for what is
/// unknown, foreign or somebody else's; any fault of the database or the key ring; busy when no
/// processor becomes free in time.
#[boxed]
pub async fn export(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<Written, AppError> {
    caller.require(Permission::ExportLoans)?;
    let head = find(app, caller, id).await?;
    let source = document(app, &head.lender_id, &head.line.id).await?;
    let source = source.unwrap_or_default();
    let created = utc(app.now())?;
    let read = move || lintel_mismo::read(&source, &Limits::default());
    let read = app.heavy("reading a loan document", read).await?;
    let (application, carried) = match read {
        Ok(import) => (import.application, import.carried),
        Err(_) => (opened(app, &head).await?, Carried::default()),
    };
    let write = move || {
        let facts = WriteFacts {
            created: &created,
            system_name: SYSTEM_NAME,
            system_vendor_id: None,
            system_version: Some(env!("CARGO_PKG_VERSION")),
        };
        lintel_mismo::write(&application, &carried, &facts)
    };
    let written = app.heavy("writing a loan document", write).await?;
    // Before it is handed over: who breaks the answer off has read what came until then.
    note(app, caller, &head, written.xml.len()).await?;
    Ok(written)
}

/// Looks at a document as [`super::create`] would, and says everything that was found. Nothing is
/// stored.
///
/// # Errors
/// Busy when no processor becomes free in time.
#[boxed]
pub async fn validate(app: &App, document: Vec<u8>) -> Result<Validation, AppError> {
    let look = move || lintel_mismo::validate(&document, &Limits::default());
    Ok(app.heavy("looking at a loan document", look).await?)
}

async fn note(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    bytes: usize,
) -> Result<(), Fault> {
    let mut tx = app.db().begin().await?;
    let body = json!({ "bytes": bytes });
    let what = (EventKind::LoanGiven, app.now());
    note_in(app, &mut tx, caller, head, what, &body).await?;
    tx.commit().await
}

/// An instant as ISO 8601 has it, to the second.
fn utc(at: Instant) -> Result<String, Fault> {
    let day = day_of(at)?;
    let of_day = at.seconds().rem_euclid(DAY_SECONDS);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    Ok(format!("{day}T{hour:02}:{minute:02}:{second:02}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_as_the_standard_has_them() {
        let noon = Instant::from_seconds(1_780_315_200);
        assert_eq!(utc(noon).expect("a day"), "2026-06-01T12:00:00Z");
        let last = Instant::from_seconds(1_780_271_999);
        assert_eq!(utc(last).expect("a day"), "2026-05-31T23:59:59Z");
    }
}
