//! The property of a process.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::process::{ProcessCommand, ProcessSide, PropertyFacts};
use lintel_domain::refusal::Noun;
use lintel_macros::boxed;
use lintel_simulations::Caller;

use crate::borrower::require_asked;
use crate::check;
use crate::create::whose;
use crate::edit::{Change, edit, expect, refuse};
use crate::process::{Property, load, unknown_part};
use crate::transition::require;

/// The property of a process of the caller's.
///
/// # Errors
/// Not found; any fault.
#[boxed]
pub async fn one(app: &App, caller: Caller<'_>, process: &RowId) -> Result<Property, AppError> {
    Ok(load(app, whose(caller), process).await?.property)
}

/// Changes what is known of the property. While the bank waits for information, only when it asks in
/// words about nobody in particular.
///
/// # Errors
/// Not found for process and property alike; the state; stale when `expected` names other revisions;
/// every finding; any fault.
#[boxed]
pub async fn change(
    app: &App,
    caller: Caller<'_>,
    (process, id): (&RowId, &RowId),
    expected: Option<&[i64]>,
    edit_facts: &(dyn Fn(&PropertyFacts) -> (PropertyFacts, Vec<Finding>) + Sync),
) -> Result<Property, AppError> {
    let before = one(app, caller, process).await?;
    if before.id != *id {
        return Err(unknown_part(Noun::ProcessProperty));
    }
    let (likely, _) = edit_facts(&before.facts);
    let places = check::places(app, likely.parish).await?;
    let after = edit(app, caller, process, &|process| {
        expect(Noun::ProcessProperty, expected, process.property.revision)?;
        require(
            process.head.status,
            ProcessCommand::EditFacts,
            ProcessSide::Partner,
        )?;
        require_asked(process, None)?;
        let (facts, mut findings) = edit_facts(&process.property.facts);
        check::property(app, &facts, &places, &mut findings);
        refuse(check::sorted(findings))?;
        Ok(Change::Property(facts))
    })
    .await?;
    Ok(after.property)
}
