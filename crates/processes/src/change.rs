//! Other terms for the loan of a process in creation.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::process::{ProcessCommand, ProcessSide};
use lintel_domain::refusal::Noun;
use lintel_domain::simulation::Request;
use lintel_macros::boxed;
use lintel_simulations::Caller;

use crate::edit::{Change, edit, expect};
use crate::process::Process;
use crate::transition::require;

/// Changes the terms of a process of the caller's that is in creation, and works it out anew with
/// today's offer and index values. That renews the days it stands for, also when nothing else changes.
///
/// # Errors
/// Not found; its state; stale when `expected` names other revisions; every finding about the terms; any
/// fault.
#[boxed]
pub async fn change(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    expected: Option<&[i64]>,
    edit_terms: &(dyn Fn(&Request) -> (Request, Vec<Finding>) + Sync),
) -> Result<Process, AppError> {
    edit(app, caller, id, &|process| {
        expect(Noun::Process, expected, process.head.revision)?;
        require(
            process.head.status,
            ProcessCommand::Change,
            ProcessSide::Partner,
        )?;
        let (terms, found) = edit_terms(&process.terms);
        Ok(Change::Terms(terms, found))
    })
    .await
}
